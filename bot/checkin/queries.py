"""The statements of check-in's hot path, built once: it must not build SQL. Decides nothing.

An arrival is inserted with all others of its batch, so whatever asks for attendance must ``connect`` here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select
from sqlmodel import Session

from bot.checkin.models import Attendance, Window
from bot.checkin.outcomes import ActivityView, Counts
from bot.database import defer_insert, insert_deferred, missing_rows
from bot.people.models import Cohort, Guess, Membership, Person, Role
from bot.timetable.models import Activity

WINDOW = Window.__table__  # type: ignore[attr-defined]
ATTENDANCE = Attendance.__table__  # type: ignore[attr-defined]
ACTIVITY = Activity.__table__  # type: ignore[attr-defined]
COHORT = Cohort.__table__  # type: ignore[attr-defined]
MEMBERSHIP = Membership.__table__  # type: ignore[attr-defined]
PERSON = Person.__table__  # type: ignore[attr-defined]
GUESS = Guess.__table__  # type: ignore[attr-defined]

GUESS_KIND = "checkin"
Found = Row[*tuple[Any, ...]]
FEW = 200
ARRIVED = "arrived"
"""Whose arrivals this transaction has recorded."""

VIEW = (
    ACTIVITY.c.id,
    ACTIVITY.c.cohort_id,
    ACTIVITY.c.title,
    ACTIVITY.c.starts_at,
    ACTIVITY.c.ends_at,
    ACTIVITY.c.place,
    ACTIVITY.c.cancelled_at,
    COHORT.c.time_zone,
)
_RECORD = (WINDOW.c.secret, WINDOW.c.closed_at, ATTENDANCE.c.recorded_at, ATTENDANCE.c.arrived_at)
_IS_MINE = and_(
    MEMBERSHIP.c.cohort_id == ACTIVITY.c.cohort_id,
    MEMBERSHIP.c.person_id == bindparam("person"),
    MEMBERSHIP.c.role == Role.TRAINEE,
    MEMBERSHIP.c.left_at.is_(None),
)
_MY_ATTENDANCE = and_(
    ATTENDANCE.c.activity_id == ACTIVITY.c.id,
    ATTENDANCE.c.person_id == bindparam("person"),
)
ACTIVITIES = ACTIVITY.join(COHORT, COHORT.c.id == ACTIVITY.c.cohort_id)

_OWN = (
    select(*VIEW, *_RECORD, MEMBERSHIP.c.id.label("member"), GUESS.c.failures, GUESS.c.last_at)
    .select_from(
        WINDOW.join(ACTIVITIES, ACTIVITY.c.id == WINDOW.c.activity_id)
        .join(MEMBERSHIP, _IS_MINE)
        .outerjoin(ATTENDANCE, _MY_ATTENDANCE)
        .outerjoin(GUESS, and_(GUESS.c.who == bindparam("who"), GUESS.c.what == GUESS_KIND))
    )
    .where(WINDOW.c.closed_at.is_(None))
    .order_by(ACTIVITY.c.starts_at, ACTIVITY.c.id)
)
_ANY = select(*VIEW, *_RECORD, MEMBERSHIP.c.id.label("member")).select_from(
    WINDOW.join(ACTIVITIES, ACTIVITY.c.id == WINDOW.c.activity_id)
    .outerjoin(MEMBERSHIP, _IS_MINE)
    .outerjoin(ATTENDANCE, _MY_ATTENDANCE)
)
_ONE = _ANY.where(WINDOW.c.activity_id == bindparam("activity"))
_RECENT = (
    _ANY.where(or_(WINDOW.c.closed_at.is_(None), WINDOW.c.closed_at > bindparam("since")))
    .order_by(MEMBERSHIP.c.id.is_(None), WINDOW.c.opened_at.desc())
    .limit(FEW)
)
_FOLLOWING = (
    select(*VIEW)
    .select_from(ACTIVITIES.join(MEMBERSHIP, _IS_MINE))
    .where(ACTIVITY.c.ends_at > bindparam("now"), ACTIVITY.c.cancelled_at.is_(None))
    .order_by(ACTIVITY.c.starts_at, ACTIVITY.c.id)
    .limit(1)
)
_TRAINEES = and_(
    MEMBERSHIP.c.cohort_id == ACTIVITY.c.cohort_id, MEMBERSHIP.c.role == Role.TRAINEE, MEMBERSHIP.c.left_at.is_(None)
)
_COUNTS = (
    select(func.count(MEMBERSHIP.c.id).label("expected"), func.count(ATTENDANCE.c.arrived_at).label("arrived"))
    .select_from(
        ACTIVITY.join(MEMBERSHIP, _TRAINEES).outerjoin(
            ATTENDANCE,
            and_(ATTENDANCE.c.activity_id == ACTIVITY.c.id, ATTENDANCE.c.person_id == MEMBERSHIP.c.person_id),
        )
    )
    .where(ACTIVITY.c.id == bindparam("activity"))
)
_ACTIVITY = (
    select(*VIEW, COHORT.c.language, WINDOW.c.secret, WINDOW.c.show_code, WINDOW.c.opened_at, WINDOW.c.closed_at)
    .select_from(ACTIVITIES.outerjoin(WINDOW, WINDOW.c.activity_id == ACTIVITY.c.id))
    .where(ACTIVITY.c.id == bindparam("activity"))
)


def record(session: Session, row: dict[str, Any]) -> None:
    """Record an arrival, at the end of the transaction with all others of the batch, or before anything asks for it."""
    defer_insert(session, missing_rows(session, ATTENDANCE), [row])
    session.info.setdefault(ARRIVED, set()).add(row["person_id"])


def connect(session: Session) -> Connection:
    """The session's connection, for statements about anybody's attendance."""
    insert_deferred(session)
    return session.connection()


def _connect_for(session: Session, person_id: int) -> Connection:
    """The same for one person's."""
    return connect(session) if person_id in session.info.get(ARRIVED, ()) else session.connection()


