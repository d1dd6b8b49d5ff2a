import asyncio

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.sandbox.core import Sandbox
from bot.sandbox.polling import OTHER_POLLER, WEBHOOK_IS_SET
from tests.bot.sandbox.calling import result
from tests.bot.sandbox.conftest import LIN

pytestmark = pytest.mark.anyio


async def test_a_waiting_poll_gets_what_arrives(bot: Bot, sandbox: Sandbox) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.01)

    sandbox.say(LIN, "hello")

    assert [update.message and update.message.text for update in await poll] == ["hello"]


async def test_an_empty_poll_ends_after_its_timeout(bot: Bot) -> None:
    assert await bot.get_updates(timeout=1) == ()


async def test_a_second_poller_ends_the_first_with_409(bot: Bot, sandbox: Sandbox) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.01)

    assert await bot.get_updates(timeout=0) == ()

    with pytest.raises(Conflict, match=OTHER_POLLER):
        await first


async def test_setting_a_webhook_ends_a_poll_with_409(bot: Bot, sandbox: Sandbox) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.01)

    result(sandbox, "setWebhook", url="https://camp.example.org/")

    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    await sandbox.close()


async def test_polling_is_refused_while_a_webhook_is_set(bot: Bot, sandbox: Sandbox) -> None:
    result(sandbox, "setWebhook", url="https://camp.example.org/")

    with pytest.raises(Conflict, match=WEBHOOK_IS_SET):
        await bot.get_updates()
    await sandbox.close()


async def test_allowed_updates_are_remembered(bot: Bot, sandbox: Sandbox) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])

    sandbox.say(LIN, "hello")
    sandbox.press_unchecked(LIN, 1, "go")

    assert [bool(update.callback_query) for update in await bot.get_updates()] == [True]
