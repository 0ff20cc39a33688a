"""The plan of a duty: occasion, search, votes; and of the duty that follows its breach.

Source: semantics, section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from detente.agreement.clause import Anchor, Condition, Consequence, Deadline, Duty, EveryOther, FieldOf, Occasion, PartyVar, RecurringDuty
from detente.judge.ballot import ballot, occasion_sets, together
from detente.judge.condition import rests_on_left_open
from detente.judge.deadline import due
from detente.judge.force import NO_LIMIT, may_begin
from detente.judge.occasion import Asked, Cte, occasions, owed_once
from detente.judge.prompt import PAIRED, is_plain, paired, prompt_votes, unpaired_acts
from detente.judge.scene import Scene
from detente.judge.search import BOUND_SINCE, UNBOUNDED, Leading, searches
from detente.judge.sql import name
from detente.model.kind import Kind


@dataclass(frozen=True, slots=True)
class DutyVotes:
    """CTEs up to `votes`; `prompt` are rows like those for the plain majority, where it was set apart by the CTE `paired`."""

    ctes: tuple[Cte, ...]
    prompt: str = ""


def duty_votes(scene: Scene, rule: Duty) -> DutyVotes:
    """The plan's parts up to `votes`."""
    where: Condition | None = None
    ctes: list[Cte] = []
    plainly, acts_among = "", None
    if rule.occasion is None:
        ctes = owed_once(scene, rule.head, rule.bearers, rule.unless, rule.deadline, to_every_other=_to_every_other(rule))
    else:
        where = rule.occasion.where
        asked = asked_of(rule, rule.occasion)
        if is_plain(scene, rule):
            asked = replace(asked, among=f"s.seq IN (SELECT seq FROM {PAIRED} WHERE NOT prompt)")
            acts_among = None if scene.shape(rule.occasion.kind).is_contested else unpaired_acts(scene, scene.kinds[rule.act.kind])
            ctes = [paired(scene, rule, asked)]
            plainly = prompt_votes(scene, rule, carried_parties(rule))
        ctes += occasions(scene, asked)
    left_open = rests_on_left_open(where, rule.unless)
    sets = occasion_sets(left_open=left_open, exceptions=len(rule.exceptions))
    linked = _linked_kind(scene, rule)
    since = BOUND_SINCE if may_begin(scene, rule.head) else UNBOUNDED
    ctes += searches(
        scene,
        "0",
        rule.act,
        due(scene, rule.deadline, "x"),
        Leading(sets, carried_parties(rule)),
        bearer=rule.bearer,
        linked=linked,
        among=acts_among,
        since=since,
    )
    tags = tuple(str(n) for n in range(len(rule.exceptions) + 1))
    for n, exception in enumerate(rule.exceptions, 1):
        ctes += searches(
            scene, str(n), exception.act, due(scene, exception.deadline, "x"), None, bearer=rule.bearer, linked=linked, since=since
        )
    voted = instance_votes(scene, tags, left_open=left_open, carried=carried_parties(rule), voluntary=rule.voluntary)
    ctes.append(("votes", voted))
    if linked:
        ctes = together(ctes, linked, scene, carried_parties(rule))
    return DutyVotes(tuple(ctes), plainly)


def asked_of(rule: Duty, occasion: Occasion) -> Asked:
    """What the duty asks of its occasion."""
    deadlines = [rule.deadline, *(e.deadline for e in rule.exceptions)]
    return Asked(
        head=rule.head,
        occasion=occasion,
        bearers=rule.bearers,
        bearer=rule.bearer,
        excuse=rule.unless,
        exceptions=tuple(e.where for e in rule.exceptions),
        anchors=tuple(sorted({f for d in deadlines if (f := anchor_field(d))})),
        to_every_other=_to_every_other(rule),
        deadlines=tuple(deadlines),
        due_before=rule.deadline if rule.deadline.relation == "before" else None,
    )


def _to_every_other(rule: Duty) -> bool:
    return any(isinstance(who, EveryOther) for _, who in rule.act.roles)


def consequence_votes(scene: Scene, rule: Duty | RecurringDuty, consequence: Consequence, before: Sequence[Cte]) -> list[Cte]:
    """CTEs up to `votes` of the duty that runs from the moment the first one, judged by `before`, became overdue."""
    if consequence.deadline is None:
        raise ValueError("a power has no votes")
    carried = carried_parties(rule)
    *ctes, (_, first) = before
    ctes.append(("first", first))
    bearer = "v.bearer" if consequence.bearer in (rule.bearer, PartyVar("")) else f"v.{name('party ' + consequence.bearer.name)}"
    columns = ["v.event", "v.event AS base", f"{bearer} AS bearer", "v.recipient", *(f"v.{name(c)}" for c in carried)]
    columns += [f"v.bearer AS {name('party ' + rule.bearer.name)}"] if rule.bearer.name else []
    columns += [
        "v.seen AS accounts",
        "v.breached AS certain",
        "v.breached | v.open AS possible",
        "v.unbound",
        "false AS future",
        "true AS past",
        "0::UBIGINT AS excused",
        "0::UBIGINT AS maybe_excused",
        *(f"{NO_LIMIT} AS {what}_{end}" for what in ("since", "entry") for end in ("lo", "hi")),
        "v.happens_lo",
        "v.happens_lo AS happens_hi",
        "v.cites",
        "v.self",
        "v.fair",
        "v.plain",
        f"v.due_lo AS {name('anchor overdue_lo')}",
        f"v.due_hi AS {name('anchor overdue_hi')}",
    ]
    deadline = replace(consequence.deadline, anchor=Anchor(FieldOf("", "overdue")))
    ctes.append(("overdue", "  SELECT " + ", ".join(columns) + "\n  FROM first v WHERE (v.breached | v.open) <> 0"))
    ctes += searches(
        scene,
        "_else",
        consequence.act,
        due(scene, deadline, "x"),
        Leading(occasion_sets(left_open=False, exceptions=0)),
        bearer=consequence.bearer,
        linked=_linked_kind(scene, rule),
        over="overdue",
    )
    return [*ctes, ("votes", instance_votes(scene, ("_else",), left_open=False, carried=()))]


