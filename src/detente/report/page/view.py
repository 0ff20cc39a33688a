"""What the template shows of one agreement: the dossier arranged in rows, cells and cases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import urlsplit

from detente.model.dossier import Dossier, Occurrence
from detente.model.statement import Statement
from detente.model.verdict import ArticleVerdict, Explanation, InstanceVerdict, Outcome, RuleVerdict, Status, Tale, Vote
from detente.report.columns import Column, Columns, columns
from detente.report.page import map as places
from detente.report.page import timeline as times
from detente.report.page.look import fill_name, mark
from detente.report.page.markup import Markup, tag
from detente.report.page.prose import prose_html
from detente.report.page.speech import Speech
from detente.report.words import beside, summary, without_verdict

MOST_ACCOUNTS = 4
"""Columns of accounts in the table; accounts that vote alike share one (see `report.columns`)."""
_MOST_KINDS = 6
_MOST_NAMED = 12
_MOST_OCCASIONS = 4
_LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome, a status in its place, or a vote: its mark, its fill and its word."""

    mark: Markup
    fill: str
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: an article that has several rules, a rule of such an article, or both in one."""

    number: str
    title: str
    note: str
    is_article: bool
    is_rule: bool
    link: str | None
    votes: tuple[Answer, ...]
    overall: Answer
    ground: str
    beside: str
    observed: float | None
    observed_said: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A statement as it stands under a case. `address` is its page, where it names one."""

    anchor: str
    id: str
    source: str
    statement: Statement
    restated: str
    date: str
    address: str | None
    lang: str | None
    """The language of the quotation, where it is one that a page may name."""

    @property
    def host(self) -> str:
        """Whose page it is; the whole address is in the link, and in print."""
        return urlsplit(self.address).hostname or "" if self.address else ""

    @property
    def file(self) -> str:
        """The file of the record in which it stands."""
        return PurePath(self.statement.file or "").name


@dataclass(frozen=True, slots=True)
class Case:
    """One instance with its reasons."""

    anchor: str
    explanation: Explanation
    answer: Answer
    ground: str
    accounts: tuple[tuple[str, Answer, Tale], ...]
    quoted: tuple[Quoted, ...]
    anchors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """One rule with the cases that are told in full, and how many are not."""

    anchor: str
    rule: RuleVerdict
    answer: Answer
    cases: tuple[Case, ...]
    untold: int


