"""Taking a test: begin or go on, answer, move, hand in, and the end that comes by itself. The only writer of attempts.

What counts is the update's own time, never the hour at which it was processed: an answer given in time counts, also
when the clock has handed the attempt in meanwhile. One that a person has handed in stays as it is.
"""

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.banks import service as banks
from bot.errors import Gone
from bot.people import access
from bot.people import service as people
from bot.people.models import Role
from bot.people.service import Speaker
from bot.quiz import asking, changing, pool, records, rules
from bot.quiz.changing import Change
from bot.quiz.models import Attempt, Exam, ExamPart, ExamQuestion, ExamStatus, Item
from bot.quiz.outcomes import Asked, Entry, Finished, NotYours, Page

ATTEMPT = Attempt.__table__  # type: ignore[attr-defined]


def enter(session: Session, *, speaker: Speaker | None, exam_id: int, at: datetime) -> Entry:
    """The test as the speaker sees it from outside.

    Raises:
        Gone: there is no such test, or it is not published.
        NotAllowed: the speaker is no trainee of its cohort.
    """
    exam = records.get_exam(session, exam_id)
    person = access.require_role(session, speaker, exam.cohort_id, Role.TRAINEE)
    if exam.status == ExamStatus.DRAFT:
        raise Gone
    return records.entry_of(session, exam, person.person_id, at)


def begin(session: Session, *, speaker: Speaker | None, exam_id: int, at: datetime, now: datetime) -> Page | Entry:
    """Begin an attempt, or go on with the one that is running; the view from outside where neither may be.

    Raises:
        Gone, NotAllowed: as ``enter``.
    """
    entry = enter(session, speaker=speaker, exam_id=exam_id, at=at)
    assert speaker is not None  # noqa: S101 - enter has asked
    if entry.running_id is not None:
        return _page(session, _attempt(session, entry.running_id), at)
    for overdue in _unfinished(session, exam_id, speaker.person_id):
        _close(session, overdue, overdue.due_at, is_by_clock=True)
    entry = records.entry_of(session, entry.exam, speaker.person_id, at)
    if entry.bar is not None:
        return entry
    return _page(session, _start(session, entry, speaker.person_id, at), at)


def look(
    session: Session, *, speaker: Speaker | None, attempt_id: int, position: int | None, at: datetime
) -> Page | Finished:
    """Show a question of a running attempt (``None``: where the person stands) and remember the place.

    Raises:
        Gone: there is no such attempt.
        NotYours: it is somebody else's.
    """
    attempt = _own(session, speaker, attempt_id)
    if (over := _over(session, attempt, at)) is not None:
        return over
    if position is not None:
        _move(session, attempt, position)
    return _page(session, attempt, at)


def answer(session: Session, *, item: Item, wanted: Change, at: datetime) -> Page | Finished:
    """Take an answer to a question of a test; the caller has asked whose it is.

    Where going back is allowed, one tap is enough and the next question comes; otherwise the person says when.
    """
    attempt, exam = _with_exam(session, item.attempt_id or 0)
    if not _accepts(attempt, at):
        return replace(_over(session, attempt, at) or records.finished(session, attempt), was_late=at > attempt.due_at)
    if exam.can_go_back or item.position == attempt.position:
        asking.change(session, item, wanted, at)
        if exam.can_go_back and changing.settles_at_once(wanted):
            attempt.position = item.position + 1
        session.add(attempt)
        session.flush()
    if attempt.submitted_at is not None:
        _grade(session, attempt)
        return records.finished(session, attempt)
    return _page(session, attempt, at)


def hand_in(session: Session, *, speaker: Speaker | None, attempt_id: int, at: datetime) -> Finished:
    """End an attempt; twice is as once.

    Raises:
        Gone, NotYours: as ``look``.
    """
    attempt = _own(session, speaker, attempt_id)
    if attempt.submitted_at is None:
        is_late = at > attempt.due_at
        _close(session, attempt, min(at, attempt.due_at), is_by_clock=is_late)
    return records.finished(session, attempt)


def expire(session: Session, *, now: datetime, limit: int) -> list[Finished]:
    """Hand in what ran out, the longest overdue first."""
    query = find(Attempt).where(col(Attempt.submitted_at).is_(None), col(Attempt.due_at) < now)
    overdue = session.exec(query.order_by(col(Attempt.due_at), col(Attempt.id)).limit(limit)).all()
    for attempt in overdue:
        _close(session, attempt, attempt.due_at, is_by_clock=True)
    return [records.finished(session, attempt, with_reader=True) for attempt in overdue]


def has_expired(session: Session, now: datetime) -> bool:
    """Whether any attempt ran out: one look into an index."""
    query = select(ATTEMPT.c.id).where(ATTEMPT.c.submitted_at.is_(None), ATTEMPT.c.due_at < now).limit(1)
    return session.connection().execute(query).first() is not None


