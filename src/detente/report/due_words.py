"""What is owed, in words: what, when, how it stands, and in whose account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from detente.model.owed import Owed, OwedState
from detente.report.words import joined, possessive

_MOST_NAMED = 3


def what(row: Owed) -> str:
    """What is owed: `notification about exercise "West-26"`; of a date of the agreement, what comes then."""
    if row.act is None:
        return row.kind
    if row.occasion is None:
        return row.act
    link = "about" if row.is_about else "on account of"
    return f'{row.act} {link} {row.occasion_kind} "{row.occasion}"'


def between(row: Owed) -> str:
    """By whom, and to whom: "Arland to Borland"."""
    who = row.bearer or "every Party"
    return f"{who} to {row.recipient}" if row.recipient else who


def stands(row: Owed, as_of: datetime) -> str:
    """How it stands: "overdue", "due", `owed if exercise "West-26" takes place`."""
    if row.state not in (OwedState.OVERDUE_IF, OwedState.DUE_IF):
        return row.state.value
    word = "overdue" if row.state is OwedState.OVERDUE_IF else "owed"
    if row.kind == "consequence" and row.rule:
        return f"{word} if {row.rule.removesuffix('.else')} was breached"
    if row.occasion is None:
        return f"{word} if {row.rule} applies"
    last = row.happens[1]
    if last is not None and last <= as_of:
        return f'{word} if {row.rule} applies to {row.occasion_kind} "{row.occasion}"'
    return f'{word} if {row.occasion_kind} "{row.occasion}" takes place'


def whose(row: Owed) -> str:
    """In whose account: "in all accounts"; "in Borland's account; performed in Arland's account"."""
    parts = ["in all accounts" if row.in_all else f"in {_accounts(row.accounts)}"]
    if row.performed_in:
        parts.append(f"performed in {_accounts(row.performed_in)}")
    if row.no_telling_in:
        parts.append(f"no telling in {_accounts(row.no_telling_in)}")
    return "; ".join(parts)


def _accounts(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{possessive(names[0])} account"
    shown = list(names[:_MOST_NAMED])
    rest = len(names) - len(shown)
    return "the accounts of " + joined([*shown, f"{rest} more"] if rest else shown)


# ---- when -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Days:
    """Due on a day of the agreement's calendar, the whole day in time: between the two, both included."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Moments:
    """Due at a moment: between the two, on the agreement's clock."""

    first: datetime | None
    last: datetime | None


def due_time(row: Owed, zone: str) -> Days | Moments:
    """When it is due, in days where the rule counts in days."""
    info = ZoneInfo(zone)
    lo, hi = (_local(at, info) if at else None for at in row.due)
    if row.state is OwedState.OF_AGREEMENT:
        is_days = all(at is None or at.time() == time.min or _is_end(at) for at in (lo, hi))
    else:
        is_days = (hi is None or _is_end(hi)) and (lo is None or _is_end(lo) or (lo.time() == time.min and hi is not None))
    if is_days:
        return Days(lo.date() if lo else None, hi.date() if hi else None)
    return Moments(lo, hi)


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    known = at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        return known.astimezone(zone)
    except OverflowError:  # at either end of the years that dates can name
        return known


def _is_end(at: datetime) -> bool:
    return at.time() >= time(23, 59, 59)


def when(row: Owed, zone: str) -> str:
    """The due time in words; a span stays a span: "2026-01-09 to 2026-01-14"."""
    found = due_time(row, zone)
    first, last = (_written(at, zone) if at is not None else None for at in (found.first, found.last))
    before = "before " if row.is_strict else ""
    if first is None and last is None:
        return "no date known"
    if first is None:
        return f"{before}{last}, or earlier"
    if last is None:
        return f"{before}{first}, or later"
    return before + (first if first == last else f"{first} to {last}")


def _written(at: date | datetime, zone: str) -> str:
    if not isinstance(at, datetime):
        return at.isoformat()
    clock = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    return f"{at:%Y-%m-%d} {clock} {zone}"
