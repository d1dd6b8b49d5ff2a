from datetime import timedelta

import pytest

from bot.people.models import Cohort, Person, Role
from schedules.timetable import push_mornings
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


async def test_the_first_reply_to_a_trainee_begins_with_what_is_next(
    house: TestHouse, camps: Camps, cohort: Cohort
) -> None:
    camps.activity(cohort, MONDAY, (14, 0), (15, 0), "Lecture", place="301", notes="携带笔记本")
    trainee = house.person(account(camps.person(cohort, name="李睿")))

    await trainee.say("/start")

    assert len([message for message in trainee.chat if message["from"]["is_bot"]]) == 1
    assert trainee.last.split("\n\n") == [
        "Monday, December 7 · Camp",
        "⏭ Next at 08:30, in 30 min: Registration\n📍 Hall",
        "Then today:\n14:00–15:00 Lecture · 301\n    🎒 笔记本",
        "👤 李睿\nCamp: day 1 of 3",
    ]
    assert {"✔ Check in", "📅 Week", "🗓 Calendar", "🔔 My reminders"} <= set(trainee.labels)


async def test_twenty_activities_with_long_titles_are_one_message_with_a_line_each(
    house: TestHouse, camps: Camps, cohort: Cohort
) -> None:
    for number in range(20):
        begins = (9 + number // 2, number % 2 * 30)
        camps.activity(
            cohort, MONDAY, begins, (20, 0), f"第{number}讲 " + "新时代党建引领基层社会治理" * 6, place="教室" * 20
        )
    trainee = house.person(account(camps.person(cohort)))

    await trainee.say("/start")

    assert all(f"第{number}讲" in trainee.last for number in range(20))
    assert max(len(line) for line in trainee.last.split("\n")) < 100


async def test_a_day_without_activities_says_what_comes_next(house: TestHouse, camps: Camps, cohort: Cohort) -> None:
    house.clock.at = local(MONDAY, 20)
    trainee = house.person(account(camps.person(cohort)))

    await trainee.say("/start")

    assert "That was all for today.\nNext: Tuesday, December 8, 09:00 Visit" in trainee.last


async def test_a_trainee_sees_everybodys_activities_and_those_of_the_own_group_only(
    house: TestHouse, camps: Camps, cohort: Cohort
) -> None:
    for group, place in (("一组", "302"), ("二组", "303")):
        camps.activity(cohort, MONDAY, (14, 0), (15, 0), f"Talk in {place}", group_name=group)
    members = [camps.person(cohort) for _ in range(3)]
    for person, group in zip(members, ("一组", "二组"), strict=False):
        camps.group(person, cohort, group)
    boss = house.person(account(camps.person(cohort, role=Role.COORDINATOR)))
    await boss.say("/week")
    seen = []
    for person in members:
        phone = house.person(account(person))
        await phone.say("/today")
        today = phone.last
        await phone.say("/week")
        seen.append(["Talk in 302" in today, "Talk in 303" in today, "302" in phone.last, "303" in phone.last])

    assert seen == [[True, False, True, False], [False, True, False, True], [False] * 4]
    assert "302" in boss.last
    assert "303" in boss.last


async def test_the_morning_push_differs_by_group(house: TestHouse, camps: Camps, cohort: Cohort) -> None:
    for group, place in (("一组", "302"), ("二组", "303")):
        camps.activity(cohort, MONDAY, (14, 0), (15, 0), "Talk", place=place, group_name=group)
    person, alone = camps.person(cohort), camps.person(cohort)
    camps.group(person, cohort, "二组")
    phones = [house.person(account(one)) for one in (person, alone)]
    for phone in phones:
        await phone.say("/cancel")

    await push_mornings(house.turns)
    await house.settle()

    assert ["📍 303" in phone.last for phone in phones] == [True, False]
    assert ["📍 302" in phone.last for phone in phones] == [False, False]
