"""What is owed as JSON: schema `detente-due/1`, written down in docs/reference/due.schema.json.

The document has the shape of `detente.model.owed`; the same list always gives the same bytes.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from typing import Any

import msgspec

from detente.model.owed import DueList


class DueDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="detente-due/1", tag_field="schema"):
    """What `detente due --format json` writes."""

    due: DueList


def due_json(due: DueList) -> bytes:
    """The list, indented, ending in a line break."""
    plain = msgspec.json.encode(DueDocument(due), order="deterministic")
    text = msgspec.json.format(plain, indent=2).decode()
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode() + b"\n"


_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that could steer a terminal or turn text around: JSON may escape them, and then says the same."""


def schema() -> bytes:
    """The JSON Schema of the document, as docs/reference/due.schema.json holds it."""
    (found,), components = msgspec.json.schema_components([DueDocument], ref_template="#/$defs/{name}")
    for component in components.values():
        if "description" in component:
            component["description"] = inspect.cleandoc(component["description"])
        for name, shape in component.get("properties", {}).items():
            if name in ("as_of", "known_on", "until", "due", "happens"):
                _mark_times(shape)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What is owed, of Détente, version 1",
        **found,
        "$defs": components,
    }
    return json.dumps(whole, indent=2, ensure_ascii=False).encode() + b"\n"


def _mark_times(shape: dict[str, Any]) -> None:
    if shape.get("type") == "string":
        shape["format"] = "date-time"
    for inner in (*shape.get("anyOf", ()), *shape.get("prefixItems", ())):
        _mark_times(inner)


if __name__ == "__main__":
    sys.stdout.buffer.write(schema())
