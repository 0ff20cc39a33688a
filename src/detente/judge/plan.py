"""One SQL query for each rule, to read, to run, and to run again elsewhere.

`plan` gives the text; it reads the evidence tables (one per kind, `statement`,
`completeness`) and the small relations that `stage` fills: `voice`, `seat`,
`party`, `bound`, `membership`, `located`, `identical`, `period`.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from detente.agreement.clause import (
    BaselineBound,
    Bound,
    Consequence,
    Duty,
    Evidence,
    ImportedDuty,
    Permission,
    Prohibition,
    RecurringDuty,
    Release,
    Rule,
    Separation,
)
from detente.judge.across import across, settled, unanimous
from detente.judge.bound import bound_plan
from detente.judge.condition import fields_of
from detente.judge.contested import told, told_fields
from detente.judge.duty import consequence_votes, duty_votes
from detente.judge.hold import of_kind
from detente.judge.imported import imported_votes
from detente.judge.occasion import Cte
from detente.judge.permission import no_votes, refusal
from detente.judge.prohibition import prohibition_votes
from detente.judge.prompt import PAIRED, plain_accounts
from detente.judge.recurring import recurring_votes
from detente.judge.scene import Scene
from detente.judge.separation import separation_votes
from detente.judge.sql import name


@dataclass(frozen=True, slots=True)
class Rest:
    """A plan in two steps: `paired` sets the plain majority apart, `sql` judges the rest; the majority fits `line` of the table."""

    paired: str
    sql: str
    line: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The query that judges one rule (`id`), its CTEs, and whether its rows are spells in time.

    `rest` is there where most instances can be counted without being written out.
    """

    id: str
    rule: Rule
    closing: str
    ctes: tuple[Cte, ...]
    is_spells: bool = False
    rest: Rest | None = None

    @property
    def sql(self) -> str:
        """The whole query, which stands on its own."""
        return with_ctes(self.ctes, self.closing)

    @property
    def brief(self) -> str:
        """The same query where the parts that all rules share are tables already (see `shared`)."""
        return self.asking(self.closing)

    def asking(self, closing: str) -> str:
        """Another SELECT over the plan's own parts, where the shared ones are tables already."""
        return with_ctes([c for c in self.ctes if not is_shared(c[0])], closing)


def plans(scene: Scene, rule: Rule, evidence: Evidence) -> tuple[Plan, ...]:
    """The rule's plan, and the plan of its consequence if it has one that binds."""
    match rule:
        case Prohibition():
            return (_plan(scene, rule.head.id, rule, prohibition_votes(scene, rule)),)
        case Duty():
            own = _of_duty(scene, rule)
            if (after := _binding(rule)) is None:
                return (own,)
            before = duty_votes(replace(scene, may_pair=False), rule).ctes
            return (own, _plan(scene, f"{rule.head.id}.else", rule, consequence_votes(scene, rule, after, before)))
        case RecurringDuty():
            ctes = recurring_votes(scene, rule)
            own = Plan(rule.head.id, rule, _closing(scene, rule), tuple(ctes))
            if (after := _binding(rule)) is None:
                return (own,)
            return (own, Plan(f"{rule.head.id}.else", rule, _closing(scene, rule), tuple(consequence_votes(scene, rule, after, ctes))))
        case ImportedDuty():
            return (Plan(rule.head.id, rule, _closing(scene, rule), tuple(imported_votes(scene, rule))),)
        case Release():
            return (Plan(rule.head.id, rule, _closing(scene, rule), (no_votes(),)),)
        case Separation():
            return (Plan(rule.head.id, rule, _closing(scene, rule), tuple(separation_votes(scene, rule))),)
        case Permission():
            forbidden = refusal(scene.kinds, rule)
            if forbidden is None:
                return (Plan(rule.head.id, rule, _closing(scene, rule), (no_votes(),)),)
            return (replace(_plan(scene, rule.head.id, forbidden, prohibition_votes(scene, forbidden, standing=False)), rule=rule),)
        case Bound() | BaselineBound():
            ctes, closing = bound_plan(scene, rule, counts_hold=evidence.counts_hold, changes_open=evidence.changes == "open")
            return (Plan(rule.head.id, rule, closing, tuple(ctes), is_spells=True),)


def _closing(scene: Scene, rule: Rule) -> str:
    return across(scene, in_phases=rule.head.phases is not None)


def _binding(rule: Duty | RecurringDuty) -> Consequence | None:
    """The rule's consequence, where it has one that is owed by a time."""
    after = rule.consequence
    return None if after is None or after.modal == "may" or after.deadline is None else after


