"""The reference page of kinds and groups, written from the vocabulary.

`python -m detente.vocabulary.page > docs/reference/kinds.md` writes it again; a test
compares the two.
"""

from __future__ import annotations

import sys

from detente.model.kind import Field, Kind, Verb
from detente.vocabulary.groups import DatedGroup, load_groups
from detente.vocabulary.kinds import load_kinds

_OPENING = """# Kinds and groups

*Written from the vocabulary by `python -m detente.vocabulary.page`; do not edit by hand.*

A **kind** says what a statement can be about. An *event* happens at one of its times; a *thing* holds from `from` until
`until`; a *stock* is counted by inventories and changes. Fields of the types *party*, *ref* (another event), *place*, *text* and
*category* hold one word; *scale*, *flag*, *count*, *number* and *time* hold a lower and an upper bound. An agreement
adds kinds and fields of its own with `define`; see [the language](language.md).

A verb *takes itself* where its object is the event ("conduct an exercise X") and *takes about* where its object is
what the event refers to ("notify X"). After each preposition stands the field it fills.
"""

_GENERA = (("event", "Events"), ("thing", "Things"), ("stock", "Stocks"))


def kinds_page() -> str:
    """The whole page, in Markdown."""
    kinds = load_kinds()
    parts = [_OPENING]
    for genus, heading in _GENERA:
        parts.append(f"## {heading}\n")
        parts += [_kind(kind) for kind in kinds.values() if kind.genus == genus]
    parts.append(
        "## Groups\n\nMembership is dated; the day a member leaves is its first day outside. Days marked † were not seen in the source itself.\n"
    )
    parts += [_group(group) for group in load_groups().values()]
    return "\n".join(parts)


def _kind(kind: Kind) -> str:
    lines = [f"### `{kind.name}`", "", f"{kind.labels['en'].capitalize()} · {kind.labels['ru']} · plural `{kind.plural}`", ""]
    if kind.happens:
        lines.append(f"* happens at `{kind.happens}`; own acts of {_listed(kind.acts)}")
    if kind.registers:
        lines.append(f"* complete in {_listed(kind.registers)}")
    lines += [f"* {_verb(verb)}" for verb in kind.verbs]
    return "\n".join(
        [*lines, "", "| field | type | English | Russian |", "|---|---|---|---|", *(_field(f) for f in kind.fields.values()), ""]
    )


def _verb(verb: Verb) -> str:
    takes = "takes itself" if verb.takes == "itself" else "takes what it is about"
    if "" in verb.prepositions:
        takes = f"takes `{verb.prepositions['']}`"
    roles = ", ".join(f"{p} → `{f}`" for p, f in verb.prepositions.items() if p)
    return f"**{verb.base}**, {verb.third}, {verb.participle}: {takes}" + (f"; {roles}" if roles else "")


def _field(field: Field) -> str:
    kind: str = field.type
    if field.levels:
        kind += ": " + (" < " if field.type == "scale" else ", ").join(field.levels)
    if field.unit:
        kind += f" in {field.unit}"
    if field.of:
        kind += f" to {field.of}"
    return f"| `{field.name}` | {kind} | {field.labels['en']} | {field.labels['ru']} |"


def _group(group: DatedGroup) -> str:
    lines = [
        f"### {group.name}",
        "",
        f"{group.labels['en']} · {group.labels['ru']}",
        "",
        "| member | from | until | what began it |",
        "|---|---|---|---|",
    ]
    for member in group.members:
        mark = "" if member.confirmed else " †"
        lines.append(f"| {member.member} | {member.since}{mark} | {member.until or ''} | {member.event} |")
    return "\n".join([*lines, ""])


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


if __name__ == "__main__":
    sys.stdout.write(kinds_page())
