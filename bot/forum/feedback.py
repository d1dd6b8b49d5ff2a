"""Feedback on a talk: two taps from 1 to 5 and perhaps a sentence, without a name, shown in full fives only.

Each part is kept by itself under a number drawn by lot; that somebody has given it is kept elsewhere. What is shown
moves on only when five more have answered, so that nobody's answer can be read off the difference.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import func, select, update
from sqlmodel import Session

from bot.checkin import service as checkin
from bot.checkin.rules import Status
from bot.database import insert_missing
from bot.errors import Gone, Refusal
from bot.forum import lots, queries
from bot.forum.models import Part, SignUpStatus
from bot.forum.plan import State
from bot.forum.questions import clean, require_room
from bot.forum.running_order import STAGE, Item, Order, call_of, load, show
from bot.forum.stage_models import Feedback, FeedbackGiven, FeedbackPart, FeedbackTally
from bot.guests import service as guests
from bot.guests.service import Party
from bot.people.service import Speaker

FEEDBACK = Feedback.__table__  # type: ignore[attr-defined]
GIVEN = FeedbackGiven.__table__  # type: ignore[attr-defined]
TALLY = FeedbackTally.__table__  # type: ignore[attr-defined]
FIVE = 5
LONGEST = 300
OPEN_FOR = timedelta(hours=48)
"""So long after a talk feedback on it is taken."""
TOLD_AFTER = timedelta(hours=20)
"""So long after the forum's end a speaker is told what the room said."""


class NotHeldYet(Refusal):
    """Feedback on a talk is taken from its end, for two days."""


class OwnTalk(Refusal):
    """This is your own talk: let the others say how it was."""


class Taken(StrEnum):
    """What became of a tap or a sentence."""

    KEPT = "kept"
    AGAIN = "again"
    """That part had been given before; what was given counts."""
    EMPTY = "empty"
    TOO_LONG = "too_long"


class Choice(Struct, frozen=True):
    """One talk somebody may say something about, and which parts they have said."""

    item: Item
    given: frozenset[str]

    @property
    def is_done(self) -> bool:
        """Whether both taps were made."""
        return {FeedbackPart.CLEAR, FeedbackPart.USEFUL} <= self.given


class Offer(Struct, frozen=True):
    """All talks of a forum about which somebody may say something."""

    order: Order
    choices: tuple[Choice, ...]


class Score(Struct, frozen=True):
    """What may be shown of one question: the mean of ``answers``, which are a multiple of five; 0 for too few."""

    answers: int = 0
    mean: float = 0.0


