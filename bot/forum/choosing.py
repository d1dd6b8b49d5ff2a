"""A coordinator's choice: marks first, one answer to everybody at the end, and single decisions afterwards.

While marks are being made nobody is told anything. ``finish`` answers every entrant in one transaction, so that nobody
is left without an answer. Later decisions (a place given, taken, exchanged) need a reason and stand in the change log.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import update
from sqlmodel import Session

from bot.audit import service as audit
from bot.errors import Refusal
from bot.forum import decisions, drawing, offers, pools, seats
from bot.forum.capacity import AlreadyTaken, require_lock
from bot.forum.drawing import Settled
from bot.forum.models import ACTIVE, HOLDING, CallStatus, Choice, Part, SignUpStatus
from bot.forum.offers import Answered, Offered, Why
from bot.forum.pools import SIGNUP
from bot.people import access
from bot.people.service import Speaker

LONGEST = 300


class Mark(StrEnum):
    """What a coordinator has in mind for an entrant; without one, the end of the reserve list."""

    CHOSEN = "chosen"
    RESERVE = "reserve"
    DECLINED = "declined"


class NothingToChoose(Refusal):
    """The choice has been made; everybody has an answer. You can still change single decisions."""


class StillOpen(Refusal):
    """Sign-up is still open. You can mark people now and answer everybody once it has closed."""


class TooManyChosen(Refusal):
    """You have chosen more people than there are places."""


class NoPlaceLeft(Refusal):
    """There is no free place. Exchange somebody, or raise the number of places first."""


class NeedsReason(Refusal):
    """Please say why in a line of at most 300 characters: the person reads it."""


class Finished(Struct, frozen=True):
    """The choice is made; ``answers`` has every entrant."""

    call_id: int
    answers: tuple[Settled, ...]


class Decided(Struct, frozen=True):
    """A single decision of a coordinator. ``offered`` is whom a place that became free went to."""

    signup_id: int
    call_id: int
    was: SignUpStatus
    status: SignUpStatus
    reason: str
    offered: tuple[Offered, ...] = ()


class Exchanged(Struct, frozen=True):
    """Two people have changed places: one is confirmed now, the other heads the reserve list."""

    into: Decided
    out: Decided


def mark(
    session: Session, *, speaker: Speaker | None, signup_id: int, to: Mark | None, reason: str | None, now: datetime
) -> int:
    """Note what is intended for an entrant; nobody is told. The id of the call.

    Raises:
        Gone: there is no such sign-up.
        NotAllowed: the speaker does not coordinate its cohort.
        NothingToChoose: everybody has been answered, or this entrant has withdrawn.
    """
    row = pools.get_signup(session, signup_id)
    require_lock(session, speaker, row.call_id, row.part)
    row = pools.get_signup(session, signup_id)
    if row.status != SignUpStatus.PENDING:
        raise NothingToChoose
    values = {"mark": to} if reason is None else {"mark": to, "reason": _clean(reason)}
    session.connection().execute(update(SIGNUP).where(SIGNUP.c.id == signup_id).values(**values))
    pools.forget_signups(session)
    return int(row.call_id)


def finish(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> Finished:
    """Answer everybody: the chosen are confirmed, the declined hear why, all others go on the reserve list.

    Raises:
        Gone, NotAllowed: as ``mark``.
        NothingToChoose: that has been done, or the call is not for a coordinator to choose.
        StillOpen: people can still sign up.
        TooManyChosen: more are marked as chosen than places are free.
    """
    pool = require_lock(session, speaker, call_id, Part.SPEAKER)
    call = pools.get_call(session, call_id)
    if call.status != CallStatus.PUBLISHED or call.choice != Choice.COORDINATOR:
        raise NothingToChoose
    if now < call.closes_at:
        raise StillOpen
    rows = pools.of_status(session, call_id, Part.SPEAKER, SignUpStatus.PENDING)
    if sum(row.mark == Mark.CHOSEN for row in rows) > max(0, pool.wanted - pool.taken):
        raise TooManyChosen
    drawing.close(session, call_id, now)
    _log_finish(session, speaker, call, rows, now)
    return Finished(call_id, tuple(_answer(session, row, now) for row in in_order(rows)))


def in_order(rows: Sequence[Any]) -> list[Any]:
    """The entrants as they will be answered: the chosen, those meant for the reserve list, the others, the declined."""
    places = {Mark.CHOSEN: 0, Mark.RESERVE: 1, None: 2, Mark.DECLINED: 3}
    return sorted(rows, key=lambda row: (places.get(row.mark or None, 2), row.signed_at, row.id))


def give(session: Session, *, speaker: Speaker | None, signup_id: int, reason: str, now: datetime) -> Decided:
    """Confirm somebody out of turn, on a place that is free or offered to nobody else.

    Raises:
        Gone, NotAllowed: as ``mark``.
        NeedsReason: there is none, or a long one.
        AlreadyTaken: they are confirmed already, or have withdrawn.
        NoPlaceLeft: every place is taken.
    """
    row, reason = _open(session, speaker, signup_id, reason)
    if row.status in (SignUpStatus.CONFIRMED, SignUpStatus.WITHDRAWN):
        raise AlreadyTaken
    if row.status != SignUpStatus.OFFERED and not pools.hold(session, row.call_id, row.part):
        raise NoPlaceLeft
    pools.confirm(session, row, now, reason=reason)
    decisions.log(session, speaker, row, "give", SignUpStatus.CONFIRMED, reason, now)
    return _decided(row, SignUpStatus.CONFIRMED, reason)


def exchange(
    session: Session, *, speaker: Speaker | None, signup_id: int, instead_of: int, reason: str, now: datetime
) -> Exchanged:
    """Confirm somebody in the place of another, who goes to the head of the reserve list. Both are told why.

    Raises:
        Gone, NotAllowed, NeedsReason: as ``give``.
        AlreadyTaken: either of them stands otherwise by now, or they are not of one call and part.
    """
    row, reason = _open(session, speaker, signup_id, reason)
    out = pools.get_signup(session, instead_of)
    waits = (SignUpStatus.RESERVE, SignUpStatus.NOT_CHOSEN, SignUpStatus.PENDING)
    if (out.call_id, out.part) != (row.call_id, row.part) or row.status not in waits or out.status not in HOLDING:
        raise AlreadyTaken
    pools.leave_slot(session, out.id)
    head = pools.head_rank(session, out.call_id, out.part)
    pools.move(session, out, SignUpStatus.RESERVE, now, rank=head, reason=reason)
    pools.confirm(session, row, now, reason=reason)
    decisions.log(session, speaker, out, "exchange", SignUpStatus.RESERVE, reason, now)
    decisions.log(session, speaker, row, "exchange", SignUpStatus.CONFIRMED, reason, now)
    into, other = _decided(row, SignUpStatus.CONFIRMED, reason), _decided(out, SignUpStatus.RESERVE, reason)
    return Exchanged(into, other)


def drop(session: Session, *, speaker: Speaker | None, signup_id: int, reason: str, now: datetime) -> Decided:
    """Say "not this time" to somebody, with the reason; a place they held goes to the next.

    Raises:
        Gone, NotAllowed, NeedsReason: as ``give``.
        AlreadyTaken: they have withdrawn or have this answer already.
    """
    row, reason = _open(session, speaker, signup_id, reason)
    if row.status not in ACTIVE:
        raise AlreadyTaken
    pools.move(session, row, SignUpStatus.NOT_CHOSEN, now, reason=reason)
    pools.let_go(session, row)
    decisions.log(session, speaker, row, "drop", SignUpStatus.NOT_CHOSEN, reason, now)
    offered = offers.promote(session, row.call_id, row.part, now) if row.status in HOLDING else ()
    return _decided(row, SignUpStatus.NOT_CHOSEN, reason, offered)


def answer_for(session: Session, *, speaker: Speaker | None, signup_id: int, accepts: bool, now: datetime) -> Answered:
    """Answer an offer for somebody who was asked by phone; raises Gone or NotAllowed."""
    row = pools.get_signup(session, signup_id)
    access.require_coordinator(session, speaker, pools.get_call(session, row.call_id).cohort_id)
    row = pools.lock_signup(session, signup_id)
    step = offers.accept if accepts else offers.decline
    answered = step(session, signup_id=signup_id, now=now)
    if row.status == SignUpStatus.OFFERED:
        status = seats.standing(session, signup_id).status
        decisions.log(session, speaker, row, "answer", status, "asked by phone", now)
    return answered


def _answer(session: Session, row: Any, now: datetime) -> Settled:
    if row.mark == Mark.CHOSEN and pools.hold(session, row.call_id, row.part):
        status = SignUpStatus.CONFIRMED
        pools.confirm(session, row, now)
    elif row.mark == Mark.DECLINED:
        status = SignUpStatus.NOT_CHOSEN
        pools.move(session, row, status, now, reason=row.reason or Why.MORE_THAN_PLACES)
    else:
        status = SignUpStatus.RESERVE
        seats.join_reserve(session, row, now, row.reason)
    return Settled(row.id, row.person_id, row.guest_id, status)


def _open(session: Session, speaker: Speaker | None, signup_id: int, reason: str) -> tuple[Any, str]:
    row = pools.get_signup(session, signup_id)
    require_lock(session, speaker, row.call_id, row.part)
    cleaned = _clean(reason)
    if not cleaned:
        raise NeedsReason
    return pools.get_signup(session, signup_id), cleaned


def _clean(reason: str) -> str:
    cleaned = " ".join(reason.split())
    if len(cleaned) > LONGEST:
        raise NeedsReason
    return cleaned


def _decided(row: Any, status: SignUpStatus, reason: str, offered: tuple[Offered, ...] = ()) -> Decided:
    return Decided(row.id, row.call_id, SignUpStatus(row.status), status, reason, offered)


def _log_finish(session: Session, speaker: Speaker | None, call: Any, rows: Sequence[Any], now: datetime) -> None:
    marks = [row.mark or "" for row in rows]
    line = audit.entry(
        actor=access.require_coordinator(session, speaker, call.cohort_id).actor,
        now=now,
        action="choose",
        subject=drawing.SUBJECT,
        subject_id=call.id,
        cohort_id=call.cohort_id,
        after={"entrants": len(rows), **{name: marks.count(name) for name in Mark}},
    )
    audit.record(session, line)
