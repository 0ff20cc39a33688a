"""What one account says of each instance of a duty or a prohibition.

Source: docs/explanation/semantics.md, sections 3 to 6; the order of the lines in
`Duty` and `Prohibition` is the order of its tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from detente.agreement.clause import (
    Act,
    Agreement,
    And,
    Anyone,
    AnyOther,
    Compare,
    Condition,
    Constant,
    Deadline,
    Done,
    Duty,
    EventVar,
    EveryOther,
    FieldOf,
    Head,
    Is,
    IsIn,
    LeftOpen,
    Moment,
    Not,
    Or,
    Parties,
    PartyVar,
    Placed,
    Prohibition,
    Role,
)
from detente.model.verdict import Vote

from .days import shift
from .hold import MAYBE, NO, YES, Box, Held, Telling, ref
from .life import Life, Span, is_member
from .rows import EARLIEST, LATEST, TICK, above, below, day_end, day_start, greatest, least, local_date


@dataclass(frozen=True)
class Scene:
    """One account, ready to be asked: its version, its life, and the question's dates."""

    agreement: Agreement
    told: Telling
    life: Life
    zone: ZoneInfo
    as_of: datetime
    left_open: float = MAYBE


@dataclass(frozen=True)
class Cast:
    """Who and what the variables stand for in one instance."""

    bearer: str
    bearer_var: str
    recipient: str | None = None
    kind: str | None = None
    event: str | None = None
    var: str = ""
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Search:
    """How a search for an act ended: what it found, by when it was due, whether it came late instead."""

    found: float
    due: Span
    late: float = NO


def all_of(values: Iterable[float]) -> float:
    return min(values, default=YES)


def any_of(values: Iterable[float]) -> float:
    return max(values, default=NO)


# ---- who --------------------------------------------------------------------------


def members(scene: Scene, parties: Parties) -> list[str]:
    """Everyone who is ever among them."""
    if parties.names:
        return list(parties.names)
    if parties.group is None:
        return list(scene.agreement.parties)
    return sorted({m.member for m in scene.agreement.groups[parties.group].members})


def among(scene: Scene, parties: Parties, name: str, moment: Span) -> float:
    if parties.names:
        return YES if name in parties.names else NO
    if parties.group is None:
        return YES if name in scene.agreement.parties else NO
    return is_member(scene.agreement.groups[parties.group], name, moment, scene.zone)


def occasion(scene: Scene, cast: Cast) -> Held | None:
    return scene.told.hold(cast.kind, cast.event) if cast.kind and cast.event else None


def happens(scene: Scene, cast: Cast) -> Span:
    """When the occasion is."""
    held = occasion(scene, cast)
    f = scene.told.kinds[cast.kind].happens if cast.kind else None
    if held is None or f is None:
        return EARLIEST, LATEST
    return held.ranges[f].low, held.ranges[f].high  # type: ignore[return-value]


def party_named(scene: Scene, cast: Cast, var: str) -> str | None:
    """The party that a variable stands for in this account; None where it is unknown."""
    if var in ("", cast.bearer_var):
        return cast.bearer
    held = occasion(scene, cast)
    for f, who in cast.roles:
        if held and isinstance(who, PartyVar) and who.name == var:
            return held.words[f].word
    return None


def fills(scene: Scene, cast: Cast, who: Any, held: Held, f: str) -> float:
    """Whether the field is filled as the role asks."""
    word = held.words[f].word
    if isinstance(who, Anyone):
        return YES
    if isinstance(who, EventVar):
        return MAYBE if word is None else YES if ref(word) == ref(cast.event) else NO
    if isinstance(who, PartyVar):
        meant = party_named(scene, cast, who.name)
    elif isinstance(who, EveryOther) and cast.recipient is not None:
        meant = cast.recipient
    elif isinstance(who, Parties):
        return MAYBE if word is None else among(scene, who, word, happens(scene, cast))
    else:  # any other party
        if word is None:
            return MAYBE
        return YES if word != cast.bearer and word in scene.agreement.parties else NO
    if word is None or meant is None:
        return MAYBE
    return YES if word == meant else NO


