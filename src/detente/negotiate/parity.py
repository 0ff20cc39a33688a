"""What each party owes and may do, in counts and lists; no score, and no word on whether it is fair."""

from __future__ import annotations

from collections.abc import Iterator

from detente.agreement.clause import (
    Agreement,
    AnyRule,
    BaselineBound,
    Bound,
    Duty,
    Is,
    Parties,
    PartyVar,
    Permission,
    Prohibition,
    RecurringDuty,
    Release,
    Separation,
)
from detente.agreement.wording import nodes
from detente.negotiate.comparison import Share
from detente.negotiate.matching import rules_of
from detente.negotiate.region import members


def shares(agreement: Agreement) -> tuple[Share, ...]:
    """One share for each party of the agreement, in its order."""
    rules = rules_of(agreement)
    return tuple(
        Share(
            party,
            tuple(r.head.id for r in rules if not isinstance(r, Permission | Release) and party in bearers(agreement, r)),
            tuple(r.head.id for r in rules if isinstance(r, Permission) and party in bearers(agreement, r)),
            tuple(id_ for r in rules for id_ in _excuses(agreement, r, party)),
            tuple(id_ for r in rules for id_ in _burdens(agreement, r, party)),
        )
        for party in agreement.parties
    )


def bearers(agreement: Agreement, rule: AnyRule) -> frozenset[str]:
    """The parties that a rule binds, or that it permits something."""
    match rule:
        case Bound(binders=binders) | BaselineBound(binders=binders):
            whose = [b.over for b in binders if b.sort == "Party"]
            named = {i.value for n in nodes(rule) if isinstance(i := n, Is) and i.value in agreement.parties and i.term.field == "party"}
            return among(agreement, whose[0]) if whose else frozenset(named) or frozenset(agreement.parties)
        case Separation(first=first, second=second, bearer=who):
            crafts = (first, second) if who == "both" else (first,)
            return frozenset(p for c in crafts for p in (among(agreement, c.of) if isinstance(c.of, Parties) else agreement.parties))
        case Release(released=released):
            return among(agreement, released) if isinstance(released, Parties) else frozenset(agreement.parties)
        case _:
            return among(agreement, rule.bearers)


def among(agreement: Agreement, who: Parties) -> frozenset[str]:
    """The parties of the agreement that are meant; of a group those that are in it for good."""
    if who.group is not None:
        return (members(agreement, who.group) | set(who.names)) & set(agreement.parties)
    return frozenset(who.names or agreement.parties) & set(agreement.parties)


def _excuses(agreement: Agreement, rule: AnyRule, party: str) -> Iterator[str]:
    """What excuses the party: "3.1" for an `unless`, the number of an exception, a release."""
    if party not in bearers(agreement, rule):
        return
    if isinstance(rule, Release) or getattr(rule, "unless", None) is not None:
        yield rule.head.id
    if isinstance(rule, Duty):
        yield from (e.id for e in rule.exceptions)


def _burdens(agreement: Agreement, rule: AnyRule, party: str) -> Iterator[str]:
    """What falls on the party under a rule that another one bears."""
    owners = bearers(agreement, rule)
    others = owners - {party}
    if isinstance(rule, Permission):
        on = [who for name, who in rule.deed.roles if name in ("on", "recipient")]
        touched = any((isinstance(who, Parties) and party in among(agreement, who)) or isinstance(who, PartyVar) for who in on)
        if others and (rule.irrefusable or touched) and (touched or not on):
            yield rule.head.id
    consequence = rule.consequence if isinstance(rule, Duty | RecurringDuty) else None
    if consequence is not None and others and isinstance(rule, Duty | RecurringDuty) and consequence.bearer != rule.bearer:
        yield f"{rule.head.id}.else"
    if isinstance(rule, Prohibition) and others and any(_is_named(n, party) for n in nodes(rule.unless)):
        yield rule.head.id


def _is_named(node: object, party: str) -> bool:
    """Whether an excuse rests on what this party, by name, does."""
    by = getattr(node, "by", None)
    return isinstance(by, Parties) and party in by.names
