"""English: numbers in words, plurals, lists, moments, and the sentence that sums up all verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from detente.model.verdict import Outcome, RuleVerdict, Status, Verdicts

_SMALL = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip


def number(n: int) -> str:
    """`n` in words up to twenty ("no" for 0), in figures with thousands marked beyond."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else f"{n:,}"


def plural(n: int, one: str, many: str | None = None) -> str:
    """The noun that goes with `n`: "case", "cases", "parties"."""
    if n == 1:
        return one
    if many is not None:
        return many
    return one[:-1] + "ies" if one.endswith("y") and one[-2:-1] not in "aeiou" else one + "s"


def counted(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "one row", "no rows", "1,204 rows"."""
    return f"{number(n)} {plural(n, one, many)}"


def joined(items: Iterable[str], last: str = "and") -> str:
    """A list in a sentence: "a", "a and b", "a, b and c"."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def possessive(name: str) -> str:
    """Whose: "Arland's", "the United States'"."""
    return f"{name}'" if name.endswith(("s", "S")) else f"{name}'s"


def capital(sentence: str) -> str:
    """The same sentence with a capital first letter, the rest left alone."""
    return sentence[:1].upper() + sentence[1:]


def moment(at: datetime, zone: str = "UTC") -> str:
    """A moment on the agreement's clock: a bare date where it is the end of that day, else with time and zone."""
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone))
    if local.time() >= time(23, 59, 59):
        return f"{local:%Y-%m-%d}"
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{local:%Y-%m-%d} {clock} {zone}"


def asked_at(as_of: datetime | None, known_on: datetime | None, zone: str = "UTC") -> str:
    """The moments of a question: "as of 2026-03-01, as known on 2026-03-05"."""
    if as_of is not None and as_of == known_on:
        return f"as of {moment(as_of, zone)}, as known then"
    said = (("as of", as_of), ("as known on", known_on))
    return ", ".join(f"{words} {moment(at, zone)}" for words, at in said if at is not None)


def day(at: datetime, zone: str = "UTC") -> str:
    """The date of a moment on the agreement's calendar."""
    return f"{(at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone)):%Y-%m-%d}"


# ---- what stands in place of an outcome -------------------------------------

_SAID_FIRST = (
    Status.LEFT_OPEN,
    Status.NOT_IN_FORCE,
    Status.NOT_DUE,
    Status.UNTESTED,
    Status.PERMISSION,
    Status.RELEASE,
    Status.CYCLE,
    Status.DECLARATORY,
)


def without_verdict(statuses: Sequence[Status]) -> Status:
    """The one status to name where there is no outcome; `untested` where none says more."""
    return next((s for s in _SAID_FIRST if s in statuses), Status.UNTESTED)


def beside(statuses: Sequence[Status]) -> tuple[Status, ...]:
    """The statuses worth saying next to an outcome; `counterfactual` is said once for the whole."""
    return tuple(s for s in statuses if s not in (Status.COUNTERFACTUAL, Status.DECLARATORY))


# ---- the sentence that comes first --------------------------------------------


def summary(verdicts: Verdicts) -> str:
    """All verdicts in one or two sentences: "Of eleven obligations, two are breached, one is disputed ..."."""
    rules = [rule for article in verdicts.articles for rule in article.rules]
    silent = sum(1 for article in verdicts.articles if not article.rules)
    sentences = [_obligations(rules, counterfactual=verdicts.counterfactual)]
    if silent and rules:
        sentences.append(f"{capital(counted(silent, 'article'))} {'is' if silent == 1 else 'are'} declaratory.")
    return " ".join(sentences)


def _obligations(rules: Sequence[RuleVerdict], *, counterfactual: bool) -> str:
    if not rules:
        return "This agreement states no obligation that can be tested."
    said: list[str] = []
    for outcome in Outcome:
        said += _share(sum(1 for r in rules if r.outcome is outcome), outcome.value)
    for status in _SAID_FIRST:
        said += _share(sum(1 for r in rules if r.outcome is None and without_verdict(r.statuses) is status), status.value)
    condition = "judged as if in force: " if counterfactual else ""
    if len(rules) == 1:
        return capital(f"{condition}the one obligation {said[0].removeprefix('one ')}.")
    if len(said) == 1:
        share = said[0].split(" ", 2)[2]
        whole = "both" if len(rules) == 2 else f"all {number(len(rules))}"
        return capital(f"{condition}{whole} obligations are {share}.")
    return capital(f"{condition}of {number(len(rules))} obligations, {joined(said)}.")


def _share(n: int, what: str) -> list[str]:
    return [f"{number(n)} {'is' if n == 1 else 'are'} {what}"] if n else []
