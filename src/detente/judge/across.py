"""From votes in accounts to one outcome: the first line of the table that fits.

Reads a relation `votes` with one row per instance and a set of accounts for
each vote, and adds `line` (which line of the table fits), `outcome`, `ground`
and `statuses`.
Source: semantics, section 5.
"""

from __future__ import annotations

from collections.abc import Iterable

from detente.judge.moments import NEVER
from detente.judge.scene import Scene
from detente.judge.sql import moment, text
from detente.model.verdict import Ground, Outcome, Status

INSTANCE = ("event", "bearer", "recipient")
VOTES = ("kept", "breached", "open", "untriggered", "unbound", "pending")


LINES: tuple[tuple[Outcome | None, Ground | None], ...] = (
    (None, None),
    (Outcome.DISPUTED, Ground.ACCOUNTS_DIFFER),
    (Outcome.BREACHED, Ground.ESTABLISHED),
    (Outcome.BREACHED, Ground.ADMITTED),
    (Outcome.KEPT, Ground.ESTABLISHED),
    (Outcome.DISPUTED, Ground.ACCOUNTS_DIFFER),
    (Outcome.BREACHED, Ground.NEUTRAL),
    (Outcome.UNVERIFIED, Ground.ALLEGED),
    (Outcome.KEPT, Ground.OBSERVED),
    (Outcome.KEPT, Ground.DECLARED),
    (None, None),
    (Outcome.UNVERIFIED, Ground.OPEN),
)
"""The table of semantics, section 5, line by line; 0 where no line fits, 10 where a term left open decides."""

NO_LINE, LEFT_OPEN_LINE = 0, 10


def across(scene: Scene, at: str = "coalesce(happens_lo, due_lo)", *, in_phases: bool = False) -> str:
    """The closing SELECT over `votes`: the first line that fits, and what it says. `at` is the moment that an instance is about.

    With `in_phases`, whether the rule binds at all is no fact about the bearer's own
    act: its admission is not enough where another account holds that it does not.
    """
    seating = scene.seating
    deciding, neutral, establishing = seating.deciding, seating.neutral, seating.establishing
    bearer = "coalesce(a.account, 0)" if seating.bearer_establishes else "0"
    named_breached = _named("breached", establishing, seating.quorums)
    named_kept = _named("kept", establishing, seating.quorums)
    admitted = (
        f"(breached & self & {bearer}) <> 0" + (f" AND (unbound & {deciding}) = 0" if in_phases else "") if bearer != "0" else "false"
    )
    said_breached, said_kept = f"(breached & {deciding}) <> 0", f"(kept & {deciding}) <> 0"
    against = f"((kept | untriggered | unbound | pending) & {deciding}) <> 0"
    fits = (
        f"({named_breached} OR {admitted}) AND {named_kept}" if named_kept != "false" else "false",
        named_breached,
        admitted,
        named_kept,
        f"{said_breached} AND {against}",
        f"{said_breached} AND (breached & fair & {neutral}) <> 0",
        said_breached,
        f"{said_kept} AND (kept & plain & {neutral}) <> 0",
        said_kept,
        f"(left_open & {deciding}) <> 0",
        f"(open & {deciding}) <> 0",
    )
    may_fit = {n: when for n, when in enumerate(fits, 1) if when != "false"}
    line = "CASE " + " ".join(f"WHEN {when} THEN {n}" for n, when in may_fit.items()) + f" ELSE {NO_LINE} END"
    waits = f"(pending & {deciding}) <> 0"
    outside = f"(unbound & {deciding}) <> 0 AND (untriggered & {deciding}) = 0"
    cured = f"{said_breached} AND NOT {said_kept} AND (breached & ~cured & {deciding}) = 0"
    statuses = (
        f"CASE WHEN line = {NO_LINE} THEN CASE WHEN {waits} THEN {_list(Status.NOT_DUE)} WHEN {outside} THEN {_list(Status.NOT_IN_FORCE)} ELSE {_list(Status.UNTESTED)} END\n"
        f"    WHEN line = {LEFT_OPEN_LINE} THEN CASE WHEN {waits} THEN {_list(Status.NOT_DUE, Status.LEFT_OPEN)} ELSE {_list(Status.LEFT_OPEN)} END\n"
        f"    WHEN {waits} THEN {_list(Status.NOT_DUE)} WHEN {cured} THEN {_list(Status.CURED)} ELSE []::VARCHAR[] END"
    )
    columns, also = "*", ""
    if scene.has_provisional:
        columns, also = "* EXCLUDE (is_provisional)", f", {_provisional(deciding, at)} AS is_provisional"
        mark = f"CASE WHEN is_provisional AND line NOT IN ({NO_LINE}, {LEFT_OPEN_LINE}) THEN {_list(Status.PROVISIONAL)} ELSE [] END"
        statuses = f"list_concat({statuses}, {mark})"
    return (
        f"SELECT {columns}, CASE line {_words(0, may_fit)} END AS outcome, CASE line {_words(1, may_fit)} END AS ground,\n  {statuses} AS statuses\n"
        f"FROM (SELECT v.*, {line} AS line{also}\n  FROM votes v LEFT JOIN party a ON a.name = v.bearer\n"
        "  WHERE (kept | breached | open | pending | unbound) <> 0)"
    )


def _provisional(deciding: int, at: str) -> str:
    """Whether some deciding account that judges the bearer holds it bound only provisionally at that moment."""
    of = f"FROM bound b WHERE b.party = v.bearer AND (b.accounts & (kept | breached | open) & {deciding}) <> 0"
    applied = f"EXISTS (SELECT 1 {of} AND b.provisional AND (b.since_lo IS NULL OR b.since_lo <= {at}) AND b.since_lo < {moment(NEVER)})"
    in_force = f"EXISTS (SELECT 1 {of} AND NOT b.provisional AND (b.since_hi IS NULL OR b.since_hi <= {at}))"
    return f"coalesce({applied} AND NOT {in_force}, false)"


def settled(votes: str, line: int) -> str:
    """The closing SELECT over `votes` of which every row fits the same line, without a status."""
    outcome, ground = LINES[line]
    return f"SELECT *, {line} AS line, {text(str(outcome))} AS outcome, {text(str(ground))} AS ground, []::VARCHAR[] AS statuses\nFROM (\n{votes})"


def unanimous(scene: Scene, plain: int) -> int:
    """The line for an instance that every account calls kept, resting on plain sources in the accounts of `plain`."""
    seating = scene.seating
    if seating.establishing or any(mask.bit_count() >= count for count, mask in seating.quorums):
        return LINES.index((Outcome.KEPT, Ground.ESTABLISHED))
    return LINES.index((Outcome.KEPT, Ground.OBSERVED if plain & seating.neutral else Ground.DECLARED))


def _named(vote: str, establishing: int, quorums: tuple[tuple[int, int], ...]) -> str:
    """Whether those whom the agreement names to establish a verdict say so."""
    conditions = [f"({vote} & {establishing}) <> 0"] if establishing else []
    conditions += [f"bit_count({vote} & {mask}) >= {count}" for count, mask in quorums]
    return "(" + " OR ".join(conditions) + ")" if conditions else "false"


def _words(part: int, lines: Iterable[int]) -> str:
    return " ".join(f"WHEN {n} THEN {text(str(LINES[n][part]))}" for n in lines if LINES[n][part] is not None)


def _list(*statuses: Status) -> str:
    return "[" + ", ".join(text(s.value) for s in statuses) + "]"
