"""Three drafts: what each side changed since the base, and where both changed the same rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from detente.agreement.clause import Agreement, AnyRule
from detente.agreement.sense import sense
from detente.negotiate.compare import compare
from detente.negotiate.comparison import Change, Comparison, Direction, Sort
from detente.negotiate.matching import rules_of


class Who(StrEnum):
    """Who changed a rule since the base."""

    OURS = "ours"
    THEIRS = "theirs"
    ALIKE = "both alike"
    APART = "both, in different parts"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule that somebody changed, by its number in the base ("" for a new one). `reason` says what a conflict is about."""

    rule: str
    who: Who
    ours: Change | None
    theirs: Change | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """The comparison of each side with the base, and every rule that changed."""

    ours: Comparison
    theirs: Comparison
    entries: tuple[Entry, ...]
    around: tuple[str, ...]
    """Subjects outside the rules that both sides changed, and not alike."""

    @property
    def changes_meaning(self) -> bool:
        """Whether either side changed the meaning of anything."""
        return self.ours.changes_meaning or self.theirs.changes_meaning

    @property
    def conflicts(self) -> tuple[Entry, ...]:
        """What both changed and not alike."""
        return tuple(e for e in self.entries if e.who is Who.CONFLICT)


def three_way(base: Agreement, ours: Agreement, theirs: Agreement, *, progress: Callable[[str, float], None] | None = None) -> ThreeWay:
    """Who changed what since the base."""
    mine, other = compare(base, ours, progress=progress), compare(base, theirs, progress=progress)
    return ThreeWay(mine, other, tuple(_entries(base, ours, theirs, mine, other)), tuple(_subjects(mine, other)))


def _entries(base: Agreement, ours: Agreement, theirs: Agreement, mine: Comparison, other: Comparison) -> list[Entry]:
    found = []
    by_rule = [{p.rule: c for c in comparison.changes for p in c.before} for comparison in (mine, other)]
    for rule in rules_of(base):
        one, two = (changes[rule.head.id] for changes in by_rule)
        if (entry := _entry(rule.head.id, one, two, ours, theirs)) is not None:
            found.append(entry)
    new = [[c for c in comparison.changes if not c.before] for comparison in (mine, other)]
    senses = [[repr(_senses(draft, change)) for change in some] for draft, some in ((ours, new[0]), (theirs, new[1]))]
    taken: set[int] = set()
    for n, change in enumerate(new[0]):
        id_ = change.after[0].rule
        same = next((m for m, s in enumerate(senses[1]) if s == senses[0][n] and m not in taken), None)
        if same is not None:
            taken.add(same)
            found.append(Entry("", Who.ALIKE, change, new[1][same]))
            continue
        clash = next((m for m, c in enumerate(new[1]) if c.after[0].rule == id_ and m not in taken), None)
        if clash is not None:
            taken.add(clash)
            found.append(Entry("", Who.CONFLICT, change, new[1][clash], f"both added a rule {id_}, and they say different things"))
        else:
            found.append(Entry("", Who.OURS, change, None))
    found += [Entry("", Who.THEIRS, None, change) for m, change in enumerate(new[1]) if m not in taken]
    return found


def _entry(rule: str, one: Change, two: Change, ours: Agreement, theirs: Agreement) -> Entry | None:
    if not _is_touched(one) and not _is_touched(two):
        return None
    if not _is_touched(two):
        return Entry(rule, Who.OURS, one, None)
    if not _is_touched(one):
        return Entry(rule, Who.THEIRS, None, two)
    if repr(_senses(ours, one)) == repr(_senses(theirs, two)):
        return Entry(rule, Who.ALIKE, one, two)
    if not one.after or not two.after:
        by, who = ("ours", "theirs") if not one.after else ("theirs", "ours")
        return Entry(rule, Who.CONFLICT, one, two, f"gone in {by}, changed in {who}")
    if Direction.NONE in (one.direction, two.direction):
        return Entry(rule, Who.APART, one, two)  # one of them moved or reworded it only
    both = [sort for sort in _sorts(one) if sort in _sorts(two)]
    if both:
        return Entry(rule, Who.CONFLICT, one, two, "both changed: " + ", ".join(sort.value for sort in both))
    return Entry(rule, Who.APART, one, two)


def _is_touched(change: Change) -> bool:
    return change.direction is not Direction.NONE or Sort.MOVED in change.sorts or Sort.REWORDED in change.sorts


def _sorts(change: Change) -> list[Sort]:
    """What differs, exceptions taken as one subject."""
    exceptions = (Sort.EXCEPTION_ADDED, Sort.EXCEPTION_REMOVED)
    return list(dict.fromkeys(Sort.EXCEPTION if a.sort in exceptions else a.sort for a in change.aspects))


def _senses(draft: Agreement, change: Change) -> list[object]:
    ids = {p.rule for p in change.after}
    some: list[AnyRule] = [r for r in rules_of(draft) if r.head.id in ids]
    return [(sense(draft, r), r.head.article if Sort.MOVED in change.sorts else "") for r in some]


def _subjects(mine: Comparison, other: Comparison) -> list[str]:
    theirs = {a.subject: a.after for a in other.around}
    return [a.subject for a in mine.around if a.subject in theirs and theirs[a.subject] != a.after]
