"""Rules: from trees to clauses."""

from __future__ import annotations

from dataclasses import dataclass, replace

from detente.agreement import tree as t
from detente.agreement.bounds import read_bound
from detente.agreement.clause import (
    Act,
    Anchor,
    AnyOther,
    Condition,
    Consequence,
    Duty,
    EveryOther,
    Exceptional,
    FieldOf,
    Head,
    LeftOpen,
    Occasion,
    Parties,
    PartyVar,
    Prohibition,
    Role,
    Rule,
)
from detente.agreement.conditions import read_condition
from detente.agreement.deadlines import read_deadline, read_when
from detente.agreement.deeds import Done, Scope, read_deed, who_acts
from detente.agreement.lexicon import Lexicon
from detente.agreement.values import with_article


@dataclass(frozen=True, slots=True)
class Tails:
    """What follows a rule's sentence, sorted."""

    unless: t.Unless | None
    exceptions: tuple[t.ExceptionTree, ...]
    otherwise: t.Otherwise | None
    counts_at: t.Word | None
    voluntary: bool


def read_rule(rule: t.RuleTree, head: Head, lexicon: Lexicon) -> Rule | None:
    """A rule as meant; None, with problems, where some part of it means nothing."""
    scope = Scope(lexicon)
    errors = lexicon.report.errors
    head = replace(head, starts=read_when(rule.starts, scope), ends=read_when(rule.ends, scope))
    tails = _tails(rule, scope)
    match rule.norm:
        case t.Forbid():
            read: Rule | None = _forbid(rule.norm, head, tails, scope)
        case t.Oblige():
            read = _oblige(rule.norm, head, tails, scope)
        case t.Respond():
            read = _respond(rule.norm, head, tails, scope)
        case t.Always():
            _refuse(tails, scope, "a rule on all times")
            read = read_bound(rule.norm, head, tails.unless, scope)
    return read if lexicon.report.errors == errors else None


# ---- prohibitions and duties -----------------------------------------------------


def _forbid(norm: t.Forbid, head: Head, tails: Tails, scope: Scope) -> Rule | None:
    bearers = _bearers(norm.bearer, scope)
    done = read_deed(norm.deed, "base", scope, binds=True)
    _refuse(tails, scope, "a prohibition")
    if done is None:
        return None
    occasion = _occasion(done, scope.bearer, norm.where, scope)
    return Prohibition(head, bearers, scope.bearer, occasion, _unless(tails, scope))


def _oblige(norm: t.Oblige, head: Head, tails: Tails, scope: Scope) -> Rule | None:
    bearers = _bearers(norm.bearer, scope)
    occasion = None
    if norm.occasion is not None:
        done = read_deed(norm.occasion, "third", scope, binds=True)
        if done is None:
            return None
        occasion = _occasion(done, scope.bearer, norm.where, scope)
    return _duty(norm, bearers, occasion, head=head, tails=tails, scope=scope)


def _respond(norm: t.Respond, head: Head, tails: Tails, scope: Scope) -> Rule | None:
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
) -> Rule | None:
    if occasion is not None and all(who != scope.bearer for _, who in occasion.roles):
        scope.report.say(
            "unbound-bearer",
            f"{scope.bearer.name or 'the bearer'} plays no part in what makes the duty due",
            norm.deed.at,
            advice="let it act in the occasion, or be the one it is done to",
        )
        return None
    act = _act(norm.deed, tails.counts_at, scope)
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
    deadline = read_deadline(norm.deadline, occasion, scope)
    unless = _unless(tails, scope)
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


