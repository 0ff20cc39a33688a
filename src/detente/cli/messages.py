"""`detente send`, `inbox`, `ack` and `reply`: messages, in the three words *queued*, *stored by them*, *acknowledged by a person*."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from detente.cli.sealed import sealed
from detente.cli.streams import refusal, spooled, write
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.exchange.message import Message
    from detente.node.sending import Draft

NodeFolder = Annotated[Path, typer.Argument(metavar="NODE", help="The node's folder.")]
ChannelName = Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel's name.")]
Which = Annotated[str, typer.Argument(metavar="MESSAGE", help="A message of the other side: its number, or hotline:NUMBER.")]
Kind = Annotated[str, typer.Option("--kind", metavar="KIND", help="What it is, such as notification.exercise.")]
Body = Annotated[str, typer.Option("--body", metavar="FILE", help="A JSON object with its fields; - reads stdin.")]
Hotline = Annotated[bool, typer.Option("--hotline", help="Send it in the hotline's lane, past all others.")]
Format = Annotated[Literal["table", "json"], typer.Option("--format", help="How to show it.")]


def send(folder: NodeFolder, name: ChannelName, kind: Kind, body: Body, hotline: Hotline = False) -> None:
    """Queue a message. It is stored by the other side only when their receipt has come back."""
    _queue(folder, name, kind, body, "hotline" if hotline else "routine", None)


def reply(folder: NodeFolder, name: ChannelName, which: Which, body: Body, kind: Kind = "reply") -> None:
    """Queue an answer to a message of the other side, in the same lane."""
    _queue(folder, name, kind, body, None, which)


def ack(folder: NodeFolder, name: ChannelName, which: Which) -> None:
    """Say that a person has read a message of the other side."""
    with sealed():
        from detente.node.sending import ACK, Draft

        place = _place(which)
        write(_queued(folder, name, Draft(ACK, {}, place.lane, place)), None)


def inbox(folder: NodeFolder, name: ChannelName, format_: Format = "table") -> None:
    """List what came, and how far what was sent has come."""
    with sealed():
        from detente.node.boxes import inbox as received
        from detente.node.boxes import outbox
        from detente.node.folder import opened

        with opened(folder) as own:
            channel = own.channel(name)
            theirs, ours = received(own, channel), outbox(own, channel)
    if format_ == "json":
        import json

        found = {
            "received": [
                {**_shown(m.message), "stored_at": m.stored_at.isoformat(), "acknowledged_by": m.acknowledged and str(m.acknowledged)}
                for m in theirs
            ],
            "sent": [{**_shown(m.message), "state": m.state} for m in ours],
        }
        write(json.dumps(found, indent=2) + "\n", None)
        return
    from detente.model.problem import visible

    lines = [f"from {channel.peer.party}:"]
    lines += [_line(m.message, "acknowledged" if m.acknowledged else "not acknowledged yet") for m in theirs] or ["  nothing"]
    lines += [f"to {channel.peer.party}:"]
    lines += [_line(m.message, m.state) for m in ours] or ["  nothing"]
    write("".join(f"{visible(line)}\n" for line in lines), None)


def _line(message: Message, state: str) -> str:
    about = f" re {message.re}" if message.re else ""
    return f"  {message.place!s:<14} {message.sent_at:%Y-%m-%d %H:%M} UTC  {message.kind}{about}: {state}"


def _shown(message: Message) -> dict[str, Any]:
    return {
        "lane": message.place.lane,
        "number": message.place.number,
        "kind": message.kind,
        "sent_at": message.sent_at.isoformat(),
        "re": None if message.re is None else str(message.re),
        "body": message.body,
    }


def _queue(folder: Path, name: str, kind: str, body: str, lane: str | None, which: str | None) -> None:
    with spooled(body, ".json") as path, sealed():
        from detente.exchange.refused import RefusedError
        from detente.exchange.strict import read_json
        from detente.node.sending import Draft

        try:
            fields = read_json(path.read_bytes(), "the body")
        except RefusedError as error:
            raise refusal(Problem("unreadable-file", f"{body}: {error}")) from None
        if not isinstance(fields, dict):
            raise refusal(Problem("unreadable-file", f"{body}: expected a JSON object, found {type(fields).__name__}"))
        from detente.node.forms import check_form

        check_form(kind, fields)
        about = _place(which) if which is not None else None
        write(_queued(folder, name, Draft(kind, fields, lane or (about.lane if about else "routine"), about)), None)


def _queued(folder: Path, name: str, draft: Draft) -> str:
    from datetime import UTC, datetime

    from detente.node.folder import opened
    from detente.node.sending import queue

    with opened(folder) as own:
        return f"queued: {queue(own, own.channel(name), draft, datetime.now(UTC))}\n"


def _place(text: str) -> Any:
    from detente.exchange.message import LANES, Place
    from detente.exchange.strict import decimal

    lane, colon, number = text.rpartition(":")
    if colon and lane not in LANES:
        raise refusal(Problem("unknown-word", f"expected a number, or hotline:NUMBER, found {text[:40]!r}"))
    return Place(lane or "routine", decimal(number, "a message's number"))
