"""What may be written at a place: the words that the grammar takes there, and the names that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detente.agreement.cases import OVERALL, SOURCE_KINDS, STATUSES, VOTES
from detente.agreement.markdown import Block
from detente.agreement.parse import statements_in
from detente.editor.phrases import phrases
from detente.editor.positions import Position, Range
from detente.editor.reading import Reading, Token, read, tokens
from detente.editor.said import field_said, type_said
from detente.editor.words import Name, kinds, names, parties, paths, references, unique
from detente.model.kind import Kind

_PARTIAL = re.compile(r"(?:[A-Z][0-9]?\.)?[\w-]*\Z")
_REST = re.compile(r"[\w-]*")
_FIELD_OF = re.compile(r"([A-Z][0-9]?)\.[\w-]*\Z")
_LONGEST_WORD = 200
"""Characters before a place in which the word being written is looked for: what is longer is no word."""
_WORDS_BACK = 6
"""Words before the one being written that may belong to the same keyword: `at the resolution of the record`."""
_LONGEST_RETRIED = 20_000
"""Characters of a statement up to the place: in longer ones keywords of several words are completed from their first word only."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word that may stand here, and the range of what is written of it already."""

    name: Name
    replaces: Range
    rank: int
    """0 for names that fit the place, 1 for words of the grammar, 2 for the rest."""


def complete(raw: str, position: Position) -> tuple[Suggestion, ...]:
    """What may be written at a place of a text; nothing in prose, in comments and between quotation marks."""
    reading = read(raw)
    if reading is None:
        return ()
    offset = reading.source.offset(position)
    block = reading.block_at(offset)
    if block is None or _is_quiet(reading.text, offset):
        return ()
    found = _in_rule(reading, block, offset) if block.sort == "rule" else _in_case(reading, block, offset)
    written = tuple(found)
    return tuple(dict.fromkeys(written))


def _in_rule(reading: Reading, block: Block, offset: int) -> Iterator[Suggestion]:
    text = reading.text
    start, end = _stretch(text, block, offset)
    partial = _PARTIAL.search(text, max(start, offset - _LONGEST_WORD), offset)
    begin = partial.start() if partial else offset
    rest = _REST.match(text, offset)
    replaces = reading.source.range(begin, rest.end() if rest else offset)
    variables = reading.kinds_of(start, end)
    field = _FIELD_OF.search(text, begin, offset)
    if field is not None:
        yield from _fields(field[1], variables, replaces)
        return
    written = text[start:begin].rstrip()
    before, accepts = tokens(text, begin if not written or written.endswith(".") else start, begin)
    yield from (Suggestion(name, replaces, 0) for name in unique(_fitting(before, accepts, variables, reading)))
    known = phrases()
    for sort in sorted(accepts):
        yield from (Suggestion(Name(phrase, "keyword"), replaces, 1) for phrase in known.get(sort, ()))
    if offset - start <= _LONGEST_RETRIED:
        yield from _longer(reading, start, begin, offset)


def _stretch(text: str, block: Block, offset: int) -> tuple[int, int]:
    """The statement that a place belongs to, up to where the next begins."""
    start, end = block.start, block.end
    for begin, _ in statements_in(text, block.start, block.end):
        if begin > offset:
            end = begin
            break
        start = begin
    return start, end


def _fitting(before: tuple[Token, ...], accepts: frozenset[str], variables: dict[str, Kind | None], reading: Reading) -> Iterator[Name]:
    if "RULE_ID" in accepts:
        yield from references(before, reading)
    if "NAME" in accepts:
        yield from names(before, variables, reading)
    if "PATH" in accepts:
        yield from paths(before, variables)
    if "VAR" in accepts:
        yield from (Name(v, "variable", kind.name if kind else "Party or State") for v, kind in variables.items())


def _fields(variable: str, variables: dict[str, Kind | None], replaces: Range) -> Iterator[Suggestion]:
    kind = variables.get(variable)
    for field in kind.fields.values() if kind else ():
        yield Suggestion(Name(f"{variable}.{field.name}", "field", type_said(field), field_said(field, kind)), replaces, 0)


