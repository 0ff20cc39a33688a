"""Small agreements with evidence, one for each shape of rule, written to a folder as a person would have them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

Row = dict[str, str]

SOURCES: tuple[Row, ...] = (
    {"table": "sources", "id": "arland-mod", "name": "Ministry of Arland", "kind": "party", "speaks_for": "Arland"},
    {"table": "sources", "id": "borland-mfa", "name": "Office of Borland", "kind": "party", "speaks_for": "Borland"},
    {"table": "sources", "id": "carland-mfa", "name": "Office of Carland", "kind": "party", "speaks_for": "Carland"},
    {"table": "sources", "id": "mission", "name": "The Mission", "kind": "monitor", "speaks_for": ""},
    {"table": "sources", "id": "keeper", "name": "The Register", "kind": "register", "speaks_for": ""},
    {"table": "sources", "id": "herald", "name": "The Herald", "kind": "press", "speaks_for": ""},
)
_VOICES = {"a": "arland-mod", "b": "borland-mfa", "c": "carland-mfa", "m": "mission", "k": "keeper", "h": "herald"}


@dataclass(frozen=True, eq=False)
class Story:
    """A name, the agreement's rules, and the rows of evidence (`table` names the file of each)."""

    name: str
    rules: str
    rows: tuple[Row, ...]
    parties: tuple[str, ...] = ("Arland", "Borland", "Carland")
    as_if_in_force: bool = False

    @property
    def agreement(self) -> str:
        head = f"agreement: parties {', '.join(self.parties)}."
        return f"# {self.name}\n\n```rule\n{head}\n```\n\n## Article 1\n\nWords.\n\n```rule\n{self.rules.strip()}\n```\n"


def says(table: str, voice: str, event: str = "", *, how: str = "asserts", at: str = "2026-01-03", **cells: str) -> Row:
    """A row of evidence; an underscore in a cell's name stands for a hyphen, one at its end for nothing."""
    named = {c.rstrip("_").replace("_", "-"): v for c, v in cells.items()}
    number = f"{voice.upper()}-{table}-{event or 'pattern'}-{at}" + ("-" + how if how != "asserts" else "")
    fixed = {"table": table, "id": number, "source": _VOICES[voice], "says": how, "event": event, "said_at": at, "published_at": at}
    return fixed | named


def complete(kind: str, register: str, *, at: str = "2026-03-01", **cells: str) -> Row:
    base = {"table": "completeness", "source": "keeper", "register": register, "kind": kind, "said_at": at, "published_at": at}
    return base | {c.rstrip("_"): v for c, v in cells.items()}


def write_tables(folder: Path, rows: Sequence[Row]) -> None:
    """One CSV file per table."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, list[Row]] = {}
    for row in rows:
        tables.setdefault(row["table"], []).append(row)
    for name, some in tables.items():
        columns = list(dict.fromkeys(c for row in some for c in row if c != "table"))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(some)


def write_story(folder: Path, story: Story) -> Path:
    """The story as a folder that `detente check FOLDER` takes."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "agreement.md").write_text(story.agreement, encoding="utf-8")
    write_tables(folder / "evidence", (*SOURCES, *story.rows))
    return folder


_KEPT: list[TemporaryDirectory[str]] = []


def kept_folder() -> Path:
    """A folder that several tests read; it goes when the tests end."""
    _KEPT.append(TemporaryDirectory(prefix="story-"))
    return Path(_KEPT[-1].name)


# ---- the shapes ----------------------------------------------------------------

WEST = {"party": "Arland", "troops": "9400", "start": "2026-02-20"}
_LAST = says("declaration", "m", "Z", at="2026-03-01", party="Arland")

