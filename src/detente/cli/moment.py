"""Moments and assumptions as they stand on the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from detente.cli.streams import refusal
from detente.model.problem import Problem

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def moment(text: str | None, option: str, zone: str) -> datetime | None:
    """A moment in UTC. A date means the end of that day in the agreement's time zone; a clock time needs a zone."""
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), time.max, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise refusal(Problem("impossible-date", f"{option} {text} is no date", expected=("2026-03-01", "2026-03-01T14:00Z"))) from None
    raise refusal(Problem("clock-time-without-zone", f"{option} {text} names no time zone", help=f"write {text}Z for UTC, or a date alone"))


def assumptions(pairs: Sequence[str]) -> Mapping[str, str]:
    """What `--assume NAME=VALUE` says, by name."""
    assumed: dict[str, str] = {}
    for pair in pairs:
        name, is_there, value = pair.partition("=")
        if not (is_there and name.strip() and value.strip()):
            raise refusal(
                Problem("bad-assumption", f"--assume {pair} is not of the form NAME=VALUE", help='for instance --assume "nearby=25 km"')
            )
        if name.strip() in assumed:
            raise refusal(Problem("bad-assumption", f"--assume names {name.strip()} twice"))
        assumed[name.strip()] = value.strip()
    return assumed
