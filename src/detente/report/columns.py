"""Which account columns a table shows, and how wide everything is.

Widths are fixed per breakpoint (80, 100, 130 columns): widths that follow the
content cut the article number first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from detente.model.account import Account
from detente.model.verdict import Verdicts, Vote
from detente.report.words import joined

GAP = 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Widths of one breakpoint, in terminal columns.

    `most` is how many account columns fit. Without a `ground` column the
    ground stands under the outcome. `in_words`: votes are a mark and a word.
    """

    width: int
    number: int
    account: int
    most: int
    overall: int
    ground: int = 0
    in_words: bool = False

    def heading(self, accounts: int) -> int:
        """What is left for the headings beside so many account columns."""
        fixed = self.number + GAP + (GAP + self.account) * accounts + GAP + self.overall
        return self.width - fixed - (GAP + self.ground if self.ground else 0)


LAYOUTS = (
    Layout(width=80, number=5, account=9, most=3, overall=17),
    Layout(width=100, number=6, account=10, most=4, overall=17),
    Layout(width=130, number=6, account=11, most=4, overall=14, ground=22, in_words=True),
)
_LEAST_HEADING = 16


_LONGEST_NUMBER = 12


def layout_for(width: int, longest: int = 0) -> Layout:
    """The widest layout that fits; below 80 columns the narrowest one, with fewer accounts.

    `longest` is the longest number of a rule: the headings give way to it, up to twelve columns.
    """
    layout = _fitting(width)
    number = max(layout.number, min(longest, _LONGEST_NUMBER, layout.number + layout.heading(layout.most) - _LEAST_HEADING))
    return replace(layout, number=number)


def _fitting(width: int) -> Layout:
    fitting = [layout for layout in LAYOUTS if layout.width <= width]
    if fitting:
        return fitting[-1]
    narrow = LAYOUTS[0]
    width = max(width, narrow.number + 2 * GAP + narrow.overall + _LEAST_HEADING)
    for most in range(narrow.most, -1, -1):
        layout = Layout(width=width, number=narrow.number, account=narrow.account, most=most, overall=narrow.overall)
        if layout.heading(most) >= _LEAST_HEADING:
            return layout
    return layout


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table: an account, or several that vote alike everywhere."""

    title: str
    accounts: tuple[Account, ...]

    @property
    def name(self) -> str:
        """The account whose votes the column shows."""
        return self.accounts[0].name


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns shown, and the ones for which there was no room."""

    shown: tuple[Column, ...]
    folded: tuple[Column, ...]


def columns(verdicts: Verdicts, most: int) -> Columns:
    """At most `most` columns of accounts.

    Party accounts that vote alike everywhere share a column unless every
    account has room for its own. If there is still no room, those that never
    decide give way first, then parties from the last; neutrals and joint
    accounts stay longest.
    """
    single = [Column(account.name, (account,)) for account in verdicts.accounts]
    if len(single) <= most:
        return Columns(tuple(single), ())
    shared = _shared(verdicts)
    leaving = sorted(range(len(shared)), key=lambda i: (_RANK[shared[i].accounts[0].kind], i))
    kept = set(leaving[:most])
    return Columns(
        shown=tuple(c for i, c in enumerate(shared) if i in kept),
        folded=tuple(c for i, c in enumerate(shared) if i not in kept),
    )


_RANK = {"neutrals": 0, "joint": 1, "party": 2, "analysts": 3, "press": 4}


def _shared(verdicts: Verdicts) -> list[Column]:
    alike: dict[tuple[object, ...], list[Account]] = {}
    for account in verdicts.accounts:
        votes = tuple(_votes(verdicts, account.name))
        key = (votes,) if account.kind == "party" else (votes, account.name)
        alike.setdefault(key, []).append(account)
    everybody = 0 if _some_are_hidden(verdicts) else _parties(verdicts.accounts)
    largest = max((_parties(group) for group in alike.values()), default=0)
    return [Column(_title(group, everybody, largest), tuple(group)) for group in alike.values()]


def _votes(verdicts: Verdicts, account: str) -> Iterator[Vote | None]:
    for article in verdicts.articles:
        yield article.votes.get(account)
        for rule in article.rules:
            yield rule.votes.get(account)
            for instance in rule.instances:
                yield instance.votes.get(account)


def _some_are_hidden(verdicts: Verdicts) -> bool:
    """Whether the question asked for some of the accounts only."""
    names = {account.name for account in verdicts.accounts}
    return any(not names.issuperset(article.votes) for article in verdicts.articles)


def _size(account: Account) -> int:
    return len(account.parties) or 1


def _parties(group: Sequence[Account]) -> int:
    return sum(_size(a) for a in group if a.kind == "party")


def _title(group: Sequence[Account], everybody: int, largest: int) -> str:
    if len(group) == 1:
        return group[0].name
    size = _parties(group)
    if size == everybody:
        return "both parties" if size == 2 else f"all {size} parties"
    if size == largest:
        return f"{size} other parties"
    return joined(a.name for a in group)
