"""Everybody who signed up to a call, as a coordinator sees them: how they stand, why, and what a choice should know.

Reads only. Earlier turns are shown beside each name, not as a ranking: the order is that of the places.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlmodel import Session

from bot.errors import Gone
from bot.forum import drawing, pools, seats, turns
from bot.forum.capacity import Room, room_of
from bot.forum.choosing import Mark
from bot.forum.drawing import Record
from bot.forum.hat import Entry
from bot.forum.models import Part, SignUpStatus
from bot.forum.pools import SIGNUP
from bot.forum.queries import TOPIC
from bot.forum.views import CallView, view_of
from bot.guests import service as guests
from bot.guests.service import Party
from bot.people import access
from bot.people import service as people
from bot.people.service import Speaker

ORDER = (
    SignUpStatus.CONFIRMED,
    SignUpStatus.OFFERED,
    SignUpStatus.PENDING,
    SignUpStatus.RESERVE,
    SignUpStatus.NOT_CHOSEN,
    SignUpStatus.WITHDRAWN,
)


class Entrant(Struct, frozen=True):
    """One sign-up. ``number`` is the place on the reserve list (0: not on it), ``turns`` what the draw would weigh."""

    signup_id: int
    call_id: int
    part: Part
    status: SignUpStatus
    party: Party
    topic: str
    title: str
    outline: str
    needs: str
    slides: str
    rank: int
    number: int
    slot: int | None
    about: datetime | None
    offer_until: datetime | None
    signed_at: datetime
    mark: Mark | None
    reason: str
    turns: Entry

    @property
    def is_reachable(self) -> bool:
        """Whether the bot can write to them."""
        return self.party.chat_id is not None


class Roll(Struct, frozen=True):
    """The sign-ups of one part of a call, in the order of their places; ``draw`` once it has been held."""

    call: CallView
    part: Part
    room: Room
    entrants: tuple[Entrant, ...]
    draw: Record | None

    def of(self, *statuses: SignUpStatus) -> list[Entrant]:
        """Those who stand so."""
        return [one for one in self.entrants if one.status in statuses]

    def entrant(self, signup_id: int) -> Entrant:
        """One of them; raises Gone."""
        found = next((one for one in self.entrants if one.signup_id == signup_id), None)
        if found is None:
            raise Gone
        return found


def roll_of(session: Session, *, speaker: Speaker | None, call_id: int, part: str, now: datetime) -> Roll:
    """The sign-ups of one part for a coordinator or an auditor.

    Raises:
        Gone: the call has no such part.
        NotAllowed: the speaker neither coordinates nor audits its cohort.
    """
    call = view_of(session, call_id, now)
    access.require_reader(session, speaker, call.cohort_id)
    return read_roll(session, call, part, now)


def read_roll(session: Session, call: CallView, part: str, now: datetime) -> Roll:
    """The sign-ups of one part, for whoever has been let in; raises Gone."""
    room = room_of(session, call.id, part)
    entrants = _entrants(session, call, _rows(session, call.id, part), now)
    return Roll(call, Part(part), room, entrants, drawing.record_of(session, call.id))


def find(session: Session, *, speaker: Speaker | None, signup_id: int, now: datetime) -> tuple[Roll, Entrant]:
    """One sign-up and the roll it stands in; raises Gone or NotAllowed."""
    row = pools.get_signup(session, signup_id)
    roll = roll_of(session, speaker=speaker, call_id=row.call_id, part=row.part, now=now)
    return roll, roll.entrant(signup_id)


def parts_of(call: CallView) -> list[Part]:
    """The parts for which a call has places."""
    pairs = ((Part.SPEAKER, call.speakers), (Part.LISTENER, call.listeners))
    return [part for part, pool in pairs if pool is not None]


def _rows(session: Session, call_id: int, part: str) -> Sequence[Any]:
    session.flush()
    query = (
        select(SIGNUP, TOPIC.c.text.label("topic"))
        .outerjoin(TOPIC, TOPIC.c.id == SIGNUP.c.topic_id)
        .where(SIGNUP.c.call_id == call_id, SIGNUP.c.part == part)
    )
    return session.connection().execute(query.order_by(SIGNUP.c.rank, SIGNUP.c.signed_at, SIGNUP.c.id)).all()


def _entrants(session: Session, call: CallView, rows: Sequence[Any], now: datetime) -> tuple[Entrant, ...]:
    found = guests.parties(
        session,
        person_ids=[row.person_id for row in rows],
        guest_ids=[row.guest_id for row in rows],
        language=call.language,
    )
    cohort = people.get_cohort(session, call.cohort_id)
    weighed = {one.number: one for one in turns.earlier(session, call.id, rows, people.local_day(cohort, now))}
    slots = seats.slots_of(session, call.id)
    waiting = [row.id for row in rows if row.status == SignUpStatus.RESERVE]
    numbers = {signup_id: number for number, signup_id in enumerate(waiting, start=1)}
    made = [
        _entrant(row, party, weighed[row.id], slots.get(row.id, (None, None)), numbers.get(row.id, 0))
        for row in rows
        if (party := found.of(row.person_id, row.guest_id)) is not None
    ]
    return tuple(sorted(made, key=lambda one: (ORDER.index(one.status), one.slot or 0)))


def _entrant(row: Any, party: Party, weighed: Entry, slot: tuple[int | None, datetime | None], number: int) -> Entrant:
    return Entrant(
        signup_id=row.id,
        call_id=row.call_id,
        part=Part(row.part),
        status=SignUpStatus(row.status),
        party=party,
        topic=row.topic or "",
        title=row.title,
        outline=row.outline,
        needs=row.needs,
        slides=row.slides_name if row.slides_file_id else "",
        rank=row.rank,
        number=number,
        slot=slot[0],
        about=slot[1],
        offer_until=row.offer_until,
        signed_at=row.signed_at,
        mark=Mark(row.mark) if row.mark else None,
        reason=row.reason,
        turns=weighed,
    )
