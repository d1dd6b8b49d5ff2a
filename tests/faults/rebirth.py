"""A bot in this process that dies by an exception at the n-th crash point and is put together anew on its database.

Dead means dead: after the crash nothing of it may commit or reach Telegram any more.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlmodel import Session
from telegram import Bot
from telegram.request import BaseRequest

from bot import crashpoints, schema
from bot.audit.models import Change
from bot.clock import SystemClock
from bot.context import Installation, build_application
from bot.database import Database
from bot.inbox.deposit import deposit
from bot.inbox.intake import Health, Intake, Poller
from bot.inbox.worker import Worker
from bot.outbox.courier import Courier
from bot.outbox.delivery import Delivery
from bot.outbox.lanes import Lane
from bot.outbox.pacing import Pacer
from bot.sandbox.core import Sandbox
from bot.sandbox.request import SandboxRequest
from bot.tables import metadata
from bot.turn import Turns
from tests.faults.doors import handlers, schedules
from tests.faults.evidence import count_open
from tests.support.storage import lay_tables

assert schema

CHANGE = Change.__table__  # type: ignore[attr-defined]

OPERATOR = 900
NEVER = 0
PATIENCE = 20.0


class Crash(BaseException):
    """The process is dead. Not an ``Exception``, so that no edge of the bot's can take it for a fault and go on."""


class Life:
    """One life of the bot: from its start to its crash, or until it has nothing left to do."""

    def __init__(self, database: Database, sandbox: Sandbox, nth: int = NEVER) -> None:
        self._database = database
        self._sandbox = sandbox
        self._nth = nth
        self.reached = 0
        self.is_dead = False

    async def run(self, feed: Callable[[], bool]) -> None:
        """Live. ``feed`` is called whenever nothing is left to do; the life ends when it has no more either."""
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        crashpoints.hook = self._reach
        self._database.fence = self._stand_still_if_dead
        tasks = [asyncio.ensure_future(part) for part in await self._parts()]
        try:
            async with asyncio.timeout(PATIENCE):
                while not self.is_dead and not (await self._is_idle() and not feed()):
                    await asyncio.sleep(0.002)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            crashpoints.hook = self._database.fence = None

    async def _parts(self) -> list[Any]:
        clock, database = SystemClock(), self._database
        request = _MortalRequest(self, self._sandbox)
        bot = Bot(self._sandbox.token, request=request, get_updates_request=request)
        identity = self._sandbox.world.bot
        application = build_application(Installation(identity["username"], frozenset({OPERATOR})), identity)
        handlers.register(application)
        await application.initialize()
        worker = Worker(database, application, clock, frozenset({OPERATOR}))
        courier = Courier(
            database,
            Delivery(bot, database, {}, {"length": _measure}),
            _Unpaced(1000),
            clock,
            deposit=deposit,
            on_incoming=worker.wake,
        )
        worker.on_outgoing = courier.wake
        intake = Intake(database, clock, "bot:1", on_stored=worker.wake)
        turns = Turns(database, clock, on_outgoing=courier.wake)
        return [worker.run(), courier.run(), Poller(bot, intake, clock, Health()).run(), self._push(turns)]

    async def _push(self, turns: Turns) -> None:
        while True:
            await schedules.push_all(turns)
            await asyncio.sleep(0.01)

    async def _is_idle(self) -> bool:
        waiting = len(self._sandbox.world.queue.rows) or await self._database.read(count_open)
        return not waiting

    def _reach(self, place: str) -> None:
        self.reached += 1
        self.is_dead = self.is_dead or self.reached == self._nth
        self.die_if_dead()

    def _stand_still_if_dead(self, session: Session) -> None:
        self.die_if_dead()

    def die_if_dead(self) -> None:
        """Raise ``Crash`` once the crash point was met."""
        if self.is_dead:
            raise Crash


class _Unpaced(Pacer):
    """Lets every call go at once: what is proved here is order and number, not pace."""

    def ready_at(self, lane: Lane, chat_id: int, now: float) -> float:
        return now

    def lane_ready_at(self, lane: Lane, now: float) -> float:
        return now


class _MortalRequest(BaseRequest):
    """The sandbox's transport, which a dead bot can no longer use."""

    def __init__(self, life: Life, sandbox: Sandbox) -> None:
        self._life = life
        self._request = SandboxRequest(sandbox)

    @property
    def read_timeout(self) -> float | None:
        return self._request.read_timeout

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        self._life.die_if_dead()
        answer = await self._request.do_request(*arguments, **options)
        self._life.die_if_dead()
        return answer


@contextmanager
def empty_database(url: str) -> Iterator[Database]:
    """A database with all tables and nothing in them."""
    database = Database(url)
    lay_tables(database)
    try:
        yield database
    finally:
        database.close()


def wipe(database: Database) -> None:
    """Empty every table; the change log lets nobody do that, so it is made anew."""

    def work(session: Session) -> None:
        connection = session.connection()
        CHANGE.drop(connection)
        for table in reversed(metadata().sorted_tables):
            if table is not CHANGE:
                connection.execute(table.delete())
        CHANGE.create(connection)

    database.write_now(work)


async def _measure(content: bytes, name: str) -> dict[str, Any]:
    return {"bytes": len(content)}
