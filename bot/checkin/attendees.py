"""Everybody whom an activity is for, each with what is recorded of them. Reads; decides and writes nothing."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlmodel import Session

from bot.checkin import policies, queries, rules
from bot.checkin.boards import Attendee
from bot.checkin.outcomes import ActivityView
from bot.checkin.queries import ATTENDANCE, EXCUSED, MEMBERSHIP, PERSON, Found, view_of
from bot.checkin.rules import Policy
from bot.errors import Gone
from bot.people import groups
from bot.people.models import Role

_MARKER = PERSON.alias("marker")


def activity_of(session: Session, activity_id: int) -> ActivityView:
    """What answers say of the activity.

    Raises:
        Gone: there is none.
    """
    row = queries.activity(session, activity_id)
    if row is None:
        raise Gone
    return view_of(row)


def attendees_of(session: Session, activity: ActivityView) -> list[Attendee]:
    """Everybody expected or excused, group by group in the order of the roster, with the groups of that day."""
    policy = policies.policy_of(session, activity)
    return [attendee(row, activity, policy) for row in _in_order(rows_of(session, activity))]


def rows_of(session: Session, activity: ActivityView, person_id: int | None = None) -> Sequence[Found]:
    """The rows behind it, of everybody or of one person, with who marked each by hand."""
    on = activity.starts_at.astimezone(ZoneInfo(activity.time_zone)).date()
    group = groups.group_on(PERSON.c.id, activity.cohort_id, on)
    query = _rows(activity, group)
    if activity.group is not None:
        query = query.where(group == activity.group)
    if person_id is not None:
        query = query.where(PERSON.c.id == person_id)
    return queries.connect(session).execute(query).all()


def attendee(row: Found, activity: ActivityView, policy: Policy) -> Attendee:
    """One row as a trainee on the board."""
    is_excused = row.excused_since is not None
    status = rules.status_of(row.arrived_at, activity.starts_at, policy, is_excused=is_excused)
    return Attendee(
        row.id,
        row.name,
        row.group_name or "",
        status,
        row.arrived_at,
        row.telegram_id is not None,
        row.left_at,
        row.way,
        row.inside,
        row.recorded_at is not None,
    )


def _rows(activity: ActivityView, group: ColumnElement[str]) -> Select[Any]:
    here = and_(ATTENDANCE.c.activity_id == activity.id, ATTENDANCE.c.person_id == PERSON.c.id)
    excuse = and_(EXCUSED.c.activity_id == activity.id, EXCUSED.c.person_id == PERSON.c.id)
    columns = (
        *(PERSON.c.id, PERSON.c.name, PERSON.c.telegram_id, group.label("group_name")),
        *(ATTENDANCE.c.arrived_at, ATTENDANCE.c.recorded_at, ATTENDANCE.c.left_at, ATTENDANCE.c.inside),
        func.coalesce(ATTENDANCE.c.way, ATTENDANCE.c.method, "").label("way"),
        EXCUSED.c.since.label("excused_since"),
        _MARKER.c.name.label("marker"),
    )
    joined = (
        MEMBERSHIP.join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id)
        .outerjoin(ATTENDANCE, here)
        .outerjoin(EXCUSED, excuse)
        .outerjoin(_MARKER, _MARKER.c.id == ATTENDANCE.c.marked_by)
    )
    is_trainee = (MEMBERSHIP.c.role == Role.TRAINEE, MEMBERSHIP.c.left_at.is_(None))
    query = select(*columns).select_from(joined).where(MEMBERSHIP.c.cohort_id == activity.cohort_id, *is_trainee)
    return query.order_by(MEMBERSHIP.c.id)


def _in_order(rows: Sequence[Found]) -> list[Found]:
    order = list(dict.fromkeys(row.group_name or "" for row in rows))
    return sorted(rows, key=lambda row: order.index(row.group_name or ""))
