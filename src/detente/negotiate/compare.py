"""Two drafts side by side: the rules that answer to one another, what changed, and what shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from detente.agreement.clause import Agreement, AnyRule, Article, LeftOpen, Permission
from detente.agreement.sense import group_members, kind_sense, phase_sense, place_sense
from detente.agreement.wording import plain
from detente.negotiate.aspects import Told, aspects
from detente.negotiate.comparison import Around, Change, Comparison, Direction, Parity, Prose, Provision, Sort, Witness
from detente.negotiate.ground import Side
from detente.negotiate.matching import Matched, Pair, match, rules_of
from detente.negotiate.parity import shares
from detente.negotiate.witnesses import direction_of, witnesses

Progress = Callable[[str, float], None]
_Placed = tuple[Sequence[AnyRule], Sequence[AnyRule], Change]


def compare(before: Agreement, after: Agreement, *, progress: Progress | None = None) -> Comparison:
    """What changes in meaning from one draft to the other."""
    matched = match(before, after)
    court = _Trials(before, after)
    gone, new = list(matched.gone), list(matched.new)
    changes: list[tuple[Sequence[AnyRule], Sequence[AnyRule], Change]] = []
    work = len(matched.pairs) + len(gone) + len(new)
    for n, pair in enumerate(matched.pairs):
        if progress is not None:
            progress(f"comparing rule {pair.after.head.id}", n / max(work, 1))
        changes.append(_pair(before, after, pair, court, gone, new))
    changes += [((r,), (), _alone(court, r, Sort.GONE)) for r in gone]
    changes += [((), (r,), _alone(court, r, Sort.NEW)) for r in new]
    changes = [_with_effects(*placed, changes) for placed in changes]
    if progress is not None:
        progress("", 1.0)
    return Comparison(
        before_title=before.title,
        after_title=after.title,
        before_path=before.path,
        after_path=after.path,
        before_digest=before.digest,
        after_digest=after.digest,
        changes=tuple(change for *_, change in _in_order(changes, before, after)),
        prose=tuple(_prose(before, after, matched)),
        around=tuple(_around(before, after)),
        parity=Parity(shares(before), shares(after)),
    )


class _Trials:
    """Looks for witnesses in the two drafts; what is still without a plan cannot be judged and has none."""

    def __init__(self, before: Agreement, after: Agreement) -> None:
        self.before, self.after = before, after

    def of(self, ours: Sequence[AnyRule], theirs: Sequence[AnyRule]) -> tuple[Witness, ...]:
        if not all(_is_judged(self.before, r) for r in ours) or not all(_is_judged(self.after, r) for r in theirs):
            return ()
        return witnesses(Side(self.before, tuple(ours)), Side(self.after, tuple(theirs)))


def _is_judged(agreement: Agreement, rule: AnyRule) -> bool:
    return rule in agreement.rules and rule.head.phases is None


def _pair(
    before: Agreement, after: Agreement, pair: Pair, court: _Trials, gone: list[AnyRule], new: list[AnyRule]
) -> tuple[Sequence[AnyRule], Sequence[AnyRule], Change]:
    """The change of one pair; rules without a partner that share its work are taken in, and leave `gone` or `new`."""
    ours, theirs = [pair.before], [pair.after]
    form = _by_form(pair)
    if pair.is_same:
        return ours, theirs, Change(*_provisions(ours, theirs), form, Direction.NONE)
    found = court.of(ours, theirs)
    found = _split_or_merged(ours, theirs, found, court, gone, new)
    parts = aspects(Told(before, pair.before), Told(after, pair.after))
    sorts = [*form, *dict.fromkeys(a.sort for a in parts)]
    sorts += [sort for sort, some in ((Sort.SPLIT, theirs), (Sort.MERGED, ours)) if len(some) > 1]
    changed = Change(*_provisions(ours, theirs), tuple(s for s in sorts if s is not Sort.REWORDED), direction_of(found), parts, found)
    return ours, theirs, changed


def _split_or_merged(
    ours: list[AnyRule], theirs: list[AnyRule], found: tuple[Witness, ...], court: _Trials, gone: list[AnyRule], new: list[AnyRule]
) -> tuple[Witness, ...]:
    """Takes in each rule that makes up for what its partner lost: the witnesses of a loosening vanish once both stand together."""
    for spare, side, direction in ((new, theirs, Direction.LOOSENED), (gone, ours, Direction.TIGHTENED)):
        for rule in list(spare):
            if not _shares(found, direction) or not _is_alike(rule, side[0]):
                continue
            side.append(rule)
            together = court.of(ours, theirs)
            if _shares(together, direction):
                side.remove(rule)
            else:
                spare.remove(rule)
                found = together
    return found


def _shares(found: Iterable[Witness], direction: Direction) -> bool:
    return any(w.direction in (direction, Direction.BOTH) for w in found)


def _is_alike(one: AnyRule, two: AnyRule) -> bool:
    """Whether two rules could be parts of one: the same shape about the same kind."""
    kinds = [getattr(getattr(r, "occasion", None) or getattr(r, "deed", None), "kind", None) for r in (one, two)]
    acts = [getattr(getattr(r, "act", None), "kind", None) for r in (one, two)]
    return type(one) is type(two) and kinds[0] == kinds[1] and acts[0] == acts[1]


def _alone(court: _Trials, rule: AnyRule, sort: Sort) -> Change:
    """A rule that only one draft has."""
    ours, theirs = ((rule,), ()) if sort is Sort.GONE else ((), (rule,))
    found = court.of(ours, theirs)
    return Change(*_provisions(ours, theirs), (sort,), direction_of(found), (), found)


def _with_effects(ours: Sequence[AnyRule], theirs: Sequence[AnyRule], change: Change, changes: Sequence[_Placed]) -> _Placed:
    """A permission has no breach of its own: what shows its change are the prohibitions that it overrides."""
    named = {i for r in (*ours, *theirs) if isinstance(r, Permission) for ref in r.notwithstanding for i in ref.rules}
    if change.direction is not Direction.UNPROVED or not named:
        return ours, theirs, change
    shown = [w for one, two, c in changes if any(r.head.id in named for r in (*one, *two)) for w in c.witnesses]
    return ours, theirs, replace(change, witnesses=tuple(shown[:2]), direction=direction_of(shown[:2]))


def _by_form(pair: Pair) -> tuple[Sort, ...]:
    one, two = pair.before.head, pair.after.head
    found = [
        (Sort.MOVED, one.article != two.article),
        (Sort.RENUMBERED, one.id != two.id),
        (Sort.REWORDED, _bare(pair.before) != _bare(pair.after)),
    ]
    return tuple(sort for sort, holds in found if holds)


def _bare(rule: AnyRule) -> str:
    """The words of a rule without its number."""
    return re.sub(r"^rule\s+(?:\"[^\"]*\"|[^\s:\"]+)", "", plain(rule.head.text)).strip()


def _provisions(ours: Iterable[AnyRule], theirs: Iterable[AnyRule]) -> tuple[tuple[Provision, ...], tuple[Provision, ...]]:
    def shown(rule: AnyRule) -> Provision:
        head = rule.head
        return Provision(head.id, head.article, head.title, head.text, head.span.line)

    return tuple(shown(r) for r in ours), tuple(shown(r) for r in theirs)


def _in_order(changes: Sequence[_Placed], before: Agreement, after: Agreement) -> list[_Placed]:
    """In the order of the second draft; what is gone follows what stood before it in the first."""
    place = {r.head.id: float(n) for n, r in enumerate(rules_of(after))}
    answers = {r.head.id: place[theirs[0].head.id] for ours, theirs, _ in changes if theirs for r in ours}
    last = -1.0
    for r in rules_of(before):
        last = answers.setdefault(r.head.id, last + 0.001)

    def key(item: _Placed) -> float:
        ours, theirs, _ = item
        return place[theirs[0].head.id] if theirs else answers[ours[0].head.id]

    return sorted(changes, key=key)


# ---- prose -------------------------------------------------------------------------------


def _prose(before: Agreement, after: Agreement, matched: Matched) -> Iterator[Prose]:
    """Articles whose words outside the rules differ: of one number, else those that hold the same rules."""
    by_id = {a.id: a for a in after.articles}
    via_rules = {p.before.head.article: p.after.head.article for p in reversed(matched.pairs)}
    met: set[str] = set()
    for article in before.articles:
        other = by_id.get(via_rules.get(article.id, article.id)) or by_id.get(article.id)
        if other is None or other.id in met:
            yield Prose(article.id, article.heading, "gone", bool(article.rules))
            continue
        met.add(other.id)
        if _words(article) != _words(other):
            yield Prose(other.id, other.heading, "reworded", bool(article.rules or other.rules))
    yield from (Prose(a.id, a.heading, "new", bool(a.rules)) for a in after.articles if a.id not in met)


def _words(article: Article) -> str:
    return plain(article.prose)


# ---- around the rules ----------------------------------------------------------------------


def _around(before: Agreement, after: Agreement) -> Iterator[Around]:
    if set(before.parties) != set(after.parties):
        yield Around("parties", ", ".join(before.parties), ", ".join(after.parties))
    for name, words in (("life", _LIFE), ("evidence", _EVIDENCE)):
        one, two = getattr(before, name), getattr(after, name)
        for f in fields(one):
            if f.name in ("span", "stated"):
                continue
            mine, other = _bare_value(getattr(one, f.name)), _bare_value(getattr(two, f.name))
            if mine != other:
                yield Around(words.get(f.name, f.name.replace("_", " ")), _shown(mine), _shown(other))
    yield from _definitions(before, after)


_LIFE = {"entry": "entry into force", "entry_by": "entry into force by", "release": "release after withdrawal", "renewal": "renewal"}
_EVIDENCE = {
    "accounts": "evidence: accounts",
    "establishes": "evidence: what establishes a verdict",
    "time_zone": "time zone",
    "changes": "evidence: changes",
    "least_grade": "evidence: least grade",
}


def _definitions(before: Agreement, after: Agreement) -> Iterator[Around]:
    """Words that both drafts define and that mean another thing; rules that use them are compared by what they mean."""
    for what, one, two, say in (
        ("kind", before.kinds, after.kinds, lambda a, n: kind_sense(a.kinds[n])),
        ("group", before.groups, after.groups, group_members),
        ("place", before.places, after.places, place_sense),
    ):
        for name in sorted(one.keys() & two.keys()):
            if say(before, name) != say(after, name):
                yield Around(f"{what} {name}", *_defined(what, name, before, after))
    for name in sorted(before.quantities.keys() & after.quantities.keys()):
        mine, other = before.quantities[name], after.quantities[name]
        if mine != other:
            yield Around(f"number {name}", _quantity(mine), _quantity(other))
    for phase in sorted(before.phases.keys() | after.phases.keys()):
        texts = [plain(a.phases[phase].text) if phase in a.phases else "" for a in (before, after)]
        meant = [phase_sense(a, a.phases[phase]) if phase in a.phases else None for a in (before, after)]
        if meant[0] != meant[1]:
            yield Around(f"phase {phase}", texts[0], texts[1])


def _quantity(value: object) -> str:
    return "left open" if isinstance(value, LeftOpen) else str(getattr(value, "shown", value))


def _defined(what: str, name: str, before: Agreement, after: Agreement) -> tuple[str, str]:
    def shown(agreement: Agreement) -> str:
        if what == "group":
            return ", ".join(m.member for m in agreement.groups[name].members)
        if what == "place":
            place = agreement.places[name]
            return "left open" if place.is_left_open else place.file or "in the evidence"
        return ", ".join(f"{f.name}: {f.type}" for f in agreement.kinds[name].fields.values())

    one, two = shown(before), shown(after)
    return (one, two) if one != two else (one, f"{two} (defined otherwise)")


def _bare_value(value: Any) -> Any:
    """A value of a frame without the place where it stands."""
    if isinstance(value, tuple):
        return tuple(_bare_value(v) for v in value)
    if hasattr(value, "span"):
        return tuple((f.name, _bare_value(getattr(value, f.name))) for f in fields(value) if f.name != "span")
    return value


def _shown(value: Any) -> str:
    match value:
        case None | False | ():
            return ""
        case True:
            return "yes"
        case tuple() if all(isinstance(v, tuple) and len(v) == 2 and isinstance(v[0], str) for v in value):
            return ", ".join(f"{name.replace('_', ' ')} {_shown(v)}" for name, v in value if v not in (None, False, ()))
        case tuple():
            return "; ".join(_shown(v) for v in value)
        case _:
            return str(value)
