"""Rules of another agreement that an imported duty takes over.

`each Party shall act as required by INCSEA-1972 article III` (rule 8) becomes
the rules of that article, as rules `8:III.1` and so on of this agreement: with
its bearers, its life and its evidence, and the other's words, groups and
numbers. One step only: what the other agreement imports itself is not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from detente.agreement.clause import (
    Agreement,
    Anyone,
    AnyOther,
    Duty,
    EveryOther,
    Head,
    ImportedDuty,
    InPhases,
    Level,
    Or,
    Parties,
    PartyVar,
    PhaseBegins,
    RecurringDuty,
    Ref,
    Rule,
    When,
)
from detente.model.problem import Problem

Read = Callable[[Path], tuple[Agreement | None, tuple[Problem, ...]]]
"""Reads an agreement's file without following what it imports."""


class NotAdoptableError(ValueError):
    """A rule that cannot be taken over; the message says what it has that is in the way."""


def adopt(agreement: Agreement, read: Read) -> tuple[Agreement, tuple[Problem, ...]]:
    """The agreement with the rules that it imports, and why one could not be."""
    if not any(isinstance(r, ImportedDuty) for r in agreement.rules):
        return agreement, ()
    work = _Adoption(agreement, read)
    adopted = {r.head.id: tuple(work.rules(r)) if isinstance(r, ImportedDuty) else (r,) for r in agreement.rules}
    articles = tuple(
        replace(
            a, rules=tuple(own.head.id for r in a.rules for own in adopted.get(r, ())) if any(r in adopted for r in a.rules) else a.rules
        )
        for a in agreement.articles
    )
    ids = {i: tuple(r.head.id for r in own) for i, own in adopted.items()}
    return (
        replace(
            agreement,
            rules=_referring(tuple(r for own in adopted.values() for r in own), ids),
            phases={i: _referring(phase, ids) for i, phase in agreement.phases.items()},
            life=_referring(agreement.life, ids),
            articles=articles,
            kinds=work.kinds,
            groups=work.groups,
            places=work.places,
            quantities=work.quantities,
            imports=work.digests,
        ),
        tuple(work.problems),
    )


