"""Making a test: its questions, its window and rules, until it is published.

Every step that changes anything is a coordinator's or teacher's and goes to the change log. Once published, a test may
be closed later or cancelled; its questions and rules stay as they are.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.audit import service as audit
from bot.errors import Gone
from bot.people import access
from bot.people.models import Role
from bot.people.service import Speaker
from bot.quiz import asking, attempts, pool, records, rules
from bot.quiz.models import Attempt, Exam, ExamPart, ExamQuestion, ExamStatus
from bot.quiz.outcomes import BadWindow, HasBegun, NoQuestions, NotEnough

SEEING = (*records.MAKING, Role.AUDITOR)
CHANGEABLE = (
    "title",
    "is_drawn",
    "opens_at",
    "closes_at",
    "minutes",
    "attempts",
    "retake",
    "pass_percent",
    "can_go_back",
)
LONGEST_TITLE = 80
MOST_MINUTES = 24 * 60


def require_maker(session: Session, speaker: Speaker | None, exam_id: int) -> Exam:
    """The test, if the speaker may change it; raises Gone or NotAllowed."""
    exam = records.get_exam(session, exam_id)
    access.require_role(session, speaker, exam.cohort_id, *records.MAKING)
    return exam


def require_seer(session: Session, speaker: Speaker | None, exam_id: int) -> Exam:
    """The test, if the speaker may look at it; raises Gone or NotAllowed."""
    exam = records.get_exam(session, exam_id)
    access.require_role(session, speaker, exam.cohort_id, *SEEING)
    return exam


def exams_of(session: Session, *, speaker: Speaker | None, cohort_id: int) -> Sequence[Exam]:
    """The cohort's tests, the newest first, for those who look after them; raises NotAllowed."""
    access.require_role(session, speaker, cohort_id, *SEEING)
    kept = col(Exam.status) != ExamStatus.CANCELLED
    return session.exec(find(Exam).where(Exam.cohort_id == cohort_id, kept).order_by(col(Exam.id).desc())).all()


def create(session: Session, *, speaker: Speaker | None, cohort_id: int, title: str, now: datetime) -> Exam:
    """A new test with rules that suit most, to be changed before anybody sees it.

    Raises:
        NotAllowed: the speaker is neither coordinator nor teacher.
        NoQuestions: the cohort has no question bank.
    """
    maker = access.require_role(session, speaker, cohort_id, *records.MAKING)
    if not pool.of_cohort(session, cohort_id):
        raise NoQuestions
    opens_at = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    exam = Exam(
        cohort_id=cohort_id,
        title=title,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(hours=24),
        made_by=maker.person_id,
        created_at=now,
    )
    session.add(exam)
    session.flush()
    log(session, exam, maker, now, "create", None, {"title": title})
    return exam


def change(session: Session, *, speaker: Speaker | None, exam_id: int, now: datetime, **values: Any) -> Exam:
    """Change rules of a test that is not published; of one that is, only a later end.

    Raises:
        HasBegun: it is published, and something else was to be changed.
        BadWindow: the window makes no sense.
    """
    exam = require_maker(session, speaker, exam_id)
    assert speaker is not None  # noqa: S101 - asked above
    assert set(values) <= set(CHANGEABLE), values  # noqa: S101 - the callers are ours
    _require_changeable(exam, values, now)
    before = {name: getattr(exam, name) for name in values}
    for name, value in values.items():
        setattr(exam, name, value)
    session.add(exam)
    session.flush()
    if exam.status == ExamStatus.PUBLISHED:
        reckon_ends(session, exam)
    log(session, exam, speaker, now, "change", before, values)
    return exam


def add_part(
    session: Session,
    *,
    speaker: Speaker | None,
    exam_id: int,
    bank_id: int,
    category: str,
    difficulty: str,
    count: int,
    now: datetime,
) -> Exam:
    """Take so many questions of a bank, a category and a difficulty (empty: any).

    Raises:
        HasBegun: the test is published.
        NotEnough: there are not so many that the test does not take already.
        Gone: the bank is not the cohort's.
    """
    exam = require_maker(session, speaker, exam_id)
    assert speaker is not None  # noqa: S101 - asked above
    _require_draft(exam)
    if bank_id not in {bank.id for bank in pool.of_cohort(session, exam.cohort_id)}:
        raise Gone
    total = records.count_questions(session, exam_id)
    if count < 1 or total + count > rules.MOST_QUESTIONS:
        raise NotEnough
    part = ExamPart(exam_id=exam_id, bank_id=bank_id, category=category, difficulty=difficulty, count=count)
    if _available(session, exam_id, part) < count:
        raise NotEnough
    session.add(part)
    session.flush()
    after = {"bank": bank_id, "category": category, "difficulty": difficulty, "count": count}
    log(session, exam, speaker, now, "add questions", None, after)
    return exam


