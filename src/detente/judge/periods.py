"""The due days of duties that come back, each with the stretch of time in which an act counts for it.

They follow from the calendar, and for intervals counted from entry into force
from when each account holds that to be; so they are worked out before the plan
runs, as the relation `period`. Source: semantics, section 4, "Recurring duty".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import isleap
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import duckdb

from detente.agreement.clause import AnyRule, EachPeriod, EveryInterval, Moment, MonthDay, RecurringDuty
from detente.agreement.clause.recurring import counted_phases
from detente.judge.life import Lives
from detente.judge.moments import EVER, NEVER, Between, plus
from detente.judge.scene import Scene
from detente.judge.sql import moment, name
from detente.model.duration import Duration

MOST = 5000
"""Due days of one rule that are judged, the latest; earlier ones are left out."""

COLUMNS = "rule VARCHAR, accounts UBIGINT, event VARCHAR, opens_lo TIMESTAMP, opens_hi TIMESTAMP, due_lo TIMESTAMP, due_hi TIMESTAMP, next TIMESTAMP"
_INSTANT = timedelta(microseconds=1)
_NUMBERS = range(1, 2_000_000_000)
"""Numbers of due times: more than there are minutes in the years that dates can name."""


@dataclass(frozen=True, slots=True)
class Series:
    """The due times of a rule by number, each the end of a period, and when the first one that there is opens."""

    due: Callable[[int], datetime]
    opens: datetime | None = None

    def opening(self, n: int) -> datetime:
        """The first moment that counts for due time `n`: right after the one before."""
        return self.opens if n == _NUMBERS[0] and self.opens else self.due(n - 1) + _INSTANT


def fill_periods(db: duckdb.DuckDBPyConnection, scene: Scene, rules: Iterable[AnyRule], lives: Lives) -> None:
    """Fills the relation `period` with every due day up to as-of, and the next one."""
    db.execute(f"CREATE OR REPLACE TABLE period ({COLUMNS})")
    _insert(
        db,
        [row for rule in rules if isinstance(rule, RecurringDuty) and not counted_phases(rule) for row in _periods(db, scene, rule, lives)],
    )


def fill_from_phase(db: duckdb.DuckDBPyConnection, scene: Scene, rule: RecurringDuty, begun: Mapping[Between, int], lives: Lives) -> None:
    """Adds the due days that are counted from a phase, once it is known when each account (a set for each moment) holds that it begins."""
    _insert(db, list(_periods(db, scene, rule, lives, begun)))


def _insert(db: duckdb.DuckDBPyConnection, rows: list[tuple[object, ...]]) -> None:
    if rows:
        lists = [list(column) for column in zip(*rows, strict=True)]
        types = [c.split()[1] for c in COLUMNS.split(", ")]
        db.execute(f"INSERT INTO period SELECT {', '.join(f'unnest(?::{t}[])' for t in types)}", lists)


def _periods(
    db: duckdb.DuckDBPyConnection, scene: Scene, rule: RecurringDuty, lives: Lives, begun: Mapping[Between, int] | None = None
) -> Iterator[tuple[object, ...]]:
    begins = _begins(scene, rule, lives)
    if isinstance(rule.recurrence, EachPeriod):
        begins = begins or _first_told(db, scene, rule)
        if begins is None:
            return
        each = calendar(scene, rule.recurrence)
        series = {(each, each): scene.seating.every}
        by_day = rule.recurrence.grace is None or rule.recurrence.grace.is_calendar
    else:
        series = _intervals(scene, rule.recurrence, lives, begun)
        by_day = rule.recurrence.every.is_calendar
    dated = [lo for lo, _ in series if lo.due(_NUMBERS[0]) < NEVER]
    if not dated:
        return
    first = min(bisect_left(_NUMBERS, begins, key=lo.due) for lo in dated) if begins else 0
    last = max(bisect_right(_NUMBERS, scene.as_of, key=lo.due) for lo in dated)
    last = max(first, last)
    for n in _NUMBERS[max(first, last + 1 - MOST) : last + 1]:
        at = min(lo.due(n) for lo in dated)
        event = scene.clock.local(at).date().isoformat() if by_day else f"{at:%Y-%m-%dT%H:%MZ}"
        for (lo, hi), accounts in series.items():
            if lo.opening(n) <= lo.due(n) or lo.due(n) >= NEVER:
                moments = (lo.opening(n), hi.opening(n), lo.due(n), hi.due(n), lo.due(n + 1))
                yield rule.head.id, accounts, event, *(None if m >= NEVER else m for m in moments)


def _begins(scene: Scene, rule: RecurringDuty, lives: Lives) -> datetime | None:
    """The first moment at which the rule may bind anybody; None where nothing says."""
    known = [s.since.lo for _, s in lives.stretches if s.since.lo not in (EVER, NEVER)]
    begins = min(known, default=None)
    if begins is None and lives.stretches and all(s.since.lo == NEVER for _, s in lives.stretches):
        begins = scene.as_of  # nobody is ever bound: the next due day says so
    starts = rule.head.starts
    if starts and isinstance(starts.of, date):
        begins = max(begins or EVER, _naive(scene.clock.start_of(starts.of)))
    return begins


def _first_told(db: duckdb.DuckDBPyConnection, scene: Scene, rule: RecurringDuty) -> datetime | None:
    """The first time at which anybody says that such an act happened, or did not."""
    kind = scene.kinds[rule.act.kind]
    if not scene.shape(kind.name).is_present:
        return None
    lo, hi = (name(rule.act.counts_at + end) for end in ("_lo", "_hi"))
    told = f"says <> 'withdraws' AND published <= {moment(scene.known_on)}"
    (at,) = db.execute(f"SELECT min(coalesce({lo}, {hi})) FROM {name(kind.table)} WHERE {told}").fetchone() or (None,)
    return at if isinstance(at, datetime) else None


def calendar(scene: Scene, each: EachPeriod) -> Series:
    """The due times of calendar periods; the number counts periods, or named days, since the first year."""

    def due(n: int) -> datetime:
        try:
            ends = _named_day(each.by, n) if each.by else _last_day(each.period, n)
            if each.grace and not each.grace.is_calendar:
                return _naive(scene.clock.end_of(ends)) + _elapsed(each.grace)
            return _naive(scene.clock.end_of(plus(ends, each.grace) if each.grace else ends))
        except (OverflowError, ValueError):
            return NEVER

    return Series(due)


def _named_day(days: tuple[MonthDay, ...], n: int) -> date:
    year, which = divmod(n, len(days))
    day = days[which]
    is_short = (day.month, day.day) == (2, 29) and not isleap(year + 1)
    return date(year + 1, day.month, 28 if is_short else day.day)


def _last_day(period: str, n: int) -> date:
    if period == "week":
        return date.fromordinal(7 * (n + 1))
    months = {"year": 12, "quarter": 3, "month": 1}[period]
    year, month = divmod((n + 1) * months, 12)
    return date(year + 1, month + 1, 1) - timedelta(days=1)


def _intervals(scene: Scene, every: EveryInterval, lives: Lives, begun: Mapping[Between, int] | None) -> dict[tuple[Series, Series], int]:
    """The series from the earliest and the latest that the anchor may be, with the accounts that hold it so."""
    anchors: dict[Between, int] = defaultdict(int)
    if isinstance(every.anchor.of, Moment):
        first, last = (_naive(t) for t in (scene.clock.start_of(every.anchor.of.day), scene.clock.end_of(every.anchor.of.day)))
        anchors[Between(first, first if every.every.is_calendar else last)] = scene.seating.every
    elif begun is not None:
        anchors.update(begun)
    else:
        for (_, stretch), accounts in lives.stretches.items():
            anchors[stretch.entry] |= accounts
    return {(interval(scene, every.every, at.lo), interval(scene, every.every, at.hi)): accounts for at, accounts in anchors.items()}


def interval(scene: Scene, every: Duration, anchor: datetime) -> Series:
    """The due times counted from the anchor: the end of a local day, or so many hours later; of an unknown one, never."""
    if anchor in (EVER, NEVER):
        return Series(lambda _: NEVER, NEVER)
    day = scene.clock.local(anchor).date()

    def due(n: int) -> datetime:
        try:
            if not every.is_calendar:
                return anchor + n * _elapsed(every)
            return _naive(scene.clock.end_of(plus(day, Duration(n * every.amount, every.unit))))
        except (OverflowError, ValueError):
            return NEVER

    return Series(due, _naive(scene.clock.start_of(day)) if every.is_calendar else anchor)


def _elapsed(duration: Duration) -> timedelta:
    return timedelta(**{duration.unit: duration.amount})


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
