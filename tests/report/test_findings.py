"""Findings in every form. No package with the SARIF schema is installed, so what it demands is checked here property by property."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from detente.model.problem import Problem
from detente.model.span import Span
from detente.report.findings import findings_json, findings_junit, findings_table
from detente.report.sarif import findings_sarif

FINDINGS = (
    Problem(
        "vague-word",
        '"promptly" has no measure',
        Span("über uns/a.md", 9, 5, 9, 13, ("Article 1",)),
        "done promptly\u202e.",
        help="give a time",
    ),
    Problem("unused-term", "never used", Span("über uns/a.md", 12, 1, 12, 4), "abc", help="take it out", severity="note"),
    Problem("loose-phrase", "a loose phrase", None, severity="warning"),
)


def test_the_table_shows_every_finding_and_counts_them() -> None:
    shown = findings_table(FINDINGS)
    assert "a.md:9:5: vague-word" in shown
    assert "^^^^^^^^" in shown
    assert "note: unused-term" in shown
    assert "3 findings" in shown
    assert "\u202e" not in shown
    assert findings_table(()) == "nothing found\n"


def test_json() -> None:
    whole = json.loads(findings_json(FINDINGS, "a.md", "00ff", "1.2"))
    assert whole["schema"] == "detente-findings/1"
    assert whole["counts"] == {"loose-phrase": 1, "unused-term": 1, "vague-word": 1}
    first = whole["findings"][0]
    assert (first["line"], first["column"], first["end_column"], first["headings"]) == (9, 5, 13, ["Article 1"])
    assert first["excerpt"] == "done promptly<U+202E>."


def test_junit() -> None:
    root = ET.fromstring(findings_junit(FINDINGS, "a.md", ("vague-word", "absent-source")))  # noqa: S314  made here
    assert (root.get("tests"), root.get("failures")) == ("4", "3")
    assert [case.get("classname") for case in root.iter("testcase") if case.find("failure") is None] == ["absent-source"]


def test_sarif_has_what_its_schema_demands() -> None:
    whole = json.loads(findings_sarif(FINDINGS, "1.2.3"))
    assert set(whole) == {"$schema", "version", "runs"}
    assert whole["version"] == "2.1.0"
    (run,) = whole["runs"]
    assert set(run) <= {"tool", "results", "columnKind"}
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    driver = run["tool"]["driver"]
    assert driver["name"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"])
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    for rule in driver["rules"]:
        assert set(rule) <= {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration"}
        for name in {"shortDescription", "fullDescription", "help"} & set(rule):
            assert rule[name]["text"]
        assert rule.get("defaultConfiguration", {"level": "note"})["level"] in ("none", "note", "warning", "error")
    assert len(run["results"]) == len(FINDINGS)
    for result, finding in zip(run["results"], FINDINGS, strict=True):
        _check_result(result, finding, ids)


def _check_result(result: dict[str, Any], finding: Problem, ids: list[str]) -> None:
    assert set(result) <= {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"}
    assert ids[result["ruleIndex"]] == result["ruleId"] == finding.code
    assert result["level"] in ("none", "note", "warning", "error")
    assert result["message"]["text"]
    if finding.span is None:
        assert "locations" not in result
        return
    (location,) = result["locations"]
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9._~%/:-]+", uri)
    assert unquote(uri) == finding.span.path
    region = location["physicalLocation"]["region"]
    assert all(isinstance(region[name], int) and region[name] >= 1 for name in ("startLine", "startColumn", "endLine", "endColumn"))
    assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])
    assert all(isinstance(value, str) for value in result["partialFingerprints"].values())


def test_sarif_of_nothing_is_whole() -> None:
    assert json.loads(findings_sarif((), "1.2.3"))["runs"][0]["results"] == []


def test_the_same_finding_in_a_moved_line_keeps_its_fingerprint() -> None:
    moved = Problem("unused-term", "never used", Span("über uns/a.md", 99, 1, 99, 4), "abc", severity="note")
    one, other = (json.loads(findings_sarif((f,), "1.2.3"))["runs"][0]["results"][0]["partialFingerprints"] for f in (FINDINGS[1], moved))
    assert one == other
