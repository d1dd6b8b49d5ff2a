"""A notice while Telegram or the disk refuses work: nothing lost, nothing twice, and what is said of it is true."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

import handlers
import schedules
from bot import i18n
from bot.app import Doors, House
from bot.notices.messages import announcing, progress
from bot.notices.models import Notice
from bot.outbox import courier
from bot.outbox.models import IS_OWED
from bot.outbox.models import TABLE as OUTBOX
from bot.sandbox.faults import Fault
from tests.benchmarks.seeding import FIRST_ACCOUNT, seed_camp
from tests.faults.inside import CountingSandbox, living_house, until
from tests.faults.test_notice_kills import AUTHOR, TEXT, start_notice, states, violations
from tests.faults.test_storage_faults import mend, pragma

pytestmark = pytest.mark.anyio
PEOPLE = 40
HOUR = 3600
AN_HOUR_LONG = Fault(status=429, description="Too Many Requests: retry after 3600", retry_after=HOUR)
OWN_DOORS = Doors(handlers.register, schedules.register)


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the hours by which the courier's clock is ahead; none at first."""
    ahead: list[int] = []
    shifted = SimpleNamespace(monotonic=lambda: time.monotonic() + sum(ahead) * HOUR)
    monkeypatch.setattr(courier, "time", shifted)
    return ahead


@asynccontextmanager
async def office(url: str, rate: int = 20) -> AsyncIterator[tuple[CountingSandbox, House]]:
    """A camp whose bot is at work, and a notice to all of it that has just begun."""
    seed_camp(url, PEOPLE)
    sandbox = CountingSandbox()
    for account in (AUTHOR, *range(FIRST_ACCOUNT, FIRST_ACCOUNT + PEOPLE)):
        sandbox.add_person("P", person_id=account, started=True)
    start_notice(url)
    async with living_house(sandbox, url, OWN_DOORS, bulk_rate=rate) as house:
        yield sandbox, house


def received(sandbox: CountingSandbox) -> Counter[int]:
    """How often each account has got the notice."""
    chats = range(FIRST_ACCOUNT, FIRST_ACCOUNT + PEOPLE)
    return Counter({chat: sandbox.said(chat).count(TEXT) for chat in chats})


async def settle(sandbox: CountingSandbox, url: str) -> None:
    """Wait until everybody has got it."""
    assert await until(lambda: states(url) == {"sent": PEOPLE}, 30), (states(url), received(sandbox))


async def waiting_rows(house: House, *statuses: str) -> int:
    """How many copies stand in the outbox."""
    query = select(func.count()).where(IS_OWED, OUTBOX.c.key.like("notice:%"), OUTBOX.c.method == "sendMessage")
    query = query.where(OUTBOX.c.status.in_(statuses)) if statuses else query
    count: int = await house.database.read(lambda session: session.connection().execute(query).scalar_one())
    return count


async def press(sandbox: CountingSandbox, house: House, action: str, wanted: str) -> None:
    """Press a button under the notice and wait until it stands as wanted."""

    def status(session: Session) -> str:
        return session.get_one(Notice, 1).status

    sandbox.press_unchecked(AUTHOR, 1, f"notices:{action}:1")
    async with asyncio.timeout(10):
        while await house.database.read(status) != wanted:
            await asyncio.sleep(0.02)


async def shown(house: House) -> str:
    """What the coordinator's screen says."""
    now = house.clock.now()

    def render(session: Session) -> str:
        course = announcing.course_of(session, session.get_one(Notice, 1), now)
        return progress.render_course(course, i18n.translator("en"), now).text

    return await house.database.read(render)


async def test_an_hour_long_pause_of_telegrams_loses_nothing_and_says_nothing_twice(
    tmp_path_url: str, hours: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "STALLED_AFTER", progress.STALLED_AFTER / 30)
    async with office(tmp_path_url, rate=8) as (sandbox, house):
        await until(lambda: states(tmp_path_url)["sent"] >= 5)
        sandbox.fail_next("sendMessage", AN_HOUR_LONG)
        await until(lambda: sandbox.count_since(0, "sendMessage") > sum(received(sandbox).values()), 10)
        await until(lambda: sandbox.count_since(0, "sendMessage") == states(tmp_path_url)["sent"] + 1)
        await asyncio.sleep(3)
        meanwhile, said = states(tmp_path_url), await shown(house)
        calls = sandbox.count_since(0, "sendMessage")
        hours.append(1)
        await settle(sandbox, tmp_path_url)

    assert sum(meanwhile.values()) == PEOPLE
    assert 5 <= meanwhile["sent"] < PEOPLE
    assert calls == meanwhile["sent"] + 1
    assert "Telegram takes no messages at the moment." in said
    assert f"sent: {meanwhile['sent']}" in said
    assert set(received(sandbox).values()) == {1}
    assert violations(tmp_path_url) == []


