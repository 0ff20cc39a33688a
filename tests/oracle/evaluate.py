"""The whole: every instance of every rule, in every account, then across them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from zoneinfo import ZoneInfo

from detente.agreement.clause import Agreement, Bound, Duty, EveryOther, PartyVar, Prohibition, Quorum, Rule
from detente.model.verdict import Ground, Outcome, Status, Vote

from .accounts import accounts, only, voices_of
from .bounds import bearer_of, change_points, first_values, spell_vote
from .decide import Cast, Scene, consequence_vote, duty_vote, members, prohibition_vote, standing_vote
from .hold import MAYBE, NO, YES, Telling, View
from .join import Supports, join, worst_outcome, worst_vote
from .life import Life
from .rows import EARLIEST, TICK, Evidence, Raw, known, moment, read

Same = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class OracleVerdict:
    """What all accounts say of one instance. `key` is (rule, occasion, bearer, recipient)."""

    outcome: Outcome | None
    ground: Ground | None
    statuses: tuple[Status, ...]
    votes: Mapping[str, Vote]
    key: tuple[str, str | None, str, str | None]


def evaluate(
    agreement: Agreement,
    rows: Iterable[Raw],
    *,
    as_of: datetime | str | None = None,
    known_on: datetime | str | None = None,
    as_if_in_force: bool = False,
) -> dict[str, OracleVerdict]:
    """Every instance's verdict by its id. Times without a zone are UTC."""
    zone = ZoneInfo(agreement.evidence.time_zone)
    kinds = agreement.kinds
    everything = read(rows, kinds, agreement.parties, zone)
    now = _instant(as_of, zone) or everything.last_published or datetime(2000, 1, 1)
    until = _instant(known_on, zone) or now
    now = min(now, until)
    court = Court(agreement, known(everything, until, now), zone, now, as_if=as_if_in_force)
    return {name: verdict for rule in agreement.rules for name, verdict in court.judge(rule)}


def _instant(given: datetime | str | None, zone: ZoneInfo) -> datetime | None:
    return moment(given, zone)[1] if isinstance(given, str) else given


