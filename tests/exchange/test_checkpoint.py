"""Checkpoints, cosignatures, policies and the proofs that rest on them."""

from __future__ import annotations

import pytest

from detente.exchange.checkpoint import parse_checkpoint
from detente.exchange.cosignature import verify_cosignatures
from detente.exchange.note import Note, NoteSignature
from detente.exchange.policy import parse_policy
from detente.exchange.proof import LogProof, parse_log_proof, verify_log_proof
from detente.exchange.refused import RefusedError
from detente.exchange.tree import inclusion_proof, leaf_hash, subtrees_of

from .logs import LOG, OTHER, POLICY, QUANTUM, TIME, WITNESS, checkpoint, cosigned, entries, opened

# C2SP tlog-checkpoint, the example.
TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def refused(code: str, call: object, *args: object) -> None:
    with pytest.raises(RefusedError) as said:
        call(*args)  # type: ignore[operator]
    assert said.value.code == code, str(said.value)


def test_the_example_of_the_specification_reads() -> None:
    found = parse_checkpoint(TEXT)
    assert (found.origin, found.size, found.extension) == ("example.com/behind-the-sofa", 20852163, ())
    assert str(found) == TEXT


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("bad-number", TEXT.replace("20852163", "020852163")),
        ("bad-number", TEXT.replace("20852163", "-1")),
        ("bad-number", TEXT.replace("20852163", "9223372036854775808")),
        ("bad-number", TEXT.replace("20852163", "٢")),
        ("bad-hash", TEXT.replace("CsUYapGG", "")),
        ("bad-base64", TEXT.replace("q2I=", "q2J=")),
        ("not-a-checkpoint", TEXT.replace("20852163\n", "")),
        ("not-a-checkpoint", TEXT + "\nextension\n"),
        ("not-a-checkpoint", "\n" + TEXT),
    ],
)
def test_what_is_no_checkpoint_is_refused(code: str, text: str) -> None:
    refused(code, parse_checkpoint, text)


def test_only_the_log_that_is_named_signs() -> None:
    note = checkpoint(entries(3), OTHER)
    refused("unknown-log", opened, note)
    borrowed = Note(checkpoint(entries(3)).text, checkpoint(entries(3), OTHER).signatures)
    refused("unsigned", opened, borrowed)


@pytest.mark.parametrize("witness", [WITNESS, QUANTUM], ids=["ed25519", "ml-dsa-44"])
def test_cosignatures_verify_and_no_byte_of_them_can_change(witness: type) -> None:
    signed = opened(cosigned(checkpoint(entries(3)), witness))
    assert verify_cosignatures(signed, [witness.verifier]) == {witness.verifier: TIME}
    assert verify_cosignatures(signed, [OTHER.verifier]) == {}
    (line,) = signed.note.by(witness.verifier)
    for at in (0, 7, 8, 40, len(line.signature) - 1):
        data = bytearray(line.signature)
        data[at] ^= 1
        other = Note(signed.note.text, (signed.note.signatures[0], NoteSignature(line.name, line.key_id, bytes(data))))
        with pytest.raises(RefusedError):
            verify_cosignatures(opened(other), [witness.verifier])


def test_a_cosignature_is_for_one_tree_alone() -> None:
    three = cosigned(checkpoint(entries(3)), WITNESS, QUANTUM)
    moved = Note(checkpoint(entries(4)).text, (*checkpoint(entries(4)).signatures, *three.signatures[1:]))
    refused("bad-signature", parse_policy(POLICY.encode()).open, bytes(moved))


