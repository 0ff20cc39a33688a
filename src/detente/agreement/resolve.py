"""A document to an agreement: definitions first, then parties, then rules, then cases.

The order in the document does not matter: a rule may use a word that is
defined further down.
"""

from __future__ import annotations

import re

from detente.agreement import tree as t
from detente.agreement.blocks import Frame, read_evidence, read_life, read_parties
from detente.agreement.cases import read_case
from detente.agreement.check import check_agreement
from detente.agreement.clause import Agreement, AnyRule, Article, Case, Group, Head, Phase
from detente.agreement.cycles import cycles
from detente.agreement.define import define
from detente.agreement.index import index
from detente.agreement.lexicon import Lexicon, new_lexicon
from detente.agreement.markdown import Document, Section
from detente.agreement.overriding import overridden
from detente.agreement.parse import parse_block
from detente.agreement.pending import pending
from detente.agreement.reciprocity import read_phase
from detente.agreement.rules import read_rule
from detente.agreement.tree import Statement
from detente.model.problem import Problem
from detente.model.span import Span

_NUMBERED = re.compile(
    r"(article|paragraph|section|annex|chapter|part|§)(?:(?<=§)\s*|\s*\.\s*|\s+)([\w]+(?:[.-]\w+)*)|()(\d+(?:\.\d+)*)(?=[.)]?\s)",
    re.IGNORECASE,
)

Placed = tuple[Statement, int]
"""A statement and the number of the section it stands in."""


def resolve(document: Document, digest: str) -> tuple[Agreement | None, list[Problem]]:
    """The agreement that a document means, and every problem of its blocks.

    The agreement holds what could be understood; whether it may be used
    depends on the problems.
    """
    lexicon = new_lexicon(document)
    statements: list[Placed] = []
    for block in document.blocks:
        if block.sort == "rule":
            found, problems = parse_block(document, block, document.sections[block.section].trail)
            lexicon.report.problems += problems
            statements += [(s, block.section) for s in found]
    ids = _article_ids(document)
    lexicon.index = index(((s.tree, section) for s, section in statements), document.sections, ids)
    frame = _read_words(statements, document, lexicon)
    rules, sections_of = _read_rules(statements, document, lexicon, ids)
    phases = _read_phases(statements, document, lexicon, ids)
    rules = overridden(rules, lexicon.kinds)
    articles = _articles(document, ids, sections_of)
    cases = _read_cases(document, lexicon, rules)
    lexicon.report.trail, lexicon.report.base = (), 0
    agreement = Agreement(
        title=frame.title or _title(document),
        path=document.path,
        digest=digest,
        parties=frame.parties,
        articles=articles,
        rules=tuple(rules),
        kinds=dict(lexicon.kinds),
        groups=_groups_used(lexicon),
        places=dict(lexicon.places),
        quantities=dict(lexicon.quantities),
        life=frame.life,
        evidence=frame.evidence,
        cases=cases,
        phases=phases,
        instruments=dict(lexicon.instruments),
        cycles=cycles(rules, phases, lexicon.index),
        pending=pending(rules, document),
    )
    check_agreement(agreement, document, lexicon.report)
    return agreement, lexicon.report.problems


def _read_words(statements: list[Placed], document: Document, lexicon: Lexicon) -> Frame:
    """Definitions, then the agreement: and evidence: blocks. Groups come before what names them."""
    frame = Frame()
    definitions = [p for p in statements if isinstance(p[0].tree, t.Define)]
    definitions.sort(key=lambda p: _rank(p[0].tree))
    for placed in definitions:
        tree = _enter(placed, document, lexicon)
        if isinstance(tree, t.Define):
            define(tree, lexicon)
    blocks = [p for p in statements if isinstance(p[0].tree, t.AgreementBlock)]
    for placed in blocks:
        tree = _enter(placed, document, lexicon)
        if isinstance(tree, t.AgreementBlock):
            read_parties(tree, lexicon, frame)
    lives = [p for p in blocks if any(not isinstance(i, t.TitleItem | t.PartiesItem) for i in p[0].tree.items)]  # type: ignore[union-attr]  # filtered above
    for number, placed in enumerate(lives):
        tree = _enter(placed, document, lexicon)
        if number:
            lexicon.report.say("repeated-block", "the life of the agreement is stated in two blocks", (0, 9), advice="join them")
        elif isinstance(tree, t.AgreementBlock):
            span = document.span(*placed[0].at, lexicon.report.trail)
            read_life(tree, lexicon, frame, span)
    for placed in statements:
        tree = _enter(placed, document, lexicon)
        if isinstance(tree, t.EvidenceBlock):
            read_evidence(tree, lexicon, frame)
    return frame


