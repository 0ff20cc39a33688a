"""Where a node stands in its statement."""

from __future__ import annotations

from dataclasses import field

At = tuple[int, int]
"""Start and end (exclusive) of a node, in characters from the start of its statement."""


def unplaced() -> At:
    """The field `at` of a node: not known at first, and no part of what the node says."""
    return field(default=(0, 0), compare=False, repr=False)
