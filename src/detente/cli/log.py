"""`detente log`: logs that their keepers cannot rewrite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from detente.cli.sealed import sealed
from detente.cli.streams import BREACHED, refusal, say, spooled, write
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.exchange.policy import Policy

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A log's folder: checkpoint and tile/ (C2SP tlog-tiles).")]
PolicyFile = Annotated[Path, typer.Option("--policy", metavar="FILE", help="Which logs and witnesses are trusted (C2SP tlog-policy).")]
Receipt = Annotated[Path | None, typer.Option("--receipt", metavar="FILE", help="Also: the log still holds what this proof of it shows.")]
Kind = Annotated[Literal["inclusion", "consistency", "tlog-proof"], typer.Argument(help="What the proofs show.")]
Proofs = Annotated[str | None, typer.Argument(metavar="[FILE]", help="A tlog-proof; - reads stdin.")]
Cases = Annotated[str | None, typer.Option("--json", metavar="FILE", help="One case or a list of cases; - reads stdin.")]
OptionalPolicy = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="For tlog-proof: which logs and witnesses are trusted.")
]
Entry = Annotated[
    Path | None,
    typer.Option("--entry", metavar="FILE", help="For tlog-proof: the entry's bytes; else the proof's extra data are the entry."),
]
NodeFolder = Annotated[Path, typer.Argument(metavar="NODE", help="A node's folder.")]
ChannelName = Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel's name.")]
NewFolder = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The new folder.")]
FirstFolder = Annotated[Path, typer.Argument(metavar="A", help="One party's exported log, with its policy.")]
SecondFolder = Annotated[Path, typer.Argument(metavar="B", help="The other party's.")]
Parties = Annotated[
    list[str], typer.Option("--party", metavar="NAME=PARTY", help="Who a party of the exchange is in the agreement; for each.")
]
Sources = Annotated[list[str], typer.Option("--source", metavar="NAME=ID", help="The source in the evidence that speaks for it; for each.")]
Rows = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="The new file, exchange.jsonl of a folder of evidence.")]
Index = Annotated[int, typer.Argument(min=0, help="The entry's index, from 0.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the result there and not to stdout.")]

log = typer.Typer(help="Logs that their keepers cannot rewrite (C2SP tlog).", no_args_is_help=True)


@log.command("verify")
def verify(folder: Folder, policy: PolicyFile, receipt: Receipt = None) -> None:
    """Verify a log's folder, from every entry to its signed checkpoint.

    Exits with 0 when it holds, 1 when it does not (one line names the fault and the entry), 2 when it cannot be read.
    """
    with sealed():
        from detente.exchange.audit import audit, check_receipt
        from detente.exchange.proof import parse_log_proof

        trusted = _policy(policy)
        found = audit(folder, trusted)
        said = f"holds: {found.checkpoint.origin} at size {found.checkpoint.size}, {_cosigned(len(found.cosigned))}\n"
        if receipt is not None:
            then = check_receipt(found, parse_log_proof(receipt.read_bytes()), trusted)
            said += f"holds: what the receipt at size {then.size} shows\n"
        from detente.model.problem import visible

        write(visible(said), None)


@log.command("proof")
def proof(folder: Folder, index: Index, policy: PolicyFile, output: Output = None) -> None:
    """Write the proof that an entry is in a log (C2SP tlog-proof)."""
    with sealed():
        from detente.exchange.audit import audit, prove

        write(str(prove(audit(folder, _policy(policy)), index)), output)


@log.command("export")
def export(folder: NodeFolder, name: ChannelName, output: NewFolder) -> None:
    """Write a channel's log of a node into a new folder: checkpoint, tiles, policy, and a program that verifies them."""
    with sealed():
        from detente.node.export import export_log
        from detente.node.folder import opened

        with opened(folder) as own:
            try:
                checkpoint = export_log(own, own.channel(name), output)
            except FileExistsError:
                raise refusal(Problem("unwritable-file", f"{output} exists and is not empty", help="name another folder")) from None
        write(f"exported: {checkpoint.origin} at size {checkpoint.size}\n", None)


@log.command("compare")
def compare(first: FirstFolder, second: SecondFolder) -> None:
    """Compare two parties' exported logs of one channel, each verified by the policy in its folder.

    Exits with 1 where a log holds a message that the other does not say was sent, or lacks one that it once gave a receipt for.
    A message that is not stored yet may be on its way.
    """
    with sealed():
        from detente.exchange.audit import audit
        from detente.node.compare import compare_logs

        folders = (first, second)
        logs = [audit(folder, _policy(folder / "policy")) for folder in folders]
        found = compare_logs(logs[0].entries, logs[1].entries)
        names = [log.checkpoint.origin for log in logs]
        lines = [f"both hold {found.shared} messages"]
        lines += [f"{names[d.log]} entry {d.index}: {_DIFFERENCES[d.fault].format(other=names[1 - d.log])}" for d in found.differences]
        from detente.model.problem import visible

        write("".join(f"{visible(line)}\n" for line in lines), None)
        if any(d.fault != "not stored" for d in found.differences):
            raise typer.Exit(BREACHED)


_DIFFERENCES = {
    "not stored": "sent, and not in {other}; it may be on its way",
    "never sent": "received, and {other} does not say that it was sent",
    "dropped": "sent and receipted, and no longer in {other}",
}


