"""Who is there: the board of an activity, one person's record, and marks by hand."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlmodel import Session

from bot.audit import service as audit
from bot.checkin import policies, queries, rules
from bot.checkin.attendees import activity_of, attendee, attendees_of, rows_of
from bot.checkin.boards import Attendee, Board, Marked, MarkView
from bot.checkin.models import Method
from bot.checkin.outcomes import ActivityView
from bot.checkin.queries import ATTENDANCE
from bot.checkin.rules import Status
from bot.errors import Gone, NotLinked
from bot.people import access
from bot.people.service import Speaker


def read_board(session: Session, *, activity_id: int) -> Board:
    """Everybody of the cohort, by status, in the roster's order of groups.

    Raises:
        Gone: there is no such activity.
    """
    activity = activity_of(session, activity_id)
    attendees = attendees_of(session, activity)
    lists = {status.value: tuple(one for one in attendees if one.status is status) for status in Status}
    return Board(activity, **lists, policy=policies.policy_of(session, activity))


def show_mark(session: Session, *, speaker: Speaker | None, activity_id: int, person_id: int) -> MarkView:
    """One trainee's record at an activity, with the receipt by which the person can name it.

    Raises:
        Gone: there is no such activity, or no such trainee in its cohort.
        NotAllowed: the speaker does not coordinate the cohort.
    """
    activity = activity_of(session, activity_id)
    access.require_coordinator(session, speaker, activity.cohort_id)
    return _view(session, activity, person_id)


def show_own(session: Session, *, speaker: Speaker | None, activity_id: int) -> MarkView:
    """The speaker's own record at an activity.

    Raises:
        NotLinked: the account belongs to nobody.
        Gone: there is no such activity, or the speaker is no trainee of its cohort.
    """
    if speaker is None:
        raise NotLinked
    return _view(session, activity_of(session, activity_id), speaker.person_id)


def mark(
    session: Session,
    *,
    speaker: Speaker | None,
    activity_id: int,
    person_id: int,
    to: Status,
    now: datetime,
    reason: str = "",
) -> Marked:
    """Put a trainee down as present, late or missing; the change log keeps who, when, from, to and why.

    Raises:
        Gone: there is no such activity, no such trainee in its cohort, or no such mark.
        NotAllowed: the speaker does not coordinate the cohort.
    """
    if to is Status.EXCUSED:
        raise Gone
    activity = activity_of(session, activity_id)
    coordinator = access.require_coordinator(session, speaker, activity.cohort_id)
    before = _view(session, activity, person_id).attendee
    if before.status is to:
        return Marked(_view(session, activity, person_id), before.status)
    policy = policies.policy_of(session, activity)
    arrived_at = rules.arrival_for(to, before.arrived_at, activity.starts_at, now, policy)
    _write_mark(session, activity.id, person_id, arrived_at, coordinator, now)
    after = {"status": to, "arrived_at": arrived_at}
    audit.record(session, _line(activity, before, after, reason, coordinator, now))
    return Marked(_view(session, activity, person_id), before.status)


def _line(
    activity: ActivityView, before: Attendee, after: dict[str, Any], reason: str, by: Speaker, now: datetime
) -> dict[str, Any]:
    return audit.entry(
        actor=by.actor,
        now=now,
        action="mark",
        subject="attendance",
        subject_id=activity.id,
        cohort_id=activity.cohort_id,
        person_id=before.person_id,
        before={"status": before.status, "arrived_at": before.arrived_at},
        after=after,
        reason=reason,
    )


def _view(session: Session, activity: ActivityView, person_id: int) -> MarkView:
    row = next(iter(rows_of(session, activity, person_id)), None)
    if row is None:
        raise Gone
    window = queries.activity(session, activity.id)
    has_receipt = window is not None and window.secret is not None and row.arrived_at is not None
    receipt = rules.receipt_of(window.secret, activity.id, person_id) if has_receipt and window is not None else ""
    marked_at = row.recorded_at if row.marker is not None else None
    person = attendee(row, activity, policies.policy_of(session, activity))
    return MarkView(activity, person, receipt, row.marker or "", marked_at)


def _write_mark(
    session: Session,
    activity_id: int,
    person_id: int,
    arrived_at: datetime | None,
    coordinator: Speaker,
    now: datetime,
) -> None:
    values: dict[str, Any] = {
        "arrived_at": arrived_at,
        "method": Method.HAND.value,
        "marked_by": coordinator.person_id,
        "recorded_at": now,
        "way": None,
    }
    if arrived_at is None:
        values |= {"left_at": None, "away": None, "inside": None}
    is_here = and_(ATTENDANCE.c.activity_id == activity_id, ATTENDANCE.c.person_id == person_id)
    changed = queries.connect(session).execute(ATTENDANCE.update().where(is_here).values(values)).rowcount
    if not changed:
        session.connection().execute(
            ATTENDANCE.insert(), {"activity_id": activity_id, "person_id": person_id, **values}
        )
