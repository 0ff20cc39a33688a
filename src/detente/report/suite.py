"""What an agreement's own cases came to, and what of its rules they exercise: for people, as JSON (`detente-test/1`) and as a JUnit report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Protocol
from xml.etree import ElementTree as ET

from detente.model.coverage import Coverage, ForkSort, RuleCoverage
from detente.model.problem import visible
from detente.model.span import Span
from detente.report.xml import xml_text


class Case(Protocol):
    """A case that was run; `text` says what was expected and found where it does not pass."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""

    @property
    def text(self) -> str:
        """Expected and found, line by line."""

    @property
    def span(self) -> Span:
        """Where it stands."""


WAYS: dict[ForkSort, tuple[str, str]] = {
    "condition": ("true", "false"),
    "excuse": ("excused", "not excused"),
    "exception": ("taken", "not taken"),
    "consequence": ("reached", "not reached"),
    "accounts": ("differ", "agree"),
    "phase": ("begun", "not begun"),
    "release": ("released", "not released"),
}
"""The two ways of each sort of fork."""

_WIDEST_WAY = max(len(way) for ways in WAYS.values() for way in ways)


def counted(cases: Sequence[Case]) -> str:
    """How many cases pass: "2 of 3 cases pass", "1 of 1 case passes", "the agreement holds no case"."""
    if not cases:
        return "the agreement holds no case"
    passed, run = sum(case.passed for case in cases), len(cases)
    return f"{passed:,} of {run:,} {'case passes' if run == 1 else 'cases pass'}"


def failures(cases: Sequence[Case]) -> str:
    """Every case that does not pass, with its place."""
    return "".join(f"{case.span}: {case.name}\n{case.text}\n" for case in cases if not case.passed)


# ---- for people ------------------------------------------------------------------------


def coverage_table(coverage: Coverage, width: int) -> str:
    """Per rule, how many cases went which way at each fork; what no case did stands out as `none`."""
    rules = [r for r in coverage.rules if r.forks or not r.is_phase]
    left = max([4, *(len(_name(r)) for r in rules)])
    room = max(20, width - left - 2 - 2 * (_WIDEST_WAY + 7))
    lines = [f"{'Rule':<{left}}  {'Way':<{room}}  How many cases go which way", "─" * width]
    for rule in rules:
        lines += _rule_lines(rule, left, room)
    lines.append("─" * width)
    lines.append(f"{coverage.whole:,} of {coverage.forks:,} gone both ways.")
    if coverage.untested:
        lines.append("No case expects a verdict on: " + ", ".join(r.rule for r in coverage.untested) + ".")
    return "\n".join(visible(line.rstrip()) for line in lines) + "\n"


def _name(rule: RuleCoverage) -> str:
    return f"phase {rule.rule}" if rule.is_phase else rule.rule


def _rule_lines(rule: RuleCoverage, left: int, room: int) -> list[str]:
    lines = []
    for n, fork in enumerate(rule.forks):
        name = _name(rule) if n == 0 else ""
        met, unmet = (
            f"{len(cases) or 'none':>4} {way:<{_WIDEST_WAY}}"
            for cases, way in zip((fork.met, fork.unmet), WAYS[fork.fork.sort], strict=True)
        )
        first, *more = _wrapped(fork.text, room)
        lines.append(f"{name:<{left}}  {first:<{room}}  {met} {unmet}")
        lines += [f"{'':<{left}}  {part}" for part in more]
    if not rule.forks:
        lines.append(f"{_name(rule):<{left}}  {'(no way to tell apart)':<{room}}")
    return lines


def _wrapped(text: str, room: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


# ---- for programs ------------------------------------------------------------------------


def suite_json(cases: Sequence[Case], coverage: Coverage, path: str, digest: str, version: str) -> bytes:
    """The cases and the coverage as one object, indented, ending in a line break."""
    whole = {
        "schema": "detente-test/1",
        "agreement": visible(path),
        "agreement_digest": digest,
        "version": version,
        "counts": {"cases": len(cases), "passed": sum(c.passed for c in cases), "ways": coverage.forks, "both": coverage.whole},
        "cases": [{"name": visible(c.name), "passed": c.passed, **_place(c.span), "text": visible(c.text) or None} for c in cases],
        "rules": [_rule(r) for r in coverage.rules],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def _place(span: Span) -> dict[str, object]:
    return {"file": visible(span.path), "line": span.line, "column": span.column}


def _rule(rule: RuleCoverage) -> dict[str, object]:
    return {
        "rule": visible(rule.rule),
        "is_phase": rule.is_phase,
        "title": visible(rule.title) if rule.title else None,
        "article": visible(rule.article),
        **_place(rule.span),
        "judged_in": [visible(c) for c in rule.judged],
        "expected_in": [visible(c) for c in rule.expected],
        "ways": [
            {
                "sort": f.fork.sort,
                "text": visible(f.text),
                **_place(f.fork.span),
                "yes": WAYS[f.fork.sort][0],
                "no": WAYS[f.fork.sort][1],
                "yes_in": [visible(c) for c in f.met],
                "no_in": [visible(c) for c in f.unmet],
            }
            for f in rule.forks
        ],
    }


def suite_junit(cases: Sequence[Case], coverage: Coverage, path: str) -> bytes:
    """Two suites: the cases; and a test for each rule, which is skipped with what no case went through. What is not covered is no failure."""
    root = ET.Element("testsuites", name=f"detente test {xml_text(path)}")
    suite = ET.SubElement(root, "testsuite", name="cases")
    for case in cases:
        element = ET.SubElement(suite, "testcase", name=xml_text(case.name), classname="case")
        if not case.passed:
            failure = ET.SubElement(element, "failure", type="unexpected", message=xml_text(f"{case.span}: not as expected"))
            failure.text = xml_text(case.text)
    covered = ET.SubElement(root, "testsuite", name="coverage")
    for rule in coverage.rules:
        element = ET.SubElement(covered, "testcase", name=xml_text(_name(rule)), classname="coverage")
        missing = ["no case expects a verdict on it"] if not rule.is_phase and not rule.expected else []
        missing += [
            f"{f.text}: never {way}" for f in rule.forks for took, way in zip((f.met, f.unmet), WAYS[f.fork.sort], strict=True) if not took
        ]
        if missing:
            ET.SubElement(element, "skipped", message=xml_text("; ".join(missing)))
    for element in (suite, covered, root):
        element.set("tests", str(len(element.findall(".//testcase"))))
        element.set("failures", str(len(element.findall(".//failure"))))
        element.set("skipped", str(len(element.findall(".//skipped"))))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"