def _bearers(bearer: t.Bearer, scope: Scope) -> Parties:
    lexicon = scope.lexicon
    if bearer.names:
        names: list[str] = []
        for word in bearer.names:
            if word.text in ("Party", "Parties"):
                lexicon.report.say(
                    "unknown-party",
                    f"`{word.text}` is not a party's name",
                    word.at,
                    advice="write `no Party shall ...` or `each Party shall ...`",
                )
            elif word.text in lexicon.groups and not lexicon.is_state(word.text):
                lexicon.report.say(
                    "wrong-type",
                    f"{word.text} is a group",
                    word.at,
                    advice=f"write `no Party in {word.text}` or `each Party in {word.text}`",
                )
            elif (name := lexicon.state_named(word)) is not None:
                names.append(name)
                if lexicon.parties and name not in lexicon.parties:
                    lexicon.report.say(
                        "not-a-party",
                        f"{name} is not a party of this agreement, so nothing binds it",
                        word.at,
                        expected=lexicon.parties if len(lexicon.parties) <= 12 else (),
                    )
        return Parties(names=tuple(names))
    if bearer.var is not None:
        scope.bearer = scope.bind_party(bearer.var)
    if bearer.group is None:
        return Parties()
    group = lexicon.group_named(bearer.group)
    if isinstance(group, LeftOpen):
        lexicon.report.say("not-yet-supported", "a group left open as the bearer is not supported yet", bearer.group.at)
        return Parties()
    return Parties(group=group)


def _occasion(done: Done, actor: PartyVar, where: t.Condition | None, scope: Scope) -> Occasion:
    condition = None if where is None else read_condition(where, scope)
    return Occasion(done.kind.name, done.var, (("party", actor), *done.roles), condition)


def _act(deed: t.Deed, counts_at: t.Word | None, scope: Scope) -> Act | None:
    done = read_deed(deed, "base", scope, binds=True)
    if done is None:
        return None
    moment = done.kind.happens or ""
    if counts_at is not None:
        field = done.kind.fields.get(counts_at.text)
        if field is None or field.type != "time":
            times = [f.name for f in done.kind.fields.values() if f.type == "time"]
            scope.report.unknown("unknown-field", f"{with_article(done.kind.name)} has no time called `{counts_at.text}`", counts_at, times)
            return None
        moment = field.name
    return Act(done.kind.name, done.roles, moment)


# ---- what follows the sentence -----------------------------------------------------


def _tails(rule: t.RuleTree, scope: Scope) -> Tails:
    found: dict[type, t.Tail] = {}
    exceptions: list[t.ExceptionTree] = []
    for tail in rule.tails:
        if isinstance(tail, t.ExceptionTree):
            exceptions.append(tail)
        elif type(tail) in found:
            at = getattr(tail, "at", None) or (tail.field.at if isinstance(tail, t.CountsAt) else rule.id.at)
            advice = "join the conditions with `or`" if isinstance(tail, t.Unless) else "keep one of them"
            scope.report.say("repeated-clause", "this clause stands twice in the rule", at, advice=advice)
        else:
            found[type(tail)] = tail
    unless, otherwise, counts = found.get(t.Unless), found.get(t.Otherwise), found.get(t.CountsAt)
    return Tails(
        unless if isinstance(unless, t.Unless) else None,
        tuple(exceptions),
        otherwise if isinstance(otherwise, t.Otherwise) else None,
        counts.field if isinstance(counts, t.CountsAt) else None,
        t.Voluntary in found,
    )


def _refuse(tails: Tails, scope: Scope, rule: str) -> None:
    """Problems for the clauses that only a duty can have."""
    say = scope.report.say
    if tails.exceptions:
        say("misplaced-clause", f"{rule} has no exceptions with duties of their own", tails.exceptions[0].at, advice="write `unless ...`")
    if tails.otherwise:
        say("misplaced-clause", f"`else` follows a duty, not {rule}", tails.otherwise.at)
    if tails.counts_at:
        say("misplaced-clause", f"`counts at` belongs to a duty, not to {rule}", tails.counts_at.at)
    if tails.voluntary:
        say("misplaced-clause", f"`voluntary` belongs to a duty, not to {rule}", (0, 4))


def _unless(tails: Tails, scope: Scope) -> Condition | None:
    return None if tails.unless is None else read_condition(tails.unless.condition, scope)


def _exception(item: t.ExceptionTree, occasion: Occasion | None, counts_at: t.Word | None, scope: Scope) -> Exceptional | None:
    where = read_condition(item.where, scope)
    act = _act(item.deed, counts_at, scope)
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
    act = _act(item.deed, None, scope)
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
