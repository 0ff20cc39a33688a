"""A case on the workbench: an agreement, a record, and what can be asked of the two."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from detente import __version__
from detente.agreement.clause import Agreement
from detente.agreement.load import load_agreement
from detente.evidence import Record, read_record
from detente.evidence.record import Row
from detente.judge import Judgement, Question, judge
from detente.judge.explain import UnknownRuleError, explain
from detente.judge.plan import plans
from detente.judge.seats import TooManyAccountsError
from detente.judge.settle import settles
from detente.model.problem import Problem
from detente.model.verdict import Explanation, Verdicts
from detente.workbench.assume import assumed
from detente.workbench.export import export
from detente.workbench.places import drawn_places, is_any_drawn, is_place, locator

if TYPE_CHECKING:
    from detente.detect.places import Gazetteer

Progress = Callable[[str, float], None]


class NotAskable(Exception):  # noqa: N818  it is an answer to the caller, not a fault of the program
    """The question cannot be asked; `problems` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Workbench:
    """An agreement beside its evidence. Every method answers one question and changes nothing."""

    agreement: Agreement
    record: Record
    evidence: Path
    problems: tuple[Problem, ...]
    progress: Progress | None = None
    places: Gazetteer | None = None
    """What is drawn beside the agreement and in the evidence; None if nothing is."""
    shown: tuple[Row, ...] = field(default=(), repr=False)
    """What the recordings of the evidence show."""
    strict: bool = False
    _scratch: tempfile.TemporaryDirectory[str] | None = field(default=None, repr=False, compare=False)
    """Where the database puts what does not fit in memory; gone with this object."""
    _judged: dict[str, Judgement] = field(default_factory=dict, repr=False, compare=False)
    """The judgement of the last question, whose rows are in the database."""

    def judgement(self, question: Question) -> Judgement:
        """Judge every rule; the rows of the verdicts stay in the record's database.

        Raises:
            NotAskable: a term assumed is unknown, or too many accounts differ.
        """
        asked = repr(question)
        if asked in self._judged:
            return self._judged[asked]
        agreement = self._supposed(question)
        self.forget()
        try:
            self._judged[asked] = judge(
                agreement, self.record, question, locate=locator(agreement, self.record, self.places), progress=self.progress
            )
        except TooManyAccountsError as error:
            raise NotAskable([Problem("too-many-accounts", str(error), help="name fewer parties, or let fewer of them speak")]) from error
        except duckdb.OutOfMemoryException as error:
            raise NotAskable([_too_much(error)]) from error
        return self._judged[asked]

    def forget(self) -> None:
        """Judge again when next asked: called by who lays out relations for another question in the record's database."""
        self._judged.clear()

    def _supposed(self, question: Question) -> Agreement:
        """The agreement with what the question assumes."""
        agreement, problems = assumed(self.agreement, question.assume, lambda name: is_place(name, self.places))
        if problems:
            raise NotAskable(problems)
        return agreement

    def check(self, question: Question | None = None) -> Verdicts:
        """Verdicts for every article.

        Raises:
            NotAskable: as `judgement`.
        """
        question = question or Question()
        judgement = self.judgement(question)
        scene = judgement.scene
        shown = tuple(a for a in scene.seating.accounts if not question.accounts or a.name in question.accounts)
        unknown = set(question.accounts) - {a.name for a in scene.seating.accounts}
        if unknown:
            names = ", ".join(a.name for a in scene.seating.accounts)
            raise NotAskable(
                [Problem("unknown-account", f"no account is called {', '.join(sorted(unknown))}", help=f"the accounts are: {names}")]
            )
        db = self.record.database
        kinds = db.execute(
            "SELECT s.kind, count(*) FROM source s WHERE s.id IN (SELECT source FROM statement) GROUP BY s.kind ORDER BY s.kind"
        ).fetchall()
        (statements,) = db.execute("SELECT count(*) FROM statement").fetchone() or (0,)
        return Verdicts(
            title=self.agreement.title,
            agreement_path=self.agreement.path,
            agreement_digest=self.agreement.digest,
            evidence_path=str(self.evidence),
            evidence_digest=self.record.digest(scene.known_on),
            as_of=scene.as_of.replace(tzinfo=UTC),
            known_on=scene.known_on.replace(tzinfo=UTC),
            time_zone=self.agreement.evidence.time_zone,
            version=__version__,
            counterfactual=question.as_if_in_force,
            assumed=dict(question.assume),
            standard=judgement.standard,
            accounts=shown,
            articles=judgement.articles,
            settles=settles(self.agreement, judgement),
            problems=self.problems,
            rows_left_out=self.record.rows_left_out,
            statements=statements,
            sources=dict(kinds),
            imports=dict(self.agreement.imports),
        )

    def with_more(self, rows: Sequence[Row]) -> Workbench:
        """The same case with these rows beside its evidence, which is read anew; places are not.

        Raises:
            NotAskable: the evidence needs more memory than there is.
        """
        try:
            record = _read(self.agreement, self.evidence, (*self.shown, *rows), self._scratch, strict=self.strict, progress=self.progress)
        except duckdb.OutOfMemoryException as error:
            raise NotAskable([_too_much(error)]) from error
        return replace(self, record=record, _judged={})

    def explain(self, question: Question, rule: str, instance: str | None = None) -> tuple[Explanation, ...]:
        """Why, for one instance or all of a rule.

        `rule` is a rule's id or an instance's ("40#west-26>borland").

        Raises:
            NotAskable: no such rule or instance.
        """
        try:
            return explain(self._supposed(question), self.record, self.judgement(question), rule, instance)
        except UnknownRuleError as error:
            raise NotAskable([Problem("unknown-rule", str(error))]) from error

    def sql(self, question: Question, rule: str) -> str:
        """The query that judges a rule, to read or to run elsewhere (see `export`)."""
        judgement = self.judgement(question)
        found = [
            p
            for r in self._supposed(question).rules
            if r.head.id == rule.removesuffix(".else")
            for p in plans(judgement.scene, r, self.agreement.evidence)
        ]
        chosen = next((p for p in found if p.id == rule), None)
        if chosen is None:
            names = ", ".join(r.head.id for r in self.agreement.rules)
            raise NotAskable([Problem("unknown-rule", f"no rule is called {rule}", help=f"the rules are: {names}")])
        return chosen.sql

    def export(self, question: Question, folder: Path) -> None:
        """Write the evidence tables and everything else a plan reads to `folder`, with a script that loads them.

        Raises:
            NotAskable: as `judgement`; the folder cannot be written, or is the folder of evidence itself.
        """
        if folder.resolve() == self.evidence.resolve():
            text = f"{folder} is the folder of evidence: what is written there would be read as evidence"
            raise NotAskable([Problem("unwritable-file", text, help="choose another folder")])
        self.judgement(question)
        try:
            export(self.record, folder)
        except OSError as error:
            raise NotAskable([Problem("unwritable-file", f"{error.filename or folder}: {error.strerror or error}")]) from error
        except duckdb.IOException as error:
            raise NotAskable([Problem("unwritable-file", f"{folder}: {str(error).splitlines()[0][:200]}")]) from error


