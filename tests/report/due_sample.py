"""A hand-made list of what is owed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from detente.model.account import Account
from detente.model.owed import DueList, Owed, OwedState

ARLAND = Account("Arland", "party", 0, ("own",), ("Arland",))
BORLAND = Account("Borland", "party", 1, ("own",), ("Borland",))
NEUTRALS = Account("neutrals", "neutrals", 2, ("monitors",))
PRESS = Account("press", "press", 3, ("press",))
ON = datetime(2026, 2, 24, 12, tzinfo=UTC)


def day(text: str) -> datetime:
    """The last moment of a day, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(days=1, microseconds=-1)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


OVERDUE = Owed(
    id="40#west-26>borland",
    kind="duty",
    state=OwedState.OVERDUE,
    article="40",
    heading="Article 40 (prior notification)",
    rule="40",
    title="Prior notification",
    bearer="Arland",
    recipient="Borland",
    act="notification",
    is_about=True,
    occasion_kind="exercise",
    occasion="West-26",
    happens=(moment("2026-02-20"), day("2026-02-20")),
    due=(day("2026-01-09"), day("2026-01-09")),
    is_strict=False,
    accounts=("Borland",),
    in_all=False,
    performed_in=("Arland",),
    no_telling_in=("neutrals",),
)
ANSWER = Owed(
    id="41#q-1",
    kind="duty",
    state=OwedState.DUE,
    article="41",
    heading="Article 41 (answers)",
    rule="41",
    title="Answers",
    bearer="Arland",
    recipient="Borland",
    act="reply",
    is_about=True,
    occasion_kind="inquiry",
    occasion="Q-1",
    happens=(moment("2026-02-23T10:05"), moment("2026-02-23T10:05")),
    due=(moment("2026-02-25T10:05"), moment("2026-02-25T10:05")),
    is_strict=False,
    accounts=("Arland", "Borland", "neutrals"),
    in_all=True,
    performed_in=(),
    no_telling_in=(),
)
EXPIRY = Owed(
    id="agreement#expiry",
    kind="expiry",
    state=OwedState.OF_AGREEMENT,
    article=None,
    heading=None,
    rule=None,
    title=None,
    bearer=None,
    recipient=None,
    act=None,
    is_about=False,
    occasion_kind=None,
    occasion=None,
    happens=(None, None),
    due=(moment("2027-01-01"), moment("2027-01-01")),
    is_strict=False,
    accounts=("Arland", "Borland", "neutrals"),
    in_all=True,
    performed_in=(),
    no_telling_in=(),
)


def listed(*owed: Owed, time_zone: str = "UTC", title: str = "Agreement on openness") -> DueList:
    """A list that holds these rows."""
    return DueList(
        title=title,
        agreement_path="agreement.md",
        agreement_digest="a" * 64,
        evidence_path="evidence",
        evidence_digest="b" * 64,
        as_of=ON,
        known_on=ON,
        time_zone=time_zone,
        version="0.1.0",
        counterfactual=False,
        assumed={},
        until=None,
        party=None,
        accounts=(ARLAND, BORLAND, NEUTRALS, PRESS),
        owed=owed,
    )


DUE = listed(OVERDUE, ANSWER, EXPIRY)
