"""The one error of this room: something that was sent, stored or signed is not what it must be."""

from __future__ import annotations


class RefusedError(Exception):
    """Refused. `code` names the fault in kebab-case (`bad-signature`); the text says what was found, after what was expected.

    Raised, never returned: a forgotten test must not mean "trusted".
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def __str__(self) -> str:
        return f"{self.code}: {self.args[0]}"
