"""`define ... as ...`: from its tree into the lexicon."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from detente.agreement import tree as t
from detente.agreement.clause import Constant, Group, Instrument, LeftOpen, Membership, Place
from detente.agreement.lexicon import Lexicon, Report
from detente.model.duration import FIRST_YEAR, LAST_YEAR, Duration
from detente.model.kind import Field, Kind, Verb
from detente.model.span import Span
from detente.vocabulary.reserved import is_reserved, is_reserved_kind
from detente.vocabulary.units import UNITS

_PLAIN_TYPES = ("party", "ref", "place", "text", "flag", "count", "number", "time")
_WORD_TYPES = {"reference": "ref", "length": "number", "mass": "number", "level": "scale"}
_LARGEST = 1e15
"""Numbers beyond this are refused: no treaty counts so far, and they would lose their last digits."""


def define(statement: t.Define, lexicon: Lexicon) -> None:
    """Add what one `define` says to the lexicon, with problems for what it says wrongly."""
    name, meaning = statement.name, statement.meaning
    if not lexicon.define(name):
        return
    match meaning:
        case t.KindTree():
            _define_kind(name, meaning, lexicon)
        case t.PlaceFile(file):
            if _is_outside(file):
                lexicon.report.say(
                    "place-outside-folder",
                    f"the file of a place lies beside the agreement; `{file}` may not",
                    name.at,
                    advice='write its name only, such as "border-zone.geojson"',
                )
            lexicon.places[name.text] = Place(name.text, file, is_left_open=False, span=_span(name, lexicon))
        case t.InstrumentFile(file):
            if _is_outside(file):
                lexicon.report.say(
                    "agreement-outside-folder",
                    f"the file of another agreement lies beside this one; `{file}` may not",
                    name.at,
                    advice='write its name only, such as "incsea-1972.md"',
                )
            lexicon.instruments[name.text] = Instrument(name.text, file, is_left_open=False, span=_span(name, lexicon))
        case t.PlaceInEvidence():
            lexicon.places[name.text] = Place(name.text, None, is_left_open=False, span=_span(name, lexicon))
        case t.GroupTree(members):
            lexicon.groups[name.text] = Group(name.text, _members(members, lexicon))
        case t.NumberIs(amount):
            constant = number(amount, lexicon)
            if constant is not None:
                lexicon.quantities[name.text], lexicon.quantity_units[name.text] = constant
        case t.DurationIs(lasting):
            stretch = duration(lasting, lexicon)
            if stretch is not None:
                lexicon.durations[name.text] = stretch
        case t.PartyIs(party):
            lexicon.aliases[name.text] = party
            lexicon.aliases.setdefault(party, party)
        case t.LeftOpenTree(sort):
            if sort == "place":
                lexicon.places[name.text] = Place(name.text, None, is_left_open=True, span=_span(name, lexicon))
            elif sort == "agreement":
                lexicon.instruments[name.text] = Instrument(name.text, None, is_left_open=True, span=_span(name, lexicon))
            else:
                lexicon.quantities[name.text] = LeftOpen(name.text)


def number(amount: t.Amount, lexicon: Lexicon) -> tuple[Constant, str | None] | None:
    """A number in canonical units, with that unit (`m`, `t`, or None for a bare number); or a problem."""
    value: float | int = float(amount.number)
    shown = amount.number if amount.unit is None else f"{amount.number} {amount.unit}"
    if abs(value) > _LARGEST:
        lexicon.report.say("number-too-large", "numbers beyond 10^15 are not read", amount.at)
        return None
    if value == int(value):
        value = int(value)
    if amount.unit is None:
        return Constant(value, shown), None
    if amount.unit in UNITS:
        canonical, factor = UNITS[amount.unit]
        return Constant(float(value) * factor, shown), canonical
    return Constant(value, shown), amount.unit


def duration(stretch: t.Stretch, lexicon: Lexicon) -> Duration | None:
    """A length of time as meant, or a problem."""
    if isinstance(stretch, t.Word):
        if stretch.text in lexicon.durations:
            return lexicon.durations[stretch.text]
        if isinstance(lexicon.quantities.get(stretch.text), LeftOpen):
            lexicon.report.say("not-yet-supported", "a length of time left open is not supported yet", stretch.at)
            return None
        lexicon.report.unknown(
            "unknown-name",
            f"no length of time is called `{stretch.text}`",
            stretch,
            lexicon.durations,
            advice="write a number and hours, days, months or years",
        )
        return None
    if "." in stretch.number:
        lexicon.report.say(
            "fraction-of-time", f"a length of time is a whole number of {stretch.unit}", stretch.at, advice="use a smaller unit"
        )
        return None
    if len(stretch.number) > 7 or int(stretch.number) > _LONGEST[stretch.unit]:
        lexicon.report.say("number-too-large", "lengths of time are at most 1,000 years", stretch.at)
        return None
    return Duration(int(stretch.number), stretch.unit)  # type: ignore[arg-type]  # the terminal allows no other unit


_LONGEST = {"years": 1_000, "months": 12_000, "days": 365_250, "hours": 8_766_000, "minutes": 9_999_999}
"""A thousand years in each unit, or as many as seven digits tell: what is counted from any date then has a date."""


def calendar_day(day: t.Day | None, report: Report) -> date | None:
    """The date that is written, or None, with a problem where there is no such day or nothing could be counted from it."""
    if day is None:
        return None
    year, month, number_ = (int(x) for x in day.text.split("-"))
    try:
        found = date(year, month, number_)
    except ValueError:
        report.say("impossible-date", f"there is no day {day.text}", day.at)
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        report.say("impossible-date", f"years lie between {FIRST_YEAR} and {LAST_YEAR}; {day.text} does not", day.at)
        return None
    return found


def members_on(item: t.MembersOn, lexicon: Lexicon) -> tuple[str, ...]:
    """The members of a group on a day."""
    group = lexicon.group_named(item.group)
    day = calendar_day(item.on, lexicon.report)
    if day is None or not isinstance(group, str):
        return ()
    names = tuple(dict.fromkeys(m.member for m in lexicon.groups[group].members if _holds(m, day)))
    if not names:
        lexicon.report.say("empty-group", f"{group} had no members on {day}", item.group.at)
    return names


def _holds(member: Membership, day: date) -> bool:
    return (member.since is None or member.since <= day) and (member.until is None or day < member.until)


def _members(items: t.MemberList, lexicon: Lexicon) -> tuple[Membership, ...]:
    members: list[Membership] = []
    for item in items:
        if isinstance(item, t.MembersOn):
            members += [Membership(name) for name in members_on(item, lexicon)]
            continue
        since, until = calendar_day(item.since, lexicon.report), calendar_day(item.until, lexicon.report)
        if since and until and until <= since and item.until:
            lexicon.report.say("ends-before-it-begins", f"{item.name.text} leaves before it joins", item.until.at)
        if item.name.text in lexicon.groups and not (since or until):
            lexicon.used_groups.add(item.name.text)
            members += lexicon.groups[item.name.text].members
        else:
            members.append(Membership(lexicon.party(item.name.text), since, until))
    return tuple(dict.fromkeys(members))


def _define_kind(name: t.Word, meaning: t.KindTree, lexicon: Lexicon) -> None:
    known = lexicon.kinds.get(name.text)
    if known is None and is_reserved_kind(name.text):
        lexicon.report.say(
            "reserved-name", f"evidence has a table `{name.text}` that is about no kind", name.at, advice="call the kind something else"
        )
        return
    fields: dict[str, Field] = dict(known.fields) if known else {"party": Field("party", "party")}
    for item in meaning.fields:
        made = _field(item, lexicon)
        if made is not None:
            fields[made.name] = made
    verb = _verb(name, meaning.verb, fields, lexicon) if meaning.verb else None
    _refuse_reserved(name, meaning, fields, lexicon)
    if verb:
        verb = replace(verb, prepositions={p: f for p, f in verb.prepositions.items() if f in fields})
    is_message = "sent" in fields and "received" in fields
    happens = _happens(name, meaning, fields, known, lexicon)
    if meaning.genus == "thing":
        fields.setdefault("from", Field("from", "time"))
        fields.setdefault("until", Field("until", "time"))
    kind = known or Kind(
        name.text,
        meaning.genus,
        {},
        plural=plural_of(name.text),
        labels={"en": name.text.replace("-", " ")},
        unit="count" if meaning.genus == "stock" else None,
    )
    registers = kind.registers
    if meaning.register and meaning.register.text not in registers:
        registers = (*registers, meaning.register.text)
    acts = ("party", "recipient") if is_message and "recipient" in fields else kind.acts
    verbs = kind.verbs
    if verb:
        verbs = (verb, *(v for v in verbs if v.base != verb.base))
    lexicon.add_kind(replace(kind, genus=meaning.genus, fields=fields, verbs=verbs, happens=happens, acts=acts, registers=registers))


def _refuse_reserved(name: t.Word, meaning: t.KindTree, fields: dict[str, Field], lexicon: Lexicon) -> None:
    """Take out fields whose columns every table of evidence has already, or that differ from another field by nothing that a table keeps."""
    written = {item.name.text: item.name.at for item in meaning.fields}
    if meaning.verb:
        written = {word.text: word.at for _, word in meaning.verb.signature} | written
    columns: dict[str, str] = {}
    for one in list(fields):
        plain = one.casefold().replace("-", "_")
        if is_reserved(one):
            text = f"`{one}` means something in every table of evidence already"
        elif plain in columns:
            text = f"in a table `{one}` is the same as `{columns[plain]}`"
        else:
            columns[plain] = one
            continue
        lexicon.report.say("reserved-name", text, written.get(one, name.at), advice="call the field something else")
        del fields[one]


def _happens(name: t.Word, meaning: t.KindTree, fields: dict[str, Field], known: Kind | None, lexicon: Lexicon) -> str | None:
    if meaning.genus == "stock":
        return None
    if meaning.happens is not None:
        given = fields.get(meaning.happens.text)
        if given is None or given.type != "time":
            times = [f.name for f in fields.values() if f.type == "time"]
            lexicon.report.unknown("unknown-field", f"{name.text} has no time called `{meaning.happens.text}`", meaning.happens, times)
            return None
        return given.name
    if known is not None and known.happens in fields:
        return known.happens
    if meaning.genus == "thing":
        return "from"
    times = [f.name for f in fields.values() if f.type == "time"]
    for usual in ("received", "start"):
        if usual in times:
            return usual
    if not times:
        lexicon.report.say(
            "no-time", f"{name.text} has no time field, so nothing says when it happens", name.at, advice="add one: `having start: time`"
        )
        return None
    return times[0]


def _field(item: t.FieldTree, lexicon: Lexicon) -> Field | None:
    if item.type is None:
        levels = tuple(w.text for w in item.levels)
        if len(set(levels)) < len(levels):
            lexicon.report.say("duplicate-level", f"a word stands twice in the list of {item.name.text}", item.name.at)
            return None
        return Field(item.name.text, "scale" if item.is_scale else "category", levels=levels)
    written = item.type.text
    plain = _WORD_TYPES.get(written, written)
    unit = {"length": "m", "mass": "t"}.get(written)
    if plain not in _PLAIN_TYPES:
        if lexicon.kind_named(written):
            return Field(item.name.text, "ref", of=written)
        lexicon.report.unknown(
            "unknown-type", f"there is no type of field called `{written}`", item.type, [*_PLAIN_TYPES, "length", "mass", "one of ..."]
        )
        return None
    if item.unit is not None:
        if plain != "number" or item.unit.text not in UNITS:
            lexicon.report.unknown("unknown-unit", f"`{item.unit.text}` is no unit of length or mass", item.unit, UNITS)
            return None
        unit = UNITS[item.unit.text][0]
    return Field(item.name.text, plain, unit=unit)  # type: ignore[arg-type]  # checked against _PLAIN_TYPES


def _verb(name: t.Word, item: t.VerbTree, fields: dict[str, Field], lexicon: Lexicon) -> Verb:
    base, participle = (w.text for w in item.forms) if item.forms else _forms(item.third.text)
    takes = "itself" if item.object is None or item.object.text == name.text else "about"
    fields.setdefault(item.subject.text, Field(item.subject.text, "party"))
    if takes == "about":
        of = item.object.text if item.object else None
        fields.setdefault("about", Field("about", "ref", of=of if of in lexicon.kinds else None))
    prepositions = {}
    for preposition, field_name in item.signature:
        fields.setdefault(field_name.text, Field(field_name.text, "party"))
        prepositions[preposition] = field_name.text
    return Verb(base, item.third.text, participle, takes, prepositions)  # type: ignore[arg-type]  # one of the two above


def _forms(third: str) -> tuple[str, str]:
    """A regular verb's base form and participle: `notifies` gives `notify`, `notified`."""
    if third.endswith("ies"):
        return third[:-3] + "y", third[:-3] + "ied"
    if third.endswith(("sses", "shes", "ches", "xes", "zes")):
        return third[:-2], third[:-2] + "ed"
    base = third.removesuffix("s")
    return base, base + ("d" if base.endswith("e") else "ed")


def plural_of(name: str) -> str:
    """The plural of a kind that an agreement defines."""
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


def _is_outside(file: str) -> bool:
    """Whether a file's name could lead out of the agreement's folder."""
    parts = file.replace("\\", "/").split("/")
    return not file or file.startswith(("/", "\\", "~")) or ".." in parts or ":" in file or "\0" in file


def _span(word: t.Word, lexicon: Lexicon) -> Span:
    report = lexicon.report
    return report.document.span(report.base + word.at[0], report.base + word.at[1], report.trail)