def open_case(
    agreement: Path, evidence: Path | None = None, *, name: str | None = None, strict: bool = False, progress: Progress | None = None
) -> Workbench:
    """Read an agreement and the evidence folder beside it.

    `agreement` may be a folder that holds both: one Markdown file (or
    `agreement.md`) and `evidence/`. `name` is what messages call the agreement, if
    not its path; what it imports is then looked for beside that name.

    Raises:
        NotAskable: the agreement has errors, a file of shapes that it names cannot
            be read, or there is no evidence folder.
    """
    document, folder = _found(agreement, evidence)
    loaded, problems = load_agreement(document, name=name)
    if loaded is None or loaded.pending:
        raise NotAskable((*problems, *(loaded.pending if loaded else ())))
    if not folder.is_dir():
        raise NotAskable(
            [Problem("no-evidence", f"there is no folder {folder}", help="name it with --evidence, or make one with `detente init`")]
        )
    scratch = _scratch()

    def read(more: Sequence[Row] = ()) -> Record:
        return _read(loaded, folder, more, scratch, strict=strict, progress=progress)

    try:
        rows: Sequence[Row] = ()
        record = read()
        places, unusable = drawn_places(loaded, record) if is_any_drawn(loaded, record) else (None, ())
        if any(p.code == "unreadable-places" for p in unusable):
            raise NotAskable(unusable)
        if record.recordings:
            from detente.workbench.tracks import shown_by_tracks

            rows, faults = shown_by_tracks(loaded, record, places, progress)
            unusable = (*unusable, *faults)
            record = read(rows) if rows else record
    except duckdb.OutOfMemoryException as error:
        raise NotAskable([_too_much(error)]) from error
    found = (*problems, *record.problems, *unusable)
    if strict and any(p.severity == "error" for p in found):
        raise NotAskable(found)
    return Workbench(loaded, record, folder, found, progress, places, tuple(rows), strict, scratch)


def _read(
    agreement: Agreement,
    folder: Path,
    more: Sequence[Row],
    scratch: tempfile.TemporaryDirectory[str] | None,
    *,
    strict: bool,
    progress: Progress | None,
) -> Record:
    return read_record(
        folder,
        agreement.kinds,
        parties=agreement.parties,
        groups=agreement.groups,
        time_zone=agreement.evidence.time_zone,
        strict=strict,
        progress=progress,
        scratch=Path(scratch.name) if scratch else None,
        more=more,
    )


def _scratch() -> tempfile.TemporaryDirectory[str] | None:
    """A folder that only this user can read; None where none can be made."""
    try:
        return tempfile.TemporaryDirectory(prefix="detente-", ignore_cleanup_errors=True)
    except OSError:
        return None


def _too_much(error: duckdb.Error) -> Problem:
    said = str(error).splitlines()[0][:200]
    return Problem(
        "out-of-memory", f"the evidence needs more memory than there is: {said}", help="use a machine with more, or split the case"
    )


def _found(agreement: Path, evidence: Path | None) -> tuple[Path, Path]:
    """The document and the evidence folder that are meant."""
    if not agreement.is_dir():
        return agreement, evidence or agreement.parent / "evidence"
    named = agreement / "agreement.md"
    texts = [named] if named.is_file() else sorted(p for p in agreement.glob("*.md") if p.name.lower() != "readme.md")
    if len(texts) != 1:
        listed = ", ".join(p.name for p in texts) or "none"
        raise NotAskable(
            [Problem("no-agreement", f"expected one agreement (.md) in {agreement}, found {listed}", help="name the file itself")]
        )
    return texts[0], evidence or agreement / "evidence"
