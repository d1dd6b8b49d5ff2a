"""The coordinator's side of invitations: naming a speaker, sending and renewing links, the reserve list, taking back.

The bot cannot write first to somebody who never opened it: sending an invitation means that its link is good from now
on, and that the coordinator passes it on. Each change goes to the change log; no link does.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import func, select
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.errors import Gone, Refusal
from bot.forum import invitation_places, invitation_views, occasions, seats
from bot.forum.invitation_links import OPEN, SECRET
from bot.forum.invitation_views import INVITATION, InvitationView
from bot.forum.models import CallStatus, Invitation, InvitationStatus
from bot.forum.occasions import Occasion
from bot.forum.offers import Offered
from bot.people import access
from bot.people import service as people
from bot.people.service import Speaker

FALLEN = (InvitationStatus.DECLINED, InvitationStatus.EXPIRED, InvitationStatus.WITHDRAWN)


class NotPublished(Refusal):
    """Please publish the call first: an invitation says what it is about, and when."""


class ForumOver(Refusal):
    """This forum is over or cancelled, so nobody can be invited any more."""


class SlotTaken(Refusal):
    """That slot has been given to somebody else. Please choose another one."""


class AnswerTooLate(Refusal):
    """The answer time must lie before the forum begins."""


class NothingToSend(Refusal):
    """This invitation has been answered, or taken back: there is no link to pass on."""


class Draft(Struct, frozen=True):
    """Who is to be invited. Without ``answer_until`` they go on the reserve list."""

    name: str
    post: str
    note: str
    slot_id: int | None
    answer_until: datetime | None


class Fallen(Struct, frozen=True):
    """An invitation that will not be followed; ``following`` is next on the reserve list, ready to be invited.

    ``offered`` are sign-ups that the place has gone to; ``was`` is how it stood before.
    """

    invitation: InvitationView
    was: InvitationStatus
    following: InvitationView | None
    offered: tuple[Offered, ...] = ()


def list_of(session: Session, *, speaker: Speaker | None, call_id: int) -> tuple[Occasion, list[InvitationView]]:
    """All invitations of a call; raises Gone, NotAllowed."""
    occasion = occasions.get_occasion(session, call_id)
    access.require_reader(session, speaker, occasion.cohort_id)
    return occasion, invitation_views.views_of(session, call_id)


def show(session: Session, *, speaker: Speaker | None, invitation_id: int) -> InvitationView:
    """One invitation; raises Gone, NotAllowed."""
    view = invitation_views.view_of(session, invitation_id)
    access.require_reader(session, speaker, view.occasion.cohort_id)
    return view


def require_inviting(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> Occasion:
    """The call, where speakers can still be invited to it.

    Raises:
        Gone, NotAllowed: there is no such call, or the speaker does not coordinate its cohort.
        NotPublished, ForumOver: not yet, or no longer.
    """
    occasion = occasions.get_occasion(session, call_id)
    access.require_coordinator(session, speaker, occasion.cohort_id)
    if occasion.status == CallStatus.DRAFT:
        raise NotPublished
    if not occasion.is_running or now >= occasion.starts_at:
        raise ForumOver
    return occasion


def invite(session: Session, *, speaker: Speaker | None, call_id: int, draft: Draft, now: datetime) -> InvitationView:
    """Name a speaker: with an answer time the link is good at once, without one they are in reserve.

    Raises:
        As ``require_inviting``; SlotTaken, AnswerTooLate where the slot or the time does not fit any more.
    """
    occasion = require_inviting(session, speaker=speaker, call_id=call_id, now=now)
    coordinator = access.require_coordinator(session, speaker, occasion.cohort_id)
    if draft.answer_until is not None:
        _require_fit(session, occasion, draft.slot_id, draft.answer_until, now)
    invitation = Invitation(
        call_id=call_id,
        name=draft.name,
        post=draft.post,
        note=draft.note,
        rank=_last_rank(session, call_id) + 1,
        invited_by=coordinator.person_id,
    )
    if draft.answer_until is not None:
        _send(session, occasion, invitation, draft.slot_id, draft.answer_until, now)
    session.add(invitation)
    session.flush()
    log(session, occasion, invitation, "invite" if draft.answer_until else "reserve", coordinator.actor, now)
    return invitation_views.view_of(session, invitation.id or 0)


def send(
    session: Session,
    *,
    speaker: Speaker | None,
    invitation_id: int,
    slot_id: int | None,
    answer_until: datetime,
    now: datetime,
) -> InvitationView:
    """Invite somebody of the reserve list, or once more somebody who let it run out, declined or withdrew.

    Raises:
        As ``require_inviting``; SlotTaken, AnswerTooLate; Gone where the invitation is open or accepted already.
    """
    row = invitation_views.get(session, invitation_id)
    occasion = require_inviting(session, speaker=speaker, call_id=row.call_id, now=now)
    coordinator = access.require_coordinator(session, speaker, occasion.cohort_id)
    if row.status not in (InvitationStatus.WAITING, *FALLEN):
        raise Gone
    _require_fit(session, occasion, slot_id, answer_until, now)
    before = {"status": row.status}
    _unbind(row)
    _send(session, occasion, row, slot_id, answer_until, now)
    session.add(row)
    session.flush()
    log(session, occasion, row, "invite", coordinator.actor, now, before=before)
    return invitation_views.view_of(session, invitation_id)


def renew(session: Session, *, speaker: Speaker | None, invitation_id: int, now: datetime) -> InvitationView:
    """Make a new link; the old one and whoever has opened or kept it are out.

    Raises:
        Gone, NotAllowed, NotPublished, ForumOver: as ``require_inviting``.
        NothingToSend: it has been answered, taken back, or not been sent.
    """
    row = invitation_views.get(session, invitation_id)
    occasion = require_inviting(session, speaker=speaker, call_id=row.call_id, now=now)
    coordinator = access.require_coordinator(session, speaker, occasion.cohort_id)
    if row.status not in OPEN:
        raise NothingToSend
    _unbind(row)
    row.status, row.issue = InvitationStatus.SENT, row.issue + 1
    session.add(row)
    session.flush()
    log(session, occasion, row, "renew", coordinator.actor, now)
    return invitation_views.view_of(session, invitation_id)


def take_back(session: Session, *, speaker: Speaker | None, invitation_id: int, now: datetime) -> Fallen | None:
    """Withdraw an invitation, answered or not; ``None`` where it has fallen already. Its link is dead from now on.

    Raises:
        Gone, NotAllowed: there is no such invitation, or the speaker does not coordinate the cohort.
    """
    row = invitation_views.get(session, invitation_id)
    occasion = occasions.get_occasion(session, row.call_id)
    coordinator = access.require_coordinator(session, speaker, occasion.cohort_id)
    if row.status in FALLEN:
        return None
    row.issue += 1
    return fall(session, row, InvitationStatus.WITHDRAWN, coordinator.actor, now)


def fall(
    session: Session, row: Invitation, status: InvitationStatus, actor: Actor, now: datetime, reason: str = ""
) -> Fallen:
    """Let an invitation end without a speech, whoever caused it, and say who comes next."""
    was = InvitationStatus(row.status)
    row.status, row.reason, row.held_until = status, reason, None
    row.answered_at = now if actor.name != "schedule" else row.answered_at
    offered = invitation_places.let_fall(session, row, now)
    if was is InvitationStatus.ACCEPTED and row.signup_id is not None:
        offered += seats.withdraw(session, signup_id=row.signup_id, now=now).offered
    occasion = occasions.get_occasion(session, row.call_id)
    log(session, occasion, row, str(status), actor, now, before={"status": was}, reason=reason)
    following = invitation_views.next_waiting(session, row.call_id) if was is not InvitationStatus.WAITING else None
    return Fallen(invitation_views.view_of(session, row.id or 0), was, following, offered)


def log(
    session: Session,
    occasion: Occasion,
    row: Invitation,
    action: str,
    actor: Actor,
    now: datetime,
    *,
    before: Any = None,
    reason: str = "",
) -> None:
    """One line of the change log about an invitation; never its link."""
    line = audit.entry(
        actor=actor,
        now=now,
        action=action,
        subject="invitation",
        subject_id=row.id or 0,
        cohort_id=occasion.cohort_id,
        person_id=row.person_id,
        before=before,
        after={"name": row.name, "status": row.status, "answer_until": row.answer_until},
        reason=reason,
    )
    audit.record(session, line)


def _send(
    session: Session, occasion: Occasion, row: Invitation, slot_id: int | None, until: datetime, now: datetime
) -> None:
    people.secret(session, SECRET)
    row.status, row.issue = InvitationStatus.SENT, row.issue + 1
    row.slot_id, row.answer_until, row.invited_at = slot_id, until, now
    row.is_set_aside = invitation_places.set_aside(session, occasion)


def _unbind(row: Invitation) -> None:
    """Forget who opened and answered an earlier link."""
    row.person_id = row.guest_id = row.opened_by = row.signup_id = None
    row.opened_at = row.answered_at = row.held_until = row.reminded_at = None
    row.reason = ""


def _require_fit(session: Session, occasion: Occasion, slot_id: int | None, until: datetime, now: datetime) -> None:
    if not now < until <= occasion.starts_at:
        raise AnswerTooLate
    free = {slot.id for slot in invitation_views.free_slots(session, occasion.call_id)}
    if slot_id is not None and slot_id not in free:
        raise SlotTaken


def _last_rank(session: Session, call_id: int) -> int:
    query = select(func.coalesce(func.max(INVITATION.c.rank), 0)).where(INVITATION.c.call_id == call_id)
    return int(session.connection().execute(query).scalar_one())
