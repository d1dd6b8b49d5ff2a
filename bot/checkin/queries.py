"""The statements of check-in's hot path, built once: it must not build SQL. Decides nothing.

An arrival is inserted with all others of its batch, so whatever asks for attendance must ``connect`` here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Date, Row, and_, bindparam, case, func, or_, select
from sqlmodel import Session

from bot.among import among
from bot.checkin.boards import Counts
from bot.checkin.models import Attendance, Excused, Site, Window
from bot.checkin.outcomes import ActivityView
from bot.database import defer_insert, insert_deferred, missing_rows, read_ahead
from bot.people import groups
from bot.people.models import Cohort, Guess, Membership, Person, Role
from bot.timetable.models import Activity

WINDOW = Window.__table__  # type: ignore[attr-defined]
ATTENDANCE = Attendance.__table__  # type: ignore[attr-defined]
EXCUSED = Excused.__table__  # type: ignore[attr-defined]
SITE = Site.__table__  # type: ignore[attr-defined]
ACTIVITY = Activity.__table__  # type: ignore[attr-defined]
COHORT = Cohort.__table__  # type: ignore[attr-defined]
MEMBERSHIP = Membership.__table__  # type: ignore[attr-defined]
PERSON = Person.__table__  # type: ignore[attr-defined]
GUESS = Guess.__table__  # type: ignore[attr-defined]

GUESS_KIND = "checkin"
Found = Row[*tuple[Any, ...]]
FEW = 200
A_CROWD = 3
"""From so many people on it is worth while to read at once what they have to do with an activity."""
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
    ACTIVITY.c.kind,
    ACTIVITY.c.group_name,
    COHORT.c.time_zone,
)
_RECORD = (
    WINDOW.c.secret, WINDOW.c.closed_at,
    ATTENDANCE.c.recorded_at, ATTENDANCE.c.arrived_at, ATTENDANCE.c.left_at, ATTENDANCE.c.away,
)  # fmt: skip
_IS_TRAINEE = and_(
    MEMBERSHIP.c.cohort_id == ACTIVITY.c.cohort_id,
    MEMBERSHIP.c.role == Role.TRAINEE,
    MEMBERSHIP.c.left_at.is_(None),
)
EXPECTED = and_(_IS_TRAINEE, or_(ACTIVITY.c.group_name.is_(None), ACTIVITY.c.group_name == MEMBERSHIP.c.group_name))
"""Whose memberships an activity is for now: the trainees of its cohort, or of the one group that it names."""
_IS_MINE = and_(MEMBERSHIP.c.person_id == bindparam("person"), EXPECTED)
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
_OF_MANY = (
    select(*VIEW, *_RECORD, MEMBERSHIP.c.id.label("member"), PERSON.c.id.label("person"))
    .select_from(
        WINDOW.join(ACTIVITIES, ACTIVITY.c.id == WINDOW.c.activity_id)
        .join(PERSON, among(PERSON.c.id, "people"))
        .outerjoin(
            MEMBERSHIP, and_(MEMBERSHIP.c.person_id == PERSON.c.id, among(MEMBERSHIP.c.person_id, "people"), EXPECTED)
        )
        .outerjoin(
            ATTENDANCE,
            and_(
                ATTENDANCE.c.activity_id == ACTIVITY.c.id,
                ATTENDANCE.c.person_id == PERSON.c.id,
                among(ATTENDANCE.c.person_id, "people"),
            ),
        )
    )
    .where(WINDOW.c.activity_id == bindparam("activity"))
)
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
_THEN = groups.group_on(MEMBERSHIP.c.person_id, ACTIVITY.c.cohort_id, bindparam("on", type_=Date))
"""The group that a trainee had on the day of the activity, which the lists show too."""

_COUNTS = (
    select(
        func.count(case((or_(EXCUSED.c.since.is_(None), ATTENDANCE.c.arrived_at.is_not(None)), 1))).label("expected"),
        func.count(ATTENDANCE.c.arrived_at).label("arrived"),
    )
    .select_from(
        ACTIVITY.join(MEMBERSHIP, _IS_TRAINEE)
        .outerjoin(
            ATTENDANCE,
            and_(ATTENDANCE.c.activity_id == ACTIVITY.c.id, ATTENDANCE.c.person_id == MEMBERSHIP.c.person_id),
        )
        .outerjoin(EXCUSED, and_(EXCUSED.c.activity_id == ACTIVITY.c.id, EXCUSED.c.person_id == MEMBERSHIP.c.person_id))
    )
    .where(ACTIVITY.c.id == bindparam("activity"), or_(ACTIVITY.c.group_name.is_(None), ACTIVITY.c.group_name == _THEN))
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
    found: Found | None = read_ahead(session).get(_key(person_id, activity_id))
    if found is not None and person_id not in session.info.get(ARRIVED, ()):
        return found
    return _connect_for(session, person_id).execute(_ONE, {"person": person_id, "activity": activity_id}).first()


def expect_arrivals(session: Session, wanted: Iterable[tuple[int, int]]) -> None:
    """Read for many at once what ``one`` will be asked; ``wanted`` are people and activities."""
    crowds: dict[int, set[int]] = defaultdict(set)
    for person_id, activity_id in wanted:
        crowds[activity_id].add(person_id)
    ahead = read_ahead(session)
    for activity_id, people in crowds.items():
        if len(people) >= A_CROWD:
            rows = session.connection().execute(_OF_MANY, {"people": list(people), "activity": activity_id})
            ahead.update((_key(row.person, activity_id), row) for row in rows)


def _key(person_id: int, activity_id: int) -> tuple[str, int, int]:
    return GUESS_KIND, person_id, activity_id


def following(session: Session, person_id: int, now: datetime) -> ActivityView | None:
    """The person's activity that runs now or comes next."""
    row = session.connection().execute(_FOLLOWING, {"person": person_id, "now": now}).first()
    return view_of(row) if row else None


def counts(session: Session, activity_id: int) -> Counts:
    """How many of those expected (not the excused) have arrived; cheap enough to be asked every second."""
    found = activity(session, activity_id)
    if found is None:
        return Counts(0, 0)
    on = found.starts_at.astimezone(ZoneInfo(found.time_zone)).date()
    row = connect(session).execute(_COUNTS, {"activity": activity_id, "on": on}).one()
    return Counts(row.arrived, row.expected)


def activity(session: Session, activity_id: int) -> Found | None:
    """An activity with its cohort's zone and language and its window, if it ever had one."""
    return session.connection().execute(_ACTIVITY, {"activity": activity_id}).first()


def excused_among(session: Session, person_id: int, activity_ids: Sequence[int]) -> frozenset[int]:
    """From which of these activities the person is excused."""
    query = select(EXCUSED.c.activity_id).where(
        EXCUSED.c.person_id == person_id, EXCUSED.c.activity_id.in_(activity_ids)
    )
    return frozenset(session.connection().execute(query).scalars())


def with_site(session: Session, activity_ids: Sequence[int]) -> frozenset[int]:
    """Which of these activities take a location."""
    query = select(SITE.c.activity_id).where(SITE.c.activity_id.in_(activity_ids))
    return frozenset(session.connection().execute(query).scalars())


def view_of(row: Found) -> ActivityView:
    """What answers say of the row's activity."""
    return ActivityView(
        row.id, row.cohort_id, row.title, row.starts_at, row.ends_at, row.place, row.time_zone, row.kind, row.group_name
    )


def guesser(person_id: int) -> str:
    """How the table of wrong tries names a person."""
    return f"person:{person_id}"
