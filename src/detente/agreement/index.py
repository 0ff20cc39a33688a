"""What the rules of one agreement may refer to: its rules, articles and phases, known before any rule is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from detente.agreement import tree as t
from detente.agreement.markdown import Section


@dataclass(frozen=True, slots=True)
class Index:
    """Ids of rules, and whether each can be breached; of each article or phase the ids of those that can, in the order of the text.

    An article's rules are its own and those of the headings under it; a
    phase's are those that begin with it.
    """

    rules: dict[str, bool] = field(default_factory=dict)
    articles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    phases: dict[str, tuple[str, ...]] = field(default_factory=dict)


def index(trees: Iterable[tuple[t.Tree, int]], sections: Sequence[Section], ids: Sequence[str]) -> Index:
    """The index of statements, each with the number of its section; `ids` are the sections' ids."""
    rules: dict[str, bool] = {}
    by_section: dict[int, list[str]] = defaultdict(list)
    phases: dict[str, list[str]] = {}
    starting: dict[str, list[str]] = defaultdict(list)
    for tree, section in trees:
        if isinstance(tree, t.PhaseTree):
            phases.setdefault(tree.id.text, [])
        if not isinstance(tree, t.RuleTree):
            continue
        rules.setdefault(tree.id.text, _can_be_breached(tree))
        if not rules[tree.id.text]:
            continue
        by_section[section].append(tree.id.text)
        if tree.starts is not None and isinstance(tree.starts.of, t.PhaseName):
            starting[tree.starts.of.id.text].append(tree.id.text)
    articles: dict[str, list[str]] = {}
    above: list[tuple[int, str]] = []
    for number, section_ in enumerate(sections):
        while above and above[-1][0] >= section_.level:
            above.pop()
        if section_.level > 1 or by_section.get(number):
            above.append((section_.level, ids[number]))
            articles[ids[number]] = []
        for _, name in above:
            articles[name] += by_section.get(number, ())
    return Index(rules, {a: tuple(r) for a, r in articles.items()}, {p: tuple(starting.get(p, ())) for p in phases})


def _can_be_breached(rule: t.RuleTree) -> bool:
    """Not a release, nor a permission that may be refused."""
    if isinstance(rule.norm, t.Allow):
        return rule.norm.only or any(isinstance(tail, t.Irrefusable) for tail in rule.tails)
    return not isinstance(rule.norm, t.ReleaseTree)
