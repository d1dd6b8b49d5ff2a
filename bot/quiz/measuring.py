"""Reading answers for those who teach: how questions did, how a test went, who has not answered. Writes nothing.

Who answered what is never part of it: answers are counted, and names stand only where nothing was answered.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.banks import service as banks
from bot.banks.grading import Chosen, Judged, right_places
from bot.banks.questions import Choices, Question, TrueFalse
from bot.people import access
from bot.people import service as people
from bot.people.models import Role
from bot.people.service import MEMBERSHIP, PERSON, Speaker
from bot.quiz import asking, exams, records, rules
from bot.quiz.measures import Given, Measure, measure
from bot.quiz.models import Attempt, Daily, Exam, Item
from bot.quiz.outcomes import Measured

ATTEMPT = Attempt.__table__  # type: ignore[attr-defined]
ITEM = Item.__table__  # type: ignore[attr-defined]
TRUE, FALSE = "T", "F"


class Missing(Struct, frozen=True):
    """Somebody who has not answered."""

    person_id: int
    name: str
    group: str
    is_reachable: bool


def letter(place: int) -> str:
    """The bank's letter of an option: ``A`` to ``Z``, then ``27`` and on."""
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def right_letters(question: Question) -> tuple[str, ...]:
    """The letters of the key."""
    match question.body:
        case Choices() as body:
            return tuple(letter(place) for place in right_places(body))
        case TrueFalse(is_true):
            return (TRUE if is_true else FALSE,)
    return ()


def given(question: Question, item: Item, rest: int | None) -> Given:
    """One answer as the measures take it, without whose it is."""
    match asking.answer_of(item):
        case Chosen(places):
            letters = tuple(letter(place) for place in sorted(places))
        case Judged(is_true):
            letters = (TRUE if is_true else FALSE,)
        case _:
            letters = ()
    return Given(item.score or 0, letters, rest)


def exam(session: Session, exam_id: int) -> Measured:
    """How the questions of a test did in everybody's first attempt; the caller has asked who may see it."""
    found = records.get_exam(session, exam_id)
    first = session.exec(
        find(Attempt).where(Attempt.exam_id == exam_id, Attempt.number == 1, col(Attempt.submitted_at).is_not(None))
    ).all()
    totals = {attempt.id: attempt.score or 0 for attempt in first}
    items = _items(session, ITEM.c.attempt_id.in_(list(totals)))
    return _measured(session, found.title, items, totals, found, first)


def days(session: Session, cohort_id: int) -> Measured:
    """How the questions of the days did so far; the caller has asked who may see it."""
    cohort = people.get_cohort(session, cohort_id)
    asked = session.exec(find(Daily).where(Daily.cohort_id == cohort_id)).all()
    items = _items(session, ITEM.c.daily_id.in_([day.id for day in asked]) & ITEM.c.settled_at.is_not(None))
    return _measured(session, cohort.name, items, {}, None, ())


def of_question(session: Session, question_id: int) -> Measure:
    """How one question did wherever it was asked in its cohort."""
    items = _items(session, (ITEM.c.question_id == question_id) & ITEM.c.settled_at.is_not(None))
    question = banks.question(session, question_id).question
    answers = [given(question, item, None) for item in items if item.score is not None]
    return measure(question_id, answers, right_letters(question))


def missing_from_exam(session: Session, *, speaker: Speaker | None, exam_id: int) -> tuple[Exam, list[Missing]]:
    """The trainees who have handed in nothing; raises NotAllowed, Gone."""
    exam = exams.require_seer(session, speaker, exam_id)
    done = select(ATTEMPT.c.person_id).where(ATTEMPT.c.exam_id == exam_id, ATTEMPT.c.submitted_at.is_not(None))
    return exam, _missing(session, exam.cohort_id, PERSON.c.id.not_in(done))


def missing_from_daily(
    session: Session, *, speaker: Speaker | None, cohort_id: int, now: datetime
) -> tuple[Daily | None, list[Missing]]:
    """The trainees who have not answered the latest question of a day; raises NotAllowed."""
    access.require_role(session, speaker, cohort_id, *exams.SEEING)
    latest = find(Daily).where(Daily.cohort_id == cohort_id, Daily.asked_at <= now)
    daily = session.exec(latest.order_by(col(Daily.on).desc()).limit(1)).first()
    if daily is None:
        return None, []
    done = select(ITEM.c.person_id).where(ITEM.c.daily_id == daily.id, ITEM.c.settled_at.is_not(None))
    return daily, _missing(session, cohort_id, PERSON.c.id.not_in(done))


def count_handed_in(session: Session, exam_id: int) -> int:
    """How many people have handed in at least once."""
    query = find(Attempt.person_id).where(Attempt.exam_id == exam_id, col(Attempt.submitted_at).is_not(None))
    return len(set(session.exec(query).all()))


def _missing(session: Session, cohort_id: int, is_missing: ColumnElement[bool]) -> list[Missing]:
    query = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.telegram_id, PERSON.c.unreachable_at, MEMBERSHIP.c.group_name)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(
            MEMBERSHIP.c.cohort_id == cohort_id,
            MEMBERSHIP.c.role == Role.TRAINEE,
            MEMBERSHIP.c.left_at.is_(None),
            is_missing,
        )
        .order_by(MEMBERSHIP.c.group_name, MEMBERSHIP.c.id)
    )
    return [
        Missing(row.id, row.name, row.group_name or "", row.telegram_id is not None and row.unreachable_at is None)
        for row in session.connection().execute(query)
    ]


def _items(session: Session, condition: ColumnElement[bool]) -> Sequence[Item]:
    return session.exec(find(Item).where(condition).order_by(col(Item.id))).all()


def _measured(
    session: Session,
    title: str,
    items: Sequence[Item],
    totals: dict[int | None, int],
    exam: Exam | None,
    attempts: Sequence[Attempt],
) -> Measured:
    kept = banks.questions(session, dict.fromkeys(item.question_id for item in items))
    by_question: dict[int, list[Given]] = defaultdict(list)
    for item in items:
        if item.score is None:
            continue
        rest = totals[item.attempt_id] - item.score if item.attempt_id in totals else None
        by_question[item.question_id].append(given(kept[item.question_id].question, item, rest))
    measures: list[Measure] = [
        measure(question_id, answers, right_letters(kept[question_id].question))
        for question_id, answers in sorted(by_question.items())
    ]
    standings = [records.standing(attempt) for attempt in attempts]
    percents = [one.percent for one in standings if one.percent is not None]
    enough = rules.is_showable(len(percents))
    passed = [rules.is_passed(exam, one) for one in standings] if exam and exam.pass_percent is not None else None
    return Measured(
        title,
        len({item.person_id for item in items}),
        measures,
        {number: one.question for number, one in kept.items()},
        sum(percents) // len(percents) if enough else None,
        sum(bool(one) for one in passed) if passed is not None and enough else None,
    )
