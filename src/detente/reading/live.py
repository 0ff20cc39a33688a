"""Lines of a source that goes on: datagrams, a connection, or a file that grows.

`lines` of each gives whole lines until the source ends or `stop` is set. Memory stays bounded: of a line
only `LONGEST` bytes are kept, and where nobody takes lines the network waits, or drops datagrams itself.
Only addresses of this machine are used unless the caller says otherwise. Source: the ports on which receivers of AIS give
sentences, by UDP (IEC 61162-450 does the same, on multicast) or TCP.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from detente.reading.lines import LONGEST

_ADDRESS = re.compile(r"(udp|tcp)://(\[[0-9A-Fa-f:.]+\]|[^:/\[\]]+):(\d{1,5})/?")
_WAIT_S = 0.25
"""How soon a source notices that it is to stop."""
_BUFFER = 8 << 20
"""Bytes of datagrams that the system is asked to hold while nobody takes them: some 20 s at 3,000 sentences a second."""
_SILENT_S = 120.0
"""A connection on which nothing comes for so long is made anew: a peer that has gone without a word looks the same."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0


class BadSource(ValueError):  # noqa: N818  it is an answer to the caller
    """The text names no source that is read; the message says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where sentences come from: `udp` binds the port here, `tcp` connects to it."""

    how: Literal["udp", "tcp"]
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.how}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def source_named(text: str, *, any_address: bool = False) -> Address | Path:
    """An address (`udp://127.0.0.1:10110`), or else a file.

    Raises:
        BadSource: it looks like an address and is none, or it is not this machine's own and `any_address` is not given.
    """
    if "://" not in text:
        return Path(text)
    found = _ADDRESS.fullmatch(text)
    if found is None or not 0 < int(found[3]) < 65_536:
        raise BadSource(f"{text} is no source")
    host = found[2].strip("[]")
    if not any_address and not is_loopback(host):
        raise BadSource(f"{host} is not an address of this machine alone")
    return Address("udp" if found[1] == "udp" else "tcp", host, int(found[3]))


def is_loopback(host: str) -> bool:
    """Whether the host is this machine's own inside: 127.0.0.0/8, ::1, or `localhost`. Names are not looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Pieces:
    """Bytes as they come, into lines; what is beyond `LONGEST` in a line is passed over."""

    def __init__(self) -> None:
        self._rest = b""
        self._skips = False

    def lines(self, data: bytes) -> Iterator[bytes]:
        """The lines that the bytes complete."""
        *whole, rest = (self._rest + data).split(b"\n")
        for line in whole:
            if not self._skips:
                yield line[:LONGEST]
            self._skips = False
        if len(rest) >= LONGEST:
            if not self._skips:
                yield rest[:LONGEST]
            rest, self._skips = b"", True
        self._rest = rest

    def forget(self) -> None:
        """Let go of a line that will not be completed."""
        self._rest, self._skips = b"", False


class Datagrams:
    """Sentences by UDP. One datagram may hold several lines; none goes on in the next."""

    def __init__(self, address: Address) -> None:
        """Bind the port.

        Raises:
            OSError: it cannot be bound.
        """
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
            self._socket.bind((address.host, address.port))
        except OSError:
            self._socket.close()
            raise
        self._socket.settimeout(_WAIT_S)

    def lines(self, stop: threading.Event) -> Iterator[bytes]:
        """Lines until `stop`."""
        with self._socket:
            while not stop.is_set():
                try:
                    data = self._socket.recv(65_535)
                except TimeoutError:
                    continue
                except OSError:  # an earlier answer was refused; datagrams still come
                    stop.wait(_WAIT_S)
                    continue
                for line in data.splitlines():
                    yield line[:LONGEST]


class Connection:
    """Sentences by TCP. A connection that ends, fails or falls silent is made anew, after a pause that doubles up to half a minute."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self.connections = 0
        """How often one was made."""

    def lines(self, stop: threading.Event) -> Iterator[bytes]:
        """Lines until `stop`."""
        pause = _FIRST_PAUSE_S
        while not stop.is_set():
            heard = False
            with contextlib.suppress(OSError), socket.create_connection((self._address.host, self._address.port), timeout=5.0) as peer:
                self.connections += 1
                for line in _received(peer, stop):
                    heard = True
                    yield line
            pause = _FIRST_PAUSE_S if heard else min(_LONGEST_PAUSE_S, 2 * pause)
            stop.wait(pause)


def _received(peer: socket.socket, stop: threading.Event) -> Iterator[bytes]:
    peer.settimeout(_WAIT_S)
    pieces = Pieces()
    last = time.monotonic()
    while not stop.is_set() and time.monotonic() - last < _SILENT_S:
        try:
            data = peer.recv(65_536)
        except TimeoutError:
            continue
        if not data:
            return
        last = time.monotonic()
        yield from pieces.lines(data)


class GrowingFile:
    """Lines of a file that something else goes on writing."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            OSError: it cannot be opened.
        """
        self._file = path.open("rb", buffering=0)

    def lines(self, stop: threading.Event) -> Iterator[bytes]:
        """Lines until `stop`; at the end of the file it waits for more."""
        pieces = Pieces()
        with self._file:
            while not stop.is_set():
                if data := self._file.read(1 << 16):
                    yield from pieces.lines(data)
                else:
                    stop.wait(_WAIT_S)
