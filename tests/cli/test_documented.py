"""docs/reference/commands.md describes every command and every option, and nothing that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from cli.conftest import Run
from detente.cli.app import app

REFERENCE = (Path(__file__).parents[2] / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
GROUP = typer.main.get_command(app)
COMMANDS: dict[str, typer.core.TyperCommand] = GROUP.commands  # type: ignore[attr-defined]
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", REFERENCE, re.MULTILINE | re.DOTALL))
OPTION = re.compile(r"`(-{1,2}[a-z][a-z-]*)")


def _each(command: typer.core.TyperCommand) -> list[typer.core.TyperCommand]:
    """The command, or those of its family."""
    return list(getattr(command, "commands", {}).values()) or [command]


def _options(family: typer.core.TyperCommand) -> set[str]:
    return {
        name
        for command in _each(family)
        for parameter in command.params
        for name in parameter.opts
        if name.startswith("-") and name not in ("-h", "--help")
    }


def test_help_lists_every_command(run: Run) -> None:
    listed = run("--help").stdout.partition("Commands:")[2]
    assert re.findall(r"^  (\w+) ", listed, re.MULTILINE) == list(COMMANDS)


def test_help_of_a_command_fits_one_line(run: Run) -> None:
    assert "..." not in run("--help").stdout.partition("Commands:")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented_and_no_other(name: str) -> None:
    assert _options(COMMANDS[name]) == set(OPTION.findall(SECTIONS[name]))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name: str) -> None:
    assert [p.name for command in _each(COMMANDS[name]) for p in command.params if not getattr(p, "help", None)] == []


def test_no_command_is_documented_that_does_not_exist() -> None:
    assert set(SECTIONS) - set(COMMANDS) == set()
