"""A reminder of every cohort is due at one instant: how long each pass takes, how deaf the event loop is."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.database import Database
from bot.timetable.models import Activity
from bot.turn import Turns
from schedules.reminders import plant, push_befores, push_evenings
from schedules.timetable import push_mornings
from tests.benchmarks.measuring import Figure
from tests.benchmarks.seeding import count, put, seed_camp
from tests.support.house import HandClock

ZONE = ZoneInfo("Asia/Shanghai")
OWED = "SELECT count(*) FROM outbox WHERE key LIKE '{}:%'"
HEARTBEAT = 0.002
Pass = Callable[[Turns], Awaitable[object]]


def measure_reminders(folder: Path, people: int, cohorts: int) -> Sequence[Figure]:
    """Seconds of each pass from its first look to nothing left, the longest pause of the event loop, who was missed."""
    url = f"sqlite:///{folder}/reminders.sqlite3"
    seed_camp(url, people, cohorts=cohorts)
    noon = datetime.now(ZONE).replace(hour=12, minute=0, second=0, microsecond=0).astimezone(UTC)
    database = Database(url)
    try:
        database.write_now(lambda session: _plan(session, cohorts, noon))
        figures = asyncio.run(_measure(database, noon))
    finally:
        database.close()
    missed = [people - count(url, OWED.format(kind)) for kind in ("before", "evening")]
    return [*figures, Figure("missed", sum(missed), at_most=0)]


def _plan(session: Session, cohorts: int, noon: datetime) -> None:
    """One activity of every cohort at one o'clock, and one tomorrow."""
    beginnings = [noon + timedelta(hours=1), noon + timedelta(hours=22)]
    rows = [
        {
            "cohort_id": number + 1,
            "starts_at": at,
            "ends_at": at + timedelta(hours=2),
            "kind": "",
            "title": "社区治理与基层服务",
            "speaker": "",
            "place": "301",
            "notes": "携带笔记本",
            "version": 0,
        }
        for number in range(cohorts)
        for at in beginnings
    ]
    put(session, Activity, rows)


async def _measure(database: Database, noon: datetime) -> list[Figure]:
    clock = HandClock(noon)
    turns = Turns(database, clock)
    figures = [await _timed("planting a day", plant, turns)]
    figures += [await _timed("looking where nothing is due", push_befores, turns)]
    await push_mornings(turns)
    clock.at = noon + timedelta(minutes=45)
    figures += [await _timed("a reminder before an activity", push_befores, turns, at_most=3.0)]
    clock.at = noon + timedelta(hours=8)
    figures += [await _timed("a reminder of the evening before", push_evenings, turns, at_most=3.0)]
    return figures


async def _timed(name: str, work: Pass, turns: Turns, at_most: float | None = None) -> Figure:
    stalls: list[float] = []
    watch = asyncio.create_task(_watch(stalls))
    await asyncio.sleep(0)
    began = time.perf_counter()
    await work(turns)
    seconds = time.perf_counter() - began
    watch.cancel()
    note = f"event loop deaf for at most {max(stalls, default=0.0) * 1e3:.0f} ms"
    return Figure(name, seconds, "s", at_most=at_most, note=note)


async def _watch(stalls: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(HEARTBEAT)
        stalls.append(time.perf_counter() - began - HEARTBEAT)
