"""A `detente` for the pages' commands that starts in milliseconds: each run is forked from a process that has imported everything.

`Warm` starts that process and writes a small program `detente` into a folder for
the PATH. The program hands its arguments, folder, environment and streams over a
socket, and ends as the run ends. The run is a process of its own, as without it.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import pkgutil
import signal
import socket
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from warmup import warm_up

PROGRAM = """#!{python} -SE
import json, os, socket, sys
asked = socket.socket(socket.AF_UNIX)
asked.connect({address!r})
words = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(asked, [len(words).to_bytes(4, "big")], [0, 1, 2])
asked.sendall(words)
ended = asked.recv(1)
sys.exit(ended[0] if ended else 70)
"""


class Warm:
    """The folder with the program, for as long as the context lasts. `rooms` are what is imported beforehand, all of them by default: a small process forks sooner."""

    def __init__(self, *rooms: str) -> None:
        self._rooms = rooms

    def __enter__(self) -> Path:
        self._folder = tempfile.TemporaryDirectory(prefix="detente-warm-")
        folder = Path(self._folder.name)
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(folder / "socket"))
        listening.listen(16)
        # A process that imports for itself: this one may hold threads, which do not survive a fork.
        self._server = get_context("spawn").Process(target=_serve, args=(listening, self._rooms), daemon=False)
        self._server.start()
        listening.close()
        (folder / "bin").mkdir()
        program = folder / "bin" / "detente"
        program.write_text(PROGRAM.format(python=sys.executable, address=str(folder / "socket")), encoding="utf-8")
        program.chmod(0o755)
        return folder / "bin"

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.terminate()
        self._server.join()
        self._folder.cleanup()


def _serve(listening: socket.socket, rooms: tuple[str, ...]) -> None:
    """Answer until terminated."""
    import detente

    for module in pkgutil.walk_packages(detente.__path__, "detente."):
        if not module.name.endswith("__main__") and (not rooms or module.name.split(".")[1] in rooms):
            importlib.import_module(module.name)
    if not rooms:
        warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that answer
    while True:
        asked, _ = listening.accept()
        size, streams, _, _ = socket.recv_fds(asked, 4, 3)
        words = b""
        while len(words) < int.from_bytes(size, "big"):
            words += asked.recv(1 << 20)
        if not os.fork():
            listening.close()
            _answer(asked, words, streams)
        asked.close()
        for stream in streams:
            os.close(stream)


def _answer(asked: socket.socket, words: bytes, streams: list[int]) -> NoReturn:
    """Let one more process be the program; wait for its end and pass the exit code on."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if not child:
        asked.close()
        _become(*json.loads(words), streams)
    try:
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        asked.sendall(bytes([code if code >= 0 else 128 - code]))
    finally:
        os._exit(0)


def _become(arguments: list[str], folder: str, environment: dict[str, str], streams: list[int]) -> NoReturn:
    """Be the program, as if it had just been started."""
    code = 70
    try:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        sys.stdin, sys.stdout, sys.stderr = (
            io.TextIOWrapper(io.FileIO(n, "rwwb"[n : n + 1]), "utf-8", write_through=n == 2) for n in range(3)
        )
        sys.argv = ["detente", *arguments]
        code = _exit_code()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _exit_code() -> int:
    from detente.__main__ import main

    try:
        main()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
    return 0
