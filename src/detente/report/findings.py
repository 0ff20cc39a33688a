"""Findings of `lint` for people, as JSON (schema `detente-findings/1`) and as a JUnit report; computes nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from detente.model.problem import Problem, visible
from detente.report.xml import xml_text


def findings_table(findings: Sequence[Problem]) -> str:
    """Every finding with its line of text and a caret, then how many there are of each code."""
    if not findings:
        return "nothing found\n"
    shown = "\n\n".join(str(finding) for finding in findings)
    counts = Counter((finding.code, finding.severity) for finding in findings)
    width = max(len(code) for code, _ in counts)
    rows = [f"{number:5,}  {code:<{width}}  {severity}" for (code, severity), number in sorted(counts.items())]
    total = f"{len(findings):,} {'finding' if len(findings) == 1 else 'findings'}; `detente help CODE` tells more of one"
    return "\n".join([shown, "", *rows, total, ""])


def findings_json(findings: Sequence[Problem], path: str, digest: str, version: str) -> bytes:
    """The findings as one object, indented, ending in a line break."""
    whole = {
        "schema": "detente-findings/1",
        "agreement": visible(path),
        "agreement_digest": digest,
        "version": version,
        "counts": dict(sorted(Counter(finding.code for finding in findings).items())),
        "findings": [finding_object(finding) for finding in findings],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def finding_object(finding: Problem) -> dict[str, object]:
    """A finding as an object, its place in numbers."""
    span = finding.span
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": visible(finding.message),
        "file": visible(span.path) if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
        "headings": [visible(heading) for heading in span.trail] if span else [],
        "excerpt": visible(finding.excerpt) if finding.excerpt is not None else None,
        "help": visible(finding.help) if finding.help else None,
    }


def findings_junit(findings: Sequence[Problem], path: str, codes: Sequence[str], command: str = "lint") -> bytes:
    """A suite with a case for each finding, all failures, and a passing one for each of `codes` that was not found."""
    root = ET.Element("testsuites", name=f"detente {command} {xml_text(path)}")
    suite = ET.SubElement(root, "testsuite", name=xml_text(path))
    for finding in findings:
        name = f"{finding.code} {finding.span}" if finding.span else finding.code
        case = ET.SubElement(suite, "testcase", name=xml_text(name), classname=xml_text(finding.code))
        failure = ET.SubElement(case, "failure", type=finding.severity, message=xml_text(finding.message))
        failure.text = xml_text(str(finding))
    for code in sorted(set(codes) - {finding.code for finding in findings}):
        ET.SubElement(suite, "testcase", name=code, classname=code)
    for element in (suite, root):
        element.set("tests", str(len(root.findall(".//testcase"))))
        element.set("failures", str(len(findings)))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"
