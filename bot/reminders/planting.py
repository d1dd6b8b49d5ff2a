"""Keeping the due rows in step with the timetable: finding is a reader's work, planting the writer's. Sends nothing.

Every beginning within the next day or so gets its rows, also those that the last process never looked at: the mark
says how far it had come, so that after a downtime each missed reminder is on record instead of silently nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.database import insert_missing
from bot.people.models import Cohort, Role
from bot.people.service import MEMBERSHIP
from bot.preferences.service import PREFERENCE
from bot.recurrence import service as recurrence
from bot.recurrence.models import Recurrence
from bot.recurrence.service import Plan
from bot.reminders import service
from bot.reminders.models import Reminder, ReminderHour, ReminderMark
from bot.reminders.rules import EVENING_AT
from bot.reminders.service import DAY, EVENING
from bot.timetable.service import TABLE as ACTIVITY

REMINDER = Reminder.__table__  # type: ignore[attr-defined]
HORIZON = timedelta(hours=26)
MARK_EVERY = timedelta(minutes=5)
"""How often the mark is moved where there is nothing to plant; it only bounds what must be looked at again."""


class Missing(Struct, frozen=True):
    """What has to be written: due rows, evenings to set up, and whether the mark must move.

    ``new_evenings`` are those of cohorts that had none, ``other_evenings`` those that must be brought into line.
    """

    rows: Sequence[dict[str, Any]]
    new_evenings: Sequence[Plan]
    other_evenings: Sequence[Plan]
    is_mark_old: bool

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.rows or self.new_evenings or self.other_evenings or self.is_mark_old)


def find_missing(session: Session, now: datetime) -> Missing:
    """Compare the timetable of the next day with what is planted."""
    mark = session.get(ReminderMark, 1)
    floor = min(mark.at, now) if mark else now
    rows = _wanted(session, floor, now)
    is_mark_old = mark is None or not now - MARK_EVERY < mark.at <= now
    new, other = _evenings(session, now)
    return Missing(rows, new, other, is_mark_old)


def begin_evenings(session: Session, plans: Sequence[Plan], now: datetime) -> None:
    """Set up the evenings of cohorts that had none."""
    recurrence.begin(session, plans, now)


def align_evenings(session: Session, plans: Sequence[Plan], now: datetime) -> None:
    """Bring evenings into line with their cohorts' dates, zone and hour."""
    for plan in plans:
        recurrence.ensure(session, plan, now)


def plant(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Write due rows that were missing; how many were new."""
    return insert_missing(session, REMINDER, list(rows))


def move_mark(session: Session, now: datetime) -> None:
    """Note that everything up to ``now`` has been looked at; only when all that was missing is written."""
    mark = session.get(ReminderMark, 1) or ReminderMark(at=now)
    mark.at = now
    session.add(mark)


def plant_one(session: Session, activity_ids: Sequence[int]) -> None:
    """Plant the rows of these activities at once, whenever they begin."""
    query = _activities().where(ACTIVITY.c.id.in_(activity_ids))
    insert_missing(session, REMINDER, _rows(session, session.connection().execute(query).all()))


def _wanted(session: Session, floor: datetime, now: datetime) -> list[dict[str, Any]]:
    until = now + HORIZON
    soon = (ACTIVITY.c.starts_at > floor, ACTIVITY.c.starts_at <= until)
    rows = _rows(session, session.connection().execute(_activities().where(*soon)).all())
    planted = (
        select(REMINDER.c.activity_id, REMINDER.c.starts_at, REMINDER.c.minutes)
        .join(ACTIVITY, ACTIVITY.c.id == REMINDER.c.activity_id)
        .where(*soon)
    )
    known = {tuple(row) for row in session.connection().execute(planted)}
    return [row for row in rows if (row["activity_id"], row["starts_at"], row["minutes"]) not in known]


def _activities() -> Any:
    return select(ACTIVITY.c.id, ACTIVITY.c.cohort_id, ACTIVITY.c.kind, ACTIVITY.c.starts_at).where(
        ACTIVITY.c.cancelled_at.is_(None)
    )


def _rows(session: Session, activities: Sequence[Any]) -> list[dict[str, Any]]:
    if not activities:
        return []
    leads = service.leads_of_all(session, {row.cohort_id for row in activities})
    own = _own_leads(session)
    return [
        {
            "activity_id": row.id,
            "starts_at": row.starts_at,
            "minutes": minutes,
            "due_at": row.starts_at - timedelta(minutes=minutes),
            "outcome": "",
            "reason": "",
            "told": 0,
        }
        for row in activities
        for minutes in sorted(leads[row.cohort_id].wanted(row.kind, own.get(row.cohort_id, ())))
    ]


def _own_leads(session: Session) -> Mapping[int, set[int]]:
    """The leads that trainees have chosen for themselves, by cohort."""
    query = (
        select(MEMBERSHIP.c.cohort_id, PREFERENCE.c.before)
        .join(PREFERENCE, PREFERENCE.c.person_id == MEMBERSHIP.c.person_id)
        .where(PREFERENCE.c.before.is_not(None), MEMBERSHIP.c.left_at.is_(None), MEMBERSHIP.c.role == Role.TRAINEE)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for row in session.connection().execute(query.distinct()):
        found[row.cohort_id].add(row.before)
    return found


def _evenings(session: Session, now: datetime) -> tuple[list[Plan], list[Plan]]:
    """The evenings that are not set up, and those that are not as their cohort's dates, zone and hour want them."""
    cohorts = session.exec(find(Cohort).where(col(Cohort.ends_on) >= now.date() - DAY)).all()
    hours = {row.cohort_id: row.evening_at for row in session.exec(find(ReminderHour)).all()}
    rows = session.exec(find(Recurrence).where(Recurrence.kind == EVENING)).all()
    known = {row.cohort_id: (row.at, row.time_zone, row.until) for row in rows}
    plans = [service.evening_plan(cohort, hours.get(cohort.id or 0, EVENING_AT)) for cohort in cohorts]
    new = [plan for plan in plans if plan.cohort_id not in known]
    set_up = [plan for plan in plans if plan.cohort_id in known]
    return new, [plan for plan in set_up if known[plan.cohort_id] != (plan.at, plan.time_zone, plan.until)]
