"""A notice to many people at the configured rate, and replies meanwhile, under a server that enforces its limits.

The server counts a strict sliding window of one second, in which replies count too.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import stage as stages
from tests.benchmarks.measuring import Figure, percentile
from tests.benchmarks.seeding import FIRST_ACCOUNT, seed_camp, seed_notices
from tests.benchmarks.stage import Bot, Stage

WARM_UP = 10
SETTLE = 1.5
"""Seconds between looks: listing thousands of calls keeps the emulator from answering the bot meanwhile."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the bot is set to, and what the server enforces, both in messages a second."""

    rate: int
    window: int
    latency: float = 0.0


ORDINARY = Limits(rate=25, window=30)
PAID = Limits(rate=1000, window=1000, latency=0.05)


def measure_broadcast(folder: Path, people: int, limits: Limits) -> Sequence[Figure]:
    """Total time against the ideal, refusals, and who got nothing or two."""
    with stages.stage(folder) as stage:
        bot = _prepare(stage, people, limits)
        before = bot.cpu
        seed_notices(stage.url, [FIRST_ACCOUNT + number for number in range(people)])
        stage.wait_for_calls(people, seconds=people / limits.rate * 2 + 30)
        time.sleep(0.2)
        sent = stage.calls("sendMessage")
        cpu = (bot.cpu - before) / people * 1e6
        violations = stage.emulator.ask("summary")["violations"]
    name = f"{people:,} at {limits.rate}/s"
    span = max(call["at"] for call in sent) - min(call["at"] for call in sent)
    return [
        Figure(f"{name}: time to the ideal", span * limits.rate / (people - 1), "x", at_most=1.03),
        Figure(f"{name}: limits broken", violations, at_most=0),
        Figure(f"{name}: lost or doubled", _astray([call["chat_id"] for call in sent], people), at_most=0),
        Figure(f"{name}: CPU a message", cpu, "us"),
    ]


def measure_replies(folder: Path, people: int, replies: int, limits: Limits, pause: float) -> Sequence[Figure]:
    """Seconds from a word to its reply, in an idle bot and then while a notice goes out; ``pause`` between words."""
    with stages.stage(folder) as stage:
        _prepare(stage, people + replies, limits)
        askers = range(FIRST_ACCOUNT + people, FIRST_ACCOUNT + people + replies)
        _ask(stage, askers[:WARM_UP], pause)
        idle = _ask(stage, askers, pause)
        seed_notices(stage.url, [FIRST_ACCOUNT + number for number in range(people)])
        stages.wait_for(lambda: stage.calls("sendMessage")[-1]["chat_id"] < FIRST_ACCOUNT + people, "the notice")
        busy = _ask(stage, askers, pause)
        was_busy = stage.emulator.ask("summary")["calls"] < people + 2 * replies + WARM_UP
    name = f"reply during {limits.rate}/s"
    return [
        Figure(f"{name}: p99 when idle", percentile(idle, 0.99) * 1e3, "ms"),
        Figure(
            f"{name}: p99 meanwhile",
            percentile(busy, 0.99) * 1e3,
            "ms",
            note="" if was_busy else "the notice ended before the replies did",
        ),
        Figure(f"{name}: p99 to the idle bot's", percentile(busy, 0.99) / percentile(idle, 0.99), "x", at_most=2),
    ]


def _prepare(stage: Stage, people: int, limits: Limits) -> Bot:
    seed_camp(stage.url, people)
    stage.invite(people)
    stage.emulator.do("configure", rate=limits.window, latency=limits.latency)
    return stage.start(BULK_RATE=str(limits.rate))


def _ask(stage: Stage, askers: Sequence[int], pause: float) -> list[float]:
    """Let each say a word and give the seconds that each reply took."""
    seen = len(stage.calls("sendMessage"))
    asked: dict[int, float] = {}
    for asker in askers:
        asked[asker] = time.time()
        stage.emulator.act("say", person_id=asker, text="/help")
        time.sleep(pause)
    time.sleep(SETTLE)
    stages.wait_for(
        lambda: set(asked) <= {call["chat_id"] for call in stage.calls("sendMessage")[seen:]}, "replies", pause=SETTLE
    )
    answered = {call["chat_id"]: call["at"] for call in reversed(stage.calls("sendMessage")[seen:])}
    return [answered[asker] - at for asker, at in asked.items()]


def _astray(chats: Sequence[int], people: int) -> int:
    return people - len(set(chats)) + len(chats) - len(set(chats))
