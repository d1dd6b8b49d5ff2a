from datetime import timedelta

import pytest

from bot.people.models import Cohort, Person
from tests.support.camp import callback_answers, forge_press
from tests.support.camps import MONDAY, TUESDAY, Camps, local
from tests.support.house import TestHouse

pytestmark = pytest.mark.anyio


@pytest.fixture
def camps(house: TestHouse) -> Camps:
    house.clock.at = local(MONDAY, 8)
    return Camps(house.database)


@pytest.fixture
def cohort(camps: Camps) -> Cohort:
    made = camps.cohort()
    camps.activity(made, MONDAY, (8, 30), (9, 0), "Registration", place="Hall")
    camps.activity(made, TUESDAY, (9, 0), (10, 0), "Visit")
    return made


def account(person: Person) -> int:
    assert person.telegram_id is not None
    return person.telegram_id


@pytest.mark.parametrize("command", ["/today", "/week"])
async def test_a_stranger_is_told_whom_to_ask(house: TestHouse, command: str) -> None:
    stranger = house.person(7)

    await stranger.say(command)

    assert "ask your coordinator" in stranger.last


async def test_today_says_what_is_next_and_where(house: TestHouse, camps: Camps, cohort: Cohort) -> None:
    trainee = house.person(account(camps.person(cohort)))

    await trainee.say("/today")

    assert "Next at 08:30, in 30 min: Registration" in trainee.last
    assert "📍 Hall" in trainee.last
    assert trainee.labels == ["✔ Check in", "🔄 Refresh", "📅 Week", "🗓 Calendar"]


async def test_today_speaks_the_persons_language(house: TestHouse, camps: Camps, cohort: Cohort) -> None:
    trainee = house.person(account(camps.person(cohort, language="zh")))

    await trainee.say("/today")

    assert "12月7日 星期一" in trainee.last


async def test_refreshing_changes_the_message_in_place(house: TestHouse, camps: Camps, cohort: Cohort) -> None:
    trainee = house.person(account(camps.person(cohort)))
    await trainee.say("/today")
    before = len(trainee.chat)
    house.clock.at += timedelta(minutes=31)

    await trainee.press("Refresh")

    assert len(trainee.chat) == before
    assert "Now, until 09:00: Registration" in trainee.last


async def test_the_week_is_paged_by_day_in_place(house: TestHouse, camps: Camps, cohort: Cohort) -> None:
    trainee = house.person(account(camps.person(cohort)))
    await trainee.say("/week")
    before = len(trainee.chat)

    await trainee.press("▶")

    assert len(trainee.chat) == before
    assert "Tuesday, December 8" in trainee.last
    assert trainee.labels == ["◀ Mon, Dec 7", "📅 Today"]


async def test_from_the_week_one_comes_back_to_today(house: TestHouse, camps: Camps, cohort: Cohort) -> None:
    trainee = house.person(account(camps.person(cohort)))
    await trainee.say("/today")
    await trainee.press("Week")

    await trainee.press("Today")

    assert "Next at 08:30" in trainee.last


async def test_a_forged_week_button_is_answered_and_changes_nothing(
    house: TestHouse, camps: Camps, cohort: Cohort
) -> None:
    trainee = house.person(account(camps.person(cohort)))
    await trainee.say("/today")
    before = trainee.last

    await forge_press(house, trainee.id, trainee.chat[-1]["message_id"], "timetable:week:x:y")

    assert trainee.last == before
    assert "no longer exists" in callback_answers(house)[-1]


async def test_somebody_without_a_camp_is_told_so(house: TestHouse, camps: Camps, cohort: Cohort) -> None:
    trainee = house.person(account(camps.person(cohort)))
    house.clock.at = local(MONDAY + timedelta(days=30), 8)

    await trainee.say("/today")

    assert "There is no camp for you now" in trainee.last
