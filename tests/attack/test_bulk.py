"""Hundreds of thousands of bad rows: named, counted, and bounded in time and memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import EXERCISE, Case, Ran, Runner, assert_calm, in_a_process

BAD_ROWS: dict[str, tuple[Callable[[int], str], str]] = {
    "every cell": (
        lambda n: f'R-{n},nobody-{n},shouts,E-{n},yesterday {n},2026-13-{n},Arland;Borland,"9,4{n:03}",start {n}\n',
        "unknown-source",
    ),
    "too few": (lambda n: f"R-{n},arland-mod\n", "too-few-cells"),
    "stray quotes": (lambda n: f'R-{n},"arland"mod,asserts,E-{n},2026-01-02,2026-01-02,Arland,9400,2026-02-20\n', "stray-quote"),
    "one id": (lambda n: f"R-{n % 1000},arland-mod,asserts,E-{n},2026-01-02,2026-01-02,Arland,9400,2026-02-20\n", "duplicate-id"),
}


def fill(case: Case, sort: str, rows: int) -> None:
    row, _ = BAD_ROWS[sort]
    with (case.evidence / "exercise.csv").open("w") as file:
        file.write(EXERCISE)
        for start in range(0, rows, 10_000):
            file.write("".join(row(n) for n in range(start, min(start + 10_000, rows))))


def is_told(ran: Ran, sort: str, rows: int) -> bool:
    """The first hundred by name, the rest counted, and the verdicts all the same."""
    code = BAD_ROWS[sort][1]
    named = ran.tells(code, "exercise.csv", 3 if sort != "one id" else None) and ran.tells("too-many-problems", "exercise.csv")
    return named and f"{rows:,} rows left out" in ran.err and "disputed" in ran.out and len(ran.err) < 1_000_000


@pytest.mark.parametrize("rows", [60_000, pytest.param(300_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("sort", BAD_ROWS)
def test_many_bad_rows(sort: str, rows: int, case: Case, run: Runner) -> None:
    fill(case, sort, rows)
    ran = run("check", case.folder)
    assert ran.code == 0
    assert is_told(ran, sort, rows)
    assert ran.megabytes < 1000


@pytest.mark.slow
def test_memory_hardly_grows_with_bad_rows(case: Case, run: Runner) -> None:
    """What a bad row leaves behind is its cells as they stand, and not what came of reading them."""
    megabytes = []
    for rows in (200_000, 600_000):
        fill(case, "every cell", rows)
        ran = run("check", case.folder)
        assert is_told(ran, "every cell", rows)
        megabytes.append(ran.megabytes)
    grown = case.evidence.joinpath("exercise.csv").stat().st_size / 600_000 * 400_000 / 2**20
    assert megabytes[1] - megabytes[0] < 3 * grown


@pytest.mark.soak
def test_5_million_bad_rows(case: Case) -> None:
    """Of half a gigabyte, every cell wrong and no two alike."""
    fill(case, "every cell", 5_000_000)
    ran = in_a_process("check", case.folder)
    print(f"{ran.cpu_s:.0f} s of CPU, {ran.megabytes:,} MB at most")  # noqa: T201
    assert ran.code == 0
    assert is_told(ran, "every cell", 5_000_000)
    assert ran.megabytes < 2500


def test_the_installed_program(case: Case) -> None:
    """The same in a process started afresh as in those that the other tests fork."""
    ran = in_a_process("check", case.folder)
    assert_calm(ran)
    assert (ran.code, ran.err) == (0, "")
    assert "disputed" in ran.out
