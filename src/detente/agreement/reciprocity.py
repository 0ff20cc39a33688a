"""Phases and releases: from trees to clauses."""

from __future__ import annotations

from typing import Literal

from detente.agreement import tree as t
from detente.agreement.clause import (
    AnyOther,
    Done,
    EveryOther,
    Head,
    InPhases,
    Kept,
    Milestone,
    Parties,
    PartyVar,
    Phase,
    PhasePoint,
    Release,
    Survival,
    When,
    Who,
)
from detente.agreement.conditions import read_condition
from detente.agreement.deadlines import read_when
from detente.agreement.deeds import Scope, who_acts
from detente.agreement.define import calendar_day, duration
from detente.agreement.lexicon import Lexicon
from detente.agreement.references import read_ref, read_refs
from detente.agreement.tails import Tails, refuse
from detente.agreement.values import span_at
from detente.model.duration import Duration
from detente.model.span import Span

# ---- phases ------------------------------------------------------------------


def read_phase(tree: t.PhaseTree, article: str, span: Span, text: str, lexicon: Lexicon) -> Phase | None:
    """A phase as meant; None, with problems, where its beginning means nothing."""
    scope = Scope(lexicon)
    latest = calendar_day(tree.latest, lexicon.report)
    if isinstance(tree.begins, t.WhenWord):
        begins: When | PhasePoint | tuple[Milestone, ...] | None = read_when(tree.begins, scope)
    else:
        read = [_milestone(m, scope) for m in tree.begins]
        whole = tuple(m for m in read if m is not None)
        begins = whole if len(whole) == len(read) else None
    if begins is None or (tree.latest is not None and latest is None):
        return None
    return Phase(tree.id.text, tree.title, begins, latest, article, span, text)


def _milestone(tree: t.HasBeenKept | t.HasDone, scope: Scope) -> Milestone | None:
    if isinstance(tree, t.HasDone):
        done = read_condition(tree, scope)
        return done if isinstance(done, Done) else None
    ref = read_ref(tree.of, scope.lexicon)
    by = Parties() if tree.by is None else _one_party(tree.by, scope)
    lasting = None if tree.lasting is None else duration(tree.lasting, scope.lexicon)
    if tree.lasting is not None and lasting is not None and not lasting.is_calendar:
        scope.report.say("hours-for-days", f"what is kept is kept for whole days, months or years, not {lasting.unit}", tree.lasting.at)
        return None
    if ref is None or by is None or (tree.lasting is not None and lasting is None):
        return None
    return Kept(ref, by, lasting, span_at(scope, tree.at))


def _one_party(word: t.Word, scope: Scope) -> Parties | None:
    name = scope.lexicon.state_named(word)
    if name is None:
        return None
    known = scope.lexicon.parties
    if known and name not in known:
        expected = known if len(known) <= 12 else ()
        scope.report.say("not-a-party", f"{name} is not a party of this agreement, so it keeps nothing", word.at, expected=expected)
        return None
    return Parties(names=(name,))


def read_stretch(rule: t.RuleTree, scope: Scope) -> tuple[When | None, When | None, InPhases | None]:
    """The stretch of time a rule is limited to: dates of the text, and phases."""
    starts, ends = read_when(rule.starts, scope), read_when(rule.ends, scope)
    first = starts if isinstance(starts, PhasePoint) else None
    last = ends if isinstance(ends, PhasePoint) else None
    phases = None
    if first is not None or last is not None:
        named = [w.of.at for w in (rule.starts, rule.ends) if w is not None and isinstance(w.of, t.PhaseName)]
        phases = InPhases(first, last, span_at(scope, (named[0][0], named[-1][1])))
        if first is not None and first == last:
            scope.report.say("ends-before-it-begins", f"the rule ends where it begins, with phase {first.phase}", named[-1])
    return starts if isinstance(starts, When) else None, ends if isinstance(ends, When) else None, phases


def read_survival(tree: t.Survives | None, scope: Scope) -> Survival | None:
    """Which ends of the agreement a rule outlives, and how long."""
    if tree is None:
        return None
    lasting = None if tree.lasting is None else duration(tree.lasting, scope.lexicon)
    return Survival(tree.of, lasting, span_at(scope, tree.at))


# ---- release -----------------------------------------------------------------------


def read_release(norm: t.ReleaseTree, head: Head, tails: Tails, scope: Scope) -> Release | None:
    """`if A breaches 3, B is released from 4 until it is cured`, as meant; None with problems."""
    refuse(tails, scope, "a release", but=("no unless",))
    breacher = _someone(norm.breacher, scope)
    of = read_ref(norm.of, scope.lexicon)
    released = _someone(norm.released, scope)
    refs = read_refs(norm.scope, scope.lexicon)
    if breacher is not None and (released == breacher != Parties() or isinstance(norm.released, t.It)):
        scope.report.say(
            "self-release",
            "a breach does not release the Party that commits it",
            norm.released.at if not isinstance(norm.released, t.It) else norm.breacher.at,
            expected=("every other Party", "B"),
        )
        return None
    if isinstance(breacher, EveryOther):
        scope.report.say("wrong-role", "nobody stands before it whom `other` could mean", norm.breacher.at, expected=("a Party A", "A"))
        return None
    ends = _ends(norm, scope)
    if breacher is None or of is None or released is None or refs is None or (norm.ends is not None and ends is None):
        return None
    return Release(head, breacher, of, released, refs, ends)


def _ends(norm: t.ReleaseTree, scope: Scope) -> Literal["cured"] | Duration | None:
    if norm.ends is None or norm.ends == "cured":
        return "cured" if norm.ends == "cured" else None
    return duration(norm.ends, scope.lexicon)


def _someone(nominal: t.Nominal, scope: Scope) -> Who | None:
    """A party, where a letter that stands for nothing yet comes to stand for one."""
    if isinstance(nominal, t.Variable) and nominal.name not in scope.parties and nominal.name not in scope.events:
        return scope.bind_party(nominal)
    if isinstance(nominal, t.It):
        return PartyVar("")
    who = who_acts(nominal, scope, binds=True)
    return EveryOther() if isinstance(who, AnyOther) else who
