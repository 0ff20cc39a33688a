"""The reference pages of problems and findings, written from `pages/`.

`python -m detente.vocabulary.reference problems > docs/reference/problems.md` writes one of
them again, `findings` the other; a test compares both.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from detente.vocabulary.pages import Page, Room, load_pages

_PROBLEMS = """# Problems in an agreement

*Written from the pages of `detente help` by `python -m detente.vocabulary.reference problems`; do not edit by hand.*

Every fault has a code, and `detente help CODE` shows its page. A message gives the place, the line of text, the headings above it, what may stand there, and the way out:

```text
strait.md:41:23: unknown-place: no place is called `norht-channel`
   41 | where X.area overlaps norht-channel
      |                       ^^^^^^^^^^^^^
   in Article 3 › Paragraph 2
   expected: north-channel
   help: did you mean `north-channel`?
```

All problems of a document are shown at once; a broken rule does not hide those of the next. Problems are errors unless marked
*warning*; with an error no agreement is loaded. Each page shows an agreement that has the fault; `tests/agreement/bad/` has the message that it gets.
What is faulty in the wording, though it can be read, [`detente lint`](findings.md) finds.
"""

_FINDINGS = """# Findings of `detente lint` and `detente prove`

*Written from the pages of `detente help` by `python -m detente.vocabulary.reference findings`; do not edit by hand.*

A finding is a fault of drafting: the agreement can be read and judged, and yet its prose and its rules differ, a word has no measure, or a rule can never be
verified. Findings are warnings, or *notes* where nothing is judged by them. How to use them: [Find drafting faults](../how-to/find-drafting-faults.md).
Warnings that reading an agreement gives, such as `loose-phrase`, are shown with them; they stand in [Problems](problems.md).

[What `detente prove` finds](#findings-of-detente-prove) stands below: there a solver looks at all rules together, and each finding comes with a case that the judge has confirmed.
How to use it: [Prove an agreement](../how-to/prove-an-agreement.md).
"""

_PROOFS = """# Findings of `detente prove`

Faults of the rules themselves, whatever their wording: what they ask contradicts itself, leaves something out or says it twice. They are proved for every event that could
ever be stated, and shown by one. Findings are warnings, or *notes* where a repetition may be meant.
"""


def problems_page() -> str:
    """docs/reference/problems.md."""
    return _whole(_PROBLEMS, "language")


def findings_page() -> str:
    """docs/reference/findings.md."""
    return _whole(_FINDINGS, "drafting") + "\n" + _whole(_PROOFS, "proving")


def _whole(opening: str, room: Room) -> str:
    parts = [opening]
    last = ""
    for page in load_pages():
        if page.room != room:
            continue
        if page.part != last:
            parts.append(f"## {page.part}\n")
            last = page.part
        parts.append(_section(page))
    return "\n".join(parts)


def _section(page: Page) -> str:
    marked = page.severity != ("error" if page.room == "language" else "warning")
    lines = [f"### `{page.code}`", "", (f"*{page.severity.capitalize()}.* " if marked else "") + page.wrong, "", f"**Do:** {page.fix}", ""]
    lines += _files(page.wrote)
    if page.better:
        lines += ["Better:", "", *_files(page.better)]
    return "\n".join(lines)


def _files(written: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for name, text in written.items():
        if name != "agreement.md":
            lines += [f"`{name}`:", ""]
        lines += ["~~~text", *(_cut(line) for line in text.rstrip("\n").split("\n")), "~~~", ""]
    return lines


def _cut(line: str) -> str:
    """Characters that cannot be seen are written out."""
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in line)


if __name__ == "__main__":
    sys.stdout.write({"problems": problems_page, "findings": findings_page}[sys.argv[1]]())
