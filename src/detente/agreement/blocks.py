"""The `agreement:` and `evidence:` blocks: title, parties, life, and whose word counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from detente.agreement import tree as t
from detente.agreement.clause import AccountRule, Evidence, Life, PartialSuspension, Provisional, Quorum, Renewal
from detente.agreement.define import calendar_day, duration, members_on
from detente.agreement.lexicon import Lexicon
from detente.agreement.references import read_refs
from detente.model.span import Span

_SHARED_TIERS = ("own", "own-acts", "monitors", "sensors", "registers", "press", "analysts")


@dataclass(slots=True)
class Frame:
    """What the two blocks say: filled item by item."""

    title: str | None = None
    parties: tuple[str, ...] = ()
    life: Life = field(default_factory=Life)
    evidence: Evidence = field(default_factory=Evidence)


def read_parties(block: t.AgreementBlock, lexicon: Lexicon, frame: Frame) -> None:
    """Title and parties, which every rule needs; read before the rules."""
    for item in block.items:
        match item:
            case t.TitleItem(text):
                _refuse_second(frame.title, "title", lexicon, t.Word(text, (0, 9)))
                frame.title = text
            case t.PartiesItem(members):
                if frame.parties:
                    lexicon.report.say("repeated-item", "the parties are listed twice", _first_at(members), advice="keep one list")
                    continue
                frame.parties = _party_names(members, lexicon)
                lexicon.parties = frame.parties


def read_life(block: t.AgreementBlock, lexicon: Lexicon, frame: Frame, span: Span) -> None:
    """When the agreement binds."""
    changes: dict[str, Any] = {}
    for item in block.items:
        new = _life_item(item, span, lexicon)
        for key in new:
            if key in changes and key != "entry_by":
                lexicon.report.say("repeated-item", f"{_LIFE_WORDS[key]} is stated twice", (0, 9), advice="keep one of them")
        changes.update(new)
    frame.life = replace(frame.life, stated=True, span=span, **changes)


_LIFE_WORDS = {
    "entry": "entry into force",
    "expiry": "expiry",
    "extension": "extension",
    "release": "release",
    "suspension": "suspension",
    "provisional": "provisional application",
    "renewal": "renewal",
    "partial_suspension": "suspension in part",
}


def _life_item(item: t.LifeItem, span: Span, lexicon: Lexicon) -> dict[str, Any]:
    match item:
        case t.EntersOn(day):
            return {"entry": calendar_day(day, lexicon.report)}
        case t.EntersWhen(share, participle):
            kind = _kind_by_verb(participle, "participle", lexicon)
            return {"entry": share, "entry_by": kind or "ratification"}
        case t.NeverEnters():
            return {"entry": "never"}
        case t.Expires(when, extension, renewal):
            found: dict[str, Any] = {"expiry": calendar_day(when, lexicon.report) if isinstance(when, t.Day) else _calendar(when, lexicon)}
            if extension is not None:
                found["extension"] = _calendar(extension, lexicon)
            if renewal is not None:
                found["renewal"] = _renewal(renewal, span, lexicon)
            return found
        case t.Provisionally(since, until):
            return {"provisional": _provisional(item, since, until, span, lexicon)}
        case t.Released(verb, kind, after):
            if kind.text != "withdrawal":
                lexicon.report.unknown(
                    "unknown-kind", f"a Party is released after a notice of withdrawal, not of `{kind.text}`", kind, ["withdrawal"]
                )
            elif verb.text not in ("notifies", "declares"):
                lexicon.report.unknown(
                    "unknown-verb", f"a withdrawal is notified; `{verb.text}` is not known here", verb, ["notifies", "declares"]
                )
            return {"release": duration(after, lexicon)}
        case t.SuspensionItem((), None):
            return {"suspension": True}
        case t.SuspensionItem(of, after):
            refs = read_refs(of, lexicon)
            later = None if after is None else duration(after, lexicon)
            return {"partial_suspension": None if refs is None else PartialSuspension(refs, later, span)}
    return {}


def _renewal(item: t.Renewed, span: Span, lexicon: Lexicon) -> Renewal | None:
    period = _calendar(item.period, lexicon)
    notice = None if item.notice is None else _calendar(item.notice, lexicon)
    if period is not None and not period.amount:
        lexicon.report.say("empty-interval", "a renewal for no time at all renews nothing", item.period.at)
        return None
    return None if period is None else Renewal(period, item.may_object, notice, span)


def _provisional(item: t.Provisionally, since: t.Day | None, until: t.Day | None, span: Span, lexicon: Lexicon) -> Provisional | None:
    first, last = calendar_day(since, lexicon.report), calendar_day(until, lexicon.report)
    if (since is not None and first is None) or (until is not None and last is None):
        return None
    if first is not None and last is not None and last <= first:
        lexicon.report.say("ends-before-it-begins", f"provisional application ends on {last}, not after it begins on {first}", item.at)
        return None
    return Provisional(first or "signature", last, span)


def _calendar(stretch: t.Stretch, lexicon: Lexicon) -> Any:
    """A length of time that is counted in days, months or years."""
    found = duration(stretch, lexicon)
    if found is not None and not found.is_calendar:
        lexicon.report.say("hours-for-days", f"an agreement runs for days, months or years, not {found.unit}", stretch.at)
        return None
    return found


def _kind_by_verb(word: t.Word, form: str, lexicon: Lexicon) -> str | None:
    fitting = [
        k.name for k, v in lexicon.verbs(form).get(word.text, []) if v.takes == "itself" and k.registers and k.registers[0] == "depositary"
    ]
    if not fitting:
        known = [v for v, kinds in lexicon.verbs(form).items() if any("depositary" in k.registers for k, _ in kinds)]
        lexicon.report.unknown("unknown-verb", f"`{word.text}` is no way in which Parties bring an agreement into force", word, known)
        return None
    return fitting[0]


def _party_names(members: t.MemberList, lexicon: Lexicon) -> tuple[str, ...]:
    names: list[str] = []
    for item in members:
        if isinstance(item, t.MembersOn):
            names += [n for n in members_on(item, lexicon) if n not in names]
            continue
        word = item.name
        if item.since or item.until:
            lexicon.report.say(
                "dated-party", "a party is listed without dates; the life of the agreement says since when it is bound", word.at
            )
        if word.text in lexicon.groups:
            lexicon.report.say(
                "group-as-party", f"{word.text} is a group, whose members change", word.at, advice=f"write `members of {word.text} on DATE`"
            )
        elif lexicon.party(word.text) in names:
            lexicon.report.say("duplicate-party", f"{word.text} is listed twice", word.at)
        elif not re.fullmatch(r"[^;>#|]{1,80}", word.text):
            lexicon.report.say("unusable-name", "a party's name has at most 80 characters and none of ; > # |", word.at)
        else:
            names.append(lexicon.party(word.text))
    return tuple(names)


def _first_at(members: t.MemberList) -> t.At:
    first = members[0]
    return first.group.at if isinstance(first, t.MembersOn) else first.name.at


def _refuse_second(known: object, what: str, lexicon: Lexicon, word: t.Word) -> None:
    if known:
        lexicon.report.say("repeated-item", f"the {what} is given twice", word.at, advice="keep one of them")


# ---- evidence -----------------------------------------------------------------------


def read_evidence(block: t.EvidenceBlock, lexicon: Lexicon, frame: Frame) -> None:
    """Whose word counts, and how counts and times are read."""
    accounts: list[AccountRule] = list(frame.evidence.accounts)
    establishes: list[str | Quorum] = list(frame.evidence.establishes)
    changes: dict[str, Any] = {}
    for item in block.items:
        match item:
            case t.AccountItem():
                accounts.append(_account(item, lexicon))
            case t.EstablishedItem(by):
                establishes += [x for b in by if (x := _basis(b, lexicon)) is not None]
            case t.TimeZoneItem(zone):
                if _is_zone(zone.text):
                    changes["time_zone"] = zone.text
                else:
                    lexicon.report.say(
                        "unknown-time-zone",
                        f"no time zone is called `{zone.text}`",
                        zone.at,
                        advice="use an IANA name such as Europe/Vienna, or UTC",
                    )
            case t.ChangesItem(how):
                changes["changes"] = how
            case t.CountsHold(stretch):
                changes["counts_hold"] = duration(stretch, lexicon)
            case t.AtResolution():
                changes["at_resolution_of_record"] = True
            case t.LeastGrade(grade):
                if grade.text[0] == "F" or grade.text[1] == "6":
                    lexicon.report.say(
                        "unknown-grade",
                        f"{grade.text} means that nothing can be judged, so it is no least grade",
                        grade.at,
                        advice="use A to E and 1 to 5",
                    )
                else:
                    changes["least_grade"] = (grade.text[0], int(grade.text[1]))
            case t.DisputedItem():
                pass
    frame.evidence = replace(frame.evidence, accounts=tuple(accounts), establishes=tuple(establishes), **changes)


def _account(item: t.AccountItem, lexicon: Lexicon) -> AccountRule:
    """The tiers in order; what others say of their own acts follows `own` unless the block says `nothing else`."""
    report = lexicon.report
    names = [x if isinstance(x, str) else x.text for x in item.tiers]
    alone = "nothing else" in names
    tiers = [n for n in names if n != "nothing else"]
    name = "each Party" if item.name is None else item.name.text
    if name == "neutrals" and "own" in tiers:
        report.say("wrong-tier", "neutrals have no statements of their own", item.at)
    if len(set(tiers)) < len(tiers):
        report.say("duplicate-tier", "a source stands twice in one account", item.at)
    if "own" in tiers and "own-acts" not in tiers and not alone:
        tiers.insert(tiers.index("own") + 1, "own-acts")
    for word in item.tiers:
        if isinstance(word, t.Word) and word.text not in _SHARED_TIERS and (close := report.closest(word.text, list(_SHARED_TIERS))):
            report.say("unknown-tier", f"`{word.text}` looks like a slip", word.at, advice=f"did you mean `{close}`?", is_warning=True)
    span = report.document.span(report.base + item.at[0], report.base + item.at[1], report.trail)
    return AccountRule(name, tuple(lexicon.party(n) for n in tiers), span, alone)


def _basis(basis: t.Word | t.QuorumItem | str, lexicon: Lexicon) -> str | Quorum | None:
    match basis:
        case t.QuorumItem(count, sources):
            names = tuple(dict.fromkeys(lexicon.party(w.text) for w in sources))
            if not 1 <= count <= len(names):
                lexicon.report.say(
                    "impossible-quorum",
                    f"{count} of {len(names)} cannot be",
                    basis.at,
                    advice="name at least as many sources as must agree",
                )
                return None
            return Quorum(count, names)
        case t.Word(text):
            return lexicon.party(text)
    return str(basis)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
