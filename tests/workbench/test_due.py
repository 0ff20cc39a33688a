"""What is owed on a day, account by account: told through small agreements with evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from detente.model.owed import DueList, Owed, OwedState
from detente.model.verdict import Vote
from detente.workbench import NotAskable, Question, Workbench, open_case
from detente.workbench.due import due
from workbench.stories import ANSWERS, LIFE, NOTICE, STORIES, Row, Story, complete, kept_folder, says, write_story

Ask = Callable[..., DueList]
NEVER_BEFORE = says("declaration", "m", "Z", at="2026-01-01", party="Arland")


def at(day: str) -> datetime:
    """A day's last moment, or the moment given."""
    whole = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return whole if "T" in day else whole + timedelta(days=1, microseconds=-1)


@cache
def opened(story: Story) -> Workbench:
    """The story, read once for all tests."""
    return open_case(write_story(kept_folder(), story))


@pytest.fixture
def ask() -> Ask:
    """Asks a story what is owed on a day."""

    def asked(story: Story, on: str, *, until: str | None = None, party: str | None = None, **more: object) -> DueList:
        question = Question(as_of=at(on), **more)  # type: ignore[arg-type]
        return due(opened(story), question, until=at(until) if until else None, party=party)

    return asked


def rows(found: DueList, prefix: str = "") -> list[tuple[str, str, tuple[str, ...]]]:
    """Id, state and accounts of what is listed."""
    return [(o.id, o.state.value, o.accounts) for o in found.owed if o.id.startswith(prefix)]


def story(rules: str, *evidence: Row) -> Story:
    return Story("A case", rules, (NEVER_BEFORE, *evidence), ("Arland", "Borland"))


ALL = ("Arland", "Borland", "neutrals")

# ---- before an event ---------------------------------------------------------------

RULE_40 = 'rule 40 "Notice": each Party that conducts an exercise X shall notify X to every other Party at least 42 days before X.start.'
WEST = says("exercise", "a", "West-26", party="Arland", start="2026-02-20")
TOLD = says("notification", "a", "N-1", at="2026-01-07", party="Arland", recipient="Borland", about="West-26", received="2026-01-07")
DENIED = says("notification", "b", how="denies", at="2026-01-16", party="Arland", recipient="Borland", about="West-26")


def test_a_notification_is_due_until_the_day_is_over(ask: Ask) -> None:
    announced = story(RULE_40, WEST)
    (row,) = ask(announced, "2026-01-09T23:00").owed
    assert (row.id, row.state, row.accounts, row.in_all) == ("40#west-26>borland", OwedState.DUE, ALL, True)
    assert (row.bearer, row.recipient, row.act, row.occasion_kind, row.occasion) == (
        "Arland",
        "Borland",
        "notification",
        "exercise",
        "West-26",
    )
    assert row.due == (at("2026-01-09"), at("2026-01-09"))
    assert (row.article, row.rule, row.title) == ("1", "40", "Notice")


def test_a_day_late_it_is_overdue_if_the_exercise_takes_place(ask: Ask) -> None:
    announced = story(RULE_40, WEST, DENIED)
    assert [r[1] for r in rows(ask(announced, "2026-01-20"))] == ["overdue if it takes place"]
    assert not ask(announced, "2026-01-20").is_overdue


def test_what_is_performed_in_an_account_is_not_owed_there(ask: Ask) -> None:
    found = ask(story(RULE_40, WEST, TOLD, DENIED), "2026-02-21")
    (row,) = [o for o in found.owed if o.state is OwedState.OVERDUE]
    assert (row.accounts, row.performed_in, row.in_all) == (("Borland",), ("Arland",), False)
    assert all("Arland" not in o.accounts for o in found.owed)
    assert found.is_overdue


def test_what_is_performed_in_all_accounts_is_not_listed(ask: Ask) -> None:
    assert ask(story(RULE_40, WEST, TOLD), "2026-01-08").owed == ()


def test_what_is_performed_late_is_owed_no_longer(ask: Ask) -> None:
    late = TOLD | {"received": "2026-01-12"}
    assert ask(story(RULE_40, WEST, late, complete("notification", "notification-register")), "2026-02-21").owed == ()


def test_accounts_that_date_the_exercise_differently_have_rows_of_their_own(ask: Ask) -> None:
    later = says("exercise", "b", "West-26", at="2026-01-04", party="Arland", start="2026-02-25")
    found = ask(story(RULE_40, WEST, later), "2026-01-05")
    assert {o.accounts: o.due[1] for o in found.owed} == {("Arland", "neutrals"): at("2026-01-09"), ("Borland",): at("2026-01-14")}
    assert {o.id for o in found.owed} == {"40#west-26>borland"}
    assert not any(o.in_all for o in found.owed)


