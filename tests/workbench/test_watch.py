"""A watch over a feed finds what is found in its recording, tells it as it comes, and is taken up again where it stopped."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from detente.model.alert import Alert, FindingAlert, Standing, VerdictAlert
from detente.model.recording import Recording
from detente.reading.feed import FileFeed
from detente.workbench import NotAskable, Question, Workbench, open_case
from detente.workbench.tracks import shown_by_tracks
from detente.workbench.watch import Watch
from detente.workbench.watch_state import restore, saved
from workbench.test_tracks import AGREEMENT, HERON, INSIDE, NEAR, NOON, SHIPS, SOURCES, STRANGER, STRIP, Fix, case, way

FAR = way(900000003, (20.40, 54.512), (20.00, 54.512))


def table(fixes: Sequence[Fix], file: Path) -> Path:
    """The fixes as they arrive, as a file."""
    rows = [f"{c},{(NOON + timedelta(minutes=m)).strftime('%Y-%m-%dT%H:%M:%SZ')},{x:.6f},{y:.6f}" for c, m, x, y in fixes]
    file.write_text("\n".join(["craft,time,lon,lat", *rows]) + "\n")
    return file


def bare(folder: Path) -> Workbench:
    """The case without any recording."""
    (folder / "evidence").mkdir(parents=True)
    (folder / "agreement.md").write_text(AGREEMENT)
    (folder / "places.geojson").write_text(STRIP)
    (folder / "evidence" / "sources.csv").write_text(SOURCES)
    (folder / "evidence" / "warship.csv").write_text(SHIPS)
    return open_case(folder)


def watch_of(bench: Workbench, file: Path, *, window_s: float = 30, accuracy: float = 20) -> Watch:
    return Watch(bench, Recording("radar", "tracks/may.csv", file, None, accuracy, 1.0), window_s, Question())


def pieces(file: Path, rows: int) -> Iterator[pa.Table]:
    feed = FileFeed(file)
    feed.start()
    while not feed.is_over:
        for positions in feed.take(1.0):
            for at in range(0, positions.num_rows, rows):
                yield positions.slice(at, rows)
    assert feed.problem is None


def by_time(*ways: Sequence[Fix]) -> list[Fix]:
    return sorted((f for some in ways for f in some), key=lambda f: (f[1], f[0]))


def run(watch: Watch, file: Path, rows: int = 40) -> list[Alert]:
    alerts: list[Alert] = []
    for piece in pieces(file, rows):
        watch.take(piece)
        alerts += watch.turn()
    return [*alerts, *watch.finish()]


def final(alerts: Sequence[Alert]) -> dict[str, FindingAlert]:
    found: dict[str, FindingAlert] = {}
    for alert in alerts:
        if isinstance(alert, FindingAlert):
            found[alert.id] = alert
    return {name: a for name, a in found.items() if a.standing is not Standing.WITHDRAWN}


def day(*, false: bool = True) -> list[Fix]:
    """Two Parties' ships to and fro for five hours: meetings, stays in the strip, silences; one jump, and half an hour elsewhere."""
    dice = random.Random(3)
    found: list[Fix] = []
    for hour in range(5):
        for craft, shift in ((900000001, 0.0), (900000002, 0.004 * (hour % 4)), (900000003, 0.03)):
            start, end = ((20.00, 54.98 + shift), (20.30, 55.02 + shift))[:: 1 if (hour + craft) % 2 else -1]
            some = way(craft, start, end)
            found += [(c, m + 60 * hour, x, y) for c, m, x, y in some if m < 60 and not (hour == 3 and 20 < m < 45)]
    jump = dice.randrange(len(found))
    craft, minute, lon, lat = found[jump]
    if false:
        found[jump] = (craft, minute, lon + 5, lat)
        elsewhere = way(900000002, (20.16, 55.0), (20.10, 55.0), 30)
        found += [(c, m + 135, x + 0.7, y - 0.2) for c, m, x, y in elsewhere]
    return by_time(found)


@pytest.mark.parametrize(("rows", "false"), [(400, False), (50_000, True)])
def test_final_findings_are_the_rows_of_the_recording(tmp_path: Path, rows: int, *, false: bool) -> None:
    file = table(day(false=false), tmp_path / "may.csv")
    batch = case(tmp_path / "batch", {"may.csv": file.read_text()}, "radar,tracks/may.csv,20,1\n")
    expected = [row for row, _ in shown_by_tracks(batch.agreement, batch.record, batch.places)[0]]
    watch = watch_of(bare(tmp_path / "watch"), file)
    written: list[list[dict[str, str]]] = []
    told = watch.rows

    def noted(*args: object) -> object:
        found = told(*args)  # type: ignore[arg-type]
        written.append([dict(row) for row, _ in found])
        return found

    watch.rows = noted  # type: ignore[assignment, method-assign]
    alerts = run(watch, file, rows)
    assert written[-1] == expected
    assert len(final(alerts)) == len(expected) > 5
    verdicts = {rule.rule: rule.outcome for a in batch.check(Question()).articles for rule in a.rules}
    assert {rule: stands.outcome for rule, stands in watch.stands.items()} == {rule: o.value for rule, o in verdicts.items() if o}
    if not false:
        assert watch.separations[0].settled
        assert watch.separations[0].kept.whole.num_rows < len(day(false=False)) / 2


