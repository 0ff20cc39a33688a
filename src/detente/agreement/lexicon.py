"""What every word of one agreement means: its kinds, verbs, groups, places, numbers and parties.

Starts from the vocabulary that ships with the package; `define.py` and
`blocks.py` add what the agreement says. Every look-up that fails leaves a
problem with the nearest known word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from detente.agreement.clause import Constant, Group, Instrument, LeftOpen, Membership, Place
from detente.agreement.index import Index
from detente.agreement.markdown import Document
from detente.agreement.tree import At, Word
from detente.model.duration import Duration
from detente.model.kind import Kind, Verb
from detente.model.problem import Fix, Problem
from detente.vocabulary.groups import known_states, load_groups
from detente.vocabulary.kinds import load_kinds

_MOST_SUGGESTIONS = 200
"""Close words are looked for this often in one document; a hostile one gets plain messages after that."""

_LONGEST_LOOKED_UP = 60


@dataclass(slots=True)
class Report:
    """Collects the problems of one document; `base` and `trail` are those of the statement being read."""

    document: Document
    base: int = 0
    trail: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    suggestions: int = 0
    errors: int = 0

    def say(
        self,
        code: str,
        message: str,
        at: At,
        *,
        expected: Iterable[str] = (),
        advice: str | None = None,
        is_warning: bool = False,
        instead: tuple[At, str] | None = None,
    ) -> None:
        """Add a problem at `at` of the present statement; `instead` is what can be put in place of what."""
        place = (self.base + at[0], self.base + at[1])
        fix = None if instead is None else Fix(self.base + instead[0][0], self.base + instead[0][1], instead[1])
        problem = self.document.problem(
            code, message, place, self.trail, expected=tuple(expected), advice=advice, is_warning=is_warning, fix=fix
        )
        self.problems.append(problem)
        self.errors += not is_warning

    def unknown(self, code: str, message: str, word: Word, known: Iterable[str], *, advice: str | None = None) -> None:
        """Add a problem for a word that means nothing here, with the known word most like it."""
        words = sorted(known) if isinstance(known, set | frozenset) else list(dict.fromkeys(known))
        close = self.closest(word.text, words)
        if close is not None:
            advice = f"did you mean `{close}`?"
        expected = words if len(words) <= 12 else ()
        self.say(code, message, word.at, expected=expected, advice=advice)

    def closest(self, text: str, known: list[str]) -> str | None:
        """The known word that is most like `text`, if one is like it at all."""
        if self.suggestions >= _MOST_SUGGESTIONS or len(text) > _LONGEST_LOOKED_UP:
            return None
        self.suggestions += 1
        folded = {k.casefold().replace("_", "-"): k for k in known}
        close = get_close_matches(text.casefold().replace("_", "-"), folded, n=1, cutoff=0.7)
        return folded[close[0]] if close else None


@dataclass(slots=True)
class Lexicon:
    """The words of one agreement."""

    report: Report
    kinds: dict[str, Kind] = field(default_factory=dict)
    plurals: dict[str, str] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    quantities: dict[str, Constant | LeftOpen] = field(default_factory=dict)
    quantity_units: dict[str, str | None] = field(default_factory=dict)
    durations: dict[str, Duration] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    index: Index = field(default_factory=Index)
    parties: tuple[str, ...] = ()
    used_kinds: set[str] = field(default_factory=set)
    used_groups: set[str] = field(default_factory=set)
    defined: dict[str, At] = field(default_factory=dict)
    _verbs: dict[str, dict[str, list[tuple[Kind, Verb]]]] | None = None

    def add_kind(self, kind: Kind) -> None:
        """Add a kind, or put it in the place of one with its name."""
        self.kinds[kind.name] = kind
        self.plurals[kind.plural] = kind.name
        self._verbs = None

    def kind_named(self, noun: str) -> Kind | None:
        """The kind called so, in the singular or the plural."""
        kind = self.kinds.get(noun) or self.kinds.get(self.plurals.get(noun, ""))
        if kind is not None:
            self.used_kinds.add(kind.name)
        return kind

    def kind_of(self, noun: Word) -> Kind | None:
        """The kind that a noun names, or a problem."""
        kind = self.kind_named(noun.text)
        if kind is None:
            known = [*self.kinds, *(p for p in self.plurals if p)]
            self.report.unknown(
                "unknown-kind", f"there is no kind called `{noun.text}`", noun, known, advice="define it, or see docs/reference/kinds.md"
            )
        return kind

    def verbs(self, form: str) -> Mapping[str, list[tuple[Kind, Verb]]]:
        """The verbs in one form (`base`, `third` or `participle`), each with the kinds that have it."""
        if self._verbs is None:
            self._verbs = {"base": {}, "third": {}, "participle": {}}
            for kind in self.kinds.values():
                for verb in kind.verbs:
                    for name in self._verbs:
                        self._verbs[name].setdefault(getattr(verb, name), []).append((kind, verb))
        return self._verbs[form]

    def group_named(self, word: Word) -> str | LeftOpen | None:
        """A group by name, or a problem. Its members come into the agreement."""
        if word.text in self.groups:
            self.used_groups.add(word.text)
            return word.text
        if isinstance(self.quantities.get(word.text), LeftOpen):
            return LeftOpen(word.text)
        self.report.unknown(
            "unknown-group", f"there is no group called `{word.text}`", word, self.groups, advice="define it: `define NAME as group A, B.`"
        )
        return None

    def party(self, name: str) -> str:
        """A party's own name, for a name that may be another word for it."""
        return self.aliases.get(name, name)

    def is_state(self, name: str) -> bool:
        """Whether some party, known state or member of a group is called so."""
        name = self.party(name)
        return name in self.parties or name in self.aliases or name in known_states() or name in self._members()

    def state_named(self, word: Word) -> str | None:
        """A state or party by name, or a problem. Without declared parties any name will do."""
        if self.is_state(word.text):
            return self.party(word.text)
        if not self.parties and word.text not in self.groups and word.text not in self.kinds:
            return word.text
        known = [*self.parties, *self.aliases, *sorted(known_states()), *sorted(self._members())]
        advice = f'if it is another state, say so: `define {word.text} as party "{word.text}".`'
        self.report.unknown("unknown-party", f"no party or state is called `{word.text}`", word, known, advice=advice)
        return None

    def _members(self) -> set[str]:
        return {m.member for g in self.groups.values() for m in g.members}

    def define(self, name: Word) -> bool:
        """Note a definition; False, with a problem, where the name already has one."""
        if name.text in self.defined:
            self.report.say("duplicate-definition", f"`{name.text}` is defined twice", name.at, advice="keep one of the definitions")
            return False
        self.defined[name.text] = name.at
        return True


def new_lexicon(document: Document) -> Lexicon:
    """The words every agreement has: the vocabulary of the package."""
    lexicon = Lexicon(Report(document))
    lexicon.kinds = dict(load_kinds())
    lexicon.plurals = {kind.plural: kind.name for kind in lexicon.kinds.values()}
    lexicon.groups = dict(_shipped_groups())
    return lexicon


def _shipped_groups() -> dict[str, Group]:
    return {
        g.name: Group(
            g.name,
            tuple(
                Membership(m.member, m.since, m.until, m.source if m.confirmed else f"not confirmed to the day: {m.source}")
                for m in g.members
            ),
        )
        for g in load_groups().values()
    }
