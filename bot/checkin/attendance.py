"""The attendance as other features read it: for the ledger of hours, the matrix, the close of day. Writes nothing.

Rows come one by one and are never all in memory: a year's 30,000 are as cheap as a day's.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, and_, func, literal, null, select, union_all
from sqlmodel import Session

from bot.checkin import policies, queries, rules
from bot.checkin.attendees import attendees_of
from bot.checkin.boards import Attendee
from bot.checkin.models import HeadCount
from bot.checkin.outcomes import ActivityView
from bot.checkin.queries import ACTIVITIES, ACTIVITY, ATTENDANCE, EXCUSED, PERSON, VIEW
from bot.checkin.rules import Status

AT_A_TIME = 500
HEAD_COUNT = HeadCount.__table__  # type: ignore[attr-defined]


class Record(Struct, frozen=True):
    """One person at one activity, where anything is known: an arrival, a mark as missing, or an excuse.

    Nobody who merely did not come has a record. ``method`` is ``code``, ``scan``, ``button``, ``place`` (own), or
    ``hand``, ``gate``, ``roll``, ``paper``, ``desk`` (by ``marked_by``), empty for an excuse alone. ``minutes`` of the
    activity's own length were attended. ``checked_out`` is ``None`` where the activity does not want it. ``inside`` is
    ``None`` without a location. ``reference`` is that of the excuse.
    """

    activity_id: int
    person_id: int
    status: Status
    arrived_at: datetime | None
    left_at: datetime | None
    minutes: int
    method: str
    marked_by: int | None
    recorded_at: datetime | None
    checked_out: bool | None = None
    inside: bool | None = None
    reference: str | None = None


class Counted(Struct, frozen=True):
    """A group's head count beside what has been recorded of it when this is read. ``group`` is empty for everybody."""

    activity: ActivityView
    group: str
    counted: int
    arrived: int
    expected: int
    counted_by: int
    counted_at: datetime

    @property
    def differs(self) -> bool:
        """Whether somebody ought to look."""
        return self.counted != self.arrived


