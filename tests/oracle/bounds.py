"""What one account says of a ceiling or a floor, instant by instant.

Source: docs/explanation/semantics.md, section 4 (Ceiling and floor).
"""

from __future__ import annotations

import math
from datetime import datetime

from detente.agreement.clause import Bound, Constant, Summand
from detente.model.verdict import Vote

from .days import first_free
from .decide import Cast, Scene, truth
from .hold import MAYBE, NO, YES, Box, Held, ref
from .life import Span, is_member
from .rows import EARLIEST, LATEST, TICK, day_end, day_start, local_date

Interval = tuple[float, float]
ANYTHING: Interval = (0.0, math.inf)


def hull(a: Interval, b: Interval) -> Interval:
    return min(a[0], b[0]), max(a[1], b[1])


def change_points(scene: Scene, rule: Bound, bound: dict[str, str]) -> set[datetime]:
    """Every instant at which something this rule looks at may change in this account."""
    points: set[datetime] = set()
    told = scene.told
    for event in told.events("inventory") if "inventory" in told.kinds else []:
        held = told.hold("inventory", event)
        if held.mentioned and held.existence > NO:
            since = _effective(scene, held)
            until = _until(scene, held, since)
            points |= {*since, until}
            if until != LATEST:
                points.add(until + TICK)
            if scene.agreement.evidence.changes == "open" and since[1] != LATEST:
                points.add(since[1] + TICK)
    for event in told.events("change") if "change" in told.kinds else []:
        held = told.hold("change", event)
        if held.mentioned and held.existence > NO:
            points |= {held.ranges["at"].low, held.ranges["at"].high}  # type: ignore[arg-type]
    for summand in rule.summands:
        kind = told.kinds[summand.kind]
        if kind.genus == "thing":
            for event in told.events(summand.kind):
                held = told.hold(summand.kind, event)
                for f in ("from", "until"):
                    if f in held.ranges and held.existence > NO:
                        points |= {held.ranges[f].low, held.ranges[f].high}  # type: ignore[arg-type]
                        if held.ranges[f].high != LATEST:
                            points.add(held.ranges[f].high + TICK)  # type: ignore[operator]
                        if held.ranges[f].low != LATEST:
                            points.add(held.ranges[f].low + TICK)  # type: ignore[operator]
            for one in told.evidence.complete:
                if one.kind == summand.kind:
                    points.add(one.span[0])
                    if one.span[1] != LATEST:
                        points.add(one.span[1] + TICK)
            for row in told.rows:
                if row.kind == summand.kind and row.event is None:
                    for low, high in (r for f, r in row.ranges.items() if kind.fields[f].type == "time"):
                        points |= {low, *(() if high == LATEST else (high + TICK,))}
    for binder in rule.binders:
        if binder.over.group:
            for m in scene.agreement.groups[binder.over.group].members:
                points |= {day_start(d, scene.zone) for d in (m.since, m.until) if d}
    party = bearer_of(rule, bound)
    points |= {*scene.life.start(party, rule.head), *scene.life.end(party, rule.head)}
    if scene.life.stated and scene.agreement.life.suspension:
        for _, held in scene.life._notices("suspension", party):
            points |= {held.ranges["start"].low, held.ranges["start"].high}  # type: ignore[arg-type]
            if held.ranges["end"].spoken and held.ranges["end"].high != LATEST:
                points |= {held.ranges["end"].low + TICK, held.ranges["end"].high + TICK}  # type: ignore[operator]
    return {p for p in points if p not in (EARLIEST, LATEST)}


def first_values(scene: Scene, rule: Bound) -> set[datetime]:
    """When the account first holds any count or item: a rule without a start of its own is judged from the first of them."""
    told = scene.told
    found: set[datetime] = set()
    for kind, f in (("inventory", "as-of"), *((s.kind, "from") for s in rule.summands)):
        if kind in told.kinds and f in told.kinds[kind].fields:
            for event in told.events(kind):
                held = told.hold(kind, event)
                if held.mentioned and held.existence > NO:
                    found.add(_effective(scene, held)[0] if kind == "inventory" else held.ranges[f].low)  # type: ignore[arg-type]
    return {p for p in found if p not in (EARLIEST, LATEST)}


