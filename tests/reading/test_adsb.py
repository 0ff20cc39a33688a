"""Raw ADS-B: a published example's position, parity, times, and damage."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from detente.reading.adsb import read_adsb
from detente.reading.tally import Tally
from detente.reading.track import Account

EVEN, ODD = b"8D40621D58C382D690C8AC2863A7", b"8D40621D58C386435CC412692AD6"
"""The pair of Sun, The 1090 Megahertz Riddle, 2nd edition, section 5.3.1: 52.2572 N 3.9194 E, 38,000 ft."""
IDENTIFICATION = b"8D4840D6202CC371C32CE0576098"
"""Section 4: KLM1023."""
VELOCITY = b"8D485020994409940838175B284F"
"""Section 6: 159 kt over ground, track 182.88."""
WHEN = 1_600_000_000.0


def read(lines: list[bytes]) -> tuple[list[dict[str, object]], list[dict[str, object]], Account]:
    account = Account(Tally("x"))
    batches = list(read_adsb(lines, account))
    return [r for b in batches for r in b.positions.to_pylist()], [r for b in batches for r in b.static.to_pylist()], account


def stream(messages: list[bytes], form: bytes = b"%.3f,%s\n") -> list[bytes]:
    return [form % (WHEN + 0.5 * i, message) for i, message in enumerate(messages)]


def codes(account: Account) -> Counter[str]:
    return Counter(problem.code for problem in account.tally.problems())


@pytest.mark.parametrize("form", [b"%.3f,%s\n", b"%.3f %s\n", b"%.3f,*%s;,-12.5,x\n"])
def test_a_published_pair_gives_its_position(form: bytes) -> None:
    positions, _, account = read(stream([ODD, EVEN] * 4, form))
    assert {p["craft"] for p in positions} == {"icao24:40621d"}
    assert any(abs(p["lat"] - 52.2572) < 1e-4 and abs(p["lon"] - 3.91937) < 1e-4 for p in positions)  # type: ignore[operator]
    assert {p["altitude_ft"] for p in positions} == {38_000}
    assert not account.tally.problems()


def test_a_call_sign_is_static_data() -> None:
    _, static, _ = read(stream([IDENTIFICATION]))
    assert [(s["craft"], s["call_sign"], s["type"]) for s in static] == [("icao24:4840d6", "KLM1023", None)]


def test_a_wrong_parity_is_named() -> None:
    positions, _, account = read(stream([EVEN[:-1] + b"0"] * 3))
    assert not positions
    assert codes(account) == {"bad-checksum": 3}


def test_without_a_time_there_is_no_fix() -> None:
    assert codes(read([b"*" + EVEN + b";\n", b"123," + EVEN + b"\n"])[2]) == {"fix-without-time": 1, "malformed-message": 1}


def test_other_replies_are_counted() -> None:
    _, _, account = read(stream([b"5D4840D6A6F1B0", b"A000083E202CC371C31DE0AA1CCF"]))
    assert account.seen["other messages"] == 2


def test_one_position_alone_is_not_guessed() -> None:
    positions, _, account = read(stream([EVEN]))
    assert not positions
    assert account.seen["without a position"] == 1


def test_damaged_messages_do_no_harm() -> None:
    random_ = random.Random(1)
    lines = []
    for line in stream([ODD, EVEN, IDENTIFICATION, VELOCITY] * 300):
        changed = bytearray(line)
        for _ in range(random_.randrange(3)):
            changed[random_.randrange(len(changed))] = random_.randrange(256)
        lines.append(bytes(changed))
    _, _, account = read(lines)
    assert account.seen["lines"] == 1_200