NOTICE = Story(
    "Notice before, with an exception",
    """
rule 40 "Prior notification":
    each Party that conducts an exercise X where X.troops is at least 9000
    shall notify X to every other Party at least 42 days before X.start
    exception 41 "Alert exercises": where X is unannounced-to-troops, shall notify X to every other Party no later than X.start.
""",
    (
        says("exercise", "a", "West-26", **WEST),
        says("exercise", "m", "West-26", party="Arland", troops="8200..10100", start="2026-02-20", at="2026-02-23"),
        says("exercise", "b", "East-26", at="2026-01-04", party="Borland", troops="12000", start="2026-02-22", unannounced_to_troops="yes"),
        says("exercise", "c", "North-26", at="2026-01-05", party="Carland", troops="400", start="2026-02-22"),
        says("exercise", "b", "Ghost-26", at="2026-01-06", party="Arland", troops="20000", start="2026-02-10"),
        says(
            "notification",
            "a",
            "N-1",
            at="2026-01-08",
            party="Arland",
            recipient="Borland; Carland",
            about="West-26",
            received="2026-01-07",
        ),
        says(
            "notification", "b", how="denies", at="2026-01-16", party="Arland", recipient="Borland", about="West-26", received="<2026-01-15"
        ),
        says("notification", "b", "N-2", at="2026-02-22", party="Borland", recipient="all", about="East-26", received="2026-02-21"),
        says("exercise", "h", "Press-26", at="2026-02-22", party="Carland", troops="30000", start="2026-02-22"),
        complete("notification", "notification-register", from_="2025-12-01", until="2026-02-28", recipient="Carland"),
        _LAST,
    ),
)

ANSWERS = Story(
    "Answers, and consultations where there is none",
    """
rule 16.1 "Answers":
    when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours of Q.received
    else B shall attend consultations with A within 48 hours.
""",
    (
        says("inquiry", "a", "Q-1", at="2026-02-01", party="Arland", recipient="Borland", received="2026-02-01T10:00Z"),
        says("reply", "b", "R-1", at="2026-02-03", party="Borland", recipient="Arland", about="Q-1", received="2026-02-03T10:00Z"),
        says("inquiry", "a", "Q-2", at="2026-02-04", party="Arland", recipient="Carland", received="2026-02-04T10:00Z"),
        says("reply", "c", how="denies", at="2026-02-09", party="Carland", recipient="Arland", about="Q-2"),
        says("inquiry", "b", "Q-3", at="2026-02-05", party="Borland", recipient="Arland", received="2026-02-05T10:00Z"),
        says("reply", "a", "R-3", at="2026-02-09", party="Arland", recipient="Borland", about="Q-3", received="2026-02-07T10:00:01Z"),
        says("consultation", "a", "K-3", at="2026-02-10", party="Arland", recipient="Borland", start="2026-02-09T09:00Z"),
        complete("consultation", "consultation-register"),
        _LAST,
    ),
)

ZONE = Story(
    "No brigade in the zone without consent",
    """
rule IV.1 "No brigade exercise in the border zone":
    no Party shall conduct an exercise X where X.level is at least brigade and X.type is land
    unless every other Party has consented to X before X.start.
rule IV.2 "No crowd": no Party shall conduct an exercise X where X.aircraft is more than crowd.
define crowd as number left open.
""",
    (
        says("exercise", "a", "West-26", party="Arland", level="brigade", type="land", start="2026-02-20", aircraft="40"),
        says("consent", "b", "C-1", party="Borland", about="West-26", given="2026-02-10"),
        says("consent", "c", "C-2", party="Carland", about="West-26", given="2026-02-11"),
        says("exercise", "b", "East-26", at="2026-01-04", party="Borland", level=">=brigade", type="land", start="2026-02-22"),
        says("consent", "a", "C-3", at="2026-01-04", party="Arland", about="East-26", given="2026-02-10"),
        says("exercise", "m", "South-26", at="2026-02-22", party="Carland", level="division", type="land", start="2026-02-19"),
        complete("exercise", "exercise-register", party="Arland"),
        _LAST,
    ),
)

