"""A speaker who is not there when called: to the end of the order, passed over, or the next reserve takes the place."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session

from bot.forum import pools, stage
from bot.forum.models import Part, SignUpStatus
from bot.forum.plan import State
from bot.forum.queries import SLOT
from bot.forum.reordering import arrange
from bot.forum.running_order import Item, Order, load
from bot.forum.stage import Effect, Played
from bot.guests import service as guests
from bot.guests.service import Party
from bot.people.service import Speaker

NOT_THERE = "not_there"
"""Kept as the reason of the sign-up whose place went to a reserve; messages word it."""


def to_the_end(session: Session, *, speaker: Speaker | None, call_id: int, slot_id: int, now: datetime) -> Played:
    """Put the item behind all others; if it was on, it never began. Raises Gone, NotAllowed, ForumOff, StageOver."""
    order, item, moderator = _absent(session, speaker, call_id, slot_id, now)
    if item is None:
        return Played(order, Effect.STALE)
    _put_back(session, order, item)
    arrange(session, [*(one.piece.id for one in order.items if one.piece.id != slot_id), slot_id])
    stage.log(session, order, moderator, "defer", slot_id, None, now)
    return Played(load(session, call_id, now))


def pass_over(session: Session, *, speaker: Speaker | None, call_id: int, slot_id: int, now: datetime) -> Played:
    """Leave the item out today; raises Gone, NotAllowed, ForumOff, StageOver."""
    order, item, moderator = _absent(session, speaker, call_id, slot_id, now)
    if item is None:
        return Played(order, Effect.STALE)
    _put_back(session, order, item)
    session.connection().execute(update(SLOT).where(SLOT.c.id == slot_id).values(skipped_at=now))
    stage.log(session, order, moderator, "skip", slot_id, None, now)
    return Played(load(session, call_id, now))


def take_up_again(session: Session, *, speaker: Speaker | None, call_id: int, slot_id: int, now: datetime) -> Played:
    """Bring an item back that was passed over: it is next. Raises Gone, NotAllowed, ForumOff, StageOver."""
    order, moderator = stage.require_live(session, speaker, call_id, now)
    item = order.item(slot_id)
    if item.timed.state is not State.SKIPPED:
        return Played(order, Effect.STALE)
    session.connection().execute(update(SLOT).where(SLOT.c.id == slot_id).values(skipped_at=None))
    past = [one.piece.id for one in order.items if one.timed.state in (State.DONE, State.ON)]
    rest = [one.piece.id for one in order.items if one.piece.id not in past and one.piece.id != slot_id]
    arrange(session, [*past, slot_id, *rest])
    stage.log(session, order, moderator, "unskip", slot_id, None, now)
    return Played(load(session, call_id, now))


def give_to_reserve(session: Session, *, speaker: Speaker | None, call_id: int, slot_id: int, now: datetime) -> Played:
    """Let the next on the reserve list have the place at once; nobody there: nothing happens.

    The place changes hands under the pool's lock, so that it is neither lost nor sold twice.

    Raises:
        Gone, NotAllowed, ForumOff, StageOver: nothing has changed.
    """
    order, item, moderator = _absent(session, speaker, call_id, slot_id, now)
    if item is None or item.talk is None:
        return Played(order, Effect.STALE)
    absent = pools.lock_signup(session, item.talk.signup_id)
    reserve = pools.next_reserve(session, call_id, Part.SPEAKER)
    if reserve is None or absent.status != SignUpStatus.CONFIRMED:
        return Played(order, Effect.NOTHING)
    pools.move(session, absent, SignUpStatus.WITHDRAWN, now, reason=NOT_THERE)
    pools.leave_slot(session, absent.id)
    pools.move(session, reserve, SignUpStatus.CONFIRMED, now)
    _put_back(session, order, item)
    session.connection().execute(update(SLOT).where(SLOT.c.id == slot_id).values(signup_id=reserve.id))
    stage.log(session, order, moderator, "reserve", absent.id, reserve.id, now)
    return Played(load(session, call_id, now))


def next_reserve(session: Session, call_id: int, language: str) -> Party | None:
    """Who would take over."""
    row = pools.next_reserve(session, call_id, Part.SPEAKER)
    if row is None:
        return None
    found = guests.parties(session, person_ids=[row.person_id], guest_ids=[row.guest_id], language=language)
    return found.of(row.person_id, row.guest_id)


def _absent(
    session: Session, speaker: Speaker | None, call_id: int, slot_id: int, now: datetime
) -> tuple[Order, Item | None, Speaker]:
    """The item whose speaker is missing, if it is still on or to come."""
    order, moderator = stage.require_live(session, speaker, call_id, now)
    item = order.item(slot_id)
    return order, item if item.timed.state in (State.ON, State.LATER) else None, moderator


def _put_back(session: Session, order: Order, item: Item) -> None:
    if item.timed.state is State.ON:
        session.connection().execute(update(SLOT).where(SLOT.c.id == item.piece.id).values(began_at=None))
        stage.take_off(session, order.call.id)
