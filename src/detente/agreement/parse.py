"""Text of a rule block to trees, statement by statement, with every syntax problem.

A statement begins on a line that starts with `rule`, `define ... as`,
`agreement:`, `evidence:` or `phase ... begins`; a fault in one leaves the others alone.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from itertools import pairwise

from lark import Lark, UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.lexer import PatternStr

from detente.agreement import tables
from detente.agreement.builder import TreeBuilder
from detente.agreement.markdown import Block, Document
from detente.agreement.rewordings import rewordings
from detente.agreement.shapes import later_shape, other_phrase, unnamed_perception
from detente.agreement.tree import Statement, Tree
from detente.model.problem import Fix, Problem

DEEPEST = 50
"""Parentheses and `not`s inside one another: more are refused."""

LONGEST_STATEMENT = 100_000
"""Characters in one statement; more are refused."""

_BEGINS = re.compile(
    r"^[ \t]*(?=rule\b|define\s+\S+(?:\s+\S+)?\s+as\b|agreement\s*:|evidence\s*:|phase\s+\S+(?:\s+\"[^\"\n]*\")?\s+begins\b)", re.MULTILINE
)
_PHASE_BEGINS = re.compile(r"phase\s+\S+(?:\s+\"[^\"\n]*\")?\s+begins\s+(?:when\b|on\b|at\b|\d|\S+\s+after\b)")
_SKIPPED = re.compile(r"(?:\s+|--[^\n]*)*")
_NESTING = re.compile(r"\"[^\"\n]*\"|--[^\n]*|\(|\)|\bnot\b|\w+")


@cache
def parser() -> Lark:
    """The parser, made on first use and kept."""
    return tables.load(TreeBuilder())


def parse_block(document: Document, block: Block, trail: tuple[str, ...]) -> tuple[list[Statement], list[Problem]]:
    """The statements of one rule block and its syntax problems, both in the order of the text."""
    statements: list[Statement] = []
    problems: list[Problem] = []
    for start, end in statements_in(document.text, block.start, block.end):
        trees, problem = parse_statement(document, start, end, trail)
        statements.extend(Statement(tree, (start, end)) for tree in trees)
        if problem is not None:
            problems.append(problem)
    return statements, problems


def parse_statement(document: Document, start: int, end: int, trail: tuple[str, ...]) -> tuple[list[Tree], Problem | None]:
    """The trees in one stretch of text (usually one), or what is wrong with it."""
    text = document.text[start:end]
    if len(text) > LONGEST_STATEMENT:
        return [], document.problem(
            "statement-too-long",
            f"this statement has {len(text):,} characters; at most {LONGEST_STATEMENT:,} are read",
            (start, start + 1),
            trail,
            advice="is a full stop missing?",
        )
    too_deep = _too_deep(text)
    if too_deep is not None:
        return [], document.problem(
            "nested-too-deep",
            f"more than {DEEPEST} parentheses or `not`s inside one another",
            (start + too_deep, start + too_deep + 1),
            trail,
            advice="split the condition over several rules",
        )
    try:
        trees: list[Tree] = parser().parse(text)  # type: ignore[assignment]  # the builder's start returns trees
    except UnexpectedInput as error:
        return [], _syntax_problem(document, text, start, error, trail)
    return trees, None


def statements_in(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where each statement of a block begins and ends, comments and blank lines between them left out."""
    marks = [m.start() for m in _BEGINS.finditer(text[start:end]) if _is_beginning(text, start + m.end(), start)]
    edges = [start, *(start + m for m in marks), end]
    pieces = []
    for a, b in pairwise(edges):
        first = _SKIPPED.match(text, a, b)
        begin = first.end() if first else a
        if begin < b:
            pieces.append((begin, begin + _last_word_end(text[begin:b])))
    return pieces


