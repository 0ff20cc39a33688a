"""The plain majority: occasions that one act discharges in every account.

In a large record nearly every occasion is stated once, contested by nobody,
heard by everyone, and answered in time by an act of the same sort. Those are
found by one join; only the rest goes through the full search. A property test
compares both ways.
"""

from __future__ import annotations

from detente.agreement.clause import Done, Duty, EventVar, EveryOther, PartyVar, Placed
from detente.judge.condition import Row, conditions_in, rests_on_left_open, truth
from detente.judge.deadline import Due, due
from detente.judge.force import binds, window
from detente.judge.occasion import Asked, Cte, role_truths
from detente.judge.scene import Scene
from detente.judge.search import timely
from detente.judge.sql import moment, name, text
from detente.judge.truth import both
from detente.model.kind import Kind

PAIRED = "paired"
"""Every plain occasion (`seq`) with the act about it (`act_seq`), and whether that is `prompt`."""


def unpaired_acts(scene: Scene, act: Kind) -> str:
    """Which uncontested acts can matter to the rest: those that failed their one occasion, and those that pair with several or none."""
    failed = f"SELECT act_seq FROM {PAIRED} WHERE NOT prompt"
    loose = (
        f" UNION ALL SELECT seq FROM {name(act.table)} WHERE lone AND (twin OR about IS NULL)" if scene.shape(act.name).has_loose else ""
    )
    return f"s.seq IN ({failed}{loose})"


def is_plain(scene: Scene, rule: Duty) -> bool:
    """Whether the rule's occasions and acts can be paired by one join."""
    if not scene.may_pair or rule.occasion is None or rule.exceptions or scene.has_life or scene.has_pauses:
        return False
    if any(isinstance(who, EveryOther) for _, who in rule.act.roles):
        return False
    about = [f for f, who in rule.act.roles if isinstance(who, EventVar)]
    trigger, act = scene.kinds[rule.occasion.kind], scene.kinds[rule.act.kind]
    shapes = scene.shape(trigger.name), scene.shape(act.name)
    if about != ["about"] or not all(s.is_present and s.everyone_hears for s in shapes) or any(s.plain is None for s in shapes):
        return False
    conditions = [*conditions_in(rule.occasion.where), *conditions_in(rule.unless)]
    return not rests_on_left_open(*conditions) and not any(isinstance(c, Done | Placed) for c in conditions)


def plain_accounts(scene: Scene, rule: Duty) -> int:
    """The accounts in which a plain occasion and its act rest on sources that speak for no party."""
    occasion = scene.shape(rule.occasion.kind).plain if rule.occasion else 0
    return (occasion or 0) & (scene.shape(rule.act.kind).plain or 0)


def paired(scene: Scene, rule: Duty, asked: Asked) -> Cte:
    """The CTE `paired`."""
    if rule.occasion is None:
        raise ValueError("a duty without an occasion has no pairs")
    kind, act = scene.kinds[rule.occasion.kind], scene.kinds[rule.act.kind]
    roles = {f: who for f, who in rule.occasion.roles if isinstance(who, PartyVar)}
    cells = {who.name: f"o.{name(f)}" for f, who in roles.items()}
    bearer = cells[rule.bearer.name]
    happens = (
        (f"o.{name(f'{kind.happens}_lo')}", f"o.{name(f'{kind.happens}_hi')}") if kind.happens else ("NULL::TIMESTAMP", "NULL::TIMESTAMP")
    )
    row = Row("o", kind, happens, {**cells, "": bearer})
    within = window(scene, rule.head)
    whole = both(
        [
            truth(rule.occasion.where, row, scene, burden=False),
            *role_truths(asked, happens, bearer),
            binds(scene, within, "", happens),  # is_plain: nobody pauses
        ],
        scene.every,
    )
    met = ["n.seq IS NOT NULL"]
    for f, who in rule.act.roles:
        match who:
            case PartyVar(name=var):
                met.append(f"coalesce(n.{name(f)} = {cells.get(var, bearer)}, false)")
            case EventVar():
                pass
            case other:
                met.append(f"coalesce(n.{name(f)} IN ({', '.join(text(p) for p in getattr(other, 'names', ()))}), false)")
    if not any(f == "party" for f, _ in rule.act.roles):
        met.append(f"coalesce(n.party = {bearer}, false)")
    limit: Due = due(scene, rule.deadline, "o", field_column="")
    met.append(timely(rule.act, limit, moment(scene.as_of), within.since)[0])
    known = f"published <= {moment(scene.known_on)}"
    present = [f"o.{name(f)} IS NOT NULL" for f in roles]
    return (
        PAIRED,
        f"  SELECT o.seq, n.seq AS act_seq, {' AND '.join(met)} AS prompt\n"
        f"  FROM {name(kind.table)} o JOIN party p ON p.name = {bearer}\n"
        f"  LEFT JOIN {name(act.table)} n ON n.about = o.event AND n.lone AND NOT n.twin AND n.{known}\n"
        f"  WHERE o.lone AND o.{known} AND {' AND '.join(present)} AND {whole.possible}",
    )


def prompt_votes(scene: Scene, rule: Duty, carried: tuple[str, ...]) -> str:
    """Rows like those of `votes` for the prompt pairs: kept in every account."""
    if rule.occasion is None:
        raise ValueError("a duty without an occasion has no pairs")
    kind = scene.kinds[rule.occasion.kind]
    cells = {who.name: f"o.{name(f)}" for f, who in rule.occasion.roles if isinstance(who, PartyVar)}
    limit = due(scene, rule.deadline, "o", field_column="")
    every = f"{scene.every}::UBIGINT"
    happens = f"o.{name(f'{kind.happens}_lo')}" if kind.happens else "NULL::TIMESTAMP"
    also = "".join(f", {cells[c.removeprefix('party ')]} AS {name(c)}" for c in carried)
    none = "0::UBIGINT"
    return (
        f"  SELECT o.event, {cells[rule.bearer.name]} AS bearer, NULL::VARCHAR AS recipient{also}, {every} AS seen, {every} AS kept, {none} AS breached, {none} AS pending,\n"
        f"    {none} AS unbound, {none} AS untriggered, {none} AS open, {none} AS left_open, {none} AS cured, {none} AS self, {none} AS fair,\n"
        f"    {plain_accounts(scene, rule)}::UBIGINT AS plain, {limit.lo} AS due_lo, {limit.hi} AS due_hi, {happens} AS happens_lo, [least(q.seq, q.act_seq), greatest(q.seq, q.act_seq)] AS cites\n"
        f"  FROM {PAIRED} q JOIN {name(kind.table)} o ON o.seq = q.seq WHERE q.prompt"
    )
