"""The shortest history after which some Party cannot act lawfully: what has happened binds it to an act that is forbidden to it.

Each step is one event: an occasion, what somebody does for a phase to begin, a day that the text names, a breach that
releases. The search (`histories.lp`) is by answer sets and ends at `MOST_STEPS` events; longer histories are not looked
at, and that is told. What a Party could do by itself to be excused is a lawful move, so only what others fail to do counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files

import clingo
import z3

from detente.agreement.clause import Agreement, AnyRule, Done, Duty, Kept, Parties, PartyVar, Phase, PhasePoint, Release
from detente.prove.claim import Claim, Undecided, listed
from detente.prove.clash import Clash, both_ways
from detente.prove.force import in_force, on_day, shifted
from detente.prove.model import usual_day
from detente.prove.occasions import Told
from detente.prove.region import Region
from detente.prove.sketch import Row, Sketch
from detente.prove.solver import UndecidedError, satisfied

MOST_STEPS = 6
"""Events in a history; longer ones are not searched for."""

MOST_SECONDS = 5.0


@dataclass(slots=True)
class _Facts:
    """The agreement as facts; every event and every gate has a number, and `shown` says what it is."""

    lines: list[str] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)

    def say(self, name: str, *terms: str) -> None:
        line = f"{name}({','.join(terms)})."
        if line not in self.lines:
            self.lines.append(line)

    def event(self, what: str, shown: str) -> str:
        term = _term(what)
        self.shown[term] = shown
        self.say("event", term)
        return term


def _term(text: str) -> str:
    """A text as a quoted term."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def histories(agreement: Agreement, clashes: Sequence[Clash], regions: Sequence[Region]) -> Told:
    """For each clash that waits for something or can be excused by others: the shortest history that leads to it."""
    stuck = {rule for cycle in agreement.cycles for rule in cycle.rules}
    for clash in clashes:
        if {clash.duty.head.id, clash.ban.id} & stuck:
            continue  # no verdict rests on them; that they were left out is told
        if not (clash.is_excusable or clash.ban.rule.head.phases is not None or clash.duty.head.phases is not None):
            continue  # it needs no history, and is told as `duty-forbidden`
        try:
            if _can_excuse_itself(agreement, clash):
                continue
            found = _shortest(agreement, clash)
        except UndecidedError as stop:
            yield Undecided("histories without a lawful move", (clash.duty.head.id, clash.ban.id), str(stop))
            continue
        if found is not None:
            yield _claim(agreement, clash, regions, *found)


def _can_excuse_itself(agreement: Agreement, clash: Clash) -> bool:
    """Whether the excuse can hold though no other Party does anything."""
    if not clash.is_excusable:
        return False
    world = clash.ban.scope.world
    idle = [
        z3.Not(relation(world.code(party)))
        for name, relation in world.free.items()
        if " about " in name and isinstance(relation, z3.FuncDeclRef)
        for party in agreement.parties
        if party != clash.bearer
    ]
    mine = clash.ban.scope.bearer == world.code(clash.bearer)
    return satisfied(*clash.ban.bounds, *idle, mine, clash.ban.meets, clash.ban.excuse) is not None


def _shortest(agreement: Agreement, clash: Clash) -> tuple[list[str], date | None, list[Row]] | None:
    facts = _facts(agreement, clash)
    control = clingo.Control(["-c", f"steps={MOST_STEPS}", "--warn=none"])
    control.add("base", [], (files("detente.prove") / "histories.lp").read_text(encoding="utf-8"))
    control.add("base", [], "\n".join(facts.lines))
    control.ground([("base", [])])
    best: list[tuple[int, str]] | None = None
    with control.solve(yield_=True, async_=True) as handle:
        while True:
            handle.resume()
            if not handle.wait(MOST_SECONDS):
                handle.cancel()
                raise UndecidedError(f"the search took longer than {MOST_SECONDS:g} s")
            model = handle.model()
            if model is None:
                break
            best = sorted((s.arguments[1].number, str(s.arguments[0])) for s in model.symbols(shown=True))
    if best is None:
        return None
    names = [facts.shown[event] for _, event in best]
    days = [date.fromisoformat(event[5:15]) for _, event in best if event.startswith('day("')]
    return names, max(days, default=None), [facts.rows[event] for _, event in best if event in facts.rows]


# ---- facts ---------------------------------------------------------------------------


def _facts(agreement: Agreement, clash: Clash) -> _Facts:
    facts = _Facts()
    duty, ban = _term(clash.duty.head.id), _term(clash.ban.id)
    bearer = _term(clash.bearer)
    facts.say("clash", _term("c"), duty, ban, bearer)
    facts.say("asked", _term("c"))
    days: set[date] = set()
    for rule in (clash.duty, clash.ban.rule):
        _window(agreement, rule, facts, days)
    for phase in agreement.phases.values():
        _phase(agreement, phase, facts, days)
    if isinstance(clash.duty, Duty) and clash.duty.occasion is not None:
        occasion = clash.duty.occasion
        actor = (
            f"{clash.recipient or 'a Party'}"
            if any(isinstance(w, PartyVar) and r == "party" and w != clash.duty.bearer for r, w in occasion.roles)
            else clash.bearer
        )
        happened = facts.event("occasion", f"{_a(occasion.kind)} of {actor}")
        facts.say("occasion", _term("c"), happened)
    if clash.is_excusable:
        for kind, _, _ in clash.ban.scope.deeds:
            for party in agreement.parties:
                if party != clash.bearer:
                    facts.say("excuse", _term("c"), facts.event(f"excuse {kind} {party}", f"{_a(kind)} of {party}"))
    for release in agreement.rules:
        if isinstance(release, Release):
            _release(agreement, release, clash, facts)
    for number, day in enumerate(sorted(days)):
        term = _term(day.isoformat())
        facts.shown[f"day({term})"] = f"it becomes {day}"
        facts.say("day", term, str(number))
    return facts


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _window(agreement: Agreement, rule: AnyRule, facts: _Facts, days: set[date]) -> None:
    """When a rule binds, as gates."""
    name, head = _term(rule.head.id), rule.head
    for when, word in ((head.starts, "from"), (head.ends, "until")):
        day = on_day(agreement, when) if when is not None else None
        if day is not None:
            days.add(day)
            facts.say(word, name, f"day({_term(day.isoformat())})")
    if head.phases is not None:
        for point, word in ((head.phases.starts, "from"), (head.phases.ends, "until")):
            if point is not None:
                facts.say(word, name, f"phase({_term(point.phase)})")