class Court:
    """One question to one body of evidence."""

    def __init__(self, agreement: Agreement, evidence: Evidence, zone: ZoneInfo, as_of: datetime, *, as_if: bool) -> None:
        self.agreement, self.evidence, self.zone, self.as_of, self.as_if = agreement, evidence, zone, as_of, as_if
        self.views = accounts(agreement, evidence)
        self.anyone = Telling(evidence, View("anyone", "press", ()), agreement.kinds, grouped(pairs_anyone_asserts(evidence)))
        self.plain = Telling(evidence, View("anyone", "press", ()), agreement.kinds, {})
        self._scenes: dict[tuple[View, float], Scene] = {}

    # ---- accounts as scenes ----------------------------------------------------

    def scene(self, view: View, left_open: float = MAYBE, lives_as: View | None = None) -> Scene:
        """The account, ready to be asked; with `lives_as`, bound and free as that account holds it."""
        key = (view, left_open)
        if key not in self._scenes:
            told = Telling(self.evidence, view, self.agreement.kinds, links(self.evidence, view))
            life = self.scene(lives_as).life if lives_as else Life(self.agreement, told, self.zone, as_if=self.as_if)
            self._scenes[key] = Scene(self.agreement, told, life, self.zone, self.as_of, left_open)
        return self._scenes[key]

    def vote(self, view: View, ask: Callable[[Scene], Vote], left_open: float = MAYBE) -> Vote:
        return ask(self.scene(view, left_open))

    def vote_alone(self, view: View, sources: set[str], ask: Callable[[Scene], Vote]) -> Vote:
        """The account's vote with every other source silenced, except on the agreement's life."""
        return ask(self.scene(only(view, sources), lives_as=view))

    # ---- rules -----------------------------------------------------------------

    def judge(self, rule: Rule) -> Iterator[tuple[str, OracleVerdict]]:
        if isinstance(rule, Duty):
            yield from self._duty(rule)
        elif isinstance(rule, Prohibition):
            yield from self._prohibition(rule)
        else:
            yield from self._bound(rule)

    def _duty(self, duty: Duty) -> Iterator[tuple[str, OracleVerdict]]:
        acts = [duty.act, *(e.act for e in duty.exceptions)]
        one_by_one = any(isinstance(who, EveryOther) for act in acts for _, who in act.roles)
        for event, group, bearer, suffix in self._occasions(duty):
            others: list[str | None] = [p for p in self.agreement.parties if p != bearer] if one_by_one else [None]
            for recipient in others:
                name = "#" + slug(event or "") + (">" + slug(recipient) if recipient else "") + suffix
                key = (duty.head.id, event, bearer, recipient)

                def ask(scene: Scene, *, bearer: str = bearer, recipient: str | None = recipient, group: list[str] = group) -> Vote:
                    return worst_vote(duty_vote(scene, c, duty)[0] for c in self._casts(scene, duty, bearer, recipient, group))

                def cured(scene: Scene, *, bearer: str = bearer, recipient: str | None = recipient, group: list[str] = group) -> bool:
                    told = [duty_vote(scene, c, duty) for c in self._casts(scene, duty, bearer, recipient, group)]
                    return all(result.late == YES for vote, result in told if vote == Vote.BREACHED)

                if duty.voluntary:
                    plain_ask = ask

                    def ask(scene: Scene, *, plain: Callable[[Scene], Vote] = plain_ask) -> Vote:
                        vote = plain(scene)
                        return vote if vote in (Vote.KEPT, Vote.NOT_BOUND) else Vote.NOT_TRIGGERED

                yield from self._one(duty.head.id + name, key, bearer, ask, duty, cured)
                if duty.consequence and duty.consequence.modal == "shall":

                    def ask_else(
                        scene: Scene, *, bearer: str = bearer, recipient: str | None = recipient, group: list[str] = group
                    ) -> Vote:
                        return worst_vote(consequence_vote(scene, c, duty) for c in self._casts(scene, duty, bearer, recipient, group))

                    rule_id = duty.head.id + ".else"
                    yield from self._one(rule_id + name, (rule_id, *key[1:]), bearer, ask_else, duty)

    def _prohibition(self, rule: Prohibition) -> Iterator[tuple[str, OracleVerdict]]:
        for event, group, bearer, suffix in self._occasions(rule):

            def ask(scene: Scene, *, bearer: str = bearer, group: list[str] = group) -> Vote:
                return worst_vote(prohibition_vote(scene, c, rule) for c in self._casts(scene, rule, bearer, None, group))

            yield from self._one(f"{rule.head.id}#{slug(event or '')}{suffix}", (rule.head.id, event, bearer, None), bearer, ask, rule)
        for bearer in self._bearers(rule):

            def stand(scene: Scene, *, bearer: str = bearer) -> Vote:
                kind = rule.occasion.kind
                own = {rename(scene.told, kind, e) for _, group, who, _ in self._occasions(rule) if who == bearer for e in group}
                casts = {e: self._casts(scene, rule, bearer, None, [e], named=True)[0] for e in scene.told.events(kind)}
                return standing_vote(scene, casts, own, rule, bearer)

            yield from self._one(f"{rule.head.id}#@{slug(bearer)}", (rule.head.id, None, bearer, None), bearer, stand, rule)

    def _bound(self, rule: Bound) -> Iterator[tuple[str, OracleVerdict]]:
        yield from ((name, v) for name, v in self._ceilings(rule) if set(v.votes.values()) != {Vote.NOT_TRIGGERED})

    def _ceilings(self, rule: Bound) -> Iterator[tuple[str, OracleVerdict]]:
        some = self.scene(self.views[0])
        choices = []
        for binder in rule.binders:
            names = members(some, binder.over)
            choices.append([n for n in names if n in self.agreement.parties] if binder.sort == "Party" else names)
        for values in product(*choices):
            bound = {b.var: v for b, v in zip(rule.binders, values, strict=True)}
            yield self._ceiling(rule, bound, values)

    def _ceiling(self, rule: Bound, bound: dict[str, str], values: tuple[str, ...]) -> tuple[str, OracleVerdict]:
        bearer = bearer_of(rule, bound)
        points = sorted(p for p in set().union(*(change_points(self.scene(v), rule, bound) for v in self.views)) if p <= self.as_of)
        starts = {self.scene(v).life.start(bearer, rule.head)[0] for v in self.views}
        if min(starts) == EARLIEST:
            first = min(set().union(*(first_values(self.scene(v), rule) for v in self.views)), default=self.as_of)
            points = [p for p in points if p >= first] or [self.as_of]
        spells = []
        for here, following in zip(points, [*points[1:], self.as_of + TICK], strict=False):
            spell = (here, following - TICK)

            def ask(scene: Scene, *, spell: tuple[datetime, datetime] = spell) -> Vote:
                return spell_vote(scene, rule, bound, spell)

            spells.append(self._across(bearer, ask, rule))
        name = rule.head.id + "#" + ",".join(slug(v) for v in values)
        key = (rule.head.id, None, ",".join(values), None)
        names = [v.name for v in self.views]
        if not spells:
            return name, OracleVerdict(None, None, (Status.NOT_IN_FORCE,), dict.fromkeys(names, Vote.NOT_BOUND), key)
        votes = {n: worst_vote(s.votes[n] for s in spells) for n in names}
        outcome = worst_outcome(s.outcome for s in spells)
        if outcome is None:
            statuses = tuple(dict.fromkeys(status for s in spells for status in s.statuses))
            return name, replace(spells[-1], votes=votes, key=key, statuses=statuses)
        grave = next(s for s in spells if s.outcome == outcome)
        return name, replace(grave, votes=votes, key=key)

    # ---- instances ---------------------------------------------------------------

    def _bearers(self, rule: Duty | Prohibition) -> list[str]:
        some = self.scene(self.views[0])
        return [p for p in self.agreement.parties if p in members(some, rule.bearers)]

    def _occasions(self, rule: Duty | Prohibition) -> Iterator[tuple[str | None, list[str], str, str]]:
        """(event, the ids it goes by, bearer, id's suffix) of everything anybody names."""
        possible = self._bearers(rule)
        if rule.occasion is None:
            for bearer in possible:
                yield None, [], bearer, "@" + slug(bearer)
            return
        kind = rule.occasion.kind
        f = _bearer_field(rule)
        for event in self.anyone.events(kind):
            group = [e for e in self.plain.events(kind) if rename(self.anyone, kind, e) == event]
            named = {w for e in group for w in self.plain.named(kind, e, f)} if f else set(possible)
            bearers = [p for p in possible if p in named]
            for bearer in bearers:
                plain = f == "party" and len(bearers) == 1
                yield event, group, bearer, "" if plain else "@" + slug(bearer)

    def _casts(
        self, scene: Scene, rule: Duty | Prohibition, bearer: str, recipient: str | None, group: list[str], *, named: bool = False
    ) -> list[Cast]:
        """The instance as this account sees it: one cast for each event that it keeps apart."""
        if rule.occasion is None:
            return [Cast(bearer, rule.bearer.name, recipient)]
        roles = rule.occasion.roles
        if not _bearer_field(rule) and isinstance(rule, Prohibition):
            roles = (*roles, ("party", rule.bearer))
        kind = rule.occasion.kind
        events = group if named else self._spoken_of(scene.told, kind, group)
        return [Cast(bearer, rule.bearer.name, recipient, kind, e, rule.occasion.var, roles) for e in events]

    def _spoken_of(self, told: Telling, kind: str, group: list[str]) -> list[str]:
        """The events of a group as the account keeps them apart; those it says nothing of are left out beside one that it speaks of."""
        events = sorted({rename(told, kind, e) for e in group})
        return [e for e in events if told.hold(kind, e).mentioned] or events

    def _one(
        self,
        name: str,
        key: tuple[str, str | None, str, str | None],
        bearer: str,
        ask: Callable[[Scene], Vote],
        rule: Rule,
        cured: Callable[[Scene], bool] | None = None,
    ) -> Iterator[tuple[str, OracleVerdict]]:
        verdict = self._across(bearer, ask, rule, standing=isinstance(rule, Prohibition) and key[1] is None)
        if set(verdict.votes.values()) == {Vote.NOT_TRIGGERED}:
            return
        if verdict.outcome == Outcome.BREACHED and cured is not None:
            sayers = [v for v in self.views if v.decides and verdict.votes[v.name] == Vote.BREACHED]
            if sayers and all(cured(self.scene(v)) for v in sayers):
                verdict = replace(verdict, statuses=(*verdict.statuses, Status.CURED))
        yield name, replace(verdict, key=key)

    def _across(self, bearer: str, ask: Callable[[Scene], Vote], rule: Rule, *, standing: bool = False) -> OracleVerdict:
        votes = {v.name: self.vote(v, ask) for v in self.views}
        deciding = [v.name for v in self.views if v.decides]
        left_open: tuple[Status, ...] = ()
        if "LeftOpen(" in repr(rule) and not standing:
            held = {v.name: self.vote(v, ask, YES) for v in self.views}
            failed = {v.name: self.vote(v, ask, NO) for v in self.views}
            matters = any(votes[n] == Vote.OPEN and held[n] != failed[n] for n in deciding)
            if matters or (isinstance(rule, Bound) and any(votes[n] == Vote.OPEN for n in deciding)):
                left_open = (Status.LEFT_OPEN,)
        outcome, ground, statuses = join(votes, deciding, bearer, self._supports(bearer, ask))
        if left_open:
            outcome, ground, statuses = None, None, (*left_open, *(s for s in statuses if s == Status.NOT_DUE))
        if self.as_if and outcome is not None:
            statuses = (*statuses, Status.COUNTERFACTUAL)
        return OracleVerdict(outcome, ground, statuses, votes, ("", None, bearer, None))

    def _supports(self, bearer: str, ask: Callable[[Scene], Vote]) -> Supports:
        neutrals = next(v for v in self.views if v.kind == "neutrals")
        own = next((v for v in self.views if v.name == bearer), neutrals)
        bearers = voices_of(self.evidence, bearer)
        nobodys = {s.id for s in self.evidence.speakers.values() if not s.speaks_for}
        named: list[Vote] = []
        standard = self.agreement.evidence.establishes
        views = {v.name: v for v in self.views}
        for who in standard:
            if isinstance(who, Quorum):
                said = [self.vote(views[s], ask) for s in who.sources]
                named += [v for v in (Vote.KEPT, Vote.BREACHED) if said.count(v) >= who.count]
            elif who != "bearer":
                named.append(self.vote(views[who], ask))
        return Supports(
            self.vote_alone(own, bearers, ask),
            self.vote_alone(neutrals, nobodys, ask),
            self.vote_alone(neutrals, nobodys | bearers, ask),
            tuple(named),
            bearer_establishes=not standard or "bearer" in standard,
        )


