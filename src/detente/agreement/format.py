"""Trees back to text, in the one canonical form: `parse(format(tree)) == tree`.

`format_document` rewrites the rule blocks of a whole agreement and leaves every
other character alone. A statement with comments inside is left as it is, since
a tree holds no comments.
"""

from __future__ import annotations

import re
from functools import cache

from lark.lexer import PatternStr

from detente.agreement import tree as t
from detente.agreement.markdown import read_document
from detente.agreement.parse import parse_statement, parser, statements_in
from detente.model.problem import Problem

_WIDTH = 100
_NAME = re.compile(r"[^\W\d_][\w\u0300-\u036f]*(-[\w\u0300-\u036f]+)+|[^\W\d_][\w\u0300-\u036f]+")
_ALWAYS_QUOTED = frozenset(
    [
        "an",
        "is",
        "are",
        "has",
        "have",
        "Party",
        "Parties",
        "State",
        "States",
        "above",
        "over",
        "below",
        "under",
        "exactly",
        "another",
        "overlaps",
        "touches",
        "reaches",
        "to",
        "with",
        "against",
        "through",
        "about",
        "near",
        "into",
    ]
)
_VARIABLE = re.compile(r"[A-Z][0-9]?")


def format_document(text: str, path: str) -> tuple[str, tuple[Problem, ...]]:
    """The agreement with its rule blocks in canonical form, and the syntax problems of what was left alone."""
    document = read_document(text, path)
    pieces: list[str] = []
    problems: list[Problem] = []
    done = 0
    for block in document.blocks:
        if block.sort != "rule":
            continue
        for start, end in statements_in(document.text, block.start, block.end):
            trees, problem = parse_statement(document, start, end, document.sections[block.section].trail)
            if problem is not None:
                problems.append(problem)
            if not trees or _has_comment(text[start:end]):
                continue
            indent = text[text.rfind("\n", 0, start) + 1 : start]
            indent = indent if indent.strip() == "" else ""
            pieces += [text[done:start], "\n\n".join(format_tree(tree) for tree in trees).replace("\n", "\n" + indent)]
            done = end
    return "".join([*pieces, text[done:]]), tuple(problems)


def _has_comment(text: str) -> bool:
    return "--" in re.sub(r"\"[^\"\n]*\"", "", text)


def format_tree(tree: t.Tree) -> str:
    """One statement in canonical form."""
    match tree:
        case t.RuleTree():
            return _rule(tree)
        case t.Define(name, meaning):
            return f"define {_name(name)} as {_meaning(meaning)}."
        case t.AgreementBlock(items):
            return "agreement:\n" + ";\n".join(f"    {_life(item)}" for item in items) + "."
        case t.EvidenceBlock(items):
            return "evidence:\n" + ";\n".join(f"    {_weight(item)}" for item in items) + "."


# ---- words -----------------------------------------------------------------------


@cache
def _keywords() -> frozenset[str]:
    """Words that the grammar uses; a name spelled like one is put in quotes."""
    words = {terminal.name: terminal.pattern.value for terminal in parser().terminals if isinstance(terminal.pattern, PatternStr)}
    table = parser().parser.parser._parse_table  # noqa: SLF001 - the only place that knows what may stand where
    clashes = {words[name] for accepted in table.states.values() if "NAME" in accepted for name in accepted if name in words}
    return frozenset(clashes) | _ALWAYS_QUOTED


def _name(word: t.Word) -> str:
    return (
        word.text
        if _NAME.fullmatch(word.text) and word.text not in _keywords() and not _VARIABLE.fullmatch(word.text)
        else f'"{word.text}"'
    )


def _value(value: t.Value) -> str:
    match value:
        case t.Amount(number, unit):
            return number if unit is None else f"{number} {unit}"
        case t.Day(text):
            return text
        case t.Path(var, name):
            return f"{var}.{name}"
        case t.Word():
            return _name(value)


def _stretch(stretch: t.Stretch) -> str:
    if isinstance(stretch, t.Word):
        return stretch.text
    return f"{stretch.number} {stretch.unit[:-1] if stretch.number == '1' else stretch.unit}"


