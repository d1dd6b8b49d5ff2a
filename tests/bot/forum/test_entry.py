from datetime import UTC, datetime

import pytest

from bot.forum.drafting import Sketch
from bot.forum.entry import Question, next_question, progress, take, without_foreign_topic
from bot.forum.models import Audience, CallStatus, Choice, Part
from bot.forum.rules import TooLong
from bot.forum.templates import TEMPLATES
from bot.forum.views import CallView, Phase, PoolView, TopicView
from bot.guests.rules import Unfit

AT = datetime(2026, 12, 8, 6, 0, tzinfo=UTC)


def call_with(*topics: int) -> CallView:
    return CallView(
        id=1,
        cohort_id=1,
        cohort_name="Camp",
        organisation_id=1,
        time_zone="Asia/Shanghai",
        language="en",
        activity_id=1,
        activity_title="Forum",
        starts_at=AT,
        ends_at=AT,
        place="",
        template=TEMPLATES["salon"],
        title="Forum",
        status=CallStatus.PUBLISHED,
        phase=Phase.OPEN,
        audience=Audience.COHORT,
        units=(),
        choice=Choice.FIRST,
        minutes=10,
        answer_minutes=60,
        opens_at=AT,
        closes_at=AT,
        announced_at=None,
        topics=tuple(TopicView(number, number, "?", "") for number in topics),
        speakers=PoolView(4, 4, 0),
        listeners=None,
        is_activity_off=False,
    )


WHOLE = Sketch(part=Part.SPEAKER, topic_id=1, title="T", outline="O", needs="", may_name=False)


def test_the_questions_come_in_their_order_until_all_are_answered() -> None:
    sketch, call, asked = Sketch(part=Part.SPEAKER), call_with(), []
    answers = {Question.TITLE: "T", Question.OUTLINE: "O", Question.NEEDS: "N"}
    while (question := next_question(call, sketch, is_known=True)) in answers:
        asked.append(question)
        taken = take(sketch, question, answers[question])
        assert isinstance(taken, Sketch)
        sketch = taken

    assert asked == [Question.TITLE, Question.OUTLINE, Question.NEEDS]
    assert question is Question.CONSENT


def test_a_call_with_set_questions_asks_for_one_first() -> None:
    assert next_question(call_with(1), Sketch(part=Part.SPEAKER), is_known=True) is Question.TOPIC
    assert next_question(call_with(1), WHOLE, is_known=True) is Question.REVIEW


def test_a_question_that_was_taken_away_is_asked_anew() -> None:
    kept = without_foreign_topic(call_with(2), WHOLE)

    assert kept.topic_id is None
    assert next_question(call_with(2), kept, is_known=True) is Question.TOPIC
    assert without_foreign_topic(call_with(1), WHOLE) == WHOLE


def test_whoever_is_not_known_says_who_they_are_first() -> None:
    sketch = Sketch(part=Part.LISTENER)

    assert next_question(call_with(), sketch, is_known=False) is Question.NAME
    assert next_question(call_with(), sketch, is_known=True) is Question.REVIEW


def test_progress_counts_the_questions_and_is_left_out_of_an_edit() -> None:
    edit = Sketch(part=Part.SPEAKER, is_edit=True)

    assert progress(call_with(1), Sketch(part=Part.SPEAKER), Question.TITLE, is_known=True) == (2, 5)
    assert progress(call_with(1), Sketch(part=Part.SPEAKER), Question.TITLE, is_known=False) == (5, 8)
    assert progress(call_with(1), edit, Question.TITLE, is_known=True) is None


@pytest.mark.parametrize(
    ("question", "typed", "fault"),
    [
        (Question.TITLE, "x" * 101, TooLong(101, 100)),
        (Question.TITLE, " ", None),
        (Question.OUTLINE, "x" * 1001, TooLong(1001, 1000)),
        (Question.NAME, "12", Unfit.NAME),
        (Question.UNIT, "", Unfit.UNIT),
    ],
)
def test_what_does_not_fit_is_not_taken(question: Question, typed: str, fault: object) -> None:
    assert take(Sketch(part=Part.SPEAKER), question, typed) == fault
