"""Correcting the key of a question by ticking: which options are right, as one number with a bit for each."""

from datetime import datetime

from msgspec.structs import replace
from sqlmodel import Session

from bot.banks import correcting as corrections
from bot.banks import service as banks
from bot.banks.grading import right_places
from bot.banks.questions import Choices, Matching, Question, TrueFalse
from bot.banks.service import Kept
from bot.errors import Gone
from bot.people.service import Speaker
from bot.quiz import correcting
from bot.quiz.outcomes import Asked, Correction

WHOLE = 100.0
RIGHT, WRONG = 1, 2


def look(session: Session, *, speaker: Speaker | None, question_id: int) -> tuple[Kept, Asked]:
    """A question with its key, in the bank's own order; raises Gone, or NotYourBanks for who may not see it."""
    kept = banks.question(session, question_id)
    banks.require_reader(session, speaker, banks.find_bank(session, kept.bank_id).cohort_id)
    return kept, as_asked(kept)


def as_asked(kept: Kept) -> Asked:
    """The question as it is shown to those who teach; its number stands where an item's would."""
    return Asked(kept.id, kept.question, tuple(range(_size(kept.question))))


def mask_of(question: Question) -> int:
    """The key as one number."""
    match question.body:
        case Choices() as body:
            return sum(1 << place for place in right_places(body))
        case TrueFalse(is_true):
            return RIGHT if is_true else WRONG
    return 0


def correct(
    session: Session, *, speaker: Speaker | None, question_id: int, version: int, mask: int, now: datetime
) -> Correction | None:
    """Make the ticked options the right ones and reckon every result anew; ``None`` where that is the key already.

    Raises:
        Gone: there is no such question, or the number does not belong to it.
        NotYourBanks, CorrectedMeanwhile: as ``bot.banks.correcting.correct``.
    """
    kept = banks.question(session, question_id)
    replacement = with_key(kept.question, mask)
    done = corrections.correct(
        session,
        speaker=speaker,
        question_id=question_id,
        version=version,
        replacement=replacement,
        reason="the key was wrong",
        now=now,
    )
    if done is None:
        return None
    assert speaker is not None  # noqa: S101 - the bank has asked
    return correcting.rescore(session, question_id=question_id, actor=speaker.actor, now=now)


def with_key(question: Question, mask: int) -> Question:
    """The question with another key; raises Gone where the number does not fit."""
    match question.body:
        case Choices(choices, several) if 0 < mask < 1 << len(choices):
            right = WHOLE / mask.bit_count() if several else WHOLE
            return replace(
                question,
                body=Choices(
                    tuple(
                        replace(one, weight=right if mask >> place & 1 else min(one.weight, 0.0))
                        for place, one in enumerate(choices)
                    ),
                    several,
                ),
            )
        case TrueFalse() as body if mask in (RIGHT, WRONG):
            return replace(question, body=replace(body, is_true=mask == RIGHT))
    raise Gone


def _size(question: Question) -> int:
    match question.body:
        case Choices(choices):
            return len(choices)
        case Matching() as body:
            return len(body.words)
    return 0
