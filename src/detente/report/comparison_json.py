"""Comparisons of drafts as JSON: schemas `detente-diff/1` and `detente-diff-three/1`.

The documents have the shape of `detente.negotiate.comparison` and `threeway`; docs/reference/diff.schema.json holds both.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from detente.negotiate.comparison import Comparison
from detente.negotiate.threeway import ThreeWay


class ComparisonDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="detente-diff/1", tag_field="schema"):
    """What `detente diff A B --format json` writes."""

    changes_meaning: bool
    comparison: Comparison


class ThreeWayDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="detente-diff-three/1", tag_field="schema"):
    """What `detente diff BASE OURS THEIRS --format json` writes."""

    changes_meaning: bool
    three_way: ThreeWay


def comparison_json(found: Comparison | ThreeWay) -> bytes:
    """A comparison, indented, ending in a line break."""
    document = (
        ComparisonDocument(found.changes_meaning, found)
        if isinstance(found, Comparison)
        else ThreeWayDocument(found.changes_meaning, found)
    )
    plain = json.loads(msgspec.json.encode(document))
    return (json.dumps(plain, indent=2, ensure_ascii=False) + "\n").encode("utf-8", errors="backslashreplace")


def comparison_schema() -> dict[str, Any]:
    """The JSON Schema of both documents."""
    return msgspec.json.schema(ComparisonDocument | ThreeWayDocument)
