"""Deleting a speech slot, which is also one place fewer. Where somebody holds it, a coordinator says who goes.

Either another slot is free for the holder, or somebody (the holder, or another whose slot the holder takes) goes to the
head of the reserve list and is told why, or the slot stays. Nothing is deleted before that is said.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlmodel import Session

from bot.audit import service as audit
from bot.errors import Gone, Refusal
from bot.forum import capacity, decisions, offers, pools
from bot.forum.capacity import AlreadyTaken, EverybodyFits
from bot.forum.models import HOLDING, Part, SignUpStatus
from bot.forum.offers import Offered, Why
from bot.forum.pools import SLOT
from bot.people import access
from bot.people.service import Speaker

SUBJECT = "forum_slot"


class KeptForGuest(Refusal):
    """This slot is kept for an invited speaker. Please take the invitation back first."""


class SlotGone(Struct, frozen=True):
    """The slot is deleted. ``moved`` has another slot now; ``sent_back`` heads the reserve list."""

    call_id: int
    moved: int | None = None
    sent_back: int | None = None
    offered: tuple[Offered, ...] = ()


class SlotHeld(Struct, frozen=True):
    """Somebody holds the slot, or has been offered its place: nothing was changed.

    ``has_other`` says that another slot is free for them; ``is_offer`` that they have not answered yet.
    """

    call_id: int
    slot_id: int
    signup_id: int
    has_other: bool
    is_offer: bool = False


def delete_slot(session: Session, *, speaker: Speaker | None, slot_id: int, now: datetime) -> SlotGone | SlotHeld:
    """Delete a speech slot that nobody holds, and with it one place; where it is held, the coordinator must choose.

    Raises:
        Gone: there is no such slot, or it is not a speech, or the talk has begun.
        NotAllowed: the speaker does not coordinate its cohort.
        KeptForGuest: somebody has been invited to it.
    """
    slot, pool = _lock(session, speaker, slot_id)
    if slot.signup_id is not None:
        return SlotHeld(slot.call_id, slot_id, slot.signup_id, _has_other(session, pool))
    offered = pools.of_status(session, slot.call_id, Part.SPEAKER, SignUpStatus.OFFERED)
    if pool.taken >= pool.capacity and offered:
        return SlotHeld(slot.call_id, slot_id, offered[0].id, has_other=False, is_offer=True)
    _drop(session, speaker, slot, pool, pool.taken, now)
    return SlotGone(slot.call_id)


def look(session: Session, *, speaker: Speaker | None, slot_id: int) -> int:
    """The call of a slot that could be deleted; raises Gone, NotAllowed or KeptForGuest."""
    call_id = int(_find(session, slot_id).call_id)
    access.require_coordinator(session, speaker, pools.get_call(session, call_id).cohort_id)
    return call_id


def delete_held_slot(
    session: Session, *, speaker: Speaker | None, slot_id: int, leaving: int | None, reason: str, now: datetime
) -> SlotGone:
    """Delete a slot that somebody holds: ``leaving`` goes to the head of the reserve list, or nobody.

    Where it is somebody else who leaves, the holder takes over the free slot; where nobody leaves, another free one.

    Raises:
        Gone, NotAllowed: as ``delete_slot``.
        AlreadyTaken: who should leave holds no place any more, or no slot is free.
        EverybodyFits: somebody should leave although another slot is free.
    """
    slot, pool = _lock(session, speaker, slot_id)
    holder: int | None = slot.signup_id
    has_other = _has_other(session, pool)
    if leaving is None and not has_other:
        raise AlreadyTaken
    if leaving is not None and has_other:
        raise EverybodyFits
    if leaving is not None:
        _leave(session, speaker, slot, leaving, reason or Why.SLOT_DELETED, now)
    moved = holder if holder != leaving else None
    if moved is not None:
        pools.leave_slot(session, moved)
    _drop(session, speaker, slot, pool, pool.taken - (leaving is not None), now)
    if moved is not None:
        pools.take_slot(session, slot.call_id, moved)
    return SlotGone(slot.call_id, moved, leaving, offers.promote(session, slot.call_id, Part.SPEAKER, now))


def _leave(session: Session, speaker: Speaker | None, slot: Any, leaving: int, reason: str, now: datetime) -> None:
    row = pools.get_signup(session, leaving)
    if row.call_id != slot.call_id or row.part != Part.SPEAKER or row.status not in HOLDING:
        raise AlreadyTaken
    capacity.to_head(session, row, reason, now)
    pools.leave_slot(session, leaving)
    decisions.log(session, speaker, row, "send back", SignUpStatus.RESERVE, reason, now)


def _drop(session: Session, speaker: Speaker | None, slot: Any, pool: Any, taken: int, now: datetime) -> None:
    """Delete the slot and, where there are as many places as that, one place with it."""
    pools.drop_slot(session, slot.id)
    places = max(taken, pool.capacity - 1)
    pools.resize(session, pool, capacity=places, wanted=min(pool.wanted, places), taken=taken)
    cohort_id = pools.get_call(session, slot.call_id).cohort_id
    line = audit.entry(
        actor=access.require_coordinator(session, speaker, cohort_id).actor,
        now=now,
        action="delete",
        subject=SUBJECT,
        subject_id=slot.id,
        cohort_id=cohort_id,
        before={"position": slot.position, "signup": slot.signup_id},
    )
    audit.record(session, line)


def _has_other(session: Session, pool: Any) -> bool:
    """Whether whoever held the slot could have another one without anybody else losing theirs."""
    return bool(pool.taken < pool.capacity and pools.has_free_slot(session, pool.call_id))


def _lock(session: Session, speaker: Speaker | None, slot_id: int) -> tuple[Any, Any]:
    call_id = _find(session, slot_id).call_id
    pool = capacity.require_lock(session, speaker, call_id, Part.SPEAKER)
    return _find(session, slot_id), pool


def _find(session: Session, slot_id: int) -> Any:
    session.flush()
    found = select(SLOT).where(SLOT.c.id == slot_id, SLOT.c.is_speech, SLOT.c.began_at.is_(None))
    slot = session.connection().execute(found).first()
    if slot is None or pools.was_talked_of(session, slot_id):
        raise Gone
    if slot.signup_id is None and pools.is_kept(session, slot_id):
        raise KeptForGuest
    return slot
