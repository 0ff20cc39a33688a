"""The kinds that come with the package, one file each in `kinds/`.

A new kind is a new file; nothing else changes. A fault in these files is a
fault of the package, so it raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, get_args

import yaml

from detente.model.kind import Field, FieldType, Kind, Verb

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""What kinds and fields may be called."""

UNITS = ("m", "t", "count")
"""Canonical units: metres, tonnes, and things counted."""

_KIND_KEYS = {"name", "genus", "labels", "plural", "unit", "happens", "acts", "registers", "verbs", "fields", "source"}
_VERB_KEYS = {"base", "third", "participle", "takes", "prepositions"}
_FIELD_KEYS = {"type", "unit", "levels", "of"}


class BrokenVocabularyError(ValueError):
    """A file of the vocabulary does not say what such a file must say."""


@cache
def load_kinds() -> Mapping[str, Kind]:
    """Every kind that ships with the package, by name, in alphabetical order.

    Raises:
        BrokenVocabularyError: a file is not as it should be.
    """
    labels = _field_labels()
    kinds: dict[str, Kind] = {}
    folder = files("detente.vocabulary") / "kinds"
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".yaml"):
            continue
        kind = read_kind(entry.read_text(encoding="utf-8"), entry.name, labels)
        if entry.name != f"{kind.name}.yaml":
            raise BrokenVocabularyError(f"{entry.name}: the kind in it is called {kind.name}")
        kinds[kind.name] = kind
    _check_references(kinds)
    return MappingProxyType(kinds)


def read_kind(text: str, file: str, labels: Mapping[str, Mapping[str, str]]) -> Kind:
    """One kind from the text of its file. `labels` are the fields' labels by field.

    Raises:
        BrokenVocabularyError: with the file's name and what is wrong.
    """
    raw = parse_yaml(text, file)
    _only(raw, _KIND_KEYS, file)
    name = _name(raw.get("name"), file)
    fields = {_name(f, file): _field(f, v, labels, file) for f, v in _mapping(raw.get("fields"), file).items()}
    genus = raw.get("genus")
    if genus not in ("event", "thing", "stock"):
        raise BrokenVocabularyError(f"{file}: genus is event, thing or stock, not {genus!r}")
    kind = Kind(
        name=name,
        genus=genus,
        fields=MappingProxyType(fields),
        verbs=tuple(_verb(v, fields, file) for v in raw.get("verbs") or ()),
        happens=raw.get("happens"),
        acts=tuple(raw.get("acts") or ("party",)),
        registers=tuple(raw.get("registers") or ()),
        labels=_labels(raw.get("labels"), file),
        plural=_text(raw.get("plural"), file),
        unit=raw.get("unit"),
        source=raw.get("source"),
    )
    _check_kind(kind, file)
    return kind


