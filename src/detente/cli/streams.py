"""Where words go: results to stdout or a file, problems to stderr, and what comes in through `-`."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from detente.model.problem import Problem, visible

BREACHED = 1
NOT_ASKED = 2
_MOST_PROBLEMS = 1000
_LARGEST_INPUT = 256 * 1024 * 1024


def refusal(*problems: Problem) -> typer.Exit:
    """Say why the question cannot be asked; raise what comes back to end with 2."""
    show_problems(problems)
    return typer.Exit(NOT_ASKED)


def show_problems(problems: Sequence[Problem]) -> None:
    """Every problem on stderr; beyond a thousand, how many of each code are left."""
    for problem in problems[:_MOST_PROBLEMS]:
        say(str(problem))
    rest = Counter(problem.code for problem in problems[_MOST_PROBLEMS:])
    if rest:
        say(f"... and {rest.total():,} more: " + ", ".join(f"{code} {n:,}" for code, n in rest.most_common()))


def say(text: str) -> None:
    """One message on stderr."""
    sys.stderr.write(visible(text) + "\n")


@contextlib.contextmanager
def answerable() -> Iterator[None]:
    """Turn what stops a question into its problems and exit code 2."""
    from detente.workbench import NotAskable

    try:
        yield
    except NotAskable as stop:
        raise refusal(*stop.problems) from None
    except (OSError, UnicodeError) as error:
        raise refusal(_of_system(error)) from None
    except MemoryError:
        raise refusal(Problem("out-of-memory", "the question needs more memory than there is")) from None


def _of_system(error: OSError | UnicodeError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem("missing-file", f"{error.filename} does not exist")
    if isinstance(error, OSError):
        return Problem("unreadable-file", f"{error.filename or 'a file'}: {error.strerror or error}")
    return Problem("wrong-encoding", "a file or name is not UTF-8")


def write(result: str | bytes, output: Path | None) -> None:
    """A result to stdout, or to a file that appears whole or not at all."""
    data = result.encode("utf-8", errors="backslashreplace") if isinstance(result, str) else result
    if output is None or str(output) == "-":
        _to_stdout(result)
        return
    try:
        _to_file(data, output)
    except OSError as error:
        raise refusal(Problem("unwritable-file", f"{output}: {error.strerror or error}")) from None


def _to_stdout(result: str | bytes) -> None:
    """To stdout; a reader who has left (`| head`) changes neither the messages nor the exit code."""
    try:
        if isinstance(result, bytes):
            sys.stdout.flush()
            sys.stdout.buffer.write(result)
        else:
            sys.stdout.write(result)
        sys.stdout.flush()
    except BrokenPipeError:
        close_stdout()


def close_stdout() -> None:
    """Let what is left for stdout vanish; Python would complain once more on closing a broken pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _to_file(data: bytes, output: Path) -> None:
    """Write beside the target and rename, so that nobody reads half of it."""
    if not output.exists() or output.is_file():
        mode = (output.stat().st_mode & 0o777) if output.exists() else 0o666 & ~_umask()
        target = output.resolve()
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(mode)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    else:
        # A folder refuses by itself; a device or a named pipe cannot be replaced.
        output.write_bytes(data)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


@contextlib.contextmanager
def spooled(path: str, suffix: str) -> Iterator[Path]:
    """The path itself, or for `-` a temporary file that holds stdin."""
    if path != "-":
        yield Path(path)
        return
    with tempfile.TemporaryDirectory(prefix="detente-") as folder:
        spool = Path(folder) / f"stdin{suffix}"
        data = sys.stdin.buffer.read(_LARGEST_INPUT + 1)
        if len(data) > _LARGEST_INPUT:
            raise refusal(Problem("too-large", f"stdin holds more than {_LARGEST_INPUT // 2**20} MiB"))
        spool.write_bytes(data)
        yield spool


def is_plain(ascii_wanted: bool) -> bool:
    """Whether to keep to ASCII marks: asked for, or stdout cannot show others."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
    return ascii_wanted or not encoding.startswith("utf")


def wants_colour() -> bool:
    """Colour only on a terminal that has not declined it. Source: no-color.org."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_width(asked: int | None, otherwise: int = 100) -> int:
    """The width asked for, else the terminal's, else `otherwise` where stdout is none."""
    if asked is not None:
        return asked
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else otherwise
