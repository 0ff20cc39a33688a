"""Neutrality: rename the parties so that their order reverses, or change places, and the verdicts change names and nothing else."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from detente.agreement.clause import Agreement
from detente.agreement.load import Loaded, load_agreement, parse_agreement
from detente.evidence import record_from_rows
from detente.judge.settle import MOST
from detente.vocabulary import atlas, groups
from detente.workbench import Question, Workbench, open_case
from detente.workbench import cases as case_room

from .stories import NOTICE, STORIES, ZONE, Story, kept_folder, write_story

ROOT = Path(__file__).parents[2]
EXAMPLES = [
    pytest.param(p, marks=pytest.mark.slow) if p.parent.name == "drafts-2021" else p
    for p in sorted((ROOT / "examples").glob("*/*.md"))
    if p.name not in ("README.md", "accepting-the-database.md", "treaty-with-the-united-states.md")
]
DOCUMENTS = sorted(
    path
    for folder in ("examples", "docs", "tests/agreement/good")
    for path in (ROOT / folder).rglob("*.md")
    if re.search(r"^ *```case", path.read_text(encoding="utf-8"), re.MULTILINE)
)

MOST_CASES = 2
"""Cases judged of each document: they are many, and of a kind."""


class Renaming:
    """Whole words for whole words, as written and in the lower case of ids and slugs, all at once."""

    def __init__(self, names: Mapping[str, str]) -> None:
        pairs = dict(names)
        for old, new in names.items():
            pairs.setdefault(old.lower(), new.lower())
            pairs.setdefault(old.lower().replace(" ", "-"), new.lower().replace(" ", "-"))
        self.names = pairs
        longest_first = sorted(pairs, key=len, reverse=True)
        self._pattern = re.compile("|".join(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])" for name in longest_first) or "(?!)")

    def __call__(self, text: str) -> str:
        return self._pattern.sub(lambda m: self.names[m[0]], text)

    @property
    def back(self) -> Renaming:
        return Renaming({new: old for old, new in self.names.items()})


def reversed_names(parties: tuple[str, ...]) -> dict[str, str]:
    """Names that nobody has, of about the same length, in the opposite order: Arland becomes Zorland."""
    letters = "zyxwvutsrqponmlkjihgfedcba"
    ordered = sorted(parties, key=str.casefold)
    return {
        name: f"{letters[n // 26].upper()}{letters[n % 26]}" + re.sub(r"[^a-z]", "", name.lower())[:6] + "stan"
        for n, name in enumerate(ordered)
    }


def sources_reversed(ids: list[str]) -> dict[str, str]:
    return {name: f"{'zyxwvutsrqponmlkjihgfedcba'[n % 26]}{n // 26}-{len(name)}-s" for n, name in enumerate(sorted(ids))}


def swapped(parties: tuple[str, ...]) -> dict[str, str]:
    """The first two parties change places: whoever asserted denies."""
    first, second, *_ = parties
    return {first: second, second: first}


# ---- what is compared --------------------------------------------------------------


def plain(bench: Workbench, question: Question) -> dict[str, Any]:
    """Everything that is said, without digests, paths and the order that ids give."""
    verdicts = bench.check(question)
    said: dict[str, Any] = {"title": verdicts.title, "standard": verdicts.standard, "sources": dict(verdicts.sources)}
    said["accounts"] = {a.name: (a.kind, tuple(a.tiers), frozenset(a.parties)) for a in verdicts.accounts}
    # Five items are shown, and of several that would settle as much those whose names sort first.
    is_cut = len(verdicts.settles) == MOST
    items = frozenset((m.item, m.ask, m.articles, frozenset(m.instances)) for m in verdicts.settles)
    said["settles"] = [(len(m.articles), len(m.instances)) for m in verdicts.settles] if is_cut else items
    for article in verdicts.articles:
        said["article", article.article] = (
            str(article.outcome),
            str(article.ground),
            sorted(article.statuses),
            dict(article.votes),
            dict(article.counts),
        )
        for rule in article.rules:
            said["rule", rule.rule] = (str(rule.outcome), sorted(rule.statuses), dict(rule.votes), dict(rule.counts), rule.instance_count)
            for i in rule.instances:
                said[i.id] = (
                    i.bearer,
                    i.recipient,
                    i.occasion,
                    str(i.outcome),
                    str(i.ground),
                    sorted(i.statuses),
                    dict(i.votes),
                    i.due,
                    frozenset(i.cites),
                )
                said[i.id, "spells"] = [(s.start, s.end, str(s.outcome), dict(s.votes), dict(s.values)) for s in i.spells]
    return said


def explained(bench: Workbench, instance: str) -> dict[str, Any]:
    """One explanation, as sets of lines: accounts that agree share theirs."""
    (e,) = bench.explain(Question(), instance.split("#", maxsplit=1)[0], instance)
    return {
        "occasion": e.occasion,
        "heading": e.heading,
        "tales": {
            account: (str(t.vote), [(f.text, frozenset(f.cites), f.how) for f in t.facts], t.margin, t.nearest, t.missing)
            for t in e.tales
            for account in t.accounts
        },
        "turns": frozenset((t.claim, frozenset(t.for_it), frozenset(t.against_it), t.becomes) for t in e.turns_on),
        "settles": frozenset((m.item, m.ask) for m in e.settles),
        "cited": dict(e.cited),
    }


def renamed(said: Any, names: Renaming) -> Any:
    """The same, under other names."""
    match said:
        case str():
            return names(said)
        case dict():
            return {renamed(k, names): renamed(v, names) for k, v in said.items()}
        case list() | tuple():
            return type(said)(renamed(v, names) for v in said)
        case set() | frozenset():
            return frozenset(renamed(v, names) for v in said)
    return said


def compare(mirrored: dict[Any, Any], first: dict[Any, Any], names: Renaming) -> None:
    expected = renamed(first, names)
    different = {k: (expected.get(k), mirrored.get(k)) for k in expected.keys() | mirrored.keys() if expected.get(k) != mirrored.get(k)}
    assert not different


# ---- the evidence under other names ---------------------------------------------------


def copied(source: Path, target: Path, names: Renaming) -> Path:
    """A folder with every file rewritten, name and content."""
    for path in sorted(source.rglob("*")):
        if path.is_file() and "expected" not in path.parts:
            to = target / path.relative_to(source)
            to.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".parquet":
                to.write_bytes(path.read_bytes())  # positions by the numbers that craft broadcast, which name no party
            else:
                to.write_text(names(path.read_text(encoding="utf-8")), encoding="utf-8")
    return target


@pytest.fixture
def renamed_world(monkeypatch: pytest.MonkeyPatch) -> Callable[[Renaming], None]:
    """Groups and territories that ship with the package under the new names too."""

    def rename(names: Renaming) -> None:
        world = groups.load_groups()
        other = {name: replace(g, members=tuple(replace(m, member=names(m.member)) for m in g.members)) for name, g in world.items()}
        land = atlas.load_atlas()
        again = replace(
            land,
            undisputed={names(s): shape for s, shape in land.undisputed.items()},
            disputed={
                p: replace(d, administered_by=names(d.administered_by), claimants=tuple(map(names, d.claimants)))
                for p, d in land.disputed.items()
            },
            names={atlas._key(names(alias)): names(state) for alias, state in land.names.items()}
            | {atlas._key(names(state)): names(state) for state in land.undisputed},
        )
        states = frozenset(map(names, groups.known_states()))
        for module in [m for n, m in sys.modules.items() if n.startswith("detente.")]:
            for function, answer in (("load_groups", MappingProxyType(other)), ("load_atlas", again), ("known_states", states)):
                if hasattr(module, function):
                    monkeypatch.setattr(module, function, lambda answer=answer: answer)

    return rename


def source_ids(folder: Path) -> list[str]:
    path = folder / "evidence" / "sources.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            row["id"] for row in csv.DictReader(file) if re.fullmatch(r"[a-z][a-z0-9-]{3,}", row["id"]) and row["id"] != "keeper"
        ]  # a word of explanations too


@cache
def judged(story: Story) -> tuple[Path, Workbench, dict[str, Any]]:
    folder = write_story(kept_folder(), story)
    bench = open_case(folder)
    return folder, bench, plain(bench, Question())


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.name)
def test_order_reversed(story: Story, tmp_path: Path, renamed_world: Callable[[Renaming], None]) -> None:
    """Parties and sources under names that sort the other way round: nothing hangs on who comes first."""
    folder, _, first = judged(story)
    names = Renaming(reversed_names(story.parties) | sources_reversed(source_ids(folder)))
    other = copied(folder, tmp_path, names)
    renamed_world(names)
    compare(plain(open_case(other), Question()), first, names)


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.name)
def test_two_sides_swapped(story: Story, tmp_path: Path, renamed_world: Callable[[Renaming], None]) -> None:
    """Whoever asserted denies, and whoever denied asserts: the votes change places."""
    folder, _, first = judged(story)
    names = Renaming(swapped(story.parties))
    other = copied(folder, tmp_path, names)
    renamed_world(names)
    mirrored = plain(open_case(other), Question())
    compare(mirrored, first, names)
    # Said once more without the machinery of renaming: the two parties' votes on each rule have changed places.
    one, two, *_ = story.parties
    for key, said in first.items():
        if key[0] == "rule":
            votes, others = said[2], mirrored[key][2]
            assert (others.get(one), others.get(two)) == (votes.get(two), votes.get(one)), key


EXPLAINED = [(NOTICE, "40#west-26>borland"), (ZONE, "IV.1#west-26")]


@pytest.mark.parametrize(("story", "instance"), EXPLAINED, ids=[i for _, i in EXPLAINED])
def test_explanations(story: Story, instance: str, tmp_path: Path) -> None:
    """Both sides are told the same, in the same words."""
    folder, bench, _ = judged(story)
    names = Renaming(swapped(story.parties))
    compare(explained(open_case(copied(folder, tmp_path, names)), names(instance)), explained(bench, instance), names)


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_examples(document: Path, tmp_path: Path, renamed_world: Callable[[Renaming], None]) -> None:
    question = Question(as_if_in_force=document.parent.name == "drafts-2021")
    bench = open_case(document)
    states = set(bench.agreement.parties) | {m.member for g in groups.load_groups().values() for m in g.members}
    names = Renaming(reversed_names(tuple(states)))
    first = plain(bench, question)
    other = copied(document.parent, tmp_path, names)
    renamed_world(names)
    mirrored = open_case(other / document.name)
    assert not set(mirrored.agreement.parties) & set(bench.agreement.parties)
    compare(plain(mirrored, question), first, names)


def _read(document: Path) -> Loaded:
    """The agreement; the reference page draws on another one that is not there, which its text alone leaves open."""
    if document.name == "language.md":
        return parse_agreement(document.read_text(encoding="utf-8"), str(document))
    return load_agreement(document)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_cases(document: Path, tmp_path: Path, renamed_world: Callable[[Renaming], None]) -> None:
    """The cases in agreements, with their parties' order reversed: every verdict, not only those that the authors expect."""
    agreement, problems = _read(document)
    assert agreement is not None, problems
    names = Renaming(reversed_names(tuple({*agreement.parties, *(m.member for g in agreement.groups.values() for m in g.members)})))
    first = [whole_case(agreement, n) for n in range(min(len(agreement.cases), MOST_CASES))]
    for path in (*document.parent.glob("*.geojson"), *document.parent.glob("*.md")):  # what it draws on: places, other agreements
        (tmp_path / path.name).write_text(names(path.read_text(encoding="utf-8")), encoding="utf-8")
    other = tmp_path / document.name
    other.write_text(names(document.read_text(encoding="utf-8")), encoding="utf-8")
    renamed_world(names)
    mirrored, problems = _read(other)
    assert mirrored is not None, problems
    for n, said in enumerate(first):
        compare(whole_case(mirrored, n), said, names)


