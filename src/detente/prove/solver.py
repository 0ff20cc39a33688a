"""Questions to the solver, each with a limit of time; what it does not answer is told, and no answer is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import z3

from detente.prove.world import Expr

MOST_MS = 2000
"""Milliseconds for one question."""


class UndecidedError(Exception):
    """The solver has given up."""


def satisfied(*formulas: Expr) -> Expr | None:
    """A model in which all hold; None where there is none.

    Raises:
        UndecidedError: it is not known.
    """
    return answered(asked(*formulas))


def asked(*always: Expr) -> Expr:
    """A solver that holds these, for many questions."""
    solver = z3.Solver()
    solver.set("timeout", MOST_MS)
    solver.add(*always)
    return solver


def holds(solver: Expr, *also: Expr) -> bool:
    """Whether something meets these beside what the solver holds already.

    Raises:
        UndecidedError: it is not known.
    """
    solver.push()
    solver.add(*also)
    try:
        return answered(solver) is not None
    finally:
        solver.pop()


def answered(solver: Expr, *assuming: Expr) -> Expr | None:
    """A model of what a solver holds; None where there is none.

    Raises:
        UndecidedError: it is not known.
    """
    answer = solver.check(*assuming)
    if answer == z3.unknown:
        raise UndecidedError(solver.reason_unknown())
    return solver.model() if answer == z3.sat else None


def clash(always: Iterable[Expr], parts: Sequence[Expr]) -> tuple[int, ...] | None:
    """The places of as few parts as cannot hold together; None where all can.

    No part can be left out of the answer: each is tried.

    Raises:
        UndecidedError: it is not known.
    """
    solver = asked(*always)
    marks = [z3.Bool(f"part {n}") for n in range(len(parts))]
    for mark, part in zip(marks, parts, strict=True):
        solver.add(z3.Implies(mark, part))
    if answered(solver, *marks) is not None:
        return None
    named = {str(mark) for mark in solver.unsat_core()}
    needed = [n for n, mark in enumerate(marks) if str(mark) in named]
    for n in list(needed):
        rest = [marks[m] for m in needed if m != n]
        if answered(solver, *rest) is None:
            needed.remove(n)
    return tuple(needed)


def plainest(model: Expr, formulas: Iterable[Expr], wishes: Iterable[tuple[Expr, Sequence[Expr]]]) -> Expr:
    """Another model of the formulas in which as many variables as possible have the first of the values wished for."""
    solver = asked(*formulas)
    for variable, values in wishes:
        for value in values:
            solver.push()
            solver.add(variable == value)
            if solver.check() == z3.sat:
                model = solver.model()
                break
            solver.pop()
    return model
