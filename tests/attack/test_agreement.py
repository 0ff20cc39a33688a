"""Agreements that are too long, too deep, too many, or that try to steer a terminal."""

from __future__ import annotations

import pytest

from .conftest import AGREEMENT, EXERCISE_HEAD, SOURCES, Case, Runner

RULE = "each Party that conducts an exercise X where X.troops is at least {} shall notify X to every other Party at least 42 days before X.start."


@pytest.mark.slow
def test_ten_thousand_lines(case: Case, run: Runner) -> None:
    """Prose of 10,000 lines with 60 rules in it."""
    articles = [
        f"## Article {100 + n}\n\n"
        + "The Parties shall do as they have said.\n" * 165
        + f"\n```rule\nrule {100 + n}: {RULE.format(9000 + n)}\n```\n"
        for n in range(60)
    ]
    case.put("agreement.md", AGREEMENT + "\n" + "\n".join(articles))
    assert case.agreement.read_text().count("\n") > 10_000
    ran = run("check", case.folder, "--format", "csv")
    assert ran.code == 0
    assert ran.out.count("disputed") == 61


def test_ten_thousand_lines_of_faults(case: Case, run: Runner) -> None:
    line = case.rule("\n".join(f"rule {n}: each Pirate shall sail {n}." for n in range(10_000)))
    ran = run("check", case.folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("syntax-error", "agreement.md", line)
    assert ran.tells("too-many-problems", "agreement.md")
    assert ran.err.count("syntax-error") <= 500


@pytest.mark.parametrize("depth", [200, 5000])
@pytest.mark.parametrize("sort", ["parentheses", "nots", "open"])
def test_a_rule_nested_deep(depth: int, sort: str, case: Case, run: Runner) -> None:
    inner = "X.troops is more than 5"
    nested = {"parentheses": "(" * depth + inner + ")" * depth, "nots": "not (" * depth + inner + ")" * depth, "open": "(" * depth}[sort]
    line = case.rule(f"rule 50: no Party shall conduct an exercise X where {nested}.")
    for command in ("check", "test", "fmt"):
        ran = run(command, case.folder)
        assert (ran.code, ran.out) == (2, "")
        assert (
            ran.tells("nested-too-deep", "agreement.md", line)
            or ran.tells("syntax-error", "agreement.md")
            or ran.tells("unfinished-statement", "agreement.md")
        )
    if sort != "open":
        assert ran.tells("nested-too-deep", "agreement.md", line)


@pytest.mark.parametrize(
    "text",
    [
        "> " * 5000,
        "[" * 20_000,
        "*" * 50_000,
        "`" * 50_000,
        "<" * 50_000,
        "- " * 5000,
        "#" * 50_000,
        "![](" * 5000,
        "|" * 50_000,
        "---\n" + "a: [" * 5000 + "\n---",
    ],
    ids=["quotes", "brackets", "stars", "ticks", "tags", "lists", "hashes", "pictures", "bars", "yaml"],
)
def test_prose_nested_deep(text: str, case: Case, run: Runner) -> None:
    case.put("agreement.md", AGREEMENT + "\n" + text + "\n\nand on\n")
    ran = run("check", case.folder)
    assert ran.code == 0
    assert "disputed" in ran.out


def test_many_long_words(case: Case, run: Runner) -> None:
    for word in ("x" * 90_000, "9" * 90_000, '"' + "y" * 90_000 + '"', "9" * 400):
        line = case.rule(f"rule 50: no Party shall conduct an exercise X where X.troops is more than {word}.")
        ran = run("check", case.folder)
        assert (ran.code, ran.out) == (2, "")
        assert f"agreement.md:{line}:" in ran.err
        assert len(ran.err) < 200_000


@pytest.mark.parametrize(
    "steering", ["\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\u202ethgir\u202c", "\u2066x\u2069", "\x00", "\x08\x08", "\u2028", "\r"]
)
@pytest.mark.parametrize("where", ["prose", "heading", "rule", "title"])
def test_text_that_steers_a_terminal(steering: str, where: str, case: Case, run: Runner) -> None:
    line, text = {
        "prose": (8, AGREEMENT.replace("## Article", f"Words {steering} more.\n\n## Article")),
        "heading": (8, AGREEMENT.replace("## Article", f"## {steering} Article")),
        "rule": (12, AGREEMENT.replace("each Party", f"{steering} each Party")),
        "title": (1, AGREEMENT.replace("# Attacked", f"# Att{steering}acked")),
    }[where]
    line = text[: text.index(steering)].count("\n") + 1
    case.put("agreement.md", text)
    for command in ("check", "fmt"):
        ran = run(command, case.folder)
        assert (ran.code, ran.out) == (2, "")
        assert ran.tells("control-character", "agreement.md", line)


@pytest.mark.parametrize("parties", [62, 63, 300])
def test_many_parties(parties: int, case: Case, run: Runner) -> None:
    """All of them speak, so that every account differs."""
    names = ["Arland", "Borland", *(f"Land{n}" for n in range(2, parties))]
    case.put("agreement.md", AGREEMENT.replace("Arland, Borland", ", ".join(names)))
    case.put("evidence/sources.csv", SOURCES + "".join(f"s{n},Office,party,{name}\n" for n, name in enumerate(names[2:], 2)))
    rows = [f"E-{n},s{n},asserts,West-26,2026-01-02,2026-01-02,Arland,{9000 + n},2026-02-20\n" for n in range(2, parties)]
    case.put("evidence/exercise.csv", EXERCISE_HEAD + "\n" + "".join(rows))
    ran = run("check", case.folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("too-many-accounts")


@pytest.mark.parametrize("name", ["source", "event", "line", "own", "cites", "accounts", "troops-lo", "says"])
def test_fields_that_evidence_reserves(name: str, case: Case, run: Runner) -> None:
    line = case.rule(f'define exercise as event having {name}: text.\nrule 50: no Party shall conduct an exercise X where X.{name} is "x".')
    ran = run("check", case.folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("reserved-name", "agreement.md", line)


@pytest.mark.parametrize("name", ["select", "group", "from", "main", "rowid"])
def test_fields_that_are_words_of_sql(name: str, case: Case, run: Runner) -> None:
    case.rule(f'define exercise as event having {name}: text.\nrule 50: no Party shall conduct an exercise X where X.{name} is "it".')
    case.put(
        "evidence/exercise.csv", f"{EXERCISE_HEAD},{name}\nA-1,arland-mod,asserts,West-26,2026-01-02,2026-01-02,Arland,9400,2026-02-20,it\n"
    )
    ran = run("check", case.folder, "--format", "csv")
    assert "syntax-error" in ran.err or "50#west-26,Arland,,West-26,breached" in ran.out


@pytest.mark.parametrize("word", ["'; DROP TABLE statement; --", "') OR 1=1 --", "{x} %s $1 ? \\ $$x$$", "''"])
def test_words_that_are_sql(word: str, case: Case, run: Runner) -> None:
    case.rule(f'define exercise as event having colour: text.\nrule 50: no Party shall conduct an exercise X where X.colour is "{word}".')
    case.put(
        "evidence/exercise.csv",
        f'{EXERCISE_HEAD},colour\nA-1,arland-mod,asserts,West-26,2026-01-02,2026-01-02,Arland,9400,2026-02-20,"{word}"\n',
    )
    ran = run("check", case.folder, "--format", "csv")
    assert ran.code == 1
    assert "50#west-26,Arland,,West-26,breached" in ran.out
    assert run("explain", case.folder, "50").code == 0
