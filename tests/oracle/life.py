"""When the agreement binds whom, in one account. Source: semantics, section 4 (Life) and 6.

Withdrawal, suspension, extension and ratification are closed: what no source of
the account states did not happen in it.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from detente.agreement.clause import Agreement, Group, Head, When
from detente.model.duration import Duration

from .days import first_free, shift_day
from .hold import MAYBE, NO, YES, Held, Telling
from .rows import EARLIEST, LATEST, day_start, local_date

Span = tuple[datetime, datetime]


class Life:
    """The life of the agreement in one account."""

    def __init__(self, agreement: Agreement, telling: Telling, zone: ZoneInfo, *, as_if: bool) -> None:
        self.agreement = agreement
        self.told = telling
        self.zone = zone
        self.as_if = as_if
        self.stated = agreement.life.stated and not as_if

    def _notices(self, kind: str, party: str) -> list[tuple[float, Held]]:
        """The party's notices of that kind that the account speaks of, each with how sure it is."""
        if kind not in self.told.kinds:
            return []
        found = []
        for event in self.told.events(kind):
            held = self.told.hold(kind, event)
            by = held.words["party"]
            sure = min(held.existence, MAYBE if by.word is None else YES if by.word == party else NO)
            if held.mentioned and sure > NO:
                found.append((sure, held))
        return found

    def _when(self, kind: str, held: Held, f: str | None = None) -> Span:
        bounds = held.ranges[f or self.told.kinds[kind].happens or ""]
        return bounds.low, bounds.high  # type: ignore[return-value]

    def _first(self, kind: str, party: str) -> Span:
        """Between when and when the party's first notice came; `LATEST`: perhaps never."""
        notices = [(sure, self._when(kind, held)) for sure, held in self._notices(kind, party)]
        low = min((t[0] for _, t in notices), default=LATEST)
        high = min((t[1] for sure, t in notices if sure == YES), default=LATEST)
        return low, high

    def entry(self) -> Span:
        """When the agreement entered into force."""
        life = self.agreement.life
        if not self.stated or life.entry is None:
            return EARLIEST, EARLIEST
        if life.entry == "never":
            return LATEST, LATEST
        if life.entry in ("all", "majority"):
            firsts = [self._first(life.entry_by, p) for p in self.agreement.parties]
            nth = len(firsts) if life.entry == "all" else len(firsts) // 2 + 1
            return sorted(t[0] for t in firsts)[nth - 1], sorted(t[1] for t in firsts)[nth - 1]
        midnight = day_start(life.entry, self.zone)  # type: ignore[arg-type]
        return midnight, midnight

    def start(self, party: str, head: Head | None = None) -> Span:
        """From when the party is bound, by this rule if one is given."""
        low, high = self.entry()
        if self.stated and self.agreement.life.entry == "majority":
            own = self._first(self.agreement.life.entry_by, party)
            low, high = max(low, own[0]), max(high, own[1])
        if head and head.starts and (since := self._point(head.starts)):
            low, high = max(low, since[0]), max(high, since[1])
        return low, high

    def end(self, party: str, head: Head | None = None) -> Span:
        """From when the party is free again."""
        low, high = LATEST, LATEST
        life = self.agreement.life
        if self.stated and life.expiry is not None:
            low, high = self._expiry()
        if self.stated and life.release is not None:
            notice = self._first("withdrawal", party)
            low = min(low, first_free(notice[0], life.release, self.zone))
            high = min(high, first_free(notice[1], life.release, self.zone))
        if head and head.ends and (until := self._point(head.ends)):
            low, high = min(low, until[0]), min(high, until[1])
        return low, high

    def _expiry(self) -> Span:
        life = self.agreement.life
        if isinstance(life.expiry, Duration):
            low, high = (self._later(t, life.expiry) for t in self.entry())
        else:
            low = high = day_start(life.expiry, self.zone)  # type: ignore[arg-type]
        if life.extension is not None:
            notices = [self._notices("extension", p) for p in self.agreement.parties]
            agreed = min((max((sure for sure, _ in of), default=NO) for of in notices), default=NO)
            longest = [self._later(high, life.extension), *(until[1] for of in notices if (until := self._limit(of)))]
            surest = [self._later(low, life.extension), *(until[0] for of in notices if (until := self._limit(of)))]
            if agreed > NO:
                high = max(high, min(longest))
            if agreed == YES:
                low = max(low, min(surest))
        return low, high

    def _limit(self, notices: list[tuple[float, Held]]) -> Span | None:
        """Until when one party's notices extend the agreement: the day it expires; None where one of them names no end."""
        ends = [held.ranges["until"] for _, held in notices]
        if not ends or not all(end.spoken for end in ends):
            return None
        low, high = min(e.low for e in ends), max(e.high for e in ends)  # type: ignore[type-var]
        return tuple(t if t in (EARLIEST, LATEST) else day_start(local_date(t, self.zone), self.zone) for t in (low, high))  # type: ignore[arg-type,return-value]

    def _later(self, moment: datetime, length: Duration) -> datetime:
        """Midnight at the start of the day so much later."""
        if moment in (EARLIEST, LATEST):
            return moment
        if not length.is_calendar:
            return first_free(moment, length, self.zone)
        return day_start(shift_day(local_date(moment, self.zone), length, 1), self.zone)

    def _point(self, when: When) -> Span | None:
        """An end of the rule's own stretch of time; None where it counts from an entry into force that has no date."""
        if when.of == "entry-into-force" and self.entry() == (EARLIEST, EARLIEST):
            return None
        low, high = self.entry() if when.of == "entry-into-force" else (day_start(when.of, self.zone),) * 2
        if when.after is not None:
            low, high = self._later(low, when.after), self._later(high, when.after)
        return low, high

    def binds(self, party: str, moment: Span, head: Head | None = None) -> float:
        """Whether the party is bound throughout the moment that something happened at."""
        start, end = self.start(party, head), self.end(party, head)
        begun = YES if start[1] <= moment[0] else MAYBE if start[0] <= moment[1] else NO
        over = NO if moment[1] < end[0] or end[0] == LATEST else MAYBE if moment[0] < end[1] or end[1] == LATEST else YES
        if start[0] == LATEST:
            begun = NO
        return min(begun, 1 - over, 1 - self._suspended(party, moment))

    def _suspended(self, party: str, moment: Span) -> float:
        if not (self.stated and self.agreement.life.suspension):
            return NO
        worst = NO
        for sure, held in self._notices("suspension", party):
            from_ = self._when("suspension", held)
            until = held.ranges["end"]
            to = (until.low, until.high) if until.spoken else (LATEST, LATEST)
            inside = MAYBE
            if from_[1] <= moment[0] and moment[1] <= to[0]:  # type: ignore[operator]
                inside = YES
            elif moment[1] < from_[0] or to[1] < moment[0]:  # type: ignore[operator]
                inside = NO
            worst = max(worst, min(sure, inside))
        return worst


def is_member(group: Group, member: str, moment: Span, zone: ZoneInfo) -> float:
    """Whether it belongs to the group throughout that time; membership counts by local day, its end excluded."""
    stretches = sorted(
        (day_start(m.since, zone) if m.since else EARLIEST, day_start(m.until, zone) if m.until else LATEST)
        for m in group.members
        if m.member == member
    )
    joined: list[Span] = []
    for low, high in stretches:
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    if any(low <= moment[0] and (moment[1] < high or high == LATEST) for low, high in joined):
        return YES
    return MAYBE if any(low <= moment[1] and moment[0] < high for low, high in joined) else NO
