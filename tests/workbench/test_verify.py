"""`detente verify`: whatever was changed is refused by name, and what was not is verified."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from detente.cli.app import app
from detente.model.verdict import RuleVerdict, Verdicts
from detente.report.json import parse_verdicts, verdicts_json
from detente.workbench import NotAskable, Question, Workbench, open_case, verify
from detente.workbench.differ import differences
from detente.workbench.suffices import insufficient
from detente.workbench.verify import compared, failures

from .stories import ANSWERS, CEILING, LIFE, NOTICE, STORIES, ZONE, Story, kept_folder, write_story

ROOT = Path(__file__).parents[2]
SHORT = ("arland-borland", "aircraft-separation", "new-start", "minsk-2015")
"""Examples verified in every run: all shapes of sentence, tracks, inventories, statements of monitors. The long run takes all."""

EXAMPLES = [
    p if p.parent.name in SHORT else pytest.param(p, marks=pytest.mark.soak)
    for p in sorted((ROOT / "examples").glob("*/*.md"))
    if p.name not in ("README.md", "accepting-the-database.md", "treaty-with-the-united-states.md")
]

INSTANCE = "40#west-26>borland"
"""Disputed in NOTICE: Arland says that it notified, Borland denies every notification."""


@cache
def made(story: Story, question: tuple[tuple[str, Any], ...] = ()) -> tuple[Path, Workbench, bytes]:
    """The story in a folder that nobody changes, its workbench, and the verdict file; judged once for all tests."""
    folder = write_story(kept_folder(), story)
    bench = open_case(folder)
    return folder, bench, verdicts_json(bench.check(Question(**{k: dict(v) if k == "assume" else v for k, v in question})))


class Judged:
    """A story on disk and its verdict file, both to be tampered with."""

    def __init__(self, folder: Path, story: Story, **question: Any) -> None:
        source, _, data = made(story, tuple(question.items()))
        self.folder = Path(shutil.copytree(source, folder / "case"))
        self.evidence = self.folder / "evidence"
        self.file = folder / "verdicts.json"
        self.file.write_bytes(data.replace(str(source).encode(), str(self.folder).encode()))

    def verify(self, agreement: Path | None = None) -> str:
        """What does not hold."""
        return "\n".join(verify(self.file, self.evidence, agreement))

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.evidence / name if not name.endswith(".md") else self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def drop_line(self, name: str, beginning: str) -> None:
        path = self.evidence / name
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(beginning)]
        assert len(kept) == len(lines) - 1
        path.write_text("".join(kept), encoding="utf-8")

    def add_line(self, name: str, line: str) -> None:
        path = self.evidence / name
        path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")

    def forge(self, change: Callable[[Any], object]) -> None:
        self.file.write_bytes(tampered(self.file.read_bytes(), change))


@pytest.fixture
def notice(tmp_path: Path) -> Judged:
    return Judged(tmp_path, NOTICE)


def tampered(data: bytes, change: Callable[[Any], object]) -> bytes:
    """The verdict file with something else in it."""
    document = json.loads(data)
    change(document["verdicts"])
    return json.dumps(document).encode()


def forged(change: Callable[[Any], object], story: Story = NOTICE, **question: Any) -> str:
    """What does not hold of the story's verdict file after a change to it; the evidence is the honest one."""
    _, bench, data = made(story, tuple(question.items()))
    return "\n".join(failures(parse_verdicts(tampered(data, change)), bench))


def instances(verdicts: Any) -> dict[str, Any]:
    return {i["id"]: i for a in verdicts["articles"] for r in a["rules"] for i in r["instances"]}


def detente(*args: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in args], catch_exceptions=False)


# ---- honest files ---------------------------------------------------------------------


