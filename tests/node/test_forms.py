"""What a person is about to send is checked against the vocabulary before anything is signed."""

from __future__ import annotations

import pytest

from detente.exchange.refused import RefusedError
from detente.node.forms import check_form
from detente.vocabulary.messages import message_kinds

GOOD = [
    ("notification", {}),
    ("notification.exercise", {"about": "West-26", "form": "F25"}),
    ("notification", {"type": "exercise", "about": "West-26"}),
    ("hotline-message", {"test": True}),
    ("hotline-message", {"test": "yes"}),
    ("request", {"for": "clarification", "subject": "troops near the line"}),
    ("inspection-request.area", {"on": "Borland", "area": "60N 25E +- 5 km"}),
    ("acknowledgement", {}),
    ("reply", {"refusal": False}),
]
BAD = [
    ("greeting", {}, "unknown-form", "acknowledgement"),
    ("exercise", {}, "unknown-form", "notification"),
    ("notification.party", {}, "unknown-form", "exercise"),
    ("notification.exercise.large", {}, "unknown-form", "alone"),
    ("reply.late", {}, "unknown-form", "reply alone"),
    ("notification", {"mood": "good"}, "bad-field", "mood"),
    ("notification", {"received": "2026-01-01"}, "bad-field", "received"),
    ("notification.exercise", {"type": "launch"}, "bad-field", "type"),
    ("hotline-message", {"test": "perhaps"}, "bad-field", "true or false"),
    ("request", {"for": "fun"}, "bad-field", "consultation"),
    ("notification", {"about": ["West-26"]}, "bad-field", "a text"),
    ("notification", {"about": " "}, "bad-field", "a text"),
    ("notification", {"about": None}, "bad-field", "a text"),
]


@pytest.mark.parametrize(("kind", "body"), GOOD)
def test_what_a_form_can_hold(kind, body):
    assert check_form(kind, body).name == kind.split(".")[0]


@pytest.mark.parametrize(("kind", "body", "code", "named"), BAD)
def test_what_it_cannot_is_refused_by_name(kind, body, code, named):
    with pytest.raises(RefusedError, match=named) as refused:
        check_form(kind, body)
    assert refused.value.code == code


def test_every_message_of_the_vocabulary_is_a_form():
    assert {"notification", "request", "reply", "acknowledgement", "hotline-message", "inspection-request", "incident-report"} <= set(
        message_kinds()
    )
    for name in message_kinds():
        assert check_form(name, {}).name == name
