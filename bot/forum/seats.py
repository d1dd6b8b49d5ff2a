"""Taking, keeping and leaving a place: what everybody else calls. Seats never oversell and never stay empty.

``hold`` and ``free`` count; ``settle`` answers a sign-up that has just come in; ``withdraw`` lets it go and the reserve
list move; ``standing`` says how it stands. Works the same with two processes on PostgreSQL's READ COMMITTED, because
the pool's row is taken first (``bot.forum.pools``). Never commits, never reads a clock.
"""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import func, select
from sqlmodel import Session

from bot.forum import offers, pools
from bot.forum.models import HOLDING, Part, SignUpStatus
from bot.forum.offers import ACTIVITY, Offered, Why
from bot.forum.pools import CALL, SIGNUP, SLOT, free, hold, lock

__all__ = ["Moved", "Offered", "Standing", "free", "hold", "lock", "rejoin", "settle", "standing", "withdraw"]


class Standing(Struct, frozen=True):
    """How a sign-up stands.

    ``number`` is the place on the reserve list from 1 (0: not on it); ``slot`` the speech's number in the running order
    and ``about`` when it begins, for confirmed speakers; ``until`` the end of the answer time of an offer.
    """

    signup_id: int
    call_id: int
    part: Part
    status: SignUpStatus
    number: int = 0
    slot: int | None = None
    about: datetime | None = None
    until: datetime | None = None
    reason: str = ""

    @property
    def is_holding(self) -> bool:
        """Whether it has a place, for good or until its answer time ends."""
        return self.status in HOLDING


class Moved(Struct, frozen=True):
    """What a withdrawal set going. ``was`` is how the sign-up stood before, ``offered`` whom its place went to."""

    signup_id: int
    call_id: int
    part: Part
    was: SignUpStatus
    offered: tuple[Offered, ...] = ()

    @property
    def is_news(self) -> bool:
        """Whether anything changed: a second press changes nothing."""
        return self.was not in (SignUpStatus.WITHDRAWN, SignUpStatus.NOT_CHOSEN)


def settle(session: Session, *, signup_id: int, now: datetime) -> Standing:
    """Answer a sign-up that came in as PENDING, first come, first served: a place, or the end of the reserve list.

    Speakers of a call with a draw or a coordinator's choice stay PENDING until that is made; later ones are answered at
    once like everybody else. A sign-up that is not PENDING keeps how it stands.

    Raises:
        Gone: there is no such sign-up, or the call has no places of that part.
    """
    row = pools.lock_signup(session, signup_id)
    call = pools.get_call(session, row.call_id)
    if row.status == SignUpStatus.PENDING and offers.is_first_come(call, row.part):
        if hold(session, row.call_id, row.part):
            pools.confirm(session, row, now, rank=0, reason="")
        else:
            join_reserve(session, row, now)
    return standing(session, signup_id)


def join_reserve(session: Session, row: Any, now: datetime, reason: str = "") -> None:
    """Put a sign-up at the end of the reserve list. The caller holds the pool's lock."""
    rank = pools.last_rank(session, row.call_id, row.part)
    pools.move(session, row, SignUpStatus.RESERVE, now, rank=rank, reason=reason)


def rejoin(session: Session, *, signup_id: int, now: datetime) -> Standing:
    """Let somebody whose offer ran out wait again, at the end of the list; anybody else keeps how they stand.

    Raises:
        Gone: there is no such sign-up.
    """
    row = pools.lock_signup(session, signup_id)
    is_missed = row.status == SignUpStatus.NOT_CHOSEN and row.reason == Why.EXPIRED
    if is_missed and offers.is_on(session, row.call_id, now):
        pools.move(session, row, SignUpStatus.PENDING, now, rank=0, reason="")
        return settle(session, signup_id=signup_id, now=now)
    return standing(session, signup_id)


def withdraw(session: Session, *, signup_id: int, now: datetime) -> Moved:
    """Let a sign-up go, whoever asks for it, and offer what it held to the next; a second time changes nothing.

    Raises:
        Gone: there is no such sign-up.
    """
    row = pools.lock_signup(session, signup_id)
    was, part = SignUpStatus(row.status), Part(row.part)
    moved = Moved(row.id, row.call_id, part, was)
    if not moved.is_news:
        return moved
    pools.move(session, row, SignUpStatus.WITHDRAWN, now, reason="")
    pools.let_go(session, row)
    offered = offers.promote(session, row.call_id, part, now) if was in HOLDING else ()
    return Moved(row.id, row.call_id, part, was, offered)


def standing(session: Session, signup_id: int) -> Standing:
    """How a sign-up stands now; raises Gone."""
    row = pools.get_signup(session, signup_id)
    is_confirmed = row.status == SignUpStatus.CONFIRMED
    slot, about = (slots_of(session, row.call_id) if is_confirmed else {}).get(row.id, (None, None))
    return Standing(
        row.id,
        row.call_id,
        Part(row.part),
        SignUpStatus(row.status),
        _number(session, row) if row.status == SignUpStatus.RESERVE else 0,
        slot,
        about,
        row.offer_until,
        row.reason,
    )


def _number(session: Session, row: Any) -> int:
    before = select(func.count()).where(
        SIGNUP.c.call_id == row.call_id,
        SIGNUP.c.part == row.part,
        SIGNUP.c.status == SignUpStatus.RESERVE,
        SIGNUP.c.rank < row.rank,
    )
    return int(session.connection().execute(before).scalar_one()) + 1


def slots_of(session: Session, call_id: int) -> dict[int, tuple[int, datetime]]:
    """Each confirmed speaker's number in the running order and about when they begin, by sign-up."""
    connection = session.connection()
    order = select(SLOT).where(SLOT.c.call_id == call_id).order_by(SLOT.c.position, SLOT.c.id)
    starts = select(ACTIVITY.c.starts_at).join(CALL, CALL.c.activity_id == ACTIVITY.c.id)
    begin: datetime = connection.execute(starts.where(CALL.c.id == call_id)).scalar_one()
    found: dict[int, tuple[int, datetime]] = {}
    number, minutes = 0, 0
    for slot in connection.execute(order):
        number += slot.is_speech
        if slot.signup_id is not None:
            found[slot.signup_id] = (number, begin + timedelta(minutes=minutes))
        minutes += slot.minutes
    return found
