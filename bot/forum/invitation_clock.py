"""What the clock does with invitations: reminders before the answer time, running out, thanks the morning after.

A speaker who gave the place up on another screen is found here too, so that the coordinator hears of it. Neither words
nor sends anything.
"""

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import and_, func, or_, select, update
from sqlmodel import Session

from bot.audit.service import Actor
from bot.errors import Refusal
from bot.forum import answering, feedback, invitation_links, invitation_rules, invitation_views, invitations
from bot.forum.feedback import Result
from bot.forum.invitation_links import OPEN
from bot.forum.invitation_views import INVITATION, InvitationView
from bot.forum.invitations import Fallen
from bot.forum.models import HOLDING, InvitationStatus
from bot.forum.occasions import ACTIVITY, CALL, RUNNING
from bot.forum.pools import SIGNUP, SLOT
from bot.forum.running_order import Order
from bot.people import access
from bot.people.service import Speaker
from bot.preferences import service as preferences

CLOCK = Actor(name="schedule")
LATEST_THANKS = timedelta(days=7)
_UNTIL = func.coalesce(INVITATION.c.held_until, INVITATION.c.answer_until)
_RUNNING = and_(CALL.c.status.in_(RUNNING), ACTIVITY.c.cancelled_at.is_(None))
_WITH_CALL = INVITATION.join(CALL, CALL.c.id == INVITATION.c.call_id).join(
    ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id
)


class NotThankable(Refusal):
    """Only who has spoken can be thanked, once the forum is over."""


class Reminded(Struct, frozen=True):
    """An invitation whose answer time is about to end; ``proof`` makes the speaker's buttons work, where known."""

    view: InvitationView
    proof: str = ""


def is_due(session: Session, now: datetime) -> bool:
    """Whether a pass may have anything to do: one look at the few invitations that are open, or not thanked yet."""
    unthanked = and_(INVITATION.c.status == InvitationStatus.ACCEPTED, INVITATION.c.thanked_at.is_(None))
    query = select(INVITATION.c.id).select_from(_WITH_CALL)
    query = query.where(or_(INVITATION.c.status.in_(OPEN), unthanked), ACTIVITY.c.ends_at > now - LATEST_THANKS)
    return session.connection().execute(query.limit(1)).first() is not None


def expire(session: Session, *, now: datetime, limit: int) -> list[Fallen]:
    """Let the invitations run out whose answer time is over, or whose forum has begun; who follows each."""
    over = or_(now >= _UNTIL, ACTIVITY.c.ends_at <= now)
    query = select(INVITATION.c.id).select_from(_WITH_CALL).where(INVITATION.c.status.in_(OPEN), over)
    ids = session.connection().execute(query.order_by(INVITATION.c.id).limit(limit)).scalars().all()
    return [_expire(session, invitation_id, now) for invitation_id in ids]


def remind(session: Session, *, now: datetime, limit: int) -> list[Reminded]:
    """Note and return the invitations that are to be reminded of now; each once, and anew after more time was given."""
    query = (
        select(INVITATION.c.id, INVITATION.c.invited_at, INVITATION.c.answered_at, _UNTIL.label("until"))
        .select_from(_WITH_CALL)
        .where(INVITATION.c.status.in_(OPEN), INVITATION.c.reminded_at.is_(None), now < _UNTIL, _RUNNING)
        .order_by(INVITATION.c.id)
    )
    rows = session.connection().execute(query).all()
    due = [
        row.id
        for row in rows
        if now >= invitation_rules.remind_at(row.answered_at or row.invited_at or row.until, row.until)
        and not rests(session, invitation_views.view_of(session, row.id), now)
    ][:limit]
    session.connection().execute(update(INVITATION).where(INVITATION.c.id.in_(due)).values(reminded_at=now))
    session.expire_all()
    return [_reminded(session, invitation_id) for invitation_id in due]