def own_open(session: Session, person_id: int) -> Sequence[Found]:
    """The windows that stand open for the person's cohorts, each with the person's attendance and wrong tries."""
    return _connect_for(session, person_id).execute(_OWN, {"person": person_id, "who": guesser(person_id)}).all()


def recent(session: Session, person_id: int, since: datetime) -> Sequence[Found]:
    """Windows open or closed since then, of any cohort; ``member`` is empty where the person is no trainee."""
    return _connect_for(session, person_id).execute(_RECENT, {"person": person_id, "since": since}).all()


def one(session: Session, person_id: int, activity_id: int) -> Found | None:
    """The window of one activity with what the person has to do with it."""
    return _connect_for(session, person_id).execute(_ONE, {"person": person_id, "activity": activity_id}).first()


def following(session: Session, person_id: int, now: datetime) -> ActivityView | None:
    """The person's activity that runs now or comes next."""
    row = session.connection().execute(_FOLLOWING, {"person": person_id, "now": now}).first()
    return view_of(row) if row else None


def counts(session: Session, activity_id: int) -> Counts:
    """How many of the cohort's trainees have arrived; one cheap statement, fit to be asked every second."""
    row = connect(session).execute(_COUNTS, {"activity": activity_id}).one()
    return Counts(row.arrived, row.expected)


def activity(session: Session, activity_id: int) -> Found | None:
    """An activity with its cohort's zone and language and its window, if it ever had one."""
    return session.connection().execute(_ACTIVITY, {"activity": activity_id}).first()


def view_of(row: Found) -> ActivityView:
    """What answers say of the row's activity."""
    return ActivityView(row.id, row.cohort_id, row.title, row.starts_at, row.ends_at, row.place, row.time_zone)


def guesser(person_id: int) -> str:
    """How the table of wrong tries names a person."""
    return f"person:{person_id}"
