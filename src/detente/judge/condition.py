"""Conditions as SQL over one occasion row.

Fields of the occasion are columns of the row; what others have done about it
(consents), group membership, and answers of Measures come as relations that a
condition joins in. Source: semantics, sections 3 (burden) and 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from detente.agreement.clause import (
    And,
    Compare,
    Condition,
    Constant,
    Done,
    FieldOf,
    Is,
    IsIn,
    LeftOpen,
    Moment,
    Not,
    Or,
    PartyVar,
    Placed,
    Value,
)
from detente.judge.scene import Scene
from detente.judge.sql import name, text
from detente.judge.truth import FALSE, TRUE, UNKNOWN, Truth, both, compared, contrary, either
from detente.model.kind import Kind

LeftOpenAs = Literal["unknown", "true", "false"]


@dataclass(frozen=True, slots=True)
class Row:
    """Where a condition finds its values: the row's alias, its kind, and who the bearer is."""

    alias: str
    kind: Kind
    happens: tuple[str, str]
    party_vars: Mapping[str, str] = field(default_factory=dict)
    """SQL for each party variable."""
    joined: Mapping[Condition, str] = field(default_factory=dict)
    """Column prefix for each Done or Placed condition."""

    def bounds(self, field_name: str) -> tuple[str, str]:
        """SQL for the least and greatest value of an ordered field."""
        return f"{self.alias}.{name(field_name + '_lo')}", f"{self.alias}.{name(field_name + '_hi')}"

    def word(self, field_name: str) -> str:
        """SQL for a word field."""
        return f"{self.alias}.{name(field_name)}"


def truth(condition: Condition | None, row: Row, scene: Scene, *, burden: bool, left_open: LeftOpenAs = "unknown") -> Truth:
    """The condition's truth for the row. With `burden`, what nobody claims is false."""
    every = scene.every
    match condition:
        case None:
            return TRUE
        case And(items):
            return both([truth(i, row, scene, burden=burden, left_open=left_open) for i in items], every)
        case Or(items):
            return either([truth(i, row, scene, burden=burden, left_open=left_open) for i in items], every)
        case Not(item):
            # Under "not", what nobody claims of the inner condition must stay what it is: burden reads the claim, not its contrary.
            return contrary(truth(item, row, scene, burden=burden, left_open=left_open), every)
        case Compare():
            return _compare(condition, row, scene, burden=burden, left_open=left_open)
        case Is():
            return _is(condition, row, burden=burden)
        case IsIn():
            return _is_in(condition, row, scene, left_open=left_open)
        case Placed():
            if isinstance(condition.place, LeftOpen):
                return _assumed(left_open)
            return _column_pair(row.joined[condition])
        case Done():
            return _column_pair(row.joined[condition])


def _assumed(left_open: LeftOpenAs) -> Truth:
    return {"unknown": UNKNOWN, "true": TRUE, "false": FALSE}[left_open]


def _column_pair(prefix: str) -> Truth:
    return Truth(f"{prefix}_certain", f"{prefix}_possible", is_set=True)


def _compare(condition: Compare, row: Row, scene: Scene, *, burden: bool, left_open: LeftOpenAs) -> Truth:
    if isinstance(condition.value, LeftOpen):
        return _assumed(left_open)
    f = row.kind.fields[condition.term.field]
    if not f.is_ordered:
        if isinstance(condition.value, FieldOf):
            other = row.word(condition.value.field)
            return _words_equal(row.word(f.name), other, burden=burden, negated=condition.op == "not equal to")
        return _words_equal(
            row.word(f.name), text(str(_constant(condition.value).value)), burden=burden, negated=condition.op == "not equal to"
        )
    value = _value(condition.value, row, scene)
    if isinstance(condition.value, Moment):
        value = _edge(condition.op, value)
    return compared(condition.op, row.bounds(f.name), value, unsaid=not burden)


def _edge(op: str, day: tuple[str, str]) -> tuple[str, str]:
    """The edge of a day that a comparison means: any moment of the day meets "at least" and "at most"."""
    if op in ("at least", "less than"):
        return day[0], day[0]
    if op in ("at most", "more than"):
        return day[1], day[1]
    return day


def _constant(value: Value) -> Constant:
    if not isinstance(value, Constant):
        raise TypeError(f"a word compared with {value!r}")
    return value


def _value(value: Value, row: Row, scene: Scene) -> tuple[str, str]:
    match value:
        case Constant(value=number):
            literal = repr(float(number))
            return literal, literal
        case Moment(day=day):
            return scene.clock.span_of(day)
        case FieldOf(field=other):
            return row.bounds(other)
        case LeftOpen():
            raise TypeError("a term left open has no value")


def _is(condition: Is, row: Row, *, burden: bool) -> Truth:
    f = row.kind.fields[condition.term.field]
    if condition.value is None:
        return compared("equal to", row.bounds(f.name), ("1.0", "1.0"), unsaid=not burden)
    return _words_equal(row.word(f.name), text(condition.value), burden=burden, negated=False)


def _words_equal(word: str, other: str, *, burden: bool, negated: bool) -> Truth:
    unsaid = "false" if burden else "true"
    sign = "<>" if negated else "="
    return Truth(f"coalesce({word} {sign} {other}, false)", f"coalesce({word} {sign} {other}, {unsaid})")


def _is_in(condition: IsIn, row: Row, scene: Scene, *, left_open: LeftOpenAs) -> Truth:
    if isinstance(condition.group, LeftOpen):
        return _assumed(left_open)
    member = row.party_vars[condition.term.name] if isinstance(condition.term, PartyVar) else row.word(condition.term.field)
    when = scene.clock.span_of(condition.on) if condition.on else row.happens
    return member_of(condition.group, member, when)


def member_of(group: str, member: str, when: tuple[str, str]) -> Truth:
    """Membership of a group at a moment: certain if throughout it, possible if at some instant of it."""
    lo, hi = when
    rows = f'FROM membership g WHERE g."group" = {text(group)} AND g.member = {member}'
    certain = f"EXISTS (SELECT 1 {rows} AND (g.since IS NULL OR coalesce(g.since <= {lo}, false)) AND (g.until IS NULL OR coalesce(g.until > {hi}, false)))"
    possible = f"({member} IS NULL OR EXISTS (SELECT 1 {rows} AND coalesce(g.since <= {hi}, true) AND coalesce(g.until > {lo}, true)))"
    return Truth(certain, possible)


def conditions_in(condition: Condition | None) -> Iterator[Condition]:
    """The condition and everything inside it."""
    if condition is None:
        return
    yield condition
    match condition:
        case And(items) | Or(items):
            for item in items:
                yield from conditions_in(item)
        case Not(item):
            yield from conditions_in(item)
        case _:
            pass


def fields_of(condition: Condition | None, var: str) -> set[str]:
    """The names of the fields of `var` that the condition reads."""
    names: set[str] = set()
    for c in conditions_in(condition):
        terms: list[object] = []
        match c:
            case Compare(term=term, value=value):
                terms = [term, value]
            case Is(term=term) | IsIn(term=term) | Placed(term=term):
                terms = [term]
            case Done(before=before):
                terms = [before]
            case _:
                pass
        names |= {t.field for t in terms if isinstance(t, FieldOf) and t.var in (var, "")}
    return names


def rests_on_left_open(*conditions: Condition | None) -> bool:
    """Whether some term of them is left open by the text."""
    for condition in conditions:
        for c in conditions_in(condition):
            match c:
                case Compare(value=LeftOpen()) | IsIn(group=LeftOpen()) | Placed(place=LeftOpen()):
                    return True
                case _:
                    pass
    return False
