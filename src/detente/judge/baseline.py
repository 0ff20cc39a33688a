"""What a sum was on an earlier day, and the limit that follows from it, in each account.

The earlier value is that of the same summands at one more instant, so it is a
row of `total` like any other; a sum that nobody had counted by then is
unknown, never nothing. Source: semantics, section 4, "Baseline".
"""

from __future__ import annotations

from detente.agreement.clause import BaselineBound, LeftOpen
from detente.judge.occasion import Cte
from detente.judge.scene import Scene
from detente.judge.sql import moment, name

BASE, LIMIT = "base", "limit"


def base(scene: Scene, rule: BaselineBound) -> Cte:
    """`base`: for each tuple the instant of its earlier value, and the accounts for which it is that one."""
    if rule.on == "entry-into-force":
        # An entry of which the account cannot tell when it was gives no earlier value.
        where = "WHERE entry_lo = entry_hi" if scene.has_life else "WHERE false"
        at = "entry_lo" if scene.has_life else "NULL::TIMESTAMP"
    else:
        at, where = moment(scene.clock.end_of(rule.on)), ""
    return BASE, f"  SELECT bearer, recipient, {at} AS instant, bit_or(accounts) AS accounts\n  FROM tuple {where}\n  GROUP BY ALL"


def starts(scene: Scene, rule: BaselineBound) -> str | None:
    """SQL of the moment before which nothing is due; None where the rule begins with the agreement."""
    return None if rule.on == "entry-into-force" else moment(scene.clock.end_of(rule.on))


def limits(rule: BaselineBound) -> Cte:
    """`limit`: per tuple and account the least and the greatest value that the limit may have, and what it rests on."""
    of = "b.bearer = v.bearer AND b.recipient IS NOT DISTINCT FROM v.recipient AND b.instant = v.spell_start"
    return (
        LIMIT,
        f"  SELECT v.bearer, v.recipient, v.bit, {_moved(rule, 'v.lo')} AS lo, {_moved(rule, 'v.hi')} AS hi, v.cites, v.is_self, v.is_fair, v.is_plain\n"
        f"  FROM total v JOIN base b ON {of} AND (b.accounts >> v.bit) & 1 = 1",
    )


def _moved(rule: BaselineBound, value: str) -> str:
    """The value with the rule's margin; a margin left open leaves the limit unknown."""
    if rule.margin is None:
        return value
    if isinstance(rule.margin, LeftOpen):
        return "NULL::DOUBLE"
    amount = float(rule.margin.value)
    if rule.in_percent:
        share = 100 + amount if rule.side == "above" else 100 - amount
        return f"({value} * {share!r} / 100)"
    return f"({value} {'+' if rule.side == 'above' else '-'} {amount!r})"


def columns(of: str) -> str:
    """How `limit` is joined to the row `of` of a spell and account."""
    return f"LEFT JOIN {name(LIMIT)} m ON m.bearer = {of}.bearer AND m.recipient IS NOT DISTINCT FROM {of}.recipient AND m.bit = {of}.bit"
