"""What is owed on a day: duties that are not performed, and the agreement's own dates, account by account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

import duckdb

from detente import __version__
from detente.agreement.clause import Agreement, Duty, Life, RecurringDuty
from detente.judge import Question
from detente.judge.dates import LifeDate, life_dates
from detente.judge.evaluate import slug
from detente.judge.judge import times
from detente.judge.life import lives
from detente.judge.owed import OwedRow, act_of, is_about, is_consequence, owed_rows
from detente.judge.periods import fill_periods
from detente.judge.scene import Scene
from detente.judge.seats import TooManyAccountsError
from detente.judge.stage import Staging, located_table, stage
from detente.model.account import Account
from detente.model.owed import DueList, Owed, OwedState
from detente.model.problem import Problem
from detente.workbench.assume import assumed
from detente.workbench.open import NotAskable, Workbench
from detente.workbench.places import is_place, locator

_LAST = datetime.max.replace(tzinfo=UTC)


def due(
    bench: Workbench,
    question: Question | None = None,
    *,
    until: datetime | None = None,
    party: str | None = None,
    with_digest: bool = True,
) -> DueList:
    """What is owed as of the question's day: overdue first, then by date.

    `until` leaves out what certainly falls due later; what is overdue, and what
    has no date, stays. `party` leaves out what is owed neither by nor to it.
    The digest of the evidence reads every statement again: in a large record it
    takes as long as all else, and a list that does not show it can do without.

    Raises:
        NotAskable: a term assumed, an account or the party is unknown, or too many accounts differ.

    """
    question = question or Question()
    agreement, problems = assumed(bench.agreement, question.assume, lambda word: is_place(word, bench.places))
    if party is not None and party not in agreement.parties:
        names = ", ".join(agreement.parties)
        problems = (*problems, Problem("unknown-party", f"no Party is called {party}", help=f"the Parties are: {names}"))
    if problems:
        raise NotAskable(problems)
    bench.forget()  # the relations laid out for this question replace those of the last one that was judged
    as_of, known_on = times(question, bench.record.last_published)
    db = bench.record.database
    life = Life() if question.as_if_in_force else agreement.life
    try:
        scene = stage(agreement, bench.record, Staging(as_of, known_on, question.as_if_in_force))
        if until is not None and any(isinstance(rule, RecurringDuty) for rule in agreement.rules):
            # Staging lays out the due days up to as-of and the next one; here those up to `until` are asked for.
            ahead = replace(scene, as_of=max(as_of, _naive(until)))
            fill_periods(db, ahead, agreement.rules, lives(db, scene, life))
        shown = _shown(question, scene)
        located_table(db, locator(agreement, bench.record, bench.places)(scene))
        found = owed_rows(db, scene, agreement, sum(a.mask for a in shown), _naive(until) if until else None, bench.progress)
        dates = life_dates(db, scene, life)
    except TooManyAccountsError as error:
        raise NotAskable([Problem("too-many-accounts", str(error), help="name fewer parties, or let fewer of them speak")]) from error
    except duckdb.OutOfMemoryException as error:
        said = str(error).splitlines()[0][:200]
        raise NotAskable([Problem("out-of-memory", f"what is owed needs more memory than there is: {said}")]) from error
    rows = [*_duties(agreement, shown, found), *_dates(dates, shown)]
    return DueList(
        title=agreement.title,
        agreement_path=agreement.path,
        agreement_digest=agreement.digest,
        evidence_path=str(bench.evidence),
        evidence_digest=bench.record.digest(known_on) if with_digest else None,
        as_of=as_of.replace(tzinfo=UTC),
        known_on=known_on.replace(tzinfo=UTC),
        time_zone=agreement.evidence.time_zone,
        version=__version__,
        counterfactual=question.as_if_in_force,
        assumed=dict(question.assume),
        until=until,
        party=party,
        accounts=shown,
        owed=tuple(sorted(_wanted(rows, until, party), key=_place)),
        problems=bench.problems,
        rows_left_out=bench.record.rows_left_out,
    )


def _shown(question: Question, scene: Scene) -> tuple[Account, ...]:
    every = scene.seating.accounts
    unknown = set(question.accounts) - {a.name for a in every}
    if unknown:
        names = ", ".join(a.name for a in every)
        raise NotAskable(
            [Problem("unknown-account", f"no account is called {', '.join(sorted(unknown))}", help=f"the accounts are: {names}")]
        )
    return tuple(a for a in every if not question.accounts or a.name in question.accounts)


# ---- rows ------------------------------------------------------------------------


def _duties(agreement: Agreement, shown: tuple[Account, ...], found: Iterable[OwedRow]) -> Iterator[Owed]:
    headings = {a.id: a.heading for a in agreement.articles}
    named = _Names(shown)
    for _, rows in groupby(found, key=lambda row: row.id):
        telling, others = _apart(list(rows))
        for row in telling:
            if named.any_decides(row.accounts) or row.state is not OwedState.DUE_IF:
                yield _duty(row, others & ~row.accounts, headings, named)


def _apart(rows: list[OwedRow]) -> tuple[list[OwedRow], int]:
    """The rows of one instance that say something of it, and the set of accounts that know only that its occasion is possible.

    Where no account knows more, that row is all there is to say.
    """
    blank = [r for r in rows if r.state is OwedState.DUE_IF and r.due == (None, None)]
    if len(blank) == len(rows):
        return rows, 0
    no_telling = 0
    for row in blank:
        no_telling |= row.accounts
    return [r for r in rows if r not in blank], no_telling


def _duty(row: OwedRow, no_telling: int, headings: Mapping[str, str], named: _Names) -> Owed:
    rule, act = row.plan.rule, act_of(row.plan)
    return Owed(
        id=row.id,
        kind="consequence" if is_consequence(row.plan) else "duty",
        state=row.state,
        article=rule.head.article,
        heading=headings.get(rule.head.article, ""),
        rule=row.plan.id,
        title=rule.head.title,
        bearer=row.bearer,
        recipient=row.recipient,
        act=act.kind if act else None,
        is_about=act is not None and is_about(act),
        occasion_kind=rule.occasion.kind if row.event and isinstance(rule, Duty) and rule.occasion else None,
        occasion=row.event,
        happens=(_utc(row.happens[0]), _utc(row.happens[1])),
        due=(_utc(row.due[0]), _utc(row.due[1])),
        is_strict=row.is_strict,
        accounts=named.of(row.accounts),
        in_all=named.are_all(row.accounts),
        performed_in=named.of(row.performed),
        no_telling_in=named.of(no_telling),
    )


def _dates(found: Iterable[LifeDate], shown: tuple[Account, ...]) -> Iterator[Owed]:
    named = _Names(shown)
    for date in found:
        accounts = named.of(date.accounts)
        if accounts:
            yield Owed(
                id=f"agreement#{slug(date.what)}"
                + (f"@{slug(date.party)}" if date.party else "")
                + (f">{slug(date.rule)}" if date.rule else ""),
                kind=date.what,
                state=OwedState.OF_AGREEMENT,
                article=None,
                heading=None,
                rule=date.rule,
                title=None,
                bearer=date.party,
                recipient=None,
                act=None,
                is_about=False,
                occasion_kind=None,
                occasion=None,
                happens=(None, None),
                due=(_utc(date.at[0]), _utc(date.at[1])),
                is_strict=False,
                accounts=accounts,
                in_all=named.are_all(date.accounts),
                performed_in=(),
                no_telling_in=(),
            )


class _Names:
    """The names of the accounts in a set; the same few sets come again and again."""

    def __init__(self, shown: tuple[Account, ...]) -> None:
        self._shown = shown
        self._deciding = sum(a.mask for a in shown if a.decides)
        self._known: dict[int, tuple[str, ...]] = {}

    def of(self, mask: int) -> tuple[str, ...]:
        if mask not in self._known:
            self._known[mask] = tuple(a.name for a in self._shown if mask & a.mask)
        return self._known[mask]

    def any_decides(self, mask: int) -> bool:
        """Whether an account that decides is among them."""
        return bool(self._deciding & mask)

    def are_all(self, mask: int) -> bool:
        """Whether every account that decides is among them."""
        return bool(self._deciding) and not self._deciding & ~mask


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None else None


# ---- which, and in what order ---------------------------------------------------------


def _wanted(rows: Iterable[Owed], until: datetime | None, party: str | None) -> Iterator[Owed]:
    for row in rows:
        if until is not None and row.state is not OwedState.OVERDUE and row.due[0] is not None and row.due[0] > until:
            continue
        if party is not None and row.bearer is not None and party not in (row.bearer, row.recipient):
            continue
        yield row


def _place(row: Owed) -> tuple[bool, datetime, datetime, str, tuple[str, ...]]:
    """Overdue first, then by the last moment in time; what has no date stands last."""
    last = row.due[1] or row.due[0] or _LAST
    return row.state is not OwedState.OVERDUE, last, row.due[0] or last, row.id, row.accounts
