"""Runs the plans and gathers verdicts.

Large results stay in the database, one table per plan; only what is listed
becomes objects: all counts, and the gravest instances of each rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

import duckdb

from detente.agreement.clause import Agreement, Article, Permission, RecurringDuty, Release, Rule
from detente.judge.across import across
from detente.judge.conditional import judge_in_order
from detente.judge.permission import no_votes
from detente.judge.plan import Plan, plans, share, with_ctes
from detente.judge.scene import Scene
from detente.judge.sequence import is_conditional, unjudged
from detente.judge.sql import name
from detente.model.account import Account
from detente.model.verdict import ArticleVerdict, Ground, InstanceVerdict, Outcome, RuleVerdict, Spell, Status, Vote, worst

MOST_LISTED = 1000
"""Instances of one rule that become objects; the rest are counted."""

_SETS = {
    "breached": Vote.BREACHED,
    "open": Vote.OPEN,
    "kept": Vote.KEPT,
    "pending": Vote.NOT_DUE,
    "unbound": Vote.NOT_BOUND,
    "untriggered": Vote.NOT_TRIGGERED,
}
"""Sets of accounts by vote, the gravest first."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A plan whose rows are in the table `table`."""

    plan: Plan
    table: str
    is_cycle: bool = False
    """Whether the rule waits for itself, so that there is no verdict on it."""


def judge_rules(
    db: duckdb.DuckDBPyConnection, scene: Scene, agreement: Agreement, progress: Callable[[str, float], None] | None = None
) -> list[Judged]:
    """Runs every rule's plans; each result stays in a temporary table."""
    judged = []
    written = [p for rule in agreement.rules for p in plans(scene, rule, agreement.evidence)]
    for table, query in share(written):
        db.execute(f"CREATE OR REPLACE TEMP TABLE {name(table)} AS {query}")
    ran = 0

    def run(plan: Plan) -> str:
        nonlocal ran
        if progress:
            progress(f"judging rule {plan.id}", min(1.0, ran / len(written)))
        ran += 1
        table = f"judged {plan.id}"
        db.execute(f"CREATE OR REPLACE TEMP TABLE {name(table)} AS {plan.brief}")
        return table

    left_out = unjudged(agreement)
    if is_conditional(agreement):
        judge_in_order(db, scene, agreement, {r.head.id: [p for p in written if p.rule.head.id == r.head.id] for r in agreement.rules}, run)
    else:
        for plan in written:
            run(plan)
    for plan in written:
        is_cycle = plan.rule.head.id in left_out
        if is_cycle:
            db.execute(f"CREATE OR REPLACE TEMP TABLE {name(f'judged {plan.id}')} AS {with_ctes((no_votes(),), across(scene))}")
        judged.append(Judged(plan, f"judged {plan.id}", is_cycle=is_cycle))
    return judged


def articles(
    db: duckdb.DuckDBPyConnection, scene: Scene, agreement: Agreement, judged: Sequence[Judged], *, counterfactual: bool
) -> tuple[ArticleVerdict, ...]:
    """Every article with its rules' verdicts, in the order of the text."""
    ids = _StatementIds(db)
    rules: dict[str, list[RuleVerdict]] = {}
    for j in judged:
        verdict = _rule(db, scene, j, ids, counterfactual=counterfactual)
        rules.setdefault(verdict.article, []).append(verdict)
    return tuple(_article(article, rules.get(article.id, []), scene.seating.accounts) for article in agreement.articles)


def _article(article: Article, rules: Sequence[RuleVerdict], accounts: Sequence[Account]) -> ArticleVerdict:
    counts = {o: sum(r.counts[o] for r in rules) for o in Outcome}
    outcome = worst(r.outcome for r in rules)
    return ArticleVerdict(
        article=article.id,
        heading=article.heading,
        prose=article.prose,
        outcome=outcome,
        ground=next((r.ground for r in rules if r.outcome == outcome), None) if outcome else None,
        statuses=tuple(dict.fromkeys(s for r in rules for s in r.statuses)) if rules else (Status.DECLARATORY,),
        counts=counts,
        votes={a.name: gravest(r.votes[a.name] for r in rules) for a in accounts} if rules else {},
        rules=tuple(rules),
    )


def gravest(votes: object) -> Vote:
    """The gravest of some votes: breached, open, kept, then the rest."""
    order = list(_SETS.values())
    return min(votes, key=order.index, default=Vote.NOT_TRIGGERED)  # type: ignore[call-overload,no-any-return]


