"""The kinds of arrays of whole numbers that grids are kept in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Marks = NDArray[np.bool_]
Shapes = NDArray[np.object_]
