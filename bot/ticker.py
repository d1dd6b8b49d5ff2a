"""The clock's door: APScheduler wakes every pass each second or so; what is due stands in our tables, not in its store.

A watchdog compares wall time with monotonic time and re-arms every job when they part: APScheduler reckons in wall
time, so an hour's step back would leave an interval job waiting for an hour.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

STEP_SECONDS = 2.0

log = logging.getLogger(__name__)

Pass = Callable[[], Awaitable[object]]
Seconds = Callable[[], float]


class Ticker:
    """Runs passes at an interval; a pass that fails is logged and tried again at its next turn."""

    def __init__(self, wall: Seconds = time.time, steady: Seconds = time.monotonic) -> None:
        self._wall = wall
        self._steady = steady
        self._skew = wall() - steady()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )

    def every(self, seconds: float, name: str, work: Pass) -> None:
        """Run ``work`` every so many seconds, never twice at once."""
        self._scheduler.add_job(
            _guarded, IntervalTrigger(seconds=seconds), args=[name, work], id=name, next_run_time=datetime.now(UTC)
        )

    async def run(self) -> None:
        """Tick until cancelled."""
        self._scheduler.start()
        try:
            await self._watch()
        finally:
            self._scheduler.shutdown(wait=False)

    def rearm_if_stepped(self) -> bool:
        """Arm every pass anew if wall time has parted from monotonic time since the last look; whether it had."""
        before, self._skew = self._skew, self._wall() - self._steady()
        if abs(self._skew - before) <= STEP_SECONDS:
            self._skew = before
            return False
        log.warning("the machine's clock was stepped; every pass is armed anew")
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))
        return True

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.rearm_if_stepped()


async def _guarded(name: str, work: Pass) -> None:
    try:
        await work()
    except asyncio.CancelledError:  # only the end cancels a pass, and APScheduler would report it as a fault
        return
    except Exception:  # the ticker's edge: one pass must not stop the others
        log.exception("the pass %s failed; it runs again at its next turn", name)
