"""Words that are defined and not used, used in the prose and not defined, or left open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detente.agreement import tree as t
from detente.agreement.clause import LeftOpen
from detente.draft.draft import Draft, Written, words
from detente.model.problem import Problem
from detente.vocabulary.kinds import load_kinds

_NAME = re.compile(r"`([a-z][a-z0-9]*(?:-[a-z0-9]+)+)`")
_TERM = re.compile(
    r"""\b(?i:hereinafter|hereafter|referred\s+to\s+(?:below\s+)?as)\b[^"“\n]{0,60}["“](?P<after>[^"”\n]{2,60})["”]"""
    r"""|["“](?P<means>[A-Z][^"”\n]{1,60})["”]\s+(?:means|shall\s+mean|is\s+defined\s+as)\b"""
    r"""|\(\s*(?:the\s+)?["“](?P<alone>[A-Z][^"”\n]{1,60})["”]\s*\)"""
)
_WORD = re.compile(r"[^\s\"'`.,;:()>]+")


def terms(draft: Draft) -> Iterator[Problem]:
    """Definitions that nothing uses, terms of the prose that nothing defines or uses again, and terms left open."""
    used = [(s, frozenset(words(s.tree))) for s in draft.statements]
    in_cases = frozenset(w for b in draft.document.blocks if b.sort == "case" for w in _WORD.findall(draft.document.text[b.start : b.end]))
    uses: dict[str, int] = {}
    for _, found in used:
        for word in found:
            uses[word] = uses.get(word, 0) + 1
    hanging = _hanging(draft, used)
    for statement, own in used:
        if isinstance(statement.tree, t.Define):
            names = _names(statement.tree, draft)
            if not any(uses.get(name, 0) > (name in own) or name in in_cases for name in names):
                yield _unused(draft, statement)
            elif isinstance(statement.tree.meaning, t.LeftOpenTree):
                yield _left_open(draft, statement, statement.tree, hanging.get(statement.tree.name.text, []))
    yield from _undefined(draft, uses.keys() | in_cases)
    yield from _unused_terms(draft)


def _names(tree: t.Define, draft: Draft) -> set[str]:
    """Everything by which a definition can be used: its name; of a kind also its plural, its verbs and its new fields."""
    names = {tree.name.text}
    if not isinstance(tree.meaning, t.KindTree):
        return names | ({tree.meaning.name} if isinstance(tree.meaning, t.PartyIs) else set())
    kind = draft.agreement.kinds.get(tree.name.text)
    fields = {f.name.text for f in tree.meaning.fields}
    if tree.name.text in load_kinds() and (fields or tree.meaning.verb):
        verb = tree.meaning.verb
        return fields | ({verb.third.text, *(form.text for form in verb.forms or ())} if verb else set())
    names |= fields
    if kind is not None:
        names |= {kind.plural} | {form for verb in kind.verbs for form in (verb.base, verb.third, verb.participle)}
    return names


def _place(statement: Written) -> tuple[int, int]:
    assert isinstance(statement.tree, t.Define)  # noqa: S101  only definitions come here
    return statement.start + statement.tree.name.at[0], statement.start + statement.tree.name.at[1]


def _unused(draft: Draft, statement: Written) -> Problem:
    assert isinstance(statement.tree, t.Define)  # noqa: S101
    name = statement.tree.name.text
    return draft.remark(
        "unused-definition", f"`{name}` is defined, and no rule or case uses it", _place(statement), "use it, or take it out"
    )


def _hanging(draft: Draft, used: list[tuple[Written, frozenset[str]]]) -> dict[str, list[str]]:
    """The rules that name each term left open, in the order of the text."""
    left = {name for name, place in draft.agreement.places.items() if place.is_left_open}
    left |= {name for name, value in draft.agreement.quantities.items() if isinstance(value, LeftOpen)}
    left |= {name for name, other in draft.agreement.instruments.items() if other.is_left_open}
    found: dict[str, list[str]] = {}
    for statement, own in used:
        if isinstance(statement.tree, t.RuleTree):
            for name in own & left:
                found.setdefault(name, []).append(statement.tree.id.text)
    return found


def _left_open(draft: Draft, statement: Written, tree: t.Define, hanging: list[str]) -> Problem:
    name = tree.name.text
    listed = ", ".join(hanging[:6]) + (f" and {len(hanging) - 6} more" if len(hanging) > 6 else "")
    on = f"no verdict of {'rule' if len(hanging) == 1 else 'rules'} {listed} can rest on it" if hanging else "no rule rests on it by itself"
    value = {"place": "a place that is drawn", "group": "a group", "number": "a number", "agreement": ""}[tree.meaning.sort]  # type: ignore[union-attr]  # narrowed by the caller
    advice = (
        f'agree on it and define it; until then try one with `--assume "{name}=..."`, {value}'
        if value
        else "define it with the file of its text"
    )
    return draft.remark("left-open-term", f"the text leaves `{name}` open: {on}", _place(statement), advice)


def _undefined(draft: Draft, used: set[str] | frozenset[str]) -> Iterator[Problem]:
    """Names in backticks that mean nothing here."""
    agreement = draft.agreement
    known = {*used, *agreement.kinds, *(k.plural for k in agreement.kinds.values()), *agreement.groups, *agreement.places}
    known |= {*agreement.quantities, *agreement.instruments, *agreement.labels, "entry-into-force"}
    known |= {field for kind in agreement.kinds.values() for field in kind.fields}
    known |= {form for kind in agreement.kinds.values() for verb in kind.verbs for form in (verb.base, verb.third, verb.participle)}
    known |= {register for kind in agreement.kinds.values() for register in kind.registers}
    known |= {level for kind in agreement.kinds.values() for field in kind.fields.values() for level in field.levels}
    told: set[str] = set()
    for passage in draft.passages:
        for match in _NAME.finditer(passage.full):
            if match[1] in known or match[1] in told:
                continue
            told.add(match[1])
            at = (passage.start + match.start(1), passage.start + match.end(1))
            yield draft.remark(
                "undefined-term",
                f"the prose names `{match[1]}`, and nothing defines it",
                at,
                f"define it, or say it in plain words: `define {match[1]} as ...`",
            )


def _unused_terms(draft: Draft) -> Iterator[Problem]:
    """Terms that the prose introduces and never uses again."""
    whole = "\n".join(passage.full for passage in draft.passages)
    for passage in draft.passages:
        for match in list(_TERM.finditer(passage.full))[:200]:
            group = match.lastgroup or "after"
            term = match[group]
            spaced = r"\s+".join(re.escape(word) for word in term.split())
            if len(re.findall(rf"(?<!\w){spaced}(?!\w)", whole)) > 1:
                continue
            at = (passage.start + match.start(group), passage.start + match.end(group))
            yield draft.remark("unused-term", f'the prose introduces "{term}" and never uses it', at, "use it, or take it out", "note")
