"""Everything that doors and other features may ask of this one, in one place."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.banks import grading
from bot.banks import service as banks
from bot.banks.questions import Numeric
from bot.errors import Gone
from bot.people import access, listing
from bot.people.listing import Camp
from bot.people.models import Role
from bot.people.service import Speaker
from bot.quiz import asking, attempts, daily, exams, reading, recall, records, rules
from bot.quiz.changing import Change, Write
from bot.quiz.models import Attempt, Exam, ExamStatus, Item
from bot.quiz.outcomes import Asked, CampOverview, Entry, NotANumber, Outcome
from bot.quiz.rules import Standing

EXAM = Exam.__table__  # type: ignore[attr-defined]


class Result(Struct, frozen=True):
    """What one person made of one test, the best attempt; for the camp's record."""

    exam_id: int
    title: str
    person_id: int
    standing: Standing
    is_passed: bool | None
    attempts: int
    submitted_at: datetime | None


def answer(session: Session, *, speaker: Speaker | None, item_id: int, wanted: Change, at: datetime) -> Outcome:
    """Take an answer to whatever question it is, from the person it was put to.

    Raises:
        Gone: there is no such question, or the tap does not belong to it.
        NotYours: it was put to somebody else.
        NotANumber: a number was asked for and something else was typed.
    """
    item = asking.require_own(session, speaker, item_id)
    _require_readable(session, item, wanted)
    if item.attempt_id is not None:
        return attempts.answer(session, item=item, wanted=wanted, at=at)
    if item.daily_id is not None:
        return daily.answer(session, item=item, wanted=wanted, at=at)
    return recall.answer(session, item=item, wanted=wanted, at=at)


def look(session: Session, *, speaker: Speaker | None, item_id: int, at: datetime) -> Outcome:
    """Show a question again as it stands, wherever it was asked; raises Gone or NotYours."""
    item = asking.require_own(session, speaker, item_id)
    if item.attempt_id is not None:
        return attempts.look(session, speaker=speaker, attempt_id=item.attempt_id, position=item.position, at=at)
    if item.daily_id is not None:
        return daily.look(session, item=item, at=at)
    return recall.show(session, item=item)


def _require_readable(session: Session, item: Item, wanted: Change) -> None:
    body = banks.question(session, item.question_id).question.body
    if isinstance(wanted, Write) and isinstance(body, Numeric) and grading.parse_number(wanted.text) is None:
        raise NotANumber


def own_tests(session: Session, *, speaker: Speaker | None, cohort_id: int, at: datetime) -> list[Entry]:
    """The tests of a camp as one of its trainees sees them; raises NotAllowed, or Gone where there is none."""
    person = access.require_role(session, speaker, cohort_id, Role.TRAINEE)
    found = entries(session, person_id=person.person_id, cohort_id=cohort_id, at=at)
    if not found:
        raise Gone
    return found


def overview(session: Session, *, speaker: Speaker, at: datetime) -> list[CampOverview]:
    """Everything of the quiz that concerns somebody, camp by camp, the nearest first."""
    return [
        _overview(session, speaker.person_id, camp, at) for camp in listing.camps_of(session, speaker.person_id, at)
    ]


def _overview(session: Session, person_id: int, camp: Camp, at: datetime) -> CampOverview:
    cohort_id = camp.cohort.id or 0
    is_staffed = bool(camp.roles & {*exams.SEEING})
    if not camp.is_attended:
        return CampOverview(cohort_id, camp.cohort.name, is_staffed)
    taking_part = recall.find_recall(session, person_id, cohort_id)
    return CampOverview(
        cohort_id,
        camp.cohort.name,
        is_staffed,
        daily.waits_for(session, person_id, cohort_id, at),
        entries(session, person_id=person_id, cohort_id=cohort_id, at=at),
        taking_part is not None and taking_part.stopped_at is None and camp.today <= taking_part.until,
        recall.is_offered(session, person_id, cohort_id, at),
    )


def entries(session: Session, *, person_id: int, cohort_id: int, at: datetime) -> list[Entry]:
    """The cohort's tests as one of its trainees sees them, the newest first."""
    query = find(Exam).where(Exam.cohort_id == cohort_id, Exam.status == ExamStatus.PUBLISHED)
    found = session.exec(query.order_by(col(Exam.opens_at).desc(), col(Exam.id))).all()
    return [records.entry_of(session, exam, person_id, at) for exam in found]


_OPENED = find(Exam).where(
    Exam.cohort_id == bindparam("cohort"),
    Exam.status == ExamStatus.PUBLISHED,
    col(Exam.opens_at) <= bindparam("now", type_=EXAM.c.opens_at.type),
)
"""Put together once, since each first screen asks it."""


def has_open_test(session: Session, person_id: int, cohort_id: int, now: datetime) -> bool:
    """Whether there is a test that the person may begin or go on with now."""
    opened = session.exec(_OPENED, params={"cohort": cohort_id, "now": now}).all()
    found = (records.entry_of(session, exam, person_id, now) for exam in opened)
    return any(entry.running_id is not None or entry.bar is None for entry in found)


def may_make(session: Session, speaker: Speaker | None, cohort_id: int) -> bool:
    """Whether the speaker makes tests and chooses questions in this cohort."""
    if speaker is None:
        return False
    return speaker.is_operator or bool(access.roles_in(session, speaker.person_id, cohort_id) & {*records.MAKING})


def results(session: Session, cohort_id: int) -> list[Result]:
    """Everybody's best attempt at every test of the cohort, for the record that goes to the units."""
    made = session.exec(find(Exam).where(Exam.cohort_id == cohort_id).order_by(col(Exam.id))).all()
    return [result for exam in made for result in _results_of(session, exam)]


def reflections(session: Session, *, speaker: Speaker | None, cohort_id: int) -> list[tuple[str, Asked]]:
    """What trainees have written to open questions, with their names: a teacher reads them. Raises NotAllowed."""
    access.require_role(session, speaker, cohort_id, *records.MAKING)
    return reading.written(session, cohort_id)


def _results_of(session: Session, exam: Exam) -> Sequence[Result]:
    query = find(Attempt).where(Attempt.exam_id == exam.id, col(Attempt.submitted_at).is_not(None))
    made: dict[int, list[Attempt]] = {}
    for attempt in session.exec(query.order_by(col(Attempt.person_id), col(Attempt.number))):
        made.setdefault(attempt.person_id, []).append(attempt)
    return [_result(exam, person_id, own) for person_id, own in made.items()]


def _result(exam: Exam, person_id: int, own: Sequence[Attempt]) -> Result:
    best = max(own, key=lambda one: (one.score or 0) / max(one.counted, 1))
    standing = records.standing(best)
    passed = rules.is_passed(exam, standing)
    return Result(exam.id or 0, exam.title, person_id, standing, passed, len(own), best.submitted_at)
