"""Repetition after the camp, for those who want it: at most three questions a day for two weeks, ended by itself.

Which question comes when is reckoned by FSRS from the person's own answers, right or wrong, without chance; what was
missed comes again the next day. The only writer of who takes part and of what they remember.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

import fsrs
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import exists, or_, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.banks import service as banks
from bot.database import insert_missing
from bot.errors import Gone
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort, Role
from bot.people.service import PERSON, Reader, Speaker
from bot.preferences import service as preferences
from bot.quiz import asking, changing, records
from bot.quiz.changing import Change
from bot.quiz.models import POINT, Attempt, Daily, Exam, Item, Memory, Recall
from bot.quiz.outcomes import RecallAsked
from bot.recurrence import service as recurrence
from bot.recurrence.models import Outcome, Recurrence
from bot.recurrence.rules import DAY, first_instant
from bot.recurrence.service import Plan

KIND = "recall"
"""The kind of the recurrence."""

DAYS = 14
A_DAY = 3
HOUR = time(12, 30)
ITEM = Item.__table__  # type: ignore[attr-defined]
RECALL = Recall.__table__  # type: ignore[attr-defined]
ATTEMPT, EXAM, DAILY = Attempt.__table__, Exam.__table__, Daily.__table__  # type: ignore[attr-defined]


class RecallPush(Struct, frozen=True):
    """One page of a day's repetition: who is asked what first."""

    asked: Sequence[tuple[Reader, RecallAsked]] = ()
    last: int = 0
    goes_on: bool = False


def join(session: Session, *, speaker: Speaker | None, cohort_id: int, now: datetime) -> Recall | None:
    """Begin with what the person has answered in this camp; ``None`` where there is nothing to repeat or it is over.

    Raises:
        NotAllowed: the speaker is no trainee of the cohort.
    """
    person = access.require_role(session, speaker, cohort_id, Role.TRAINEE)
    cohort = people.get_cohort(session, cohort_id)
    recall = find_recall(session, person.person_id, cohort_id)
    if recall is not None and recall.stopped_at is None:
        return recall
    if not is_offered(session, person.person_id, cohort_id, now):
        return None
    recall = recall or Recall(
        cohort_id=cohort_id, person_id=person.person_id, joined_at=now, until=cohort.ends_on + DAY * DAYS
    )
    recall.stopped_at = None
    session.add(recall)
    session.flush()
    _remember(session, recall)
    _schedule(session, cohort, now)
    return recall


def stop(session: Session, *, speaker: Speaker | None, cohort_id: int, now: datetime) -> bool:
    """End it at once; whether it was going on. Raises NotAllowed."""
    person = access.require_role(session, speaker, cohort_id, Role.TRAINEE)
    recall = find_recall(session, person.person_id, cohort_id)
    if recall is None or recall.stopped_at is not None:
        return False
    recall.stopped_at = now
    session.add(recall)
    session.flush()
    return True


def find_recall(session: Session, person_id: int, cohort_id: int) -> Recall | None:
    """Whether the person takes or took part."""
    return session.exec(find(Recall).where(Recall.cohort_id == cohort_id, Recall.person_id == person_id)).first()


def is_offered(session: Session, person_id: int, cohort_id: int, now: datetime) -> bool:
    """From the last day of the camp on, to somebody who has answered anything there and does not take part."""
    cohort = people.get_cohort(session, cohort_id)
    today = people.local_day(cohort, now)
    if not cohort.ends_on <= today < cohort.ends_on + DAY * DAYS:
        return False
    recall = find_recall(session, person_id, cohort_id)
    return (recall is None or recall.stopped_at is not None) and bool(_answered(session, person_id, cohort_id))


def take(session: Session, waiting: Recurrence, *, now: datetime, after: int, room: int) -> RecallPush:
    """Put the day's questions to the next page of those who take part; the day is settled with the last of them."""
    cohort = people.get_cohort(session, waiting.cohort_id)
    on = waiting.next_on
    if now >= _end_of(cohort, on):
        recurrence.settle(session, waiting, Outcome.SKIPPED, now, "the day was over")
        return RecallPush()
    page = _taking_part(session, cohort, on, now, after, room)
    asked = [(reader, first) for recall, reader in page if (first := _ask(session, cohort, recall, on))]
    if len(page) < room:
        recurrence.settle(session, waiting, Outcome.FIRED, now)
    return RecallPush(asked, page[-1][0].id or 0 if page else after, goes_on=len(page) == room)


def answer(session: Session, *, item: Item, wanted: Change, at: datetime) -> RecallAsked:
    """Take an answer: the first stands, and decides when the question comes again. Two days later it is too late."""
    recall = _recall(session, item)
    cohort = people.get_cohort(session, recall.cohort_id)
    was_settled = item.settled_at is not None
    is_over = recall.stopped_at is not None or at >= _end_of(cohort, (item.asked_on or date.min) + DAY)
    if not was_settled and not is_over:
        asking.change(session, item, wanted, at)
        kept = banks.question(session, item.question_id)
        if changing.settles_at_once(wanted) and changing.is_whole(kept.question, asking.answer_of(item)):
            asking.settle(item, kept, at)
            _review(session, recall, item.question_id, is_right=item.score == POINT, at=at)
        session.add(item)
        session.flush()
    is_new = not was_settled and item.settled_at is not None
    return replace(_seen(session, recall, item), is_new=is_new, is_over=is_over and not was_settled)


def show(session: Session, *, item: Item) -> RecallAsked:
    """One of the day's questions; the caller has asked whose it is."""
    return _seen(session, _recall(session, item), item)


