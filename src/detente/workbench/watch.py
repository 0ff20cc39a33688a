"""A watch: positions come in, and what they show of the craft that rules name is told, with the verdicts that it changes.

At any moment the findings are those that a recording of all fixes so far would give (`tracks`); what nothing can change any more is kept
as a finding and not as fixes. Fixes later than the window are counted and not used, so that what is final stays so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from detente.detect.near import SLAB_MS
from detente.detect.running_separation import RunningSeparation
from detente.detect.running_stays import RunningStays, order
from detente.detect.sound import RunningSound
from detente.judge import Question
from detente.model.alert import Alert, VerdictAlert
from detente.model.approach import Approach
from detente.model.positions import CRAFT, POSITION_COLUMNS, TIME
from detente.model.problem import Problem
from detente.model.recording import Recording
from detente.model.track_finding import Stay
from detente.model.verdict import Verdicts
from detente.report.words import without_verdict
from detente.workbench.open import NotAskable, Workbench
from detente.workbench.sightings import TRANSIT, Closer, Telling, all_vessels, nearness
from detente.workbench.sights import Ledger, Sight, limits_of, of_approach, of_stay, unique
from detente.workbench.tracks import shrunk, zones_of

if TYPE_CHECKING:
    from detente.evidence.record import Row

MOST_A_SLAB = 1500
"""Fixes of one craft in five minutes that are used: five a second, more than any transponder gives."""


@dataclass(frozen=True, slots=True)
class RuleStands:
    """What is compared to tell whether a rule's verdict has changed."""

    outcome: str
    ground: str | None
    votes: Mapping[str, str]
    counts: Mapping[str, int]


