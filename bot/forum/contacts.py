"""Who stands behind a sign-up: the party to write to, and the phone number where writing does not help. Reads only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import func, or_, select
from sqlmodel import Session

from bot.forum import pools
from bot.forum.models import Part, SignUpStatus
from bot.forum.offers import Offered
from bot.forum.pools import SIGNUP
from bot.guests import service as guests
from bot.guests.models import Guest
from bot.guests.service import Party
from bot.people.service import PERSON

GUEST = Guest.__table__  # type: ignore[attr-defined]


class Contact(Struct, frozen=True):
    """How a coordinator reaches somebody whom the bot does not; ``phone`` may be empty."""

    name: str
    phone: str


def party_of(session: Session, signup_id: int, language: str) -> Party | None:
    """The person or guest behind a sign-up; raises Gone."""
    row = pools.get_signup(session, signup_id)
    found = guests.parties(session, person_ids=[row.person_id], guest_ids=[row.guest_id], language=language)
    return found.of(row.person_id, row.guest_id)


def contact_of(session: Session, signup_id: int) -> Contact:
    """Name and phone number behind a sign-up; raises Gone."""
    row = pools.get_signup(session, signup_id)
    table, number = (PERSON, row.person_id) if row.person_id is not None else (GUEST, row.guest_id)
    found = session.connection().execute(select(table.c.name, table.c.phone).where(table.c.id == number)).first()
    return Contact(found.name or "", found.phone or "") if found else Contact("", "")


def is_own(session: Session, signup_id: int, party: Party | None, telegram_id: int) -> bool:
    """Whether a sign-up is of this party or was made with the account before it was linked; raises Gone."""
    row = pools.get_signup(session, signup_id)
    if row.person_id is not None:
        return party is not None and row.person_id == party.person_id
    return bool(row.guest_id == guests.guest_of(session, telegram_id))


def own_signup(session: Session, call_id: int, party: Party | None, telegram_id: int) -> int | None:
    """The id of the sign-up of this party to a call."""
    person_id = party.person_id if party is not None else None
    named = ((SIGNUP.c.person_id, person_id), (SIGNUP.c.guest_id, guests.guest_of(session, telegram_id)))
    mine = [column == number for column, number in named if number is not None]
    if not mine:
        return None
    query = select(SIGNUP.c.id).where(SIGNUP.c.call_id == call_id, or_(*mine))
    return session.connection().execute(query.order_by(SIGNUP.c.person_id.is_(None)).limit(1)).scalar()


def count_waiting(session: Session, call_id: int) -> int:
    """How many speakers wait for a choice."""
    query = select(func.count()).where(
        SIGNUP.c.call_id == call_id, SIGNUP.c.part == Part.SPEAKER, SIGNUP.c.status == SignUpStatus.PENDING
    )
    return int(session.connection().execute(query).scalar_one())


def unreached(session: Session, now: datetime) -> Sequence[Offered]:
    """Open offers of those who cannot be reached in chat, also when they blocked the bot only after the offer."""
    rows = session.connection().execute(_OPEN.where(SIGNUP.c.offer_until > now)).all()
    return [_offered(row) for row in rows if row.chat is None or row.unreachable is not None]


_OPEN = (
    select(
        SIGNUP,
        func.coalesce(PERSON.c.telegram_id, GUEST.c.telegram_id).label("chat"),
        func.coalesce(PERSON.c.unreachable_at, GUEST.c.unreachable_at).label("unreachable"),
    )
    .outerjoin(PERSON, PERSON.c.id == SIGNUP.c.person_id)
    .outerjoin(GUEST, GUEST.c.id == SIGNUP.c.guest_id)
    .where(SIGNUP.c.status == SignUpStatus.OFFERED)
)


def _offered(row: Any) -> Offered:
    return Offered(row.id, row.call_id, Part(row.part), row.person_id, row.guest_id, row.offered_at, row.offer_until)
