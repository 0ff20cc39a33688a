"""`detente watch`: what a feed of positions shows of the craft that rules name, as it comes, with the verdicts that change."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from detente.cli.options import AsIfInForce, Evidence, Output, Target, Width, opened
from detente.cli.streams import answerable, close_stdout, refusal, say, show_problems, terminal_width
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.cli.webhook import Webhook
    from detente.model.alert import Alert
    from detente.reading.feed import Feed
    from detente.workbench import Workbench
    from detente.workbench.watch import Watch

TURN_S = 0.5
"""How often what has come is looked at."""
_SAVING_SHARE = 0.05
"""The part of the time that writing the state may take between alerts."""
_LARGEST_STATE = 1 << 30


class Format(StrEnum):
    """How alerts are written."""

    TABLE = "table"
    JSON = "json"


SourceOption = Annotated[str, typer.Option("--source", metavar="SOURCE", help="udp://127.0.0.1:PORT, tcp://127.0.0.1:PORT, or a file.")]
From = Annotated[str | None, typer.Option("--from", metavar="ID", help="Whose word the feed is: a source of the evidence.")]
Window = Annotated[str, typer.Option("--window", metavar="TIME", help="How late a fix may come.")]
Accuracy = Annotated[str, typer.Option("--accuracy", metavar="LENGTH", help="How far a position of the feed may be off.")]
Clock = Annotated[str, typer.Option("--clock", metavar="TIME", help="How far clocks of the feed may be off.")]
Follow = Annotated[bool, typer.Option("--follow", help="At the end of the file wait for more (raw AIS).")]
State = Annotated[Path | None, typer.Option("--state", metavar="FILE", help="Remember there, and go on from there.")]
WebhookOption = Annotated[str | None, typer.Option("--webhook", metavar="URL", help="POST each alert to a program on this machine.")]
AnyAddress = Annotated[bool, typer.Option("--allow-any-address", help="Take sentences from other machines, which nobody vouches for.")]
FormatOption = Annotated[Format, typer.Option("--format", help="For people (table) or for programs (json).")]


def watch(
    target: Target,
    *,
    source: SourceOption,
    evidence: Evidence = None,
    origin: From = None,
    window: Window = "30s",
    accuracy: Accuracy = "10m",
    clock: Clock = "1s",
    as_if_in_force: AsIfInForce = False,
    follow: Follow = False,
    state: State = None,
    form: FormatOption = Format.TABLE,
    output: Output = None,
    webhook: WebhookOption = None,
    width: Width = None,
    allow_any_address: AnyAddress = False,
) -> None:
    """Watch a feed: what it shows, and which verdicts change.

    Only craft are looked for whose numbers the evidence tells. A finding is geometry and no verdict.
    Ends with the file, or on SIGINT or SIGTERM.

    Exits with 0 at the end, 2 when the question cannot be asked.
    """
    from detente.cli.quantities import metres, seconds

    window_s, accuracy_m, clock_s = seconds(window, "--window"), metres(accuracy, "--accuracy"), seconds(clock, "--clock")
    if not 0 <= window_s <= 3600:
        raise refusal(Problem("bad-duration", f"--window {window} is not possible", expected=("0 s to 1 h",)))
    if clock_s > 600:
        raise refusal(Problem("bad-duration", f"--clock {clock} is not possible", expected=("0 s to 10 min",)))
    hook = None
    if webhook is not None:
        from detente.cli.webhook import Webhook

        hook = Webhook(webhook)
    if output is not None and str(output) == "-":
        output = None
    feed, is_live = _feed(source, follow=follow, any_address=allow_any_address)
    with opened(target, evidence, strict=False) as bench:
        show_problems(bench.problems)
        try:
            watching = _watch(bench, _origin(bench, origin), source, window_s, accuracy_m, clock_s, as_if_in_force, is_live=is_live)
        except ImportError as error:
            from detente.cli.track_files import missing_tracks

            raise missing_tracks(error) from None
        with answerable():
            _Run(watching, feed, hook, state, output, form, None if width is None and output else terminal_width(width)).go()


def _feed(source: str, *, follow: bool, any_address: bool) -> tuple[Feed, bool]:
    from detente.cli.place import readable_name
    from detente.reading.feed import FileFeed, LiveFeed
    from detente.reading.live import BadSource, Connection, Datagrams, GrowingFile, source_named

    try:
        named = source_named(source, any_address=any_address)
        if isinstance(named, Path):
            readable_name(named)
            return (LiveFeed(source, GrowingFile(named), is_timed=False), False) if follow else (FileFeed(named), False)
        if follow:
            raise refusal(Problem("unused-option", "--follow means nothing to an address"))
        return LiveFeed(source, Datagrams(named) if named.how == "udp" else Connection(named)), True
    except BadSource as error:
        expected = ("udp://127.0.0.1:10110", "tcp://127.0.0.1:PORT", "a file")
        raise refusal(Problem("bad-source", f"--source: {error}", expected=expected)) from None
    except OSError as error:
        raise refusal(Problem("unreadable-file", f"{source}: {error.strerror or error}")) from None


def _origin(bench: Workbench, origin: str | None) -> str:
    """The source whose word the feed is: the one named, or the evidence's only sensor."""
    sources = bench.record.sources
    if origin is None:
        sensors = [s.id for s in sources if s.kind == "sensor"]
        if len(sensors) != 1:
            text = f"whose word is the feed? The evidence has {len(sensors)} sensors"
            raise refusal(Problem("missing-option", text, help="name a source of the evidence with --from ID"))
        return sensors[0]
    if origin not in {s.id for s in sources}:
        names = ", ".join(s.id for s in sources[:20])
        raise refusal(Problem("unknown-source", f"--from: no source of the evidence is called {origin}", help=f"the sources are: {names}"))
    return origin


