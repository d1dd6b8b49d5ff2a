"""The questions of a sign-up, one after the other: what comes next, and what an answer makes of the draft. Pure."""

from enum import StrEnum

from msgspec.structs import replace

from bot.forum import rules
from bot.forum.drafting import Sketch
from bot.forum.models import Part
from bot.forum.rules import TooLong
from bot.forum.views import CallView
from bot.guests import rules as guests
from bot.guests.rules import Unfit


class Question(StrEnum):
    """What is asked; ``REVIEW`` is the look at everything before it is sent."""

    NAME = "name"
    UNIT = "unit"
    PHONE = "phone"
    TOPIC = "topic"
    TITLE = "title"
    OUTLINE = "outline"
    NEEDS = "needs"
    CONSENT = "consent"
    REVIEW = "review"


OF_A_GUEST = (Question.NAME, Question.UNIT, Question.PHONE)
TYPED = (Question.NAME, Question.UNIT, Question.PHONE, Question.TITLE, Question.OUTLINE, Question.NEEDS)
AGAIN = (Question.TOPIC, Question.TITLE, Question.OUTLINE, Question.NEEDS, Question.CONSENT)
"""What can be changed from the review."""


def questions_of(call: CallView, sketch: Sketch, *, is_known: bool) -> list[Question]:
    """All the questions of this sign-up, in their order, without the review."""
    found = [] if is_known else list(OF_A_GUEST)
    if sketch.part == Part.SPEAKER:
        found += [Question.TOPIC] if call.topics else []
        found += [Question.TITLE, Question.OUTLINE, Question.NEEDS, Question.CONSENT]
    return found


def next_question(call: CallView, sketch: Sketch, *, is_known: bool) -> Question:
    """The first question that has no answer yet; the review once all have."""
    topics = {topic.id for topic in call.topics}
    answered = {
        Question.NAME: sketch.guest_name is not None,
        Question.UNIT: sketch.guest_unit is not None,
        Question.PHONE: False,
        Question.TOPIC: sketch.topic_id in topics,
        Question.TITLE: bool(sketch.title),
        Question.OUTLINE: sketch.outline is not None,
        Question.NEEDS: sketch.needs is not None,
        Question.CONSENT: sketch.may_name is not None,
    }
    asked = questions_of(call, sketch, is_known=is_known)
    return next((question for question in asked if not answered[question]), Question.REVIEW)


def progress(call: CallView, sketch: Sketch, question: Question, *, is_known: bool) -> tuple[int, int] | None:
    """Which of how many questions this is, from 1; nothing for one that is asked again, out of order."""
    asked = questions_of(call, sketch, is_known=is_known)
    return (asked.index(question) + 1, len(asked)) if question in asked and not sketch.is_edit else None


def take(sketch: Sketch, question: Question, text: str) -> Sketch | TooLong | Unfit | None:
    """What a typed answer makes of the draft; what is wrong with it, or ``None`` for an empty one."""
    match question:
        case Question.NAME:
            name = guests.read_name(text)
            return name if isinstance(name, Unfit) else replace(sketch, guest_name=name)
        case Question.UNIT:
            unit = guests.read_unit(text)
            return unit if isinstance(unit, Unfit) else replace(sketch, guest_unit=unit)
        case Question.TITLE:
            title = rules.read_title(text)
            return replace(sketch, title=title) if isinstance(title, str) else title
    words = rules.read_text(text)
    if not isinstance(words, str):
        return words
    return replace(sketch, outline=words) if question is Question.OUTLINE else replace(sketch, needs=words)


def without_foreign_topic(call: CallView, sketch: Sketch) -> Sketch:
    """The draft without a topic that the call no longer has."""
    topics = {topic.id for topic in call.topics}
    return sketch if sketch.topic_id in topics or sketch.topic_id is None else replace(sketch, topic_id=None)
