"""What one account holds: of every event, of every field, and of what did not happen.

Truth values are numbers: 1 certain (true), 0 impossible (false), 0.5 possible;
`min` is and, `max` is or, `1 - x` is not (strong Kleene).
Source: docs/explanation/semantics.md, sections 1 to 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from detente.model.kind import Field, Kind

from .rows import EARLIEST, LATEST, Complete, Evidence, Range, Row, above, base, below, greatest, least

NO, MAYBE, YES = 0.0, 0.5, 1.0

Tier = tuple[tuple[str, bool], ...]
"""The sources of a tier, and of each whether only its own acts are heard."""


@dataclass(frozen=True)
class View:
    """An account: its tiers of sources, first to last."""

    name: str
    kind: str
    tiers: tuple[Tier, ...]

    @property
    def decides(self) -> bool:
        return self.kind not in ("press", "analysts")


@dataclass(frozen=True)
class Word:
    spoken: bool = False
    word: str | None = None


@dataclass(frozen=True)
class Bounds:
    low: object
    high: object
    spoken: bool = False


@dataclass(frozen=True)
class Held:
    """An event as an account holds it.

    `mentioned`: some source of the account speaks of it; `by_name`: otherwise than by a pattern.
    """

    existence: float
    mentioned: bool
    words: Mapping[str, Word]
    ranges: Mapping[str, Bounds]
    by_name: bool = True


@dataclass(frozen=True)
class Box:
    """A set of events: a word per word field, a range per ordered field, a span of time."""

    words: Mapping[str, str] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    span: Range | None = None


class Telling:
    """One account's version of everything, for one way of reading identity (`same`)."""

    def __init__(self, evidence: Evidence, view: View, kinds: Mapping[str, Kind], same: Mapping[tuple[str, str], str]) -> None:
        self.view = view
        self.kinds = kinds
        self.same = same
        self.evidence = evidence
        self.rows = tuple(renamed(row, kinds, same) for row in evidence.rows)
        self.withdrawn = set(evidence.withdrawn_ids)
        self._held: dict[tuple[str, str], Held] = {}
        self._authors: dict[tuple[str, str], list[Held]] = {}
        self._own_acts: dict[tuple[str, str, str], bool] = {}

    # ---- what is there --------------------------------------------------------

    def events(self, kind: str) -> list[str]:
        """Every event of that kind that anybody names."""
        return sorted({row.event for row in self.rows if row.kind == kind and row.event})

    def hold(self, kind: str, event: str) -> Held:
        key = (kind, event)
        if key not in self._held:
            self._held[key] = self._hold(kind, event)
        return self._held[key]

    def _hold(self, kind: str, event: str) -> Held:
        spec = self.kinds[kind]
        existence: float | None = None
        words: dict[str, Word] = {}
        ranges: dict[str, Bounds] = {}
        for tier in self.view.tiers:
            voices = [self._heard(kind, source, only_own, event) for source, only_own in tier]
            if existence is None:
                said = [e for rows in voices if (e := self._existence(rows, kind, event)) is not None]
                if said:
                    existence = said[0] if len(set(said)) == 1 else MAYBE
            for f, of in spec.fields.items():
                if of.is_ordered and f not in ranges:
                    bounds = [b for rows in voices if (b := self._bounds(rows, spec, f, event)) is not None]
                    if bounds:
                        ranges[f] = Bounds(min(b[0] for b in bounds), max(b[1] for b in bounds), spoken=True)
                elif not of.is_ordered and f not in words:
                    named = [w for rows in voices if (w := self._word(rows, f, event)) is not None]
                    if named:
                        words[f] = Word(True, named[0].word if len({w.word for w in named}) == 1 else None)
        mentioned = existence is not None or bool(words) or bool(ranges)
        by_name = bool(words) or bool(ranges) or any(self._is_named(kind, event, *voice) for tier in self.view.tiers for voice in tier)
        if not self.authors(kind, event):
            existence = NO  # nobody asserts it: there is nothing that could have happened
        if existence is None:
            existence = MAYBE
            if not mentioned and self.closed_over_described(kind, event):
                existence = NO
        return Held(
            existence,
            mentioned,
            {f: words.get(f, Word()) for f, of in spec.fields.items() if not of.is_ordered},
            {f: ranges.get(f, Bounds(least(of), greatest(of))) for f, of in spec.fields.items() if of.is_ordered},
            by_name,
        )

    def _is_named(self, kind: str, event: str, source: str, only_own: bool) -> bool:
        rows = [r for r in self._heard(kind, source, only_own, event) if r.event is not None]
        return self._existence(rows, kind, event) is not None

    # ---- one source's last word ------------------------------------------------

    def _heard(self, kind: str, source: str, only_own: bool, event: str) -> list[Row]:
        """Its rows in that table as far as they bear on the event. A withdrawal is always heard: it can only silence what was heard."""
        rows = [r for r in self.rows if r.kind == kind and r.source == source]
        return rows if not only_own or self._is_own_act(kind, source, event) else [r for r in rows if r.says == "withdraws"]

    def _is_own_act(self, kind: str, source: str, event: str) -> bool:
        """Whether the event is the source's own act: by its own rows on it or, where these fill no role, by what anybody asserts."""
        key = (kind, source, event)
        if key not in self._own_acts:
            voice = self.evidence.speakers[source].speaks_for
            acts = self.kinds[kind].acts
            told = [r for r in self.rows if r.kind == kind and r.says != "withdraws"]
            its = [r for r in told if r.source == source and (r.event == event or (r.event is None and self._fits(r, kind, event) > NO))]
            if not any(act in r.words for r in its for act in acts):
                its = [r for r in told if r.says == "asserts" and r.event == event]
            self._own_acts[key] = any(r.words.get(act) in voice for r in its for act in acts)
        return self._own_acts[key]

    def _stands(self, row: Row) -> bool:
        """Whether no withdrawal of its own source names it, at its own time or later."""
        return not any(
            (kind, source, target) == (row.kind, row.source, row.id) and said >= row.said for kind, source, target, said in self.withdrawn
        )

    def _existence(self, rows: list[Row], kind: str, event: str) -> float | None:
        silent_until = _withdrawn_until(rows, event, None)
        words: list[tuple[Row, float]] = []
        doubts = False
        for row in rows:
            if silent_until is not None and row.said <= silent_until:
                continue
            if row.says == "asserts" and row.event == event:
                words.append((row, YES))
            elif row.says == "denies" and row.event == event and not row.ranges:
                words.append((row, NO))
            elif row.says == "denies" and row.event is None:
                fit = self._fits(row, kind, event)
                if fit == YES:
                    words.append((row, NO))
                elif fit == MAYBE and self._stands(row):
                    doubts = True
        last = max((row.said for row, _ in words), default=None)
        said = {what for row, what in words if row.said == last and self._stands(row)}
        if said:
            return said.pop() if len(said) == 1 else MAYBE
        return MAYBE if doubts else None

    def _word(self, rows: list[Row], f: str, event: str) -> Word | None:
        silent_until = _withdrawn_until(rows, event, f)
        said = [r for r in rows if r.says == "asserts" and r.event == event and f in r.words]
        said = [r for r in said if silent_until is None or r.said > silent_until]
        last = max((r.said for r in said), default=None)
        words = {r.words[f] for r in said if r.said == last and self._stands(r)}
        if not words:
            return None
        return Word(True, words.pop() if len(words) == 1 else None)

    def _bounds(self, rows: list[Row], spec: Kind, f: str, event: str) -> Range | None:
        of = spec.fields[f]
        silent_until = _withdrawn_until(rows, event, f)
        said = [r for r in rows if r.event == event and f in r.ranges and (silent_until is None or r.said > silent_until)]
        asserted = [r for r in said if r.says == "asserts"]
        last = max((r.said for r in asserted), default=None)
        standing = [r for r in asserted if r.said == last and self._stands(r)]
        denied = [r.ranges[f] for r in said if r.says == "denies" and (last is None or r.said >= last) and self._stands(r)]
        if not standing and not denied:
            return None
        first, last_one = domain(of)
        low = min((r.ranges[f][0] for r in standing), default=first)
        high = max((r.ranges[f][1] for r in standing), default=last_one)
        cut = True
        while cut:  # a cut can lay bare an end that another denial covers
            cut = False
            for from_, to in denied:
                if from_ <= low and high <= to:
                    return least(of), greatest(of)  # nothing is left: spoken, unknown
                if from_ <= low <= to:
                    low, cut = above(to, of), True
                elif from_ <= high <= to:
                    high, cut = below(from_, of), True
        return (low, high) if low <= high else (least(of), greatest(of))

    def named(self, kind: str, event: str, f: str) -> set[str]:
        """The words that some source stands by for that field, whoever hears it."""
        out = set()
        for source in {r.source for r in self.rows if r.kind == kind}:
            rows = [r for r in self.rows if r.kind == kind and r.source == source]
            silent_until = _withdrawn_until(rows, event, f)
            said = [r for r in rows if r.says == "asserts" and r.event == event and f in r.words]
            said = [r for r in said if silent_until is None or r.said > silent_until]
            last = max((r.said for r in said), default=None)
            out |= {r.words[f] for r in said if r.said == last and self._stands(r)}
        return out

    def rank(self, kind: str, event: str) -> int:
        """The tier that states the event, from 0."""
        for place, tier in enumerate(self.view.tiers):
            for source, only_own in tier:
                if self._existence(self._heard(kind, source, only_own, event), kind, event) is not None:
                    return place
        return len(self.view.tiers)

    # ---- patterns and closed kinds ----------------------------------------------

    def _fits(self, pattern: Row, kind: str, event: str) -> float:
        """Whether the pattern covers the event as its authors describe it: all, none, or not for certain."""
        fits = [self._fits_one(pattern, described) for described in self.authors(kind, event)]
        if not fits:
            fits = [self._fits_one(pattern, _nothing(self.kinds[kind]))]
        return fits[0] if len(set(fits)) == 1 else MAYBE

    def _fits_one(self, pattern: Row, described: Held) -> float:
        fit = YES
        for f, word in pattern.words.items():
            of = described.words[f]
            same = ref(of.word) == ref(word) if self.kinds[pattern.kind].fields[f].type == "ref" else of.word == word
            fit = min(fit, MAYBE if of.word is None else YES if same else NO)
        for f, (low, high) in pattern.ranges.items():
            bounds = described.ranges[f]
            fit = min(fit, YES if low <= bounds.low and bounds.high <= high else NO if bounds.high < low or high < bounds.low else MAYBE)
        return fit

    def authors(self, kind: str, event: str) -> list[Held]:
        """The event as each source that asserts it describes it, each by its own last words on it."""
        key = (kind, event)
        if key not in self._authors:
            self._authors[key] = []
            spec = self.kinds[kind]
            for source in sorted({r.source for r in self.rows if r.kind == kind}):
                rows = [r for r in self.rows if r.kind == kind and r.source == source and r.event is not None]
                if self._existence(rows, kind, event) not in (YES, MAYBE):
                    continue
                words = {f: self._word(rows, f, event) or Word() for f, of in spec.fields.items() if not of.is_ordered}
                ranges = {}
                for f, of in spec.fields.items():
                    if of.is_ordered:
                        low, high = self._bounds(rows, spec, f, event) or (least(of), greatest(of))
                        ranges[f] = Bounds(low, high)
                self._authors[key].append(Held(YES, True, words, ranges))
        return self._authors[key]

    def closed_over_described(self, kind: str, event: str, spell: Range | None = None) -> bool:
        """Whether silence means no for the event as each author describes it; of a thing, during a spell."""
        spec = self.kinds[kind]
        authors = self.authors(kind, event) or [_nothing(spec)]
        for described in authors:
            happens = described.ranges[spec.happens] if spec.happens else None
            box = Box(
                {f: w.word for f, w in described.words.items() if w.word is not None},
                {f: (b.low, b.high) for f, b in described.ranges.items()},
                spell or ((happens.low, happens.high) if happens else None),
            )
            if not self.closed(kind, box):
                return False
        return True

    def closed(self, kind: str, box: Box) -> bool:
        """Whether silence in the box means no, for this account."""
        spec = self.kinds[kind]
        for tier in self.view.tiers:
            for source, only_own in tier:
                for row in self.rows:
                    if (row.kind, row.source, row.says, row.event) != (kind, source, "denies", None) or (only_own and not row.own):
                        continue
                    if self._stands(row) and self._pattern_contains(row, box):
                        return True
                for one in self.evidence.complete:
                    if one.kind == kind and one.source == source and (one.own or not only_own) and self._complete_contains(one, spec, box):
                        return True
        return False

    def _pattern_contains(self, pattern: Row, box: Box) -> bool:
        spec = self.kinds[pattern.kind]
        for f, word in pattern.words.items():
            inside = box.words.get(f)
            if inside is None or not (ref(inside) == ref(word) if spec.fields[f].type == "ref" else inside == word):
                return False
        return all(f in box.ranges and low <= box.ranges[f][0] and box.ranges[f][1] <= high for f, (low, high) in pattern.ranges.items())

    def _complete_contains(self, one: Complete, spec: Kind, box: Box) -> bool:
        if one.register and spec.registers and one.register not in spec.registers:
            return False
        for f, word in one.words.items():
            names = [g for g, of in spec.fields.items() if of.type == "place"] if f == "place" else [f]
            if not any(ref(box.words.get(g)) == ref(word) for g in names):
                return False
        if one.span == (EARLIEST, LATEST):
            return True
        return box.span is not None and one.span[0] <= box.span[0] and box.span[1] <= one.span[1]


