"""The places of a call: the one row that counts them, and the steps in which a sign-up changes how it stands.

Every change of a status begins with ``lock``, so that two transactions never decide about the same places at once; a
place is taken by one conditional UPDATE only. Knows no clock and nothing of who decides.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, exists, func, select, update
from sqlmodel import Session

from bot.errors import Gone
from bot.forum.models import HOLDING, Call, Invitation, InvitationStatus, Part, Pool, SignUp, SignUpStatus, Slot
from bot.forum.stage_models import Feedback, RoomQuestion, Stage

CALL = Call.__table__  # type: ignore[attr-defined]
POOL = Pool.__table__  # type: ignore[attr-defined]
SIGNUP = SignUp.__table__  # type: ignore[attr-defined]
SLOT = Slot.__table__  # type: ignore[attr-defined]
INVITATION = Invitation.__table__  # type: ignore[attr-defined]
QUESTION = RoomQuestion.__table__  # type: ignore[attr-defined]
STAGE = Stage.__table__  # type: ignore[attr-defined]
FEEDBACK = Feedback.__table__  # type: ignore[attr-defined]
KEEPING = (InvitationStatus.SENT, InvitationStatus.HELD, InvitationStatus.ACCEPTED)
"""While an invitation stands so, its slot is given to nobody else."""


def lock(session: Session, call_id: int, part: str) -> Any:
    """Take the pool for this transaction and return its row; the first step of whatever changes a status in it.

    SQLite knows no lock on a row and needs none: there, a writing transaction has the whole file from its beginning.

    Raises:
        Gone: the call has no places of that part.
    """
    session.flush()
    pool = session.connection().execute(select(POOL).where(_is(call_id, part)).with_for_update()).first()
    if pool is None:
        raise Gone
    _forget(session, Pool)
    return pool


def has_pool(session: Session, call_id: int, part: str) -> bool:
    """Whether the call has places of that part."""
    return session.connection().execute(select(POOL.c.part).where(_is(call_id, part))).first() is not None


def hold(session: Session, call_id: int, part: str) -> bool:
    """Take one place if there is one: a single UPDATE that carries its own condition, so that none is sold twice."""
    room = and_(POOL.c.taken < POOL.c.capacity, POOL.c.taken < POOL.c.wanted)
    taken = session.connection().execute(update(POOL).where(_is(call_id, part), room).values(taken=POOL.c.taken + 1))
    _forget(session, Pool)
    return taken.rowcount == 1


def free(session: Session, call_id: int, part: str) -> None:
    """Give one place back. Where fewer are wanted than there are, the place goes: nobody else is offered it."""
    shrunk = case((POOL.c.wanted < POOL.c.capacity, POOL.c.capacity - 1), else_=POOL.c.capacity)
    freed = update(POOL).where(_is(call_id, part), POOL.c.taken > 0, POOL.c.wanted < POOL.c.capacity)
    if session.connection().execute(freed.values(taken=POOL.c.taken - 1, capacity=shrunk)).rowcount:
        if part == Part.SPEAKER:
            drop_last_free_slot(session, call_id)
    else:
        session.connection().execute(
            update(POOL).where(_is(call_id, part), POOL.c.taken > 0).values(taken=POOL.c.taken - 1)
        )
    _forget(session, Pool)


def get_signup(session: Session, signup_id: int) -> Any:
    """A sign-up as the database has it now; raises Gone."""
    session.flush()
    row = session.connection().execute(select(SIGNUP).where(SIGNUP.c.id == signup_id)).first()
    if row is None:
        raise Gone
    return row


def lock_signup(session: Session, signup_id: int) -> Any:
    """Take the pool a sign-up belongs to, then read how it stands; raises Gone."""
    row = get_signup(session, signup_id)
    lock(session, row.call_id, row.part)
    return get_signup(session, signup_id)


def get_call(session: Session, call_id: int) -> Any:
    """A call as the database has it now; raises Gone."""
    session.flush()
    row = session.connection().execute(select(CALL).where(CALL.c.id == call_id)).first()
    if row is None:
        raise Gone
    return row


def move(session: Session, row: Any, status: SignUpStatus, now: datetime, **values: Any) -> bool:
    """Let a sign-up change how it stands, provided it still stands as ``row`` says; an offer's times go with it."""
    times: dict[str, Any] = {"offered_at": None, "offer_until": None}
    changed = session.connection().execute(
        update(SIGNUP)
        .where(SIGNUP.c.id == row.id, SIGNUP.c.status == row.status)
        .values(status=status, settled_at=now, **(times | values))
    )
    _forget(session, SignUp)
    return changed.rowcount == 1


def confirm(session: Session, row: Any, now: datetime, **values: Any) -> bool:
    """Confirm a sign-up for which a place is held; a speaker gets the first speech slot that nobody has."""
    if not move(session, row, SignUpStatus.CONFIRMED, now, **values):
        return False
    if row.part == Part.SPEAKER:
        take_slot(session, row.call_id, row.id)
    return True


def take_slot(session: Session, call_id: int, signup_id: int) -> int | None:
    """Give a speaker the first free speech slot; its id, or ``None`` where the running order has none left."""
    mine = select(SLOT.c.id).where(SLOT.c.signup_id == signup_id)
    first = select(SLOT.c.id).where(_is_free(call_id)).order_by(SLOT.c.position, SLOT.c.id).limit(1)
    connection = session.connection()
    slot_id: int | None = connection.execute(mine).scalar()
    if slot_id is None and (slot_id := connection.execute(first).scalar()) is not None:
        connection.execute(update(SLOT).where(SLOT.c.id == slot_id).values(signup_id=signup_id))
        _forget(session, Slot)
    return slot_id


