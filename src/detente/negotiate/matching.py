"""Which rule of one draft answers to which of the other: by what they say, then by their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from detente.agreement.clause import Act, Agreement, AnyRule, FieldOf, Occasion, Parties, Summand
from detente.agreement.sense import Sense, sense
from detente.agreement.wording import nodes

LEAST = 9
"""Points that two rules need to answer to one another; a number in common counts for four, a title for three."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A rule of the first draft and one of the second; `is_same`: their sense is equal."""

    before: AnyRule
    after: AnyRule
    is_same: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """All pairs, and the rules without one."""

    pairs: tuple[Pair, ...]
    gone: tuple[AnyRule, ...]
    new: tuple[AnyRule, ...]


def rules_of(agreement: Agreement) -> tuple[AnyRule, ...]:
    """Every rule, of whatever shape, in the order of the text."""
    everything = agreement.rules
    return tuple(sorted(everything, key=lambda rule: (rule.head.span.line, rule.head.span.column)))


def match(before: Agreement, after: Agreement) -> Matched:
    """Pairs of equal sense first (those of one number before others), then the most alike."""
    ours, theirs = rules_of(before), rules_of(after)
    senses = [sense(before, r) for r in ours], [sense(after, r) for r in theirs]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for pairs in (_equal(ours, theirs, senses, by_id=True), _equal(ours, theirs, senses, by_id=False), _alike(ours, theirs)):
        for i, j in pairs:
            if i not in found and j not in taken:
                found[i] = j
                taken.add(j)
    return Matched(
        tuple(Pair(ours[i], theirs[j], senses[0][i] == senses[1][j]) for i, j in sorted(found.items(), key=lambda p: p[1])),
        tuple(r for i, r in enumerate(ours) if i not in found),
        tuple(r for j, r in enumerate(theirs) if j not in taken),
    )


def _equal(
    ours: Sequence[AnyRule], theirs: Sequence[AnyRule], senses: tuple[list[Sense], list[Sense]], *, by_id: bool
) -> Iterator[tuple[int, int]]:
    places: dict[Any, list[int]] = {}
    for j, rule in enumerate(theirs):
        places.setdefault((senses[1][j], rule.head.id if by_id else ""), []).append(j)
    for i, rule in enumerate(ours):
        for j in places.get((senses[0][i], rule.head.id if by_id else ""), ()):
            yield i, j


def _alike(ours: Sequence[AnyRule], theirs: Sequence[AnyRule]) -> list[tuple[int, int]]:
    """Pairs that are alike enough, the most alike first; of equals those that stand nearest to one another."""
    by_kind: dict[str, list[int]] = {}
    by_id: dict[str, list[int]] = {}
    features = [_features(r) for r in theirs]
    for j, rule in enumerate(theirs):
        by_id.setdefault(rule.head.id, []).append(j)
        for kind in features[j].kinds:
            by_kind.setdefault(kind, []).append(j)
    scored = []
    for i, rule in enumerate(ours):
        own = _features(rule)
        near = {j for kind in own.kinds for j in by_kind.get(kind, ())[:_MOST_NEAR]} | set(by_id.get(rule.head.id, ()))
        for j in near:
            points = _points(rule, theirs[j], own, features[j])
            if points >= LEAST:
                scored.append((-points, abs(i - j), i, j))
    return [(i, j) for _, _, i, j in sorted(scored)]


_MOST_NEAR = 200


@dataclass(frozen=True, slots=True)
class _Features:
    shape: str
    kinds: frozenset[str]
    acts: frozenset[str]
    bearers: str
    anchors: frozenset[str]
    asked: frozenset[str]


def _features(rule: AnyRule) -> _Features:
    kinds, acts, anchors, asked, bearers = set(), set(), set(), set(), ""
    for node in nodes(rule):
        match node:
            case Occasion(kind=kind) | Summand(kind=kind):
                kinds.add(kind)
            case Act(kind=kind):
                acts.add(kind)
            case FieldOf(field=field):
                asked.add(field)
            case Parties(group=group, names=names) if not bearers:
                bearers = f"{group} {names}"
            case _:
                pass
    deadline = getattr(rule, "deadline", None)
    if deadline is not None:
        anchors |= {f"{deadline.relation} {_anchor(deadline.anchor.of)}"}
    return _Features(type(rule).__name__, frozenset(kinds | acts), frozenset(acts), bearers, frozenset(anchors), frozenset(asked))


def _anchor(of: Any) -> str:
    return of.field if isinstance(of, FieldOf) else str(of)


def _points(one: AnyRule, two: AnyRule, a: _Features, b: _Features) -> int:
    """How much two rules have in common: shape, kinds, acts, bearers, anchor, fields asked, number, title, article."""
    if one.head.id != two.head.id and (a.shape != b.shape or not a.kinds & b.kinds):
        return 0
    if not a.kinds & b.kinds and a.kinds | b.kinds:
        return 0  # one number used for another matter
    points = 2 * (a.shape == b.shape) + 2 * (a.kinds == b.kinds) + 2 * (a.acts == b.acts) + (a.bearers == b.bearers)
    points += a.anchors == b.anchors
    points += round(2 * len(a.asked & b.asked) / len(a.asked | b.asked)) if a.asked | b.asked else 1
    points += 4 * (one.head.id == two.head.id) + 3 * (one.head.title == two.head.title and one.head.title is not None)
    return points + (one.head.article == two.head.article) - 2 * (a.bearers != b.bearers)
