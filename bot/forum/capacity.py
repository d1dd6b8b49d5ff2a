"""More or fewer places than before. Nobody who is confirmed is ever dropped silently.

More: the new places are offered to the reserve list, as any place that becomes free. Fewer than are taken: the
coordinator decides whether everybody stays and the number shrinks as people leave, or who goes to the head of the
reserve list and is told why. Speech slots come and go with the speakers' places.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import func, insert, select
from sqlmodel import Session

from bot.audit import service as audit
from bot.errors import Gone, Refusal
from bot.forum import decisions, offers, pools
from bot.forum.models import HOLDING, Part, SignUpStatus
from bot.forum.offers import Offered, Why
from bot.forum.pools import POOL, SLOT
from bot.people import access
from bot.people.service import Speaker

MOST = 100_000
MOST_SPEAKERS = 200
SUBJECT = "forum_pool"


class NotANumberOfPlaces(Refusal):
    """Please send a whole number, such as 40."""


class EverybodyFits(Refusal):
    """There is a place for everybody, so nobody has to go."""


class AlreadyTaken(Refusal):
    """This has changed in the meantime. Please look again."""


class Room(Struct, frozen=True):
    """The places of one part of a call."""

    call_id: int
    part: Part
    capacity: int
    wanted: int
    taken: int
    reserves: int

    @property
    def surplus(self) -> int:
        """How many more are taken than wanted: so many have to go, or leave by themselves."""
        return max(0, self.taken - self.wanted)


class Changed(Struct, frozen=True):
    """The number of places is now another one; ``offered`` is whom the new ones went to."""

    room: Room
    offered: tuple[Offered, ...] = ()


class TooFew(Struct, frozen=True):
    """More are taken than would be left: nothing was changed, the coordinator must choose."""

    room: Room
    to: int


class SentBack(Struct, frozen=True):
    """Somebody lost the place to a coordinator's decision and now heads the reserve list."""

    signup_id: int
    room: Room


def look(session: Session, *, speaker: Speaker | None, call_id: int, part: str) -> Room:
    """The places of one part for whoever coordinates or audits; raises Gone or NotAllowed."""
    access.require_reader(session, speaker, pools.get_call(session, call_id).cohort_id)
    return room_of(session, call_id, part)


def room_of(session: Session, call_id: int, part: str) -> Room:
    """The places of one part; raises Gone."""
    session.flush()
    found = select(POOL).where(POOL.c.call_id == call_id, POOL.c.part == part)
    pool = session.connection().execute(found).first()
    if pool is None:
        raise Gone
    waiting = len(pools.reserves(session, call_id, part))
    return Room(call_id, Part(part), pool.capacity, pool.wanted, pool.taken, waiting)


def change(
    session: Session, *, speaker: Speaker | None, call_id: int, part: str, to: int, now: datetime
) -> Changed | TooFew:
    """Set the number of places. Where more than ``to`` are taken nothing happens yet: see ``keep`` and ``send_back``.

    Raises:
        Gone: there is no such call or part.
        NotAllowed: the speaker does not coordinate its cohort.
        NotANumberOfPlaces: below 0, above 100,000 listeners or 200 speakers.
    """
    pool = _lock(session, speaker, call_id, part, to)
    if pool.taken > to:
        return TooFew(room_of(session, call_id, part), to)
    _set(session, pool, capacity=to, wanted=to)
    _log(session, speaker, pool, to, now)
    return Changed(room_of(session, call_id, part), offers.promote(session, call_id, part, now))


def keep(session: Session, *, speaker: Speaker | None, call_id: int, part: str, to: int, now: datetime) -> Changed:
    """Lower the number and keep everybody: no place is offered any more until so many have left.

    Raises:
        Gone, NotAllowed, NotANumberOfPlaces: as ``change``.
    """
    pool = _lock(session, speaker, call_id, part, to)
    _set(session, pool, capacity=max(pool.taken, to), wanted=to)
    _log(session, speaker, pool, to, now, reason="keep everybody")
    return Changed(room_of(session, call_id, part), offers.promote(session, call_id, part, now))


