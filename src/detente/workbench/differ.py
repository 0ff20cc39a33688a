"""What differs between what the evidence gives and what a verdict file says, in words and by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from detente.model.account import Account
from detente.model.problem import Problem
from detente.model.verdict import ArticleVerdict, InstanceVerdict, Missing, RuleVerdict, Spell

_MOST_NAMED = 10
_WIDEST = 120


def differences(derived: Any, claimed: Any, named: str) -> Iterator[str]:
    """One line for each part that differs, each beginning with the name of the smallest article, rule, instance or field it is in."""
    if derived == claimed:
        return
    if is_dataclass(derived) and type(derived) is type(claimed):
        for f in fields(derived):
            # Articles, rules and instances are named by themselves; every other part by what holds it.
            part = named if f.name in ("articles", "rules", "instances") else f"{named}: {_words(f.name)}".removeprefix(": ")
            yield from differences(getattr(derived, f.name), getattr(claimed, f.name), part)
    elif _is_list(derived) and _is_list(claimed):
        yield from _of_lists(derived, claimed, named)
    elif isinstance(derived, Mapping) and isinstance(claimed, Mapping):
        keys = [k for k in [*derived, *(k for k in claimed if k not in derived)] if derived.get(k) != claimed.get(k)]
        yield f"{named}: the evidence gives {_pairs(derived, keys)}, the file says {_pairs(claimed, keys)}"
    else:
        ours, theirs = shown(derived), shown(claimed)
        yield f"{named}: the evidence gives {ours}, the file says " + (theirs if theirs != ours else "another that reads the same")


def _is_list(value: object) -> bool:
    """A list of named things; a pair of times or of bounds is one value."""
    return isinstance(value, tuple) and all(isinstance(v, str) or is_dataclass(v) for v in value)


def _of_lists(derived: Sequence[Any], claimed: Sequence[Any], named: str) -> Iterator[str]:
    ours, theirs = ({_name(v): v for v in values} for values in (derived, claimed))
    before = f"{named}: " if named else ""
    if left_out := [n for n in ours if n not in theirs]:
        yield f"{before}the file leaves out {_listed(left_out)}"
    if added := [n for n in theirs if n not in ours]:
        yield f"{before}the file adds {_listed(added)}, which the evidence does not give"
    if len(theirs) != len(claimed):
        repeated = [n for n in theirs if sum(_name(v) == n for v in claimed) > 1]
        yield f"{before}the file says {_listed(repeated)} more than once"
    elif ours.keys() == theirs.keys() and list(ours) != list(theirs) and not named.endswith(": cites"):
        yield f"{before}the file has {_listed(list(theirs))} in another order"
    for n, ours_of_that_name in ours.items():
        if n in theirs and not isinstance(ours_of_that_name, str):
            own_name = isinstance(ours_of_that_name, ArticleVerdict | RuleVerdict | InstanceVerdict)
            yield from differences(ours_of_that_name, theirs[n], n if own_name else f"{before}{n}")


def _name(value: object) -> str:
    """What a diplomat calls it."""
    match value:
        case ArticleVerdict(article=article):
            return f"article {article}"
        case RuleVerdict(rule=rule):
            return f"rule {rule}"
        case InstanceVerdict(id=id_):
            return id_
        case Spell(start=start):
            return f"the spell from {shown(start) if start else 'the beginning'}"
        case Missing(item=item, ask=ask):
            return f'"{item}" (ask {ask})'
        case Account(name=name):
            return f"the account of {name}"
        case Problem(code=code, message=message):
            return f'"{code}: {message}"'
        case _:
            return str(value)


def shown(value: object) -> str:
    """A value in words; long texts are cut."""
    match value:
        case None | () | "":
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return _moment(value)
        case (datetime() | None, datetime() | None) | (float() | int() | None, float() | int() | None):
            lo, hi = value
            return shown(lo) if lo == hi else f"{shown(lo)} to {shown(hi)}"
        case float():
            return f"{value:g}"
        case tuple():
            return _listed([shown(v) for v in value])
        case _:
            text = " ".join(str(value).split())
            return text if len(text) <= _WIDEST else text[: _WIDEST - 3] + "..."


def _moment(at: datetime) -> str:
    """To the minute; the last instant of a minute, such as the end of a day, is shown as that minute."""
    at = at.astimezone(UTC)
    is_whole = (at.second, at.microsecond) in ((0, 0), (59, 999_999))
    return f"{at.date()} {at:%H:%M}" + ("" if is_whole else f":{at.second + at.microsecond / 1e6:09.6f}") + " UTC"


def _pairs(values: Mapping[Any, Any], keys: Sequence[Any]) -> str:
    return _listed([f"{k} {shown(values.get(k))}" for k in keys])


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _words(field: str) -> str:
    return field.replace("_", " ")
