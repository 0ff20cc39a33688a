"""Looks for tables on which two drafts' verdicts differ, and judges each again by itself before it is called a witness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from detente.agreement.clause import Duty, EventVar, RecurringDuty
from detente.negotiate.comparison import Direction, Witness
from detente.negotiate.ground import Side, Tried, ground
from detente.negotiate.tables import tables
from detente.negotiate.trial import LEFT_OPEN, NO_BREACH, NOTHING, Key, Readings, Row, Table, readings

BREACHED = "breached"
MOST_ALONE = 24
"""Tables judged one by one where they would disturb one another in one record."""


MOST_AFTER = 6
"""How many more are judged once one direction has a witness."""


def witnesses(before: Side, after: Side) -> tuple[Witness, ...]:
    """At most one witness for each direction; none where no table shows a difference."""
    tried = tables(before, after)
    if not tried:
        return ()
    court = _Court(before, after)
    found: dict[Direction, Witness] = {}
    left = MOST_ALONE
    for one in _suspects(court, tried):
        left = left - 1 if not found else min(left - 1, MOST_AFTER)
        if left < 0:
            break
        if (confirmed := court.witness(one)) is not None and confirmed.direction not in found:
            found[confirmed.direction] = confirmed
        if {Direction.TIGHTENED, Direction.LOOSENED} <= found.keys():
            break
    for less in (Direction.BOTH, Direction.OTHER):  # shown only where nothing plainer was found
        if less in found and len(found) > 1:
            del found[less]
    return tuple(found[d] for d in Direction if d in found)


def direction_of(witnesses_: Sequence[Witness]) -> Direction:
    """What the witnesses together show."""
    shown = {w.direction for w in witnesses_}
    if not shown:
        return Direction.UNPROVED
    if Direction.BOTH in shown or {Direction.TIGHTENED, Direction.LOOSENED} <= shown:
        return Direction.BOTH
    return next(d for d in (Direction.TIGHTENED, Direction.LOOSENED, Direction.OTHER) if d in shown)


class _Court:
    """Both drafts' rules of one change, and how they judge a table."""

    def __init__(self, before: Side, after: Side) -> None:
        self.sides = (_timeless(before), _timeless(after))
        self.ground = ground(before, after)
        entries = [side.agreement.life.entry for side in self.sides]
        self.as_if_in_force = not all(isinstance(entry, date) for entry in entries)

    def judged(self, table: Table) -> tuple[Readings, Readings]:
        one, two = (
            readings(side.agreement, [r.head.id for r in side.rules], table, self.ground.parties, as_if_in_force=self.as_if_in_force)
            for side in self.sides
        )
        return one, two

    def witness(self, tried: Tried) -> Witness | None:
        """The table judged by itself, if the verdicts differ."""
        one, two = self.judged(tried.table(self.ground.base))
        differing = _differing(one, two, tried.event)
        if not differing:
            return None
        key, direction = _gravest(differing)
        said = one.get(key, NOTHING), two.get(key, NOTHING)
        modal = self._is_duty()
        words = tuple(_said(word, duty=modal) for word in said)
        sentence = f"{_events(tried.rows, duty=modal)}: {words[0]} in A, {words[1]} in B"
        return Witness(sentence, tried.rows, key.bearer, words[0], words[1], direction)

    def _is_duty(self) -> bool:
        return any(isinstance(r, Duty | RecurringDuty) for side in self.sides for r in side.rules)

    def stands_alone(self) -> bool:
        """Whether tables can be judged together: each act says which event it is about."""
        for side in self.sides:
            for rule in side.rules:
                if isinstance(rule, Duty) and rule.occasion is not None:
                    acts = [rule.act, *(e.act for e in rule.exceptions), *([rule.consequence.act] if rule.consequence else [])]
                    if not all(any(isinstance(who, EventVar) for _, who in act.roles) for act in acts):
                        return False
        return True


def _timeless(side: Side) -> Side:
    """The same rules where a count holds until another is told: a table tells each once, and is looked at long after."""
    evidence = replace(side.agreement.evidence, counts_hold=None, changes="closed")
    return replace(side, agreement=replace(side.agreement, evidence=evidence))


