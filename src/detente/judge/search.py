"""Was the act performed in time? Found acts, and whether silence means there is none.

Each search of a clause has a tag: "0" for the rule's own act, "1" and on for
its exceptions, "_else" for its consequence. `found<tag>` has one row per
instance (event, bearer, recipient) and sets of accounts: `done` (an act certainly meets roles and deadline), `maybe`
(one possibly does), `late` (one was done after the due time), `shut` (the
account holds the act closed over the box of the search).
Source: semantics, sections 3 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.clause import Act, Anyone, AnyOther, EventVar, EveryOther, Parties, PartyVar
from detente.judge.closed import Box, contains
from detente.judge.deadline import Due
from detente.judge.force import NO_LIMIT, Ends
from detente.judge.hold import held, renamed
from detente.judge.occasion import Cte
from detente.judge.scene import Scene
from detente.judge.sql import all_of, moment, name, text
from detente.model.kind import Kind

BOUND_SINCE: Ends = ("x.since_lo", "x.since_hi")
"""Columns since when an occasion's bearer is bound."""
UNBOUNDED: Ends = (NO_LIMIT, NO_LIMIT)
"""The same where nothing has a beginning: fewer conditions are written."""


@dataclass(frozen=True, slots=True)
class Leading:
    """What the first search gathers of the occasion besides: sets, and columns carried along."""

    sets: tuple[str, ...]
    carried: tuple[str, ...] = ()


def searches(
    scene: Scene,
    tag: str,
    act: Act,
    limit: Due,
    leading: Leading | None,
    *,
    bearer: PartyVar,
    linked: Kind | None = None,
    over: str = "x",
    among: str | None = None,
    since: Ends = BOUND_SINCE,
) -> list[Cte]:
    """CTEs `found<tag>` and what it needs, over the occasions in the relation `over` (`limit` reads its rows as `x`).

    `linked` is the occasion's kind where some of its events go by several names.
    `among` limits which uncontested acts are looked at. `since` are the columns since when the bearer is bound.
    """
    kind = scene.kinds[act.kind]
    words: dict[str, object] = {f: PartyVar("") if who == bearer else who for f, who in act.roles}
    words.setdefault("party", PartyVar(""))
    fields = [f for f in kind.fields.values() if f.name in words or f.name == act.counts_at]
    prefix = f"n{tag}"
    ctes = held(scene, kind, fields, prefix=prefix, unheard=False, among=among, weighed=False)
    if linked is not None and "about" in words:
        ctes.append((f"{prefix}_renamed", renamed(prefix, linked)))
        prefix = f"{prefix}_renamed"
    keys = {f: key for f, who in words.items() if (key := _key(who)) is not None}
    on = "false"
    if scene.shape(kind.name).is_present:
        on = " AND ".join([*(f"n.{name(f)} = {key}" for f, key in keys.items()), *_limits(words)]) + " AND (n.accounts & x.accounts) <> 0"
    pairs = (
        f"SELECT {', '.join(_matched(scene, act, limit, since))}\n    FROM ({_dated(scene, over, limit)}) x LEFT JOIN {prefix} n ON {on}"
    )
    own = "event, bearer, recipient"
    near = ", ".join(f"m.{c}" for c in own.split(", "))
    ctes.append((f"near{tag}", f"  SELECT {near}, {', '.join(_gathered(leading))}\n  FROM ({pairs}) m\n  GROUP BY {near}"))
    columns = "f.*"
    joins = [f"FROM near{tag} f"]
    if gaps := set(keys) & scene.shape(kind.name).gaps:
        ctes.append((f"vague{tag}", _vague(scene, over, prefix, keys, gaps, act, limit, since)))
        columns = "f.* REPLACE (f.maybe | coalesce(g.maybe, 0) AS maybe)"
        joins.append(
            f"LEFT JOIN vague{tag} g ON g.event = f.event AND g.bearer = f.bearer AND g.recipient IS NOT DISTINCT FROM f.recipient"
        )
    shut = "0::UBIGINT AS shut, 0::UBIGINT AS shut_self, 0::UBIGINT AS shut_fair, []::UINTEGER[] AS shut_cites"
    if scene.shape(kind.name).can_close:
        ctes += _shut(scene, tag, over, kind, words, act, limit)
        shut = "coalesce(s.shut, 0) AS shut, coalesce(s.self, 0) AS shut_self, coalesce(s.fair, 0) AS shut_fair, coalesce(s.cites, []) AS shut_cites"
        joins.append(f"LEFT JOIN shut{tag} s ON s.event = f.event AND s.bearer = f.bearer AND s.recipient IS NOT DISTINCT FROM f.recipient")
    ctes.append((f"found{tag}", f"  SELECT {columns}, {shut}\n  " + "\n  ".join(joins)))
    return ctes


