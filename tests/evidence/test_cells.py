"""The grammar of cells, against a slow reading of it in Python."""

import calendar
import math
from datetime import UTC, date, datetime, timedelta, timezone

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.evidence.amounts import amount
from detente.evidence.cells import Reading, words
from detente.evidence.faults import FAULTS
from detente.evidence.times import time
from detente.model.kind import Field

DB = duckdb.connect()


def read(reading: Reading, texts: list[str]) -> list[tuple]:
    """(lo, hi, code) of each cell: through the grammar, and in passing where it is plain; both must agree."""
    table = pa.table({"key": range(len(texts)), "x": texts})
    DB.register("cells_to_read", table)
    found = DB.execute(f"SELECT lo, hi, fault FROM ({reading.query}) ORDER BY key").fetchall()
    plain = DB.execute(f"SELECT {reading.is_plain('x')}, {', '.join(reading.bounds_of('x'))} FROM cells_to_read ORDER BY key").fetchall()
    for cell, (is_plain, *bounds) in zip(found, plain, strict=True):
        if is_plain:
            assert cell == (*bounds, 0)
    return [(lo, hi, FAULTS[fault]) for lo, hi, fault in found]


COUNT, LENGTH, BY = Field("n", "count"), Field("d", "number", unit="m"), Field("by", "number")


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**53), st.integers(0, 2**53))
def test_counts(a, b):
    texts = [f"{a}", f">={a}", f"<={a}", f">{a}", f"<{a}", f"{min(a, b)}..{max(a, b)}", f"{min(a, b)} .. {max(a, b)}", f"≥{a}", f"≤ {a}"]
    wanted = [
        (a, a),
        (a, None),
        (None, a),
        (a + 1, None),
        (None, a - 1),
        (min(a, b), max(a, b)),
        (min(a, b), max(a, b)),
        (a, None),
        (None, a),
    ]
    assert read(amount(COUNT, None), texts) == [(*(None if v is None else float(v) for v in pair), "") for pair in wanted]
    if a != b:
        assert read(amount(COUNT, None), [f"{max(a, b)}..{min(a, b)}"])[0][2] == ("bad-range" if float(a) != float(b) else "")


@settings(deadline=None, max_examples=25)
@given(st.floats(-1e12, 1e12, allow_nan=False))
def test_numbers_keep_every_digit(x):
    text = repr(x)
    assert read(amount(BY, None), [text, f">{text}", f"<{text}"]) == [
        (x, x, ""),
        (math.nextafter(x, math.inf), None, ""),
        (None, math.nextafter(x, -math.inf), ""),
    ]


UNITS = {"m": 1, "km": 1000, "nm": 1852, "ft": 0.3048, "mi": 1609.344, "cm": 0.01, "yd": 0.9144}


@settings(deadline=None, max_examples=25)
@given(st.decimals(0, 100000, places=3), st.sampled_from(sorted(UNITS)))
def test_lengths(x, unit):
    exact = round(float(x) * UNITS[unit], 6)
    for text in (f"{x} {unit}", f"{x}{unit}"):
        (lo, hi, code) = read(amount(LENGTH, None), [text])[0]
        assert code == ""
        assert lo == hi == pytest.approx(exact, abs=2e-6)


def test_units():
    assert read(amount(LENGTH, None), ["5 km", "3 nm", "4.35 km", "5..10 km", "5 km..10000 m", "500", ">=3 nm", "<1 m"]) == [
        (5000, 5000, ""),
        (5556, 5556, ""),
        (4350, 4350, ""),
        (5000, 10000, ""),
        (5000, 10000, ""),
        (500, 500, ""),
        (5556, None, ""),
        (None, math.nextafter(1, 0), ""),
    ]
    assert [code for _, _, code in read(amount(LENGTH, None), ["5 kg", "5 km t", "km", "5 5 km", "1,000 ft", "1,000", "1.000,5"])] == [
        "wrong-unit-dimension",
        "unknown-unit",
        "not-a-number",
        "not-a-number",
        "thousands-separator",
        "thousands-separator",
        "not-a-number",
    ]


def bounds(day: date, until: date) -> tuple:
    first, last = (datetime.fromisoformat(f"{d.isoformat()}T00:00") for d in (day, until))
    return (first, last - timedelta(microseconds=1))


