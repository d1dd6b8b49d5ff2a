"""The speaker's side of invitations: opening the link, accepting, declining, asking for time, withdrawing later.

The speaker needs no place on any roster. The first account that answers is the speaker's from then on; a second one is
refused. An answer and the end of the answer time are one conditional step on the same row, so that they go one way.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import func, update
from sqlmodel import Session

from bot.audit.service import Actor
from bot.errors import Gone, Refusal
from bot.forum import invitation_links, invitation_places, invitation_rules, invitation_views, invitations, occasions
from bot.forum.invitation_links import OPEN
from bot.forum.invitation_views import INVITATION, InvitationView
from bot.forum.invitations import Fallen
from bot.forum.models import Invitation, InvitationStatus
from bot.forum.visits import Account
from bot.guests import service as guests
from bot.guests.service import Party


class AnsweredElsewhere(Refusal):
    """This invitation has been answered from another account. If that was not you, please tell whoever invited you."""


class LinkReplaced(Refusal):
    """This link has been replaced by a newer one. Please ask whoever invited you for it."""


class BadLink(Refusal):
    """This link is not complete. Please copy it once more, or ask whoever invited you."""


class NoAnswerAwaited(Refusal):
    """There is nothing to answer here any more."""


class Over(Refusal):
    """This forum is over or has been cancelled. Thank you for your interest."""


class Reply(StrEnum):
    """What came of an answer."""

    ACCEPTED = "accepted"
    HELD = "held"
    TOO_LATE = "too_late"
    """The answer time had ended; nothing was changed by the answer."""
    AGAIN = "again"
    """It had been given before."""


class Opened(Struct, frozen=True):
    """An invitation as the account that opened it sees it; ``proof`` makes its buttons work."""

    view: InvitationView
    proof: str
    is_own: bool


class Answered(Struct, frozen=True):
    """What an answer did."""

    reply: Reply
    view: InvitationView


def open_link(session: Session, *, account: Account, payload: str, now: datetime) -> Opened:
    """Show an invitation to whoever opens its link; nothing is bound yet.

    Raises:
        BadLink: cut off, changed or made up.
        LinkReplaced: a newer link has been made, or the invitation was taken back.
        AnsweredElsewhere: another account has answered it.
    """
    link = invitation_links.read_payload(session, payload)
    if link is None:
        raise BadLink
    row = invitation_views.get(session, link.invitation_id)
    if link.issue != row.issue:
        raise LinkReplaced
    _require_unbound_or_own(session, row, account)
    if row.status in OPEN and row.opened_at is None:
        row.opened_at, row.opened_by = now, account.telegram_id
        session.add(row)
        session.flush()
    return _opened(session, row, account)


def look(session: Session, *, account: Account, invitation_id: int, proof: str) -> Opened:
    """An invitation again, by a button under it; raises as ``open_link``, and Gone for a button not made for it."""
    return _opened(session, _require(session, account, invitation_id, proof), account)


def accept(session: Session, *, account: Account, invitation_id: int, proof: str, now: datetime) -> Answered:
    """Say yes: the sign-up is confirmed, in the invitation's slot. A second press changes nothing.

    Raises:
        As ``look``; Over, NoAnswerAwaited: there is nothing to answer any more.
    """
    row = _require(session, account, invitation_id, proof)
    if row.status == InvitationStatus.ACCEPTED:
        return _answered(session, row, Reply.AGAIN)
    if not _may_answer(session, row, now):
        return _answered(session, row, Reply.TOO_LATE)
    party = _bind(session, row, account, now)
    row.status, row.answered_at, row.held_until = InvitationStatus.ACCEPTED, now, None
    row.signup_id = invitation_places.seat(session, row, party, now)
    row.slot_id = None
    _store(session, row, "accept", account, now)
    return _answered(session, row, Reply.ACCEPTED)


def hold(session: Session, *, account: Account, invitation_id: int, proof: str, on: date, now: datetime) -> Answered:
    """Ask for time until the end of a day within the answer time; the slot is kept that long.

    Raises:
        As ``accept``; Gone for a day that was not offered.
    """
    row = _require(session, account, invitation_id, proof)
    if not _may_answer(session, row, now) or row.answer_until is None:
        return _answered(session, row, Reply.TOO_LATE)
    zone = occasions.get_occasion(session, row.call_id).zone
    if on not in invitation_rules.hold_days(now, row.answer_until, zone):
        raise Gone
    _bind(session, row, account, now)
    row.status, row.reminded_at = InvitationStatus.HELD, None
    row.answered_at, row.held_until = now, invitation_rules.held_until(on, row.answer_until, zone)
    _store(session, row, "hold", account, now)
    return _answered(session, row, Reply.HELD)


def require_answerable(session: Session, *, account: Account, invitation_id: int, proof: str, now: datetime) -> Opened:
    """The invitation, where this account may still say no to it, or withdraw.

    Raises:
        As ``look``; Over, NoAnswerAwaited.
    """
    row = _require(session, account, invitation_id, proof)
    if row.status != InvitationStatus.ACCEPTED and not _may_answer(session, row, now):
        raise NoAnswerAwaited
    return _opened(session, row, account)


def decline(
    session: Session, *, account: Account, invitation_id: int, proof: str, reason: str, now: datetime
) -> Fallen | None:
    """Say no, or withdraw after a yes; ``None`` where that was done before.

    Raises:
        As ``require_answerable``.
    """
    row = _require(session, account, invitation_id, proof)
    if row.status in (InvitationStatus.DECLINED, InvitationStatus.WITHDRAWN):
        return None
    if row.status == InvitationStatus.ACCEPTED:
        _require_running(session, row, now)
        return invitations.fall(session, row, InvitationStatus.WITHDRAWN, _actor(account), now, reason)
    if not _may_answer(session, row, now):
        raise NoAnswerAwaited
    _bind(session, row, account, now)
    return invitations.fall(session, row, InvitationStatus.DECLINED, _actor(account), now, reason)


def _require(session: Session, account: Account, invitation_id: int, proof: str) -> Invitation:
    row = invitation_views.get(session, invitation_id)
    _require_unbound_or_own(session, row, account)
    if not invitation_links.is_proof(session, proof, invitation_id, row.issue, account.telegram_id):
        raise LinkReplaced
    return row


def _require_unbound_or_own(session: Session, row: Invitation, account: Account) -> None:
    if row.person_id is None and row.guest_id is None:
        return
    is_guest = row.guest_id is not None and guests.guest_of(session, account.telegram_id) == row.guest_id
    is_person = account.speaker is not None and account.speaker.person_id == row.person_id
    if not (is_guest or is_person):
        raise AnsweredElsewhere


def _may_answer(session: Session, row: Invitation, now: datetime) -> bool:
    """Whether an answer is awaited and in time; raises Over, NoAnswerAwaited."""
    _require_running(session, row, now)
    if row.status == InvitationStatus.EXPIRED:
        return False
    if row.status not in OPEN:
        raise NoAnswerAwaited
    awaited = func.coalesce(INVITATION.c.held_until, INVITATION.c.answer_until) > now
    is_open = (INVITATION.c.id == row.id, INVITATION.c.status.in_(OPEN), awaited)
    found = session.connection().execute(update(INVITATION).where(*is_open).values(status=INVITATION.c.status))
    return found.rowcount == 1


def _require_running(session: Session, row: Invitation, now: datetime) -> None:
    occasion = occasions.get_occasion(session, row.call_id)
    if not occasion.is_running or now >= occasion.ends_at:
        raise Over


def _bind(session: Session, row: Invitation, account: Account, now: datetime) -> Party:
    """The party behind the account, made a guest where nobody is; the invitation is theirs from now on."""
    _require_unbound_or_own(session, invitation_views.get(session, row.id or 0), account)
    party = guests.party_of(session, speaker=account.speaker, telegram_id=account.telegram_id)
    if party is None:
        party = guests.enrol(
            session,
            organisation_id=occasions.get_occasion(session, row.call_id).organisation_id,
            telegram_id=account.telegram_id,
            name=row.name,
            unit=row.post,
            phone=None,
            language=account.language,
            now=now,
        )
    row.person_id, row.guest_id = party.person_id, party.guest_id
    return party


def _store(session: Session, row: Invitation, action: str, account: Account, now: datetime) -> None:
    session.add(row)
    session.flush()
    occasion = occasions.get_occasion(session, row.call_id)
    invitations.log(session, occasion, row, action, _actor(account), now)


def _actor(account: Account) -> Actor:
    return account.speaker.actor if account.speaker is not None else Actor(name="guest")


def _opened(session: Session, row: Invitation, account: Account) -> Opened:
    proof = invitation_links.proof_of(session, row.id or 0, row.issue, account.telegram_id)
    is_own = row.person_id is not None or row.guest_id is not None
    return Opened(invitation_views.view_of(session, row.id or 0), proof, is_own)


def _answered(session: Session, row: Any, reply: Reply) -> Answered:
    return Answered(reply, invitation_views.view_of(session, row.id or 0))
