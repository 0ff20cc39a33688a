"""Findings as SARIF 2.1.0, for editors and code hosts. Source: OASIS, Static Analysis Results Interchange Format 2.1.0."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import PurePath
from urllib.parse import quote

from detente.model.problem import Problem, visible
from detente.model.proven import Proven
from detente.vocabulary.pages import load_pages

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def findings_sarif(findings: Sequence[Problem], version: str) -> bytes:
    """One run, with a rule for each code that was found (section 3.19) and a result for each finding (3.27)."""
    codes = sorted({finding.code for finding in findings})
    driver = {"name": "detente", "semanticVersion": version, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code)) for finding in findings],
    }
    whole = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def _rule(code: str) -> dict[str, object]:
    page = next((p for p in load_pages() if p.code == code), None)
    rule: dict[str, object] = {"id": code}
    if page is not None:
        rule["shortDescription"] = {"text": page.wrong.split(". ")[0].rstrip(".") + "."}
        rule["fullDescription"] = {"text": page.wrong}
        rule["help"] = {"text": page.fix}
        rule["defaultConfiguration"] = {"level": page.severity}
    return rule


def _result(finding: Problem, index: int) -> dict[str, object]:
    message = visible(finding.message) + (f" ({visible(finding.help)})" if finding.help else "")
    if isinstance(finding, Proven):
        message += "".join(f"\n\n{visible(case)}" for case in finding.cases)
    result: dict[str, object] = {"ruleId": finding.code, "ruleIndex": index, "level": finding.severity, "message": {"text": message}}
    span = finding.span
    if span is None:
        return result
    region: dict[str, object] = {"startLine": span.line, "startColumn": span.column, "endLine": span.end_line, "endColumn": span.end_column}
    if finding.excerpt is not None:
        region["snippet"] = {"text": visible(finding.excerpt)}
    location: dict[str, object] = {"physicalLocation": {"artifactLocation": {"uri": _uri(span.path)}, "region": region}}
    if span.trail:
        location["logicalLocations"] = [{"fullyQualifiedName": visible(" › ".join(span.trail))}]
    result["locations"] = [location]
    # The same finding in a moved line stays the same finding (section 3.27.17).
    known = "\0".join((finding.code, finding.message, *span.trail))
    result["partialFingerprints"] = {"codeAndMessage/v1": hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()}
    return result


def _uri(path: str) -> str:
    """The path as a relative reference, or a file address where it is absolute (section 3.4.4)."""
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())
