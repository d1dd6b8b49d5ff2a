"""Putting ledgers together: activities, attendance, excuses, what was made up, and the cohort's rules. Writes nothing.

A whole cohort is read with the same few statements as one person.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from sqlalchemy import func, select
from sqlmodel import Session

from bot.checkin import attendance, policies
from bot.checkin import rules as checkin_rules
from bot.checkin.models import Attendance, RollCall, Way, Window
from bot.checkin.rules import Status
from bot.hours.models import HoursReturn
from bot.hours.rules import Ledger, Record, Rules, build_ledger, minutes_of
from bot.hours.ruling import rules_of
from bot.people import groups
from bot.people import service as people
from bot.people.models import Cohort, Role
from bot.people.service import MEMBERSHIP, PERSON
from bot.timetable import service as timetable
from bot.timetable.models import Activity

WINDOW = Window.__table__  # type: ignore[attr-defined]
ATTENDANCE = Attendance.__table__  # type: ignore[attr-defined]
ROLL_CALL = RollCall.__table__  # type: ignore[attr-defined]
RETURN = HoursReturn.__table__  # type: ignore[attr-defined]

ONE_BY_ONE = (Way.PAPER, Way.GATE)
TYPED_IN = timedelta(hours=1)
"""So long after the last line of a paper sheet its record counts as complete: it is typed in one by one."""


class Trainee(Struct, frozen=True):
    """Somebody with a ledger. ``group`` is the present one."""

    person_id: int
    name: str
    unit: str
    group: str
    joined_at: datetime
    is_linked: bool


class Course(Struct, frozen=True):
    """What all ledgers of a cohort share: activities, which are settled and taken, rules, and the present instant."""

    cohort: Cohort
    activities: Sequence[Activity]
    rules: Rules
    secrets: Mapping[int, str]
    taken: frozenset[int]
    settled: frozenset[int]
    spells: Mapping[int, Sequence[tuple[date, str]]] = field(default_factory=dict)


def read_course(session: Session, cohort_id: int, now: datetime, *, at_end: bool = False) -> Course:
    """What the ledgers of a cohort have in common; ``at_end`` takes every record as complete once its activity is over.

    Raises:
        Gone: there is no such cohort.
    """
    cohort = people.get_cohort(session, cohort_id)
    activities = timetable.activities_of(session, cohort_id)
    keys = [one.id or 0 for one in activities]
    windows, last_lines = _windows(session, keys), _last_lines(session, keys)
    taken = {*windows, *last_lines, *_called(session, keys)}
    settled = _settlements(session, activities, windows, last_lines)
    if at_end:
        settled = {one.id or 0: one.ends_at for one in activities}
    return Course(
        cohort,
        activities,
        rules_of(session, cohort_id),
        {key: window.secret for key, window in windows.items()},
        frozenset(taken),
        frozenset(key for key, at in settled.items() if at <= now),
        groups.spells_of(session, cohort_id),
    )


def settlements_of(session: Session, cohort_id: int) -> dict[int, datetime]:
    """From when the record of each activity of a cohort is complete."""
    activities = timetable.activities_of(session, cohort_id)
    keys = [one.id or 0 for one in activities]
    return _settlements(session, activities, _windows(session, keys), _last_lines(session, keys))


def _settlements(
    session: Session,
    activities: Sequence[Activity],
    windows: Mapping[int, Any],
    last_lines: Mapping[int, datetime],
) -> dict[int, datetime]:
    return {one.id or 0: _settled_at(session, one, windows, last_lines) for one in activities}


def _settled_at(
    session: Session, activity: Activity, windows: Mapping[int, Any], last_lines: Mapping[int, datetime]
) -> datetime:
    """From when the record of an activity is complete: it has ended, and nothing more is to be expected."""
    window = windows.get(activity.id or 0)
    closed_at = window.closed_at if window is not None else None
    closes = checkin_rules.closes_at(activity.ends_at, closed_at, policies.policy_of(session, activity))
    typed = last_lines.get(activity.id or 0)
    return max(activity.ends_at, closes, typed + TYPED_IN if typed else closes)


def trainees_of(session: Session, cohort_id: int, person_ids: Collection[int] | None = None) -> list[Trainee]:
    """The cohort's trainees in the order of its roster, or those of them with these ids."""
    query = (
        select(PERSON, MEMBERSHIP.c.group_name, MEMBERSHIP.c.joined_at)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(MEMBERSHIP.c.cohort_id == cohort_id, MEMBERSHIP.c.role == Role.TRAINEE, MEMBERSHIP.c.left_at.is_(None))
        .order_by(MEMBERSHIP.c.id)
    )
    query = query.where(PERSON.c.id.in_(person_ids)) if person_ids is not None else query
    return [
        Trainee(row.id, row.name, row.unit or "", row.group_name or "", row.joined_at, row.telegram_id is not None)
        for row in session.connection().execute(query)
    ]


