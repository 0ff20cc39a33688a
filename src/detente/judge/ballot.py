"""Sets of accounts turned into votes, the same way for every clause.

Source: semantics, section 4.
"""

from __future__ import annotations

from detente.judge.hold import of_kind
from detente.judge.scene import Scene
from detente.judge.sql import name
from detente.model.kind import Kind

OCCASION_SETS = ("accounts", "certain", "possible", "unbound", "excused", "maybe_excused", "self", "fair")
"""What every occasion row carries; gathered with bit_or for an instance."""

ASSUMED = tuple(f"{part}_if_{as_}" for as_ in ("true", "false") for part in ("certain", "possible", "excused", "maybe_excused"))
"""The same sets with every term that is left open taken as true, and as false."""


def occasion_sets(*, left_open: bool, exceptions: int) -> tuple[str, ...]:
    """The names of the sets that `x` carries for a clause."""
    excepted = tuple(f"e{n}_{part}" for n in range(exceptions) for part in ("certain", "possible"))
    return (*OCCASION_SETS, *(ASSUMED if left_open else ()), *excepted)


def ballot(
    source: str, columns: str, *, done: str, missed: str, pending: str, scene: Scene, left_open: bool, voluntary: bool = False
) -> str:
    """A SELECT of `columns` and the votes over the gathered sets of the relation `source`, worked out in steps.

    `done`: the act is certainly performed. `missed`: it certainly was not, and
    its time has passed. `pending`: its time lies after as-of. Each is worked
    out from the columns of `source`, or is the column of that name.
    """
    given = {"done": done, "missed": missed, "pending": pending}
    worked_out = "".join(f", {sql} AS {column}" for column, sql in given.items() if sql != column)
    every = f"{scene.every}::UBIGINT"
    suffixes = ("", "_if_true", "_if_false") if left_open else ("",)
    first = ", ".join(column for suffix in suffixes for column in _votes(suffix, voluntary=voluntary))
    undecided = "possible & ~kept & ~breached & ~excused_out"
    if left_open:
        decided = " | ".join(f"kept_if_{a} | breached_if_{a} | excused_out_if_{a} | ~possible_if_{a}" for a in ("true", "false"))
        hinges = f"open & ({decided})"
    else:
        hinges = "0::UBIGINT"
    return (
        f"  SELECT {columns}, kept, breached, open, waits AS pending, unbound & ~possible AS unbound,\n"
        f"    ({every} & ~possible & ~unbound) | excused_out AS untriggered, {hinges} AS left_open\n"
        f"  FROM (SELECT *, {undecided} & ~pending AS open, {undecided} & pending AS waits\n"
        f"    FROM (SELECT *, {first}\n"
        f"      FROM (SELECT *{worked_out} FROM {source})))"
    )


def _votes(suffix: str, *, voluntary: bool) -> tuple[str, str, str]:
    """`kept`, `breached` and `excused_out` (excused, or nothing to be missed) with the suffix of an assumption."""
    certain, possible, excused, maybe_excused = (f"{part}{suffix}" for part in ("certain", "possible", "excused", "maybe_excused"))
    kept = f"{possible} & (done | ({excused} & {certain}))"
    if voluntary:  # absence is no breach, and tells nothing
        return f"{kept} AS kept{suffix}", f"0::UBIGINT AS breached{suffix}", f"{possible} & ~({kept}) AS excused_out{suffix}"
    return (
        f"{kept} AS kept{suffix}",
        f"{certain} & ~{maybe_excused} & missed AS breached{suffix}",
        f"{possible} & {excused} & ~{certain} & ~done AS excused_out{suffix}",
    )


def together(ctes: list[tuple[str, str]], kind: Kind, scene: Scene, carried: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Votes on events that anyone links, as one instance: an account's vote is its worst member's."""
    *before, (_, apart) = ctes
    worse = ""
    gathered = []
    for vote in ("breached", "open", "kept", "pending", "unbound"):
        gathered.append(f"bit_or({vote}){worse} AS {vote}")
        worse += f" & ~bit_or({vote})"
    everything = " | ".join(f"bit_or({vote})" for vote in ("breached", "open", "kept", "pending", "unbound"))
    gathered.append(f"{scene.every}::UBIGINT & ~({everything}) AS untriggered")
    gathered += [f"bit_or({s}) AS {s}" for s in ("seen", "left_open", "cured", "self", "fair", "plain")]
    gathered += [
        "min(due_lo) AS due_lo",
        "max(due_hi) AS due_hi",
        "min(happens_lo) AS happens_lo",
        "list_sort(list_distinct(flatten(list(cites)))) AS cites",
    ]
    gathered += [f"any_value({name(c)}) AS {name(c)}" for c in carried]
    joined = (
        f"  SELECT coalesce(l.same, v.event) AS event, bearer, recipient, {', '.join(gathered)}\n"
        f"  FROM apart v LEFT JOIN linked l ON l.event = v.event AND {of_kind('l', kind)}\n  GROUP BY coalesce(l.same, v.event), bearer, recipient"
    )
    return [*before, ("apart", apart), ("votes", joined)]
