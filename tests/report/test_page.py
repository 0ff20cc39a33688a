"""The report as one file: what is in it, what is not, and that everything in it is escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from detente.model.dossier import Dossier
from detente.model.dossier import Tested as Named
from detente.report.page.grid import grid
from detente.report.page.look import standalone
from detente.report.page.map import chart, draw
from detente.report.page.markup import Markup, tag, text
from detente.report.page.page import report_html
from detente.report.page.prose import prose_html
from detente.report.page.speech import LANGUAGES, Speech, _said
from detente.report.page.timeline import NARROW, timeline
from detente.report.page.view import Chapter, address
from report.dossier_sample import DOSSIER, poisoned

ENGLISH = Speech("en")


class Read(HTMLParser):
    """Elements and attributes of a page, and the text of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def page() -> str:
    return report_html([DOSSIER])


def test_first_sentence_states_every_outcome(page: str) -> None:
    (heading,) = re.findall(r"<h1[^>]*>([^<]+)</h1>", page)
    for said in ("two are breached", "one is disputed", "two are unverified", "three are kept", "one is left open by the text"):
        assert said in heading


def test_one_file_without_script_or_request(page: str) -> None:
    found = Read(page)
    names = {name for name, _ in found.elements}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "input", "button", "base", "audio", "video"}
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page
    for _, attributes in found.elements:
        assert not any(name.startswith("on") or name == "src" for name in attributes)
        address_of = attributes.get("href") or attributes.get("xlink:href") or "#"
        assert address_of.startswith(("#", "https://example.org/"))
    assert not re.search(r"url\((?!data:font/woff2|#)", page)
    assert "@import" not in page


def test_ids_are_unique_and_links_lead_somewhere(page: str) -> None:
    ids = [a["id"] for _, a in Read(page).elements if "id" in a]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for _, a in Read(page).elements if (a.get("href") or "").startswith("#")}  # type: ignore[index]
    assert targets <= set(ids)


def test_all_that_a_reader_needs_is_there(page: str) -> None:
    words = " ".join(Read(page).words.split())
    for said in (
        "Incidents at sea: Arland and Borland", "1 December 2025 – 1 March 2026", "5 March 2026, 12:00 UTC", "412 statements, 6 sources",
        "2 rows left out", "no register is stated complete, and no coverage, for: exercise", "7c211433 f0207159", "accounts differ", "99%", "0%", "3 cases",
        "9,400 troops", "44 days before", "A-117", "takes part", "did Arland notify Borland before 2026-01-09?", "otherwise kept",
        "the track of the ship Heron", "Borland: none: it has not spoken in this record", "Natural Earth, public domain", "SIL Open Font License",
        "Borland: nobody says whose", "1 occasion has no date", "Declaratory, without a rule: 1, 7.",
    ):  # fmt: skip
        assert said in words, said


def test_what_was_not_seen_is_hatched() -> None:
    drawing = timeline(DOSSIER, ENGLISH)
    assert drawing.count('class="unseen"') == 5  # Arland: before and after the register; Borland: before, between and after
    assert timeline(replace(DOSSIER, watches=()), ENGLISH).count('class="unseen"') == 2
    assert not timeline(replace(DOSSIER, occurrences=()), ENGLISH)
    assert timeline(DOSSIER, ENGLISH, NARROW).startswith("<svg")


def test_map_draws_what_the_case_draws_and_no_border() -> None:
    found = chart(DOSSIER)
    assert found is not None
    drawing = draw(found, DOSSIER, ENGLISH)
    assert [drawing.count(f'class="{c}"') for c in ("land", "zone", "zone-d", "path path-gap")] == [1, 1, 1, 1]
    assert "the isle; Arland: Arland; Borland: -" in drawing
    assert [(m.number, m.name) for m in found.marks] == [(1, "Estonia"), (2, "Tarn")]
    bare = replace(DOSSIER, occurrences=(), drawings=(), paths=())
    assert chart(bare) is None
    assert "Nobody states a place" in report_html([bare])


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_codes_in_every_language(language: str) -> None:
    page = report_html([DOSSIER], language)
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    marks = re.findall(r'href="#v-([a-z]+)"', page)
    assert marks == re.findall(r'href="#v-([a-z]+)"', report_html([DOSSIER]))
    assert ("unreviewed translation" in page) is (language != "en")
    assert ("authentic" in page) is (language != "en")


