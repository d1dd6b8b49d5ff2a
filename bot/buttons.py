"""The codec of inline buttons: ``feature:action:id:...`` in at most 64 bytes, ids only, never a person's words.

A button is a request, not a proof: whoever presses it is checked anew, since buttons can be forwarded and forged.
"""

import re
from datetime import date

from msgspec import Struct
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.errors import Gone

LIMIT = 64
FIRST_DAY, LAST_DAY = date(2000, 1, 1).toordinal(), date(2200, 1, 1).toordinal()
"""Beyond these a day in a button was tampered with; arithmetic at the ends of the calendar would fail."""

Rows = list[list[InlineKeyboardButton]]


def pack(feature: str, action: str, *ids: int | str) -> str:
    """The callback data of a button."""
    data = ":".join((feature, action, *(str(part) for part in ids)))
    if len(data.encode()) > LIMIT:
        raise ValueError(f"callback data longer than {LIMIT} bytes: {data}")
    return data


class Pattern(Struct, frozen=True):
    """What ``CallbackQueryHandler`` matches for one action; some hundred regular expressions would slow the start."""

    action: str

    def __call__(self, data: object) -> bool:
        """Whether the data of a button is of this action."""
        return isinstance(data, str) and (data == self.action or data.startswith(f"{self.action}:"))


def pattern(feature: str, action: str) -> Pattern:
    """The data that begins with one action of a feature."""
    return Pattern(pack(feature, action))


def unpack(data: str | None) -> list[str]:
    """The ids of a button, as text."""
    return (data or "").split(":")[2:]


def numbers(data: str | None, count: int) -> list[int]:
    """The ids of a button, as exactly ``count`` numbers.

    Raises:
        Gone: the data was tampered with, cut off, or comes from another version.
    """
    ids = unpack(data)
    if len(ids) != count:
        raise Gone
    return [number(part) for part in ids]


def number(text: str) -> int:
    """One id of a button as a number that every database can hold; raises Gone for anything else."""
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise Gone
    return int(text)


def day(number: int) -> date:
    """The day of an ordinal number in a button; raises Gone for one that no camp ever had."""
    if not FIRST_DAY <= number <= LAST_DAY:
        raise Gone
    return date.fromordinal(number)


def button(text: str, data: str) -> InlineKeyboardButton:
    """A button that comes back to us."""
    return InlineKeyboardButton(text, callback_data=data)


def link(text: str, url: str) -> InlineKeyboardButton:
    """A button that opens an address; Telegram refuses addresses without a dot in the host."""
    return InlineKeyboardButton(text, url=url)


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup | None:
    """The rows that have buttons; nothing when none has."""
    kept = [row for row in rows if row]
    return InlineKeyboardMarkup(kept) if kept else None
