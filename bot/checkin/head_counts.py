"""Counting heads: a group leader says how many sit there, and that is laid beside the record.

Where the two differ there is a list of names to look through together. Nobody is marked by it.
"""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, select, update
from sqlmodel import Session

from bot.audit import service as audit
from bot.checkin import policies, queries, rules
from bot.checkin.attendance import HEAD_COUNT
from bot.checkin.attendees import activity_of, attendees_of
from bot.checkin.boards import Attendee
from bot.checkin.outcomes import ActivityCancelled, ActivityView
from bot.checkin.rules import Status
from bot.checkin.staff import Helper, require_group, require_helper
from bot.errors import Gone, Refusal
from bot.people.service import Speaker

MOST_OVER = 20
"""So many more than stand on the list can be counted: guests, or people of another group."""


class TooEarlyToCount(Refusal):
    """Heads can be counted once the check-in of the activity may open."""


class HeadCountView(Struct, frozen=True):
    """A group in the room: ``counted`` is ``None`` until somebody has counted. ``group`` is empty for everybody."""

    activity: ActivityView
    group: str
    arrived: tuple[Attendee, ...]
    waiting: tuple[Attendee, ...]
    excused: tuple[Attendee, ...]
    counted: int | None = None
    counted_at: datetime | None = None

    @property
    def expected(self) -> int:
        """How many ought to be there."""
        return len(self.arrived) + len(self.waiting)

    @property
    def difference(self) -> int:
        """How many more heads than records; 0 before anybody has counted."""
        return 0 if self.counted is None else self.counted - len(self.arrived)


def show_count(
    session: Session, *, speaker: Speaker | None, activity_id: int, group: str | None = None
) -> HeadCountView:
    """A group as it stands: a leader's own, or for a coordinator the one named (none: everybody).

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker neither coordinates the cohort nor leads that group.
    """
    activity = activity_of(session, activity_id)
    helper = require_helper(session, speaker, activity.cohort_id)
    return _view(session, activity, require_group(helper, activity, group) or "")


def count_heads(
    session: Session,
    *,
    speaker: Speaker | None,
    activity_id: int,
    counted: int,
    now: datetime,
    group: str | None = None,
) -> HeadCountView:
    """Keep how many were counted; the last count stands, every count is in the change log.

    Raises:
        Gone: there is no such activity, or nobody could have counted so many.
        NotAllowed: the speaker neither coordinates the cohort nor leads that group.
        ActivityCancelled, TooEarlyToCount: there is nobody to count.
    """
    activity = activity_of(session, activity_id)
    helper = require_helper(session, speaker, activity.cohort_id)
    name = require_group(helper, activity, group) or ""
    _require_time(session, activity, now)
    before = _view(session, activity, name)
    if not 0 <= counted <= before.expected + len(before.excused) + MOST_OVER:
        raise Gone
    if before.counted != counted:
        _write(session, activity, name, counted, helper, now)
        _log(session, activity, name, before.counted, counted, helper, now)
    return _view(session, activity, name)


def _view(session: Session, activity: ActivityView, group: str) -> HeadCountView:
    people = [one for one in attendees_of(session, activity) if group in ("", one.group)]
    query = select(HEAD_COUNT.c.counted, HEAD_COUNT.c.counted_at).where(_is_it(activity, group))
    row = session.connection().execute(query).first()
    return HeadCountView(
        activity,
        group,
        tuple(one for one in people if one.arrived_at is not None),
        tuple(one for one in people if one.status is Status.MISSING),
        tuple(one for one in people if one.status is Status.EXCUSED),
        row.counted if row else None,
        row.counted_at if row else None,
    )


def _require_time(session: Session, activity: ActivityView, now: datetime) -> None:
    row = queries.activity(session, activity.id)
    if row is None or row.cancelled_at is not None:
        raise ActivityCancelled
    if now < rules.opens_at(activity.starts_at, policies.policy_of(session, activity)):
        raise TooEarlyToCount


def _write(session: Session, activity: ActivityView, group: str, counted: int, helper: Helper, now: datetime) -> None:
    values = {"counted": counted, "counted_by": helper.speaker.person_id, "counted_at": now}
    changed = session.connection().execute(update(HEAD_COUNT).where(_is_it(activity, group)).values(values))
    if not changed.rowcount:
        row = {"activity_id": activity.id, "group_name": group, **values}
        session.connection().execute(HEAD_COUNT.insert(), row)


def _is_it(activity: ActivityView, group: str) -> ColumnElement[bool]:
    return and_(HEAD_COUNT.c.activity_id == activity.id, HEAD_COUNT.c.group_name == group)


def _log(
    session: Session,
    activity: ActivityView,
    group: str,
    before: int | None,
    counted: int,
    helper: Helper,
    now: datetime,
) -> None:
    audit.record(
        session,
        audit.entry(
            actor=helper.speaker.actor,
            now=now,
            action="count",
            subject="head_count",
            subject_id=activity.id,
            cohort_id=activity.cohort_id,
            before={"group": group, "counted": before},
            after={"group": group, "counted": counted},
        ),
    )
