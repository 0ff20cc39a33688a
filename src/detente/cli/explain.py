"""`detente explain`: why, account by account; what it turns on; what would settle it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import (
    AccountNames,
    Ascii,
    AsIfInForce,
    Asked,
    AsOf,
    Assume,
    Evidence,
    KnownOn,
    Output,
    Strict,
    Target,
    Width,
    opened,
)
from detente.cli.streams import is_plain, refusal, terminal_width, wants_colour, write
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.model.verdict import Explanation, Verdicts


class Format(StrEnum):
    """How explanations are written."""

    TEXT = "text"
    SENTENCE = "sentence"
    JSON = "json"


Rule = Annotated[str, typer.Argument(metavar="RULE", help='A rule ("40") or an instance of one ("40#west-26>borland").')]
Instance = Annotated[str | None, typer.Argument(metavar="[INSTANCE]", help="An instance of the rule; without one, all that are listed.")]
FormatOption = Annotated[Format, typer.Option("--format", help="The whole text, one sentence each, or for programs.")]
Sql = Annotated[bool, typer.Option("--sql", help="Print the query that judges the rule, and judge nothing.")]
Export = Annotated[Path | None, typer.Option("--export", metavar="DIR", help="Write the statement tables that the query runs over.")]


def explain(
    target: Target,
    rule: Rule,
    instance: Instance = None,
    *,
    evidence: Evidence = None,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    account: AccountNames = None,
    as_if_in_force: AsIfInForce = False,
    assume: Assume = None,
    form: FormatOption = Format.TEXT,
    sql: Sql = False,
    export: Export = None,
    output: Output = None,
    strict: Strict = False,
    ascii_only: Ascii = False,
    width: Width = None,
) -> None:
    """Say why a rule has its verdict, and what would change it.

    Account by account: the facts each holds, the margin, and the statements they rest on.

    Exits with 0 when there is an answer, whatever the verdict, and with 2 when the question cannot be asked.
    """
    asked = Asked(as_of, known_on, account, as_if_in_force, assume)
    with opened(target, evidence, strict=strict) as bench:
        question = asked.on(bench)
        if export is not None:
            bench.export(question, export)
        if sql:
            write(bench.sql(question, rule).rstrip() + "\n", output)
            return
        found = bench.explain(question, rule, instance)
        verdicts = bench.check(question)
    if not found:
        raise refusal(_unknown(verdicts, rule, instance))
    plain = ascii_only if output is not None else is_plain(ascii_only)
    columns = (width or 100) if output is not None else terminal_width(width)
    write(_document(verdicts, found, form, ascii_only=plain, width=columns, colour=output is None and wants_colour()), output)


def _unknown(verdicts: Verdicts, rule: str, instance: str | None) -> Problem:
    """There is no such rule or instance; say which there are."""
    rules = {r.rule: r for article in verdicts.articles for r in article.rules}
    asked, is_instance, _ = rule.partition("#")
    if asked not in rules:
        return Problem("unknown-rule", f"no rule is called {asked}", expected=tuple(rules)[:20], help=_near(asked, rules))
    if instance is None and not is_instance:
        return Problem("no-instance", f"rule {rule} was never put to the test: there is no instance to explain")
    wanted = instance or rule
    listed = tuple(i.id for i in rules[asked].instances)
    return Problem(
        "unknown-instance", f"rule {asked} has no instance {wanted}", expected=listed[:20], help=_near(wanted.rpartition("#")[2], listed)
    )


def _near(wanted: str, names: Iterable[str]) -> str | None:
    """A question about the name that was probably meant."""
    import difflib

    among = list(names)
    holding = [name for name in among if wanted in name]
    near = holding or difflib.get_close_matches(wanted, among, n=1)
    return f"did you mean {near[0]}?" if near else None


def _document(
    verdicts: Verdicts, found: tuple[Explanation, ...], form: Format, *, ascii_only: bool, width: int, colour: bool
) -> str | bytes:
    if form is Format.JSON:
        from detente.report.json import explanations_json

        return explanations_json(verdicts, found)
    from detente.report.explanation import explanation_text, sentences

    if form is Format.SENTENCE:
        return sentences(found)
    v = verdicts
    texts = (
        explanation_text(e, as_of=v.as_of, known_on=v.known_on, time_zone=v.time_zone, width=width, ascii_only=ascii_only, colour=colour)
        for e in found
    )
    return "\n\n".join(texts)