def clear_parts(session: Session, *, speaker: Speaker | None, exam_id: int, now: datetime) -> Exam:
    """Begin anew with the questions of a test; raises HasBegun once it is published."""
    exam = require_maker(session, speaker, exam_id)
    assert speaker is not None  # noqa: S101 - asked above
    _require_draft(exam)
    session.execute(delete(ExamPart).where(col(ExamPart.exam_id) == exam_id))
    log(session, exam, speaker, now, "clear questions", None, None)
    return exam


def publish(session: Session, *, speaker: Speaker | None, exam_id: int, now: datetime) -> Exam:
    """Let the test be taken from its opening on; where it is not drawn anew, everybody's set is drawn now.

    Raises:
        NoQuestions: it has none.
        NotEnough: the bank has fewer than it takes, as after questions were removed.
        BadWindow: it would be over already.
    """
    exam = require_maker(session, speaker, exam_id)
    assert speaker is not None  # noqa: S101 - asked above
    if exam.status == ExamStatus.PUBLISHED:
        return exam
    _require_draft(exam)
    if exam.closes_at <= max(now, exam.opens_at):
        raise BadWindow
    wanted = records.count_questions(session, exam_id)
    if not wanted:
        raise NoQuestions
    drawn = attempts.draw_questions(session, exam_id, asking.seed(session, f"set:{exam_id}"))
    if len(drawn) < wanted:
        raise NotEnough
    if not exam.is_drawn:
        session.add_all(
            ExamQuestion(exam_id=exam_id, question_id=question_id, position=position)
            for position, question_id in enumerate(drawn)
        )
    exam.status = ExamStatus.PUBLISHED
    session.add(exam)
    session.flush()
    log(session, exam, speaker, now, "publish", None, {"questions": wanted, "opens_at": exam.opens_at})
    return exam


def parts_of(session: Session, exam_id: int) -> Sequence[ExamPart]:
    """What a test takes from which bank."""
    return session.exec(find(ExamPart).where(ExamPart.exam_id == exam_id).order_by(col(ExamPart.id))).all()


def _require_draft(exam: Exam) -> None:
    if exam.status != ExamStatus.DRAFT:
        raise HasBegun


def _require_changeable(exam: Exam, values: dict[str, Any], now: datetime) -> None:
    if exam.status == ExamStatus.CANCELLED or (exam.status == ExamStatus.PUBLISHED and set(values) != {"closes_at"}):
        raise HasBegun
    opens_at, closes_at = values.get("opens_at", exam.opens_at), values.get("closes_at", exam.closes_at)
    if ("opens_at" in values or "closes_at" in values) and closes_at <= max(opens_at, now):
        raise BadWindow


def _available(session: Session, exam_id: int, part: ExamPart) -> int:
    """How many questions a new part could take that the parts before it do not need."""
    seed = asking.seed(session, f"set:{exam_id}")
    taken = attempts.draw_questions(session, exam_id, seed)
    return len(
        pool.draw(
            session,
            part.bank_id,
            category=part.category,
            difficulty=part.difficulty,
            count=rules.MOST_QUESTIONS,
            seed=seed,
            without=taken,
        )
    )


def reckon_ends(session: Session, exam: Exam, person_id: int | None = None) -> None:
    """Move the ends of running attempts after the rules that make them have changed."""
    query = find(Attempt).where(Attempt.exam_id == exam.id, col(Attempt.submitted_at).is_(None))
    if person_id is not None:
        query = query.where(Attempt.person_id == person_id)
    for attempt in session.exec(query).all():
        extra = records.extra_minutes(session, attempt.exam_id, attempt.person_id)
        attempt.due_at = rules.ends_at(exam, attempt.started_at, extra)
        session.add(attempt)
    session.flush()


def log(
    session: Session,
    exam: Exam,
    speaker: Speaker,
    now: datetime,
    action: str,
    before: Any,
    after: Any,
    person_id: int | None = None,
) -> None:
    """Write down what was done to a test."""
    audit.record(
        session,
        audit.entry(
            actor=speaker.actor,
            now=now,
            action=action,
            subject="test",
            subject_id=exam.id or 0,
            cohort_id=exam.cohort_id,
            person_id=person_id,
            before=before,
            after=after,
        ),
    )