def send_back(session: Session, *, speaker: Speaker | None, signup_id: int, reason: str, now: datetime) -> SentBack:
    """Let somebody go to the head of the reserve list because there are fewer places now; they are told why.

    Raises:
        Gone, NotAllowed: as ``change``.
        EverybodyFits: no more are taken than wanted; the place would be offered to the same person at once.
        AlreadyTaken: the sign-up holds no place any more.
    """
    row = pools.get_signup(session, signup_id)
    pool = require_lock(session, speaker, row.call_id, row.part)
    row = pools.get_signup(session, signup_id)
    if row.status not in HOLDING:
        raise AlreadyTaken
    if pool.taken <= pool.wanted:
        raise EverybodyFits
    reason = reason or Why.PLACES_REDUCED
    to_head(session, row, reason, now)
    pools.let_go(session, row)
    decisions.log(session, speaker, row, "send back", SignUpStatus.RESERVE, reason, now)
    return SentBack(signup_id, room_of(session, row.call_id, row.part))


def holders(session: Session, call_id: int, part: str) -> Sequence[Any]:
    """Who holds a place, the latest sign-ups first."""
    rows = pools.of_status(session, call_id, part, *HOLDING)
    return sorted(rows, key=lambda row: (row.signed_at, row.id), reverse=True)


def to_head(session: Session, row: Any, reason: str, now: datetime) -> None:
    """Put somebody before everybody else who waits. The caller holds the lock and gives back what they held."""
    rank = pools.head_rank(session, row.call_id, row.part)
    pools.move(session, row, SignUpStatus.RESERVE, now, rank=rank, reason=reason)


def require_lock(session: Session, speaker: Speaker | None, call_id: int, part: str) -> Any:
    """Take the pool for a coordinator of its cohort; raises Gone or NotAllowed."""
    access.require_coordinator(session, speaker, pools.get_call(session, call_id).cohort_id)
    return pools.lock(session, call_id, part)


def _lock(session: Session, speaker: Speaker | None, call_id: int, part: str, to: int) -> Any:
    access.require_coordinator(session, speaker, pools.get_call(session, call_id).cohort_id)
    if not 0 <= to <= (MOST if part == Part.LISTENER else MOST_SPEAKERS):
        raise NotANumberOfPlaces
    return pools.lock(session, call_id, part)


def _set(session: Session, pool: Any, *, capacity: int, wanted: int) -> None:
    """Write the numbers down under the lock, and let the running order follow."""
    pools.resize(session, pool, capacity=capacity, wanted=wanted, taken=pool.taken)
    if pool.part == Part.SPEAKER:
        for _ in range(pool.capacity - capacity):
            pools.drop_last_free_slot(session, pool.call_id)
        _add_slots(session, pool.call_id, capacity - pool.capacity)


def _add_slots(session: Session, call_id: int, count: int) -> None:
    if count <= 0:
        return
    minutes = pools.get_call(session, call_id).minutes
    last = select(func.coalesce(func.max(SLOT.c.position), 0)).where(SLOT.c.call_id == call_id)
    position = session.connection().execute(last).scalar_one()
    rows = [
        {"call_id": call_id, "position": position + number, "minutes": minutes, "label": "", "is_speech": True}
        for number in range(1, count + 1)
    ]
    session.connection().execute(insert(SLOT), rows)


def _log(session: Session, speaker: Speaker | None, pool: Any, to: int, now: datetime, reason: str = "") -> None:
    cohort_id = pools.get_call(session, pool.call_id).cohort_id
    line = audit.entry(
        actor=access.require_coordinator(session, speaker, cohort_id).actor,
        now=now,
        action="places",
        subject=SUBJECT,
        subject_id=pool.call_id,
        cohort_id=cohort_id,
        before={"part": pool.part, "places": pool.wanted},
        after={"part": pool.part, "places": to},
        reason=reason,
    )
    audit.record(session, line)