def _point(point: t.Point) -> str:
    match point:
        case t.Path(var, name):
            return f"{var}.{name}"
        case t.Variable(name):
            return name
        case t.Day(text):
            return text
        case t.Entry():
            return "entry-into-force"


def _nominal(nominal: t.Nominal) -> str:
    match nominal:
        case t.It():
            return "it"
        case t.Variable(name):
            return name
        case t.NounPhrase(determiner, noun, var):
            if determiner == "":
                text = _name(noun)
            else:
                plural = determiner == "all" and noun.text in ("Party", "State")
                word = {"Party": "Parties", "State": "States"}[noun.text] if plural else noun.text
                article = ("an" if word[:1] in "aeiou" else "a") if determiner == "a" else determiner
                text = f"{article} {word}"
            return text if var is None else f"{text} {var.name}"


def _deed(deed: t.Deed) -> str:
    parts = [deed.verb.text]
    if deed.object is not None:
        parts.append(_nominal(deed.object))
    parts += [f"{p.preposition} {_nominal(p.of)}" for p in deed.phrases]
    return " ".join(parts)


# ---- conditions --------------------------------------------------------------------


def _condition(condition: t.Condition) -> str:
    match condition:
        case t.AnyOf(items):
            return " or ".join(_inner(i, (t.AnyOf,)) for i in items)
        case t.AllOf(items):
            return " and ".join(_inner(i, (t.AnyOf, t.AllOf)) for i in items)
        case t.Negation(item):
            return f"not {_inner(item, (t.AnyOf, t.AllOf))}"
        case t.Test(term, negated, predicate):
            return f"{_point(term)} is {'not ' if negated else ''}{_predicate(predicate)}"
        case t.Located(term, relation, place):
            return f"{_point(term)} {relation} {_place(place)}"
        case t.HasDone(actor, negated, deed, before):
            has = "have" if isinstance(actor, t.NounPhrase) and actor.determiner == "all" else "has"
            text = f"{_nominal(actor)} {has} {'not ' if negated else ''}{_deed(deed)}"
            return text if before is None else f"{text} before {_point(before)}"


def _inner(condition: t.Condition, wrapped: tuple[type, ...]) -> str:
    text = _condition(condition)
    return f"({text})" if isinstance(condition, wrapped) else text


def _predicate(predicate: t.Predicate) -> str:
    match predicate:
        case t.Compares(op, value):
            return f"{op} {_value(value)}"
        case t.Between(low, high):
            return f"between {_value(low)} and {_value(high)}"
        case t.InGroup(group, on):
            return f"in {_name(group)}" + (f" as of {on.text}" if on else "")
        case t.Near(distance, place):
            return f"within {_value(distance)} of {_place(place)}"
        case t.Equals(value):
            return _value(value)


def _place(place: t.PlaceWord) -> str:
    match place:
        case t.Territory(of):
            return f"the territory of {_nominal(of)}"
        case t.OwnTerritory():
            return "its own territory"
        case t.Word():
            return _name(place)


# ---- rules ---------------------------------------------------------------------------


def _rule(rule: t.RuleTree) -> str:
    title = "" if rule.title is None else f' "{rule.title}"'
    lines = [f"rule {rule.id.text}{title}:"]
    if rule.starts is not None:
        lines.append(f"    from {_when(rule.starts)}" + (f" until {_when(rule.ends)}," if rule.ends else ","))
    elif rule.ends is not None:
        lines.append(f"    until {_when(rule.ends)},")
    lines += _norm(rule.norm)
    for tail in rule.tails:
        lines += _tail(tail)
    return "\n".join(lines) + "."


def _when(when: t.WhenWord) -> str:
    if isinstance(when.of, t.Day):
        return when.of.text
    return "entry-into-force" if when.after is None else f"{_stretch(when.after)} after entry-into-force"


