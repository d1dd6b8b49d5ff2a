"""How long people outside the roster are remembered: until some time after the last event they were there for.

What was counted by them stays, such as seats and feedback; who they were goes, and what they told us of themselves.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, union, update
from sqlmodel import Session

from bot.forum.invitation_views import INVITATION
from bot.forum.occasions import ACTIVITY, CALL
from bot.forum.pools import SIGNUP
from bot.guests import service as guests

KEPT = timedelta(days=90)
_BLANK = {
    "needs": "",
    "slides_file_id": "",
    "slides_name": "",
    "slides_size": None,
    "slides_chat_id": None,
    "slides_message_id": None,
}


def find_old(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Guests whose last event ended longer ago than they are kept, or who came that long ago and to none."""
    old = guests.joined_before(session, now - KEPT)
    signed = select(SIGNUP.c.guest_id).join(CALL, CALL.c.id == SIGNUP.c.call_id)
    invited = select(INVITATION.c.guest_id).join(CALL, CALL.c.id == INVITATION.c.call_id)
    is_recent = (ACTIVITY.c.ends_at > now - KEPT,)
    recent = union(
        signed.join(ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id).where(*is_recent, SIGNUP.c.guest_id.is_not(None)),
        invited.join(ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id).where(
            *is_recent, INVITATION.c.guest_id.is_not(None)
        ),
    )
    kept = set(session.connection().execute(recent).scalars())
    return [guest_id for guest_id in old if guest_id not in kept][:limit]


def forget(session: Session, guest_ids: Sequence[int]) -> int:
    """Erase who they were, what they needed, their slides, and why they declined; how many guests."""
    connection = session.connection()
    connection.execute(update(SIGNUP).where(SIGNUP.c.guest_id.in_(guest_ids)).values(**_BLANK))
    said = update(INVITATION).where(INVITATION.c.guest_id.in_(guest_ids))
    connection.execute(said.values(reason="", note="", opened_by=None))
    return guests.forget(session, guest_ids)
