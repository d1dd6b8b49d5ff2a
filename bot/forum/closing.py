"""What the clock does to calls: draws when sign-up closes, a word to coordinators who must choose, the end for all.

When the activity begins, whoever still waits gets an answer: nobody is left without one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, exists, or_, select, update
from sqlmodel import Session

from bot.forum import pools
from bot.forum.drawing import Settled
from bot.forum.models import CallStatus, Choice, Part, SignUpStatus
from bot.forum.offers import ACTIVITY, Why
from bot.forum.pools import CALL, SIGNUP
from bot.forum.templates import Name

WAITING = (SignUpStatus.PENDING, SignUpStatus.RESERVE, SignUpStatus.OFFERED)
RUNNING = (CallStatus.PUBLISHED, CallStatus.SETTLED)
AGAIN = timedelta(hours=24)
"""A coordinator who has not chosen is asked again after so long."""


class Ended(Struct, frozen=True):
    """A call whose time is over; ``answers`` has everybody who was still waiting."""

    call_id: int
    answers: tuple[Settled, ...]


def to_announce(session: Session, now: datetime, limit: int = 5) -> Sequence[int]:
    """Calls whose sign-up has opened and of which nobody has been told."""
    opened = and_(
        CALL.c.status == CallStatus.PUBLISHED,
        CALL.c.announced_at.is_(None),
        CALL.c.opens_at <= now,
        CALL.c.closes_at > now,
        ACTIVITY.c.cancelled_at.is_(None),
    )
    return _ids(session, opened, limit)


def to_draw(session: Session, now: datetime, limit: int = 5) -> Sequence[int]:
    """Calls whose sign-up has closed and which are to be drawn."""
    return _ids(session, _closed(Choice.DRAW, now), limit)


def to_choose(session: Session, now: datetime, limit: int = 5) -> Sequence[int]:
    """Calls whose sign-up has closed, whose coordinators must choose and have not been asked for a day."""
    asked = or_(CALL.c.asked_at.is_(None), CALL.c.asked_at <= now - AGAIN)
    entered = exists().where(SIGNUP.c.call_id == CALL.c.id, SIGNUP.c.status == SignUpStatus.PENDING)
    mine = and_(_closed(Choice.COORDINATOR, now), CALL.c.template != Name.INVITED, asked, entered)
    return _ids(session, mine, limit)


def note_asked(session: Session, call_id: int, now: datetime) -> None:
    """Remember that the coordinators have been asked to choose."""
    session.connection().execute(update(CALL).where(CALL.c.id == call_id).values(asked_at=now))
    pools.forget_calls(session)


def to_end(session: Session, now: datetime, limit: int = 5) -> Sequence[int]:
    """Running calls whose activity has begun while people still wait for an answer."""
    waits = exists().where(SIGNUP.c.call_id == CALL.c.id, SIGNUP.c.status.in_(WAITING))
    begun = and_(CALL.c.status.in_(RUNNING), ACTIVITY.c.starts_at <= now, ACTIVITY.c.cancelled_at.is_(None), waits)
    return _ids(session, begun, limit)


def end(session: Session, call_id: int, now: datetime) -> Ended:
    """Answer everybody who still waits when the activity begins: not this time, and why."""
    answers: list[Settled] = []
    for part in Part:
        rows = _lock(session, call_id, part, WAITING)
        for row in rows:
            why = {SignUpStatus.PENDING: Why.NOT_DECIDED, SignUpStatus.OFFERED: Why.EXPIRED}.get(row.status)
            pools.move(session, row, SignUpStatus.NOT_CHOSEN, now, reason=why or Why.NO_PLACE)
            pools.let_go(session, row)
        answers += [_settled(row) for row in rows]
    return Ended(call_id, tuple(answers))


def _lock(session: Session, call_id: int, part: Part, statuses: Sequence[SignUpStatus]) -> Sequence[Any]:
    if not pools.has_pool(session, call_id, part):
        return []
    pools.lock(session, call_id, part)
    return pools.of_status(session, call_id, part, *statuses)


def _closed(choice: Choice, now: datetime) -> Any:
    return and_(
        CALL.c.status == CallStatus.PUBLISHED,
        CALL.c.choice == choice,
        CALL.c.closes_at <= now,
        ACTIVITY.c.starts_at > now,
        ACTIVITY.c.cancelled_at.is_(None),
    )


def _ids(session: Session, condition: Any, limit: int) -> Sequence[int]:
    query = select(CALL.c.id).join(ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id).where(condition)
    return session.connection().execute(query.order_by(CALL.c.closes_at, CALL.c.id).limit(limit)).scalars().all()


def _settled(row: Any) -> Settled:
    return Settled(row.id, row.person_id, row.guest_id, SignUpStatus.NOT_CHOSEN)
