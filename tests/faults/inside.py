"""The whole house in this process, over real HTTP to a sandbox that can be told to misbehave and counts every call."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr

from bot.app import Doors, House, build_request
from bot.clock import SystemClock
from bot.database import Database
from bot.sandbox.core import Answer, Sandbox
from bot.sandbox.params import Upload
from bot.sandbox.server import serving
from bot.settings import Settings
from tests.faults.doors import handlers, schedules

OPERATOR = 900
REHEARSAL = Doors(handlers.register, schedules.register)
"""The doors of the fault tests."""


class CountingSandbox(Sandbox):
    """Remembers when each method was called, whatever came of it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.asked: list[tuple[float, str]] = []

    async def call(self, method: str, values: Mapping[str, Any], files: Mapping[str, Upload] | None = None) -> Answer:
        """Answer one call of the bot."""
        self.asked.append((time.monotonic(), method))
        return await super().call(method, values, files)

    def count_since(self, began: float, method: str) -> int:
        """How often a method was called since then."""
        return sum(1 for at, name in self.asked if at >= began and name == method)

    def said(self, person_id: int) -> list[str]:
        """What the bot has said to somebody."""
        return [
            message["text"] for message in self.messages(person_id) if message["from"]["is_bot"] and "text" in message
        ]


@asynccontextmanager
async def living_house(
    sandbox: CountingSandbox, database_url: str, doors: Doors = REHEARSAL, **given: Any
) -> AsyncIterator[House]:
    """A house at work."""
    async with serving(sandbox) as address:
        settings = Settings(
            _env_file=None,
            bot_token=SecretStr(sandbox.token),
            telegram_base_url=f"{address}/bot",
            telegram_base_file_url=f"{address}/file/bot",
            web_port=0,
            database_url=database_url,
            operators=frozenset({OPERATOR}),
            **({"bulk_rate": 1000} | given),
        )
        house = House(
            settings,
            sandbox.token,
            SystemClock(),
            Database(database_url),
            doors,
            build_request(settings),
        )
        stop, ready = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(house.run(stop, on_ready=lambda _: ready.set()))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
        try:
            yield house
        finally:
            stop.set()
            waiting.cancel()
            await running


async def until(condition: Callable[[], object], seconds: float = 15.0) -> bool:
    """Wait until it holds; whether it did in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True
