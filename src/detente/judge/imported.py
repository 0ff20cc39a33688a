"""What is imported from a text that is not at hand: named, and left open.

Rules of an agreement at hand are taken over when it is read (`agreement/adopt.py`)
and judged like any other.
"""

from __future__ import annotations

from detente.agreement.clause import ImportedDuty
from detente.judge.condition import member_of
from detente.judge.force import binds, paused_spans, window
from detente.judge.occasion import Cte
from detente.judge.scene import Scene
from detente.judge.sql import all_of, moment, text
from detente.model.verdict import InstanceVerdict, Tale, Vote


def imported_votes(scene: Scene, rule: ImportedDuty) -> list[Cte]:
    """`votes`: for each bearer open, and left open, in every account that holds it bound."""
    now = (moment(scene.as_of),) * 2
    bound = binds(scene, window(scene, rule.head), "qb.spans", now).as_set(scene.every)
    accounts, join = f"{scene.every}::UBIGINT", paused_spans(scene, rule.head.id, "qb", "p.name")
    if scene.has_life:
        accounts, join = "b.accounts", f" JOIN bound b ON b.party = p.name{join}"
    asked = ["true"]
    if rule.bearers.names:
        asked.append(f"p.name IN ({', '.join(text(n) for n in rule.bearers.names)})")
    if rule.bearers.group:
        asked.append(member_of(rule.bearers.group, "qb.spans", now).possible)
    none, every = "0::UBIGINT", f"{scene.every}::UBIGINT"
    return [
        (
            "votes",
            f"  SELECT '' AS event, bearer, NULL::VARCHAR AS recipient, {every} AS seen, {none} AS kept, {none} AS breached, {none} AS pending,\n"
            f"    {every} & ~may AS unbound, {none} AS untriggered, may AS open, may AS left_open, {none} AS cured, {none} AS self, {none} AS fair, {none} AS plain,\n"
            "    NULL::TIMESTAMP AS due_lo, NULL::TIMESTAMP AS due_hi, NULL::TIMESTAMP AS happens_lo, []::UINTEGER[] AS cites\n"
            f"  FROM (SELECT p.name AS bearer, bit_or({accounts} & {bound.possible}) AS may\n"
            f"    FROM party p{join} WHERE {all_of(asked)} GROUP BY p.name)",
        )
    ]


def imported_tale(rule: ImportedDuty, instance: InstanceVerdict, accounts: tuple[str, ...]) -> tuple[Tale, ...]:
    """What is missing, the same for every account of one vote."""
    of = f" article {rule.article}" if rule.article else ""
    by_vote: dict[Vote, list[str]] = {}
    for account in accounts:
        by_vote.setdefault(instance.votes[account], []).append(account)
    lacking = f"the text of {rule.instrument}{of}"
    return tuple(Tale(tuple(names), vote, (), missing=(lacking,) if vote is Vote.OPEN else ()) for vote, names in by_vote.items())
