"""Who a rule binds, what it looks at and what is to be done: from trees to clauses."""

from __future__ import annotations

from detente.agreement import tree as t
from detente.agreement.clause import Act, LeftOpen, Occasion, Parties, PartyVar
from detente.agreement.conditions import read_condition
from detente.agreement.deeds import Done, Scope, read_deed
from detente.agreement.values import with_article


def read_bearers(bearer: t.Bearer, scope: Scope) -> Parties:
    """The parties a rule binds; the bearer's variable comes to stand for one of them."""
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


def occasion_of(done: Done, actor: PartyVar, where: t.Condition | None, scope: Scope) -> Occasion:
    """A deed of `actor` as the occasion that a rule looks at."""
    condition = None if where is None else read_condition(where, scope)
    return Occasion(done.kind.name, done.var, (("party", actor), *done.roles), condition)


def read_act(deed: t.Deed, counts_at: t.Word | None, scope: Scope) -> Act | None:
    """What is to be done, and the time at which it counts; None with a problem."""
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
