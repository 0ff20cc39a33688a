"""Comparisons of drafts as JSON: schemas `detente-diff/1` and `detente-diff-three/1`.

The documents have the shape of `detente.negotiate.comparison` and `threeway`; docs/reference/diff.schema.json holds both.
"""

from __future__ import annotations

from typing import Any

import msgspec

from detente.negotiate.comparison import Comparison
from detente.negotiate.threeway import ThreeWay
from detente.report.document import document_json


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
    return document_json(document)


def comparison_schema() -> dict[str, Any]:
    """The JSON Schema of both documents."""
    return msgspec.json.schema(ComparisonDocument | ThreeWayDocument)
