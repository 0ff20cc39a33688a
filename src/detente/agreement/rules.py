"""Rules: from trees to clauses."""

from __future__ import annotations

from dataclasses import replace

from detente.agreement import tree as t
from detente.agreement.bearers import occasion_of, read_act, read_bearers
from detente.agreement.bounds import read_bound
from detente.agreement.clause import (
    Act,
    Anchor,
    And,
    AnyOther,
    AnyRule,
    Condition,
    Consequence,
    Duty,
    EveryOther,
    Exceptional,
    FieldOf,
    Head,
    Occasion,
    Parties,
    PartyVar,
    Prohibition,
    Role,
)
from detente.agreement.conditions import read_condition
from detente.agreement.deadlines import read_deadline
from detente.agreement.deeds import Scope, read_deed, who_acts
from detente.agreement.imported import read_imported
from detente.agreement.lexicon import Lexicon
from detente.agreement.permission import read_permission
from detente.agreement.placing import read_reach
from detente.agreement.reciprocity import read_release, read_stretch, read_survival
from detente.agreement.recurring import read_recurring
from detente.agreement.separation import read_separation
from detente.agreement.tails import Tails, read_unless, refuse, sort_tails


def read_rule(rule: t.RuleTree, head: Head, lexicon: Lexicon) -> AnyRule | None:
    """A rule as meant; None, with problems, where some part of it means nothing."""
    scope = Scope(lexicon)
    errors = lexicon.report.errors
    starts, ends, phases = read_stretch(rule, scope)
    tails = sort_tails(rule, scope)
    head = replace(head, starts=starts, ends=ends, phases=phases, survives=read_survival(tails.survives, scope))
    match rule.norm:
        case t.Forbid():
            read: AnyRule | None = _forbid(rule.norm, head, tails, scope)
        case t.Allow():
            read = read_permission(rule.norm, head, tails, scope)
        case t.Oblige():
            read = _oblige(rule.norm, head, tails, scope)
        case t.Respond():
            read = _respond(rule.norm, head, tails, scope)
        case t.Always():
            refuse(tails, scope, "a rule on all times")
            read = read_bound(rule.norm, head, tails.unless, scope)
        case t.Apart() | t.KeepAway():
            read = read_separation(rule.norm, head, tails, scope)
        case t.ReleaseTree():
            read = read_release(rule.norm, head, tails, scope)
    return read if lexicon.report.errors == errors else None


# ---- prohibitions and duties -----------------------------------------------------


def _forbid(norm: t.Forbid, head: Head, tails: Tails, scope: Scope) -> AnyRule | None:
    bearers = read_bearers(norm.bearer, scope)
    done = read_deed(norm.deed, "base", scope, binds=True)
    refuse(tails, scope, "a prohibition")
    if done is None:
        return None
    occasion = occasion_of(done, scope.bearer, norm.where, scope)
    if norm.reach is not None:
        occasion, reaches = read_reach(norm.reach, occasion, norm.deed.at, scope)
        if reaches is None:
            return None
        occasion = replace(occasion, where=reaches if occasion.where is None else And((reaches, *_all_of(occasion.where))))
    return Prohibition(head, bearers, scope.bearer, occasion, read_unless(tails, scope))


def _all_of(condition: Condition) -> tuple[Condition, ...]:
    return condition.items if isinstance(condition, And) else (condition,)


def _oblige(norm: t.Oblige, head: Head, tails: Tails, scope: Scope) -> AnyRule | None:
    match norm.deadline:
        case t.AsRequired() as due if norm.occasion is None:
            return read_imported(norm, due, head, tails, scope)
        case t.EachTree() | t.EveryTree() as due if norm.occasion is None:
            consequence = _consequence(tails.otherwise, scope) if tails.otherwise else None
            return read_recurring(norm, due, head, consequence, tails, scope)
        case _:
            pass
    bearers = read_bearers(norm.bearer, scope)
    occasion = None
    if norm.occasion is not None:
        done = read_deed(norm.occasion, "third", scope, binds=True)
        if done is None:
            return None
        occasion = occasion_of(done, scope.bearer, norm.where, scope)
    return _duty(norm, bearers, occasion, head=head, tails=tails, scope=scope)


def _respond(norm: t.Respond, head: Head, tails: Tails, scope: Scope) -> AnyRule | None:
    actor = who_acts(norm.actor, scope, binds=True)
    done = read_deed(norm.occasion, "third", scope, binds=True)
    if done is None or actor is None:
        return None
    occasion = Occasion(done.kind.name, done.var, (("party", actor), *done.roles), None)
    bearers = Parties()
    if isinstance(norm.bearer, t.Variable):
        bearer = scope.party(norm.bearer)
        if bearer is None:
            return None
        scope.bearer = bearer
    else:
        named = who_acts(norm.bearer, scope, binds=False)
        if isinstance(named, PartyVar):
            scope.bearer = named
        elif isinstance(named, Parties) and named.names:
            bearers = named
            occasion = _tie_bearer(occasion, named)
        else:
            scope.report.say(
                "unbound-bearer",
                "say by a variable or a name who shall do it",
                norm.bearer.at,
                expected=sorted(scope.parties),
                advice="as in `when a Party A asks an inquiry Q to a Party B, B shall ...`",
            )
            return None
    if norm.where is not None:
        occasion = replace(occasion, where=read_condition(norm.where, scope))
    return _duty(norm, bearers, occasion, head=head, tails=tails, scope=scope)