def reversed_rows(source: Path, target: Path) -> Path:
    """A copy in which the rows of every table stand in the opposite order."""
    shutil.copytree(source, target)
    for path in target.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *reversed(rows)])
    return target


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.name)
def test_untouched(story: Story, tmp_path: Path) -> None:
    """Read again from files whose rows arrived in another order; what each decided verdict cites suffices."""
    folder, _, data = made(story)
    other = open_case(folder / "agreement.md", reversed_rows(folder / "evidence", tmp_path / "evidence"))
    assert failures(parse_verdicts(data), other) == ()


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_examples_untouched(document: Path, tmp_path: Path) -> None:
    question = Question(as_if_in_force=document.parent.name == "drafts-2021")
    claimed = parse_verdicts(verdicts_json(open_case(document).check(question)))
    other = open_case(document, reversed_rows(document.parent / "evidence", tmp_path / "evidence"))
    assert failures(claimed, other) == ()


@pytest.mark.parametrize(
    "options",
    [("--as-if-in-force",), ("--known-on", "2026-01-20"), ("--as-of", "2026-02-10"), ("--account", "neutrals")],
    ids=" ".join,
)
def test_untouched_with_other_questions(options: tuple[str, ...], tmp_path: Path) -> None:
    folder, file = write_story(tmp_path / "case", LIFE), tmp_path / "verdicts.json"
    assert detente("check", folder, "--format", "json", "-o", file, "--exit-zero", *options).exit_code == 0
    result = detente("verify", file, "--evidence", folder / "evidence")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("verified")


def test_untouched_with_an_assumption(tmp_path: Path) -> None:
    judged = Judged(tmp_path, ZONE, assume=(("crowd", "30"),))
    assert instances(json.loads(judged.file.read_bytes())["verdicts"])["IV.2#west-26"]["outcome"] == "breached"
    assert judged.verify() == ""


def test_untouched_elsewhere(notice: Judged, tmp_path: Path) -> None:
    """The folder moved, the agreement named: still the same evidence."""
    moved = Path(shutil.move(notice.folder, tmp_path / "moved"))
    assert verify(notice.file, moved / "evidence", moved / "agreement.md") == ()


def test_a_statement_added_after_known_on(tmp_path: Path) -> None:
    """What was published later changes nothing that was said before."""
    folder, file = write_story(tmp_path / "case", NOTICE), tmp_path / "verdicts.json"
    detente("check", folder, "--format", "json", "-o", file, "--exit-zero", "--known-on", "2026-02-28")
    with (folder / "evidence" / "exercise.csv").open("a", encoding="utf-8") as table:
        table.write("X-9,carland-mfa,asserts,New-26,2026-03-05,2026-03-05,Carland,500,2026-02-25,\n")
    assert verify(file, folder / "evidence") == ()


# ---- evidence and agreement changed ---------------------------------------------------


def test_from_the_command_line(notice: Judged) -> None:
    notice.edit("exercise.csv", "9400", "8400")
    result = detente("verify", notice.file, "--evidence", notice.evidence)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "does not hold: evidence: what was known on 2026-03-01 has the digest" in result.stderr
    assert f"does not hold: {INSTANCE}: " in result.stderr


def test_a_changed_statement(notice: Judged) -> None:
    notice.edit("exercise.csv", "9400", "9300")
    assert "evidence: " in notice.verify()


def test_a_changed_quotation(notice: Judged) -> None:
    """No verdict rests on it, and yet it is evidence."""
    path = notice.evidence / "exercise.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0] + ",quote", *(line + ',"some words"' for line in lines[1:])]) + "\n", encoding="utf-8")
    (only,) = notice.verify().splitlines()
    assert only.startswith("evidence: ")


def test_an_added_statement(notice: Judged) -> None:
    notice.add_line("exercise.csv", "X-9,carland-mfa,asserts,New-26,2026-01-05,2026-01-05,Carland,500,2026-02-25,")
    found = notice.verify()
    assert "evidence: " in found
    assert "statements: the evidence has " in found


