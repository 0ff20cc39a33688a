"""Runs the program again and again, each time in a process of its own that is forked from one that has imported everything.

A request is a line of JSON on stdin, the answer one on stdout. So a run has its own
time limit and its own figures, and starts in milliseconds.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import detente.cli.app
import detente.report.csv
import detente.report.json
import detente.report.junit
import detente.report.matrix
import detente.workbench  # noqa: F401  imported for the children
from detente.__main__ import main

sys.path.insert(0, str(Path(__file__).parents[1]))
from warmup import warm_up


def serve() -> None:
    """Answer requests until stdin ends."""
    warm_up()
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _become(request)
        sys.stdout.write(json.dumps(_watched(child, request["seconds"])) + "\n")
        sys.stdout.flush()


def _watched(child: int, seconds: float) -> dict[str, Any]:
    """How the child ended; one that takes too long is stopped."""
    deadline = time.monotonic() + seconds
    hung = False
    while True:
        ended, status, usage = os.wait4(child, os.WNOHANG)
        if ended:
            return {
                "code": os.waitstatus_to_exitcode(status),
                "hung": hung,
                "mb": usage.ru_maxrss // 1024,
                "cpu": usage.ru_utime + usage.ru_stime,
            }
        if time.monotonic() > deadline and not hung:
            os.kill(child, signal.SIGKILL)
            hung = True
        time.sleep(0.002)


def _become(request: dict[str, Any]) -> NoReturn:
    """Be the program, as if it had just been started with these arguments, files and limits."""
    code = 70
    try:
        os.chdir(request["folder"])
        for number, name in enumerate(("stdin", "stdout", "stderr")):
            flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            os.dup2(os.open(request[name], flags, 0o644), number)
        sys.stdin, sys.stdout, sys.stderr = (
            io.TextIOWrapper(io.FileIO(n, "rwwb"[n : n + 1]), "utf-8", write_through=n == 2) for n in range(3)
        )
        os.environ.update(NO_COLOR="1", COLUMNS="100")
        if request["megabytes"]:
            resource.setrlimit(resource.RLIMIT_AS, (request["megabytes"] << 20,) * 2)
        sys.argv = ["detente", *request["args"]]
        if request["nobody"]:
            _give_up_rights()
        code = _exit_code()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _exit_code() -> int:
    try:
        main()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
    return 0


def _give_up_rights() -> None:
    """Be nobody. The program runs once before, since nobody may not read what it imports."""
    streams = sys.stdout, sys.stderr
    with open(os.devnull, "w") as sys.stdout, open(os.devnull, "w") as sys.stderr:  # noqa: PTH123
        _exit_code()
    sys.stdout, sys.stderr = streams
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)


if __name__ == "__main__":
    serve()
