"""By when: deadlines, their anchors, and the stretch of time a rule is limited to."""

from __future__ import annotations

from detente.agreement import tree as t
from detente.agreement.clause import Anchor, Deadline, FieldOf, Moment, Occasion, PhaseBegins, PhasePoint, StrictDeadline, When
from detente.agreement.deeds import Scope
from detente.agreement.define import calendar_day, duration
from detente.agreement.references import has_phase
from detente.agreement.values import with_article


def read_deadline(by: t.By, occasion: Occasion | None, scope: Scope, *, default: Anchor | None = None) -> Deadline | None:
    """A deadline as meant; None with a problem. `default` is the anchor where the text names none."""
    stretch = None if by.duration is None else duration(by.duration, scope.lexicon)
    if by.duration is not None and stretch is None:
        return None
    if by.point is not None:
        anchor = read_anchor(by.point, occasion, scope)
    elif default is not None:
        anchor = default
    elif occasion is not None:
        happens = scope.lexicon.kinds[occasion.kind].happens
        anchor = None if happens is None else Anchor(FieldOf(occasion.var, happens))
    else:
        scope.report.say(
            "deadline-without-anchor",
            "say from when the time is counted",
            by.at,
            expected=("of a field such as X.start", "after entry-into-force"),
            advice="as in `within 45 days after entry-into-force`",
        )
        return None
    if anchor is None:
        return None
    if by.relation == "before" and stretch is None:
        return StrictDeadline("before", None, anchor)
    return Deadline(by.relation, stretch, anchor)


def read_anchor(point: t.Point, occasion: Occasion | None, scope: Scope) -> Anchor | None:
    """The moment a time is counted from, as meant; None with a problem."""
    match point:
        case t.Entry():
            return Anchor("entry-into-force")
        case t.PhaseName(id_):
            return Anchor(PhaseBegins(id_.text)) if has_phase(id_, scope.lexicon) else None
        case t.Day():
            day = calendar_day(point, scope.report)
            return None if day is None else Anchor(Moment(day))
        case t.Variable(name, at):
            kind = scope.event(name, at)
            if kind is None or kind.happens is None or not _is_occasion(name, occasion, at, scope):
                return None
            return Anchor(FieldOf(name, kind.happens))
        case t.Path(var, name, at):
            kind = scope.event(var, at)
            if kind is None or not _is_occasion(var, occasion, at, scope):
                return None
            field = kind.fields.get(name)
            if field is None or field.type != "time":
                times = [f"{var}.{f.name}" for f in kind.fields.values() if f.type == "time"]
                scope.report.say("unknown-field", f"{with_article(kind.name)} has no time called `{name}`", at, expected=times)
                return None
            return Anchor(FieldOf(var, name))


def _is_occasion(var: str, occasion: Occasion | None, at: t.At, scope: Scope) -> bool:
    if occasion is not None and occasion.var == var:
        return True
    scope.report.say("wrong-variable", f"time is counted from the occasion, and {var} is not it", at)
    return False


def read_when(when: t.WhenWord | None, scope: Scope) -> When | PhasePoint | None:
    """A point in time as meant; None where there is none, or with a problem."""
    if when is None:
        return None
    if isinstance(when.of, t.Day):
        day = calendar_day(when.of, scope.report)
        return None if day is None else When(day)
    after = None if when.after is None else duration(when.after, scope.lexicon)
    if isinstance(when.of, t.PhaseName):
        return PhasePoint(when.of.id.text, after) if has_phase(when.of.id, scope.lexicon) else None
    return When("entry-into-force", after)