# ---- conditions -------------------------------------------------------------------


def truth(scene: Scene, cast: Cast, condition: Condition | None, *, excuse: bool = False) -> float:
    """A condition in this account. In an excuse what nobody of the account claims is false."""
    if condition is None:
        return NO if excuse else YES
    if isinstance(condition, And):
        return all_of(truth(scene, cast, c, excuse=excuse) for c in condition.items)
    if isinstance(condition, Or):
        return any_of(truth(scene, cast, c, excuse=excuse) for c in condition.items)
    if isinstance(condition, Not):
        return 1 - truth(scene, cast, condition.item, excuse=excuse)
    if isinstance(condition, Done):
        return done(scene, cast, condition, excuse=excuse)
    if isinstance(condition, Placed):
        return scene.left_open if isinstance(condition.place, LeftOpen) else MAYBE
    if isinstance(condition, IsIn) and isinstance(condition.term, PartyVar):
        return _in_group(scene, cast, condition, party_named(scene, cast, condition.term.name))
    term = condition.term
    assert isinstance(term, FieldOf)
    held = occasion(scene, cast)
    assert held is not None
    kind = scene.told.kinds[cast.kind or ""]
    of = kind.fields[term.field]
    if isinstance(condition, Compare) and isinstance(condition.value, LeftOpen):
        return scene.left_open
    spoken = held.ranges[term.field].spoken if of.is_ordered else held.words[term.field].spoken
    if excuse and not spoken:
        return NO
    if isinstance(condition, IsIn):
        return _in_group(scene, cast, condition, held.words[term.field].word)
    if isinstance(condition, Is):
        if of.is_ordered:
            wanted = 1.0 if condition.value is None else float(of.levels.index(condition.value))
            bounds = held.ranges[term.field]
            return compare("equal to", (bounds.low, bounds.high), (wanted, wanted))
        word = held.words[term.field].word
        return MAYBE if word is None else YES if word == condition.value else NO
    value = condition.value
    if not of.is_ordered:
        word = held.words[term.field].word
        same = MAYBE if word is None else YES if isinstance(value, Constant) and word == value.value else NO
        return same if condition.op == "equal to" else 1 - same
    bounds = held.ranges[term.field]
    left = bounds.low, bounds.high
    if isinstance(value, Moment):
        return compare_day(condition.op, left, (day_start(value.day, scene.zone), day_end(value.day, scene.zone)))
    if isinstance(value, FieldOf):
        other = held.ranges[value.field]
        if excuse and not other.spoken:
            return NO
        return compare(condition.op, left, (other.low, other.high))
    assert isinstance(value, Constant)
    number = float(value.value)
    return compare(condition.op, left, (number, number))


def compare(op: str, left: tuple[Any, Any], right: tuple[Any, Any]) -> float:
    """Certain when every pair of values within the bounds satisfies it, possible when one does."""
    (a, b), (c, d) = left, right
    if op == "at least":
        return YES if a >= d else MAYBE if b >= c else NO
    if op == "more than":
        return YES if a > d else MAYBE if b > c else NO
    if op == "at most":
        return compare("at least", right, left)
    if op == "less than":
        return compare("more than", right, left)
    equal = YES if a == b == c == d else MAYBE if a <= d and c <= b else NO
    return equal if op == "equal to" else 1 - equal


def compare_day(op: str, left: tuple[Any, Any], day: Span) -> float:
    """A time against a date: any moment of that day is that date."""
    first, last = day
    if op == "at least":
        return compare("at least", left, (first, first))
    if op == "at most":
        return compare("at most", left, (last, last))
    if op == "more than":
        return compare("more than", left, (last, last))
    if op == "less than":
        return compare("less than", left, (first, first))
    inside = min(compare_day("at least", left, day), compare_day("at most", left, day))
    return inside if op == "equal to" else 1 - inside


