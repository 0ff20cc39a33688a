"""How long `detente prove` takes for an agreement of many rules, each looked at with each other.

    python bench/prove.py [RULES ...] [--repeat 3]

The agreement is made up: prohibitions and duties on four kinds of events, with limits of size, level, type, flags, dates and
consents, drawn with a fixed seed, and a fault of each sort at its end. `proposing` is the solver's part: all questions of all
rules, pairs among them. `confirming` (with --confirm) is the judge's: each finding's cases. CPU seconds of this process (other work on the
machine does not count), the least of `--repeat` runs.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter

from detente.agreement.clause import Agreement
from detente.agreement.load import parse_agreement
from detente.prove import prove
from detente.prove.claim import Claim
from detente.prove.prove import told
from detente.prove.world import World
from detente.workbench.places import locator

KINDS = ("exercise", "activity", "flight", "launch")
FAULTS = (
    "no Party shall conduct an exercise X where X.troops is at least 9000 and X.troops is below 5000.",
    "no Party shall conduct an inspection I.",
    "when a Party A makes an inspection-request R to a Party B, A shall conduct an inspection of B within 10 days of R.received.",
    "at all times, for each Party P, the number of launchers of P shall not exceed 700.",
    "at all times, for each Party P, the number of launchers of P shall be at least 800.",
    "each Party shall provide an assessment to every other Party by 2020-01-01.",
)


def main() -> None:
    """Measure every size."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("rules", nargs="*", type=int)
    arguments.add_argument("--repeat", type=int, default=3)
    arguments.add_argument("--confirm", action="store_true", help="measure the judge's part, too")
    asked = arguments.parse_args()
    print("| rules | pairs | proposing, s | findings | confirming, s | not confirmed |")
    print("|---|---|---|---|---|---|")
    for number in asked.rules or [50, 100, 200]:
        text = made(number)
        agreement, problems = parse_agreement(text, "made.md")
        if agreement is None:
            raise SystemExit("\n".join(str(p) for p in problems))
        runs = [timed_proposals(agreement) for _ in range(asked.repeat)]
        proposing, counts = min(seconds for seconds, _ in runs), runs[0][1]
        said = ", ".join(f"{n} {code}" for code, n in sorted(counts.items()))
        confirming, left = "", ""
        if asked.confirm:
            begun = time.process_time()
            proof = prove(text, agreement, locator)
            confirming = f"{time.process_time() - begun - proposing:.1f}"
            left = str(sum(len(rules) for rules in proof.unconfirmed.values()))
        print(f"| {number} | {number * (number - 1) // 2:,} | {proposing:.2f} | {said} | {confirming} | {left} |", flush=True)


def timed_proposals(agreement: Agreement) -> tuple[float, Counter[str]]:
    """CPU seconds until every check has said all it has to say, and how much of what."""
    begun = time.process_time()
    found = list(told(World(agreement)))
    seconds = time.process_time() - begun
    return seconds, Counter(one.code if isinstance(one, Claim) else "undecided" for one in found)


def made(number: int) -> str:
    """An agreement of so many rules."""
    draw = random.Random(7)  # noqa: S311  the same agreement each time
    rules = [_rule(draw) for _ in range(number - len(FAULTS))] + list(FAULTS)
    lines = [f"rule {n}: {rule}" for n, rule in enumerate(rules, 1)]
    head = "agreement: parties Arland, Borland, Carland; enters into force on 2026-01-01."
    return f"# Made\n\n```rule\n{head}\n```\n\n## Article 1\n\n```rule\n" + "\n".join(lines) + "\n```\n"


def _rule(draw: random.Random) -> str:
    kind = draw.choice(KINDS[:2])
    low = draw.randrange(1, 40) * 500
    tests = [f"X.start is after {2026 + draw.randrange(10)}-06-30 and X.start is before {2037 + draw.randrange(10)}-06-30"]
    if kind == "exercise":
        tests += [
            f"X.level is {draw.choice(('battalion', 'regiment', 'brigade', 'division'))}",
            f"X.type is {draw.choice(('land', 'air', 'naval'))}",
            "X is live-fire",
        ]
    troops = f"X.troops is at least {low} and X.troops is below {low + draw.randrange(1, 4) * 500}"
    where = " and ".join([troops, *draw.sample(tests, draw.randrange(1, len(tests) + 1))])
    if draw.random() < 0.5:
        unless = draw.choice(("", " unless every other Party has consented to X before X.start"))
        return f"no Party shall conduct an {kind} X where {where}{unless}."
    days = 42 if kind == "exercise" else 21
    return f"each Party that conducts an {kind} X where {where} shall notify X to every other Party at least {days} days before X.start."


if __name__ == "__main__":
    main()