def bearer_of(rule: Bound, bound: dict[str, str]) -> str:
    parties = [bound[b.var] for b in rule.binders if b.sort == "Party"]
    return parties[0] if parties else next(iter(bound.values()), "")


def spell_vote(scene: Scene, rule: Bound, bound: dict[str, str], spell: Span) -> Vote:
    """The vote for a spell in which nothing changes."""
    party = bearer_of(rule, bound)
    for binder in rule.binders:
        if binder.over.group and is_member(scene.agreement.groups[binder.over.group], bound[binder.var], spell, scene.zone) == NO:
            return Vote.NOT_TRIGGERED
    in_force = scene.life.binds(party, spell, rule.head) if party else YES
    if in_force == NO:
        return Vote.NOT_BOUND
    excuse = truth(scene, Cast(party, ""), rule.unless, excuse=True)
    if excuse == YES:
        return Vote.KEPT
    if not isinstance(rule.limit, Constant):
        return Vote.OPEN
    low, high = quantity(scene, rule, bound, spell)
    limit = float(rule.limit.value)
    kept, broken = (high <= limit, low > limit) if rule.op == "at most" else (low >= limit, high < limit)
    if kept:
        return Vote.KEPT
    return Vote.BREACHED if broken and excuse == NO and in_force == YES else Vote.OPEN


def quantity(scene: Scene, rule: Bound, bound: dict[str, str], spell: Span) -> Interval:
    parts = [_summand(scene, s, bound, spell) for s in rule.summands]
    return sum(p[0] for p in parts), sum(p[1] for p in parts)


def _summand(scene: Scene, summand: Summand, bound: dict[str, str], spell: Span) -> Interval:
    stock = _stock(scene, summand, bound, spell) if summand.where is None else None
    return _items(scene, summand, bound, spell) if stock is None else stock


# ---- inventories and changes --------------------------------------------------------


def _effective(scene: Scene, held: Held) -> Span:
    """When an inventory counts from: one dated by day counts as of the end of that day."""
    at = held.ranges["as-of"]
    low, high = at.low, at.high
    if low not in (EARLIEST, LATEST) and high not in (EARLIEST, LATEST):
        day = local_date(low, scene.zone)  # type: ignore[arg-type]
        if (low, high) == (day_start(day, scene.zone), day_end(day, scene.zone)):
            return high, high  # type: ignore[return-value]
    return low, high  # type: ignore[return-value]


def _until(scene: Scene, held: Held, since: Span) -> datetime:
    """The last instant at which the inventory still counts for certain."""
    until = LATEST
    if held.ranges["until"].spoken:
        until = held.ranges["until"].low  # type: ignore[assignment]
        high = held.ranges["until"].high
        if until != EARLIEST and high != LATEST and local_date(until, scene.zone) == local_date(high, scene.zone):  # type: ignore[arg-type]
            until = high  # type: ignore[assignment] # dated by day: it counts through that day
    if scene.agreement.evidence.counts_hold and since[0] not in (EARLIEST, LATEST):
        until = min(until, first_free(since[0], scene.agreement.evidence.counts_hold, scene.zone) - TICK)
    return until


def _of_stock(summand: Summand, bound: dict[str, str], held: Held) -> float:
    """Whether an inventory or a change is about this stock."""
    name = summand.kind if summand.field is None else f"{summand.kind}.{summand.field}"
    sure = held.existence
    wanted = {"of": name}
    if summand.of:
        wanted["party"] = bound[summand.of]
    if summand.on:
        wanted["on"] = bound[summand.on]
    elif held.words["on"].word is not None:
        return NO  # a part of the stock is not the stock
    for f, word in wanted.items():
        has = held.words[f].word
        sure = min(sure, MAYBE if has is None else YES if ref(has) == word else NO)
    return sure


def _stock(scene: Scene, summand: Summand, bound: dict[str, str], spell: Span) -> Interval | None:
    """The latest accepted inventory and the changes since; None where there is no inventory."""
    if "inventory" not in scene.told.kinds:
        return None
    counts = []
    for event in scene.told.events("inventory"):
        held = scene.told.hold("inventory", event)
        sure = _of_stock(summand, bound, held) if held.mentioned else NO
        since = _effective(scene, held)
        there = min(sure, YES if since[1] <= spell[0] else MAYBE if since[0] <= spell[0] else NO)
        if there > NO:
            counts.append((since, scene.told.rank("inventory", event), event, held, there))
    counts.sort(key=lambda c: (c[0][1], c[0][0], -c[1], c[2]), reverse=True)
    if not counts:
        return None
    return _latest(scene, summand, bound, spell, counts)


