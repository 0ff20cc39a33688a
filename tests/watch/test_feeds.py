"""`detente watch` as a process: sentences over real sockets, a file, a kill in the middle, a program that takes alerts."""

from __future__ import annotations

import functools
import json
import operator
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

CASE = Path(__file__).parents[1] / "workbench"
AT = 1_777_636_800


def payload(mmsi: int, second: int, lon: float, lat: float) -> str:
    """A position report of class A (message 1), as six-bit characters. Source: ITU-R M.1371-5, table 48."""
    fields = [(1, 6), (0, 2), (mmsi, 30), (0, 4), (128, 8), (100, 10), (0, 1), (round(lon * 600_000) & 0xFFFFFFF, 28)]
    fields += [(round(lat * 600_000) & 0x7FFFFFF, 27), (900, 12), (90, 9), (second % 60, 6), (0, 25)]
    bits = "".join(f"{value:0{width}b}" for value, width in fields)
    return "".join(chr(n + 48 if n < 40 else n + 56) for n in (int(bits[i : i + 6], 2) for i in range(0, 168, 6)))


def checked(body: str) -> str:
    return f"{body}*{functools.reduce(operator.xor, body.encode()):02X}"


def sentence(mmsi: int, at: int, lon: float, lat: float) -> bytes:
    return f"\\{checked(f'c:{at}')}\\!{checked(f'AIVDM,1,1,,A,{payload(mmsi, at, lon, lat)},0')}\r\n".encode()


def meeting(minutes: int = 60, step_s: int = 20) -> list[bytes]:
    """Heron and Otter pass each other about 445 m apart half an hour after the start."""
    lines = []
    for s in range(0, minutes * 60 + 1, step_s):
        share = s / (minutes * 60)
        lines.append(sentence(900000001, AT + s, 20 + 0.4 * share, 54.5))
        lines.append(sentence(900000002, AT + s, 20.4 - 0.4 * share, 54.504))
    return lines


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from workbench.test_tracks import AGREEMENT, SHIPS, SOURCES, STRIP

    folder = tmp_path_factory.mktemp("watch")
    (folder / "evidence").mkdir()
    (folder / "agreement.md").write_text(AGREEMENT)
    (folder / "places.geojson").write_text(STRIP)
    (folder / "evidence" / "sources.csv").write_text(SOURCES)
    (folder / "evidence" / "warship.csv").write_text(SHIPS)
    return folder


def watch(folder: Path, *options: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "detente", "watch", str(folder), "--from", "radar", "--accuracy", "20 m", "--format", "json"]
    return subprocess.Popen([*command, *map(str, options)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def begun(process: subprocess.Popen[str]) -> None:
    assert process.stderr
    for line in process.stderr:
        if line.startswith("watching"):
            return
    raise AssertionError(process.wait())


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def alerts_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def finals(alerts: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(a["id"], a["start"], a["end"], a["distance_m"]) for a in alerts if a["alert"] == "finding" and a["standing"] == "final"]


RUBBISH = b"\xff\x00!AIVDM,\x80\r\n" + b"!AIVDM,1,1,,A,15,0*00\r\n" + b"x" * 20_000


def test_datagrams_are_heard_and_told_within_seconds(folder: Path) -> None:
    port = free_port(socket.SOCK_DGRAM)
    process = watch(folder, "--source", f"udp://127.0.0.1:{port}")
    begun(process)
    lines = meeting()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(RUBBISH, ("127.0.0.1", port))
        for n in range(0, len(lines), 3):
            out.sendto(b"".join(lines[n : n + 3]), ("127.0.0.1", port))
    assert process.stdout
    first = json.loads(process.stdout.readline())
    assert (first["standing"], [c["id"] for c in first["craft"]], first["certain"]) == ("provisional", ["Heron", "Otter"], True)
    verdict = json.loads(process.stdout.readline())
    assert (verdict["alert"], verdict["rule"], verdict["now"]) == ("verdict", "1", "breached")
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert "still provisional: one finding" in errors


def test_a_connection_that_breaks_is_made_anew(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        process = watch(folder, "--source", f"tcp://127.0.0.1:{server.getsockname()[1]}")
        lines = meeting()
        for half in (lines[: len(lines) // 3], lines[len(lines) // 3 :]):
            server.settimeout(120)
            peer, _ = server.accept()
            with peer:
                peer.sendall(b"".join(half))
        assert process.stdout
        assert json.loads(process.stdout.readline())["certain"] is True
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        process.communicate()


@pytest.fixture
def taker() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A program that takes alerts, and refuses the first."""
    taken: list[dict[str, Any]] = []
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(self.headers["Idempotency-Key"])
            self.send_response(503 if len(asked) == 1 else 204)
            self.end_headers()
            if len(asked) > 1:
                taken.append(json.loads(body))

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/alerts", taken
    server.shutdown()
    server.server_close()


def test_killed_in_the_middle_nothing_is_lost_or_doubled(folder: Path, tmp_path: Path, taker: tuple[str, list[dict[str, Any]]]) -> None:
    file, lines = tmp_path / "feed.nmea", meeting()
    file.write_bytes(b"".join(lines[: len(lines) * 2 // 3]))
    out, state, url = tmp_path / "alerts.jsonl", tmp_path / "state", taker[0]
    first = watch(folder, "--source", file, "--follow", "--state", state, "-o", out)
    begun(first)
    until = time.monotonic() + 90
    while not (state.exists() and out.read_bytes().count(b"\n") >= 2) and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1.0)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    with out.open("ab") as torn:
        torn.write(b'{"schema": "detente-alerts/1", "num')
    with file.open("ab") as more:
        more.write(b"".join(lines[len(lines) * 2 // 3 :]))
    second = watch(folder, "--source", file, "--state", state, "-o", out, "--webhook", url)
    _, errors = second.communicate(timeout=120)
    assert second.returncode == 0, errors
    told = alerts_of(out.read_text())
    assert [a["number"] for a in told] == list(range(1, len(told) + 1))
    whole = watch(folder, "--source", file)
    printed, _ = whole.communicate(timeout=120)
    assert finals(told) == finals(alerts_of(printed))
    assert len(finals(told)) == 1
    assert [a["number"] for a in taker[1]] == [a["number"] for a in told if a["number"] > 2]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--source", "udp://8.8.8.8:10110"), "bad-source"),
        (("--source", "http://127.0.0.1:80"), "bad-source"),
        (("--source", "tcp://127.0.0.1:99999"), "bad-source"),
        (("--source", "nowhere.nmea"), "missing-file"),
        (("--source", "udp://127.0.0.1:10110", "--webhook", "http://192.0.2.1/x"), "bad-webhook"),
        (("--source", "udp://127.0.0.1:10110", "--webhook", "https://127.0.0.1/x"), "bad-webhook"),
        (("--source", "udp://127.0.0.1:10110", "--window", "30"), "bad-duration"),
        (("--source", "udp://127.0.0.1:10110", "--follow"), "unused-option"),
    ],
)
def test_what_cannot_be_asked_is_named(folder: Path, options: tuple[str, ...], code: str) -> None:
    from typer.testing import CliRunner

    from detente.cli.app import app

    found = CliRunner().invoke(app, ["watch", str(folder), *options])
    assert found.exit_code == 2
    assert code in found.stderr