def _in_group(scene: Scene, cast: Cast, condition: IsIn, name: str | None) -> float:
    if isinstance(condition.group, LeftOpen):
        return scene.left_open
    if name is None:
        return MAYBE
    on = (day_start(condition.on, scene.zone), day_end(condition.on, scene.zone)) if condition.on else happens(scene, cast)
    return is_member(scene.agreement.groups[condition.group], name, on, scene.zone)


def done(scene: Scene, cast: Cast, wish: Done, *, excuse: bool) -> float:
    """Whether those who must have done it have."""
    if isinstance(wish.by, PartyVar):
        name = party_named(scene, cast, wish.by.name)
        return MAYBE if name is None else _done_by(scene, cast, wish, name, excuse=excuse)
    if isinstance(wish.by, Parties):
        people = [(p, among(scene, wish.by, p, happens(scene, cast))) for p in members(scene, wish.by)]
    else:
        people = [(p, YES) for p in scene.agreement.parties if p != cast.bearer]
    if not isinstance(wish.by, AnyOther):
        people = [(p, min(sure, scene.life.binds(p, happens(scene, cast)))) for p, sure in people]
    if wish.every:
        return all_of(max(1 - sure, _done_by(scene, cast, wish, p, excuse=excuse)) for p, sure in people)
    return any_of(min(sure, _done_by(scene, cast, wish, p, excuse=excuse)) for p, sure in people)


def _done_by(scene: Scene, cast: Cast, wish: Done, party: str, *, excuse: bool) -> float:
    kind = scene.told.kinds[wish.kind]
    latest: Span = (LATEST, LATEST)
    held_x = occasion(scene, cast)
    if wish.before is not None and held_x is not None:
        bounds = held_x.ranges[wish.before.field]
        latest = _tick_earlier(bounds.low), _tick_earlier(bounds.high)
    best = NO
    for event in scene.told.events(wish.kind):
        held = scene.told.hold(wish.kind, event)
        if excuse and not held.mentioned:
            continue
        word = held.words["party"].word
        ok = min(held.existence, MAYBE if word is None else YES if word == party else NO)
        if wish.about is not None:
            ok = min(ok, fills(scene, cast, wish.about, held, "about"))
        if wish.before is not None and kind.happens:
            at = held.ranges[kind.happens]
            ok = min(ok, compare("at most", (at.low, at.high), latest))
        best = max(best, ok)
    if best == NO and not excuse:
        words = {"party": party} | ({"about": cast.event} if wish.about and cast.event else {})
        span: Span = (EARLIEST, latest[1])
        if not scene.told.closed(wish.kind, Box(words, {kind.happens: span} if kind.happens else {}, span)):
            return MAYBE
    return best


def _tick_earlier(moment: Any) -> datetime:
    return moment if moment in (EARLIEST, LATEST) else moment - TICK  # type: ignore[no-any-return]


# ---- the trigger ------------------------------------------------------------------


def trigger(scene: Scene, cast: Cast, where: Condition | None, bearers: Parties) -> float:
    """Whether the occasion is there: existence, roles, `where`."""
    held = occasion(scene, cast)
    if held is None:
        return YES
    filled = all_of(fills(scene, cast, who, held, f) for f, who in cast.roles)
    return min(held.existence, filled, among(scene, bearers, cast.bearer, happens(scene, cast)), truth(scene, cast, where))


# ---- duties -----------------------------------------------------------------------


