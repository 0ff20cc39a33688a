"""Random trees: every node of the language, with every optional part there or not."""

from __future__ import annotations

from hypothesis import strategies as st

from detente.agreement import tree as t

names = st.sampled_from(
    [
        "Arland",
        "border-zone",
        "United States",
        "Grand Öland",
        "zone",
        "brigade",
        "t-1",
        "in",
        "overlaps",
        "Party",
        "X",
        "S-7",
        "and",
        "of the",
        "Türkiye",
        "2nd",
        "title",
        "a",
        "phase",
        "keep",
        "above",
        "only",
        "article",
        "rules",
        "annually",
        "be",
        "below",
        "once",
        "vertically",
        "signature",
    ]
).map(t.Word)
plain = st.sampled_from(["exercise", "conduct", "border-zone", "brigade", "annual-calendar", "troops", "notified", "title", "zone"]).map(
    t.Word
)
variables = st.sampled_from(["X", "A", "B1"]).map(t.Variable)
paths = st.tuples(st.sampled_from(["X", "A", "B1"]), st.sampled_from(["start", "in-distress", "troops"])).map(lambda p: t.Path(*p))
texts = st.sampled_from(["", "Prior notification", "a; b -- c.", "№ 1 (a)"])
days = st.dates().map(lambda d: t.Day(d.isoformat()))
numbers = st.one_of(st.integers(0, 10**9).map(str), st.sampled_from(["5.5", "0.25"]))
units = st.sampled_from(["km", "nm", "m", "troops", "kg"])
amounts = st.builds(t.Amount, numbers, st.none() | units)
lastings = st.builds(t.Lasting, st.integers(0, 99).map(str), st.sampled_from(["minutes", "hours", "days", "months", "years"]))
stretches = lastings | plain
entries = st.just(t.Entry())
ids = st.sampled_from(["1", "IV.1", "II.1b", "40", "US-4.2", "V"]).map(t.Word)
phase_names = st.builds(t.PhaseName, ids)
points = st.one_of(paths, variables, days, entries, phase_names)
values = st.one_of(amounts, days, paths, names)
prepositions = st.sampled_from(
    ["to", "by", "at", "from", "with", "against", "through", "for", "about", "near", "over", "into", "as", "of", "on", "in"]
)

nouns = st.one_of(plain, st.sampled_from(["Party", "State"]).map(t.Word))
marked = st.builds(
    t.NounPhrase, st.sampled_from(["a", "any", "the", "its", "all", "any other", "every other"]), nouns, st.none() | variables
)
bare = st.builds(t.NounPhrase, st.just(""), names, st.none() | variables)
nominals = st.one_of(marked, bare, variables, st.just(t.It()))
actors = st.one_of(marked.filter(lambda n: n.determiner != "its"), st.builds(t.NounPhrase, st.just(""), names), variables)
phrases = st.builds(t.Phrase, prepositions, nominals)
deeds = st.builds(t.Deed, plain, st.none() | nominals, st.lists(phrases, max_size=2).map(tuple))

places = st.one_of(names, st.builds(t.Territory, nominals), st.just(t.OwnTerritory()))
predicates = st.one_of(
    st.builds(t.Compares, st.sampled_from(["at least", "at most", "more than", "less than", "equal to", "before", "after"]), values),
    st.builds(t.Between, values, values),
    st.builds(t.InGroup, names, st.none() | days),
    st.builds(t.Near, values, places),
    st.builds(t.Equals, values),
)
terms = paths | variables


def _can_be_written(test: t.Test) -> bool:
    """`is not more than` is read as `is at most`, so no text gives the negation of `more than` or `less than`."""
    return not (test.negated and isinstance(test.predicate, t.Compares) and test.predicate.op in ("more than", "less than"))


