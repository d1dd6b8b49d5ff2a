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
FIRST_SECONDS = 5.0
"""So long the first run of a pass holds up the first run of the next."""
LONG_SECONDS = 30.0
"""A pass that takes longer is named in the log, once a run."""

log = logging.getLogger(__name__)

Pass = Callable[[], Awaitable[object]]
Seconds = Callable[[], float]


class Ticker:
    """Runs passes at an interval; a pass that fails is logged and tried again at its next turn.

    First every pass runs once, one after the other: all of them at once, each loading what it needs, would take the
    machine from whoever writes to a bot that has just started. ``on_first_round`` is called when each has run or had
    its time.
    """

    def __init__(
        self,
        wall: Seconds = time.time,
        steady: Seconds = time.monotonic,
        *,
        on_first_round: Callable[[], None] = lambda: None,
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._on_first_round = on_first_round
        self._passes: list[tuple[float, str, Pass]] = []
        self._first: set[asyncio.Task[None]] = set()
        self._since: dict[str, float] = {}
        self._skew = wall() - steady()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )

    def every(self, seconds: float, name: str, work: Pass) -> None:
        """Run ``work`` every so many seconds, never twice at once."""
        self._passes.append((seconds, name, work))

    async def run(self) -> None:
        """Tick until cancelled."""
        # A turn left out because the pass is still at work is meant; on a busy machine it would be a line every second.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        self._scheduler.start()
        self._first.add(asyncio.create_task(self._run_first_round()))
        try:
            await self._watch()
        finally:
            for task in self._first:
                task.cancel()
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

    def name_long_passes(self) -> None:
        """Log each pass that has been at work for too long, once."""
        begun_before = self._steady() - LONG_SECONDS
        for name in [name for name, since in self._since.items() if since < begun_before]:
            del self._since[name]
            log.warning("the pass %s has been at work for more than %.0f s", name, LONG_SECONDS)

    async def _run_first_round(self) -> None:
        for one in self._passes:
            task = asyncio.create_task(self._begin(*one))
            self._first.add(task)
            await asyncio.wait({task}, timeout=FIRST_SECONDS)
        self._on_first_round()

    async def _begin(self, seconds: float, name: str, work: Pass) -> None:
        await self._guarded(name, work)
        self._scheduler.add_job(self._guarded, IntervalTrigger(seconds=seconds), args=[name, work], id=name)

    async def _guarded(self, name: str, work: Pass) -> None:
        self._since[name] = self._steady()
        try:
            await work()
        except asyncio.CancelledError:  # only the end cancels a pass, and APScheduler would report it as a fault
            return
        except Exception:  # the ticker's edge: one pass must not stop the others
            log.exception("the pass %s failed; it runs again at its next turn", name)
        finally:
            self._since.pop(name, None)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.rearm_if_stepped()
            self.name_long_passes()
