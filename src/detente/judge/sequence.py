"""In which order rules, phases and releases are judged: each after what it waits for.

A rule waits for the phase it begins with and for the releases from it; a
release for the rules whose breach releases; a phase for the rules that must
have been kept, and for the phase that it is counted from. A rule that ends
with a phase is judged before it without that end, and *again* after it.
What waits for itself (`Agreement.cycles`) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from detente.agreement.clause import Agreement, AnyRule, Kept, PhasePoint, Release
from detente.agreement.clause.recurring import counted_phases


class Step(NamedTuple):
    """One thing to judge. `again` is a rule with its end."""

    what: Literal["rule", "phase", "again"]
    id: str


def is_conditional(agreement: Agreement) -> bool:
    """Whether some rule's being in force depends on how others were kept."""
    return bool(agreement.phases) or any(isinstance(r, Release) or r.head.phases for r in agreement.rules)


def unjudged(agreement: Agreement) -> frozenset[str]:
    """The rules that wait for themselves."""
    return frozenset(r for cycle in agreement.cycles for r in cycle.rules)


def knotted(agreement: Agreement) -> frozenset[str]:
    """The phases that wait for themselves."""
    return frozenset(s.removeprefix("phase ") for cycle in agreement.cycles for s in cycle.path if s.startswith("phase "))


def sequence(agreement: Agreement) -> list[Step]:
    """Every rule and phase that can be judged, in such an order."""
    waits = dict(_waits(agreement))
    done: dict[Step, None] = {}
    while len(done) < len(waits):
        ready = [s for s, before in waits.items() if s not in done and before <= done.keys()]
        # A release that waits for the end of a rule, which waits for that release, takes the rule without its end.
        ready = ready or [s for s, before in waits.items() if s not in done and all(b in done or b.what == "again" for b in before)]
        ready = ready or [s for s in waits if s not in done][:1]
        done.update(dict.fromkeys(ready))
    return list(done)


def _waits(agreement: Agreement) -> Iterator[tuple[Step, set[Step]]]:
    left_out = unjudged(agreement)
    rules = {r.head.id: r for r in agreement.rules if r.head.id not in left_out}
    phases = {p for p in agreement.phases if p not in knotted(agreement)}
    releases: dict[str, set[Step]] = {}
    for rule in rules.values():
        if isinstance(rule, Release):
            for id_ in (i for ref in rule.scope for i in ref.rules):
                releases.setdefault(id_, set()).add(Step("rule", rule.head.id))
    for id_, rule in rules.items():
        before = set(releases.get(id_, ()))
        if (start := _phase(rule, "starts")) in phases:
            before.add(Step("phase", str(start)))
        before |= {Step("phase", p) for p in counted_phases(rule) if p in phases}
        if isinstance(rule, Release):
            before |= {Step("again" if _phase(rules[i], "ends") in phases else "rule", i) for i in rule.of.rules if i in rules}
        yield Step("rule", id_), before
        if (end := _phase(rule, "ends")) in phases:
            yield Step("again", id_), {*before, Step("rule", id_), Step("phase", str(end))}
    for id_ in phases:
        begins = agreement.phases[id_].begins
        if isinstance(begins, PhasePoint):
            yield Step("phase", id_), {Step("phase", begins.phase)} if begins.phase in phases else set()
        elif isinstance(begins, tuple):
            yield Step("phase", id_), {Step("rule", i) for m in begins if isinstance(m, Kept) for i in m.of.rules if i in rules}
        else:
            yield Step("phase", id_), set()


def _phase(rule: AnyRule, end: Literal["starts", "ends"]) -> str | None:
    point = getattr(rule.head.phases, end) if rule.head.phases else None
    return point.phase if point else None
