"""Naming those who were missing without leave, on the same day and once an activity: never anybody who was there."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select
from sqlmodel import Session

from bot.checkin import service as checkin
from bot.checkin.boards import Attendee
from bot.checkin.outcomes import ActivityView
from bot.closing import rules
from bot.closing.days import missing_at
from bot.closing.models import AbsenceNotice
from bot.database import insert_missing
from bot.hours import service as hours
from bot.hours.rules import Entry
from bot.people.models import Cohort
from bot.timetable.models import Activity

NOTICE = AbsenceNotice.__table__  # type: ignore[attr-defined]
COHORT = Cohort.__table__  # type: ignore[attr-defined]
A_DAY = timedelta(days=1)


class Absentee(Struct, frozen=True):
    """Somebody missing, with the activities missed in a row, this one the last; one of them is no row yet."""

    person: Attendee
    row: tuple[Entry, ...] = ()


class Absence(Struct, frozen=True):
    """Who was missing without leave at an activity. ``run_length``: from how many in a row it is pointed out."""

    activity: ActivityView
    people: tuple[Absentee, ...]
    run_length: int = 2

    @property
    def in_a_row(self) -> tuple[Absentee, ...]:
        """Those who have missed several in a row."""
        return tuple(one for one in self.people if len(one.row) >= self.run_length)


def find_absences(session: Session, now: datetime) -> list[Absence]:
    """The activities whose missing are to be named now, also those where nobody is; fit for a reader."""
    cohorts = select(COHORT.c.id).where(
        COHORT.c.starts_on <= (now + A_DAY).date(), COHORT.c.ends_on >= (now - 2 * A_DAY).date()
    )
    ids = session.connection().execute(cohorts.order_by(COHORT.c.id)).scalars().all()
    return [found for cohort_id in ids for found in _of_cohort(session, cohort_id, now)]


def take_absence(session: Session, absence: Absence, now: datetime) -> Absence | None:
    """The same as things stand in this transaction, recorded as told; ``None`` where it was told before."""
    row = {"activity_id": absence.activity.id, "missing": len(absence.people), "told_at": now}
    if not insert_missing(session, NOTICE, [row]):
        return None
    still = {one.person_id for one in checkin.read_board(session, activity_id=absence.activity.id).missing}
    return replace(absence, people=tuple(one for one in absence.people if one.person.person_id in still))


def _of_cohort(session: Session, cohort_id: int, now: datetime) -> Iterable[Absence]:
    course = hours.read_course(session, cohort_id, now)
    zone, settled = ZoneInfo(course.cohort.time_zone), hours.settlements_of(session, cohort_id)
    due = [
        one
        for one in course.activities
        if one.id in course.taken
        and now - rules.STALE <= rules.absences_due_at(one.ends_at, settled[one.id or 0], zone) <= now
    ]
    told = _told(session, due)
    return [_absence(session, one, course, now) for one in due if one.id not in told]


def _absence(session: Session, activity: Activity, course: hours.Course, now: datetime) -> Absence:
    missing = missing_at(session, activity, course.settled)
    rows = _rows(session, activity, missing.people, now)
    people = tuple(Absentee(one, rows.get(one.person_id, ())) for one in missing.people)
    return Absence(missing.activity, people, course.rules.run_length)


def _rows(
    session: Session, activity: Activity, people: Sequence[Attendee], now: datetime
) -> Mapping[int, tuple[Entry, ...]]:
    """What each of these people has missed in a row up to the activity, and no further."""
    if not people:
        return {}
    wanted = [one.person_id for one in people]
    found = hours.ledgers_of(session, activity.cohort_id, now, wanted, at_end=True)
    up_to = {key: ledger.until(activity.ends_at).run for key, (_, ledger) in found.items()}
    return {one.person_id: up_to.get(one.person_id, ()) for one in people}


def _told(session: Session, activities: Sequence[Activity]) -> set[int]:
    query = select(NOTICE.c.activity_id).where(NOTICE.c.activity_id.in_([one.id for one in activities]))
    return set(session.connection().execute(query).scalars())
