"""Looking after a test that is under way: withdraw it, give somebody more time, release the answers."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.errors import Gone
from bot.people import access
from bot.people.models import Role
from bot.people.service import Speaker
from bot.quiz import exams, records
from bot.quiz.models import Allowance, Attempt, Exam, ExamStatus
from bot.quiz.outcomes import Unfinished


def cancel(session: Session, *, speaker: Speaker | None, exam_id: int, now: datetime) -> Exam:
    """Withdraw a test: nobody begins any more; who is in it may finish, and what was answered is kept."""
    exam = exams.require_maker(session, speaker, exam_id)
    assert speaker is not None  # noqa: S101 - asked above
    if exam.status != ExamStatus.CANCELLED:
        exams.log(session, exam, speaker, now, "cancel", {"status": exam.status}, {"status": ExamStatus.CANCELLED})
        exam.status = ExamStatus.CANCELLED
        session.add(exam)
        session.flush()
    return exam


def release(session: Session, *, speaker: Speaker | None, exam_id: int, now: datetime) -> tuple[Exam, bool]:
    """Let everybody review their own answers with the explanations; whether that is new.

    Raises:
        Unfinished: the test still runs for somebody.
    """
    exam = exams.require_maker(session, speaker, exam_id)
    assert speaker is not None  # noqa: S101 - asked above
    if exam.released_at is not None:
        return exam, False
    if now < exam.closes_at or _is_running(session, exam_id, now):
        raise Unfinished
    exam.released_at = now
    session.add(exam)
    session.flush()
    exams.log(session, exam, speaker, now, "release", None, {"released_at": now})
    return exam, True


def allow(
    session: Session, *, speaker: Speaker | None, exam_id: int, person_id: int, minutes: int, now: datetime
) -> Exam:
    """Give one person so many minutes more than the others (none: take them back); a running attempt gets them too.

    Raises:
        Gone: the person is no trainee of the cohort.
    """
    exam = exams.require_maker(session, speaker, exam_id)
    assert speaker is not None  # noqa: S101 - asked above
    if (
        Role.TRAINEE not in access.roles_in(session, person_id, exam.cohort_id)
        or not 0 <= minutes <= exams.MOST_MINUTES
    ):
        raise Gone
    before = records.extra_minutes(session, exam_id, person_id)
    if before == minutes:
        return exam
    allowance = session.get(Allowance, (exam_id, person_id)) or Allowance(
        exam_id=exam_id, person_id=person_id, minutes=minutes
    )
    allowance.minutes = minutes
    session.add(allowance)
    session.flush()
    exams.reckon_ends(session, exam, person_id)
    exams.log(session, exam, speaker, now, "more time", {"minutes": before}, {"minutes": minutes}, person_id)
    return exam


def _is_running(session: Session, exam_id: int, now: datetime) -> bool:
    """Whether anybody is in it, or still has the right to be there."""
    latest = func.max(col(Attempt.due_at))
    query = select(latest).where(col(Attempt.exam_id) == exam_id, col(Attempt.submitted_at).is_(None))
    due_at = session.connection().execute(query).scalar()
    return due_at is not None and due_at >= now
