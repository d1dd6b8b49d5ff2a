import asyncio
from pathlib import Path

import pytest

from bot.app import Doors, House
from bot.clock import SystemClock
from bot.database import Database
from bot.sandbox.core import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.request import SandboxRequest
from bot.settings import Settings

pytestmark = pytest.mark.anyio


async def test_the_bot_stops_when_told_although_telegram_has_never_answered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox = Sandbox()
    sandbox.fail_next("getMe", Fault(cut=True), times=1000)
    settings = Settings(data_dir=tmp_path, web_port=0)
    nothing = Doors(lambda application: None, lambda ticker, turns: None)
    house = House(settings, sandbox.token, SystemClock(), Database(settings.database), nothing, SandboxRequest(sandbox))
    stop, ready = asyncio.Event(), list[str]()

    async with asyncio.timeout(20):
        running = asyncio.create_task(house.run(stop, ready.append))
        while "out of reach" not in caplog.text:
            await asyncio.sleep(0.01)
        stop.set()
        await running

    assert ready == []
