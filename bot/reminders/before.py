"""The reminder some minutes before an activity, decided: who gets it, page by page. Neither words nor sends anything.

What a crash repeats is left out by the outbox's unique keys, which name activity, beginning and person: nobody is
reminded twice of the same beginning, whatever leads were changed on the way.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import bindparam, exists, func, select, update
from sqlmodel import Session

from bot.ids import ActivityId
from bot.people.models import Cohort
from bot.preferences.audience import Audience, Wanted, find_audience
from bot.preferences.models import Topic
from bot.recurrence.models import Occurrence, Recurrence
from bot.recurrence.models import Outcome as DayOutcome
from bot.reminders import planting, service
from bot.reminders.models import Reminder
from bot.reminders.rules import SAID_BY_MORNING, Leads, Outcome, Reason, judge
from bot.timetable import service as timetable
from bot.timetable.models import Activity
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
_MORNING_CAME = (
    select(func.max(OCCURRENCE.c.settled_at))
    .join(RECURRENCE, RECURRENCE.c.id == OCCURRENCE.c.recurrence_id)
    .where(
        RECURRENCE.c.cohort_id == ACTIVITY.c.cohort_id,
        RECURRENCE.c.kind == MORNING,
        OCCURRENCE.c.outcome == DayOutcome.FIRED,
        OCCURRENCE.c.settled_at > bindparam("since", type_=OCCURRENCE.c.settled_at.type),
    )
    .correlate(ACTIVITY)
    .scalar_subquery()
)
_DUE = (
    REMINDER.c.settled_at.is_(None),
    REMINDER.c.due_at <= bindparam("now", type_=REMINDER.c.due_at.type),
    ~_MORNING_IS_DUE,
)
_WAITING = (
    select(REMINDER.c.id, REMINDER.c.minutes, REMINDER.c.starts_at, Activity, Cohort, _MORNING_CAME.label("morning"))
    .join(ACTIVITY, ACTIVITY.c.id == REMINDER.c.activity_id)
    .join(Cohort.__table__, Cohort.__table__.c.id == ACTIVITY.c.cohort_id)  # type: ignore[attr-defined]
    .where(*_DUE)
    .order_by(REMINDER.c.due_at, REMINDER.c.id)
    .limit(bindparam("limit"))
)
_IS_DUE = select(REMINDER.c.id).join(ACTIVITY, ACTIVITY.c.id == REMINDER.c.activity_id).where(*_DUE).limit(1)


class Due(Struct, frozen=True):
    """A reminder that is due, with all that deciding about it takes; ``morning`` is a push of a moment ago."""

    reminder_id: int
    minutes: int
    planned: datetime
    activity: Activity
    cohort: Cohort
    leads: Leads
    morning: datetime | None = None


class Position(Struct, frozen=True):
    """How far one reminder has got: everybody up to ``person_id`` has been reached."""

    reminder_id: int
    person_id: int
    told: int = 0


class Call(Struct, frozen=True):
    """One page of a reminder to be said, and where to go on (``None``: it is settled)."""

    cohort: Cohort
    item: Item
    audience: Audience
    position: Position | None = None


def is_due(session: Session, now: datetime) -> bool:
    """Whether any reminder is due: one look into an index, for a pass with nothing to do."""
    return session.connection().execute(_IS_DUE, {"now": now, "patience": now - YIELD}).first() is not None


def waiting(session: Session, now: datetime, limit: int) -> list[Due]:
    """The reminders that are due, the longest waiting first."""
    values = {"now": now, "patience": now - YIELD, "since": now - SAID_BY_MORNING, "limit": limit}
    rows = session.execute(_WAITING, values).all()
    leads = service.leads_of_all(session, {row.Activity.cohort_id for row in rows}) if rows else {}
    return [
        Due(row.id, row.minutes, row.starts_at, row.Activity, row.Cohort, leads[row.Activity.cohort_id], row.morning)
        for row in rows
    ]


def take(session: Session, due: Due, *, now: datetime, position: Position | None, room: int) -> Call | None:
    """Take the next page of a reminder that is due, of at most ``room`` people, and settle it with the last one."""
    reason = _reason_to_skip(due, now)
    if reason is not None:
        settle(session, due.reminder_id, Outcome.SKIPPED, now, reason)
        return None
    item = timetable.item_of(due.activity, ZoneInfo(due.cohort.time_zone))
    goes_on = position is not None and position.reminder_id == due.reminder_id
    after, told = (position.person_id, position.told) if position and goes_on else (0, 0)
    audience = find_audience(session, _wanted(session, due, item), now, after=after, limit=room)
    told += audience.size
    if audience.size == room:
        return Call(due.cohort, item, audience, Position(due.reminder_id, audience.last, told))
    outcome, why = (Outcome.SENT, "") if told else (Outcome.NOTHING, Reason.NOBODY)
    settle(session, due.reminder_id, outcome, now, why, told)
    return Call(due.cohort, item, audience)


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


def _reason_to_skip(due: Due, now: datetime) -> Reason | None:
    activity, fixed = due.activity, due.leads.fixed(due.activity.kind)
    reason = judge(activity.starts_at, due.planned, now, is_cancelled=activity.cancelled_at is not None)
    if reason is None and fixed is not None and fixed != due.minutes:
        return Reason.REPLACED
    return reason


def _wanted(session: Session, due: Due, item: Item) -> Wanted:
    is_fixed = due.leads.fixed(due.activity.kind) is not None
    return Wanted(
        due.activity.cohort_id,
        Topic.BEFORE,
        group=due.activity.group_name,
        lead=None if is_fixed else due.minutes,
        usual_lead=due.leads.usual,
        unsaid=_said_by_morning(session, due, item),
    )


def _said_by_morning(session: Session, due: Due, item: Item) -> str:
    """The keys of a morning push a moment ago that named this activity as the first; empty where there was none."""
    if due.morning is None:
        return ""
    on, cohort_id = item.starts.date(), due.activity.cohort_id
    others = timetable.items_on(session, cohort_id, on, ZoneInfo(due.cohort.time_zone))
    is_first = not any(due.morning < other.starts < item.starts for other in others)
    return morning_key(cohort_id, on) if is_first else ""
