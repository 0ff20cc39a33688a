"""Derives a verdict file again from all of the evidence, and names whatever does not hold.

Checked, in this order: the agreement is the one that was judged; the evidence
known on the file's date is the same, every statement of it (a left-out
statement changes the digest, so a forgery by omission fails); every verdict
follows; every statement cited is there. Then, for each verdict with citations,
that the cited statements suffice: judged on them and on what closes the search
alone, the bearer's and other accounts give the same outcome.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from detente.judge import Question
from detente.model.problem import Problem
from detente.model.verdict import ArticleVerdict, InstanceVerdict, Verdicts
from detente.report.json import NotVerdicts, read_verdicts
from detente.workbench.open import NotAskable, Workbench, open_case


def verify(verdict_file: Path, evidence: Path, agreement: Path | None = None) -> tuple[str, ...]:
    """What does not hold, named; empty if everything does.

    Raises:
        NotAskable: the file is no verdict file, or agreement or evidence cannot be read.
    """
    try:
        claimed = read_verdicts(verdict_file)
    except NotVerdicts as error:
        raise NotAskable(
            [Problem("not-a-verdict-file", str(error), help="write one with `detente check ... --format json -o FILE`")]
        ) from error
    case = open_case(agreement or Path(claimed.agreement_path), evidence)
    return tuple(_differences(claimed, case))


def _differences(claimed: Verdicts, case: Workbench) -> Iterator[str]:
    if case.agreement.digest != claimed.agreement_digest:
        yield f"agreement: its digest is {case.agreement.digest}, the file says {claimed.agreement_digest}"
    question = Question(
        as_of=claimed.as_of,
        known_on=claimed.known_on,
        as_if_in_force=claimed.counterfactual,
        accounts=tuple(a.name for a in claimed.accounts),
        assume=claimed.assumed,
    )
    digest = case.record.digest(claimed.known_on)
    if digest != claimed.evidence_digest:
        yield f"evidence: what was known on {claimed.known_on:%Y-%m-%d} has the digest {digest}, the file says {claimed.evidence_digest}: a statement was changed, added or left out"
    try:
        derived = case.check(question)
    except NotAskable as error:
        yield f"question: it cannot be asked of this evidence: {error}"
        return
    for name in ("standard", "time_zone", "accounts", "settles", "sources", "statements"):
        if getattr(claimed, name) != getattr(derived, name):
            yield f"{name}: the evidence gives {_short(getattr(derived, name))}, the file says {_short(getattr(claimed, name))}"
    yield from _articles(claimed, derived)
    yield from _cited(claimed, case)


def _articles(claimed: Verdicts, derived: Verdicts) -> Iterator[str]:
    ours = {a.article: a for a in derived.articles}
    theirs = {a.article: a for a in claimed.articles}
    if len(theirs) != len(claimed.articles) or list(ours) != list(theirs):
        yield f"articles: the agreement has {', '.join(ours)}, the file has {', '.join(theirs)}"
    for article in theirs.keys() & ours.keys():
        if ours[article] != theirs[article]:
            yield from _article(ours[article], theirs[article])


def _article(ours: ArticleVerdict, theirs: ArticleVerdict) -> Iterator[str]:
    named = False
    rules = {r.rule: r for r in ours.rules}
    for rule in theirs.rules:
        own = rules.get(rule.rule)
        if own is None:
            named = True
            yield f"rule {rule.rule}: the agreement has no such rule"
            continue
        instances = {i.id: i for i in own.instances}
        for instance in rule.instances:
            derived = instances.get(instance.id)
            if derived is None:
                named = True
                yield f"{instance.id}: the evidence gives no such instance"
            elif derived != instance:
                named = True
                yield f"{instance.id}: {_first_difference(derived, instance)}"
        for missing in instances.keys() - {i.id for i in rule.instances}:
            named = True
            yield f"{missing}: left out of the file"
    if not named:
        yield f"article {ours.article}: {_first_difference(ours, theirs)}"


def _first_difference(ours: object, theirs: InstanceVerdict | ArticleVerdict) -> str:
    for f in fields(theirs):
        derived, claimed = getattr(ours, f.name), getattr(theirs, f.name)
        if derived != claimed:
            return f"{f.name}: the evidence gives {_short(derived)}, the file says {_short(claimed)}"
    return "differs"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 120 else text[:117] + "..."


def _cited(claimed: Verdicts, case: Workbench) -> Iterator[str]:
    """Every statement that a verdict cites must be in the evidence."""
    cited = sorted({c for a in claimed.articles for r in a.rules for i in r.instances for c in i.cites})
    if not cited:
        return
    found = case.record.database.execute("SELECT id FROM statement WHERE id IN (SELECT unnest(?::VARCHAR[]))", [cited]).fetchall()
    for missing in sorted(set(cited) - {i for (i,) in found}):
        yield f"statement {missing}: cited, and not in the evidence"