def _norm(norm: t.Norm) -> list[str]:
    match norm:
        case t.Forbid(bearer, deed, where):
            who = f"no {_bearer(bearer)} shall" if not bearer.names else f"{_bearer(bearer)} shall not"
            return [f"    {who} {_deed(deed)}", *_where(where)]
        case t.Oblige(bearer, occasion, where, deed, deadline, voluntarily):
            shall = "shall voluntarily" if voluntarily else "shall"
            due = _due(deadline)
            if bearer.names:
                return [f"    {_bearer(bearer)} {shall} {_deed(deed)}", *due]
            if occasion is None:
                return [f"    each {_bearer(bearer)} {shall} {_deed(deed)}", *due]
            return [f"    each {_bearer(bearer)} that {_deed(occasion)}", *_where(where), f"    {shall} {_deed(deed)}", *due]
        case t.Respond(actor, occasion, where, bearer, deed, deadline, voluntarily):
            opening = [f"    when {_nominal(actor)} {_deed(occasion)}", *_where(where)]
            opening[-1] += ","
            return [*opening, f"    {_nominal(bearer)} {'shall voluntarily' if voluntarily else 'shall'} {_deed(deed)}", *_due(deadline)]
        case t.Always(binders, counts, op, limit):
            each = "".join(f", for each {b.sort} {b.var.name}" + (f" in {_name(b.group)}" if b.group else "") for b in binders)
            lines = [f"    at all times{each},"]
            for number, count in enumerate(counts):
                lines += [f"        {'+ ' if number else ''}{_count(count)}", *(f"    {line}" for line in _where(count.where))]
            return [*lines, f"    shall {'not exceed' if op == 'at most' else 'be at least'} {_value(limit)}"]


def _bearer(bearer: t.Bearer) -> str:
    if bearer.names:
        return " and ".join(_name(n) for n in bearer.names)
    return "Party" + (f" {bearer.var.name}" if bearer.var else "") + (f" in {_name(bearer.group)}" if bearer.group else "")


def _count(count: t.Count) -> str:
    opening = "the number of" if count.path is None else f"the sum of {_point(count.path)} over"
    var = f" {count.var.name}" if count.var else ""
    return f"{opening} {count.noun.text}{var}" + "".join(f" {s.preposition} {s.var.name}" for s in count.scopes)


def _where(condition: t.Condition | None) -> list[str]:
    """`where` on lines of its own, broken at the outermost `and` or `or` if it is long."""
    if condition is None:
        return []
    text = _condition(condition)
    if len(text) <= _WIDTH - 14 or not isinstance(condition, t.AllOf | t.AnyOf):
        return [f"        where {text}"]
    word = "and" if isinstance(condition, t.AllOf) else "or"
    wrapped = (t.AnyOf, t.AllOf) if word == "and" else (t.AnyOf,)
    first, *rest = (_inner(i, wrapped) for i in condition.items)
    return [f"        where {first}", *(f"          {word} {item}" for item in rest)]


def _due(by: t.By | None) -> list[str]:
    if by is None:
        return []
    point = "" if by.point is None else _point(by.point)
    match by.relation, by.duration:
        case "before", duration if duration is not None:
            return [f"    at least {_stretch(duration)} before {point}"]
        case "within", duration if duration is not None:
            return [
                f"    within {_stretch(duration)}"
                + (f" {'after' if isinstance(by.point, t.Entry | t.Day) else 'of'} {point}" if point else "")
            ]
    return [f"    no later than {point}"]


def _tail(tail: t.Tail) -> list[str]:
    match tail:
        case t.Unless(condition):
            return [f"    unless {_condition(condition)}"]
        case t.CountsAt(field):
            return [f"    counts at {field.text}"]
        case t.Voluntary():
            return ["    voluntary"]
        case t.Otherwise(bearer, modal, deed, deadline):
            due = " ".join(line.strip() for line in _due(deadline))
            return [f"    else {_nominal(bearer)} {modal} {_deed(deed)}" + (f" {due}" if due else "")]
        case t.ExceptionTree(id_, title, where, deed, deadline):
            named = "" if title is None else f' "{title}"'
            due = " ".join(line.strip() for line in _due(deadline))
            return [
                f"    exception {id_.text}{named}:",
                f"        where {_condition(where)},",
                f"        shall {_deed(deed)}" + (f" {due}" if due else ""),
            ]


# ---- definitions and blocks --------------------------------------------------------------