class Chapter:
    """One agreement in the report. Every property is a part of the page."""

    def __init__(self, dossier: Dossier, speech: Speech, place: int) -> None:
        self.d, self.v, self.speech = dossier, dossier.verdicts, speech
        self.id = f"c{place}"
        self.columns: Columns = columns(self.v, MOST_ACCOUNTS)
        self._anchor_of: dict[str, str] = {}
        self._rules = [rule for article in self.v.articles for rule in article.rules]
        for index, rule in enumerate(self._rules):
            self._anchor_of[rule.rule] = f"{self.id}-r{index}"
            for number, instance in enumerate(i for i in rule.instances if i.id in dossier.explanations):
                self._anchor_of[instance.id] = f"{self.id}-r{index}-{number}"
        self.chart = places.chart(dossier)

    # ---- the opening ------------------------------------------------------------------

    @property
    def headline(self) -> str:
        """All outcomes in one sentence."""
        if self.speech.language == "en":
            return summary(self.v).split(". ")[0].rstrip(".")
        if not self._rules:
            return self.speech.words("headline-none")
        shares = [self.speech.words("share", n=n, what=self.speech.words(code)) for code, n in self._counts()]
        code = "headline-as-if" if self.v.counterfactual else "headline"
        return self.speech.words(code, n=len(self._rules), shares=self.speech.listed(shares))

    def _counts(self) -> Iterator[tuple[str, int]]:
        found: dict[str, int] = {str(o): sum(r.outcome is o for r in self._rules) for o in Outcome}
        for rule in self._rules:
            if rule.outcome is None:
                status = str(without_verdict(rule.statuses))
                found[status] = found.get(status, 0) + 1
        return ((code, n) for code, n in found.items() if n)

    @property
    def tally(self) -> list[tuple[str, int, Markup, str]]:
        """(fill, how many rules, mark, word), from kept to breached; those without a verdict last."""
        order = (Outcome.KEPT, Outcome.BREACHED, Outcome.DISPUTED, Outcome.UNVERIFIED, None)
        counts = {o: sum(r.outcome is o for r in self._rules) for o in order}
        words = {o: self.speech.words(str(o)) if o else self.speech.words("without-verdict") for o in order}
        return [(fill_name(o), counts[o], mark(o), words[o]) for o in order if counts[o] or o is not None]

    @property
    def facts(self) -> list[tuple[str, str | Markup]]:
        """What was judged, as of when, on what."""
        v, words = self.v, self.speech.words
        start, end = self.d.period
        period = f"{self.speech.date(start)} – {self.speech.date(end)}" if start and end else self.speech.date(v.as_of)
        spoken = f"{words('statements', n=v.statements)}, {words('of-sources', n=sum(v.sources.values()))}"
        left_out = f"; {words('rows-left-out', n=v.rows_left_out)}" if v.rows_left_out else ""
        facts: list[tuple[str, str | Markup]] = [
            (words("fact-agreement"), v.title),
            (words("fact-parties"), self._named(self.d.parties, 6)),
            (words("fact-period"), period),
            (words("fact-as-of"), self.speech.moment(v.as_of)),
            (words("fact-known-on"), self.speech.moment(v.known_on)),
            (words("fact-evidence"), spoken + left_out),
            (words("fact-unseen"), self.unseen),
        ]
        facts += [(words("fact-assumed"), f"{name} = {value}") for name, value in v.assumed.items()]
        facts += [(words("fact-digest"), _digest(v.agreement_digest)), (words("fact-evidence-digest"), _digest(v.evidence_digest))]
        return facts

    @property
    def unseen(self) -> str:
        """The kinds of which nobody could see whether they happened."""
        if not self.d.unwatched:
            return self.speech.words("unseen-none")
        names = [self.kind(k) for k in self.d.unwatched[:_MOST_KINDS]]
        rest = len(self.d.unwatched) - len(names)
        more = [self.speech.words("and-more", n=rest)] if rest else []
        return self.speech.words("unseen-kinds", kinds=", ".join(names) + ("" if not more else " " + more[0]))

    def kind(self, name: str) -> str:
        """What a kind is called in this language."""
        return self.d.labels.get(name, {}).get(self.speech.language) or self.d.labels.get(name, {}).get("en") or name

    def _named(self, names: tuple[str, ...] | list[str], most: int) -> str:
        shown = ", ".join(names[:most])
        return f"{shown} {self.speech.words('and-more', n=len(names) - most)}" if len(names) > most else self.speech.listed(names)

    @property
    def note(self) -> str:
        """How many articles have no rule; English has it in its summary."""
        silent = sum(1 for article in self.v.articles if not article.rules)
        if not silent or not self._rules:
            return ""
        if self.speech.language == "en":
            return summary(self.v).partition(". ")[2]
        return self.speech.words("declaratory-articles", n=silent)

    # ---- the table ------------------------------------------------------------------

    @property
    def titles(self) -> list[str]:
        """The heads of the columns of accounts."""
        return [self._title(column) for column in self.columns.shown]

    def _title(self, column: Column) -> str:
        if len(column.accounts) == 1:
            return self.account(column.name)
        size = sum(len(a.parties) or 1 for a in column.accounts)
        return self.speech.words("all-parties" if size == len(self.d.parties) else "other-parties", n=size)

    def account(self, name: str) -> str:
        """What an account is called in this language."""
        return self.speech.words(name) if name in ("neutrals", "press", "analysts") else name

    @property
    def rows(self) -> Iterator[Row]:
        """Every article with rules, and under it its rules where it has several."""
        for article in self.v.articles:
            if len(article.rules) == 1:
                yield self._row(article.rules[0], article, is_article=True, is_rule=True)
            elif article.rules:
                yield self._row(article, article, is_article=True, is_rule=False)
                for rule in article.rules:
                    yield self._row(rule, article, is_article=False, is_rule=True)

    def _row(self, of: RuleVerdict | ArticleVerdict, article: ArticleVerdict, *, is_article: bool, is_rule: bool) -> Row:
        share = self.d.observed.get(of.rule.removesuffix(".else")) if isinstance(of, RuleVerdict) else None
        title = (of.title or article.heading) if isinstance(of, RuleVerdict) and not is_article else _bare(article)
        also = beside(of.statuses) if of.outcome is not None else ()
        return Row(
            number=of.rule if isinstance(of, RuleVerdict) else article.article,
            title=title,
            note=self._cases(of) if isinstance(of, RuleVerdict) else "",
            is_article=is_article,
            is_rule=is_rule,
            link=f"#{self._anchor_of[of.rule]}" if isinstance(of, RuleVerdict) else None,
            votes=tuple(self.answer(of.votes.get(column.name)) for column in self.columns.shown),
            overall=self.overall(of),
            ground=self.speech.words(str(of.ground)) if of.ground and is_rule else "",
            beside=", ".join(self.speech.words(str(s)) for s in also) if is_rule else "",
            observed=share,
            observed_said=self.speech.percent(share) if share is not None else "",
        )

    def _cases(self, rule: RuleVerdict) -> str:
        """How many cases have the outcome, of those with one; as the table on a terminal counts them."""
        total = sum(rule.counts.values())
        if rule.outcome is None or total < 2:
            return ""
        found = rule.counts.get(rule.outcome, 0)
        if found < total:
            return self.speech.words("cases-of", n=total, k=self.speech.number(found))
        return self.speech.words("cases", n=total)

    def overall(self, of: RuleVerdict | ArticleVerdict | InstanceVerdict) -> Answer:
        """The outcome, or the status that stands in its place."""
        word = str(of.outcome) if of.outcome else str(without_verdict(of.statuses))
        return Answer(mark(of.outcome), fill_name(of.outcome), self.speech.words(word))

    def answer(self, vote: Vote | None) -> Answer:
        """One account's vote."""
        return Answer(mark(vote), fill_name(vote), self.speech.words(str(vote)) if vote is not None else "")

    @property
    def table_notes(self) -> Iterator[str]:
        """What the table cannot hold: who shares a column, who has none, which articles have no rule."""
        for column in self.columns.shown:
            if len(column.accounts) > 1:
                names = [self.account(p) for a in column.accounts for p in (a.parties or (a.name,))]
                yield self.speech.words("shares-column", title=self._title(column), names=self._named(names, _MOST_NAMED))
        if self.columns.folded:
            names = [self.account(a.name) for c in self.columns.folded for a in c.accounts]
            yield self.speech.words("not-shown", names=self._named(names, _MOST_NAMED))
        silent = [a.article for a in self.v.articles if not a.rules]
        if silent and self._rules:
            yield self.speech.words("declaratory-list", articles=", ".join(silent))

    # ---- map and time line ------------------------------------------------------------

    @property
    def map_wide(self) -> Markup:
        """The map, with the coast taken from the head of the page."""
        assert self.chart is not None  # noqa: S101  the template asks first
        return places.draw(self.chart, self.d, self.speech, base=tag("use", href=f"#{self.id}-coast"))

    @property
    def map_narrow(self) -> Markup:
        """The same for a narrow page."""
        assert self.chart is not None  # noqa: S101
        return places.draw(self.chart, self.d, self.speech, big=1.75, base=tag("use", href=f"#{self.id}-coast"))

    @property
    def coast(self) -> Markup:
        """The coast, once for both."""
        return tag("g", self.chart.base, id=f"{self.id}-coast") if self.chart else Markup()

    @property
    def legend(self) -> tuple[str, ...]:
        """Codes of what the map holds besides marks."""
        return places.legend(self.d)

    @property
    def disputed(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Disputed areas that are drawn, and by account whose land each is."""
        nobody = self.speech.words("nobody-says")
        return [
            (d.name, [(self.account(a), owner or nobody) for a, owner in d.owners.items()]) for d in self.d.drawings if d.sort == "disputed"
        ]

    def occasions(self, marked: places.Marked) -> tuple[list[tuple[str, str, Answer]], int]:
        """(name, where its reasons are, outcome) of the occasions at one mark, the first few, and how many more there are."""
        order = list(Outcome)
        ranked = sorted(marked.occasions, key=lambda o: order.index(o.outcome) if o.outcome else len(order))
        shown = [(self._occasion(o), self._link(o), Answer(mark(o.outcome), "", "")) for o in ranked[:_MOST_OCCASIONS]]
        return shown, len(ranked) - len(shown)

    def _occasion(self, occurrence: Occurrence) -> str:
        at = occurrence.happens[0] or occurrence.happens[1]
        return occurrence.event + (f", {self.speech.short_date(at)}" if at else "")

    def _link(self, occurrence: Occurrence) -> str:
        found = next((self._anchor_of[i] for i in occurrence.instances if i in self._anchor_of), f"{self.id}-reasons")
        return f"#{found}"

    @property
    def unplaced(self) -> int:
        """Occasions of verdicts without a place."""
        return sum(1 for o in self.d.occurrences if o.outcome is not None and not o.spots)

    @property
    def time_wide(self) -> Markup:
        """The time line."""
        return times.timeline(self.d, self.speech, times.WIDE)

    @property
    def time_narrow(self) -> Markup:
        """The same for a narrow page."""
        return times.timeline(self.d, self.speech, times.NARROW)

    @property
    def time_notes(self) -> Iterator[str]:
        """What the time line leaves out."""
        if n := times.undated(self.d):
            yield self.speech.words("undated", n=n)
        if n := times.hidden_lanes(self.d):
            yield self.speech.words("other-lanes", n=n)

    # ---- reasons ------------------------------------------------------------------------

    @property
    def told(self) -> Iterator[Told]:
        """Every rule with its cases."""
        for rule in self._rules:
            cases = tuple(self._case(i) for i in rule.instances if i.id in self.d.explanations)
            yield Told(self._anchor_of[rule.rule], rule, self.overall(rule), cases, rule.instance_count - len(cases))

    def _case(self, instance: InstanceVerdict) -> Case:
        explanation = self.d.explanations[instance.id]
        anchor = self._anchor_of[instance.id]
        anchors = {id_: f"{anchor}-s{n}" for n, id_ in enumerate(explanation.cited)}
        return Case(
            anchor=anchor,
            explanation=explanation,
            answer=self.overall(instance),
            ground=", ".join(
                [
                    *([self.speech.words(str(instance.ground))] if instance.ground else []),
                    *(self.speech.words(str(s)) for s in self._also(instance)),
                ]
            ),
            accounts=tuple((self._named([self.account(a) for a in t.accounts], 3), self.answer(t.vote), t) for t in explanation.tales),
            quoted=tuple(self._quoted(id_, anchors[id_], words) for id_, words in explanation.cited.items()),
            anchors=anchors,
        )

    def _also(self, instance: InstanceVerdict) -> tuple[Status, ...]:
        word = None if instance.outcome else without_verdict(instance.statuses)
        return tuple(s for s in beside(instance.statuses) if s is not word)

    def _quoted(self, id_: str, anchor: str, words: str) -> Quoted:
        statement = self.d.statements.get(id_)
        if statement is None:
            empty = Statement(0, id_, "", "", "asserts", None, self.v.as_of, self.v.as_of)
            return Quoted(anchor, id_, words, empty, "", "", None, None)
        source = self.d.sources.get(statement.source)
        says = self.speech.words(statement.says)
        restated = f"{says}: {self.kind(statement.kind)} {statement.event or self.speech.words('pattern')}"
        name = source.name if source else statement.source
        lang = statement.language if statement.language and _LANGUAGE.fullmatch(statement.language) else None
        return Quoted(anchor, id_, name, statement, restated, self.speech.date(statement.said), address(statement.cite), lang)

    def between(self, bounds: tuple[float | None, float | None]) -> str:
        """What a quantity can be: "1,500", "1,400–1,500", "≥ 1,400", "?"."""
        lo, hi = (self.speech.number(v) if v is not None else None for v in bounds)
        if lo is None and hi is None:
            return "?"
        if lo is None or hi is None:
            return f"≤ {hi}" if lo is None else f"≥ {lo}"
        return lo if lo == hi else f"{lo}–{hi}"

    @property
    def cited_terms(self) -> str:
        """Terms of art with the authentic text that they are taken from."""
        return "; ".join(f"{term} ({source})" for term, source in self.speech.cited().items())

    # ---- the rest -----------------------------------------------------------------------

    @property
    def articles(self) -> Iterator[tuple[str, str, Markup, Answer | None]]:
        """The text: number, heading, prose, and the verdict where there is one."""
        for article in self.v.articles:
            answer = self.overall(article) if article.rules else None
            yield article.article, _bare(article), prose_html(article.prose, self.d.tested.get(article.article, ())), answer


def address(cite: str | None) -> str | None:
    """A page's address that may be linked: http or https with a host, and nothing else."""
    if cite is None or not cite.lower().startswith(("http://", "https://")) or any(c.isspace() for c in cite):
        return None
    try:
        return cite if urlsplit(cite).hostname else None
    except ValueError:
        return None


def _digest(digest: str) -> Markup:
    """In groups of eight, so that two people can compare it aloud."""
    return tag("code", " ".join(digest[i : i + 8] for i in range(0, len(digest), 8)))


def _bare(article: ArticleVerdict) -> str:
    """The heading without its number: "Article 40 (prior notification)" is "Prior notification"."""
    rest = article.heading.removeprefix(f"Article {article.article}").strip(" .:-–—")
    if rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1]
    return rest[:1].upper() + rest[1:] if rest else article.heading
