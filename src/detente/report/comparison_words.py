"""What a comparison is called in words: headings, summaries and one line for each thing, shared by the table and Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from detente.negotiate.comparison import Change, Comparison, Direction, Parity, Provision, Share, Sort
from detente.negotiate.threeway import Entry, ThreeWay, Who

_ORDER = (Direction.TIGHTENED, Direction.LOOSENED, Direction.BOTH, Direction.OTHER, Direction.UNPROVED)


def summary(found: Comparison) -> str:
    """Like "5 rules: 3 unchanged, 1 tightened, 1 loosened."."""
    counts = Counter(change.direction for change in found.changes)
    total = len(found.changes)
    if not found.changes_meaning:
        return f"No change of meaning in {_counted(total, 'rule')}."
    parts = [f"{counts[d]} {d.value}" for d in (Direction.NONE, *_ORDER) if counts[d]]
    around = f" {_counted(len(found.around), 'change')} outside the rules." if found.around else ""
    return f"{_counted(total, 'rule')}: {', '.join(parts)}.{around}"


def summary_of_three(found: ThreeWay) -> str:
    """Like "4 rules changed since the base: 1 by ours, 2 by theirs, 1 conflict."."""
    counts = Counter(entry.who for entry in found.entries)
    words = {Who.OURS: "by ours", Who.THEIRS: "by theirs", Who.ALIKE: "by both alike", Who.APART: "by both in different parts"}
    parts = [f"{counts[w]} {said}" for w, said in words.items() if counts[w]]
    if counts[Who.CONFLICT]:
        parts.append(f"{_counted(counts[Who.CONFLICT], 'conflict')}")
    return f"{_counted(len(found.entries), 'rule')} changed since the base" + (f": {', '.join(parts)}." if parts else ".")


def _counted(n: int, word: str) -> str:
    return f"{n:,} {word}" + ("" if n == 1 else "s")


def named(change: Change) -> str:
    """Like "40", "3 -> 3a, 3b", "- -> 7": the rule's numbers in both drafts."""
    one, two = (", ".join(p.rule for p in some) for some in (change.before, change.after))
    return one if one == two else f"{one or '-'} > {two or '-'}"


def title_of(change: Change) -> str:
    """The title of the rule, as the second draft has it."""
    some: Sequence[Provision] = change.after or change.before
    return next((p.title for p in some if p.title), "")


def sorts_of(change: Change) -> str:
    """What differs, in words; a move with its articles."""
    return ", ".join(_sort(change, sort) for sort in change.sorts)


def _sort(change: Change, sort: Sort) -> str:
    if sort is Sort.MOVED and change.before and change.after:
        return f"moved from article {change.before[0].article} to {change.after[0].article}"
    if sort is Sort.REWORDED:
        return "reworded, same meaning"
    return sort.value


def aspect_lines(change: Change) -> Iterable[str]:
    """One line for each difference: "other deadline: at least 42 days ... > at least 30 days ..."."""
    for aspect in change.aspects:
        if aspect.before and aspect.after:
            yield f"{aspect.sort.value}: {aspect.before} > {aspect.after}"
        else:
            yield f"{aspect.sort.value}: {aspect.after or aspect.before}"


def shared_alike(parity: Parity) -> list[tuple[tuple[str, ...], Share | None, Share | None]]:
    """Parties that have the same share in each draft stand together: (parties, before, after), in the order of the drafts."""
    one, two = ({s.party: s for s in some} for some in (parity.before, parity.after))
    groups: dict[tuple[object, object], list[str]] = {}
    for party in dict.fromkeys((*one, *two)):
        groups.setdefault((_what(one.get(party)), _what(two.get(party))), []).append(party)
    return [(tuple(names), one.get(names[0]), two.get(names[0])) for names in groups.values()]


def _what(share: Share | None) -> object:
    return share and (share.obligations, share.permissions, share.exceptions, share.burdens)


def share_counts(share: Share | None) -> tuple[str, str, str, str]:
    """The four counts of a share."""
    if share is None:
        return "-", "-", "-", "-"
    return tuple(str(len(s)) for s in (share.obligations, share.permissions, share.exceptions, share.burdens))  # type: ignore[return-value]  # four


def entry_line(entry: Entry) -> str:
    """What each side did: "ours: tightened, other deadline; theirs: gone"."""
    sides = ((name, change) for name, change in (("ours", entry.ours), ("theirs", entry.theirs)) if change is not None)
    return "; ".join(f"{name}: {change.direction.value}" + (f" ({sorts_of(change)})" if change.sorts else "") for name, change in sides)


def entry_name(entry: Entry) -> str:
    """The rule's number in the base, or that of the new rule."""
    change = entry.ours or entry.theirs
    return entry.rule or (f"new {change.after[0].rule}" if change and change.after else "")


PARITY_NOTE = "Counts and lists of rules; what weighs more is for its readers to say."