def parse_yaml(text: str, file: str) -> dict[str, Any]:
    """A YAML file whose top is a mapping, read with the safe loader.

    Raises:
        BrokenVocabularyError: it is not YAML, or its top is something else.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        raw = yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as error:
        raise BrokenVocabularyError(f"{file}: {error}") from error
    return _mapping(raw, file)


def _field_labels() -> Mapping[str, Mapping[str, str]]:
    text = (files("detente.vocabulary") / "fields.yaml").read_text(encoding="utf-8")
    return {name: _labels(value, "fields.yaml") for name, value in parse_yaml(text, "fields.yaml").items()}


def _field(name: str, raw: Any, labels: Mapping[str, Mapping[str, str]], file: str) -> Field:
    raw = _mapping(raw, f"{file}, field {name}")
    _only(raw, _FIELD_KEYS, f"{file}, field {name}")
    kind = raw.get("type")
    if kind not in get_args(FieldType):
        raise BrokenVocabularyError(f"{file}, field {name}: unknown type {kind!r}")
    levels = tuple(raw.get("levels") or ())
    if bool(levels) != (kind in ("scale", "category")) or not all(isinstance(x, str) and NAME.fullmatch(x) for x in levels):
        raise BrokenVocabularyError(f"{file}, field {name}: a scale or category, and nothing else, has levels, each a name")
    if raw.get("unit") not in (None, *UNITS):
        raise BrokenVocabularyError(f"{file}, field {name}: units are {', '.join(UNITS)}, not {raw.get('unit')!r}")
    if name not in labels:
        raise BrokenVocabularyError(f"fields.yaml has no labels for {name} ({file})")
    return Field(name=name, type=kind, unit=raw.get("unit"), levels=levels, of=raw.get("of"), labels=labels[name])


def _verb(raw: Any, fields: Mapping[str, Field], file: str) -> Verb:
    raw = _mapping(raw, f"{file}, verbs")
    _only(raw, _VERB_KEYS, f"{file}, verbs")
    prepositions = _mapping(raw.get("prepositions") or {}, f"{file}, verbs")
    for preposition, name in prepositions.items():
        if name not in fields:
            raise BrokenVocabularyError(f"{file}: `{raw.get('base')} {preposition}` fills {name}, which is not a field")
    if raw.get("takes") not in ("itself", "about"):
        raise BrokenVocabularyError(f"{file}: `{raw.get('base')}` takes itself or about, not {raw.get('takes')!r}")
    if raw["takes"] == "about" and "about" not in fields:
        raise BrokenVocabularyError(f"{file}: `{raw.get('base')}` takes about, but there is no field about")
    return Verb(
        base=_name(raw.get("base"), file),
        third=_name(raw.get("third"), file),
        participle=_name(raw.get("participle"), file),
        takes=raw["takes"],
        prepositions=MappingProxyType(prepositions),
    )


def _check_kind(kind: Kind, file: str) -> None:
    if kind.genus == "stock":
        if kind.happens or kind.unit is None:
            raise BrokenVocabularyError(f"{file}: a stock has a unit and does not happen")
    elif kind.happens is None or kind.happens not in kind.fields or kind.fields[kind.happens].type != "time":
        raise BrokenVocabularyError(f"{file}: happens names a time field, not {kind.happens!r}")
    if kind.genus == "thing" and not {"from", "until"} <= kind.fields.keys():
        raise BrokenVocabularyError(f"{file}: a thing has the fields from and until")
    for act in kind.acts:
        if act not in kind.fields or kind.fields[act].type != "party":
            raise BrokenVocabularyError(f"{file}: acts names party fields, not {act!r}")


def _check_references(kinds: Mapping[str, Kind]) -> None:
    plurals: dict[str, str] = {}
    for kind in kinds.values():
        other = plurals.setdefault(kind.plural, kind.name)
        if other != kind.name or (kind.plural in kinds and kind.plural != kind.name):
            raise BrokenVocabularyError(f"{kind.name}.yaml: the plural {kind.plural} means something else too")
        for field in kind.fields.values():
            if field.of is not None and field.of not in kinds:
                raise BrokenVocabularyError(f"{kind.name}.yaml, field {field.name}: there is no kind {field.of}")


def _labels(raw: Any, file: str) -> Mapping[str, str]:
    labels = _mapping(raw, f"{file}, labels")
    if set(labels) != {"en", "ru"}:
        raise BrokenVocabularyError(f"{file}: labels are given in en and ru")
    return MappingProxyType({language: _text(text, file) for language, text in labels.items()})


def _only(raw: Mapping[str, Any], keys: set[str], file: str) -> None:
    if extra := set(raw) - keys:
        raise BrokenVocabularyError(f"{file}: unknown key {min(extra)!r}; known are {', '.join(sorted(keys))}")


def _mapping(raw: Any, file: str) -> dict[str, Any]:
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise BrokenVocabularyError(f"{file}: expected a mapping with words as keys, found {raw!r}")
    return raw


def _name(raw: Any, file: str) -> str:
    if not isinstance(raw, str) or not NAME.fullmatch(raw):
        raise BrokenVocabularyError(f"{file}: {raw!r} is not a name (lower-case letters, digits, hyphens)")
    return raw


def _text(raw: Any, file: str) -> str:
    if not isinstance(raw, str) or not raw:
        raise BrokenVocabularyError(f"{file}: expected a word or words, found {raw!r}")
    return raw