def domain(of: Field) -> Range:
    """The values that the field can have: where a denial cuts if nothing was asserted."""
    if of.type == "flag":
        return 0.0, 1.0
    if of.type == "scale":
        return 0.0, float(len(of.levels) - 1)
    return (0.0 if of.type == "count" else least(of)), greatest(of)


def ref(word: str | None) -> str | None:
    """A reference to a message that went to several names the message, whichever recipient."""
    return None if word is None else base(word)


def _nothing(spec: Kind) -> Held:
    return Held(
        MAYBE,
        False,
        {f: Word() for f, of in spec.fields.items() if not of.is_ordered},
        {f: Bounds(least(of), greatest(of)) for f, of in spec.fields.items() if of.is_ordered},
    )


def _withdrawn_until(rows: Iterable[Row], event: str, f: str | None) -> datetime | None:
    """The last moment at which a source took back its words on the event's existence (f None) or on one field of it.

    With ordered fields filled a withdrawal takes back these alone; else everything.
    """
    moments = []
    for row in rows:
        if row.says != "withdraws" or row.target or row.event != event:
            continue
        if not row.ranges or f in row.ranges:
            moments.append(row.said)
    return max(moments, default=None)


# ---- identity -------------------------------------------------------------------


def renamed(row: Row, kinds: Mapping[str, Kind], same: Mapping[tuple[str, str], str]) -> Row:
    """The row with every id replaced by the name its group goes by."""
    event = row.event
    if event is not None:
        name, mark, recipient = event.partition(">")
        event = same.get((row.kind, event), same.get((row.kind, name), name) + mark + recipient)
    words = dict(row.words)
    for f in row.words:
        of = kinds[row.kind].fields[f]
        if of.type == "ref":
            for kind in [of.of] if of.of else sorted(kinds):
                words[f] = same.get((kind, words[f]), words[f])
    return replace(row, event=event, words=words)
