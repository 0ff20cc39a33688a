"""Alerts of a watch: a line for people, a JSON object a line for programs. Schema: docs/reference/alerts.schema.json."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from detente.model.alert import Alert, FindingAlert, Standing, VerdictAlert
from detente.model.approach import Bounds
from detente.model.problem import visible
from detente.report.words import joined, possessive

SCHEMA = "detente-alerts/1"


def alert_json(alert: Alert) -> str:
    """One line, without its end."""
    body = _finding(alert) if isinstance(alert, FindingAlert) else _verdict(alert)
    return json.dumps({"schema": SCHEMA, "number": alert.number, **body, "newest": _iso(alert.newest)}, ensure_ascii=True)


def alert_text(alert: Alert, width: int = 100) -> str:
    """One line for people; what does not fit the width goes on below, indented."""
    if isinstance(alert, FindingAlert):
        head = f"{_clock(alert.start)}  {alert.id:<6} {alert.standing.value:<11}  "
        said = finding_words(alert)
    else:
        head = f"{_clock(alert.as_of)}  rule {alert.rule}  verdict  "
        said = verdict_words(alert)
    return textwrap.fill(visible(head + said), max(40, width), subsequent_indent=" " * 21, break_on_hyphens=False, break_long_words=False)


def finding_words(alert: FindingAlert) -> str:
    """What was found: geometry and clocks, and no word on what was owed."""
    craft = [f"{name} of {party}" if party else name for name, party in zip(alert.craft, alert.parties, strict=True)]
    if alert.standing is Standing.WITHDRAWN:
        return f"later fixes do not show this of {joined(craft)} any more"
    open_end = " so far" if alert.standing is Standing.PROVISIONAL else ""
    if alert.zone is not None:
        was = "was in" if alert.is_certain else "may have been in"
        return f"{joined(craft)} {was} {alert.zone} until {_clock(alert.end)}{open_end}"
    came = "came" if alert.is_certain else "may have come" if _may_be_within(alert) else "did not come"
    within = f" within {alert.within_m:,.0f} m" if alert.within_m is not None else " near"
    apart = f": {_metres(alert.distance_m)} apart" if alert.distance_m is not None else ""
    if alert.vertical_m is not None and alert.vertical_m.most != 0:
        apart += f", {_metres(alert.vertical_m)} in height"
    at = f" at {_clock(alert.closest_at)}" if alert.closest_at else ""
    return f"{joined(craft)} {came}{within}{apart}{at}{open_end}"


def verdict_words(alert: VerdictAlert) -> str:
    """From what to what, on what ground, and what each account says."""
    by_vote: dict[str, list[str]] = {}
    for account, vote in alert.votes.items():
        by_vote.setdefault(vote, []).append(account)
    said = "; ".join(f"{vote} by {joined(possessive(name) for name in names)} account" for vote, names in by_vote.items())
    ground = f" ({alert.ground})" if alert.ground else ""
    counts = joined(f"{n:,} {outcome}" for outcome, n in alert.counts.items())
    change = alert.now if alert.was == alert.now else f"{alert.was} -> {alert.now}"
    return f"{change}{ground}: {said}" + (f"; instances: {counts}" if counts else "")


def _may_be_within(alert: FindingAlert) -> bool:
    return alert.within_m is None or alert.distance_m is None or alert.distance_m.least < alert.within_m


def _finding(alert: FindingAlert) -> Mapping[str, Any]:
    craft = [{"id": name, "party": party or None} for name, party in zip(alert.craft, alert.parties, strict=True)]
    return {
        "alert": "finding",
        "id": alert.id,
        "standing": alert.standing.value,
        "kind": alert.kind,
        "craft": craft,
        "zone": alert.zone,
        "start": _iso(alert.start),
        "end": _iso(alert.end),
        "certain": alert.is_certain,
        "within_m": alert.within_m,
        "distance_m": list(alert.distance_m) if alert.distance_m is not None else None,
        "vertical_m": list(alert.vertical_m) if alert.vertical_m is not None else None,
        "closest_at": _iso(alert.closest_at),
        "source": alert.source,
    }


def _verdict(alert: VerdictAlert) -> Mapping[str, Any]:
    return {
        "alert": "verdict",
        "article": alert.article,
        "rule": alert.rule,
        "title": alert.title,
        "was": alert.was,
        "now": alert.now,
        "ground": alert.ground,
        "votes": dict(alert.votes),
        "counts": dict(alert.counts),
        "as_of": _iso(alert.as_of),
    }


def _metres(bounds: Bounds) -> str:
    if bounds.most is None:
        return f"at least {bounds.least:,.0f} m"
    return f"{bounds.least:,.0f} to {bounds.most:,.0f} m"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
