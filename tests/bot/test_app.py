import asyncio
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlmodel import Session

import bot.database as database_module
from bot.app import Doors, House
from bot.clock import Clock, MovableClock, SystemClock
from bot.database import Database
from bot.outages.models import Hearing
from bot.outbox.models import Outbox
from bot.sandbox.core import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.request import SandboxRequest
from bot.settings import Settings

pytestmark = pytest.mark.anyio

OUTBOX, HEARING = Outbox.__table__, Hearing.__table__  # type: ignore[attr-defined]


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


@pytest.mark.parametrize(("sound", "told"), [((3, 0, 0), 0), ((99, 0, 0), 1)], ids=["sound", "unsound"])
async def test_operators_are_told_at_the_start_of_a_sqlite_that_can_lose_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sound: tuple[int, ...], told: int
) -> None:
    monkeypatch.setattr(database_module, "SOUND_SQLITE", sound)
    monkeypatch.setattr(database_module, "SOUND_BACK_PORTS", ())
    sandbox = Sandbox()
    settings = Settings(data_dir=tmp_path, web_port=0, bot_token=SecretStr(sandbox.token), operators=frozenset({900}))
    nothing = Doors(lambda application: None, lambda ticker, turns: None)
    database = Database(settings.database)
    house = House(settings, sandbox.token, SystemClock(), database, nothing, SandboxRequest(sandbox))
    stop, ready = asyncio.Event(), asyncio.Event()

    async with asyncio.timeout(20):
        running = asyncio.create_task(house.run(stop, lambda address: ready.set()))
        await ready.wait()
        # Two turns of the one writer later, whatever was rung at the start has been recorded.
        await database.write(lambda session: None)
        await asyncio.sleep(0)
        alarms = await database.write(count_alarms)
        stop.set()
        await running

    assert alarms == told


@pytest.mark.parametrize(("hours", "told"), [(23, 0), (25, 1)])
@pytest.mark.parametrize("webhook", [None, "https://camp.example"], ids=["polling", "webhook"])
async def test_operators_are_told_once_at_the_start_after_more_than_a_day_of_silence(
    tmp_path: Path, hours: int, told: int, webhook: str | None
) -> None:
    sandbox = Sandbox(insecure_webhooks=True)
    settings = Settings(
        data_dir=tmp_path,
        web_port=0,
        bot_token=SecretStr(sandbox.token),
        operators=frozenset({900}),
        webhook_url=webhook,
        webhook_secret=SecretStr("a-secret-of-some-length") if webhook else None,
    )
    await serve(settings, sandbox, MovableClock(timedelta(hours=-hours)))
    await serve(settings, sandbox, SystemClock())
    await serve(settings, sandbox, SystemClock())

    database = Database(settings.database)
    query = select(OUTBOX.c.id).where(OUTBOX.c.payload.like("%lost%"))
    assert len(database.read_now(lambda session: session.connection().execute(query).all())) == told
    database.close()


async def serve(settings: Settings, sandbox: Sandbox, clock: Clock) -> None:
    """Run the bot until it has noted that it hears Telegram."""
    nothing = Doors(lambda application: None, lambda ticker, turns: None)
    database = Database(settings.database)
    house = House(settings, sandbox.token, clock, database, nothing, SandboxRequest(sandbox))
    stop, ready = asyncio.Event(), asyncio.Event()
    async with asyncio.timeout(20):
        running = asyncio.create_task(house.run(stop, lambda address: ready.set()))
        await ready.wait()
        while not await database.read(partial(has_heard_since, at=clock.now() - timedelta(hours=1))):
            await asyncio.sleep(0.01)
        stop.set()
        await running


def has_heard_since(session: Session, at: datetime) -> bool:
    query = select(HEARING.c.source).where(HEARING.c.heard_at > at)
    return session.connection().execute(query).first() is not None


def count_alarms(session: Session) -> int:
    query = select(OUTBOX.c.id).where(OUTBOX.c.key.like("alarm:UnsoundSQLite:%"))
    return len(session.connection().execute(query).all())
