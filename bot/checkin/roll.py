"""Who is there: the board of an activity, one person's record, and marks by hand."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlmodel import Session

from bot.audit import service as audit
from bot.checkin import queries, rules
from bot.checkin.models import Method
from bot.checkin.outcomes import ActivityView, Attendee, Board, Marked, MarkView
from bot.checkin.queries import ATTENDANCE, MEMBERSHIP, PERSON, Found, view_of
from bot.checkin.rules import Status
from bot.errors import Gone
from bot.people import access
from bot.people.models import Role
from bot.people.service import Speaker

_MARKER = PERSON.alias("marker")


def read_board(session: Session, *, activity_id: int) -> Board:
    """Everybody of the cohort, by status, in the roster's order of groups.

    Raises:
        Gone: there is no such activity.
    """
    activity = _activity(session, activity_id)
    attendees = [_attendee(row, activity) for row in _in_order(_trainees(session, activity))]
    lists = {status: tuple(one for one in attendees if one.status is status) for status in Status}
    return Board(activity, lists[Status.PRESENT], lists[Status.LATE], lists[Status.MISSING])


def show_mark(session: Session, *, speaker: Speaker | None, activity_id: int, person_id: int) -> MarkView:
    """One trainee's record at an activity, with the receipt by which the person can name it.

    Raises:
        Gone: there is no such activity, or no such trainee in its cohort.
        NotAllowed: the speaker does not coordinate the cohort.
    """
    activity = _activity(session, activity_id)
    access.require_coordinator(session, speaker, activity.cohort_id)
    return _view(session, activity, person_id)


def mark(
    session: Session,
    *,
    speaker: Speaker | None,
    activity_id: int,
    person_id: int,
    to: Status,
    now: datetime,
) -> Marked:
    """Put a trainee down as present, late or missing; the change log keeps who, when, from and to.

    Raises:
        Gone: there is no such activity, or no such trainee in its cohort.
        NotAllowed: the speaker does not coordinate the cohort.
    """
    activity = _activity(session, activity_id)
    coordinator = access.require_coordinator(session, speaker, activity.cohort_id)
    before = _view(session, activity, person_id).attendee
    if before.status is to:
        return Marked(_view(session, activity, person_id), before.status)
    arrived_at = rules.arrival_for(to, before.arrived_at, activity.starts_at, now)
    _write_mark(session, activity.id, person_id, arrived_at, coordinator, now)
    audit.record(
        session,
        audit.entry(
            actor=coordinator.actor,
            now=now,
            action="mark",
            subject="attendance",
            subject_id=activity.id,
            cohort_id=activity.cohort_id,
            person_id=person_id,
            before={"status": before.status, "arrived_at": before.arrived_at},
            after={"status": to, "arrived_at": arrived_at},
        ),
    )
    return Marked(_view(session, activity, person_id), before.status)


def _activity(session: Session, activity_id: int) -> ActivityView:
    row = queries.activity(session, activity_id)
    if row is None:
        raise Gone
    return view_of(row)


def _trainees(session: Session, activity: ActivityView, person_id: int | None = None) -> Sequence[Found]:
    query = (
        select(
            PERSON.c.id,
            PERSON.c.name,
            PERSON.c.telegram_id,
            MEMBERSHIP.c.group_name,
            ATTENDANCE.c.arrived_at,
            ATTENDANCE.c.recorded_at,
            ATTENDANCE.c.method,
            _MARKER.c.name.label("marker"),
        )
        .select_from(
            MEMBERSHIP.join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id)
            .outerjoin(ATTENDANCE, and_(ATTENDANCE.c.activity_id == activity.id, ATTENDANCE.c.person_id == PERSON.c.id))
            .outerjoin(_MARKER, _MARKER.c.id == ATTENDANCE.c.marked_by)
        )
        .where(
            MEMBERSHIP.c.cohort_id == activity.cohort_id,
            MEMBERSHIP.c.role == Role.TRAINEE,
            MEMBERSHIP.c.left_at.is_(None),
        )
        .order_by(MEMBERSHIP.c.id)
    )
    if person_id is not None:
        query = query.where(PERSON.c.id == person_id)
    return queries.connect(session).execute(query).all()


def _in_order(rows: Sequence[Found]) -> list[Found]:
    groups = list(dict.fromkeys(row.group_name or "" for row in rows))
    return sorted(rows, key=lambda row: groups.index(row.group_name or ""))


def _attendee(row: Found, activity: ActivityView) -> Attendee:
    status = rules.status_of(row.arrived_at, activity.starts_at)
    return Attendee(row.id, row.name, row.group_name or "", status, row.arrived_at, row.telegram_id is not None)


def _view(session: Session, activity: ActivityView, person_id: int) -> MarkView:
    row = next(iter(_trainees(session, activity, person_id)), None)
    if row is None:
        raise Gone
    window = queries.activity(session, activity.id)
    has_receipt = window is not None and window.secret is not None and row.arrived_at is not None
    receipt = rules.receipt_of(window.secret, activity.id, person_id) if has_receipt and window is not None else ""
    marked_at = row.recorded_at if row.marker is not None else None
    return MarkView(activity, _attendee(row, activity), receipt, row.marker or "", marked_at)


def _write_mark(
    session: Session,
    activity_id: int,
    person_id: int,
    arrived_at: datetime | None,
    coordinator: Speaker,
    now: datetime,
) -> None:
    values = {
        "arrived_at": arrived_at,
        "method": Method.HAND.value,
        "marked_by": coordinator.person_id,
        "recorded_at": now,
    }
    is_here = and_(ATTENDANCE.c.activity_id == activity_id, ATTENDANCE.c.person_id == person_id)
    changed = queries.connect(session).execute(ATTENDANCE.update().where(is_here).values(values)).rowcount
    if not changed:
        session.connection().execute(
            ATTENDANCE.insert(), {"activity_id": activity_id, "person_id": person_id, **values}
        )