def due_time(scene: Scene, cast: Cast, deadline: Deadline, overdue: Span | None = None) -> tuple[Span, Span]:
    """(the earliest moment that counts, the last moment in time), each between two bounds."""
    of = deadline.anchor.of
    if overdue is not None:
        anchor = overdue
    elif isinstance(of, FieldOf):
        held = occasion(scene, cast)
        assert held is not None
        anchor = (held.ranges[of.field].low, held.ranges[of.field].high)  # type: ignore[assignment]
    elif isinstance(of, Moment):
        anchor = (day_start(of.day, scene.zone), day_end(of.day, scene.zone))
    else:
        anchor = scene.life.entry()
    if deadline.relation == "by":
        last = anchor[1] if isinstance(of, Moment) else anchor[0]
        return (EARLIEST, EARLIEST), (last, anchor[1])
    if deadline.duration is None:
        return (EARLIEST, EARLIEST), (_tick_earlier(anchor[0]), _tick_earlier(anchor[1]))
    sign = -1 if deadline.relation == "before" else 1
    due = shift(anchor[0], deadline.duration, sign, scene.zone), shift(anchor[1], deadline.duration, sign, scene.zone)
    if deadline.relation == "before":
        return (EARLIEST, EARLIEST), due
    if isinstance(of, Moment) and overdue is None:
        # "within N days after 1 March": the date is a day, and the hours after it run from its end
        due = (due[1], due[1])
        anchor = (anchor[0], anchor[0])
    return anchor, due


def search(scene: Scene, cast: Cast, head: Head, act: Act, deadline: Deadline, overdue: Span | None = None) -> Search:
    """Whether the act was performed in time, in this account."""
    opens, due = due_time(scene, cast, deadline, overdue)
    bound = scene.life.start(cast.bearer, head)
    opens = max(opens[0], bound[0]), max(opens[1], bound[1])
    roles = dict(act.roles)
    roles.setdefault("party", PartyVar(cast.bearer_var))
    words = {f: word for f, who in roles.items() if (word := _word_for(scene, cast, who)) is not None}
    span: Span = (opens[0], due[1])
    closed = scene.told.closed(act.kind, Box(words, {act.counts_at: span}, span))
    found = late = NO
    for event in scene.told.events(act.kind):
        held = scene.told.hold(act.kind, event)
        if closed and not held.by_name:
            continue  # it would have to lie in the box, where silence means no
        fit = min(held.existence, all_of(fills(scene, cast, who, held, f) for f, who in roles.items()))
        at = held.ranges[act.counts_at]
        counted = (at.low, at.high)
        begun = _day_aware_at_least(scene, counted, opens, deadline)
        in_time = min(compare("at most", counted, due), compare("at most", counted, (scene.as_of, scene.as_of)))
        found = max(found, min(fit, begun, in_time))
        after = compare("more than", counted, due)
        late = max(late, min(fit, after, compare("at most", counted, (scene.as_of, scene.as_of))))
    if found == NO and not closed:
        found = MAYBE
    if found == NO and due[1] == EARLIEST:
        found = MAYBE  # counted from an entry into force that has no date: nothing can be overdue
    return Search(found, due, late)


def _day_aware_at_least(scene: Scene, counted: tuple[Any, Any], opens: Span, deadline: Deadline) -> float:
    """Not before the search opens; under a rule in days the local dates are compared."""
    if deadline.relation == "within" and deadline.duration is not None and deadline.duration.is_calendar:
        opens = _midnight(scene, opens[0]), _midnight(scene, opens[1])
    return compare("at least", counted, opens)


def _midnight(scene: Scene, moment: datetime) -> datetime:
    return moment if moment in (EARLIEST, LATEST) else day_start(local_date(moment, scene.zone), scene.zone)


def _word_for(scene: Scene, cast: Cast, who: Any) -> str | None:
    """The one word that a role asks for, where it asks for one."""
    if isinstance(who, PartyVar):
        return party_named(scene, cast, who.name)
    if isinstance(who, EventVar):
        return cast.event
    if isinstance(who, EveryOther):
        return cast.recipient
    if isinstance(who, Parties) and len(who.names) == 1:
        return who.names[0]
    return None


def performed(scene: Scene, cast: Cast, duty: Duty) -> Search:
    """The performance that the rule, or the first exception that applies, asks for."""
    result = search(scene, cast, duty.head, duty.act, duty.deadline)
    for exception in reversed(duty.exceptions):
        applies = truth(scene, cast, exception.where, excuse=True)
        other = search(scene, cast, duty.head, exception.act, exception.deadline)
        if applies == YES:
            result = other
        elif applies == MAYBE:
            both = result.found if result.found == other.found else MAYBE
            due = min(result.due[0], other.due[0]), max(result.due[1], other.due[1])
            result = Search(both, due, min(result.late, other.late))
    return result


