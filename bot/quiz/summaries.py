"""The morning after a question of the day: how the cohort did, and whether the question needs a second look."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.banks import service as banks
from bot.people import service as people
from bot.people.models import Cohort
from bot.people.service import PERSON, Reader
from bot.preferences import service as preferences
from bot.quiz import daily as days
from bot.quiz import measuring, records
from bot.quiz.measures import measure
from bot.quiz.models import Daily, Item
from bot.quiz.outcomes import Summary
from bot.recurrence import service as recurrence
from bot.recurrence.models import Outcome, Recurrence
from bot.recurrence.rules import DAY

ITEM = Item.__table__  # type: ignore[attr-defined]


def take_summary(session: Session, waiting: Recurrence, *, now: datetime) -> Summary | None:
    """How the cohort did on the day before, to be told once; ``None`` where there was no question."""
    cohort = people.get_cohort(session, waiting.cohort_id)
    on = waiting.next_on - DAY
    daily = session.exec(find(Daily).where(Daily.cohort_id == cohort.id, Daily.on == on)).first()
    if daily is None or now >= days.closes_at(cohort, waiting.next_on):
        outcome = Outcome.SKIPPED if daily else Outcome.NOTHING_TO_SAY
        recurrence.settle(session, waiting, outcome, now, "the day was over" if daily else "")
        return None
    recurrence.settle(session, waiting, Outcome.FIRED, now)
    return _summary(session, cohort, daily, now)


def _summary(session: Session, cohort: Cohort, daily: Daily, now: datetime) -> Summary:
    question = banks.question(session, daily.question_id).question
    settled = session.exec(find(Item).where(Item.daily_id == daily.id, col(Item.settled_at).is_not(None))).all()
    asked = session.connection().execute(select(func.count()).where(ITEM.c.daily_id == daily.id)).scalar_one()
    given = [measuring.given(question, item, None) for item in settled]
    return Summary(
        cohort.id or 0,
        cohort.name,
        daily.on,
        question,
        daily.question_id,
        measure(daily.question_id, given, measuring.right_letters(question)),
        asked,
        _answerers(session, cohort, daily, now),
        records.staff_of(session, cohort.id or 0),
    )


def _answerers(session: Session, cohort: Cohort, daily: Daily, now: datetime) -> list[Reader]:
    query = (
        select(PERSON.c.id, PERSON.c.telegram_id, PERSON.c.name, PERSON.c.language)
        .join(ITEM, ITEM.c.person_id == PERSON.c.id)
        .where(
            ITEM.c.daily_id == daily.id,
            ITEM.c.settled_at.is_not(None),
            PERSON.c.telegram_id.is_not(None),
            PERSON.c.unreachable_at.is_(None),
            PERSON.c.id.not_in(preferences.paused(cohort.id or 0, preferences.Topic.DAILY_QUESTION, now)),
        )
        .order_by(PERSON.c.id)
    )
    rows = session.connection().execute(query)
    return [Reader(row.id, row.telegram_id, row.name, row.language or cohort.language) for row in rows]
