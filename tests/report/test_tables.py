"""CSV and JUnit: every instance once, safe to open."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from xml.etree import ElementTree as ET

from hypothesis import example, given
from hypothesis import strategies as st

from detente.model.verdict import Ground, Outcome
from detente.report.csv import verdicts_csv
from detente.report.junit import verdicts_junit
from report.sample import VERDICTS, article, rule


def test_a_row_for_each_instance() -> None:
    rows = list(csv.DictReader(io.StringIO(verdicts_csv(VERDICTS))))
    instances = [i for a in VERDICTS.articles for r in a.rules for i in r.instances]
    assert [row["instance"] for row in rows if row["instance"]] == [i.id for i in instances]
    assert [row["statuses"] for row in rows if not row["rule"]] == ["declaratory"] * 2
    assert rows[1]["account: Borland"] == "breached"


def test_every_row_has_every_column() -> None:
    bare = replace(rule("1", "Bare", None, None, "nnn"), instances=(), instance_count=0)
    table = list(csv.reader(io.StringIO(verdicts_csv(replace(VERDICTS, articles=(*VERDICTS.articles, article("11", "", bare)))))))
    assert {len(row) for row in table} == {17}


def test_no_cell_is_a_formula() -> None:
    bad = replace(VERDICTS, articles=(article("1", '=HYPERLINK("http://x")', rule("1", "+1", Outcome.KEPT, None, "kkk")),))
    cells = [cell for row in csv.reader(io.StringIO(verdicts_csv(bad))) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]


def test_junit_counts_failures() -> None:
    root = ET.fromstring(verdicts_junit(VERDICTS))  # noqa: S314
    assert root.attrib | {"name": ""} == {"name": "", "tests": "11", "failures": "2", "skipped": "6"}
    strict = ET.fromstring(verdicts_junit(VERDICTS, failing=[Outcome.BREACHED, Outcome.DISPUTED]))  # noqa: S314
    assert (strict.get("failures"), strict.get("skipped")) == ("3", "5")


@given(st.text(max_size=50))
@example("\ufffe\uffff")
@example("\ud800")
def test_any_text_makes_a_document(text: str) -> None:
    odd = replace(VERDICTS, title=text, articles=(article("1", text, rule("1", text, Outcome.BREACHED, Ground.NEUTRAL, "bbb")),))
    ET.fromstring(verdicts_junit(odd))  # noqa: S314
    assert len(list(csv.reader(io.StringIO(verdicts_csv(odd), newline="")))) == 2
