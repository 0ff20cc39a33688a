"""Rules that turn on what nobody could ever see: a register nobody keeps, a sensor nobody has, a source that is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from detente.agreement.clause import (
    And,
    AnyRule,
    Bound,
    Condition,
    Done,
    Duty,
    Evidence,
    Not,
    Or,
    Permission,
    Prohibition,
    Quorum,
    RecurringDuty,
    Separation,
)
from detente.draft.draft import Draft, nodes
from detente.evidence import Record
from detente.model.problem import Problem

_SEEING = frozenset(("monitors", "sensors", "registers"))
_NO_ID = frozenset((*_SEEING, "own", "own-acts", "press", "analysts"))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a folder of evidence has: its sources by id, the kinds spoken of, and those for which silence means no."""

    sources: dict[str, str]
    spoken: frozenset[str]
    closed: frozenset[str]


def seen(record: Record) -> Seen:
    """What a record has to offer a rule."""
    ask = record.database.execute
    sources = dict(ask("SELECT id, kind FROM source").fetchall())
    spoken = frozenset(kind for (kind,) in ask("SELECT DISTINCT kind FROM statement").fetchall())
    stocks = (
        frozenset(of for (of,) in ask('SELECT DISTINCT "of" FROM inventory WHERE "of" IS NOT NULL').fetchall())
        if "inventory" in spoken
        else frozenset()
    )
    closed = frozenset(kind for (kind,) in ask("SELECT kind FROM completeness UNION SELECT kind FROM coverage").fetchall())
    return Seen(sources, spoken | stocks, closed)


def verifiable(draft: Draft, evidence: Seen | None = None) -> Iterator[Problem]:
    """Against the `evidence:` block alone, or against what a folder of evidence has."""
    yield from _silence(draft, evidence)
    yield from _craft(draft, evidence)
    if evidence is not None:
        yield from _sources(draft, evidence)
        yield from _unspoken(draft, evidence)


def _silence(draft: Draft, evidence: Seen | None) -> Iterator[Problem]:
    """Kinds of which it must be known that nothing happened, where nobody could say so. One finding for each kind, at its first rule."""
    needed: dict[str, list[AnyRule]] = defaultdict(list)
    for rule in draft.rules:
        for absent in dict.fromkeys(_absences(rule)):
            needed[absent].append(rule)
    is_blind = _is_blind(draft.agreement.evidence, _SEEING)
    for name, rules in needed.items():
        kind = draft.agreement.kinds.get(name)
        if kind is None:
            continue
        on = _listed(rules)
        first = rules[0].head.span
        if evidence is not None:
            if name not in evidence.closed:
                yield draft.remark_at(
                    "unverifiable-silence",
                    f"no source is stated complete for {name} and none covers it, so silence never means that there was none ({on})",
                    first,
                    f"let the keeper of {' or '.join(kind.registers) or 'a register'} state it in completeness, or a sensor its coverage; else only a denial decides",
                )
        elif is_blind:
            yield draft.remark_at(
                "unverifiable-silence",
                f"no account hears a register, monitor or sensor, so silence about {name} never means that there was none ({on})",
                first,
                "add `then registers` to an account of the `evidence:` block",
            )
        elif not kind.registers:
            yield draft.remark_at(
                "unverifiable-silence",
                f"no register is kept for {name}: that there was none can only be denied in words, or covered by a sensor ({on})",
                first,
                "agree on a register, and name it where the kind is defined: `complete in ...-register`",
                "note",
            )


def _absences(rule: AnyRule) -> Iterator[str]:
    """The kinds of which a rule must know that nothing happened. Excuses are none: unclaimed they are false."""
    match rule:
        case Prohibition(occasion=occasion):
            yield occasion.kind
            yield from (done.kind for done in _negated(occasion.where))
        case Duty(act=act, occasion=occasion):
            yield act.kind
            if occasion is not None:
                yield from (done.kind for done in _negated(occasion.where))
        case RecurringDuty(act=act):
            yield act.kind
        case Bound(summands=summands):
            for summand in summands:
                yield from (done.kind for done in _negated(summand.where))
        case _:
            pass


