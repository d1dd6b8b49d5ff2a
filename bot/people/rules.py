"""Pure decisions about cards, guesses, dates and files. No session, no clock, no telegram."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from bot.people.models import Role

CARD_LIFE = timedelta(days=30)
"""How long after the last day of its cohort a seat card still links: latecomers and those who change phones."""

INVITATION_LIFE = timedelta(days=7)
"""How long a coordinator's link lives, since it opens more than one person's own data; and the least for any card."""

FREE_TRIES = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)

LARGEST_FILE = 5 * 1024 * 1024
READABLE = (".xlsx", ".xlsm", ".xls", ".csv", ".txt", ".ods", ".gift", ".xml", ".docx", ".md", ".json")

LONGEST_NAME = 60
LONGEST_COHORT = timedelta(days=366)


def card_expiry(role: Role, ends_on: date, time_zone: str, now: datetime) -> datetime:
    """The instant from which a card issued now no longer links."""
    least = now + INVITATION_LIFE
    if role is not Role.TRAINEE:
        return least
    last_midnight = datetime.combine(ends_on + timedelta(days=1), time(), ZoneInfo(time_zone))
    return max(least, (last_midnight + CARD_LIFE).astimezone(UTC))


def wait_until(failures: int, last_at: datetime) -> datetime:
    """When the next try is allowed after so many wrong ones: from the fifth on a minute, then twice as long each."""
    if failures < FREE_TRIES:
        return last_at
    factor: int = 2 ** min(failures - FREE_TRIES, 10)
    return last_at + min(FIRST_WAIT * factor, LONGEST_WAIT)


def masked(phone: str | None) -> str:
    """A phone number that tells two people apart without giving either away."""
    return f"{phone[:3]}****{phone[-4:]}" if phone and len(phone) > 7 else phone or ""


class FileFault(StrEnum):
    """Why a document is not even fetched."""

    NOT_A_TABLE = "not_a_table"
    TOO_BIG = "too_big"


def file_fault(name: str, size: int) -> FileFault | None:
    """What speaks against fetching a file of that name and size in bytes."""
    if not name.lower().endswith(READABLE):
        return FileFault.NOT_A_TABLE
    return FileFault.TOO_BIG if size > LARGEST_FILE else None


class Period(Struct, frozen=True):
    """The first and the last day of a cohort."""

    first: date
    last: date


class DateFault(StrEnum):
    """Why typed dates were not taken."""

    UNREADABLE = "unreadable"
    NO_SUCH_DAY = "no_such_day"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"


_WORDS = re.compile(r"[\s/.,\-~年月日号至到起止‐‑‒–—―−〜]|to|until|from|and|till")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\.?(?=\s*\d)")
_YEARS = range(2000, 2201)


def parse_period(text: str, today: date | None = None) -> Period | DateFault:
    """Read one or two days as people write them: ``2026-12-07 to 2026-12-09``, ``2026年12月7日-9日``, ``Dec 7 - 9``.

    Days without a year are the next ones that are not over ``today``; without that a year is needed.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = _MONTH.sub(lambda found: f"{_MONTHS.index(found[1]) + 1}月", plain)
    if _WORDS.sub("", re.sub(r"\d", "", plain)) or re.search(r"\d{5}", plain):
        return DateFault.UNREADABLE
    days = _days([int(number) for number in re.findall(r"\d+", plain)], "月" in plain, today)
    if days is None:
        return DateFault.UNREADABLE
    try:
        period = Period(date(*days[0]), date(*days[1]))
    except ValueError:
        return DateFault.NO_SUCH_DAY
    if period.last < period.first:
        return DateFault.BACKWARDS
    return DateFault.TOO_LONG if period.last - period.first > LONGEST_COHORT else period


_Days = tuple[tuple[int, int, int], tuple[int, int, int]]


def _days(numbers: list[int], has_month: bool, today: date | None) -> _Days | None:
    """Year, month and day of both ends; ``None`` where the numbers are no days."""
    if numbers and numbers[0] not in _YEARS and numbers[-1] in _YEARS and has_month:
        numbers = [numbers[-1], *(number for number in numbers[:-1] if number not in _YEARS)]
    if numbers and numbers[0] in _YEARS:
        return _with_year(numbers) if 3 <= len(numbers) <= 6 else None
    if today is None or not (len(numbers) == 4 or (has_month and len(numbers) in (2, 3))):
        return None
    return _next(numbers, today)


def _with_year(numbers: list[int]) -> _Days:
    first, rest = numbers[:3], numbers[3:] or numbers[:3]
    last = first[: 3 - len(rest)] + rest
    return (first[0], first[1], first[2]), (last[0], last[1], last[2])


def _next(numbers: list[int], today: date) -> _Days:
    """Days without a year: those of this year, or of the next where they are over; they may pass New Year."""
    month, day = numbers[:2]
    until = (month, *numbers[2:]) if len(numbers) == 3 else tuple(numbers[2:]) or (month, day)
    passes = int(until[0] < month)
    year = today.year + int((passes, *until) < (0, today.month, today.day))
    return (year, month, day), (year + passes, until[0], until[1])


def parse_zone(text: str) -> str | None:
    """The zone of the tz database that was meant, whatever its capitals; ``None`` where there is none."""
    wanted = unicodedata.normalize("NFKC", text).strip().replace(" ", "_").casefold()
    return next((zone for zone in available_timezones() if zone.casefold() == wanted), None)


def clean_title(text: str) -> str:
    """A name of a person or a camp on one line, without blank ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())
