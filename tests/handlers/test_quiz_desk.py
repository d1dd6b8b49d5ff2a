"""The desk: making a test by buttons, more time, releasing, statistics as files, corrections; and who may not."""

import io
from datetime import timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from bot.quiz import attempts, service
from bot.quiz.changing import Pick
from bot.quiz.models import Exam, ExamStatus
from schedules import quiz as clock
from tests.handlers.quiz_walk import Walk
from tests.handlers.test_quiz import button, forge, press, start
from tests.support.house import TestHouse
from tests.support.quiz_camp import MINUTE, NOON, single

pytestmark = pytest.mark.anyio
SIX = tuple(single(number) for number in range(6))


async def make_test(walk: Walk) -> None:
    person = walk.coordinator
    await person.say("/quiz")
    await press(person, "quiz:desk:")
    await press(person, "quiz:new:")


def exam(walk: Walk) -> Exam:
    return walk.camp.exam(1)


async def test_a_test_is_made_by_buttons_and_a_few_words(house: TestHouse) -> None:
    walk = await start(house, *SIX)
    person = walk.coordinator
    await make_test(walk)
    await press(person, "quiz:type:1:title")
    await person.say("结业测试")
    await press(person, "quiz:rule:1:window")
    await press(person, "quiz:type:1:window")
    await person.say("12-11 14点到16:30")
    await press(person, "quiz:rule:1:minutes")
    await press(person, "quiz:set:1:minutes:45")
    await press(person, "quiz:rule:1:attempts")
    await press(person, "quiz:set:1:attempts:12")
    await press(person, "quiz:rule:1:mark")
    await press(person, "quiz:set:1:mark:80")
    await press(person, "quiz:parts:1")
    await press(person, "quiz:bank:1:")
    await press(person, "quiz:take:1:")
    await press(person, "quiz:exam:1")
    await press(person, "quiz:publish:1")

    made = exam(walk)
    assert (made.title, made.minutes, made.attempts, made.retake, made.pass_percent) == (
        "结业测试",
        45,
        2,
        "anyone",
        80,
    )
    assert made.status == ExamStatus.PUBLISHED
    assert made.opens_at == NOON + timedelta(days=4, hours=2)
    assert made.closes_at - made.opens_at == timedelta(hours=2, minutes=30)


async def test_a_window_that_cannot_be_read_is_asked_again(house: TestHouse) -> None:
    walk = await start(house, *SIX)
    await make_test(walk)
    await press(walk.coordinator, "quiz:rule:1:window")
    await press(walk.coordinator, "quiz:type:1:window")

    await walk.coordinator.say("some day")
    asked = walk.coordinator.last
    await walk.coordinator.say("12-11 14:00 - 16:00")

    assert "could not read two times" in asked
    assert exam(walk).closes_at == NOON + timedelta(days=4, hours=4)


async def test_a_published_test_cannot_be_changed_but_closed_later(house: TestHouse) -> None:
    walk = await start(house, *SIX)
    number = walk.camp.test(count=2)
    await walk.coordinator.say("/quiz")
    await press(walk.coordinator, "quiz:desk:")
    await press(walk.coordinator, f"quiz:exam:{number}")
    closes_at = exam(walk).closes_at

    await forge(walk.coordinator, f"quiz:set:{number}:minutes:5")
    await press(walk.coordinator, f"quiz:rule:{number}:later")
    await press(walk.coordinator, f"quiz:later:{number}:")

    assert exam(walk).minutes == 30
    assert exam(walk).closes_at > closes_at


@pytest.mark.parametrize(
    "data",
    ["quiz:desk:1", "quiz:new:1", "quiz:exam:1", "quiz:publish:1", "quiz:drop:1", "quiz:release:1", "quiz:stats:1",
     "quiz:missing:1:0", "quiz:results:1", "quiz:allow:1:3:60:0", "quiz:key:1", "quiz:fix:1:1:2", "quiz:written:1:0",
     "quiz:turn:1:1", "quiz:nudge:1", "quiz:take:1:1:-1:any:1", "quiz:item:1:1", "quiz:set:1:minutes:5"],
)  # fmt: skip
async def test_a_trainee_gets_nowhere_with_a_desk_button(house: TestHouse, data: str) -> None:
    walk = await start(house, *SIX)
    walk.camp.test(count=2)
    before = exam(walk).model_dump()
    said = len(walk.trainee.chat)

    await forge(walk.trainee, data)

    assert exam(walk).model_dump() == before
    assert len(walk.trainee.chat) == said
    assert "Questions and tests" not in walk.trainee.last


async def take(walk: Walk, place: int, *who: int) -> None:
    for one in who:
        speaker = walk.camp.trainees[one]
        page = walk.camp.begin(1, speaker)
        for question_id in walk.camp.questions:
            item = walk.camp.item(page.attempt_id, question_id).id or 0
            walk.house.write(
                lambda s, i=item, p=speaker: service.answer(s, speaker=p, item_id=i, wanted=Pick(place), at=NOON)  # type: ignore[misc]
            )
        walk.house.write(lambda s, a=page.attempt_id, p=speaker: attempts.hand_in(s, speaker=p, attempt_id=a, at=NOON))  # type: ignore[misc]


