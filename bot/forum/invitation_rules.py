"""What is decided about invitations: what may be written in one, until when it waits, when it is reminded of. Pure."""

import unicodedata
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.forum.rules import clean_line, clean_text
from bot.recurrence.rules import first_instant

NAME, POST, NOTE, REASON = 40, 80, 400, 300
ANSWER_DAYS = (1, 2, 3, 5, 7, 14)
"""In how many days an answer may be asked for; it is due in the evening of that local day."""
LAST_HOUR = time(21, 0)
"""Of the last day of an answer time: late enough to answer after work, and nobody is woken by its end."""
REMIND_BEFORE = timedelta(hours=24)
THANKS_AT = time(10, 0)
MOST_DAYS = 10
"""So many days are offered to somebody who has yet to decide."""


class Unfit(StrEnum):
    """Why what was typed was not taken."""

    EMPTY = "empty"
    TOO_LONG = "too_long"


def read_line(text: str, most: int) -> str | Unfit:
    """One line of text, cleaned of what cannot be seen."""
    line = clean_line(text)
    if not _is_visible(line):
        return Unfit.EMPTY
    return line if len(line) <= most else Unfit.TOO_LONG


def read_note(text: str, most: int) -> str | Unfit:
    """A few lines of text."""
    note = clean_text(text)
    if not _is_visible(note):
        return Unfit.EMPTY
    return note if len(note) <= most else Unfit.TOO_LONG


def answer_times(now: datetime, starts_at: datetime, zone: ZoneInfo) -> list[tuple[int, datetime]]:
    """What can be offered as the answer time, in days from today, all before the beginning."""
    times = [(days, answer_until(days, now, zone)) for days in (0, *ANSWER_DAYS)]
    return [(days, at) for days, at in times if now + timedelta(hours=1) <= at < starts_at]


def answer_until(days: int, now: datetime, zone: ZoneInfo) -> datetime:
    """The evening of the local day in so many days."""
    return first_instant(now.astimezone(zone).date() + timedelta(days=days), LAST_HOUR, zone)


def hold_days(now: datetime, until: datetime, zone: ZoneInfo) -> list[date]:
    """The days until which a slot can be kept: from tomorrow to the end of the answer time."""
    today, last = now.astimezone(zone).date(), until.astimezone(zone).date()
    days = (last - today).days
    return [today + timedelta(days=one) for one in range(1, days + 1)][:MOST_DAYS]


def held_until(on: date, until: datetime, zone: ZoneInfo) -> datetime:
    """The evening of the day that a speaker named, within the answer time."""
    return min(first_instant(on, LAST_HOUR, zone), until)


def remind_at(since: datetime, until: datetime) -> datetime:
    """When somebody is reminded: a day before the answer time ends, or halfway where that is short."""
    return until - min(REMIND_BEFORE, (until - since) / 2)


def thanks_at(ends_at: datetime, zone: ZoneInfo) -> datetime:
    """When speakers are thanked by themselves: the morning after."""
    return first_instant(ends_at.astimezone(zone).date() + timedelta(days=1), THANKS_AT, zone)


def _is_visible(text: str) -> bool:
    """Whether anything of it can be seen: a letter, a figure, a sign."""
    return any(unicodedata.category(sign)[0] in "LNSP" for sign in text)
