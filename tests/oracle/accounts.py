"""Whose versions there are. Source: docs/explanation/semantics.md, section 2."""

from __future__ import annotations

from detente.agreement.clause import Agreement

from .hold import Tier, View
from .rows import Evidence

_NOBODYS = {"monitors": "monitor", "sensors": "sensor", "registers": "register", "press": "press", "analysts": "analyst"}
_PARTY = ("own", "own-acts", "monitors", "sensors", "registers")
_NEUTRALS = ("monitors", "sensors", "registers", "own-acts")


def voices_of(evidence: Evidence, party: str) -> set[str]:
    """The sources whose statements are that party's own."""
    return {s.id for s in evidence.speakers.values() if party in s.speaks_for and s.kind not in ("press", "analyst")}


def accounts(agreement: Agreement, evidence: Evidence) -> list[View]:
    rules = {rule.name: rule.tiers for rule in agreement.evidence.accounts}
    views = [View(p, "party", tiers(evidence, rules.get("each Party", _PARTY), p)) for p in agreement.parties]
    views.append(View("neutrals", "neutrals", tiers(evidence, rules.get("neutrals", _NEUTRALS), None)))
    for name, listed in rules.items():
        if name not in ("each Party", "neutrals"):
            views.append(View(name, "joint", tiers(evidence, listed, None)))
    spoke = {r.source for r in evidence.rows} | {c.source for c in evidence.complete} | {link.source for link in evidence.links}
    for name in ("press", "analysts"):
        own_kind = sorted(s.id for s in evidence.speakers.values() if s.kind == _NOBODYS[name] and s.id in spoke)
        if own_kind:
            views.append(View(name, name, (tuple((s, False) for s in own_kind),)))
    return views


def tiers(evidence: Evidence, listed: tuple[str, ...], party: str | None) -> tuple[Tier, ...]:
    names = list(listed)
    if "own" in names and "own-acts" not in names and "nothing else" not in names:
        names.insert(names.index("own") + 1, "own-acts")
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
