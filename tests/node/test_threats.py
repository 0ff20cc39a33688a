"""What a dishonest or broken side can do, and what becomes of it; the numbers are those of docs/reference/threats.md."""

from __future__ import annotations

import json
import resource
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from detente.exchange.checkpoint import Checkpoint
from detente.exchange.message import HEADER, Message, Place, open_message, peek, sign_message
from detente.exchange.note import Note, sign_note
from detente.exchange.refused import RefusedError
from detente.node.boxes import inbox, standing
from detente.node.bundle import write_bundle
from detente.node.folder import opened
from detente.node.heads import see
from detente.node.ledger import append, entry, root_at, sign_checkpoint
from detente.node.receiving import deliver
from detente.node.sending import Draft, queue, sent
from detente.node.store import locked

from .nodes import CHANNEL, NOTICE, carry, now, on, out, refusals, take, two


@pytest.fixture
def pair(tmp_path):
    return two(tmp_path)


def note_of(path, draft=NOTICE):
    with on(path) as (node, channel):
        return sent(node, channel, queue(node, channel, draft, now()))


def delivered(path, note):
    with on(path) as (node, channel):
        return deliver(node, channel, note, now())


def signed_by(path, change):
    """A message with fields changed, signed again with the sender's own key."""
    with on(path) as (node, channel):
        message = peek(note_of_open(node, channel))
        return sign_message(change(message), node.secret("node"))


def note_of_open(node, channel):
    return sent(node, channel, queue(node, channel, NOTICE, now()))


def test_t03_other_content_under_a_number_is_refused_and_both_are_kept(pair):
    a, b = pair
    first = note_of(a)
    delivered(b, first)
    second = signed_by(a, lambda m: replace(m, place=Place("routine", 1), body={"troops": 1}))
    with on(b) as (node, channel):
        with pytest.raises(RefusedError, match="other-content"):
            deliver(node, channel, second, now())
        assert node.db.execute("SELECT code, first, second FROM evidence").fetchall() == [("other-content", first, second)]
        assert standing(node, channel).evidence == ("other-content",)


def test_t05_a_reinstalled_node_does_not_start_again_at_one(pair):
    """The database is lost and the keys are not: what the other side has seen stops the channel."""
    a, b = pair
    note_of(a)
    carry(a, b)
    (a / "node.db").unlink()
    for rest in a.glob("node.db-*"):
        rest.unlink()
    from detente.node.folder import open_channel
    from detente.node.folder import pair as take_card
    from detente.node.store import create_store

    with on(b) as (node, channel):
        card = open_channel(node, CHANNEL)
    db = create_store(a / "node.db")
    db.execute("INSERT INTO party VALUES ('arland.example')")
    db.close()
    with opened(a) as node:
        open_channel(node, CHANNEL)
        take_card(node, card)
    taken = take(a, out(b))
    assert "recovery" in refusals(taken)
    with on(a) as (node, channel), pytest.raises(RefusedError, match="recovery"):
        queue(node, channel, NOTICE, now())


def test_t06_a_message_for_another_channel_or_party_is_refused(pair):
    a, b = pair
    for change in (
        lambda m: replace(m, channel="elsewhere"),
        lambda m: replace(m, recipient="carland.example"),
        lambda m: replace(m, sender="borland.example"),
    ):
        with pytest.raises(RefusedError, match="misdirected"):
            delivered(b, signed_by(a, change))


def test_t07_another_version_is_refused(pair):
    a, b = pair
    with on(a) as (node, channel):
        key = node.secret("node")
        text = peek_text(note_of_open(node, channel)).replace("@v1", "@v2")
        note = bytes(Note(text, (sign_note(text, key.name, key.signer),)))
    with pytest.raises(RefusedError, match="not-a-message"):
        delivered(b, note)


def peek_text(note):
    return note.decode().split("\n\n")[0] + "\n"


