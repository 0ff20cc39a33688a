"""The kinds that are messages from one party to another: what an exchange carries, and what becomes evidence of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from detente.model.kind import Kind
from detente.vocabulary.kinds import load_kinds

ENVELOPE = ("party", "recipient", "sent", "received")
"""Fields that say who sent it to whom and when: an exchange fills them, and no body may."""


def is_message(kind: Kind) -> bool:
    """Whether events of the kind are messages: they happen when the recipient receives them."""
    return kind.genus == "event" and kind.happens == "received" and {"party", "recipient"} <= set(kind.fields)


@cache
def message_kinds() -> Mapping[str, Kind]:
    """The kinds of message that ship with the package, by name, in alphabetical order."""
    return MappingProxyType({name: kind for name, kind in load_kinds().items() if is_message(kind)})