def _rule(db: duckdb.DuckDBPyConnection, scene: Scene, judged: Judged, ids: _StatementIds, *, counterfactual: bool) -> RuleVerdict:
    table = name(judged.table)
    head = judged.plan.rule.head
    if judged.plan.is_spells:
        instances = _spelled(db, scene, judged, ids, counterfactual=counterfactual)
        counts = {o: sum(i.outcome == o for i in instances) for o in Outcome}
        votes = {a.name: gravest(i.votes[a.name] for i in instances) for a in scene.seating.accounts}
        statuses = tuple(dict.fromkeys(s for i in instances for s in i.statuses))
        total = len(instances)
    else:
        sets = ", ".join(f"coalesce(bit_or({s}), 0)" for s in _SETS)
        row = db.execute(f"SELECT count(*), {sets}, list(DISTINCT statuses) FROM {table}").fetchone() or (0,)
        total = row[0]
        masks = dict(zip(_SETS, row[1:-1], strict=True))
        votes = _votes(scene.seating.accounts, masks)
        found = {Status(s) for some in row[-1] or [] for s in some}
        statuses = tuple(s for s in Status if s in found)
        counted = dict(db.execute(f"SELECT outcome, count(*) FROM {table} WHERE outcome IS NOT NULL GROUP BY outcome").fetchall())
        counts = {o: counted.get(str(o), 0) for o in Outcome}
        instances = _instances(db, scene, judged, ids, counterfactual=counterfactual)
    outcome = next((o for o in Outcome if counts[o]), None)
    if not total:
        statuses = (_status(judged),)
    if counterfactual and outcome:
        statuses = tuple(dict.fromkeys((*statuses, Status.COUNTERFACTUAL)))
    return RuleVerdict(
        rule=judged.plan.id,
        title=head.title if judged.plan.id == head.id else f"{head.title or head.id}: consequence",
        article=head.article,
        text=head.text,
        outcome=outcome,
        ground=next((i.ground for i in instances if i.outcome == outcome), None) if outcome else None,
        statuses=statuses,
        counts=counts,
        votes=votes,
        instances=tuple(instances),
        instance_count=total,
    )


def _status(judged: Judged) -> Status:
    """What stands in place of a verdict where there is no instance."""
    if judged.is_cycle:
        return Status.CYCLE
    match judged.plan.rule:
        case Permission():
            return Status.PERMISSION
        case Release():
            return Status.RELEASE
        case _:
            return Status.UNTESTED


def _votes(accounts: Sequence[Account], masks: Mapping[str, int]) -> dict[str, Vote]:
    return {a.name: next((vote for s, vote in _SETS.items() if masks[s] & a.mask), Vote.NOT_TRIGGERED) for a in accounts}


_ORDER = "CASE outcome WHEN 'breached' THEN 0 WHEN 'disputed' THEN 1 WHEN 'unverified' THEN 2 WHEN 'kept' THEN 3 ELSE 4 END"
_COLUMNS = ("event", "bearer", "recipient", "outcome", "ground", "statuses", "due_lo", "due_hi", "cites", *_SETS)


def _rows(db: duckdb.DuckDBPyConnection, judged: Judged, columns: Sequence[str], order: str, limit: int | None) -> list[dict[str, object]]:
    limited = f" LIMIT {limit}" if limit else ""
    found = db.execute(f"SELECT {', '.join(columns)} FROM {name(judged.table)} ORDER BY {order}{limited}").fetchall()
    return [dict(zip(columns, row, strict=True)) for row in found]


def _instances(
    db: duckdb.DuckDBPyConnection, scene: Scene, judged: Judged, ids: _StatementIds, *, counterfactual: bool
) -> list[InstanceVerdict]:
    rows = _rows(db, judged, _COLUMNS, f"{_ORDER}, happens_lo NULLS LAST, event, bearer, recipient", MOST_LISTED)
    ids.load(seq for row in rows for seq in row["cites"])  # type: ignore[attr-defined]
    several = _several_bearers(db, judged)
    return [_instance(row, scene, judged, ids, several, counterfactual=counterfactual) for row in rows]


def _several_bearers(db: duckdb.DuckDBPyConnection, judged: Judged) -> frozenset[str]:
    """Events for which accounts name different bearers; their ids say which one is meant."""
    found = db.execute(
        f"SELECT event FROM {name(judged.table)} WHERE event <> '' GROUP BY event HAVING count(DISTINCT bearer) > 1"
    ).fetchall()
    return frozenset(e for (e,) in found)


