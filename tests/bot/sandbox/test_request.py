import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.sandbox.core import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.request import SandboxRequest
from tests.bot.sandbox.conftest import LIN

pytestmark = pytest.mark.anyio


async def test_a_refusal_becomes_the_librarys_error(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.block(LIN)

    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(LIN, "x")


async def test_a_flood_wait_becomes_the_librarys_error(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.fail_next("sendMessage", Fault(status=429, description="Too Many Requests: retry after 3", retry_after=3))

    with pytest.raises(RetryAfter, match="3 seconds"):
        await bot.send_message(LIN, "x")


async def test_a_cut_connection_is_a_network_error(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.fail_next("sendMessage", Fault(cut=True))

    with pytest.raises(NetworkError):
        await bot.send_message(LIN, "x")


async def test_an_answer_later_than_the_read_timeout_is_a_timeout_with_its_effect(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.fail_next("sendMessage", Fault(delay=30))

    with pytest.raises(TimedOut):
        await bot.send_message(LIN, "x", read_timeout=0.01)

    assert [message["text"] for message in sandbox.messages(LIN)] == ["x"]


async def test_a_truncated_answer_is_an_error(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.fail_next("sendMessage", Fault(body=b'{"ok":tr', apply=True))

    with pytest.raises(TelegramError, match="Invalid server response"):
        await bot.send_message(LIN, "x")


async def test_a_wrong_token_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(InvalidToken):
        await Bot("1:other", request=SandboxRequest(sandbox)).initialize()


async def test_a_missing_file_cannot_be_downloaded(bot: Bot) -> None:
    with pytest.raises(InvalidToken, match="Not Found"):
        await bot.request.retrieve(f"https://x/file/bot{bot.token}/documents/none")


async def test_the_chat_must_be_known(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(99, "x")