def _gathered(leading: Leading | None) -> list[str]:
    """What is gathered over `m`, one row for each occasion and act that may fit (see `_matched`)."""
    gathered = [
        "coalesce(bit_or(m.both) FILTER (m.in_time), 0) AS done",
        "coalesce(bit_or(m.both) FILTER (m.may_be), 0) AS maybe",
        "coalesce(bit_or(m.both) FILTER (m.after AND m.sure), 0) AS late",
        "list(m.act_cites) FILTER (m.may_be OR m.after) AS near_cites",
        "coalesce(bit_or(m.both_plain) FILTER (m.in_time), 0) AS plain_done",
        "bit_or(CASE WHEN m.is_over THEN m.accounts ELSE 0 END) AS passed",
        "bit_or(CASE WHEN m.is_ahead THEN m.accounts ELSE 0 END) AS pending",
        "min(m.due_lo) AS due_lo",
        "max(m.due_hi) AS due_hi",
    ]
    if leading:
        gathered += [f"bit_or(m.{s}) AS {s}" for s in leading.sets]
        gathered += ["list(m.cites) AS x_cites", "min(m.happens_lo) AS happens_lo"]
        gathered += [f"any_value(m.{name(c)}) AS {name(c)}" for c in leading.carried]
    return gathered


def _matched(scene: Scene, act: Act, limit: Due, since: Ends) -> list[str]:
    """Columns of a pair of an occasion `x` and an act `n`: the accounts that hold both, and whether the act is in time."""
    as_of = moment(scene.as_of)
    own = limit.of_columns("x.")
    certain, possible = timely(act, own, as_of, since)
    lo, hi = f"n.{name(act.counts_at + '_lo')}", f"n.{name(act.counts_at + '_hi')}"
    late = [f"{lo} {'>=' if limit.is_strict else '>'} {own.hi}", f"{hi} <= {as_of}"]
    late += [f"({limit.cured_until} IS NULL OR {hi} <= {limit.cured_until})"] if limit.cured_until else []
    after = f"coalesce({' AND '.join(late)}, false)"  # no act is never after
    return [
        "x.*",
        "x.accounts & n.accounts AS both",
        "x.accounts & n.accounts & n.plain & x.plain AS both_plain",
        "n.cites AS act_cites",
        f"n.sure AND {certain} AS in_time",
        f"n.event IS NOT NULL AND {possible} AS may_be",
        f"{after} AS after",
        "n.sure",
    ]


def _dated(scene: Scene, over: str, limit: Due) -> str:
    """The occasions with the span from which acts count, the span of the last moment in time, and whether that has passed."""
    as_of = moment(scene.as_of)
    named = limit.of_columns("x.")
    return (
        f"SELECT x.*, coalesce({named.hi} <= {as_of}, false) AND x.past AS is_over, coalesce({named.lo} > {as_of}, false) OR x.future AS is_ahead"
        f" FROM (SELECT x.*, {limit.as_columns()} FROM {over} x) x"
    )


def timely(act: Act, limit: Due, as_of: str, since: Ends) -> tuple[str, str]:
    """Whether the act `n` certainly, possibly, falls in time for occasion `x`."""
    lo, hi = f"n.{name(act.counts_at + '_lo')}", f"n.{name(act.counts_at + '_hi')}"
    by = "<" if limit.is_strict else "<="
    certain, possible = [f"coalesce({hi} {by} {limit.lo} AND {hi} <= {as_of}, false)"], [f"coalesce({lo} {by} {limit.hi}, true)"]
    if limit.from_lo and limit.from_hi:
        certain.append(f"coalesce({lo} >= {limit.from_hi}, false)")
        possible.append(f"coalesce({hi} >= {limit.from_lo}, true)")
    if since[0] != NO_LIMIT:
        certain.append(f"({since[1]} IS NULL OR coalesce({lo} >= {since[1]}, false))")
        possible.append(f"coalesce({hi} >= {since[0]}, true)")
    return all_of(certain), all_of(possible)


