"""The question of the day: who is asked, once, until when it counts, and the morning after."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, Protocol

import pytest

from bot.banks.questions import Question
from bot.database import Database
from bot.errors import NotAllowed
from bot.preferences import service as preferences
from bot.preferences.service import Span, Topic
from bot.quiz import daily, service, summaries
from bot.quiz.changing import Confirm, Judge, Pick, Tick
from bot.quiz.models import Item
from bot.quiz.outcomes import DailyAsked, DailyPush, NoQuestions, Summary
from bot.recurrence import service as recurrence
from bot.recurrence.models import Outcome
from tests.support.quiz_camp import NOON, SEVERAL, TRUTH, QuizCamp, build_quiz_camp, single

HALF_PAST = NOON + timedelta(minutes=30)
MIDNIGHT = NOON + timedelta(hours=12)
NEXT_MORNING = NOON + timedelta(hours=19, minutes=30)


class Small(Protocol):
    """Makes a camp with these questions."""

    def __call__(self, *questions: Question, trainees: int = 1) -> QuizCamp: ...


@pytest.fixture
def small(database_url: str) -> Iterator[Small]:
    """Return the maker of one camp, whose database is closed afterwards."""
    database = Database(database_url)

    def make(*questions: Question, trainees: int = 1) -> QuizCamp:
        return build_quiz_camp(database, trainees=trainees, questions=questions)

    yield make
    database.close()


def turn_on(camp: QuizCamp, now: datetime = NOON, **more: Any) -> None:
    camp.do(lambda s: daily.set_plan(s, speaker=camp.coordinator, cohort_id=camp.cohort, now=now, is_on=True, **more))


def push(camp: QuizCamp, now: datetime = HALF_PAST, room: int = 100) -> list[DailyPush]:
    pushes: list[DailyPush] = []
    after = 0
    while True:
        waiting = camp.see(lambda s: list(recurrence.due(s, daily.QUESTION, now, 1)))
        if not waiting:
            return pushes
        found = camp.do(
            lambda s, start=after: daily.take(  # type: ignore[misc]
                s, recurrence.due(s, daily.QUESTION, now, 1)[0], now=now, after=start, room=room
            )
        )
        pushes.append(found)
        after = found.asked[-1][0].person_id if found.goes_on else 0


def answer(camp: QuizCamp, asked: DailyAsked, *changes: Any, at: datetime, who: int = 0) -> DailyAsked:
    found: Any = None
    for change in changes:
        found = camp.do(
            lambda s, one=change: service.answer(  # type: ignore[misc]
                s, speaker=camp.trainees[who], item_id=asked.asked.item_id, wanted=one, at=at
            )
        )
    assert isinstance(found, DailyAsked)
    return found


def summarise(camp: QuizCamp, now: datetime = NEXT_MORNING) -> list[Summary]:
    due = camp.see(lambda s: len(recurrence.due(s, daily.SUMMARY, now, 9)))
    taken = [
        camp.do(lambda s: summaries.take_summary(s, recurrence.due(s, daily.SUMMARY, now, 9)[0], now=now))
        for _ in range(due)
    ]
    return [one for one in taken if one]


def asked_of(camp: QuizCamp, pushes: list[DailyPush]) -> list[DailyAsked]:
    return [asked for push_ in pushes for _, asked in push_.asked]


def test_every_trainee_is_asked_once_at_the_hour_however_small_the_pages(camp: QuizCamp) -> None:
    turn_on(camp)

    early = push(camp, NOON + timedelta(minutes=29))
    pushes = push(camp, room=2)
    again = push(camp, HALF_PAST + timedelta(hours=1))

    readers = [reader.person_id for one in pushes for reader, _ in one.asked]
    assert (early, again) == ([], [])
    assert readers == [trainee.person_id for trainee in camp.trainees]
    assert len({asked.asked.question for asked in asked_of(camp, pushes)}) == 1


def test_the_first_answer_stands_and_is_told_at_once(small: Small) -> None:
    camp = small(single(1, right=0))
    turn_on(camp)
    asked = asked_of(camp, push(camp))[0]

    first = answer(camp, asked, Pick(0), at=HALF_PAST)
    second = answer(camp, asked, Pick(1), at=HALF_PAST + timedelta(minutes=1))

    assert first.is_new
    assert first.asked.grade is not None
    assert first.asked.grade.worth == 1
    assert not second.is_new
    assert second.asked.answer == first.asked.answer


def test_ticks_count_once_they_are_confirmed(small: Small) -> None:
    camp = small(SEVERAL)
    turn_on(camp)
    asked = asked_of(camp, push(camp))[0]

    ticked = answer(camp, asked, Tick(0, True), Tick(2, True), at=HALF_PAST)
    confirmed = answer(camp, asked, Confirm(), at=HALF_PAST)

    assert not ticked.asked.is_settled
    assert confirmed.asked.is_settled
    assert confirmed.asked.grade is not None
    assert confirmed.asked.grade.worth == 1


def test_confirming_nothing_is_no_answer(small: Small) -> None:
    camp = small(SEVERAL)
    turn_on(camp)
    asked = asked_of(camp, push(camp))[0]

    assert not answer(camp, asked, Confirm(), at=HALF_PAST).asked.is_settled


@pytest.mark.parametrize(("at", "counts"), [(MIDNIGHT - timedelta(seconds=1), True), (MIDNIGHT, False)])
def test_it_closes_at_midnight_by_the_answers_own_time(small: Small, at: datetime, counts: bool) -> None:
    camp = small(TRUTH)
    turn_on(camp)
    asked = asked_of(camp, push(camp))[0]

    assert answer(camp, asked, Judge(True), at=at).asked.is_settled is counts


def test_who_paused_it_is_not_asked(camp: QuizCamp) -> None:
    turn_on(camp)
    spared = camp.trainees[1].person_id
    camp.do(
        lambda s: preferences.pause(
            s, person_id=spared, cohort_id=camp.cohort, topic=Topic.DAILY_QUESTION, span=Span.CAMP, now=NOON
        )
    )

    readers = [reader.person_id for one in push(camp) for reader, _ in one.asked]

    assert spared not in readers
    assert len(readers) == 2


def test_no_question_comes_twice_and_the_staff_is_told_when_none_is_left(small: Small) -> None:
    camp = small(single(1), single(2))
    turn_on(camp)

    days = [push(camp, HALF_PAST + timedelta(days=number)) for number in range(3)]

    stems = [asked_of(camp, day)[0].asked.question.stem.text for day in days[:2]]
    assert sorted(stems) == ["Question 1?", "Question 2?"]
    assert asked_of(camp, days[2]) == []
    assert {reader.name for reader in days[2][0].told_empty} == {"林老师", "王教授"}


def test_a_question_whose_day_is_over_is_left_out_and_recorded(camp: QuizCamp) -> None:
    turn_on(camp)

    pushes = push(camp, MIDNIGHT + timedelta(hours=1))

    waiting = camp.see(lambda s: recurrence.find_recurrence(s, camp.cohort, daily.QUESTION))
    assert asked_of(camp, pushes) == []
    assert waiting is not None
    assert [one.outcome for one in camp.see(lambda s: recurrence.occurrences(s, waiting.id or 0))] == [Outcome.SKIPPED]


def test_turned_off_nothing_comes(camp: QuizCamp) -> None:
    turn_on(camp)
    camp.do(lambda s: daily.set_plan(s, speaker=camp.coordinator, cohort_id=camp.cohort, now=NOON, is_on=False))

    assert push(camp) == []


def test_the_hour_can_be_changed(camp: QuizCamp) -> None:
    turn_on(camp, at=time(18))

    assert push(camp) == []
    assert asked_of(camp, push(camp, NOON + timedelta(hours=6))) != []


def test_without_a_bank_it_cannot_be_turned_on(small: Small) -> None:
    camp = small()

    with pytest.raises(NoQuestions):
        turn_on(camp)


def test_a_trainee_may_not_change_the_plan(camp: QuizCamp) -> None:
    with pytest.raises(NotAllowed):
        camp.do(lambda s: daily.set_plan(s, speaker=camp.trainees[0], cohort_id=camp.cohort, now=NOON, is_on=True))


def test_the_summary_counts_without_names_and_names_the_doubtful_question(small: Small) -> None:
    camp = small(single(1, right=0), trainees=6)
    turn_on(camp)
    asked = asked_of(camp, push(camp))
    for who, one in enumerate(asked):
        answer(camp, one, Pick(0 if who == 0 else 2), at=HALF_PAST, who=who)

    (summary,) = summarise(camp)

    assert (summary.measure.answers, summary.asked) == (6, 6)
    assert summary.measure.difficulty == pytest.approx(1 / 6)
    assert summary.measure.distractor == "C"
    assert set(summary.measure.doubts) == {"hard", "astray"}
    assert len(summary.answerers) == 6


def test_fewer_than_five_answers_are_not_counted_out(small: Small) -> None:
    camp = small(single(1), trainees=4)
    turn_on(camp)
    for who, one in enumerate(asked_of(camp, push(camp))):
        answer(camp, one, Pick(0), at=HALF_PAST, who=who)

    (summary,) = summarise(camp)

    assert summary.measure.difficulty is None
    assert summary.measure.letters == {}


def test_a_day_without_a_question_has_no_summary(camp: QuizCamp) -> None:
    turn_on(camp, now=MIDNIGHT)

    assert summarise(camp, NEXT_MORNING + timedelta(hours=1)) == []


def test_asking_for_it_by_hand_gives_the_same_question_in_the_same_order(camp: QuizCamp) -> None:
    turn_on(camp)
    pushed = asked_of(camp, push(camp))[0]

    shown = camp.do(lambda s: daily.show(s, speaker=camp.trainees[0], cohort_id=camp.cohort, at=HALF_PAST))

    assert shown == pushed
    assert camp.see(lambda s: s.get_one(Item, pushed.asked.item_id)).daily_id is not None
