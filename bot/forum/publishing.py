"""Publishing a call, calling it off, taking it up again, and following its activity when that is moved or cancelled."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session

from bot.audit.service import Actor
from bot.changes import reading as changes
from bot.errors import Gone, Refusal
from bot.forum import queries, rules
from bot.forum.calls import BadWindow, log, require_activity, require_maker
from bot.forum.models import Audience, Call, CallStatus
from bot.forum.queries import ACTIVITY, CALL
from bot.forum.views import CallView, view_of
from bot.people.service import Speaker
from bot.timetable import service as timetable
from bot.timetable.models import Activity

SYSTEM = Actor(name="system")
OPEN = (CallStatus.PUBLISHED, CallStatus.SETTLED)


class NothingToSignUpFor(Refusal):
    """There is nothing to sign up for yet. Please give it speakers' slots or seats first."""


class NoUnits(Refusal):
    """Please choose at least one unit that may sign up."""


def publish(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> CallView:
    """Let people sign up from the opening on; a second press changes nothing.

    Raises:
        NotAllowed, Gone: as ``require_maker``.
        ActivityIsOver, NothingToSignUpFor, NoUnits, BadWindow: it cannot be published as it is.
    """
    call = require_maker(session, speaker, call_id)
    assert speaker is not None  # noqa: S101 - the guard has looked
    if call.status != CallStatus.DRAFT:
        return view_of(session, call_id, now)
    activity = require_activity(session, call.cohort_id, call.activity_id, now)
    _require_complete(session, call, activity, now)
    call.status = CallStatus.PUBLISHED
    call.told = rules.facts(activity.starts_at, activity.ends_at, activity.place)
    session.add(call)
    session.flush()
    log(session, call, speaker.actor, "publish", now, after={"opens_at": call.opens_at, "closes_at": call.closes_at})
    return view_of(session, call_id, now)


def note_announced(session: Session, call_id: int, now: datetime) -> bool:
    """Note that those who may sign up are told now; whether nobody had been."""
    first = update(CALL).where(CALL.c.id == call_id, CALL.c.announced_at.is_(None)).values(announced_at=now)
    is_first = session.connection().execute(first).rowcount > 0
    session.expire(queries.get_call(session, call_id))
    return is_first


def cancel(
    session: Session, *, speaker: Speaker | None, call_id: int, now: datetime, reason: str = ""
) -> tuple[CallView, bool]:
    """Call it off; the sign-ups stay as they are, in case it is taken up again. The call, and whether this is news.

    Raises:
        NotAllowed, Gone: as ``require_maker``; Gone for a draft too, which is deleted instead.
    """
    call = require_maker(session, speaker, call_id)
    assert speaker is not None  # noqa: S101 - the guard has looked
    if call.status == CallStatus.DRAFT:
        raise Gone
    is_news = call.status != CallStatus.CANCELLED
    if is_news:
        call_off(session, call, speaker.actor, now, reason)
    return view_of(session, call_id, now), is_news


def call_off(session: Session, call: Call, actor: Actor, now: datetime, reason: str = "") -> None:
    """Cancel a call for whatever reason; whoever calls this has looked that it may be."""
    before, call.status = call.status, CallStatus.CANCELLED
    session.add(call)
    session.flush()
    log(session, call, actor, "cancel", now, before={"status": before}, reason=reason)


def reopen(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> CallView:
    """Take a cancelled call up again, with everybody who had signed up.

    Raises:
        NotAllowed, Gone: as ``require_maker``.
        ActivityIsOver: its activity has begun or is cancelled.
    """
    call = require_maker(session, speaker, call_id)
    assert speaker is not None  # noqa: S101 - the guard has looked
    if call.status == CallStatus.CANCELLED:
        activity = require_activity(session, call.cohort_id, call.activity_id, now)
        call.status = CallStatus.SETTLED if call.settled_at is not None else CallStatus.PUBLISHED
        call.told = rules.facts(activity.starts_at, activity.ends_at, activity.place)
        session.add(call)
        session.flush()
        log(session, call, speaker.actor, "reopen", now, after={"status": call.status})
    return view_of(session, call_id, now)


def moved(session: Session, now: datetime) -> Sequence[int]:
    """Published calls whose activity is no longer when and where those signed up believe it is, or is cancelled.

    An edit of the timetable rests until the camp itself has been told, so that one undone in time disturbs nobody.
    """
    columns = (ACTIVITY.c.starts_at, ACTIVITY.c.ends_at, ACTIVITY.c.place, ACTIVITY.c.cancelled_at)
    query = (
        select(CALL.c.id, CALL.c.cohort_id, CALL.c.told, *columns)
        .join(ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id)
        .where(CALL.c.status.in_(OPEN), ACTIVITY.c.ends_at > now)
    )
    rows = session.connection().execute(query.order_by(CALL.c.id))
    found = [row for row in rows if row.cancelled_at or row.told != rules.facts(row.starts_at, row.ends_at, row.place)]
    return [row.id for row in found if changes.open_announcement(session, row.cohort_id) is None]


def follow(session: Session, call_id: int, now: datetime) -> CallView:
    """Let a call follow its activity: note what is told now, end sign-up in time, and call it off with the activity."""
    call = queries.get_call(session, call_id)
    activity = timetable.get_activity(session, call.activity_id)
    call.told = rules.facts(activity.starts_at, activity.ends_at, activity.place)
    if call.closes_at > activity.ends_at:
        call.closes_at = activity.ends_at
        call.opens_at = min(call.opens_at, activity.ends_at - rules.HOUR)
    session.add(call)
    session.flush()
    if activity.cancelled_at is not None and call.status != CallStatus.CANCELLED:
        call_off(session, call, SYSTEM, now)
    return view_of(session, call_id, now)


def _require_complete(session: Session, call: Call, activity: Activity, now: datetime) -> None:
    if not queries.pools_of(session, call.id or 0):
        raise NothingToSignUpFor
    if call.audience == Audience.UNITS and not json.loads(call.units):
        raise NoUnits
    if not rules.is_window(call.opens_at, call.closes_at, activity.ends_at, now):
        raise BadWindow
