"""The ```case blocks: worked examples that are the agreement's own tests.

One line each: a setting (`as of DATE`), a source (`source S-7 is a monitor`), a
fact (`Arland says: exercise W-1 troops 9400`) or an expectation
(`expect 40#W-1>Borland disputed; Arland kept`). A fact becomes a row of an
evidence table, cell by cell, as a reader of files would make it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from detente.agreement.clause import AnyRule, Case, Duty, Expectation, Fact, ImportedDuty, RecurringDuty
from detente.agreement.lexicon import Lexicon
from detente.agreement.markdown import Block, Document
from detente.agreement.tree import Word
from detente.model.span import Span

OVERALL = ("kept", "breached", "disputed", "unverified")
"""Verdicts."""
STATUSES = ("untested", "not-in-force", "not-due-yet", "left-open", "declaratory", "permission", "release", "cycle")
"""What an instance without a verdict may be instead."""
VOTES = ("kept", "breached", "open", "not-triggered", "not-bound", "not-due-yet", "left-open")
"""What one account may say."""
SOURCE_KINDS = ("party", "monitor", "sensor", "register", "press", "analyst")

_SAYS = {"says": "asserts", "asserts": "asserts", "denies": "denies", "withdraws": "withdraws"}
_STATEMENT_CELLS = {
    "said": "said_at",
    "published": "published_at",
    "id": "id",
    "reported-by": "reported_by",
    "quote": "quote",
    "cite": "cite",
    "target": "target",
}
_TABLES = {
    "completeness": ("register", "kind", "from", "until", "lag", "party", "recipient", "about", "place"),
    "identity": ("kind", "a", "b"),
    "coverage": ("kind", "from", "until", "place", "fraction"),
}
_PIECE = re.compile(r"\"([^\"\n]*)\"|(\S+)")
_COMMENT = re.compile(r"(?:^|\s)--(?:\s.*)?$")


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of a line, its quotes removed, with its offsets in the document."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Reading:
    """A case while it is read."""

    settings: dict[str, str]
    facts: list[Fact]
    expects: list[Expectation]
    sources: set[str]


def read_case(document: Document, block: Block, lexicon: Lexicon, rules: Sequence[AnyRule]) -> Case:
    """A case block as meant; what cannot be read is left out and reported."""
    name = block.info.removeprefix("case").strip().strip('"') or f"line {document.span(block.start, block.start).line}"
    reading = Reading({}, [], [], set(lexicon.parties))
    lines = _lines(document, block)
    for pieces in lines:  # sources first: a fact may stand above the line that names its source
        if pieces[0].text == "source":
            _source(pieces, reading, lexicon)
    for pieces in lines:
        if pieces[0].text != "source":
            _line(pieces, reading, lexicon, rules)
    if all(pieces[0].text != "expect" for pieces in lines):
        _say(
            lexicon,
            "case-without-expectation",
            "this case expects nothing",
            (block.start, block.start),
            advice="add a line `expect RULE kept` (or breached, disputed, unverified)",
        )
    return Case(
        name,
        reading.settings,
        _dated(reading),
        tuple(reading.expects),
        _span(document, lexicon, block.start, max(block.start, block.end - 1)),
    )


def _lines(document: Document, block: Block) -> list[list[Piece]]:
    """The words of each line that is not blank or a comment."""
    lines = []
    position = block.start
    for line in document.text[block.start : block.end].split("\n"):
        text = _COMMENT.sub("", line)
        pieces = [
            Piece(m.group(1) if m.group(1) is not None else m.group(2), position + m.start(), position + m.end())
            for m in _PIECE.finditer(text)
        ]
        if pieces:
            lines.append(pieces)
        position += len(line) + 1
    return lines


def _dated(reading: Reading) -> tuple[Fact, ...]:
    """Facts without a time of their own were said on the day that the case looks at."""
    as_of = reading.settings.get("as-of")
    if as_of is None:
        return tuple(reading.facts)
    dated = []
    for fact in reading.facts:
        cells = dict(fact.cells)
        if fact.kind != "source":
            cells.setdefault("said_at", cells.get("published_at", as_of))
            cells.setdefault("published_at", cells["said_at"])
        dated.append(Fact(fact.kind, cells, fact.span))
    return tuple(dated)


# ---- one line --------------------------------------------------------------------


def _line(pieces: list[Piece], reading: Reading, lexicon: Lexicon, rules: Sequence[AnyRule]) -> None:
    words = [p.text for p in pieces]
    match words:
        case ["as", "of", day]:
            reading.settings["as-of"] = day
        case ["known", "on", day]:
            reading.settings["known-on"] = day
        case ["as", "if", "in", "force"]:
            reading.settings["as-if-in-force"] = "yes"
        case ["assume", name, "as", value]:
            reading.settings["assume"] = "; ".join(x for x in (reading.settings.get("assume"), f"{name}={value}") if x)
        case ["expect", _, *_]:
            _expect(pieces, reading, lexicon, rules)
        case [_, verb, _, *_] if verb.removesuffix(":") in _SAYS and verb.endswith(":"):
            _fact(pieces, reading, lexicon)
        case _:
            _say(
                lexicon,
                "case-syntax",
                "this line of a case is not understood",
                _whole(pieces),
                expected=(
                    "`as of DATE`",
                    "`known on DATE`",
                    "`as if in force`",
                    "`assume NAME as VALUE`",
                    "`source ID is a monitor`",
                    "`SOURCE says: KIND ...`",
                    "`SOURCE denies: KIND ...`",
                    "`SOURCE withdraws: KIND ...`",
                    "`expect RULE VERDICT`",
                ),
                advice="put names of several words in quotes",
            )


def _source(pieces: list[Piece], reading: Reading, lexicon: Lexicon) -> None:
    """`source S-7 is a monitor`, `source S-9 is a sensor of Arland graded B2`."""
    words = [p.text for p in pieces]
    if len(words) < 5 or words[2] != "is" or words[3] not in ("a", "an"):
        _say(lexicon, "case-syntax", "a source is named so: `source S-7 is a monitor`", _whole(pieces))
        return
    cells = {"id": words[1], "kind": words[4]}
    if words[4] not in SOURCE_KINDS:
        _unknown(lexicon, "unknown-source-kind", f"`{words[4]}` is no kind of source", pieces[4], SOURCE_KINDS)
        return
    rest = pieces[5:]
    while rest:
        if rest[0].text == "of" and len(rest) > 1:
            cells["speaks_for"] = "; ".join(x for x in (cells.get("speaks_for"), lexicon.party(rest[1].text)) if x)
        elif rest[0].text == "graded" and len(rest) > 1 and re.fullmatch(r"[A-F][1-6]", rest[1].text):
            cells["reliability"], cells["credibility"] = rest[1].text[0], rest[1].text[1]
        else:
            _say(
                lexicon,
                "case-syntax",
                f"`{rest[0].text}` is not understood here",
                (rest[0].start, rest[0].end),
                expected=("`of PARTY`", "`graded B2`"),
            )
            return
        rest = rest[2:]
    reading.sources.add(words[1])
    reading.facts.append(Fact("source", cells, _span_of(pieces, lexicon)))


def _fact(pieces: list[Piece], reading: Reading, lexicon: Lexicon) -> None:
    source = lexicon.party(pieces[0].text)
    if source not in reading.sources and (lexicon.parties or not lexicon.is_state(source)):
        _unknown(
            lexicon,
            "unknown-source",
            f"no party or source is called `{pieces[0].text}`",
            pieces[0],
            reading.sources,
            advice=f"name it: `source {pieces[0].text} is a monitor`",
        )
        return
    cells = {"source": source, "says": _SAYS[pieces[1].text.removesuffix(":")]}
    noun, rest = pieces[2], pieces[3:]
    if cells["says"] == "withdraws" and not rest and lexicon.kind_named(noun.text) is None:
        cells["target"] = noun.text
        reading.facts.append(Fact("", cells, _span_of(pieces, lexicon)))
        return
    if noun.text in _TABLES:
        kind, fields = noun.text, _TABLES[noun.text]
        if kind != "identity" and cells.pop("says") != "asserts":
            _say(lexicon, "case-syntax", f"{kind} can only be stated", (pieces[1].start, pieces[1].end), expected=("`says:`",))
            return
    else:
        meant = lexicon.kind_named(noun.text)
        if meant is None:
            _unknown(lexicon, "unknown-kind", f"there is no kind called `{noun.text}`", noun, [*lexicon.kinds, *_TABLES])
            return
        kind, fields = meant.name, tuple(meant.fields)
        if rest and rest[0].text not in fields and rest[0].text not in _STATEMENT_CELLS:
            cells["event"] = rest[0].text
            rest = rest[1:]
        elif cells["says"] == "asserts":
            _say(
                lexicon,
                "case-syntax",
                f"say which {kind} is meant: give it a name after `{noun.text}`",
                (noun.start, noun.end),
                advice=f"as in `{pieces[0].text} says: {kind} E-1 ...`",
            )
            return
    if _cells(rest, fields, kind, cells, lexicon):
        reading.facts.append(Fact(kind, cells, _span_of(pieces, lexicon)))


def _cells(rest: list[Piece], fields: tuple[str, ...], kind: str, cells: dict[str, str], lexicon: Lexicon) -> bool:
    """Pairs of a field and its value; False, with a problem, where they do not come in pairs."""
    for name, value in zip(rest[::2], rest[1::2], strict=False):
        column = _STATEMENT_CELLS.get(name.text, name.text)
        if name.text not in fields and name.text not in _STATEMENT_CELLS:
            _unknown(
                lexicon,
                "unknown-field",
                f"{kind} has no field `{name.text}`",
                name,
                [*fields, *_STATEMENT_CELLS],
                advice="put values of several words in quotes",
            )
            return False
        if column in cells:
            _say(lexicon, "duplicate-cell", f"{name.text} is given twice", (name.start, name.end))
            return False
        cells[column] = value.text
    if len(rest) % 2:
        _say(lexicon, "case-syntax", f"`{rest[-1].text}` has no value", (rest[-1].start, rest[-1].end))
        return False
    return True


def _expect(pieces: list[Piece], reading: Reading, lexicon: Lexicon, rules: Sequence[AnyRule]) -> None:
    """`expect 40#W-1>Borland disputed; Arland kept; Borland not due yet`."""
    segments: list[list[Piece]] = [[]]
    for piece in pieces[1:]:
        ends = piece.text.endswith(";")
        text = piece.text.removesuffix(";")
        if text:
            segments[-1].append(Piece(text, piece.start, piece.start + len(text)))
        if ends:
            segments.append([])
    segments = [s for s in segments if s]
    if not segments or len(segments[0]) < 2:
        _say(lexicon, "case-syntax", "say what is expected: `expect RULE VERDICT`", _whole(pieces))
        return
    target = segments[0][0]
    known = {
        i for r in rules for i in (r.head.id, *((f"{r.head.id}.else",) if isinstance(r, Duty | RecurringDuty) and r.consequence else ()))
    }
    rule_id = re.split(r"[#>]", target.text, maxsplit=1)[0]
    if any(isinstance(r, ImportedDuty) and r.head.id == rule_id.partition(":")[0] for r in rules):
        rule_id = rule_id.partition(":")[0]  # which rules it takes over stands in another file
    if rule_id not in known:
        _unknown(lexicon, "unknown-rule", f"no rule is called `{rule_id}`", target, known)
        return
    overall = _word(segments[0][1:], (*OVERALL, *STATUSES), lexicon)
    if overall is None:
        return
    accounts: dict[str, str] = {}
    for segment in segments[1:]:
        vote = _word(segment[1:], VOTES, lexicon) if len(segment) > 1 else None
        if vote is None:
            if len(segment) < 2:
                _say(lexicon, "case-syntax", f"say what the account of {segment[0].text} holds", _whole(segment))
            return
        accounts[lexicon.party(segment[0].text)] = vote
    reading.expects.append(Expectation(target.text, overall, accounts, _span_of(pieces, lexicon)))


def _word(pieces: list[Piece], known: Sequence[str], lexicon: Lexicon) -> str | None:
    text = "-".join(p.text for p in pieces)
    if text in known:
        return text
    shown = [w.replace("-", " ") for w in known]
    word = Piece(text, pieces[0].start, pieces[-1].end)
    _unknown(lexicon, "unknown-verdict", f"`{' '.join(p.text for p in pieces)}` is not something a case can expect here", word, shown)
    return None


# ---- problems ------------------------------------------------------------------------


def _whole(pieces: list[Piece]) -> tuple[int, int]:
    return (pieces[0].start, pieces[-1].end)


def _say(
    lexicon: Lexicon, code: str, message: str, at: tuple[int, int], *, expected: Sequence[str] = (), advice: str | None = None
) -> None:
    base = lexicon.report.base
    lexicon.report.say(code, message, (at[0] - base, at[1] - base), expected=expected, advice=advice)


def _unknown(lexicon: Lexicon, code: str, message: str, piece: Piece, known: Iterable[str], *, advice: str | None = None) -> None:
    base = lexicon.report.base
    words = sorted(known) if isinstance(known, set) else known
    lexicon.report.unknown(code, message, Word(piece.text, (piece.start - base, piece.end - base)), words, advice=advice)


def _span_of(pieces: list[Piece], lexicon: Lexicon) -> Span:
    return _span(lexicon.report.document, lexicon, *_whole(pieces))


def _span(document: Document, lexicon: Lexicon, start: int, end: int) -> Span:
    return document.span(start, end, lexicon.report.trail)