def _negated(condition: Condition | None, *, under: bool = False) -> Iterator[Done]:
    match condition:
        case And(items) | Or(items):
            for item in items:
                yield from _negated(item, under=under)
        case Not(item):
            yield from _negated(item, under=not under)
        case Done() if under:
            yield condition
        case _:
            pass


def _is_blind(evidence: Evidence, seeing: frozenset[str]) -> bool:
    """Whether every account is listed, and none hears one of these tiers or a source by name."""
    names = {account.name for account in evidence.accounts}
    if not {"each Party", "neutrals"} <= names:
        return False
    return not any(tier in seeing or tier not in _NO_ID for account in evidence.accounts for tier in account.tiers)


def _craft(draft: Draft, evidence: Seen | None) -> Iterator[Problem]:
    """Distances between craft, which only sensors and monitors measure."""
    for rule in draft.rules:
        if not isinstance(rule, Separation):
            continue
        if evidence is None and _is_blind(draft.agreement.evidence, frozenset(("monitors", "sensors"))):
            what = "no account hears a sensor or monitor"
        elif evidence is not None and not {"sensor", "monitor"} & set(evidence.sources.values()) and "encounter" not in evidence.spoken:
            what = "the evidence has no sensor, no monitor and no encounter"
        else:
            continue
        yield draft.remark_at(
            "absent-sensor",
            f"rule {rule.head.id} asks for the distance between craft, and {what}",
            rule.head.span,
            "name who measures it, and let an account hear them: `then sensors`",
        )


def _sources(draft: Draft, evidence: Seen) -> Iterator[Problem]:
    """Sources that the `evidence:` block names and the folder does not have."""
    block = draft.agreement.evidence
    joint = {account.name for account in block.accounts}
    named = [(tier, account.span) for account in block.accounts for tier in account.tiers if tier not in _NO_ID]
    anywhere = next((s for s in draft.statements if type(s.tree).__name__ == "EvidenceBlock"), None)
    if anywhere is not None:
        span = draft.document.span(anywhere.start, anywhere.end)
        established = [source for by in block.establishes for source in (by.sources if isinstance(by, Quorum) else (by,))]
        named += [(source, span) for source in established if source not in {"bearer", *_NO_ID, *joint}]
    told: set[str] = set()
    for source, span in named:
        if source not in evidence.sources and source not in told and source not in draft.agreement.parties:
            told.add(source)
            yield draft.remark_at(
                "absent-source",
                f"the `evidence:` block names {source}, and the evidence has no such source",
                span,
                "add it to the table of sources, or correct the name",
            )


def _unspoken(draft: Draft, evidence: Seen) -> Iterator[Problem]:
    """Kinds that rules ask about and nobody in the evidence speaks of. One finding for each, at its first rule."""
    asked: dict[str, list[AnyRule]] = defaultdict(list)
    for rule in draft.rules:
        kinds = dict.fromkeys(node.kind for node in nodes(rule) if hasattr(node, "kind") and isinstance(node.kind, str))
        if isinstance(rule, Permission):
            continue
        for kind in kinds:
            asked[kind].append(rule)
    for kind, rules in asked.items():
        if kind in draft.agreement.kinds and kind not in evidence.spoken and kind not in evidence.closed:
            yield draft.remark_at(
                "unspoken-kind",
                f"nobody in the evidence speaks of {kind} ({_listed(rules)})",
                rules[0].head.span,
                "find out who could: a rule of which nobody ever says anything is untested",
                "note",
            )


def _listed(rules: list[AnyRule]) -> str:
    ids = [rule.head.id for rule in rules]
    more = f" and {len(ids) - 5} more" if len(ids) > 5 else ""
    return f"{'rule' if len(ids) == 1 else 'rules'} {', '.join(ids[:5])}{more}"
