"""What changes in meaning between drafts: matched rules, changes with witnesses, parity, and three drafts at once.

Two rules mean the same if their *sense* is equal (`agreement/sense.py`); where it differs the judge is asked, on small event tables made of
the boundary values of both (`region.py`, `values.py`, `acts.py`, `tables.py`, `standing.py`, `witnesses.py`). Nothing is called a change that no verdict shows.
Reading order: `comparison.py` (what is answered), `matching.py`, `aspects.py`, `region.py`, `values.py`, `spots.py`, `trial.py`,
`ground.py`, `acts.py`, `standing.py`, `tables.py`, `witnesses.py`, `parity.py`, `compare.py`, `threeway.py`.
"""

from __future__ import annotations

from detente.negotiate.compare import compare
from detente.negotiate.comparison import Comparison
from detente.negotiate.threeway import ThreeWay, three_way

__all__ = ["Comparison", "ThreeWay", "compare", "three_way"]
