"""Alerts to a program on this machine, by HTTP: one POST each, in order, tried again until it is taken.

A queue holds what waits; it is bounded, and what falls out of it is counted. Only an address of this machine is used, no
redirect is followed, and of an answer only its status is read.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections import deque
from urllib.parse import urlsplit

from detente.cli.streams import refusal
from detente.model.problem import Problem
from detente.reading.live import is_loopback

MOST_WAITING = 10_000
"""Alerts that may wait."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 15.0
_LAST_S = 5.0
"""So long the end of a watch waits for what is still to be sent."""


class Webhook:
    """Sends from a thread of its own."""

    def __init__(self, url: str) -> None:
        """Read the address; a bad one, or one elsewhere, ends the command."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or 80
        except ValueError:
            host = ""
        if not host or parts.scheme != "http" or parts.username is not None or any(c <= " " or c > "~" for c in url):
            raise refusal(Problem("bad-webhook", f"--webhook {url} is no address", expected=("http://127.0.0.1:8080/alerts",)))
        if not is_loopback(host):
            text = f"{host} is not an address of this machine; alerts go to programs here only"
            raise refusal(Problem("bad-webhook", text, help="let a program here pass them on"))
        self.host, self.port = ("127.0.0.1" if host == "localhost" else host), port
        self.path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.lost = 0
        """Alerts that fell out of the queue."""
        self.sent = 0
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._turn = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._send_all, name="webhook", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def give(self, number: int, body: str) -> None:
        """Put an alert into the queue; where it is full the oldest goes."""
        with self._turn:
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.popleft()
                self.lost += 1
            self._waiting.append((number, body.encode()))
            self._turn.notify_all()

    def waiting(self) -> list[tuple[int, str]]:
        """What has not been taken yet."""
        with self._turn:
            return [(number, body.decode()) for number, body in self._waiting]

    def close(self) -> None:
        """Stop, after what waits has been sent or a few seconds have gone by."""
        until = time.monotonic() + _LAST_S
        with self._turn:
            while self._waiting and self._thread.is_alive() and time.monotonic() < until:
                self._turn.wait(0.1)
            self._closed = True
            self._turn.notify_all()
        self._thread.join(1.0)

    def _send_all(self) -> None:
        pause = _FIRST_PAUSE_S
        while True:
            with self._turn:
                while not self._waiting and not self._closed:
                    self._turn.wait()
                if self._closed:
                    return
                first = self._waiting[0]
            if self._is_taken(*first):
                pause = _FIRST_PAUSE_S
                with self._turn:
                    if self._waiting and self._waiting[0] is first:
                        self._waiting.popleft()
                    self.sent += 1
                    self._turn.notify_all()
            else:
                with self._turn:
                    self._turn.wait_for(lambda: self._closed, pause)
                pause = min(_LONGEST_PAUSE_S, 2 * pause)

    def _is_taken(self, number: int, body: bytes) -> bool:
        """Whether the program answered with success; `Idempotency-Key` lets it see what comes twice."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=5.0)
        try:
            connection.request("POST", self.path, body, {"Content-Type": "application/json", "Idempotency-Key": str(number)})
            return 200 <= connection.getresponse().status < 300
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
