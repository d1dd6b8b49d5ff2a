"""Repetition after the camp: only for who wants it, at most three a day, the missed ones again, and it ends."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import fsrs
import pytest

from bot.database import Database
from bot.people.service import Speaker
from bot.quiz import attempts, recall, service
from bot.quiz.changing import Pick
from bot.quiz.models import Memory, Recall
from bot.quiz.outcomes import NotYours, RecallAsked
from bot.quiz.recall import RecallPush
from bot.recurrence import service as recurrence
from tests.support.quiz_camp import NOON, QuizCamp, build_quiz_camp, single

QUESTIONS = tuple(single(number, right=0) for number in range(5))
LAST_DAY = date(2026, 12, 7)
DAY = timedelta(days=1)
PUSH = NOON + timedelta(minutes=30)


@pytest.fixture
def camp(database_url: str) -> Iterator[QuizCamp]:
    database = Database(database_url)
    made = build_quiz_camp(database, questions=QUESTIONS, ends_on=LAST_DAY)
    take_the_test(made, made.trainees[0], right=2)
    yield made
    database.close()


def take_the_test(camp: QuizCamp, who: Speaker, right: int) -> None:
    page = camp.begin(camp.test(), who)
    for number, question_id in enumerate(camp.questions):
        item = camp.item(page.attempt_id, question_id).id or 0
        place = 0 if number < right else 1
        camp.do(
            lambda s, item=item, place=place: service.answer(  # type: ignore[misc]
                s, speaker=who, item_id=item, wanted=Pick(place), at=NOON
            )
        )
    camp.do(lambda s: attempts.hand_in(s, speaker=who, attempt_id=page.attempt_id, at=NOON))


def join(camp: QuizCamp, who: int = 0, now: datetime = NOON) -> Recall | None:
    return camp.do(lambda s: recall.join(s, speaker=camp.trainees[who], cohort_id=camp.cohort, now=now))


def push(camp: QuizCamp, days: int) -> list[RecallAsked]:
    """Everything that is due, day by day, up to so many days after the camp."""
    found: list[RecallAsked] = []
    for number in range(1, days + 1):
        now = PUSH + DAY * number
        while camp.see(lambda s: recurrence.is_due(s, recall.KIND, now)):  # noqa: B023 - called at once
            page: RecallPush = camp.do(
                lambda s: recall.take(s, recurrence.due(s, recall.KIND, now, 1)[0], now=now, after=0, room=100)  # noqa: B023
            )
            found += [asked for _, asked in page.asked]
    return found


def answer(camp: QuizCamp, item_id: int, place: int, at: datetime, who: int = 0) -> RecallAsked:
    outcome = camp.do(
        lambda s: service.answer(s, speaker=camp.trainees[who], item_id=item_id, wanted=Pick(place), at=at)
    )
    assert isinstance(outcome, RecallAsked)
    return outcome


def test_nothing_comes_to_somebody_who_did_not_ask(camp: QuizCamp) -> None:
    assert push(camp, 15) == []


def test_who_answered_nothing_has_nothing_to_repeat(camp: QuizCamp) -> None:
    assert join(camp, who=1) is None


def test_it_is_offered_from_the_last_day_for_two_weeks(camp: QuizCamp) -> None:
    person = camp.trainees[0].person_id

    def offered(now: datetime) -> bool:
        return camp.see(lambda s: recall.is_offered(s, person, camp.cohort, now))

    assert [offered(NOON - DAY), offered(NOON), offered(NOON + 13 * DAY), offered(NOON + 14 * DAY)] == [
        False,
        True,
        True,
        False,
    ]


def test_the_missed_ones_come_first_and_at_most_three_a_day(camp: QuizCamp) -> None:
    join(camp)

    (first,) = push(camp, 1)

    assert first.count == 3
    assert {row.question_id for row in day_items(camp, first)} == set(camp.questions[2:])


def test_what_is_missed_again_returns_the_next_day_and_what_is_known_later(camp: QuizCamp) -> None:
    join(camp)
    (first,) = push(camp, 1)
    items = day_items(camp, first)
    for number, item in enumerate(items):
        answer(camp, item.id or 0, 1 if number == 0 else 0, PUSH + DAY)

    due = {
        row.question_id: row.due_at
        for row in camp.see(lambda s: [s.get_one(Memory, (1, item.question_id)) for item in items])
    }

    missed, *known = [due[item.question_id] for item in items]
    assert missed <= PUSH + 2 * DAY
    assert all(at > missed for at in known)


def test_the_same_answers_give_the_same_plan() -> None:
    cards = []
    for _ in range(2):
        card = fsrs.Card(card_id=1, due=NOON)
        for number, is_right in enumerate((True, False, True, True)):
            card = recall.review(card, is_right=is_right, at=NOON + DAY * 3 * number)
        cards.append(card.to_json())

    assert cards[0] == cards[1]


def test_the_first_answer_stands_and_leads_to_the_next_question(camp: QuizCamp) -> None:
    join(camp)
    (first,) = push(camp, 1)

    done = answer(camp, first.asked.item_id, 0, PUSH + DAY)
    again = answer(camp, first.asked.item_id, 1, PUSH + DAY)

    assert done.is_new
    assert done.next_id is not None
    assert not again.is_new
    assert again.asked.answer == done.asked.answer


def test_it_stops_by_itself_after_two_weeks(camp: QuizCamp) -> None:
    join(camp)

    last = max(asked.on for asked in push(camp, 30))

    assert last <= LAST_DAY + 14 * DAY
    assert not camp.see(lambda s: recurrence.is_due(s, recall.KIND, NOON + 60 * DAY))


def test_one_tap_stops_it(camp: QuizCamp) -> None:
    join(camp)
    (first,) = push(camp, 1)

    stopped = camp.do(lambda s: recall.stop(s, speaker=camp.trainees[0], cohort_id=camp.cohort, now=PUSH + DAY))
    late = answer(camp, first.asked.item_id, 0, PUSH + DAY)

    assert stopped
    assert late.is_over
    assert [asked for asked in push(camp, 5) if asked.on > first.on] == []


def test_somebody_elses_repetition_is_refused(camp: QuizCamp) -> None:
    join(camp)
    (first,) = push(camp, 1)

    with pytest.raises(NotYours):
        answer(camp, first.asked.item_id, 0, PUSH + DAY, who=1)


def day_items(camp: QuizCamp, asked: RecallAsked):  # type: ignore[no-untyped-def]
    return camp.see(lambda s: list(recall._items(s, 1, asked.on)))  # noqa: SLF001 - the rows of that day
