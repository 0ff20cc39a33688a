"""Properties that hold for all evidence, checked on the slow evaluator itself."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from detente.agreement.clause import Agreement, Duty, Prohibition
from detente.model.verdict import Outcome, Vote

from .decide import Cast, Scene, compare, duty_vote, prohibition_vote
from .evaluate import Court, evaluate
from .fixed import ANSWERS, BRIGADES, NOTIFICATION, PARTIES, agreement
from .hold import NO, YES, Bounds, Box, Held, Telling, Word
from .join import worst_outcome
from .rows import EARLIEST, LATEST, known, moment, read
from .strategies import CELLS, EVENTS, MOMENTS, RATIFIED, SETTINGS, SOURCES, cases, questions

few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
END = "2026-03-31"


def judged(case: tuple[str, list[dict[str, str]]], **question: Any) -> dict[str, Any]:
    question.setdefault("as_of", END)
    return evaluate(SETTINGS[case[0]][0], case[1], **question)


@few
@given(cases(), questions())
def test_accounts_that_agree_are_never_disputed(case: Any, question: Any) -> None:
    for name, verdict in judged(case, **question).items():
        votes = {v for n, v in verdict.votes.items() if n not in ("press", "analysts")}
        if len(votes) == 1 and not name.startswith(("II", "IX")):  # over time, accounts may differ at every instant and be breached alike
            assert verdict.outcome != Outcome.DISPUTED


@few
@given(cases(), questions())
def test_one_voice_heard_by_all_is_never_disputed(case: Any, question: Any) -> None:
    name, rows = case
    nobodys = {"mission", "observers", "satellite", "keeper"}
    rows = [r for r in rows if r["table"] == "source" or r["source"] in nobodys]
    assert all(v.outcome != Outcome.DISPUTED for v in judged((name, rows), **question).values())


@few
@given(cases(), questions(), st.data())
def test_an_exact_duplicate_changes_nothing(case: Any, question: Any, data: Any) -> None:
    name, rows = case
    again = data.draw(st.sampled_from([r for r in rows if r["table"] != "source"]))
    assert judged((name, [*rows, dict(again)]), **question) == judged(case, **question)


@few
@given(cases(), st.data())
def test_a_last_word_said_again_changes_nothing(case: Any, data: Any) -> None:
    name, rows = case
    own = [
        r for r in rows if r["table"] != "source" and (r["table"] != "completeness" or r.get("until"))
    ]  # without an end it says more each time
    last = [
        r
        for r in own
        if r.get("says") != "withdraws" and all(o is r or o["source"] != r["source"] or o["said_at"] < r["said_at"] for o in own)
    ]
    assume(last)
    word = data.draw(st.sampled_from(last))
    assume(not any(o.get("target") == word["id"] for o in own))
    again = {**word, "id": "again", "said_at": "2026-03-20T00:00:00Z", "published_at": "2026-03-20T00:00:00Z"}
    assert judged((name, [*rows, again])) == judged(case)


@few
@given(cases(), questions(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(case: Any, question: Any, dice: random.Random) -> None:
    name, rows = case
    shuffled = list(rows)
    dice.shuffle(shuffled)
    assert judged((name, shuffled), **question) == judged(case, **question)


OTHER_NAMES = {"Arland": "Zedland", "Borland": "Midland", "Carland": "Aaland", "Dorland": "Outland", "bloc": "zone-a", "region": "area-b"}
OTHER_NAMES |= {s["id"]: f"{'zyxwvutsr'[n]}-source" for n, s in enumerate(SOURCES)}


def renamed(thing: Any) -> Any:
    """The thing with every party, group and source under another name, in another order."""
    if isinstance(thing, str):
        return OTHER_NAMES.get(thing, thing)
    if isinstance(thing, tuple):
        return tuple(renamed(t) for t in thing)
    if isinstance(thing, dict):
        return {renamed(k): renamed(v) for k, v in thing.items()}
    if is_dataclass(thing) and not isinstance(thing, type):
        if isinstance(thing, Agreement):
            return replace(
                thing,
                parties=tuple(sorted(renamed(thing.parties))),
                rules=renamed(thing.rules),
                groups=renamed(thing.groups),
                evidence=renamed(thing.evidence),
            )
        return replace(thing, **{f.name: renamed(getattr(thing, f.name)) for f in fields(thing)})
    return thing


@few
@given(cases(), questions())
def test_renaming_parties_renames_the_verdicts(case: Any, question: Any) -> None:
    name, rows = case
    law = SETTINGS[name][0]
    before = evaluate(law, rows, **question)
    after = evaluate(renamed(law), [renamed(r) for r in rows], **question)
    told = {v.key: v for v in after.values()}
    assert len(told) == len(before)
    for verdict in before.values():
        twin = told[renamed(verdict.key)]
        assert (twin.outcome, twin.ground, twin.statuses) == (verdict.outcome, verdict.ground, verdict.statuses)
        assert twin.votes == {renamed(n): v for n, v in verdict.votes.items()}


@few
@given(
    st.lists(st.integers(0, 5), min_size=4, max_size=4),
    st.sampled_from(["at least", "at most", "more than", "less than", "equal to", "not equal to"]),
)
def test_certain_is_all_and_possible_is_some(ends: list[int], op: str) -> None:
    left, right = sorted(ends[:2]), sorted(ends[2:])
    tests = {
        "at least": lambda a, b: a >= b,
        "at most": lambda a, b: a <= b,
        "more than": lambda a, b: a > b,
        "less than": lambda a, b: a < b,
        "equal to": lambda a, b: a == b,
        "not equal to": lambda a, b: a != b,
    }
    found = [tests[op](a, b) for a in range(left[0], left[1] + 1) for b in range(right[0], right[1] + 1)]
    assert compare(op, tuple(left), tuple(right)) == (1.0 if all(found) else 0.5 if any(found) else 0.0)


@few
@given(cases(), st.sampled_from(MOMENTS))
def test_what_was_known_does_not_depend_on_what_came_later(case: Any, known_on: str) -> None:
    name, rows = case
    earlier = [r for r in rows if r["table"] == "source" or r["published_at"] <= known_on]
    assert judged(case, known_on=known_on) == judged((name, earlier), known_on=known_on)


PLAIN = agreement(
    replace(NOTIFICATION, exceptions=()),
    ANSWERS,
    replace(BRIGADES, unless=None),
)
SETTINGS_PLAIN = ("exercise", "notification", "inquiry", "reply", "consultation")


@few
@given(cases(closed=False, identity=False, only=("notification", "answers", "brigades")), questions(), st.data())
def test_a_statement_on_an_unknown_claim_only_settles_what_was_open(case: Any, question: Any, data: Any) -> None:
    _, rows = case
    table = data.draw(st.sampled_from(SETTINGS_PLAIN))
    spoken = [r for r in rows if r["table"] == table]
    event = data.draw(st.sampled_from(list(EVENTS[table])))
    about = [r for r in spoken if r.get("event") == event or r.get("target")]
    assume(all(r["says"] == "asserts" for r in about))
    unsaid = [f for f in CELLS[table] if not any(f in r for r in about)]
    new = {"table": table, "id": "new", "source": data.draw(st.sampled_from([s["id"] for s in SOURCES])), "says": "asserts", "event": event}
    new |= {"said_at": MOMENTS[0], "published_at": MOMENTS[0]}
    if unsaid:
        f = data.draw(st.sampled_from(unsaid))
        new[f] = data.draw(st.sampled_from(list(CELLS[table][f])))
    before = evaluate(PLAIN, rows, **question)
    after = {v.key: v for v in evaluate(PLAIN, [*rows, new], **question).values()}
    for verdict in before.values():
        twin = after.get(verdict.key)
        for account, vote in verdict.votes.items():
            if vote not in (Vote.OPEN, Vote.NOT_DUE):
                told = twin.votes[account] if twin else Vote.NOT_TRIGGERED
                assert told == vote or (vote == Vote.KEPT and told == Vote.NOT_TRIGGERED), (verdict.key, account)


@few
@given(cases(), questions())
def test_no_roll_up_is_worse_than_its_worst_instance(case: Any, question: Any) -> None:
    outcomes = [v.outcome for v in judged(case, **question).values()]
    rolled = worst_outcome(outcomes)
    assert rolled is None or rolled in outcomes
    order = list(Outcome)
    assert all(order.index(rolled) <= order.index(o) for o in outcomes if rolled is not None and o is not None)


class Completed(Telling):
    """An account whose every unknown has been settled somehow, within its bounds."""

    def __init__(self, told: Telling, dice: random.Random, extra: int) -> None:
        super().__init__(told.evidence, told.view, told.kinds, told.same)
        self.dice = dice
        self.plain = told
        self.extra = extra
        self.settled: dict[tuple[str, str], Held] = {}

    def events(self, kind: str) -> list[str]:
        return [*self.plain.events(kind), *(f"new-{n}" for n in range(self.extra))]

    def hold(self, kind: str, event: str) -> Held:
        if (kind, event) not in self.settled:
            held = self.plain.hold(kind, event)
            words = {f: w if w.word is not None else Word(w.spoken, self._any_word(kind, f)) for f, w in held.words.items()}
            ranges = {f: self._any_point(kind, f, b) for f, b in held.ranges.items()}
            existence = held.existence if held.existence in (NO, YES) else self.dice.choice([NO, YES])
            happens = self.kinds[kind].happens
            at = (ranges[happens].low, ranges[happens].high) if happens else None
            box = Box({f: w.word for f, w in words.items() if w.word}, {f: (b.low, b.high) for f, b in ranges.items()}, at)  # type: ignore[arg-type]
            if not held.mentioned and self.plain.closed(kind, box):
                existence = NO
            self.settled[kind, event] = Held(existence, held.mentioned, words, ranges)
        return self.settled[kind, event]

    def _any_word(self, kind: str, f: str) -> str:
        of = self.kinds[kind].fields[f]
        pool = list(PARTIES) if of.type == "party" else list(CELLS.get(kind, {}).get(f, ())) or ["something"]
        return self.dice.choice(pool)

    def _any_point(self, kind: str, f: str, bounds: Bounds) -> Bounds:
        pool = [b for b in (bounds.low, bounds.high) if b not in (EARLIEST, LATEST, float("inf"), float("-inf"))]
        if self.kinds[kind].fields[f].type == "time":
            days = [
                moment(d, UTC)[0]
                for d in ("2026-01-05", "2026-01-08", "2026-01-20", "2026-02-01", "2026-02-02", "2026-02-20", "2026-02-22")
            ]
            pool += [d for d in days if bounds.low <= d <= bounds.high]  # type: ignore[operator]
        else:
            pool += [float(n) for n in (0, 1, 3, 8999, 9000, 9500) if bounds.low <= n <= bounds.high]  # type: ignore[operator]
        point = self.dice.choice(pool) if pool else bounds.low
        return Bounds(point, point, bounds.spoken)

    def closed(self, kind: str, box: Box) -> bool:  # noqa: ARG002 - everything is known
        return True


from zoneinfo import ZoneInfo  # noqa: E402

UTC = ZoneInfo("UTC")
DECIDED = ("notification", "answers", "brigades", "deployments", "days")


@few
@given(cases(only=DECIDED), st.randoms(use_true_random=False))
def test_what_an_account_calls_kept_or_breached_is_so_in_every_completion(case: Any, dice: random.Random) -> None:
    name, rows = case
    law = SETTINGS[name][0]
    now = moment(END, UTC)[1]
    court = Court(law, known(read(rows, law.kinds, law.parties, UTC), now, now), UTC, now, as_if=False)
    rule = law.rules[0]
    assert isinstance(rule, Duty | Prohibition)
    for view in court.views:
        scene = court.scene(view)
        whole = Completed(scene.told, dice, dice.randint(0, 2))
        sure = Scene(law, whole, scene.life, UTC, now)
        for event in scene.told.events(rule.occasion.kind):  # type: ignore[union-attr]
            for bearer in PARTIES:
                for recipient in (*PARTIES, None):
                    roles = rule.occasion.roles  # type: ignore[union-attr]
                    cast = Cast(bearer, rule.bearer.name, recipient, rule.occasion.kind, event, rule.occasion.var, roles)  # type: ignore[union-attr]
                    before, after = (vote_of(s, cast, rule) for s in (scene, sure))
                    if before == Vote.BREACHED:
                        assert after == Vote.BREACHED
                    elif before == Vote.KEPT:
                        assert after in (Vote.KEPT, Vote.NOT_TRIGGERED)
                    elif before == Vote.NOT_TRIGGERED:
                        assert after in (Vote.NOT_TRIGGERED, Vote.KEPT)


def vote_of(scene: Scene, cast: Cast, rule: Duty | Prohibition) -> Vote:
    return duty_vote(scene, cast, rule)[0] if isinstance(rule, Duty) else prohibition_vote(scene, cast, rule)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_can_decide_something(name: str) -> None:
    """The strategies are worth little if nothing is ever kept or breached."""
    dice = random.Random(7)
    seen: set[Vote] = set()
    wanted = {"left open": {Vote.OPEN}, "warheads, changes open": {Vote.BREACHED, Vote.OPEN}}.get(name, {Vote.KEPT, Vote.BREACHED})
    for _ in range(400):
        rows = [dict(r) for r in (*SOURCES, *(RATIFIED if name == "living" else ()))]
        for n in range(dice.randint(2, 7)):
            table = dice.choice(SETTINGS[name][1])
            row = {
                "table": table,
                "id": f"s-{n}",
                "source": dice.choice(["arland-mfa", "borland-mfa", "mission"]),
                "says": dice.choice(["asserts", "asserts", "asserts", "denies"]),
            }
            row |= {"event": dice.choice(EVENTS[table]), "said_at": MOMENTS[0], "published_at": MOMENTS[0]}
            if row["says"] == "asserts":
                row |= {
                    f: dice.choice(pool) for f, pool in CELLS[table].items() if f not in ("until", "end", "nuclear") or dice.random() < 0.3
                }
            elif dice.random() < 0.7:
                row["event"] = ""
            rows.append(row)
        for verdict in evaluate(SETTINGS[name][0], rows, as_of=END).values():
            seen |= set(verdict.votes.values())
        if wanted <= seen:
            return
    assert wanted <= seen
