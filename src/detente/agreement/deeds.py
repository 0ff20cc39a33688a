"""Verbs with their objects and phrases: which kind of event a deed is, and who fills which field."""

from __future__ import annotations

from dataclasses import dataclass, field

from detente.agreement import tree as t
from detente.agreement.clause import Anyone, AnyOther, EventVar, EveryOther, Parties, PartyVar, Role, Who
from detente.agreement.lexicon import Lexicon, Report
from detente.model.kind import Field, Kind, Verb

_MANY = 12
"""Longer lists of words are not spelled out in a message."""


@dataclass(slots=True)
class Scope:
    """The variables of one rule: events with their kind, and parties.

    `bearer` is the bearer's variable, "" where the author gave none.
    """

    lexicon: Lexicon
    events: dict[str, Kind] = field(default_factory=dict)
    parties: set[str] = field(default_factory=set)
    bearer: PartyVar = field(default_factory=lambda: PartyVar(""))
    used: set[str] = field(default_factory=set)

    @property
    def report(self) -> Report:
        """Where problems go."""
        return self.lexicon.report

    def bind_event(self, var: t.Variable | None, kind: Kind) -> str:
        """Let a variable stand for an event of this kind; its name, "" for none."""
        if var is None:
            return ""
        self._refuse_second(var)
        self.events[var.name] = kind
        return var.name

    def bind_party(self, var: t.Variable) -> PartyVar:
        """Let a variable stand for a party."""
        self._refuse_second(var)
        self.parties.add(var.name)
        return PartyVar(var.name)

    def _refuse_second(self, var: t.Variable) -> None:
        if var.name in self.events or var.name in self.parties:
            self.report.say(
                "duplicate-variable", f"{var.name} already stands for something else in this rule", var.at, advice="use another letter"
            )

    def event(self, name: str, at: t.At) -> Kind | None:
        """The kind of the event a variable stands for, or a problem."""
        if name in self.events:
            self.used.add(name)
            return self.events[name]
        if name in self.parties:
            self.report.say("wrong-variable", f"{name} stands for a party, and an event is needed here", at, expected=sorted(self.events))
        else:
            self._say_unknown(name, at)
        return None

    def party(self, var: t.Variable) -> PartyVar | None:
        """A variable that stands for a party, or a problem."""
        if var.name in self.parties:
            self.used.add(var.name)
            return PartyVar(var.name)
        if var.name in self.events:
            self.report.say(
                "wrong-variable",
                f"{var.name} stands for {_a(self.events[var.name].name)}, and a party is needed here",
                var.at,
                expected=sorted(self.parties),
            )
        else:
            self._say_unknown(var.name, var.at)
        return None

    def _say_unknown(self, name: str, at: t.At) -> None:
        known = sorted({*self.events, *self.parties})
        self.report.say(
            "unknown-variable",
            f"nothing in this rule is called {name}",
            at,
            expected=known,
            advice=f"name it where it first appears: `an exercise {name}`, `a Party {name}`",
        )


@dataclass(frozen=True, slots=True)
class Done:
    """A deed as meant: the kind of event and its roles, the actor left to the caller."""

    kind: Kind
    verb: Verb
    var: str
    roles: tuple[Role, ...]


def read_deed(deed: t.Deed, form: str, scope: Scope, *, binds: bool) -> Done | None:
    """What kind of event a deed is, and its roles; or None with problems.

    `form` is the form its verb must have. With `binds` the object's variable
    comes to stand for the event.
    """
    found = _choose(deed, form, scope)
    if found is None:
        return None
    kind, verb = found
    roles: list[Role] = []
    var = ""
    match deed.object:
        case t.NounPhrase(noun=noun) as phrase if scope.lexicon.kind_named(noun.text) is kind:
            if binds:
                var = scope.bind_event(phrase.var, kind)
        case None:
            pass
        case thing if verb.takes == "about":
            about = _about(thing, kind.fields["about"], scope)
            if about is not None:
                roles.append(("about", about))
        case thing:
            who = fill(thing, kind.fields[verb.prepositions[""]], scope, binds=binds)
            if who is not None:
                roles.append((verb.prepositions[""], who))
    for extra in deed.phrases:
        name = verb.prepositions.get(extra.preposition)
        if name is None:
            shown = [f"`{p}`" for p in verb.prepositions if p]
            scope.report.say("unknown-role", f"`{deed.verb.text}` does not go with `{extra.preposition}`", extra.at, expected=shown)
            continue
        if name in (role for role, _ in roles):
            scope.report.say("duplicate-role", f"{name} is filled twice", extra.at)
            continue
        filled = fill(extra.of, kind.fields[name], scope, binds=binds)
        if filled is not None:
            roles.append((name, filled))
    return Done(kind, verb, var, tuple(roles))


def fill(nominal: t.Nominal, field_: Field, scope: Scope, *, binds: bool) -> Who | EventVar | None:
    """Who or what fills a field; or None with a problem."""
    if field_.type == "ref":
        return _about(nominal, field_, scope)
    if field_.type == "party":
        return _someone(nominal, field_, scope, binds=binds)
    if isinstance(nominal, t.NounPhrase) and nominal.determiner in ("", "the") and nominal.var is None:
        word = nominal.noun
        if field_.type == "place":
            if word.text not in scope.lexicon.places:
                scope.report.unknown("unknown-place", f"no place is called `{word.text}`", word, scope.lexicon.places)
                return None
        elif field_.type == "category" and word.text not in field_.levels:
            scope.report.unknown("unknown-level", f"`{word.text}` is not a {field_.name}", word, field_.levels)
            return None
        return Parties(names=(word.text,))
    scope.report.say("wrong-role", f"{field_.name} takes a word here", nominal.at)
    return None


