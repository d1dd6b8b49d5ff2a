"""Which tests open now, and whom to tell: each cohort once, in pages."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.people import service as people
from bot.people.audience import Audience, find_audience
from bot.people.models import Role
from bot.people.service import Reader, Speaker
from bot.quiz import exams, measuring, records
from bot.quiz.models import Attempt, Exam, ExamStatus

EXAM = Exam.__table__  # type: ignore[attr-defined]

_OPENED = select(EXAM.c.id).where(
    EXAM.c.status == ExamStatus.PUBLISHED, EXAM.c.announced_at.is_(None), EXAM.c.opens_at <= bindparam("now")
)


class Opening(Struct, frozen=True):
    """A test that opens: one page of those who are told."""

    exam: Exam
    time_zone: str
    questions: int
    audience: Audience
    goes_on: bool


def has_opened(session: Session, now: datetime) -> bool:
    """Whether any test opens that nobody was told of."""
    return session.connection().execute(_OPENED.limit(1), {"now": now}).first() is not None


def take(session: Session, *, now: datetime, after: int, room: int) -> Opening | None:
    """The next page of the first test that opens; ``None`` where none does. One that is over tells nobody."""
    exam_id = session.connection().execute(_OPENED.order_by(EXAM.c.id).limit(1), {"now": now}).scalar()
    if exam_id is None:
        return None
    exam = records.get_exam(session, exam_id)
    is_over = now >= exam.closes_at
    audience = find_audience(session, exam.cohort_id, Role.TRAINEE, after=after, limit=0 if is_over else room)
    goes_on = not is_over and audience.size == room
    if not goes_on:
        exam.announced_at = now
        session.add(exam)
        session.flush()
    zone = people.get_cohort(session, exam.cohort_id).time_zone
    return Opening(exam, zone, records.count_questions(session, exam_id), audience, goes_on)


def to_nudge(session: Session, *, speaker: Speaker | None, exam_id: int) -> tuple[Exam, str, list[Reader]]:
    """Those who have handed in nothing and can be reached; raises NotAllowed, Gone."""
    exam = exams.require_maker(session, speaker, exam_id)
    _, missing = measuring.missing_from_exam(session, speaker=speaker, exam_id=exam_id)
    readers = [records.reader_of(session, one.person_id, exam.cohort_id) for one in missing if one.is_reachable]
    zone = people.get_cohort(session, exam.cohort_id).time_zone
    return exam, zone, [reader for reader in readers if reader]


def who_took(session: Session, exam: Exam) -> list[tuple[Reader, int]]:
    """Everybody who has handed in and can be reached, with their latest attempt."""
    query = find(Attempt).where(Attempt.exam_id == exam.id, col(Attempt.submitted_at).is_not(None))
    latest = {one.person_id: one.id or 0 for one in session.exec(query.order_by(col(Attempt.number)))}
    readers = [
        (records.reader_of(session, person_id, exam.cohort_id), attempt) for person_id, attempt in latest.items()
    ]
    return [(reader, attempt) for reader, attempt in readers if reader]