@dataclass
class _Adoption:
    """What one agreement takes over, gathered rule by rule."""

    agreement: Agreement
    read: Read
    problems: list[Problem] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    others: dict[str, Agreement | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kinds, self.groups = dict(self.agreement.kinds), dict(self.agreement.groups)
        self.places, self.quantities = dict(self.agreement.places), dict(self.agreement.quantities)

    def rules(self, rule: ImportedDuty) -> Iterator[Rule]:
        """The rules that it stands for; itself where the other text is left open or asks nothing that can be judged."""
        instrument = self.agreement.instruments[rule.instrument]
        other = self._other(rule, instrument.file) if instrument.file else None
        found = list(self._adopted(rule, other)) if other else []
        yield from found or [rule]

    def _other(self, rule: ImportedDuty, file: str) -> Agreement | None:
        if file not in self.others:
            folder = Path(self.agreement.path).parent
            path = folder / file
            if not path.resolve().is_relative_to(folder.resolve()):
                self._say(rule, "agreement-outside-folder", f"`{file}` lies outside the agreement's folder")
                self.others[file] = None
                return None
            other, problems = self.read(path)
            self.others[file] = other
            if other is None:
                self._say(rule, "unusable-agreement", f"{rule.instrument} cannot be used: {file} has problems of its own")
                self.problems += [p for p in problems if p.severity == "error"][:10]
            else:
                self.digests[file] = other.digest
        return self.others[file]

    def _adopted(self, rule: ImportedDuty, other: Agreement) -> Iterator[Rule]:
        asked = {a.id for a in other.articles if rule.article is None or a.id == rule.article or a.id.startswith(f"{rule.article}.")}
        if not asked:
            names = ", ".join(a.id for a in other.articles) or "none"
            self._say(rule, "unknown-article", f"{rule.instrument} has no article `{rule.article}`", f"its articles: {names}")
            return
        for theirs in other.rules:
            if theirs.head.article not in asked:
                continue
            try:
                if (own := self._own(rule, theirs)) is not None:
                    self._take_words(other, own)
                    yield own
            except NotAdoptableError as error:
                self._say(rule, "not-yet-supported", f"rule {theirs.head.id} of {rule.instrument} cannot be taken over: {error}")

    def _own(self, rule: ImportedDuty, theirs: Any) -> Rule | None:
        """Their rule as a rule of this agreement; None where it asks nothing of these bearers, or another act."""
        if not isinstance(theirs, Rule) or isinstance(theirs, ImportedDuty):
            raise NotAdoptableError("it is of a shape that is not judged in another agreement")
        if any(isinstance(n, InPhases | PhaseBegins) for n in _nodes(theirs)):
            raise NotAdoptableError("it depends on a phase")
        if rule.act is not None:
            if not isinstance(theirs, Duty | RecurringDuty) or theirs.act.kind != rule.act.kind:
                return None
            given = dict(rule.act.roles)
            roles = tuple((f, given.get(f, who) if isinstance(who, EveryOther | AnyOther | Anyone) else who) for f, who in theirs.act.roles)
            roles += tuple((f, who) for f, who in rule.act.roles if f not in dict(theirs.act.roles) and isinstance(who, Parties))
            theirs = replace(theirs, act=replace(theirs.act, roles=roles))
        borne = _borne(replace(theirs, head=_head(rule, theirs.head)), rule.bearers)
        return None if borne is None else _excused(borne, rule)

    def _take_words(self, other: Agreement, own: Rule) -> None:
        """Add what the rule names there; a name that means something else here is in the way."""
        nodes = list(_nodes(own))
        named = {getattr(n, attribute, None) for n in nodes for attribute in ("kind", "group", "name")}
        for theirs, ours, what in (
            (other.kinds, self.kinds, "kind"),
            (other.groups, self.groups, "group"),
            (other.places, self.places, "place"),
            (other.quantities, self.quantities, "quantity"),
        ):
            _take({n: v for n, v in theirs.items() if n in named}, ours, what)

    def _say(self, rule: ImportedDuty, code: str, message: str, advice: str | None = None) -> None:
        self.problems.append(Problem(code, message, rule.head.span, help=advice))


def _take(theirs: Mapping[str, Any], ours: dict[str, Any], what: str) -> None:
    for name, meaning in theirs.items():
        if name in ours and _meant(ours[name]) != _meant(meaning):
            raise NotAdoptableError(f"the {what} {name} means something else here")
        ours.setdefault(name, meaning)


def _meant(thing: Any) -> Any:
    return replace(thing, span=None) if hasattr(thing, "span") else thing


def _nodes(node: Any) -> Iterator[Any]:
    """A clause and every clause inside it."""
    if isinstance(node, tuple):
        for item in node:
            yield from _nodes(item)
    elif is_dataclass(node) and not isinstance(node, type):
        yield node
        for f in fields(node):
            yield from _nodes(getattr(node, f.name))


def _borne(own: Any, bearers: Parties) -> Any:
    """Their rule, borne by those of its bearers who are among ours; None where nobody is."""
    if bearers == Parties():
        return own
    if isinstance(own, Level):
        first = next(n for n, b in enumerate(own.binders) if b.sort == "Party")
        over = _narrowed(own.binders[first].over, bearers)
        if over is None:
            return None
        return replace(own, binders=tuple(replace(b, over=over) if n == first else b for n, b in enumerate(own.binders)))
    if not hasattr(own, "bearers"):
        raise NotAdoptableError("it binds two at once, and not every Party is meant here")
    among = _narrowed(own.bearers, bearers)
    return None if among is None else replace(own, bearers=among)


def _referring(node: Any, ids: Mapping[str, tuple[str, ...]]) -> Any:
    """The same clause, in which a reference to a rule means the rules that it stands for."""
    if isinstance(node, Ref):
        return replace(node, rules=tuple(i for r in node.rules for i in ids.get(r, (r,))))
    if isinstance(node, tuple):
        return tuple(_referring(item, ids) for item in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    return replace(node, **{f.name: _referring(getattr(node, f.name), ids) for f in fields(node)})


def _narrowed(theirs: Parties, ours: Parties) -> Parties | None:
    """Those of theirs who are among ours, too."""
    if theirs.group and ours.group and theirs.group != ours.group:
        raise NotAdoptableError(f"its bearers are {theirs.group}, and those here {ours.group}")
    names = ours.names or theirs.names
    if ours.names and theirs.names:
        names = tuple(n for n in theirs.names if n in ours.names)
        if not names:
            return None
    return Parties(theirs.group or ours.group, names)


def _head(rule: ImportedDuty, theirs: Head) -> Head:
    """Their rule's words, in this rule's place; of two limits in time the narrower."""
    here = rule.head
    return Head(
        id=f"{here.id}:{theirs.id}",
        title=theirs.title or here.title,
        article=here.article,
        span=here.span,
        text=f"{here.text}\n\n{theirs.text}",
        starts=_narrower(here.starts, theirs.starts, max),
        ends=_narrower(here.ends, theirs.ends, min),
        phases=here.phases,
        survives=here.survives,
    )


def _narrower(ours: When | None, theirs: When | None, choose: Callable[[date, date], date]) -> When | None:
    if ours is None or theirs is None:
        return ours or theirs
    if isinstance(ours.of, date) and isinstance(theirs.of, date):
        return When(choose(ours.of, theirs.of))
    raise NotAdoptableError("both are limited in time, and not both by dates")


def _excused(own: Any, rule: ImportedDuty) -> Any:
    """Their rule, excused also by what excuses here."""
    if rule.unless is None:
        return own
    bearer = getattr(own, "bearer", None)
    if bearer is None or (isinstance(own, Duty) and own.occasion is None):
        raise NotAdoptableError("it knows no `unless`")
    unless = _renamed(rule.unless, rule.bearer, bearer)
    return replace(own, unless=unless if own.unless is None else Or((own.unless, unless)))


def _renamed(node: Any, old: PartyVar, new: PartyVar) -> Any:
    if isinstance(node, PartyVar):
        return new if node == old else node
    if isinstance(node, tuple):
        return tuple(_renamed(item, old, new) for item in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    return replace(node, **{f.name: _renamed(getattr(node, f.name), old, new) for f in fields(node)})
