"""A coordinator's notice from its start to its last copy: how long it takes, and replies while it is fed and counted.

Unlike ``broadcasts``, which puts copies into the outbox ready made, this has the clock's pass write them, note what
became of them, and show how far the notice is.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select

from bot.database import Database
from bot.notices.models import Recipient, State
from tests.benchmarks import stage as stages
from tests.benchmarks.broadcasts import Limits
from tests.benchmarks.measuring import Figure, percentile
from tests.benchmarks.seeding import FIRST_ACCOUNT, seed_camp
from tests.benchmarks.stage import Stage
from tests.faults.test_notice_kills import AUTHOR, TEXT, start_notice

RECIPIENT = Recipient.__table__  # type: ignore[attr-defined]
WARM_UP = 10
SETTLE = 1.5


def measure_notice(folder: Path, people: int, replies: int, limits: Limits, pause: float) -> Sequence[Figure]:
    """Seconds from a word to its reply, in an idle bot and then while a notice goes out; ``pause`` between words."""
    with stages.stage(folder) as stage:
        _prepare(stage, people, limits)
        askers = range(FIRST_ACCOUNT, FIRST_ACCOUNT + replies)
        _ask(stage, askers[:WARM_UP], pause)
        idle = _ask(stage, askers, pause)
        began = time.monotonic()
        start_notice(stage.url)
        froze = time.monotonic() - began
        stages.wait_for(lambda: _count(stage) > 0, "the first copies")
        busy = _ask(stage, askers, pause)
        was_busy = _count(stage) < people
        stages.wait_for(lambda: _count(stage) == people, "the last copy", people / limits.rate * 2 + 30)
        took = time.monotonic() - began
        copies = [call["chat_id"] for call in stage.calls("sendMessage") if call["params"]["text"] == TEXT]
    name = f"{people:,} at {limits.rate}/s"
    ratio = percentile(busy, 0.99) / percentile(idle, 0.99)
    return [
        Figure(f"{name}: lost or doubled", people - len(set(copies)) + len(copies) - len(set(copies)), at_most=0),
        Figure(f"{name}: seconds until all is counted", took, "s"),
        Figure(f"{name}: freezing the recipients", froze * 1e3, "ms"),
        Figure(f"{name}: reply's p99 when idle", percentile(idle, 0.99) * 1e3, "ms"),
        Figure(f"{name}: reply's median meanwhile", percentile(busy, 0.5) * 1e3, "ms"),
        Figure(
            f"{name}: reply's p99 meanwhile",
            percentile(busy, 0.99) * 1e3,
            "ms",
            note="" if was_busy else "the notice ended before the replies did",
        ),
        Figure(f"{name}: reply's p99 to the idle bot's", ratio, "x", at_most=2),
    ]


def _prepare(stage: Stage, people: int, limits: Limits) -> None:
    seed_camp(stage.url, people)
    stage.invite(people)
    stage.emulator.do("people", first=AUTHOR, count=1, language_code="en")
    stage.emulator.do("configure", rate=limits.window, latency=limits.latency)
    stage.start(BULK_RATE=str(limits.rate))


def _ask(stage: Stage, askers: Sequence[int], pause: float) -> list[float]:
    """Let each say a word and give the seconds that each reply took."""
    seen = len(stage.calls("sendMessage"))
    asked: dict[int, float] = {}
    for asker in askers:
        asked[asker] = time.time()
        stage.emulator.act("say", person_id=asker, text="/help")
        time.sleep(pause)
    answered: dict[int, float] = {}

    def all_answered() -> bool:
        calls = stage.calls("sendMessage")[seen:]
        answered.update({call["chat_id"]: call["at"] for call in reversed(calls) if call["params"]["text"] != TEXT})
        return set(asked) <= set(answered)

    time.sleep(SETTLE)
    stages.wait_for(all_answered, "replies", pause=SETTLE)
    return [answered[asker] - at for asker, at in asked.items()]


def _count(stage: Stage) -> int:
    """How many copies are known to have been sent."""
    query = select(func.count()).where(RECIPIENT.c.state == State.SENT)
    database = Database(stage.url)
    try:
        found: int = database.read_now(lambda session: session.connection().execute(query).scalar_one())
    finally:
        database.close()
    return found