def test_an_uncertain_due_time_stays_a_span(ask: Ask) -> None:
    vague = WEST | {"start": "2026-02-20..2026-02-25"}
    (row,) = ask(story(RULE_40, vague), "2026-01-05").owed
    assert row.due == (at("2026-01-09"), at("2026-01-14"))
    (row,) = ask(story(RULE_40, vague), "2026-01-12").owed
    assert (row.state, row.due) == (OwedState.PERHAPS_OVERDUE, (at("2026-01-09"), at("2026-01-14")))


def test_half_a_date_is_not_made_a_whole_one(ask: Ask) -> None:
    """One of the account's versions names no end: the last moment in time is unknown, not that of the other version."""
    (row,) = ask(story(RULE_40, WEST | {"start": ">=2026-02-20"}), "2026-01-05").owed
    assert row.due == (at("2026-01-09"), None)


def test_an_accusation_is_owed_in_the_accusers_account_and_no_telling_elsewhere(ask: Ask) -> None:
    ghost = says("exercise", "b", "Ghost-26", at="2026-01-06", party="Arland", start="2026-03-10")
    (row,) = ask(story(RULE_40, ghost), "2026-01-07").owed
    assert (row.accounts, row.no_telling_in, row.state) == (("Borland",), ("Arland", "neutrals"), OwedState.DUE)


def test_an_occasion_that_is_only_possible_is_told_so(ask: Ask) -> None:
    rule = RULE_40.replace("exercise X", "exercise X where X.troops is at least 9000")
    vague = WEST | {"troops": "8000..10000"}
    assert [r[1] for r in rows(ask(story(rule, vague), "2026-01-05"))] == ["owed if it takes place"]
    assert [r[1] for r in rows(ask(story(rule, vague), "2026-03-05"))] == ["overdue if it takes place"]
    assert ask(story(rule, vague | {"troops": "8000"}), "2026-01-05").owed == ()


def test_before_is_strict_where_the_rule_says_before(ask: Ask) -> None:
    rule = "rule 4: each Party that conducts an exercise X shall notify X to every other Party before X.start."
    try:
        (row,) = ask(story(rule, WEST), "2026-02-10").owed
    except NotAskable as stop:
        pytest.skip(str(stop))
    assert row.is_strict
    assert row.due == (at("2026-02-20T00:00"), at("2026-02-20"))


def test_an_exception_has_its_own_due_time(ask: Ask) -> None:
    (row,) = [o for o in ask(NOTICE, "2026-02-08").owed if o.id == "40#east-26>arland"]
    assert (row.state, row.due) == (OwedState.DUE, (at("2026-02-22T00:00"), at("2026-02-22")))
    doubtful = replace(NOTICE, rows=tuple({k: v for k, v in r.items() if k != "unannounced-to-troops"} for r in NOTICE.rows))
    unsaid = [o for o in ask(doubtful, "2026-02-08").owed if o.id == "40#east-26>arland"]
    assert [o.due[1] for o in unsaid] == [at("2026-01-11")]


def test_one_exercise_under_two_names_is_owed_once(ask: Ask) -> None:
    other = says("exercise", "b", "Wst-26", at="2026-01-04", party="Arland", start="2026-02-25")
    link = {"table": "identity", "id": "L-1", "source": "mission", "says": "asserts", "kind": "exercise", "a": "West-26", "b": "Wst-26"}
    link |= {"said_at": "2026-01-04", "published_at": "2026-01-04"}
    found = ask(story(RULE_40, WEST, other, link), "2026-01-05")
    assert {o.id for o in found.owed} == {"40#west-26>borland"}


# ---- after an event, and what follows ------------------------------------------------


def test_an_answer_is_owed_to_who_asked(ask: Ask) -> None:
    (row,) = [o for o in ask(ANSWERS, "2026-02-05").owed if o.id == "16.1#q-2"]
    assert (row.bearer, row.recipient, row.act, row.is_about) == ("Carland", "Arland", "reply", True)
    assert row.due == (at("2026-02-06T10:00"), at("2026-02-06T10:00"))


def test_a_consequence_is_owed_from_when_the_duty_is_overdue(ask: Ask) -> None:
    silent = (says("inquiry", "a", "Q-1", at="2026-02-01", party="Arland", recipient="Borland", received="2026-02-01T10:00Z"),)
    denied = says("reply", "b", how="denies", at="2026-02-04", party="Borland", recipient="Arland", about="Q-1")
    case = story(ANSWERS.rules, *silent, denied)
    assert rows(ask(case, "2026-02-02"), "16.1.else") == []
    (row,) = [o for o in ask(case, "2026-02-04").owed if o.kind == "consequence"]
    assert (row.id, row.bearer, row.recipient, row.act) == ("16.1.else#q-1", "Borland", "Arland", "consultation")
    assert row.due == (at("2026-02-05T10:00"), at("2026-02-05T10:00"))