async def test_statistics_come_in_the_chat_as_a_picture_and_as_a_workbook(house: TestHouse) -> None:
    walk = await start(house, *SIX, trainees=7)
    walk.camp.test()
    await take(walk, 0, 0, 1, 2)
    await take(walk, 1, 3, 4, 5)
    person = walk.coordinator
    await person.say("/quiz")
    await press(person, "quiz:desk:")
    await press(person, "quiz:exam:1")
    await press(person, "quiz:stats:1")
    shown = person.last
    (picture,) = await press(person, "quiz:picture:")
    (workbook,) = await press(person, "quiz:workbook:")

    assert "50 %" in shown
    assert "photo" in picture
    row = house.sandbox.world.files.rows[workbook["document"]["file_id"]]
    content = house.sandbox.world.contents.read(row["unique_id"])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][3:5] == [6.0, 0.5]
    assert "学员" not in str(rows)


async def test_the_chase_list_names_only_who_has_not_answered(house: TestHouse) -> None:
    walk = await start(house, *SIX, trainees=4)
    walk.camp.test()
    await take(walk, 0, 0, 1)
    person = walk.coordinator
    await person.say("/quiz")
    await press(person, "quiz:desk:")
    await press(person, "quiz:exam:1")
    await press(person, "quiz:missing:")
    shown = person.last
    await press(person, "quiz:nudge:")

    assert "学员02" in shown
    assert "学员03" in shown
    assert "学员00" not in shown
    assert "not handed it in yet" in walk.trainees[2].last
    assert "not handed it in yet" not in walk.trainees[0].last


async def test_a_corrected_key_changes_results_and_tells_those_concerned(house: TestHouse) -> None:
    walk = await start(house, single(1))
    walk.camp.test()
    await take(walk, 2, 0)
    person = walk.teacher
    await person.say("/quiz")
    await press(person, "quiz:desk:")
    await press(person, "quiz:exam:1")
    await press(person, "quiz:stats:1")
    await press(person, "quiz:item:")
    await press(person, "quiz:key:")
    await person.press("☐ C")
    await person.press("☑ A")
    await press(person, "quiz:fix:")

    assert "corrected" in person.last
    assert "Now: " in walk.trainee.last
    assert "100 %" in walk.trainee.last
    assert walk.camp.attempt(1).score == 1_000_000


async def test_more_time_is_given_by_two_taps(house: TestHouse) -> None:
    walk = await start(house, *SIX)
    walk.camp.test()
    page = walk.camp.begin(1)
    person = walk.coordinator
    await person.say("/quiz")
    await press(person, "quiz:desk:")
    await press(person, "quiz:exam:1")
    await press(person, "quiz:extra:")
    await press(person, f"quiz:time:1:{walk.camp.trainees[0].person_id}")
    await person.press("+15")

    assert walk.camp.attempt(page.attempt_id).due_at == NOON + 45 * MINUTE


async def test_answers_are_released_once_it_is_over_and_everybody_is_told(house: TestHouse) -> None:
    walk = await start(house, *SIX)
    walk.camp.test()
    await take(walk, 0, 0)
    house.clock.at = NOON + timedelta(days=1, minutes=1)
    person = walk.coordinator
    await person.say("/quiz")
    await press(person, "quiz:desk:")
    await press(person, "quiz:exam:1")
    await press(person, "quiz:release:")
    told = walk.trainee.last
    await press(walk.trainee, "quiz:review:")

    assert "look at your answers" in told
    assert "Right!" in walk.trainee.last


async def test_the_question_of_the_day_is_turned_on_at_another_hour(house: TestHouse) -> None:
    walk = await start(house, *SIX)
    person = walk.teacher
    await person.say("/quiz")
    await press(person, "quiz:desk:")
    await press(person, "quiz:daily:")
    await press(person, "quiz:hour:1:1080")
    await press(person, "quiz:turn:1:1")
    house.clock.at = NOON + timedelta(hours=6)
    await clock.push_questions(house.turns)
    await house.settle()

    assert "Question of the day" in walk.trainee.last
    assert button(walk.trainee, "quiz:pick:")


async def test_a_group_is_asked_by_a_native_quiz_and_never_the_same_twice(house: TestHouse) -> None:
    walk = await start(house, single(1, right=2), single(2, right=2))
    group = house.sandbox.add_group("Room", members=[walk.coordinator.id, walk.trainee.id])
    polls: list[Any] = []
    for _ in range(3):
        house.sandbox.say(walk.coordinator.id, "/quiz", chat_id=group)
        await house.settle()
        polls = [one["wire"] for one in house.sandbox.world.messages.of_chat[group].values() if "poll" in one["wire"]]

    assert sorted(one["poll"]["question"] for one in polls) == ["Question 1?", "Question 2?"]
    assert {one["poll"]["type"] for one in polls} == {"quiz"}
    assert all(one["poll"]["is_anonymous"] for one in polls)
