"""Two parties by hand: what was queued is stored, receipted, acknowledged, and stands in both logs."""

from __future__ import annotations

import base64

import pytest

from detente.exchange.audit import audit, check_receipt
from detente.exchange.message import Place
from detente.exchange.policy import parse_policy
from detente.exchange.proof import parse_log_proof
from detente.exchange.refused import RefusedError
from detente.node.boxes import inbox, outbox, standing
from detente.node.bundle import read_bundle
from detente.node.compare import compare_logs
from detente.node.export import export_log
from detente.node.receiving import Stored, Waiting, deliver
from detente.node.sending import ACK, Draft, queue, sent

from .nodes import CHANNEL, NOTICE, TEST, carry, now, on, out, refusals, take, two


@pytest.fixture
def pair(tmp_path):
    return two(tmp_path)


def queued(path, *drafts):
    with on(path) as (node, channel):
        return [queue(node, channel, draft, now()) for draft in drafts or (NOTICE,)]


def states(path):
    with on(path) as (node, channel):
        return [m.state for m in outbox(node, channel)]


def exported(path, folder):
    with on(path) as (node, channel):
        export_log(node, channel, folder)
    return audit(folder, parse_policy((folder / "policy").read_bytes()))


def test_a_message_goes_through_the_three_words(pair):
    a, b = pair
    assert queued(a) == [Place("routine", 1)]
    assert states(a) == ["queued"]
    carry(a, b)
    assert states(a) == ["queued"], "nobody has told the sender yet"
    carry(b, a)
    assert states(a) == ["stored by them"]
    with on(b) as (node, channel):
        (found,) = inbox(node, channel)
        assert found.message.body == NOTICE.body
        queue(node, channel, Draft(ACK, {}, re=found.message.place), now(5))
    carry(b, a)
    assert states(a) == ["acknowledged by a person"]


def test_both_logs_are_verified_by_a_third_party_and_agree(pair, tmp_path):
    a, b = pair
    for round_ in range(3):
        queued(a, NOTICE, TEST)
        queued(b, NOTICE)
        carry(a, b, round_)
        carry(b, a, round_)
    carry(a, b, 4)
    logs = [exported(path, tmp_path / f"log-{n}") for n, path in enumerate(pair)]
    found = compare_logs(logs[0].entries, logs[1].entries)
    assert (found.shared, found.differences) == (9, ())
    with on(a) as (node, _):
        (receipt,) = node.db.execute("SELECT receipt FROM outbox WHERE lane = 'routine' AND number = 1").fetchone()
    then = check_receipt(logs[1], parse_log_proof(receipt), parse_policy((tmp_path / "log-1" / "policy").read_bytes()))
    assert then.origin == "borland.example/exchange/arland-borland"


def test_the_hotline_is_not_held_up_by_what_waits_elsewhere(pair):
    a, b = pair
    queued(a, *[NOTICE] * 5, TEST)
    with on(a) as (node, channel):
        hotline = sent(node, channel, Place("hotline", 1))
    data = out(a)
    first = next(line for line in data.decode().splitlines() if line.startswith("message"))
    assert first == f"message {base64.b64encode(hotline).decode()}"
    taken = take(b, data)
    assert not refusals(taken)
    assert next(r.what for r in taken if r.what.startswith("message")) == "message hotline 1"


def test_a_bundle_taken_twice_changes_nothing(pair):
    a, b = pair
    queued(a, NOTICE, NOTICE)
    data = out(a)
    assert not refusals(take(b, data))
    with on(b) as (node, channel):
        size = standing(node, channel).size
    again = take(b, data)
    assert not refusals(again)
    assert [r.what for r in again if r.what.startswith("message")] == ["message routine 1, here before", "message routine 2, here before"]
    with on(b) as (node, channel):
        assert standing(node, channel).size == size


def test_a_lost_bundle_is_made_up_for_by_the_next(pair):
    a, b = pair
    queued(a)
    carry(a, b)
    out(b)  # lost on the way, with its receipt and its head
    queued(a)
    carry(a, b)
    carry(b, a)
    assert states(a) == ["stored by them", "stored by them"]


