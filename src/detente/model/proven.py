"""A problem that is shown by invented events, and not only said."""

from __future__ import annotations

from dataclasses import dataclass

from detente.model.problem import Problem, visible


@dataclass(frozen=True, slots=True)
class Proven(Problem):
    """A finding of `detente prove`, with the rules that it is about.

    `events` are the lines of a table of events in the agreement's own words;
    `cases` are case blocks that say the same and what the judge made of it.
    """

    rules: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [Problem.__str__(self)]
        if self.events:
            lines += ["   shown by:", *(f"     {line}" for line in self.events)]
        for case in self.cases:
            lines += ["   as a case:", *(f"     {line}" for line in case.split("\n"))]
        return "\n".join(visible(line) for line in lines)