def test_a_quorum_wants_every_witness_it_names() -> None:
    policy = parse_policy(POLICY.encode())
    _, found = policy.open(bytes(cosigned(checkpoint(entries(3)), WITNESS, QUANTUM)))
    assert set(found) == {WITNESS.verifier, QUANTUM.verifier}
    refused("no-quorum", policy.open, bytes(cosigned(checkpoint(entries(3)), WITNESS)))
    refused("no-quorum", policy.open, bytes(cosigned(checkpoint(entries(3)), WITNESS, WITNESS)))
    lenient = parse_policy(POLICY.replace("group two all", "group two any").encode())
    assert len(lenient.open(bytes(cosigned(checkpoint(entries(3)), QUANTUM)))[1]) == 1
    none = parse_policy(POLICY.replace("quorum two", "quorum none").encode())
    assert none.open(bytes(checkpoint(entries(3))))[1] == {}


@pytest.mark.parametrize(
    ("code", "line", "other"),
    [
        ("no-quorum", "quorum two\n", ""),
        ("no-quorum", "quorum two\n", "quorum two\nquorum none\n"),
        ("unknown-name", "quorum two", "quorum three"),
        ("unknown-name", "group two all b n", "group two all b m"),
        ("unknown-name", "group two all b n", "group two all two"),
        ("duplicate-name", "group two all b n", "group two all b b"),
        ("duplicate-name", "group two", "group b"),
        ("duplicate-name", "group two", "group none"),
        ("bad-threshold", "two all", "two 0"),
        ("bad-threshold", "two all", "two 3"),
        ("bad-threshold", "two all", "two 01"),
        ("bad-threshold", "two all", "two ²"),
        ("bad-policy-line", "all b n", "all"),
        ("bad-policy-line", "quorum two", "quorums two"),
        ("wrong-signature-type", f"log {LOG.verifier}", f"log {WITNESS.verifier}"),
        ("wrong-signature-type", f"witness b {WITNESS.verifier}", f"witness b {LOG.verifier}"),
        ("duplicate-key", "group two", f"log {LOG.verifier} https://a.example\ngroup two"),
        ("control-character", "quorum two\n", "quorum two\r\n"),
    ],
)
def test_what_is_no_policy_is_refused(code: str, line: str, other: str) -> None:
    changed = POLICY.replace(line, other)
    assert changed != POLICY
    refused(code, parse_policy, changed.encode())


def test_a_policy_may_have_comments_tabs_and_names_in_any_script() -> None:
    policy = parse_policy(("# who\n\n\t" + POLICY.replace(" b ", "\tБ ")).encode())
    assert policy.quorum == "two"


def _proof(size: int, index: int, extra: bytes | None = None) -> LogProof:
    leaves = [leaf_hash(e) for e in entries(size)]
    note = cosigned(checkpoint(entries(size)), WITNESS, QUANTUM)
    return LogProof(index, tuple(inclusion_proof(subtrees_of(leaves), index, size)), bytes(note), extra)


def test_a_proof_stands_on_its_own() -> None:
    proof = _proof(300, 123, b"about")
    assert parse_log_proof(str(proof).encode()) == proof
    proven = verify_log_proof(proof, leaf_hash(entries(300)[123]), parse_policy(POLICY.encode()))
    assert (proven.index, proven.checkpoint.size, len(proven.cosigned)) == (123, 300, 2)
    refused("wrong-root", verify_log_proof, proof, leaf_hash(b"other"), parse_policy(POLICY.encode()))
    refused(
        "unknown-log",
        verify_log_proof,
        proof,
        leaf_hash(b""),
        parse_policy(POLICY.replace(str(LOG.verifier), str(OTHER.verifier)).encode()),
    )


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("not-a-proof", "tlog-proof@v1", "tlog-proof@v2"),
        ("not-a-proof", "index 1\n", ""),
        ("bad-number", "index 1", "index 01"),
        ("bad-hash", "index 1\n", "index 1\nAAAA\n"),
        ("bad-base64", "index 1\n", "index 1\n!\n"),
        ("proof-too-long", "index 1\n", "index 1\n" + "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n" * 64),
        ("bad-base64", "index 1", "extra ?\nindex 1"),
    ],
)
def test_what_is_no_proof_is_refused(code: str, old: str, new: str) -> None:
    refused(code, parse_log_proof, str(_proof(3, 1)).replace(old, new).encode())
