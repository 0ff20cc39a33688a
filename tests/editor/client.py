"""A client of the language server over real pipes, as small as it can be."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Self

PATIENCE = 60


class Client:
    """Starts `detente lsp`; every question waits for its own answer, what comes unasked is kept."""

    def __init__(self, options: Any = None, root: Path | None = None, **capabilities: Any) -> None:
        command = [sys.executable, "-m", "detente", "lsp", "--stdio"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.arrived: Queue[dict[str, Any]] = Queue()
        self.kept: list[dict[str, Any]] = []
        self.last = 0
        threading.Thread(target=self._listen, daemon=True).start()
        self.options, self.root, self.capabilities = options, root, capabilities

    def __enter__(self) -> Self:
        uri = None if self.root is None else self.root.as_uri()
        params = {"processId": None, "rootUri": uri, "capabilities": self.capabilities, "initializationOptions": self.options}
        self.welcome = self.ask("initialize", params)
        self.tell("initialized", {})
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while (line := stream.readline().strip()) or not length:
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
                elif not line and not length:
                    return
            self.arrived.put(json.loads(stream.read(length)))

    def raw(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: Any) -> None:
        body = json.dumps(message).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def tell(self, method: str, params: Any) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: Any) -> dict[str, Any]:
        """The whole answer, with its result or error."""
        self.last += 1
        number = self.last
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return self.wait(lambda m: m.get("id") == number and "method" not in m)

    def ask(self, method: str, params: Any) -> Any:
        answer = self.request(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def wait(self, is_it: Any) -> dict[str, Any]:
        """The first message of a sort, from those that were kept or that come."""
        for place, message in enumerate(self.kept):
            if is_it(message):
                return self.kept.pop(place)
        while True:
            try:
                message = self.arrived.get(timeout=PATIENCE)
            except Empty:
                raise AssertionError(f"no answer; kept: {str(self.kept)[:500]}") from None
            if is_it(message):
                return message
            self.kept.append(message)
            if "id" in message and "method" in message:
                self.send({"jsonrpc": "2.0", "id": message["id"], "result": None})

    def diagnostics(self, uri: str, version: int) -> list[dict[str, Any]]:
        found = self.wait(
            lambda m: (
                m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri and m["params"].get("version") == version
            )
        )
        return found["params"]["diagnostics"]

    def open(self, uri: str, text: str) -> None:
        self.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "markdown", "version": 1, "text": text}})

    def change(self, uri: str, text: str, version: int) -> None:
        self.tell("textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]})