class Watch:
    """The case beside a feed of one source. `take` what comes, `turn` to hear what is new, `finish` at the end of a recording."""

    def __init__(
        self, bench: Workbench, recording: Recording, window_s: float, question: Question, clock: Callable[[], int] | None = None
    ) -> None:
        """`recording` says whose word the feed is and how exact; `clock` gives the present, ms since 1970, for a live feed.

        Raises:
            NotAskable: no rule names a craft or place that the evidence describes, or the verdicts cannot be asked for.
        """
        agreement, record = bench.agreement, bench.record
        self.bench = bench
        self.recording = recording
        self.question = question
        self.window_ms = round(1000 * window_s)
        self.clock = clock
        self.craft = {v.broadcast: v for v in all_vessels(agreement, record)}
        self.nears = nearness(agreement, record, [recording])
        self.limits = [limits_of(agreement, near) for near in self.nears]
        zones = zones_of(agreement, bench.places) if TRANSIT in agreement.kinds else []
        self.zones = tuple(zone.name for zone in zones)
        if not self.craft or not (zones or self.nears):
            raise NotAskable([_nothing()])
        self.sound = RunningSound(self.craft)
        self.separations = [RunningSeparation(near.measure, near.classes) for near in self.nears]
        self.closer = [[[RunningSeparation(m, near.classes) for m in measures] for measures in near.closer] for near in self.nears]
        sets = [zones, [shrunk(zone, recording.accuracy_m) for zone in zones]] if recording.accuracy_m > 0 else [zones]
        self.stays = RunningStays(self.craft, sets) if zones else None
        self.ledger = Ledger()
        self.heard = 0
        """Positions that have come, of whatever craft."""
        self.newest_ms = 0
        self.told = 0
        """Alerts so far; the number of the last."""
        self.left_out: Counter[str] = Counter()
        """Fixes that were not used, by why."""
        self.late_ms = 0
        """By how much the latest of the late fixes was late."""
        self.settled_told = [0] * len(self.separations)
        self.stays_told = 0
        self.slabs: dict[tuple[str, int], int] = {}
        self._closer: list[Closer] = [[] for _ in self.nears]
        self._is_new = False
        self._wanted = pa.array(sorted(self.craft), pa.string())
        self.owes_verdicts = False
        """Whether something has been told whose verdicts have not."""
        self._rows: Sequence[Row] | None = None
        self._judge = ThreadPoolExecutor(1)
        self._judging: Future[Verdicts] | None = None
        self.stands = _stands(self._judged(()))

    def warm(self) -> None:
        """Have the detectors compiled before the first fix comes: that can take longer than an alert may."""
        names = sorted(self.craft)
        if not names:
            return
        times = pa.array([0, 60_000, 120_000] * len(names), pa.int64()).cast(pa.timestamp("ms", "UTC"))
        lon = pa.array([0.0, 0.001, 0.002] * len(names))
        none = pa.nulls(len(lon), pa.float32())
        craft = pa.array([name for name in names for _ in range(3)])
        fixes = pa.table([craft, times, lon, lon, none, none, none], names=list(POSITION_COLUMNS))
        for near in self.nears:
            trial = RunningSeparation(near.measure, near.classes)
            trial.kept.add(fixes)
            trial.open_approaches()
        if self.stays is not None:
            stays = RunningStays(self.craft, self.stays.zone_sets)
            stays.kept.add(fixes)
            stays.open_stays()

    # ---- what comes -------------------------------------------------------------------

    def take(self, positions: pa.Table) -> None:
        """Take what has come, in its order."""
        self.heard += positions.num_rows
        times = np.asarray(positions.column(TIME).cast(pa.timestamp("ms", "UTC")).cast(pa.int64()).combine_chunks())
        used = np.ones(len(times), dtype=bool)
        if self.clock is not None:
            used = times <= self.clock() + self.window_ms
        clean = np.where(used, times, 0)
        newest = np.maximum.accumulate(np.concatenate(([self.newest_ms], clean)))
        late = used & (times < newest[:-1] - self.window_ms)
        self.newest_ms = int(newest[-1])
        named = np.asarray(pc.is_in(positions.column(CRAFT), self._wanted).combine_chunks())
        if (~used & named).any():
            self.left_out["future-fix"] += int((~used & named).sum())
        if (late & named).any():
            self.left_out["late-fix"] += int((late & named).sum())
            self.late_ms = max(self.late_ms, int((newest[:-1] - times)[late & named].max()))
        keep = used & ~late & named
        if not keep.any():
            return
        kept = self._thinned(positions.filter(pa.array(keep)))
        self._is_new = True
        if self.nears:
            self.sound.kept.add(kept)
        if self.stays:
            self.stays.kept.add(kept)

    def _thinned(self, positions: pa.Table) -> pa.Table:
        """Without what a craft reports beyond `MOST_A_SLAB`."""
        slabs = np.asarray(positions.column(TIME).cast(pa.timestamp("ms", "UTC")).cast(pa.int64()).combine_chunks()) // SLAB_MS
        over = np.zeros(len(slabs), dtype=bool)
        for n, key in enumerate(zip(positions.column(CRAFT).to_pylist(), slabs.tolist(), strict=True)):
            count = self.slabs[key] = self.slabs.get(key, 0) + 1
            over[n] = count > MOST_A_SLAB
        oldest = (self.newest_ms - self.window_ms) // SLAB_MS
        for key in [key for key in self.slabs if key[1] < oldest]:
            del self.slabs[key]
        if not over.any():
            return positions
        self.left_out["crowded-fix"] += int(over.sum())
        return positions.filter(pa.array(~over))

    def all_separations(self) -> list[RunningSeparation]:
        """Those of the rules, and those of what is closer within them."""
        return [*self.separations, *(r for rules in self.closer for some in rules for r in some)]

    # ---- what is new ------------------------------------------------------------------

    def turn(self) -> Iterator[Alert]:
        """What is new since the last turn: findings first, and, once they have been taken, verdicts that changed with them."""
        if self._is_new:
            self._is_new = False
            yield from self._tell(is_end=False)
        elif self._judging is not None:
            yield from self._judged_meanwhile()

    def finish(self) -> Iterator[Alert]:
        """What is new where no more will come: everything is final."""
        return self._tell(is_end=True)

    def take_up(self) -> None:
        """Look again at the next turn, even if nothing comes."""
        self._is_new = True

    @property
    def newest(self) -> datetime | None:
        """The time of the newest fix."""
        return datetime.fromtimestamp(self.newest_ms / 1000, UTC) if self.newest_ms else None

    @property
    def open_findings(self) -> int:
        """Findings that have been told and are not final."""
        return sum(1 for entry in self.ledger.entries if entry.told.standing == "provisional")

    def problems(self) -> list[Problem]:
        """Which fixes were not used, and why."""
        found = []
        if count := self.left_out["late-fix"]:
            text = f"{count:,} {_fixes(count)} came later than the window of {self.window_ms / 1000:g} s, the latest by {self.late_ms / 1000:,.0f} s, and {_were(count)} not used"
            found.append(Problem("late-fix", text, help="give a longer --window, or judge a recording of all fixes", severity="warning"))
        if count := self.left_out["future-fix"]:
            text = f"{count:,} {_fixes(count)} named a time that had not come, and {_were(count)} not used"
            found.append(Problem("future-fix", text, help="set the clock of the receiver or of this machine", severity="warning"))
        if count := self.left_out["crowded-fix"]:
            text = f"{count:,} {_fixes(count)} beyond {MOST_A_SLAB:,} of one craft in five minutes {_were(count)} not used"
            found.append(Problem("crowded-fix", text, severity="warning"))
        return found

    def _tell(self, *, is_end: bool) -> Iterator[Alert]:
        watermark = self.newest_ms - self.window_ms
        if self.stays:
            self.stays.settle(watermark)
        new, until = self.sound.settle(watermark)
        for running in self.all_separations():
            if new is not None:
                running.kept.add(new)
            running.settle(until)
        newer = self.sound.open()
        open_approaches = [s.open_approaches(newer) for s in self.separations]
        self._closer = [[[[*r.settled, *r.open_approaches(newer)] for r in some] for some in rules] for rules in self.closer]
        open_stays = self.stays.open_stays() if self.stays else []
        sights = list(unique(self._sights(open_approaches, open_stays, watermark, is_end=is_end)))
        findings, known = self.ledger.compare(sights, self.newest)
        self.settled_told = [len(s.settled) for s in self.separations]
        self.stays_told = len(self.stays.settled[0]) if self.stays else 0
        for finding in findings:
            yield self._numbered(finding)
        if findings or self.owes_verdicts:
            self.owes_verdicts = True
            self._rows = self.rows(known, open_stays)
        if self.clock is None or is_end:
            yield from self.last_verdicts()
        else:
            yield from self._judged_meanwhile()

    def _sights(
        self, open_approaches: Sequence[Sequence[Approach]], open_stays: Sequence[Sequence[Stay]], watermark: int, *, is_end: bool
    ) -> Iterator[Sight]:
        source = self.recording.source
        for n, (near, running) in enumerate(zip(self.nears, self.separations, strict=True)):
            new = running.settled[self.settled_told[n] :]
            for some, is_settled in ((new, True), (open_approaches[n], False)):
                for a in some:
                    sight = of_approach(
                        a, self._closer[n], near, self.limits[n], n, is_over=is_settled or is_end, is_settled=is_settled, source=source
                    )  # fmt: skip
                    if sight is not None:
                        yield sight
        if self.stays is None:
            return
        surely = [*self.stays.settled[-1], *open_stays[-1]]
        gap_ms = 1000 * self.stays.measure.gap_s
        new_stays = self.stays.settled[0][self.stays_told :]
        for some_stays, is_settled in ((new_stays, True), (open_stays[0], False)):
            for stay in some_stays:
                is_over = is_settled or is_end or stay.end.timestamp() * 1000 + gap_ms <= watermark
                is_sure = any(s.zone == stay.zone and s.craft == stay.craft and s.start <= stay.end and stay.start <= s.end for s in surely)
                vessel = self.craft[stay.craft]
                yield of_stay(stay, vessel, is_sure=is_sure, is_over=is_over, is_settled=is_settled, source=source)

    def rows(self, known: Sequence[Sight], open_stays: Sequence[Sequence[Stay]]) -> list[Row]:
        """Rows of evidence of all that stands or has been told, as a recording would give them."""
        telling = Telling(self.bench.agreement.kinds)
        rows: list[Row] = []
        told = [s.what for s in known if not s.is_settled]
        for n, (near, running) in enumerate(zip(self.nears, self.separations, strict=True)):
            mine = {id(s.what) for s in known if s.key[1] == str(n)}
            found = [*running.settled, *(a for a in told if isinstance(a, Approach) and id(a) in mine)]
            rows += telling.approaches(sorted(found, key=lambda a: (a.first, a.second, a.start)), self._closer[n], near, [self.recording])
        if self.stays is not None:
            stays = sorted([*self.stays.settled[0], *(s for s in told if isinstance(s, Stay))], key=order)
            surely = [*self.stays.settled[-1], *open_stays[-1]]
            rows += telling.stays(stays, surely, self.craft, [self.recording])
        return rows

    # ---- verdicts ---------------------------------------------------------------------

    def _judged(self, rows: Sequence[Row]) -> Verdicts:
        bench = self.bench.with_more(rows)
        try:
            return bench.check(self.question)
        finally:
            bench.record.database.close()

    def last_verdicts(self) -> Iterator[Alert]:
        """Verdicts that changed with what has been told and not yet judged; waits for them."""
        if self._judging is not None:
            yield from self._changed(self._judging.result())
            self._judging = None
        if self._rows is not None:
            rows, self._rows = self._rows, None
            yield from self._changed(self._judged(rows))
        self.owes_verdicts = False

    def _judged_meanwhile(self) -> Iterator[Alert]:
        """Verdicts that changed, where they have been judged; a judge at work delays no finding, and takes up the newest rows next."""
        if self._judging is not None and self._judging.done():
            yield from self._changed(self._judging.result())
            self._judging = None
            self.owes_verdicts = self._rows is not None
        if self._judging is None and self._rows is not None:
            rows, self._rows = self._rows, None
            self._judging = self._judge.submit(self._judged, rows)

    def _changed(self, verdicts: Verdicts) -> Iterator[Alert]:
        now = _stands(verdicts)
        for article in verdicts.articles:
            for rule in article.rules:
                before, after = self.stands.get(rule.rule), now[rule.rule]
                if before != after:
                    yield self._numbered(
                        VerdictAlert(
                            number=0,
                            article=article.article,
                            rule=rule.rule,
                            title=rule.title or article.heading,
                            was=before.outcome if before else "untested",
                            now=after.outcome,
                            ground=after.ground,
                            votes=after.votes,
                            counts=after.counts,
                            as_of=verdicts.as_of,
                            newest=self.newest,
                        )
                    )
        self.stands = now

    def _numbered(self, alert: Alert) -> Alert:
        self.told += 1
        return replace(alert, number=self.told)


def _stands(verdicts: Verdicts) -> dict[str, RuleStands]:
    return {
        rule.rule: RuleStands(
            rule.outcome.value if rule.outcome else without_verdict(rule.statuses).value,
            rule.ground.value if rule.ground else None,
            {name: vote.value for name, vote in rule.votes.items()},
            {outcome.value: n for outcome, n in rule.counts.items() if n},
        )
        for article in verdicts.articles
        for rule in article.rules
    }


def _fixes(count: int) -> str:
    return "fix" if count == 1 else "fixes"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _nothing() -> Problem:
    return Problem(
        "nothing-to-watch",
        "no rule asks how near craft come to each other, or where they are, of craft whose numbers the evidence tells",
        help="describe the craft in the evidence with the number that they broadcast (mmsi, icao24); places must be drawn",
    )
