"""What `detente prove` found, for people and as JSON (schema `detente-proof/1`), with what it could not decide."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from detente.model.problem import visible
from detente.prove import Proof
from detente.report.findings import finding_object, findings_table


def proof_table(proof: Proof) -> str:
    """Every finding with its events and cases, how many there are of each code, and the limits of the search."""
    return findings_table(proof.findings) + "".join(f"{line}\n" for line in limits(proof))


def limits(proof: Proof) -> Iterator[str]:
    """What was looked at, what was not decided, and what the judge did not confirm, a line each."""
    yield f"{proof.rules:,} {'rule was' if proof.rules == 1 else 'rules were'} looked at; histories of up to {proof.steps} events were searched"
    for undecided in proof.undecided:
        which = f"{'rule' if len(undecided.rules) == 1 else 'rules'} {', '.join(undecided.rules[:8])}"
        more = f" and {len(undecided.rules) - 8} more" if len(undecided.rules) > 8 else ""
        yield visible(f"not decided: {undecided.what} ({which}{more}): {undecided.why}")
    for code, rules in proof.unconfirmed.items():
        yield visible(
            f"not confirmed: {len(rules)} {code} ({', '.join(rules)}): the solver proposes it, and the judge does not say the same of its events"
        )


def proof_json(proof: Proof, path: str, digest: str, version: str) -> bytes:
    """The proof as one object, indented, ending in a line break."""
    whole = {
        "schema": "detente-proof/1",
        "agreement": visible(path),
        "agreement_digest": digest,
        "version": version,
        "rules": proof.rules,
        "most_events": proof.steps,
        "counts": dict(sorted(Counter(finding.code for finding in proof.findings).items())),
        "findings": [
            {**finding_object(f), "rules": list(f.rules), "events": [visible(e) for e in f.events], "cases": [visible(c) for c in f.cases]}
            for f in proof.findings
        ],
        "undecided": [{"what": visible(u.what), "rules": list(u.rules), "why": visible(u.why)} for u in proof.undecided],
        "unconfirmed": {code: list(rules) for code, rules in proof.unconfirmed.items()},
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()