def _is_beginning(text: str, word: int, start: int) -> bool:
    """Whether a statement begins here: `phase 2 begins` may also end a deadline, on a line of its own."""
    if not text.startswith("phase", word) or _PHASE_BEGINS.match(text, word):
        return True
    before = word - 1
    while before >= start and text[before].isspace():
        before -= 1
    return before < start or text[before] == "."


def _too_deep(text: str) -> int | None:
    """Where parentheses and runs of `not` go deeper than `DEEPEST`, if they do."""
    depth = nots = 0
    for match in _NESTING.finditer(text):
        piece = match.group()
        if piece == "not":
            nots += 1
        elif piece == "(":
            depth += 1
        else:
            nots = 0
            if piece == ")":
                depth -= 1
        if depth > DEEPEST or nots > DEEPEST:
            return match.start()
    return None


# ---- messages ------------------------------------------------------------------

_READABLE = {
    "NAME": "a name",
    "STRING": "text in quotes",
    "VAR": "a variable such as X",
    "PATH": "a field such as X.start",
    "NUMBER": "a number",
    "DATE": "a date such as 2026-02-28",
    "TIME": "hours, days, months or years",
    "RULE_ID": "a number such as 41 or IV.1",
    "A": "`a`",
    "IS": "`is`",
    "HAS": "`has`",
    "PARTY": "`Party`",
    "STATE": "`State`",
    "PREPOSITION": "`to`, `with` or another preposition",
    "BY_DAY": "`by` and a date",
    "GRADE": "a grade such as B2",
    "ZONE": "a time zone such as Europe/Vienna",
    "COUNT": "`two of`",
    "RELATION": "`overlaps`, `lies in`, `touches` or `reaches`",
    "AT_LEAST": "`at least`",
    "AT_MOST": "`at most`",
    "MORE_THAN": "`more than`",
    "LESS_THAN": "`less than`",
    "OR_MORE": "`or more`",
    "OR_LESS": "`or less`",
    "THE_TERRITORY_OF": "`the territory of`",
    "YEAR_DAY": "a day of the year such as 15 November",
    "BY_YEAR_DAY": "`by` and a day of the year",
    "EACH_PERIOD": "`each year`",
    "EVERY": "`every` and a number of days",
    "THE_END_OF_EACH": "`the end of each year`",
    "ITS_VALUE_AS_OF": "`its value as of`",
    "BE": "`be`",
    "FROM_WHICH": "`from which it can reach`",
    "WHICH_NO_PARTY_MAY_REFUSE": "`which no Party may refuse`",
    "UNTIL_CURED": "`until it is cured`",
    "DECLARED_THAT_IT_PERCEIVES": "`declared that it perceives`",
    "APPLIES_PROVISIONALLY": "`applies provisionally`",
    "ARTICLE": "`article`",
    "RULE": "`rule`",
    "PHASE": "`phase`",
    "$END": "the end",
}
_HIDDEN = {"OR_MORE", "OR_LESS", "FALL_BELOW", "OVER", "AS", "UNIT", "ABOVE", "BELOW"}


@cache
def _words() -> dict[str, str]:
    """What each terminal is called in a message."""
    words = dict(_READABLE)
    for terminal in parser().terminals:
        if terminal.name in words:
            continue
        if isinstance(terminal.pattern, PatternStr):
            words[terminal.name] = f"`{terminal.pattern.value}`"
        else:
            plain = terminal.pattern.value.split("|")[0].replace(r"\s+", " ").replace(r"\b", "")
            words[terminal.name] = f"`{plain}`" if re.fullmatch(r"[A-Za-z -]+", plain) else terminal.name.lower().replace("_", " ")
    return words


