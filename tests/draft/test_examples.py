"""The findings of the examples, each of which was read and is true; a new one is read before it is listed here.

`DETENTE_RESET=1 pytest tests/draft/test_examples.py` writes the list again; read the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from detente.agreement.load import decoded, load_agreement
from detente.draft import lint
from detente.evidence import read_record

EXAMPLES = Path(__file__).parents[2] / "examples"
AGREEMENTS = (
    "dprk-launches/accepting-the-database",
    "dprk-launches/agreement",
    "drafts-2021/agreement-with-nato",
    "drafts-2021/treaty-with-the-united-states",
    "new-start/agreement",
    "west-26/agreement",
)


@pytest.mark.parametrize("with_evidence", [False, True], ids=["alone", "with-evidence"])
@pytest.mark.parametrize("name", AGREEMENTS)
def test_the_findings_of_an_example(name: str, with_evidence: bool) -> None:
    path = EXAMPLES / f"{name}.md"
    agreement, problems = load_agreement(path)
    assert agreement is not None
    text, _ = decoded(path.read_bytes(), str(path))
    assert text is not None
    record = None
    if with_evidence:
        record = read_record(
            path.parent / "evidence",
            agreement.kinds,
            parties=agreement.parties,
            groups=agreement.groups,
            time_zone=agreement.evidence.time_zone,
        )
    found = lint(text, agreement, problems, record)
    shown = "".join(f"{f.span.line}:{f.span.column}: {f.severity}: {f.code}: {f.message}\n" for f in found if f.span)
    golden = Path(__file__).parent / "golden" / f"{name.replace('/', '-')}{'-with-evidence' if with_evidence else ''}.txt"
    if os.environ.get("DETENTE_RESET"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(shown, encoding="utf-8")
    assert shown == golden.read_text(encoding="utf-8")