@log.command("testimony")
def write_testimony(folder: Folder, policy: PolicyFile, party: Parties, source: Sources, output: Rows = None) -> None:
    """Write what a log's messages say as rows of evidence: the file exchange.jsonl of a folder.

    A message whose kind or field the vocabulary does not know is named and passed over.
    """
    with sealed():
        import json

        from detente.exchange.audit import audit
        from detente.vocabulary.kinds import load_kinds
        from detente.workbench.testimony import Known, statements_of

        names, sources = _pairs(party, "--party"), _pairs(source, "--source")
        if names.keys() != sources.keys():
            odd = ", ".join(sorted(names.keys() ^ sources.keys()))
            raise refusal(
                Problem("unknown-name", f"{odd} has only one of --party and --source", help="give both for each party of the exchange")
            )
        found = audit(folder, _policy(policy))
        known = {name: Known(names[name], sources[name]) for name in names}
        said = statements_of(found.entries, found.checkpoint.origin.partition("/")[0], known, load_kinds())
        for event, why in said.passed_over:
            say(f"passed over: {event}: {why}")
        write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in said.rows), output)


def _pairs(given: list[str], option: str) -> dict[str, str]:
    found = dict(one.partition("=")[::2] for one in given)
    if any(not name or not value for name, value in found.items()):
        raise refusal(Problem("unknown-name", f"expected NAME=VALUE after {option}, found {', '.join(given)}"))
    return found


@log.command("check-proof")
def check_proof(kind: Kind, file: Proofs = None, json: Cases = None, policy: OptionalPolicy = None, entry: Entry = None) -> None:
    """Check proofs: `accepted`, or `refused: why`, a line for each.

    For inclusion and consistency, --json FILE holds one object or a list: leafIdx, treeSize, root, leafHash, proof; or size1,
    size2, root1, root2, proof; hashes in base64. Exits with 0 when all are accepted, 1 when one is refused, 2 when the
    file cannot be read.
    """
    if kind == "tlog-proof":
        _check_tlog_proof(file, policy, entry)
        return
    if json is None:
        raise refusal(Problem("missing-file", "no proofs are named", help="give them as --json FILE"))
    with spooled(json, ".json") as path, sealed():
        from detente.exchange.refused import RefusedError
        from detente.exchange.strict import read_json

        try:
            found = read_json(path.read_bytes(), "the proofs")
        except RefusedError as error:
            raise refusal(Problem("unreadable-file", f"{json}: {error}")) from None
    cases = found if isinstance(found, list) else [found]
    if not cases or not all(isinstance(case, dict) for case in cases):
        raise refusal(Problem("unreadable-file", f"{json}: expected an object, or a list of objects"))
    answers = [_answer(_CHECKS[kind], case) for case in cases]
    write("".join(f"{answer}\n" for answer in answers), None)
    if any(answer != "accepted" for answer in answers):
        raise typer.Exit(BREACHED)


def _check_tlog_proof(file: str | None, policy: Path | None, entry: Path | None) -> None:
    if file is None or policy is None:
        raise refusal(Problem("missing-file", "a tlog-proof wants its file and --policy FILE"))
    with spooled(file, ".tlog-proof") as path, sealed():
        from detente.exchange.proof import parse_log_proof, verify_log_proof
        from detente.exchange.refused import RefusedError
        from detente.exchange.tree import leaf_hash

        trusted = _policy(policy)
        data = path.read_bytes()
        about = entry.read_bytes() if entry is not None else None
        try:
            given = parse_log_proof(data)
            if about is None and given.extra is None:
                raise refusal(Problem("missing-file", "nothing says which entry the proof is about", help="give its bytes as --entry FILE"))
            proven = verify_log_proof(given, leaf_hash(about if about is not None else given.extra or b""), trusted)
        except RefusedError as error:
            from detente.model.problem import visible

            write(visible(f"refused: {error}\n"), None)
            raise typer.Exit(BREACHED) from None
        write(f"accepted: entry {proven.index} of {proven.checkpoint.size}, {_cosigned(len(proven.cosigned))}\n", None)


def _policy(path: Path) -> Policy:
    from detente.exchange.policy import parse_policy

    return parse_policy(path.read_bytes())


def _cosigned(number: int) -> str:
    return "cosigned by no witness" if not number else f"cosigned by {number} witness{'' if number == 1 else 'es'}"


Case = dict[str, Any]


def _answer(check: Callable[[Case], None], case: Case) -> str:
    from detente.exchange.refused import RefusedError

    try:
        check(case)
    except RefusedError as error:
        from detente.model.problem import visible

        return visible(f"refused: {error}").replace("\n", " ")
    return "accepted"


def _check_inclusion(case: Case) -> None:
    from detente.exchange.tree import verify_inclusion

    verify_inclusion(_bytes(case, "leafHash"), _number(case, "leafIdx"), _number(case, "treeSize"), _hashes(case), _bytes(case, "root"))


def _check_consistency(case: Case) -> None:
    from detente.exchange.tree import verify_consistency

    verify_consistency(_number(case, "size1"), _number(case, "size2"), _hashes(case), _bytes(case, "root1"), _bytes(case, "root2"))


_CHECKS: dict[str, Callable[[Case], None]] = {"inclusion": _check_inclusion, "consistency": _check_consistency}


def _number(case: Case, name: str) -> int:
    from detente.exchange.refused import RefusedError

    value = case.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 64:
        raise RefusedError("bad-number", f"expected a whole number in {name}, found {value!r:.40}")
    return value


def _bytes(case: Case, name: str) -> bytes:
    return _decoded(case.get(name), name)


def _hashes(case: Case) -> list[bytes]:
    from detente.exchange.refused import RefusedError

    found = case.get("proof")
    if found is not None and not isinstance(found, list):
        raise RefusedError("bad-hash", f"expected a list in proof, found {found!r:.40}")
    return [_decoded(value, "proof") for value in found or ()]


def _decoded(value: object, name: str) -> bytes:
    from detente.exchange.refused import RefusedError
    from detente.exchange.strict import unbase64

    if value is not None and not isinstance(value, str):
        raise RefusedError("bad-base64", f"expected text in {name}, found {value!r:.40}")
    return unbase64(value or "", name)
