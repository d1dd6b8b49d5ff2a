"""Places that became free go to the reserve list: an offer with an answer time, then the following.

An offer holds its place until it is answered or its time is over; accepting and running out are the same conditional
step on the same row under the same lock, so they go one way. Whoever cannot be reached in chat is offered the place
like everybody else, and the doors show it to the coordinator, who can answer for them.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import and_, exists, select
from sqlmodel import Session

from bot.forum import answering, pools
from bot.forum.models import CallStatus, Choice, Part, SignUpStatus
from bot.forum.pools import CALL, POOL, SIGNUP
from bot.people.models import Cohort
from bot.preferences import service as preferences
from bot.timetable.models import Activity

ACTIVITY = Activity.__table__  # type: ignore[attr-defined]
COHORT = Cohort.__table__  # type: ignore[attr-defined]


class Why(StrEnum):
    """Reasons that the bot itself gives, kept in ``SignUp.reason``; messages word them. Others are a person's words."""

    EXPIRED = "expired"
    NO_PLACE = "no_place"
    MORE_THAN_PLACES = "more_than_places"
    NOT_DECIDED = "not_decided"
    PLACES_REDUCED = "places_reduced"
    SLOT_DELETED = "slot_deleted"
    CANCELLED = "cancelled"


class Offered(Struct, frozen=True):
    """A place that somebody from the reserve list has been offered; ``is_resting``: it should make no sound now."""

    signup_id: int
    call_id: int
    part: Part
    person_id: int | None
    guest_id: int | None
    at: datetime
    until: datetime
    is_resting: bool = False


class Reply(StrEnum):
    """What came of an answer to an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TOO_LATE = "too_late"
    NOT_OFFERED = "not_offered"


class Answered(Struct, frozen=True):
    """What came of an answer or of its missing; ``offered`` is whom the place went to next.

    ``at`` is when the offer was made that this settled; ``None`` where it settled nothing.
    """

    signup_id: int
    call_id: int
    part: Part
    reply: Reply
    at: datetime | None
    offered: tuple[Offered, ...] = ()

    @property
    def is_news(self) -> bool:
        """Whether this is what settled the offer."""
        return self.at is not None


def promote(session: Session, call_id: int, part: str, now: datetime) -> tuple[Offered, ...]:
    """Offer every free place to the next on the reserve list. The caller holds the pool's lock.

    Nothing is offered once the activity has begun or is not to be.
    """
    scene = _scene(session, call_id)
    if not is_moving(scene, now):
        return ()
    offered: list[Offered] = []
    while (row := pools.next_reserve(session, call_id, part)) is not None and pools.hold(session, call_id, part):
        offered.append(_offer(session, row, scene, now))
    return tuple(offered)


def accept(session: Session, *, signup_id: int, now: datetime) -> Answered:
    """Take the offered place, unless its time is over; a second press changes nothing. Raises Gone."""
    row = pools.lock_signup(session, signup_id)
    if row.status == SignUpStatus.CONFIRMED:
        return _answered(row, Reply.ACCEPTED)
    if row.status != SignUpStatus.OFFERED:
        return _answered(row, Reply.TOO_LATE if row.reason == Why.EXPIRED else Reply.NOT_OFFERED)
    if row.offer_until <= now:
        return expire(session, row, now)
    pools.confirm(session, row, now)
    return _answered(row, Reply.ACCEPTED)


def decline(session: Session, *, signup_id: int, now: datetime) -> Answered:
    """Give an offered place to the next; a second press changes nothing. Raises Gone."""
    row = pools.lock_signup(session, signup_id)
    if row.status == SignUpStatus.WITHDRAWN:
        return _answered(row, Reply.DECLINED)
    if row.status != SignUpStatus.OFFERED:
        return _answered(row, Reply.TOO_LATE if row.reason == Why.EXPIRED else Reply.NOT_OFFERED)
    pools.move(session, row, SignUpStatus.WITHDRAWN, now)
    pools.let_go(session, row)
    return _answered(row, Reply.DECLINED, promote(session, row.call_id, row.part, now))


def expire(session: Session, row: Any, now: datetime) -> Answered:
    """Let an offer run out whose time is over. The caller holds the pool's lock and has read the row under it."""
    pools.move(session, row, SignUpStatus.NOT_CHOSEN, now, reason=Why.EXPIRED)
    pools.let_go(session, row)
    return _answered(row, Reply.TOO_LATE, promote(session, row.call_id, row.part, now))