tests = st.one_of(
    st.builds(t.Test, terms, st.booleans(), predicates).filter(_can_be_written),
    st.builds(t.Located, terms, st.sampled_from(["overlaps", "lies in", "touches", "reaches"]), places),
    st.builds(t.HasDone, actors, st.booleans(), deeds, st.none() | paths),
    st.builds(t.HasPerceived, actors, st.booleans(), nominals, plain, st.none() | paths),
)
conditions = st.recursive(
    tests,
    lambda inner: st.one_of(
        st.builds(t.Negation, inner),
        st.builds(t.AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(t.AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
wheres = st.none() | conditions

deadlines = st.one_of(
    st.builds(t.By, st.just("before"), stretches, points),
    st.builds(t.By, st.just("within"), stretches, st.none() | points),
    st.builds(t.By, st.just("by"), st.none(), points),
    st.builds(t.By, st.just("before"), st.none(), points),
)
dues = st.none() | deadlines
year_days = st.builds(t.YearDay, st.integers(0, 99).map(str), st.sampled_from(["January", "February", "December"]))
recurrences = st.one_of(
    st.builds(t.EachTree, st.sampled_from(["year", "quarter", "month", "week"]), st.lists(year_days, max_size=3).map(tuple)),
    st.builds(t.EachTree, st.sampled_from(["year", "quarter", "month", "week"]), st.just(()), stretches),
    st.builds(t.EveryTree, lastings, st.none() | days | entries | phase_names),
)
imports = st.builds(t.AsRequired, names, st.none() | ids)
all_dues = st.one_of(dues, recurrences, imports)
whens = st.one_of(
    st.builds(t.WhenWord, days), st.builds(t.WhenWord, entries | phase_names), st.builds(t.WhenWord, entries | phase_names, stretches)
)
refs = st.builds(t.RefTree, st.sampled_from(["", "article", "rule", "phase"]), ids)
many_refs = st.lists(refs, min_size=1, max_size=3).map(tuple)
everybody = st.builds(t.Bearer, st.just(()), st.none() | variables, st.none() | names)
named = st.builds(t.Bearer, st.lists(names, min_size=1, max_size=2).map(tuple))
scopes = st.builds(t.Scope, st.sampled_from(["of", "on", "in"]), variables)
counts = st.one_of(
    st.builds(t.Count, paths, plain, variables, st.lists(scopes, max_size=2).map(tuple), wheres),
    st.builds(t.Count, st.none(), plain, st.none() | variables, st.lists(scopes, max_size=2).map(tuple), wheres),
)
binders = st.builds(t.ForEach, st.sampled_from(["Party", "State"]), variables, st.none() | names)
levels = st.one_of(st.builds(t.Level, days | entries), st.builds(t.Level, days | entries, values, st.sampled_from(["above", "below"])))
gaps = st.one_of(st.builds(t.Gap, values, st.none() | values), st.builds(t.Gap, st.none(), values))
crafts = st.builds(t.CraftTree, plain, variables, st.none() | nominals)
norms = st.one_of(
    st.builds(t.Forbid, everybody | named, deeds, st.none() | places, wheres),
    st.builds(t.Allow, everybody | named, deeds, st.booleans(), wheres),
    st.builds(t.Oblige, named, st.none(), st.none(), deeds, all_dues, st.booleans()),
    st.builds(t.Oblige, everybody, st.none(), st.none(), deeds, all_dues, st.booleans()),
    st.builds(t.Oblige, everybody, deeds, wheres, deeds, all_dues, st.booleans()),
    st.builds(t.Respond, nominals, deeds, wheres, nominals, deeds, all_dues, st.booleans()),
    st.builds(
        t.Apart,
        st.lists(plain, min_size=1, max_size=2).map(tuple),
        st.tuples(variables, variables),
        st.booleans(),
        wheres,
        st.tuples(variables, variables),
        gaps,
    ),
    st.builds(t.KeepAway, crafts, gaps, crafts, wheres),
    st.builds(t.ReleaseTree, nominals, refs, nominals, many_refs, st.one_of(st.none(), st.just("cured"), stretches)),
    st.builds(
        t.Always,
        st.lists(binders, max_size=2).map(tuple),
        st.lists(counts, min_size=1, max_size=2).map(tuple),
        st.sampled_from(["at most", "at least"]),
        levels,
    ),
    st.builds(
        t.Always,
        st.lists(binders, max_size=2).map(tuple),
        st.lists(counts, min_size=1, max_size=2).map(tuple),
        st.sampled_from(["at most", "at least", "less than", "more than"]),
        values,
    ),
)
tails = st.one_of(
    st.builds(t.Unless, conditions),
    st.builds(t.ExceptionTree, ids, st.none() | texts, conditions, deeds, dues),
    st.builds(t.Otherwise, nominals, st.sampled_from(["shall", "may"]), deeds, dues),
    st.builds(t.CountsAt, plain),
    st.just(t.Voluntary()),
    st.builds(t.Notwithstanding, many_refs),
    st.just(t.Irrefusable()),
    st.builds(t.Survives, st.sampled_from([("expiry",), ("withdrawal",), ("expiry", "withdrawal")]), st.none() | stretches),
)
milestones = st.one_of(
    st.builds(t.HasBeenKept, refs.filter(lambda ref: ref.sort != ""), st.none() | names, st.none() | stretches),
    st.builds(t.HasDone, actors, st.just(value=False), deeds, st.none()),
)
phases = st.one_of(
    st.builds(t.PhaseTree, ids, st.none() | texts, st.builds(t.WhenWord, days | entries), st.none()),
    st.builds(t.PhaseTree, ids, st.none() | texts, st.builds(t.WhenWord, entries | phase_names, stretches), st.none()),
    st.builds(t.PhaseTree, ids, st.none() | texts, st.lists(milestones, min_size=1, max_size=3).map(tuple), st.none() | days),
)
rules = st.builds(t.RuleTree, ids, st.none() | texts, st.none() | whens, st.none() | whens, norms, st.lists(tails, max_size=3).map(tuple))

fields = st.one_of(
    st.builds(t.FieldTree, plain, plain, st.none() | units.map(t.Word)),
    st.builds(t.FieldTree, plain, st.none(), st.none(), st.lists(plain, min_size=2, max_size=4).map(tuple), st.booleans()),
)
verbs = st.builds(
    t.VerbTree,
    plain,
    plain,
    st.none() | st.tuples(plain, plain),
    st.none() | plain,
    st.lists(st.tuples(prepositions, plain), max_size=2).map(tuple),
)
members = st.lists(
    st.one_of(st.builds(t.MemberTree, names, st.none() | days, st.none() | days), st.builds(t.MembersOn, names, days)),
    min_size=1,
    max_size=3,
).map(tuple)
meanings = st.one_of(
    st.builds(
        t.KindTree,
        st.sampled_from(["event", "thing", "stock"]),
        st.none() | verbs,
        st.lists(fields, max_size=2).map(tuple),
        st.none() | plain,
        st.none() | plain,
    ),
    st.builds(t.PlaceFile, texts),
    st.just(t.PlaceInEvidence()),
    st.builds(t.GroupTree, members),
    st.builds(t.NumberIs, amounts),
    st.builds(t.DurationIs, lastings),
    st.builds(t.PartyIs, texts),
    st.builds(t.LeftOpenTree, st.sampled_from(["place", "group", "number", "agreement"])),
    st.builds(t.InstrumentFile, texts),
)
definitions = st.builds(t.Define, names, meanings)

lives = st.one_of(
    st.builds(t.TitleItem, texts),
    st.builds(t.PartiesItem, members),
    st.builds(t.EntersOn, days),
    st.builds(t.EntersWhen, st.sampled_from(["all", "majority"]), plain),
    st.just(t.NeverEnters()),
    st.builds(t.Expires, days | stretches, st.none() | stretches),
    st.builds(t.Expires, days | stretches, st.none(), st.builds(t.Renewed, stretches, st.just(value=True), st.none() | stretches)),
    st.builds(t.Expires, days | stretches, st.none(), st.builds(t.Renewed, stretches, st.just(value=False), st.none())),
    st.builds(t.Provisionally, st.none() | days, st.none() | days),
    st.builds(t.Released, plain, plain, stretches),
    st.builds(t.SuspensionItem, st.lists(refs, max_size=2).map(tuple), st.none() | stretches),
)
tiers = st.one_of(names, st.sampled_from(["own", "own-acts", "nothing else"]))
quorums = st.builds(t.QuorumItem, st.integers(1, 9), st.lists(names, min_size=1, max_size=3).map(tuple))
weights = st.one_of(
    st.builds(t.AccountItem, st.none() | names, st.lists(tiers, min_size=1, max_size=3).map(tuple)),
    st.builds(t.EstablishedItem, st.lists(st.one_of(names, quorums, st.just("bearer")), min_size=1, max_size=3).map(tuple)),
    st.just(t.DisputedItem()),
    st.builds(t.TimeZoneItem, st.sampled_from(["UTC", "Europe/Vienna", "Etc/GMT+3"]).map(t.Word)),
    st.builds(t.ChangesItem, st.sampled_from(["open", "closed"])),
    st.builds(t.CountsHold, stretches),
    st.just(t.AtResolution()),
    st.builds(t.LeastGrade, st.sampled_from(["B2", "A1"]).map(t.Word)),
)
statements = st.one_of(
    rules,
    rules,
    rules,
    phases,
    definitions,
    st.builds(t.AgreementBlock, st.lists(lives, min_size=1, max_size=4).map(tuple)),
    st.builds(t.EvidenceBlock, st.lists(weights, min_size=1, max_size=4).map(tuple)),
)
