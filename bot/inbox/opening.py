"""Tells Telegram how it is to hand out updates, by polling or by webhook; what waits there is never dropped."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from telegram import Bot
from telegram.error import TelegramError

from bot.backoff import Backoff
from bot.inbox.intake import ALLOWED_UPDATES, Poller

CONNECTIONS = 40

log = logging.getLogger(__name__)


async def poll(bot: Bot, poller: Poller) -> None:
    """Poll for ever; a webhook left over from another installation is taken away first."""
    await _insist("deleteWebhook", partial(bot.delete_webhook, drop_pending_updates=False))
    await poller.run()


async def await_posts(bot: Bot, address: str, secret: str) -> None:
    """Have updates posted to us, however long Telegram is out of reach at first."""
    await _insist(
        "setWebhook",
        partial(
            bot.set_webhook,
            address,
            secret_token=secret,
            allowed_updates=ALLOWED_UPDATES,
            drop_pending_updates=False,
            max_connections=CONNECTIONS,
        ),
    )
    await asyncio.Event().wait()


async def _insist(name: str, call: Callable[[], Awaitable[object]]) -> None:
    backoff = Backoff(first=1.0)
    while True:
        try:
            await call()
        except TelegramError as error:
            log.warning("%s failed, trying again: %s", name, type(error).__name__)
            await asyncio.sleep(backoff.next())
        else:
            return
