"""What is said after an outage."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import i18n
from bot.i18n import Translator
from bot.outages.rules import Loss
from bot.outages.service import Listener
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people.messages.wording import clock, day
from bot.turn import Turn


def announce(turn: Turn, loss: Loss, listeners: Iterable[Listener]) -> None:
    """Owe everybody the news of a loss, once each."""
    told: set[int] = set()
    for one in listeners:
        if one.telegram_id not in told:
            told.add(one.telegram_id)
            message = render_loss(loss, one.time_zone, i18n.translator(one.language))
            turn.send(one.telegram_id, message, lane=Lane.REMINDER)


def render_loss(loss: Loss, time_zone: str, t: Translator) -> Message:
    """From when to when nothing came in, what of it is lost, and what to do."""

    def instant(at: datetime) -> str:
        return f"{day(at.astimezone(ZoneInfo(time_zone)).date(), t)} {clock(at, time_zone)}"

    text = t(
        "⚠️ <b>Some of what people sent to this bot is lost.</b>\n"
        "It could fetch nothing from {since} to {until}, and Telegram keeps messages for 24 hours only. What was "
        "written or pressed from {since} to {kept_from} never arrived: check-ins, leave, answers, sign-ups.\n"
        "Please ask people to send it again, and mark by hand the attendance that is missing.",
        since=instant(loss.since),
        until=instant(loss.until),
        kept_from=instant(loss.kept_from),
    )
    return Message(text)
