"""People outside the roster, and parties: whoever takes part in something, be it a person of the roster or a guest.

The only writer of guests. A guest is known by one Telegram account, has no role anywhere and sees nothing but what they
came for. When the same account is later linked to a person, the person is the party.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select, update
from sqlmodel import Session

from bot.database import insert_missing
from bot.guests.models import Guest
from bot.i18n import guess_language
from bot.people.service import PERSON, Speaker

GUEST = Guest.__table__  # type: ignore[attr-defined]
HOUSE_LANGUAGE = "zh"


class Party(Struct, frozen=True):
    """A person or a guest. ``chat_id`` is ``None`` where they cannot be reached in chat; ``unit`` may be empty."""

    person_id: int | None
    guest_id: int | None
    name: str
    unit: str
    language: str
    chat_id: int | None


class Parties(Struct, frozen=True):
    """Many parties, by the number of the person or of the guest."""

    persons: dict[int, Party]
    guests: dict[int, Party]

    def of(self, person_id: int | None, guest_id: int | None) -> Party | None:
        """The party of a row that names one of both."""
        return self.persons.get(person_id or 0) if person_id is not None else self.guests.get(guest_id or 0)

    def all(self) -> list[Party]:
        """Everybody, persons first, in the order of their numbers."""
        return [group[number] for group in (self.persons, self.guests) for number in sorted(group)]


_PERSONS = select(
    PERSON.c.id, PERSON.c.name, PERSON.c.unit, PERSON.c.language, PERSON.c.telegram_id, PERSON.c.unreachable_at
)
_GUESTS = select(GUEST.c.id, GUEST.c.name, GUEST.c.unit, GUEST.c.language, GUEST.c.telegram_id, GUEST.c.unreachable_at)


def party_of(session: Session, *, speaker: Speaker | None, telegram_id: int) -> Party | None:
    """The person behind the account, else the guest, else nobody. A guest's word makes them reachable again."""
    if speaker is not None:
        return parties(session, person_ids=[speaker.person_id]).persons.get(speaker.person_id)
    row = session.connection().execute(_GUESTS.where(GUEST.c.telegram_id == telegram_id)).first()
    if row is None:
        return None
    if row.unreachable_at is not None:
        session.execute(update(GUEST).where(GUEST.c.id == row.id).values(unreachable_at=None))
    return _guest(row, HOUSE_LANGUAGE, is_reachable=True)


def parties(
    session: Session,
    *,
    person_ids: Iterable[int | None] = (),
    guest_ids: Iterable[int | None] = (),
    language: str = HOUSE_LANGUAGE,
) -> Parties:
    """Those persons and guests, in one query each; ``language`` where somebody chose none. ``None`` is passed over."""
    connection = session.connection()
    persons, guests = _numbers(person_ids), _numbers(guest_ids)
    found = connection.execute(_PERSONS.where(PERSON.c.id.in_(persons))).all() if persons else ()
    known = connection.execute(_GUESTS.where(GUEST.c.id.in_(guests))).all() if guests else ()
    return Parties(
        {row.id: _person(row, language) for row in found},
        {row.id: _guest(row, language, is_reachable=row.unreachable_at is None) for row in known},
    )


def enrol(
    session: Session,
    *,
    organisation_id: int,
    telegram_id: int,
    name: str,
    unit: str,
    phone: str | None,
    language: str,
    now: datetime,
) -> Party:
    """Write down a guest; the same account again is the same guest with what they say now."""
    said = {"name": name, "unit": unit, "phone": phone, "language": guess_language(language), "unreachable_at": None}
    row = {"organisation_id": organisation_id, "telegram_id": telegram_id, "joined_at": now, **said}
    if not insert_missing(session, GUEST, [row]):
        session.execute(update(GUEST).where(GUEST.c.telegram_id == telegram_id).values(**said))
    party = party_of(session, speaker=None, telegram_id=telegram_id)
    assert party is not None  # noqa: S101 - it was inserted or was there
    return party


def guest_of(session: Session, telegram_id: int) -> int | None:
    """The guest that this account was or is, also when it has been linked to a person since."""
    return session.connection().execute(select(GUEST.c.id).where(GUEST.c.telegram_id == telegram_id)).scalar()


def mark_unreachable(session: Session, telegram_id: int, now: datetime) -> bool:
    """Note that Telegram refuses to deliver to this account; whether that is news of a guest."""
    silent = update(GUEST).where(GUEST.c.telegram_id == telegram_id, GUEST.c.unreachable_at.is_(None))
    return session.connection().execute(silent.values(unreachable_at=now)).rowcount > 0


def forget(session: Session, guest_ids: Iterable[int]) -> int:
    """Erase who these guests were: name, unit, phone and account. The empty row stays, as places were counted by it.

    An account that comes back is a new guest.
    """
    numbers = _numbers(guest_ids)
    if not numbers:
        return 0
    wanted = update(GUEST).where(GUEST.c.id.in_(numbers), GUEST.c.telegram_id > 0)
    blank = wanted.values(name="", unit="", phone=None, language="", telegram_id=-GUEST.c.id)
    return session.connection().execute(blank).rowcount


def joined_before(session: Session, instant: datetime) -> Sequence[int]:
    """Guests who are still known and came before the instant: those whose last event may be long over."""
    query = select(GUEST.c.id).where(GUEST.c.joined_at < instant, GUEST.c.telegram_id > 0)
    return session.connection().execute(query).scalars().all()


def _numbers(ids: Iterable[int | None]) -> list[int]:
    return sorted({number for number in ids if number is not None})


def _person(row: Any, language: str) -> Party:
    chat_id = row.telegram_id if row.unreachable_at is None else None
    return Party(row.id, None, row.name, row.unit or "", row.language or language, chat_id)


def _guest(row: Any, language: str, *, is_reachable: bool) -> Party:
    chat_id = row.telegram_id if is_reachable and row.telegram_id > 0 else None
    return Party(None, row.id, row.name, row.unit, row.language or language, chat_id)
