"""What is read and not yet judged is refused by name, at its line, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.agreement.format import format_document
from detente.agreement.load import load_agreement, parse_agreement
from detente.workbench import run_cases
from detente.workbench.open import NotAskable, open_case

GOOD = Path(__file__).parent / "good"
RULE = "rule 2: from entry-into-force, a Party may conduct an exercise X, notwithstanding 1."
TEXT = (
    f"# T\n\n## Article 1\n\n```rule\nagreement: parties Arland, Borland.\nrule 1: no Party shall conduct an exercise X.\n  {RULE}\n```\n"
)


@pytest.mark.parametrize("name", ["eight_rules", "security", "shapes"])
def test_what_is_judged_is_not_pending(name: str) -> None:
    agreement, _ = load_agreement(GOOD / f"{name}.md")
    assert agreement is not None
    assert (agreement.pending, agreement.cycles) == ((), ())


def test_the_problem_stands_at_the_rules_line() -> None:
    agreement, problems = parse_agreement(TEXT, "a.md")
    assert problems == ()
    assert agreement is not None
    (problem,) = agreement.pending
    assert str(problem).splitlines() == [
        "a.md:8:3: not-yet-supported: a permission that overrides a rule and is limited by a phase or by entry into force is not supported yet",
        f"   8 |   {RULE}",
        "     |   " + "^" * len(RULE),
        "   in Article 1",
        "   help: it is read and not judged: leave it as prose for now, and the article is reported as declaratory",
    ]


def test_check_and_test_refuse_it_and_fmt_does_not(tmp_path: Path) -> None:
    path = tmp_path / "agreement.md"
    path.write_text(TEXT + "\n```case c\nas of 2027-01-01\nexpect 1 untested\n```\n", encoding="utf-8")
    (tmp_path / "evidence").mkdir()
    for ask in (lambda: open_case(path), lambda: run_cases(path)):
        with pytest.raises(NotAskable) as refused:
            ask()
        assert [(p.code, p.span.line) for p in refused.value.problems if p.span] == [("not-yet-supported", 8)]
    formatted, problems = format_document(TEXT, "a.md")
    assert problems == ()
    assert "    a Party may conduct an exercise X" in formatted
