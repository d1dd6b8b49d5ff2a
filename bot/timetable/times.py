"""Times as people type them in a chat, in Chinese and English: 明天上午9点, 下周三 14:30, tomorrow 9am, Wed 14:30.

Pure. What is meant is decided by the person's present local day; what does not exist or is over is said, not guessed.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.figures import read_figures
from bot.recurrence.rules import day_exists
from bot.sheets.text import tidy
from bot.timetable.sheet_checks import exists
from bot.timetable.sheet_times import Fault, read_day, read_span, read_time

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class TimeFault(StrEnum):
    """Why a typed time is not taken."""

    UNREADABLE = "unreadable"
    NO_SUCH_TIME = "no_such_time"
    NO_SUCH_DAY = "no_such_day"
    SKIPPED = "skipped"
    """The zone's clock leaves it out: summer time begins, or the zone changed sides of the date line."""
    PAST = "past"
    BACKWARDS = "backwards"


class Meant(Struct, frozen=True):
    """The instants (UTC) that were meant; ``ends_at`` is empty where only a beginning was given."""

    starts_at: datetime
    ends_at: datetime | None = None


_DAYS = {
    "大后天": 3, "后天": 2, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "今天": 0, "今日": 0, "今晚": 0, "今早": 0,
    "昨天": -1, "昨日": -1, "昨晚": -1, "前天": -2, "day after tomorrow": 2, "tomorrow": 1, "today": 0, "tonight": 0,
    "day before yesterday": -2, "yesterday": -1,
}  # fmt: skip
_HALF_OF_DAY = {"明早": "早上", "明晚": "晚上", "今早": "早上", "今晚": "晚上"}
_CHINESE_DAYS = "一二三四五六日天"
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_NAMED = re.compile("|".join(sorted(map(re.escape, _DAYS), key=len, reverse=True)))
_WEEKDAY_ZH = re.compile(r"(?P<weeks>(?:下个?)+|这个?|本)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])")
_WEEKDAY_EN = re.compile(
    r"(?:\b(?P<weeks>next|this|on)\s+)?\b(?P<day>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?"
)
_DATE = re.compile(
    r"(?:\d{4}[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}(?:[-/.]\d{4})?\s*[日号]?(?!\d|:)"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+[a-z]{3,9}\.?,?(?:\s+\d{4}\b)?(?=\s|$)(?<!\bam)(?<!\bpm)"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?\b,?(?:\s+\d{4}\b)?"
)
_FILLER = re.compile(r"\b(?:at|from|on|the)\b|[,，]|[()]|的|改到|改成|移到")
_CHINESE_HOUR = re.compile(r"([零〇一二两三四五六七八九]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])(?=[点时])")
_CHINESE_MINUTE = re.compile(r"(?<=[点时])([零〇一二三四五]?十?[零〇一二三四五六七八九]?)(?=分|$|\s|-|到|至)")


def read_when(
    text: str, *, now: datetime, zone: ZoneInfo, default_day: date | None = None, days: tuple[date, date] | None = None
) -> Meant | TimeFault:
    """What was meant by ``text`` at the instant ``now``.

    ``default_day`` is meant where no day is named (without it: today). ``days`` are the camp's first and last day,
    which decide the year of a date without one.
    """
    today = now.astimezone(zone).date()
    plain = _with_digits(_plain(text))
    day, rest = _take_day(plain, today, days or (today, today + timedelta(days=180)))
    if isinstance(day, TimeFault):
        return day
    times = _read_times(rest)
    if isinstance(times, TimeFault):
        return times
    return _instants(day or default_day or today, times, zone, now)


def read_clock(text: str) -> tuple[time, time | None] | TimeFault:
    """One time of day or a span of two, without a day."""
    return _read_times(_with_digits(_plain(text)))


def read_date(text: str, *, days: tuple[date, date]) -> date | None:
    """A day alone; one without a year is the one nearest to the span of ``days``."""
    read = read_day(tidy(text) or None, first_day=days[0], last_day=days[1])
    return read if isinstance(read, date) else None