CEILING = Story(
    "Ceilings, floors and groups",
    """
rule II.1 "Warheads": at all times, for each Party P, the number of deployed-warheads of P shall not exceed 1550.
rule II.2 "Bombers": from 2026-01-10, at all times, for each Party P in bloc,
    the number of deployed-heavy-bombers of P + the sum of M.warheads over deployed-missiles M of P shall not exceed 3.
rule II.3 "Forces": at all times, for each Party P in bloc, for each State S in region,
    the sum of F.strength over deployed-forces F of P on S where F.level is at least battalion shall not exceed 5000.
rule II.4 "Floor": at all times, for each Party P, the number of stationed-troops of P shall be at least 100.
define bloc as group Arland, Borland since 2026-01-10.
define region as group Carland, Dorland until 2026-02-01.
define Dorland as party "Dorland".
""",
    (
        says("inventory", "a", "I-1", party="Arland", of="deployed-warhead", value="1500", as_of="2026-01-01"),
        says("change", "a", "G-1", at="2026-01-20", party="Arland", of="deployed-warhead", by="60", at_="2026-01-15"),
        says("inventory", "m", "I-2", at="2026-02-02", party="Arland", of="deployed-warhead", value="1400..1600", as_of="2026-02-01"),
        says("inventory", "b", "I-3", party="Borland", of="deployed-warhead", value="1550", as_of="2026-01-01"),
        says("inventory", "b", "I-4", party="Borland", of="stationed-troop", value="90", as_of="2026-01-02"),
        says("deployed-heavy-bomber", "a", "H-1", party="Arland", from_="2026-01-02"),
        says("deployed-heavy-bomber", "a", "H-2", party="Arland", from_="2026-01-02", until="2026-02-10"),
        says("deployed-missile", "b", "M-1", party="Arland", warheads="2..4", from_="2026-01-20"),
        says("deployed-force", "a", "F-1", party="Arland", on="Carland", strength="6000", level="brigade", from_="2026-01-20"),
        _LAST,
    ),
)

LIFE = Story(
    "The life of an agreement",
    """
agreement:
    enters into force when all Parties have ratified;
    expires on 2026-04-01 unless extended by all Parties for at most 1 year;
    a Party that notifies withdrawal is released 30 days after it;
    suspension has effect.
evidence:
    account of each Party: its own statements then monitors then registers;
    account of inspectors: mission then keeper;
    a breach is established by its bearer or mission;
    time zone Europe/Vienna.
rule 8 "First data": each Party shall provide a data-exchange to every other Party within 30 days after entry-into-force.
rule 9 "Small exercises": no Party shall conduct an exercise X where X.troops is more than 9000.
""",
    (
        says("ratification", "a", "Z-a", party="Arland", deposited="2026-01-02"),
        says("ratification", "b", "Z-b", party="Borland", deposited="2026-01-02"),
        says("ratification", "c", "Z-c", party="Carland", deposited="2026-01-04"),
        says("withdrawal", "c", "W-c", at="2026-01-15", party="Carland", notified="2026-01-15"),
        says("data-exchange", "a", "D-1", at="2026-01-20", party="Arland", recipient="all", received="2026-01-20"),
        says("data-exchange", "b", how="denies", at="2026-02-20", party="Borland", recipient="Carland"),
        says("exercise", "m", "Late-26", at="2026-02-25", party="Carland", troops="9001", start="2026-02-24"),
        says("exercise", "m", "Early-26", at="2026-02-01", party="Carland", troops="9001", start="2026-01-24"),
        says("exercise", "c", "Erly-26", at="2026-02-02", party="Carland", troops="800", start="2026-01-24"),
        complete("exercise", "exercise-register"),
        _LAST,
    ),
)

TERRITORY = Story(
    "No missile in reach",
    """
rule VI.1 "No missile in reach": no Party shall deploy a missile M where M.basing is ground and M reaches the territory of any other Party.
""",
    (
        says("missile", "h", "M-0", party="France", basing="ground", range_="500 km", area="metz", from_="2026-01-02"),
        says("missile", "m", "M-1", party="France", basing="ground", range_="500 km", area="metz", from_="2026-01-02"),
        says("missile", "m", "M-2", party="Germany", basing="ground", range_="500 km", area="kiel", from_="2026-01-02"),
        {"table": "places", "name": "metz", "lat": "49.12", "lon": "6.18"},
        {"table": "places", "name": "kiel", "lat": "54.32", "lon": "10.13"},
        _LAST | {"party": "France"},
    ),
    parties=("France", "Spain", "Germany"),
)

CONSENTED = Story(
    "A ceiling with consent",
    """
rule II.3 "Forces": at all times, for each Party P, the sum of F.strength over deployed-forces F of P
    where not (all Parties have consented to F) shall not exceed 5000.
""",
    (
        says("deployed-force", "a", "F-1", party="Arland", on="Carland", strength="6000", from_="2026-01-20"),
        says("deployed-force", "b", "F-2", party="Borland", on="Carland", strength="6000", from_="2026-01-20"),
        *(
            says("consent", v, f"C-{v}", party=p, about="F-1", given="2026-01-10")
            for v, p in (("a", "Arland"), ("b", "Borland"), ("c", "Carland"))
        ),
        _LAST,
    ),
)

