"""Events that a proof makes up, as rows for the judge and as a case block that an author can paste."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from detente.agreement.clause import Agreement, Kept, Permission, Release
from detente.cases.judged import Locator, by_rules, judged
from detente.judge import Question
from detente.model.verdict import InstanceVerdict

OBSERVER = "observer"
"""Who tells invented events: a monitor that nobody contradicts."""


@dataclass(frozen=True, slots=True)
class Row:
    """One event told, or (with `denies`) that there was none that fits."""

    kind: str
    event: str
    cells: Mapping[str, str]
    denies: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the judge must say for the witness to count: one of `words`, of the instance about an event, of a bearer or of whoever."""

    rule: str
    event: str
    words: tuple[str, ...]
    bearer: str = ""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A case before it is judged. `as_of` is an ISO date; `rules` are those it is judged by."""

    title: str
    as_of: str
    rows: tuple[Row, ...]
    wanted: tuple[Wanted, ...]


def confirmed(agreement: Agreement, sketch: Sketch, locator: Locator) -> str | None:
    """The case block, if the judge says what is wanted; None if it does not.

    An agreement may list whose word counts. So the monitor tells the events first; where that decides nothing, every Party tells them too.
    """
    for tellers in ((OBSERVER,), (OBSERVER, *agreement.parties)):
        targets = _judged(agreement, sketch, tellers, locator)
        if targets is not None:
            return _block(agreement, sketch, tellers, targets)
    return None


def table(rows: Sequence[Row]) -> tuple[str, ...]:
    """The events as lines of a table, one column for each thing said."""
    lines = [(f"no {row.kind}" if row.denies else f"{row.kind} {row.event}", *(f"{k} {v}" for k, v in row.cells.items())) for row in rows]
    widths = [max((len(line[n]) for line in lines if len(line) > n), default=0) for n in range(max(map(len, lines), default=0))]
    return tuple("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=False)).rstrip() for line in lines)


# ---- judging --------------------------------------------------------------------------


def is_dated(agreement: Agreement) -> bool:
    """Whether the text says from when it binds; where it does not, cases are judged as if in force."""
    entry = agreement.life.entry
    return entry is None or not isinstance(entry, str)


def _judged(agreement: Agreement, sketch: Sketch, tellers: tuple[str, ...], locator: Locator) -> list[str] | None:
    ids = {want.rule.removesuffix(".else") for want in sketch.wanted}
    for rule in agreement.rules:
        refs = rule.notwithstanding if isinstance(rule, Permission) else (*rule.scope, rule.of) if isinstance(rule, Release) else ()
        if any(ids & set(ref.rules) for ref in refs):
            ids |= {rule.head.id} | {i for ref in refs for i in ref.rules}
    milestones = [m for phase in agreement.phases.values() if isinstance(phase.begins, tuple) for m in phase.begins]
    ids |= {i for m in milestones if isinstance(m, Kept) for i in m.of.rules}
    asked = by_rules(agreement, ids, (row.kind for row in sketch.rows))
    zone = ZoneInfo(agreement.evidence.time_zone)
    moment = datetime.combine(datetime.fromisoformat(sketch.as_of).date(), time.max, zone).astimezone(UTC)
    question = Question(as_of=moment, known_on=moment, as_if_in_force=not is_dated(agreement))
    try:
        judgement, record = judged(asked, _rows(agreement, sketch, tellers), question, locator)
    except OverflowError:  # the calendar ends with the year 9999
        return None
    instances = [i for article in judgement.articles for rule in article.rules for i in rule.instances]
    faults = [p for p in record.problems if p.severity == "error"]
    record.database.close()
    if faults:
        return None
    targets = []
    for want in sketch.wanted:
        about = [i for i in instances if _is_about(i, want)]
        found = next((i for i in about if _word(i) in want.words), None)
        if found is not None:
            targets.append(f"{found.id} {_word(found)}")
        elif "untested" in want.words and not about:
            targets.append(f"{want.rule}#{want.event.casefold()} untested" if want.event else f"{want.rule} untested")
        else:
            return None
    return targets


def _is_about(instance: InstanceVerdict, want: Wanted) -> bool:
    is_event = (instance.occasion or "").casefold() == want.event.casefold() if want.event else True
    return instance.rule == want.rule and is_event and (not want.bearer or instance.bearer.casefold() == want.bearer.casefold())


def _word(instance: InstanceVerdict) -> str:
    return instance.outcome.value if instance.outcome is not None else instance.statuses[0].value if instance.statuses else "untested"


def _rows(agreement: Agreement, sketch: Sketch, tellers: tuple[str, ...]) -> list[dict[str, str]]:
    grade = dict(zip(("reliability", "credibility"), _grade(agreement), strict=True)) if _grade(agreement) else {}
    rows: list[dict[str, str]] = [{"table": "sources", "id": OBSERVER, "name": OBSERVER, "kind": "monitor", "speaks_for": "", **grade}]
    rows += [{"table": "sources", "id": p, "name": p, "kind": "party", "speaks_for": p, **grade} for p in tellers if p != OBSERVER]
    said = {"said_at": sketch.as_of, "published_at": sketch.as_of}
    for row in sketch.rows:
        for source in tellers:
            named = {"says": "denies"} if row.denies else {"says": "asserts", "event": row.event}
            rows.append({"kind": row.kind, "source": source, **named, **row.cells, **said})
    return rows


# ---- as a block -------------------------------------------------------------------------


def _grade(agreement: Agreement) -> str:
    return "A1" if agreement.evidence.least_grade is not None else ""


def _block(agreement: Agreement, sketch: Sketch, tellers: tuple[str, ...], targets: Sequence[str]) -> str:
    graded = f" graded {_grade(agreement)}" if _grade(agreement) else ""
    lines = [f'```case "{sketch.title}"', f"as of {sketch.as_of}", *(() if is_dated(agreement) else ("as if in force",))]
    lines.append(f"source {OBSERVER} is a monitor{graded}")
    for row in sketch.rows:
        for source in tellers:
            said = " ".join(f"{k} {_quoted(v)}" for k, v in row.cells.items())
            what = f"denies: {row.kind} {said}" if row.denies else f"says: {row.kind} {row.event} {said}"
            lines.append(f"{_quoted(source)} {what}".rstrip())
    lines += [f"expect {target}" for target in targets]
    return "\n".join([*lines, "```"])


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text or not text else text
