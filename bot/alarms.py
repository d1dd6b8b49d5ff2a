"""Tells the operators when a person must act: Telegram refuses the token, another bot polls, a disk is full.

An alarm of one kind is sent at most once an hour; when Telegram itself is what fails, the log has it at once.
"""

import logging
from datetime import datetime

from bot import i18n
from bot.i18n import N_
from bot.outbox.calls import Message
from bot.turn import Turn

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
