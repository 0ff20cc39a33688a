"""Text that XML can hold."""

from __future__ import annotations

import re

from detente.model.problem import visible

_NOT_XML = re.compile("[^\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Source: XML 1.0, production 2, Char."""


def xml_text(text: str) -> str:
    """`text` with what is unsafe written out, and what XML cannot hold replaced."""
    return _NOT_XML.sub("\ufffd", visible(text))
