"""Runs an agreement's own cases: facts by source, and what its authors expect of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from detente.agreement.clause import Agreement, Case, Expectation, Fact
from detente.agreement.load import load_agreement
from detente.evidence import record_from_rows
from detente.judge import Judgement, Question, judge
from detente.model.coverage import Coverage
from detente.model.span import Span
from detente.model.verdict import InstanceVerdict, Outcome, RuleVerdict, Status, Vote
from detente.workbench.assume import assumed
from detente.workbench.coverage import Tally
from detente.workbench.open import NotAskable
from detente.workbench.places import locator


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: whether it passed, and otherwise what was expected and found, line by line."""

    name: str
    passed: bool
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Checked:
    expectation: Expectation
    expected: str
    found: str

    @property
    def holds(self) -> bool:
        return self.expected == self.found


def run_cases(agreement: Path, *, reset: bool = False, name: str | None = None) -> tuple[CaseResult, ...]:
    """Run every case of the document. With `reset`, rewrite its expectations to what was found. `name`: what messages call it.

    Raises:
        NotAskable: the document has errors.
    """
    return _run_all(_loaded(agreement, name), agreement if reset else None, None)


def cover_cases(agreement: Path, *, reset: bool = False, name: str | None = None) -> tuple[tuple[CaseResult, ...], Coverage]:
    """Run every case as `run_cases` does, and note which ways through the rules they take.

    Raises:
        NotAskable: the document has errors.
    """
    loaded = _loaded(agreement, name)
    tally = Tally(loaded)
    return _run_all(loaded, agreement if reset else None, tally), tally.coverage()


def _loaded(agreement: Path, name: str | None) -> Agreement:
    loaded, problems = load_agreement(agreement, name=name)
    if loaded is None or loaded.pending:
        raise NotAskable((*problems, *(loaded.pending if loaded else ())))
    return loaded


def _run_all(loaded: Agreement, to_reset: Path | None, tally: Tally | None) -> tuple[CaseResult, ...]:
    results, checks = [], []
    for case in loaded.cases:
        checked, faults = _run(loaded, case, tally)
        checks += checked
        wrong = [c for c in checked if not c.holds]
        text = "\n".join([*faults, *(f"  expected  {c.expected}\n  found     {c.found}" for c in wrong)])
        results.append(CaseResult(case.name, not wrong and not faults, text, wrong[0].expectation.span if wrong else case.span))
    if to_reset is not None:
        _rewrite(to_reset, [c for c in checks if not c.holds])
    return tuple(results)


def _run(agreement: Agreement, case: Case, tally: Tally | None) -> tuple[list[_Checked], list[str]]:
    rows = [_row(fact, agreement) for fact in case.facts]
    record = record_from_rows(
        rows,
        agreement.kinds,
        spans={n: fact.span for n, fact in enumerate(case.facts)},
        parties=agreement.parties,
        groups=agreement.groups,
        time_zone=agreement.evidence.time_zone,
        shown=agreement.path,
    )
    faults = [str(p) for p in record.problems if p.severity == "error"]
    question, faulty = _question(agreement, case)
    faults += faulty
    tried, problems = assumed(agreement, question.assume)
    faults += [str(p) for p in problems]
    judgement = judge(tried, record, question, locate=locator(tried, record))
    if tally is not None:
        tally.add(case, record.database, tried, judgement)
    return [_checked(judgement, e) for e in case.expects], faults


def _row(fact: Fact, agreement: Agreement) -> dict[str, str]:
    """A fact as a row of an evidence table; sources, completeness and the like have tables of their own."""
    if not fact.kind:
        return dict(fact.cells)
    return {**fact.cells, ("kind" if fact.kind in agreement.kinds else "table"): fact.kind}


def _question(agreement: Agreement, case: Case) -> tuple[Question, list[str]]:
    settings = case.settings
    faults = []
    moments: dict[str, datetime | None] = {}
    for name in ("as-of", "known-on"):
        try:
            moments[name] = _end_of(settings[name], agreement.evidence.time_zone) if name in settings else None
        except ValueError:
            moments[name] = None
            faults.append(f"{case.span}: bad-date: {name.replace('-', ' ')} wants a date such as 2026-03-01, found {settings[name]}")
    pairs = (pair.partition("=") for pair in settings.get("assume", "").split("; ") if pair)
    question = Question(
        as_of=moments["as-of"],
        known_on=moments["known-on"],
        as_if_in_force="as-if-in-force" in settings,
        assume={name: value for name, _, value in pairs},
    )
    return question, faults


def _end_of(text: str, zone: str) -> datetime:
    """The last moment of a date, or a moment with its zone, in UTC."""
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time.max, ZoneInfo(zone)).astimezone(UTC)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment.astimezone(UTC)


def _checked(judgement: Judgement, expectation: Expectation) -> _Checked:
    found = _found(judgement, expectation.target)
    names = tuple(expectation.accounts)
    expected = _line(expectation.target, expectation.overall, expectation.accounts)
    if found is None:
        return _Checked(expectation, expected, _line(expectation.target, "untested", dict.fromkeys(names, "not-triggered")))
    votes = {name: _vote(judgement, found, name) for name in names}
    return _Checked(expectation, expected, _line(expectation.target, _overall(found), votes))


def _found(judgement: Judgement, target: str) -> RuleVerdict | InstanceVerdict | None:
    """The rule or instance that is meant; instance ids are compared without regard to case."""
    for article in judgement.articles:
        for rule in article.rules:
            if rule.rule == target:
                return rule
            for instance in rule.instances:
                if instance.id.casefold() == target.casefold():
                    return instance
    taken_over = [r for a in judgement.articles for r in a.rules if r.rule.startswith(f"{target}:")]
    return min(taken_over, key=lambda r: list(Outcome).index(r.outcome) if r.outcome else len(Outcome), default=None)


def _overall(found: RuleVerdict | InstanceVerdict) -> str:
    if found.outcome is not None:
        return found.outcome.value
    return _word(found.statuses[0]) if found.statuses else "untested"


def _word(status: Status) -> str:
    return "left-open" if status is Status.LEFT_OPEN else status.value.replace(" ", "-")


def _vote(judgement: Judgement, found: RuleVerdict | InstanceVerdict, name: str) -> str:
    account = next((a.name for a in judgement.accounts if a.name == name or name in a.parties), None)
    if account is None:
        return "no-such-account"
    vote = found.votes[account]
    if vote is Vote.OPEN and found.outcome is None and Status.LEFT_OPEN in found.statuses:
        return "left-open"
    return vote.value.replace(" ", "-")


def _line(target: str, overall: str, accounts: Mapping[str, str]) -> str:
    votes = [f"{_quoted(name)} {vote.replace('-', ' ')}" for name, vote in accounts.items()]
    return "; ".join([f"expect {target} {overall.replace('-', ' ')}", *votes])


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _rewrite(path: Path, wrong: Sequence[_Checked]) -> None:
    """Replace each expectation that does not hold, from the last to the first, so that the places stay right."""
    lines = path.read_text(encoding="utf-8").split("\n")
    for check in sorted(wrong, key=lambda c: c.expectation.span.line, reverse=True):
        span = check.expectation.span
        line = lines[span.line - 1]
        lines[span.line - 1] = line[: span.column - 1] + check.found + line[span.end_column - 1 :]
    path.write_text("\n".join(lines), encoding="utf-8")
