"""What is owed as JSON: schema `detente-due/1`, written down in docs/reference/due.schema.json.

The document has the shape of `detente.model.owed`; the same list always gives the same bytes.
"""

from __future__ import annotations

import sys

import msgspec

from detente.model.owed import DueList
from detente.report.document import document_json, document_schema


class DueDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="detente-due/1", tag_field="schema"):
    """What `detente due --format json` writes."""

    due: DueList


def due_json(due: DueList) -> bytes:
    """The list, indented, ending in a line break."""
    return document_json(DueDocument(due))


def schema() -> bytes:
    """The JSON Schema of the document, as docs/reference/due.schema.json holds it."""
    return document_schema(DueDocument, "What is owed, of Détente, version 1", ("as_of", "known_on", "until", "due", "happens"))


if __name__ == "__main__":
    sys.stdout.buffer.write(schema())
