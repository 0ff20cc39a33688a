"""The main question: every rule, every account, as of a time and as known on a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from detente.agreement.clause import Agreement, Evidence, Quorum
from detente.evidence import Record
from detente.judge.evaluate import Judged, articles, judge_rules
from detente.judge.scene import Scene
from detente.judge.stage import Located, Staging, located_table, stage
from detente.model.account import Account
from detente.model.verdict import ArticleVerdict


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an agreement and a record.

    `as_of`: facts until then; by default the last publication in the record.
    `known_on`: statements published until then; by default as-of. Times are
    UTC. `as_if_in_force` judges an agreement as though it had always been in
    force; every verdict is then marked counterfactual. `accounts` limits what
    is shown, never what is judged. `assume` gives values to terms left open.
    """

    as_of: datetime | None = None
    known_on: datetime | None = None
    as_if_in_force: bool = False
    accounts: tuple[str, ...] = ()
    assume: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judged question. The verdicts' rows stay in the record's database."""

    question: Question
    scene: Scene
    judged: tuple[Judged, ...]
    articles: tuple[ArticleVerdict, ...]
    standard: str

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Every account, in the order of its bit."""
        return self.scene.seating.accounts


def times(question: Question, last_published: datetime | None) -> tuple[datetime, datetime]:
    """As-of and known-on, naive UTC. A known-on before as-of moves as-of. Source: semantics, section 6."""
    last = last_published or datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    as_of = _naive(question.as_of) or _naive(last) or last
    known_on = _naive(question.known_on) or as_of
    return min(as_of, known_on), known_on


def _naive(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def judge(
    agreement: Agreement,
    record: Record,
    question: Question,
    *,
    locate: Callable[[Scene], Sequence[Located]] | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Judgement:
    """Judges every rule. `locate` answers what the rules ask of places.

    Raises:
        detente.judge.seats.TooManyAccountsError: more accounts differ than one run can judge.
    """
    as_of, known_on = times(question, record.last_published)
    scene = stage(agreement, record, Staging(as_of, known_on, question.as_if_in_force))
    if locate is not None:
        located_table(record.database, locate(scene))
    judged = judge_rules(record.database, scene, agreement, progress)
    return Judgement(
        question,
        scene,
        tuple(judged),
        articles(record.database, scene, agreement, judged, counterfactual=question.as_if_in_force),
        standard(agreement.evidence),
    )


def standard(evidence: Evidence) -> str:
    """Which evidence standard was applied, in one sentence."""
    if not evidence.establishes:
        return "No standard of its own: the bearer's admission establishes a breach; otherwise accounts that differ make it disputed."
    named = " or ".join(_basis(e) for e in evidence.establishes)
    return f"By the agreement: a verdict is established by {named}; otherwise accounts that differ make it disputed."


def _basis(basis: str | Quorum) -> str:
    if isinstance(basis, Quorum):
        return f"{basis.count} of {', '.join(basis.sources)}"
    return "the bearer's admission" if basis == "bearer" else basis