def find_gone(session: Session, *, now: datetime, limit: int) -> list[Fallen]:
    """Accepted invitations whose sign-up no longer holds: the speaker, or a coordinator, gave it up elsewhere."""
    query = (
        select(INVITATION.c.id)
        .join(SIGNUP, SIGNUP.c.id == INVITATION.c.signup_id)
        .where(INVITATION.c.status == InvitationStatus.ACCEPTED, SIGNUP.c.status.not_in(HOLDING))
    )
    ids = session.connection().execute(query.order_by(INVITATION.c.id).limit(limit)).scalars().all()
    return [
        invitations.fall(session, invitation_views.get(session, invitation_id), InvitationStatus.WITHDRAWN, CLOCK, now)
        for invitation_id in ids
    ]


def thank_due(session: Session, *, now: datetime, limit: int) -> list[InvitationView]:
    """Note and return the speakers to be thanked now: the morning after, unless they have been."""
    query = (
        select(INVITATION.c.id)
        .select_from(_WITH_CALL)
        .where(
            INVITATION.c.status == InvitationStatus.ACCEPTED,
            INVITATION.c.thanked_at.is_(None),
            ACTIVITY.c.ends_at <= now,
            ACTIVITY.c.ends_at > now - LATEST_THANKS,
            _RUNNING,
        )
        .order_by(INVITATION.c.id)
    )
    ids = session.connection().execute(query.limit(limit)).scalars().all()
    views = [invitation_views.view_of(session, invitation_id) for invitation_id in ids]
    due = [one for one in views if now >= invitation_rules.thanks_at(one.occasion.ends_at, one.occasion.zone)]
    return [_thank(session, one.id, now) for one in due]


def thank(session: Session, *, speaker: Speaker | None, invitation_id: int, now: datetime) -> InvitationView | None:
    """Thank one speaker before the clock does; ``None`` where that was done.

    Raises:
        Gone, NotAllowed: there is no such invitation, or the speaker does not coordinate the cohort.
        NotThankable: it is not over, or they did not accept.
    """
    view = invitation_views.view_of(session, invitation_id)
    coordinator = access.require_coordinator(session, speaker, view.occasion.cohort_id)
    if view.status is not InvitationStatus.ACCEPTED or not view.occasion.is_running or now < view.occasion.ends_at:
        raise NotThankable
    if view.thanked_at is not None:
        return None
    row = invitation_views.get(session, invitation_id)
    invitations.log(session, view.occasion, row, "thank", coordinator.actor, now)
    return _thank(session, invitation_id, now)


def rests(session: Session, view: InvitationView, now: datetime) -> bool:
    """Whether the speaker should hear nothing now: at night, or in hours of their own."""
    person_id = view.party.person_id if view.party is not None else None
    own = preferences.stored_choices(session, person_id).quiet if person_id is not None else None
    return answering.is_resting(now, view.occasion.zone, own)


def said_of(session: Session, view: InvitationView, now: datetime) -> tuple[Order, Result] | None:
    """What the room said of the talk, where enough have and the speaker has not been told; they count as told then."""
    slot = view.slot
    if slot is None:
        return None
    row = session.connection().execute(select(SLOT).where(SLOT.c.id == slot.id)).one()
    if row.done_at is None or row.results_told_at is not None:
        return None
    order, result = feedback.take_untold(session, slot.id, now)
    return (order, result) if result.is_shown else None


def _expire(session: Session, invitation_id: int, now: datetime) -> Fallen:
    row = invitation_views.get(session, invitation_id)
    return invitations.fall(session, row, InvitationStatus.EXPIRED, CLOCK, now)


def _reminded(session: Session, invitation_id: int) -> Reminded:
    view = invitation_views.view_of(session, invitation_id)
    if view.chat_id is None:
        return Reminded(view)
    return Reminded(view, invitation_links.proof_of(session, invitation_id, view.issue, view.chat_id))


def _thank(session: Session, invitation_id: int, now: datetime) -> InvitationView:
    row = invitation_views.get(session, invitation_id)
    row.thanked_at = now
    session.add(row)
    session.flush()
    return invitation_views.view_of(session, invitation_id)
