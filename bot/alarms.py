"""Tells the operators when a person must act: the token is refused, another bot polls, a disk is full, SQLite is old.

An alarm of one kind is sent at most once an hour; when Telegram itself is what fails, the log has it at once.
"""

import asyncio
import logging
from datetime import datetime
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import TelegramError

from bot import i18n
from bot.i18n import N_
from bot.outbox.calls import Message
from bot.turn import Turn, Turns

UNSOUND = "UnsoundSQLite"
WORDS = {
    "InvalidToken": N_("⚠️ Telegram no longer accepts this bot's token. Put the new one into BOT_TOKEN and restart."),
    "Conflict": N_(
        "⚠️ Another program fetches this bot's updates, or a webhook is set. Stop it; nothing is lost meanwhile."
    ),
    "Storage": N_(
        "⚠️ This bot cannot write to its database: is the disk full, or locked? New messages wait at "
        "Telegram, which keeps them for 24 hours. The log says more; once it is mended the bot goes on by "
        "itself."
    ),
    UNSOUND: N_(
        "⚠️ The SQLite on this bot's server has a fault by which data can be lost when a second program writes to the "
        "bot's file. Run there: pip install pysqlite3, and restart the bot. Until then let nothing else write to it."
    ),
}

log = logging.getLogger(__name__)


def render_alarm(kind: str) -> Message:
    """What the operators read."""
    return Message(i18n.translator("en")(WORDS[kind]))


def raise_alarm(turn: Turn, kind: str, operators: frozenset[int]) -> None:
    """Record the alarm for every operator, once an hour and kind."""
    log.error("a person must act: %s", kind)
    for operator in sorted(operators):
        turn.send(operator, render_alarm(kind), key=f"alarm:{kind}:{_hour(turn.now)}:{operator}")


def _hour(now: datetime) -> str:
    return now.strftime("%Y%m%d%H")


class Alarm:
    """Rings from the event loop; the operators are told through the outbox like everybody else.

    Where the database itself is what fails there is no outbox, and Telegram is told at once.
    """

    def __init__(self, turns: Turns, bot: Bot, operators: frozenset[int]) -> None:
        self._turns = turns
        self._bot = bot
        self._operators = operators
        self._ringing: set[asyncio.Task[None]] = set()

    def ring(self, kind: str) -> None:
        """Record an alarm of that kind."""
        task = asyncio.get_running_loop().create_task(self._tell(kind))
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    async def _tell(self, kind: str) -> None:
        try:
            await self._turns.take(partial(raise_alarm, kind=kind, operators=self._operators))
        except SQLAlchemyError as error:
            log.error("a person must act: %s, which could not be recorded: %s", kind, type(error).__name__)
            await self._tell_at_once(kind)

    async def _tell_at_once(self, kind: str) -> None:
        for operator in sorted(self._operators):
            try:
                await self._bot.send_message(operator, render_alarm(kind).text)
            except TelegramError as error:
                log.error("an operator could not be told: %s", type(error).__name__)