async def test_in_an_hour_long_pause_a_notice_can_be_paused_and_gone_on_with(
    tmp_path_url: str, hours: list[int]
) -> None:
    async with office(tmp_path_url, rate=8) as (sandbox, house):
        await until(lambda: states(tmp_path_url)["sent"] >= 5)
        sandbox.fail_next("sendMessage", AN_HOUR_LONG)
        await asyncio.sleep(2)
        await press(sandbox, house, "pause", "paused")
        left = await waiting_rows(house)
        hours.append(1)
        await asyncio.sleep(2)
        while_paused = sum(received(sandbox).values())
        before = states(tmp_path_url)
        await press(sandbox, house, "resume", "sending")
        await settle(sandbox, tmp_path_url)

    assert left == 0
    assert while_paused == before["sent"] == PEOPLE - before["waiting"] < PEOPLE
    assert set(received(sandbox).values()) == {1}


async def test_in_an_hour_long_pause_a_cancelled_notice_goes_to_nobody_when_it_is_over(
    tmp_path_url: str, hours: list[int]
) -> None:
    async with office(tmp_path_url, rate=8) as (sandbox, house):
        await until(lambda: states(tmp_path_url)["sent"] >= 5)
        sandbox.fail_next("sendMessage", AN_HOUR_LONG)
        await asyncio.sleep(2)
        await press(sandbox, house, "stop", "cancelled")
        hours.append(1)
        await asyncio.sleep(3)
        left = states(tmp_path_url)

    assert left["sent"] + left["cancelled"] == PEOPLE
    assert sum(received(sandbox).values()) == left["sent"] < PEOPLE


async def test_cancelling_stops_the_copies_within_two_seconds(tmp_path_url: str) -> None:
    async with office(tmp_path_url, rate=8) as (sandbox, house):
        await until(lambda: states(tmp_path_url)["sent"] >= 3)
        await press(sandbox, house, "stop", "cancelled")
        await asyncio.sleep(2)
        after_two_seconds = sum(received(sandbox).values())
        await asyncio.sleep(1.5)

    assert sum(received(sandbox).values()) == after_two_seconds < PEOPLE
    assert states(tmp_path_url) == {"sent": after_two_seconds, "cancelled": PEOPLE - after_two_seconds}


async def test_a_full_disk_in_the_midst_of_a_notice_loses_nothing_and_says_nothing_twice(tmp_path_url: str) -> None:
    async with office(tmp_path_url) as (sandbox, house):
        await until(lambda: states(tmp_path_url)["sent"] >= 5)
        await house.database.write(pragma("max_page_count", 1))
        await asyncio.sleep(3)
        meanwhile, twice = states(tmp_path_url), max(received(sandbox).values())
        said = await shown(house)
        await asyncio.to_thread(mend, house, "PRAGMA max_page_count=1000000")
        await settle(sandbox, tmp_path_url)

    assert sum(meanwhile.values()) == PEOPLE
    assert twice == 1
    assert f"sent: {meanwhile['sent']}" in said
    assert set(received(sandbox).values()) == {1}
    assert violations(tmp_path_url) == []


async def test_a_disk_that_cannot_be_written_at_all_stops_a_notice_and_it_goes_on_afterwards(tmp_path_url: str) -> None:
    async with office(tmp_path_url, rate=8) as (sandbox, house):
        await until(lambda: states(tmp_path_url)["sent"] >= 5)
        await house.database.write(pragma("query_only", 1))
        await asyncio.sleep(3)
        stopped = sum(received(sandbox).values())
        await asyncio.sleep(1)
        still = sum(received(sandbox).values())
        await asyncio.to_thread(mend, house, "PRAGMA query_only=0")
        await settle(sandbox, tmp_path_url)

    assert stopped == still < PEOPLE
    assert set(received(sandbox).values()) == {1}


async def test_a_person_who_blocks_the_bot_half_way_is_said_to_have_and_the_others_get_it(tmp_path_url: str) -> None:
    last = FIRST_ACCOUNT + PEOPLE - 1
    async with office(tmp_path_url) as (sandbox, house):
        await until(lambda: states(tmp_path_url)["sent"] >= 5)
        sandbox.block(last)
        await until(lambda: states(tmp_path_url) == {"sent": PEOPLE - 1, "blocked": 1}, 20)
        said = await shown(house)

    assert states(tmp_path_url) == {"sent": PEOPLE - 1, "blocked": 1}
    assert "has blocked the bot: 1" in said
