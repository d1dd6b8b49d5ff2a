"""The question of the day is taken from the category that was chosen for it."""

import pytest

from bot.quiz import daily
from bot.quiz.models import DailyPlan
from tests.handlers.test_quiz import forge, press, start
from tests.support.house import TestHouse
from tests.support.quiz_camp import single

pytestmark = pytest.mark.anyio
CITY = tuple(single(number, category="city") for number in range(3))
LAW = tuple(single(number, category="law") for number in range(3, 6))


async def test_the_question_of_the_day_is_taken_from_the_chosen_category(house: TestHouse) -> None:
    walk = await start(house, *CITY, *LAW)
    person = walk.coordinator
    await person.say("/quiz")
    await press(person, "quiz:desk:")
    await press(person, "quiz:daily:")
    await press(person, "quiz:topics:")
    await press(person, "quiz:topic:1:2")

    assert "Category: law" in person.last
    plan = house.read(lambda session: session.get(DailyPlan, walk.camp.cohort))
    assert plan.category == "law"


async def test_another_bank_forgets_the_category(house: TestHouse) -> None:
    walk = await start(house, *CITY, *LAW)
    camp, now = walk.camp, house.clock.now()

    def choose(bank_id: int | None, category: str | None) -> str:
        plan = house.write(
            lambda s: (
                daily.set_plan(
                    s, speaker=camp.coordinator, cohort_id=camp.cohort, now=now, bank_id=bank_id, category=category
                ).category
            )
        )
        return str(plan)

    first, then = choose(None, "law"), choose(0, None)

    assert (first, then) == ("law", "")


async def test_a_category_that_is_not_there_is_refused(house: TestHouse) -> None:
    walk = await start(house, *CITY, *LAW)

    await forge(walk.coordinator, "quiz:topic:1:9")

    assert house.read(lambda session: session.get(DailyPlan, walk.camp.cohort)) is None