def ledgers_of(
    session: Session, cohort_id: int, now: datetime, person_ids: Collection[int] | None = None, *, at_end: bool = False
) -> dict[int, tuple[Trainee, Ledger]]:
    """The ledgers of a cohort by person, in the order of its roster; or those of these people.

    ``at_end`` takes every record as complete once its activity is over, whether or not its check-in is still open.

    Raises:
        Gone: there is no such cohort.
    """
    course = read_course(session, cohort_id, now, at_end=at_end)
    found: dict[int, dict[int, attendance.Record]] = {}
    for record in attendance.attendance_of(session, cohort_id, person_ids=person_ids):
        found.setdefault(record.person_id, {})[record.activity_id] = record
    returns = _returns(session, cohort_id, person_ids)
    return {
        one.person_id: (one, _ledger(course, one, found.get(one.person_id, {}), returns.get(one.person_id, {})))
        for one in trainees_of(session, cohort_id, person_ids)
    }


def _ledger(
    course: Course,
    trainee: Trainee,
    found: Mapping[int, attendance.Record],
    returns: Mapping[int, Sequence[HoursReturn]],
) -> Ledger:
    zone = ZoneInfo(course.cohort.time_zone)
    spells = course.spells.get(trainee.person_id, ())
    records = [
        _record(course, activity, trainee, found.get(activity.id or 0), returns.get(activity.id or 0, ()))
        for activity in course.activities
        if activity.group_name is None
        or activity.group_name == groups.held_on(spells, trainee.group, activity.starts_at.astimezone(zone).date())
    ]
    return build_ledger(records, course.rules, course.cohort.time_zone)


def _record(
    course: Course,
    activity: Activity,
    trainee: Trainee,
    found: attendance.Record | None,
    returns: Iterable[HoursReturn],
) -> Record:
    key = activity.id or 0
    secret = course.secrets.get(key)
    has_arrived = found is not None and found.arrived_at is not None
    was_there_to_be_taken = key in course.taken and trainee.joined_at < activity.ends_at
    return Record(
        activity_id=key,
        title=activity.title,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        minutes=minutes_of(activity.starts_at, activity.ends_at, activity.minutes),
        arrived_at=found.arrived_at if found else None,
        there=found.minutes if found else 0,
        is_late=found is not None and found.status is Status.LATE,
        is_taken=was_there_to_be_taken or (found is not None and found.recorded_at is not None),
        is_settled=key in course.settled,
        is_excused=found is not None and found.reference is not None,
        returned=sum(one.minutes for one in returns),
        sources=tuple(one.source for one in returns),
        receipt=checkin_rules.receipt_of(secret, key, trainee.person_id) if secret and has_arrived else "",
    )


def _windows(session: Session, activity_ids: Sequence[int]) -> dict[int, Any]:
    query = select(WINDOW.c.activity_id, WINDOW.c.secret, WINDOW.c.closed_at)
    rows = session.connection().execute(query.where(WINDOW.c.activity_id.in_(activity_ids)))
    return {row.activity_id: row for row in rows}


def _called(session: Session, activity_ids: Sequence[int]) -> Sequence[int]:
    """Of which activities the roll of everybody was called."""
    query = select(ROLL_CALL.c.activity_id).where(
        ROLL_CALL.c.activity_id.in_(activity_ids), ROLL_CALL.c.undone_at.is_(None), ROLL_CALL.c.group_name.is_(None)
    )
    return session.connection().execute(query.distinct()).scalars().all()


def _last_lines(session: Session, activity_ids: Sequence[int]) -> dict[int, datetime]:
    """When somebody was last typed in from paper or let in at the gate, by activity."""
    key, at = ATTENDANCE.c.activity_id, func.max(ATTENDANCE.c.recorded_at)
    query = select(key, at).where(key.in_(activity_ids), ATTENDANCE.c.way.in_(ONE_BY_ONE)).group_by(key)
    return {row[0]: row[1] for row in session.connection().execute(query)}


def _returns(
    session: Session, cohort_id: int, person_ids: Collection[int] | None
) -> dict[int, dict[int, list[HoursReturn]]]:
    query = select(RETURN).where(RETURN.c.cohort_id == cohort_id).order_by(RETURN.c.id)
    query = query.where(RETURN.c.person_id.in_(person_ids)) if person_ids is not None else query
    found: dict[int, dict[int, list[HoursReturn]]] = {}
    for row in session.connection().execute(query):
        found.setdefault(row.person_id, {}).setdefault(row.activity_id, []).append(row)  # type: ignore[arg-type]
    return found