@settings(deadline=None, max_examples=25)
@given(st.dates(date(1000, 1, 1), date(9998, 12, 30)))
def test_dates(day):
    last = calendar.monthrange(day.year, day.month)[1]
    whole_day = bounds(day, day + timedelta(days=1))
    month = bounds(day.replace(day=1), day.replace(day=last) + timedelta(days=1)) if day.year < 9998 else None
    micro = timedelta(microseconds=1)
    text = day.isoformat()
    texts = [text, f">={text}", f"<={text}", f">{text}", f"<{text}", text[:7], text[:4]]
    lo, hi = whole_day
    found = read(time(None), texts)
    assert found[:5] == [(lo, hi, ""), (lo, None, ""), (None, hi, ""), (hi + micro, None, ""), (None, lo - micro, "")]
    if month:
        assert found[5] == (*month, "")
        assert found[6] == (*bounds(date(day.year, 1, 1), date(day.year + 1, 1, 1)), "")
    for zone in ("Europe/Moscow", "America/Sao_Paulo", "Pacific/Apia"):
        read(time(zone), [text])


@settings(deadline=None, max_examples=25)
@given(
    st.datetimes(datetime.fromisoformat("1001-01-01"), datetime.fromisoformat("9997-01-01")),
    st.integers(-14 * 60 + 1, 14 * 60),
    st.sampled_from(["minutes", "seconds", "microseconds"]),
)
def test_moments(moment, offset, spec):
    shift = timezone(timedelta(minutes=offset))
    moment = moment.replace(tzinfo=shift)
    text = moment.isoformat(timespec=spec)
    wanted = datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    utc = wanted.isoformat(timespec=spec) + "Z"
    micro = timedelta(microseconds=1)
    assert read(time(None), [text, text.replace("T", " "), utc, f">{text}", f"<{text}"]) == [
        (wanted, wanted, ""),
        (wanted, wanted, ""),
        (wanted, wanted, ""),
        (wanted + micro, None, ""),
        (None, wanted - micro, ""),
    ]
    assert read(time(None), [text[:16]])[0][2] == "clock-time-without-zone"


LEVELS = ("battalion", "brigade", "division")


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(LEVELS), st.sampled_from(LEVELS))
def test_levels(a, b):
    low, high = sorted((LEVELS.index(a), LEVELS.index(b)))
    reading = words(LEVELS, {}, "unknown-level")
    assert read(reading, [a, f">={a}", f"<= {a}", f"{LEVELS[low]}..{LEVELS[high]}"]) == [
        (LEVELS.index(a), LEVELS.index(a), ""),
        (LEVELS.index(a), None, ""),
        (None, LEVELS.index(a), ""),
        (low, high, ""),
    ]
    above = (LEVELS.index(a) + 1, None, "") if a != LEVELS[-1] else (None, None, "bad-range")
    assert read(reading, [f">{a}"]) == [above]


ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
NEARLY = st.text(st.sampled_from("0123456789.<>=-:TZ+ kmnftbrigade≥≤,"), min_size=1, max_size=25)


@settings(deadline=None, max_examples=20)
@given(st.lists(ANY | NEARLY, min_size=30, max_size=60))
def test_no_cell_whatever_breaks_the_grammar(texts):
    for reading in (amount(COUNT, None), amount(LENGTH, "km"), time(None), time("Europe/Kyiv"), words(LEVELS, {}, "unknown-level")):
        for lo, hi, code in read(reading, texts):
            assert code in FAULTS
            assert not code or (lo is None and hi is None)
            assert lo is None or hi is None or lo <= hi


HOSTILE = [
    "0" * 100_000,
    "9" * 400,
    "1" + "0" * 5000 + " km",
    ">" * 50_000,
    "." * 50_000,
    "1..2" * 10_000,
    "1e-999",
    "2026-" * 10_000,
    "(" * 50_000,
    "=1+1",
    "'; DROP TABLE x; --",
    "$1",
    "{x}",
    "%s",
    "2026-01-15T10:00Z" * 1000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_cells(text):
    for reading in (amount(COUNT, None), amount(LENGTH, None), time(None), words(LEVELS, {}, "unknown-level")):
        assert len(read(reading, [text])) == 1