def _tie_bearer(occasion: Occasion, named: Parties) -> Occasion:
    """The role that the named bearer fills in the occasion becomes the bearer's own."""
    roles: tuple[Role, ...] = tuple((name, PartyVar("") if who == named else who) for name, who in occasion.roles)
    return replace(occasion, roles=roles)


def _duty(
    norm: t.Oblige | t.Respond, bearers: Parties, occasion: Occasion | None, *, head: Head, tails: Tails, scope: Scope
) -> AnyRule | None:
    if occasion is not None and all(who != scope.bearer for _, who in occasion.roles):
        scope.report.say(
            "unbound-bearer",
            f"{scope.bearer.name or 'the bearer'} plays no part in what makes the duty due",
            norm.deed.at,
            advice="let it act in the occasion, or be the one it is done to",
        )
        return None
    act = read_act(norm.deed, tails.counts_at, scope)
    if act is not None and occasion is not None:
        _warn_untied(act, occasion, norm.deed, scope)
    if norm.deadline is None:
        scope.report.say(
            "no-deadline",
            "a duty needs a time by which it is due",
            (norm.deed.at[1], norm.deed.at[1]),
            expected=("at least N days before ...", "within N hours of ...", "no later than ..."),
            advice="add the deadline",
        )
        return None
    if not isinstance(norm.deadline, t.By):
        scope.report.say(
            "misplaced-deadline",
            "what an occasion makes due is due once for each occasion",
            norm.deadline.at,
            expected=("at least N days before ...", "within N hours of ...", "no later than ..."),
            advice="write a second rule, without an occasion, for what comes back or is required elsewhere",
        )
        return None
    refuse(tails, scope, "a duty", but=("exception", "else", "counts at", "voluntary"))
    deadline = read_deadline(norm.deadline, occasion, scope)
    unless = read_unless(tails, scope)
    exceptions = tuple(e for item in tails.exceptions if (e := _exception(item, occasion, tails.counts_at, scope)) is not None)
    consequence = _consequence(tails.otherwise, scope) if tails.otherwise else None
    if act is None or deadline is None:
        return None
    return Duty(head, bearers, scope.bearer, occasion, act, deadline, unless, exceptions, consequence, norm.voluntarily or tails.voluntary)


def _warn_untied(act: Act, occasion: Occasion, deed: t.Deed, scope: Scope) -> None:
    """A warning where any such act would do, whatever it is about."""
    if "about" in scope.lexicon.kinds[act.kind].fields and all(name != "about" for name, _ in act.roles):
        advice = f"add `about {occasion.var or 'X'}`" if occasion.var else "name the occasion by a variable, and add `about X`"
        scope.report.say(
            "untied-duty",
            f"nothing says that the {act.kind} is about this {occasion.kind}: any would do",
            deed.at,
            advice=advice,
            is_warning=True,
        )


# ---- what follows the sentence -----------------------------------------------------


def _exception(item: t.ExceptionTree, occasion: Occasion | None, counts_at: t.Word | None, scope: Scope) -> Exceptional | None:
    where = read_condition(item.where, scope)
    act = read_act(item.deed, counts_at, scope)
    if item.deadline is None:
        scope.report.say("no-deadline", "the duty of an exception needs a time by which it is due", (item.deed.at[1], item.deed.at[1]))
        return None
    deadline = read_deadline(item.deadline, occasion, scope)
    if where is None or act is None or deadline is None:
        return None
    report = scope.report
    span = report.document.span(report.base + item.at[0], report.base + item.at[1], report.trail)
    return Exceptional(item.id.text, item.title, where, act, deadline, span)


def _consequence(item: t.Otherwise, scope: Scope) -> Consequence | None:
    who = who_acts(item.bearer, scope, binds=False)
    if isinstance(who, Parties) and who.names and who == Parties(names=who.names) and scope.bearer == PartyVar(""):
        who = PartyVar("") if len(who.names) == 1 else who
    if isinstance(who, EveryOther | AnyOther):
        scope.report.say(
            "not-yet-supported", "`else` with every or any other Party is not supported yet", item.at, advice="name the party by a variable"
        )
        return None
    if not isinstance(who, PartyVar):
        if who is not None:
            scope.report.say(
                "unbound-bearer",
                "say by a variable who shall do it, or write `it` for the same party",
                item.at,
                expected=(*sorted(scope.parties), "it"),
            )
        return None
    act = read_act(item.deed, None, scope)
    overdue = Anchor(FieldOf("", "overdue"))
    deadline = read_deadline(item.deadline, None, scope, default=overdue) if item.deadline else None
    if act is None or (item.deadline is not None and deadline is None):
        return None
    if item.modal == "shall" and deadline is None:
        scope.report.say(
            "no-deadline", "this duty needs a time by which it is due", (item.deed.at[1], item.deed.at[1]), advice="as in `within 48 hours`"
        )
        return None
    report = scope.report
    span = report.document.span(report.base + item.at[0], report.base + item.at[1], report.trail)
    return Consequence(item.modal, who, act, deadline, span)
