"""What Akoma Ntoso asks about a document besides its text: whose it is, of which day, in which language, and its address.

Source: Akoma Ntoso Naming Convention 1.0, sections 4.4 to 4.6 (work, expression, manifestation).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from detente.interchange.node import Node

MADE_BY = "#detente"


@dataclass(frozen=True, slots=True)
class Published:
    """What the text itself does not say.

    `day` is the date of the work; `day_of` says of what it is the date; `country` is an ISO 3166-1 code, or that of a body such as
    `un`; `xx`, which ISO leaves to users, is no country's. `language` is an ISO 639-2 code; `und` leaves it undetermined.
    """

    day: date
    day_of: str = "date"
    country: str = "xx"
    language: str = "und"


def meta(title: str, parties: tuple[str, ...], published: Published) -> Node:
    """The element `meta`. The parties are the authors; without any, the program that wrote it stands there, as the schema wants one."""
    names = _names(parties)
    work = f"/akn/{published.country}/act/agreement/{published.day.isoformat()}/{slug(title) or 'agreement'}"
    expression = f"{work}/{published.language}@"
    when = Node("FRBRdate", {"date": published.day.isoformat(), "name": published.day_of})
    authors = tuple(Node("FRBRauthor", {"href": f"#{eid}", "as": "#author"}) for eid, _ in names) or (
        Node("FRBRauthor", {"href": MADE_BY}),
    )

    def level(name: str, address: str, this: str, *more: Node) -> Node:
        return Node(name, parts=(_value("FRBRthis", this), _value("FRBRuri", address), when, *authors, *more))

    identification = Node(
        "identification",
        {"source": MADE_BY},
        (
            level("FRBRWork", work, f"{work}/!main", _value("FRBRcountry", published.country), _value("FRBRname", title or "agreement")),
            level("FRBRExpression", expression, f"{expression}/!main", Node("FRBRlanguage", {"language": published.language})),
            level("FRBRManifestation", f"{expression}.akn", f"{expression}/!main.xml", _value("FRBRformat", "application/akn+xml")),
        ),
    )
    refer = [
        Node("TLCOrganization", {"eId": "detente", "href": "/akn/ontology/organization/detente", "showAs": "Détente"}),
        *(Node("TLCOrganization", {"eId": eid, "href": f"/akn/ontology/organization/{eid}", "showAs": name}) for eid, name in names),
        Node("TLCRole", {"eId": "author", "href": "/akn/ontology/role/author", "showAs": "Author"}),
    ]
    return Node("meta", parts=(identification, Node("references", {"source": MADE_BY}, tuple(refer))))


def slug(text: str) -> str:
    """A text as part of an address: ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def _names(parties: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each party with an id that no other has."""
    taken = {"detente", "author"}
    found = []
    for number, name in enumerate(parties, start=1):
        eid = f"party-{slug(name) or number}"
        eid = eid if eid not in taken else f"{eid}-{number}"
        taken.add(eid)
        found.append((eid, name))
    return found


def _value(name: str, value: str) -> Node:
    return Node(name, {"value": value})