@pytest.mark.parametrize(
    ("file", "statement", "named"),
    [
        ("notification.csv", "B-notification-pattern", f"{INSTANCE}: outcome: the evidence gives kept, the file says disputed"),
        ("notification.csv", "A-notification-N-1", "statement A-notification-N-1-"),
        ("completeness.csv", "keeper", "evidence"),
        ("sources.csv", "mission", "evidence"),
    ],
)
def test_an_omitted_statement(file: str, statement: str, named: str, notice: Judged) -> None:
    notice.drop_line(file, statement)
    found = notice.verify()
    assert "evidence: " in found
    assert named in found


def test_an_omitted_file(notice: Judged) -> None:
    (notice.evidence / "notification.csv").unlink()
    assert "evidence: " in notice.verify()


def test_an_omission_that_the_digest_was_made_to_fit(notice: Judged) -> None:
    """A forger leaves a statement out and writes the digest of the thinner evidence: the verdicts give it away."""
    notice.drop_line("notification.csv", "B-notification-pattern")
    thin = open_case(notice.folder).check().evidence_digest
    notice.forge(lambda v: v.update(evidence_digest=thin))
    found = notice.verify()
    assert "evidence: " not in found
    assert f"{INSTANCE}: outcome: the evidence gives kept, the file says disputed" in found


@pytest.mark.parametrize(("old", "new"), [("9000", "9001"), ("Words.", "Other words.")])
def test_a_changed_agreement(old: str, new: str, notice: Judged) -> None:
    notice.edit("agreement.md", old, new)
    (only,) = notice.verify().splitlines()
    assert only.startswith("agreement: the digest of ")
    assert "agreement: its digest is " in notice.verify(notice.folder / "agreement.md")


def test_another_agreement(notice: Judged, tmp_path: Path) -> None:
    found = notice.verify(write_story(tmp_path / "other", ANSWERS) / "agreement.md")
    assert "agreement: " in found
    assert "rule 40" in found


# ---- the verdict file changed -----------------------------------------------------------


def _set(path: str, value: object) -> Callable[[Any], None]:
    def change(verdicts: Any) -> None:
        *steps, last = path.split("/")
        at = verdicts
        for step in steps:
            at = at[int(step)] if step.isdigit() else at[step]
        assert at[last] != value
        at[last] = value

    return change


ARTICLE = "articles/0"
RULE = f"{ARTICLE}/rules/0"
KEPT = {"Arland": "kept", "Borland": "kept", "Carland": "kept", "neutrals": "kept", "press": "kept"}


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("title", "Another", "title: the evidence gives "),
        ("evidence_digest", "0" * 64, "evidence: what was known on "),
        ("agreement_digest", "0" * 64, "agreement: "),
        ("as_of", "2026-02-01T00:00:00Z", "40#"),
        ("known_on", "2026-01-10T23:59:59Z", "evidence: what was known on 2026-01-10"),
        ("counterfactual", True, "40#west-26>borland: statuses: the file leaves out counterfactual"),
        ("standard", "Another standard.", "standard: the evidence gives "),
        ("time_zone", "Europe/Vienna", "time zone: the evidence gives UTC, the file says Europe/Vienna"),
        ("statements", 99, "statements: the evidence has "),
        ("statements", 0, "statements: the evidence has "),
        ("sources", {"party": 9}, "sources: of the kind party "),
        ("sources", {}, "sources: of the kind monitor "),
        ("settles", [], 'settles: the file leaves out "'),
        ("rows_left_out", 3, "rows left out: the evidence gives 0, the file says 3"),
        ("accounts", [], "accounts: the file leaves out the account of Arland"),
        (f"{ARTICLE}/outcome", "kept", "article 1: outcome: the evidence gives disputed, the file says kept"),
        (f"{ARTICLE}/heading", "Another", "article 1: heading: "),
        (f"{ARTICLE}/article", "2", "the file leaves out article 1"),
        (f"{RULE}/rule", "41", "the file leaves out rule 40"),
        (f"{RULE}/outcome", "kept", "rule 40: outcome: the evidence gives disputed, the file says kept"),
        (f"{RULE}/ground", "observed", "rule 40: ground: "),
        (f"{RULE}/counts", {"kept": 99}, "rule 40: counts: "),
        (f"{RULE}/instance_count", 99, "rule 40: instance count: "),
        (f"{RULE}/text", "rule 40: nothing.", "rule 40: text: "),
        (f"{RULE}/votes", KEPT, "rule 40: votes: the evidence gives "),
        (f"{RULE}/instances", [], "the file leaves out 40#"),
        (f"{RULE}/instances/0/id", "40#other", "the file adds 40#other, which the evidence does not give"),
    ],
)
def test_a_changed_field(path: str, value: object, named: str) -> None:
    assert named in forged(_set(path, value))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("outcome", "kept", "outcome: the evidence gives disputed, the file says kept"),
        ("outcome", None, "outcome: the evidence gives disputed, the file says nothing"),
        ("ground", "observed", "ground: the evidence gives accounts differ, the file says observed"),
        ("statuses", ["cured"], "statuses: the file adds cured, which the evidence does not give"),
        ("votes", KEPT | {"press": "open"}, "votes: the evidence gives "),
        ("due", ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"], "due: the evidence gives "),
        ("bearer", "Borland", "bearer: the evidence gives Arland, the file says Borland"),
        ("recipient", "Carland", "recipient: the evidence gives Borland, the file says Carland"),
        ("occasion", "East-26", "occasion: the evidence gives West-26, the file says East-26"),
    ],
)
def test_a_changed_verdict(field: str, value: object, said: str) -> None:
    assert f"{INSTANCE}: {said}" in forged(lambda v: instances(v)[INSTANCE].update({field: value}))


