"""Verdicts and explanations as JSON: schemas `detente-verdicts/1` and `detente-explanations/1`.

The documents have the shape of `detente.model.verdict`, so the classes there
are the schema; `schema()` writes it down and docs/reference/verdicts.schema.json
holds it. Fields stand in the order of the classes, accounts and other names in
sorted order: the same verdicts always give the same bytes.
"""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, overload
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from detente.model.verdict import Explanation, InstanceVerdict, Verdicts
from detente.report.document import document_json, document_schema

_LARGEST = 512 * 1024 * 1024


class VerdictsDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="detente-verdicts/1", tag_field="schema"):
    """What `detente check --format json` writes."""

    verdicts: Verdicts


class ExplanationsDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="detente-explanations/1", tag_field="schema"):
    """What `detente explain --format json` writes: the question, then why each instance has its verdict."""

    title: str
    agreement_digest: str
    evidence_digest: str
    as_of: datetime
    known_on: datetime
    time_zone: str
    version: str
    explanations: tuple[Explanation, ...]


class NotVerdicts(ValueError):  # noqa: N818
    """The file is no verdict file; the message says why, in one sentence."""


def verdicts_json(verdicts: Verdicts) -> bytes:
    """A verdict file, indented, ending in a line break."""
    return document_json(VerdictsDocument(_with_zones(verdicts)))


def explanations_json(verdicts: Verdicts, explanations: Sequence[Explanation]) -> bytes:
    """Explanations with the question they answer; `verdicts` gives the question and nothing else."""
    return document_json(
        ExplanationsDocument(
            title=verdicts.title,
            agreement_digest=verdicts.agreement_digest,
            evidence_digest=verdicts.evidence_digest,
            as_of=verdicts.as_of,
            known_on=verdicts.known_on,
            time_zone=verdicts.time_zone,
            version=verdicts.version,
            explanations=tuple(replace(e, verdict=_instance_with_zones(e.verdict)) for e in explanations),
        )
    )


def _with_zones(verdicts: Verdicts) -> Verdicts:
    """The same verdicts, every time marked as the UTC that it is."""
    articles = tuple(
        replace(article, rules=tuple(replace(rule, instances=tuple(map(_instance_with_zones, rule.instances))) for rule in article.rules))
        for article in verdicts.articles
    )
    return replace(verdicts, as_of=_utc(verdicts.as_of), known_on=_utc(verdicts.known_on), articles=articles)


def _instance_with_zones(instance: InstanceVerdict) -> InstanceVerdict:
    start, end = instance.due
    spells = tuple(replace(spell, start=_utc(spell.start), end=_utc(spell.end)) for spell in instance.spells)
    return replace(instance, due=(_utc(start), _utc(end)), spells=spells)


@overload
def _utc(at: datetime) -> datetime: ...
@overload
def _utc(at: None) -> None: ...
def _utc(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def read_verdicts(path: Path) -> Verdicts:
    """The verdicts in a file that `verdicts_json` wrote; formatting may differ, content may not.

    Raises:
        NotVerdicts: not such a file. Unknown fields, repeated fields, missing
            fields, values of another type and times without a zone are refused.
        OSError: it cannot be read.

    """
    if stat.S_ISFIFO(mode := path.stat().st_mode) or stat.S_ISCHR(mode):
        raise NotVerdicts("a pipe or a device; use - to read stdin")
    with path.open("rb") as file:
        raw = file.read(_LARGEST + 1)
    return parse_verdicts(raw)


def parse_verdicts(raw: bytes) -> Verdicts:
    """As `read_verdicts`, from bytes."""
    if len(raw) > _LARGEST:
        raise NotVerdicts(f"larger than {_LARGEST // 2**20} MiB")
    try:
        document = msgspec.json.decode(raw, type=VerdictsDocument)
        found = json.loads(raw, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotVerdicts(str(error) or "not JSON") from None
    # What is read must say everything that stands in the file: dataclasses ignore fields they do not know.
    if _plain(document) != found:
        raise NotVerdicts("it holds fields that no verdict file has, or values written in another way")
    _check_clock(document.verdicts)
    return document.verdicts


def _check_clock(verdicts: Verdicts) -> None:
    """Refuse an unknown time zone, and times that are not UTC."""
    try:
        ZoneInfo(verdicts.time_zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise NotVerdicts("its time zone is unknown") from None
    if any(at is not None and at.utcoffset() != timedelta(0) for at in _times(verdicts)):
        raise NotVerdicts("it holds times that are not UTC (they end in Z)")


def _times(verdicts: Verdicts) -> Iterator[datetime | None]:
    yield from (verdicts.as_of, verdicts.known_on)
    for article in verdicts.articles:
        for rule in article.rules:
            for instance in rule.instances:
                yield from instance.due
                for spell in instance.spells:
                    yield from (spell.start, spell.end)


def _plain(document: VerdictsDocument) -> Any:
    return json.loads(msgspec.json.encode(document))


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


# ---- the schema, written down -------------------------------------------------


def schema() -> bytes:
    """The JSON Schema of both documents, as docs/reference/verdicts.schema.json holds it."""
    documents = VerdictsDocument | ExplanationsDocument
    return document_schema(documents, "Verdicts and explanations of Détente, version 1", ("as_of", "known_on", "start", "end", "due"))


if __name__ == "__main__":
    sys.stdout.buffer.write(schema())
