"""The reminder some minutes before an activity, decided: who gets it, page by page. Neither words nor sends anything.

What a crash repeats is left out by the outbox's unique keys, which name activity, beginning and person: nobody is
reminded twice of the same beginning, whatever leads were changed on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, exists, select, update
from sqlmodel import Session

from bot.ids import ActivityId
from bot.people import service as people
from bot.people.models import Cohort
from bot.preferences.audience import Audience, Wanted, find_audience
from bot.preferences.models import Topic
from bot.recurrence.models import Occurrence, Recurrence
from bot.recurrence.models import Outcome as DayOutcome
from bot.reminders import planting, service
from bot.reminders.models import Reminder
from bot.reminders.rules import SAID_BY_MORNING, Outcome, Reason, judge
from bot.timetable import service as timetable
from bot.timetable.rules import Item, morning_key
from bot.timetable.service import MORNING

REMINDER = Reminder.__table__  # type: ignore[attr-defined]
ACTIVITY = timetable.TABLE
RECURRENCE = Recurrence.__table__  # type: ignore[attr-defined]
OCCURRENCE = Occurrence.__table__  # type: ignore[attr-defined]

YIELD = timedelta(minutes=1)
"""So long a reminder waits for the morning push of the same instant, which may say the same."""

_MORNING_IS_DUE = exists(
    select(RECURRENCE.c.id).where(
        RECURRENCE.c.cohort_id == ACTIVITY.c.cohort_id,
        RECURRENCE.c.kind == MORNING,
        RECURRENCE.c.due_at <= bindparam("now", type_=RECURRENCE.c.due_at.type),
        RECURRENCE.c.due_at > bindparam("patience", type_=RECURRENCE.c.due_at.type),
    )
)
_WAITING = (
    select(REMINDER.c.id, REMINDER.c.activity_id, REMINDER.c.minutes, REMINDER.c.starts_at, REMINDER.c.due_at)
    .join(ACTIVITY, ACTIVITY.c.id == REMINDER.c.activity_id)
    .where(
        REMINDER.c.settled_at.is_(None),
        REMINDER.c.due_at <= bindparam("now", type_=REMINDER.c.due_at.type),
        ~_MORNING_IS_DUE,
    )
    .order_by(REMINDER.c.due_at, REMINDER.c.id)
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class Position:
    """How far one reminder has got: everybody up to ``person_id`` has been reached."""

    reminder_id: int
    person_id: int
    told: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One page of a reminder to be said, and where to go on (``None``: it is settled)."""

    cohort: Cohort
    item: Item
    audience: Audience
    position: Position | None = None


def waiting(session: Session, now: datetime, limit: int) -> Sequence[Any]:
    """The reminders that are due, the longest waiting first."""
    values = {"now": now, "patience": now - YIELD, "limit": limit}
    return session.connection().execute(_WAITING, values).all()


def take(session: Session, row: Any, *, now: datetime, position: Position | None, room: int) -> Call | None:
    """Take the next page of a reminder that is due, of at most ``room`` people, and settle it with the last one."""
    activity = timetable.get_activity(session, row.activity_id)
    reason = judge(activity.starts_at, row.starts_at, now, is_cancelled=activity.cancelled_at is not None)
    leads = service.leads_of(session, activity.cohort_id)
    fixed = leads.fixed(activity.kind)
    if reason is None and fixed is not None and fixed != row.minutes:
        reason = Reason.REPLACED
    if reason is not None:
        settle(session, row.id, Outcome.SKIPPED, now, reason)
        return None
    cohort = people.get_cohort(session, activity.cohort_id)
    item = timetable.item_of(activity, ZoneInfo(cohort.time_zone))
    wanted = Wanted(
        activity.cohort_id,
        Topic.BEFORE,
        group=activity.group_name,
        lead=row.minutes if fixed is None else None,
        usual_lead=leads.usual,
        unsaid=_said_by_morning(session, cohort, item, now),
    )
    goes_on = position is not None and position.reminder_id == row.id
    after, told = (position.person_id, position.told) if position and goes_on else (0, 0)
    audience = find_audience(session, wanted, now, after=after, limit=room)
    told += audience.size
    is_last = audience.size < room
    if is_last:
        outcome, why = (Outcome.SENT, "") if told else (Outcome.NOTHING, Reason.NOBODY)
        settle(session, row.id, outcome, now, why, told)
    return Call(cohort, item, audience, None if is_last else Position(row.id, audience.last, told))


def settle(
    session: Session, reminder_id: int, outcome: Outcome, now: datetime, reason: str = "", told: int = 0
) -> None:
    """Record what became of a reminder."""
    done = {"settled_at": now, "outcome": outcome, "reason": reason, "told": told}
    session.connection().execute(update(REMINDER).where(REMINDER.c.id == reminder_id).values(**done))


def consider_told(session: Session, activity_ids: Sequence[int], now: datetime) -> None:
    """Settle what is due about now for activities whose change people are being told: it would say the same."""
    planting.plant_one(session, activity_ids)
    due = (REMINDER.c.activity_id.in_(activity_ids), REMINDER.c.settled_at.is_(None), REMINDER.c.due_at <= now + YIELD)
    done = {"settled_at": now, "outcome": Outcome.SKIPPED, "reason": Reason.TOLD}
    session.connection().execute(update(REMINDER).where(*due).values(**done))


def prefix(activity_id: ActivityId | int, starts_at: datetime) -> str:
    """What the outbox's keys of a reminder begin with; the person's number follows."""
    return f"before:{activity_id}:{int(starts_at.timestamp())}:"


def _said_by_morning(session: Session, cohort: Cohort, item: Item, now: datetime) -> str:
    """The keys of a morning push a moment ago that named this activity as the first; empty where there was none."""
    on = item.starts.date()
    query = (
        select(OCCURRENCE.c.settled_at)
        .join(RECURRENCE, RECURRENCE.c.id == OCCURRENCE.c.recurrence_id)
        .where(
            RECURRENCE.c.cohort_id == cohort.id,
            RECURRENCE.c.kind == MORNING,
            OCCURRENCE.c.on == on,
            OCCURRENCE.c.outcome == DayOutcome.FIRED,
            OCCURRENCE.c.settled_at > now - SAID_BY_MORNING,
        )
    )
    row = session.connection().execute(query).first()
    if row is None:
        return ""
    others = timetable.items_on(session, cohort.id or 0, on, ZoneInfo(cohort.time_zone))
    is_first = not any(row.settled_at < other.starts < item.starts for other in others)
    return morning_key(cohort.id or 0, on) if is_first else ""
