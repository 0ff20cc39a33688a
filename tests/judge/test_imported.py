"""Duties of another agreement, taken over: judged here by its terms; what cannot be taken over is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detente.agreement.load import load_agreement
from detente.cli.app import app
from detente.workbench import Question, open_case
from judge.told import MIRRORS, check, document, mirrored

THEIRS = """# Incidents at sea

```rule
agreement: parties Arland, Borland; enters into force on 1972-01-01; expires on 1980-01-01.
define safe-load as number 10 t.
define depot as thing having party: party, load: mass, from: time.
```

## Article VI

```rule
rule VI.1: each Party that conducts a launch X shall notify X to every other Party at least 3 days before X.start.
```

### Paragraph 2

```rule
rule VI.2: at all times, for each Party P, the sum of D.load over depots D of P shall not exceed safe-load.
```

## Article VII

Words.

## Article VIII

```rule
rule VIII.1: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours of Q.received.
rule VIII.2: each Party shall attend consultations with every other Party each year.
```
"""
OURS = 'define INCSEA as agreement "incsea.md".\ndefine other as agreement left open.\n'
ALL = OURS + "rule 8: each Party shall act as required by INCSEA article VI.\n"
FACTS = "as of 2026-12-01\nsource S-1 is a register\nS-1 says: completeness kind notification until 2026-06-01\nArland says: launch L-1 party Arland start 2026-03-10\n"
SENT = "Arland says: notification n-1 party Arland recipient Borland about L-1 received "

STORIES: Mapping[str, tuple[str, str, str]] = {
    "kept": (ALL, "", FACTS + SENT + "2026-03-07\nexpect 8:VI.1#L-1>borland kept; Arland kept; neutrals kept"),
    "late": (ALL, "", FACTS + SENT + "2026-03-08\nexpect 8:VI.1#L-1>borland breached; Arland breached; Borland breached; neutrals breached\nexpect 8 breached"),
    "who is no party there": (ALL, "", FACTS.replace("Arland", "Carland") + "expect 8:VI.1#L-1>borland breached; Carland breached"),
    "denied": (ALL, "", FACTS + SENT + "2026-03-07\nBorland denies: notification party Arland recipient Borland about L-1\nexpect 8:VI.1#L-1>borland disputed; Arland kept; Borland breached; neutrals open"),
    "withdrawn": (ALL, "", FACTS + SENT + "2026-03-07\nArland withdraws: notification n-1\nexpect 8:VI.1#L-1>borland breached; Arland breached"),
    "pending": (ALL, "", FACTS.replace("as of 2026-12-01", "as of 2026-03-06") + "expect 8:VI.1#L-1>borland not due yet; Arland not due yet"),
    "a paragraph under it": (ALL, "", FACTS + "source S-7 is a monitor\nS-7 says: inventory I-1 party Arland of depot.load value 11000 as-of 2026-01-01\nexpect 8:VI.2#arland breached; neutrals breached"),
    "bound by this agreement only": (ALL, ";\n    enters into force on 2026-04-01", FACTS + "expect 8:VI.1#L-1>borland not in force; Arland not bound"),
    "some of the Parties": (ALL.replace("each Party", "Borland"), "", FACTS + "expect 8:VI.1 untested"),
    "an act alone": (OURS + "rule 8: each Party shall attend consultations with Carland as required by INCSEA article VIII.", ";\n    enters into force on 2026-01-01", "as of 2026-12-31\nArland says: consultation K-1 party Arland recipient Carland start 2026-05-01\nexpect 8:VIII.2#2026-12-31@arland kept; Arland kept\nexpect 8:VIII.2#2026-12-31@arland>borland untested"),
    "left open": (OURS + "rule 8: Arland and Borland shall act as required by other.", "", FACTS + "expect 8#@arland left open; Arland left open; neutrals left open\nexpect 8 left open"),
    "left open, not in force": (OURS + "rule 8: Arland and Borland shall act as required by other.", ";\n    enters into force on 2030-01-01", FACTS + "expect 8#@arland not in force; Arland not bound"),
    "only words": (OURS + "rule 8: each Party shall act as required by INCSEA article VII.", "", FACTS + "expect 8 left open"),
}  # fmt: skip


@pytest.mark.parametrize("names", MIRRORS, ids=("told", "mirrored"))
@pytest.mark.parametrize("story", STORIES)
def test_imported(story: str, names: Mapping[str, str], tmp_path: Path) -> None:
    rules, life, case = STORIES[story]
    (tmp_path / "incsea.md").write_text(mirrored(THEIRS, names), encoding="utf-8")
    check(tmp_path, mirrored(document(rules, case, life), names))


def problems(folder: Path, rules: str, theirs: str | None = THEIRS) -> list[str]:
    if theirs is not None:
        (folder / "incsea.md").write_text(theirs, encoding="utf-8")
    (folder / "agreement.md").write_text(document(rules, "as of 2026-12-01\nexpect 8 kept"), encoding="utf-8")
    agreement, found = load_agreement(folder / "agreement.md")
    assert (agreement is None) == any(p.severity == "error" for p in found)
    return [p.code for p in found]


def test_what_cannot_be_taken_over(tmp_path: Path) -> None:
    assert problems(tmp_path, ALL) == []
    assert problems(tmp_path, ALL.replace("article VI", "article IX")) == ["unknown-article"]
    assert problems(tmp_path, ALL + "define safe-load as number 9 t.\n") == []
    assert problems(tmp_path, ALL + "define depot as thing having party: party, load: count.\n") == ["not-yet-supported"]
    nested = THEIRS + '\n```rule\ndefine it as agreement "agreement.md".\nrule VI.3: each Party shall act as required by it.\n```\n'
    assert problems(tmp_path, OURS + "rule 8: each Party shall act as required by INCSEA.", nested) == ["not-yet-supported"]
    assert problems(tmp_path, ALL, "# T\n\n```rule\nrule 1: nonsense.\n```\n")[0] == "unusable-agreement"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path, ALL, None) == ["unusable-agreement", "unreadable-file"]


def test_a_link_that_leads_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.md").write_text(THEIRS, encoding="utf-8")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "incsea.md").symlink_to(tmp_path / "out.md")
    assert problems(inside, ALL, None) == ["agreement-outside-folder"]


def test_verify_covers_the_other_text(tmp_path: Path) -> None:
    assert problems(tmp_path, ALL) == []
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    (evidence / "sources.csv").write_text("id,name,kind,speaks_for\na,A,party,Arland\n", encoding="utf-8")
    rows = "id,source,says,event,said_at,published_at,party,start\ns1,a,asserts,L-1,2026-03-01,2026-03-01,Arland,2026-03-10\n"
    (evidence / "launch.csv").write_text(rows, encoding="utf-8")
    verdicts = open_case(tmp_path / "agreement.md").check(Question())
    assert set(verdicts.imports) == {"incsea.md"}
    run = CliRunner()
    file = tmp_path / "v.json"
    made = run.invoke(app, ["check", str(tmp_path / "agreement.md"), "--format", "json", "-o", str(file)])
    assert made.exit_code in (0, 1, 2), made.output
    assert run.invoke(app, ["verify", str(file), "--evidence", str(evidence)]).exit_code == 0
    (tmp_path / "incsea.md").write_text(THEIRS.replace("3 days", "2 days"), encoding="utf-8")
    again = run.invoke(app, ["verify", str(file), "--evidence", str(evidence)])
    assert again.exit_code == 1
    assert "incsea.md" in again.output
