"""The plan of a prohibition: its occasions, and one standing instance per bearer.

Source: semantics, section 4.
"""

from __future__ import annotations

from detente.agreement.clause import And, Compare, Condition, Constant, Is, Parties, Prohibition
from detente.judge.ballot import ballot, occasion_sets, together
from detente.judge.closed import Box, contains
from detente.judge.condition import member_of, rests_on_left_open
from detente.judge.force import BOUND, NO_LIMIT, later, window
from detente.judge.occasion import Asked, Cte, occasions
from detente.judge.scene import Scene
from detente.judge.sql import all_of, moment, name, text
from detente.model.kind import Kind


def prohibition_votes(scene: Scene, rule: Prohibition, *, standing: bool = True) -> list[Cte]:
    """CTEs up to `votes`; without `standing` there is no instance for what nobody mentioned."""
    asked = asked_of(rule)
    left_open = rests_on_left_open(rule.occasion.where, rule.unless)
    sets = occasion_sets(left_open=left_open, exceptions=0)
    ctes = occasions(scene, asked)
    gathered = ", ".join(f"bit_or(x.{s}) AS {s}" for s in sets)
    ctes.append(
        (
            "found",
            f"  SELECT event, bearer, recipient, {gathered}, bit_or(CASE WHEN x.future THEN x.accounts ELSE 0 END) AS waiting, bit_or(CASE WHEN x.past THEN x.accounts ELSE 0 END) AS over,\n"
            "    bit_or(x.plain) AS plain, min(happens_lo) AS happens_lo, flatten(list(DISTINCT x.cites)) AS cites\n"
            "  FROM x WHERE NOT nobodys GROUP BY event, bearer, recipient",
        )
    )
    columns = (
        "event, bearer, recipient, accounts AS seen, 0::UBIGINT AS cured, self, fair, plain, NULL::TIMESTAMP AS due_lo, NULL::TIMESTAMP AS due_hi,\n"
        "    happens_lo, list_sort(list_distinct(cites)) AS cites"
    )
    voted = ballot("found", columns, done="0::UBIGINT", missed="over", pending="waiting", scene=scene, left_open=left_open)
    kind = scene.kinds[rule.occasion.kind]
    if standing:
        ctes.append(("standing", _standing(scene, rule, kind)))
        voted += "\n  UNION ALL BY NAME\n  SELECT * FROM standing"
    ctes.append(("votes", voted))
    return together(ctes, kind, scene) if scene.shape(kind.name).is_linked else ctes


def asked_of(rule: Prohibition) -> Asked:
    """What the prohibition asks of its occasions."""
    return Asked(rule.head, rule.occasion, rule.bearers, rule.bearer, rule.unless, of_anyone=True)


