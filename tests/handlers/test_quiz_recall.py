"""Repetition in the chat: offered once there is something to repeat, and ended by one tap."""

from datetime import timedelta

import pytest

from schedules import quiz as clock
from tests.handlers.test_quiz import open_test, press, start
from tests.support.house import TestHouse
from tests.support.quiz_camp import NOON, single

pytestmark = pytest.mark.anyio


async def test_repetition_is_offered_after_the_camp_and_stops_by_a_tap(house: TestHouse) -> None:
    walk = await start(house, single(1), ends_on=NOON.date())
    await open_test(walk)
    person = walk.trainee
    await press(person, "quiz:test:")
    await press(person, "quiz:begin:")
    await press(person, "quiz:pick:")
    await press(person, "quiz:hand:")
    await press(person, "quiz:in:")
    await person.say("/start")
    await press(person, "quiz:offer:")
    await press(person, "quiz:join:")
    house.clock.at = NOON + timedelta(days=3, minutes=30)
    await clock.push_questions(house.turns)
    await house.settle()
    assert "To remember" in person.last

    await press(person, "quiz:stop:")

    assert "Stopped" in person.last
