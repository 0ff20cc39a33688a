"""Whose versions there are. Source: docs/explanation/semantics.md, section 2."""

from __future__ import annotations

from detente.agreement.clause import AccountRule, Agreement, Quorum

from .hold import Tier, View
from .rows import Evidence

_NOBODYS = {"monitors": "monitor", "sensors": "sensor", "registers": "register", "press": "press", "analysts": "analyst"}
_PARTY = ("own", "own-acts", "monitors", "sensors", "registers")
_NEUTRALS = ("monitors", "sensors", "registers", "own-acts")


def voices_of(evidence: Evidence, party: str) -> set[str]:
    """The sources whose statements are that party's own."""
    return {s.id for s in evidence.speakers.values() if party in s.speaks_for and s.kind not in ("press", "analyst")}


def accounts(agreement: Agreement, evidence: Evidence) -> list[View]:
    rules = {rule.name: _with_own_acts(rule) for rule in agreement.evidence.accounts}
    views = [View(p, "party", tiers(evidence, rules.get("each Party", _PARTY), p)) for p in agreement.parties]
    views.append(View("neutrals", "neutrals", tiers(evidence, rules.get("neutrals", _NEUTRALS), None)))
    for name, listed in rules.items():
        if name not in ("each Party", "neutrals"):
            views.append(View(name, "joint", tiers(evidence, listed, None)))
    for name in establishing(agreement):
        first = () if name == "monitors" else (name,)
        views.append(View(name, "joint", tiers(evidence, (*first, *_NEUTRALS), None)))
    spoke = {r.source for r in evidence.rows if not r.target} | {c.source for c in evidence.complete}
    for name in ("press", "analysts"):
        own_kind = sorted(s.id for s in evidence.speakers.values() if s.kind == _NOBODYS[name] and s.id in spoke)
        if own_kind:
            views.append(View(name, name, (tuple((s, False) for s in own_kind),)))
    return views


def establishing(agreement: Agreement) -> list[str]:
    """The sources, or `monitors`, whose accounts can establish a verdict, alone or in a quorum."""
    found: dict[str, None] = {}
    for who in agreement.evidence.establishes:
        for name in who.sources if isinstance(who, Quorum) else (who,):
            if name != "bearer":
                found[name] = None
    return list(found)


def _with_own_acts(rule: AccountRule) -> tuple[str, ...]:
    names = list(rule.tiers)
    if "own" in names and "own-acts" not in names and not rule.nothing_else:
        names.insert(names.index("own") + 1, "own-acts")
    return tuple(names)


def tiers(evidence: Evidence, names: tuple[str, ...], party: str | None) -> tuple[Tier, ...]:
    own = voices_of(evidence, party) if party else set()
    spoken_for = set().union(*(voices_of(evidence, p) for p in _everybody(evidence)))
    out: list[Tier] = []
    for name in names:
        if name == "own":
            out.append(tuple((s, False) for s in sorted(own)))
        elif name == "own-acts":
            out.append(tuple((s, True) for s in sorted(spoken_for - own)))
        elif name in _NOBODYS:
            kind = _NOBODYS[name]
            out.append(tuple((s.id, False) for s in evidence.speakers.values() if s.kind == kind and s.id not in spoken_for))
        elif name in evidence.speakers:
            out.append(((name, False),))
    return tuple(out)


def _everybody(evidence: Evidence) -> set[str]:
    return {p for s in evidence.speakers.values() for p in s.speaks_for}


def only(view: View, sources: set[str]) -> View:
    """The account with every other source silenced: what these alone say."""
    return View(view.name, view.kind, tuple(tuple(one for one in tier if one[0] in sources) for tier in view.tiers))