def whole_case(agreement: Agreement, number: int) -> dict[str, Any]:
    """Everything that is said of a case."""
    case = agreement.cases[number]
    record = record_from_rows(
        [case_room._row(fact, agreement) for fact in case.facts],
        agreement.kinds,
        parties=agreement.parties,
        groups=agreement.groups,
        time_zone=agreement.evidence.time_zone,
    )
    question, faults = case_room._question(agreement, case)
    assert not faults
    return plain(Workbench(agreement, record, Path(agreement.path).parent, ()), question)


def test_the_mirror_can_tell(tmp_path: Path) -> None:
    """If one cell is another, the comparison fails: it compares something."""
    folder, _, first = judged(NOTICE)
    names = Renaming(swapped(NOTICE.parties))
    other = copied(folder, tmp_path, names)
    path = other / "evidence" / "notification.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-01-07", "2026-01-12"), encoding="utf-8")
    with pytest.raises(AssertionError):
        compare(plain(open_case(other), Question()), first, names)


def test_renaming() -> None:
    names = Renaming({"Arland": "Zorland", "United States": "Yarland"})
    assert (
        names("Arland's arland-mod; 4#united-states>arland; Carlander; Arlandia")
        == "Zorland's zorland-mod; 4#yarland>zorland; Carlander; Arlandia"
    )
    assert names.back(names("Arland and United States")) == "Arland and United States"
    parties = ("Arland", "Borland", "Carland")
    new = reversed_names(parties)
    assert sorted(new.values()) == [new[p] for p in reversed(parties)]
    assert msgspec.json.encode(new)