BODIES = {
    "duplicate key": ('"body":{"a":1,"a":2}', "duplicate-key"),
    "not a number": ('"body":{"a":NaN}', "not-a-number"),
    "beyond all numbers": ('"body":{"a":1e400}', "bad-number"),
    "a fraction": ('"body":{"a":0.1}', "bad-number"),
    "huge": ('"body":{"a":' + "9" * 40 + "}", "bad-number"),
    "half a character": ('"body":{"a":"\\ud800"}', "lone-surrogate"),
    "deep": ('"body":{"a":' + "[" * 2000 + "]" * 2000 + "}", "(too-deep|not-json)"),
    "a list": ('"body":[]', "bad-field"),
    "null in text": ('"body":{"a":"\\u0000"}', "control-character"),
    "unknown field": ('"body":{},"more":1', "bad-field"),
    "long text": ('"body":{"a":"' + "x" * 9000 + '"}', "text-too-long"),
}


@pytest.mark.parametrize("case", BODIES)
def test_t08_what_two_readers_could_read_differently_is_refused(pair, case):
    a, b = pair
    body, code = BODIES[case]
    with on(a) as (node, channel):
        key = node.secret("node")
        text = peek_text(note_of_open(node, channel))
        before = text.index('"body":')
        text = text[:before] + body + "}\n"
        note = bytes(Note(text, (sign_note(text, key.name, key.signer),)))
    with on(b) as (node, channel):
        with pytest.raises(RefusedError, match=code):
            deliver(node, channel, note, now())
        assert standing(node, channel).size == 0


FIELDS = {
    "n": (0, -1, 1.0, "1", True, None, 2**53),
    "lane": ("urgent", "", 1, None),
    "kind": ("Notify", "a..b", "", "a b", 5),
    "sent_at": ("2026-03-01", "2026-03-01T12:00:00+00:00", "2026-13-01T12:00:00Z", 0, None),
    "re": ({}, {"lane": "routine"}, {"lane": "routine", "n": 0}, "routine 1", 1),
    "after": ({}, {"origin": "x", "size": -1, "root": "AAAA"}, {"origin": "x", "size": 1, "root": "AAAA"}, 1),
    "salt": ("", "AAAA", 1),
}


@pytest.mark.parametrize(("field", "value"), [(f, v) for f, values in FIELDS.items() for v in values])
def test_t09_a_field_that_is_not_what_it_must_be_is_refused(pair, field, value):
    a, _ = pair
    with on(a) as (node, channel):
        key = node.secret("node")
        header, line, _ = peek_text(note_of_open(node, channel)).split("\n")
        assert header == HEADER
        text = f"{header}\n{json.dumps({**json.loads(line), field: value})}\n"
        note = bytes(Note(text, (sign_note(text, key.name, key.signer),)))
        with pytest.raises(RefusedError):
            open_message(note, [key.verifier])


def flip(path, table, column, where):
    """Change one bit of a stored value behind the triggers' back."""
    db = sqlite3.connect(path / "node.db")
    for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {trigger}")
    (data,) = db.execute(f"SELECT {column} FROM {table} WHERE {where}").fetchone()
    middle = len(data) // 2
    flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    db.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (flipped,))
    db.commit()
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


@pytest.mark.parametrize(
    ("table", "column", "where"),
    [("entry", "data", "idx = 1"), ("subtree", "hash", "level = 0 AND idx = 2"), ("subtree", "hash", "level = 1")],
)
def test_t11_a_flipped_bit_is_found_and_nothing_is_signed(pair, table, column, where):
    a, _ = pair
    for _ in range(3):
        note_of(a)
    out(a)
    flip(a, table, column, where)
    with on(a) as (node, channel):
        assert "altered-log" in (channel.stopped or "")
        with pytest.raises(RefusedError, match="recovery"):
            write_bundle(node, channel, now())
        with pytest.raises(RefusedError, match="recovery"):
            queue(node, channel, NOTICE, now())


