"""Pure decisions about calls and sign-ups: usual windows, limits, what a text may be. No session, no clock."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.forum.models import Part

LONGEST_TITLE = 100
"""Characters of a call's or speech's title: it stands on buttons, on the projector page and in the running order."""

LONGEST_TEXT = 1000
"""Characters of a question, of the two lines of a speech, of what a speaker needs."""

MOST_TOPICS = 12
MOST_PLACES: Mapping[Part, int] = {Part.SPEAKER: 60, Part.LISTENER: 100_000}
MOST_MINUTES = 240
USUAL_MINUTES = 10
LONGEST_ANSWER = 7 * 24 * 60

DOWNLOADABLE = 20 * 1024 * 1024
"""Bytes of the largest file that a bot can download (Bot API, getFile)."""

_NUMBERED = re.compile(r"^(?:\d{1,2}\s*[.、)）:：](?!\d)\s*|[-–•*·]\s+)")
INVISIBLE = ("Cf", "Zs", "Zl", "Zp", "Mn", "Me")
"""Kinds of signs (Unicode's general categories) of which no title can consist alone."""

EVENING = time(18)
HOUR = timedelta(hours=1)


class TooLong(Struct, frozen=True):
    """A text is longer than it may be; both in characters."""

    length: int
    most: int


def usual_window(
    starts_at: datetime, ends_at: datetime, now: datetime, zone: ZoneInfo, *, until_eve: bool
) -> tuple[datetime, datetime]:
    """From now until the evening before the activity, or until it begins where that is over; else until its end."""
    eve = datetime.combine(starts_at.astimezone(zone).date() - timedelta(days=1), EVENING, tzinfo=zone).astimezone(UTC)
    closes_at = eve if eve > now + HOUR else starts_at
    return now.replace(second=0, microsecond=0), closes_at if until_eve else ends_at


def is_window(opens_at: datetime, closes_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether sign-up can go on between those instants."""
    return opens_at < closes_at <= ends_at and closes_at > now


def offered_closings(starts_at: datetime, ends_at: datetime, now: datetime) -> Sequence[datetime]:
    """The closings worth a button: two days, one day, twelve and two hours before, the beginning, the end."""
    before = [starts_at - HOUR * hours for hours in (48, 24, 12, 2, 0)]
    return [at for at in (*before, ends_at) if at > now]


def facts(starts_at: datetime, ends_at: datetime, place: str) -> str:
    """When and where an activity is, as one text that differs where any of it does."""
    return f"{starts_at.astimezone(UTC):%Y-%m-%dT%H:%M}/{ends_at.astimezone(UTC):%Y-%m-%dT%H:%M} {place}"


def clean_line(text: str) -> str:
    """One line without control characters and needless blanks; what is not a letter stays as it was typed."""
    kept = "".join(" " if sign.isspace() else sign for sign in text if sign.isspace() or not _is_control(sign))
    return " ".join(kept.split())


def clean_text(text: str) -> str:
    """Lines without blank ends, and without more than one empty line in a row."""
    kept: list[str] = []
    for line in map(clean_line, text.splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def read_title(text: str) -> str | TooLong | None:
    """A title on one line; nothing where there is nothing to be seen in it."""
    title = clean_line(text)
    if all(unicodedata.category(sign) in INVISIBLE for sign in title):
        return None
    return TooLong(len(title), LONGEST_TITLE) if len(title) > LONGEST_TITLE else title or None


def read_text(text: str) -> str | TooLong | None:
    """A longer text; nothing where nothing was said."""
    found = clean_text(text)
    return TooLong(len(found), LONGEST_TEXT) if len(found) > LONGEST_TEXT else found or None


def read_topics(text: str) -> list[str]:
    """Each line that says something is a question; numbers and dashes before it are no part of it."""
    lines = [_without_number(clean_line(line)) for line in text.splitlines()]
    return [line[:LONGEST_TEXT] for line in lines if line]


def _without_number(line: str) -> str:
    return _NUMBERED.sub("", line, count=1)


def _is_control(sign: str) -> bool:
    return (
        unicodedata.category(sign) in ("Cc", "Cs", "Co")
        or sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
