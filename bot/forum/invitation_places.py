"""The place of an invited speaker: set aside while an answer is awaited, taken when it comes, given back when it falls.

In a forum where nobody signs up to speak the pool is left alone until somebody accepts. Elsewhere a place set aside
leaves the pool, so that the numbers of confirmed and offered sign-ups stay what the pool says. An accepted invitation
always gets its place: whoever invites has decided.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session

from bot.database import insert_missing
from bot.forum import offers, pools
from bot.forum.models import HOLDING, Invitation, Part, SignUp, SignUpStatus
from bot.forum.occasions import CALL, Occasion
from bot.forum.offers import Offered
from bot.forum.pools import POOL, SIGNUP, SLOT
from bot.forum.templates import template_of
from bot.guests.service import Party

_IS_SPEAKERS = POOL.c.part == Part.SPEAKER


def set_aside(session: Session, occasion: Occasion) -> bool:
    """Take a free place out of the pool, so that no sign-up gets it; whether there was one to take."""
    if template_of(occasion.template).is_by_invitation:
        return False
    is_free = (POOL.c.call_id == occasion.call_id, _IS_SPEAKERS, POOL.c.taken < POOL.c.wanted)
    fewer = {"capacity": POOL.c.capacity - 1, "wanted": POOL.c.wanted - 1}
    return session.connection().execute(update(POOL).where(*is_free).values(**fewer)).rowcount == 1


def put_back(session: Session, call_id: int) -> None:
    """Put a place back that was set aside."""
    more = {"capacity": POOL.c.capacity + 1, "wanted": POOL.c.wanted + 1}
    session.connection().execute(update(POOL).where(POOL.c.call_id == call_id, _IS_SPEAKERS).values(**more))
    _read_anew(session)


def let_fall(session: Session, invitation: Invitation, now: datetime) -> tuple[Offered, ...]:
    """Give back what an invitation kept; whom the place went to, where others wait for one."""
    invitation.slot_id = None
    if not invitation.is_set_aside:
        session.add(invitation)
        session.flush()
        return ()
    invitation.is_set_aside = False
    session.add(invitation)
    session.flush()
    put_back(session, invitation.call_id)
    pools.lock(session, invitation.call_id, Part.SPEAKER)
    return offers.promote(session, invitation.call_id, Part.SPEAKER, now)


def seat(session: Session, invitation: Invitation, party: Party, now: datetime) -> int:
    """Confirm the party as a speaker in the invitation's slot; the number of the sign-up."""
    call_id, slot_id = invitation.call_id, invitation.slot_id
    if invitation.is_set_aside:
        invitation.is_set_aside = False
        put_back(session, call_id)
    row = _own(session, call_id, party)
    if row is not None and row.status in HOLDING and row.part == Part.SPEAKER:
        pools.confirm(session, row, now) if row.status == SignUpStatus.OFFERED else None
        return int(row.id)
    if row is not None:
        pools.let_go(session, row)
    _take_place(session, call_id)
    signup_id = _write(session, call_id, party, now)
    _take_slot(session, call_id, signup_id, slot_id)
    return signup_id


def _read_anew(session: Session) -> None:
    """Rows that were changed behind the session's back are read anew; what it has changed itself is written first."""
    session.flush()
    session.expire_all()


def _own(session: Session, call_id: int, party: Party) -> Any | None:
    session.flush()
    mine = SIGNUP.c.person_id == party.person_id if party.person_id is not None else SIGNUP.c.guest_id == party.guest_id
    return session.connection().execute(select(SIGNUP).where(SIGNUP.c.call_id == call_id, mine)).first()


def _take_place(session: Session, call_id: int) -> None:
    if pools.hold(session, call_id, Part.SPEAKER):
        return
    one = {"capacity": POOL.c.capacity + 1, "wanted": POOL.c.wanted + 1, "taken": POOL.c.taken + 1}
    grown = update(POOL).where(POOL.c.call_id == call_id, _IS_SPEAKERS).values(**one)
    if not session.connection().execute(grown).rowcount:
        new = {"call_id": call_id, "part": Part.SPEAKER, "capacity": 1, "wanted": 1, "taken": 1}
        insert_missing(session, POOL, [new])
    _read_anew(session)


def _write(session: Session, call_id: int, party: Party, now: datetime) -> int:
    row = _own(session, call_id, party)
    signup = session.get(SignUp, row.id, populate_existing=True) if row is not None else None
    signup = signup or SignUp(call_id=call_id, person_id=party.person_id, guest_id=party.guest_id, signed_at=now)
    signup.part, signup.status = Part.SPEAKER, SignUpStatus.CONFIRMED
    signup.rank, signup.reason, signup.may_name = 0, "", True
    signup.settled_at, signup.offered_at, signup.offer_until = now, None, None
    session.add(signup)
    session.flush()
    return signup.id or 0


def _take_slot(session: Session, call_id: int, signup_id: int, slot_id: int | None) -> None:
    """The slot named in the invitation, else the first free one, else a new one at the end."""
    connection = session.connection()
    wanted = update(SLOT).where(SLOT.c.id == slot_id, SLOT.c.signup_id.is_(None), SLOT.c.is_speech)
    if slot_id is not None and connection.execute(wanted.values(signup_id=signup_id)).rowcount:
        _read_anew(session)
        return
    if pools.take_slot(session, call_id, signup_id) is None:
        minutes = select(CALL.c.minutes).where(CALL.c.id == call_id).scalar_subquery()
        last = select(func.coalesce(func.max(SLOT.c.position), 0)).where(SLOT.c.call_id == call_id)
        position = connection.execute(last).scalar_one() + 1
        new = {"call_id": call_id, "position": position, "label": "", "is_speech": True, "signup_id": signup_id}
        length = connection.execute(select(minutes)).scalar_one()
        connection.execute(SLOT.insert(), new | {"minutes": length or 10})
        _read_anew(session)