def _bearer_field(rule: Duty | Prohibition) -> str | None:
    """The occasion's field that the bearer fills, if any."""
    assert rule.occasion is not None
    for f, who in rule.occasion.roles:
        if isinstance(who, PartyVar) and who.name == rule.bearer.name:
            return f
    return "party" if isinstance(rule, Prohibition) else None


def slug(text: str) -> str:
    return text.lower().replace(" ", "-")


# ---- identity ----------------------------------------------------------------------


def rename(told: Telling, kind: str, event: str) -> str:
    name, mark, recipient = event.partition(">")
    return told.same.get((kind, event), told.same.get((kind, name), name) + mark + recipient)


Pair = tuple[str, str, str]


def _pair(kind: str, a: str, b: str) -> Pair:
    return kind, min(a, b), max(a, b)


def _last_word(evidence: Evidence, source: str, pair: Pair) -> float | None:
    """What one source says of one link: YES, NO, MAYBE where it contradicts itself, None where it is silent."""
    said = [k for k in evidence.links if k.source == source and _pair(k.kind, k.a, k.b) == pair and k.says != "withdraws"]
    silent = [k.said for k in evidence.links if k.source == source and _pair(k.kind, k.a, k.b) == pair and k.says == "withdraws"]
    last = max((k.said for k in said), default=None)
    if last is None or (silent and max(silent) >= last):
        return None
    words = {k.says for k in said if k.said == last}
    return MAYBE if len(words) == 2 else YES if words == {"asserts"} else NO