def end_of(text: str, starts_at: datetime, zone: ZoneInfo) -> datetime | TimeFault:
    """The instant (UTC) of a typed end of something that begins at ``starts_at``; of a span the second time counts."""
    read = read_clock(text)
    if isinstance(read, TimeFault):
        return read
    on, ends = starts_at.astimezone(zone).date(), read[1] or read[0]
    if not exists(on, ends, zone):
        return TimeFault.SKIPPED
    ends_at = datetime.combine(on, ends, tzinfo=zone).astimezone(UTC)
    return ends_at if ends_at > starts_at else TimeFault.BACKWARDS


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", tidy(text)).casefold()


def _with_digits(text: str) -> str:
    """Hours and minutes written in Chinese figures, as in 下午两点十五分."""
    hours = _CHINESE_HOUR.sub(lambda found: str(read_figures(found[1])), text)
    return _CHINESE_MINUTE.sub(lambda found: f"{read_figures(found[1]):02}" if found[1] else "", hours)


def _take_day(text: str, today: date, days: tuple[date, date]) -> tuple[date | TimeFault | None, str]:
    """The day that is named, and the text without it."""
    if found := _NAMED.search(text):
        return today + DAY * _DAYS[found[0]], _without(text, found, _HALF_OF_DAY.get(found[0], _night(found[0])))
    if found := _DATE.search(text):
        read = read_day(found[0].strip(), first_day=days[0], last_day=days[1])
        without = _WEEKDAY_EN.sub(" ", _WEEKDAY_ZH.sub(" ", _without(text, found)))
        return (read if isinstance(read, date) else _day_fault(read)), without
    if found := _WEEKDAY_ZH.search(text):
        weeks = (found["weeks"] or "").count("下")
        return _weekday(today, _CHINESE_DAYS.index(found["day"]) % 7 if found["day"] != "天" else 6, weeks), _without(
            text, found
        )
    if found := _WEEKDAY_EN.search(text):
        weeks = int(found["weeks"] == "next")
        return _weekday(today, _ENGLISH_DAYS.index(found["day"][:3]), weeks), _without(text, found)
    return None, text


def _night(word: str) -> str:
    return "晚上" if word == "tonight" else ""


def _day_fault(read: Fault | None) -> TimeFault:
    return TimeFault.NO_SUCH_DAY if read is Fault.NO_SUCH else TimeFault.UNREADABLE


def _weekday(today: date, weekday: int, weeks: int) -> date:
    """That day of this week or of a later one; without ``weeks`` the next one to come, today included."""
    monday = today - DAY * today.weekday()
    day = monday + DAY * weekday + WEEK * weeks
    return day if weeks or day >= today else day + WEEK


def _without(text: str, found: re.Match[str], instead: str = "") -> str:
    return f"{text[: found.start()]} {instead}{text[found.end() :].lstrip()}".strip()


def _read_times(text: str) -> tuple[time, time | None] | TimeFault:
    squeezed = " ".join(_FILLER.sub(" ", text).split())
    if not squeezed:
        return TimeFault.UNREADABLE
    single = read_time(squeezed)
    if isinstance(single, time):
        return single, None
    span = read_span(squeezed)
    if isinstance(span, tuple):
        return span
    return TimeFault.NO_SUCH_TIME if Fault.NO_SUCH in (single, span) else TimeFault.UNREADABLE


def _instants(on: date, times: tuple[time, time | None], zone: ZoneInfo, now: datetime) -> Meant | TimeFault:
    starts, ends = times
    if not day_exists(on, zone) or not all(exists(on, at, zone) for at in (starts, ends) if at is not None):
        return TimeFault.SKIPPED
    if ends is not None and ends <= starts:
        return TimeFault.BACKWARDS
    starts_at = datetime.combine(on, starts, tzinfo=zone).astimezone(UTC)
    if starts_at <= now:
        return TimeFault.PAST
    return Meant(starts_at, datetime.combine(on, ends, tzinfo=zone).astimezone(UTC) if ends is not None else None)