def _syntax_problem(document: Document, text: str, start: int, error: UnexpectedInput, trail: tuple[str, ...]) -> Problem:
    accepts = _accepts(error)
    begin, end = _place(text, error)
    found = text[begin:end]
    fix = _fix(text, start, begin)
    shape = None if fix else later_shape(text, begin)
    if shape is not None:
        name, at = shape
        return document.problem(
            "not-yet-supported",
            f"{name} is not supported yet",
            (start + at[0], start + at[1]),
            trail,
            advice="leave it as prose for now; the article is then reported as declaratory",
        )
    perceived = unnamed_perception(text, begin)
    if perceived is not None:
        return document.problem(
            "unnamed-perception",
            "a perception is somebody's: say who has declared it",
            (start + perceived[0], start + perceived[1]),
            trail,
            advice="as in `where any other Party has declared that it perceives X as a threat`",
        )
    expected = tuple(sorted({_words().get(name, name) for name in accepts - _HIDDEN}))
    at = (start + begin, start + max(end, begin + 1) if begin < len(text) else start + begin)
    if not found:
        code = "missing-full-stop" if "DOT" in accepts else "unfinished-statement"
        message = "the statement ends without its full stop" if "DOT" in accepts else "the statement ends in the middle"
        return document.problem(code, message, at, trail, expected=expected, fix=fix)
    if found[0] == '"' and found.count('"') == 1:
        return document.problem("unclosed-quote", "this quotation mark is never closed on its line", at, trail)
    return document.problem(
        "syntax-error",
        f"`{_short(found)}` cannot stand here",
        at,
        trail,
        expected=expected,
        advice=f"write `{fix.text}`" if fix else _suggestion(found, expected, text, begin),
        fix=fix,
    )


def _fix(text: str, start: int, begin: int) -> Fix | None:
    """What people write as the language says it, where the sentence can be read further so."""
    for (a, b), words in rewordings(text, begin):
        try:
            parser().parse(text[:a] + words + text[b:])
        except UnexpectedInput as error:
            if _place(text[:a] + words + text[b:], error)[0] < a + len(words):
                continue
        return Fix(start + a, start + b, words)
    return None


def _accepts(error: UnexpectedInput) -> set[str]:
    """The terminals that could really have come next."""
    interactive = getattr(error, "interactive_parser", None)
    if interactive is not None:
        return set(interactive.accepts())
    return set(getattr(error, "allowed", None) or ())


def _place(text: str, error: UnexpectedInput) -> tuple[int, int]:
    """Where the offending word begins and ends; at the end of the text both are where the last word ended."""
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        end = _last_word_end(text)
        return (end, end)
    if isinstance(error, UnexpectedToken):
        begin = error.token.start_pos or 0
        return (begin, begin + len(error.token))
    begin = error.pos_in_stream or 0
    if isinstance(error, UnexpectedCharacters) and begin < len(text):
        word = re.compile(r"\"[^\"\n]*\"?|[\w-]+|.").match(text, begin)
        return (begin, word.end() if word else begin + 1)
    return (begin, begin)


def _last_word_end(text: str) -> int:
    end = 0
    for match in re.finditer(r"\"[^\"\n]*\"|--[^\n]*|[^\s\"-]+|\S", text):
        if not match.group().startswith("--"):
            end = match.end()
    return end


def _short(found: str) -> str:
    return found if len(found) <= 40 else found[:39] + "…"


def _suggestion(found: str, expected: tuple[str, ...], text: str, begin: int) -> str | None:
    """A keyword that looks like the word found, or advice for a common slip."""
    if (other := other_phrase(text, begin)) is not None:
        return other
    phrases = [w.strip("`") for w in expected if w.startswith("`") and w.count("`") == 2 and w.endswith("`")]
    before = " ".join(text[max(0, begin - 80) : begin].split()[-2:])[:40]
    close = get_close_matches(before, [p for p in phrases if " " in p], n=1, cutoff=0.8)
    if close and close[0] != before:  # "at lest 42 days": the slip is in the words before the one that cannot stand
        return f"did you mean `{close[0]}`?"
    close = get_close_matches(found[:40], [p.split(" ")[0] for p in phrases], n=1, cutoff=0.7)
    if close and close[0] != found:
        return f"did you mean `{close[0]}`?"
    if found == ",":
        return "no comma is needed here"
    return None
