"""Reading tests and what people made of them. Writes nothing but sums, and asks nobody who they are."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.errors import Gone
from bot.people import service as people
from bot.people.models import Role
from bot.people.service import Reader
from bot.quiz import rules
from bot.quiz.models import Allowance, Attempt, Exam, ExamPart, Item, Retake
from bot.quiz.outcomes import Entry, Finished
from bot.quiz.rules import Standing

MAKING = (Role.COORDINATOR, Role.TEACHER)
"""Who makes tests and chooses questions."""


def entry_of(session: Session, exam: Exam, person_id: int, at: datetime) -> Entry:
    """The same for a person who was asked for already."""
    made = attempts_of(session, exam.id or 0, person_id)
    finished = [(one.number, standing(one)) for one in made if one.submitted_at is not None]
    running = next((one for one in made if one.submitted_at is None and at <= one.due_at), None)
    counting = rules.best([one for _, one in finished])
    return Entry(
        exam=exam,
        time_zone=people.get_cohort(session, exam.cohort_id).time_zone,
        questions=count_questions(session, exam.id or 0),
        extra=extra_minutes(session, exam.id or 0, person_id),
        bar=None if running else rules.bar_to_begin(exam, [standing(one) for one in made], at),
        running_id=running.id if running else None,
        running_until=running.due_at if running else None,
        finished=finished,
        best=counting,
        is_passed=rules.is_passed(exam, counting) if counting else None,
        at=at,
    )


def finished(session: Session, attempt: Attempt, *, was_late: bool = False, with_reader: bool = False) -> Finished:
    """How a finished attempt came out."""
    exam = get_exam(session, attempt.exam_id)
    made = len(attempts_of(session, attempt.exam_id, attempt.person_id))
    result = standing(attempt)
    is_passed = rules.is_passed(exam, result)
    may_again = exam.retake == Retake.ANYONE or is_passed is False
    return Finished(
        exam,
        attempt.id or 0,
        attempt.person_id,
        attempt.number,
        result,
        is_passed,
        attempt.is_by_clock,
        max(exam.attempts - made, 0) if may_again else 0,
        len(items_of(session, attempt.id or 0)) - attempt.counted,
        was_late,
        reader_of(session, attempt.person_id, exam.cohort_id) if with_reader else None,
    )


def standing(attempt: Attempt) -> Standing:
    """The result of an attempt."""
    return Standing(attempt.score or 0, attempt.counted)


def get_exam(session: Session, exam_id: int) -> Exam:
    """The test of that id; raises Gone where there is none."""
    exam = session.get(Exam, exam_id)
    if exam is None:
        raise Gone
    return exam


def attempts_of(session: Session, exam_id: int, person_id: int) -> Sequence[Attempt]:
    """All attempts of a person at a test, in their order."""
    query = find(Attempt).where(Attempt.exam_id == exam_id, Attempt.person_id == person_id)
    return session.exec(query.order_by(col(Attempt.number))).all()


def items_of(session: Session, attempt_id: int) -> Sequence[Item]:
    """The questions of an attempt, in their order."""
    return session.exec(find(Item).where(Item.attempt_id == attempt_id).order_by(col(Item.position))).all()


def extra_minutes(session: Session, exam_id: int, person_id: int) -> int:
    """How much more time than the others the person has."""
    allowance = session.get(Allowance, (exam_id, person_id))
    return allowance.minutes if allowance else 0


def count_questions(session: Session, exam_id: int) -> int:
    """How many questions an attempt has."""
    query = select(func.coalesce(func.sum(col(ExamPart.count)), 0)).where(col(ExamPart.exam_id) == exam_id)
    return int(session.connection().execute(query).scalar_one())


def reader_of(session: Session, person_id: int, cohort_id: int) -> Reader | None:
    """Where the person is told of something, in which language; ``None`` where nowhere."""
    person = people.get_person(session, person_id)
    if person.telegram_id is None or person.unreachable_at is not None:
        return None
    language = person.language or people.get_cohort(session, cohort_id).language
    return Reader(person_id, person.telegram_id, person.name, language)  # type: ignore[arg-type]


def staff_of(session: Session, cohort_id: int) -> list[Reader]:
    """The coordinators and teachers of a cohort who can be reached, each once."""
    found = {reader.person_id: reader for role in MAKING for reader in people.readers(session, cohort_id, role)}
    return list(found.values())


def regrade(session: Session, attempt: Attempt) -> None:
    """Add the scores of the items up again."""
    items = items_of(session, attempt.id or 0)
    attempt.score = sum(item.score or 0 for item in items)
    attempt.counted = sum(item.score is not None for item in items)
    session.add(attempt)
    session.flush()