def duty_vote(scene: Scene, cast: Cast, duty: Duty) -> tuple[Vote, Search]:
    result = performed(scene, cast, duty)
    there = trigger(scene, cast, duty.occasion.where if duty.occasion else None, duty.bearers)
    moment = happens(scene, cast) if duty.occasion else search(scene, cast, duty.head, duty.act, duty.deadline).due
    bound = _bound(scene, cast, duty.head, moment)
    if duty.occasion and duty.deadline.relation == "before":
        bound = min(bound, _bound(scene, cast, duty.head, due_time(scene, cast, duty.deadline)[1]))
    excuse = truth(scene, cast, duty.unless, excuse=True)
    return vote(scene, there, bound, excuse, result, moment if duty.occasion else None), result


def _bound(scene: Scene, cast: Cast, head: Head, moment: Span) -> float:
    """Whether the bearer and, where one is named, the recipient are bound."""
    bound = scene.life.binds(cast.bearer, moment, head)
    return min(bound, scene.life.binds(cast.recipient, moment)) if cast.recipient else bound


def vote(scene: Scene, there: float, bound: float, excuse: float, result: Search, moment: Span | None) -> Vote:
    """The table of a duty, line by line."""
    owed = min(there, bound)
    if there == NO:
        return Vote.NOT_TRIGGERED
    if bound == NO:
        return Vote.NOT_BOUND
    if excuse == YES and owed < YES:
        return Vote.NOT_TRIGGERED
    if YES in (result.found, excuse):
        return Vote.KEPT
    ahead = result.due[0] > scene.as_of or (moment is not None and moment[0] > scene.as_of)
    if ahead:
        return Vote.NOT_DUE
    over = result.due[1] <= scene.as_of and (moment is None or moment[1] <= scene.as_of)
    if owed == YES and excuse == NO and result.found == NO and over:
        return Vote.BREACHED
    return Vote.OPEN


def consequence_vote(scene: Scene, cast: Cast, duty: Duty) -> Vote:
    """The `else` of a duty: owed where the first is breached in this account."""
    after = duty.consequence
    assert after is not None
    first, result = duty_vote(scene, cast, duty)
    there = {Vote.BREACHED: YES, Vote.OPEN: MAYBE}.get(first, NO)
    if first == Vote.NOT_BOUND:
        return Vote.NOT_BOUND
    if there == NO:
        return Vote.NOT_TRIGGERED
    bearer = party_named(scene, cast, after.bearer.name) or cast.bearer
    own = replace(cast, bearer=bearer, bearer_var=after.bearer.name)
    if after.deadline is None:
        deadline = Deadline("by", None, duty.deadline.anchor)
        found = replace(search(scene, own, duty.head, after.act, deadline, (LATEST, LATEST)), due=(LATEST, LATEST))
    else:
        found = search(scene, own, duty.head, after.act, after.deadline, result.due)
    return vote(scene, there, YES, NO, found, None)


# ---- prohibitions -----------------------------------------------------------------


def prohibition_vote(scene: Scene, cast: Cast, rule: Prohibition) -> Vote:
    moment = happens(scene, cast)
    there = trigger(scene, cast, rule.occasion.where, rule.bearers)
    bound = scene.life.binds(cast.bearer, moment, rule.head)
    excuse = truth(scene, cast, rule.unless, excuse=True)
    if there == NO:
        return Vote.NOT_TRIGGERED
    if bound == NO:
        return Vote.NOT_BOUND
    if excuse == YES:
        return Vote.KEPT if min(there, bound) == YES else Vote.NOT_TRIGGERED
    if moment[0] > scene.as_of:
        return Vote.NOT_DUE
    if min(there, bound) == YES and excuse == NO and moment[1] <= scene.as_of:
        return Vote.BREACHED
    return Vote.OPEN


