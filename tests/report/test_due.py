"""What is owed, in words, as a table, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.cells import cell_len

from detente.model.owed import Owed, OwedState
from detente.report.due import MOST_SHOWN, due_text, summary
from detente.report.due_csv import due_csv
from detente.report.due_json import DueDocument, due_json, schema
from detente.report.due_words import stands, when, whose
from report.due_sample import ANSWER, DUE, EXPIRY, ON, OVERDUE, day, listed, moment

DOCS = Path(__file__).parents[2] / "docs" / "reference"

# ---- words ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ((day("2026-01-09"), day("2026-01-09")), "2026-01-09"),
        ((day("2026-01-09"), day("2026-01-14")), "2026-01-09 to 2026-01-14"),
        ((moment("2026-02-20"), day("2026-02-20")), "2026-02-20"),
        ((moment("2026-02-25T10:05"), moment("2026-02-25T10:05")), "2026-02-25 10:05 UTC"),
        ((moment("2026-02-25T00:00"), moment("2026-02-25T00:00")), "2026-02-25 00:00 UTC"),
        ((moment("2026-02-25T10:05:07"), moment("2026-02-25T12:00")), "2026-02-25 10:05:07 UTC to 2026-02-25 12:00 UTC"),
        ((None, day("2026-01-14")), "2026-01-14, or earlier"),
        ((day("2026-01-14"), None), "2026-01-14, or later"),
        ((None, None), "no date known"),
    ],
)
def test_when(due: tuple[datetime | None, datetime | None], words: str) -> None:
    assert when(replace(OVERDUE, due=due), "UTC") == words


def test_when_on_another_clock_and_strictly_before() -> None:
    last = datetime(2026, 1, 9, 22, 59, 59, 999999, tzinfo=UTC)
    assert when(replace(OVERDUE, due=(last, last)), "Europe/Vienna") == "2026-01-09"
    assert when(ANSWER, "Europe/Vienna") == "2026-02-25 11:05 Europe/Vienna"
    assert when(replace(OVERDUE, is_strict=True), "UTC") == "before 2026-01-09"
    assert when(EXPIRY, "UTC") == "2027-01-01"
    assert when(replace(EXPIRY, due=(day("2026-07-01"),) * 2), "UTC") == "2026-07-01"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (OVERDUE, "overdue"),
        (ANSWER, "due"),
        (replace(OVERDUE, state=OwedState.OVERDUE_IF), 'overdue if 40 applies to exercise "West-26"'),
        (replace(OVERDUE, state=OwedState.OVERDUE_IF, happens=(ON, day("2026-03-01"))), 'overdue if exercise "West-26" takes place'),
        (replace(OVERDUE, state=OwedState.DUE_IF, happens=(None, None)), 'owed if exercise "West-26" takes place'),
        (replace(OVERDUE, state=OwedState.DUE_IF, occasion=None), "owed if 40 applies"),
        (replace(ANSWER, kind="consequence", rule="41.else", state=OwedState.DUE_IF), "owed if 41 was breached"),
        (EXPIRY, "date of the agreement"),
    ],
)
def test_how_it_stands(row: Owed, words: str) -> None:
    assert stands(row, ON) == words


def test_in_whose_account() -> None:
    assert whose(ANSWER) == "in all accounts"
    assert whose(OVERDUE) == "in Borland's account; performed in Arland's account; no telling in neutrals' account"
    many = replace(OVERDUE, accounts=("A", "B", "C", "D", "E"), performed_in=(), no_telling_in=("F", "G"))
    assert whose(many) == "in the accounts of A, B, C and 2 more; no telling in the accounts of F and G"


# ---- table -----------------------------------------------------------------------


def test_a_duty_counts_once_at_its_gravest() -> None:
    elsewhere = replace(OVERDUE, state=OwedState.PERHAPS_OVERDUE, accounts=("neutrals",))
    assert summary(listed(elsewhere, OVERDUE, ANSWER, EXPIRY)) == (
        "Of two duties owed, one is overdue and one is due. One date of the agreement lies ahead."
    )
    assert summary(listed(ANSWER)) == "One duty is due."
    assert summary(listed(ANSWER, replace(ANSWER, id="41#q-2"))) == "Two duties are due."
    assert summary(listed()) == "No duty is owed."
    assert summary(listed(EXPIRY, replace(EXPIRY, id="x"))) == "No duty is owed. Two dates of the agreement lie ahead."


@pytest.mark.parametrize("width", [40, 80, 100, 130, 300])
def test_no_line_is_wider_than_the_page_and_nothing_is_cut(width: int) -> None:
    text = due_text(DUE, width=width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert text.endswith("\n")
    flat = "".join(text.split())
    for words in ("2026-01-09", "West-26", "2026-02-25", "2027-01-01", "Borland'saccount"):
        assert words in flat


def test_rows_stand_in_the_order_of_the_list() -> None:
    text = due_text(DUE)
    assert text.index("2026-01-09") < text.index("2026-02-25") < text.index("2027-01-01")


def test_a_long_list_says_how_much_is_left_out() -> None:
    many = listed(*(replace(ANSWER, id=f"41#q-{n}") for n in range(MOST_SHOWN + 7)))
    assert "\n7 more; --format csv lists them all.\n" in due_text(many)


def test_marks_that_turn_text_around_are_written_out() -> None:
    assert "<U+202E>" in due_text(listed(replace(OVERDUE, occasion="a\u202eb")))


# ---- CSV -------------------------------------------------------------------------


def test_a_csv_row_for_each_row() -> None:
    late, answer, expiry = csv.DictReader(io.StringIO(due_csv(DUE)))
    assert (late["state"], late["due_until"], late["instance"]) == ("overdue", "2026-01-09T23:59:59.999999+00:00", "40#west-26>borland")
    assert (late["accounts"], late["in_all_accounts"], late["performed_in"], late["no_telling_in"]) == (
        "Borland",
        "no",
        "Arland",
        "neutrals",
    )
    assert (answer["accounts"], answer["in_all_accounts"]) == ("Arland; Borland; neutrals", "yes")
    assert (expiry["kind"], expiry["act"], expiry["bearer"]) == ("expiry", "", "")


def test_no_cell_is_a_formula() -> None:
    bad = listed(replace(OVERDUE, occasion='=HYPERLINK("http://x")', bearer="+1", recipient="@x", title="-2"))
    cells = [cell for row in csv.reader(io.StringIO(due_csv(bad))) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]


# ---- JSON ------------------------------------------------------------------------


def test_json_says_all_of_it() -> None:
    written = due_json(DUE)
    assert msgspec.json.decode(written, type=DueDocument).due == DUE
    assert written == due_json(replace(DUE))
    assert json.loads(written)["due"]["owed"][0]["due"] == ["2026-01-09T23:59:59.999999Z"] * 2


def test_json_holds_no_mark_that_could_steer_a_terminal() -> None:
    assert "\u202e" not in due_json(listed(replace(OVERDUE, occasion="a\u202eb"))).decode()


def test_the_schema_in_the_reference_is_current() -> None:
    assert (DOCS / "due.schema.json").read_bytes() == schema()


def test_the_schema_describes_what_is_written() -> None:
    whole = json.loads(schema())
    written = json.loads(due_json(DUE))
    assert fits(written, whole, whole["$defs"]) == []
    written["due"]["owed"][0]["state"] = "forgotten"
    del written["due"]["title"]
    assert len(fits(written, whole, whole["$defs"])) == 2


def fits(value: Any, shape: dict[str, Any], defs: dict[str, Any]) -> list[str]:
    """What of a value contradicts the part of JSON Schema that the schema uses."""
    if "$ref" in shape:
        return fits(value, defs[shape["$ref"].rsplit("/", 1)[1]], defs)
    if "anyOf" in shape:
        faults = [fits(value, one, defs) for one in shape["anyOf"]]
        return [] if [] in faults else faults[0]
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None), "number": float}
    if "type" in shape and not isinstance(value, kinds[shape["type"]]):
        return [f"{value!r} is no {shape['type']}"]
    if "enum" in shape and value not in shape["enum"]:
        return [f"{value!r} is none of {shape['enum']}"]
    found = [f"{name} is missing" for name in shape.get("required", ()) if name not in value]
    if isinstance(value, dict):
        inner = shape.get("properties", {})
        found += [fault for name, part in value.items() if name in inner for fault in fits(part, inner[name], defs)]
    if isinstance(value, list):
        each = shape.get("prefixItems") or [shape.get("items", {})] * len(value)
        found += [fault for part, one in zip(value, each, strict=False) if isinstance(one, dict) for fault in fits(part, one, defs)]
    return found
