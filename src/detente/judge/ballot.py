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


def ballot(*, done: str, missed: str, pending: str, every: str, left_open: bool, voluntary: bool = False) -> list[str]:
    """Columns `kept, breached, pending, untriggered, unbound, open, left_open` over gathered sets.

    `done`: the act is certainly performed. `missed`: it certainly was not, and
    its time has passed. `pending`: its time lies after as-of.
    """
    kept, breached, untriggered = _votes("", done, missed)
    if voluntary:  # absence is no breach, and tells nothing
        breached, untriggered = "0::UBIGINT", f"(possible & ~{kept})"
    waits = f"(possible & ({pending}) & ~{kept} & ~{untriggered} & ~{breached})"
    not_bound = "(unbound & ~possible)"
    undecided = f"(possible & ~{kept} & ~{breached} & ~{untriggered} & ~{waits})"
    columns = [
        f"{kept} AS kept",
        f"{breached} AS breached",
        f"{waits} AS pending",
        f"{not_bound} AS unbound",
        f"({every}::UBIGINT & ~possible & ~{not_bound}) | {untriggered} AS untriggered",
    ]
    if not left_open:
        return [*columns, f"{undecided} AS open", "0::UBIGINT AS left_open"]
    decided = []
    for as_ in ("true", "false"):
        k, b, u = _votes(f"_if_{as_}", done, missed)
        decided.append(f"({k} | {b} | {u} | ~possible_if_{as_})")
    hinges = f"({undecided} & ({' | '.join(decided)}))"
    return [*columns, f"{undecided} AS open", f"{hinges} AS left_open"]


def _votes(suffix: str, done: str, missed: str) -> tuple[str, str, str]:
    certain, possible, excused, maybe_excused = (f"{part}{suffix}" for part in ("certain", "possible", "excused", "maybe_excused"))
    kept = f"({possible} & (({done}) | ({excused} & {certain})))"
    breached = f"({certain} & ~{maybe_excused} & ({missed}))"
    untriggered = f"({possible} & {excused} & ~{certain} & ~({done}))"
    return kept, breached, untriggered


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
    gathered += ["min(due_lo) AS due_lo", "max(due_hi) AS due_hi", "min(happens_lo) AS happens_lo", "list_sort(list_distinct(flatten(list(cites)))) AS cites"]
    gathered += [f"any_value({name(c)}) AS {name(c)}" for c in carried]
    joined = (
        f"  SELECT coalesce(l.same, v.event) AS event, bearer, recipient, {', '.join(gathered)}\n"
        f"  FROM apart v LEFT JOIN linked l ON l.event = v.event AND {of_kind('l', kind)}\n  GROUP BY coalesce(l.same, v.event), bearer, recipient"
    )
    return [*before, ("apart", apart), ("votes", joined)]
