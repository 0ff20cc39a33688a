"""The parser's tables, worked out beforehand: building them takes 0.2 s, reading them 0.02 s.

`python -m detente.agreement.tables` writes `tables.json` again after a change
of the grammar. Tables of another grammar or another lark are not used.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import lark
from lark import Lark, Transformer
from lark.grammar import Rule
from lark.lexer import TerminalDef

FILE = "tables.json"


@cache
def grammar() -> str:
    """The text of the grammar."""
    return (files("detente.agreement") / "grammar.lark").read_text(encoding="utf-8")


def build(transformer: Transformer[Any, Any] | None = None) -> Lark:
    """The parser, built from the grammar."""
    return Lark(grammar(), parser="lalr", maybe_placeholders=True, transformer=transformer)


def load(transformer: Transformer[Any, Any]) -> Lark:
    """The parser, from its tables where they are current."""
    try:
        stored = json.loads((files("detente.agreement") / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return build(transformer)
    if stored.get("made_from") != _origin():
        return build(transformer)
    data, memo = _numbered(stored["data"]), {int(k): _numbered(v) for k, v in stored["memo"].items()}
    return Lark._load_from_dict(data, memo, transformer=transformer)  # type: ignore[no-untyped-call,no-any-return]  # noqa: SLF001 - how lark's own standalone parsers begin


def tables() -> str:
    """The tables of the present grammar, as `tables.json` holds them."""
    data, memo = build().memo_serialize([TerminalDef, Rule])
    return json.dumps({"made_from": _origin(), "data": data, "memo": memo}, sort_keys=True, default=sorted, separators=(",", ":")) + "\n"


def _origin() -> str:
    return f"lark {lark.__version__}, grammar {hashlib.sha256(grammar().encode()).hexdigest()[:16]}"


def _numbered(value: Any) -> Any:
    """JSON's objects with keys that are numbers again."""
    if isinstance(value, dict):
        return {int(k) if k.lstrip("-").isdigit() else k: _numbered(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_numbered(v) for v in value]
    return value


if __name__ == "__main__":
    (Path(__file__).parent / FILE).write_text(tables(), encoding="utf-8")