def _suspects(court: _Court, tried: Sequence[Tried]) -> Iterator[Tried]:
    """Tables on which the drafts seem to differ; those about single events are all judged in one go."""
    together = [t for t in tried if t.event] if court.stands_alone() else []
    if together:
        base = court.ground.base
        spots = {word: spot for t in together for word, spot in t.spots.items()}
        rows = tuple(row for t in together for row in t.rows)
        one, two = court.judged(Table(rows, spots, together[0].table(base).as_of))
        seen: set[Direction] = set()
        for t in together:
            differing = _differing(one, two, t.event)
            if differing and (direction := _gravest(differing)[1]) not in seen:
                seen.add(direction)
                yield t
    yield from [t for t in tried if t not in together]


def _differing(one: Readings, two: Readings, event: str) -> dict[Key, Direction]:
    """Each case on which the drafts differ, and in which direction."""
    found = {}
    for key in one.keys() | two.keys():
        if event and key.occasion != event.casefold():
            continue
        a, b = one.get(key, NOTHING), two.get(key, NOTHING)
        if a in NO_BREACH and b == BREACHED:
            found[key] = Direction.TIGHTENED
        elif a == BREACHED and b in NO_BREACH:
            found[key] = Direction.LOOSENED
        elif a != b and LEFT_OPEN in (a, b):
            found[key] = Direction.OTHER
    return found


def _gravest(differing: Mapping[Key, Direction]) -> tuple[Key, Direction]:
    """The case to name, and the direction of all together."""
    ordered = sorted(differing, key=lambda k: (differing[k] is Direction.OTHER, k.is_consequence, k.bearer, k.recipient))
    ways = set(differing.values())
    both = {Direction.TIGHTENED, Direction.LOOSENED} <= ways
    return ordered[0], Direction.BOTH if both else differing[ordered[0]]


# ---- in words -----------------------------------------------------------------------------


def _said(word: str, *, duty: bool) -> str:
    if duty:
        return "nothing is owed" if word == NOTHING else word
    return "forbidden" if word == BREACHED else "allowed" if word in NO_BREACH else word


def _events(rows: Sequence[Row], *, duty: bool) -> str:
    """The rows in a sentence: the first with its fields, then what was done about it."""
    if not rows:
        return "nothing is done"
    first, *rest = rows
    alike = [r for r in rest if r["kind"] == first["kind"]]
    others = [r for r in rest if r["kind"] != first["kind"] and r.get("value") != "0"]
    said = _one(first, times=duty or first["kind"] == "inventory") if not alike else f"{len(alike) + 1} such: {_one(first, times=False)}"
    if others:
        done = [_one(r, times=True) for r in others[:_MOST_NAMED]]
        more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
        return f"{said}; {', '.join(done)}{more}"
    return f"{said}; nothing done about it" if duty and first.get("event", "").startswith(first["kind"]) and not alike else said


_MOST_NAMED = 3
_TIMES = ("received", "given", "made", "start", "from", "as-of")


def _one(row: Row, *, times: bool) -> str:
    article = "an" if row["kind"][0] in "aeiou" else "a"
    stamps = {k: v for k, v in row.items() if "T" in v and v.endswith("Z") and v[:4].isdigit()}
    fields = [f"{k} {_shown(v)}" for k, v in row.items() if k not in ("kind", "event", "party", "about") and k not in stamps]
    if times and stamps:
        name = next((t for t in _TIMES if t in stamps), next(iter(stamps)))
        fields.append(f"{name} {_time(stamps[name])}")
    actor = f" of {row['party']}" if "party" in row else ""
    return f"{article} {row['kind']}{actor}" + (f", {', '.join(fields)}" if fields else "")


def _shown(value: str) -> str:
    number, _, unit = value.partition(" ")
    if number.isdigit():
        if unit == "m" and int(number) >= 1000:
            return f"{int(number) / 1000:,.10g} km"
        return f"{int(number):,}" + (f" {unit}" if unit else "")
    return value


def _time(stamp: str) -> str:
    return stamp[:10] if stamp.endswith("T12:00Z") else stamp.replace("T", " ").replace("Z", " UTC")
