"""What the timetable decides without looking anything up. Pure: no session, no clock, no Telegram."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from bot.ids import ActivityId

GRACE = timedelta(hours=4)
"""Later than that, a morning push says what half of the day already was: at 11:30 the morning's courses are over."""

NEVER = datetime.max.replace(tzinfo=UTC)

CHECKIN_EARLY = timedelta(hours=1)
CHECKIN_LATE = timedelta(minutes=30)

_BRING = re.compile(r"^\s*(?:请?(?:自行)?(?:携带|自带|带上?)|(?:please\s+)?bring\b)\s*[:：]?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """One activity as people see it; both times are in the cohort's own zone."""

    activity_id: ActivityId
    starts: datetime
    ends: datetime
    title: str
    kind: str = ""
    speaker: str = ""
    place: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A local day of a cohort. ``today`` is its present day, ``following`` the first activity after this day."""

    cohort_id: int
    cohort_name: str
    on: date
    today: date
    items: tuple[Item, ...] = ()
    following: Item | None = None
    is_trainee: bool = False


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


def what_to_bring(notes: str) -> str | None:
    """What a note asks people to bring, such as 身份证 of 携带身份证; ``None`` where it asks for something else."""
    found = _BRING.match(notes)
    return notes[found.end() :].strip() or None if found else None


def urgency(day: Day, now: datetime) -> tuple[bool, datetime, int]:
    """A sort key: what is on now before what begins next, and cohorts with nothing left last."""
    following = [day.following] if day.following else []
    starts = [item.starts for item in (*ahead(day.items, now), *following)]
    return not running(day.items, now), min(starts, default=NEVER), day.cohort_id