def _pairs(evidence: Evidence) -> list[Pair]:
    return sorted({_pair(k.kind, k.a, k.b) for k in evidence.links})


def pairs_anyone_asserts(evidence: Evidence) -> list[Pair]:
    sources = {k.source for k in evidence.links}
    return [p for p in _pairs(evidence) if any(_last_word(evidence, s, p) in (YES, MAYBE) for s in sources)]


def grouped(pairs: Iterable[Pair]) -> dict[tuple[str, str], str]:
    """The name of each id's group: its least id."""
    same: dict[tuple[str, str], str] = {}
    for kind, a, b in pairs:
        one, other = same.get((kind, a), a), same.get((kind, b), b)
        name = min(one, other)
        same.setdefault((kind, a), one)
        same.setdefault((kind, b), other)
        for key, value in list(same.items()):
            if key[0] == kind and value in (one, other):
                same[key] = name
    return same


def links(evidence: Evidence, view: View) -> dict[tuple[str, str], str]:
    """The account's partition of ids; a link on which equals contradict is no link."""
    sure: list[Pair] = []
    for pair in _pairs(evidence):
        for tier in view.tiers:
            said = {w for s, only_own in tier if not only_own and (w := _last_word(evidence, s, pair)) is not None}
            if said:
                if said == {YES}:
                    sure.append(pair)
                break
    return grouped(sure)
