"""Small random evidence for the fixed agreements: few events, so that sources collide.

Every row has an id of its own and times with a zone; cells take every form that
a person may type.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from detente.agreement.clause import Agreement, Evidence

from .fixed import (
    ACCESSION_DATA,
    AFTER_DAYS,
    ANSWERS,
    BOMBERS,
    BRIGADES,
    DATED_LIFE,
    DEPLOYMENTS,
    DISTANCE,
    LIVING,
    NOTIFICATION,
    PARTIES,
    STRENGTH,
    WARHEADS,
    agreement,
    kinds,
)

Raw = dict[str, str]

SOURCES: tuple[Raw, ...] = (
    {"table": "source", "id": "arland-mfa", "name": "Arland", "kind": "party", "speaks_for": "Arland"},
    {"table": "source", "id": "arland-radar", "name": "Arland's radar", "kind": "sensor", "speaks_for": "Arland"},
    {"table": "source", "id": "borland-mfa", "name": "Borland", "kind": "party", "speaks_for": "Borland"},
    {"table": "source", "id": "carland-mfa", "name": "Carland", "kind": "party", "speaks_for": "Carland"},
    {"table": "source", "id": "mission", "name": "The mission", "kind": "monitor", "speaks_for": ""},
    {"table": "source", "id": "observers", "name": "Observers", "kind": "monitor", "speaks_for": ""},
    {"table": "source", "id": "satellite", "name": "A satellite", "kind": "sensor", "speaks_for": ""},
    {"table": "source", "id": "keeper", "name": "The register", "kind": "register", "speaks_for": ""},
    {"table": "source", "id": "herald", "name": "The Herald", "kind": "press", "speaks_for": ""},
)

MOMENTS = ("2026-01-03T08:00:00Z", "2026-01-12T08:00:00Z", "2026-02-05T08:00:00Z", "2026-03-02T08:00:00Z")

# What a cell may hold, by kind and field. Each pool mixes exact values, ranges and open ends around what the rules ask.
EXERCISES = ("East-26", "West-26")
DEPLOYED = ("D-1", "D-2")
_PARTY = (*PARTIES, "Arland", "Borland")
_DAYS = ("2026-01-06", "2026-01-08T12:00:00Z", "2026-01-09", "2026-01-10", "2026-01-05..2026-01-20", "<2026-01-15", ">=2026-01-10")
_FEB = (
    "2026-02-01",
    "2026-02-01T10:00:00Z",
    "2026-02-03T10:00:00Z",
    "2026-02-03T10:00:01Z",
    "2026-02-05",
    "2026-02-01..2026-02-04",
    "<=2026-02-03",
    ">2026-02-06",
)
_START = ("2026-02-20", "2026-02-20T06:00:00Z", "2026-02-21", "2026-02-15..2026-02-25", ">=2026-02-20", "2026-04-30")
CELLS: dict[str, dict[str, Sequence[str]]] = {
    "exercise": {
        "party": _PARTY,
        "area": ("border", "inland"),
        "level": ("battalion", "brigade", ">=brigade", "battalion..division", "<brigade"),
        "troops": ("8900", "9000", "9400", "8200..10100", ">=9000", "<9000", "9000..9100"),
        "aircraft": ("3", "40"),
        "unannounced-to-troops": ("yes", "no"),
        "start": _START,
    },
    "notification": {"party": _PARTY, "recipient": _PARTY, "about": (*EXERCISES, "D-1"), "sent": _DAYS, "received": _DAYS},
    "inquiry": {"party": _PARTY, "recipient": _PARTY, "received": _FEB},
    "reply": {"party": _PARTY, "recipient": _PARTY, "about": ("Q-1", "Q-2"), "received": _FEB},
    "consultation": {"party": _PARTY, "recipient": _PARTY, "start": _FEB},
    "consent": {
        "party": _PARTY,
        "about": EXERCISES,
        "given": ("2026-02-10", "2026-02-20", "2026-02-20T06:00:00Z", "<2026-02-15", "2026-02-18..2026-02-22"),
    },
    "deployment": {
        "party": _PARTY,
        "on": ("Carland", "Dorland"),
        "troops": ("100", "101", "5000", "90..200", ">100"),
        "nuclear": ("yes", "no"),
        "start": ("2026-01-05", "2026-01-09..2026-01-12", "2026-01-31T23:00:00Z", "2026-02-01", "2026-01-20"),
    },
    "inventory": {
        "party": _PARTY,
        "of": ("deployed-warhead", "deployed-warhead", "stationed-troop"),
        "value": ("1500", "1550", "1551", "90", "1400..1600", ">=1500", "<=1550"),
        "as-of": ("2026-01-01", "2026-01-10T10:00:00Z", "2026-01-10", "2026-01-08..2026-01-12"),
        "until": ("2026-02-01", "2026-02-10T00:00:00Z"),
    },
    "change": {
        "party": _PARTY,
        "of": ("deployed-warhead", "deployed-warhead", "stationed-troop"),
        "by": ("1", "60", "-20", "-10..10"),
        "at": ("2026-01-10T10:00:30Z", "2026-01-10", "2026-01-15", "2026-01-05..2026-01-20"),
    },
    "deployed-heavy-bomber": {"party": _PARTY, "from": ("2026-01-02", "2026-01-20"), "until": ("2026-01-25", "2026-02-10")},
    "deployed-missile": {"party": _PARTY, "warheads": ("2", "3..4", ">=4"), "from": ("2026-01-02", "2026-01-20"), "until": ("2026-02-10",)},
    "data-exchange": {
        "party": _PARTY,
        "recipient": _PARTY,
        "received": ("2026-01-20", "2026-02-04", "2026-02-05T08:00:00Z", "2026-01-30..2026-02-10"),
    },
    "ratification": {"party": PARTIES, "deposited": ("2026-01-01", "2026-01-05", "2026-01-01..2026-01-10")},
    "withdrawal": {"party": PARTIES, "notified": ("2026-01-10", "2026-01-21", "2026-01-05..2026-01-25")},
    "suspension": {"party": PARTIES, "start": ("2026-01-08", "2026-02-01"), "end": ("2026-02-10",)},
    "extension": {"party": PARTIES, "agreed": ("2026-03-01",)},
}
EVENTS: dict[str, Sequence[str]] = {
    "exercise": EXERCISES,
    "notification": ("N-1", "N-2"),
    "inquiry": ("Q-1", "Q-2"),
    "reply": ("R-1", "R-2"),
    "consultation": ("K-1",),
    "consent": ("C-1", "C-2", "C-3"),
    "deployment": DEPLOYED,
    "inventory": ("I-1", "I-2"),
    "change": ("G-1", "G-2"),
    "deployed-heavy-bomber": ("H-1", "H-2", "H-3"),
    "deployed-missile": ("M-1",),
    "data-exchange": ("X-1", "X-2"),
    "ratification": ("Z-1", "Z-2", "Z-3"),
    "withdrawal": ("W-1",),
    "suspension": ("S-1",),
    "extension": ("T-1", "T-2", "T-3"),
}
_LIFE = ("ratification", "withdrawal", "suspension", "extension")

SETTINGS: dict[str, tuple[Agreement, tuple[str, ...]]] = {
    "notification": (agreement(NOTIFICATION), ("exercise", "notification", "notification")),
    "answers": (agreement(ANSWERS), ("inquiry", "reply", "reply", "consultation")),
    "brigades": (agreement(BRIGADES), ("exercise", "exercise", "consent")),
    "deployments": (agreement(DEPLOYMENTS), ("deployment",)),
    "days": (agreement(AFTER_DAYS), ("deployment", "notification")),
    "warheads": (agreement(WARHEADS, STRENGTH), ("inventory", "inventory", "change")),
    "warheads, changes open": (agreement(WARHEADS, evidence=Evidence(changes="open")), ("inventory", "change")),
    "bombers": (agreement(BOMBERS), ("deployed-heavy-bomber", "deployed-heavy-bomber", "deployed-missile")),
    "left open": (agreement(DISTANCE), ("exercise",)),
    "living": (agreement(NOTIFICATION, ACCESSION_DATA, life=LIVING), ("exercise", "notification", "data-exchange", *_LIFE)),
    "dated life": (
        agreement(ACCESSION_DATA, BRIGADES, WARHEADS, life=DATED_LIFE),
        ("data-exchange", "exercise", "consent", "inventory", "withdrawal"),
    ),
    "Moscow time": (
        agreement(NOTIFICATION, ANSWERS, evidence=Evidence(time_zone="Europe/Moscow")),
        ("exercise", "notification", "inquiry", "reply"),
    ),
}


RATIFIED: tuple[Raw, ...] = tuple(
    {"table": "ratification", "id": f"z-{p}", "source": "mission", "says": "asserts", "event": f"Z-of-{p}", "party": p}
    | {"deposited": "2026-01-02", "said_at": MOMENTS[0], "published_at": MOMENTS[0]}
    for p in PARTIES
)
"""What brings the living agreement into force."""


@st.composite
def _row(draw: st.DrawFn, tables: Sequence[str], number: int, *, patterns: bool, sources: Sequence[str]) -> Raw:
    table = draw(st.sampled_from(list(tables)))
    says = draw(st.sampled_from(["asserts"] * 6 + ["denies"] * 2 + (["pattern"] * 2 if patterns else []) + ["withdraws"]))
    published = draw(st.integers(0, 3))
    raw: Raw = {
        "table": table,
        "id": f"s-{number}",
        "source": draw(st.sampled_from(list(sources))),
        "says": "denies" if says == "pattern" else says,
        "event": "" if says == "pattern" else draw(st.sampled_from(list(EVENTS[table]))),
        "said_at": MOMENTS[draw(st.integers(0, published))],
        "published_at": MOMENTS[published],
    }
    if says == "withdraws" and number and draw(st.booleans()):
        raw["target"] = f"s-{draw(st.integers(0, number - 1))}"
        raw["event"] = ""
        return raw
    likely = {"asserts": 0.9, "denies": 0.3, "pattern": 0.4, "withdraws": 0.15}[says]
    for f, pool in CELLS[table].items():
        if draw(st.floats(0, 1)) < likely:
            raw[f] = draw(st.sampled_from(list(pool)))
    if "sent" in raw and "received" in raw:
        del raw[draw(st.sampled_from(["sent", "received"]))]  # or one might lie before the other, which is a fault of the row
    return raw


@st.composite
def _completeness(draw: st.DrawFn, tables: Sequence[str], number: int) -> Raw:
    table = draw(st.sampled_from(list(tables)))
    registers = kinds()[table].registers
    raw: Raw = {
        "table": "completeness",
        "id": f"s-{number}",
        "source": draw(st.sampled_from(["keeper", "keeper", "mission", "arland-mfa", "borland-mfa"])),
        "register": draw(st.sampled_from([*registers, *registers, "other-register"])),
        "kind": table,
        "said_at": MOMENTS[2],
        "published_at": MOMENTS[2],
        "from": draw(st.sampled_from(["", "2025-01-01", "2026-01-07"])),
        "until": draw(st.sampled_from(["", "2026-01-09", "2026-02-03", "2026-03-31"])),
    }
    if draw(st.booleans()):
        raw["party"] = draw(st.sampled_from(_PARTY))
    if "recipient" in CELLS[table] and draw(st.booleans()):
        raw["recipient"] = draw(st.sampled_from(_PARTY))
    return raw


@st.composite
def _identity(draw: st.DrawFn, tables: Sequence[str], number: int) -> Raw:
    table = draw(st.sampled_from(list(tables)))
    moment = draw(st.sampled_from(MOMENTS))
    a, b = EVENTS[table][0], EVENTS[table][-1]
    source = draw(st.sampled_from([s["id"] for s in SOURCES]))
    says = draw(st.sampled_from(["asserts", "asserts", "denies"]))
    return {
        "table": "identity",
        "id": f"s-{number}",
        "source": source,
        "says": says,
        "kind": table,
        "a": a,
        "b": b,
        "said_at": moment,
        "published_at": moment,
    }


STORIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "notification": (("exercise", "notification"), ("notification",)),
    "answers": (("inquiry", "reply", "consultation"), ("reply", "consultation")),
    "brigades": (("exercise", "consent", "consent"), ("exercise",)),
    "deployments": (("deployment",), ("deployment",)),
    "days": (("deployment", "notification"), ("notification",)),
    "warheads": (("inventory", "change"), ()),
    "warheads, changes open": (("inventory",), ()),
    "bombers": (("deployed-heavy-bomber", "deployed-missile"), ("deployed-heavy-bomber", "deployed-missile")),
    "left open": (("exercise",), ()),
    "living": (("exercise", "notification", "data-exchange"), ("notification", "data-exchange")),
    "dated life": (("data-exchange", "exercise", "inventory"), ("data-exchange",)),
    "Moscow time": (("exercise", "notification", "inquiry", "reply"), ("notification", "reply")),
}
"""By setting: what happens in its simplest story, and which kinds a register may be complete for."""


@st.composite
def _story(draw: st.DrawFn, name: str, *, closed: bool) -> list[Raw]:
    """A beginning that can be decided: the events in full, most of the time; what another party says against it; a complete register, at times."""
    told, registered = STORIES[name]
    actor, other, third = draw(st.permutations(PARTIES))
    voice = {p: f"{p.lower()}-mfa" for p in PARTIES}
    rows: list[Raw] = []

    def say(table: str, source: str, says: str, event: str, cells: Raw) -> None:
        head = {"table": table, "id": f"b-{len(rows)}", "source": source, "says": says, "event": event}
        rows.append(head | {"said_at": MOMENTS[1], "published_at": MOMENTS[1]} | cells)

    def full(table: str, who: tuple[str, str]) -> Raw:
        fixed = {"party": who[0], "recipient": who[1], "about": EVENTS[told[0]][0]}
        rare = ("until", "end", "nuclear", "unannounced-to-troops", "received" if name == "days" else "sent")
        return {f: fixed.get(f) or draw(st.sampled_from(list(pool))) for f, pool in CELLS[table].items() if f not in rare}

    for place, table in enumerate(told):
        who = {"inquiry": (other, actor), "consent": ((other, third)[told[:place].count("consent") % 2], actor)}.get(table, (actor, other))
        event = EVENTS[table][told[:place].count(table)]
        if draw(st.integers(0, 5)):
            say(table, draw(st.sampled_from([voice[who[0]], voice[who[0]], "mission"])), "asserts", event, full(table, who))
        if draw(st.integers(0, 2)) == 0:
            against = draw(st.sampled_from(["other values", "denied", "pattern"] if closed else ["other values", "denied"]))
            if against == "other values":
                say(table, voice[other], "asserts", event, full(table, who))
            elif against == "denied":
                say(
                    table, voice[other], "denies", event, {"party": who[0]} | ({"recipient": who[1]} if "recipient" in CELLS[table] else {})
                )
            else:
                say(table, voice[other], "denies", "", {"party": who[0]} | ({"recipient": who[1]} if "recipient" in CELLS[table] else {}))
    for table in registered if closed else ():
        if draw(st.integers(0, 2)) == 0:
            row = {
                "table": "completeness",
                "id": f"b-{len(rows)}",
                "source": "keeper",
                "register": kinds()[table].registers[-1],
                "kind": table,
            }
            rows.append(row | {"said_at": MOMENTS[1], "published_at": MOMENTS[1]})
    return rows


@st.composite
def cases(draw: st.DrawFn, *, closed: bool = True, identity: bool = True, only: Sequence[str] = tuple(SETTINGS)) -> tuple[str, list[Raw]]:
    """(name of a setting, its evidence). Without `closed` there are no patterns and no complete registers."""
    name = draw(st.sampled_from(list(only)))
    tables = SETTINGS[name][1]
    sources = draw(
        st.sampled_from([[s["id"] for s in SOURCES], ["arland-mfa", "borland-mfa", "mission"], ["mission", "satellite", "observers"]])
    )
    rows: list[Raw] = []
    before = RATIFIED if name == "living" and draw(st.integers(0, 3)) else ()
    story = draw(_story(name, closed=closed)) if draw(st.integers(0, 4)) else []
    for number in range(draw(st.integers(0 if story else 1, 6))):
        choice = draw(st.integers(0, 9))
        if closed and choice == 0:
            rows.append(draw(_completeness(tables, number)))
        elif identity and choice == 1:
            rows.append(draw(_identity([t for t in tables if len(EVENTS[t]) > 1], number)))
        else:
            rows.append(draw(_row(tables, number, patterns=closed, sources=sources)))
    return name, [*SOURCES, *before, *story, *rows]


def questions() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "as_of": st.sampled_from(["2026-03-31", "2026-03-31", "2026-03-31", "2026-03-01", "2026-02-03T10:00:00Z", "2026-01-09"]),
            "known_on": st.sampled_from([None, None, None, "2026-03-31", "2026-01-12"]),
            "as_if_in_force": st.sampled_from([False, False, False, True]),
        }
    )
