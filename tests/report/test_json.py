"""The verdict file: the same bytes for the same verdicts, read back whole, and nothing else accepted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from detente.model.verdict import Outcome, Verdicts
from detente.report.json import NotVerdicts, explanations_json, parse_verdicts, read_verdicts, schema, verdicts_json
from report.sample import EXPLANATION, VERDICTS, WITH_SPELLS, article, many_parties, rule

DOCS = Path(__file__).parents[2] / "docs" / "reference"
GOOD = verdicts_json(VERDICTS)


def _with_spells() -> Verdicts:
    ceiling = replace(rule("40", "Ceiling", Outcome.KEPT, None, "kko"), instances=(WITH_SPELLS,))
    return replace(VERDICTS, articles=(article("40", "", ceiling),))


@pytest.mark.parametrize("verdicts", [VERDICTS, many_parties(), _with_spells()], ids=["three", "thirty", "spells"])
def test_what_is_written_is_read(verdicts: Verdicts, tmp_path: Path) -> None:
    file = tmp_path / "verdicts.json"
    file.write_bytes(verdicts_json(verdicts))
    assert read_verdicts(file) == verdicts
    assert verdicts_json(read_verdicts(file)) == file.read_bytes()


def test_order_of_accounts_in_a_vote_does_not_show() -> None:
    turned = replace(VERDICTS, sources=dict(reversed(list(VERDICTS.sources.items()))))
    assert verdicts_json(turned) == GOOD


def test_times_are_written_as_the_utc_they_are() -> None:
    naive = replace(WITH_SPELLS, due=(datetime(2026, 1, 9), None), spells=(replace(WITH_SPELLS.spells[0], start=datetime(2026, 2, 1)),))
    ceiling = replace(rule("40", "Ceiling", Outcome.KEPT, None, "kko"), instances=(naive,))
    abroad = datetime(2026, 3, 5, 13, tzinfo=timezone(timedelta(hours=1)))
    read = parse_verdicts(verdicts_json(replace(VERDICTS, known_on=abroad, articles=(article("40", "", ceiling),))))
    assert read.known_on == VERDICTS.known_on
    assert read.articles[0].rules[0].instances[0].due == (datetime(2026, 1, 9, tzinfo=UTC), None)


def test_formatting_may_differ() -> None:
    assert parse_verdicts(json.dumps(json.loads(GOOD), sort_keys=True).encode()) == VERDICTS


BAD = {
    "empty": b"",
    "half": GOOD[: len(GOOD) // 2],
    "binary": bytes(range(256)),
    "wrong encoding": GOOD.replace(b"Incidents", b"Incid\xe9nts"),
    "list": b"[]",
    "other schema": GOOD.replace(b"detente-verdicts/1", b"detente-verdicts/2"),
    "deep list": b"[" * 1_000_000,
    "deep object": b'{"schema":' * 1_000_000,
    "deep unknown field": GOOD.replace(b'"title"', b'"x": ' + b"[" * 100_000 + b"]" * 100_000 + b', "title"', 1),
    "unknown field outside": GOOD.replace(b'"verdicts": {', b'"note": 1, "verdicts": {', 1),
    "unknown field inside": GOOD.replace(b'"title"', b'"subtitle": "x", "title"', 1),
    "repeated field": GOOD.replace(b'"title"', b'"title": "x", "title"', 1),
    "missing field": GOOD.replace(b'"standard"', b'"standart"', 1),
    "unknown outcome": GOOD.replace(b'"disputed"', b'"doubtful"'),
    "number as text": GOOD.replace(b'"statements": 412', b'"statements": "412"'),
    "number too large": GOOD.replace(b'"statements": 412', b'"statements": ' + b"9" * 5000),
    "not a number": GOOD.replace(b'"statements": 412', b'"statements": NaN'),
    "flag as number": GOOD.replace(b'"counterfactual": false', b'"counterfactual": 0'),
    "time without zone": GOOD.replace(b"2026-03-05T12:00:00Z", b"2026-03-05T12:00:00"),
    "time in another zone": GOOD.replace(b"2026-03-05T12:00:00Z", b"2026-03-05T12:00:00+02:00"),
    "due without zone": GOOD.replace(b"2026-01-09T00:00:00Z", b"2026-01-09T00:00:00", 1),
    "impossible date": GOOD.replace(b"2026-03-05T12:00:00Z", b"2026-02-30T12:00:00Z"),
    "zone that is a path": GOOD.replace(b'"time_zone": "UTC"', b'"time_zone": "../../etc/passwd"'),
    "trailing text": GOOD + b"{}",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_anything_else_is_refused_in_a_sentence(bad: bytes) -> None:
    assert bad != GOOD
    with pytest.raises(NotVerdicts) as refused:
        parse_verdicts(bad)
    assert 0 < len(str(refused.value)) < 300


def test_explanations_name_their_question() -> None:
    document = json.loads(explanations_json(VERDICTS, [EXPLANATION]))
    assert document["schema"] == "detente-explanations/1"
    assert document["evidence_digest"] == VERDICTS.evidence_digest
    assert document["explanations"][0]["verdict"]["id"] == "40#west-26>borland"
    assert list(document["explanations"][0]["cited"]) == ["A-101", "A-117", "B-33", "S-7"]


def test_documented_schema_is_current() -> None:
    """`python -m detente.report.json > docs/reference/verdicts.schema.json` writes it anew."""
    assert (DOCS / "verdicts.schema.json").read_bytes() == schema()


def test_schema_names_times_and_closes_documents() -> None:
    document = json.loads(schema())
    assert document["$defs"]["Verdicts"]["properties"]["as_of"]["format"] == "date-time"
    assert document["$defs"]["VerdictsDocument"]["additionalProperties"] is False
    assert set(document["discriminator"]["mapping"]) == {"detente-verdicts/1", "detente-explanations/1"}
