"""The kinds that ship with the package, and the files they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.model.kind import ORDERED
from detente.vocabulary import kinds as room
from detente.vocabulary.kinds import BrokenVocabularyError, load_kinds, read_kind
from detente.vocabulary.page import kinds_page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "kinds.md"
MESSAGES = (
    "notification",
    "inquiry",
    "request",
    "reply",
    "annual-calendar",
    "data-exchange",
    "assessment",
    "invitation",
    "hotline-message",
)
RESERVED = {
    "kind",
    "source",
    "says",
    "event",
    "target",
    "id",
    "base",
    "own",
    "said",
    "published",
    "line",
    "file",
    "said-at",
    "published-at",
    "quote",
    "language",
}
"""Columns that every evidence table has: no field may be called so."""
LABELS = {"party": {"en": "party", "ru": "сторона"}, "start": {"en": "start", "ru": "начало"}}
DRILL = "name: drill\ngenus: event\nlabels: {en: drill, ru: тренировка}\nplural: drills\nhappens: start\nfields:\n  party: {type: party}\n  start: {type: time}\n"


def test_what_the_shared_mechanisms_need_is_there() -> None:
    needed = [
        "exercise",
        "notification",
        "inquiry",
        "reply",
        "request",
        "response",
        "consultation",
        "meeting",
        "consent",
        "deployment",
        "forces",
        "missile",
        "nuclear-deployment",
        "accession",
        "invitation",
        "transfer",
        "activity",
        "base",
        "cooperation",
        "flight",
        "port-visit",
        "transit",
        "launch",
        "test",
        "sanction",
        "declaration",
        "assessment",
        "doctrine",
        "withdrawal",
        "suspension",
        "ratification",
        "extension",
        "strike",
        "attack",
        "incident",
        "inspection",
        "annual-calendar",
        "data-exchange",
        "inventory",
        "change",
        "training",
        "deployed-warhead",
        "deployed-delivery-vehicle",
        "launcher",
        "removal",
        "elimination",
        "territory",
        "warship",
        "aircraft",
        "encounter",
        "perception",
        "objection",
        "signature",
    ]
    assert set(needed) <= set(load_kinds())


@pytest.mark.parametrize("name", sorted(load_kinds()))
def test_every_kind_is_whole(name: str) -> None:
    kind = load_kinds()[name]
    assert kind.labels["en"]
    assert kind.labels["ru"]
    assert kind.fields["party"].type == "party"
    assert not RESERVED & set(kind.fields)
    for field in kind.fields.values():
        assert set(field.labels) == {"en", "ru"}
        assert field.is_ordered == (field.type in ORDERED)
    if kind.genus != "stock":
        assert kind.happens in kind.fields
        assert kind.verbs


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_are_received_by_their_recipient(name: str) -> None:
    kind = load_kinds()[name]
    assert kind.happens == "received"
    assert kind.acts == ("party", "recipient")
    assert kind.fields["sent"].type == kind.fields["received"].type == "time"


def test_loading_twice_gives_the_same_mapping() -> None:
    assert load_kinds() is load_kinds()


def test_a_kind_is_read() -> None:
    assert read_kind(DRILL, "drill.yaml", LABELS).happens == "start"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("genus: event", "genus: accident", "genus is event, thing or stock"),
        ("happens: start", "happens: begin", "happens names a time field"),
        ("happens: start", "happens: party", "happens names a time field"),
        ("plural: drills\n", "", "expected a word"),
        ("plural", "plurals", "unknown key 'plurals'"),
        ("type: time", "type: moment", "unknown type"),
        ("type: time", "type: time, unit: furlong", "units are"),
        ("type: time", "type: scale", "has levels"),
        ("type: party", "type: party, levels: [a, b]", "has levels"),
        ("  start:", "  begin: {type: time}\n  start:", "no labels for begin"),
        ("name: drill", "name: Drill", "not a name"),
        ("labels: {en: drill, ru: тренировка}", "labels: {en: drill}", "en and ru"),
        ("fields:", "acts: [start]\nfields:", "acts names party fields"),
        ("fields:", "verbs:\n  - {base: run, third: runs, participle: run, takes: all}\nfields:", "takes itself or about"),
        ("fields:", "verbs:\n  - {base: run, third: runs, participle: run, takes: about}\nfields:", "no field about"),
        (
            "fields:",
            "verbs:\n  - {base: run, third: runs, participle: run, takes: itself, prepositions: {to: recipient}}\nfields:",
            "not a field",
        ),
        ("name: drill", "[", "drill.yaml"),
    ],
)
def test_a_broken_file_is_refused(old: str, new: str, words: str) -> None:
    assert old in DRILL
    with pytest.raises(BrokenVocabularyError, match=words):
        read_kind(DRILL.replace(old, new, 1), "drill.yaml", LABELS)


def test_field_labels_are_all_used() -> None:
    used = {field for kind in load_kinds().values() for field in kind.fields}
    assert set(room._field_labels()) == used


def test_the_reference_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == kinds_page(), "run: python -m detente.vocabulary.page > docs/reference/kinds.md"
