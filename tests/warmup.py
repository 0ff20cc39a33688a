"""One run of the program in a process from which others are forked: what it loads and builds on first use, they have."""

from __future__ import annotations

import gc
import io
import sys
import tempfile
from pathlib import Path

from detente.__main__ import main

AGREEMENT = """# Warm

```rule
agreement: parties Arland, Borland.
```

## Article 1

```rule
rule 1:
    each Party that conducts an exercise X where X.troops is at least 9000
    shall notify X to every other Party at least 42 days before X.start.
```
"""
SOURCES = "id,name,kind,speaks_for\na,Ministry,party,Arland\n"
EXERCISE = "id,source,says,event,said_at,party,troops,start\nA-1,a,asserts,E-1,2026-01-02,Arland,9400,2026-02-20\n"


def warm_up() -> None:
    """Judge a small case. The pools of threads that Arrow and its allocator leave are made anew in a fork by those themselves."""
    streams, arguments = (sys.stdout, sys.stderr), sys.argv
    with tempfile.TemporaryDirectory(prefix="detente-warm-") as scratch:
        folder = Path(scratch)
        (folder / "evidence").mkdir()
        (folder / "agreement.md").write_text(AGREEMENT, encoding="utf-8")
        (folder / "evidence" / "sources.csv").write_text(SOURCES, encoding="utf-8")
        (folder / "evidence" / "exercise.csv").write_text(EXERCISE, encoding="utf-8")
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        sys.argv = ["detente", "check", str(folder)]
        try:
            main()
        except SystemExit as stop:
            code, said = stop.code, sys.stderr.getvalue()
        finally:
            (sys.stdout, sys.stderr), sys.argv = streams, arguments
    if code not in (0, 1, None):
        raise RuntimeError(said)
    gc.collect()
    gc.freeze()  # a collection would copy every page that it looks at
