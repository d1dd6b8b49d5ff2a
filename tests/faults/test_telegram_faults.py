"""Telegram misbehaves in every way it can: no hot loop, no stopped intake, recovery by itself, alarms where due.

All kinds go on at once, each with a house of its own, since most of the time is spent waiting.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.clock import SystemClock
from bot.inbox.intake import Health, Intake, Poller
from bot.outbox import courier
from bot.sandbox.faults import Fault
from bot.sandbox.server import serving
from bot.telegram import AiohttpRequest
from tests.faults.inside import OPERATOR, CountingSandbox, living_house, until
from tests.faults.rebirth import empty_database

KINDS = {
    "502": Fault(status=502, description="Bad Gateway"),
    "a page of HTML": Fault(status=500, body=b"<html>oops</html>"),
    "garbage": Fault(body=b"\x00\xff garbage"),
    "truncated JSON": Fault(body=b'{"ok":true,"resu'),
    "another shape": Fault(body=b'{"ok":true,"result":7}'),
    "things that are no updates": Fault(body=b'{"ok":true,"result":[7,{"update_id":"x"}]}'),
    "reset": Fault(cut=True),
    "401": Fault(status=401, description="Unauthorized"),
    "409": Fault(status=409, description="Conflict: terminated by other getUpdates request"),
    "429": Fault(status=429, description="Too Many Requests: retry after 1", retry_after=1),
}
PERSON = 1
FAULTY_SECONDS = 2.5
MOST_CALLS = int(FAULTY_SECONDS * 2) + 1
HARMLESS_TO_SENDING = ("another shape", "things that are no updates")


@dataclass(frozen=True)
class Outcome:
    """What one kind of fault led to."""

    polls: int
    sends: int
    recovered: bool
    said: list[str]
    operator: list[str]


async def suffer(kind: str, folder: Path) -> Outcome:
    """Run a house, let Telegram misbehave for a while, and see what became of it."""
    sandbox = CountingSandbox()
    for person_id in (PERSON, OPERATOR):
        sandbox.add_person("P", person_id=person_id, started=True)
    async with living_house(sandbox, f"sqlite:///{folder}/{len(kind)}{kind[:3]}.db"):
        assert await until(lambda: sandbox.count_since(0, "getUpdates") > 0)
        for method in ("getUpdates", *(() if kind in HARMLESS_TO_SENDING else ("sendMessage",))):
            sandbox.fail_next(method, KINDS[kind], 1000)
        began = time.monotonic()
        sandbox.say(PERSON, "n1")
        await asyncio.sleep(FAULTY_SECONDS)
        polls, sends = (sandbox.count_since(began, method) for method in ("getUpdates", "sendMessage"))
        sandbox.clear_faults()
        sandbox.say(PERSON, "n2")
        recovered = await until(lambda: "got n2" in sandbox.said(PERSON))
        await until(lambda: sandbox.said(OPERATOR) or kind != "401", 3.0)
        return Outcome(polls, sends, recovered, sandbox.said(PERSON), sandbox.said(OPERATOR))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """Return what each kind led to."""

    async def suffer_all() -> dict[str, Outcome]:
        folder = tmp_path_factory.mktemp("faults")
        return dict(zip(KINDS, await asyncio.gather(*(suffer(kind, folder) for kind in KINDS)), strict=True))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(courier, "REVOKED_PAUSE", 1.0)
        yield asyncio.run(suffer_all())


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_makes_no_loop_hot(outcomes: dict[str, Outcome], kind: str) -> None:
    assert outcomes[kind].polls <= MOST_CALLS
    assert outcomes[kind].sends <= MOST_CALLS


@pytest.mark.parametrize("kind", KINDS)
def test_after_a_fault_the_bot_goes_on_by_itself_and_nothing_is_lost_or_said_twice(
    outcomes: dict[str, Outcome], kind: str
) -> None:
    assert outcomes[kind].recovered
    assert outcomes[kind].said == ["got n1", "got n2"]


def test_operators_are_told_when_the_token_is_refused(outcomes: dict[str, Outcome]) -> None:
    assert [text for text in outcomes["401"].operator if "no longer accepts" in text]


def test_operators_are_not_bothered_with_faults_that_pass(outcomes: dict[str, Outcome]) -> None:
    assert [kind for kind, outcome in outcomes.items() if outcome.operator] == ["401"]


@asynccontextmanager
async def polling(sandbox: CountingSandbox, url: str, rung: list[str], **options: Any) -> AsyncIterator[list[bool]]:
    """A poller alone; gives a list that gets longer with every batch stored."""
    stored: list[bool] = []
    async with serving(sandbox) as address:
        request = AiohttpRequest(connect_timeout=0.2, pool_timeout=0.2, write_timeout=0.2)
        await request.initialize()
        bot = Bot(sandbox.token, base_url=f"{address}/bot", request=request, get_updates_request=request)
        with empty_database(url) as database:
            intake = Intake(database, SystemClock(), "bot:1", lambda: stored.append(True))
            poller = Poller(bot, intake, SystemClock(), Health(), rung.append, **options)
            running = asyncio.create_task(poller.run())
            yield stored
            running.cancel()
            await asyncio.wait([running])
        await request.shutdown()


@pytest.mark.anyio
async def test_another_poller_that_does_not_go_away_raises_an_alarm_once(tmp_path_url: str) -> None:
    sandbox, rung = CountingSandbox(), list[str]()
    sandbox.fail_next("getUpdates", KINDS["409"], 1000)

    async with polling(sandbox, tmp_path_url, rung, alarm_seconds=0.5):
        await until(lambda: sandbox.count_since(0, "getUpdates") >= 3)

    assert rung == ["Conflict"]


@pytest.mark.anyio
async def test_a_server_that_goes_silent_is_given_up_and_asked_again(tmp_path_url: str) -> None:
    sandbox = CountingSandbox()
    sandbox.fail_next("getUpdates", Fault(delay=30.0))
    sandbox.add_person("P", person_id=PERSON, started=True)

    async with polling(sandbox, tmp_path_url, [], seconds=0, patience=0.3) as stored:
        sandbox.say(PERSON, "n1")
        await until(lambda: stored)

    assert stored == [True]
    assert sandbox.count_since(0, "getUpdates") <= 6


@pytest.mark.anyio
async def test_many_calls_that_fail_together_delay_by_a_moment_and_not_by_a_minute(tmp_path_url: str) -> None:
    sandbox, people = CountingSandbox(), range(100, 140)
    for person_id in people:
        sandbox.add_person("P", person_id=person_id, started=True)
    sandbox.fail_next("sendMessage", KINDS["502"], len(people))

    async with living_house(sandbox, tmp_path_url):
        for person_id in people:
            sandbox.say(person_id, f"n{person_id}")
        all_answered = await until(lambda: all(sandbox.said(person_id) for person_id in people), 10.0)

    assert all_answered
