"""Signed notes and verifier keys, against the examples of the specification."""

from __future__ import annotations

import pytest

from detente.exchange.note import Note, parse_note, sign_note, verify_note
from detente.exchange.refused import RefusedError
from detente.exchange.vkey import SignatureType, VerifierKey, parse_vkey

from .logs import LOG, OTHER, WITNESS

# C2SP signed-note, "Verifier keys", "Example".
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""


def refused(code: str, data: bytes | str, *keys: VerifierKey) -> None:
    with pytest.raises(RefusedError) as said:
        verify_note(parse_note(data.encode() if isinstance(data, str) else data), keys)
    assert said.value.code == code


def test_the_example_of_the_specification_verifies() -> None:
    key = parse_vkey(VKEY)
    assert str(key) == VKEY
    note = parse_note(NOTE.encode())
    assert verify_note(note, [key]) == (key,)
    assert str(note) == NOTE


@pytest.mark.parametrize("place", range(0, len(NOTE.encode()) - 1, 3))
def test_no_bit_can_be_changed(place: int) -> None:
    data = bytearray(NOTE.encode())
    data[place] ^= 1
    with pytest.raises(RefusedError):
        verify_note(parse_note(bytes(data)), [parse_vkey(VKEY)])


def test_signatures_of_others_are_passed_over() -> None:
    text = "kept\n"
    note = Note(text, (sign_note(text, OTHER.name, OTHER.signer), sign_note(text, LOG.name, LOG.signer)))  # type: ignore[arg-type]
    assert verify_note(parse_note(bytes(note)), [LOG.verifier]) == (LOG.verifier,)
    refused("unsigned", bytes(note), parse_vkey(VKEY))


def test_one_false_signature_of_a_trusted_key_refuses_the_note() -> None:
    good = sign_note("kept\n", LOG.name, LOG.signer)  # type: ignore[arg-type]
    false = sign_note("other\n", LOG.name, LOG.signer)  # type: ignore[arg-type]
    refused("bad-signature", bytes(Note("kept\n", (good, false))), LOG.verifier)


def test_a_text_may_hold_empty_lines() -> None:
    text = "a\n\nb\n\n"
    note = Note(text, (sign_note(text, LOG.name, LOG.signer),))  # type: ignore[arg-type]
    assert parse_note(bytes(note)).text == text
    verify_note(parse_note(bytes(note)), [LOG.verifier])


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("not-a-note", "no signature\n"),
        ("not-a-note", NOTE.removesuffix("\n")),
        ("not-a-note", "text\n\n"),
        ("not-a-note", "text\n\n" + NOTE.split("\n\n")[1] * 65),
        ("control-character", NOTE.replace("example message", "example\tmessage")),
        ("control-character", NOTE.replace("\n", "\r\n")),
        ("not-utf-8", b"\xff" + NOTE.encode()),
        ("bad-signature-line", NOTE.replace("— ", "- ")),
        ("bad-signature-line", NOTE.replace(" Uw2Q", "\u00a0Uw2Q")),
        ("bad-key-name", NOTE.replace("example.com/foo", "example.com+foo")),
        ("bad-base64", NOTE.replace("aQM=", "aQN=")),
        ("bad-base64", NOTE.replace("Uw2Q", "Uw2 Q")),
        ("bad-base64", NOTE.replace("aQM=", "aQM")),
        ("note-too-long", b"a" * (1 << 20) + NOTE.encode()),
    ],
)
def test_what_is_no_note_is_refused(code: str, data: bytes | str) -> None:
    refused(code, data, parse_vkey(VKEY))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("bad-vkey", "example.com/foo"),
        ("wrong-key-id", VKEY.replace("530d903a", "530d903b")),
        ("wrong-key-id", VKEY.replace("530d903a", "530D903A")),
        ("bad-base64", VKEY + "="),
        ("bad-key", "a+00000000+AQ=="),
        ("unknown-signature-type", "a+00000000+AgAA"),
        ("unknown-signature-type", "a+00000000+"),
        ("bad-key-name", VKEY.replace("example.com/foo", "example.com/\u2003foo")),
    ],
)
def test_what_is_no_key_is_refused(code: str, text: str) -> None:
    with pytest.raises(RefusedError) as said:
        parse_vkey(text)
    assert said.value.code == code


_P = 2**255 - 19
_EIGHTH = 2707385501144840649318225287225658788936804267575313519463743609750303402022


@pytest.mark.parametrize("sign", [0, 1 << 255])
@pytest.mark.parametrize("y", [0, 1, _P - 1, _EIGHTH, _P - _EIGHTH, _P, _P + 1])
def test_keys_of_small_order_are_refused(y: int, sign: int) -> None:
    with pytest.raises(RefusedError) as said:
        VerifierKey("a.example", SignatureType.ED25519, (y | sign).to_bytes(32, "little"))
    assert said.value.code == ("bad-key" if y >= _P else "small-order-key")


def test_one_key_has_another_id_for_another_purpose() -> None:
    witness = VerifierKey(LOG.name, SignatureType.ED25519_COSIGNATURE, LOG.verifier.key)
    assert witness.id != LOG.verifier.id
    with pytest.raises(RefusedError):
        verify_note(parse_note(NOTE.encode()), [WITNESS.verifier])
