"""Rules and phases that wait for one another are named with their path."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.agreement.clause import Agreement
from detente.agreement.load import parse_agreement

HEAD = "# T\n\n## Article 1\n\n```rule\nagreement: parties Arland, Borland, Carland.\n"


def read(text: str) -> Agreement:
    agreement, problems = parse_agreement(f"{HEAD}{text}\n```\n", "a.md")
    assert {p.code for p in problems} <= {"condition-cycle"}
    assert agreement is not None
    return agreement


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("phase 1 begins when phase 1 has been kept.\nrule 1: from phase 1, no Party shall conduct an exercise.", [("rule 1", "phase 1", "the rules of phase 1", "rule 1")]),
        ("phase 1 begins 3 days after phase 2.\nphase 2 begins 3 days after phase 1.", [("phase 1", "phase 2", "phase 1")]),
        ("phase 1 begins 3 days after phase 1.", [("phase 1", "phase 1")]),
        (
            "phase 1 begins when rule 2 has been kept.\nphase 2 begins when rule 1 has been kept.\nrule 1: from phase 1, no Party shall conduct an exercise.\nrule 2: from phase 2, no Party shall conduct a flight.",
            [("rule 1", "phase 1", "rule 2", "phase 2", "rule 1")],
        ),
        ("rule 1: no Party shall conduct an exercise.\nrule 2: if A breaches 1, B is released from 1.", [("rule 1", "rule 2", "rule 1")]),
        ("rule 1: no Party shall conduct an exercise.\nrule 2: if A breaches article 1, B is released from article 1.", [("rule 1", "rule 2", "article 1", "rule 1")]),
        # no cycles:
        ("phase 1 begins at entry-into-force.\nphase 2 begins when phase 1 has been kept for 90 days.\nrule 1: from phase 1 until phase 2, no Party shall conduct an exercise.", []),
        ("rule 1: no Party shall conduct an exercise.\nrule 2: no Party shall conduct a flight.\nrule 3: if A breaches 1, B is released from 2.", []),
        ("rule 1: no Party shall conduct an exercise.\nrule 2: if A breaches article 1, B is released from article 2.\n```\n\n## Article 2\n\n```rule\nrule 3: no Party shall conduct a flight.", []),
        ("rule 1: no Party shall conduct an inspection I.\nrule 2: a Party may conduct an inspection I, notwithstanding article 1, which no Party may refuse.", []),
        ("rule 1: no Party shall conduct an exercise X.\nrule 2: a Party may conduct an exercise X, notwithstanding rule 1.", []),
    ],
)  # fmt: skip
def test_cycles_and_their_paths(text: str, paths: list[tuple[str, ...]]) -> None:
    found = read(text).cycles
    assert [c.path for c in found] == paths


def test_the_rules_of_a_cycle_are_listed_and_no_others() -> None:
    agreement = read(
        "rule 1: no Party shall conduct an exercise.\nrule 2: no Party shall conduct a flight.\n"
        "rule 3: if A breaches 1, B is released from 2.\nrule 4: if A breaches 2, B is released from 1.\nrule 5: no Party shall deploy a missile."
    )
    (cycle,) = agreement.cycles
    assert cycle.rules == ("1", "2", "3", "4")
    assert cycle.path[0] == cycle.path[-1]


@given(st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7)), max_size=12, unique=True))
def test_a_cycle_is_found_where_there_is_one(pairs: list[tuple[int, int]]) -> None:
    """Release edges at random, against a slow search."""
    rules = "".join(f"rule {n}: no Party shall conduct an exercise.\n" for n in range(1, 8))
    releases = "".join(f"rule r{k}: if A breaches {a}, B is released from {b}.\n" for k, (a, b) in enumerate(pairs))
    waits = {n: {a for a, b in pairs if b == n} for n in range(1, 8)}

    def reached(start: int) -> set[int]:
        found: set[int] = set()
        frontier = [start]
        while frontier:
            for nxt in waits[frontier.pop()] - found:
                found.add(nxt)
                frontier.append(nxt)
        return found

    expected = {str(n) for n in waits if n in reached(n)}
    cycles = read(rules + releases).cycles
    assert {r for c in cycles for r in c.rules if not r.startswith("r")} == expected
    for cycle in cycles:
        assert cycle.path[0] == cycle.path[-1]
        steps = [s for s in cycle.path if not s.startswith("rule r")]
        assert all(int(b.split()[1]) in waits[int(a.split()[1])] for a, b in pairwise(steps))


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"phase {n} begins 1 days after phase {n + 1}." for n in range(3000)) + "\nphase 3000 begins at entry-into-force.",
        "\n".join(f"phase {n} begins when article 1 has been kept." for n in range(1500))
        + "\n"
        + "\n".join(f"rule {n}: from phase {n}, no Party shall conduct an exercise." for n in range(1500)),
        "\n".join(f"rule {n}: if A breaches article 1, B is released from article 1." for n in range(2000)),
        "rule 1: no Party shall conduct an exercise.\nrule 2: if A breaches 1, B is released from " + " and ".join(["1"] * 9000) + ".",
    ],
    ids=["chain", "all wait for all", "all release all", "said often"],
)
def test_it_ends_soon(text: str) -> None:
    began = time.process_time()
    parse_agreement(f"{HEAD}{text}\n```\n", "a.md")
    assert time.process_time() - began < 15