def leaves(at: Any, path: tuple[Any, ...] = ()) -> Any:
    """Where the words and numbers of a document stand, one of each sort."""
    for key in list(at) if isinstance(at, dict) else range(len(at)):
        if isinstance(at[key], dict | list):
            yield from leaves(at[key], (*path, key))
        elif type(at[key]) in (str, int, float, bool):
            yield (*path, key)


def test_every_part_of_a_verdict_file_is_compared() -> None:
    """Whatever word or number is changed, the file is refused; but for where it was made and by what, and what other tests change."""
    spared = {"schema", "agreement_path", "evidence_path", "version", "agreement_digest", "evidence_digest", "statements"}
    data = made(CEILING)[2]
    honest = parse_verdicts(data)
    sorts = {tuple(str(key) for key in path if isinstance(key, str)): path for path in leaves(json.loads(data)) if path[-1] not in spared}
    tried = 0
    for path in (p for p in sorts.values() if "sources" not in p):
        document = json.loads(data)
        at = document
        for step in path[:-1]:
            at = at[step]
        value = at[path[-1]]
        at[path[-1]] = (not value) if isinstance(value, bool) else value + ("x" if isinstance(value, str) else 1)
        try:
            claimed = parse_verdicts(json.dumps(document).encode())
        except ValueError:  # no outcome is called keptx
            continue
        tried += 1
        assert list(differences(compared(honest), compared(claimed), "")), path
    assert tried > 30


@pytest.mark.parametrize("story", [NOTICE, ANSWERS, ZONE, CEILING], ids=lambda s: s.name)
def test_thinned_citations(story: Story) -> None:
    """The forgery by omission: each of an instance's citations in turn."""
    _, _, data = made(story)
    cited = {i: one["cites"] for i, one in instances(json.loads(data)["verdicts"]).items() if one["cites"]}
    assert cited
    for instance, cites in list(cited.items())[:3]:
        for n, left_out in enumerate(cites):
            assert f"{instance}: cites: the file leaves out {left_out}" in forged(
                lambda v, instance=instance, n=n: instances(v)[instance]["cites"].pop(n), story
            )


def test_another_citation() -> None:
    more = "C-exercise-North-26-2026-01-05"
    assert f"{INSTANCE}: cites: the file adds {more}" in forged(lambda v: instances(v)[INSTANCE]["cites"].append(more))


def test_a_citation_of_nothing() -> None:
    found = forged(lambda v: instances(v)[INSTANCE]["cites"].append("no-such-statement"))
    assert f"{INSTANCE}: cites: the file adds no-such-statement" in found
    assert "statement no-such-statement: cited, and not in the evidence" in found


