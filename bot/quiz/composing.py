"""What the desk reads while a test is made: the test with everything around it, and what a bank has to offer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col
from sqlmodel import select as find

from bot.banks import service as banks
from bot.banks.questions import ASKED, Difficulty
from bot.errors import Gone
from bot.people import access, listing
from bot.people import service as people
from bot.people.service import Speaker
from bot.quiz import exams, measuring, records, windows
from bot.quiz.models import Attempt, Exam
from bot.quiz.outcomes import ExamSheet
from bot.quiz.windows import Window

ANY = "any"


def sheet(session: Session, *, speaker: Speaker | None, exam_id: int, now: datetime) -> ExamSheet:
    """A test as those who look after it see it; raises Gone or NotAllowed."""
    exam = exams.require_seer(session, speaker, exam_id)
    cohort = people.get_cohort(session, exam.cohort_id)
    names = {bank.id: bank.name for bank in banks.banks_of(session, exam.cohort_id)}
    parts = [
        (names.get(one.bank_id, "–"), one.category, one.difficulty, one.count)
        for one in exams.parts_of(session, exam_id)
    ]
    running = session.exec(
        find(Attempt).where(Attempt.exam_id == exam_id, col(Attempt.submitted_at).is_(None), col(Attempt.due_at) >= now)
    ).all()
    assert speaker is not None  # noqa: S101 - asked above
    roles = access.roles_in(session, speaker.person_id, exam.cohort_id)
    return ExamSheet(
        exam,
        cohort.time_zone,
        parts,
        records.count_questions(session, exam_id),
        listing.count_trainees(session, exam.cohort_id),
        measuring.count_handed_in(session, exam_id),
        len(running),
        now >= exam.closes_at and not running,
        speaker.is_operator or bool(roles & {*records.MAKING}),
    )


def windows_for(session: Session, exam: Exam, now: datetime, *, later: bool) -> Sequence[Window]:
    """The windows worth offering; ``later``: only other ends for a test that is under way."""
    cohort = people.get_cohort(session, exam.cohort_id)
    zone = ZoneInfo(cohort.time_zone)
    if not later:
        return windows.offered(now, zone, cohort.starts_on, cohort.ends_on)
    start = max(exam.closes_at, now).replace(second=0, microsecond=0)
    return [(exam.opens_at, start + timedelta(minutes=minutes)) for minutes in (15, 30, 60, 24 * 60)]


def banks_for(session: Session, *, speaker: Speaker | None, exam_id: int) -> list[banks.BankLine]:
    """The banks a test can take from; raises Gone or NotAllowed."""
    exam = exams.require_maker(session, speaker, exam_id)
    return [bank for bank in banks.banks_of(session, exam.cohort_id) if bank.asked]


def categories(session: Session, *, speaker: Speaker | None, exam_id: int, bank_id: int) -> list[tuple[str, int]]:
    """The categories of one of those banks; raises Gone where it is none of them."""
    if bank_id not in {bank.id for bank in banks_for(session, speaker=speaker, exam_id=exam_id)}:
        raise Gone
    return banks.categories(session, bank_id)


def category_at(found: Sequence[tuple[str, int]], index: int) -> str:
    """The category with that number in the list; -1 for all. Raises Gone."""
    if not -1 <= index < len(found):
        raise Gone
    return found[index][0] if index >= 0 else ""


def difficulties(session: Session, bank_id: int, category: str) -> list[tuple[str, int]]:
    """How many questions of a category there are of each difficulty, all together first."""
    wanted = [category] if category else []
    counts: dict[str, int] = {}
    for (name, difficulty, kind), count in banks.count_by(session, bank_id).items():
        if kind in ASKED and banks.is_under(name, wanted):
            counts[difficulty.value] = counts.get(difficulty.value, 0) + count
    named = [(one.value, counts[one.value]) for one in Difficulty if one.value in counts and one.value]
    return [("", sum(counts.values())), *named]
