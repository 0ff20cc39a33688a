"""A watch put down and taken up again: all that it remembers, as bytes.

The bytes say for which question they were made; they are parsed strictly, and what does not fit is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
import numpy as np
import pyarrow as pa

from detente.detect.part import Part
from detente.detect.walk import WIDTH
from detente.model.approach import Approach
from detente.model.problem import Problem
from detente.model.track_finding import Stay
from detente.workbench.open import NotAskable
from detente.workbench.sights import Entry
from detente.workbench.watch import RuleStands, Watch

_FORM = "detente-watch-state/1"


class _Separation(msgspec.Struct, frozen=True):
    kept: bytes
    settled: list[Approach]
    names: tuple[str, ...]
    records: bytes
    core: int | None


class _Sound(msgspec.Struct, frozen=True):
    kept: bytes
    earlier: dict[str, int]
    given: dict[str, int]


class _Stays(msgspec.Struct, frozen=True):
    kept: bytes
    settled: list[list[Stay]]
    heads: list[list[Stay]]
    cuts: dict[str, int]
    earlier: dict[str, int]
    told: int


class _State(msgspec.Struct, frozen=True):
    form: str
    asked: str
    heard: int
    newest_ms: int
    told: int
    left_out: dict[str, int]
    late_ms: int
    slabs: list[tuple[str, int, int]]
    sound: _Sound
    separations: list[_Separation]
    settled_told: list[int]
    stays: _Stays | None
    entries: list[Entry]
    ids: int
    stands: dict[str, RuleStands]
    output: int
    """Bytes of the output by then."""
    owes_verdicts: bool
    waiting: list[tuple[int, str]]
    """Alerts told and not yet delivered, by number."""


def asked(watch: Watch) -> str:
    """A digest of what the watch looks for: a state fits only the same question."""
    zones = [] if watch.stays is None else [(z.name, z.shape.wkb_hex) for some in watch.stays.zone_sets for z in some]
    text = repr(
        (watch.nears, sorted(watch.craft.items()), zones, watch.recording.source, watch.recording.file, watch.window_ms, watch.question)
    )
    return hashlib.sha256(text.encode()).hexdigest()


def saved(watch: Watch, output: int, waiting: Sequence[tuple[int, str]] = ()) -> bytes:
    """The watch as bytes, with the length of what has been written and what is still to be delivered."""
    s = watch.stays
    state = _State(
        form=_FORM,
        asked=asked(watch),
        heard=watch.heard,
        newest_ms=watch.newest_ms,
        told=watch.told,
        left_out=dict(watch.left_out),
        late_ms=watch.late_ms,
        slabs=[(craft, slab, n) for (craft, slab), n in watch.slabs.items()],
        sound=_Sound(watch.sound.kept.to_bytes(), watch.sound.earlier, watch.sound.given),
        separations=[
            _Separation(r.kept.to_bytes(), r.settled, r.open.names, r.open.records.astype("<f8").tobytes(), r.core)
            for r in watch.all_separations()
        ],
        settled_told=watch.settled_told,
        stays=None
        if s is None
        else _Stays(s.kept.to_bytes(), s.settled, [list(h.values()) for h in s.heads], s.cuts, s.earlier, watch.stays_told),
        entries=watch.ledger.entries,
        ids=watch.ledger.ids,
        stands=dict(watch.stands),
        output=output,
        owes_verdicts=watch.owes_verdicts,
        waiting=list(waiting),
    )
    return msgspec.msgpack.encode(state)


def restore(watch: Watch, data: bytes, name: str) -> tuple[int, list[tuple[int, str]]]:
    """Put a new watch where an earlier one was; the length of the output that it had written, and what was still to be delivered.

    Raises:
        NotAskable: the bytes are no such state (`unusable-state`), or are one of another question (`other-state`).
    """
    try:
        state = msgspec.msgpack.decode(data, type=_State)
        if state.form != _FORM or state.output < 0 or state.heard < 0:
            raise _unusable(name)
        if state.asked != asked(watch):
            text = f"{name} was written for another question: the agreement, the craft, the source or the window has changed since"
            raise NotAskable([Problem("other-state", text, help="begin with a new --state FILE, or ask as before")])
        if (
            len(state.separations) != len(watch.all_separations())
            or len(state.settled_told) != len(watch.separations)
            or (state.stays is None) != (watch.stays is None)
        ):
            raise _unusable(name)
        _put(watch, state)
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError, pa.ArrowException) as error:
        raise _unusable(name) from error
    return state.output, state.waiting


def _put(watch: Watch, state: _State) -> None:
    watch.sound.kept.from_bytes(state.sound.kept)
    watch.sound.earlier, watch.sound.given = state.sound.earlier, state.sound.given
    for running, was in zip(watch.all_separations(), state.separations, strict=True):
        running.kept.from_bytes(was.kept)
        running.settled = was.settled
        records = np.frombuffer(was.records, "<f8").reshape(-1, WIDTH).copy()
        if len(records) and (records[:, :2].min() < 0 or records[:, :2].max() >= len(was.names)):
            raise ValueError("a record names no craft")
        running.open = Part(was.names, records, (), 0, 0)
        running.core = was.core
    watch.settled_told = state.settled_told
    if watch.stays is not None and state.stays is not None:
        sets = len(watch.stays.zone_sets)
        if len(state.stays.settled) != sets or len(state.stays.heads) != sets:
            raise ValueError("another number of zones")
        watch.stays.kept.from_bytes(state.stays.kept)
        watch.stays.settled = state.stays.settled
        watch.stays.heads = [_by_key(some) for some in state.stays.heads]
        watch.stays.cuts = state.stays.cuts
        watch.stays.earlier = state.stays.earlier
        watch.stays_told = state.stays.told
    watch.ledger.entries = state.entries
    watch.ledger.ids = state.ids
    watch.heard, watch.newest_ms, watch.told = state.heard, state.newest_ms, state.told
    watch.left_out.update(state.left_out)
    watch.late_ms = state.late_ms
    watch.slabs = {(craft, slab): n for craft, slab, n in state.slabs}
    watch.stands = state.stands
    watch.owes_verdicts = state.owes_verdicts
    if state.owes_verdicts:
        watch.take_up()


def _by_key(stays: list[Stay]) -> dict[tuple[str, str], Stay]:
    return {(stay.craft, stay.zone): stay for stay in stays}


def _unusable(name: str) -> NotAskable:
    text = f"{name} is no state of a watch, or is damaged"
    return NotAskable([Problem("unusable-state", text, help="begin with a new --state FILE")])
