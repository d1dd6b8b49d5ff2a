"""Pure decisions about notices: fields, lengths, what came of a copy, hours of service. No session, no clock."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from difflib import SequenceMatcher
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.notices.models import Kind, State

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
"""Characters after Telegram has taken the marks out (Bot API, sendMessage and sendPhoto)."""
DELETABLE_FOR = timedelta(hours=48)
"""How long Telegram lets a bot delete its own message (Bot API, deleteMessage)."""
ALIKE = 0.85
SIMILAR_WITHIN = timedelta(minutes=15)
FIELD = re.compile(r"\{([^{}\n]{1,20})\}")
FIELDS = {
    "name": "name",
    "姓名": "name",
    "group": "group",
    "小组": "group",
    "组别": "group",
    "unit": "unit",
    "单位": "unit",
    "next activity": "next_activity",
    "下一课次": "next_activity",
}
"""What may stand between braces, in both languages, and what it means."""


class Known(Struct, frozen=True):
    """What the fields of one person's copy are filled with."""

    name: str
    group: str = ""
    unit: str = ""
    next_activity: str = ""

    def of(self, field: str) -> str:
        """The value of a field; empty where there is none."""
        return str(getattr(self, field))


def fields_in(text: str) -> set[str]:
    """Which fields a text has, by their inner names."""
    return {FIELDS[word] for word in _words(text) if word in FIELDS}


def unknown_fields(text: str) -> list[str]:
    """Words between braces that mean nothing, as they were written."""
    return [word for word in _words(text) if word not in FIELDS]


def _words(text: str) -> list[str]:
    return [html.unescape(found).strip() for found in FIELD.findall(text)]


def fill(text: str, known: Known) -> str:
    """Put a person's own values into the fields of an HTML text, escaped; what is no field stays as it is."""

    def value(match: re.Match[str]) -> str:
        field = FIELDS.get(html.unescape(match[1]).strip())
        return match[0] if field is None else html.escape(known.of(field), quote=False)

    return FIELD.sub(value, text)


def visible_length(text: str) -> int:
    """How many characters Telegram counts in an HTML text."""
    return len(html.unescape(re.sub(r"<[^>]*>", "", text)))


def limit_of(kind: str) -> int:
    """The longest text of a part of this kind."""
    return TEXT_LIMIT if kind in (Kind.TEXT, Kind.QUESTION) else CAPTION_LIMIT


def outcome_of(statuses: Sequence[str], errors: Iterable[str | None]) -> tuple[State, str] | None:
    """What came of a copy from what came of its messages; nothing while one of them is still under way.

    The worst counts: a copy of which one message is uncertain is itself uncertain.
    """
    if not statuses or any(status in ("new", "sending") for status in statuses):
        return None
    reason = next((error for error in errors if error), "") or ""
    if "failed" in statuses:
        return (State.BLOCKED if _is_blocked(reason) else State.FAILED), reason
    if "unknown" in statuses:
        return State.UNKNOWN, reason
    return (State.CANCELLED if "cancelled" in statuses else State.SENT), ""


def _is_blocked(reason: str) -> bool:
    lowered = reason.lower()
    return any(sign in lowered for sign in ("blocked by the user", "user is deactivated", "can't initiate"))


def seconds_for(copies: int, messages: int, rate: float) -> float:
    """About how long it takes to send so many copies of so many messages at ``rate`` messages a second."""
    return copies * max(messages, 1) / rate


def is_within(at: datetime, zone: ZoneInfo, opens: time, closes: time) -> bool:
    """Whether somebody is there at this instant; closing before opening means over midnight."""
    now = at.astimezone(zone).time()
    return opens <= now < closes if opens <= closes else (now >= opens or now < closes)


def is_alike(one: str, other: str) -> bool:
    """Whether two texts say nearly the same."""
    first, second = (re.sub(r"\s+|<[^>]*>", "", text).lower() for text in (one, other))
    return bool(first) and SequenceMatcher(None, first, second).ratio() >= ALIKE


def progress_bar(done: int, total: int, width: int = 12) -> str:
    """A bar of characters that every phone has."""
    filled = width * done // total if total else width
    return "▰" * filled + "▱" * (width - filled)


def counted(states: Mapping[str, int], *wanted: State) -> int:
    """How many copies are in one of these states."""
    return sum(states.get(state, 0) for state in wanted)


def following(at: datetime, days: int, zone: ZoneInfo, now: datetime) -> datetime:
    """The next time after ``now``, at the same wall time, a whole number of steps of ``days`` after ``at``.

    A wall time that a clock change leaves out is taken as the first instant after the gap.
    """
    local = at.astimezone(zone).replace(tzinfo=None)
    while True:
        local += timedelta(days=days)
        following = local.replace(tzinfo=zone).astimezone(UTC)
        if following > now:
            return following
