import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.core import Sandbox
from bot.sandbox.webhook import SECRET_HEADER
from tests.bot.sandbox.calling import SetClock, pending, result
from tests.bot.sandbox.conftest import LIN

pytestmark = pytest.mark.anyio

WANG = 1002


class Receiver:
    """A bot's webhook: what came, and what it answers next, else its usual status."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []
        self.usual_status = 200
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get(SECRET_HEADER))
        return self.answers.pop(0) if self.answers else web.Response(status=self.usual_status)

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_post("/hook", made.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


@pytest.fixture
async def hooked(clock: SetClock, receiver: Receiver) -> AsyncIterator[Sandbox]:
    made = Sandbox(clock=clock, insecure_webhooks=True, webhook_retry_unit=0.001)
    for person_id in (LIN, WANG):
        made.add_person("Person", person_id=person_id, started=True)
    result(made, "setWebhook", url=receiver.url, secret_token="s3cret")
    yield made
    await made.close()


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


async def test_an_update_is_posted_with_the_secret_and_then_gone(hooked: Sandbox, receiver: Receiver) -> None:
    hooked.say(LIN, "hello")

    await _until(lambda: not pending(hooked))

    assert (receiver.texts(), receiver.secrets) == (["hello"], ["s3cret"])


async def test_what_was_waiting_before_the_webhook_is_posted(clock: SetClock, receiver: Receiver) -> None:
    sandbox = Sandbox(clock=clock, insecure_webhooks=True)
    sandbox.add_person("Lin", person_id=LIN, started=True)
    sandbox.say(LIN, "early")
    result(sandbox, "setWebhook", url=receiver.url)

    await _until(lambda: not pending(sandbox))
    await sandbox.close()

    assert (receiver.texts(), receiver.secrets) == (["early"], [None])


async def test_a_failed_delivery_comes_again_before_the_next_of_its_chat(hooked: Sandbox, receiver: Receiver) -> None:
    receiver.answers = [web.Response(status=500), web.Response(status=503), web.Response(status=403)]
    hooked.say(LIN, "one")
    hooked.say(LIN, "two")

    await _until(lambda: not pending(hooked))

    assert receiver.texts() == ["one", "one", "one", "one", "two"]
    assert result(hooked, "getWebhookInfo")["last_error_message"] == "Wrong response from the webhook: 403 Forbidden"


async def test_one_chat_does_not_wait_for_another(hooked: Sandbox, receiver: Receiver) -> None:
    receiver.answers = [web.Response(status=500, headers={"Retry-After": "3600"})]
    hooked.say(LIN, "stuck")
    await _until(lambda: len(receiver.updates) == 1)

    hooked.say(WANG, "free")
    await _until(lambda: len(pending(hooked)) == 1)

    assert receiver.texts() == ["stuck", "free"]


async def test_an_update_is_given_up_when_its_life_ends(hooked: Sandbox, receiver: Receiver, clock: SetClock) -> None:
    receiver.usual_status = 500
    hooked.say(LIN, "old")
    await _until(lambda: len(receiver.updates) >= 1)

    clock.advance(24 * 3600)

    await _until(lambda: not pending(hooked))
    assert set(receiver.texts()) == {"old"}


async def test_a_method_in_the_answer_is_executed(hooked: Sandbox, receiver: Receiver) -> None:
    receiver.answers = [web.json_response({"method": "sendMessage", "chat_id": LIN, "text": "at once"})]
    hooked.say(LIN, "hello")

    await _until(lambda: not pending(hooked))

    assert hooked.messages(LIN)[-1]["text"] == "at once"


async def test_the_webhook_itself_cannot_be_changed_by_an_answer(hooked: Sandbox, receiver: Receiver) -> None:
    receiver.answers = [web.json_response({"method": "deleteWebhook"})]
    hooked.say(LIN, "hello")

    await _until(lambda: not pending(hooked))

    assert result(hooked, "getWebhookInfo")["url"] == receiver.url


async def test_410_for_23_hours_removes_the_webhook(hooked: Sandbox, receiver: Receiver, clock: SetClock) -> None:
    receiver.usual_status = 410
    hooked.say(LIN, "hello")
    await _until(lambda: len(receiver.updates) >= 2)

    clock.advance(23 * 3600)

    await _until(lambda: result(hooked, "getWebhookInfo")["url"] == "")
    assert len(pending(hooked)) == 1


async def test_nothing_is_posted_after_the_webhook_is_deleted(hooked: Sandbox, receiver: Receiver) -> None:
    result(hooked, "deleteWebhook")

    hooked.say(LIN, "hello")

    assert (len(pending(hooked)), receiver.updates) == (1, [])
