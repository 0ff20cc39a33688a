"""Rules and phases back to text, in canonical form."""

from __future__ import annotations

from detente.agreement import tree as t
from detente.agreement.format_words import (
    said_condition,
    said_deed,
    said_inner,
    said_name,
    said_nominal,
    said_place,
    said_point,
    said_stretch,
    said_value,
)

_WIDTH = 100


def rule_text(rule: t.RuleTree) -> str:
    """A rule in canonical form."""
    title = "" if rule.title is None else f' "{rule.title}"'
    lines = [f"rule {rule.id.text}{title}:"]
    if rule.starts is not None:
        lines.append(f"    from {said_when(rule.starts)}" + (f" until {said_when(rule.ends)}," if rule.ends else ","))
    elif rule.ends is not None:
        lines.append(f"    until {said_when(rule.ends)},")
    lines += _norm(rule.norm)
    for tail in rule.tails:
        lines += _tail(tail)
    return "\n".join(lines) + "."


def said_when(when: t.WhenWord) -> str:
    """`7 years after entry-into-force`, without a preposition."""
    return said_point(when.of) if when.after is None else f"{said_stretch(when.after)} after {said_point(when.of)}"


def phase_text(phase: t.PhaseTree) -> str:
    """A phase in canonical form."""
    opening = f"phase {phase.id.text}" + ("" if phase.title is None else f' "{phase.title}"') + " begins"
    if isinstance(phase.begins, t.WhenWord):
        preposition = "" if phase.begins.after is not None else "at " if isinstance(phase.begins.of, t.Entry) else "on "
        return f"{opening} {preposition}{said_when(phase.begins)}."
    latest = "" if phase.latest is None else f", and no later than {phase.latest.text}"
    return f"{opening} when {' and '.join(_milestone(m) for m in phase.begins)}{latest}."


def _milestone(milestone: t.HasBeenKept | t.HasDone) -> str:
    if isinstance(milestone, t.HasDone):
        return said_condition(milestone)
    by = "" if milestone.by is None else f" by {said_name(milestone.by)}"
    lasting = "" if milestone.lasting is None else f" for {said_stretch(milestone.lasting)}"
    return f"{said_ref(milestone.of)} has been kept{by}{lasting}"


def said_ref(ref: t.RefTree) -> str:
    """`article 3`, or a number alone."""
    return f"{ref.sort} {ref.id.text}" if ref.sort else ref.id.text


def said_refs(refs: tuple[t.RefTree, ...]) -> str:
    """`rule 3.1 and article 4`."""
    return " and ".join(said_ref(r) for r in refs)


def _norm(norm: t.Norm) -> list[str]:
    match norm:
        case t.Forbid(bearer, deed, reach, where):
            who = f"no {_bearer(bearer)} shall" if not bearer.names else f"{_bearer(bearer)} shall not"
            from_which = [] if reach is None else [f"        from which it can reach {said_place(reach)}"]
            return [f"    {who} {said_deed(deed)}", *from_which, *_where(where)]
        case t.Allow(bearer, deed, only, where):
            who = _bearer(bearer) if bearer.names else f"a {_bearer(bearer)}"
            if only and where is None:
                return [f"    {who} may only {said_deed(deed)}"]
            condition = _where(where)
            if only:
                condition[0] = condition[0].replace("where", "only where", 1)
            return [f"    {who} may {said_deed(deed)}", *condition]
        case t.Oblige(bearer, occasion, where, deed, deadline, voluntarily):
            shall = "shall voluntarily" if voluntarily else "shall"
            due = _due(deadline)
            if bearer.names:
                return [f"    {_bearer(bearer)} {shall} {said_deed(deed)}", *due]
            if occasion is None:
                return [f"    each {_bearer(bearer)} {shall} {said_deed(deed)}", *due]
            return [f"    each {_bearer(bearer)} that {said_deed(occasion)}", *_where(where), f"    {shall} {said_deed(deed)}", *due]
        case t.Respond(actor, occasion, where, bearer, deed, deadline, voluntarily):
            opening = [f"    when {said_nominal(actor)} {said_deed(occasion)}", *_where(where)]
            opening[-1] += ","
            return [
                *opening,
                f"    {said_nominal(bearer)} {'shall voluntarily' if voluntarily else 'shall'} {said_deed(deed)}",
                *_due(deadline),
            ]
        case t.Always(binders, counts, op, limit):
            each = "".join(f", for each {b.sort} {b.var.name}" + (f" in {said_name(b.group)}" if b.group else "") for b in binders)
            lines = [f"    at all times{each},"]
            for number, count in enumerate(counts):
                lines += [f"        {'+ ' if number else ''}{_count(count)}", *(f"    {line}" for line in _where(count.where))]
            return [*lines, f"    shall {_limit(op, limit)}"]
        case t.Apart(nouns, (first, second), different, where, between, gap):
            pair = (
                f"any two {nouns[0].text} {first.name} and {second.name}"
                if len(nouns) == 1
                else f"any {nouns[0].text} {first.name} and any {nouns[1].text} {second.name}"
            )
            lines = [f"    at all times, for {pair}{' of different Parties' if different else ''}", *_where(where)]
            lines[-1] += ","
            return [*lines, f"        the distance between {between[0].name} and {between[1].name}", f"    shall be at least {_gap(gap)}"]
        case t.KeepAway(first_craft, gap, second_craft, where):
            return [f"    each {_craft(first_craft)} shall keep at least {_gap(gap)} from any {_craft(second_craft)}", *_where(where)]
        case t.ReleaseTree(breacher, of, released, scope, ends):
            until = "" if ends is None else " until it is cured" if ends == "cured" else f" for {said_stretch(ends)}"
            return [
                f"    if {said_nominal(breacher)} breaches {said_ref(of)},",
                f"    {said_nominal(released)} is released from {said_refs(scope)}{until}",
            ]


