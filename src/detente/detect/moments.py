"""Milliseconds since 1970 as moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(milliseconds: float) -> datetime:
    """The moment, in UTC, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=round(float(milliseconds)))
