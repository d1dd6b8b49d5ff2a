"""The transport that refuses the network."""

import traceback
from typing import Any

import pytest
from telegram import Bot

from bot.telegram import NetworkInTransaction, OfflineRequest

pytestmark = pytest.mark.anyio

TOKEN = "1234567:AAF-abcdefghijklmnopqrstuvwxyz01234"
IDENTITY = {"id": 7, "is_bot": True, "first_name": "Camp", "username": "camp_bot"}


def first_step(coroutine: Any) -> Any:
    """Run a coroutine that must not wait, as the worker does."""
    with pytest.raises(StopIteration) as finished:
        coroutine.send(None)
    return finished.value.value


async def test_the_offline_bot_knows_itself() -> None:
    bot = Bot(TOKEN, request=OfflineRequest(IDENTITY), get_updates_request=OfflineRequest(IDENTITY))

    await bot.initialize()

    assert (bot.id, bot.username) == (7, "camp_bot")


def test_the_offline_bot_answers_get_me_at_its_first_step() -> None:
    bot = Bot(TOKEN, request=OfflineRequest(IDENTITY), get_updates_request=OfflineRequest(IDENTITY))

    assert first_step(bot.get_me()).username == "camp_bot"


def test_the_offline_bot_refuses_everything_else_at_its_first_step() -> None:
    bot = Bot(TOKEN, request=OfflineRequest(IDENTITY), get_updates_request=OfflineRequest(IDENTITY))

    with pytest.raises(NetworkInTransaction, match="sendMessage was called") as caught:
        bot.send_message(1, "hello").send(None)

    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_the_offline_transport_opens_and_closes_without_waiting() -> None:
    transport = OfflineRequest(IDENTITY)

    first_step(transport.initialize())
    first_step(transport.shutdown())

    assert transport.read_timeout is None
