"""What is proved is true, is shown by cases that pass when pasted, and nothing else is said."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from detente.prove import CODES
from detente.vocabulary.pages import load_pages
from detente.workbench.prove import prove_agreement

from .proofs import found, one, pasted, proof_of, text_of

ROOT = Path(__file__).parents[2]
PAGES = [page for page in load_pages() if page.room == "proving"]

EXERCISE = "no Party shall conduct an exercise X"
NOTIFY = "each Party that conducts an exercise X{where} shall notify X to every other Party {deadline}"
REQUESTED = "when a Party A makes an inspection-request R to a Party B, A shall conduct an inspection of B within 10 days of R.received."


# ---- pages and cases --------------------------------------------------------------------


def test_each_code_has_a_page() -> None:
    assert {page.code for page in PAGES} == set(CODES)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.code)
def test_the_example_has_the_fault_its_cases_pass_and_the_better_one_has_not(page: object, tmp_path: Path) -> None:
    text, better = page.wrote["agreement.md"], page.better["agreement.md"]  # type: ignore[attr-defined]
    proof = proof_of(text)
    (finding,) = proof.findings
    assert (finding.code, finding.severity, proof.unconfirmed) == (page.code, page.severity, {})  # type: ignore[attr-defined]
    assert finding.cases
    assert pasted(tmp_path / "agreement.md", text, finding)
    assert [f.code for f in proof_of(better).findings] == []


# ---- can it fire --------------------------------------------------------------------------

NEVER = [
    ("bounds of a count", f"rule 1: {EXERCISE} where X.troops is less than 0.", ""),
    ("a scale", f"rule 1: {EXERCISE} where X.level is above brigade and not X.level is at least division.", ""),
    ("words", f"rule 1: {EXERCISE} where not (X.type is land or X.type is air or X.type is naval) and X.type is land.", ""),
    ("units", "rule 1: no Party shall deploy a missile M where M.range is at least 500 km and M.range is below 300 mi.", ""),
    (
        "dates of membership",
        "rule 1: until 2027-01-01, no Party shall admit a State S to NATO where S is in former-ussr and S is in later.\ndefine later as group Georgia since 2028-01-01, Ukraine since 2029-06-01.",
        "",
    ),
    (
        "membership at the time",
        "define later as group Arland since 2028-01-01.\nrule 1: no Party P in later shall conduct an exercise X where X.start is before 2027-01-01.",
        "",
    ),
    ("life of the agreement", f"rule 1: {EXERCISE} where X.start is after 2036-06-01.", "; expires 10 years after entry-into-force"),
    ("the rule's own days", f"rule 1: from 2040-01-01, {EXERCISE}.", "; expires 10 years after entry-into-force"),
    ("a date and a month", f"rule 1: {EXERCISE} where X.start is after 2027-03-31 and X.start is at most 2027-03-31.", ""),
]


@pytest.mark.parametrize(("rules", "life"), [(r, life) for _, r, life in NEVER], ids=[name for name, _, _ in NEVER])
def test_a_rule_that_can_never_fire(rules: str, life: str) -> None:
    finding = one(rules, life)
    assert (finding.code, finding.rules) == ("never-fires", ("1",))
    assert finding.cases


FIRES = [
    (f"rule 1: {EXERCISE} where X.troops is at most 0.", ""),
    (f"rule 1: {EXERCISE} where X.level is above brigade and not X.level is above division.", ""),
    ("rule 1: no Party shall deploy a missile M where M.range is at least 500 km and M.range is below 311 mi.", ""),
    ("define later as group Arland since 2028-01-01.\nrule 1: no Party P in later shall conduct an exercise X.", ""),
    (f"rule 1: {EXERCISE} where X.start is after 2035-12-30.", "; expires 10 years after entry-into-force"),
    (
        f"rule 1: {EXERCISE} where X.start is after 2036-06-01.",
        "; expires 10 years after entry-into-force unless extended by all Parties for at most 5 years",
    ),
    (f"rule 1: {EXERCISE} where X.start is after 2036-06-01 survives expiry.", "; expires 10 years after entry-into-force"),
    (f"define much as number left open.\nrule 1: {EXERCISE} where X.troops is above much.", ""),
]


@pytest.mark.parametrize(("rules", "life"), FIRES)
def test_a_rule_that_can_fire(rules: str, life: str) -> None:
    assert found(rules, life) == []


def test_the_fewest_parts_are_named() -> None:
    finding = one(f"rule 1: {EXERCISE} where X.type is land and X.troops is at least 9000 and X is live-fire and X.troops is below 5000.")
    assert "`X.troops is at least 9000` and `X.troops is below 5000` never go together" in finding.message
    assert "land" not in finding.message


UNSHOWN = (
    f"define much as number left open.\nrule 1: {EXERCISE} where X.troops is above much and X.troops is at most much.",
    f"define strip as place in the evidence.\nrule 1: {EXERCISE} where X.area lies in strip and not X.area is within 5 km of strip.",
)


@pytest.mark.parametrize("rules", UNSHOWN)
def test_what_no_case_can_show_is_counted(rules: str) -> None:
    """The solver is sure; but the judge gives no verdict on a term left open, or on a place that nobody has drawn."""
    proof = proof_of(text_of(rules))
    assert (proof.findings, proof.unconfirmed) == ((), {"never-fires": ("1",)})


def test_sums_that_count_nothing_and_craft_that_cannot_be() -> None:
    rules = (
        "rule 1: at all times, for each Party P, the number of deployed-forces F of P where F.strength is below 0 shall not exceed 10.\n"
        "rule 2: from 2040-01-01, at all times, for each Party P, the number of launchers of P shall not exceed 10."
    )
    assert found(rules, "; expires 10 years after entry-into-force") == [("never-fires", ("1",)), ("never-fires", ("2",))]


# ---- excuses and exceptions ------------------------------------------------------------------


def test_a_permission_that_swallows() -> None:
    permission = "rule 2: a Party may conduct an inspection I{where} notwithstanding rule 1."
    ban = "rule 1: no Party shall conduct an inspection I where I.type is area.\n"
    assert found(ban + permission.format(where=" where I.type is area")) == [("swallowed-rule", ("1",))]
    assert found(ban + permission.format(where=" where I.type is area and I.start is after 2027-01-01")) == []


def test_exceptions_that_leave_nothing_and_that_are_never_reached() -> None:
    duty = "rule 1: " + NOTIFY.format(where=" where X.troops is at least 9000", deadline="at least 42 days before X.start")
    by = ", shall notify X to every other Party no later than X.start"
    assert found(f"{duty} exception 2: where X.troops is at least 5000{by}.") == [("swallowed-rule", ("1",))]
    assert found(f"{duty} exception 2: where X is live-fire{by}.") == []
    assert found(f"{duty} exception 2: where X.troops is below 5000 or X.troops is below 6000{by}.") == [("never-fires", ("1",))]
    halves = f"{duty} exception 2: where X is live-fire{by} exception 3: where not X is live-fire{by}."
    assert found(halves) == [("swallowed-rule", ("1",))]


def test_what_others_do_does_not_swallow() -> None:
    assert found(f"rule 1: {EXERCISE} unless every other Party has consented to X before X.start.") == []
    both = "unless any other Party has consented to X or not (Borland has consented to X or Carland has consented to X or Arland has consented to X)"
    assert found(f"rule 1: {EXERCISE} {both}.") == []


# ---- idle ----------------------------------------------------------------------------------

IDLE = [
    ("narrower", f"rule 1: {EXERCISE} where X.troops is at least 9000.\nrule 2: {EXERCISE} where X.troops is at least 13000 and X.type is land.", ("2", "1")),
    ("more excused", f"rule 1: {EXERCISE}.\nrule 2: {EXERCISE} unless every other Party has consented to X.", ("2", "1")),
    ("the same twice", f"rule 1: {EXERCISE}.\nrule 2: {EXERCISE}.", ("2", "1")),
    ("later", "rule 1: " + NOTIFY.format(where="", deadline="at least 42 days before X.start") + ".\nrule 2: " + NOTIFY.format(where=" where X is live-fire", deadline="at least 14 days before X.start") + ".", ("2", "1")),
    ("a later level", "rule 1: at all times, for each Party P, the number of launchers of P shall not exceed 700.\nrule 2: from 2028-01-01, at all times, for each Party P, the number of launchers of P shall not exceed 800.", ("2", "1")),
    ("each year twice", "rule 1: each Party shall send its annual-calendar to every other Party each year by 1 March.\nrule 2: each Party shall send its annual-calendar to every other Party each year by 1 March.", ("2", "1")),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "ids"), [(r, ids) for _, r, ids in IDLE], ids=[name for name, _, _ in IDLE])
def test_a_rule_that_another_makes_idle(rules: str, ids: tuple[str, ...]) -> None:
    finding = one(rules)
    assert (finding.code, finding.rules) == ("idle-rule", ids)
    assert finding.cases


NOT_IDLE = [
    f"rule 1: {EXERCISE} where X.troops is at least 9000.\nrule 2: {EXERCISE} where X.troops is at least 8999 and X.type is land.",
    f"rule 1: until 2030-01-01, {EXERCISE}.\nrule 2: {EXERCISE} where X is live-fire.",
    f"define two as group Arland, Borland.\nrule 1: no Party P in two shall conduct an exercise X.\nrule 2: {EXERCISE} where X is live-fire.",
    "rule 1: " + NOTIFY.format(where="", deadline="at least 42 days before X.start") + ".\nrule 2: " + NOTIFY.format(where="", deadline="at least 2 months before X.start") + ".",
    "rule 1: " + NOTIFY.format(where="", deadline="at least 42 days before X.start voluntary") + ".\nrule 2: " + NOTIFY.format(where="", deadline="before X.start") + ".",
    "rule 1: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours.\nrule 2: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 3 days.",
    "rule 1: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours.\nrule 2: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 72 hours else B shall attend consultations with A within 48 hours.",
    f"rule 1: {EXERCISE}.\nrule 2: {EXERCISE} where X is live-fire.\nrule 3: if A breaches 4, B is released from 1 for 30 days.\nrule 4: no Party shall conduct a launch L.",
]  # fmt: skip


@pytest.mark.parametrize("rules", NOT_IDLE)
def test_a_rule_that_no_other_makes_idle(rules: str) -> None:
    assert [entry for entry in found(rules) if entry[1][:1] == ("2",) and entry[0] == "idle-rule"] == []


# ---- classes ---------------------------------------------------------------------------------


def classes(low: str, high: str) -> str:
    where = " where X.{}"
    return (
        "rule 1: " + NOTIFY.format(where=where.format(low), deadline="at least 14 days before X.start")
        + ".\nrule 2: " + NOTIFY.format(where=where.format(high), deadline="at least 42 days before X.start") + "."
    )  # fmt: skip


GAPS = [
    ("troops is below 9000", "troops is above 9000", "troops of exactly 9,000"),
    ("troops is at most 8999", "troops is at least 9001", "troops of exactly 9,000"),
    ("level is at most battalion", "level is above regiment", "level of exactly regiment"),
]


@pytest.mark.parametrize(("low", "high", "said"), GAPS)
def test_a_value_between_two_classes(low: str, high: str, said: str) -> None:
    finding = one(classes(low, high))
    assert finding.code == "class-gap"
    assert said in finding.message
    assert finding.cases


def test_a_gap_between_a_ban_and_a_duty_and_one_that_a_third_rule_fills() -> None:
    rules = f"rule 1: {EXERCISE} where X.troops is above 9000.\nrule 2: {NOTIFY.format(where=' where X.troops is below 9000', deadline='before X.start')}."
    assert found(rules) == [("class-gap", ("1", "2"))]
    assert found(f"{rules}\nrule 3: {EXERCISE} where X.troops is equal to 9000.") == []
    lengths = "rule 1: no Party shall deploy a missile M where M.range is below 500 km.\nrule 2: no Party shall deploy a missile M where M.range is above 500 km."
    assert "range of exactly 500 km" in one(lengths).message


def test_classes_that_meet_and_classes_that_overlap() -> None:
    assert found(classes("troops is below 9000", "troops is at least 9000")) == []
    assert found(classes("troops is at most 9000", "troops is above 9000")) == []
    assert found(classes("troops is at most 9000", "troops is at least 9000")) == [("class-overlap", ("1", "2"))]
    assert found(classes("troops is at most 10000", "troops is at least 9000")) == [("class-overlap", ("1", "2"))]
    assert found(classes("troops is at least 9000", "troops is at least 13000")) == [], "a stricter class within a wider one"
    assert found(classes("level is below brigade", "level is at least brigade")) == []


# ---- contradictions ---------------------------------------------------------------------------


def test_a_duty_and_a_ban_between_the_same_two_only() -> None:
    ban = "rule 1: Arland shall not conduct an inspection I of Borland.\n"
    assert found(f"{ban}rule 2: {REQUESTED}") == [("duty-forbidden", ("2", "1"))]
    assert "Arland" in one(f"{ban}rule 2: {REQUESTED}").message
    assert (
        found(
            f"{ban}rule 2: when Arland makes an inspection-request R to Carland, Arland shall conduct an inspection of Carland within 10 days of R.received."
        )
        == []
    )


def test_a_recurring_duty_that_is_forbidden_for_a_time() -> None:
    duty = "rule 2: each Party shall send its annual-calendar to every other Party each year by 1 March."
    assert found(f"rule 1: from 2028-01-01, no Party shall send an annual-calendar K.\n{duty}") == [("duty-forbidden", ("2", "1"))]
    assert found(f"rule 1: no Party shall send an annual-calendar K where K.year is above 2030.\n{duty}") == []


def test_floors_and_ceilings_of_parts_and_wholes() -> None:
    ceiling = "rule {}: at all times, for each Party P, the number of {} of P{} shall not exceed {}.\n"
    floor = "rule {}: at all times, for each Party P, the number of {} of P{} shall be at least {}.\n"
    whole = ceiling.format(1, "deployed-missiles M", "", 100)
    part = floor.format(2, "deployed-missiles M", " where M.warheads is at least 2", 150)
    assert proof_codes(whole + part) == ["floor-above-ceiling"]
    assert (
        proof_codes(
            floor.format(1, "deployed-missiles M", "", 150)
            + ceiling.format(2, "deployed-missiles M", " where M.warheads is at least 2", 100)
        )
        == []
    )
    three = floor.format(1, "battle-tanks", "", 600) + floor.format(2, "launchers", "", 600)
    total = "rule 3: at all times, for each Party P, the number of battle-tanks of P + the number of launchers of P shall not exceed 1000."
    assert [(f.code, f.rules) for f in proof_of(text_of(three + total)).findings] == [("floor-above-ceiling", ("1", "2", "3"))]
    assert (
        proof_codes(
            "rule 1: until 2027-01-01, at all times, for each Party P, the number of launchers of P shall not exceed 5.\nrule 2: from 2027-01-01, at all times, for each Party P, the number of launchers of P shall be at least 6."
        )
        == []
    )


def proof_codes(rules: str) -> list[str]:
    return [f.code for f in proof_of(text_of(rules)).findings]


def test_a_history_with_phases(tmp_path: Path) -> None:
    rules = (
        'phase 2 "Closing" begins when all Parties have signed.\n'
        "rule 1: from phase 2, no Party shall conduct an inspection I.\n"
        f"rule 2: {REQUESTED}"
    )
    finding = one(rules)
    assert finding.code == "no-lawful-move"
    assert finding.message.startswith("after four events")
    assert pasted(tmp_path / "agreement.md", text_of(rules), finding)


def test_a_history_with_a_dated_phase_and_a_release() -> None:
    rules = (
        "phase 2 begins on 2028-01-01.\n"
        "rule 1: from phase 2, no Party shall conduct an inspection I.\n"
        f"rule 2: {REQUESTED}\n"
        "rule 3: if A breaches 4, B is released from 2 for 30 days.\n"
        "rule 4: no Party shall conduct a launch L."
    )
    finding = one(rules)
    assert (finding.code, finding.rules) == ("no-lawful-move", ("2", "1"))
    assert "it becomes 2028-01-01" in finding.message


def test_what_a_party_can_do_by_itself_is_a_lawful_move() -> None:
    assert found(f"rule 1: no Party shall conduct an inspection I unless I.type is area.\nrule 2: {REQUESTED}") == []


# ---- deadlines ------------------------------------------------------------------------------------

LATE = [
    ("before it binds", "rule 1: each Party shall provide an assessment to every other Party by 2025-06-30.", ""),
    ("after it binds", "rule 1: each Party shall provide an assessment to every other Party by 2037-06-30.", "; expires 10 years after entry-into-force"),
    ("on no day", "rule 1: from 2027-03-01 until 2027-11-01, each Party shall send its annual-calendar to every other Party each year by 15 November.", ""),
    ("no quarter ends", "rule 1: from 2027-01-05 until 2027-03-01, each Party shall provide an assessment to every other Party each quarter.", ""),
    ("before its question", "rule 1: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A at least 2 days before Q.received.", ""),
    ("strictly before its question", "rule 1: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A before Q.received.", ""),
    ("the else", "rule 1: each Party shall provide an assessment to every other Party by 2027-12-31 else it shall attend consultations with Arland by 2027-06-30.", ""),
    ("so long a notice", "rule 1: " + NOTIFY.format(where="", deadline="at least 42 days before X.start") + ".", "; expires on 2026-02-01"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "life"), [(r, life) for _, r, life in LATE], ids=[name for name, _, _ in LATE])
def test_a_deadline_that_cannot_be_met(rules: str, life: str, tmp_path: Path) -> None:
    finding = one(rules, life)
    assert finding.code == "unmeetable-deadline"
    assert pasted(tmp_path / "agreement.md", text_of(rules, life), finding)


def test_what_another_rule_lets_be_announced_later(tmp_path: Path) -> None:
    rules = (
        "rule 1: when a Party A conducts an inspection I of a Party B, B shall provide an assessment to A at least {} days before I.start.\n"
        "rule 2: each Party that conducts an inspection I shall notify I to every other Party at least 2 days before I.start."
    )
    finding = one(rules.format(5))
    assert (finding.code, finding.rules) == ("unmeetable-deadline", ("1", "2"))
    assert pasted(tmp_path / "agreement.md", text_of(rules.format(5)), finding)
    assert found(rules.format(2)) == []


MET = [
    "rule 1: each Party shall provide an assessment to every other Party by 2026-06-30.",
    "rule 1: from 2027-03-01 until 2027-11-16, each Party shall send its annual-calendar to every other Party each year by 15 November.",
    "rule 1: each Party that conducts an exercise X shall notify X to every other Party before X.start.",
    "rule 1: until 2027-06-30, when a Party A asks an inquiry Q to a Party B, B shall answer Q to A by 2027-06-30.",
    "rule 1: each Party shall provide an assessment to every other Party each year by 29 February.",
]


@pytest.mark.parametrize("rules", MET)
def test_a_deadline_that_can_be_met(rules: str) -> None:
    assert found(rules) == []


# ---- what is not said -------------------------------------------------------------------------


def test_what_is_not_decided_is_said() -> None:
    proof = proof_of(
        text_of(
            "define much as number left open.\n"
            "rule 1: no Party shall conduct an exercise X where X.troops is above much.\n"
            "rule 2: at all times, for each Party P, the number of launchers of P shall not exceed 7 unless P is Arland.\n"
            "define other as agreement left open.\n"
            "rule 3: each Party shall act as required by other article I."
        )
    )
    said = {rule: u.why for u in proof.undecided for rule in u.rules}
    assert "much open" in said["1"]
    assert "unless" in said["2"]
    assert "not at hand" in said["3"]


def test_a_solver_that_gives_up_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.prove import occasions, solver

    def gives_up(*_: object) -> None:
        raise solver.UndecidedError("timeout")

    monkeypatch.setattr(occasions, "clash", gives_up)
    proof = proof_of(text_of(f"rule 1: {EXERCISE} where X.troops is below 0."))
    assert proof.findings == ()
    assert [(u.rules, "timeout" in u.why) for u in proof.undecided] == [(("1",), True)]


def test_what_the_judge_does_not_confirm_is_counted_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("detente.prove.prove"), "confirmed", lambda *_: None)
    proof = proof_of(text_of(f"rule 1: {EXERCISE} where X.troops is below 0."))
    assert (proof.findings, proof.unconfirmed) == ((), {"never-fires": ("1",)})


# ---- neutrality, and the examples ----------------------------------------------------------------


def test_mirrored_agreements_have_mirrored_findings() -> None:
    rules = (
        "rule 1: Arland shall not conduct an inspection I of Borland.\n"
        f"rule 2: {REQUESTED}\n"
        "rule 3: Arland shall not conduct an exercise X where X.troops is above 9000 and X.troops is below 9000.\n"
        "rule 4: Borland shall not conduct a launch L.\nrule 5: Borland shall not conduct a launch L where L is ballistic.\n"
        "define mine as group Arland.\n"
        "rule 6: at all times, for each Party P in mine, the number of launchers of P shall not exceed 700.\n"
        "rule 7: at all times, for each Party P in mine, the number of launchers of P shall be at least 701."
    )
    swap = {"Arland": "Borland", "Borland": "Arland"}

    def mirrored(text: str) -> str:
        return re.sub("Arland|Borland", lambda m: swap[m[0]], text)

    text = text_of(rules)
    before, after = proof_of(text), proof_of(mirrored(text))
    assert len(before.findings) == 4
    assert [mirrored(f.message) for f in before.findings] == [f.message for f in after.findings]
    assert before.unconfirmed == after.unconfirmed == {}


EXPECTED = {"dprk-launches/agreement.md": ["idle-rule"], "dprk-launches/accepting-the-database.md": ["idle-rule"]}
AGREEMENTS = sorted(p for p in (ROOT / "examples").glob("*/*.md") if p.name != "README.md")


@pytest.mark.parametrize("path", AGREEMENTS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_examples(path: Path) -> None:
    proof, _ = prove_agreement(path)
    assert [f.code for f in proof.findings] == EXPECTED.get(f"{path.parent.name}/{path.name}", [])
    assert proof.unconfirmed == {}


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def test_an_agreement_of_many_rules() -> None:
    """Forty rules of ten sorts, three of which have a fault; each fault is found once, and nothing else."""
    kinds = ("exercise", "activity", "flight", "launch")
    spans = [(n, kind, 2027 + level) for n, kind in enumerate(kinds) for level in range(8)]
    rules = [
        f"rule {n}.{year}: no Party shall conduct {_a(kind)} X where X.start is after {year}-01-01 and X.start is before {year}-12-31."
        for n, kind, year in spans
    ]
    rules += ["rule 8.1: no Party shall conduct an exercise X where X.start is after 2028-02-01 and X.start is before 2028-03-01."]
    rules += ["rule 8.2: no Party shall conduct an inspection I.", f"rule 8.3: {REQUESTED}"]
    rules += ["rule 8.4: each Party shall provide an assessment to every other Party by 2020-01-01."]
    proof = proof_of(text_of("\n".join(rules)))
    assert {(f.code, f.rules) for f in proof.findings} == {
        ("idle-rule", ("8.1", "0.2028")),
        ("duty-forbidden", ("8.3", "8.2")),
        ("unmeetable-deadline", ("8.4",)),
    }
    assert proof.unconfirmed == {}


def test_the_ends_of_the_calendar_and_of_numbers() -> None:
    """Nothing is known to be wrong at the edge of what can be written, and nothing stops there."""
    proof = proof_of(
        text_of(
            f"rule 1: {EXERCISE} where X.troops is above 999999999999999 and X.start is after 9998-12-30.\n"
            f"rule 2: {NOTIFY.format(where='', deadline='at least 365250 days before X.start')}.\n"
            "rule 3: each Party shall provide an assessment to every other Party by 1000-01-01."
        ).replace("2026-01-01", "9998-12-01")
    )
    assert [f.rules for f in proof.findings if f.code == "unmeetable-deadline"] == [("3",)]
