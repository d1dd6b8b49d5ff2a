"""What must always hold of answers (I10), as queries and as a recount: one answer each, and every score follows."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session

from bot.banks import service as banks
from bot.quiz import asking
from bot.quiz.models import Attempt, Daily, Item

ITEM = Item.__table__  # type: ignore[attr-defined]
ATTEMPT = Attempt.__table__  # type: ignore[attr-defined]
DAILY = Daily.__table__  # type: ignore[attr-defined]
RECOUNTED = 5000
"""So many of the latest answers are judged again."""

PUT_TWICE = (
    select(ITEM.c.attempt_id, ITEM.c.question_id)
    .where(ITEM.c.attempt_id.is_not(None))
    .group_by(ITEM.c.attempt_id, ITEM.c.question_id)
    .having(func.count() > 1)
)
ANSWERED_TWICE = (
    select(ITEM.c.daily_id, ITEM.c.person_id)
    .where(ITEM.c.daily_id.is_not(None))
    .group_by(ITEM.c.daily_id, ITEM.c.person_id)
    .having(func.count() > 1)
)
ANSWERED_LATE = (
    select(ITEM.c.id)
    .outerjoin(ATTEMPT, ATTEMPT.c.id == ITEM.c.attempt_id)
    .outerjoin(DAILY, DAILY.c.id == ITEM.c.daily_id)
    .where(
        or_(
            ITEM.c.answered_at > ATTEMPT.c.due_at,
            and_(ITEM.c.settled_at.is_not(None), ITEM.c.answered_at >= DAILY.c.closes_at),
        )
    )
)
SUMMED_WRONGLY = (
    select(ATTEMPT.c.id)
    .join(ITEM, ITEM.c.attempt_id == ATTEMPT.c.id)
    .where(ATTEMPT.c.submitted_at.is_not(None))
    .group_by(ATTEMPT.c.id, ATTEMPT.c.score, ATTEMPT.c.counted)
    .having(
        or_(
            func.coalesce(func.sum(ITEM.c.score), 0) != func.coalesce(ATTEMPT.c.score, -1),
            func.count(ITEM.c.score) != ATTEMPT.c.counted,
        )
    )
)
LEFT_OPEN = (
    select(ITEM.c.id)
    .join(ATTEMPT, ATTEMPT.c.id == ITEM.c.attempt_id)
    .where(ATTEMPT.c.submitted_at.is_not(None), ITEM.c.settled_at.is_(None))
)


def misjudged(session: Session) -> Iterable[Any]:
    """The latest final answers whose score is not what the very version of the question gives that they name."""
    settled = select(ITEM).where(ITEM.c.settled_at.is_not(None)).order_by(ITEM.c.id.desc()).limit(RECOUNTED)
    rows = session.connection().execute(settled).all()
    kept = banks.questions(session, {row.question_id for row in rows})
    return [(row.id,) for row in rows if not _is_right(row, kept[row.question_id])]


def _is_right(row: Any, kept: banks.Kept) -> bool:
    if row.version != kept.version:
        return True
    item = Item(person_id=0, question_id=0, answer=row.answer)
    return bool(asking.worth(kept.question, asking.answer_of(item)) == row.score)