def _phase(agreement: Agreement, phase: Phase, facts: _Facts, days: set[date]) -> None:
    name = _term(phase.id)
    facts.say("phase", name)
    if phase.latest is not None:
        days.add(phase.latest)
        facts.say("latest", name, _term(phase.latest.isoformat()))
    if isinstance(phase.begins, PhasePoint):
        facts.say("after", name, f"phase({_term(phase.begins.phase)})")
    elif isinstance(phase.begins, tuple):
        for milestone in phase.begins:
            if isinstance(milestone, Kept):
                lasting = f" for {milestone.lasting}" if milestone.lasting else ""
                event = facts.event(f"kept {milestone.of.id}{lasting}", f"{milestone.of.sort} {milestone.of.id} is kept{lasting}")
                facts.say("wait", name, event)
            else:
                for party in _doers(agreement, milestone):
                    event = facts.event(f"deed {milestone.kind} {party}", f"{_a(milestone.kind)} of {party}")
                    facts.say("wait", name, event)
                    facts.rows[event] = _deed(agreement, milestone, party, len(facts.rows))
    else:
        day = on_day(agreement, phase.begins)
        if day is None:
            facts.say("wait", name, facts.event("entry", "the agreement enters into force"))
        else:
            days.add(day)
            facts.say("after", name, f"day({_term(day.isoformat())})")


def _doers(agreement: Agreement, done: Done) -> Iterator[str]:
    if isinstance(done.by, Parties) and (done.by.names or not done.by.group):
        yield from (done.by.names or agreement.parties) if done.every else (done.by.names or agreement.parties)[:1]
    else:
        yield from agreement.parties if done.every else agreement.parties[:1]


def _deed(agreement: Agreement, done: Done, party: str, number: int) -> Row:
    day = shifted(usual_day(in_force(agreement, r.head) for r in agreement.rules), -60)
    times = {f: day.isoformat() for f, meant in agreement.kinds[done.kind].fields.items() if meant.type == "time" and f != "until"}
    return Row(done.kind, f"M-{number + 1}", {"party": party, **times})


def _release(agreement: Agreement, release: Release, clash: Clash, facts: _Facts) -> None:
    freed = {rule for ref in release.scope for rule in ref.rules} & {clash.duty.head.id, clash.ban.id}
    names = release.released.names if isinstance(release.released, Parties) else ()
    if not freed or (names and clash.bearer not in names):
        return
    breachers = release.breacher.names if isinstance(release.breacher, Parties) and release.breacher.names else agreement.parties
    for party in breachers:
        if party != clash.bearer:
            event = facts.event(f"breach {release.of.id} {party}", f"{party} breaches {release.of.sort} {release.of.id}")
            for rule in freed:
                facts.say("frees", _term(rule), _term(clash.bearer), event)


# ---- in words --------------------------------------------------------------------------


def _claim(agreement: Agreement, clash: Clash, regions: Sequence[Region], names: list[str], after: date | None, rows: list[Row]) -> Claim:
    own = next((one for one in regions if one.rule is clash.duty), None)
    before = tuple(rows)
    done, undone = both_ways(agreement, clash, own, before, after)
    rule, ban = clash.duty.head.id, clash.ban.id
    deeds = list(dict.fromkeys(kind for kind, _, _ in clash.ban.scope.deeds)) if clash.is_excusable else []
    happens = f"after {_counted(len(names))} ({listed(names)})" if names else "from the beginning"
    unless = f", as long as no other Party gives {listed([_a(k) for k in deeds])}" if deeds else ""
    sketches = tuple(_without(agreement, clash, s, deeds) for s in (done, undone) if s is not None)
    return Claim(
        "no-lawful-move",
        f"{happens} {clash.bearer} cannot act lawfully: rule {rule} demands {_a(clash.duty.act.kind)}, and rule {ban} forbids it{unless}",
        max(clash.duty.head.span, clash.ban.rule.head.span, key=lambda s: (s.line, s.column)),
        "let what the one demands be excused from the other (`unless`)",
        (rule, ban),
        sketches,
        sketches[0].rows if sketches else (),
    )


def _counted(number: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six")
    return f"{words[number]} event{'s' if number != 1 else ''}"


def _without(agreement: Agreement, clash: Clash, sketch: Sketch, deeds: Sequence[str]) -> Sketch:
    """The case with what others did not do told, too."""
    silent = tuple(Row(kind, "", {"party": p}, denies=True) for kind in deeds for p in agreement.parties if p != clash.bearer)
    return Sketch(sketch.title, sketch.as_of, (*sketch.rows, *silent), sketch.wanted)
