"""The roll call: everybody is there, except those named. By a coordinator, or by a group leader for the own group.

The exceptions are kept as rows while they are being named, so that a restart forgets nothing. They are not recorded as
missing: whoever comes later can still check in. One press takes a roll call back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import and_, insert, select, update
from sqlmodel import Session

from bot.audit import service as audit
from bot.checkin import policies, queries, rules
from bot.checkin.attendees import activity_of, attendees_of
from bot.checkin.boards import Attendee
from bot.checkin.models import Method, RollCall, RollException, Way
from bot.checkin.outcomes import ActivityCancelled, ActivityView
from bot.checkin.queries import ATTENDANCE
from bot.checkin.rules import Status
from bot.checkin.staff import Helper, require_group, require_helper
from bot.database import insert_missing
from bot.errors import Gone, NotAllowed, Refusal
from bot.people.service import Speaker

ROLL_CALL = RollCall.__table__  # type: ignore[attr-defined]
EXCEPTION = RollException.__table__  # type: ignore[attr-defined]
UNDONE_WITHIN = timedelta(hours=2)


class TooEarlyToCall(Refusal):
    """The roll can be called once the check-in of the activity may open. Nothing was recorded."""


class RollUndone(Refusal):
    """This roll call was already taken back."""


class TooLateToUndo(Refusal):
    """A roll call can be taken back for two hours. Please change the marks one by one instead."""


class Roll(Struct, frozen=True):
    """The sheet before the call. ``waiting`` are those not recorded, ``absent`` the ids named as not there.

    ``group`` is empty for those in none, ``None`` for everybody; ``groups`` are those that the caller may choose, each
    with how many of it are not recorded.
    """

    activity: ActivityView
    group: str | None
    groups: tuple[tuple[str, int], ...]
    waiting: tuple[Attendee, ...]
    absent: frozenset[int]
    arrived: int
    excused: int
    is_leader: bool = False


class Called(Struct, frozen=True):
    """A roll was called: how many it recorded, and who was named as not there."""

    roll_call_id: int
    activity: ActivityView
    group: str | None
    recorded: int
    absent: tuple[Attendee, ...]


class Undone(Struct, frozen=True):
    """A roll call was taken back: how many records went."""

    activity: ActivityView
    removed: int


def show_roll(session: Session, *, speaker: Speaker | None, activity_id: int, group: str | None = None) -> Roll:
    """The sheet of an activity, of one group or of everybody.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker neither coordinates the cohort nor leads that group.
    """
    activity = activity_of(session, activity_id)
    return _roll(session, require_helper(session, speaker, activity.cohort_id), activity, group)


def name_absent(
    session: Session, *, speaker: Speaker | None, activity_id: int, person_id: int, group: str | None = None
) -> Roll:
    """Name somebody as not there, or take that back.

    Raises:
        Gone: there is no such activity, or nobody with that id waits on the sheet.
        NotAllowed: the speaker neither coordinates the cohort nor leads that group.
    """
    activity = activity_of(session, activity_id)
    helper = require_helper(session, speaker, activity.cohort_id)
    roll = _roll(session, helper, activity, group)
    if person_id not in {one.person_id for one in roll.waiting}:
        raise Gone
    row = {"activity_id": activity.id, "caller_id": helper.speaker.person_id, "person_id": person_id}
    if not insert_missing(session, EXCEPTION, [row]):
        is_it = and_(*(EXCEPTION.c[name] == value for name, value in row.items()))
        session.connection().execute(EXCEPTION.delete().where(is_it))
    return _roll(session, helper, activity, group)


def call_roll(
    session: Session, *, speaker: Speaker | None, activity_id: int, group: str | None = None, now: datetime
) -> Called:
    """Record everybody on the sheet who is not named as absent, as of now or of the start, whichever is earlier.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker neither coordinates the cohort nor leads that group.
        ActivityCancelled, TooEarlyToCall: there is nothing to record.
    """
    activity = activity_of(session, activity_id)
    helper = require_helper(session, speaker, activity.cohort_id)
    _require_time(session, activity, now)
    roll = _roll(session, helper, activity, group)
    present = [one for one in roll.waiting if one.person_id not in roll.absent]
    absent = tuple(one for one in roll.waiting if one.person_id in roll.absent)
    number = _note(session, activity, roll.group, helper, now)
    _log_call(session, activity, number, helper, now, "call", roll.group)
    arrived_at = rules.arrival_for(Status.PRESENT, None, activity.starts_at, now)
    recorded = _record(session, activity, present, helper, arrived_at or now, now)
    _forget_exceptions(session, activity.id, helper)
    return Called(number, activity, roll.group, recorded, absent)


def undo_roll(session: Session, *, speaker: Speaker | None, roll_call_id: int, now: datetime) -> Undone:
    """Take back what one roll call recorded and nobody has changed since.

    Raises:
        Gone: there is no such roll call.
        NotAllowed: somebody else called it, and the speaker does not coordinate the cohort.
        RollUndone, TooLateToUndo: it cannot be taken back any more.
    """
    row = session.connection().execute(select(ROLL_CALL).where(ROLL_CALL.c.id == roll_call_id)).first()
    if row is None:
        raise Gone
    activity = activity_of(session, row.activity_id)
    helper = require_helper(session, speaker, activity.cohort_id)
    if helper.group is not None and row.called_by != helper.speaker.person_id:
        raise NotAllowed
    if row.undone_at is not None:
        raise RollUndone
    if now > row.called_at + UNDONE_WITHIN:
        raise TooLateToUndo
    session.connection().execute(update(ROLL_CALL).where(ROLL_CALL.c.id == row.id).values(undone_at=now))
    _log_call(session, activity, row.id, helper, now, "undo", row.group_name)
    return Undone(activity, _remove(session, activity, row, helper, now))


def _roll(session: Session, helper: Helper, activity: ActivityView, group: str | None) -> Roll:
    wanted = require_group(helper, activity, group)
    everybody = [one for one in attendees_of(session, activity) if helper.may(one.group)]
    mine = [one for one in everybody if wanted is None or one.group == wanted]
    waiting = tuple(one for one in mine if not one.recorded and one.status is Status.MISSING)
    groups: dict[str, int] = {}
    for one in everybody:
        still = not one.recorded and one.status is Status.MISSING
        groups[one.group] = groups.get(one.group, 0) + still
    ids = {one.person_id for one in waiting}
    named = select(EXCEPTION.c.person_id).where(
        EXCEPTION.c.activity_id == activity.id, EXCEPTION.c.caller_id == helper.speaker.person_id
    )
    absent = frozenset(session.connection().execute(named).scalars()) & ids
    return Roll(
        activity,
        wanted,
        tuple(groups.items()),
        waiting,
        absent,
        sum(one.arrived_at is not None for one in mine),
        sum(one.status is Status.EXCUSED for one in mine),
        helper.group is not None,
    )


def _require_time(session: Session, activity: ActivityView, now: datetime) -> None:
    row = queries.activity(session, activity.id)
    if row is None or row.cancelled_at is not None:
        raise ActivityCancelled
    if now < rules.opens_at(activity.starts_at, policies.policy_of(session, activity)):
        raise TooEarlyToCall


def _note(session: Session, activity: ActivityView, group: str | None, helper: Helper, now: datetime) -> int:
    values = {
        "activity_id": activity.id,
        "group_name": group,
        "called_by": helper.speaker.person_id,
        "called_at": now,
    }
    made = session.connection().execute(insert(ROLL_CALL).values(values).returning(ROLL_CALL.c.id))
    return int(made.scalar_one())


def _record(
    session: Session,
    activity: ActivityView,
    present: Sequence[Attendee],
    helper: Helper,
    arrived_at: datetime,
    now: datetime,
) -> int:
    rows = [
        {
            "activity_id": activity.id,
            "person_id": one.person_id,
            "arrived_at": arrived_at,
            "method": Method.HAND.value,
            "marked_by": helper.speaker.person_id,
            "recorded_at": now,
            "way": Way.ROLL.value,
        }
        for one in present
    ]
    written = insert_missing(session, ATTENDANCE, rows)
    _log(session, activity, [one.person_id for one in present], helper, now, "arrive", arrived_at)
    return written


def _remove(session: Session, activity: ActivityView, call: queries.Found, helper: Helper, now: datetime) -> int:
    untouched = and_(
        ATTENDANCE.c.activity_id == activity.id,
        ATTENDANCE.c.way == Way.ROLL.value,
        ATTENDANCE.c.marked_by == call.called_by,
        ATTENDANCE.c.recorded_at == call.called_at,
        ATTENDANCE.c.left_at.is_(None),
    )
    ids = queries.connect(session).execute(select(ATTENDANCE.c.person_id).where(untouched)).scalars().all()
    session.connection().execute(ATTENDANCE.delete().where(untouched))
    _log(session, activity, ids, helper, now, "undo", None)
    return len(ids)


def _log_call(
    session: Session, activity: ActivityView, number: int, helper: Helper, now: datetime, action: str, group: str | None
) -> None:
    """The line about the call itself, which also concerns those whom it did not record: they were not there."""
    line = audit.entry(
        actor=helper.speaker.actor,
        now=now,
        action=action,
        subject="roll_call",
        subject_id=number,
        cohort_id=activity.cohort_id,
        after={"group": group},
    )
    audit.record(session, line)


def _log(
    session: Session,
    activity: ActivityView,
    person_ids: Sequence[int],
    helper: Helper,
    now: datetime,
    action: str,
    arrived_at: datetime | None,
) -> None:
    lines = (
        audit.entry(
            actor=helper.speaker.actor,
            now=now,
            action=action,
            subject="attendance",
            subject_id=activity.id,
            cohort_id=activity.cohort_id,
            person_id=person_id,
            before=None if arrived_at else {"way": Way.ROLL},
            after={"arrived_at": arrived_at, "way": Way.ROLL} if arrived_at else {"arrived_at": None},
        )
        for person_id in person_ids
    )
    audit.record(session, *lines)


def _forget_exceptions(session: Session, activity_id: int, helper: Helper) -> None:
    mine = and_(EXCEPTION.c.activity_id == activity_id, EXCEPTION.c.caller_id == helper.speaker.person_id)
    session.connection().execute(EXCEPTION.delete().where(mine))
