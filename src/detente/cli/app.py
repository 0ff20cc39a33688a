"""The list of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.agreement import fmt, run_cases
from detente.cli.bundle import bundle
from detente.cli.check import check
from detente.cli.convert import export, import_document
from detente.cli.demo import demo
from detente.cli.detect import detect
from detente.cli.diff import diff
from detente.cli.due import due
from detente.cli.explain import explain
from detente.cli.help import explain_code
from detente.cli.key import key
from detente.cli.lint import lint
from detente.cli.log import log
from detente.cli.lsp import lsp
from detente.cli.messages import ack, inbox, reply, send
from detente.cli.node import node
from detente.cli.note import note
from detente.cli.plot import plot
from detente.cli.prove import prove
from detente.cli.record import add, init
from detente.cli.tracks import tracks
from detente.cli.verify import verify
from detente.cli.watch import watch

app = typer.Typer(
    name="detente",
    help="Judge a security agreement under every side's account of the facts.",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"detente {version('detente')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")] = False,
    traceback: Annotated[bool, typer.Option("--traceback", help="Show where an unexpected error arose.")] = False,
) -> None:
    """Judge a security agreement under every side's account of the facts."""


app.command("check")(check)
app.command("explain")(explain)
app.command("due")(due)
app.command("plot")(plot)
app.command("lint")(lint)
app.command("prove")(prove)
app.command("test")(run_cases)
app.command("fmt")(fmt)
app.command("diff")(diff)
app.command("export")(export)
app.command("import")(import_document)
app.command("init")(init)
app.command("add")(add)
app.command("verify")(verify)
app.command("detect")(detect)
app.command("tracks")(tracks)
app.command("watch")(watch)
app.command("demo")(demo)
app.command("lsp")(lsp)
app.add_typer(key, name="key")
app.add_typer(note, name="note")
app.add_typer(log, name="log")
app.add_typer(node, name="node")
app.command("send")(send)
app.command("inbox")(inbox)
app.command("ack")(ack)
app.command("reply")(reply)
app.add_typer(bundle, name="bundle")
app.command("help")(explain_code)
