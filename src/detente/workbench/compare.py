"""Drafts beside one another: what changes in meaning, and which verdicts would change on given evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from detente.agreement.clause import Agreement
from detente.agreement.load import load_agreement
from detente.judge import Question
from detente.model.verdict import ArticleVerdict, InstanceVerdict, Verdicts
from detente.negotiate import Comparison, ThreeWay, compare, three_way
from detente.negotiate.comparison import Change, Moved, OnEvidence
from detente.workbench.open import NotAskable, open_case

Progress = Callable[[str, float], None]


def compare_drafts(before: Path, after: Path, evidence: Path | None = None, *, progress: Progress | None = None) -> Comparison:
    """What changes from one draft to the other; with `evidence`, which verdicts on it would change, too.

    Raises:
        NotAskable: a draft has errors, or the evidence cannot be asked.
    """
    found = compare(_draft(before), _draft(after), progress=progress)
    return found if evidence is None else replace(found, on_evidence=_on_evidence(before, after, evidence, found.changes))


def compare_three(base: Path, ours: Path, theirs: Path, *, progress: Progress | None = None) -> ThreeWay:
    """Who changed what since the base.

    Raises:
        NotAskable: a draft has errors.
    """
    return three_way(_draft(base), _draft(ours), _draft(theirs), progress=progress)


def _draft(path: Path) -> Agreement:
    agreement, problems = load_agreement(path)
    if agreement is None:
        raise NotAskable(problems)
    return agreement


def _on_evidence(before: Path, after: Path, evidence: Path, changes: tuple[Change, ...]) -> OnEvidence:
    """Articles and instances whose verdicts differ; rules are matched as the comparison matched them."""
    one = open_case(before, evidence).check()
    # Both drafts are asked about one moment, whatever each of them can read.
    two = open_case(after, evidence).check(Question(as_of=one.as_of, known_on=one.known_on))
    names = {p.rule: c.after[0].rule for c in changes for p in c.before if c.after}
    articles = {p.article: c.after[0].article for c in reversed(changes) for p in reversed(c.before) if c.after}
    return OnEvidence(
        str(evidence),
        one.as_of.strftime("%Y-%m-%d %H:%M UTC"),
        _moved(
            {articles.get(a.article, a.article): _said(a) for a in one.articles if a.rules},
            {a.article: _said(a) for a in two.articles if a.rules},
        ),
        _moved(
            {_renamed(i.id, names): _said(i) for i in _instances(one)},
            {i.id: _said(i) for i in _instances(two)},
        ),
    )


def _renamed(instance: str, names: dict[str, str]) -> str:
    rule, mark, rest = instance.partition("#")
    base, dot, tail = rule.rpartition(".") if rule.endswith(".else") else (rule, "", "")
    return f"{names.get(base, base)}{dot}{tail}{mark}{rest}"


def _instances(verdicts: Verdicts) -> list[InstanceVerdict]:
    return [i for article in verdicts.articles for rule in article.rules for i in rule.instances]


def _said(judged: ArticleVerdict | InstanceVerdict) -> str:
    if judged.outcome is not None:
        return judged.outcome.value
    return judged.statuses[0].value if judged.statuses else "untested"


def _moved(one: dict[str, str], two: dict[str, str]) -> tuple[Moved, ...]:
    keys = dict.fromkeys((*one, *two))
    return tuple(Moved(k, one.get(k, ""), two.get(k, "")) for k in keys if one.get(k) != two.get(k))
