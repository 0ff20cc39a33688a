"""Named steps at which a test can kill the process, to see that nothing is lost or doubled."""

from __future__ import annotations

import os
import signal

VARIABLE = "DETENTE_FAILPOINT"
_passed: dict[str, int] = {}


def reach(name: str) -> None:
    """Die by SIGKILL if `DETENTE_FAILPOINT` is `name:n` and this is the n-th time (from 1) that the step is reached; else do nothing."""
    asked, _, count = os.environ.get(VARIABLE, "").partition(":")
    if asked != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] == int(count or "1"):
        os.kill(os.getpid(), signal.SIGKILL)
