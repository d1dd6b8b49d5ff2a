from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.doctor import online
from bot.doctor.findings import Finding, Level
from bot.doctor.online import Answer
from bot.settings import Settings
from tests.support.house import MONDAY

pytestmark = pytest.mark.anyio

TOKEN = "123456:abcdefghijklmnopqrstuvwxyz0123456789"
Handler = Callable[[web.Request], Awaitable[web.Response]]


def answer(result: Any = None, status: int = 200, theirs: datetime | None = MONDAY) -> Answer:
    return Answer(status, {"ok": status == 200, "result": result}, theirs, MONDAY)


@asynccontextmanager
async def telegram(handler: Handler) -> AsyncIterator[Settings]:
    application = web.Application()
    application.router.add_post("/bot{token}/{method}", handler)
    async with TestServer(application) as server:
        base = str(server.make_url("/bot"))
        yield Settings(bot_token=TOKEN, telegram_base_url=base)


async def healthy(request: web.Request) -> web.Response:
    result: dict[str, Any] = {"getMe": {"username": "camp_bot"}, "getWebhookInfo": {"url": ""}}[
        request.match_info["method"]
    ]
    return web.json_response({"ok": True, "result": result})


async def refusing(_: web.Request) -> web.Response:
    return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)


async def garbled(_: web.Request) -> web.Response:
    return web.Response(text="<html>bad gateway</html>", status=502)


def summary(findings: list[Finding]) -> list[tuple[str, Level]]:
    return [(found.subject, found.level) for found in findings]


async def test_a_bot_that_telegram_knows_is_healthy() -> None:
    async with telegram(healthy) as settings:
        findings = await online.examine_telegram(settings)

    assert summary(findings) == [
        ("token", Level.OK),
        ("clock", Level.OK),
        ("webhook", Level.OK),
        ("waiting outside", Level.OK),
    ]


async def test_a_revoked_token_is_a_problem_and_is_not_shown() -> None:
    async with telegram(refusing) as settings:
        findings = await online.examine_telegram(settings)

    assert summary(findings)[0] == ("token", Level.PROBLEM)
    assert TOKEN not in str(findings)


async def test_out_of_reach_is_unknown_and_the_token_is_not_shown() -> None:
    settings = Settings(bot_token=TOKEN, telegram_base_url="http://127.0.0.1:9/bot")

    findings = await online.examine_telegram(settings)

    assert summary(findings) == [("Telegram", Level.UNKNOWN)]
    assert TOKEN not in str(findings)


async def test_an_answer_that_makes_no_sense_is_unknown() -> None:
    async with telegram(garbled) as settings:
        findings = await online.examine_telegram(settings)

    assert summary(findings) == [("Telegram", Level.UNKNOWN)]


async def test_without_a_token_there_is_nobody_to_ask() -> None:
    findings = await online.examine_telegram(Settings(bot_token=None))

    assert summary(findings) == [("Telegram", Level.NOTE)]


@pytest.mark.parametrize(
    ("skew", "level", "words"),
    [
        (0, Level.OK, "agrees"),
        (4, Level.OK, "agrees"),
        (-60, Level.PROBLEM, "60 s ahead of"),
        (3600, Level.PROBLEM, "3600 s behind"),
    ],
)
def test_a_clock_that_disagrees_with_telegrams_is_a_problem(skew: int, level: Level, words: str) -> None:
    found = online.judge_clock(answer(theirs=MONDAY + timedelta(seconds=skew)))

    assert (found.level, words in found.text) == (level, True)


def test_an_answer_without_a_date_leaves_the_clock_unchecked() -> None:
    assert online.judge_clock(answer(theirs=None)).level is Level.UNKNOWN


@pytest.mark.parametrize(
    ("url", "wanted", "level"),
    [
        ("", None, Level.OK),
        ("https://camp.example.org/telegram", "https://camp.example.org/", Level.OK),
        ("https://other.example.org/secret-path", None, Level.PROBLEM),
        ("", "https://camp.example.org", Level.PROBLEM),
        ("https://other.example.org/telegram", "https://camp.example.org", Level.PROBLEM),
    ],
)
def test_a_webhook_other_than_the_settings_say_is_a_problem(url: str, wanted: str | None, level: Level) -> None:
    found = next(online.judge_webhook(answer({"url": url}), wanted))

    assert (found.level, "secret-path" in found.text) == (level, False)


@pytest.mark.parametrize(("minutes", "level"), [(1, Level.PROBLEM), (60, Level.NOTE)])
def test_the_webhooks_last_error_is_a_problem_while_it_is_recent(minutes: int, level: Level) -> None:
    since = int((MONDAY - timedelta(minutes=minutes)).timestamp())
    info = {"url": "", "last_error_date": since, "last_error_message": "Connection refused"}

    found = list(online.judge_webhook(answer(info), None))[-1]

    assert (found.level, "Connection refused" in found.text) == (level, True)


def test_many_waiting_updates_are_a_problem() -> None:
    found = list(online.judge_webhook(answer({"url": "", "pending_update_count": 5000}), None))[-1]

    assert (found.level, "5000 updates" in found.text) == (Level.PROBLEM, True)


def test_the_date_of_an_answer_is_read_as_an_instant() -> None:
    assert online.read_date("Mon, 07 Dec 2026 00:00:00 GMT") == datetime(2026, 12, 7, tzinfo=UTC)
    assert online.read_date("yesterday") is None
