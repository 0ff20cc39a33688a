"""`detente init` and `detente add`: a folder to begin with, and one statement more."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.place import agreement_in, readable_name, textual_name
from detente.cli.streams import refusal, show_problems, write
from detente.model.problem import Problem, visible

if TYPE_CHECKING:
    from detente.agreement.clause import Agreement, Group
    from detente.evidence.enter import Question
    from detente.model.kind import Kind

NewFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write; made if need be.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder of evidence, or one that holds an agreement and evidence/.")]
KindName = Annotated[str, typer.Argument(metavar="KIND", help='What the statement is about: "exercise", "notification" ...')]
AgreementOption = Annotated[
    Path | None, typer.Option("--agreement", metavar="FILE", help="The agreement whose kinds and parties count (default: the one beside).")
]
Fields = Annotated[list[str] | None, typer.Option("--field", metavar="NAME=VALUE", help="Answer a question in advance; repeatable.")]


def init(folder: NewFolder) -> None:
    """Write a commented folder to begin with.

    An agreement with one rule, and evidence with a few statements. Nothing that exists is overwritten.
    """
    from detente.evidence.init import write_starting_folder

    textual_name(folder)
    written, problems = write_starting_folder(folder)
    if problems:
        raise refusal(*problems)
    write("".join(f"{visible(str(path))}\n" for path in written), None)


def add(folder: Folder, kind: KindName, *, agreement: AgreementOption = None, field: Fields = None) -> None:
    """Enter one statement, field by field.

    It is added only if reading the evidence with it would use it. Where stdin is no terminal nothing is asked.
    """
    from detente.evidence.enter import append_statement, ask_fields

    case = _case(folder, agreement)
    if kind not in case.kinds:
        raise refusal(Problem("unknown-kind", f"no kind is called {kind}", help=_near(kind, case.kinds)))
    questions = ask_fields(case.kinds[kind])
    given = _given(field or (), questions)
    answers: Mapping[str, str] = {}
    while True:
        answers = {**(_asked(questions, given, answers) if is_asked() else {}), **given}
        _refuse_gaps(questions, answers)
        added, problems = append_statement(
            case.evidence, {**answers, "kind": kind}, case.kinds, parties=case.parties, groups=case.groups, time_zone=case.time_zone
        )
        show_problems(problems)
        if added:
            write(f"added {visible(answers['id'])} to {visible(str(case.evidence))}\n", None)
            return
        if not is_asked() or len(given) == len(questions):
            raise refusal()


def is_asked() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()


# ---- questions and answers ----------------------------------------------------


def _given(pairs: Sequence[str], questions: Sequence[Question]) -> dict[str, str]:
    names = [question.column for question in questions]
    given: dict[str, str] = {}
    for pair in pairs:
        name, is_there, value = pair.partition("=")
        if not is_there:
            raise refusal(Problem("bad-field", f"--field {pair} is not of the form NAME=VALUE"))
        if name.strip() not in names:
            raise refusal(Problem("unknown-field", f"a statement of this kind has no {name.strip()}", expected=tuple(names)))
        if name.strip() in given:
            raise refusal(Problem("bad-field", f"--field names {name.strip()} twice"))
        given[name.strip()] = value.strip()
    return given


def _asked(questions: Sequence[Question], given: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """An answer to each question not yet answered; an empty one keeps what was answered before."""
    found: dict[str, str] = {}
    for question in questions:
        if question.column in given:
            continue
        answer = ""
        while not answer:
            answer = _answer(_wording(question, before.get(question.column, ""))) or before.get(question.column, "")
            if not question.required:
                break
        found[question.column] = answer
    return found


def _answer(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        sys.stderr.write("\n")
        raise refusal(Problem("unfinished", "the statement is not finished; nothing was written"))
    return line.strip()


def _wording(question: Question, before: str) -> str:
    """A question on one line: "troops (9400, 8200..10100; may stay empty): "."""
    hints = [", ".join(question.words or question.examples)]
    hints += [f"in {question.unit}"] if question.unit else []
    hints += [f"was {before}"] if before else [] if question.required else ["may stay empty"]
    hint = "; ".join(h for h in hints if h)
    return visible(f"{question.column}{f' ({hint})' if hint else ''}: ")


def _refuse_gaps(questions: Sequence[Question], answers: Mapping[str, str]) -> None:
    missing = [question.column for question in questions if question.required and not answers.get(question.column)]
    if missing:
        raise refusal(Problem("missing-field", f"no answer for {', '.join(missing)}", help=f"for instance --field {missing[0]}=VALUE"))


# ---- what the statement is read against -------------------------------------------


@dataclass(frozen=True, slots=True)
class _Case:
    """A folder of evidence and what an agreement says of kinds, parties and days."""

    evidence: Path
    kinds: Mapping[str, Kind]
    agreement: Agreement | None

    @property
    def parties(self) -> Sequence[str]:
        return self.agreement.parties if self.agreement else ()

    @property
    def groups(self) -> Mapping[str, Group] | None:
        return self.agreement.groups if self.agreement else None

    @property
    def time_zone(self) -> str:
        return self.agreement.evidence.time_zone if self.agreement else "UTC"


def _case(folder: Path, named: Path | None) -> _Case:
    from detente.agreement.load import load_agreement

    readable_name(folder)
    evidence = folder / "evidence" if (folder / "evidence").is_dir() else folder
    beside = [place / "agreement.md" for place in (folder, folder.absolute().parent)]
    document = agreement_in(named) if named is not None else next((path for path in beside if path.is_file()), None)
    if document is None:
        from detente.vocabulary.kinds import load_kinds

        return _Case(evidence, load_kinds(), None)
    agreement, problems = load_agreement(document)
    if agreement is None:
        raise refusal(*problems)
    return _Case(evidence, agreement.kinds, agreement)


def _near(wanted: str, names: Mapping[str, object]) -> str | None:
    import difflib

    near = difflib.get_close_matches(wanted, names, n=1)
    return f"did you mean {near[0]}?" if near else None
