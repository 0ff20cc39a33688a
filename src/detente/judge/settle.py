"""What would settle most: the items that are missing, and whom to ask.

For every instance that is disputed, unverified or open, one item each: the
register entry that would close a search, the answer of the party that could
confirm or deny, the field nobody states. Items are then ranked by how many
articles, and then instances, they would decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from detente.agreement.clause import Agreement, Bound, Duty, Prohibition, Rule
from detente.evidence import Record
from detente.judge.judge import Judgement
from detente.judge.tell import moment
from detente.model.kind import Kind
from detente.model.verdict import Ground, InstanceVerdict, Missing, Outcome, Vote

MOST = 5


def settles(agreement: Agreement, record: Record, judgement: Judgement, most: int = MOST) -> tuple[Missing, ...]:
    """The items that would decide the most articles."""
    del record
    rules = {r.head.id: r for r in agreement.rules}
    articles: dict[tuple[str, str], set[str]] = defaultdict(set)
    instances: dict[tuple[str, str], list[str]] = defaultdict(list)
    for article in judgement.articles:
        for verdict in article.rules:
            rule = rules[verdict.rule.removesuffix(".else")]
            for instance in verdict.instances:
                for item in missing(agreement, rule, instance):
                    articles[item].add(article.article)
                    instances[item].append(instance.id)
    ranked = sorted(articles, key=lambda i: (-len(articles[i]), -len(instances[i]), i))
    return tuple(Missing(item, ask, tuple(sorted(articles[(item, ask)])), tuple(instances[(item, ask)])) for item, ask in ranked[:most])


def missing(agreement: Agreement, rule: Rule, instance: InstanceVerdict) -> Iterator[tuple[str, str]]:
    """(what is missing, whom to ask) for one instance that is not decided."""
    if instance.outcome not in (Outcome.DISPUTED, Outcome.UNVERIFIED):
        return
    match rule:
        case Duty():
            yield _of_duty(agreement.kinds, rule, instance)
        case Prohibition(occasion=occasion):
            kind = agreement.kinds[occasion.kind]
            if instance.occasion is None:
                yield f"a complete register of {_plural(kind)} of {instance.bearer}", _keeper(kind)
            else:
                yield f"what a body that speaks for no party has seen of {instance.occasion}", _monitors(instance)
        case Bound():
            yield f"a count of {instance.bearer}'s stock that all accept", f"{instance.bearer}, or an inspection"


def _of_duty(kinds: object, rule: Duty, instance: InstanceVerdict) -> tuple[str, str]:
    act: Kind = kinds[rule.act.kind]  # type: ignore[index]
    of = f" of {instance.occasion}" if instance.occasion else ""
    to = f" to {instance.recipient}" if instance.recipient else ""
    by = f" up to {moment(instance.due[1])}" if instance.due[1] else ""
    what = f"the entries on {_plural(act)}{of} by {instance.bearer}{to}{by}"
    if instance.ground == Ground.ALLEGED:
        return f"{instance.bearer}'s own account{of}", instance.bearer
    return what, _keeper(act)


def _plural(kind: Kind) -> str:
    return kind.plural or kind.name


def _keeper(kind: Kind) -> str:
    return f"the keeper of the {kind.registers[0]}" if kind.registers else "a monitor, or the parties"


def _monitors(instance: InstanceVerdict) -> str:
    silent = [name for name, vote in instance.votes.items() if vote == Vote.OPEN and name != "neutrals"]
    return "monitors" + (f", and {silent[0]}" if len(silent) == 1 else "")
