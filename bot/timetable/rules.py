"""What the timetable decides without looking anything up. Pure: no session, no clock, no Telegram."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from bot.ids import ActivityId

GRACE = timedelta(hours=4)
"""Later than that, a morning push says what half of the day already was: at 11:30 the morning's courses are over."""

NEVER = datetime.max.replace(tzinfo=UTC)

CHECKIN_EARLY = timedelta(hours=1)
CHECKIN_LATE = timedelta(minutes=30)

_BRING = re.compile(r"^\s*(?:请?(?:自行)?(?:携带|自带|带上?)|(?:please\s+)?bring\b)\s*[:：]?\s*", re.IGNORECASE)


class Item(Struct, frozen=True):
    """One activity as people see it; both times are in the cohort's own zone."""

    activity_id: ActivityId
    starts: datetime
    ends: datetime
    title: str
    kind: str = ""
    speaker: str = ""
    place: str = ""
    notes: str = ""
    group_name: str | None = None


class Day(Struct, frozen=True):
    """A local day of a cohort. ``today`` is its present day, ``following`` the first activity after this day."""

    cohort_id: int
    cohort_name: str
    on: date
    today: date
    items: tuple[Item, ...] = ()
    following: Item | None = None
    is_trainee: bool = False

    def seen_by(self, group: str | None) -> "Day":
        """The day of that group's people."""
        return replace(self, items=for_group(self.items, group))


class Skip(StrEnum):
    """Why a day's push was not sent."""

    SUPERSEDED = "superseded"
    """The next day's push was due too: the machine was down for that long."""
    TOO_LATE = "too_late"
    OVER = "over"
    """Within the grace, but everything on the day's programme had ended."""


def judge(due_at: datetime, items: Sequence[Item], now: datetime, *, next_is_due: bool) -> Skip | None:
    """Whether the push of a day that has activities must be left out, and why."""
    if next_is_due:
        return Skip.SUPERSEDED
    if now - due_at > GRACE:
        return Skip.TOO_LATE
    return None if ahead(items, now) else Skip.OVER


def for_group(items: Iterable[Item], group: str | None) -> tuple[Item, ...]:
    """What concerns somebody of that group (``None``: of no group): everybody's activities, and the group's own."""
    return tuple(item for item in items if item.group_name is None or item.group_name == group)


def running(items: Sequence[Item], now: datetime) -> tuple[Item, ...]:
    """What is on at this instant."""
    return tuple(item for item in items if item.starts <= now < item.ends)


def coming(items: Sequence[Item], now: datetime) -> tuple[Item, ...]:
    """What has not begun."""
    return tuple(item for item in items if item.starts > now)


def ahead(items: Sequence[Item], now: datetime) -> tuple[Item, ...]:
    """What is on or has not begun."""
    return tuple(item for item in items if item.ends > now)


def is_near(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether checking in makes sense: from an hour before the beginning until half an hour after the end."""
    return starts_at - CHECKIN_EARLY <= now <= ends_at + CHECKIN_LATE


def has_groups(items: Iterable[Item]) -> bool:
    """Whether any of them is for one group only, so that the day differs by group."""
    return any(item.group_name is not None for item in items)


def morning_key(cohort_id: int, on: date) -> str:
    """What the outbox's keys of a day's morning push begin with; the person's number follows."""
    return f"morning:{cohort_id}:{on}:"


def evening_key(cohort_id: int, on: date, said: str) -> str:
    """The same for the reminder of the evening before the day ``on``; ``said`` is the digest of what it says."""
    return f"evening:{cohort_id}:{on}:{said}:"


def digest(items: Iterable[Item]) -> str:
    """What a programme says, in eight characters: two that are equal say the same."""
    facts = [
        (item.starts.isoformat(), item.ends.isoformat(), item.title, item.speaker, item.place, item.notes)
        for item in items
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:8]


def what_to_bring(notes: str) -> str | None:
    """What a note asks people to bring, such as 身份证 of 携带身份证; ``None`` where it asks for something else."""
    found = _BRING.match(notes)
    return notes[found.end() :].strip() or None if found else None


def urgency(day: Day, now: datetime) -> tuple[bool, datetime, int]:
    """A sort key: what is on now before what begins next, and cohorts with nothing left last."""
    following = [day.following] if day.following else []
    starts = [item.starts for item in (*ahead(day.items, now), *following)]
    return not running(day.items, now), min(starts, default=NEVER), day.cohort_id
