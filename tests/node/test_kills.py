"""Nodes that are killed by SIGKILL at every step, and at random: nothing is lost, nothing doubled, and both logs hold."""

from __future__ import annotations

import os
import random
import subprocess

import pytest

from detente.exchange.audit import audit
from detente.exchange.message import Place
from detente.exchange.policy import parse_policy
from detente.node.boxes import inbox, outbox, standing
from detente.node.compare import compare_logs
from detente.node.export import export_log
from docs.warm import Warm

from .nodes import CHANNEL, carry, on, two

STEPS = ("queue", "head", "see", "deliver", "receipt", "confirm")
KILLED = 137


@pytest.fixture(scope="module")
def detente():
    """Runs a command, killed where the failpoint says; gives its exit code."""
    with Warm("cli", "exchange", "node") as programs:

        def run(command, failpoint=""):
            environment = {**os.environ, "DETENTE_FAILPOINT": failpoint}
            done = subprocess.run([programs / "detente", *map(str, command)], env=environment, capture_output=True, check=False)
            assert done.returncode in (0, KILLED), done.stderr
            return done.returncode

        yield run


@pytest.fixture
def pair(tmp_path):
    return two(tmp_path)


@pytest.fixture
def body(tmp_path):
    path = tmp_path / "body.json"
    path.write_text('{"about": "West-26"}')
    return path


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_t30_a_kill_at_any_step_loses_and_doubles_nothing(detente, pair, body, tmp_path, step, when):
    """Every command is run until it succeeds; the first time it is killed at one step."""
    a, b = pair
    turn, answer = tmp_path / "turn.bundle", tmp_path / "answer.bundle"
    rounds = [
        ["send", a, CHANNEL, "--kind", "notification.exercise", "--body", body],
        ["bundle", "out", a, CHANNEL, "-o", turn],
        ["bundle", "in", b, turn, "-o", answer],
        ["bundle", "in", a, answer, "-o", turn],
        ["bundle", "in", b, turn],
    ]
    killed = 0
    for command in rounds:
        if detente(command, f"{step}-{when}-commit:1") == KILLED:
            killed += 1
            # A message that was queued before the kill is not sent again; the other commands may simply be run again.
            if command[0] != "send" or when == "before":
                assert detente(command) == 0
    assert killed
    settled(pair, tmp_path, 1)


def test_t30_kills_at_random(detente, pair, body, tmp_path):
    kill_at_random(detente, pair, body, tmp_path, seed=1, least=20)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10, 20))
def test_t30_two_hundred_kills_at_random(detente, pair, body, tmp_path, seed):
    kill_at_random(detente, pair, body, tmp_path, seed=seed, least=20)


def kill_at_random(detente, pair, body, tmp_path, *, seed, least):
    """Both sides send, carry and take, in any order and with bundles lost and old ones taken, until so many were killed."""
    dice = random.Random(seed)
    bundles = {path: [] for path in pair}
    killed, written = 0, 0
    while killed < least:
        own = dice.choice(pair)
        other = pair[own is pair[0]]
        when = dice.choice(("before", "after"))
        match dice.randrange(3):
            case 0:
                step = "queue"
                command = ["send", own, CHANNEL, "--kind", "notification", "--body", body, *(["--hotline"] if dice.random() < 0.3 else [])]
            case 1:
                step = "head"
                written += 1
                bundles[own].append(tmp_path / f"{written}.bundle")
                command = ["bundle", "out", own, CHANNEL, "-o", bundles[own][-1]]
            case _:
                step = dice.choice(("see", "deliver", "receipt", "confirm", "again"))
                there = [path for path in bundles[other] if path.exists()]
                if not there:
                    continue
                command = ["bundle", "in", own, dice.choice(there[-3:])]
        killed += tolerant(detente, command, f"{step}-{when}-commit:1" if dice.random() < 0.8 else "") == KILLED
    queued = 0
    for path in pair:
        with on(path) as (node, channel):
            queued += len(outbox(node, channel))
    settled(pair, tmp_path, queued)


def tolerant(detente, command, failpoint):
    """An old bundle may be refused, record by record; what it may not do is harm."""
    try:
        return detente(command, failpoint)
    except AssertionError as refused:
        if command[:2] != ["bundle", "in"] or "refused: old" not in str(refused):
            raise
        return 1


def settled(pair, tmp_path, messages):
    """After two more rounds both sides hold all messages, in order, with receipts, and a third party finds both logs whole and equal."""
    a, b = pair
    for round_ in range(2):
        carry(a, b, round_)
        carry(b, a, round_)
    logs = []
    for path in pair:
        with on(path) as (node, channel):
            found = standing(node, channel)
            assert (found.queued, found.waiting, found.evidence, found.channel.stopped) == (0, 0, (), None)
            for lane in ("hotline", "routine"):
                numbers = [m.message.place for m in inbox(node, channel) if m.message.place.lane == lane]
                assert numbers == [Place(lane, n + 1) for n in range(len(numbers))]
            folder = tmp_path / f"log-{len(logs)}"
            export_log(node, channel, folder)
            logs.append(audit(folder, parse_policy((folder / "policy").read_bytes())))
    compared = compare_logs(logs[0].entries, logs[1].entries)
    assert (compared.shared, compared.differences) == (messages, ())
