"""An invitation as the coordinator and the speaker see it, read with its occasion. Writes nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.errors import Gone
from bot.forum import occasions, pools, queries
from bot.forum.invitation_links import OPEN
from bot.forum.models import Invitation, InvitationStatus, SignUpStatus
from bot.forum.occasions import Occasion
from bot.forum.pools import SIGNUP
from bot.guests import service as guests
from bot.guests.service import Party
from bot.people import service as people

INVITATION = Invitation.__table__  # type: ignore[attr-defined]
ORDER = {
    InvitationStatus.ACCEPTED: 0,
    InvitationStatus.HELD: 1,
    InvitationStatus.SENT: 2,
    InvitationStatus.WAITING: 3,
    InvitationStatus.EXPIRED: 4,
    InvitationStatus.DECLINED: 5,
    InvitationStatus.WITHDRAWN: 6,
}


class SlotView(Struct, frozen=True):
    """A speech in the running order: its number among the speeches from 1, about when it begins, how long it is."""

    id: int
    number: int
    begins: datetime
    minutes: int


class Talk(Struct, frozen=True):
    """What an invited speaker has said of the talk."""

    signup_id: int
    title: str
    outline: str
    needs: str
    slides: str


class InvitationView(Struct, frozen=True):
    """An invitation. ``until`` is when the wait for an answer ends; ``party`` whoever has answered."""

    id: int
    occasion: Occasion
    name: str
    post: str
    note: str
    status: InvitationStatus
    rank: int
    issue: int
    answer_until: datetime | None
    held_until: datetime | None
    slot: SlotView | None
    inviter: str
    party: Party | None
    opened_by: int | None
    opened_at: datetime | None
    answered_at: datetime | None
    reason: str
    talk: Talk | None
    thanked_at: datetime | None

    @property
    def until(self) -> datetime | None:
        """When the wait for an answer ends."""
        return self.held_until or self.answer_until

    @property
    def is_open(self) -> bool:
        """Whether an answer is awaited."""
        return self.status in OPEN

    @property
    def chat_id(self) -> int | None:
        """Where the speaker can be written to: the chat of whoever answered, else of whoever opened the link first."""
        return self.party.chat_id if self.party is not None else self.opened_by


def view_of(session: Session, invitation_id: int) -> InvitationView:
    """One invitation; raises Gone where there is none."""
    row = get(session, invitation_id)
    return _view(session, row, occasions.get_occasion(session, row.call_id))


def views_of(session: Session, call_id: int) -> list[InvitationView]:
    """All invitations of a call: accepted ones by the running order, open ones, the reserve list, those that fell."""
    occasion = occasions.get_occasion(session, call_id)
    query = find(Invitation).where(Invitation.call_id == call_id).order_by(col(Invitation.rank), col(Invitation.id))
    views = [_view(session, row, occasion) for row in session.exec(query).all()]
    return sorted(views, key=lambda one: (ORDER[one.status], one.slot.number if one.slot else 0, one.rank, one.id))


def next_waiting(session: Session, call_id: int) -> InvitationView | None:
    """Whose turn it is on the reserve list."""
    query = find(Invitation).where(Invitation.call_id == call_id, Invitation.status == InvitationStatus.WAITING)
    row = session.exec(query.order_by(col(Invitation.rank), col(Invitation.id)).limit(1)).first()
    return _view(session, row, occasions.get_occasion(session, call_id)) if row is not None else None


def get(session: Session, invitation_id: int) -> Invitation:
    """The row as the database has it now; raises Gone."""
    session.flush()
    query = find(Invitation).where(Invitation.id == invitation_id)
    row = session.exec(query.execution_options(populate_existing=True)).first()
    if row is None:
        raise Gone
    return row


def free_slots(session: Session, call_id: int) -> list[SlotView]:
    """The speeches that nobody gives and that are kept for nobody."""
    occasion = occasions.get_occasion(session, call_id)
    laid = slots_of(session, occasion)
    return [view for row, view in laid if row.signup_id is None and not pools.is_kept(session, row.id)]


def slots_of(session: Session, occasion: Occasion) -> Sequence[tuple[Any, SlotView]]:
    """The speeches of the running order with number and planned beginning."""
    begins, number, found = occasion.starts_at, 0, []
    for row in queries.slots_of(session, occasion.call_id):
        if row.is_speech:
            number += 1
            found.append((row, SlotView(row.id, number, begins, row.minutes)))
        begins += timedelta(minutes=row.minutes)
    return found


def _view(session: Session, row: Invitation, occasion: Occasion) -> InvitationView:
    return InvitationView(
        id=row.id or 0,
        occasion=occasion,
        name=row.name,
        post=row.post,
        note=row.note,
        status=InvitationStatus(row.status),
        rank=row.rank,
        issue=row.issue,
        answer_until=row.answer_until,
        held_until=row.held_until,
        slot=_slot_of(session, row, occasion),
        inviter=people.get_person(session, row.invited_by).name,
        party=party_of(session, row, occasion.language),
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        answered_at=row.answered_at,
        reason=row.reason,
        talk=_talk_of(session, row),
        thanked_at=row.thanked_at,
    )


def party_of(session: Session, row: Invitation, language: str) -> Party | None:
    """Whoever has answered. A guest whose account has been linked to a person since is that person."""
    signup = _signup_of(session, row)
    person_id, guest_id = (signup.person_id, signup.guest_id) if signup is not None else (row.person_id, row.guest_id)
    found = guests.parties(session, person_ids=[person_id], guest_ids=[guest_id], language=language)
    return found.of(person_id, guest_id) if person_id is not None or guest_id is not None else None


def _slot_of(session: Session, row: Invitation, occasion: Occasion) -> SlotView | None:
    if row.slot_id is None and row.signup_id is None:
        return None
    laid = slots_of(session, occasion)
    if row.signup_id is not None:
        return next((view for slot, view in laid if slot.signup_id == row.signup_id), None)
    return next((view for slot, view in laid if slot.id == row.slot_id), None)


def _talk_of(session: Session, row: Invitation) -> Talk | None:
    signup = _signup_of(session, row)
    if signup is None or signup.status != SignUpStatus.CONFIRMED:
        return None
    return Talk(
        signup.id, signup.title, signup.outline, signup.needs, signup.slides_name if signup.slides_file_id else ""
    )


def _signup_of(session: Session, row: Invitation) -> Any | None:
    if row.signup_id is None:
        return None
    return session.connection().execute(select(SIGNUP).where(SIGNUP.c.id == row.signup_id)).first()