def test_a_bundle_for_another_is_refused_whole(pair, tmp_path):
    a, _ = pair
    queued(a)
    with pytest.raises(RefusedError, match="misdirected"):
        take(a, out(a))
    c, _ = two(tmp_path / "others")
    with pytest.raises(RefusedError, match="misdirected"):
        take(c, out(a))


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda d: d[:-1], "torn-bundle"),
        (lambda d: d[: len(d) // 2], "torn-bundle"),
        (lambda d: d.replace(b"\nend 4", b"\nend 5"), "torn-bundle"),
        (lambda d: b"x" + d, "not-a-bundle"),
        (lambda d: d + b"message AAAA\n", "torn-bundle"),
        (lambda d: d.replace(b"arland.example", b"carland.example", 1), "misdirected"),
        (lambda d: b"\xff" + d, "not-a-bundle"),
        (lambda d: d[:0], "not-a-bundle"),
    ],
)
def test_a_damaged_bundle_is_refused_whole(pair, damage, code):
    a, b = pair
    queued(a, NOTICE, NOTICE)
    data = out(a)
    assert data.endswith(b"\nend 4\n")
    with pytest.raises(RefusedError, match=code):
        take(b, damage(data))
    with on(b) as (node, channel):
        assert standing(node, channel).size == 0


def test_a_changed_record_is_named_and_the_rest_is_taken(pair):
    a, b = pair
    queued(a, NOTICE, NOTICE, NOTICE)
    lines = out(a).decode().splitlines(keepends=True)
    at = [n for n, line in enumerate(lines) if line.startswith("message")][1]
    note = base64.b64decode(lines[at].split(" ")[1])
    lines[at] = f"message {base64.b64encode(note.replace(b'9400', b'9399')).decode()}\n"
    taken = take(b, "".join(lines).encode())
    assert [r.line for r in taken if r.refused] == [at + 1]
    assert refusals(taken) == ["bad-signature"]
    assert [r.what for r in taken if r.what.startswith("message ")] == ["message routine 1", "message routine 3, waiting for 2"]
    carry(a, b)
    with on(b) as (node, channel):
        assert [m.message.place.number for m in inbox(node, channel)] == [1, 2, 3]


def test_messages_that_come_out_of_order_wait(pair):
    a, b = pair
    places = queued(a, NOTICE, NOTICE, NOTICE)
    with on(a) as (node, channel):
        notes = [sent(node, channel, place) for place in places]
    with on(b) as (node, channel):
        assert deliver(node, channel, notes[2], now()) == Waiting(places[2], 1)
        assert deliver(node, channel, notes[1], now()) == Waiting(places[1], 1)
        stored = deliver(node, channel, notes[0], now())
        assert isinstance(stored, Stored)
        assert [m.message.place for m in inbox(node, channel)] == places


def test_a_message_far_ahead_is_not_kept(pair):
    a, b = pair
    with on(a) as (node, channel):
        node.db.execute("INSERT INTO outbox (channel, lane, number, idx) VALUES (?, 'routine', 1000000000, 0)", (CHANNEL,))
        place = queue(node, channel, NOTICE, now())
        note = sent(node, channel, place)
    with on(b) as (node, channel):
        with pytest.raises(RefusedError, match="number-too-far"):
            deliver(node, channel, note, now())
        assert standing(node, channel).waiting == 0


def test_the_same_message_again_gets_the_same_receipt(pair):
    a, b = pair
    (place,) = queued(a)
    with on(a) as (node, channel):
        note = sent(node, channel, place)
    with on(b) as (node, channel):
        first = deliver(node, channel, note, now())
        deliver(node, channel, note, now(525_600))
    with on(b) as (node, channel):
        second = deliver(node, channel, note, now(2))
        assert second == Stored(place, first.receipt, again=True)
        assert node.db.execute("SELECT copies FROM inbox").fetchall() == [(2,)]


def test_nothing_is_queued_for_what_is_not_there(pair):
    a, _ = pair
    with on(a) as (node, channel):
        with pytest.raises(RefusedError, match="no-such-message"):
            queue(node, channel, Draft(ACK, {}, re=Place("routine", 7)), now())
        assert standing(node, channel).size == 0


def test_evidence_of_one_side_says_where_a_dropped_message_was(pair, tmp_path):
    """The receiver gives a receipt, and later shows a log without the entry: compared, it is named."""
    a, b = pair
    queued(a)
    carry(a, b)
    carry(b, a)
    mine = exported(a, tmp_path / "a")
    theirs = exported(b, tmp_path / "b")
    found = compare_logs(mine.entries, [e for e in theirs.entries if not e.startswith(b"received")])
    assert [(d.fault, d.log) for d in found.differences] == [("dropped", 0)]
    honest = compare_logs([e for e in mine.entries if not e.startswith((b"sent", b"receipt"))], theirs.entries)
    assert [(d.fault, d.log) for d in honest.differences] == [("never sent", 1)]


def test_a_bundle_of_nothing_is_taken(pair):
    a, b = pair
    with on(b) as (node, channel):
        assert read_bundle(node, channel, out(a), now())[0].refused is None
