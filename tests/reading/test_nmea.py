"""Raw AIS: known answers on recordings, repeats, parts, times, faults; and that nothing breaks it."""

from __future__ import annotations

import gzip
import io
import random
from collections import Counter
from functools import reduce
from operator import xor
from pathlib import Path

import pytest
from pyais import encode_dict
from pyais.stream import IterMessages

from detente.reading.ais import read_ais
from detente.reading.lines import LONGEST, lines_of
from detente.reading.tally import Tally
from detente.reading.track import Account
from detente.reading.tracks import read_tracks

RECORDINGS = Path(__file__).parents[1] / "recordings"
POSITION_TYPES = {1, 2, 3, 9, 18, 19, 27}
WHEN = 1_700_000_000


def read(lines: list[bytes], clock: int | None = None) -> tuple[list[dict[str, object]], list[dict[str, object]], Account]:
    account = Account(Tally("x.nmea"))
    batches = list(read_ais(lines, account, None if clock is None else lambda: clock))
    return [r for b in batches for r in b.positions.to_pylist()], [r for b in batches for r in b.static.to_pylist()], account


def codes(account: Account) -> Counter[str]:
    return Counter(problem.code for problem in account.tally.problems())


def sentence(*, seq: int = 0, **fields: object) -> list[bytes]:
    return [line.encode() for line in encode_dict({"type": 1, "mmsi": 219000001, "lon": 10.5, "lat": 56.25, **fields}, seq_id=seq)]


def checked(body: str) -> str:
    return f"{body}*{reduce(xor, body.encode(), 0):02X}"


def tagged(line: bytes, when: int = WHEN, station: str = "A") -> bytes:
    return f"\\{checked(f's:{station},c:{when}')}\\".encode() + line


# ---- recordings -----------------------------------------------------------------


def test_the_national_feed_has_its_known_answer() -> None:
    positions, static, account = read((RECORDINGS / "nais-half-second.nmea").read_bytes().splitlines(keepends=True))
    assert (account.seen["sentences"], account.seen["repeats"], len(positions), len(static)) == (384, 191, 128, 11)
    assert not account.tally.problems()


def test_the_national_feed_says_what_pyais_alone_says() -> None:
    lines = (RECORDINGS / "nais-half-second.nmea").read_bytes().splitlines()
    alone = set()
    for message in IterMessages([line for line in lines if b"VDM" in line]):
        decoded = message.decode()
        if decoded.msg_type in POSITION_TYPES and -180 <= decoded.lon < 180 and -90 <= decoded.lat <= 90:
            alone.add((f"mmsi:{decoded.mmsi:09d}", decoded.lon, decoded.lat))
    positions, _, _ = read(lines)
    assert {(p["craft"], p["lon"], p["lat"]) for p in positions} == alone


def test_broken_sentences_are_counted_and_the_good_ones_beside_them_read() -> None:
    positions, static, account = read((RECORDINGS / "broken.nmea").read_bytes().splitlines(keepends=True))
    assert codes(account) == {"bad-checksum": 2, "undecodable-message": 16}
    assert (len(positions), len(static)) == (7, 2)


def test_a_packed_file_and_a_pipe_say_the_same() -> None:
    data = (RECORDINGS / "nais-half-second.nmea").read_bytes()
    counts = []
    for form in (data, gzip.compress(data)):
        account = Account(Tally("x"))
        counts.append(sum(batch.positions.num_rows for batch in read_tracks(io.BytesIO(form), account)))
    assert counts == [128, 128]