class Result(Struct, frozen=True):
    """What the room said of one talk; sentences only where one of the questions may be shown."""

    item: Item
    clear: Score = Score()
    useful: Score = Score()
    sentences: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether there are enough answers to show anything."""
        return bool(self.clear.answers or self.useful.answers)


def offer(session: Session, *, speaker: Speaker | None, telegram_id: int, call_id: int, now: datetime) -> Offer:
    """The talks somebody may say something about; raises Gone, NotInTheRoom, ForumOff."""
    order = require_room(session, speaker, telegram_id, call_id, now)
    party = guests.party_of(session, speaker=speaker, telegram_id=telegram_id)
    held = [item for item in order.talks if is_open(item, now) and not _is_own(item, party)]
    given = _given(session, telegram_id, [item.piece.id for item in held])
    return Offer(order, tuple(Choice(item, frozenset(given.get(item.piece.id, ()))) for item in held))


def require_talk(
    session: Session, *, speaker: Speaker | None, telegram_id: int, slot_id: int, now: datetime
) -> tuple[Order, Choice]:
    """One talk, for somebody who may say something about it.

    Raises:
        Gone, NotInTheRoom, ForumOff: there is nothing to say here.
        NotHeldYet: it has not ended, or long ago.
        OwnTalk: the speaker's own.
    """
    order = require_room(session, speaker, telegram_id, call_of(session, slot_id), now)
    item = order.item(slot_id)
    if item.talk is None or not is_open(item, now):
        raise NotHeldYet
    if _is_own(item, guests.party_of(session, speaker=speaker, telegram_id=telegram_id)):
        raise OwnTalk
    return order, Choice(item, frozenset(_given(session, telegram_id, [slot_id]).get(slot_id, ())))


def tap(
    session: Session,
    *,
    speaker: Speaker | None,
    telegram_id: int,
    slot_id: int,
    part: FeedbackPart,
    points: int,
    now: datetime,
) -> tuple[Taken, Order, Choice]:
    """Take one tap; the first counts. Raises as ``require_talk``, and Gone for points that no button has."""
    order, _ = require_talk(session, speaker=speaker, telegram_id=telegram_id, slot_id=slot_id, now=now)
    if not 1 <= points <= FIVE:
        raise Gone
    taken = _take(session, telegram_id, slot_id, part, points=points)
    if taken is Taken.KEPT:
        _count_up(session, slot_id, part)
    _, choice = require_talk(session, speaker=speaker, telegram_id=telegram_id, slot_id=slot_id, now=now)
    return taken, order, choice


def say(
    session: Session, *, speaker: Speaker | None, telegram_id: int, slot_id: int, text: str, now: datetime
) -> tuple[Taken, Order, Choice]:
    """Take a sentence for the speaker; one a talk. Raises as ``require_talk``."""
    order, choice = require_talk(session, speaker=speaker, telegram_id=telegram_id, slot_id=slot_id, now=now)
    words = clean(text)
    if not words or len(words) > LONGEST:
        return (Taken.TOO_LONG if words else Taken.EMPTY), order, choice
    return _take(session, telegram_id, slot_id, FeedbackPart.SENTENCE, sentence=words), order, choice


def is_open(item: Item, now: datetime) -> bool:
    """Whether feedback on an item is taken at ``now``."""
    return item.timed.state is State.DONE and now <= item.timed.ends_at + OPEN_FOR


def results(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> tuple[Order, list[Result]]:
    """What the room said, talk by talk in the running order, for staff; raises Gone, NotAllowed."""
    order = show(session, speaker=speaker, call_id=call_id, now=now)
    return order, [result_of(session, item) for item in order.talks if item.timed.state is State.DONE]


def result_of(session: Session, item: Item) -> Result:
    """What may be shown of one talk."""
    slot_id = item.piece.id
    rows = session.connection().execute(select(TALLY).where(TALLY.c.slot_id == slot_id))
    scores = {row.part: Score(row.answers, row.points / row.answers) for row in rows}
    if not scores:
        return Result(item)
    said = (FEEDBACK.c.slot_id == slot_id, FEEDBACK.c.part == FeedbackPart.SENTENCE)
    sentences = session.connection().execute(select(FEEDBACK.c.sentence).where(*said).order_by(FEEDBACK.c.id))
    clear, useful = (scores.get(part, Score()) for part in (FeedbackPart.CLEAR, FeedbackPart.USEFUL))
    return Result(item, clear, useful, tuple(sentences.scalars()))


def room(session: Session, order: Order) -> list[Party]:
    """Those who were there: whoever checked in, at the activity or at the door of the forum, and whoever spoke.

    Where nobody checked in, those who had a place.
    """
    call = order.call
    arrived = (Status.PRESENT, Status.LATE)
    records = checkin.attendance_of(session, call.cohort_id, activity_ids=[call.activity_id])
    persons = {record.person_id for record in records if record.status in arrived}
    confirmed = queries.signups_of(session, call.id, SignUpStatus.CONFIRMED)
    came = [one for one in confirmed if one.arrived_at is not None or one.part == Part.SPEAKER]
    someone_came = bool(persons) or any(one.arrived_at is not None for one in confirmed)
    there = came if someone_came else list(confirmed)
    persons |= {one.person_id for one in there if one.person_id is not None}
    visitors = {one.guest_id for one in there if one.guest_id is not None}
    return guests.parties(session, person_ids=persons, guest_ids=visitors, language=call.language).all()


def take_end(session: Session, call_id: int, now: datetime) -> tuple[Order, list[Party]]:
    """Those to be asked how the talks were, once; nobody where none was held or the forum is long over."""
    order = load(session, call_id, now)
    session.execute(update(STAGE).where(STAGE.c.call_id == call_id).values(asked_at=now))
    if not any(is_open(item, now) for item in order.talks):
        return order, []
    return order, [party for party in room(session, order) if party.chat_id is not None]


def untold(session: Session, now: datetime) -> Sequence[int]:
    """The talks whose speakers have not been told what the room said, some time after the end of the forum."""
    query = (
        select(queries.SLOT.c.id)
        .join(STAGE, STAGE.c.call_id == queries.SLOT.c.call_id)
        .where(
            STAGE.c.ended_at <= now - TOLD_AFTER,
            queries.SLOT.c.done_at.is_not(None),
            queries.SLOT.c.results_told_at.is_(None),
            queries.SLOT.c.signup_id.is_not(None),
        )
    )
    return session.connection().execute(query.order_by(queries.SLOT.c.id)).scalars().all()


def take_untold(session: Session, slot_id: int, now: datetime) -> tuple[Order, Result]:
    """Note that a speaker is told, and return what."""
    order = load(session, call_of(session, slot_id), now)
    session.execute(update(queries.SLOT).where(queries.SLOT.c.id == slot_id).values(results_told_at=now))
    return order, result_of(session, order.item(slot_id))


def _take(session: Session, telegram_id: int, slot_id: int, part: FeedbackPart, **said: Any) -> Taken:
    row = {"slot_id": slot_id, "telegram_id": telegram_id, "part": part}
    if not insert_missing(session, GIVEN, [row]):
        return Taken.AGAIN
    kept = {"slot_id": slot_id, "part": part, "points": None, "sentence": ""} | said
    lots.add_unseen(session, FEEDBACK, FEEDBACK.c.slot_id == slot_id, **kept)
    return Taken.KEPT


def _count_up(session: Session, slot_id: int, part: FeedbackPart) -> None:
    """Sum up anew when five more have answered."""
    connection = session.connection()
    query = select(func.count(), func.sum(FEEDBACK.c.points))
    answers, points = connection.execute(query.where(FEEDBACK.c.slot_id == slot_id, FEEDBACK.c.part == part)).one()
    if answers % FIVE:
        return
    mine, sums = (TALLY.c.slot_id == slot_id, TALLY.c.part == part), {"answers": answers, "points": points}
    if not connection.execute(update(TALLY).where(*mine).values(**sums)).rowcount:
        connection.execute(TALLY.insert().values(slot_id=slot_id, part=part, **sums))


def _given(session: Session, telegram_id: int, slot_ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    query = select(GIVEN.c.slot_id, GIVEN.c.part).where(
        GIVEN.c.telegram_id == telegram_id, GIVEN.c.slot_id.in_(slot_ids)
    )
    for row in session.connection().execute(query):
        found.setdefault(row.slot_id, set()).add(row.part)
    return found


def _is_own(item: Item, party: Party | None) -> bool:
    if party is None or item.talk is None:
        return False
    own = item.talk.party
    return (own.person_id, own.guest_id) == (party.person_id, party.guest_id)
