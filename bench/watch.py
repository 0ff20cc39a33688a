"""How soon `detente watch` tells: seconds from the fix that decides to the alert, at 3,000 sentences a second over UDP.

    python bench/watch.py [--seconds 60] [--rate 3000]

Ships that nobody named fill the feed; every few seconds a new pair that the evidence names comes within the rule's distance. Each datagram is
sent at its time, and the alert's arrival is measured by the same clock. Prints the median, the 99th percentile, and the CPU time of the watch.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from watch.test_feeds import checked, free_port, payload
from workbench.test_tracks import AGREEMENT, SOURCES, STRIP

FIRST, PAIRS = 901_000_000, 12
REPEATS_S = 31
"""A payload heard again within 30 s is taken for the same message: the feed goes round in a second more, so that each is read."""


def case(folder: Path) -> None:
    (folder / "evidence").mkdir()
    (folder / "agreement.md").write_text(AGREEMENT)
    (folder / "places.geojson").write_text(STRIP)
    (folder / "evidence" / "sources.csv").write_text(SOURCES)
    rows = ["id,source,says,event,said_at,party,title,mmsi"]
    for n in range(2 * PAIRS):
        party = ("Arland", "Borland")[n % 2]
        rows.append(f"R-{n},radar,asserts,Ship {n},2026-01-02,{party},Ship {n},{FIRST + n}")
    (folder / "evidence" / "warship.csv").write_text("\n".join(rows) + "\n")


def sentence(mmsi: int, lon: float, lat: float) -> bytes:
    return f"!{checked(f'AIVDM,1,1,,A,{payload(mmsi, int(time.time()), lon, lat)},0')}\r\n".encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=3000)
    asked = parser.parse_args()
    dice = random.Random(1)  # noqa: S311  nothing secret
    others = asked.rate * REPEATS_S
    filler = [sentence(300_000_000 + n % 20_000, dice.uniform(-20, 30), dice.uniform(30, 65)) for n in range(others)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        case(folder)
        port = free_port(socket.SOCK_DGRAM)
        command = [sys.executable, "-m", "detente", "watch", str(folder), "--source", f"udp://127.0.0.1:{port}", "--from", "radar"]
        process = subprocess.Popen([*command, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not process.stderr.readline().startswith("watching"):
            pass
        heard: dict[str, float] = {}

        def listen() -> None:
            for line in process.stdout:
                alert = json.loads(line)
                key = alert["craft"][0]["id"] if alert["alert"] == "finding" else None
                if key:
                    heard.setdefault(key, time.monotonic())

        threading.Thread(target=listen, daemon=True).start()
        decided = send(port, filler, asked.rate, asked.seconds)
        time.sleep(5)
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
    late = sorted(heard[k] - at for k, at in decided.items() if k in heard)
    print(f"{len(late)} of {len(decided)} meetings told; {asked.rate:,} sentences a second for {asked.seconds} s")
    if late:
        print(
            f"from the deciding fix to the alert: median {statistics.median(late):.2f} s, 99th percentile {late[min(len(late) - 1, int(0.99 * len(late)))]:.2f} s"
        )
    print(
        f"the watch used {(used.ru_utime + used.ru_stime) / asked.seconds:.0%} of a core, at most {used.ru_maxrss / 1024:,.0f} MiB; load {os.getloadavg()[0]:.1f}"
    )


def send(port: int, filler: list[bytes], rate: int, seconds: int) -> dict[str, float]:
    """Send at the rate; when each pair's deciding fix left, by the first craft's id."""
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    start, sent, decided = time.monotonic(), 0, {}
    step = max(1.0, (seconds - 4) / PAIRS)
    turn = 0
    while (now := time.monotonic() - start) < seconds:
        due = int(now * rate) - sent
        for _ in range(due):
            out.sendto(filler[sent % len(filler)], ("127.0.0.1", port))
            sent += 1
        pair = int(now / step)
        if pair < PAIRS and now >= turn:
            turn += 1
            lat = 54.1 + 0.05 * pair
            one, other = FIRST + 2 * pair, FIRST + 2 * pair + 1
            share = now / step - pair
            # Far apart in the first half of its time, then within the distance at one stroke: that fix decides.
            away = 0.05 if share < 0.5 else 0.004
            out.sendto(sentence(one, 22.0, lat) + sentence(other, 22.0 + away, lat), ("127.0.0.1", port))
            if share >= 0.5:
                decided.setdefault(f"Ship {2 * pair}", time.monotonic())
        time.sleep(0.002)
    return decided


if __name__ == "__main__":
    main()
