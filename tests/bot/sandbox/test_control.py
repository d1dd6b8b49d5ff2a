from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.control import MovableClock
from bot.sandbox.core import Sandbox
from bot.sandbox.server import serving
from tests.bot.sandbox.conftest import LIN

pytestmark = pytest.mark.anyio


class Remote:
    """A sandbox as a test in another process sees it."""

    def __init__(self, session: aiohttp.ClientSession, token: str) -> None:
        self._session = session
        self._token = token

    async def order(self, command: str, **given: Any) -> Any:
        async with self._session.post(f"/control/{command}", json=given) as answer:
            return await answer.json()

    async def ask(self, query: str, **given: Any) -> Any:
        async with self._session.get(f"/control/{query}", params=given) as answer:
            return await answer.json()

    async def call(self, method: str, **params: Any) -> int:
        async with self._session.post(f"/bot{self._token}/{method}", data=params) as answer:
            await answer.read()
            return answer.status


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    sandbox = Sandbox(clock=MovableClock())
    async with serving(sandbox) as address, aiohttp.ClientSession(address) as session:
        made = Remote(session, sandbox.token)
        await made.order("people", people=[{"name": "Lin", "person_id": LIN, "started": True}])
        yield made


async def test_people_act_and_the_bots_calls_are_read(remote: Remote) -> None:
    (said,) = await remote.order("act", acts=[["say", {"person_id": LIN, "text": "/start"}]])
    await remote.call("sendMessage", chat_id=LIN, text="hello")

    (call,) = await remote.ask("calls", method="sendMessage")
    assert (said["text"], call["message_id"], call["params"]["text"]) == ("/start", said["message_id"] + 1, "hello")
    assert [update["message"]["text"] for update in await remote.ask("updates")] == ["/start"]
    assert [message["text"] for message in (await remote.ask("chat", person=LIN))["messages"]] == ["/start", "hello"]


async def test_the_log_is_read_from_an_entry_on(remote: Remote) -> None:
    for text in ("one", "two", "three"):
        await remote.call("sendMessage", chat_id=LIN, text=text)

    assert [call["params"]["text"] for call in await remote.ask("calls", since=1)] == ["two", "three"]


async def test_a_person_sends_a_file(remote: Remote) -> None:
    upload = {"name": "roster.csv", "text": "a,b"}

    (sent,) = await remote.order("act", acts=[["send_file", {"person_id": LIN, "upload": upload}]])

    assert (sent["document"]["file_name"], sent["document"]["file_size"]) == ("roster.csv", 3)


async def test_a_planned_fault_happens(remote: Remote) -> None:
    await remote.order("fail", method="getMe", status=502, body="<html>", times=2)
    before = [await remote.call("getMe")]

    await remote.order("clear_faults")

    assert [*before, await remote.call("getMe")] == [502, 200]


async def test_limits_are_set_and_lifted(remote: Remote) -> None:
    await remote.order("configure", rate=1, chat=None, latency=0.001)
    limited = [await remote.call("sendMessage", chat_id=LIN, text="x") for _ in range(2)]
    summary = await remote.ask("summary")

    await remote.order("configure", rate=0)

    assert (limited, summary["violations"], summary["refusals"]) == ([200, 429], 1, 1)
    assert await remote.call("sendMessage", chat_id=LIN, text="x") == 200


async def test_a_raw_update_is_queued(remote: Remote) -> None:
    await remote.order("inject", updates=[{"update_id": 7, "odd": 1}])

    assert await remote.ask("updates") == [{"update_id": 7, "odd": 1}]


async def test_the_clock_moves_when_told(remote: Remote) -> None:
    before = (await remote.ask("summary"))["now"]

    await remote.order("advance", seconds=24 * 3600)

    assert before[:10] < (await remote.ask("summary"))["now"][:10]


async def test_a_reset_empties_the_logs_and_keeps_the_chats(remote: Remote) -> None:
    await remote.call("sendMessage", chat_id=LIN, text="x")

    await remote.order("reset")

    assert await remote.ask("calls") == []
    assert len((await remote.ask("chat", person=LIN))["messages"]) == 1


async def test_unknown_commands_and_acts_are_refused(remote: Remote) -> None:
    assert await remote.order("explode") == {"error": "unknown command"}
    assert await remote.order("act", acts=[["__init__", {}]]) == {"error": "CannotDo('unknown act __init__')"}


async def test_many_people_are_added_at_once(remote: Remote) -> None:
    await remote.order("people", count=1000, first=20_000)

    assert await remote.call("sendMessage", chat_id=20_999, text="x") == 200