def _key(who: object) -> str | None:
    """The column of `x` (or a literal) that a role of the act must equal."""
    match who:
        case PartyVar(name=""):
            return "x.bearer"
        case PartyVar(name=var):
            return f"x.{name('party ' + var)}"
        case EventVar():
            return "x.event"
        case EveryOther():
            return "x.recipient"
        case Parties(names=(only,)):
            return text(only)
        case _:
            return None


def _limits(words: dict[str, object]) -> list[str]:
    """Conditions on roles that are no equality."""
    limits = []
    for f, who in words.items():
        match who:
            case AnyOther():
                limits.append(f"n.{name(f)} <> x.bearer")
            case Parties(names=names) if len(names) > 1:
                limits.append(f"n.{name(f)} IN ({', '.join(text(p) for p in names)})")
            case Parties(group=str(group)):
                limits.append(f'EXISTS (SELECT 1 FROM membership g WHERE g."group" = {text(group)} AND g.member = n.{name(f)})')
            case Anyone() | _:
                pass
    return limits


def _vague(scene: Scene, over: str, prefix: str, keys: dict[str, str], gaps: set[str], act: Act, limit: Due, since: Ends) -> str:
    """Acts that leave a role unsaid: they may be the one."""
    _, possible = timely(act, limit, moment(scene.as_of), since)
    missing = " OR ".join(f"n.{name(f)} IS NULL" for f in sorted(gaps))
    on = " AND ".join(f"(n.{name(f)} IS NULL OR n.{name(f)} = {key})" if f in gaps else f"n.{name(f)} = {key}" for f, key in keys.items())
    return (
        f"  SELECT x.event, x.bearer, x.recipient, bit_or(CASE WHEN {possible} THEN x.accounts & n.accounts ELSE 0 END) AS maybe\n"
        f"  FROM {over} x JOIN (SELECT * FROM {prefix} n WHERE {missing}) n ON {on}\n  GROUP BY x.event, x.bearer, x.recipient"
    )


def _shut(scene: Scene, tag: str, over: str, kind: Kind, words: dict[str, object], act: Act, limit: Due) -> list[Cte]:
    """Accounts that hold the act closed over the box: its roles, and the time from the beginning to the due time."""
    box_words = {f: key for f, who in words.items() if (key := _key(who)) is not None}
    span = (f"greatest({limit.from_lo}, x.since_lo)" if limit.from_lo else "x.since_lo", limit.last)
    ranges = {act.counts_at: span}
    if kind.happens and kind.happens != act.counts_at:
        ranges[kind.happens] = span
    about = [f for f, who in words.items() if isinstance(who, EventVar) and f in scene.shape(kind.name).closing][:1]
    box = Box({**box_words, **dict.fromkeys(about, "x.sought")}, ranges, frozenset(about))
    sought = f"(SELECT *, unnest([event, NULL]) AS sought FROM {over})" if about else over
    grouped = "x.event, x.bearer, x.recipient"
    fair = "list_has_all([x.bearer], c.speaks)"
    body = (
        f"  SELECT {grouped}, bit_or(x.accounts & c.accounts) AS shut, bit_or(x.accounts & c.self) AS self,\n"
        f"    coalesce(bit_or(CASE WHEN {fair} THEN x.accounts & c.accounts END), 0) AS fair, list(c.seq) AS cites\n"
        f"  FROM {sought} x JOIN near{tag} f ON f.event = x.event AND f.bearer = x.bearer AND f.recipient IS NOT DISTINCT FROM x.recipient\n"
        f"  JOIN {name('closed ' + kind.table)} c ON {contains(scene, kind, box, 'c')}\n"
        f"  WHERE (x.possible & ~f.done & ~f.maybe) <> 0\n  GROUP BY {grouped}"
    )
    return [(f"shut{tag}", body)]