def _rank(tree: t.Tree) -> int:
    """Parties and left-open words first, then groups (in the order of the text), then kinds."""
    meaning = tree.meaning if isinstance(tree, t.Define) else None
    match meaning:
        case t.PartyIs() | t.LeftOpenTree():
            return 0
        case t.GroupTree():
            return 1
    return 2


def _enter(placed: Placed, document: Document, lexicon: Lexicon) -> t.Tree:
    """Let problems be reported for this statement from now on."""
    statement, section = placed
    lexicon.report.base = statement.at[0]
    lexicon.report.trail = document.sections[section].trail
    return statement.tree


def _read_rules(
    statements: list[Placed], document: Document, lexicon: Lexicon, ids: list[str]
) -> tuple[list[AnyRule], dict[int, list[str]]]:
    rules: list[AnyRule] = []
    seen: dict[str, int] = {}
    by_section: dict[int, list[str]] = {}
    for placed in statements:
        tree = _enter(placed, document, lexicon)
        if not isinstance(tree, t.RuleTree):
            continue
        statement, section = placed
        names = [tree.id, *(x.id for x in tree.tails if isinstance(x, t.ExceptionTree))]
        for word in names:
            if word.text in seen:
                line = document.span(seen[word.text], seen[word.text]).line
                lexicon.report.say(
                    "duplicate-rule", f"rule {word.text} is already written in line {line}", word.at, advice="give it another number"
                )
            seen.setdefault(word.text, statement.at[0])
        by_section.setdefault(section, []).append(tree.id.text)
        span = document.span(*statement.at, lexicon.report.trail)
        text = document.text[statement.at[0] : statement.at[1]].strip()
        rule = read_rule(tree, Head(tree.id.text, tree.title, ids[section], span, text), lexicon)
        if rule is not None:
            rules.append(rule)
    return rules, by_section


def _read_phases(statements: list[Placed], document: Document, lexicon: Lexicon, ids: list[str]) -> dict[str, Phase]:
    phases: dict[str, Phase] = {}
    seen: dict[str, int] = {}
    for placed in statements:
        tree = _enter(placed, document, lexicon)
        if not isinstance(tree, t.PhaseTree):
            continue
        statement, section = placed
        if tree.id.text in seen:
            line = document.span(seen[tree.id.text], seen[tree.id.text]).line
            lexicon.report.say(
                "duplicate-phase",
                f"phase {tree.id.text} already begins in line {line}",
                tree.id.at,
                advice="join the conditions with `and`",
            )
            continue
        seen[tree.id.text] = statement.at[0]
        span = document.span(*statement.at, lexicon.report.trail)
        phase = read_phase(tree, ids[section], span, document.text[statement.at[0] : statement.at[1]].strip(), lexicon)
        if phase is not None:
            phases[phase.id] = phase
    return phases


def _read_cases(document: Document, lexicon: Lexicon, rules: list[AnyRule]) -> tuple[Case, ...]:
    cases = []
    for block in document.blocks:
        if block.sort == "case":
            lexicon.report.base, lexicon.report.trail = block.start, document.sections[block.section].trail
            cases.append(read_case(document, block, lexicon, rules))
    return tuple(cases)


# ---- headings --------------------------------------------------------------------------


def _title(document: Document) -> str:
    return next((s.heading for s in document.sections if s.level == 1), "")


def _article_ids(document: Document) -> list[str]:
    """One id for each section: the number in its heading, a paragraph's under its article's, else the heading."""
    ids: list[str] = []
    above: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    for section in document.sections:
        while above and above[-1][0] >= section.level:
            above.pop()
        match = _NUMBERED.match(section.heading)
        word, number = (match.group(1) or "", match.group(2) or match.group(4)) if match else ("", "")
        name = number or section.heading or "preamble"
        if word.lower() in ("paragraph", "§") and above and above[-1][1]:
            name = f"{above[-1][1]}.{number}"
        if match is not None:
            above.append((section.level, name))
        seen[name] = seen.get(name, 0) + 1
        ids.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return ids


def _articles(document: Document, ids: list[str], by_section: dict[int, list[str]]) -> tuple[Article, ...]:
    """The sections that say something: those with rules, or with prose under a heading below the title."""
    articles = []
    for number, section in enumerate(document.sections):
        rules = tuple(by_section.get(number, ()))
        if rules or (section.level > 1 and section.prose):
            articles.append(Article(ids[number], section.heading, section.prose, rules, _section_span(document, section)))
    return tuple(articles)


def _section_span(document: Document, section: Section) -> Span:
    return document.span(*document.line_of(section.start), section.trail)


def _groups_used(lexicon: Lexicon) -> dict[str, Group]:
    """The groups that the agreement defines or names."""
    wanted = lexicon.used_groups | set(lexicon.defined)
    return {name: group for name, group in lexicon.groups.items() if name in wanted}
