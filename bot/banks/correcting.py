"""Correcting a question after the fact: the old version is kept, the change is logged, and whoever scores is told.

Only what a question says may change, never how many options it has or of what kind it is: answers already given name
options by their place.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.banks.grading import right_words
from bot.banks.models import BankQuestion, QuestionVersion
from bot.banks.questions import Choices, Matching, Question
from bot.banks.service import Kept, find_bank, question, require_writer
from bot.banks.wire import digest, dump_question, matter, same_key
from bot.errors import Gone, Refusal
from bot.people.service import Speaker


class OtherShape(Refusal):
    """A correction may change words and the key, but not the kind of question or the number of its options."""


class CorrectedMeanwhile(Refusal):
    """Somebody else has corrected this question meanwhile. Please look at it once more."""


class Corrected(Struct, frozen=True):
    """A question as it was and as it is now; where ``key_changed``, scores given for it must be computed again."""

    bank_id: int
    cohort_id: int
    before: Kept
    after: Kept
    key_changed: bool


def correct(
    session: Session,
    *,
    speaker: Speaker | None,
    question_id: int,
    version: int,
    replacement: Question,
    reason: str,
    now: datetime,
) -> Corrected | None:
    """Put ``replacement`` in the place of the ``version`` that the speaker saw; ``None`` where it says the same.

    Raises:
        NotYourBanks: the speaker is neither coordinator nor teacher of the cohort.
        OtherShape: it is no correction but another question.
        CorrectedMeanwhile: the question is no longer at that version.
    """
    before = question(session, question_id)
    cohort_id = find_bank(session, before.bank_id).cohort_id
    actor = require_writer(session, speaker, cohort_id).actor
    if before.version != version:
        raise CorrectedMeanwhile
    return replace_question(session, before, replacement, cohort_id=cohort_id, actor=actor, reason=reason, now=now)


def replace_question(
    session: Session,
    before: Kept,
    replacement: Question,
    *,
    cohort_id: int,
    actor: Actor,
    reason: str,
    now: datetime,
) -> Corrected | None:
    """The same for a caller who has asked who may; raises OtherShape."""
    if not has_same_shape(before.question, replacement):
        raise OtherShape
    if before.question == replacement:
        return None
    row = session.get(BankQuestion, before.id)
    if row is None:
        raise Gone
    session.add(_kept_version(row, actor, reason, now))
    _overwrite(row, replacement, now)
    session.add(row)
    session.flush()
    audit.record(session, _entry(before, replacement, cohort_id, actor, reason, now))
    after = Kept(before.id, before.bank_id, before.number, row.version, replacement)
    return Corrected(before.bank_id, cohort_id, before, after, not _counts_the_same(before.question, replacement))


def has_same_shape(one: Question, other: Question) -> bool:
    """Whether an answer to one can be read as an answer to the other."""
    match one.body, other.body:
        case Choices(choices), Choices(others):
            return len(choices) == len(others)
        case Matching() as body, Matching() as another:
            return len(body.prompts) == len(another.prompts) and len(body.words) == len(another.words)
    return one.kind == other.kind


def _counts_the_same(one: Question, other: Question) -> bool:
    """Whether every answer is worth the same by both: it names options by their place, so their words may differ."""
    match one.body, other.body:
        case Choices(choices, several), Choices(others, also_several):
            weights = [choice.weight for choice in choices]
            return several == also_several and weights == [choice.weight for choice in others]
        case Matching() as body, Matching() as another:
            return right_words(body) == right_words(another)
    return same_key(one, other)


def in_order_of(one: Question, other: Question) -> Question:
    """The other question with its options in the order of the first, where they are the same options."""
    if not isinstance(one.body, Choices) or not isinstance(other.body, Choices):
        return other
    wanted = [choice.text.text for choice in one.body.choices]
    offered = {choice.text.text: choice for choice in other.body.choices}
    if len(offered) != len(wanted) or offered.keys() != set(wanted):
        return other
    return replace(other, body=replace(other.body, choices=tuple(offered[text] for text in wanted)))


def _kept_version(row: BankQuestion, actor: Actor, reason: str, now: datetime) -> QuestionVersion:
    return QuestionVersion(
        question_id=row.id or 0,
        version=row.version,
        content=row.content,
        replaced_at=now,
        replaced_by=actor.person_id,
        reason=reason,
    )


def _overwrite(row: BankQuestion, replacement: Question, now: datetime) -> None:
    row.content, row.digest, row.matter = dump_question(replacement), digest(replacement), matter(replacement)
    row.kind, row.category, row.difficulty = replacement.kind, replacement.category, replacement.difficulty
    row.idnumber = replacement.idnumber
    row.version, row.corrected_at = row.version + 1, now


def _entry(
    before: Kept, replacement: Question, cohort_id: int, actor: Actor, reason: str, now: datetime
) -> dict[str, object]:
    return audit.entry(
        actor=actor,
        now=now,
        action="correct",
        subject="question",
        subject_id=before.id,
        cohort_id=cohort_id,
        before=dump_question(before.question),
        after=dump_question(replacement),
        reason=reason,
    )
