"""Logs as folders: tiles, audits, receipts, and the commands over them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detente.cli.app import app
from detente.exchange.audit import audit, check_receipt, prove
from detente.exchange.policy import parse_policy
from detente.exchange.proof import parse_log_proof
from detente.exchange.refused import RefusedError
from detente.exchange.tiles import Tile, tiles_of
from detente.exchange.tree import inclusion_proof, leaf_hash, root_of, subtrees_of

from .logs import POLICY, checkpoint, cosigned, entries, written

TRUSTED = parse_policy(POLICY.encode())


def run(*args: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in args])
    return result.exit_code, result.stdout, result.stderr


def test_paths_are_those_of_the_specification() -> None:
    assert Tile(0, 1234067, 256).path == "tile/0/x001/x234/067"
    assert Tile(1, 0, 17).path == "tile/1/000.p/17"
    assert Tile(None, 273, 112).path == "tile/entries/273.p/112"


def test_tiles_of_seventy_thousand_entries() -> None:
    """C2SP tlog-tiles, "Partial Tiles": 273 full level 0 tiles, one of 112, one full level 1 tile, one of 17, one level 2 tile of 1."""
    tiles = list(tiles_of(70_000))
    assert sum(t.level == 0 and t.width == 256 for t in tiles) == 273
    assert [(t.level, t.width) for t in tiles if t.level is not None and t.width < 256] == [(0, 112), (1, 17), (2, 1)]
    assert [t for t in tiles_of(256) if t.level is not None] == [Tile(0, 0, 256), Tile(1, 0, 1)]
    assert not list(tiles_of(0))


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600])
def test_a_log_that_was_written_holds(tmp_path: Path, size: int) -> None:
    found = audit(written(tmp_path / "log", size), TRUSTED)
    assert list(found.entries) == entries(size)
    assert run("log", "verify", tmp_path / "log", "--policy", tmp_path / "log/policy")[0] == 0


def test_every_changed_file_is_found_and_its_entry_named(tmp_path: Path) -> None:
    folder = written(tmp_path / "log", 300)
    for path in (p for p in folder.rglob("*") if p.is_file() and p.name != "policy"):
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        code, out, err = run("log", "verify", folder, "--policy", folder / "policy")
        assert code == 1, path
        assert not out
        assert err.count("\n") == 1
        path.write_bytes(whole)
    bundle = folder / "tile/entries/001.p/44"
    whole = bundle.read_bytes()
    bundle.write_bytes(whole.replace(b"entry 290", b"entry 209"))
    assert "refused: wrong-tile: entry 290:" in run("log", "verify", folder, "--policy", folder / "policy")[2]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    folder = written(tmp_path / "log", 300)
    (folder / "tile/0/000").unlink()
    assert run("log", "verify", folder, "--policy", folder / "policy")[2].startswith("refused: missing-tile: expected the file tile/0/000")
    (folder / "checkpoint").unlink()
    assert run("log", "verify", folder, "--policy", folder / "policy")[0] == 2
    assert run("log", "verify", folder, "--policy", tmp_path / "none")[0] == 2


def test_a_partial_tile_may_have_given_way_to_the_full_one(tmp_path: Path) -> None:
    folder = written(tmp_path / "log", 512)
    early = written(tmp_path / "early", 300)
    (folder / "checkpoint").write_bytes((early / "checkpoint").read_bytes())
    (folder / "tile/1/000.p/1").write_bytes((early / "tile/1/000.p/1").read_bytes())
    assert len(audit(folder, TRUSTED).entries) == 300


def test_a_receipt_convicts_a_log_that_dropped_its_entry(tmp_path: Path) -> None:
    receipt = prove(audit(written(tmp_path / "then", 5), TRUSTED), 3)
    grown = audit(written(tmp_path / "now", 9), TRUSTED)
    assert check_receipt(grown, receipt, TRUSTED).size == 5
    (tmp_path / "receipt").write_text(str(receipt))
    args = ("log", "verify", tmp_path / "now", "--policy", tmp_path / "now/policy", "--receipt", tmp_path / "receipt")
    assert "holds: what the receipt at size 5 shows" in run(*args)[1]
    with pytest.raises(RefusedError) as said:
        check_receipt(audit(written(tmp_path / "short", 4), TRUSTED), receipt, TRUSTED)
    assert said.value.code == "rewritten-log"
    other = [*entries(3), b"other", entries(5)[4]]
    rewritten = audit(written(tmp_path / "x", 5), TRUSTED)
    rewritten = type(rewritten)(rewritten.checkpoint, rewritten.cosigned, tuple(other), bytes(cosigned(checkpoint(other))))
    with pytest.raises(RefusedError, match="another history"):
        check_receipt(rewritten, receipt, TRUSTED)


def test_a_proof_from_the_command_line_is_accepted_there(tmp_path: Path) -> None:
    folder = written(tmp_path / "log", 300)
    code, _, _ = run("log", "proof", folder, 123, "--policy", folder / "policy", "-o", tmp_path / "p")
    assert code == 0
    assert parse_log_proof((tmp_path / "p").read_bytes()).extra == b"entry 123"
    check = ("log", "check-proof", "tlog-proof", tmp_path / "p", "--policy", folder / "policy")
    assert run(*check) == (0, "accepted: entry 123 of 300, cosigned by 2 witnesses\n", "")
    (tmp_path / "entry").write_bytes(b"entry 124")
    assert run(*check, "--entry", tmp_path / "entry")[:2][0] == 1
    assert run("log", "proof", folder, 300, "--policy", folder / "policy")[0] == 1


def _b64(data: bytes) -> str:
    from detente.exchange.strict import to_base64

    return to_base64(data)


def test_proofs_in_json_are_answered_a_line_each(tmp_path: Path) -> None:
    leaves = [leaf_hash(e) for e in entries(7)]
    good = {
        "leafIdx": 2,
        "treeSize": 7,
        "root": _b64(root_of(leaves)),
        "leafHash": _b64(leaves[2]),
        "proof": [_b64(h) for h in inclusion_proof(subtrees_of(leaves), 2, 7)],
        "desc": "happy path",
    }
    single = {"leafIdx": 0, "treeSize": 1, "root": _b64(leaves[0]), "leafHash": _b64(leaves[0]), "proof": None}
    bad = [good | {"leafIdx": 3}, good | {"proof": good["proof"][:-1]}, good | {"root": "?"}, {"leafIdx": 1}]
    bad.append({"leafIdx": 0, "treeSize": 1, "root": "", "leafHash": "", "proof": []})
    (tmp_path / "cases.json").write_text(json.dumps([good, single, *bad]))
    code, out, err = run("log", "check-proof", "inclusion", "--json", tmp_path / "cases.json")
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert lines[:2] == ["accepted"] * 2
    assert all(line.startswith("refused: ") for line in lines[2:])
    assert len(lines) == 7
    (tmp_path / "one.json").write_text(json.dumps({"size1": 1, "size2": 1, "root1": single["root"], "root2": single["root"], "proof": []}))
    assert run("log", "check-proof", "consistency", "--json", tmp_path / "one.json") == (0, "accepted\n", "")


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"a": 1, "a": 2}', '{"leafIdx": NaN}', '{"root": "\\ud800"}', "[" * 100_000])
def test_json_that_two_readers_could_read_differently_is_not_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "cases.json").write_text(text)
    code, out, err = run("log", "check-proof", "inclusion", "--json", tmp_path / "cases.json")
    assert (code, out) == (2, "")
    assert "unreadable-file" in err


def test_keys_are_made_once_and_shown(tmp_path: Path) -> None:
    for purpose in ("note", "witness", "witness-ml-dsa-44"):
        path = tmp_path / purpose
        code, made, _ = run("key", "new", "arland.example/node", "--for", purpose, "-o", path)
        assert code == 0
        assert path.stat().st_mode & 0o777 == 0o600
        assert run("key", "show", path) == (0, made, "")
        assert run("key", "new", "arland.example/node", "-o", path)[0] == 2
    path.chmod(0o640)
    assert "open-key-file" in run("key", "show", path)[2]
    (tmp_path / "no").write_text("PRIVATE+KEY+a+b+AAAA\n")
    (tmp_path / "no").chmod(0o600)
    assert run("key", "show", tmp_path / "no")[0] == 1
    assert "bad-key-name" in run("key", "new", "two words", "-o", tmp_path / "k")[2]
    assert not (tmp_path / "k").exists()