def _standing(scene: Scene, rule: Prohibition, kind: Kind) -> str:
    """Per bearer: kept where the account holds the kind closed over all that the rule forbids."""
    within = window(scene, rule.head)
    (since, _), (_, until) = within.since, within.until
    as_of = moment(scene.as_of)
    accounts = f"{scene.every}::UBIGINT"
    life = ""
    keys = ["p.name"]
    if scene.has_life:
        life = " JOIN bound b ON b.party = p.name"
        accounts = "b.accounts"
        keys += [f"b.{c}" for c in BOUND]
    starts, ends = (rule.head.phases.starts, rule.head.phases.ends) if rule.head.phases else (None, None)
    for alias, point in (("f", starts), ("g", ends)):
        if point is not None:
            life += f" JOIN phased {alias} ON {alias}.phase = {text(point.phase)} AND ({accounts} & {alias}.accounts) <> 0"
            accounts = f"({accounts} & {alias}.accounts)"
            keys += [f"{alias}.{c}" for c in ("accounts", "begins_lo", "begins_hi")]
    if starts is not None:
        since = f"greatest({since}, {later(scene, 'f.begins_lo', starts.after)})"
    if ends is not None:
        until = f"least({until}, {later(scene, 'g.begins_hi', ends.after)})"
    bearer_field = next(f for f, who in rule.occasion.roles if who == rule.bearer)
    words, ranges = simple_box(rule.occasion.where, kind)
    words[bearer_field] = "p.name"
    if kind.happens:
        ranges[kind.happens] = (since, as_of if until == NO_LIMIT else f"least({until}, {as_of})")
    tests = [f"({since} IS NULL OR {since} <= {as_of})"] if since != NO_LIMIT else []
    tests += [f"({until} IS NULL OR coalesce({until} > {since}, true))"] if until != NO_LIMIT else []
    shut = "0::UBIGINT"
    join = ""
    if scene.shape(kind.name).can_close:
        join = f"\n    LEFT JOIN {name('closed ' + kind.table)} c ON {contains(scene, kind, Box(words, ranges), 'c')}"
        shut = f"coalesce(bit_or({accounts} & c.accounts), 0)"
        plain = f"coalesce(bit_or({accounts} & c.plain), 0)"
        cites = "coalesce(list(DISTINCT c.seq) FILTER (c.seq IS NOT NULL), [])"
    else:
        plain, cites = "0::UBIGINT", "[]::UINTEGER[]"
    eligible = _eligible(rule.bearers, scene)
    every = f"{scene.every}::UBIGINT"
    return (
        f"  SELECT '' AS event, bearer, NULL::VARCHAR AS recipient, every AS seen, shut & ~told & ~maybe & bound AS kept, 0::UBIGINT AS breached, 0::UBIGINT AS pending,\n"
        f"    every & ~bound AS unbound, told & bound AS untriggered, bound & ~told & ~(shut & ~maybe) AS open, 0::UBIGINT AS left_open, 0::UBIGINT AS cured,\n"
        "    0::UBIGINT AS self, 0::UBIGINT AS fair, plain, NULL::TIMESTAMP AS due_lo, NULL::TIMESTAMP AS due_hi, NULL::TIMESTAMP AS happens_lo, list_sort(cites) AS cites\n"
        f"  FROM (SELECT bearer, {every} AS every, bit_or(shut) & ~bit_or(bound & ~shut) AS shut, bit_or(bound) AS bound, bit_or(plain) AS plain, flatten(list(cites)) AS cites, any_value(told) AS told, any_value(maybe) AS maybe\n"
        f"    FROM (SELECT p.name AS bearer, {shut} AS shut, CASE WHEN {all_of(tests)} THEN {accounts} ELSE 0 END AS bound, {plain} AS plain, {cites} AS cites,\n"
        f"      coalesce((SELECT bit_or(f.possible) FROM found f WHERE f.bearer = p.name), 0) AS told,\n"
        f"      coalesce((SELECT bit_or(x.possible) FROM x WHERE x.nobodys AND x.bearer = p.name), 0) AS maybe\n"
        f"    FROM party p{life}{join}\n    WHERE {eligible}\n    GROUP BY {', '.join(keys)})\n    GROUP BY bearer)"
    )


def _eligible(bearers: Parties, scene: Scene) -> str:
    conditions = []
    if bearers.names:
        conditions.append(f"p.name IN ({', '.join(text(n) for n in bearers.names)})")
    if bearers.group:
        conditions.append(member_of(bearers.group, "p.name", ("NULL::TIMESTAMP", moment(scene.as_of))).possible)
    return " AND ".join(conditions) or "true"


def simple_box(condition: Condition | None, kind: Kind) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """The words and ranges that the condition fixes for certain: its top-level comparisons with constants."""
    words: dict[str, str] = {}
    ranges: dict[str, tuple[str, str]] = {}
    items = condition.items if isinstance(condition, And) else (condition,)
    for item in items:
        match item:
            case Is(term=term, value=str(word)) if not kind.fields[term.field].is_ordered:
                words[term.field] = text(word)
            case Is(term=term, value=None):
                ranges[term.field] = ("1.0", "1.0")
            case Compare(term=term, op=op, value=Constant(value=value)) if kind.fields[term.field].is_ordered:
                number = repr(float(value))
                lo, hi = ranges.get(term.field, ("NULL::DOUBLE", "NULL::DOUBLE"))
                step = 1.0 if kind.fields[term.field].type in ("count", "scale") else 0.0
                narrowed = {
                    "at least": (number, hi),
                    "more than": (repr(float(value) + step), hi),
                    "at most": (lo, number),
                    "less than": (lo, repr(float(value) - step)),
                    "equal to": (number, number),
                }
                ranges[term.field] = narrowed.get(op, (lo, hi))
            case _:
                pass
    return words, ranges
