"""SortedFixes that contradict the others of their craft: marked, kept, and left out of every finding.

The fixes of a craft are strung to chains: each goes to the chain from whose last fix
it can be reached at the craft's greatest speed. A sound track is one chain. What that
shows is a fault of the data and of nobody: a wrong clock, a falsified satellite signal, a number used twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.detect.compiled import kernel
from detente.detect.geodesy import Floats, earth_centred
from detente.detect.grid import Ints, Longs, Marks
from detente.detect.moments import moment
from detente.detect.sorted_fixes import SortedFixes
from detente.model.track_finding import DataFault, FaultKind, Spot

SHIP_KN, OTHER_KN = 50.0, 1300.0
"""Greatest speeds: above what all but a few ships reach; above Mach 2 at height. Craft whose name says neither are not taken for ships."""
SLACK_M, SLACK_S = 100.0, 1.0
"""What a position and a whole second may be off."""
FEW = 3
"""A chain of fewer fixes beside a longer one is a jump."""
TWO_LEAST, TWO_LEAST_S = 5, 60.0
"""Two chains at one time are two places only if the shorter has so many fixes, over so long."""
CLUSTER_CRAFT, CLUSTER_DEG, CLUSTER_MS = 3, 0.05, 600_000
"""So many craft that jump to one place at one time were moved by a false signal and not by themselves."""
CLOCK_S, CLOCK_FAST_S, CLOCK_M = 900.0, 180.0, 200.0
"""A fix so near to the craft's own path, at a time so near, has only a wrong clock; what flies is given less time."""
_SAMPLE = 20

_KINDS: tuple[FaultKind, ...] = ("impossible jump", "two places at once", "false cluster", "wrong clock")
JUMP, TWO, CLUSTER, CLOCK = 1, 2, 3, 4


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """SortedFixes with what is wrong: `fault` is 0 where nothing is, `chain` the number of the fix's chain, distinct over all craft."""

    fixes: SortedFixes
    fault: Ints
    chain: Longs

    @property
    def sound(self) -> SortedFixes:
        """The fixes that findings may rest on."""
        return self.fixes.kept(self.fault == 0)

    @property
    def sound_chain(self) -> Longs:
        """The chains of the sound fixes: no path leads from one chain to another."""
        chains: Longs = self.chain[self.fault == 0]
        return chains


def marked(fixes: SortedFixes) -> Marked:
    """Every fix with its chain and its fault."""
    centred = earth_centred(fixes.lon, fixes.lat)
    speed = np.asarray(
        [(SHIP_KN if name.startswith("mmsi:") and not name.startswith("mmsi:111") else OTHER_KN) * 1852 / 3600 for name in fixes.names]
    )
    chain = np.zeros(len(fixes), np.int64)
    count = string(fixes.first, fixes.time, centred, speed, SLACK_M, SLACK_S, chain)
    fault = np.zeros(len(fixes), np.int32)
    moved = np.zeros(len(fixes), dtype=bool)
    sizes = np.bincount(chain, minlength=count)
    chains_of = np.bincount(fixes.craft[np.unique(chain, return_index=True)[1]], minlength=len(fixes.names))
    several = [slice(int(fixes.first[craft]), int(fixes.first[craft + 1])) for craft in np.flatnonzero(chains_of > 1).tolist()]
    for here in several:
        _judge(chain[here], fixes.time[here], sizes, fault[here], moved[here])
    _clocks(fixes, chain, centred, fault)
    for here in several:
        _two_places(chain[here], fixes.time[here], fault[here])
    _clusters(fixes, fault, moved)
    return Marked(fixes, fault, chain)


@kernel
def string(first: Longs, time: Longs, centred: Floats, speed: Floats, slack_m: float, slack_s: float, chain: Longs) -> int:
    """Number the chains; gives how many there are. The chain that was added to last is tried first."""
    number = 0
    last = np.empty(8, np.int64)
    own = np.empty(8, np.int64)
    for c in range(len(first) - 1):
        used = 0
        for i in range(first[c], first[c + 1]):
            best = -1
            for s in range(used):
                j = last[s]
                dx = centred[i, 0] - centred[j, 0]
                dy = centred[i, 1] - centred[j, 1]
                dz = centred[i, 2] - centred[j, 2]
                reach = speed[c] * ((time[i] - time[j]) / 1000.0 + slack_s) + slack_m
                if dx * dx + dy * dy + dz * dz <= reach * reach and (best < 0 or last[s] > last[best]):
                    best = s
            if best < 0:
                if used < 8:
                    best = used
                    used += 1
                else:
                    best = 0
                    for s in range(1, used):
                        if last[s] < last[best]:
                            best = s
                own[best] = number
                number += 1
            chain[i] = own[best]
            last[best] = i
    return number


def _judge(chain: Longs, time: Longs, sizes: Longs, fault: Ints, moved: Marks) -> None:
    """Which chains of one craft to believe: the longest first, and every other that begins after or ends before those believed."""
    numbers = np.unique(chain)
    believed: list[tuple[int, int]] = []
    for number in numbers[np.argsort(-sizes[numbers], kind="stable")].tolist():
        member = chain == number
        start, end = time[member][[0, -1]].tolist()
        if believed and (sizes[number] < FEW or any(a <= end and b >= start for a, b in believed)):
            fault[member] = JUMP
        else:
            believed.append((start, end))
            moved[member] = number != chain[0]