def test_a_citation_twice() -> None:
    assert f"{INSTANCE}: cites: the file says" in forged(
        lambda v: instances(v)[INSTANCE]["cites"].append(instances(v)[INSTANCE]["cites"][0])
    )


def test_citations_in_another_order() -> None:
    """Their order is that of arrival, and says nothing."""
    assert forged(lambda v: instances(v)[INSTANCE]["cites"].reverse()) == ""


def _rule(verdicts: Any) -> Any:
    return next(r for a in verdicts["articles"] for r in a["rules"])


def test_an_instance_left_out() -> None:
    found = forged(lambda v: _rule(v).update(instances=[i for i in _rule(v)["instances"] if i["id"] != INSTANCE]))
    assert f"the file leaves out {INSTANCE}" in found


def test_an_instance_said_twice() -> None:
    assert f"the file says {INSTANCE} more than once" in forged(lambda v: _rule(v)["instances"].append(instances(v)[INSTANCE]))


def test_instances_in_another_order() -> None:
    assert "in another order" in forged(lambda v: _rule(v)["instances"].reverse())


def test_a_rule_left_out() -> None:
    assert "the file leaves out rule IV.1" in forged(lambda v: [a["rules"].pop(0) for a in v["articles"] if a["rules"]], ZONE)


def test_rules_in_another_order() -> None:
    assert "the file has rule IV.2, rule IV.1 in another order" in forged(lambda v: [a["rules"].reverse() for a in v["articles"]], ZONE)


def test_an_article_left_out() -> None:
    assert "the file leaves out article 1" in forged(lambda v: v["articles"].clear())


def test_a_ceilings_spell() -> None:
    found = forged(lambda v: instances(v)["II.1#arland"]["spells"][0]["values"].update(Arland=[1, 1]), CEILING)
    assert (
        "II.1#arland: spells: the spell from 2026-01-01 23:59 UTC: values: the evidence gives Arland 1500, the file says Arland 1" in found
    )


def test_an_assumption_taken_away() -> None:
    assert "IV.2" in forged(lambda v: v.update(assumed={}), ZONE, assume=(("crowd", "30"),))


@pytest.mark.parametrize("value", ["31", "nan", "inf", "1e999", "'", ""])
def test_another_assumption(value: str) -> None:
    assert forged(lambda v: v.update(assumed={"crowd": value}), ZONE)


def test_an_assumption_of_nothing_open() -> None:
    assert "question: it cannot be asked of this evidence: not-left-open" in forged(lambda v: v.update(assumed={"mob": "3"}), ZONE)


def test_an_account_that_is_none() -> None:
    assert "no account is called Dorland" in forged(lambda v: v["accounts"][0].update(name="Dorland"))


def test_an_account_with_other_tiers() -> None:
    found = forged(lambda v: v["accounts"][0].update(tiers=["press"]))
    assert "accounts: the account of Arland: tiers: the file adds press, which the evidence does not give" in found


def test_a_problem_added() -> None:
    problem = {
        "code": "bad-date",
        "message": "x",
        "span": None,
        "excerpt": None,
        "expected": [],
        "help": None,
        "severity": "error",
        "fix": None,
    }
    assert 'problems: the file adds "bad-date: 1 times"' in forged(lambda v: v["problems"].append(problem))


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("field", ["as_of", "known_on"])
def test_times_at_the_ends_of_the_calendar(field: str, moment: str) -> None:
    forged(_set(field, moment))


def test_no_difference_is_shown_as_python_writes_it() -> None:
    """Every message is for a reader: no class names, no quoted lists."""
    changes = [
        lambda v: v.update(settles=v["settles"][1:]),
        lambda v: v["settles"][0].update(articles=["9"]),
        lambda v: v.update(accounts=[]),
        lambda v: instances(v)["II.1#arland"]["spells"].pop(0),
        lambda v: instances(v)["II.1#arland"]["spells"][0].update(end=None),
        lambda v: instances(v)["II.1#arland"].update(votes={}),
        lambda v: v.update(articles=[]),
    ]
    for change in changes:
        found = forged(change, CEILING)
        assert found
        assert not re.search(r"\w\(|[{}\[\]<>]|None|='", re.sub(r"\(ask [^)]*\)", "", found)), found


