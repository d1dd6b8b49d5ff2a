"""Answering in the chat: tests, the question of the day, repetition; wrong people, wrong buttons, wrong moments."""

from typing import Any

import pytest

from bot.quiz import daily
from bot.quiz.models import Attempt, Item
from schedules import quiz as clock
from tests.handlers.quiz_walk import Walk, prepare
from tests.support.house import Person, TestHouse, buttons_of
from tests.support.quiz_camp import ESSAY, MINUTE, NOON, NUMBER, PAIRS, SEVERAL, WORD, single

pytestmark = pytest.mark.anyio


def button(person: Person, data: str) -> tuple[int, str]:
    """The newest button whose data begins like that."""
    for message in reversed(person.chat):
        for one in buttons_of(message):
            if one.get("callback_data", "").startswith(data):
                return message["message_id"], one["callback_data"]
    raise AssertionError(f"no button {data} among {person.labels}")


async def press(person: Person, data: str) -> list[dict[str, Any]]:
    return await person.press_data(*button(person, data))


async def forge(person: Person, data: str) -> None:
    """Send a press of a button that was never shown to this person."""
    user = {"id": person.id, "is_bot": False, "first_name": "P"}
    chat = {"id": person.id, "type": "private", "first_name": "P"}
    message = {"message_id": person.chat[-1]["message_id"], "date": 1, "chat": chat, "text": "forged"}
    query = {"id": "1", "from": user, "chat_instance": "1", "data": data, "message": message}
    person.house.sandbox.inject({"callback_query": query})
    await person.house.settle()


def screen(person: Person) -> str:
    """The newest message with buttons."""
    return str(next(one["text"] for one in reversed(person.chat) if buttons_of(one)))


async def start(house: TestHouse, *questions: Any, **options: Any) -> Walk:
    house.clock.at = NOON
    walk = prepare(house, questions=questions or (single(1), single(2)), **options)
    await house.settle()
    return walk


async def open_test(walk: Walk, **rules: Any) -> int:
    exam = walk.camp.test(**rules)
    await clock.push_tests(walk.house.turns)
    await walk.house.settle()
    return exam


def attempt(walk: Walk) -> Attempt:
    return walk.camp.attempt(1)


async def test_a_test_from_the_news_of_it_to_the_result(house: TestHouse) -> None:
    walk = await start(house)
    await open_test(walk)
    person = walk.trainee
    assert "is open" in person.last

    await press(person, "quiz:test:")
    await press(person, "quiz:begin:")
    assert "1/2" in screen(person)
    assert "30 minutes left" in screen(person)
    for _ in range(2):
        item = int(button(person, "quiz:pick:")[1].split(":")[2])
        await press(person, f"quiz:pick:{item}:0")
    assert "Every question has an answer." in screen(person)
    await press(person, "quiz:hand:")
    await press(person, "quiz:in:")

    assert "100 %" in person.last
    assert "Passed" in person.last


async def test_the_first_screen_offers_a_test_only_while_there_is_one(house: TestHouse) -> None:
    walk = await start(house)
    await walk.trainee.say("/start")
    before = walk.trainee.labels
    await open_test(walk)
    await walk.trainee.say("/start")

    assert "📝 Test" not in before
    assert "📝 Test" in walk.trainee.labels


async def test_typed_answers_are_taken_where_the_question_waits_for_them(house: TestHouse) -> None:
    walk = await start(house, NUMBER, WORD)
    await open_test(walk)
    person = walk.trainee
    await press(person, "quiz:test:")
    await press(person, "quiz:begin:")
    for _ in range(2):
        await person.say("300" if "households" in screen(person) else "12345")
    await press(person, "quiz:hand:")
    await press(person, "quiz:in:")

    assert "100 %" in person.last


async def test_words_where_a_number_is_asked_for_are_asked_again_and_nothing_is_lost(house: TestHouse) -> None:
    walk = await start(house, NUMBER)
    await open_test(walk)
    person = walk.trainee
    await press(person, "quiz:test:")
    await press(person, "quiz:begin:")

    await person.say("three hundred")
    refused = person.last
    await person.say("300")

    assert "could not read that as a number" in refused
    assert walk.camp.item(1, walk.camp.questions[0]).answer == '{"typed": "300"}'


async def test_matching_goes_step_by_step_and_back(house: TestHouse) -> None:
    walk = await start(house, PAIRS)
    await open_test(walk)
    person = walk.trainee
    await press(person, "quiz:test:")
    await press(person, "quiz:begin:")
    item = button(person, "quiz:match:")[1].split(":")[2]

    await press(person, f"quiz:match:{item}:0:1")
    await press(person, f"quiz:match:{item}:0:-1")
    await press(person, f"quiz:match:{item}:0:0")
    await press(person, f"quiz:match:{item}:1:1")

    assert walk.camp.item(1, walk.camp.questions[0]).answer == '{"matched": [0, 1]}'


