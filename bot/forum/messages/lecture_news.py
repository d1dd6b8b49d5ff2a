"""What visitors read the evening before, an hour before, and afterwards."""

from datetime import datetime

from msgspec.structs import replace

from bot import i18n
from bot.buttons import keyboard
from bot.forum.answering import NIGHT
from bot.forum.lecture_news import Kind, News, quiet_of
from bot.forum.messages.lectures import act
from bot.forum.messages.occasions import clock, heading
from bot.forum.messages.wording import bold, paragraphs
from bot.forum.occasions import Occasion
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.outbox.copies import Chats
from bot.outbox.lanes import Lane
from bot.preferences.rules import QuietHours, quiet_until
from bot.turn import Turn


def announce(turn: Turn, news: News) -> int:
    """Owe everybody concerned their copy, in their language and outside quiet hours; how many."""
    return sum(_copy(turn, news, hearers.prefix, *told) for hearers in news.hearers for told in hearers.chats.items())


def render(kind: Kind, occasion: Occasion, t: Translator) -> Message:
    """What is told."""
    code = keyboard([act(t.plain("🪪 My code for the door"), "code", occasion.call_id)])
    match kind:
        case Kind.DAY:
            head = t("🔔 <b>Tomorrow:</b> your seat is kept.")
            how = t("At the door scan the code on the screen, or show your own. If you cannot come, please give it up.")
            return Message(paragraphs(head, heading(occasion, t), how), code)
        case Kind.HOUR:
            head = t("⏰ <b>At {time}:</b> it begins soon.", time=clock(occasion.starts_at, occasion))
            how = t("At the door scan the code on the screen, or show your own.")
            return Message(paragraphs(head, heading(occasion, t), how), code)
        case Kind.THANKS:
            return Message(
                t("🙏 Thank you for coming to {title}! It was good to have you.", title=bold(occasion.title))
            )


def render_thanked_toast(told: int, t: Translator, *, is_news: bool) -> str:
    """The short line after a coordinator has thanked those who came."""
    if not is_news:
        return t.plain("They have been thanked already.")
    return str(t.plural("🙏 {n} person has been thanked.", "🙏 {n} people have been thanked.", told))


def _copy(turn: Turn, news: News, prefix: str, manner: str, chats: Chats) -> int:
    language, is_silent, own = quiet_of(manner)
    waits = _waits_until(news.occasion, turn.now, own)
    if waits is not None and news.kind is not Kind.THANKS and waits >= news.occasion.starts_at:
        return 0
    message = render(news.kind, news.occasion, i18n.translator(language))
    return turn.send_copies(
        replace(message, silent=is_silent),
        chats,
        lane=Lane.REMINDER,
        prefix=prefix,
        due_at=waits,
    )


def _waits_until(occasion: Occasion, now: datetime, own: QuietHours | None) -> datetime | None:
    ends = [end for hours in (NIGHT, own) if (end := quiet_until(hours, occasion.zone, now)) is not None]
    return max(ends, default=None)
