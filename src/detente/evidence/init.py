"""A starting folder: a small agreement, and beside it in `evidence/` the tables that its rules ask for, with example rows."""

from __future__ import annotations

from pathlib import Path

from detente.model.problem import Problem
from detente.model.span import Span

_AGREEMENT = """# Agreement between Arland and Borland

```rule
agreement:
    parties Arland, Borland.
```

The text stands as prose. The block under an article says the same so that a
program can check it; prose without a block is fine. Replace both with your own.

## Article 1 (prior notification)

1. *A Party that conducts an exercise of 9,000 troops or more shall notify it to
   the other Party at least 42 days before it starts.*

```rule
rule 1.1 "Prior notification":
    each Party that conducts an exercise X
        where X.troops is at least 9000
    shall notify X to every other Party
    at least 42 days before X.start.
```
"""

_README = """# What stands in this folder

`../agreement.md` is the agreement: prose, and rules that a program can check. Here is the evidence:

- `sources.csv` names who says something. `speaks_for` names the Party whose own word it is; leave it empty for a source that speaks for nobody.
- `exercise.csv` and `notification.csv` hold statements, one a row: who (`source`) says what about which `event`, and when. Each kind has a file of its own.
- `completeness.csv` says for which time a register is complete: only then does what is not in it count as not having happened.

An empty cell is unknown, never zero. Some cells that may be written:

| cell | means |
|---|---|
| `9400` | that number |
| `8200..10100` | between the two, both included |
| `>=9000` | at least |
| `2026-01-15` | that day, in the agreement's time zone |
| `2026-01-15T10:00Z` | that moment; a clock time always has a zone |

`says` is `asserts`, `denies` or `withdraws`. A row that `denies` and leaves `event` empty denies every event that fits its other cells.

Run `detente check ..` here to see the verdicts, and `detente add` to enter a statement.
"""

_FILES = {
    "agreement.md": _AGREEMENT,
    "evidence/README.md": _README,
    "evidence/sources.csv": """id,name,kind,speaks_for,reliability,credibility,graded_by
arland-mod,Ministry of Defence of Arland,party,Arland,,,
borland-mfa,Ministry of Foreign Affairs of Borland,party,Borland,,,
mission,Monitoring mission,monitor,,B,2,example desk
register,Register of notifications,register,,,,
""",
    "evidence/exercise.csv": """id,source,says,event,said_at,published_at,party,level,troops,start,end,quote,language,cite
A-1,arland-mod,asserts,West-26,2025-12-20,2025-12-20,Arland,brigade,9400,2026-02-20,2026-02-28,about 9400 troops take part,en,press release of 20 December 2025
M-1,mission,asserts,West-26,2026-02-22,2026-02-23,Arland,>=brigade,8200..10100,2026-02-20,,,,daily report 53
""",
    "evidence/notification.csv": """id,source,says,event,said_at,published_at,party,recipient,about,sent,received
A-2,arland-mod,asserts,N-1,2026-01-07,2026-01-08,Arland,Borland,West-26,2026-01-07T09:00+02:00,2026-01-07
B-1,borland-mfa,denies,,2026-01-16,2026-01-16,Arland,Borland,West-26,,<2026-01-15
""",
    "evidence/completeness.csv": """source,register,kind,from,until,said_at,published_at
register,notification-register,notification,2025-12-01,2025-12-31,2026-01-02,2026-01-02
""",
}


def write_starting_folder(folder: Path) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Write the starting files into `folder`, made if need be; the files written, and problems.

    Nothing is overwritten: if any of the files is there already, none is written.
    """
    paths = {folder / name: text for name, text in _FILES.items()}
    evidence = folder / "evidence"
    try:
        if evidence.is_symlink():
            return (), (Problem("outside-folder", "the link leads elsewhere; nothing was written", Span(str(evidence), 1, 1, 1, 1)),)
        taken = [path for path in paths if path.exists() or path.is_symlink()]
        if taken:
            return (), tuple(_exists(path) for path in taken)
        evidence.mkdir(parents=True, exist_ok=True)
        for path, text in paths.items():
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except OSError as error:
        return (), (Problem("unwritable-file", f"the folder cannot be written: {error.strerror}", Span(str(folder), 1, 1, 1, 1)),)
    return tuple(paths), ()


def _exists(path: Path) -> Problem:
    return Problem(
        "file-exists", "the file is there already; nothing was written", Span(str(path), 1, 1, 1, 1), help="choose an empty folder"
    )
