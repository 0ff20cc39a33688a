"""Writing SQL: names, literals, moments. Every word from outside is quoted here."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from detente.model.duration import Duration


def name(identifier: str) -> str:
    """A quoted identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """A quoted string literal."""
    return "'" + value.replace("'", "''") + "'"


def moment(value: datetime | None) -> str:
    """A TIMESTAMP literal in UTC, or NULL without a type of its own."""
    return "NULL::TIMESTAMP" if value is None else f"TIMESTAMP '{value.replace(tzinfo=None).isoformat(sep=' ')}'"


def any_of(conditions: list[str]) -> str:
    """A disjunction; false if empty."""
    return "(" + " OR ".join(conditions) + ")" if conditions else "false"


def all_of(conditions: list[str]) -> str:
    """A conjunction; true if empty."""
    return "(" + " AND ".join(conditions) + ")" if conditions else "true"


def interval(duration: Duration) -> str:
    """An INTERVAL literal."""
    return f"INTERVAL {duration.amount} {duration.unit[:-1]}"


class Clock:
    """Calendar arithmetic in the agreement's time zone. Source: semantics, section 6."""

    def __init__(self, time_zone: str) -> None:
        self._zone = None if time_zone.upper() == "UTC" else text(time_zone)
        self._info = ZoneInfo(time_zone)

    def local(self, moment_utc: datetime) -> datetime:
        """A moment (naive ones are UTC) in the agreement's time zone."""
        return (moment_utc if moment_utc.tzinfo else moment_utc.replace(tzinfo=ZoneInfo("UTC"))).astimezone(self._info)

    def start_of(self, day: date) -> datetime:
        """The first moment of a local day, in UTC."""
        return datetime.combine(day, time(), self._info).astimezone(ZoneInfo("UTC"))

    def end_of(self, day: date) -> datetime:
        """The last moment of a local day, in UTC."""
        return self.start_of(day + timedelta(days=1)) - timedelta(microseconds=1)

    def span_of(self, day: date) -> tuple[str, str]:
        """The first and last moment of a local day, as literals."""
        return moment(self.start_of(day)), moment(self.end_of(day))

    def day(self, moment_sql: str) -> str:
        """The local date of a moment, as a TIMESTAMP at local midnight."""
        return f"date_trunc('day', {self._local(moment_sql)})"

    def after(self, moment_sql: str, duration: Duration) -> str:
        """The last moment that is `duration` after: the end of that local day, or the elapsed time itself."""
        return self._shifted(moment_sql, duration, "+")

    def before(self, moment_sql: str, duration: Duration) -> str:
        """The last moment that is still `duration` before."""
        return self._shifted(moment_sql, duration, "-")

    def later(self, moment_sql: str, duration: Duration) -> str:
        """The start of the local day that much later; of hours, the moment itself."""
        if not duration.is_calendar:
            return f"({moment_sql} + {interval(duration)})"
        return self._universal(f"{self.day(moment_sql)} + {interval(duration)}")

    def _shifted(self, moment_sql: str, duration: Duration, sign: str) -> str:
        if not duration.is_calendar:
            return f"({moment_sql} {sign} {interval(duration)})"
        if duration.unit == "days":
            days = (duration.amount if sign == "+" else -duration.amount) + 1
            midnight = f"{self.day(moment_sql)} {'-' if days < 0 else '+'} INTERVAL {abs(days)} day"
        else:
            midnight = f"{self.day(moment_sql)} {sign} {interval(duration)} + INTERVAL 1 day"
        return f"({self._universal(midnight)} - INTERVAL 1 microsecond)"

    def _local(self, moment_sql: str) -> str:
        if self._zone is None:
            return moment_sql
        return f"timezone({self._zone}, timezone('UTC', {moment_sql}))"

    def _universal(self, local_sql: str) -> str:
        if self._zone is None:
            return f"({local_sql})"
        return f"timezone('UTC', timezone({self._zone}, {local_sql}))"
