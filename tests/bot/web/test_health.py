from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.database import Database
from bot.inbox.intake import Health
from bot.tables import metadata
from bot.turn import Turns
from bot.web.health import HealthPages
from tests.support.house import MONDAY, HandClock
from tests.support.storage import filled

pytestmark = pytest.mark.anyio

OLD = MONDAY - timedelta(minutes=5)
INBOX: dict[str, Any] = {"source": "bot:1", "external_id": 1, "received_at": OLD, "status": "new", "attempts": 0}
REPLY: dict[str, Any] = {
    "key": "k",
    "lane": 1,
    "chat_id": 5,
    "method": "sendMessage",
    "payload": "{}",
    "status": "new",
    "attempts": 0,
    "created_at": OLD,
}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with filled(database_url) as database:
        yield database


def insert(database: Database, table: str, row: dict[str, Any]) -> None:
    database.write_now(lambda session: session.connection().execute(metadata().tables[table].insert(), row) and None)


async def get(
    database: Database,
    path: str,
    *,
    health: Health | None = None,
    polling: bool = True,
    caller: str = "127.0.0.1",
) -> httpx.Response:
    health = health or Health(last_success=MONDAY - timedelta(seconds=30))
    pages = HealthPages(Turns(database, HandClock()), health, polling)
    transport = httpx.ASGITransport(Starlette(routes=pages.routes()), client=(caller, 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        return await client.get(path)


async def test_a_living_process_says_so(database: Database) -> None:
    answer = await get(database, "/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")


async def test_a_bot_that_hears_from_telegram_and_has_no_backlog_is_ready(database: Database) -> None:
    answer = await get(database, "/readyz")

    assert (answer.status_code, answer.json()) == (200, {"ready": True, "faults": [], "silent_seconds": 30.0})


@pytest.mark.parametrize("health", [Health(), Health(last_success=MONDAY - timedelta(seconds=91))])
async def test_a_bot_that_hears_nothing_for_90_seconds_is_not_ready(database: Database, health: Health) -> None:
    answer = await get(database, "/readyz", health=health)

    assert (answer.status_code, answer.json()["faults"]) == (503, ["getUpdates has not succeeded for 90 s"])


async def test_with_a_webhook_silence_is_no_fault(database: Database) -> None:
    answer = await get(database, "/readyz", health=Health(), polling=False)

    assert (answer.status_code, answer.json()["silent_seconds"]) == (200, None)


async def test_a_bot_that_telegram_refuses_is_not_ready(database: Database) -> None:
    answer = await get(database, "/readyz", health=Health(last_success=MONDAY, fatal="Conflict"))

    assert answer.json()["faults"] == ["Telegram refuses this bot: Conflict"]


async def test_every_backlog_is_named(database: Database) -> None:
    insert(database, "inbox", INBOX)
    insert(database, "outbox", REPLY)

    answer = await get(database, "/readyz")

    assert (answer.status_code, answer.json()["faults"]) == (
        503,
        ["an update has waited 300 s", "a reply has waited 300 s"],
    )


async def test_a_notice_that_waits_its_turn_is_no_fault(database: Database) -> None:
    insert(database, "outbox", REPLY | {"lane": 3})

    assert (await get(database, "/readyz")).status_code == 200


async def test_the_figures_are_for_callers_on_this_machine(database: Database) -> None:
    insert(database, "inbox", INBOX)

    answer = await get(database, "/metrics")

    assert answer.headers["content-type"].startswith("text/plain")
    assert {"cohort_inbox_waiting 1.0", "cohort_inbox_lag 300.0", "cohort_outbox_waiting 0.0"} <= set(
        answer.text.splitlines()
    )


@pytest.mark.parametrize("caller", ["192.0.2.7", "2001:db8::1", "10.0.0.1"])
async def test_others_are_told_that_there_are_no_figures(database: Database, caller: str) -> None:
    answer = await get(database, "/metrics", caller=caller)

    assert (answer.status_code, answer.text) == (404, "")


async def test_no_page_shows_a_name_or_a_text(database: Database) -> None:
    insert(database, "inbox", INBOX | {"body": "private words", "status": "parked", "error": "private words"})

    pages = [(await get(database, path)).text for path in ("/healthz", "/readyz", "/metrics")]

    assert "private" not in "".join(pages)