def test_an_approach_is_told_before_it_is_over_and_the_verdict_with_it(tmp_path: Path) -> None:
    file = table(by_time(HERON, NEAR, FAR, STRANGER), tmp_path / "may.csv")
    watch = watch_of(bare(tmp_path / "watch"), file)
    alerts: list[Alert] = []
    for piece in pieces(file, 24):
        watch.take(piece)
        new = list(watch.turn())
        told = [a for a in new if isinstance(a, FindingAlert) and a.craft == ("Heron", "Otter")]
        if told and told[0].standing is Standing.PROVISIONAL:
            assert told[0].is_certain
            assert told[0].distance_m
            assert (told[0].distance_m.most or 9999) < 1000
            assert watch.newest
            assert watch.newest < NOON + timedelta(minutes=40), "long before the tracks end"
            (verdict,) = [a for a in new if isinstance(a, VerdictAlert)]
            assert (verdict.rule, verdict.now) == ("1", "breached")
            assert verdict.votes["Arland"] == "breached"
            assert verdict.ground
        alerts += new
    alerts += watch.finish()
    assert [a.number for a in alerts] == list(range(1, len(alerts) + 1))
    found = final(alerts)
    assert {a.craft: a.is_certain for a in found.values()} == {("Heron", "Otter"): True, ("Heron", "Seal"): False, ("Otter", "Seal"): True}
    assert {a.standing for a in found.values()} == {Standing.FINAL}
    assert not any("900000009" in repr(a) for a in alerts), "nobody named the stranger"


def test_order_within_the_window_changes_nothing(tmp_path: Path) -> None:
    fixes = by_time(HERON, NEAR, INSIDE[:0])
    shuffled = sorted(fixes, key=lambda f: f[1] + random.Random(repr(f)).uniform(0, 4.9))
    one, other = (watch_of(bare(tmp_path / n), tmp_path, window_s=300) for n in "ab")
    found = [run(w, table(f, tmp_path / "t.csv"), 10) for w, f in ((one, fixes), (other, shuffled))]
    plain = [[(a.craft, a.start, a.end, a.distance_m) for a in final(some).values()] for some in found]
    assert plain[0] == plain[1]
    assert plain[0]
    assert not other.problems()


def test_fixes_later_than_the_window_are_counted_and_not_used(tmp_path: Path) -> None:
    fixes = by_time(HERON, NEAR)
    late = [f for f in fixes if f[0].endswith("2") and 20 < f[1] < 40]
    order = [f for f in fixes if f not in late] + late
    watch = watch_of(bare(tmp_path / "watch"), tmp_path)
    run(watch, table(order, tmp_path / "t.csv"))
    (problem,) = watch.problems()
    assert problem.code == "late-fix"
    assert f"{len(late)} fixes" in problem.message


def test_a_watch_is_taken_up_where_it_was_put_down(tmp_path: Path) -> None:
    file = table(day(), tmp_path / "may.csv")
    bench = bare(tmp_path / "watch")
    whole = run(watch_of(bench, file), file, 220)
    alerts: list[Alert] = []
    state = None
    for piece in pieces(file, 220):
        watch = watch_of(bench, file)
        if state is not None:
            assert restore(watch, state, "state") == (17, [])
        watch.take(piece)
        alerts += watch.turn()
        state = saved(watch, 17)
    alerts += watch.finish()
    assert alerts == whole


def test_a_state_of_another_question_or_none_is_refused(tmp_path: Path) -> None:
    bench = bare(tmp_path / "watch")
    state = saved(watch_of(bench, tmp_path), 0)
    for data, window, code in (
        (state, 60, "other-state"),
        (state[:-9], 30, "unusable-state"),
        (b"", 30, "unusable-state"),
        (b"\x00" * 99, 30, "unusable-state"),
    ):
        with pytest.raises(NotAskable) as stop:
            restore(watch_of(bench, tmp_path, window_s=window), data, "state")
        assert stop.value.problems[0].code == code


def test_without_craft_or_zones_there_is_nothing_to_watch(tmp_path: Path) -> None:
    bare(tmp_path / "watch")
    (tmp_path / "watch" / "evidence" / "warship.csv").unlink()
    with pytest.raises(NotAskable) as stop:
        watch_of(open_case(tmp_path / "watch"), tmp_path)
    assert stop.value.problems[0].code == "nothing-to-watch"