def _longer(reading: Reading, start: int, begin: int, offset: int) -> Iterator[Suggestion]:
    """Keywords of several words of which some are written: `at l` may become `at least`."""
    text = reading.text
    words = list(re.finditer(r"\S+", text[start:begin]))[-_WORDS_BACK:]
    for word in reversed(words):
        first = start + word.start()
        written = " ".join(text[first:offset].split()) + (" " if text[offset - 1 : offset].isspace() else "")
        fitting = [(s, p) for s, ps in phrases().items() for p in ps if " " in p and p.startswith(written)]
        if not fitting:
            continue
        _, accepts = tokens(text, start, first)
        replaces = reading.source.range(first, offset)
        yield from (Suggestion(Name(phrase, "keyword"), replaces, 1) for sort, phrase in fitting if sort in accepts)


def _is_quiet(text: str, offset: int) -> bool:
    """Whether a place lies in a comment or between quotation marks."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    bare = re.sub(r"\"[^\"]*\"", "", line)
    return "--" in bare or '"' in bare


# ---- cases --------------------------------------------------------------------------

_LINES = ("as of", "known on", "as if in force", "assume", "source", "expect")
_SAYS = ("says:", "denies:", "withdraws:")
_TABLES = ("completeness", "identity", "coverage")
_CELLS = ("said", "published", "id", "reported-by", "quote", "cite")


def _in_case(reading: Reading, block: Block, offset: int) -> Iterator[Suggestion]:
    text = reading.text
    line = max(text.rfind("\n", 0, offset) + 1, block.start)
    partial = re.compile(r"\S*\Z").search(text, max(line, offset - _LONGEST_WORD), offset)
    begin = partial.start() if partial else offset
    rest = _REST.match(text, offset)
    replaces = reading.source.range(begin, rest.end() if rest else offset)
    words = re.findall(r"\"[^\"]*\"|\S+", text[line:begin])
    yield from (Suggestion(name, replaces, 0) for name in unique(_case_words(words, reading)))


def _case_words(words: list[str], reading: Reading) -> Iterator[Name]:
    match words:
        case []:
            yield from (Name(word, "keyword") for word in _LINES)
            yield from parties(reading)
        case ["source", _, "is", "a" | "an"]:
            yield from (Name(word, "value", "kind of source") for word in SOURCE_KINDS)
        case ["source", *_]:
            yield from (Name(word, "keyword") for word in ("is a", "graded", "of"))
        case ["expect"]:
            yield from (Name(r.head.id, "reference", "rule") for r in (reading.agreement.rules if reading.agreement else ()))
        case ["expect", *_]:
            yield from (Name(word.replace("-", " "), "value") for word in dict.fromkeys([*OVERALL, *STATUSES, *VOTES]))
            yield from parties(reading)
        case ["as" | "known" | "assume", *_]:
            return
        case [_]:
            yield from (Name(word, "keyword") for word in _SAYS)
        case [_, verb] if verb in _SAYS:
            yield from kinds(reading)
            yield from (Name(word, "keyword", "table of evidence") for word in _TABLES)
        case [_, verb, noun, *cells] if verb in _SAYS:
            yield from _cells(noun, cells, reading)


def _cells(noun: str, cells: list[str], reading: Reading) -> Iterator[Name]:
    """A field's name, or what the field before can hold."""
    kind = reading.kind(noun)
    if kind is None:
        return
    before = cells[-1] if cells else ""
    if before in kind.fields and cells[-2:-1] != [before]:
        field = kind.fields[before]
        yield from (Name(level, "level", before) for level in field.levels)
        yield from (Name(word, "value") for word in ("yes", "no") if field.type == "flag")
        if field.type == "party":
            yield from parties(reading)
        if field.type != "text":
            return
    for field in kind.fields.values():
        yield Name(field.name, "field", type_said(field), field_said(field, kind))
    yield from (Name(word, "field", "of the statement") for word in _CELLS)
