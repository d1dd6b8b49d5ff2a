"""What all screens of the quiz word alike: buttons, hours, the clock in words, percentages. No sentence of its own."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.i18n import Translator

FEATURE = "quiz"
ROOM = 3600
"""Characters of text in one message; Telegram takes 4,096 after its own counting, the rest is for what is around it."""

HOUR, FULL = 60, 100


def data(action: str, *ids: int | str) -> str:
    """The callback data of one of this feature's buttons."""
    return buttons.pack(FEATURE, action, *ids)


def act(label: str, action: str, *ids: int | str) -> InlineKeyboardButton:
    """A button of this feature."""
    return buttons.button(label, data(action, *ids))


def rows_of(items: Sequence[InlineKeyboardButton], width: int) -> list[list[InlineKeyboardButton]]:
    """The buttons in rows of at most that width."""
    return [list(items[start : start + width]) for start in range(0, len(items), width)]


def day_and_hour(at: datetime, time_zone: str, t: Translator) -> str:
    """Day, weekday and hour by the cohort's own clock."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{format_skeleton('MMMEd', local, locale=t.locale)} {local:%H:%M}"


def hour(at: datetime, time_zone: str) -> str:
    """Hours and minutes by the cohort's own clock."""
    return f"{at.astimezone(ZoneInfo(time_zone)):%H:%M}"


def length(minutes: int, t: Translator) -> Markup:
    """A length of time in words."""
    hours, rest = divmod(minutes, HOUR)
    if not hours:
        return t.plural("{n} minute", "{n} minutes", rest)
    whole = t.plural("{n} hour", "{n} hours", hours)
    return t("{hours} {minutes}", hours=whole, minutes=length(rest, t)) if rest else whole


def time_left(due_at: datetime, at: datetime, time_zone: str, t: Translator) -> Markup:
    """The clock of a test in words, up to a day; beyond that the hour at which it ends says more."""
    seconds = (due_at - at).total_seconds()
    ends = hour(due_at, time_zone)
    if seconds > HOUR * HOUR * 24:
        return t("⏳ until {when}", when=day_and_hour(due_at, time_zone, t))
    if seconds < HOUR:
        return t("⏳ <b>less than a minute left</b> (until {ends})", ends=ends)
    return t("⏳ {time} left (until {ends})", time=length(ceil(seconds / HOUR), t), ends=ends)


def percent(share: float) -> str:
    """A share as whole per cent."""
    return f"{round(share * FULL)} %"


def label(position: int) -> str:
    """The letter that a person sees before the option at that position."""
    return chr(ord("A") + position) if position < 26 else str(position + 1)


def parts(text: Markup) -> list[Markup]:
    """A text that is too long for one message, cut where lines end; each part is whole HTML without marks."""
    if len(text) <= ROOM:
        return [text]
    found, rest = [], text.unescape() if "<" not in text else text.striptags()
    rest = str(rest)
    while rest:
        piece = rest[: ROOM // 2]
        cut = len(rest) if len(rest) <= ROOM // 2 else max(piece.rfind("\n"), piece.rfind(" "), ROOM // 4)
        found.append(Markup("{}").format(rest[:cut].strip()))
        rest = rest[cut:].strip()
    return found
