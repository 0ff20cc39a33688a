"""Verdicts as a JUnit report, so that a build server shows them: a suite for each article, a case for each instance.

Breached is a failure. What is neither kept nor breached is skipped, with the
reason; the outcomes in `failing` are failures too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from detente.model.problem import visible
from detente.model.verdict import InstanceVerdict, Outcome, RuleVerdict, Verdicts
from detente.report.words import summary, without_verdict


def verdicts_junit(verdicts: Verdicts, failing: Iterable[Outcome] = (Outcome.BREACHED,)) -> bytes:
    """The report as an XML document in UTF-8."""
    fails = frozenset(failing)
    root = ET.Element("testsuites", name=_text(verdicts.title))
    for article in verdicts.articles:
        suite = ET.SubElement(root, "testsuite", name=_text(article.heading or article.article))
        for rule in article.rules:
            for instance in rule.instances:
                _case(suite, rule, instance.id, instance, fails)
            if not rule.instances:
                _case(suite, rule, rule.rule, rule, fails)
        _count(suite)
    _count(root)
    properties = ET.Element("properties")
    root.insert(0, properties)
    for name, value in (
        ("summary", summary(verdicts)),
        ("as_of", verdicts.as_of.isoformat()),
        ("evidence_digest", verdicts.evidence_digest),
    ):
        ET.SubElement(properties, "property", name=name, value=_text(value))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _case(suite: ET.Element, rule: RuleVerdict, name: str, judged: InstanceVerdict | RuleVerdict, fails: frozenset[Outcome]) -> None:
    case = ET.SubElement(suite, "testcase", name=_text(name), classname=_text(f"{rule.rule} {rule.title or ''}".strip()))
    ground = f": {judged.ground.value}" if judged.ground else ""
    said = f"{judged.outcome.value if judged.outcome else without_verdict(judged.statuses).value}{ground}"
    if judged.outcome in fails:
        failure = ET.SubElement(case, "failure", type=str(judged.outcome), message=_text(said))
        failure.text = _text("\n".join(f"{account}: {vote.value}" for account, vote in judged.votes.items()))
    elif judged.outcome is not Outcome.KEPT:
        ET.SubElement(case, "skipped", message=_text(said))


def _count(element: ET.Element) -> None:
    element.set("tests", str(len(element.findall(".//testcase"))))
    element.set("failures", str(len(element.findall(".//failure"))))
    element.set("skipped", str(len(element.findall(".//skipped"))))


_NOT_XML = re.compile("[^\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Source: XML 1.0, production 2, Char."""


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", visible(text))