def _instance(
    row: Mapping[str, object], scene: Scene, judged: Judged, ids: _StatementIds, several: frozenset[str], *, counterfactual: bool
) -> InstanceVerdict:
    outcome = Outcome(str(row["outcome"])) if row["outcome"] else None
    statuses = [Status(s) for s in row["statuses"]]  # type: ignore[attr-defined]
    if counterfactual and outcome:
        statuses.append(Status.COUNTERFACTUAL)
    event, bearer = str(row["event"]), str(row["bearer"])
    recipient = str(row["recipient"]) if row["recipient"] else None
    due = (row.get("due_lo"), row.get("due_hi"))
    is_due_day = isinstance(judged.plan.rule, RecurringDuty)
    return InstanceVerdict(
        id=instance_id(judged.plan.id, event, bearer if not event or event in several or is_due_day else None, recipient),
        rule=judged.plan.id,
        bearer=bearer,
        recipient=recipient,
        occasion=event or None,
        outcome=outcome,
        ground=Ground(str(row["ground"])) if row["ground"] else None,
        statuses=tuple(statuses),
        votes=_votes(scene.seating.accounts, {s: int(row[s]) for s in _SETS}),  # type: ignore[call-overload]
        due=(_moment(due[0]), _moment(due[1])),
        cites=ids.of(row["cites"]),  # type: ignore[arg-type]
    )


def instance_id(rule: str, event: str, bearer: str | None, recipient: str | None) -> str:
    """`40#west-26>borland`; the bearer follows `@` where the occasion alone does not tell it."""
    return f"{rule}#{slug(event)}" + (f"@{slug(bearer)}" if bearer else "") + (f">{slug(recipient)}" if recipient else "")


def slug(word: str) -> str:
    """Lower case, spaces as hyphens."""
    return word.lower().replace(" ", "-")


def _spelled(
    db: duckdb.DuckDBPyConnection, scene: Scene, judged: Judged, ids: _StatementIds, *, counterfactual: bool
) -> list[InstanceVerdict]:
    """Instances of a rule that holds at all times, each rolled up over its spells."""
    columns = (*_COLUMNS, "spell_start", "spell_end", "values")
    rows = _rows(db, judged, columns, "bearer, recipient, spell_start NULLS FIRST", None)
    ids.load(seq for row in rows for seq in row["cites"])  # type: ignore[attr-defined]
    by_bit = {a.bit: a.name for a in scene.seating.accounts}
    instances = []
    for (bearer, recipient), group in groupby(rows, key=lambda r: (str(r["bearer"]), r["recipient"])):
        parts = [(_instance(row, scene, judged, ids, frozenset(), counterfactual=counterfactual), row) for row in group]
        outcome = worst(i.outcome for i, _ in parts)
        of = str(recipient) if recipient else None
        gravest_part = next((i for i, _ in parts if i.outcome == outcome), parts[0][0])
        spells = tuple(
            Spell(
                start=_moment(row["spell_start"]),
                end=_moment(row["spell_end"]),
                outcome=i.outcome,
                votes=i.votes,
                values={by_bit[v["bit"]]: (v["lo"], v["hi"]) for v in row["values"] if v["bit"] in by_bit},  # type: ignore[attr-defined]
            )
            for i, row in parts
            if row["spell_start"] is not None or len(parts) > 1
        )
        statuses = [s for i, _ in parts for s in i.statuses if outcome is None or s not in (Status.UNTESTED, Status.NOT_IN_FORCE)]
        instances.append(
            InstanceVerdict(
                id=f"{judged.plan.id}#" + ",".join(slug(p) for p in (bearer, *((of or "").split(",") if of else []))),
                rule=judged.plan.id,
                bearer=bearer,
                recipient=of,
                occasion=None,
                outcome=outcome,
                ground=gravest_part.ground,
                statuses=tuple(dict.fromkeys(statuses)),
                votes={a.name: gravest(i.votes[a.name] for i, _ in parts) for a in scene.seating.accounts},
                cites=gravest_part.cites,
                spells=spells,
            )
        )
    return sorted(instances, key=lambda i: (list(Outcome).index(i.outcome) if i.outcome else len(Outcome), i.id))


def _moment(value: object) -> datetime | None:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None


class _StatementIds:
    """Ids of statements by their position, fetched as needed."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self._db = db
        self._known: dict[int, str] = {}

    def load(self, seqs: object) -> None:
        wanted = sorted(set(seqs) - self._known.keys())  # type: ignore[call-overload]
        if wanted:
            rows = self._db.execute("SELECT seq, id FROM statement WHERE seq IN (SELECT unnest(?::UINTEGER[]))", [wanted]).fetchall()
            self._known.update(rows)

    def of(self, seqs: Sequence[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._known[s] for s in seqs if s in self._known))


def rule_of(agreement: Agreement, rule_id: str) -> Rule | None:
    """The rule with that id; a consequence's id ends in `.else`."""
    return next((r for r in agreement.rules if r.head.id == rule_id.removesuffix(".else")), None)
