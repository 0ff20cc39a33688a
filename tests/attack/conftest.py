"""A folder that judges well, and a way to run the program on what was done to it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PATIENCE_S = 120
"""On a busy machine; what takes longer hangs. No run here needs more than a few seconds of its own."""

MOST_MB = 1500
"""No run may need more memory, however large or odd its input."""

AGREEMENT = """# Attacked

```rule
agreement: parties Arland, Borland.
```

## Article 40

```rule
rule 40 "Prior notification":
    each Party that conducts an exercise X where X.troops is at least 9000
    shall notify X to every other Party at least 42 days before X.start.
```
"""

SOURCES = """id,name,kind,speaks_for
arland-mod,Ministry of Arland,party,Arland
borland-mfa,Office of Borland,party,Borland
mission,The Mission,monitor,
"""

EXERCISE_HEAD = "id,source,says,event,said_at,published_at,party,troops,start"
EXERCISE = f"""{EXERCISE_HEAD}
A-1,arland-mod,asserts,West-26,2026-01-02,2026-01-02,Arland,9400,2026-02-20
"""
NOTIFICATION = """id,source,says,event,said_at,published_at,party,recipient,about,received
A-2,arland-mod,asserts,N-1,2026-01-08,2026-01-08,Arland,Borland,West-26,2026-01-07
B-1,borland-mfa,denies,,2026-03-01,2026-03-01,Arland,Borland,West-26,<2026-01-15
"""

BAD = [c for c in map(chr, range(0x110000)) if (c < " " and c != "\n") or "\x7f" <= c < "\xa0"] + list(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
)
"""Characters that steer a terminal or the direction of writing; none may reach one."""


@dataclass(frozen=True)
class Ran:
    """How one run ended, and what it took."""

    code: int
    out: str
    err: str
    megabytes: int
    cpu_s: float

    @property
    def said(self) -> str:
        return self.out + self.err

    def tells(self, code: str, place: str = "", line: int | None = None) -> bool:
        """Whether stderr names the problem, at the end of a path and on a line where they are given."""
        where = rf"[^\n]*{re.escape(place)}:{line or '[0-9]+'}:[0-9]+: (?:warning: )?" if place else "(?:[^\n]*: )?"
        return re.search(rf"^{where}{re.escape(code)}: ", self.err, re.MULTILINE) is not None


def assert_calm(ran: Ran) -> None:
    """An exit code of the program's own; no traceback, no apology, nothing that steers a terminal; bounded memory."""
    assert "Traceback" not in ran.said, ran.said[-2000:]
    assert "unexpected-error" not in ran.said, ran.said[-2000:]
    assert ran.code in (0, 1, 2), (ran.code, ran.err[-2000:])
    raw = [hex(ord(c)) for c in BAD if c in ran.said]
    assert not raw, (raw, ran.said[:2000])
    assert ran.megabytes < MOST_MB
    if ran.code == 2:
        assert ran.err.strip(), "a refusal says why"


class Zygote:
    """The process that runs are forked from."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("zygote.py"))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, request: dict[str, object]) -> dict[str, float]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer: dict[str, float] = json.loads(self.process.stdout.readline())
        return answer

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=60)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    made = Zygote()
    yield made
    made.end()


class Case:
    """A folder with an agreement and evidence that judges well, to be spoilt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.evidence = folder / "evidence"
        self.agreement = folder / "agreement.md"
        self.evidence.mkdir(parents=True)
        self.put("agreement.md", AGREEMENT)
        self.put("evidence/sources.csv", SOURCES)
        self.put("evidence/exercise.csv", EXERCISE)
        self.put("evidence/notification.csv", NOTIFICATION)

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        return path

    def exercise(self, *rows: str) -> None:
        self.put("evidence/exercise.csv", EXERCISE + "".join(row + "\n" for row in rows))

    def rule(self, text: str) -> int:
        """Add an article with these rules; the line on which they begin."""
        before = AGREEMENT + "\n## Article 50\n\n```rule\n"
        self.put("agreement.md", before + text + "\n```\n")
        return before.count("\n") + 1


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path / "case")


Run = Callable[..., Ran]


@dataclass
class Runner:
    """Runs the program in an empty folder beside the case; nothing may change but what a run is told to write."""

    zygote: Zygote
    root: Path
    apart: Path
    runs: list[Ran] = field(default_factory=list)

    def __call__(
        self, *args: object, stdin: bytes = b"", writes: tuple[Path, ...] = (), nobody: bool = False, folder: Path | None = None
    ) -> Ran:
        """One run; `writes` are files and folders that it may make, change or remove."""
        files = {name: str(self.apart / name) for name in ("stdin", "stdout", "stderr")}
        Path(files["stdin"]).write_bytes(stdin)
        before = self._picture(writes)
        answer = self.zygote.ask(
            {"args": [str(a) for a in args], "folder": str(folder or self.root / "outside"), **files}
            | {"seconds": PATIENCE_S, "megabytes": 0, "nobody": nobody}
        )
        assert not answer["hung"], f"hangs: {args}"
        out, err = (Path(files[name]).read_text("utf-8", "replace") for name in ("stdout", "stderr"))
        ran = Ran(int(answer["code"]), out, err, int(answer["mb"]), answer["cpu"])
        self.runs.append(ran)
        assert_calm(ran)
        assert self._picture(writes) == before, "something was written that should not be"
        return ran

    def _picture(self, but: tuple[Path, ...]) -> dict[str, tuple[int, int, int]]:
        """Every file and folder below the test's own, with mode, size and time of change."""
        found = {}
        for path in self.root.rglob("*"):
            if not any(path == one or one in path.parents for one in but):
                stat = path.lstat()
                is_parent = any(path in one.parents for one in but)
                found[str(path)] = (stat.st_mode, 0 if is_parent else stat.st_size, 0 if is_parent else stat.st_mtime_ns)
        return found


@pytest.fixture
def run(zygote: Zygote, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    (tmp_path / "outside").mkdir()
    return Runner(zygote, tmp_path, tmp_path_factory.mktemp("streams"))


def in_a_process(*args: object, timeout: float = 600) -> Ran:
    """The program as it is installed, started afresh; `megabytes` and `cpu_s` are those of its process."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "detente", *map(str, args)], capture_output=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(
        done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"), after.ru_maxrss // 1024, cpu
    )