def test_a_packed_file_that_breaks_off_is_read_up_to_there() -> None:
    packed = gzip.compress((RECORDINGS / "nais-half-second.nmea").read_bytes())
    account = Account(Tally("x"))
    read_rows = sum(batch.positions.num_rows for batch in read_tracks(io.BytesIO(packed[: len(packed) // 2]), account))
    assert 0 < read_rows <= 128
    assert codes(account)["unreadable-file"] == 1


# ---- what a message says --------------------------------------------------------


def test_units_and_values_that_are_not_available() -> None:
    lines = [tagged(sentence(speed=12.3, course=210.5)[0]), tagged(sentence(speed=102.3, course=360.0, lat=56.5)[0])]
    positions, _, _ = read(lines)
    assert [p["speed_kn"] for p in positions] == [pytest.approx(12.3), None]
    assert [p["course_deg"] for p in positions] == [pytest.approx(210.5), None]


def test_a_position_that_is_not_available_is_no_fault() -> None:
    positions, _, account = read([tagged(sentence(lon=181.0, lat=91.0)[0])])
    assert not positions
    assert account.seen["without a position"] == 1
    assert not account.tally.problems()


def test_aircraft_of_search_and_rescue_give_metres() -> None:
    line = encode_dict({"type": 9, "mmsi": 111219001, "alt": 1000, "speed": 140, "lon": 10.0, "lat": 56.0})[0].encode()
    positions, _, _ = read([tagged(line)])
    assert positions[0]["altitude_ft"] == pytest.approx(3280.84, abs=0.1)
    assert positions[0]["speed_kn"] == 140


def test_the_180th_meridian_is_written_as_minus_180() -> None:
    positions, _, _ = read([tagged(sentence(lon=180.0, lat=0.0)[0])])
    assert positions[0]["lon"] == -180.0


def test_static_data_come_with_flag_and_type() -> None:
    parts = [
        line.encode()
        for line in encode_dict({"type": 5, "mmsi": 265000001, "shipname": "ARKEN", "callsign": "SABC", "ship_type": 35}, seq_id=3)
    ]
    _, static, _ = read([tagged(parts[0]), tagged(parts[1])])
    assert {k: v for k, v in static[0].items() if k != "time"} == {
        "craft": "mmsi:265000001", "name": "ARKEN", "call_sign": "SABC", "flag": "SE", "type": "military"
    }  # fmt: skip


# ---- sentences ------------------------------------------------------------------


def test_one_transmission_heard_by_two_stations_is_one_fix() -> None:
    line = sentence()[0]
    positions, _, account = read([tagged(line, WHEN, "A"), tagged(line, WHEN + 3, "B")])
    assert len(positions) == 1
    assert account.seen["repeats"] == 1


def test_the_same_words_minutes_later_are_a_new_fix() -> None:
    line = sentence()[0]
    assert len(read([tagged(line, WHEN), tagged(line, WHEN + 180)])[0]) == 2


def test_parts_of_two_messages_may_interleave() -> None:
    one = [line.encode() for line in encode_dict({"type": 5, "mmsi": 219000001, "shipname": "ONE"}, seq_id=1)]
    two = [line.encode() for line in encode_dict({"type": 5, "mmsi": 219000002, "shipname": "TWO"}, seq_id=2)]
    _, static, account = read([tagged(one[0]), tagged(two[0]), tagged(two[1]), tagged(one[1])])
    assert [row["name"] for row in static] == ["TWO", "ONE"]
    assert not account.tally.problems()


def test_equal_parts_from_two_stations_do_not_mix() -> None:
    one = [line.encode() for line in encode_dict({"type": 5, "mmsi": 219000001, "shipname": "ONE"}, seq_id=1)]
    two = [line.encode() for line in encode_dict({"type": 5, "mmsi": 219000002, "shipname": "TWO"}, seq_id=1)]
    _, static, _ = read(
        [tagged(one[0], station="A"), tagged(two[0], station="B"), tagged(one[1], station="A"), tagged(two[1], station="B")]
    )
    assert [row["name"] for row in static] == ["ONE", "TWO"]


def test_a_part_without_words_of_its_own_goes_with_the_part_before() -> None:
    parts = [line.encode() for line in encode_dict({"type": 5, "mmsi": 219000001, "shipname": "ONE"}, seq_id=1)]
    stamp = ("$" + checked("PGHP,1,2013,11,12,12,0,0,869,219,,2190074,1,05")).encode()
    _, static, account = read([stamp, *parts])
    assert static[0]["name"] == "ONE"
    assert str(static[0]["time"]) == "2013-11-12 12:00:00.869000+00:00"
    assert not account.tally.problems()


def test_a_message_whose_part_never_comes_is_named() -> None:
    parts = [line.encode() for line in encode_dict({"type": 5, "mmsi": 219000001, "shipname": "ONE"}, seq_id=1)]
    assert codes(read([tagged(parts[0])])[2]) == {"missing-part": 1}


@pytest.mark.parametrize(
    ("suffix", "when"),
    [(f",d-109,S2105,t050056.00,T56.1,r003669946,{WHEN},{WHEN - 59}", WHEN), (f",{WHEN}", WHEN)],
)
def test_times_after_the_checksum_are_read(suffix: str, when: int) -> None:
    positions, _, _ = read([sentence()[0] + suffix.encode()])
    assert positions[0]["time"].timestamp() == when  # type: ignore[attr-defined]


def test_a_live_source_gives_the_time_itself() -> None:
    positions, _, _ = read(sentence(), clock=WHEN * 1000 + 250)
    assert positions[0]["time"].timestamp() == WHEN + 0.25  # type: ignore[attr-defined]


def test_without_a_time_there_is_no_fix() -> None:
    positions, _, account = read(sentence())
    assert not positions
    assert codes(account) == {"fix-without-time": 1}


def test_a_tag_block_with_a_wrong_checksum_gives_no_time() -> None:
    line = tagged(sentence()[0]).replace(b"c:17", b"c:16")
    positions, _, account = read([line])
    assert not positions
    assert codes(account) == {"bad-tag-block": 1, "fix-without-time": 1}


def test_each_flipped_character_fails_the_checksum() -> None:
    line = sentence()[0].strip()
    for at in range(7, line.index(b"*")):
        if line[at : at + 1] == b",":
            continue
        flipped = line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :]
        positions, _, account = read([tagged(flipped)])
        assert not positions
        assert codes(account)["bad-checksum"] == 1


def test_a_station_with_a_wrong_clock_is_named_and_times_are_kept() -> None:
    lines = [tagged(sentence(second=(WHEN + i - 22) % 60, lat=56 + i / 1000)[0], WHEN + i, "late") for i in range(30)]
    positions, _, account = read(lines)
    problem = next(p for p in account.tally.problems() if p.code == "clock-skew")
    assert "station late" in problem.message
    assert "+22 s" in problem.message
    assert len(positions) == 30


# ---- hostile input --------------------------------------------------------------


def damaged(random_: random.Random, lines: list[bytes]) -> bytes:
    """A line with some bytes changed, cut, doubled or made up."""
    line = bytearray(random_.choice(lines))
    for _ in range(random_.randrange(1, 5)):
        match random_.randrange(5):
            case 0 if line:
                line[random_.randrange(len(line))] = random_.randrange(256)
            case 1:
                del line[random_.randrange(len(line) + 1) :]
            case 2:
                line += random_.choice(lines)[: random_.randrange(80)]
            case 3:
                line[random_.randrange(len(line) + 1) : 0] = random_.randbytes(3)
            case _:
                star = line.rfind(b"*")
                bang = line.rfind(b"!")
                if 0 <= bang < star:  # a right checksum lets the damage reach the decoder
                    line[star + 1 :] = f"{reduce(xor, line[bang + 1 : star], 0):02X}\r\n".encode()
    return bytes(line)


def fuzz(count: int, seed: int) -> Account:
    random_ = random.Random(seed)
    lines = [
        line for name in ("nais-half-second", "broken") for line in (RECORDINGS / f"{name}.nmea").read_bytes().splitlines(keepends=True)
    ]
    account = Account(Tally("fuzz"))
    for _ in read_ais((damaged(random_, lines) for _ in range(count)), account):
        pass
    return account


def test_damaged_lines_do_no_harm() -> None:
    account = fuzz(5_000, 1)
    assert account.seen["lines"] == 5_000
    assert len(account.tally.problems()) < 1_500


@pytest.mark.soak
def test_a_million_damaged_lines_do_no_harm_and_take_no_memory() -> None:
    import resource

    fuzz(200_000, 2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fuzz(1_000_000, 3)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 40_000  # kilobytes


def test_a_line_without_an_end_is_cut() -> None:
    stream = io.BytesIO(b"!" * 1_000_000 + b"\n" + sentence()[0].strip() + b"\n")
    lines = list(lines_of(stream))
    assert [len(line) for line in lines[:1]] == [LONGEST]
    assert len(lines) == 2


def test_a_thousand_open_messages_are_forgotten_in_order() -> None:
    parts = [encode_dict({"type": 5, "mmsi": 219000001 + i, "shipname": "X"}, seq_id=1)[0].encode() for i in range(5_000)]
    _, _, account = read([tagged(part, station=f"S{i}") for i, part in enumerate(parts)])
    assert codes(account)["missing-part"] == 100
    assert "4,900 more of missing-part" in account.tally.problems()[-1].message


def test_reports_read_many_at_once_are_what_pyais_reads_one_by_one() -> None:
    from pyais.bit_vector import bit_vector
    from pyais.messages import MSG_CLASS

    from detente.reading.ais_positions import CHARACTERS, FIRST, position_reports

    random_ = random.Random(5)
    characters = bytes([*range(48, 88), *range(96, 120)])
    payloads = [bytes([random_.choice(FIRST), *random_.choices(characters, k=CHARACTERS - 1)]) for _ in range(2_000)]
    said = position_reports(payloads)
    for i, payload in enumerate(payloads):
        alone = MSG_CLASS[payload[0] - 48].from_vector(bit_vector(payload, 0))
        ours = (said.mmsi[i], said.lon[i], said.lat[i], said.speed[i], said.course[i], said.second[i])
        assert ours == (alone.mmsi, alone.lon, alone.lat, alone.speed, alone.course, alone.second)


def test_lines_from_a_socket_are_read_like_those_of_a_file() -> None:
    import socket

    ours, theirs = socket.socketpair()
    with theirs, ours:
        theirs.sendall(b"".join(sentence(lat=56 + i / 100)[0] + b"\r\n" for i in range(3)) + b"!AIVDM,cut off")
        theirs.shutdown(socket.SHUT_WR)
        with ours.makefile("rb") as stream:
            account = Account(Tally("tcp"))
            batches = list(read_ais(lines_of(stream), account, lambda: WHEN * 1000))
    assert sum(batch.positions.num_rows for batch in batches) == 3
    assert codes(account) == {"malformed-sentence": 1}