def test_t12_a_bit_that_flips_between_hashing_and_storing_is_not_signed(pair):
    a, _ = pair
    note_of(a)
    with on(a) as (node, channel):
        key = node.secret("log", CHANNEL)
        node.db.execute("BEGIN IMMEDIATE")
        append(node.db, channel.log, b"sent\nsomething")
        node.db.execute("DROP TRIGGER entry_stays")
        node.db.execute("UPDATE entry SET data = ? WHERE idx = 1", (b"sent\nsomethinh",))
        with pytest.raises(RefusedError, match="altered-log"):
            sign_checkpoint(node.db, key)


def test_t13_a_truncated_log_is_found_by_its_own_checkpoint(pair):
    a, _ = pair
    note_of(a), note_of(a)
    out(a)
    db = sqlite3.connect(a / "node.db")
    db.execute("DROP TRIGGER entry_is_kept")
    db.execute("DELETE FROM entry WHERE idx = 1")
    db.commit()
    db.close()
    with on(a) as (_, channel):
        assert "shorter-than-signed" in (channel.stopped or "")


def test_t14_a_restored_backup_is_found_by_what_the_other_side_cosigned(pair, tmp_path):
    """No trace is left in the restored database itself: it opens, and every hash in it fits."""
    a, b = pair
    note_of(a)
    out(a)
    shutil.copytree(a, tmp_path / "backup")
    note_of(a)
    carry(a, b)
    shutil.rmtree(a)
    shutil.copytree(tmp_path / "backup", a)
    with on(a) as (node, channel):
        assert channel.stopped is None
        queue(node, channel, Draft("notification.exercise", {"troops": 1}), now())  # an honest operator, before the other side was asked
    taken = take(a, out(b))
    assert "recovery" in refusals(taken)
    with on(a) as (_, channel):
        assert "was a backup restored?" in (channel.stopped or "")


def test_t15_and_t16_two_histories_convict_their_signer(pair, tmp_path):
    a, b = pair
    note_of(a)
    carry(a, b)
    shutil.copytree(a, tmp_path / "fork")
    note_of(a, Draft("notification.exercise", {"troops": 1}))
    note_of(tmp_path / "fork", Draft("notification.exercise", {"troops": 2}))
    first, second = out(a), out(tmp_path / "fork")
    assert not refusals(take(b, first))
    taken = take(b, second)
    assert refusals(taken) == ["two-histories", "other-content"]
    with on(b) as (node, channel):
        notes = node.db.execute("SELECT first, second FROM evidence WHERE code = 'two-histories'").fetchall()
        assert len(notes) == 1
        sizes = {bytes(n).split(b"\n")[1] for n in notes[0]}
        roots = {bytes(n).split(b"\n")[2] for n in notes[0]}
        assert (len(sizes), len(roots)) == (1, 2), "two signed roots of one size"
        assert len(inbox(node, channel)) == 2


def test_t15_a_rewritten_entry_does_not_continue_what_was_seen(pair):
    a, b = pair
    note_of(a)
    carry(a, b)
    note_of(a)
    with on(a) as (node, channel):
        key = node.secret("log", CHANNEL)
        leaves = [b"sent\nanother history", *(entry(node.db, channel.log, n) for n in range(1, 2))]
        from detente.exchange.tree import consistency_proof, leaf_hash, root_of, subtrees_of
        from detente.exchange.witness import AddCheckpoint

        hashes = [leaf_hash(leaf) for leaf in leaves]
        text = str(Checkpoint(key.name, 2, root_of(hashes)))
        note = bytes(Note(text, (sign_note(text, key.name, key.signer),)))
        request = bytes(AddCheckpoint(1, tuple(consistency_proof(subtrees_of(hashes), 1, 2)), note))
    with on(b) as (node, channel):
        with pytest.raises(RefusedError, match="two-histories"):
            see(node, channel, [request], now())
        assert standing(node, channel).evidence == ("two-histories",)


