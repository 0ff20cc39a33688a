"""Merkle trees over a log's entries: roots, and proofs that an entry or an older tree is in a tree.

Source: RFC 6962, section 2.1 (hashes and proofs); RFC 9162, sections 2.1.3.2 and 2.1.4.2 (verification).
Hashes are SHA-256, 32 bytes; indices count from 0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from detente.exchange.refused import RefusedError
from detente.exchange.strict import HASH_SIZE

LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"
EMPTY_ROOT = hashlib.sha256(b"").digest()

Subtree = Callable[[int, int], bytes]
"""The root over the entries of [start, end), where end - start is a power of two or the rest of the tree."""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return hashlib.sha256(LEAF_PREFIX + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """MTH over leaf hashes."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def subtrees_of(leaves: Sequence[bytes]) -> Subtree:
    """Roots of parts of a tree whose leaf hashes are at hand."""
    return lambda start, end: root_of(leaves[start:end])


def inclusion_proof(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """PATH(index, D[size]): from the leaf's sibling up to the root's child."""
    if not 0 <= index < size:
        raise RefusedError("no-such-entry", f"expected an index below the tree's size {size}, found {index}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(subtree: Subtree, old: int, size: int) -> list[bytes]:
    """PROOF(old, D[size]); empty where the trees are the same or the old one is empty."""
    if not 0 <= old <= size:
        raise RefusedError("no-such-tree", f"expected an old size up to {size}, found {old}")
    if old in (0, size):
        return []
    path: list[bytes] = []
    start, end, whole = 0, size, True
    while old - start != end - start:
        middle = start + split(end - start)
        if old <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, end))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Verify that the tree of `size` with `root` has `leaf` at `index`.

    Raises:
        RefusedError: it does not follow from the proof.
    """
    if not 0 <= index < size:
        raise RefusedError("no-such-entry", f"expected an index below the tree's size {size}, found {index}")
    if len(leaf) != HASH_SIZE:
        raise RefusedError("bad-hash", f"expected a leaf hash of {HASH_SIZE} bytes, found {len(leaf)}")
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise RefusedError("proof-too-long", f"expected fewer hashes for entry {index} of {size}, found {len(proof)}")
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise RefusedError("proof-too-short", f"expected more hashes for entry {index} of {size}, found {len(proof)}")
    _expect(found, root, f"entry {index} of {size}")


def verify_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> None:
    """Verify that the tree of `size` with `root` begins with the tree of `old` entries with `old_root`.

    Every tree begins with the empty one, so a proof from size 0 would show nothing and is refused.

    Raises:
        RefusedError: it does not follow from the proof.
    """
    if not 0 < old <= size:
        raise RefusedError("no-such-tree", f"expected an old size from 1 to {size}, found {old}")
    if old == size:
        if proof:
            raise RefusedError("proof-too-long", f"expected no hashes from size {old} to itself, found {len(proof)}")
        _expect(old_root, root, f"the tree of {size}")
        return
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        raise RefusedError("proof-too-short", f"expected hashes from size {old} to {size}, found none")
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise RefusedError("proof-too-long", f"expected fewer hashes from size {old} to {size}, found {len(proof)}")
        if at & 1 or at == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise RefusedError("proof-too-short", f"expected more hashes from size {old} to {size}, found {len(proof)}")
    _expect(before, old_root, f"the tree of {old}")
    _expect(after, root, f"the tree of {size}")


def _expect(found: bytes, expected: bytes, what: str) -> None:
    if found != expected:
        raise RefusedError("wrong-root", f"expected the root {expected.hex()[:16]}… of {what}, found {found.hex()[:16]}…")
