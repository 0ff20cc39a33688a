"""Trees back to text, in the one canonical form: `parse(format(tree)) == tree`.

`format_document` rewrites the rule blocks of a whole agreement and leaves every
other character alone. A statement with comments inside is left as it is, since
a tree holds no comments.
"""

from __future__ import annotations

import re

from detente.agreement import tree as t
from detente.agreement.format_rules import phase_text, rule_text, said_refs
from detente.agreement.format_words import said_name, said_stretch, said_value
from detente.agreement.markdown import read_document
from detente.agreement.parse import parse_statement, statements_in
from detente.model.problem import Problem


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
            return rule_text(tree)
        case t.PhaseTree():
            return phase_text(tree)
        case t.Define(name, meaning):
            return f"define {said_name(name)} as {_meaning(meaning)}."
        case t.AgreementBlock(items):
            return "agreement:\n" + ";\n".join(f"    {_life(item)}" for item in items) + "."
        case t.EvidenceBlock(items):
            return "evidence:\n" + ";\n".join(f"    {_weight(item)}" for item in items) + "."


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
        case t.InstrumentFile(file):
            return f'agreement "{file}"'
        case t.NumberIs(amount):
            return f"number {said_value(amount)}"
        case t.DurationIs(lasting):
            return f"duration {said_stretch(lasting)}"
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
            shown.append(f"members of {said_name(item.group)} on {item.on.text}")
        else:
            since = f" since {item.since.text}" if item.since else ""
            until = f" until {item.until.text}" if item.until else ""
            shown.append(f"{said_name(item.name)}{since}{until}")
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
        case t.Provisionally(since, until):
            return f"applies provisionally from {'signature' if since is None else since.text}" + (f" until {until.text}" if until else "")
        case t.Expires(when, extension, renewal):
            text = f"expires on {when.text}" if isinstance(when, t.Day) else f"expires {said_stretch(when)} after entry-into-force"
            if renewal is not None:
                return text + _renewal(renewal)
            return text if extension is None else f"{text} unless extended by all Parties for at most {said_stretch(extension)}"
        case t.Released(verb, kind, after):
            return f"a Party that {verb.text} {kind.text} is released {said_stretch(after)} after it"
        case t.SuspensionItem(of, after):
            return f"suspension{f' of {said_refs(of)}' if of else ''} has effect" + (f" {said_stretch(after)} after it" if after else "")


def _renewal(renewal: t.Renewed) -> str:
    notice = "" if renewal.notice is None else f" at least {said_stretch(renewal.notice)} before expiry"
    return f", renewed for {said_stretch(renewal.period)} at a time" + (f" unless a Party objects{notice}" if renewal.may_object else "")


def _weight(item: t.WeightItem) -> str:
    match item:
        case t.AccountItem(name, tiers):
            return f"account of {'each Party' if name is None else said_name(name)}: {' then '.join(_tier(x) for x in tiers)}"
        case t.EstablishedItem(by):
            return f"a breach is established by {' or '.join(_basis(b) for b in by)}"
        case t.DisputedItem():
            return "otherwise accounts that differ make it disputed"
        case t.TimeZoneItem(zone):
            return f"time zone {zone.text}" if re.fullmatch(r"[A-Za-z]+(/[A-Za-z_+-]+[0-9]*)*", zone.text) else f'time zone "{zone.text}"'
        case t.ChangesItem(how):
            return f"changes {how}"
        case t.CountsHold(stretch):
            return f"counts hold for {said_stretch(stretch)}"
        case t.AtResolution():
            return "at the resolution of the record"
        case t.LeastGrade(grade):
            return f"least grade {grade.text}"


_TIERS = {"own": "its own statements", "own-acts": "what others say of themselves", "nothing else": "nothing else"}
_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}


def _tier(tier: t.TierWord) -> str:
    return said_name(tier) if isinstance(tier, t.Word) else _TIERS[tier]


def _basis(basis: t.Word | t.QuorumItem | str) -> str:
    match basis:
        case t.Word():
            return said_name(basis)
        case t.QuorumItem(count, sources):
            return f"{_NUMBERS.get(count, str(count))} of {', '.join(said_name(s) for s in sources)}"
    return "its bearer"
