"""From votes in accounts to one outcome: the first line of the table that fits.

Reads a relation `votes` with one row per instance and a set of accounts for
each vote, and adds `outcome`, `ground` and `statuses`.
Source: semantics, section 5.
"""

from __future__ import annotations

from detente.judge.scene import Scene
from detente.model.verdict import Ground, Outcome, Status

INSTANCE = ("event", "bearer", "recipient")
VOTES = ("kept", "breached", "open", "untriggered", "unbound", "pending")


def across(scene: Scene) -> str:
    """The closing SELECT over `votes`."""
    seating = scene.seating
    deciding, neutral, establishing = seating.deciding, seating.neutral, seating.establishing
    bearer = "coalesce(a.account, 0)" if seating.bearer_establishes else "0"
    quorum_breached = " OR ".join(f"bit_count(v.breached & {mask}) >= {count}" for count, mask in seating.quorums) or "false"
    quorum_kept = " OR ".join(f"bit_count(v.kept & {mask}) >= {count}" for count, mask in seating.quorums) or "false"
    admitted = f"(v.breached & v.self & {bearer}) <> 0"
    named_breached = f"((v.breached & {establishing}) <> 0 OR {quorum_breached})"
    named_kept = f"((v.kept & {establishing}) <> 0 OR {quorum_kept})"
    against = f"((v.kept | v.untriggered | v.unbound | v.pending) & {deciding}) <> 0"
    said_breached = f"(v.breached & {deciding}) <> 0"
    said_kept = f"(v.kept & {deciding}) <> 0"
    left_open = f"(v.left_open & {deciding}) <> 0"

    def table(pairs: list[tuple[str, str | None]]) -> str:
        return "CASE " + " ".join(f"WHEN {when} THEN {_literal(then)}" for when, then in pairs) + " END"

    establishes_breach = f"({named_breached} OR {admitted})"
    rows: list[tuple[str, Outcome | None, Ground | None]] = [
        (f"{establishes_breach} AND {named_kept}", Outcome.DISPUTED, Ground.ACCOUNTS_DIFFER),
        (named_breached, Outcome.BREACHED, Ground.ESTABLISHED),
        (admitted, Outcome.BREACHED, Ground.ADMITTED),
        (named_kept, Outcome.KEPT, Ground.ESTABLISHED),
        (f"{said_breached} AND {against}", Outcome.DISPUTED, Ground.ACCOUNTS_DIFFER),
        (f"{said_breached} AND (v.breached & v.fair & {neutral}) <> 0", Outcome.BREACHED, Ground.NEUTRAL),
        (said_breached, Outcome.UNVERIFIED, Ground.ALLEGED),
        (f"{said_kept} AND (v.kept & v.plain & {neutral}) <> 0", Outcome.KEPT, Ground.OBSERVED),
        (said_kept, Outcome.KEPT, Ground.DECLARED),
        (left_open, None, None),
        (f"(v.open & {deciding}) <> 0", Outcome.UNVERIFIED, Ground.OPEN),
    ]
    outcome = table([(when, o) for when, o, _ in rows])
    ground = table([(when, g) for when, _, g in rows])
    no_verdict = f"NOT ({said_breached} OR {said_kept} OR ((v.open & {deciding}) <> 0 AND NOT {left_open}) OR {named_breached} OR {admitted} OR {named_kept})"
    waits_none = f"(v.pending & {deciding}) = 0"
    outside = f"((v.unbound & {deciding}) <> 0 AND (v.untriggered & {deciding}) = 0)"
    statuses = ", ".join(
        [
            f"CASE WHEN (v.pending & {deciding}) <> 0 THEN {_literal(Status.NOT_DUE)} END",
            f"CASE WHEN {left_open} AND {no_verdict} THEN {_literal(Status.LEFT_OPEN)} END",
            f"CASE WHEN {no_verdict} AND NOT {left_open} AND {waits_none} AND {outside} THEN {_literal(Status.NOT_IN_FORCE)} END",
            f"CASE WHEN {no_verdict} AND NOT {left_open} AND {waits_none} AND NOT {outside} THEN {_literal(Status.UNTESTED)} END",
            f"CASE WHEN {said_breached} AND NOT {said_kept} AND (v.breached & ~v.cured & {deciding}) = 0 THEN {_literal(Status.CURED)} END",
        ]
    )
    return (
        f"SELECT v.*, {outcome} AS outcome,\n  {ground} AS ground,\n  [s FOR s IN [{statuses}] IF s IS NOT NULL] AS statuses\n"
        f"FROM votes v LEFT JOIN party a ON a.name = v.bearer\n"
        "WHERE (v.kept | v.breached | v.open | v.pending | v.unbound) <> 0"
    )


def _literal(word: str | None) -> str:
    return "NULL" if word is None else "'" + str(word) + "'"