async def test_a_double_press_ticks_once(house: TestHouse) -> None:
    walk = await start(house, SEVERAL)
    await open_test(walk)
    person = walk.trainee
    await press(person, "quiz:test:")
    await press(person, "quiz:begin:")
    message, data = button(person, "quiz:tick:")
    house.sandbox.press(person.id, message, data)
    house.sandbox.press(person.id, message, data)
    await house.settle()

    place = data.split(":")[3]
    assert walk.camp.item(1, walk.camp.questions[0]).answer == f'{{"chosen": [{place}]}}'


async def test_after_the_time_a_press_is_told_and_does_not_count(house: TestHouse) -> None:
    walk = await start(house, single(1))
    await open_test(walk)
    person = walk.trainee
    await press(person, "quiz:test:")
    await press(person, "quiz:begin:")
    house.clock.at = NOON + 31 * MINUTE

    await press(person, "quiz:pick:")

    assert "Time was up" in person.last
    assert attempt(walk).score == 0


async def test_the_clock_hands_in_and_tells_the_person(house: TestHouse) -> None:
    walk = await start(house, single(1))
    await open_test(walk)
    person = walk.trainee
    await press(person, "quiz:test:")
    await press(person, "quiz:begin:")
    house.clock.at = NOON + 31 * MINUTE

    await clock.push_tests(house.turns)
    await house.settle()

    assert "Time is up" in person.last


async def test_somebody_elses_button_does_nothing(house: TestHouse) -> None:
    walk = await start(house, single(1))
    await open_test(walk)
    await press(walk.trainee, "quiz:test:")
    await press(walk.trainee, "quiz:begin:")
    _, data = button(walk.trainee, "quiz:pick:")
    other = walk.trainees[1]

    await forge(other, data)

    assert walk.camp.item(1, walk.camp.questions[0]).answer is None


@pytest.mark.parametrize(
    "data",
    ["quiz:pick:1:99", "quiz:pick:999:0", "quiz:go:1:77", "quiz:begin:99", "quiz:in:99", "quiz:pick:x:y", "quiz:see:"],
)
async def test_a_tampered_button_changes_nothing(house: TestHouse, data: str) -> None:
    walk = await start(house, single(1))
    await open_test(walk)
    await press(walk.trainee, "quiz:test:")
    await press(walk.trainee, "quiz:begin:")

    await forge(walk.trainee, data)

    assert walk.camp.item(1, walk.camp.questions[0]).answer is None
    assert attempt(walk).submitted_at is None


async def test_the_question_of_the_day_is_answered_by_a_tap(house: TestHouse) -> None:
    walk = await start(house, single(1))
    camp = walk.camp
    house.write(lambda s: daily.set_plan(s, speaker=camp.coordinator, cohort_id=camp.cohort, now=NOON, is_on=True))
    house.clock.at = NOON + 30 * MINUTE
    await clock.push_questions(house.turns)
    await house.settle()
    person = walk.trainee
    item = button(person, "quiz:pick:")[1].split(":")[2]
    assert "🔕 Pause" in person.labels

    await press(person, f"quiz:pick:{item}:0")

    assert "Right!" in person.last
    assert walk.camp.see(lambda s: s.get_one(Item, int(item))).score == 1_000_000


async def test_an_essay_is_thanked_for_and_only_the_teacher_reads_it(house: TestHouse) -> None:
    walk = await start(house, ESSAY, single(1))
    await open_test(walk)
    person = walk.trainee
    await press(person, "quiz:test:")
    await press(person, "quiz:begin:")
    if "differently" not in screen(person):
        await press(person, "quiz:go:1:1")
    await person.say("I shall <b>listen</b> first.")
    house.clock.at = NOON + 31 * MINUTE
    await clock.push_tests(house.turns)
    await house.settle()

    await walk.teacher.say("/quiz")
    await press(walk.teacher, "quiz:desk:")
    await press(walk.teacher, "quiz:written:")

    assert "I shall <b>listen</b> first." in walk.teacher.last
    assert "学员00" in walk.teacher.last


async def test_a_tap_leaves_the_dialogue_of_another_feature_alone(house: TestHouse) -> None:
    walk = await start(house, single(1))
    await open_test(walk)
    coordinator = walk.coordinator
    await coordinator.say("/quiz")
    await press(coordinator, "quiz:desk:")
    await press(coordinator, "quiz:new:")
    await press(coordinator, "quiz:type:2:title")
    await forge(coordinator, "quiz:see:1")

    await coordinator.say("Second test")

    assert "Second test" in coordinator.last


async def test_a_long_question_is_shown_whole_in_parts(house: TestHouse) -> None:
    words = " ".join(f"word{number}" for number in range(900))
    base = single(1)
    long = type(base)(type(base.stem)(words), base.body)
    walk = await start(house, long)
    await open_test(walk)
    person = walk.trainee
    await press(person, "quiz:test:")
    await press(person, "quiz:begin:")
    seen = [screen(person)]
    for label in [one for one in person.labels if one.startswith("Text ")]:
        await person.press(label)
        seen.append(screen(person))

    assert all(any(f"word{number} " in text or f"word{number}\n" in text for text in seen) for number in range(900))
    assert all(len(text) <= 4096 for text in seen)
    assert any("Option 1d" in text for text in seen)
