"""What an explanation tells of acts by others than the bearer."""

from __future__ import annotations

from pathlib import Path

from detente.workbench import Question, open_case

from .stories import ZONE, write_story


def test_consents_are_told_and_cited(tmp_path: Path) -> None:
    (why,) = open_case(write_story(tmp_path, ZONE)).explain(Question(), "IV.1", "IV.1#west-26")
    (tale,) = why.tales
    facts = {f.text: f.cites for f in tale.facts}
    assert facts["consent of Borland, given 2026-02-10"] == ("B-consent-C-1-2026-01-03",)
    assert facts["consent of Carland, given 2026-02-11"] == ("C-consent-C-2-2026-01-03",)
    assert "B-consent-C-1-2026-01-03" in why.cited


def test_one_consent_of_two_is_told(tmp_path: Path) -> None:
    (why,) = open_case(write_story(tmp_path, ZONE)).explain(Question(), "IV.1", "IV.1#east-26")
    told = {f.text for tale in why.tales for f in tale.facts if f.text.startswith("consent")}
    assert told == {"consent of Arland, given 2026-02-10"}
