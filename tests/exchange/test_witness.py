"""What a witness cosigns, in the order in which a log asks."""

from __future__ import annotations

import pytest

from detente.exchange.checkpoint import Checkpoint
from detente.exchange.note import Note, sign_note
from detente.exchange.refused import RefusedError
from detente.exchange.tree import consistency_proof, leaf_hash, subtrees_of
from detente.exchange.witness import STATUS, AddCheckpoint, examine, parse_add_checkpoint

from .logs import LOG, OTHER, checkpoint, entries, opened


def ask(old: int, size: int, *, some: list[bytes] | None = None, proof: tuple[bytes, ...] | None = None) -> AddCheckpoint:
    grown = some or entries(size)
    leaves = [leaf_hash(e) for e in grown]
    path = tuple(consistency_proof(subtrees_of(leaves), old, size)) if proof is None else proof
    request = AddCheckpoint(old, path, bytes(checkpoint(grown)))
    assert parse_add_checkpoint(bytes(request)) == request
    return request


def status(request: AddCheckpoint, last: Checkpoint | None) -> int:
    with pytest.raises(RefusedError) as said:
        examine(request, [LOG.verifier], last)
    return STATUS.get(said.value.code, 400)


def test_a_log_grows_under_its_witness() -> None:
    last = None
    for old, size in ((0, 0), (0, 1), (1, 1), (1, 7), (7, 8), (8, 300)):
        last = examine(ask(old, size), [LOG.verifier], last).checkpoint
        assert last.size == size


def test_refusals_have_the_status_that_the_specification_gives() -> None:
    seven = opened(checkpoint(entries(7))).checkpoint
    rewritten = [b"other", *entries(9)[1:]]
    assert status(ask(6, 9), seven) == 409
    assert status(ask(0, 9), seven) == 409
    assert status(ask(7, 9, some=rewritten), seven) == 422
    assert status(ask(7, 7, some=rewritten[:7]), seven) == 422
    assert status(ask(7, 9, proof=()), seven) == 422
    assert status(ask(0, 9, proof=(bytes(32),)), None) == 422
    assert status(AddCheckpoint(9, (), bytes(checkpoint(entries(7)))), seven) == 400
    assert status(AddCheckpoint(0, (), bytes(checkpoint(entries(7), OTHER))), None) == 404
    borrowed = Note(checkpoint(entries(7)).text, checkpoint(entries(7), OTHER).signatures)
    assert status(AddCheckpoint(0, (), bytes(borrowed)), None) == 403
    text = str(Checkpoint(LOG.name, 0, bytes(32)))
    assert status(AddCheckpoint(0, (), bytes(Note(text, (sign_note(text, LOG.name, LOG.signer),)))), None) == 422  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("not-a-request", b"old 1", b"new 1"),
        ("bad-number", b"old 1", b"old  1"),
        ("bad-number", b"old 1", b"old +1"),
        ("bad-base64", b"old 1\n", b"old 1\n?\n"),
        ("too-many-hashes", b"old 1\n", b"old 1\n" + b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n" * 64),
    ],
)
def test_what_is_no_request_is_refused(code: str, old: bytes, new: bytes) -> None:
    with pytest.raises(RefusedError) as said:
        parse_add_checkpoint(bytes(ask(1, 7)).replace(old, new))
    assert said.value.code == code
