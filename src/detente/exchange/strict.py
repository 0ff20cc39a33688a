"""Readers that take one way of writing a thing and refuse all others.

Two programs that read the same bytes must read the same thing: no second
spelling of a number, no stray bits in base64, no key given twice.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Never

from detente.exchange.refused import RefusedError

HASH_SIZE = 32
MOST_DECIMAL = (1 << 63) - 1


def decoded_text(data: bytes, what: str) -> str:
    """UTF-8 text without ASCII control characters other than newline.

    Source: C2SP signed-note, "Format".
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError("not-utf-8", f"expected UTF-8 in {what}, found the byte 0x{data[error.start]:02x} at {error.start}") from None
    for place, letter in enumerate(text):
        if letter < " " and letter != "\n":
            raise RefusedError("control-character", f"expected no control character in {what}, found U+{ord(letter):04X} at {place}")
    return text


def decimal(text: str, what: str) -> int:
    """A number in ASCII digits without leading zeroes, at most 2**63 - 1.

    Source: C2SP tlog-checkpoint, "Note text", line 2.
    """
    if (
        not text
        or any(c not in "0123456789" for c in text)
        or (text[0] == "0" and text != "0")
        or len(text) > 19
        or int(text) > MOST_DECIMAL
    ):
        raise RefusedError("bad-number", f"expected {what} in decimal digits without leading zeroes, found {text[:40]!r}")
    return int(text)


def unbase64(text: str, what: str) -> bytes:
    """Standard base64 with padding and without stray bits (RFC 4648, sections 3.5 and 4)."""
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise RefusedError("bad-base64", f"expected {what} in base64, found {text[:60]!r}") from None
    if to_base64(data) != text:
        raise RefusedError("bad-base64", f"expected {what} in its one base64 form, found {text[:60]!r}")
    return data


def hash_line(text: str, what: str) -> bytes:
    """A SHA-256 hash in base64."""
    data = unbase64(text, what)
    if len(data) != HASH_SIZE:
        raise RefusedError("bad-hash", f"expected {what} of {HASH_SIZE} bytes, found {len(data)}")
    return data


def to_base64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def read_json(data: bytes, what: str) -> Any:
    """JSON in UTF-8: no key twice, no NaN or infinity, no lone surrogate, nothing after the value.

    Source: RFC 8259, sections 4, 6 and 8.2, each taken at its strictest.
    """
    text = decoded_json_text(data, what)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            twice = next(key for n, (key, _) in enumerate(items) if key in dict(items[:n]))
            raise RefusedError("duplicate-key", f"expected each key once in {what}, found {twice[:60]!r} twice")
        return found

    def constant(name: str) -> Never:
        raise RefusedError("not-a-number", f"expected numbers in {what}, found {name}")

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except (json.JSONDecodeError, RecursionError) as error:
        raise RefusedError("not-json", f"expected JSON in {what}: {error}") from None
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise RefusedError("lone-surrogate", f"expected whole characters in {what}, found half of a surrogate pair") from None
    return value


def decoded_json_text(data: bytes, what: str) -> str:
    """The text of a JSON document; a byte order mark is refused (RFC 8259, section 8.1)."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise RefusedError("byte-order-mark", f"expected {what} without a byte order mark")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError("not-utf-8", f"expected UTF-8 in {what}, found the byte 0x{data[error.start]:02x} at {error.start}") from None
