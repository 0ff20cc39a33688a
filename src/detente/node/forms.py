"""Forms: what the body of a message may hold. A form is a kind of the vocabulary that is a message; a new kind is a new form.

The first word of a message's kind names the form, a second word its `type`. What a person is about to
send is checked here; what the other side sends is stored as it is, since a refusal would be a gap in the record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from detente.exchange.refused import RefusedError
from detente.model.kind import Field, Kind
from detente.vocabulary.messages import ENVELOPE, message_kinds

_TIME = re.compile(r"\d{4}(-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:?\d{2}))?)?)?")
_AMOUNT = re.compile(r"[<>≤≥=]{0,2} ?[+-]?\d+(\.\d+)?( ?[^\d\s.,].*)?|[+-]?\d+(\.\d+)? ?\.\. ?[+-]?\d+(\.\d+)?( ?[^\d\s.,].*)?")


def check_form(kind: str, body: Mapping[str, Any]) -> Kind:
    """Check what is about to be sent; gives the kind of the vocabulary.

    Raises:
        RefusedError: `unknown-form`, with the forms that there are; or a field that the form does not
            have, or whose value it cannot hold, by name.
    """
    word, *rest = kind.split(".")
    form = message_kinds().get(word)
    if form is None:
        raise RefusedError("unknown-form", f"expected one of {', '.join(message_kinds())}, found {word[:40]!r}")
    if rest:
        _check_type(form, rest)
    for name, value in body.items():
        field = form.fields.get(name)
        if field is None or name in ENVELOPE or (rest and name == "type"):
            open_ = [f for f in form.fields if f not in ENVELOPE and not (rest and f == "type")]
            raise RefusedError("bad-field", f"expected the fields {', '.join(open_)} of {form.name}, found {name[:40]!r}")
        _check_value(form, field, value)
    return form


def _check_type(form: Kind, words: list[str]) -> None:
    field = form.fields.get("type")
    levels = field.levels if field else ()
    if len(words) > 1 or words[0] not in levels:
        known = f"{form.name} alone, or with one of {', '.join(levels)}" if levels else f"{form.name} alone"
        raise RefusedError("unknown-form", f"expected {known}, found {'.'.join(words)[:40]!r}")


def _check_value(form: Kind, field: Field, value: object) -> None:
    wanted = _wanted(field, value)
    if wanted is not None:
        raise RefusedError("bad-field", f"expected {wanted} in {field.name} of {form.name}, found {str(value)[:40]!r}")


def _wanted(field: Field, value: object) -> str | None:
    """What the field can hold, where the value is not that."""
    match field.type:
        case "flag":
            return None if isinstance(value, bool) or value in ("yes", "no") else "true or false"
        case "category" | "scale":
            return None if value in field.levels else f"one of {', '.join(field.levels)}"
        case "count":
            is_amount = isinstance(value, str) and _AMOUNT.fullmatch(value)
            return None if (isinstance(value, int) and not isinstance(value, bool) and value >= 0) or is_amount else "a whole number"
        case "number":
            is_amount = isinstance(value, str) and _AMOUNT.fullmatch(value)
            return None if (isinstance(value, int) and not isinstance(value, bool)) or is_amount else "a number, or a text such as 3 nm"
        case "time":
            return None if isinstance(value, str) and _TIME.fullmatch(value) else "a date, or a moment with its zone"
        case _:
            return None if isinstance(value, str) and value.strip() else "a text"
