"""The loud warning that a year's table of holidays is missing."""

from bot import i18n
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.turn import Turn
from bot.workdays.messages.flags import render_missing
from bot.workdays.reminding import Reminder


def announce(turn: Turn, reminder: Reminder) -> None:
    """Owe everybody the warning, once a month and year."""
    for reader in reminder.readers:
        message = Message(render_missing(reminder.year, i18n.translator(reader.language)))
        key = f"workdays:{reminder.year}:{reminder.month}:{reader.person_id}"
        turn.send(reader.telegram_id, message, lane=Lane.REMINDER, key=key)
