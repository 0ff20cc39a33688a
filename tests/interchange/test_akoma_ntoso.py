"""Akoma Ntoso out and in: nothing of an agreement is lost, nothing of a foreign text either, and what goes out is valid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from detente.agreement.load import decoded, parse_agreement
from detente.interchange import from_akoma_ntoso, to_akoma_ntoso
from detente.interchange.node import Node
from detente.interchange.xml import DEEPEST, parse_xml

HERE = Path(__file__).parent
ROOT = Path(__file__).parents[2]
DAY = date(2026, 3, 1)
AGREEMENTS = sorted(p for p in (ROOT / "examples").glob("*/*.md") if p.name != "README.md")
DOCUMENTS = sorted((HERE / "documents").glob("*.xml"))
AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(HERE / "schema" / "akomantoso30.xsd"))


def out(text: str) -> str:
    xml, problems = to_akoma_ntoso(text, "agreement.md", day=DAY)
    assert xml is not None, problems
    return xml


def back(xml: str | bytes) -> str:
    text, problems = from_akoma_ntoso(xml if isinstance(xml, bytes) else xml.encode(), "file.xml")
    assert text is not None, problems
    return text


def body(inner: str) -> bytes:
    return f'<akomaNtoso xmlns="{AKN}" xmlns:detente="urn:detente:agreement:1"><act><body>{inner}</body></act></akomaNtoso>'.encode()


# ---- our own, out and in --------------------------------------------------------


@pytest.mark.parametrize("path", AGREEMENTS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_an_agreement_comes_back_byte_by_byte(path: Path, schema: etree.XMLSchema) -> None:
    text = path.read_text(encoding="utf-8")
    xml = out(text)
    schema.assertValid(etree.fromstring(xml.encode()))
    assert back(xml) == text


def test_the_clauses_are_the_same_after_an_editor_has_set_the_file_anew() -> None:
    text = (ROOT / "examples/arland-borland/agreement.md").read_text(encoding="utf-8")
    tree = etree.fromstring(out(text).encode())
    for element in tree.iter(f"{{{AKN}}}p"):
        element.text = re.sub(r"\s+", "\n              ", element.text or "") or None
    anew = parse_agreement(back(etree.tostring(tree, encoding="utf-16")), "a.md")[0]
    before = parse_agreement(text, "a.md")[0]
    assert anew is not None
    assert before is not None
    for name in ("parties", "life", "evidence", "kinds", "groups"):
        assert re.sub(r"Span\(.*?\)\)|line=\d+|Span\([^()]*\)", "", repr(getattr(anew, name))) == re.sub(
            r"Span\(.*?\)\)|line=\d+|Span\([^()]*\)", "", repr(getattr(before, name))
        )
    assert [r.head.id for r in anew.rules] == [r.head.id for r in before.rules]
    assert [(a.id, a.heading) for a in anew.articles] == [(a.id, a.heading) for a in before.articles]


def test_what_the_elements_are(schema: etree.XMLSchema) -> None:
    xml = out("# T\n\nFirst.\n\n## Article 4\n\n### Paragraph 2 Scope *of it*\n\n- one\n- two\n\n## Aims\n\n| a |\n| - |\n\n- x\n\n  y\n")
    schema.assertValid(etree.fromstring(xml.encode()))
    for part in (
        "<docTitle>T</docTitle>",
        '<article eId="art_4" detente:level="2">',
        "<num>Article 4</num>",
        '<paragraph eId="art_4__para_2" detente:level="3">',
        "<heading>Scope <i>of it</i></heading>",
        '<item eId="art_4__para_2__content__list_1__item_2">',
        '<hcontainer name="heading" eId="hcontainer_1" detente:level="2">',
        '<block name="detente:markdown" eId="hcontainer_1__content__block_1">- x\n\n  y</block>',
    ):
        assert part in xml


def test_the_address_is_made_of_the_parties_and_the_date() -> None:
    text = "# Pact\n\n```rule\nagreement:\n    parties Arland, Borland;\n    enters into force on 2025-01-01.\n```\n"
    xml, _ = to_akoma_ntoso(text, "a.md", country="un", language="eng")
    assert xml is not None
    assert '<FRBRuri value="/akn/un/act/agreement/2025-01-01/pact/eng@"/>' in xml
    assert '<FRBRdate date="2025-01-01" name="entryIntoForce"/>' in xml
    assert xml.count('<FRBRauthor href="#party-arland" as="#author"/>') == 3


def test_no_date_is_made_up() -> None:
    xml, problems = to_akoma_ntoso("# Pact\n", "a.md")
    assert xml is None
    assert [p.code for p in problems] == ["undated"]


def test_what_xml_cannot_hold_is_refused_with_its_line() -> None:
    xml, problems = to_akoma_ntoso("# Pact\n\nA \ufffe.\n", "a.md", day=DAY)
    assert xml is None
    assert [(p.code, p.span.line if p.span else 0) for p in problems] == [("control-character", 3)]


LINES = st.one_of(
    st.sampled_from(
        [
            "# A",
            "## Article 1",
            "## Article 1 (x)",
            "### Paragraph 2",
            "#### *b* #",
            "## \\#",
            "Title\n===",
            "- a",
            "- b",
            "  c",
            "1. x",
            "2) y",
            "    code",
            "> q",
            "---",
            "***",
            "```rule\nrule 1: x.\n```",
            '```case "a"\n```',
            "```\n# no\n```",
            "```rule\nnever closed",
            "a *b* **c** `d` [e](f) <g> &amp; \\*",
            "\\",
            "[a]: b",
            "<!-- x -->",
            "![i](j)",
            "*",
            "_a_",
            "a_b",
            "two  blanks ",
            "\ttab",
        ]
    ),
    st.text(alphabet="ab *_`[]()<>#&;\\-+=1.)~!\n|é", max_size=20),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=8), st.sampled_from(("\n", "\n\n")))
def test_any_markdown_comes_back_the_same_the_second_time(lines: list[str], between: str) -> None:
    text, problem = decoded(between.join(lines).encode(), "a.md")
    assert text is not None, problem
    once = back(out(text))
    assert back(out(once)) == once
    assert words(once) == words(text)
    assert blocks(once) == blocks(text)


def words(markdown: str) -> str:
    """All characters but white space, the marks of headings, and the lines under them."""
    return re.sub(r"[\s#=-]", "", markdown)


def blocks(markdown: str) -> list[str]:
    agreement, problems = parse_agreement(markdown, "a.md")
    return sorted({problem.code for problem in problems}) if agreement is None else [rule.head.id for rule in agreement.rules]


# ---- from others ----------------------------------------------------------------


def said(node: Node) -> Iterator[str]:
    """All text outside of metadata, and that of notes."""
    for part in node.parts:
        if isinstance(part, str):
            yield part
        elif part.name == "notes" or part.name != "meta":
            yield from said(part)
        else:
            yield from (text for note in part.walk() if note.name == "notes" for text in said(note))


def characters(text: str) -> list[str]:
    """The characters of a text in any order, without those that Markdown adds."""
    return sorted(re.sub(r"[\s|*`\\#-]", "", text))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.stem)
def test_a_foreign_document_keeps_every_character_and_heading(path: Path, schema: etree.XMLSchema) -> None:
    root, _ = parse_xml(path.read_bytes(), path.name)
    assert root is not None
    text = back(path.read_bytes())
    assert characters(text) == characters("".join(said(root)))
    headings = [" ".join(n.text.split()) for n in root.walk() if n.name == "heading"]
    assert headings
    found = "\n".join(line for line in text.split("\n") if line.startswith("#")).replace("*", "")
    assert [h for h in headings if h not in found] == []
    again = out(text)
    schema.assertValid(etree.fromstring(again.encode()))
    assert back(again) == text


def test_how_an_act_reads() -> None:
    text = back((HERE / "documents" / "act.xml").read_bytes())
    assert "\n# Act on border markers\n" in text
    assert "\nNo. 7 of 5 January 2026\n" in text
    assert (
        "\n## CHAPTER I Markers\n\n### 1. Survey *of markers*\n\n(1) The surveyor shall\n**measure**, by Act 1:\n\n(a) stones \\* and # posts;\n"
        in text
    )
    assert "\n(b) \\# and 1. every \\`mark\\`.\n\nSaid beside.\n" in text
    assert "\n### Art. 2\n\n1. In Act 1, after section 3 insert:\n\n#### 3A Posts\n\nPosts count.\n\nas quoted.\n" in text
    assert "\nDistances\n\n| Marker | km |\n| --- | --- |\n| A\\|B | 1.5 |\n" in text
    assert text.endswith("\nDone at Port Arland.\n\nA note from the end of the page.\n")


def test_unknown_elements_keep_their_text_and_are_named_once() -> None:
    raw = (HERE / "documents" / "debate.xml").read_bytes()
    text, problems = from_akoma_ntoso(raw, "debate.xml")
    assert text is not None
    assert "A sum is x+1." in text
    assert "What stands in a banner stays.\n\nSo does the second line.\n" in text
    assert {(p.code, p.severity) for p in problems} == {("unknown-element", "warning")}
    named = [re.search("<(.*?)>", p.message)[1] for p in problems]  # type: ignore[index]
    assert named == ["math", "mi", "mo", "mn", "banner"]
    assert problems[-1].span is not None
    assert problems[-1].span.line == 13


def test_text_of_others_makes_no_rule_heading_or_list() -> None:
    hostile = "```rule\nrule 1: x.\n```"
    for text in (hostile, "# no heading", "- no list", "> no quotation", "[x]: /y", "---", "~~~rule\nx\n~~~", "1. no list"):
        markdown = back(body(f"<hcontainer><content><p>{text}</p></content></hcontainer>"))
        assert "<p " in out(markdown), text
        assert back(out(markdown)) == markdown
        agreement, problems = parse_agreement(markdown, "a.md")
        assert agreement is None or agreement.rules == ()
        assert [p.code for p in problems if p.code in ("unclosed-block", "syntax")] == []


def test_a_rule_that_holds_fences_stays_in_one() -> None:
    markdown = back(
        body('<hcontainer><content><foreign><detente:rule about="a`b">-- ```\n</detente:rule></foreign></content></hcontainer>')
    )
    assert markdown == "````rule ab\n-- ```\n````\n"


# ---- hostile ----------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><akomaNtoso xmlns="{AKN}">&l9;</akomaNtoso>'.encode(), "document-type"),
        (f'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/hostname">]><akomaNtoso xmlns="{AKN}">&f;</akomaNtoso>'.encode(), "document-type"),
        (f'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><akomaNtoso xmlns="{AKN}"/>'.encode(), "document-type"),
        (f'<akomaNtoso xmlns="{AKN}">&undefined;</akomaNtoso>'.encode(), "not-xml"),
        (b"", "not-xml"),
        (b"<akomaNtoso>", "not-xml"),
        (b"\x00\xff\xfe", "not-xml"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "not-xml"),
        (b'<?xml version="1.0" encoding="base64"?><a/>', "not-xml"),
        (b"<akomaNtoso/>", "not-akoma-ntoso"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "not-akoma-ntoso"),
        (body("<paragraph>" * DEEPEST + "</paragraph>" * DEEPEST), "nested-too-deep"),
    ],
)
def test_what_is_refused(raw: bytes, code: str) -> None:
    text, problems = from_akoma_ntoso(raw, "file.xml")
    assert text is None
    assert [p.code for p in problems] == [code]
    assert problems[0].span is not None
    assert problems[0].help or code == "not-xml"


def test_the_deepest_that_is_read() -> None:
    many = DEEPEST - 4
    assert back(body("<paragraph><num>1.</num>" * many + "<p>x</p>" + "</paragraph>" * many)).endswith("1. x\n")


def test_a_hostile_paragraph_takes_no_squared_time() -> None:
    for mark in ("[", "*", "_a", "`", "![", "](", "&lt;a ", "[a](", " ", "#", "\\"):
        markdown = back(body(f"<hcontainer><content><p>{mark * 200_000}<i>x</i></p></content></hcontainer>"))
        assert back(out(markdown)) == markdown
