"""All checks of an agreement; each witness is judged before its finding is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from detente.agreement.clause import Agreement, AnyRule, Duty, ImportedDuty, Permission, Prohibition
from detente.agreement.markdown import Document, read_document
from detente.agreement.wording import nodes
from detente.cases.judged import Locator
from detente.model.proven import Proven
from detente.model.span import Span
from detente.prove.claim import Claim, Undecided, listed
from detente.prove.clash import clashes, duty_forbidden
from detente.prove.classes import classes
from detente.prove.deadlines import deadlines
from detente.prove.histories import MOST_STEPS, histories
from detente.prove.levels import levels
from detente.prove.occasions import Told, idle, occasions
from detente.prove.region import Region, region
from detente.prove.repeats import repeats
from detente.prove.sketch import confirmed, table
from detente.prove.world import World

CODES = (
    "class-gap",
    "class-overlap",
    "duty-forbidden",
    "floor-above-ceiling",
    "idle-rule",
    "never-fires",
    "no-lawful-move",
    "swallowed-rule",
    "unmeetable-deadline",
)
"""What can be found."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found, and what was not decided and why.

    `unconfirmed` has, by code, the rules of findings that the solver proposed
    and the judge did not confirm on their own events; they are not shown.
    `rules` is how many rules were looked at, `steps` how long a history may be.
    """

    findings: tuple[Proven, ...]
    undecided: tuple[Undecided, ...]
    unconfirmed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: int = 0
    steps: int = MOST_STEPS


def prove(text: str, agreement: Agreement, locator: Locator, *, only: Collection[str] = (), ignore: Collection[str] = ()) -> Proof:
    """Every finding on an agreement that was read without an error, in the order of the text.

    `text` is the document's; `locator` answers for places in witnesses. `only` and `ignore` choose by code.
    """
    document = read_document(text, agreement.path)
    world = World(agreement)
    findings: list[Proven] = []
    undecided: list[Undecided] = list(_unsupported(agreement))
    unconfirmed: dict[str, list[str]] = {}
    for one in told(world):
        if isinstance(one, Undecided):
            undecided.append(one)
        elif (not only or one.code in only) and one.code not in ignore:
            blocks = [confirmed(agreement, sketch, locator) for sketch in one.sketches]
            if None in blocks:
                unconfirmed.setdefault(one.code, []).append("+".join(one.rules))
            else:
                findings.append(_proven(document, one, tuple(block for block in blocks if block is not None)))
    findings.sort(key=lambda f: (*((f.span.line, f.span.column) if f.span else (0, 0)), f.code, f.message))
    named = {code: tuple(rules) for code, rules in sorted(unconfirmed.items())}
    return Proof(tuple(findings), tuple(dict.fromkeys(undecided)), named, len(agreement.rules))


def told(world: World) -> Told:
    """What every check says, before the judge has seen it."""
    agreement = world.agreement
    in_text = sorted(agreement.rules, key=lambda r: (r.head.span.path != agreement.path, r.head.span.line, r.head.span.column))
    built = (region(world, r) for r in in_text if isinstance(r, Prohibition | Duty | Permission))
    regions: list[Region] = [one for one in built if one is not None]
    yield from occasions(agreement, regions)
    yield from repeats(world, in_text)
    yield from idle(agreement, regions)
    yield from classes(agreement, regions)
    some, unknown = clashes(world, regions)
    yield from unknown
    yield from duty_forbidden(agreement, some, regions)
    yield from levels(world)
    yield from deadlines(agreement, regions)
    yield from histories(agreement, some, regions)


def _unsupported(agreement: Agreement) -> Iterator[Undecided]:
    """What is left out from the start."""
    hollow = tuple(r.head.id for r in agreement.rules if isinstance(r, ImportedDuty))
    if hollow:
        yield Undecided("everything", hollow, "what they take over stands in a text that is not at hand")
    stuck = tuple(dict.fromkeys(rule for cycle in agreement.cycles for rule in cycle.rules))
    if stuck:
        yield Undecided("histories", stuck, "they wait for one another in a circle")
    terms: dict[tuple[str, ...], list[str]] = {}
    for name, rules in _left_open(agreement.rules).items():
        terms.setdefault(rules, []).append(name)
    for rules, names in terms.items():
        what, it = ("its value", "it means") if len(names) == 1 else ("their values", "they mean")
        yield Undecided(f"what turns on {what}", rules, f"the text leaves {listed(names)} open; only what holds whatever {it} is told")


def _left_open(rules: tuple[AnyRule, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for rule in rules:
        for node in nodes(rule):
            if type(node).__name__ == "LeftOpen":
                found.setdefault(node.name, {})[rule.head.id] = None
    return {name: tuple(ids) for name, ids in found.items()}


def _proven(document: Document, claim: Claim, blocks: tuple[str, ...]) -> Proven:
    where, excerpt = claim.span, None
    if where.path == document.path:
        start = document.lines[where.line - 1] + where.column - 1
        end = document.lines[where.end_line - 1] + where.end_column - 1
        at = document.span(start, max(start, min(end, document.line_of(start)[1])))
        where, excerpt = Span(at.path, at.line, at.column, at.end_line, at.end_column, claim.span.trail), document.excerpt(start)
    return Proven(
        claim.code,
        claim.message,
        where,
        excerpt,
        help=claim.advice,
        severity=claim.severity,
        rules=claim.rules,
        events=table(claim.rows),
        cases=blocks,
    )
