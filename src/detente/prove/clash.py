"""A duty and a prohibition that bind one Party for one act: whatever it does is a breach.

A prohibition of some such acts only is no clash, since the duty can be done otherwise; nor is one that something
excuses. What an excuse depends on, the histories look at (`histories.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import z3

from detente.agreement.clause import (
    Agreement,
    AnyOther,
    Duty,
    EachPeriod,
    EveryOther,
    Parties,
    PartyVar,
    Prohibition,
    RecurringDuty,
)
from detente.prove.act import acts, after_all, day_to_act, names_of, no_act
from detente.prove.claim import Claim, Undecided
from detente.prove.force import Force, in_force, shifted
from detente.prove.model import event, usual_day
from detente.prove.occasions import Told
from detente.prove.region import Region
from detente.prove.sketch import Row, Sketch, Wanted
from detente.prove.solver import UndecidedError, satisfied
from detente.prove.world import World


@dataclass(frozen=True, slots=True)
class Clash:
    """That `bearer` owes an act, to `recipient` where it names one, that a rule forbids it; `is_excusable`: unless something excuses."""

    duty: Duty | RecurringDuty
    ban: Region
    bearer: str
    recipient: str
    is_excusable: bool


def clashes(world: World, regions: Sequence[Region]) -> tuple[list[Clash], list[Undecided]]:
    """Every duty with every prohibition of its act that leaves no other way to do it; one bearer each, the first in the text."""
    found: list[Clash] = []
    unknown: list[Undecided] = []
    bans = [one for one in regions if isinstance(one.rule, Prohibition)]
    for rule in world.agreement.rules:
        if not isinstance(rule, Duty | RecurringDuty) or rule.voluntary:
            continue
        own = next((one for one in regions if one.rule is rule), None)
        force = in_force(world.agreement, rule.head)
        for ban in bans:
            if ban.occasion.kind != rule.act.kind or not ban.force.meets(force):
                continue
            try:
                for bearer, recipient in _pairs(world, rule, own):
                    if _leaves_no_way(world, rule, ban, force, bearer, recipient):
                        found.append(Clash(rule, ban, bearer, recipient, ban.is_excusable))
                        break
            except UndecidedError as stop:
                unknown.append(Undecided("whether a duty and a prohibition clash", (rule.head.id, ban.id), f"the solver gave up: {stop}"))
    return found, unknown


def _pairs(world: World, rule: Duty | RecurringDuty, own: Region | None) -> Iterator[tuple[str, str]]:
    """Who may owe the act to whom, "" where it is to nobody."""
    agreement = world.agreement
    group = agreement.groups.get(rule.bearers.group) if rule.bearers.group else None
    named = (*rule.bearers.names, *((m.member for m in group.members) if group else ()))
    roles = dict(rule.act.roles)
    for bearer in dict.fromkeys(named or agreement.parties):
        others = [p for p in agreement.parties if p != bearer]
        match roles.get("recipient"):
            case None:
                recipients = [""]
            case Parties(names=(_, *_) as some):
                recipients = list(some)
            case _:
                recipients = others
        for recipient in recipients:
            if own is None or satisfied(
                *own.bounds, own.binds, *(z3.Not(e) for _, e in own.exceptions), *_fixed(own, rule, bearer, recipient)
            ):
                yield bearer, recipient


def _fixed(own: Region, rule: Duty | RecurringDuty, bearer: str, recipient: str) -> list[object]:
    world = own.scope.world
    fixed: list[object] = [own.scope.bearer == world.code(bearer)]
    who = dict(rule.act.roles).get("recipient")
    if isinstance(who, PartyVar) and recipient and who.name in own.scope.parties:
        fixed.append(own.scope.parties[who.name] == world.code(recipient))
    return fixed


def _leaves_no_way(world: World, rule: Duty | RecurringDuty, ban: Region, force: Force, bearer: str, recipient: str) -> bool:
    """Whether every such act, at any time at which both bind, is one that the prohibition looks at."""
    slot = (rule.act.kind, "")
    fixed = [ban.scope.bearer == world.code(bearer)]
    for role, who in (("party", None), *rule.act.roles):
        if role == "party":
            fixed.append(world.fielded(slot, "party") == world.code(bearer))
        elif role == "recipient" and recipient:
            fixed.append(world.fielded(slot, "recipient") == world.code(recipient))
        elif isinstance(who, AnyOther | EveryOther):
            fixed.append(world.fielded(slot, role) != world.code(bearer))
    time = world.fielded(slot, rule.act.counts_at)
    for limit in (force, ban.force) if _may_fall_into(rule, ban, force) else (force,):
        if limit.starts is not None:
            fixed.append(time >= limit.starts.toordinal())
        if limit.ends is not None:
            fixed.append(time < limit.ends.toordinal())
    is_there = satisfied(*ban.bounds, *fixed, ban.meets)
    return is_there is not None and satisfied(*ban.bounds, *fixed, z3.Not(ban.meets)) is None


def _may_fall_into(rule: Duty | RecurringDuty, ban: Region, force: Force) -> bool:
    """Whether all the time for the act can lie in that of the prohibition: it comes back, or is counted from its occasion."""
    if ban.force.holds(force):
        return True
    if isinstance(rule, RecurringDuty):
        return ban.force.ends is None
    return rule.occasion is not None and rule.deadline.relation == "within" and ban.force.ends is None


# ---- in words ----------------------------------------------------------------------------


def duty_forbidden(agreement: Agreement, found: Sequence[Clash], regions: Sequence[Region]) -> Told:
    """The clashes that nothing excuses and no phase delays."""
    for clash in found:
        if clash.is_excusable or clash.ban.rule.head.phases is not None or clash.duty.head.phases is not None:
            continue
        own = next((one for one in regions if one.rule is clash.duty), None)
        done, undone = both_ways(agreement, clash, own, ())
        rule, ban = clash.duty.head.id, clash.ban.id
        yield Claim(
            "duty-forbidden",
            f"rule {rule} demands of {clash.bearer} what rule {ban} forbids it: {clash.duty.act.kind}{' to ' + clash.recipient if clash.recipient else ''}",
            max(clash.duty.head.span, clash.ban.rule.head.span, key=lambda s: (s.line, s.column)),
            "except the act from the prohibition (`unless`), or let the duty begin where the prohibition ends",
            (rule, ban),
            tuple(s for s in (done, undone) if s is not None),
            done.rows if done is not None else (),
        )


def both_ways(
    agreement: Agreement, clash: Clash, own: Region | None, before: tuple[Row, ...], after: date | None = None
) -> tuple[Sketch | None, Sketch | None]:
    """The case in which the Party does its duty, and that in which it does not; both well `after` a day, where one is named."""
    rule, ban = clash.duty, clash.ban
    day = usual_day((in_force(agreement, rule.head), ban.force))
    if after is not None:
        day = max(day, shifted(after, 60))
    rows: tuple[Row, ...] = before
    names: Mapping[str, str] = {}
    kind, cells = "", {}
    if isinstance(rule, Duty) and own is not None:
        met = event([own], own.binds, *(z3.Not(e) for _, e in own.exceptions), *_fixed(own, rule, clash.bearer, clash.recipient), on=day)
        if met is None:
            return None, None
        rows, names = (met.row, *met.deeds, *before), names_of(rule, met.row.cells)
        kind, cells = met.row.kind, dict(met.row.cells)
    due = day_to_act(agreement, rule.deadline, kind, cells) if isinstance(rule, Duty) else _period_day(rule, day)
    if due is None:
        return None, None
    performed = acts(agreement, rule.act, clash.bearer, names, "E-1", due)
    about = next((row.event for row in performed if not clash.recipient or row.cells.get("recipient") == clash.recipient), "A-1")
    done_rows, undone_rows = (*rows, *performed), (*rows, no_act(rule.act, clash.bearer, "E-1"))
    occasion = "E-1" if own is not None else ""
    done = Sketch(
        f"{clash.bearer} does what rule {rule.head.id} demands",
        after_all(done_rows),
        done_rows,
        (Wanted(rule.head.id, occasion, ("kept",), clash.bearer), Wanted(ban.id, about, ("breached",), clash.bearer)),
    )
    undone = Sketch(
        f"{clash.bearer} does what rule {ban.id} demands",
        after_all(undone_rows, due),
        undone_rows,
        (Wanted(rule.head.id, occasion, ("breached",), clash.bearer),),
    )
    return done, undone


def _period_day(rule: RecurringDuty, day: date) -> date:
    """The next due day of a recurring duty, or the day itself where it names none."""
    if isinstance(rule.recurrence, EachPeriod) and rule.recurrence.by:
        by = rule.recurrence.by[0]
        found = date(day.year, by.month, min(by.day, 28 if by.month == 2 else by.day))
        return found if found >= day else found.replace(year=min(day.year + 1, 9998))
    return day
