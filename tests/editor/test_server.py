"""The server itself, started as an editor starts it and driven over its pipes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from detente.editor.positions import Position
from editor.client import PATIENCE, Client
from editor.marked import AGREEMENT, at, on, with_rule

URI = "file:///somewhere/agreement.md"
WEST = Path(__file__).parents[2] / "examples" / "west-26"
REFRESH = {"workspace": {"codeLens": {"refreshSupport": True}}}


def place(position: Position, uri: str = URI) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, "position": {"line": position.line, "character": position.character}}


def document(uri: str = URI) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}}


def test_a_whole_sitting() -> None:
    with Client(general={"positionEncodings": ["utf-32", "utf-8", "utf-16"]}) as client:
        assert client.welcome["capabilities"]["positionEncoding"] == "utf-16"
        text = with_rule('rule 4 "Учения 😀": no Party shall conduct an exercize X.')
        client.open(URI, text)
        (found,) = client.diagnostics(URI, 1)
        assert (found["code"], found["source"], found["severity"]) == ("unknown-kind", "detente", 1)
        assert "did you mean `exercise`?" in found["message"]
        start = found["range"]["start"]
        line = text.split("\n")[start["line"]].encode("utf-16-le")
        assert line[2 * start["character"] :].decode("utf-16-le").startswith("exercize X")

        client.change(URI, AGREEMENT, 2)
        assert client.diagnostics(URI, 2) == []

        raw, here = at(with_rule("rule 4: no Party shall conduct an exercise X where X.level is at least b|"))
        client.change(URI, raw, 3)
        items = client.ask("textDocument/completion", place(here))["items"]
        assert "brigade" in [item["label"] for item in items]
        client.change(URI, AGREEMENT, 4)

        assert "учение" in client.ask("textDocument/hover", place(on(AGREEMENT, "exercise X")[1]))["contents"]["value"]
        target = client.ask("textDocument/definition", place(on(AGREEMENT, "border-strip", 2)[1]))
        assert (target["uri"], target["range"]["start"]) == (URI, {"line": 4, "character": 7})

        where = place(on(AGREEMENT, "border-strip", 2)[1])
        assert client.ask("textDocument/prepareRename", where)["placeholder"] == "border-strip"
        edits = client.ask("textDocument/rename", {**where, "newName": "frontier"})["changes"][URI]
        assert [e["newText"] for e in edits] == ["frontier", "frontier"]
        refused = client.request("textDocument/rename", {**where, "newName": "exercise"})
        assert "already" in refused["error"]["message"]

        (edit,) = client.ask("textDocument/formatting", {**document(), "options": {"tabSize": 4, "insertSpaces": True}})
        assert "agreement:\n    parties Arland, Borland." in edit["newText"]
        (root,) = client.ask("textDocument/documentSymbol", document())
        assert root["children"][-1]["name"] == "Article 3 (exercises)"
        assert client.ask("textDocument/codeLens", document()) == []

        client.tell("textDocument/didClose", document())
        assert client.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics")["params"]["diagnostics"] == []
        client.ask("shutdown", None)
        client.tell("exit", None)
        assert client.process.wait(PATIENCE) == 0


def test_a_phrase_has_a_quick_fix() -> None:
    with Client() as client:
        client.open(URI, with_rule("rule 4: no Party must conduct an exercise X."))
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        (action,) = client.ask("textDocument/codeAction", {**document(), "range": whole, "context": {"diagnostics": []}})
        assert (action["title"], action["kind"]) == ("Write `shall`", "quickfix")
        assert [e["newText"] for e in action["edit"]["changes"][URI]] == ["shall"]


def test_formatting_a_broken_document_says_why() -> None:
    with Client() as client:
        client.open(URI, with_rule("rule 4: no Party shall."))
        assert client.ask("textDocument/formatting", {**document(), "options": {"tabSize": 4, "insertSpaces": True}}) == []
        said = client.wait(lambda m: m.get("method") == "window/showMessage")["params"]["message"]
        assert said.startswith("not formatted:")
        assert "syntax-error" in said


def _lenses(client: Client, uri: str) -> list[str]:
    """The lenses once judging has ended."""
    client.wait(lambda m: m.get("method") == "workspace/codeLens/refresh")
    return [x["command"]["title"] for x in client.ask("textDocument/codeLens", document(uri))]


def test_verdicts_stand_above_rules(tmp_path: Path) -> None:
    shutil.copytree(WEST, tmp_path / "west")
    path = tmp_path / "west" / "agreement.md"
    text = path.read_text(encoding="utf-8")
    uri = path.as_uri()
    with Client(**REFRESH) as client:
        client.open(uri, text)
        titles = _lenses(client, uri)
        assert titles[0].startswith("disputed · 1 disputed")
        assert len(titles) == 3
        client.change(uri, text.replace("42 days", "7 days"), 2)
        assert "saved before" in next(x["command"]["title"] for x in client.ask("textDocument/codeLens", document(uri)))
        path.write_text(text.replace("42 days", "7 days"), encoding="utf-8")
        client.tell("textDocument/didSave", document(uri))
        assert "saved before" not in _lenses(client, uri)[0]


def test_evidence_that_is_named_and_missing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "agreement.md"
    path.write_text(AGREEMENT, encoding="utf-8")
    with Client(options={"evidence": "facts"}, root=tmp_path, **REFRESH) as client:
        client.open(path.as_uri(), AGREEMENT)
        assert set(_lenses(client, path.as_uri())) == {f"not judged: there is no folder {tmp_path / 'facts'}"}


def test_an_agreement_that_cannot_be_judged_says_why(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    path = tmp_path / "agreement.md"
    text = with_rule("rule 4: no Party shall.")
    path.write_text(text, encoding="utf-8")
    with Client(options={"evidence": "facts"}, root=tmp_path, **REFRESH) as client:
        client.open(path.as_uri(), text)
        titles = _lenses(client, path.as_uri())
        assert "syntax-error" in titles[0]


def test_hostile_input_does_not_end_the_server() -> None:
    with Client() as client:
        client.raw(b"Content-Length: 5\r\n\r\n{'a':")
        client.raw(b"Content-Length: 2\r\n\r\n[]")
        client.raw(b"Content-Length: 4\r\n\r\nnull")
        client.raw(b"Content-Length: 2\r\n\r\n\xff\xfe")
        client.raw(b"Nonsense: yes\r\n")
        client.raw(b"Content-Length: 200000\r\n\r\n" + b"[" * 200_000)
        assert client.request("no/such/method", {})["error"]["code"] == -32601
        client.tell("no/such/notification", {"a": [1, {}]})
        client.tell("textDocument/didChange", {"nonsense": 1})
        client.tell("textDocument/didSave", document("file:///never/opened.md"))
        client.change("file:///never/opened.md", "x", 3)
        client.send({"jsonrpc": "1.0", "id": 77, "method": "shutdown"})
        client.send({"jsonrpc": "2.0", "id": 99, "result": 1})
        assert client.ask("textDocument/hover", place(Position(0, 0), "file:///never/opened.md")) is None
        client.open("untitled:Untitled-1", AGREEMENT)
        assert client.diagnostics("untitled:Untitled-1", 1) == []
        huge = AGREEMENT + "\n" + "Я" * 3_000_000
        client.open(URI, huge)
        assert [d["code"] for d in client.diagnostics(URI, 1)] == ["too-large"]
        many = AGREEMENT + "\n```rule\n" + "rule 9: no Party shall conduct an exercize X.\n" * 3000 + "```\n"
        client.change(URI, many, 2)
        client.open("file:///other.md", AGREEMENT)
        assert "учение" in str(client.ask("textDocument/hover", place(on(AGREEMENT, "exercise X")[1], "file:///other.md")))
        assert len(client.diagnostics(URI, 2)) == 501
        assert client.ask("textDocument/hover", place(Position(10**6, 10**6))) is None
        client.ask("shutdown", None)
        client.tell("exit", None)
        assert client.process.wait(PATIENCE) == 0


def test_a_client_that_leaves_ends_the_server() -> None:
    with Client() as client:
        client.open(URI, AGREEMENT)
        assert client.process.stdin is not None
        client.process.stdin.close()
        assert client.process.wait(PATIENCE) is not None
