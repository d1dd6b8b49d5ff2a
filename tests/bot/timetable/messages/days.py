"""Days and activities as the messages get them."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.ids import ActivityId
from bot.outbox.calls import Message
from bot.timetable.rules import Day, Item
from tests.support.camps import MONDAY, SHANGHAI

ZONE = ZoneInfo(SHANGHAI)


def at(hour: int, minute: int = 0, on: date = MONDAY) -> datetime:
    """A wall time in Shanghai."""
    return datetime.combine(on, time(hour, minute), tzinfo=ZONE)


def item(
    starts: tuple[int, int],
    ends: tuple[int, int],
    title: str = "Lecture",
    *,
    on: date = MONDAY,
    speaker: str = "",
    place: str = "",
    notes: str = "",
) -> Item:
    """An activity."""
    number = ActivityId(starts[0] * 60 + starts[1])
    return Item(number, at(*starts, on), at(*ends, on), title, "", speaker, place, notes)


def day(
    *items: Item,
    name: str = "Camp",
    on: date = MONDAY,
    today: date = MONDAY,
    following: Item | None = None,
    is_trainee: bool = True,
) -> Day:
    """A day of a camp."""
    return Day(1, name, on, today, items, following, is_trainee)


def labels(message: Message) -> list[list[str]]:
    """What stands on the buttons, row by row."""
    return [[button.text for button in row] for row in message.keyboard.inline_keyboard] if message.keyboard else []


def data(message: Message) -> list[object]:
    """What the buttons say to us."""
    rows = message.keyboard.inline_keyboard if message.keyboard else ()
    return [button.callback_data for row in rows for button in row]


def telegram_length(message: Message) -> int:
    """The strictest reckoning of a message's length: UTF-16 units with the tags."""
    return len(message.text.encode("utf-16-le")) // 2


def worst(number: int) -> Item:
    """An activity whose every word is as long as it can be, of characters that need escaping and of wide ones."""
    long = "<&>\N{SUN WITH FACE}课" * 100
    return Item(ActivityId(number), at(8, number), at(20, number), long, long, long, long, long)