_LIMITS = {"at most": "not exceed", "at least": "be at least", "less than": "be below", "more than": "be above"}


def _limit(op: str, limit: t.Value | t.Level) -> str:
    if not isinstance(limit, t.Level):
        return f"{_LIMITS[op]} {said_value(limit)}"
    level = f"its value as of {said_point(limit.on)}"
    if limit.margin is None:
        return f"{_LIMITS[op]} {level}"
    margin = said_value(limit.margin)
    if (op == "at most") == (limit.side == "above"):
        return f"{'not exceed' if op == 'at most' else 'not fall below'} {level} by more than {margin}"
    return f"be at least {margin} {limit.side} {level}"


def _craft(craft: t.CraftTree) -> str:
    return f"{craft.noun.text} {craft.var.name}" + ("" if craft.of is None else f" of {said_nominal(craft.of)}")


def _gap(gap: t.Gap) -> str:
    upward = None if gap.vertical is None else f"{said_value(gap.vertical)} vertically"
    return " or ".join(x for x in (None if gap.horizontal is None else said_value(gap.horizontal), upward) if x)


def _bearer(bearer: t.Bearer) -> str:
    if bearer.names:
        return " and ".join(said_name(n) for n in bearer.names)
    return "Party" + (f" {bearer.var.name}" if bearer.var else "") + (f" in {said_name(bearer.group)}" if bearer.group else "")


def _count(count: t.Count) -> str:
    opening = "the number of" if count.path is None else f"the sum of {said_point(count.path)} over"
    var = f" {count.var.name}" if count.var else ""
    return f"{opening} {count.noun.text}{var}" + "".join(f" {s.preposition} {s.var.name}" for s in count.scopes)


def _where(condition: t.Condition | None) -> list[str]:
    """`where` on lines of its own, broken at the outermost `and` or `or` if it is long."""
    if condition is None:
        return []
    text = said_condition(condition)
    if len(text) <= _WIDTH - 14 or not isinstance(condition, t.AllOf | t.AnyOf):
        return [f"        where {text}"]
    word = "and" if isinstance(condition, t.AllOf) else "or"
    wrapped = (t.AnyOf, t.AllOf) if word == "and" else (t.AnyOf,)
    first, *rest = (said_inner(i, wrapped) for i in condition.items)
    return [f"        where {first}", *(f"          {word} {item}" for item in rest)]


def _due(by: t.Due | None) -> list[str]:
    match by:
        case None:
            return []
        case t.EachTree(period, days, grace):
            if grace is not None:
                return [f"    within {said_stretch(grace)} after the end of each {period}"]
            return [f"    each {period}" + (f" by {' and '.join(f'{d.day} {d.month}' for d in days)}" if days else "")]
        case t.EveryTree(every, start):
            return [f"    every {said_stretch(every)}" + ("" if start is None else f" after {said_point(start)}")]
        case t.AsRequired(instrument, article):
            return [f"    as required by {said_name(instrument)}" + ("" if article is None else f" article {article.text}")]
        case t.By():
            return _by(by)


def _by(by: t.By) -> list[str]:
    point = "" if by.point is None else said_point(by.point)
    match by.relation, by.duration:
        case "before", duration if duration is not None:
            return [f"    at least {said_stretch(duration)} before {point}"]
        case "within", duration if duration is not None:
            return [
                f"    within {said_stretch(duration)}"
                + (f" {'after' if isinstance(by.point, t.Entry | t.Day | t.PhaseName) else 'of'} {point}" if point else "")
            ]
        case "before", _:
            return [f"    before {point}"]
    return [f"    no later than {point}"]


def _tail(tail: t.Tail) -> list[str]:
    match tail:
        case t.Unless(condition):
            return [f"    unless {said_condition(condition)}"]
        case t.CountsAt(field):
            return [f"    counts at {field.text}"]
        case t.Voluntary():
            return ["    voluntary"]
        case t.Notwithstanding(refs):
            return [f"    notwithstanding {said_refs(refs)}"]
        case t.Irrefusable():
            return ["    which no Party may refuse"]
        case t.Survives(of, lasting):
            return [f"    survives {' and '.join(of)}" + ("" if lasting is None else f" for {said_stretch(lasting)}")]
        case t.Otherwise(bearer, modal, deed, deadline):
            due = " ".join(line.strip() for line in _due(deadline))
            return [f"    else {said_nominal(bearer)} {modal} {said_deed(deed)}" + (f" {due}" if due else "")]
        case t.ExceptionTree(id_, title, where, deed, deadline):
            named = "" if title is None else f' "{title}"'
            due = " ".join(line.strip() for line in _due(deadline))
            return [
                f"    exception {id_.text}{named}:",
                f"        where {said_condition(where)},",
                f"        shall {said_deed(deed)}" + (f" {due}" if due else ""),
            ]
