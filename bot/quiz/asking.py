"""One question put to one person: how it stands, what an answer makes of it, what it is worth. Any kind, any place.

Called by the services of tests, of the daily question and of recall, which know when an answer still counts.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot import codes
from bot.banks import grading
from bot.banks import service as banks
from bot.banks.grading import Answer, dump_answer, load_answer
from bot.banks.questions import Choices, Matching, Question
from bot.banks.service import Kept
from bot.errors import Gone
from bot.people import service as people
from bot.people.service import Speaker
from bot.quiz import changing, pool, rules
from bot.quiz.changing import Change
from bot.quiz.models import POINT, Item
from bot.quiz.outcomes import Asked, NotYours

ITEM = Item.__table__  # type: ignore[attr-defined]
SECRET = "quiz"  # noqa: S105 - the name under which the secret is kept


def require_own(session: Session, speaker: Speaker | None, item_id: int) -> Item:
    """The item, if it was put to the speaker.

    Raises:
        Gone: there is no such item.
        NotYours: it was put to somebody else, or a stranger presses.
    """
    item = session.get(Item, item_id)
    if item is None:
        raise Gone
    if speaker is None or speaker.person_id != item.person_id:
        raise NotYours
    return item


def see(session: Session, item: Item, *, told: bool = False) -> Asked:
    """The item as its person sees it; ``told`` adds what the answer was worth."""
    return shown(item, banks.question(session, item.question_id).question, told=told)


def shown(item: Item, question: Question, *, told: bool = False) -> Asked:
    """The same for a question that has been read already."""
    answer = answer_of(item)
    order = tuple(rules.arranged(item.arrangement, size_of(question)))
    is_settled = item.settled_at is not None
    grade = grading.grade(question, answer) if told and is_settled and answer else None
    return Asked(item.id or 0, question, order, answer, is_settled, grade)


def change(session: Session, item: Item, wanted: Change, at: datetime) -> None:
    """Write down what a tap or a line makes of the answer; one older than what is there changes nothing."""
    if item.answered_at is not None and at < item.answered_at:
        return
    question = banks.question(session, item.question_id).question
    answer = changing.apply(question, answer_of(item), wanted)
    if not isinstance(wanted, changing.Confirm):
        item.answer = dump_answer(answer) if answer is not None else None
        item.answered_at = at
    session.add(item)


def settle(item: Item, kept: Kept, at: datetime) -> None:
    """Make the answer final and say what it is worth."""
    item.settled_at = item.settled_at or at
    item.score = worth(kept.question, answer_of(item))
    item.version = kept.version


def worth(question: Question, answer: Answer | None) -> int | None:
    """The worth in millionths of a point: nothing for no answer, ``None`` for what a teacher reads."""
    if not pool.is_graded(question.kind):
        return None
    if answer is None:
        return 0
    return round((grading.grade(question, answer).worth or 0) * POINT)


def answer_of(item: Item) -> Answer | None:
    """What the person has answered so far."""
    return load_answer(item.answer) if item.answer is not None else None


def size_of(question: Question) -> int:
    """How many options or words there are to shuffle."""
    match question.body:
        case Choices(choices):
            return len(choices)
        case Matching() as body:
            return len(body.words)
    return 0


def arrangement(session: Session, question: Question, purpose: str) -> str:
    """The order of the options for one purpose, which names the person: the same whenever it is asked."""
    return rules.arrange(size_of(question), seed(session, f"order:{purpose}"))


def seed(session: Session, purpose: str) -> str:
    """What chance is drawn from: nobody outside can foretell it, and it never changes."""
    return codes.digest(people.secret(session, SECRET), purpose).hex()


def row(person_id: int, question_id: int, arrangement: str, **place: Any) -> Mapping[str, Any]:
    """A new item as a row for a bulk insert."""
    empty = dict.fromkeys(("attempt_id", "daily_id", "recall_id", "asked_on", "answer", "answered_at", "settled_at"))
    fixed = {"person_id": person_id, "question_id": question_id, "arrangement": arrangement, "version": 1}
    return {**empty, "score": None, "position": 0, **fixed, **place}