def _meaning(meaning: t.Meaning) -> str:
    match meaning:
        case t.KindTree():
            return _kind(meaning)
        case t.PlaceFile(file):
            return f'place "{file}"'
        case t.PlaceInEvidence():
            return "place in the evidence"
        case t.GroupTree(members):
            return f"group {_members(members)}"
        case t.NumberIs(amount):
            return f"number {_value(amount)}"
        case t.DurationIs(lasting):
            return f"duration {_stretch(lasting)}"
        case t.PartyIs(name):
            return f'party "{name}"'
        case t.LeftOpenTree(sort):
            return f"{sort} left open"


def _kind(kind: t.KindTree) -> str:
    text: str = kind.genus
    if kind.verb is not None:
        verb = kind.verb
        forms = "" if verb.forms is None else f" ({verb.forms[0].text}, {verb.forms[1].text})"
        thing = "" if verb.object is None else f" {verb.object.text}"
        text += f" in which {verb.subject.text} {verb.third.text}{forms}{thing}" + "".join(f" {p} {w.text}" for p, w in verb.signature)
    if kind.fields:
        text += "\n    having " + ", ".join(_field(f) for f in kind.fields)
    if kind.happens is not None:
        text += f"\n    happens at {kind.happens.text}"
    if kind.register is not None:
        text += f"\n    complete in {kind.register.text}"
    return text


def _field(field: t.FieldTree) -> str:
    if field.type is None:
        return f"{field.name.text}: one of {(' < ' if field.is_scale else ' or ').join(w.text for w in field.levels)}"
    return f"{field.name.text}: {field.type.text}" + (f" {field.unit.text}" if field.unit else "")


def _members(members: t.MemberList) -> str:
    shown = []
    for item in members:
        if isinstance(item, t.MembersOn):
            shown.append(f"members of {_name(item.group)} on {item.on.text}")
        else:
            since = f" since {item.since.text}" if item.since else ""
            until = f" until {item.until.text}" if item.until else ""
            shown.append(f"{_name(item.name)}{since}{until}")
    return ", ".join(shown)


def _life(item: t.LifeItem) -> str:
    match item:
        case t.TitleItem(text):
            return f'title "{text}"'
        case t.PartiesItem(members):
            return f"parties {_members(members)}"
        case t.EntersOn(day):
            return f"enters into force on {day.text}"
        case t.EntersWhen(share, participle):
            who = "all Parties" if share == "all" else "more than half of the Parties"
            return f"enters into force when {who} have {participle.text}"
        case t.NeverEnters():
            return "never enters into force"
        case t.Expires(when, extension):
            text = f"expires on {when.text}" if isinstance(when, t.Day) else f"expires {_stretch(when)} after entry-into-force"
            return text if extension is None else f"{text} unless extended by all Parties for at most {_stretch(extension)}"
        case t.Released(verb, kind, after):
            return f"a Party that {verb.text} {kind.text} is released {_stretch(after)} after it"
        case t.SuspensionItem():
            return "suspension has effect"


def _weight(item: t.WeightItem) -> str:
    match item:
        case t.AccountItem(name, tiers):
            return f"account of {'each Party' if name is None else _name(name)}: {' then '.join(_tier(x) for x in tiers)}"
        case t.EstablishedItem(by):
            return f"a breach is established by {' or '.join(_basis(b) for b in by)}"
        case t.DisputedItem():
            return "otherwise accounts that differ make it disputed"
        case t.TimeZoneItem(zone):
            return f"time zone {zone.text}" if re.fullmatch(r"[A-Za-z]+(/[A-Za-z_+-]+[0-9]*)*", zone.text) else f'time zone "{zone.text}"'
        case t.ChangesItem(how):
            return f"changes {how}"
        case t.CountsHold(stretch):
            return f"counts hold for {_stretch(stretch)}"
        case t.AtResolution():
            return "at the resolution of the record"
        case t.LeastGrade(grade):
            return f"least grade {grade.text}"


_TIERS = {"own": "its own statements", "own-acts": "what others say of themselves", "nothing else": "nothing else"}
_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}


def _tier(tier: t.TierWord) -> str:
    return _name(tier) if isinstance(tier, t.Word) else _TIERS[tier]


def _basis(basis: t.Word | t.QuorumItem | str) -> str:
    match basis:
        case t.Word():
            return _name(basis)
        case t.QuorumItem(count, sources):
            return f"{_NUMBERS.get(count, str(count))} of {', '.join(_name(s) for s in sources)}"
    return "its bearer"