def test_a_voluntary_duty_is_not_owed(ask: Ask) -> None:
    assert ask(story(RULE_40.replace("shall notify", "shall voluntarily notify"), WEST), "2026-01-05").owed == ()


# ---- owed once, and again and again -----------------------------------------------------

ONCE = """agreement: enters into force on 2026-01-01.
rule 8 "First data": each Party shall provide a data-exchange to every other Party within 30 days after entry-into-force."""
YEARLY = """agreement: enters into force on 2024-01-01; expires on 2028-01-01.
rule 9 "Calendar": each Party shall send its annual-calendar to every other Party each year by 15 November."""


def test_a_duty_without_an_occasion_is_owed_by_each(ask: Ask) -> None:
    found = ask(story(ONCE), "2026-01-10")
    assert [(o.id, o.state.value, o.in_all, o.due[1]) for o in found.owed] == [
        ("8#@arland>borland", "due", True, at("2026-01-31")),
        ("8#@borland>arland", "due", True, at("2026-01-31")),
    ]


def test_not_in_force_nothing_is_owed_unless_as_if(ask: Ask) -> None:
    never = story(RULE_40 + "\nagreement: never enters into force.", WEST)
    assert ask(never, "2026-01-05").owed == ()
    found = ask(never, "2026-01-05", as_if_in_force=True)
    assert [r[1] for r in rows(found)] == ["due"]
    assert found.counterfactual


def test_a_recurring_duty_is_owed_on_its_next_day_and_up_to_the_end_asked_for(ask: Ask) -> None:
    try:
        found = ask(story(YEARLY), "2026-11-01", party="Arland")
    except NotAskable as stop:
        pytest.skip(str(stop))
    ahead = [o for o in found.owed if o.rule == "9" and o.state is OwedState.DUE]
    assert {(o.bearer, o.recipient, o.act, o.occasion, o.due[1]) for o in ahead} == {
        (a, b, "annual-calendar", None, at("2026-11-15")) for a, b in (("Arland", "Borland"), ("Borland", "Arland"))
    }
    longer = ask(story(YEARLY), "2026-11-01", until="2028-12-31")
    days = {o.due[1] for o in longer.owed if o.rule == "9" and o.state is OwedState.DUE}
    assert days == {at("2026-11-15"), at("2027-11-15")}


# ---- dates of the agreement -----------------------------------------------------------


def dates(found: DueList) -> list[tuple[str, str | None, tuple[datetime | None, datetime | None]]]:
    return [(o.kind, o.bearer, o.due) for o in found.owed if o.state is OwedState.OF_AGREEMENT]


def test_dates_of_the_agreement_on_its_own_clock(ask: Ask) -> None:
    found = ask(LIFE, "2026-02-08")
    expiry = (at("2026-03-31T22:00"),) * 2
    assert dates(found) == [
        ("withdrawal takes effect", "Carland", (at("2026-02-14T23:00"),) * 2),
        ("expiry", None, expiry),
        ("extension possible until", None, expiry),
    ]
    assert dates(ask(LIFE, "2026-04-02")) == []
    assert dates(ask(LIFE, "2026-02-08", party="Arland")) == dates(found)[1:]
    assert dates(ask(LIFE, "2026-02-08", as_if_in_force=True)) == []


def test_an_extension_by_all_moves_the_expiry_and_ends_the_question(ask: Ask) -> None:
    agreement = "agreement: enters into force on 2026-01-01; expires on 2026-04-01 unless extended by all Parties for at most 1 year."
    of = [says("extension", v, f"E-{v}", party=p, agreed="2026-01-02", until="2026-10-01") for v, p in (("a", "Arland"), ("b", "Borland"))]
    one = ask(story(agreement + "\n" + RULE_40, of[0]), "2026-01-10")
    assert [d[0] for d in dates(one)] == ["expiry", "extension possible until"]
    assert dates(ask(story(agreement + "\n" + RULE_40, *of), "2026-01-10")) == [("expiry", None, (at("2026-10-01T00:00"),) * 2)]


def test_the_end_of_a_suspension_and_entry_into_force_lie_ahead(ask: Ask) -> None:
    agreement = "agreement: enters into force on 2026-01-01; suspension has effect.\n"
    pause = says("suspension", "a", "S-1", party="Arland", start="2026-01-02", end="2026-03-01")
    found = dates(ask(story(agreement + RULE_40, pause), "2026-02-08"))
    assert [(kind, party) for kind, party, _ in found] == [("suspension ends", "Arland")]
    coming = story("agreement: enters into force on 2027-01-01.\n" + RULE_40)
    assert dates(ask(coming, "2026-02-08")) == [("entry into force", None, (at("2027-01-01T00:00"),) * 2)]


