"""A hand-made answer: eleven obligations in nine articles, three accounts and the press."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from detente.model.account import Account
from detente.model.problem import Problem
from detente.model.span import Span
from detente.model.verdict import (
    ArticleVerdict,
    Cited,
    Explanation,
    Ground,
    InstanceVerdict,
    Missing,
    Outcome,
    RuleVerdict,
    Spell,
    Status,
    Tale,
    Turn,
    Verdicts,
    Vote,
    worst,
)

ACCOUNTS = (
    Account("Arland", "party", 0, ("own", "acts of others", "monitors", "sensors"), ("Arland",)),
    Account("Borland", "party", 1, ("own", "acts of others", "monitors", "sensors"), ("Borland",)),
    Account("neutrals", "neutrals", 2, ("monitors", "sensors", "registers")),
)
_VOTE = {"k": Vote.KEPT, "b": Vote.BREACHED, "o": Vote.OPEN, "n": Vote.NOT_TRIGGERED, "u": Vote.NOT_BOUND, "d": Vote.NOT_DUE}


def votes(letters: str) -> dict[str, Vote]:
    return {account.name: _VOTE[letter] for account, letter in zip(ACCOUNTS, letters, strict=False)}


def instance(rule: str, tail: str, outcome: Outcome | None, ground: Ground | None, letters: str, *statuses: Status) -> InstanceVerdict:
    return InstanceVerdict(
        id=f"{rule}#{tail}",
        rule=rule,
        bearer="Arland",
        recipient="Borland",
        occasion=tail.partition(">")[0],
        outcome=outcome,
        ground=ground,
        statuses=statuses,
        votes=votes(letters),
        due=(datetime(2026, 1, 9, tzinfo=UTC), datetime(2026, 1, 9, 23, 59, 59, 999999, tzinfo=UTC)),
        cites=("A-101", "B-33"),
    )


def rule(
    name: str, title: str, outcome: Outcome | None, ground: Ground | None, letters: str, *statuses: Status, cases: int = 1
) -> RuleVerdict:
    one = instance(name, "west-26>borland", outcome, ground, letters, *statuses)
    counts = {outcome: cases} if outcome else {}
    return RuleVerdict(
        name, title, name.partition(".")[0], f"rule {name}", outcome, ground, statuses, counts, votes(letters), (one,), cases
    )


def article(number: str, heading: str, *rules: RuleVerdict) -> ArticleVerdict:
    outcome = worst(r.outcome for r in rules)
    deciding = next((r for r in rules if r.outcome is outcome), None)
    counts: dict[Outcome, int] = {}
    for r in rules:
        for o, n in r.counts.items():
            counts[o] = counts.get(o, 0) + n
    return ArticleVerdict(
        article=number,
        heading=heading,
        prose="The Parties shall act accordingly.",
        outcome=outcome,
        ground=deciding.ground if deciding else None,
        statuses=tuple(dict.fromkeys(s for r in rules for s in r.statuses)) if rules else (Status.DECLARATORY,),
        counts=counts,
        votes=dict(deciding.votes) if deciding else {},
        rules=rules,
    )


OUT, G, S = Outcome, Ground, Status

ARTICLES = (
    article("1", "Article 1 (Principles)"),
    article("2", "Article 2 (Distance between ships)", rule("2", "Distance", OUT.BREACHED, G.NEUTRAL, "kbb", cases=3)),
    article(
        "3",
        "Article 3 (No simulated attack on ships or aircraft of the other Party)",
        rule("3", "No aiming", OUT.DISPUTED, G.ACCOUNTS_DIFFER, "kbo"),
    ),
    article("4", "Article 4 (Warning signals)", rule("4", "Signals", OUT.KEPT, G.OBSERVED, "kkk", cases=41)),
    article(
        "5",
        "Article 5 (Notice of exercises)",
        rule("5.1", "Forty-two days before", OUT.KEPT, G.DECLARED, "kko", S.NOT_DUE, cases=12),
        rule("5.2", "Observers are invited", OUT.UNVERIFIED, G.ALLEGED, "oboo"),
        rule("5.3", "Content of the notice", None, None, "ooo", S.LEFT_OPEN),
    ),
    article("6", "Article 6 (Firing inside notified areas)", rule("6", "Firing", OUT.BREACHED, G.ADMITTED, "bbo", S.CURED)),
    article("7", "Article 7 (Good faith)"),
    article("8", "Article 8 (Transponders on in the corridor)", rule("8", "Transponders", OUT.UNVERIFIED, G.OPEN, "ooo")),
    article("9", "Article 9 (Hotline answered within fifteen minutes)", rule("9", "Hotline", OUT.KEPT, G.ESTABLISHED, "kkk", cases=1204)),
    article(
        "10",
        "Article 10 (Monitoring visits)",
        rule("10.1", "Two visits a month", None, None, "nnn", S.UNTESTED),
        rule("10.2", "Report within ten days", None, None, "ddd", S.NOT_DUE),
    ),
)

SETTLES = (
    Missing(
        "the register's entry for 2026-01-07 to 2026-01-15", "the keeper of the notification register", ("5", "3"), ("5.2#west-26>borland",)
    ),
    Missing(
        "the track of the ship Heron on 2026-02-14, 21:50 to 04:30", "Arland, or the coastal stations of Borland", ("8",), ("8#heron",)
    ),
)

VERDICTS = Verdicts(
    title="Incidents at sea: Arland and Borland",
    agreement_path="examples/sea/agreement.md",
    agreement_digest="5d41402abc4b2a76b9719d911017c592ae2a8a2c5d41402abc4b2a76b9719d91",
    evidence_path="examples/sea/evidence",
    evidence_digest="7c211433f02071597741e6ff5a8ea34789abbf437c211433f02071597741e6ff",
    as_of=datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC),
    known_on=datetime(2026, 3, 5, 12, 0, tzinfo=UTC),
    time_zone="UTC",
    version="0.1.0",
    counterfactual=False,
    assumed={},
    standard="the default: admission by the bearer or a named monitor establishes; accounts that differ make it disputed; a breach needs neutral sources",
    accounts=ACCOUNTS,
    articles=ARTICLES,
    settles=SETTLES,
    problems=(
        Problem(
            "clock-time-without-zone", "14:00 has no zone", Span("evidence/exercise.csv", 7, 3, 7, 8), "E-7,14:00", help="write 14:00Z"
        ),
    ),
    rows_left_out=2,
    statements=412,
    sources={"party": 2, "monitor": 1, "sensor": 3},
)

SPELL = Spell(datetime(2026, 2, 1, tzinfo=UTC), None, OUT.KEPT, votes("kko"), {"Arland": (1500.0, 1500.0), "neutrals": (1400.0, None)})
WITH_SPELLS = replace(instance("40", "p>arland", OUT.KEPT, G.DECLARED, "kko"), spells=(SPELL,))

EXPLANATION = Explanation(
    verdict=instance("40", "west-26>borland", OUT.DISPUTED, G.ACCOUNTS_DIFFER, "kbo"),
    heading="Article 40 - Prior notification",
    sentence='Whether Arland notified Borland of "West-26" in time is disputed: Arland says 44 days before, Borland says 36, six short.',
    occasion='Exercise "West-26" of Arland, start 2026-02-20, due by 2026-01-09 (42 days before)',
    tales=(
        Tale(
            ("Arland",), Vote.KEPT, (Cited("9,400 troops", ("A-117",)), Cited("notified 2026-01-07", ("A-101",))), margin="44 days before"
        ),
        Tale(
            ("Borland",),
            Vote.BREACHED,
            (Cited("9,400 troops", ("A-117",), "Arland's own, not denied"), Cited("none received before 2026-01-15", ("B-33",), "pattern")),
            margin="36 days: 6 short",
            nearest="a notification of 2026-01-15 [A-140]",
        ),
        Tale(
            ("neutrals",),
            Vote.OPEN,
            (Cited("troops 8,200 - 10,100", ("S-7",), "coverage 80 %"),),
            missing=("the register is not complete in this period",),
        ),
    ),
    turns_on=(Turn("did Arland notify Borland before 2026-01-09?", ("A-101",), ("B-33",), "kept"),),
    turns_on_more_than_three=False,
    settles=(Missing("the register's entry for 2026-01-07 to 2026-01-15", "the keeper of the register", ("40",), ("40#west-26>borland",)),),
    cited={
        "A-101": '"We hereby notify the exercise West-26" (Arland, note 17/26, 2026-01-07)',
        "A-117": "Arland's ministry of defence, press release of 2026-01-20: 9,400 troops take part",
        "B-33": '"No notification had reached us before 15 January" (Borland, 2026-01-16)',
        "S-7": "satellite survey of 2026-02-21",
    },
)


def many_parties() -> Verdicts:
    """Thirty parties of which twenty-eight say nothing of their own, a press and analysts; judged as if in force."""
    silent = tuple(Account(f"Party {n}", "party", n + 3, ("own",), (f"Party {n}",)) for n in range(28))
    press = (Account("press", "press", 40, ("press",)), Account("analysts", "analysts", 41, ("analysts",)))
    accounts = (*ACCOUNTS[:2], *silent, ACCOUNTS[2], *press)

    def widened(found: dict[str, Vote]) -> dict[str, Vote]:
        if not found:
            return {}
        shared = found["neutrals"]
        return {
            **found,
            **{a.name: shared for a in silent},
            "press": found["Borland"],
            "analysts": found["Arland"],
        }

    def with_instances(r: RuleVerdict) -> RuleVerdict:
        counted = tuple(replace(i, votes=widened(dict(i.votes))) for i in r.instances)
        return replace(r, votes=widened(dict(r.votes)), instances=counted)

    articles = tuple(replace(a, votes=widened(dict(a.votes)), rules=tuple(with_instances(r) for r in a.rules)) for a in ARTICLES)
    return replace(
        VERDICTS,
        accounts=accounts,
        articles=articles,
        counterfactual=True,
        assumed={"border-zone": "25 km"},
        settles=(),
        rows_left_out=0,
        problems=(),
        known_on=VERDICTS.as_of,
    )
