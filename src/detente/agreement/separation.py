"""Separation of craft: from trees to clauses."""

from __future__ import annotations

from detente.agreement import tree as t
from detente.agreement.clause import AnyOther, Constant, Craft, EveryOther, Head, LeftOpen, Parties, Separation, Spacing, Who
from detente.agreement.conditions import read_condition
from detente.agreement.deeds import Scope, who_acts
from detente.agreement.tails import Tails, read_unless, refuse
from detente.agreement.values import length, with_article


def read_separation(norm: t.Apart | t.KeepAway, head: Head, tails: Tails, scope: Scope) -> Separation | None:
    """A separation as meant; None, with problems, where some part of it means nothing."""
    refuse(tails, scope, "a separation")
    if isinstance(norm, t.Apart):
        first = _craft(norm.nouns[0], norm.pair[0], Parties(), scope)
        second = _craft(norm.nouns[-1], norm.pair[1], Parties(), scope)
        if {v.name for v in norm.between} != {v.name for v in norm.pair}:
            wrong = next((v for v in norm.between if v.name not in {p.name for p in norm.pair}), norm.between[1])
            scope.report.say("wrong-variable", f"the distance is that between {norm.pair[0].name} and {norm.pair[1].name}", wrong.at)
    else:
        first = _craft(norm.first.noun, norm.first.var, _owner(norm.first, scope), scope)
        second = _craft(norm.second.noun, norm.second.var, _owner(norm.second, scope), scope)
        if first is not None and isinstance(first.of, AnyOther) and norm.first.of is not None:
            scope.report.say(
                "wrong-role", "nobody stands before it whom `other` could mean", norm.first.of.at, expected=("a Party", "a Party A")
            )
    spacing = _spacing(norm.gap, scope)
    where = None if norm.where is None else read_condition(norm.where, scope)
    unless = read_unless(tails, scope)
    if first is None or second is None or spacing is None:
        return None
    bearer, different = ("both", norm.different) if isinstance(norm, t.Apart) else ("first", isinstance(second.of, AnyOther))
    return Separation(head, first, second, "both" if bearer == "both" else "first", different, spacing, where, unless)


def _owner(craft: t.CraftTree, scope: Scope) -> Who | None:
    if craft.of is None:
        return Parties()
    who = who_acts(craft.of, scope, binds=True)
    if isinstance(who, EveryOther):
        return AnyOther()
    if isinstance(who, Parties) and who.names and craft.of is not None and scope.lexicon.parties and craft.of.at:
        return _party_of(who, craft, scope)
    return who


def _party_of(who: Parties, craft: t.CraftTree, scope: Scope) -> Parties | None:
    strangers = [name for name in who.names if name not in scope.lexicon.parties]
    if not strangers:
        return who
    known = scope.lexicon.parties
    scope.report.say(
        "not-a-party",
        f"{strangers[0]} is not a party of this agreement, so nothing binds it",
        craft.at,
        expected=known if len(known) <= 12 else (),
    )
    return None


def _craft(noun: t.Word, var: t.Variable, of: Who | None, scope: Scope) -> Craft | None:
    kind = scope.lexicon.kind_of(noun)
    if kind is None:
        return None
    scope.bind_event(var, kind)
    if kind.genus != "thing" or all(f.type != "place" for f in kind.fields.values()):
        scope.report.say(
            "wrong-type",
            f"{with_article(kind.name)} is nowhere, so no distance is kept from it",
            noun.at,
            expected=("warship", "aircraft"),
            advice="name a thing that has a place",
        )
        return None
    return None if of is None else Craft(kind.name, var.name, of)


def _spacing(gap: t.Gap, scope: Scope) -> Spacing | None:
    horizontal = None if gap.horizontal is None else _length(gap.horizontal, scope)
    vertical = None if gap.vertical is None else _length(gap.vertical, scope)
    if (gap.horizontal is not None and horizontal is None) or (gap.vertical is not None and vertical is None):
        return None
    return Spacing(horizontal, vertical)


def _length(value: t.Value, scope: Scope) -> Constant | LeftOpen | None:
    metres = length(value, scope)
    if metres is None or isinstance(metres, LeftOpen):
        return metres
    match value:
        case t.Amount(number, unit):
            return Constant(metres, f"{number} {unit}")
        case t.Word(text):
            known = scope.lexicon.quantities[text]
            return known if isinstance(known, LeftOpen) else Constant(metres, known.shown)
    return Constant(metres, f"{metres:g} m")
