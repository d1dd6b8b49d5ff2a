"""After a question was corrected: what was given for it is reckoned anew, and the change of each score is written down.

Done by whoever corrects, and by the clock for corrections that came another way, such as a file sent again.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.banks import service as banks
from bot.banks.models import BankQuestion
from bot.banks.service import Kept
from bot.quiz import asking, records
from bot.quiz.models import Attempt, Item
from bot.quiz.outcomes import Correction, Finished

ITEM = Item.__table__  # type: ignore[attr-defined]
QUESTION = BankQuestion.__table__  # type: ignore[attr-defined]
MACHINE = Actor(name="correction")


def outdated(session: Session, limit: int) -> Sequence[int]:
    """Questions with answers that were scored by an earlier version than the present one."""
    query = (
        select(QUESTION.c.id)
        .join(ITEM, ITEM.c.question_id == QUESTION.c.id)
        .where(
            QUESTION.c.corrected_at.is_not(None), ITEM.c.settled_at.is_not(None), ITEM.c.version < QUESTION.c.version
        )
    )
    return session.connection().execute(query.distinct().order_by(QUESTION.c.id).limit(limit)).scalars().all()


def rescore(session: Session, *, question_id: int, actor: Actor, now: datetime) -> Correction:
    """Score every final answer to the question by its present key; twice is as once."""
    kept = banks.question(session, question_id)
    query = find(Item).where(
        Item.question_id == question_id, col(Item.settled_at).is_not(None), Item.version < kept.version
    )
    items = session.exec(query.order_by(col(Item.id))).all()
    changed = [item for item in items if _score(session, item, kept)]
    session.flush()
    attempts = sorted({item.attempt_id for item in changed if item.attempt_id is not None})
    results = [_readd(session, attempt_id, kept, actor, now) for attempt_id in attempts]
    return Correction(question_id, results, len(changed))


def _score(session: Session, item: Item, kept: Kept) -> bool:
    """Score one answer; whether that changed anything."""
    before, item.version = item.score, kept.version
    item.score = asking.worth(kept.question, asking.answer_of(item))
    session.add(item)
    return item.score != before


def _readd(session: Session, attempt_id: int, kept: Kept, actor: Actor, now: datetime) -> tuple[Finished, int]:
    attempt = session.get_one(Attempt, attempt_id)
    before = attempt.score or 0
    records.regrade(session, attempt)
    finished = records.finished(session, attempt, with_reader=True)
    line = audit.entry(
        actor=actor,
        now=now,
        action="rescore",
        subject="attempt",
        subject_id=attempt_id,
        cohort_id=finished.exam.cohort_id,
        person_id=attempt.person_id,
        before={"score": before},
        after={"score": attempt.score, "question": kept.id, "version": kept.version},
    )
    audit.record(session, line)
    return finished, before
