"""The two drafts of December 2021, with one another and with a changed copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.agreement.load import load_agreement
from detente.negotiate import compare
from detente.negotiate.comparison import Direction

FOLDER = Path(__file__).parents[2] / "examples" / "drafts-2021"
TREATY = FOLDER / "treaty-with-the-united-states.md"


def test_a_changed_copy(tmp_path: Path) -> None:
    text = TREATY.read_text(encoding="utf-8")
    changed = text.replace("where X is nuclear-scenario", "where X is nuclear-scenario and X.troops is at least 1000")
    assert changed != text
    path = tmp_path / "changed.md"
    path.write_text(changed, encoding="utf-8")
    one, two = load_agreement(TREATY)[0], load_agreement(path)[0]
    assert one is not None
    assert two is not None
    found = [c for c in compare(one, two).changes if c.direction.is_change]
    assert [(c.after[0].rule, c.direction) for c in found] == [("7.2b", Direction.LOOSENED)]


@pytest.mark.soak
def test_with_one_another() -> None:
    one, two = load_agreement(TREATY)[0], load_agreement(FOLDER / "agreement-with-nato.md")[0]
    assert one is not None
    assert two is not None
    found = compare(one, two)
    assert found.changes_meaning
    assert [a.subject for a in found.around][:1] == ["parties"]
    assert all(c.witnesses or c.direction in (Direction.NONE, Direction.UNPROVED) for c in found.changes)
