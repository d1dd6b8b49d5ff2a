"""When quiet hours end. Pure: no session, no clock, no Telegram."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.figures import read_figures
from bot.recurrence.rules import first_instant

HOUR = 60
DAY = 24 * HOUR
NOON = 12
BEFORE_MOST = 240
"""Nobody is reminded of an activity more than four hours ahead."""

_TIME = re.compile(
    r"(?P<part>凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|夜里)?\s*(?P<hour>\d{1,2})"
    r"(?:\s*[:：.h点时]\s*(?P<minute>\d{2}|半)?分?)?\s*(?P<half>[ap]m\b)?",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"[零一二两三四五六七八九]?十[一二三四五六七八九]?|[零一二两三四五六七八九](?=[点时])")
_LATE = {"下午", "傍晚", "晚上", "夜里", "pm"}
_BETWEEN = re.compile(
    r"^\W*(?:from|从)?\s*$|^\s*(?:[-–—~～至到]|to|until|till)+\s*(?:次日|第二天|next day)?\s*$", re.IGNORECASE
)


class QuietHours(Struct, frozen=True):
    """From one minute of the local day to another; where the second is not later, it is of the next day."""

    starts: int
    ends: int

    def __str__(self) -> str:
        return f"{clock(self.starts)}–{clock(self.ends)}"

    def cover(self, minute: int) -> bool:
        """Whether that minute of a day lies within."""
        if self.starts < self.ends:
            return self.starts <= minute < self.ends
        return minute >= self.starts or minute < self.ends


def clock(minute: int) -> str:
    """A minute of the day as 24-hour time."""
    return f"{minute // HOUR:02}:{minute % HOUR:02}"


def quiet_until(hours: QuietHours | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The instant at which the quiet hours that ``now`` lies in end; ``None`` outside of them."""
    local = now.astimezone(zone)
    minute = local.hour * HOUR + local.minute
    if hours is None or not hours.cover(minute):
        return None
    passes_midnight = hours.ends <= hours.starts and minute >= hours.starts
    on = local.date() + timedelta(days=passes_midnight)
    return first_instant(on, time(*divmod(hours.ends, HOUR)), zone)


def parse_quiet_hours(typed: str) -> QuietHours | None:
    """Read quiet hours as people write them: ``22-7``, ``22:30 to 6:45``, ``晚上22点到7点``; ``None`` where unclear."""
    text = _CHINESE.sub(lambda found: str(read_figures(found[0])), typed.strip())
    found = list(_TIME.finditer(text))
    if len(found) != 2 or not all(_BETWEEN.match(gap) for gap in _gaps(text, found)):
        return None
    starts, ends = _minute(found[0]), _minute(found[1])
    if starts is None or ends is None or starts == ends:
        return None
    return QuietHours(starts, ends)


def _gaps(text: str, found: list[re.Match[str]]) -> list[str]:
    """What stands before the first time and between the two; nothing may stand after the second."""
    return [text[: found[0].start()], text[found[0].end() : found[1].start()], text[found[1].end() :]]


def _minute(found: re.Match[str]) -> int | None:
    hour = int(found["hour"])
    minute = 30 if found["minute"] == "半" else int(found["minute"] or 0)
    if {found["part"], (found["half"] or "").lower()} & _LATE and hour < NOON:
        hour += NOON
    return hour % 24 * HOUR + minute if hour <= 24 and minute < HOUR else None
