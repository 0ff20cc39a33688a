"""A log as files: its checkpoint, tiles of 256 hashes, and bundles of 256 entries.

    checkpoint
    tile/<L>/<N>[.p/<W>]
    tile/entries/<N>[.p/<W>]

Source: C2SP tlog-tiles v0.1, which is what Go's `golang.org/x/mod/sumdb/tlog` reads too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.exchange.refused import RefusedError
from detente.exchange.strict import HASH_SIZE
from detente.exchange.tree import leaf_hash, root_of

WIDTH = 256
MOST_ENTRY = (1 << 16) - 1
"""Bytes of an entry: its length is written in 16 bits."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One file of hashes (`level` from 0), or of entries (`level` None): the `number`-th of its kind, `width` wide (1 to 256)."""

    level: int | None
    number: int
    width: int

    @property
    def path(self) -> str:
        """Where it lies below the log's folder, with slashes."""
        name = f"{self.number % 1000:03d}"
        rest = self.number // 1000
        while rest:
            name = f"x{rest % 1000:03d}/{name}"
            rest //= 1000
        kind = "entries" if self.level is None else str(self.level)
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{name}{part}"


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile and bundle of a log of `size` entries: the full ones, and the partial one at the end of each level."""
    for number, width in _row(size):
        yield Tile(None, number, width)
    level, width_of_level = 0, size
    while width_of_level:
        for number, width in _row(width_of_level):
            yield Tile(level, number, width)
        level, width_of_level = level + 1, width_of_level // WIDTH


def _row(length: int) -> Iterator[tuple[int, int]]:
    for number in range(length // WIDTH):
        yield number, WIDTH
    if length % WIDTH:
        yield length // WIDTH, length % WIDTH


def write_tiles(folder: Path, entries: Sequence[bytes]) -> None:
    """Write all tiles and bundles of a log with these entries; the checkpoint is the caller's.

    Raises:
        RefusedError: an entry is longer than 65,535 bytes.
    """
    levels = [[leaf_hash(entry) for entry in entries]]
    while len(levels[-1]) >= WIDTH:
        below = levels[-1]
        levels.append([root_of(below[i : i + WIDTH]) for i in range(0, len(below) - len(below) % WIDTH, WIDTH)])
    for tile in tiles_of(len(entries)):
        start = tile.number * WIDTH
        if tile.level is None:
            data = b"".join(_framed(entry) for entry in entries[start : start + tile.width])
        else:
            data = b"".join(levels[tile.level][start : start + tile.width])
        path = folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _framed(entry: bytes) -> bytes:
    if len(entry) > MOST_ENTRY:
        raise RefusedError("entry-too-long", f"expected an entry of at most {MOST_ENTRY} bytes, found {len(entry)}")
    return len(entry).to_bytes(2, "big") + entry


def read_bundle(data: bytes, tile: Tile) -> list[bytes]:
    """The entries of a bundle.

    Raises:
        RefusedError: it holds more or fewer than the tile's width, or ends in the middle of one.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        end = at + 2 + length
        if at + 2 > len(data) or end > len(data):
            raise RefusedError("torn-bundle", f"expected {tile.path} to end with a whole entry, found {len(data) - at} bytes at {at}")
        entries.append(data[at + 2 : end])
        at = end
    if len(entries) != tile.width:
        raise RefusedError("wrong-width", f"expected {tile.width} entries in {tile.path}, found {len(entries)}")
    return entries


def read_hashes(data: bytes, tile: Tile) -> list[bytes]:
    """The hashes of a tile.

    Raises:
        RefusedError: it is not as long as its width says.
    """
    if len(data) != tile.width * HASH_SIZE:
        raise RefusedError("wrong-width", f"expected {tile.width * HASH_SIZE} bytes in {tile.path}, found {len(data)}")
    return [data[i : i + HASH_SIZE] for i in range(0, len(data), HASH_SIZE)]


def read_log(folder: Path, size: int) -> list[bytes]:
    """All entries of a log of `size`, in order, with every tile recomputed from them.

    Raises:
        RefusedError: a file is missing, or a tile is not what the entries hash to;
            the message names the file and the first entry at fault.
    """
    entries: list[bytes] = []
    for tile in tiles_of(size):
        if tile.level is None:
            entries += read_bundle(_data(folder, tile), tile)
    level, leaves = 0, [leaf_hash(entry) for entry in entries]
    for tile in tiles_of(size):
        if tile.level is None:
            continue
        if tile.level != level:
            leaves = [root_of(leaves[i : i + WIDTH]) for i in range(0, len(leaves) - len(leaves) % WIDTH, WIDTH)]
            level = tile.level
        stated = read_hashes(_data(folder, tile), tile)
        for place, (found, expected) in enumerate(zip(stated, leaves[tile.number * WIDTH :], strict=False)):
            if found != expected:
                entry = (tile.number * WIDTH + place) * WIDTH**level
                raise RefusedError(
                    "wrong-tile", f"entry {entry}: expected the hash {expected.hex()[:16]}… in {tile.path}, found {found.hex()[:16]}…"
                )
    return entries


def _data(folder: Path, tile: Tile) -> bytes:
    """The tile's bytes. A partial tile may have been replaced by the full one, of which it is the beginning."""
    path = folder / tile.path
    try:
        return path.read_bytes()
    except OSError:
        pass
    whole = Tile(tile.level, tile.number, WIDTH)
    try:
        data = (folder / whole.path).read_bytes()
    except OSError as error:
        raise RefusedError("missing-tile", f"expected the file {tile.path}: {error.strerror or error}") from None
    if tile.level is None:
        return b"".join(_framed(entry) for entry in read_bundle(data, whole)[: tile.width])
    return data[: tile.width * HASH_SIZE]
