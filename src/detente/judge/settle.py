"""What would settle most: the items that are missing, and whom to ask.

For every instance that is disputed, unverified or open, one item each: the
register entry that would close a search, the answer of the party that could
confirm or deny, the field nobody states. Items are then ranked by how many
articles, and then instances, they would decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from detente.agreement.clause import Agreement, BaselineBound, Bound, Duty, Prohibition, RecurringDuty, Rule
from detente.judge.form import form
from detente.judge.judge import Judgement
from detente.judge.recurring import as_duty
from detente.judge.sql import Clock
from detente.judge.tell import moment
from detente.model.kind import Kind
from detente.model.verdict import Ground, InstanceVerdict, Missing, Outcome, Vote

MOST = 5


def settles(agreement: Agreement, judgement: Judgement, most: int = MOST) -> tuple[Missing, ...]:
    """The items that would decide the most articles; what is alike for many occasions of one bearer is one item."""
    rules = {r.head.id: r for r in agreement.rules}
    found: dict[tuple[str, str], list[tuple[str, InstanceVerdict]]] = defaultdict(list)
    for article in judgement.articles:
        for verdict in article.rules:
            rule = rules[verdict.rule.removesuffix(".else")]
            for instance in verdict.instances:
                for item, ask in missing(agreement, rule, instance, judgement.scene.clock):
                    is_event = instance.occasion and not isinstance(rule, RecurringDuty)
                    alike = item.replace(instance.occasion or "", _OCCASION) if is_event else item
                    alike = alike.replace(instance.bearer, _BEARER)
                    found[(alike, ask)].append((article.article, instance))
    ranked = sorted(found.items(), key=lambda f: (-len({a for a, _ in f[1]}), -len(f[1]), f[0]))
    return tuple(
        Missing(_of_several(item, [i for _, i in cases]), ask, tuple(sorted({a for a, _ in cases})), tuple(i.id for _, i in cases))
        for (item, ask), cases in ranked[:most]
    )


_OCCASION, _BEARER = "{occasion}", "{bearer}"


def _of_several(item: str, cases: Sequence[InstanceVerdict]) -> str:
    """The item with its occasion and its bearer named, or counted where there are several."""
    for mark, names, many in ((_OCCASION, [i.occasion for i in cases], "occasions"), (_BEARER, [i.bearer for i in cases], "parties")):
        known = list(dict.fromkeys(n for n in names if n))
        item = item.replace(mark, known[0] if len(known) == 1 else f"{len(known)} {many}")
    return item


def missing(agreement: Agreement, rule: Rule, instance: InstanceVerdict, clock: Clock) -> Iterator[tuple[str, str]]:
    """(what is missing, whom to ask) for one instance that is not decided."""
    if instance.outcome not in (Outcome.DISPUTED, Outcome.UNVERIFIED):
        return
    match form(agreement.kinds, rule):
        case Duty() as duty:
            yield _of_duty(agreement.kinds, duty, instance, clock)
        case RecurringDuty() as duty:
            yield _of_duty(agreement.kinds, as_duty(duty), replace(instance, occasion=None), clock)
        case Prohibition(occasion=occasion):
            kind = agreement.kinds[occasion.kind]
            if instance.occasion is None:
                yield f"a complete register of {_plural(kind)} of {instance.bearer}", _keeper(kind)
            else:
                yield f"what a body that speaks for no party has seen of {instance.occasion}", _monitors(instance)
        case Bound() | BaselineBound():
            yield f"a count of the stock of {instance.bearer} that all accept", "the party itself, or an inspection"


def _of_duty(kinds: Mapping[str, Kind], rule: Duty, instance: InstanceVerdict, clock: Clock) -> tuple[str, str]:
    after = rule.consequence if instance.rule.endswith(".else") else None
    act: Kind = kinds[(after or rule).act.kind]
    of = f" about {instance.occasion}" if instance.occasion else ""
    to = f" to {instance.recipient}" if instance.recipient else ""
    by = f" up to {moment(instance.due[1], clock)}" if instance.due[1] else ""
    what = f"the entries on {_plural(act)}{of} by {instance.bearer}{to}{by}"
    if instance.ground == Ground.ALLEGED:
        return f"the own account of {instance.bearer}{of}", "the party itself"
    return what, _keeper(act)


def _plural(kind: Kind) -> str:
    return kind.plural or kind.name


def _keeper(kind: Kind) -> str:
    return f"the keeper of the {kind.registers[0]}" if kind.registers else "a monitor, or the parties"


def _monitors(instance: InstanceVerdict) -> str:
    silent = [name for name, vote in instance.votes.items() if vote == Vote.OPEN and name != "neutrals"]
    return "monitors" + (f", and {silent[0]}" if len(silent) == 1 else "")