def expire_one(session: Session, signup_id: int, now: datetime) -> Answered | None:
    """Let this offer run out if nobody has answered it meanwhile."""
    row = pools.lock_signup(session, signup_id)
    if row.status != SignUpStatus.OFFERED or row.offer_until > now:
        return None
    return expire(session, row, now)


def due(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """The offers whose time is over, the oldest first: what a schedule pass hands to ``expire_one``."""
    query = (
        select(SIGNUP.c.id)
        .join(CALL, CALL.c.id == SIGNUP.c.call_id)
        .join(ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id)
        .where(SIGNUP.c.status == SignUpStatus.OFFERED, SIGNUP.c.offer_until <= now, _is_on())
    )
    return session.connection().execute(query.order_by(SIGNUP.c.offer_until, SIGNUP.c.id).limit(limit)).scalars().all()


def idle(session: Session, now: datetime, limit: int) -> Sequence[tuple[int, str]]:
    """Pools with a free place and somebody waiting, such as those of a call that was called off for a while."""
    waits = exists().where(
        SIGNUP.c.call_id == POOL.c.call_id, SIGNUP.c.part == POOL.c.part, SIGNUP.c.status == SignUpStatus.RESERVE
    )
    query = (
        select(POOL.c.call_id, POOL.c.part)
        .join(CALL, CALL.c.id == POOL.c.call_id)
        .join(ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id)
        .where(POOL.c.taken < POOL.c.wanted, waits, _is_on(), ACTIVITY.c.starts_at > now)
    )
    return [(row.call_id, row.part) for row in session.connection().execute(query.limit(limit))]


def fill(session: Session, call_id: int, part: str, now: datetime) -> tuple[Offered, ...]:
    """Offer what is free in a pool."""
    pools.lock(session, call_id, part)
    return promote(session, call_id, part, now)


def is_on(session: Session, call_id: int, now: datetime) -> bool:
    """Whether places of the call are still worth waiting for."""
    return is_moving(_scene(session, call_id), now)


def is_moving(scene: Any, now: datetime) -> bool:
    """Whether places of the call are still worth offering."""
    is_on = scene.status in (CallStatus.PUBLISHED, CallStatus.SETTLED) and scene.cancelled_at is None
    return bool(is_on and now < scene.starts_at)


def is_first_come(call: Any, part: str) -> bool:
    """Whether places of that part are given at once: to listeners always, to speakers after draw or choice too."""
    return bool(part == Part.LISTENER or call.choice == Choice.FIRST or call.status == CallStatus.SETTLED)


def _is_on() -> Any:
    """The condition that a call, joined to its activity, takes place as far as anybody knows."""
    return and_(CALL.c.status.in_((CallStatus.PUBLISHED, CallStatus.SETTLED)), ACTIVITY.c.cancelled_at.is_(None))


def _scene(session: Session, call_id: int) -> Any:
    """The call with when its activity begins and where its clock stands."""
    query = (
        select(CALL, ACTIVITY.c.starts_at, ACTIVITY.c.ends_at, ACTIVITY.c.cancelled_at, COHORT.c.time_zone)
        .join(ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id)
        .join(COHORT, COHORT.c.id == CALL.c.cohort_id)
    )
    return session.connection().execute(query.where(CALL.c.id == call_id)).one()


def _offer(session: Session, row: Any, scene: Any, now: datetime) -> Offered:
    own = None if row.person_id is None else preferences.stored_choices(session, row.person_id).quiet
    zone = ZoneInfo(scene.time_zone)
    until = answering.answer_until(now, scene.answer_minutes, scene.starts_at, zone, own)
    pools.move(session, row, SignUpStatus.OFFERED, now, offered_at=now, offer_until=until)
    is_resting = answering.is_resting(now, zone, own)
    return Offered(row.id, row.call_id, Part(row.part), row.person_id, row.guest_id, now, until, is_resting)


def _answered(row: Any, reply: Reply, offered: tuple[Offered, ...] = ()) -> Answered:
    return Answered(row.id, row.call_id, Part(row.part), reply, row.offered_at, offered)
