"""A day of questions over real HTTP, the bot killed again and again: the daily question, a test, the morning after."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.database import Database
from bot.invariants import check
from bot.quiz import daily
from tests.stories.test_camp_day import Day
from tests.support.processes import camp, free_port
from tests.support.quiz_camp import COORDINATOR, FIRST_TRAINEE, TEACHER, QuizCamp, fill_quiz_camp, single

TRAINEES = tuple(FIRST_TRAINEE + number for number in range(6))
QUESTIONS = tuple(single(number) for number in range(4))
EVE = datetime(2026, 12, 6, 2, 0, tzinfo=UTC)
BEFORE_HALF_PAST_NOON = datetime(2026, 12, 7, 4, 29, 55, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 12, 7, 23, 29, 55, tzinfo=UTC)


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with camp(tmp_path, WEB_PORT=str(free_port())) as (emulator, bot):
        emulator.do(
            "people",
            people=[
                {"person_id": number, "name": f"P{number}", "language_code": "en", "started": True}
                for number in (COORDINATOR, TEACHER, *TRAINEES)
            ],
        )
        yield Day(emulator, bot, tmp_path)


def test_a_day_of_questions_from_the_first_tap_to_the_morning_after(day: Day, tmp_path: Path) -> None:
    prepare(day, tmp_path)
    the_daily_question_is_answered(day)
    the_coordinator_makes_a_test(day)
    one_hands_in_and_one_runs_out_of_time(day)
    the_morning_after_has_figures_and_no_names(day)

    assert day.read(check) == []


def prepare(day: Day, folder: Path) -> None:
    """The eve: the database is made by the bot; people and bank are put into it; the daily question is turned on."""
    day.begin(EVE)
    day.bot.kill()
    made = QuizCamp(Database(f"sqlite:///{folder / 'cohort.sqlite3'}"))
    made.do(lambda s: fill_quiz_camp(s, made, len(TRAINEES), QUESTIONS))
    made.do(lambda s: daily.set_plan(s, speaker=made.coordinator, cohort_id=made.cohort, now=EVE, is_on=True))
    made.database.close()


def the_daily_question_is_answered(day: Day) -> None:
    """Half past twelve: killed right before and right after; everybody taps, one of them twice."""
    day.begin(BEFORE_HALF_PAST_NOON)
    day.kill_and_start()
    for number in TRAINEES:
        day.heard(number, "Question of the day")
    day.kill_and_start()
    for number in TRAINEES:
        day.press(number, "A", "Right!|Not quite")
    assert all(sum("Question of the day" in text for text in day.emulator.said(number)) <= 2 for number in TRAINEES)


def the_coordinator_makes_a_test(day: Day) -> None:
    """By buttons alone; killed between two of them."""
    day.say(COORDINATOR, "/quiz", "Questions and tests")
    day.press(COORDINATOR, "Desk", "There is no test yet")
    day.press(COORDINATOR, "New test", "Nobody sees it")
    day.press(COORDINATOR, "📚 Questions", "Take from which bank")
    day.kill_and_start()
    day.press(COORDINATOR, "➕ Bank", "How many")
    day.press(COORDINATOR, "All 4", "Together 4 questions")
    day.press(COORDINATOR, "◀ Back", "4 questions")
    day.press(COORDINATOR, "✔ Publish", "Handed in: 0 of 6")


def one_hands_in_and_one_runs_out_of_time(day: Day) -> None:
    """Killed in the middle of an attempt: the person goes on where they stood. The other's ends by itself."""
    day.bot.kill()
    day.begin(BEFORE_HALF_PAST_NOON + timedelta(minutes=5))
    first, second = TRAINEES[:2]
    day.heard(first, "is open")
    day.press(first, "To the test", "4 questions")
    day.press(first, "Begin now", "1/4")
    day.press(first, "A", "2/4")
    day.kill_and_start()
    day.press(first, "B", "3/4")
    day.press(first, "A", "4/4")
    day.press(first, "C", "Every question has an answer")
    day.press(first, "Hand in", "Afterwards nothing can be changed")
    day.press(first, "✔ Hand in", "Your result: ")
    day.press(second, "To the test", "4 questions")
    day.press(second, "Begin now", "1/4")
    day.bot.kill()
    day.begin(BEFORE_HALF_PAST_NOON + timedelta(minutes=45))
    day.heard(second, "Time is up")
    day.say(COORDINATOR, "/quiz", "Questions and tests")
    day.press(COORDINATOR, "Desk", "Questions and tests")
    day.press(COORDINATOR, "Final test", "Handed in: 2 of 6")


def the_morning_after_has_figures_and_no_names(day: Day) -> None:
    """Six answered, so that there is something to say; nobody is named."""
    day.bot.kill()
    day.begin(NEXT_MORNING)
    told = day.heard(TRAINEES[0], "Yesterday's question")
    staff = day.heard(COORDINATOR, "Share of right answers")

    assert "6 of you answered" in told
    assert "学员" not in told + staff