def test_t17_a_message_says_what_it_was_written_after_whatever_its_clock(pair):
    a, b = pair
    note_of(b)
    carry(b, a)
    with on(a) as (node, channel):
        place = queue(node, channel, NOTICE, now() - timedelta(days=7))
        message = peek(sent(node, channel, place))
    with on(b) as (node, channel):
        assert message.after == Checkpoint(channel.log, 1, root_at(node.db, channel.log, 1))


def test_t25_a_receipt_for_what_was_not_sent_is_refused(pair):
    a, b = pair
    stolen = signed_by(a, lambda m: replace(m, place=Place("routine", 1), body={"troops": 5}))
    delivered(b, stolen)
    taken = take(a, out(b))
    assert refusals(taken) == ["wrong-root"], "the thief's message is in their log, and is not this side's"


def test_t29_a_key_that_others_may_read_signs_nothing(pair):
    a, _ = pair
    (a / "keys" / "node").chmod(0o644)
    with on(a) as (node, channel), pytest.raises(RefusedError, match="open-key-file"):
        queue(node, channel, NOTICE, now())
    (a / "keys" / "node").chmod(0o600)
    shutil.copy(a / "keys" / "witness", a / "keys" / "node")
    with on(a) as (node, channel), pytest.raises(RefusedError, match="wrong-key"):
        queue(node, channel, NOTICE, now())


def test_t34_a_second_process_is_kept_off(pair):
    a, _ = pair
    with opened(a), pytest.raises(RefusedError, match="second-node"), locked(a):
        pass


def test_a_wrong_card_does_not_replace_the_first(pair, tmp_path):
    a, _ = pair
    _, other = two(tmp_path / "others")
    from detente.node.folder import open_channel
    from detente.node.folder import pair as take_card

    with opened(other) as node:
        card = open_channel(node, CHANNEL)
    with opened(a) as node:
        with pytest.raises(RefusedError, match="other-card"):
            take_card(node, card)
        with pytest.raises(RefusedError, match="own-card"):
            take_card(node, open_channel(node, CHANNEL))
        with pytest.raises(RefusedError, match="wrong-key"):
            take_card(node, card.replace(b"borland.example\n", b"carland.example\n", 1))
        with pytest.raises(RefusedError, match="bad-signature"):
            take_card(node, card[:-12] + bytes([card[-12] ^ 1]) + card[-11:])


def test_t32_on_a_full_disk_nothing_is_queued_and_reading_goes_on(pair, tmp_path):
    """A limit on the size of files stands in for the full disk."""
    a, _ = pair
    note_of(a)
    body = tmp_path / "body.json"
    body.write_text(json.dumps(dict.fromkeys(("about", "form"), "x" * 7900)))
    send = ["send", a, CHANNEL, "--kind", "notification", "--body", body]

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (32_800, 32_800))

    done = started(send, before=limited)
    assert done.returncode == 2, done
    assert b"nothing was done" in done.stderr
    with on(a) as (node, channel):
        assert standing(node, channel).queued == 1
        assert channel.stopped is None
    assert started(["inbox", a, CHANNEL]).returncode == 0
    assert started(send).returncode == 0


def started(command, before=None):
    code = "import sys; from detente.__main__ import main; sys.exit(main())"
    return subprocess.run([sys.executable, "-c", code, *map(str, command)], capture_output=True, check=False, preexec_fn=before)


def test_t57_the_same_coded_message_twice_has_two_hashes(pair):
    a, _ = pair
    with on(a) as (node, channel):
        places = [queue(node, channel, NOTICE, now()) for _ in range(2)]
        salts = {peek(sent(node, channel, place)).salt for place in places}
    assert len(salts) == 2
    assert all(len(salt) == 16 for salt in salts)


def test_a_message_is_read_as_it_was_meant(pair):
    a, _ = pair
    with on(a) as (node, _):
        key = node.secret("node")
        message = Message(
            CHANNEL,
            "arland.example",
            "borland.example",
            Place("hotline", 3),
            "hotline-message",
            now(),
            bytes(16),
            {"text": "Ёж ≤ 3"},
            Place("routine", 2),
        )
        assert open_message(sign_message(message, key), [key.verifier]) == message