def test_every_text_has_the_same_gaps_in_each_language() -> None:
    def gaps(said: object) -> list[set[str]]:
        forms = said.values() if isinstance(said, dict) else [said]
        return [set(re.findall(r"\{(\w+)\}", str(form))) for form in forms]

    for code, said in _said().items():
        if code != "_cited":
            wanted = set().union(*(g for words in said.values() for g in gaps(words)))
            for words in said.values():
                assert all(found <= wanted for found in gaps(words)), code
                assert set().union(*gaps(words)) == wanted or not words, code


# ---- hostile input ------------------------------------------------------------------

PAYLOAD = "</title></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>&lt;\u202e\u2066\u0000"


def test_nothing_from_outside_becomes_markup() -> None:
    clean, dirty = Read(report_html([DOSSIER])), Read(report_html([poisoned(DOSSIER, lambda s: s + PAYLOAD)]))
    assert not {name for name, _ in dirty.elements} - {name for name, _ in clean.elements}
    assert not [a for _, attributes in dirty.elements for a in attributes if a.startswith("on")]
    assert "<U+202E>" in dirty.words
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u0000]", dirty.words)


def test_drawings_escape_too() -> None:
    bad = poisoned(DOSSIER, lambda s: s + PAYLOAD)
    found = chart(bad)
    assert found is not None
    for drawing in (draw(found, bad, ENGLISH), timeline(bad, ENGLISH), grid(Chapter(bad, ENGLISH, 1))):
        whole = standalone(drawing)
        assert "<script" not in whole
        assert "<img" not in whole
        assert " onload" not in re.sub(r'"[^"]*"|>[^<]*<', "", whole)


@pytest.mark.parametrize(
    ("cite", "is_linked"),
    [("https://a.org/x", True), ("HTTP://a.org", True), ("javascript:alert(1)", False), ("https://", False), ("https://[x", False),
     ("data:text/html,x", False), ("https://a.org/ x", False), ("press release", False), (None, False)],
)  # fmt: skip
def test_only_pages_are_linked(cite: str | None, is_linked: bool) -> None:
    assert (address(cite) is not None) is is_linked


def test_markup_escapes_all_but_itself() -> None:
    assert tag("a", "<b>", tag("i", "x"), href='"') == '<a href="&quot;">&lt;b&gt;<i>x</i></a>'
    assert text("a\u202eb") == "a&lt;U+202E&gt;b"
    assert text(Markup("<b>")) == "<b>"


# ---- prose ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prose", "html"),
    [
        ("One *two*\nthree.\n\nFour", "<p>One <em>two</em>\nthree.</p><p>Four</p>"),
        ("1. a\n2. b `c*d`", "<ul><li>1. a</li><li>2. b <code>c*d</code></li></ul>"),
        ("5 * 3 and *open <b>", "<p>5 * 3 and *open &lt;b&gt;</p>"),
        ("*a\n\nb*", "<p>*a</p><p>b*</p>"),
        ("", ""),
    ],
)
def test_prose(prose: str, html: str) -> None:
    assert prose_html(prose) == html


def test_tested_words_are_underlined() -> None:
    assert prose_html("all *troops* move", (Named(5, 11, "1"), Named(13, 17, "1"))) == "<p>all <em><u>troops</u></em> <u>move</u></p>"


def test_several_agreements_in_one_report() -> None:
    page = report_html([DOSSIER, DOSSIER])
    ids = [a["id"] for _, a in Read(page).elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert page.count("<h1") == 2


def test_many_parties_share_columns() -> None:
    from report.sample import many_parties

    verdicts = many_parties()
    many: Dossier = replace(DOSSIER, verdicts=verdicts, parties=tuple(p for a in verdicts.accounts for p in a.parties))
    words = " ".join(Read(report_html([many])).words.split())
    assert "28 other parties" in words
    assert "more parties without a dated occasion" in words
