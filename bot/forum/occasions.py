"""A call with its activity and cohort in one row: what it is, when and where, for whoever must say so. Reads only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Select, select
from sqlmodel import Session

from bot.errors import Gone
from bot.forum.models import Audience, Call, CallStatus
from bot.people.models import Cohort
from bot.timetable.models import Activity

CALL = Call.__table__  # type: ignore[attr-defined]
ACTIVITY = Activity.__table__  # type: ignore[attr-defined]
COHORT = Cohort.__table__  # type: ignore[attr-defined]
RUNNING = (CallStatus.PUBLISHED, CallStatus.SETTLED)

_OCCASIONS = select(
    CALL.c.id.label("call_id"),
    CALL.c.title,
    CALL.c.template,
    CALL.c.status,
    CALL.c.audience,
    ACTIVITY.c.id.label("activity_id"),
    ACTIVITY.c.starts_at,
    ACTIVITY.c.ends_at,
    ACTIVITY.c.place,
    ACTIVITY.c.cancelled_at,
    COHORT.c.id.label("cohort_id"),
    COHORT.c.name.label("cohort"),
    COHORT.c.organisation_id,
    COHORT.c.time_zone,
    COHORT.c.language,
).select_from(CALL.join(ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id).join(COHORT, COHORT.c.id == CALL.c.cohort_id))


class Occasion(Struct, frozen=True):
    """What a call is about, when (UTC) and where; ``language`` is the cohort's."""

    call_id: int
    title: str
    template: str
    status: CallStatus
    audience: Audience
    activity_id: int
    starts_at: datetime
    ends_at: datetime
    place: str
    is_cancelled: bool
    cohort_id: int
    cohort: str
    organisation_id: int
    time_zone: str
    language: str

    @property
    def zone(self) -> ZoneInfo:
        """The clock that the call is told in."""
        return ZoneInfo(self.time_zone)

    @property
    def is_running(self) -> bool:
        """Whether it takes place as far as anybody knows."""
        return self.status in RUNNING and not self.is_cancelled

    @property
    def is_by_link(self) -> bool:
        """Whether whoever has the link may come."""
        return self.audience == Audience.LINK


def get_occasion(session: Session, call_id: int) -> Occasion:
    """The occasion of a call; raises Gone where there is no such call."""
    row = session.connection().execute(_OCCASIONS.where(CALL.c.id == call_id)).mappings().first()
    if row is None:
        raise Gone
    return _occasion(row)


def occasions_at(session: Session, activity_id: int) -> Sequence[Occasion]:
    """The published calls about an activity, the oldest first."""
    here = _OCCASIONS.where(CALL.c.activity_id == activity_id, CALL.c.status.in_(RUNNING))
    return _read(session, here.order_by(CALL.c.id))


def occasions_near(session: Session, since: datetime, until: datetime) -> Sequence[Occasion]:
    """The published calls whose activities end after ``since`` and begin before ``until``, the soonest first."""
    on = _OCCASIONS.where(ACTIVITY.c.ends_at > since, ACTIVITY.c.starts_at < until, CALL.c.status.in_(RUNNING))
    return _read(session, on.order_by(ACTIVITY.c.starts_at, CALL.c.id))


def _read(session: Session, query: Select[Any]) -> Sequence[Occasion]:
    return [_occasion(row) for row in session.connection().execute(query).mappings()]


def _occasion(row: Any) -> Occasion:
    values = dict(row)
    values |= {"status": CallStatus(row["status"]), "audience": Audience(row["audience"])}
    return Occasion(is_cancelled=values.pop("cancelled_at") is not None, **values)
