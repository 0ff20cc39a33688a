"""Derives a verdict file again from all of the evidence, and names whatever does not hold.

Checked, in this order: the agreement is the one that was judged; the evidence
known on the file's date is the same, every statement of it (a left-out
statement changes the digest, so a forgery by omission fails); every verdict
follows, with its citations; every statement cited is there. Where all of that
holds, the citations themselves are tried (see `suffices`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from detente.judge import Question
from detente.model.problem import Problem
from detente.model.verdict import Verdicts
from detente.report.json import NotVerdicts, read_verdicts
from detente.workbench.assume import assumed
from detente.workbench.differ import differences
from detente.workbench.open import NotAskable, Workbench, open_case
from detente.workbench.suffices import insufficient


def verify(verdict_file: Path, evidence: Path, agreement: Path | None = None) -> tuple[str, ...]:
    """What does not hold, named; empty if everything does.

    Raises:
        NotAskable: the file is no verdict file, or agreement or evidence cannot be read.
    """
    try:
        claimed = read_verdicts(verdict_file)
    except NotVerdicts as error:
        help_ = "write one with `detente check ... --format json -o FILE`"
        raise NotAskable([Problem("not-a-verdict-file", str(error), help=help_)]) from error
    if agreement is None:
        agreement = _named(claimed)
        if (digest := _digest(agreement)) != claimed.agreement_digest:
            # A verdict file is not to be trusted: what it names is shown to nobody unless it is the agreement judged.
            return (f"agreement: the digest of {agreement} is {digest}, the file says {claimed.agreement_digest}",)
    return failures(claimed, open_case(agreement, evidence))


def _named(claimed: Verdicts) -> Path:
    """The agreement at the path that the file names."""
    path = Path(claimed.agreement_path)
    try:
        is_there = path.is_file()
    except (OSError, ValueError):
        is_there = False
    if not is_there:
        raise NotAskable(
            [Problem("missing-file", f"there is no file {path}, which the verdicts name", help="name the agreement with --agreement")]
        )
    return path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def failures(claimed: Verdicts, case: Workbench) -> tuple[str, ...]:
    """What of the verdicts does not follow from the agreement and the evidence of `case`, one line each."""
    question = Question(
        as_of=claimed.as_of,
        known_on=claimed.known_on,
        as_if_in_force=claimed.counterfactual,
        accounts=tuple(a.name for a in claimed.accounts),
        assume=claimed.assumed,
    )
    try:
        derived = case.check(question)
    except NotAskable as error:
        return (*_digests(claimed, case, case.record.digest(claimed.known_on)), f"question: it cannot be asked of this evidence: {error}")
    found = (
        *_digests(claimed, case, derived.evidence_digest),
        *_counts(claimed, derived, case),
        *differences(compared(derived), compared(claimed), ""),
        *_uncited(claimed, case),
    )
    if found:
        return found
    supposed, _ = assumed(case.agreement, question.assume)
    return tuple(insufficient(derived, supposed, case.record, case.judgement(question)))


def _digests(claimed: Verdicts, case: Workbench, digest: str) -> Iterator[str]:
    if case.agreement.digest != claimed.agreement_digest:
        yield f"agreement: its digest is {case.agreement.digest}, the file says {claimed.agreement_digest}"
    for file in sorted({*case.agreement.imports, *claimed.imports}):
        here, said = (digests.get(file, "none") for digests in (case.agreement.imports, claimed.imports))
        if here != said:
            yield f"agreement: the digest of {file}, which it imports, is {here}, the file says {said}"
    if digest != claimed.evidence_digest:
        yield (
            f"evidence: what was known on {claimed.known_on:%Y-%m-%d} has the digest {digest}, the file says"
            f" {claimed.evidence_digest}: a statement was changed, added or left out"
        )


def compared(verdicts: Verdicts) -> Verdicts:
    """Without what says where and by what the file was made, and what is compared by itself.

    Problems name places in files, which may have moved: their codes are compared.
    """
    codes = Counter((p.severity, p.code) for p in verdicts.problems)
    problems = tuple(Problem(code, f"{n} times", severity=severity) for (severity, code), n in sorted(codes.items()))
    plain = replace(verdicts, agreement_path="", agreement_digest="", evidence_path="", evidence_digest="", version="")
    return replace(plain, problems=problems, statements=0, sources={}, imports={})


def _counts(claimed: Verdicts, derived: Verdicts, case: Workbench) -> Iterator[str]:
    """How many statements and sources there are: at least those known on the file's date, at most all that have come since."""
    before = claimed.known_on.astimezone(UTC).replace(tzinfo=None)
    db = case.record.database
    (known,) = db.execute("SELECT count(*) FROM statement WHERE published <= ?", [before]).fetchone() or (0,)
    if not known <= claimed.statements <= derived.statements:
        yield f"statements: the evidence has {derived.statements}, {known} of them known by then, the file says {claimed.statements}"
    spoke = "SELECT s.kind, count(*) FROM source s WHERE s.id IN (SELECT source FROM statement WHERE published <= ?) GROUP BY s.kind"
    then: Mapping[str, int] = dict(db.execute(spoke, [before]).fetchall())
    for kind in sorted({*claimed.sources, *derived.sources}):
        least, said, most = (counts.get(kind, 0) for counts in (then, claimed.sources, derived.sources))
        if not least <= said <= most:
            yield f"sources: of the kind {kind} {most} spoke, {least} of them by then, the file says {said}"


def _uncited(claimed: Verdicts, case: Workbench) -> Iterator[str]:
    """Every statement that a verdict cites must be in the evidence."""
    cited = sorted({c for a in claimed.articles for r in a.rules for i in r.instances for c in i.cites})
    if not cited:
        return
    found = case.record.database.execute("SELECT id FROM statement WHERE id IN (SELECT unnest(?::VARCHAR[]))", [cited]).fetchall()
    for missing in sorted(set(cited) - {i for (i,) in found}):
        yield f"statement {missing}: cited, and not in the evidence"
