"""What the room answers over a text and a place, without a protocol."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.agreement.fix import fix_document
from detente.agreement.load import parse_agreement
from detente.agreement.parse import parser
from detente.editor.complete import complete
from detente.editor.define import definition
from detente.editor.diagnose import diagnose
from detente.editor.find import find
from detente.editor.fixes import fixes
from detente.editor.hover import hover
from detente.editor.lens import Judged, RuleSeen, judged_from, lenses
from detente.editor.outline import Entry, outline
from detente.editor.phrases import OPEN, phrases
from detente.editor.positions import Position, read_text
from detente.editor.reading import read
from detente.editor.rename import Edit, NotRenamable, renamable, rename
from detente.editor.rewrite import rewrite
from editor.marked import AGREEMENT, at, on, with_rule

EXAMPLES = Path(__file__).parents[2] / "examples"


def offered(rule: str) -> list[str]:
    return [s.name.text for s in complete(*at(with_rule(rule)))]


def shown(word: str, nth: int = 1, within: int = 1, text: str = AGREEMENT) -> str:
    found = hover(*on(text, word, nth, within))
    return "" if found is None else found.text


def applied(text: str, edits: tuple[Edit, ...]) -> str:
    source = read_text(text)
    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
        text = text[: source.offset(edit.range.start)] + edit.text + text[source.offset(edit.range.end) :]
    return text


# ---- problems ------------------------------------------------------------------------------


def test_problems_are_those_of_the_command_line() -> None:
    text = with_rule("rule 4.1: no Party shall conduct an exercize X.\nrule 4.2: no Party shall hold.")
    found = diagnose(text)
    assert [d.code for d in found] == [p.code for p in parse_agreement(text, "")[1]]
    unknown = next(d for d in found if d.code == "unknown-kind")
    assert "did you mean `exercise`?" in unknown.text
    source = read_text(text)
    assert text[source.offset(unknown.range.start) : source.offset(unknown.range.end)] == "exercize"


def test_ranges_after_cyrillic_emoji_and_bidi_text() -> None:
    text = with_rule('rule 4.1 "Учения 😀 אבג": no Party shall conduct an exercize X.')
    unknown = next(d for d in diagnose(text) if d.code == "unknown-kind")
    line = text.split("\n")[unknown.range.start.line]
    assert line.encode("utf-16-le")[2 * unknown.range.start.character : 2 * unknown.range.end.character].decode("utf-16-le") == "exercize"


def test_a_mark_that_turns_text_is_one_problem_at_its_place() -> None:
    found = diagnose(with_rule('rule 4.1 "😀\u202e": no Party shall conduct an exercise X.'))
    assert [d.code for d in found] == ["control-character"]
    assert found[0].range.start.character == len('rule 4.1 "') + 2


def test_notes_without_blocks_are_left_alone() -> None:
    assert diagnose("# Notes\n\n\u202e nothing here") == ()
    assert read("# Notes\n\nnothing here") is None


# ---- completion ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("|", {"rule", "define", "agreement", "evidence", "phase"}),
        ("rule 4: no Party shall |", {"conduct", "hold", "deploy"}),
        ("rule 4: no Party shall conduct an |", {"exercise", "gathering", "Party"}),
        ("rule 4: no Party shall conduct an exercise X where X.|", {"X.troops", "X.level", "X.start"}),
        ("rule 4: no Party shall hold a gathering G where G.s|", {"G.size", "G.start"}),
        ("rule 4: no Party shall conduct an exercise X where X.level is at l|", {"at least"}),
        ("rule 4: no Party shall conduct an exercise X where X.level is at least |", {"battalion", "brigade"}),
        ("rule 4: no Party shall deploy a missile M where M.range is at least 500 |", {"km", "nm"}),
        ("rule 4: no Party shall conduct an exercise X where X.area overlaps |", {"border-strip", "the territory of"}),
        ("rule 4: no Party P in |", {"NATO", "CSTO"}),
        ("rule 4: each Party that |", {"conducts", "holds"}),
        ("rule 4: no Party shall conduct an exercise X where X is |", {"live-fire"}),
        ("rule 4: if A breaches |", {"3.1", "3.2", "3"}),
        ("rule 4: if A breaches article |", {"3"}),
        ("rule 4: each Party that conducts an exercise X shall notify X to every other Party at least 42 days before |", {"X.start", "X"}),
        ("evidence: account of each Party: its own statements then |", {"monitors", "sensors"}),
        ("rule 4: nonsense here.\n\nru|", {"rule"}),
    ],
)
def test_what_may_stand_here(rule: str, expected: set[str]) -> None:
    assert expected <= set(offered(rule))


def test_what_may_not_stand_here_is_not_offered() -> None:
    assert "km" not in offered("rule 4: no Party shall conduct an |")
    assert "exercise" not in offered("rule 4: no Party shall conduct an exercise X where X.level is at least |")
    assert "X.troops" not in offered("rule 4: each Party that conducts an exercise X shall notify X to every other Party before |")


@pytest.mark.parametrize("rule", ["rule 4 -- a com|ment", 'rule 4 "tit|le": no Party', ""])
def test_nothing_in_comments_titles_and_prose(rule: str) -> None:
    assert complete(*(at(with_rule(rule)) if rule else on(AGREEMENT, "Prose"))) == ()


def test_what_is_written_already_is_replaced() -> None:
    raw, place = at(with_rule("rule 4: no Party shall conduct an exercise X where X.level is at l|"))
    found = next(s for s in complete(raw, place) if s.name.text == "at least")
    source = read_text(raw)
    assert raw[source.offset(found.replaces.start) : source.offset(found.replaces.end)] == "at l"


def test_cases() -> None:
    def case(line: str) -> list[str]:
        return [s.name.text for s in complete(*at(f"{AGREEMENT}\n```case\n{line}\n```\n"))]

    assert {"Arland", "expect", "as of"} <= set(case("|"))
    assert {"exercise", "completeness"} <= set(case("Arland says: |"))
    assert {"troops", "level"} <= set(case("Arland says: exercise E-1 |"))
    assert case("Arland says: exercise E-1 level |") == ["company", "battalion", "regiment", "brigade", "division", "corps", "army"]
    assert {"3.1", "3.2"} <= set(case("expect |"))


def test_every_terminal_has_words_or_is_open() -> None:
    known = phrases()
    bare = [x.name for x in parser().terminals if x.name not in known and x.name not in OPEN and x.pattern.value[0].isalpha()]
    assert bare == []
    assert not known.keys() & OPEN


# ---- hover and definitions -----------------------------------------------------------------------


def test_hover() -> None:
    assert "учение" in shown("exercise X")
    assert "Source" not in shown("Prose")
    assert "battalion < regiment" in shown("X.level", within=4)
    assert "is `exercise`" in shown("X.level", within=0)
    assert "place left open" in shown("border-strip", 2)
    assert "is a value of" in shown("brigade")
    assert "Answers" not in shown("rule 3.2 until", within=6)
    assert "when a Party A" in shown("rule 3.2 until", within=6)
    assert "1852" in shown("nm", text=with_rule("rule 4: no Party shall deploy a missile M where M.range is at least 5 nm."), nth=1)
    assert "1949" in shown("NATO", text=with_rule("rule 4: no Party P in NATO shall conduct an exercise X."))
    assert "conducted" in shown("conduct an")


def test_hover_cannot_be_made_to_write_markdown() -> None:
    text = with_rule(
        'define "`](x) <b>" as place left open.\nrule 4: no Party shall conduct an exercise X where X.area overlaps "`](x) <b>".'
    )
    said = shown('"`](x) <b>"', 2, within=3, text=text)
    assert said.startswith("```rule\n")
    assert said.endswith("\n```")


@pytest.mark.parametrize(
    ("word", "nth", "within", "target"),
    [
        ("border-strip", 2, 1, "border-strip as"),
        ("rule 3.2 until", 1, 6, "3.2: when"),
        ("breaches rule 3.1", 1, 15, '3.1 "Large"'),
        ("B shall", 1, 0, "B, B shall"),
        ("Q.received", 1, 0, "Q to a Party"),
    ],
)
def test_definitions(word: str, nth: int, within: int, target: str) -> None:
    found = definition(*on(AGREEMENT, word, nth, within))
    assert found is not None
    assert read_text(AGREEMENT).offset(found.start) == AGREEMENT.index(target)


def test_definitions_of_kinds_fields_and_articles() -> None:
    text = with_rule(
        "rule 4: if A breaches article 3, B is released from 3.2.\nrule 5: no Party shall hold a gathering G where G.size is large."
    )
    source = read_text(text)

    def leads(word: str, within: int, nth: int = 1) -> str:
        found = definition(*on(text, word, nth, within))
        return "" if found is None else text[source.offset(found.start) : source.offset(found.end)]

    assert leads("article 3,", 8) == "## Article 3 (exercises)"
    assert leads("gathering G", 1) == "gathering"
    assert leads("G.size", 3) == "size"
    assert leads("large.", 1) == "large"
    assert leads("exercise X", 1) == ""


# ---- renaming ------------------------------------------------------------------------------------


def test_a_term_is_renamed_everywhere() -> None:
    text = with_rule("rule 4: no Party shall conduct an exercise X where X.area touches border-strip.") + (
        "\n```case\nas of 2027-01-01\nassume border-strip as x\nexpect 3.1 untested\n```\n"
    )
    after = applied(text, rename(*on(text, "border-strip", 2), "frontier zone"))
    assert after == text.replace("border-strip", '"frontier zone"')
    assert [p.code for p in parse_agreement(after, "")[1]] == [p.code for p in parse_agreement(text, "")[1]]


def test_a_kind_is_renamed_in_singular_and_plural_and_nothing_alike() -> None:
    text = with_rule("define meeting-hall as event having gathering: text, start: time.\nrule 4: no Party shall hold gatherings G.")
    after = applied(text, rename(*on(text, "gathering", 1), "assembly"))
    assert "define assembly as event in which party holds (hold, held) assembly having" in after
    assert "shall hold assemblies G" in after
    assert "having gathering: text" in after


def test_a_variable_is_renamed_in_its_statement_only() -> None:
    after = applied(AGREEMENT, rename(*on(AGREEMENT, "Q to a", 1, 0), "R"))
    assert "asks an inquiry R to a Party B, B shall answer R to A within 48 hours of R.received" in after
    assert after.count("Q") == AGREEMENT.count("Q") - 3


@pytest.mark.parametrize(
    ("word", "nth", "within", "name", "why"),
    [
        ("border-strip", 1, 1, "nearby", "already"),
        ("border-strip", 1, 1, "exercise", "already"),
        ("border-strip", 1, 1, 'a"b', "a name is words"),
        ("border-strip", 1, 1, "X", ""),
        ("Q to a", 1, 0, "A", "already"),
        ("Q to a", 1, 0, "quest", "capital letter"),
        ("exercise X", 1, 1, "drill", "comes with the package"),
        ("Arland", 1, 1, "Earland", "Parties"),
        ("3.1", 1, 1, "9", "numbers of rules"),
        ("Prose", 1, 1, "Poem", "no name here"),
    ],
)
def test_a_renaming_is_refused_with_the_reason(word: str, nth: int, within: int, name: str, why: str) -> None:
    if why:
        with pytest.raises(NotRenamable, match=why):
            rename(*on(AGREEMENT, word, nth, within), name)
    else:
        assert '"X"' in {e.text for e in rename(*on(AGREEMENT, word, nth, within), name)}


def test_a_renaming_over_a_broken_statement_is_refused() -> None:
    text = with_rule("rule 4: no Party border-strip.")
    with pytest.raises(NotRenamable, match="line"):
        rename(*on(text, "border-strip"), "zone")


def test_two_statements_on_one_line() -> None:
    text = with_rule(
        "rule 4: no Party shall hold a gathering G. rule 5: Arland shall not conduct an exercise X where X.area touches border-strip."
    )
    after = applied(text, rename(*on(text, "border-strip", 3), "zone"))
    assert after == text.replace("border-strip", "zone")
    assert [e.name for e in outline(text)[0].children[-1].children] == ["rule 4", "rule 5"]


def test_what_can_be_renamed_is_shown_first() -> None:
    found, name = renamable(*on(AGREEMENT, "border-strip", 2))
    assert name == "border-strip"
    assert found.end.character - found.start.character == len(name)


# ---- formatting, outline, lenses ------------------------------------------------------------------


def test_formatting_is_that_of_fmt() -> None:
    from detente.agreement.format import format_document

    found = rewrite(AGREEMENT)
    assert found.range is not None
    assert applied(AGREEMENT, (Edit(found.range, found.text),)) == format_document(AGREEMENT, "")[0]
    assert rewrite(format_document(AGREEMENT, "")[0]).range is None


def test_a_document_with_a_fault_is_not_formatted_and_says_why() -> None:
    found = rewrite(with_rule("rule 4: no Party shall."))
    assert found.range is None
    assert [p.code for p in found.problems] == ["syntax-error"]


def test_formatting_keeps_line_ends() -> None:
    found = rewrite(AGREEMENT.replace("\n", "\r\n"))
    assert found.text.count("\n") == found.text.count("\r\n") > 0


def test_outline() -> None:
    def names(entries: tuple[Entry, ...]) -> list[object]:
        return [e.name if not e.children else [e.name, *names(e.children)] for e in entries]

    assert names(outline(AGREEMENT)) == [
        ["Agreement", "agreement", "border-strip", "nearby", "gathering", ["Article 3 (exercises)", "rule 3.1", "rule 3.2", "rule 3.3"]]
    ]


def test_a_heading_ends_at_the_next_of_its_level() -> None:
    text = "# A\n\n## B\n\n### C\n\n## D\n\n```rule\n```\n"
    (root,) = outline(text)
    assert [(e.range.start.line, e.range.end.line) for e in (root, *root.children)] == [(0, 10), (2, 6), (6, 10)]


def test_lenses_tell_the_verdict_and_what_it_is_of() -> None:
    text = (EXAMPLES / "west-26" / "agreement.md").read_text(encoding="utf-8")
    rule = text[text.index("rule 40") : text.index("X.start.") + 8]
    judged = Judged({"40": RuleSeen(rule, "disputed", (), {"disputed": 1, "kept": 2})}, as_of="2026-03-01")
    assert lenses(text, judged)[0].text == "disputed · 1 disputed, 2 kept · as of 2026-03-01"
    changed = text.replace("42 days", "45 days")
    assert "saved before" in lenses(changed, judged)[0].text
    assert {x.text for x in lenses(text, Judged({}, refusal="no folder"))} == {"not judged: no folder"}
    assert {x.text for x in lenses(text, Judged({}, is_running=True))} == {"judging …"}


def test_a_verdict_file_that_is_none_raises_what_is_caught() -> None:
    for document in ({}, {"verdicts": []}, {"verdicts": {"articles": [{}]}}, []):
        with pytest.raises((KeyError, TypeError, ValueError)):
            judged_from(document)


# ---- hostile texts ----------------------------------------------------------------------------------

HOSTILE = [
    "",
    "```rule\n",
    "```rule",
    "```rule\n" + "(" * 5000,
    "```rule\nrule 1: " + "not " * 20_000 + "\n```",
    "```rule\n" + "rule 1: no Party shall conduct an exercise X.\n" * 300 + "```",
    "> ```rule\n> rule 1: no Party\n> shall hold X.\n> ```",
    "```rule\nrule 1: no Party\rshall\n```",
    "```rule\n\ud800\n```",
    '```case\nexpect\nArland says:\n" " "\n```',
    "```rule\nrule 1: " + "a" * 300_000 + " \n```",
    "```rule\n" + " " * 300_000 + "x\n```",
    "```case\n" + "a" * 300_000 + " x\n```",
    "`" * 300_000 + " rule",
    "# a\n" * 3000 + "```rule\n```\n",
    "```rule\n```\n" * 1000,
    "#" * 7 + "\n```rule\ndefine X as X.\n```",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("place", [0, 30, 300_018, 10**6])
def test_nothing_breaks(text: str, place: int) -> None:
    position = read_text(text).position(place)
    diagnose(text)
    complete(text, position)
    hover(text, position)
    definition(text, position)
    outline(text)
    rewrite(text)
    lenses(text, Judged({}))
    with pytest.raises(NotRenamable):
        rename(text, position, "zone")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.md")), ids=lambda p: p.parent.name + "/" + p.stem)
def test_every_place_of_an_example_can_be_asked_about(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    reading = read(text)
    if reading is None:
        return
    for block in reading.document.blocks[:6]:
        for offset in range(block.start, min(block.end, block.start + 400), 3):
            find(reading, offset)
            position = reading.source.position(offset)
            hover(text, position)
            definition(text, position)
        for offset in range(block.start, min(block.end, block.start + 400), 29):
            complete(text, reading.source.position(offset))


def test_places_outside_the_text() -> None:
    assert complete(AGREEMENT, Position(-1, -1)) == ()
    assert hover(AGREEMENT, Position(10**9, 10**9)) is None


# ---- fixes -----------------------------------------------------------------------------------


def test_the_same_fixes_as_on_the_command_line() -> None:
    text = with_rule(
        "rule 4.1: no Party must conduct an exercise X.\nrule 4.2: no Party shall conduct an exercise X where X.troops is 9000 or more."
    )
    source = read_text(text)
    offered = fixes(text, source.range(0, len(text)))
    assert [o.title for o in offered] == ["Write `shall`", "Write `at least 9000`"]
    assert [o.mends.code for o in offered] == ["syntax-error", "loose-phrase"]
    assert applied(text, tuple(o.edit for o in offered)) == fix_document(text, "")[0]
    here = text.index("9000 or more")
    assert [o.title for o in fixes(text, source.range(here, here))] == ["Write `at least 9000`"]
    assert fixes("# prose", source.range(0, 1)) == ()