def _linked_kind(scene: Scene, rule: Duty | RecurringDuty) -> Kind | None:
    """The occasion's kind where some of its events go by several names."""
    if isinstance(rule, RecurringDuty) or rule.occasion is None or not scene.shape(rule.occasion.kind).is_linked:
        return None
    return scene.kinds[rule.occasion.kind]


def carried_parties(rule: Duty | RecurringDuty) -> tuple[str, ...]:
    """Columns of party variables other than the bearer's, which a consequence may name."""
    if isinstance(rule, RecurringDuty) or rule.occasion is None:
        return ()
    return tuple("party " + who.name for _, who in rule.occasion.roles if isinstance(who, PartyVar) and who != rule.bearer)


def anchor_field(deadline: Deadline) -> str | None:
    """The field of the occasion that the deadline counts from, if it is one."""
    return deadline.anchor.of.field if isinstance(deadline.anchor.of, FieldOf) else None


def instance_votes(scene: Scene, tags: tuple[str, ...], *, left_open: bool, carried: tuple[str, ...], voluntary: bool = False) -> str:
    """One row per instance with a set of accounts for each vote; `tags` are the rule's own search and its exceptions'."""
    own = f"found{tags[0]}"
    if len(tags) == 1:
        source, done, missed, pending = own, "done", "passed & ~maybe & ~done & shut", "pending"
    else:
        source = f"({_beside_exceptions(own, tags)})"
        done, missed, pending = (_folded(part, len(tags) - 1) for part in ("done", "missed", "pending"))
    also = "".join(f", {name(c)}" for c in carried)
    columns = (
        f"event, bearer, recipient{also}, accounts AS seen, late AS cured, self & shut_self AS self, fair & shut_fair AS fair, plain_done AS plain,\n"
        "    due_lo, due_hi, happens_lo, list_sort(list_distinct(flatten(list_concat(x_cites, coalesce(near_cites, []), [shut_cites])))) AS cites"
    )
    return ballot(source, columns, done=done, missed=missed, pending=pending, scene=scene, left_open=left_open, voluntary=voluntary)


def _beside_exceptions(own: str, tags: tuple[str, ...]) -> str:
    """What was found for the rule's own act, and beside it for each exception's: `done0`, `missed0` and so on."""
    joins = "".join(
        f" LEFT JOIN found{tag} f{n} ON f{n}.event = f0.event AND f{n}.bearer = f0.bearer AND f{n}.recipient IS NOT DISTINCT FROM f0.recipient"
        for n, tag in enumerate(tags)
        if n
    )
    parts = [
        f"f{n}.done AS done{n}, f{n}.passed & ~f{n}.maybe & ~f{n}.done & f{n}.shut AS missed{n}, f{n}.pending AS pending{n}"
        for n in range(len(tags))
    ]
    dues = ", ".join(f"{_due(end, len(tags) - 1)} AS {end}" for end in ("due_lo", "due_hi"))
    near = ", ".join(f"coalesce(f{n}.near_cites, [])" for n in range(len(tags)))
    return (
        f"SELECT f0.* EXCLUDE (done, pending) REPLACE ({dues}, list_concat({near}) AS near_cites), {', '.join(parts)} FROM {own} f0{joins}"
    )


def _due(end: str, exceptions: int) -> str:
    """The due time that counts: an exception's where some account holds it for certain."""
    due = f"f0.{end}"
    for n in range(exceptions, 0, -1):
        due = f"CASE WHEN f0.e{n - 1}_certain <> 0 THEN f{n}.{end} ELSE {due} END"
    return due


def _folded(part: str, exceptions: int) -> str:
    """The rule's own part, replaced by an exception's where that exception holds; where unknown, both must agree."""
    whole = f"{part}0"
    for n in range(exceptions, 0, -1):
        certain, possible = f"e{n - 1}_certain", f"e{n - 1}_possible"
        joint = "|" if part == "pending" else "&"
        whole = f"(({certain} & {part}{n}) | ({possible} & ~{certain} & ({part}{n} {joint} {whole})) | (~{possible} & {whole}))"
    return whole