def _two_places(chain: Longs, time: Longs, fault: Ints) -> None:
    """Chains beside those believed that are too long for jumps: one identity in two places, and nobody knows which is the craft's own."""
    for number in np.unique(chain[fault == JUMP]).tolist():
        member = (chain == number) & (fault == JUMP)
        times = time[member]
        if len(times) < TWO_LEAST or times[-1] - times[0] < TWO_LEAST_S * 1000:
            continue
        fault[member] = TWO
        # Of the other chains only what lies near in time to a fix of this one is in doubt.
        at = np.searchsorted(times, time)
        since = np.abs(time - times[np.maximum(at - 1, 0)])
        until = np.abs(times[np.minimum(at, len(times) - 1)] - time)
        fault[(fault == 0) & (np.minimum(since, until) <= CLUSTER_MS)] = TWO


def _clusters(fixes: SortedFixes, fault: Ints, moved: Marks) -> None:
    """Places to which several craft jumped at one time."""
    which = np.flatnonzero((fault > 0) | moved)
    if len(which) == 0:
        return
    cell = np.stack(
        (
            np.floor(fixes.lon[which] / CLUSTER_DEG),
            np.floor(fixes.lat[which] / CLUSTER_DEG),
            fixes.time[which] // CLUSTER_MS,
            fixes.craft[which],
        ),
        axis=1,
    ).astype(np.int64)
    places, of_place = np.unique(cell[:, :3], axis=0, return_inverse=True)
    pairs = np.unique(np.stack((of_place.ravel(), cell[:, 3]), axis=1), axis=0)
    crowded = np.bincount(pairs[:, 0], minlength=len(places)) >= CLUSTER_CRAFT
    fault[which[crowded[of_place.ravel()]]] = CLUSTER


def _clocks(fixes: SortedFixes, chain: Longs, centred: Floats, fault: Ints) -> None:
    """Chains of jumps that lie on the craft's own path, a little earlier or later, and move as it does."""
    jumps = np.flatnonzero(fault == JUMP)
    jumps = jumps[np.argsort(chain[jumps], kind="stable")]
    for member in np.split(jumps, np.flatnonzero(np.diff(chain[jumps])) + 1):
        if len(member) == 0 or (len(member) >= FEW and np.ptp(centred[member], axis=0).max() < CLOCK_M):
            continue  # a place to which many reports are stuck is no matter of clocks
        sample = member[np.unique(np.linspace(0, len(member) - 1, _SAMPLE).astype(np.int64))]
        late = sum(_is_on_path(fixes, centred, fault, i) for i in sample.tolist())
        if late >= 0.8 * len(sample):
            fault[member] = CLOCK


def _is_on_path(fixes: SortedFixes, centred: Floats, fault: Ints, i: int) -> bool:
    """Whether a fix lies within `CLOCK_M` of the path between sound fixes of its craft that are not far off in time."""
    craft = int(fixes.craft[i])
    window = CLOCK_S * 1000 if fixes.names[craft].startswith("mmsi:") else CLOCK_FAST_S * 1000
    a, b = fixes.first[craft], fixes.first[craft + 1]
    low, high = a + np.searchsorted(fixes.time[a:b], [fixes.time[i] - window, fixes.time[i] + window])
    near = np.arange(low, high)
    near = near[fault[near] == 0]
    if len(near) < 2:
        return False
    start, step = centred[near[:-1]], np.diff(centred[near], axis=0)
    along = np.clip(((centred[i] - start) * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-9), 0, 1)
    off = np.linalg.norm(start + along[:, None] * step - centred[i], axis=1)
    return bool((off <= CLOCK_M).any())


def faults_of(marks: Marked) -> tuple[DataFault, ...]:
    """The faults as findings: neighbouring fixes of a craft with one fault are one."""
    fixes, which = marks.fixes, np.flatnonzero(marks.fault)
    if len(which) == 0:
        return ()
    breaks = (
        np.flatnonzero((np.diff(fixes.craft[which]) != 0) | (np.diff(marks.fault[which]) != 0) | (np.diff(fixes.time[which]) > CLUSTER_MS))
        + 1
    )
    found = []
    for run in np.split(which, breaks):
        a, b = int(run[0]), int(run[-1])
        kind = _KINDS[int(marks.fault[a]) - 1]
        spot = Spot(float(fixes.lon[a]), float(fixes.lat[a]))
        found.append(DataFault(fixes.names[fixes.craft[a]], kind, moment(fixes.time[a]), moment(fixes.time[b]), spot, len(run)))
    return tuple(found)


def kinds_of(fault: Ints) -> list[FaultKind | None]:
    """The words for marks; None where nothing is wrong."""
    words: tuple[FaultKind | None, ...] = (None, *_KINDS)
    return [words[mark] for mark in fault.tolist()]