# ---- citations that do not suffice ----------------------------------------------------


def test_citations_that_do_not_suffice() -> None:
    """Had the judge cited less, the file would be refused, even though it says what the judge says."""
    _, bench, _ = made(NOTICE)
    verdicts = bench.check()

    def tried(change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> list[str]:
        return list(insufficient(_cited(verdicts, INSTANCE, change), bench.agreement, bench.record, bench.judgement(Question())))

    assert tried(lambda cites: cites) == []
    whole = next(i for a in verdicts.articles for r in a.rules for i in r.instances if i.id == INSTANCE).cites
    denial = next(c for c in whole if c.endswith("-denies"))
    without = f"{INSTANCE}: cites: judged on the statements cited alone it is kept, not disputed"
    assert tried(lambda cites: tuple(c for c in cites if c != denial)) == [without]
    # Nothing of the trial is left behind.
    assert failures(verdicts, bench) == ()


def _cited(verdicts: Verdicts, instance: str, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Verdicts:
    """That instance alone, with other citations."""

    def alone(rule: RuleVerdict) -> RuleVerdict:
        return replace(rule, instances=tuple(replace(i, cites=change(i.cites)) for i in rule.instances if i.id == instance))

    return replace(verdicts, articles=tuple(replace(a, rules=tuple(map(alone, a.rules))) for a in verdicts.articles))


# ---- no verdict file at all -------------------------------------------------------------


def refused(file: Path) -> None:
    result = detente("verify", file, "--evidence", file.parent)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("not-a-verdict-file: ")
    assert "help: write one with `detente check" in result.stderr


@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, -2])
def test_truncated(keep: float, tmp_path: Path) -> None:
    _, _, data = made(NOTICE)
    file = tmp_path / "verdicts.json"
    file.write_bytes(data[: int(len(data) * keep) if isinstance(keep, float) else keep])
    refused(file)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"schema": "detente-verdicts/2"}',
        "\x00" * 100,
        "[" * 100_000,
        '{"schema":' * 50_000,
        "\ufeff{}",
        '{"verdicts": 1e999}',
        "# An agreement\n",
    ],
    ids=["empty", "object", "list", "null", "other schema", "zeros", "deep list", "deep object", "mark", "infinity", "agreement"],
)
def test_not_a_verdict_file(text: str, tmp_path: Path) -> None:
    file = tmp_path / "verdicts.json"
    file.write_text(text, encoding="utf-8")
    refused(file)


def test_a_field_that_no_verdict_file_has(tmp_path: Path) -> None:
    file = tmp_path / "verdicts.json"
    file.write_bytes(tampered(made(NOTICE)[2], lambda v: v.update(note="verified by hand")))
    refused(file)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../../etc/passwd", "agreement.md", "/dev/null", "/proc/self/environ", "", ".", "\x00", "a" * 5000]
)
def test_the_agreement_that_a_file_names(path: str, notice: Judged) -> None:
    """A verdict file is hostile too: the agreement that it names is read as one, and nothing of it is shown."""
    notice.forge(lambda v: v.update(agreement_path=path))
    try:
        found = notice.verify()
    except NotAskable as error:
        found = str(error)
    assert found
    assert "root:" not in found
    assert "PATH=" not in found


def test_words_of_a_hostile_file_are_written_out(notice: Judged) -> None:
    notice.forge(lambda v: instances(v)[INSTANCE].update(id="40#\x1b[31mred\u202e"))
    result = detente("verify", notice.file, "--evidence", notice.evidence)
    assert result.exit_code == 1
    assert "\x1b" not in result.stderr
    assert "\u202e" not in result.stderr
