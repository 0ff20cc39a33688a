"""Merkle trees and proofs, against the definitions of RFC 6962 written out as they stand there."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.exchange.refused import RefusedError
from detente.exchange.tree import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    subtrees_of,
    verify_consistency,
    verify_inclusion,
)

from .logs import entries


def mth(d: list[bytes]) -> bytes:
    """RFC 6962, section 2.1."""
    if not d:
        return hashlib.sha256(b"").digest()
    if len(d) == 1:
        return hashlib.sha256(b"\x00" + d[0]).digest()
    k = 1
    while k * 2 < len(d):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


# RFC 6962 trees over these eight entries; their roots stand in the tests of Certificate Transparency's own programs.
ENTRIES = [bytes.fromhex(h) for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOT_OF_EIGHT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_published_roots() -> None:
    leaves = [leaf_hash(e) for e in ENTRIES]
    assert leaves[0].hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root_of(leaves).hex() == ROOT_OF_EIGHT
    assert root_of([]).hex() == EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(34))
def test_roots_and_proofs_of_every_small_tree(size: int) -> None:
    some = entries(size)
    leaves = [leaf_hash(e) for e in some]
    root = root_of(leaves)
    assert root == mth(some)
    for index in range(size):
        verify_inclusion(leaves[index], index, size, inclusion_proof(subtrees_of(leaves), index, size), root)
    for old in range(1, size + 1):
        verify_consistency(old, size, consistency_proof(subtrees_of(leaves), old, size), mth(some[:old]), root)


@given(size=st.integers(1, 70), data=st.data())
def test_no_proof_survives_a_change(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(e) for e in entries(size)]
    root = root_of(leaves)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    included, consistent = inclusion_proof(subtrees_of(leaves), index, size), consistency_proof(subtrees_of(leaves), old, size)
    for proof, verify in (
        (included, lambda p: verify_inclusion(leaves[index], index, size, p, root)),
        (consistent, lambda p: verify_consistency(old, size, p, root_of(leaves[:old]), root)),
    ):
        verify(proof)
        for at in range(len(proof)):
            flipped = bytes([proof[at][0] ^ 1]) + proof[at][1:]
            for wrong in ([*proof[:at], flipped, *proof[at + 1 :]], proof[:at] + proof[at + 1 :], [*proof[:at], proof[at], *proof[at:]]):
                with pytest.raises(RefusedError):
                    verify(wrong)
        with pytest.raises(RefusedError):
            verify([*proof, root])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (8, 8), (-1, 8)])
def test_no_entry_beyond_the_tree(index: int, size: int) -> None:
    with pytest.raises(RefusedError) as said:
        verify_inclusion(leaf_hash(b""), index, size, [], leaf_hash(b""))
    assert said.value.code == "no-such-entry"


@pytest.mark.parametrize(("old", "size"), [(0, 0), (0, 4), (5, 4), (-1, 4)])
def test_no_proof_from_nothing_or_backwards(old: int, size: int) -> None:
    with pytest.raises(RefusedError) as said:
        verify_consistency(old, size, [], EMPTY_ROOT, EMPTY_ROOT)
    assert said.value.code == "no-such-tree"


def test_another_root_is_refused() -> None:
    leaves = [leaf_hash(e) for e in entries(5)]
    with pytest.raises(RefusedError) as said:
        verify_inclusion(leaves[3], 3, 5, inclusion_proof(subtrees_of(leaves), 3, 5), leaves[0])
    assert said.value.code == "wrong-root"
