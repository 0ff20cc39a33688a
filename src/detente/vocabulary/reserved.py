"""Names that no field of a kind can have, since they mean something in every table of evidence.

Names are compared without regard to case, as tables do.
"""

from __future__ import annotations

TEXTS = ("reported_by", "quote", "language", "translation", "cite", "publication_level")
"""What a statement may carry besides its fields: words that are shown and never judged."""

NOTES = frozenset({"note", "notes", "remark", "remarks", "comment"})
"""Columns that may stand in any table and are not read."""

RESERVED = frozenset(
    {
        "line",
        "file",
        "id",
        "kind",
        "source",
        "says",
        "event",
        "base",
        "target",
        "said",
        "published",
        "own",
        "lone",
        "twin",
        "seq",
        "said_at",
        "published_at",
        *TEXTS,
        *NOTES,
        "accounts",
        "bearer",
        "bit",
        "cites",
        "happens",
        "heard",
        "occasion",
        "sure",
    }
)
"""The columns of a statement itself, those that reading a table adds, and those that judging adds."""


def is_reserved(name: str) -> bool:
    """Whether a field cannot be called so: a reserved name, or one that the two bounds of another field would have."""
    plain = name.casefold().replace("-", "_")
    return plain in RESERVED or plain.endswith(("_lo", "_hi"))


RESERVED_KINDS = frozenset(
    [
        "account",
        "bound",
        "completeness",
        "coverage",
        "doubles",
        "entered",
        "faulty",
        "hop",
        "identical",
        "identity",
        "left_out",
        "linked",
        "listed",
        "located",
        "member",
        "membership",
        "named",
        "paired",
        "party",
        "place",
        "places",
        "recording",
        "removed",
        "row_digest",
        "seat",
        "several",
        "shared",
        "source",
        "sources",
        "speaks",
        "spread",
        "stated",
        "statement",
        "tracks",
        "voice",
        "withdrawn",
    ]
)
"""Tables of evidence and of the judge that are about no kind."""


def is_reserved_kind(name: str) -> bool:
    """Whether a kind cannot be called so: its table would take the place of another."""
    plain = name.casefold().replace("-", "_")
    return plain in RESERVED_KINDS or plain.endswith("_filled")