def review(
    session: Session, *, speaker: Speaker | None, attempt_id: int, position: int
) -> tuple[Exam, int, int, Asked] | Finished:
    """One question of a finished attempt with its explanation, once the answers are released.

    Raises:
        Gone, NotYours: as ``look``.
    """
    attempt, exam = _with_exam(session, _own(session, speaker, attempt_id).id or 0)
    if attempt.submitted_at is None:
        raise Gone
    if exam.released_at is None:
        return records.finished(session, attempt)
    items = records.items_of(session, attempt.id or 0)
    if not items:
        raise Gone
    position = min(max(position, 0), len(items) - 1)
    return exam, position, len(items), asking.see(session, items[position], told=True)


def _start(session: Session, entry: Entry, person_id: int, at: datetime) -> Attempt:
    exam = entry.exam
    number = len(records.attempts_of(session, exam.id or 0, person_id)) + 1
    attempt = Attempt(
        exam_id=exam.id or 0,
        person_id=person_id,
        number=number,
        started_at=at,
        due_at=rules.ends_at(exam, at, entry.extra),
    )
    session.add(attempt)
    session.flush()
    seed = asking.seed(session, f"test:{exam.id}:{person_id}:{number}")
    ids = rules.shuffled(_questions(session, exam, seed), seed)
    kept = banks.questions(session, ids)
    rows = [
        asking.row(
            person_id,
            question_id,
            asking.arrangement(session, kept[question_id].question, f"{seed}:{question_id}"),
            attempt_id=attempt.id,
            position=position,
        )
        for position, question_id in enumerate(ids)
    ]
    session.connection().execute(asking.ITEM.insert(), rows)
    return attempt


def _questions(session: Session, exam: Exam, seed: str) -> list[int]:
    """The questions of one attempt: the set that everybody gets, or one drawn anew."""
    if exam.is_drawn:
        return draw_questions(session, exam.id or 0, seed)
    query = find(ExamQuestion).where(ExamQuestion.exam_id == exam.id).order_by(col(ExamQuestion.position))
    return [one.question_id for one in session.exec(query)]


def draw_questions(session: Session, exam_id: int, seed: str) -> list[int]:
    """Draw what the parts of a test ask for, no question twice."""
    drawn: list[int] = []
    parts = session.exec(find(ExamPart).where(ExamPart.exam_id == exam_id).order_by(col(ExamPart.id)))
    for part in parts:
        drawn += pool.draw(
            session,
            part.bank_id,
            category=part.category,
            difficulty=part.difficulty,
            count=part.count,
            seed=f"{seed}:{part.id}",
            without=drawn,
        )
    return drawn


def _page(session: Session, attempt: Attempt, at: datetime) -> Page:
    exam = records.get_exam(session, attempt.exam_id)
    items = records.items_of(session, attempt.id or 0)
    asked = asking.see(session, items[attempt.position]) if attempt.position < len(items) else None
    return Page(
        exam,
        people.get_cohort(session, exam.cohort_id).time_zone,
        attempt.id or 0,
        attempt.position,
        tuple(changing.is_begun(asking.answer_of(item)) for item in items),
        attempt.due_at,
        at,
        asked,
    )


def _move(session: Session, attempt: Attempt, position: int) -> None:
    """Go to a question; where going back is not allowed, only to the next."""
    exam = records.get_exam(session, attempt.exam_id)
    count = len(records.items_of(session, attempt.id or 0))
    if not 0 <= position <= count:
        raise Gone
    if exam.can_go_back or position == attempt.position + 1:
        attempt.position = position
        session.add(attempt)
        session.flush()


def _over(session: Session, attempt: Attempt, at: datetime) -> Finished | None:
    """The result where the attempt is over at that instant; it is handed in if nobody has done so."""
    if attempt.submitted_at is None and at <= attempt.due_at:
        return None
    if attempt.submitted_at is None:
        _close(session, attempt, attempt.due_at, is_by_clock=True)
    return records.finished(session, attempt)


def _accepts(attempt: Attempt, at: datetime) -> bool:
    return at <= attempt.due_at and (attempt.submitted_at is None or attempt.is_by_clock)


def _close(session: Session, attempt: Attempt, at: datetime, *, is_by_clock: bool) -> None:
    attempt.submitted_at, attempt.is_by_clock = at, is_by_clock
    _grade(session, attempt)


def _grade(session: Session, attempt: Attempt) -> None:
    items = records.items_of(session, attempt.id or 0)
    kept = banks.questions(session, [item.question_id for item in items])
    for item in items:
        asking.settle(item, kept[item.question_id], attempt.submitted_at or attempt.due_at)
        session.add(item)
    records.regrade(session, attempt)


def _own(session: Session, speaker: Speaker | None, attempt_id: int) -> Attempt:
    attempt = _attempt(session, attempt_id)
    if speaker is None or attempt.person_id != speaker.person_id:
        raise NotYours
    return attempt


def _with_exam(session: Session, attempt_id: int) -> tuple[Attempt, Exam]:
    attempt = _attempt(session, attempt_id)
    return attempt, records.get_exam(session, attempt.exam_id)


def _attempt(session: Session, attempt_id: int) -> Attempt:
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        raise Gone
    return attempt


def _unfinished(session: Session, exam_id: int, person_id: int) -> list[Attempt]:
    return [one for one in records.attempts_of(session, exam_id, person_id) if one.submitted_at is None]
