"""What trainees wrote to open questions, for the teacher to whom it was written. Writes nothing."""

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlmodel import Session

from bot.banks import service as banks
from bot.banks.models import BankQuestion
from bot.banks.questions import Kind
from bot.people.models import Person
from bot.quiz import asking
from bot.quiz.models import Attempt, Daily, Exam, Item
from bot.quiz.outcomes import Asked

ITEM = Item.__table__  # type: ignore[attr-defined]
ATTEMPT, EXAM, DAILY = Attempt.__table__, Exam.__table__, Daily.__table__  # type: ignore[attr-defined]
QUESTION, PERSON = BankQuestion.__table__, Person.__table__  # type: ignore[attr-defined]


def written(session: Session, cohort_id: int) -> list[tuple[str, Asked]]:
    """Every reflection handed in in the cohort, with its author's name, question by question."""
    rows = session.connection().execute(_query(cohort_id).order_by(ITEM.c.question_id, ITEM.c.settled_at, ITEM.c.id))
    found = [(row.name, session.get_one(Item, row.id)) for row in rows]
    kept = banks.questions(session, {item.question_id for _, item in found})
    return [(name, asking.shown(item, kept[item.question_id].question)) for name, item in found]


def count(session: Session, cohort_id: int) -> int:
    """How many reflections there are to read."""
    inner = _query(cohort_id).subquery()
    total: int = session.connection().execute(select(func.count()).select_from(inner)).scalar_one()
    return total


def _query(cohort_id: int) -> Select[Any]:
    return (
        select(ITEM.c.id, PERSON.c.name)
        .join(QUESTION, QUESTION.c.id == ITEM.c.question_id)
        .join(PERSON, PERSON.c.id == ITEM.c.person_id)
        .outerjoin(ATTEMPT, ATTEMPT.c.id == ITEM.c.attempt_id)
        .outerjoin(EXAM, EXAM.c.id == ATTEMPT.c.exam_id)
        .outerjoin(DAILY, DAILY.c.id == ITEM.c.daily_id)
        .where(
            QUESTION.c.kind == Kind.ESSAY,
            ITEM.c.settled_at.is_not(None),
            ITEM.c.answer.is_not(None),
            or_(EXAM.c.cohort_id == cohort_id, DAILY.c.cohort_id == cohort_id),
        )
    )