LINKED = Story(
    "One exercise under two names, and a complete register",
    'rule 9 "Small exercises": no Party shall conduct an exercise X where X.troops is more than 9000.',
    (
        says("exercise", "m", "Early-26", at="2026-02-01", party="Carland", troops="9001", start="2026-01-24"),
        {"table": "identity", "id": "L-1", "source": "mission", "says": "asserts", "kind": "exercise", "a": "Early-26", "b": "Erly-26"}
        | {"said_at": "2026-02-01", "published_at": "2026-02-01"},
        says("exercise", "c", "Erly-26", at="2026-02-02", party="Carland", troops="800", start="2026-01-24"),
        complete("exercise", "exercise-register"),
        _LAST,
    ),
)

CUT = Story(
    "A denied range, and a complete register",
    ZONE.rules,
    (
        *ZONE.rows,
        says("exercise", "m", "West-26", at="2026-02-25", party="Arland"),
        says("exercise", "b", "West-26", how="denies", at="2026-02-26", aircraft="30..50", start="2026-02-20"),
    ),
)

BASELINE = Story(
    "No more than before",
    """
rule III.1 "Freeze": at all times, for each Party P, the number of launchers of P shall not exceed its value as of 2026-01-05 by more than 10.
""",
    (
        says("inventory", "a", "I-1", party="Arland", of="launcher", value="100", as_of="2026-01-05"),
        says("inventory", "m", "I-2", at="2026-02-10", party="Arland", of="launcher", value="112..115", as_of="2026-02-01"),
        says("inventory", "b", "I-3", party="Borland", of="launcher", value="20", as_of="2026-01-04"),
        _LAST,
    ),
)

PERMITTED = Story(
    "An inspection that may not be refused",
    """
rule 1 "No inspections": no Party shall conduct an inspection I.
rule 2 "Challenge": a Party may conduct an inspection I of Arland where I.type is challenge, notwithstanding 1, which no Party may refuse.
rule 3 "Visits": Carland may conduct an inspection I of Borland.
""",
    (
        says("inspection", "b", "N-1", party="Borland", recipient="Arland", type="challenge", start="2026-01-20", refused="yes"),
        says("inspection", "a", "N-1", at="2026-01-22", refused="no"),
        says("inspection", "a", "N-2", party="Arland", recipient="Borland", type="visit", start="2026-01-25"),
        _LAST,
    ),
)

ENCOUNTERS = Story(
    "Two ships too near",
    """
rule 4 "Distance": at all times, for any two warships A and B of different Parties, the distance between A and B shall be at least 5 nm
    unless A is in-distress or B is in-distress.
""",
    (
        says("warship", "m", "W-1", party="Arland", title="Alba"),
        says("warship", "m", "W-2", party="Borland", title="Bora"),
        says("encounter", "m", "E-1", at="2026-02-02", party="Arland", partner="Borland", first="W-1", second="W-2", distance="380..420")
        | {"start": "2026-02-01T12:03Z", "end": "2026-02-01T12:06Z"},
        says("encounter", "a", "E-1", at="2026-02-03", distance=">=9500"),
        says("encounter", "m", "E-2", at="2026-02-05", party="Arland", partner="Borland", first="W-1", second="W-2", distance="700")
        | {"start": "2026-02-04T12:03Z", "end": "2026-02-04T12:06Z"},
        _LAST,
    ),
)

RELEASED = Story(
    "A breach that releases, and a phase",
    """
phase 2 begins when rule 3 has been kept by Carland for 20 days.
rule 3 "Missiles": no Party shall deploy a missile M.
rule 4 "Exercises": no Party shall conduct an exercise X.
rule 5 "Answer": if A breaches 3, B is released from 4 until it is cured.
rule 6 "Flights": from phase 2, no Party shall conduct a flight F.
agreement: enters into force on 2026-01-01.
""",
    (
        says("missile", "b", "M-1", party="Arland", from_="2026-01-20", until="2026-02-10"),
        says("missile", "a", "M-1", how="denies"),
        says("exercise", "b", "X-1", party="Borland", start="2026-02-01"),
        says("exercise", "b", "X-2", party="Borland", start="2026-02-15"),
        says("flight", "a", "F-1", party="Arland", start="2026-01-30"),
        _LAST,
    ),
)