def _of_duty(scene: Scene, rule: Duty) -> Plan:
    votes = duty_votes(scene, rule)
    plan = _plan(scene, rule.head.id, rule, list(votes.ctes))
    if not votes.prompt:
        return plan
    line = unanimous(scene, plain_accounts(scene, rule))
    others = [c for c in plan.ctes if c[0] != PAIRED and not is_shared(c[0])]
    rest = Rest(dict(votes.ctes)[PAIRED], with_ctes(others, plan.closing), line)
    return replace(plan, closing=f"{plan.closing}\nUNION ALL BY NAME\n{settled(votes.prompt, line)}", rest=rest)


def _plan(scene: Scene, rule_id: str, rule: Duty | Prohibition, ctes: list[Cte]) -> Plan:
    return Plan(rule_id, rule, _closing(scene, rule), tuple(_with_contrary(scene, rule, ctes)))


def _with_contrary(scene: Scene, rule: Duty | Prohibition, ctes: list[Cte]) -> list[Cte]:
    """`votes` that also cite why an account holds that there was no occasion: what denies the event, or gives it other values."""
    if rule.occasion is None or not scene.shape(rule.occasion.kind).is_contested:
        return ctes
    kind = scene.kinds[rule.occasion.kind]
    *before, (_, body) = ctes
    read = fields_of(rule.occasion.where, rule.occasion.var) | {f for f, _ in rule.occasion.roles}
    cites = ", ".join(["cites", *(name("cites " + f.name) for f in told_fields(scene, kind) if f.name in read)])
    event, join = "t.event", ""
    if scene.shape(kind.name).is_linked:
        event, join = "coalesce(l.same, t.event)", f" LEFT JOIN linked l ON l.event = t.event AND {of_kind('l', kind)}"
    contrary = (
        f"  SELECT {event} AS event, list({{'account': 1::UBIGINT << bit, 'cites': flatten([{cites}])}}) AS said\n"
        f"  FROM {name(told(kind))} t{join} WHERE heard GROUP BY {event}"
    )
    against = "[a.cites FOR a IN coalesce(c.said, []) IF (a.account & v.untriggered) <> 0]"
    votes = (
        f"  SELECT v.* REPLACE (list_sort(list_distinct(list_concat(v.cites, flatten({against})))) AS cites)\n"
        "  FROM voted v LEFT JOIN contrary c ON c.event = v.event"
    )
    return [*before, ("voted", body), ("contrary", contrary), ("votes", votes)]


def with_ctes(ctes: list[Cte] | tuple[Cte, ...], closing: str) -> str:
    """A query out of its parts; a part named twice is written once."""
    parts: dict[str, str] = {}
    for cte, body in ctes:
        parts.setdefault(cte, body)
    return "WITH\n" + ",\n".join(f"{name(cte)} AS {_once(cte)}(\n{body}\n)" for cte, body in parts.items()) + "\n" + closing


SHARED = ("patterns ", "closed ", "said ", "authors ", "last ", "told ")
"""How parts begin that depend on a kind and on no rule."""


def is_shared(cte: str) -> bool:
    """Whether the part is the same in every plan of one question."""
    return cte.startswith(SHARED)


def share(written: Sequence[Plan]) -> list[tuple[str, str]]:
    """Tables to make before the plans run in brief: (name, query), in order."""
    parts = dict(c for plan in written for c in plan.ctes if is_shared(c[0]))
    tables: list[tuple[str, str]] = []
    for cte, body in parts.items():
        if cte.startswith(("patterns ", "closed ", "authors ", "told ")):
            made = {table for table, _ in tables}
            tables.append((cte, with_ctes([*_needed(body, parts, made), (cte, body)], f"SELECT * FROM {name(cte)}")))
    return tables


def _needed(body: str, parts: Mapping[str, str], made: Container[str]) -> list[Cte]:
    """The parts that the body reads, and what these read, in their order; without those that are tables already."""
    needed: set[str] = set()
    bodies = [body]
    while bodies:
        reading = bodies.pop()
        found = {cte for cte in parts if cte not in needed and cte not in made and name(cte) in reading and parts[cte] != reading}
        needed |= found
        bodies += [parts[cte] for cte in found]
    return [(cte, part) for cte, part in parts.items() if cte in needed]


def _once(cte: str) -> str:
    """Parts that others read several times are computed, and planned, once."""
    return "MATERIALIZED " if cte in ("x", "overdue", "found", "first") or cte.startswith(("near", *SHARED)) else ""
