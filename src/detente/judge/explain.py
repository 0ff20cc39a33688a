"""Why an instance has its verdict: each account's version, and what the verdict turns on.

What an account holds is read from the same plan that judged it. What the
verdict turns on is found by asking again without one, two or three of the
statements it cites, as though their sources had withdrawn them.
Source: semantics, section 3 of the language, "Explanations".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from detente.agreement.clause import Agreement, BaselineBound, Bound, ImportedDuty, RecurringDuty, Rule
from detente.evidence import Record
from detente.judge import tell
from detente.judge.evaluate import rule_of
from detente.judge.flip import turns
from detente.judge.form import Form, form
from detente.judge.judge import Judgement
from detente.judge.settle import missing
from detente.judge.sql import Clock
from detente.judge.tales import is_strict, tales
from detente.model.verdict import Explanation, InstanceVerdict, Missing, RuleVerdict, Status, Tale

MOST_EXPLAINED = 25
"""Instances explained where a whole rule is asked for; the gravest first."""


class UnknownRuleError(LookupError):
    """No such rule or instance; the message names those there are."""


def explain(agreement: Agreement, record: Record, judgement: Judgement, rule_id: str, instance_id: str | None) -> tuple[Explanation, ...]:
    """Explanations of one instance, or of a rule's gravest instances.

    Raises:
        UnknownRuleError: no rule or instance has that id.
    """
    whole = f"{rule_id}#{instance_id}" if instance_id and "#" not in instance_id else (instance_id or rule_id)
    wanted_rule = whole.split("#", 1)[0]
    verdict = next((r for a in judgement.articles for r in a.rules if r.rule == wanted_rule), None)
    rule = rule_of(agreement, wanted_rule)
    if verdict is None or rule is None:
        names = ", ".join(r.rule for a in judgement.articles for r in a.rules) or "none"
        raise UnknownRuleError(f"no rule is called {wanted_rule}; the rules are: {names}")
    chosen = [i for i in verdict.instances if "#" not in whole or i.id == whole]
    if "#" in whole and not chosen:
        names = ", ".join(i.id for i in verdict.instances[:MOST_EXPLAINED]) or "none"
        raise UnknownRuleError(f"rule {wanted_rule} has no instance {whole}; there are: {names}")
    return tuple(_explained(agreement, record, judgement, rule, verdict, i) for i in chosen[:MOST_EXPLAINED])


def _explained(
    agreement: Agreement, record: Record, judgement: Judgement, rule: Rule, verdict: RuleVerdict, instance: InstanceVerdict
) -> Explanation:
    plain = form(judgement.scene.kinds, rule)
    told = tales(record.database, judgement.scene, rule, verdict.rule, instance, agreement.evidence)
    flips = turns(record, judgement.scene, rule, agreement.evidence, instance) if instance.cites else None
    settled = tuple(
        Missing(item, ask, (verdict.article,), (instance.id,)) for item, ask in missing(agreement, rule, instance, judgement.scene.clock)
    )
    ids = {i for t in told for f in t.facts for i in f.cites} | set(instance.cites)
    return Explanation(
        verdict=instance,
        heading=_heading(rule, verdict),
        sentence=sentence(plain, instance, told, judgement.scene.clock),
        occasion=occasion(plain, instance, judgement.scene.clock),
        tales=told,
        turns_on=flips.turns if flips else (),
        turns_on_more_than_three=bool(flips and flips.more),
        settles=settled,
        cited=_cited(record.database, sorted(ids)),
    )


def _heading(rule: Rule, verdict: RuleVerdict) -> str:
    title = f" - {verdict.title}" if verdict.title else ""
    return f"Rule {verdict.rule}{title}" if verdict.rule != rule.head.article else f"Article {verdict.rule}{title}"


def occasion(rule: Form, instance: InstanceVerdict, clock: Clock) -> str:
    """The occasion in words: `exercise "West-26" of Arland, due by 2026-01-09`."""
    match rule:
        case Bound() | BaselineBound():
            what = f"{rule.summands[0].kind} of {instance.bearer}"
        case ImportedDuty():
            what = f"what {rule.instrument} asks of {instance.bearer}"
        case RecurringDuty():
            act = rule.consequence.act if rule.consequence and instance.rule.endswith(".else") else rule.act
            what = f"{act.kind} of {instance.bearer}"
        case _ if rule.occasion and instance.occasion is not None:
            what = f'{rule.occasion.kind} "{instance.occasion}" of {instance.bearer}'
        case _:
            what = f"{instance.bearer}, throughout"
    if instance.recipient:
        what += f", towards {instance.recipient}"
    if instance.due[0] or instance.due[1]:
        what += f", due {_by(instance, clock, 'before' if is_strict(rule, instance) else 'by')}"
    return what


def _by(instance: InstanceVerdict, clock: Clock, by: str) -> str:
    lo, hi = instance.due
    if lo and hi and tell.moment(lo, clock) != tell.moment(hi, clock):
        return f"between {tell.moment(lo, clock)} and {tell.moment(hi, clock)}"
    return f"{by} {tell.moment(hi or lo, clock)}"  # type: ignore[arg-type]


def sentence(rule: Form, instance: InstanceVerdict, told: Sequence[Tale], clock: Clock) -> str:
    """The verdict and its reason in one sentence."""
    outcome = str(instance.outcome) if instance.outcome else tell.listed([str(s) for s in instance.statuses]) or "without a verdict"
    reason = f" ({instance.ground})" if instance.ground else ""
    said = "; ".join(f"by {_account(t)} {t.vote}" + (f", {t.margin}" if t.margin else "") for t in told)
    what = occasion(rule, instance, clock)
    mark = ", judged as if in force" if Status.COUNTERFACTUAL in instance.statuses else ""
    return f"{rule.head.id} on {what} is {outcome}{reason}{mark}: {said}."


def _account(tale: Tale) -> str:
    shown = [a if a in ("neutrals", "press", "analysts", "other parties") else f"{a}'s account" for a in tale.accounts[:3]]
    rest = len(tale.accounts) - len(shown)
    return tell.listed([*shown, f"{rest} more"]) if rest else tell.listed(shown)


def _cited(db: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> Mapping[str, str]:
    """Each statement in words: its source, when it was said, its quotation or where it stands."""
    if not ids:
        return {}
    rows = db.execute(
        "SELECT k.id, coalesce(o.name, k.source), k.said, k.quote, k.translation, k.cite, k.says, k.kind, k.event FROM statement k"
        " LEFT JOIN source o ON o.id = k.source WHERE k.id IN (SELECT unnest(?::VARCHAR[])) ORDER BY k.seq",
        [list(ids)],
    ).fetchall()
    shown: dict[str, str] = {}
    for id_, source, said, quote, translation, cite, says, kind, event in rows:
        words = f'"{quote}"' if quote else f"{says} {kind} {event or '(pattern)'}"
        if translation and translation != quote:
            words += f' ("{translation}")'
        shown[id_] = f"{source}, {said.date()}: {words}" + (f" <{cite}>" if cite else "")
    return shown