def leave_slot(session: Session, signup_id: int) -> None:
    """Take a speaker out of the running order; the slot stays, free."""
    session.connection().execute(update(SLOT).where(SLOT.c.signup_id == signup_id).values(signup_id=None))
    _forget(session, Slot)


def let_go(session: Session, row: Any) -> None:
    """Give back what a sign-up held, its slot and its place; nothing where it held none."""
    if row.status in HOLDING:
        leave_slot(session, row.id)
        free(session, row.call_id, row.part)


def reserves(session: Session, call_id: int, part: str) -> Sequence[Any]:
    """The reserve list in its order."""
    query = select(SIGNUP).where(_stands(call_id, part, SignUpStatus.RESERVE))
    return session.connection().execute(query.order_by(SIGNUP.c.rank, SIGNUP.c.id)).all()


def next_reserve(session: Session, call_id: int, part: str) -> Any | None:
    """Whose turn it is."""
    query = select(SIGNUP).where(_stands(call_id, part, SignUpStatus.RESERVE))
    return session.connection().execute(query.order_by(SIGNUP.c.rank, SIGNUP.c.id).limit(1)).first()


def last_rank(session: Session, call_id: int, part: str) -> int:
    """The rank behind everybody who ever had one; only under the pool's lock."""
    query = select(func.coalesce(func.max(SIGNUP.c.rank), 0) + 1)
    return int(
        session.connection().execute(query.where(SIGNUP.c.call_id == call_id, SIGNUP.c.part == part)).scalar_one()
    )


def head_rank(session: Session, call_id: int, part: str) -> int:
    """The rank before everybody who waits; only under the pool's lock."""
    query = select(func.coalesce(func.min(SIGNUP.c.rank), 1) - 1)
    return int(
        session.connection().execute(query.where(SIGNUP.c.call_id == call_id, SIGNUP.c.part == part)).scalar_one()
    )


def of_status(session: Session, call_id: int, part: str, *statuses: SignUpStatus) -> Sequence[Any]:
    """The sign-ups of one part that stand so, in the order of the draw or list and then of signing up."""
    query = select(SIGNUP).where(_stands(call_id, part, *statuses))
    return session.connection().execute(query.order_by(SIGNUP.c.rank, SIGNUP.c.signed_at, SIGNUP.c.id)).all()


def resize(session: Session, pool: Any, *, capacity: int, wanted: int, taken: int) -> None:
    """Write the numbers of a pool down; only under its lock."""
    values = {"capacity": capacity, "wanted": wanted, "taken": taken}
    session.connection().execute(update(POOL).where(_is(pool.call_id, pool.part)).values(**values))
    _forget(session, Pool)


def has_free_slot(session: Session, call_id: int) -> bool:
    """Whether a speech slot is left that nobody has."""
    return session.connection().execute(select(SLOT.c.id).where(_is_free(call_id)).limit(1)).first() is not None


def drop_last_free_slot(session: Session, call_id: int) -> None:
    """Take the last speech slot that nobody has out of the running order, if there is one."""
    last = select(SLOT.c.id).where(_is_free(call_id)).order_by(SLOT.c.position.desc(), SLOT.c.id.desc()).limit(1)
    slot_id = session.connection().execute(last).scalar()
    if slot_id is not None:
        drop_slot(session, slot_id)


def drop_slot(session: Session, slot_id: int) -> None:
    """Take a slot out of the running order; questions put to it stay, of the forum as a whole."""
    for table in (QUESTION, STAGE):
        session.connection().execute(update(table).where(table.c.slot_id == slot_id).values(slot_id=None))
    session.connection().execute(delete(SLOT).where(SLOT.c.id == slot_id))
    _forget(session, Slot)


def was_talked_of(session: Session, slot_id: int) -> bool:
    """Whether the room has said something of the slot's talk, so that it must stay."""
    given = select(FEEDBACK.c.id).where(FEEDBACK.c.slot_id == slot_id)
    return session.connection().execute(given.limit(1)).first() is not None


def is_kept(session: Session, slot_id: int) -> bool:
    """Whether a slot is kept for somebody invited."""
    kept = select(INVITATION.c.id).where(INVITATION.c.slot_id == slot_id, INVITATION.c.status.in_(KEEPING))
    return session.connection().execute(kept.limit(1)).first() is not None


def _is_free(call_id: int) -> Any:
    """A speech slot that nobody has and that is not kept for somebody invited."""
    kept = exists().where(INVITATION.c.slot_id == SLOT.c.id, INVITATION.c.status.in_(KEEPING))
    unused = and_(SLOT.c.signup_id.is_(None), SLOT.c.began_at.is_(None), SLOT.c.skipped_at.is_(None))
    return and_(SLOT.c.call_id == call_id, SLOT.c.is_speech, unused, ~kept)


def _is(call_id: int, part: str) -> Any:
    return and_(POOL.c.call_id == call_id, POOL.c.part == part)


def _stands(call_id: int, part: str, *statuses: SignUpStatus) -> Any:
    return and_(SIGNUP.c.call_id == call_id, SIGNUP.c.part == part, SIGNUP.c.status.in_(statuses))


def _forget(session: Session, kind: type[Any]) -> None:
    """Rows of the session that were changed behind its back are read anew when next looked at."""
    for kept in session.identity_map.values():
        if isinstance(kept, kind):
            session.expire(kept)


def forget_signups(session: Session) -> None:
    """Sign-ups that the session knows are read anew when next looked at."""
    _forget(session, SignUp)


def forget_calls(session: Session) -> None:
    """Calls that the session knows are read anew when next looked at."""
    _forget(session, Call)
