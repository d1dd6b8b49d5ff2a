from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import ownership
from bot.database import Database
from bot.doctor import running
from bot.doctor.findings import Level, note, ok, problem
from bot.ownership import Owner
from tests.support.house import MONDAY
from tests.support.storage import filled

pytestmark = pytest.mark.anyio

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with filled(database_url) as database:
        yield database


def own(database: Database, address: str) -> None:
    owner = Owner("process 7 on here", None)  # type: ignore[arg-type]
    database.write_now(partial(ownership.begin_epoch, owner=owner, now=MONDAY, address=address))


async def ask(database: Database, answer: Any, status: int) -> Any:
    async def ready(_: web.Request) -> web.Response:
        return web.json_response(answer, status=status)

    application = web.Application()
    application.router.add_get("/readyz", ready)
    async with TestServer(application) as server:
        own(database, str(server.make_url("/")).rstrip("/"))
        return await running.examine_bot(database, NOWHERE)


async def test_a_bot_that_is_ready_says_when_it_last_heard_from_telegram(database: Database) -> None:
    findings = await ask(database, {"ready": True, "faults": [], "silent_seconds": 12.3}, 200)

    assert findings == [ok("running bot", "process 7 on here; last heard from Telegram 12 s ago")]


async def test_every_fault_of_the_running_bot_is_a_problem(database: Database) -> None:
    findings = await ask(database, {"ready": False, "faults": ["one", "two"], "silent_seconds": None}, 503)

    assert findings == [
        problem("running bot", "process 7 on here: one"),
        problem("running bot", "process 7 on here: two"),
    ]


async def test_something_else_at_that_address_is_not_our_bot(database: Database) -> None:
    (found,) = await ask(database, {"hello": "world"}, 200)

    assert found.level is Level.NOTE


async def test_a_bot_that_does_not_answer_is_not_running(database: Database) -> None:
    own(database, "")

    findings = await running.examine_bot(database, NOWHERE)

    assert findings == [note("running bot", "not running; the last one was process 7 on here")]


async def test_a_database_no_bot_ever_owned_has_none_running(database: Database) -> None:
    (found,) = await running.examine_bot(database, NOWHERE)

    assert found.text == "not running; it has never run with this database"


async def test_a_database_without_tables_has_none_running(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    database.connect().connect().close()

    (found,) = await running.examine_bot(database, NOWHERE)
    database.close()

    assert found.level is Level.NOTE
