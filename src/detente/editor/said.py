"""What a word is, said in Markdown: labels in English and Russian, types, units and sources.

Names from a document stand in code spans, so that no name can write Markdown
of its own, and through `visible`, so that none can hide.
"""

from __future__ import annotations

import re

from detente.model.kind import Field, Kind, Verb
from detente.model.problem import visible
from detente.vocabulary.groups import DatedGroup
from detente.vocabulary.units import UNITS, units_of

_MOST = 60
"""Lines of a list that are shown."""


def code(text: str) -> str:
    """A code span that holds any text of one line."""
    text = visible(text.replace("\n", " "))
    fence = "`" * (1 + max((len(m) for m in re.findall(r"`+", text)), default=0))
    return f"{fence} {text} {fence}" if text.startswith("`") or text.endswith("`") else f"{fence}{text}{fence}"


def block(text: str) -> str:
    """A fenced block that holds any text."""
    text = visible(text)
    fence = "`" * max(3, 1 + max((len(m) for m in re.findall(r"`+", text)), default=0))
    return f"{fence}rule\n{text}\n{fence}"


def kind_said(kind: Kind) -> str:
    """A kind: labels, what it is, its verbs and fields, and its source."""
    genus = {"event": "an event", "thing": "a thing", "stock": "a stock"}[kind.genus]
    lines = [f"**{code(kind.name)}** — {_labels(kind.labels)}", "", f"{genus}; plural {code(kind.plural)}"]
    if kind.happens:
        lines[-1] += f"; happens at {code(kind.happens)}"
    if kind.registers:
        lines[-1] += f"; complete in {', '.join(code(r) for r in kind.registers)}"
    if kind.unit:
        lines[-1] += f"; counted in {code(kind.unit)}"
    lines += ["", *(f"* {verb_said(verb)}" for verb in kind.verbs), ""]
    lines += [f"* {code(f.name)}: {type_said(f)} — {_labels(f.labels)}" for f in list(kind.fields.values())[:_MOST]]
    if kind.source:
        lines += ["", f"Source: {code(kind.source)}"]
    return "\n".join(lines)


def field_said(field: Field, kind: Kind | None = None) -> str:
    """A field: labels, type, steps and units."""
    of = f" of {code(kind.name)}" if kind else ""
    text = f"**{code(field.name)}**{of} — {_labels(field.labels)}\n\n{type_said(field)}"
    if field.unit in ("m", "t"):
        text += f"\n\nUnits: {', '.join(units_of(field.unit))}"
    return text


def type_said(field: Field) -> str:
    """A field's type in one line."""
    text: str = field.type
    if field.levels:
        text += ": " + (" < " if field.type == "scale" else ", ").join(field.levels)
    if field.unit:
        text += f" in {field.unit}"
    if field.of:
        text += f" to {field.of}"
    return visible(text)


def verb_said(verb: Verb) -> str:
    """A verb: its forms, and what follows each preposition."""
    takes = "takes itself" if verb.takes == "itself" else "takes what it is about"
    roles = "".join(f"; {code(p)} → {code(f)}" for p, f in verb.prepositions.items() if p)
    return f"**{visible(verb.base)}**, {visible(verb.third)}, {visible(verb.participle)}: {takes}{roles}"


def group_said(group: DatedGroup) -> str:
    """A group that comes with the package: labels, members with their dates, and where these were read."""
    lines = [f"**{code(group.name)}** — {_labels(group.labels)}", ""]
    for member in group.members[:_MOST]:
        until = f" until {member.until}" if member.until else ""
        unsure = "" if member.confirmed else " (day not seen in the source)"
        lines.append(f"* {visible(member.member)} since {member.since}{until}{unsure}")
    if len(group.members) > _MOST:
        lines.append(f"* and {len(group.members) - _MOST} more")
    sources = list(dict.fromkeys(member.source for member in group.members))
    lines += ["", "Sources:", *(f"* {code(source)}" for source in sources[:5])]
    if len(sources) > 5:
        lines.append(f"* and {len(sources) - 5} more")
    return "\n".join(lines)


def unit_said(unit: str) -> str:
    """A unit, in metres or tonnes."""
    canonical, factor = UNITS[unit]
    what = "length" if canonical == "m" else "mass"
    return f"**{code(unit)}** — a unit of {what}: 1 {unit} = {factor:g} {canonical}\n\nSource: BIPM, The International System of Units, 9th edition; international foot and pound (1959)"


def _labels(labels: object) -> str:
    """Labels in English and Russian; a name without labels has none."""
    given = dict(labels) if hasattr(labels, "items") else {}  # type: ignore[call-overload]  # a mapping by the test
    return " · ".join(visible(given[language]) for language in ("en", "ru") if language in given) or "defined in this agreement"