def who_acts(nominal: t.Nominal, scope: Scope, *, binds: bool) -> Who | None:
    """Who a phrase means: parties, a variable, or whoever."""
    who = _someone(nominal, Field("party", "party"), scope, binds=binds)
    return None if isinstance(who, EventVar) else who


def _someone(nominal: t.Nominal, field_: Field, scope: Scope, *, binds: bool) -> Who | EventVar | None:
    match nominal:
        case t.It():
            return scope.bearer
        case t.Variable():
            return scope.party(nominal)
        case t.NounPhrase(determiner="every other", noun=t.Word(text="Party" | "State")):
            return EveryOther()
        case t.NounPhrase(determiner="any other", noun=t.Word(text="Party" | "State")):
            return AnyOther()
        case t.NounPhrase(determiner="all", noun=t.Word(text="Party" | "State")):
            return Parties()
        case t.NounPhrase(noun=t.Word(text="Party"), var=var):
            return scope.bind_party(var) if var and binds else Parties()
        case t.NounPhrase(noun=t.Word(text="State"), var=var):
            return scope.bind_party(var) if var and binds else Anyone()
        case t.NounPhrase(determiner="" | "the", noun=noun):
            return _named(noun, scope)
    scope.report.say(
        "wrong-role",
        f"{field_.name} takes a party or state here",
        nominal.at,
        expected=("a Party A", "every other Party", "any other Party", "a party's name"),
    )
    return None


def _named(noun: t.Word, scope: Scope) -> Who | None:
    lexicon = scope.lexicon
    if noun.text in lexicon.groups and not lexicon.is_state(noun.text):
        lexicon.used_groups.add(noun.text)
        return Parties(group=noun.text)
    name = lexicon.state_named(noun)
    return None if name is None else Parties(names=(name,))


def _about(nominal: t.Nominal, field_: Field, scope: Scope) -> EventVar | None:
    if isinstance(nominal, t.Variable):
        kind = scope.event(nominal.name, nominal.at)
        if kind is None:
            return None
        if field_.of is not None and kind.name != field_.of:
            scope.report.say("wrong-object", f"{nominal.name} stands for {_a(kind.name)}, and {_a(field_.of)} is needed here", nominal.at)
            return None
        return EventVar(nominal.name)
    scope.report.say(
        "wrong-object",
        "a variable is needed here, to say which event is meant",
        nominal.at,
        expected=sorted(scope.events),
        advice="name the event where it first appears: `an exercise X`",
    )
    return None


def _choose(deed: t.Deed, form: str, scope: Scope) -> tuple[Kind, Verb] | None:
    """The one kind and verb that fit a deed, or None with a problem."""
    lexicon = scope.lexicon
    known = lexicon.verbs(form)
    candidates = known.get(deed.verb.text, [])
    if not candidates:
        lexicon.report.unknown(
            "unknown-verb",
            f"nothing is known that a party can `{deed.verb.text}`",
            deed.verb,
            known,
            advice="define it: `define NAME as event in which party VERB ...`",
        )
        return None
    fitting = [(k, v) for k, v in candidates if _fits(deed, k, v, scope)]
    if not fitting:
        _say_misfit(deed, candidates, scope)
        return None
    if len(fitting) > 1 and deed.object is None:
        _say_misfit(deed, fitting, scope)
        return None
    if len(fitting) > 1:
        names = ", ".join(sorted(k.name for k, _ in fitting))
        lexicon.report.say(
            "ambiguous-verb",
            f"`{deed.verb.text}` may mean {names} here",
            deed.at,
            advice="name the kind as its object, or give one of the kinds a verb of its own",
        )
        return None
    lexicon.used_kinds.add(fitting[0][0].name)
    return fitting[0]


def _fits(deed: t.Deed, kind: Kind, verb: Verb, scope: Scope) -> bool:
    match deed.object:
        case None:
            said = {x.preposition for x in deed.phrases}
            if verb.takes == "about":
                return any(name == "about" and p in said for p, name in verb.prepositions.items())
            return said <= verb.prepositions.keys() and "" not in verb.prepositions
        case t.NounPhrase(noun=noun) if (named := scope.lexicon.kind_named(noun.text)) is not None:
            return verb.takes == "itself" and named.name == kind.name
        case t.Variable(name) if name in scope.events:
            return verb.takes == "about" and _points_to(kind.fields["about"], scope.events[name])
        case t.Variable(name) if name not in scope.parties:
            return verb.takes == "about"
        case _:
            return "" in verb.prepositions


def _points_to(field_: Field, kind: Kind) -> bool:
    return field_.of is None or field_.of == kind.name


def _say_misfit(deed: t.Deed, candidates: list[tuple[Kind, Verb]], scope: Scope) -> None:
    """The problem of a verb whose object it cannot take."""
    report = scope.report
    objects = sorted(
        {k.name if v.takes == "itself" else "a variable" for k, v in candidates if "" not in v.prepositions}
        | {"a party" for _, v in candidates if "" in v.prepositions}
    )
    expected = objects if len(objects) <= _MANY else ()
    if deed.object is None:
        report.say("missing-object", f"`{deed.verb.text}` needs to say what", deed.at, expected=expected)
        return
    noun = deed.object.noun if isinstance(deed.object, t.NounPhrase) else None
    if noun is not None and noun.text not in ("Party", "State") and scope.lexicon.kind_of(noun) is None:
        return
    report.say("wrong-object", f"`{deed.verb.text}` does not take this", deed.object.at, expected=expected)


def _a(name: str) -> str:
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"
