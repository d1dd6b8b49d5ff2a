import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.applications import Starlette

from bot import crashpoints
from bot.database import Database
from bot.inbox import webhook
from bot.inbox.intake import TABLE, Health, Intake, Trouble
from bot.inbox.webhook import HEADER, LARGEST_BODY, PATH, Webhook
from tests.support.house import HandClock
from tests.support.storage import filled

pytestmark = pytest.mark.anyio

SECRET = "open-sesame_1"
UPDATE: dict[str, Any] = {"update_id": 7, "message": {"text": "你好"}}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with filled(database_url) as database:
        yield database


@pytest.fixture
def reached() -> Iterator[list[str]]:
    """The crash points passed, in order."""
    places: list[str] = []
    crashpoints.hook = places.append
    yield places
    crashpoints.hook = None


async def post(
    database: Database,
    content: bytes | None = None,
    secret: str | None = SECRET,
    stored: Callable[[], None] = lambda: None,
) -> httpx.Response:
    intake = Intake(database, HandClock(), "bot:1", stored)
    transport = httpx.ASGITransport(Starlette(routes=[Webhook(intake, SECRET).route()]))
    headers = {HEADER.encode(): secret.encode("latin-1")} if secret is not None else {}
    body = json.dumps(UPDATE).encode() if content is None else content
    async with httpx.AsyncClient(transport=transport, base_url="https://bot") as client:
        return await client.post(PATH, content=body, headers=headers)


def stored(database: Database) -> list[tuple[int, str]]:
    def read(session: Session) -> list[tuple[int, str]]:
        return [(row.external_id, row.status) for row in session.connection().execute(select(TABLE))]

    return database.read_now(read)


async def test_an_update_is_in_the_inbox_before_the_answer(database: Database) -> None:
    answer = await post(database)

    assert (answer.status_code, answer.content, stored(database)) == (200, b"", [(7, "new")])


async def test_the_commit_comes_before_the_answer(database: Database, reached: list[str]) -> None:
    await post(database, stored=lambda: reached.append("committed"))

    assert reached == ["intake:before-commit", "committed", "webhook:stored"]


async def test_the_same_update_sent_again_is_taken_once(database: Database) -> None:
    answers = [await post(database), await post(database)]

    assert ([answer.status_code for answer in answers], stored(database)) == ([200, 200], [(7, "new")])


@pytest.mark.parametrize("secret", [None, "", "open-sesame", "open-sesame_2", "OPEN-SESAME_1", "x" * 5000, "\xe9"])
async def test_without_the_secret_nothing_is_taken_and_nothing_said(database: Database, secret: str | None) -> None:
    answer = await post(database, secret=secret)

    assert (answer.status_code, answer.content, stored(database)) == (403, b"", [])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"update_id"',
        b"{}",
        b'{"update_id":"7"}',
        b'{"update_id":null}',
        b"\xff\xfe",
        b'{"update_id":9223372036854775808}',
        b"[" * 200_000,
    ],
)
async def test_what_is_no_update_is_refused(database: Database, content: bytes) -> None:
    answer = await post(database, content)

    assert (answer.status_code, answer.content, stored(database)) == (400, b"", [])


@pytest.mark.parametrize(("size", "status"), [(LARGEST_BODY, 200), (LARGEST_BODY + 1, 400)])
async def test_a_body_may_have_1_mib(database: Database, size: int, status: int) -> None:
    start, end = b'{"update_id":7,"message":{"text":"', b'"}}'
    content = start + b"x" * (size - len(start) - len(end)) + end

    assert (await post(database, content)).status_code == status


async def test_when_the_database_refuses_telegram_is_asked_to_send_it_again(database: Database) -> None:
    def refuse(_: Session) -> None:
        raise OSError("no space left on device")

    database.fence = refuse
    answer = await post(database)
    database.fence = None

    assert (answer.status_code, answer.headers["Retry-After"], answer.content) == (503, "2", b"")
    assert stored(database) == []


async def test_a_database_that_refuses_for_long_raises_one_alarm_and_is_no_trouble_once_it_works(
    database: Database,
) -> None:
    rung, health = list[str](), Health()
    route = Webhook(
        Intake(database, HandClock(), "bot:1", lambda: None), SECRET, Trouble(health, rung.append, 0)
    ).route()
    transport = httpx.ASGITransport(Starlette(routes=[route]))

    def refuse(_: Session) -> None:
        raise OperationalError("insert", None, Exception("disk full"))

    async with httpx.AsyncClient(transport=transport, base_url="https://bot", headers={HEADER: SECRET}) as client:
        database.fence = refuse
        for _ in range(3):
            await client.post(PATH, json=UPDATE)
        during = health.fatal
        database.fence = None
        await client.post(PATH, json=UPDATE)

    assert rung == ["Storage"]
    assert (during, health.fatal) == ("Storage", None)


async def test_only_posts_are_looked_at(database: Database) -> None:
    route = Webhook(Intake(database, HandClock(), "bot:1", lambda: None), SECRET).route()

    transport = httpx.ASGITransport(Starlette(routes=[route]))
    async with httpx.AsyncClient(transport=transport, base_url="https://bot") as client:
        answer = await client.get(PATH, headers={HEADER: SECRET})

    assert answer.status_code == 405


def test_secrets_are_compared_in_constant_time() -> None:
    assert "compare_digest" in webhook.Webhook.receive.__code__.co_names