def _schedule(session: Session, cohort: Cohort, now: datetime) -> None:
    recurrence.ensure(
        session,
        Plan(
            cohort_id=cohort.id or 0,
            kind=KIND,
            at=HOUR,
            time_zone=cohort.time_zone,
            starts_on=cohort.ends_on + DAY,
            until=cohort.ends_on + DAY * DAYS,
        ),
        now,
    )


def _answered(session: Session, person_id: int, cohort_id: int) -> list[tuple[int, int, datetime]]:
    """What the person has answered in the camp, in the order of time: question, score, when."""
    in_test = exists().where(
        ATTEMPT.c.id == ITEM.c.attempt_id, EXAM.c.id == ATTEMPT.c.exam_id, EXAM.c.cohort_id == cohort_id
    )
    in_day = exists().where(DAILY.c.id == ITEM.c.daily_id, DAILY.c.cohort_id == cohort_id)
    query = select(ITEM.c.question_id, ITEM.c.score, ITEM.c.settled_at).where(
        ITEM.c.person_id == person_id,
        ITEM.c.settled_at.is_not(None),
        ITEM.c.score.is_not(None),
        or_(in_test, in_day),
    )
    rows = session.connection().execute(query.order_by(ITEM.c.settled_at, ITEM.c.id))
    return [(row.question_id, row.score, row.settled_at) for row in rows]


def _remember(session: Session, recall: Recall) -> None:
    """Reckon the memory of every question from the answers in the camp, unless it was done before."""
    if session.exec(find(Memory).where(Memory.recall_id == recall.id).limit(1)).first() is not None:
        return
    for question_id, score, at in _answered(session, recall.person_id, recall.cohort_id):
        _review(session, recall, question_id, is_right=score == POINT, at=at)


def _review(session: Session, recall: Recall, question_id: int, *, is_right: bool, at: datetime) -> None:
    memory = session.get(Memory, (recall.id, question_id))
    card = fsrs.Card.from_json(memory.card) if memory else fsrs.Card(card_id=question_id, due=at.astimezone(UTC))
    card = review(card, is_right=is_right, at=at)
    memory = memory or Memory(recall_id=recall.id or 0, question_id=question_id, card="", due_at=card.due)
    memory.card, memory.due_at = card.to_json(), card.due
    session.add(memory)
    session.flush()


def review(card: fsrs.Card, *, is_right: bool, at: datetime) -> fsrs.Card:
    """The card after an answer; without learning steps it is due in whole days, so that nothing comes twice a day."""
    rating = fsrs.Rating.Good if is_right else fsrs.Rating.Again
    return _scheduler().review_card(card, rating, at.astimezone(UTC))[0]


@cache
def _scheduler() -> fsrs.Scheduler:
    return fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def _taking_part(
    session: Session, cohort: Cohort, on: date, now: datetime, after: int, room: int
) -> list[tuple[Recall, Reader]]:
    paused = preferences.paused(cohort.id or 0, preferences.Topic.RECALL, now)
    query = (
        find(Recall)
        .join(PERSON, PERSON.c.id == RECALL.c.person_id)
        .where(
            Recall.cohort_id == cohort.id,
            col(Recall.stopped_at).is_(None),
            col(Recall.until) >= on,
            col(Recall.id) > after,
            PERSON.c.telegram_id.is_not(None),
            PERSON.c.unreachable_at.is_(None),
            PERSON.c.id.not_in(paused),
        )
    )
    page = session.exec(query.order_by(col(Recall.id)).limit(room)).all()
    readers = [(one, records.reader_of(session, one.person_id, cohort.id or 0)) for one in page]
    return [(one, reader) for one, reader in readers if reader]


def _ask(session: Session, cohort: Cohort, recall: Recall, on: date) -> RecallAsked | None:
    """Choose what is due by the end of the day, the longest due first, and put it to the person, once a day."""
    if items := _items(session, recall.id or 0, on):
        return _seen(session, recall, items[0])
    due = find(Memory).where(Memory.recall_id == recall.id, col(Memory.due_at) < _end_of(cohort, on))
    chosen = session.exec(due.order_by(col(Memory.due_at), col(Memory.question_id)).limit(A_DAY)).all()
    kept = banks.questions(session, [one.question_id for one in chosen])
    rows = [
        dict(
            asking.row(
                recall.person_id,
                one.question_id,
                asking.arrangement(session, kept[one.question_id].question, f"recall:{recall.id}:{on}:{position}"),
                recall_id=recall.id,
                asked_on=on,
                position=position,
            )
        )
        for position, one in enumerate(chosen)
    ]
    insert_missing(session, ITEM, rows)
    items = _items(session, recall.id or 0, on)
    return _seen(session, recall, items[0]) if items else None


def _items(session: Session, recall_id: int, on: date | None) -> Sequence[Item]:
    query = find(Item).where(Item.recall_id == recall_id, Item.asked_on == on)
    return session.exec(query.order_by(col(Item.position))).all()


def _seen(session: Session, recall: Recall, item: Item) -> RecallAsked:
    items = _items(session, recall.id or 0, item.asked_on)
    following = next((one for one in items if one.position > item.position and one.settled_at is None), None)
    return RecallAsked(
        recall.cohort_id,
        item.asked_on or recall.until,
        recall.until,
        asking.see(session, item, told=True),
        item.position + 1,
        len(items),
        following.id if following else None,
    )


def _recall(session: Session, item: Item) -> Recall:
    recall = session.get(Recall, item.recall_id)
    if recall is None:
        raise Gone
    return recall


def _end_of(cohort: Cohort, on: date) -> datetime:
    return first_instant(on + DAY, time(0), ZoneInfo(cohort.time_zone)).astimezone(UTC)
