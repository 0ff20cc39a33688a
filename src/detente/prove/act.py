"""What is done about an event in a witness: acts on a day, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from detente.agreement.clause import Act, Agreement, Deadline, Duty, EventVar, FieldOf, Moment, Parties, PartyVar, StrictDeadline
from detente.prove.force import entry_day, later, shifted
from detente.prove.sketch import Row


def names_of(duty: Duty, cells: Mapping[str, str]) -> dict[str, str]:
    """Who each party variable of the occasion is."""
    roles = duty.occasion.roles if duty.occasion is not None else ()
    return {who.name: cells[role] for role, who in roles if isinstance(who, PartyVar) and role in cells}


def acts(agreement: Agreement, act: Act, doer: str, names: Mapping[str, str], about: str, day: date, mark: str = "A") -> tuple[Row, ...]:
    """The act on a day, once for each recipient."""
    fixed, others = {"party": doer}, [("", "")]
    for role, who in act.roles:
        match who:
            case EventVar():
                fixed[role] = about
            case PartyVar(name):
                fixed[role] = names.get(name, doer)
            case Parties(names=(_, *_) as some):
                others = [(role, p) for p in some]
            case _:
                others = [(role, p) for p in agreement.parties if p != doer]
    times = {
        f: day.isoformat() for f, meant in agreement.kinds[act.kind].fields.items() if meant.type == "time" and f not in ("until", "end")
    }
    return tuple(
        Row(act.kind, f"{mark}-{n}", {**fixed, **({role: other} if role else {}), **times}) for n, (role, other) in enumerate(others, 1)
    )


def no_act(act: Act, doer: str, about: str) -> Row:
    """That there was no such act, whatever anybody may say."""
    cells = {role: about for role, who in act.roles if isinstance(who, EventVar)}
    return Row(act.kind, "", {"party": doer, **cells}, denies=True)


def due_day(agreement: Agreement, deadline: Deadline, kind: str, cells: Mapping[str, str]) -> date | None:
    """The last day that is in time; None where the text does not say which day that is."""
    anchor = anchor_day(agreement, deadline, kind, cells)
    if anchor is None:
        return None
    if deadline.duration is None:
        return shifted(anchor, -1) if isinstance(deadline, StrictDeadline) else anchor
    return later(anchor, deadline.duration, -1 if deadline.relation == "before" else 1)


def day_to_act(agreement: Agreement, deadline: Deadline, kind: str, cells: Mapping[str, str]) -> date | None:
    """The last day of which every moment is in time: the one before, where the deadline is an event that is known only by day."""
    due = due_day(agreement, deadline, kind, cells)
    is_by_event = deadline.duration is None and isinstance(deadline.anchor.of, FieldOf) and not isinstance(deadline, StrictDeadline)
    return shifted(due, -1) if due is not None and is_by_event else due


def anchor_day(agreement: Agreement, deadline: Deadline, kind: str, cells: Mapping[str, str]) -> date | None:
    """The day from which a deadline counts."""
    match deadline.anchor.of:
        case Moment(day):
            return day
        case FieldOf(field=field):
            cell = cells.get(field or agreement.kinds[kind].happens or "") or cells.get(agreement.kinds[kind].happens or "")
            return date.fromisoformat(cell[:10]) if cell else None
        case "entry-into-force":
            return entry_day(agreement)
        case _:
            return None


def after_all(rows: Iterable[Row], *days: date | None) -> str:
    """A day on which everything that happens, and every day named, lies behind."""
    found = [d for d in days if d is not None]
    found += [
        date.fromisoformat(v[:10]) for row in rows for v in row.cells.values() if len(v) >= 10 and v[:4].isdigit() and v[4] == v[7] == "-"
    ]
    return shifted(max(found, default=date(2030, 1, 1)), 40).isoformat()
