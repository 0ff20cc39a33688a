"""The columns in which a kind's fields are stored."""

from __future__ import annotations

from collections.abc import Iterable

from detente.judge.sql import name
from detente.model.kind import Field


def columns(fields: Iterable[Field]) -> list[str]:
    """The column names of fields: one for a word, two bounds for an ordered field."""
    return [c for f in fields for c in ((f"{f.name}_lo", f"{f.name}_hi") if f.is_ordered else (f.name,))]


def sql_type(field: Field) -> str:
    """The type of a field's column or columns."""
    if field.type == "time":
        return "TIMESTAMP"
    return "DOUBLE" if field.is_ordered else "VARCHAR"


def nothing(fields: Iterable[Field]) -> str:
    """The columns, each unknown, after a comma."""
    return "".join(f", NULL::{sql_type(f)} AS {name(c)}" for f in fields for c in columns([f]))


def is_filled(field: Field, alias: str = "") -> str:
    """Whether a row says anything of the field."""
    dot = alias + "." if alias else ""
    if field.is_ordered:
        return f"({dot}{name(field.name + '_lo')} IS NOT NULL OR {dot}{name(field.name + '_hi')} IS NOT NULL)"
    return f"{dot}{name(field.name)} IS NOT NULL"


def any_filled(fields: Iterable[Field], alias: str = "") -> str:
    """Whether a row says anything of any of the fields."""
    tests = [is_filled(f, alias) for f in fields]
    return "(" + " OR ".join(tests) + ")" if tests else "false"