def _latest(scene: Scene, summand: Summand, bound: dict[str, str], spell: Span, counts: list) -> Interval:  # type: ignore[type-arg]
    if not counts:
        return _items(scene, summand, bound, spell)
    since, rank, _, held, there = counts[0]
    value = _counted(scene, summand, bound, spell, since, held)
    rest = counts[1:]
    for other in rest:
        same_moment = other[0] == since and other[1] == rank
        crossing = other[0] != since and other[0][1] >= since[0]
        if same_moment or crossing:
            value = hull(value, _counted(scene, summand, bound, spell, other[0], other[3]))
    if there == YES:
        return value
    return hull(value, _latest(scene, summand, bound, spell, rest))


def _counted(scene: Scene, summand: Summand, bound: dict[str, str], spell: Span, since: Span, held: Held) -> Interval:
    if spell[0] > _until(scene, held, since):
        return ANYTHING
    if scene.agreement.evidence.changes == "open" and spell[0] > since[0]:
        return ANYTHING
    low, high = max(0.0, held.ranges["value"].low), held.ranges["value"].high  # type: ignore[call-overload]
    for event in scene.told.events("change") if "change" in scene.told.kinds else []:
        change = scene.told.hold("change", event)
        if not change.mentioned:
            continue
        at = change.ranges["at"]
        sure = min(
            _of_stock(summand, bound, change),
            YES if at.high <= spell[0] else MAYBE if at.low <= spell[0] else NO,  # type: ignore[operator]
            YES if _minute(at.low) > _minute(since[1]) else MAYBE if _minute(at.high) > _minute(since[0]) else NO,  # type: ignore[arg-type]
        )
        if sure == NO:
            continue
        by = change.ranges["by"].low, change.ranges["by"].high
        if sure == MAYBE:
            by = min(by[0], 0.0), max(by[1], 0.0)  # type: ignore[call-overload]
        low, high = low + by[0], high + by[1]  # type: ignore[operator]
    return max(low, 0.0), max(high, 0.0)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


# ---- items ---------------------------------------------------------------------------


def _items(scene: Scene, summand: Summand, bound: dict[str, str], spell: Span) -> Interval:
    """Certain items below; no bound above unless the kind is closed."""
    kind = scene.told.kinds[summand.kind]
    if kind.genus == "stock":
        return ANYTHING
    words = {}
    if summand.of:
        words["party"] = bound[summand.of]
    if summand.on:
        words["on"] = bound[summand.on]
    low = high = 0.0
    for event in scene.told.events(summand.kind):
        held = scene.told.hold(summand.kind, event)
        sure = held.existence
        for f, word in words.items():
            has = held.words[f].word
            sure = min(sure, MAYBE if has is None else YES if has == word else NO)
        sure = min(sure, _during(held, spell[0]))
        bearer = bound.get(summand.of or "", "")
        sure = min(sure, truth(scene, Cast(bearer, summand.of or "", None, summand.kind, event, summand.var), summand.where))
        if sure == NO or (not held.mentioned and scene.told.closed_over_described(summand.kind, event, spell)):
            continue
        value = held.ranges[summand.field] if summand.field else None
        if sure == YES:
            low += max(0.0, value.low) if value else 1.0  # type: ignore[call-overload]
        high += value.high if value else 1.0  # type: ignore[operator]
    box = Box(words, {}, spell)
    return low, high if scene.told.closed(summand.kind, box) else math.inf


def _during(held: Held, instant: datetime) -> float:
    """Whether the item is there at that instant; an end that nobody states is no end."""
    begun = ended = YES
    if "from" in held.ranges and held.ranges["from"].spoken:
        f = held.ranges["from"]
        begun = YES if f.high <= instant else MAYBE if f.low <= instant else NO  # type: ignore[operator]
    if "until" in held.ranges and (held.ranges["until"].low, held.ranges["until"].high) != (EARLIEST, LATEST):
        u = held.ranges["until"]
        ended = YES if instant <= u.low else MAYBE if instant <= u.high else NO  # type: ignore[operator]
    return min(begun, ended)