def holds_occasion(scene: Scene, cast: Cast, rule: Prohibition) -> bool:
    there = trigger(scene, cast, rule.occasion.where, rule.bearers)
    return min(there, scene.life.binds(cast.bearer, happens(scene, cast), rule.head)) > NO


def standing_vote(scene: Scene, casts: Mapping[str, Cast], own: AbstractSet[str], rule: Prohibition, bearer: str) -> Vote:
    """Whether nothing of the sort happened beyond the occasions that have instances of their own.

    `own` are the events for which somebody names the bearer; another may be its doing too, and keeps it from being kept.
    """
    held = {event for event, cast in casts.items() if holds_occasion(scene, cast, rule)}
    if held & own:
        return Vote.NOT_TRIGGERED
    start = scene.life.start(bearer, rule.head)
    end = scene.life.end(bearer, rule.head)
    if among(scene, rule.bearers, bearer, (start[0], scene.as_of)) == NO:
        return Vote.NOT_TRIGGERED  # not a member until now
    if start[0] > scene.as_of or start[0] == LATEST or end[1] <= start[0]:
        return Vote.NOT_BOUND
    kind = scene.told.kinds[rule.occasion.kind]
    words: dict[str, str] = {}
    for f, who in rule.occasion.roles:
        word = bearer if isinstance(who, PartyVar) and who.name == rule.bearer.name else None
        if isinstance(who, Parties) and len(who.names) == 1:
            word = who.names[0]
        if word is not None:
            words[f] = word
    words.setdefault("party", bearer)
    ranges: dict[str, tuple[Any, Any]] = {}
    _simple(scene, rule.occasion.kind, rule.occasion.where, words, ranges)
    span: Span = (start[0], min(end[1], scene.as_of))
    if kind.happens:
        low, high = ranges.get(kind.happens, (EARLIEST, LATEST))
        span = max(low, start[0]), min(high, end[1], scene.as_of)
        ranges[kind.happens] = span
    closed = scene.told.closed(rule.occasion.kind, Box(words, ranges, span))
    return Vote.KEPT if closed and not held else Vote.OPEN


def _simple(scene: Scene, kind: str, where: Condition | None, words: dict[str, str], ranges: dict[str, tuple[Any, Any]]) -> None:
    """The `where`'s words and ranges that every such event meets; whatever else it says is left out of the box."""
    if isinstance(where, And):
        for item in where.items:
            _simple(scene, kind, item, words, ranges)
    elif isinstance(where, Is) and isinstance(where.term, FieldOf):
        of = scene.told.kinds[kind].fields[where.term.field]
        if of.is_ordered:
            wanted = 1.0 if where.value is None else float(of.levels.index(where.value))
            _narrow(ranges, where.term.field, of, wanted, wanted)
        elif where.value is not None:
            words[where.term.field] = where.value
    elif isinstance(where, Compare) and isinstance(where.value, Constant | Moment):
        of = scene.told.kinds[kind].fields[where.term.field]
        if not of.is_ordered:
            if where.op == "equal to" and isinstance(where.value, Constant):
                words[where.term.field] = str(where.value.value)
            return
        if isinstance(where.value, Moment):
            first: Any = day_start(where.value.day, scene.zone)
            last: Any = day_end(where.value.day, scene.zone)
        else:
            first = last = float(where.value.value)
        low, high = least(of), greatest(of)
        limits: Mapping[str, tuple[Any, Any]] = {
            "at least": (first, high),
            "at most": (low, last),
            "more than": (above(last, of), high),
            "less than": (low, below(first, of)),
            "equal to": (first, last),
            "not equal to": (low, high),
        }
        _narrow(ranges, where.term.field, of, *limits[where.op])


def _narrow(ranges: dict[str, tuple[Any, Any]], f: str, of: Any, low: Any, high: Any) -> None:
    before = ranges.get(f, (least(of), greatest(of)))
    ranges[f] = max(before[0], low), min(before[1], high)
