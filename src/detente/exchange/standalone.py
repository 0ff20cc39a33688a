"""The program inside an exported log: verifies the folder that it lies in, without anything else of this project.

    python verify.pyz [DIR] [POLICY]

Without words it verifies its own folder by the policy there; who does not trust the folder's keeper brings a policy of their own.
Exits with 0 when the log holds, 1 when it does not, 2 when it cannot be read. Needs Python 3.11 and the package cryptography.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from detente.exchange.audit import audit
from detente.exchange.policy import parse_policy
from detente.exchange.refused import RefusedError


def main(arguments: Sequence[str], program: str) -> int:
    """Verify, and say so in one line; gives the exit code."""
    folder = Path(arguments[0]) if arguments else Path(program).resolve().parent
    policy = Path(arguments[1]) if len(arguments) > 1 else folder / "policy"
    try:
        found = audit(folder, parse_policy(policy.read_bytes()))
    except RefusedError as error:
        _say(f"refused: {error}")
        return 1
    except OSError as error:
        _say(f"cannot be read: {error.filename}: {error.strerror}")
        return 2
    checkpoint = found.checkpoint
    _say(f"holds: {checkpoint.origin} at size {checkpoint.size}, cosigned by {len(found.cosigned)} of those that the policy names")
    return 0


def _say(text: str) -> None:
    """In ASCII: what a log is called must not steer a terminal."""
    sys.stdout.write(text.encode("ascii", "backslashreplace").decode() + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.argv[0]))
