"""The whole document in canonical form, as `detente fmt` writes it, as one edit."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.format import format_document
from detente.agreement.load import LARGEST, decoded
from detente.editor.positions import Range, read_text
from detente.editor.reading import is_agreement
from detente.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What to put in place of what; or the problems for which nothing is changed."""

    range: Range | None = None
    text: str = ""
    problems: tuple[Problem, ...] = ()


def rewrite(raw: str, path: str = "") -> Rewriting:
    """The lines that change, from the first to the last. As on the command line, a document with a statement that cannot be read stays as it is."""
    if not is_agreement(raw) or len(raw) > LARGEST:
        return Rewriting()
    _, refused = decoded(raw.encode("utf-8", "surrogatepass"), path)
    if refused is not None:
        return Rewriting(problems=(refused,))
    source = read_text(raw)
    written, problems = format_document(source.text, path)
    if problems:
        return Rewriting(problems=problems)
    if written == source.text:
        return Rewriting()
    before, after = source.text.splitlines(keepends=True), written.splitlines(keepends=True)
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    start = sum(len(line) for line in before[:head])
    end = len(source.text) - sum(len(line) for line in before[len(before) - tail :])
    text = "".join(after[head : len(after) - tail])
    if 2 * raw.count("\r\n") > raw.count("\n"):
        text = text.replace("\n", "\r\n")
    return Rewriting(source.range(start, end), text)


def _alike(a: list[str], b: list[str]) -> int:
    """How many lines at the beginning are the same."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
