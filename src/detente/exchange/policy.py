"""Trust policies: which logs are known, and which witnesses must have cosigned.

Source: C2SP tlog-policy. Octets beyond ASCII are opaque, so the file is read as Latin-1 and names are compared octet by octet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from detente.exchange.checkpoint import SignedCheckpoint, open_checkpoint
from detente.exchange.cosignature import verify_cosignatures
from detente.exchange.refused import RefusedError
from detente.exchange.vkey import SignatureType, VerifierKey, parse_vkey

MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses, or groups of them, at least `threshold` of whose `members` must have cosigned."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Known logs and witnesses, and the quorum: the name of a witness or a group, or None where no cosignature is asked for."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str | None

    def is_met_by(self, cosigners: Collection[VerifierKey]) -> bool:
        """Whether these witnesses make a quorum."""
        return self.quorum is None or self._has_witnessed(self.quorum, cosigners)

    def _has_witnessed(self, name: str, cosigners: Collection[VerifierKey]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name] in cosigners
        group = self.groups[name]
        return sum(self._has_witnessed(member, cosigners) for member in group.members) >= group.threshold

    def open(self, data: bytes) -> tuple[SignedCheckpoint, Mapping[VerifierKey, int]]:
        """Read a checkpoint and verify it by this policy; gives it with its cosigners and the times they state.

        Raises:
            RefusedError: it is of no known log, a signature does not verify, or the quorum is not met.
        """
        signed = open_checkpoint(data, self.logs)
        cosigned = verify_cosignatures(signed, self.witnesses.values())
        if not self.is_met_by(cosigned.keys()):
            names = ", ".join(key.name for key in cosigned) or "none"
            raise RefusedError("no-quorum", f"expected the quorum {self.quorum}, found cosignatures by {names}")
        return signed, cosigned


def parse_policy(data: bytes) -> Policy:
    """Read a policy file.

    Raises:
        RefusedError: with the number of the line at fault.
    """
    logs: list[VerifierKey] = []
    witnesses: dict[str, VerifierKey] = {}
    groups: dict[str, Group] = {}
    taken: set[str] = set()
    quorum: list[str | None] = []
    lines = data.split(b"\n")
    if len(lines) > MOST_LINES:
        raise RefusedError("policy-too-long", f"expected at most {MOST_LINES} lines, found {len(lines)}")
    for number, raw in enumerate(lines, 1):
        if any((octet < 0x20 and octet != 0x09) or octet == 0x7F for octet in raw):
            raise RefusedError("control-character", f"line {number}: expected no control character but tabs and newlines")
        match [w for w in raw.decode("latin-1").replace("\t", " ").split(" ") if w]:
            case []:
                continue
            case [word, *_] if word.startswith("#"):
                continue
            case ["log", vkey] | ["log", vkey, _]:
                key = _key(vkey, number, (SignatureType.ED25519,), "a log")
                _no_twin(key, logs, number)
                logs.append(key)
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                _new(name, witnesses, groups, number)
                key = _key(vkey, number, (SignatureType.ED25519_COSIGNATURE, SignatureType.ML_DSA_44_COSIGNATURE), "a witness")
                _no_twin(key, witnesses.values(), number)
                witnesses[name] = key
            case ["group", name, threshold, *members]:
                _new(name, witnesses, groups, number)
                groups[name] = _group(threshold, members, {*witnesses, *groups}, taken, number)
            case ["quorum", name]:
                if name != "none" and name not in witnesses and name not in groups:
                    raise RefusedError("unknown-name", f"line {number}: expected a witness or group defined above, found {name[:60]!r}")
                quorum.append(None if name == "none" else name)
            case [word, *_]:
                raise RefusedError(
                    "bad-policy-line", f"line {number}: expected log, witness, group or quorum with its words, found {word[:60]!r}"
                )
    if len(quorum) != 1:
        raise RefusedError("no-quorum", f"expected one quorum line, found {len(quorum)}")
    return Policy(tuple(logs), witnesses, groups, quorum[0])


def _key(text: str, number: int, types: tuple[SignatureType, ...], what: str) -> VerifierKey:
    try:
        key = parse_vkey(text.encode("latin-1").decode("utf-8"))
    except UnicodeDecodeError:
        raise RefusedError("not-utf-8", f"line {number}: expected the key's name in UTF-8") from None
    except RefusedError as error:
        raise RefusedError(error.code, f"line {number}: {error.args[0]}") from None
    if key.type not in types:
        wanted = " or ".join(f"0x{t:02x}" for t in types)
        raise RefusedError("wrong-signature-type", f"line {number}: expected {what}'s key of type {wanted}, found 0x{key.type:02x}")
    return key


def _no_twin(key: VerifierKey, others: Collection[VerifierKey], number: int) -> None:
    """Two keys are the same if their public keys are, whatever their names."""
    if any(other.key == key.key for other in others):
        raise RefusedError("duplicate-key", f"line {number}: expected each public key once, found that of {key.name} again")


def _new(name: str, witnesses: Collection[str], groups: Collection[str], number: int) -> None:
    if name == "none" or name in witnesses or name in groups:
        raise RefusedError("duplicate-name", f"line {number}: expected a new name, found {name[:60]!r}")


def _group(threshold: str, members: list[str], known: Collection[str], taken: set[str], number: int) -> Group:
    if not members:
        raise RefusedError("bad-policy-line", f"line {number}: expected at least one member")
    for member in members:
        if member not in known:
            raise RefusedError("unknown-name", f"line {number}: expected a witness or group defined above, found {member[:60]!r}")
        if member in taken:
            raise RefusedError("duplicate-name", f"line {number}: expected each name in one group, once; found {member[:60]!r} again")
        taken.add(member)
    if threshold in ("all", "any"):
        return Group(len(members) if threshold == "all" else 1, tuple(members))
    if not threshold.isascii() or not threshold.isdigit() or threshold.startswith("0") or not 1 <= int(threshold[:9]) <= len(members):
        raise RefusedError("bad-threshold", f"line {number}: expected all, any, or 1 to {len(members)}, found {threshold[:20]!r}")
    return Group(int(threshold), tuple(members))
