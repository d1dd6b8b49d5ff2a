"""Taking a test: what counts, what is too late, what is somebody else's."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.errors import Gone, NotAllowed
from bot.people.service import Speaker
from bot.quiz import asking, attempts, minding, service
from bot.quiz.changing import Change, Judge, Match, Pick, Tick, Write
from bot.quiz.models import POINT
from bot.quiz.outcomes import Entry, Finished, NotYours, Page
from bot.quiz.rules import Bar
from tests.support.quiz_camp import MINUTE, NOON, QuizCamp

RIGHT: tuple[tuple[Change, ...], ...] = (
    (Pick(1),),
    (Tick(0, True), Tick(2, True)),
    (Judge(True),),
    (Write(" 12345 "),),
    (Write("320"),),
    (Match(0, 0), Match(1, 1)),
    (Write("I shall listen first."),),
)


def say(camp: QuizCamp, item_id: int, *changes: Change, at: datetime = NOON, who: Speaker | None = None) -> Any:
    outcome = None
    for change in changes:
        outcome = camp.do(
            lambda s, one=change: service.answer(s, speaker=who or camp.trainees[0], item_id=item_id, wanted=one, at=at)  # type: ignore[misc]
        )
    return outcome


def answer_all(camp: QuizCamp, attempt_id: int, at: datetime = NOON) -> None:
    for question_id, changes in zip(camp.questions, RIGHT, strict=True):
        say(camp, camp.item(attempt_id, question_id).id or 0, *changes, at=at)


def hand_in(camp: QuizCamp, attempt_id: int, at: datetime = NOON) -> Finished:
    return camp.do(lambda s: attempts.hand_in(s, speaker=camp.trainees[0], attempt_id=attempt_id, at=at))


def test_right_answers_of_every_kind_give_all_points_and_an_essay_none(camp: QuizCamp) -> None:
    page = camp.begin(camp.test())
    answer_all(camp, page.attempt_id)

    finished = hand_in(camp, page.attempt_id)

    assert (finished.standing.score, finished.standing.counted) == (6 * POINT, 6)
    assert finished.standing.percent == 100
    assert finished.is_passed is True
    assert finished.reflections == 1


def test_half_of_the_right_options_gives_half_a_point(camp: QuizCamp) -> None:
    page = camp.begin(camp.test())
    item = camp.item(page.attempt_id, camp.questions[1])
    say(camp, item.id or 0, Tick(0, True))

    finished = hand_in(camp, page.attempt_id)

    assert finished.standing.score == POINT // 2


def test_beginning_twice_is_one_attempt(camp: QuizCamp) -> None:
    exam = camp.test()

    first, second = camp.begin(exam), camp.begin(exam, at=NOON + MINUTE)

    assert first.attempt_id == second.attempt_id
    assert second.due_at == NOON + 30 * MINUTE


def test_each_person_has_an_own_order_that_never_changes(camp: QuizCamp) -> None:
    exam = camp.test()

    orders = [
        tuple(camp.item(camp.begin(exam, who).attempt_id, one).arrangement for one in camp.questions)
        for who in (*camp.trainees, *camp.trainees)
    ]

    assert orders[:3] == orders[3:]
    assert len(set(orders)) > 1


def test_an_answer_may_be_changed_until_the_end(camp: QuizCamp) -> None:
    page = camp.begin(camp.test())
    item = camp.item(page.attempt_id, camp.questions[0])
    say(camp, item.id or 0, Pick(0))
    say(camp, item.id or 0, Pick(1), at=NOON + 30 * MINUTE)

    finished = hand_in(camp, page.attempt_id, at=NOON + 30 * MINUTE)

    assert finished.standing.score == POINT


def test_an_answer_after_the_end_does_not_count_and_ends_the_attempt(camp: QuizCamp) -> None:
    page = camp.begin(camp.test())
    item = camp.item(page.attempt_id, camp.questions[0])

    outcome = say(camp, item.id or 0, Pick(1), at=NOON + 30 * MINUTE + timedelta(seconds=1))

    assert isinstance(outcome, Finished)
    assert outcome.was_late
    assert outcome.standing.score == 0
    assert camp.attempt(page.attempt_id).submitted_at == NOON + 30 * MINUTE


def test_an_answer_given_in_time_but_processed_after_the_clock_handed_in_still_counts(camp: QuizCamp) -> None:
    page = camp.begin(camp.test())
    item = camp.item(page.attempt_id, camp.questions[0])
    camp.do(lambda s: attempts.expire(s, now=NOON + 31 * MINUTE, limit=10))

    outcome = say(camp, item.id or 0, Pick(1), at=NOON + 29 * MINUTE)

    assert isinstance(outcome, Finished)
    assert not outcome.was_late
    assert outcome.standing.score == POINT
    assert camp.attempt(page.attempt_id).score == POINT


def test_what_was_handed_in_by_hand_stays_as_it_is(camp: QuizCamp) -> None:
    page = camp.begin(camp.test())
    item = camp.item(page.attempt_id, camp.questions[0])
    hand_in(camp, page.attempt_id, at=NOON + MINUTE)

    outcome = say(camp, item.id or 0, Pick(1), at=NOON + 2 * MINUTE)

    assert isinstance(outcome, Finished)
    assert outcome.standing.score == 0


def test_an_older_answer_that_arrives_later_does_not_overwrite_a_newer_one(camp: QuizCamp) -> None:
    page = camp.begin(camp.test())
    item = camp.item(page.attempt_id, camp.questions[0])
    say(camp, item.id or 0, Pick(1), at=NOON + 2 * MINUTE)
    say(camp, item.id or 0, Pick(0), at=NOON + MINUTE)

    assert hand_in(camp, page.attempt_id, at=NOON + 3 * MINUTE).standing.score == POINT


def test_the_clock_hands_in_what_ran_out_once(camp: QuizCamp) -> None:
    page = camp.begin(camp.test())
    now = NOON + 30 * MINUTE

    in_time = camp.do(lambda s: attempts.expire(s, now=now, limit=10))
    overdue = camp.do(lambda s: attempts.expire(s, now=now + MINUTE, limit=10))
    again = camp.do(lambda s: attempts.expire(s, now=now + MINUTE, limit=10))

    assert in_time == []
    assert [one.attempt_id for one in overdue] == [page.attempt_id]
    assert again == []
    assert camp.attempt(page.attempt_id).is_by_clock


def test_somebody_elses_question_is_refused(camp: QuizCamp) -> None:
    page = camp.begin(camp.test())
    item = camp.item(page.attempt_id, camp.questions[0])

    with pytest.raises(NotYours):
        say(camp, item.id or 0, Pick(1), who=camp.trainees[1])

    assert camp.item(page.attempt_id, camp.questions[0]).answer is None


def test_a_tap_that_does_not_belong_to_the_question_is_refused(camp: QuizCamp) -> None:
    page = camp.begin(camp.test())
    item = camp.item(page.attempt_id, camp.questions[0])

    for change in (Pick(4), Pick(-1), Tick(0, True), Judge(True), Match(0, 0), Write("x")):
        with pytest.raises(Gone):
            say(camp, item.id or 0, change)


def test_a_test_begins_only_inside_its_window(camp: QuizCamp) -> None:
    exam = camp.test()
    bars = [
        camp.do(lambda s, at=at: attempts.begin(s, speaker=camp.trainees[0], exam_id=exam, at=at, now=at))  # type: ignore[misc]
        for at in (NOON - MINUTE, NOON + timedelta(days=1))
    ]

    assert [entry.bar for entry in bars if isinstance(entry, Entry)] == [Bar.NOT_YET, Bar.OVER]


def test_an_attempt_ends_when_the_test_closes(camp: QuizCamp) -> None:
    exam = camp.test()

    page = camp.begin(exam, at=NOON + timedelta(days=1) - 5 * MINUTE)

    assert page.due_at == NOON + timedelta(days=1)


def test_who_passed_has_no_further_attempt_and_who_failed_has(camp: QuizCamp) -> None:
    exam = camp.test(attempts=2)
    failed = camp.begin(exam)
    hand_in(camp, failed.attempt_id)

    second = camp.begin(exam, at=NOON + MINUTE)
    answer_all(camp, second.attempt_id, at=NOON + MINUTE)
    finished = hand_in(camp, second.attempt_id, at=NOON + MINUTE)
    third = camp.do(lambda s: attempts.begin(s, speaker=camp.trainees[0], exam_id=exam, at=NOON + 2 * MINUTE, now=NOON))

    assert second.attempt_id != failed.attempt_id
    assert finished.number == 2
    assert isinstance(third, Entry)
    assert third.bar is Bar.USED_UP
    assert third.best is not None
    assert third.best.percent == 100


def test_an_abandoned_attempt_is_closed_before_the_next_begins(camp: QuizCamp) -> None:
    exam = camp.test(attempts=2)
    first = camp.begin(exam)

    second = camp.begin(exam, at=NOON + 40 * MINUTE)

    assert second.attempt_id != first.attempt_id
    assert camp.attempt(first.attempt_id).submitted_at == NOON + 30 * MINUTE


def test_only_trainees_of_the_cohort_take_its_tests(camp: QuizCamp) -> None:
    exam = camp.test()

    with pytest.raises(NotAllowed):
        camp.begin(exam, camp.teacher)


def test_more_time_moves_the_end_of_a_running_attempt(camp: QuizCamp) -> None:
    exam = camp.test()
    page = camp.begin(exam)
    person = camp.trainees[0].person_id
    camp.do(
        lambda s: minding.allow(
            s, speaker=camp.coordinator, exam_id=exam, person_id=person, minutes=15, now=NOON + MINUTE
        )
    )

    assert camp.attempt(page.attempt_id).due_at == NOON + 45 * MINUTE


def test_going_on_shows_the_question_where_the_person_stood(camp: QuizCamp) -> None:
    exam = camp.test()
    page = camp.begin(exam)
    camp.do(lambda s: attempts.look(s, speaker=camp.trainees[0], attempt_id=page.attempt_id, position=3, at=NOON))

    again = camp.begin(exam, at=NOON + 5 * MINUTE)

    assert again.position == 3


def test_without_going_back_only_the_present_question_takes_an_answer(camp: QuizCamp) -> None:
    exam = camp.test(can_go_back=False)
    page = camp.begin(exam)
    assert page.asked is not None
    first = page.asked.item_id
    moved = camp.do(
        lambda s: attempts.look(s, speaker=camp.trainees[0], attempt_id=page.attempt_id, position=1, at=NOON)
    )
    back = camp.do(
        lambda s: attempts.look(s, speaker=camp.trainees[0], attempt_id=page.attempt_id, position=0, at=NOON)
    )
    question = camp.see(lambda s: asking.require_own(s, camp.trainees[0], first).question_id)
    place = camp.questions.index(question)
    say(camp, first, RIGHT[place][0])

    assert isinstance(moved, Page)
    assert isinstance(back, Page)
    assert back.position == 1
    assert camp.item(page.attempt_id, question).answer is None


def test_answers_are_reviewed_only_once_released(camp: QuizCamp) -> None:
    exam = camp.test()
    page = camp.begin(exam)
    answer_all(camp, page.attempt_id)
    hand_in(camp, page.attempt_id)
    see = lambda s: attempts.review(s, speaker=camp.trainees[0], attempt_id=page.attempt_id, position=0)  # noqa: E731

    before = camp.do(see)
    camp.do(lambda s: minding.release(s, speaker=camp.coordinator, exam_id=exam, now=NOON + timedelta(days=1)))
    after = camp.do(see)

    assert isinstance(before, Finished)
    assert not isinstance(after, Finished)
    assert after[3].is_settled
