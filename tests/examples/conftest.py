"""What the tests of the examples share: a copy of an example in which two Parties have changed places."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from detente import Question, Workbench, open_case

Mirror = Callable[[Path, str, str], None]


def votes(case: Workbench) -> dict[str, tuple[object, ...]]:
    """What was found of each instance, in words that an exchange of names can be applied to."""
    found = [i for a in case.check(Question()).articles for r in a.rules for i in r.instances]
    return {i.id: (i.outcome, i.ground, i.statuses, {account: str(vote) for account, vote in i.votes.items()}) for i in found}


def exchange(one: str, other: str) -> Callable[[str], str]:
    """Exchanges two names, as written and as they stand in ids. Both hold a blank or neither does: quotes stay where they are."""
    pairs: dict[str, str] = {}
    for a, b in ((one, other), (other, one)):
        pairs |= {a: b, a.lower().replace(" ", "-"): b.lower().replace(" ", "-")}
    words = re.compile("|".join(re.escape(w) for w in sorted(pairs, key=len, reverse=True)))
    return lambda text: words.sub(lambda found: pairs[found[0]], text)


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    """Asserts that an example judges alike when two Parties change places in its agreement and in every table."""

    def check(folder: Path, one: str, other: str) -> None:
        swap = exchange(one, other)
        copy = tmp_path / folder.name
        shutil.copytree(folder, copy)
        for file in [copy / "agreement.md", *copy.glob("evidence/*.csv"), *copy.glob("evidence/*.geojson")]:
            file.write_text(swap(file.read_text(encoding="utf-8")), encoding="utf-8")
        here, there = votes(open_case(folder)), votes(open_case(copy))
        assert {swap(key): (*row[:-1], {swap(a): v for a, v in row[-1].items()}) for key, row in here.items()} == there  # type: ignore[attr-defined]

    return check
