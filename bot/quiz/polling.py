"""Which question a group is asked as a native quiz poll: one that fits Telegram's limits and is new there."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from bot.banks import service as banks
from bot.banks.grading import right_places
from bot.banks.plain import plain
from bot.banks.questions import Choices, Kind, Question, TrueFalse
from bot.errors import NotAllowed
from bot.people import listing
from bot.people.service import Speaker
from bot.quiz import asking, pool, records
from bot.quiz.models import GroupPoll

QUESTION, OPTION, OPTIONS = 300, 100, range(2, 13)
"""Characters and numbers that a poll takes (Bot API, sendPoll)."""

KINDS = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE})
POLL = GroupPoll.__table__  # type: ignore[attr-defined]


def next_poll(session: Session, *, speaker: Speaker, chat_id: int, now: datetime) -> Question | None:
    """A question for the group, noted as asked there; ``None`` where none fits that it has not had.

    Raises:
        NotAllowed: the speaker is neither coordinator nor teacher anywhere.
    """
    camps = [camp for camp in listing.camps_of(session, speaker.person_id, now) if camp.roles & {*records.MAKING}]
    if not camps:
        raise NotAllowed
    cohort_id = camps[0].cohort.id or 0
    asked = session.connection().execute(select(POLL.c.question_id).where(POLL.c.chat_id == chat_id)).scalars()
    found = _first_that_fits(session, cohort_id, set(asked), asking.seed(session, f"poll:{chat_id}"))
    if found is None:
        return None
    question_id, question = found
    session.add(GroupPoll(chat_id=chat_id, question_id=question_id, cohort_id=cohort_id, asked_at=now))
    session.flush()
    return question


def fits(question: Question) -> bool:
    """Whether it can be a native quiz poll without losing a word."""
    if not 0 < len(plain(question.stem)) <= QUESTION:
        return False
    match question.body:
        case TrueFalse():
            return True
        case Choices() as body:
            texts = [plain(choice.text) for choice in body.choices]
            is_whole = len(texts) in OPTIONS and all(0 < len(text) <= OPTION for text in texts)
            return is_whole and len(set(texts)) == len(texts) and bool(right_places(body))
    return False


def _first_that_fits(session: Session, cohort_id: int, asked: set[int], seed: str) -> tuple[int, Question] | None:
    for bank in pool.of_cohort(session, cohort_id):
        drawn = banks.draw(session, bank.id, count=bank.size, seed=seed, kinds=KINDS, without=asked)
        kept = banks.questions(session, drawn)
        for question_id in drawn:
            if fits(kept[question_id].question):
                return question_id, kept[question_id].question
    return None
