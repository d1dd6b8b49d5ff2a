"""Who has signed up to a call and who has come, row by row: for the coordinator's desk, its files, and the projector.

Trainees whom check-in expects anyway are shown with the attendance it has of them, and are no visitors. Writes nothing.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import case, func, or_, select
from sqlmodel import Session

from bot.checkin import service as checkin
from bot.forum.models import HOLDING, Part, SignUpStatus
from bot.forum.occasions import ACTIVITY, CALL, RUNNING, Occasion
from bot.forum.pools import SIGNUP
from bot.guests.models import Guest
from bot.people.models import Role
from bot.people.service import MEMBERSHIP, PERSON

GUEST = Guest.__table__  # type: ignore[attr-defined]
_IS_EXPECTED = (
    select(MEMBERSHIP.c.id)
    .where(
        MEMBERSHIP.c.person_id == SIGNUP.c.person_id,
        MEMBERSHIP.c.cohort_id == ACTIVITY.c.cohort_id,
        MEMBERSHIP.c.role == Role.TRAINEE,
        MEMBERSHIP.c.left_at.is_(None),
        or_(ACTIVITY.c.group_name.is_(None), ACTIVITY.c.group_name == MEMBERSHIP.c.group_name),
    )
    .correlate(SIGNUP, ACTIVITY)
    .exists()
)
"""Whether a sign-up is of a trainee whom check-in expects anyway."""
SEATS = SIGNUP.join(CALL, CALL.c.id == SIGNUP.c.call_id).join(ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id)
_HAS_COME_OR_WILL = or_(SIGNUP.c.arrived_at.is_not(None), SIGNUP.c.status == SignUpStatus.CONFIRMED)
_VISITORS = (
    select(
        func.count(SIGNUP.c.arrived_at).label("arrived"),
        func.count(case((_HAS_COME_OR_WILL, 1))).label("expected"),
    )
    .select_from(SEATS)
    .where(CALL.c.status.in_(RUNNING), ~_IS_EXPECTED)
)
NAME = func.coalesce(PERSON.c.name, GUEST.c.name, "")
PHONE = func.coalesce(PERSON.c.phone, GUEST.c.phone, "")
_ENTRIES = select(
    SIGNUP.c.id,
    SIGNUP.c.person_id,
    SIGNUP.c.guest_id,
    SIGNUP.c.part,
    SIGNUP.c.status,
    SIGNUP.c.rank,
    SIGNUP.c.signed_at,
    SIGNUP.c.arrived_at,
    SIGNUP.c.arrived_way,
    NAME.label("name"),
    func.coalesce(PERSON.c.unit, GUEST.c.unit, "").label("unit"),
    PHONE.label("phone"),
    _IS_EXPECTED.label("is_trainee"),
).select_from(
    SEATS.outerjoin(PERSON, PERSON.c.id == SIGNUP.c.person_id).outerjoin(GUEST, GUEST.c.id == SIGNUP.c.guest_id)
)


class Visitors(Struct, frozen=True):
    """How many who are on no list of check-in's have come, of how many with a place."""

    arrived: int
    expected: int


class Entry(Struct, frozen=True):
    """One sign-up on the desk's lists. ``way`` is how the arrival was recorded."""

    signup_id: int
    name: str
    unit: str
    phone: str
    part: Part
    status: SignUpStatus
    rank: int
    signed_at: datetime
    arrived_at: datetime | None
    way: str
    is_trainee: bool
    is_guest: bool

    @property
    def is_expected(self) -> bool:
        """Whether a place waits for them."""
        return self.status in HOLDING and self.arrived_at is None


class DeskView(Struct, frozen=True):
    """The desk of one call: who holds a place, who has come, what is free, who waits."""

    occasion: Occasion
    entries: tuple[Entry, ...]
    free: int
    has_checkin: bool

    @property
    def seated(self) -> tuple[Entry, ...]:
        """Those who hold a place."""
        return tuple(one for one in self.entries if one.status in HOLDING)

    @property
    def arrived(self) -> tuple[Entry, ...]:
        """Those who have come."""
        return tuple(one for one in self.entries if one.arrived_at is not None)

    @property
    def missing(self) -> tuple[Entry, ...]:
        """Those for whom a place still waits."""
        return tuple(one for one in self.entries if one.is_expected)

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """The waiting list for seats."""
        listeners = [one for one in self.entries if one.part == Part.LISTENER and one.status == SignUpStatus.RESERVE]
        return tuple(sorted(listeners, key=lambda one: one.rank))


def visitors_at(session: Session, activity_id: int) -> Visitors:
    """How many visitors have come to an activity, of how many; one cheap statement, fit to be asked every second."""
    row = session.connection().execute(_VISITORS.where(CALL.c.activity_id == activity_id)).one()
    return Visitors(row.arrived, row.expected)


def entries_of(session: Session, occasion: Occasion, fits: Any = None, limit: int | None = None) -> list[Entry]:
    """The sign-ups to a call that ``fits`` lets through, those with a place first, then by name."""
    query = _ENTRIES.where(SIGNUP.c.call_id == occasion.call_id)
    query = query.where(fits) if fits is not None else query
    stands = case((SIGNUP.c.status.in_(HOLDING), 0), else_=1)
    rows = session.connection().execute(query.order_by(stands, NAME, SIGNUP.c.id).limit(limit)).all()
    trainees = _attended(session, occasion) if any(row.is_trainee for row in rows) else {}
    return [_entry(row, trainees) for row in rows]


def _attended(session: Session, occasion: Occasion) -> dict[int, tuple[datetime, str]]:
    """When and how the activity's trainees have come, as check-in has it."""
    records = checkin.attendance_of(session, occasion.cohort_id, activity_ids=[occasion.activity_id])
    return {one.person_id: (one.arrived_at, one.method) for one in records if one.arrived_at is not None}


def _entry(row: Any, trainees: dict[int, tuple[datetime, str]]) -> Entry:
    at, way = trainees.get(row.person_id, (None, "")) if row.is_trainee else (row.arrived_at, row.arrived_way)
    return Entry(
        row.id,
        row.name,
        row.unit,
        row.phone,
        Part(row.part),
        SignUpStatus(row.status),
        row.rank,
        row.signed_at,
        at,
        way,
        bool(row.is_trainee),
        row.guest_id is not None,
    )


def is_roster() -> Any:
    """The condition on a row of ``SEATS`` that it is such a trainee's."""
    return _IS_EXPECTED


def is_expected(session: Session, signup_id: int) -> bool:
    """Whether the sign-up is of a trainee whom check-in expects at the activity anyway."""
    query = select(_IS_EXPECTED).select_from(SEATS).where(SIGNUP.c.id == signup_id)
    return bool(session.connection().execute(query).scalar())