# ---- which, and in what order -----------------------------------------------------------


def test_overdue_first_then_by_date(ask: Ask) -> None:
    for told in STORIES:
        found = ask(told, "2026-02-08").owed
        late = [o for o in found if o.state is OwedState.OVERDUE]
        assert list(found[: len(late)]) == late
        ends = [o.due[1] or o.due[0] for o in found[len(late) :] if o.due != (None, None)]
        assert ends == sorted(ends)  # type: ignore[type-var]


def test_until_leaves_out_what_falls_due_later_and_nothing_overdue(ask: Ask) -> None:
    soon = says("exercise", "a", "Soon-26", party="Arland", start="2026-01-10")
    none = says("notification", "a", how="denies", at="2026-01-11", party="Arland", recipient="Borland", about="Soon-26")
    case = story(RULE_40, WEST | {"start": "2026-06-20"}, soon, none)
    assert len(ask(case, "2026-01-12").owed) == 2
    assert [r[:2] for r in rows(ask(case, "2026-01-12", until="2026-02-11"))] == [("40#soon-26>borland", "overdue")]
    assert len(ask(case, "2026-01-12", until="2026-05-09").owed) == 2
    assert len(ask(case, "2026-01-12", until="2026-05-08").owed) == 1


def test_only_the_partys_own_and_what_is_owed_to_it(ask: Ask) -> None:
    whole = ask(NOTICE, "2026-02-08")
    borland = ask(NOTICE, "2026-02-08", party="Borland")
    assert borland.owed == tuple(o for o in whole.owed if "Borland" in (o.bearer, o.recipient))
    assert len(borland.owed) < len(whole.owed)


def test_only_the_accounts_asked_for(ask: Ask) -> None:
    found = ask(story(RULE_40, WEST, TOLD, DENIED), "2026-02-21", accounts=("Arland",))
    assert found.owed == ()
    assert [a.name for a in found.accounts] == ["Arland"]


@pytest.mark.parametrize(("more", "code"), [({"party": "Dorland"}, "unknown-party"), ({"accounts": ("Dorland",)}, "unknown-account")])
def test_what_is_not_there_is_refused(ask: Ask, more: dict[str, object], code: str) -> None:
    with pytest.raises(NotAskable) as stop:
        ask(NOTICE, "2026-02-08", **more)
    assert [p.code for p in stop.value.problems] == [code]


# ---- against the judge -------------------------------------------------------------------


@pytest.mark.parametrize("told", STORIES, ids=lambda s: s.name)
@pytest.mark.parametrize("day", ["2026-01-10", "2026-02-08", "2026-03-01"])
def test_the_list_agrees_with_the_verdicts(told: Story, day: str) -> None:
    """Overdue is what an account calls breached; what it calls kept, not bound or no case is not owed in it; nothing pending is left out."""
    bench = opened(told)
    found = due(bench, Question(as_of=at(day)))
    verdicts = bench.check(Question(as_of=at(day)))
    votes = {i.id: i.votes for a in verdicts.articles for r in a.rules for i in r.instances}
    listed: dict[tuple[str, str], Owed] = {}
    for row in found.owed:
        if row.state is OwedState.OF_AGREEMENT:
            continue
        for account in row.accounts:
            assert (row.id, account) not in listed
            listed[row.id, account] = row
            vote = votes[row.id][account]
            assert vote in (Vote.BREACHED, Vote.OPEN, Vote.NOT_DUE)
            assert (vote is Vote.BREACHED) == (row.state is OwedState.OVERDUE)
    silent = {(o.id, account) for o in found.owed for account in o.no_telling_in}
    duties = {i.id for a in verdicts.articles for r in a.rules for i in r.instances if i.due != (None, None)}
    deciding = {a.name for a in verdicts.accounts if a.decides}
    for instance in duties:
        for account, vote in votes[instance].items():
            if vote is Vote.NOT_DUE and account in deciding:
                assert (instance, account) in listed or (instance, account) in silent


def test_a_list_does_not_spoil_an_explanation(tmp_path: Path) -> None:
    """The list lays out other relations in the same database; what was judged before is judged again."""
    bench = open_case(write_story(tmp_path, NOTICE))
    question = Question(as_of=at("2026-03-01"))
    before = bench.explain(question, "40")
    due(bench, Question(as_of=at("2026-01-10")))
    assert bench.explain(question, "40") == before
