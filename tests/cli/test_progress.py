"""Progress: silent for a second, then on stderr only."""

from __future__ import annotations

import pytest

from detente.cli import progress
from detente.cli.progress import Progress


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(progress, "time", made)
    return made


def test_plain_lines_every_five_seconds(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as note:
        for _ in range(120):
            clock.now += 0.1
            note("reading \x1b[1m", clock.now - 100)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 2
    assert "\x1b" not in err
    assert err.startswith("reading <U+001B>[1m 100%")


def test_no_words_no_line(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as note:
        clock.now += 60
        note("", 1.0)
    assert capsys.readouterr() == ("", "")


def test_quick_work_is_silent(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as note:
        clock.now += 0.9
        note("reading", 0.5)
    assert capsys.readouterr().err == ""


def test_terminal_line_is_drawn_over_and_cleared(clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with Progress() as note:
        clock.now += 1.5
        note("judging", 0.25)
        clock.now += 0.01
        note("judging", 0.26)
    assert capsys.readouterr().err == "\r\x1b[Kjudging  25%\r\x1b[K"