def attendance_of(
    session: Session,
    cohort_id: int,
    *,
    person_ids: Collection[int] | None = None,
    activity_ids: Collection[int] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[Record]:
    """Every record of a cohort, by the start of the activity and then by person; cancelled activities are left out.

    ``since`` and ``until`` bound the activity's start (``until`` is not part of it). The session must live as long as
    the iterator is used.
    """
    narrow = [ACTIVITY.c.cohort_id == cohort_id, ACTIVITY.c.cancelled_at.is_(None)]
    narrow += [ACTIVITY.c.id.in_(list(activity_ids))] if activity_ids is not None else []
    narrow += [ACTIVITY.c.starts_at >= since] if since is not None else []
    narrow += [ACTIVITY.c.starts_at < until] if until is not None else []
    both = union_all(_arrivals(person_ids).where(*narrow), _excuses(person_ids).where(*narrow)).subquery()
    query = select(both).order_by(both.c.starts_at, both.c.id, both.c.person_id)
    rows = queries.connect(session).execute(query, execution_options={"yield_per": AT_A_TIME})
    return (_record(session, row) for row in rows)


def record_of(session: Session, activity_id: int, person_id: int) -> Record | None:
    """What is known of one person at one activity, also a cancelled one; ``None`` where nothing is."""
    here = ACTIVITY.c.id == activity_id
    query = union_all(_arrivals([person_id]).where(here), _excuses([person_id]).where(here))
    row = queries.connect(session).execute(query).first()
    return _record(session, row) if row is not None else None


def head_counts(
    session: Session,
    cohort_id: int,
    *,
    activity_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Counted]:
    """The last head count of each group and activity, beside the attendance as it is now.

    Who belongs to a group is who was in it on the day of the activity, as on the board; read activity by activity.
    """
    count = (HEAD_COUNT.c.group_name, HEAD_COUNT.c.counted, HEAD_COUNT.c.counted_by, HEAD_COUNT.c.counted_at)
    query = (
        select(*VIEW, *(column.label(f"count_{column.name}") for column in count))
        .select_from(ACTIVITIES.join(HEAD_COUNT, HEAD_COUNT.c.activity_id == ACTIVITY.c.id))
        .where(ACTIVITY.c.cohort_id == cohort_id, ACTIVITY.c.cancelled_at.is_(None))
        .order_by(ACTIVITY.c.starts_at, ACTIVITY.c.id, HEAD_COUNT.c.group_name)
    )
    query = query.where(ACTIVITY.c.id == activity_id) if activity_id is not None else query
    query = query.where(ACTIVITY.c.starts_at >= since) if since is not None else query
    query = query.where(ACTIVITY.c.starts_at < until) if until is not None else query
    rows = session.connection().execute(query).all()
    views = {row.id: queries.view_of(row) for row in rows}
    people = {number: attendees_of(session, view) for number, view in views.items()}
    return [_counted(row, views[row.id], people[row.id]) for row in rows]


def names_of(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """The names behind ids, such as those of ``marked_by``."""
    query = select(PERSON.c.id, PERSON.c.name).where(PERSON.c.id.in_(list(person_ids)))
    return {row.id: row.name for row in session.connection().execute(query)}


_ACTIVITY = (
    ACTIVITY.c.id,
    ACTIVITY.c.cohort_id,
    ACTIVITY.c.kind,
    ACTIVITY.c.starts_at,
    ACTIVITY.c.ends_at,
)


def _arrivals(person_ids: Collection[int] | None) -> Select[Any]:
    excuse = and_(EXCUSED.c.activity_id == ATTENDANCE.c.activity_id, EXCUSED.c.person_id == ATTENDANCE.c.person_id)
    query = select(
        *_ACTIVITY,
        ATTENDANCE.c.person_id,
        ATTENDANCE.c.arrived_at,
        ATTENDANCE.c.left_at,
        ATTENDANCE.c.away,
        func.coalesce(ATTENDANCE.c.way, ATTENDANCE.c.method).label("method"),
        ATTENDANCE.c.marked_by,
        ATTENDANCE.c.recorded_at,
        ATTENDANCE.c.inside,
        EXCUSED.c.reference,
    ).select_from(ATTENDANCE.join(ACTIVITY, ACTIVITY.c.id == ATTENDANCE.c.activity_id).outerjoin(EXCUSED, excuse))
    return query.where(ATTENDANCE.c.person_id.in_(person_ids)) if person_ids is not None else query


def _excuses(person_ids: Collection[int] | None) -> Select[Any]:
    mine = and_(ATTENDANCE.c.activity_id == EXCUSED.c.activity_id, ATTENDANCE.c.person_id == EXCUSED.c.person_id)
    none = select(ATTENDANCE.c.arrived_at).where(mine).exists()
    query = select(
        *_ACTIVITY,
        EXCUSED.c.person_id,
        *(_nothing(name) for name in ("arrived_at", "left_at", "away")),
        literal("").label("method"),
        *(_nothing(name) for name in ("marked_by", "recorded_at", "inside")),
        EXCUSED.c.reference,
    ).select_from(EXCUSED.join(ACTIVITY, ACTIVITY.c.id == EXCUSED.c.activity_id))
    query = query.where(~none)
    return query.where(EXCUSED.c.person_id.in_(person_ids)) if person_ids is not None else query


def _nothing(name: str) -> Any:
    return null().label(name)


def _record(session: Session, row: Any) -> Record:
    policy = policies.policy_of(session, row)
    status = rules.status_of(row.arrived_at, row.starts_at, policy, is_excused=row.reference is not None)
    minutes = rules.minutes_there(row.arrived_at, row.left_at, row.starts_at, row.ends_at, policy, row.away or 0)
    checked_out = row.left_at is not None if policy.checkout and row.arrived_at is not None else None
    return Record(
        row.id,
        row.person_id,
        status,
        row.arrived_at,
        row.left_at,
        minutes,
        row.method,
        row.marked_by,
        row.recorded_at,
        checked_out,
        row.inside,
        row.reference,
    )


def _counted(row: Any, activity: ActivityView, people: Sequence[Attendee]) -> Counted:
    there = [one for one in people if row.count_group_name in ("", one.group)]
    return Counted(
        activity,
        row.count_group_name,
        row.count_counted,
        sum(one.arrived_at is not None for one in there),
        len(there),
        row.count_counted_by,
        row.count_counted_at,
    )