RECURRING = Story(
    "Calendars each year, and notice before",
    """
agreement: enters into force on 2025-01-01.
rule 1 "Calendar":
    each Party P shall send its annual-calendar to every other Party each year by 15 November unless P is Carland
    else it shall attend consultations with Borland within 30 days.
rule 2 "Notice": each Party that conducts an exercise X shall notify X to every other Party before X.start.
rule 3 "Threats": no Party shall conduct an exercise X where any other Party has declared that it perceives X as a threat before X.start.
""",
    (
        says("annual-calendar", "a", "C-1", at="2025-11-20", party="Arland", recipient="Borland", received="2025-11-10"),
        says("annual-calendar", "b", how="denies", at="2025-12-01", party="Arland", recipient="Borland", received="2025-01-01..2025-11-15"),
        says("annual-calendar", "b", "C-2", at="2025-11-20", party="Borland", recipient="Arland", received="2025-11-16"),
        complete("annual-calendar", "notification-register", party="Borland", from_="2025-01-01", until="2026-02-01"),
        says("consultation", "b", "K-1", at="2025-12-02", party="Borland", recipient="Borland", start="2025-12-01"),
        says("exercise", "a", "West-26", **WEST),
        says("exercise", "c", "North-26", at="2026-01-05", party="Carland", start="2026-02-22"),
        says("notification", "a", "N-1", at="2026-02-19", party="Arland", recipient="Borland", about="West-26", received="2026-02-19"),
        says("notification", "a", "N-2", at="2026-02-20", party="Arland", recipient="Carland", about="West-26", received="2026-02-20"),
        complete("notification", "notification-register", until="2026-02-28"),
        says(
            "perception",
            "b",
            "P-1",
            at="2026-02-01",
            party="Borland",
            recipient="Arland",
            about="West-26",
            subject="threat",
            made="2026-02-01",
        ),
        says("perception", "b", "P-2", at="2026-02-22", party="Borland", about="North-26", subject="threat", made="2026-02-22"),
        _LAST,
    ),
)

ENDS = Story(
    "Applied before it is in force, suspended in part, and outlived",
    """
agreement:
    enters into force when all Parties have ratified;
    applies provisionally from 2025-06-01;
    expires on 2026-02-01, renewed for 1 year at a time unless a Party objects at least 1 month before expiry;
    suspension of rule 2 has effect 10 days after it.
rule 1 "Exercises": no Party shall conduct an exercise X.
rule 2 "Flights": no Party shall conduct a flight F.
rule 3 "Launches": no Party shall conduct a launch L survives expiry for 1 year.
""",
    (
        *(
            says("ratification", v, f"Z-{v}", party=p, deposited="2026-01-02")
            for v, p in (("a", "Arland"), ("b", "Borland"), ("c", "Carland"))
        ),
        says("objection", "b", "O-1", at="2025-12-20", party="Borland", recipient="Arland", received="2025-12-20"),
        says("objection", "a", how="denies", at="2026-01-20", party="Borland", recipient="Arland"),
        says("suspension", "c", "U-1", at="2026-01-05", party="Carland", start="2026-01-05"),
        says("exercise", "m", "Early-26", at="2026-02-25", party="Carland", start="2025-12-24"),
        says("exercise", "m", "Late-26", at="2026-02-25", party="Carland", start="2026-02-24"),
        says("flight", "m", "F-1", at="2026-02-25", party="Carland", start="2026-01-10"),
        says("flight", "m", "F-2", at="2026-02-25", party="Carland", start="2026-01-20"),
        says("launch", "m", "L-1", at="2026-02-25", party="Carland", start="2026-02-10"),
        complete("launch", "launch-register"),
        _LAST,
    ),
)

STORIES = (
    NOTICE,
    ANSWERS,
    ZONE,
    CEILING,
    CONSENTED,
    LIFE,
    TERRITORY,
    LINKED,
    CUT,
    BASELINE,
    PERMITTED,
    ENCOUNTERS,
    RELEASED,
    RECURRING,
    ENDS,
)
