"""What an editor can put in place of a phrase that the language says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.load import parse_agreement
from detente.editor.diagnose import Diagnosis, diagnosis
from detente.editor.positions import Range, read_text
from detente.editor.reading import is_agreement
from detente.editor.rename import Edit
from detente.model.problem import visible


@dataclass(frozen=True, slots=True)
class Offer:
    """A change to choose: its title, the problem that it mends, and the edit."""

    title: str
    mends: Diagnosis
    edit: Edit


def fixes(raw: str, within: Range, path: str = "") -> tuple[Offer, ...]:
    """The fixes of problems that touch a range, in the order of the text; the same that `detente fmt --fix` applies."""
    if not is_agreement(raw):
        return ()
    _, problems = parse_agreement(raw, path)
    source = read_text(raw)
    start, end = source.offset(within.start), source.offset(within.end)
    found = []
    for p in problems:
        if p.fix is None or p.span is None:
            continue
        mends = diagnosis(p, source)
        lo = min(p.fix.start, source.offset(mends.range.start))
        hi = max(p.fix.end, source.offset(mends.range.end))
        if lo <= end and start <= hi:
            title = visible(f"Write `{p.fix.text}`")
            found.append(Offer(title, mends, Edit(source.range(p.fix.start, p.fix.end), p.fix.text)))
    return tuple(found)
