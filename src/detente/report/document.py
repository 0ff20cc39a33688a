"""How a document of msgspec classes is written as JSON, and its JSON Schema: one way for verdicts, what is owed and comparisons."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Collection
from typing import Any

import msgspec


def document_json(document: msgspec.Struct) -> bytes:
    """The document, indented, ending in a line break; the same document always gives the same bytes."""
    plain = msgspec.json.encode(document, order="deterministic")
    text = msgspec.json.format(plain, indent=2).decode()
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode() + b"\n"


_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that could steer a terminal or turn text around: JSON may escape them, and then says the same."""


def document_schema(documents: Any, title: str, times: Collection[str]) -> bytes:
    """The JSON Schema of a class of documents, or of several; fields named in `times` hold moments, which `msgspec` calls strings."""
    (found,), components = msgspec.json.schema_components([documents], ref_template="#/$defs/{name}")
    for component in components.values():
        if "description" in component:
            component["description"] = inspect.cleandoc(component["description"])
        for name, shape in component.get("properties", {}).items():
            if name in times:
                _mark_times(shape)
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **found, "$defs": components}
    return json.dumps(whole, indent=2, ensure_ascii=False).encode() + b"\n"


def _mark_times(shape: dict[str, Any]) -> None:
    if shape.get("type") == "string":
        shape["format"] = "date-time"
    for inner in (*shape.get("anyOf", ()), *shape.get("prefixItems", ())):
        _mark_times(inner)