def _watch(
    bench: Workbench, origin: str, source: str, window_s: float, accuracy_m: float, clock_s: float, as_if_in_force: bool, *, is_live: bool
) -> Watch:
    from detente.model.recording import Recording
    from detente.reading.feed import now_ms
    from detente.workbench import Question
    from detente.workbench.watch import Watch

    recording = Recording(origin, source, Path(source), None, accuracy_m, clock_s)
    with answerable():
        return Watch(bench, recording, window_s, Question(as_if_in_force=as_if_in_force), now_ms if is_live else None)


class _Run:
    """One run: alerts out, the state kept, until the feed ends or somebody ends it."""

    def __init__(
        self, watch: Watch, feed: Feed, hook: Webhook | None, state: Path | None, output: Path | None, form: Format, width: int | None
    ) -> None:
        self.watch = watch
        self.feed = feed
        self.hook = hook
        self.state = state
        self.form = form
        self.width = width or 100
        self.skip = 0
        self.asked_to_end = threading.Event()
        self._last_save, self._save_took = 0.0, 0.0
        self._is_restored = False
        length = self._restored()
        self.out: BinaryIO | None = None
        if output is not None:
            self.out = _opened(output, length)

    def go(self) -> None:
        """Until the end."""
        from detente.report.words import counted

        with _signals(self.asked_to_end):
            self.watch.warm()
            if self.hook is not None:
                self.hook.start()
            self.feed.start()
            zones = counted(len(self.watch.zones), "zone")
            say(f"watching {counted(len(self.watch.craft), 'craft', 'craft')} and {zones} in {self.feed.account.tally.path}")
            try:
                self._loop()
                self._tell(self.watch.last_verdicts())
            finally:
                self.feed.close()
                if self.hook is not None:
                    self.hook.close()
                self._save()
                if self.out is not None:
                    self.out.close()
        self._sum_up()

    def _loop(self) -> None:
        while not self.asked_to_end.is_set():
            began = time.monotonic()
            for positions in self.feed.take(TURN_S):
                passed = min(self.skip, positions.num_rows)
                self.skip -= passed
                if passed < positions.num_rows:
                    self.watch.take(positions.slice(passed))
            self._tell(self.watch.turn())
            if self.feed.is_over:
                if self.feed.problem is None and not self.asked_to_end.is_set():
                    self._tell(self.watch.finish())
                return
            self.asked_to_end.wait(max(0.0, TURN_S - (time.monotonic() - began)) if self.watch.clock is not None else 0.0)

    def _tell(self, alerts: Iterator[Alert]) -> None:
        from detente.report.alerts import alert_json, alert_text

        is_new = False
        for alert in alerts:
            is_new = True
            line = alert_json(alert) if self.form is Format.JSON else alert_text(alert, self.width)
            self._write(line)
            if self.hook is not None:
                self.hook.give(alert.number, alert_json(alert))
        if is_new or time.monotonic() - self._last_save > max(TURN_S, self._save_took / _SAVING_SHARE):
            self._save()

    def _write(self, line: str) -> None:
        if self.out is not None:
            self.out.write(line.encode("utf-8", "backslashreplace") + b"\n")
            self.out.flush()
            return
        try:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            close_stdout()
            self.asked_to_end.set()

    # ---- the state ----------------------------------------------------------------------

    def _restored(self) -> int:
        """Take up an earlier watch, if there is one; the length of what it had written."""
        if self.state is None or not self.state.exists():
            return 0
        from detente.workbench.watch_state import restore

        if self.state.stat().st_size > _LARGEST_STATE:
            raise refusal(Problem("unusable-state", f"{self.state} is no state of a watch", help="begin with a new --state FILE"))
        length, waiting = restore(self.watch, self.state.read_bytes(), str(self.state))
        if self.watch.clock is None:
            self.skip = self.watch.heard  # a file is read again from its start
        if self.hook is not None:
            for number, body in waiting:
                self.hook.give(number, body)
        say(f"taken up from {self.state}: {self.watch.told:,} alerts told before")
        return length

    def _save(self) -> None:
        """Write the state, after what it knows to be written; beside it and renamed, so that it is always whole."""
        if self.out is not None:
            self.out.flush()
            os.fsync(self.out.fileno())
        if self.state is None:
            return
        from detente.workbench.watch_state import saved

        began = time.monotonic()
        data = saved(self.watch, self.out.tell() if self.out is not None else 0, self.hook.waiting() if self.hook else [])
        try:
            handle, name = tempfile.mkstemp(prefix=f".{self.state.name}.", dir=self.state.resolve().parent)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.state.resolve())
        except OSError as error:
            raise refusal(Problem("unwritable-file", f"{self.state}: {error.strerror or error}")) from None
        self._last_save = time.monotonic()
        self._save_took = self._last_save - began

    # ---- the end ------------------------------------------------------------------------

    def _sum_up(self) -> None:
        from detente.report.words import counted

        seen, watch = self.feed.account.seen, self.watch
        show_problems([*([self.feed.problem] if self.feed.problem else []), *self.feed.account.tally.problems()[:20], *watch.problems()])
        merged = f", {seen['repeats']:,} repeats merged" if seen["repeats"] else ""
        say(f"heard: {counted(watch.heard, 'fix', 'fixes')}{merged}; told: {counted(watch.told, 'alert')}")
        if watch.open_findings:
            say(f"still provisional: {counted(watch.open_findings, 'finding')}")
        if self.hook is not None and (self.hook.lost or self.hook.waiting()):
            say(f"webhook: {self.hook.sent:,} taken, {len(self.hook.waiting()):,} still waiting, {self.hook.lost:,} lost")
        if self.feed.problem is not None:
            raise typer.Exit(2)


def _opened(output: Path, length: int) -> BinaryIO:
    """The output, cut back to what the state knows of it; what was written after that is written again."""
    try:
        file = output.open("r+b" if output.exists() else "w+b")
        size = os.fstat(file.fileno()).st_size
        if size < length:
            file.close()
            text = f"{output} is shorter than the {length:,} bytes that the state knows of"
            raise refusal(Problem("unusable-state", text, help="give the output that the state was written with, or begin both anew"))
        file.truncate(length)
        file.seek(length)
    except OSError as error:
        raise refusal(Problem("unwritable-file", f"{output}: {error.strerror or error}")) from None
    return file


@contextlib.contextmanager
def _signals(event: threading.Event) -> Iterator[None]:
    """While this lasts, SIGINT and SIGTERM set the event."""
    before: dict[signal.Signals, Callable[..., object] | int | None] = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.signal(number, lambda *_: event.set())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
