"""Places: where something is, and what it lies in, overlaps, is near to or reaches."""

from __future__ import annotations

from dataclasses import replace

from detente.agreement import tree as t
from detente.agreement.clause import Condition, FieldOf, LeftOpen, Occasion, Placed, PlaceNamed, TerritoryOf
from detente.agreement.deeds import Scope, who_acts
from detente.agreement.values import described, field_of, length, span_at, with_article
from detente.model.kind import Kind


def _place_field(term: t.Path | t.Variable, scope: Scope) -> tuple[FieldOf, Kind] | None:
    """The field that says where: the one written, or the kind's own place."""
    if isinstance(term, t.Path):
        resolved = field_of(term, scope)
        if resolved is None:
            return None
        if resolved[1].type != "place":
            places = [f"{term.var}.{f.name}" for f in scope.events[term.var].fields.values() if f.type == "place"]
            scope.report.say("wrong-type", f"{term.field} is {described(resolved[1])}, not a place", term.at, expected=places)
            return None
        return resolved[0], scope.events[term.var]
    kind = scope.event(term.name, term.at)
    if kind is None:
        return None
    places = [f.name for f in kind.fields.values() if f.type == "place"]
    if "area" in places or len(places) == 1:
        return FieldOf(term.name, "area" if "area" in places else places[0]), kind
    scope.report.say(
        "missing-field",
        f"{with_article(kind.name)} has {'no place' if not places else 'several places'}: say which is meant",
        term.at,
        expected=[f"{term.name}.{p}" for p in places],
    )
    return None


def read_located(located: t.Located, scope: Scope) -> Condition | None:
    """`X.area overlaps border-zone`, as meant."""
    found = _place_field(located.term, scope)
    place = read_place(located.place, scope)
    if found is None or place is None:
        return None
    term, kind = found
    if located.relation == "reaches" and (kind.fields.get("range") is None or kind.fields["range"].unit != "m"):
        scope.report.say(
            "wrong-type",
            f"{with_article(kind.name)} has no range, so it reaches nothing",
            located.at,
            advice=f"define it: `define {kind.name} as {kind.genus} having range: length.`",
        )
        return None
    return Placed(term, located.relation, place, None, span_at(scope, located.at))


def read_reach(place: t.PlaceWord, occasion: Occasion, at: t.At, scope: Scope) -> tuple[Occasion, Condition | None]:
    """`from which it can reach PLACE`: the test, and the occasion with a variable for it to speak of."""
    var = t.Variable(occasion.var, at)
    if not occasion.var:
        free = next(
            f"{letter}{digit}" for digit in range(10) for letter in "XYZ" if f"{letter}{digit}" not in {*scope.events, *scope.parties}
        )
        scope.bind_event(t.Variable(free, at), scope.lexicon.kinds[occasion.kind])
        var = t.Variable(free, at)
    return replace(occasion, var=var.name), read_located(t.Located(var, "reaches", place, (at[0], place.at[1])), scope)


def read_near(test: t.Test, distance: t.Value, place: t.PlaceWord, scope: Scope) -> Condition | None:
    """`X.area is within 50 km of border-zone`, as meant."""
    found = _place_field(test.term, scope)
    metres = length(distance, scope)
    where = read_place(place, scope)
    if found is None or metres is None or where is None:
        return None
    if isinstance(metres, LeftOpen):
        scope.report.say(
            "not-yet-supported", "a distance left open is not supported yet", distance.at, advice="leave the place open instead"
        )
        return None
    return Placed(found[0], "within", where, metres, span_at(scope, test.at))


def read_place(place: t.PlaceWord, scope: Scope) -> PlaceNamed | TerritoryOf | LeftOpen | None:
    """A place as meant; None with a problem."""
    match place:
        case t.OwnTerritory():
            return TerritoryOf(scope.bearer)
        case t.Territory(of):
            who = who_acts(of, scope, binds=False)
            return None if who is None else TerritoryOf(who)
        case t.Word(text):
            known = scope.lexicon.places.get(text)
            if known is not None:
                return LeftOpen(text) if known.is_left_open else PlaceNamed(text)
            advice = (
                f"write `the territory of {text}`" if scope.lexicon.is_state(text) else 'define it: `define NAME as place "FILE.geojson".`'
            )
            scope.report.unknown("unknown-place", f"no place is called `{text}`", place, scope.lexicon.places, advice=advice)
            return None
