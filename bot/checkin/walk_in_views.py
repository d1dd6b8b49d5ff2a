"""Walk-ins as they are read, with those of the roster whom each may be. Writes nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, and_, case, false, func, or_, select
from sqlmodel import Session

from bot.checkin import queries
from bot.checkin.models import WalkIn
from bot.checkin.outcomes import ActivityView
from bot.checkin.queries import ACTIVITIES, ACTIVITY, ATTENDANCE, MEMBERSHIP, PERSON, VIEW, Found, view_of
from bot.errors import Gone
from bot.people.models import Role

WALK_IN = WalkIn.__table__  # type: ignore[attr-defined]
MOST_LIKE = 6


class Likely(Struct, frozen=True):
    """Somebody of the roster who may be the walk-in; ``recorded`` where something is recorded of them already."""

    person_id: int
    name: str
    group: str
    unit: str
    recorded: bool


class WalkInView(Struct, frozen=True):
    """A walk-in as it stands, with those of the roster it may be."""

    id: int
    activity: ActivityView
    name: str
    phone: str
    arrived_at: datetime
    expires_at: datetime
    ending: str
    likely: tuple[Likely, ...] = ()


def waiting_walk_ins(session: Session, cohort_id: int, activity_id: int | None = None) -> Sequence[WalkInView]:
    """The walk-ins that wait to be settled, the oldest first; all of a cohort, or of one activity."""
    query = waiting().where(ACTIVITY.c.cohort_id == cohort_id)
    query = query.where(WALK_IN.c.activity_id == activity_id) if activity_id is not None else query
    return [view(session, row) for row in session.connection().execute(query).all()]


_COLUMNS = ("id", "name", "phone", "arrived_at", "expires_at", "outcome")
_SELECT = select(*VIEW, *(WALK_IN.c[name].label(f"walk_{name}") for name in _COLUMNS)).select_from(
    ACTIVITIES.join(WALK_IN, WALK_IN.c.activity_id == ACTIVITY.c.id)
)


def waiting() -> Select[Any]:
    """The query for those that wait, the oldest first."""
    return _SELECT.where(WALK_IN.c.outcome == "").order_by(WALK_IN.c.arrived_at, WALK_IN.c.id)


def read(session: Session, walk_in_id: int) -> WalkInView:
    """One walk-in.

    Raises:
        Gone: there is none.
    """
    row = session.connection().execute(_SELECT.where(WALK_IN.c.id == walk_in_id)).first()
    if row is None:
        raise Gone
    return view(session, row)


def view(session: Session, row: Found) -> WalkInView:
    """A row of the query as it is shown."""
    return WalkInView(
        row.walk_id,
        view_of(row),
        row.walk_name,
        row.walk_phone or "",
        row.walk_arrived_at,
        row.walk_expires_at,
        row.walk_outcome,
        _likely(session, row),
    )


def _likely(session: Session, row: Found) -> tuple[Likely, ...]:
    """The trainees of the cohort with that phone, that name, or a name that has it in it; the phone first."""
    by_name = func.lower(PERSON.c.name).contains(row.walk_name.lower(), autoescape=True)
    by_phone = and_(PERSON.c.phone == row.walk_phone, PERSON.c.phone.is_not(None)) if row.walk_phone else false()
    query = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.unit, MEMBERSHIP.c.group_name, ATTENDANCE.c.recorded_at)
        .select_from(
            MEMBERSHIP.join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id).outerjoin(
                ATTENDANCE, and_(ATTENDANCE.c.activity_id == row.id, ATTENDANCE.c.person_id == PERSON.c.id)
            )
        )
        .where(
            MEMBERSHIP.c.cohort_id == row.cohort_id,
            MEMBERSHIP.c.role == Role.TRAINEE,
            MEMBERSHIP.c.left_at.is_(None),
            or_(by_name, by_phone),
        )
        .order_by(case((by_phone, 0), else_=1), MEMBERSHIP.c.id)
        .limit(MOST_LIKE)
    )
    rows = queries.connect(session).execute(query)
    return tuple(
        Likely(one.id, one.name, one.group_name or "", one.unit or "", one.recorded_at is not None) for one in rows
    )
