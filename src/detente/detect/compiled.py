"""The kernels' compiler: numba, on as many threads as there are cores, with what it compiled kept on disk.

A kernel holds no lock while it runs, so threads share the work. Compiled code is kept beside the source, or where that cannot be
written in the user's cache folder (`NUMBA_CACHE_DIR` names another); where nothing can be written it is compiled anew in each process.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar, cast

try:
    import numba
except ImportError:
    numba = None  # type: ignore[assignment]

P = ParamSpec("P")
T = TypeVar("T")


class MissingTracks(ImportError):  # noqa: N818 - what is missing, as the message says
    """Tracks were to be measured, and what compiles the kernels is not installed."""

    def __init__(self) -> None:
        super().__init__('measuring tracks needs numba, which is not installed; install it: pip install "detente[tracks]"')


def kernel(function: Callable[P, T]) -> Callable[P, T]:
    """The function, compiled at its first call. Without numba, a call raises `MissingTracks`."""
    if numba is None:

        @functools.wraps(function)
        def missing(*_: P.args, **__: P.kwargs) -> T:
            raise MissingTracks

        return missing
    try:
        return cast("Callable[P, T]", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # no folder can be written
        return cast("Callable[P, T]", numba.njit(nogil=True, error_model="numpy")(function))


def threads() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_all_cores(work: Callable[..., T], shares: Iterable[tuple[Any, ...]]) -> list[T]:
    """`work` of every share, in order of the shares; kernels among them run side by side."""
    shares = list(shares)
    if len(shares) <= 1:
        return [work(*share) for share in shares]
    with ThreadPoolExecutor(threads()) as pool:
        return list(pool.map(lambda share: work(*share), shares))
