"""Pure decisions about cards, guesses, dates and files. No session, no clock, no telegram."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

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


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day of a cohort."""

    first: date
    last: date


class DateFault(StrEnum):
    """Why typed dates were not taken."""

    UNREADABLE = "unreadable"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"


_WORDS = re.compile(r"[\s/.,\-~年月日号至到起止‐‑‒–—―−〜]|to|until|from|and|till")


def parse_period(text: str) -> Period | DateFault:
    """Read one or two days as people write them: ``2026-12-07 to 2026-12-09``, ``2026年12月7日-9日``, ``2026/12/7``."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if _WORDS.sub("", re.sub(r"\d", "", plain)):
        return DateFault.UNREADABLE
    try:
        period = _period([int(number) for number in re.findall(r"\d+", plain)])
    except (ValueError, OverflowError):
        return DateFault.UNREADABLE
    if period.last < period.first:
        return DateFault.BACKWARDS
    return DateFault.TOO_LONG if period.last - period.first > LONGEST_COHORT else period


def _period(numbers: list[int]) -> Period:
    if len(numbers) not in (3, 4, 5, 6) or not 2000 <= numbers[0] <= 2200:
        raise ValueError
    first = numbers[:3]
    rest = numbers[3:] or first
    last = first[: 3 - len(rest)] + rest
    return Period(date(*first), date(*last))


def parse_zone(text: str) -> str | None:
    """The zone of the tz database that was meant, whatever its capitals; ``None`` where there is none."""
    wanted = unicodedata.normalize("NFKC", text).strip().replace(" ", "_").casefold()
    return next((zone for zone in available_timezones() if zone.casefold() == wanted), None)


def clean_title(text: str) -> str:
    """A name of a person or a camp on one line, without blank ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())
