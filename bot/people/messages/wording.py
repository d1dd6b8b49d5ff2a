"""Small pieces of wording that several messages of this feature share: days, instants, pagers, lists cut short."""

import html
import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval
from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.i18n import Translator
from bot.outbox.calls import Message

FEATURE = "people"
LIMIT = 4000
"""Characters of a message; Telegram takes 4,096 after its own counting."""

LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


def lines(*parts: str | None) -> Markup:
    """Put the parts that say something under each other, as HTML."""
    return Markup("\n").join(part for part in parts if part)


def paragraphs(*parts: str | None) -> Markup:
    """Put the parts that say something under each other with a blank line between, as HTML."""
    return Markup("\n\n").join(part for part in parts if part)


def bold(text: str) -> Markup:
    """The text in bold, escaped."""
    return Markup("<b>{}</b>").format(text)


def day(on: date, t: Translator) -> str:
    """A day as people say it, such as ``Monday, December 7``."""
    return format_date(on, "M月d日 EEEE" if t.language == "zh" else "EEEE, MMMM d", locale=t.locale)


def span(first: date, last: date, t: Translator) -> str:
    """Two days and what lies between, in one short form."""
    return format_interval(first, last, "yMMMd", locale=t.locale)


def clock(at: datetime, time_zone: str) -> str:
    """The hour and minute of an instant in a zone, on 24 hours."""
    return at.astimezone(ZoneInfo(time_zone)).strftime("%H:%M")


def cut(items: Sequence[str], most: int, t: Translator) -> list[str]:
    """The first items, and how many more there are."""
    more = len(items) - most
    return [*items[:most], t.plural("… and {n} more", "… and {n} more", more)] if more > 0 else list(items)


def shorten(text: str, length: int = 40) -> str:
    """A label that fits a button on a phone."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def pager(action: str, ids: Sequence[int | str], number: int, pages: int) -> list[InlineKeyboardButton]:
    """The row that turns pages, which count from 0; none for a single page. The page is the last of the ids."""
    if pages < 2:
        return []
    before, after = (number - 1) % pages, (number + 1) % pages
    return [
        buttons.button("◀", buttons.pack(FEATURE, action, *ids, before)),
        buttons.button(f"{number + 1}/{pages}", buttons.pack(FEATURE, action, *ids, number)),
        buttons.button("▶", buttons.pack(FEATURE, action, *ids, after)),
    ]


def act(label: str, action: str, *ids: int | str) -> InlineKeyboardButton:
    """A button of this feature."""
    return buttons.button(label, buttons.pack(FEATURE, action, *ids))


def plain_text(message: Message) -> str:
    """What a message says without its marks, for a terminal."""
    return html.unescape(re.sub(r"</?[a-z][^>]*>", "", str(message.text)))
