from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.people.models import Cohort, Person, Role
from bot.people.service import find_speaker
from bot.preferences import service as preferences
from bot.reminders import service
from tests.support.camp import callback_answers, forge_press
from tests.support.camps import MONDAY, Camps, local
from tests.support.clockwork import Clockwork, build
from tests.support.house import HandClock, TestHouse
from tests.support.house import Person as Phone

pytestmark = pytest.mark.anyio


@pytest.fixture
def camps(house: TestHouse) -> Camps:
    house.clock.at = local(MONDAY, 8)
    return Camps(house.database, now=house.clock.at)


@pytest.fixture
def cohort(camps: Camps) -> Cohort:
    made = camps.cohort()
    camps.activity(made, MONDAY, (12, 0), (12, 40), "Bus", kind="乘车")
    camps.activity(made, MONDAY, (14, 0), (15, 0), "Lecture", kind="讲座", place="301")
    return made


@pytest.fixture
def trainee(house: TestHouse, camps: Camps, cohort: Cohort) -> Phone:
    return house.person(camps.person(cohort).telegram_id or 0)


@pytest.fixture
def boss(house: TestHouse, camps: Camps, cohort: Cohort) -> Phone:
    return house.person(camps.person(cohort, role=Role.COORDINATOR).telegram_id or 0)


def own_lead(camps: Camps, phone: Phone, cohort: Cohort) -> int | None:
    """What whoever holds that phone has chosen."""

    def work(session: Session) -> int | None:
        speaker = find_speaker(session, phone.id)
        assert speaker is not None
        who = speaker.person_id
        return preferences.choices_of(session, person_id=who, cohort_id=cohort.id or 0, now=camps.now).before

    return camps.do(work)


async def test_the_settings_say_when_each_reminder_comes(trainee: Phone) -> None:
    await trainee.say("/reminders")

    assert "What to bring, the evening before\n      at 20:00" in trainee.last
    assert "The day's programme in the morning\n      at 07:30" in trainee.last
    assert "15 minutes before, 乘车: 40 minutes before" in trainee.last


async def test_a_person_sets_how_long_before_by_button_by_typing_and_back(
    camps: Camps, trainee: Phone, cohort: Cohort
) -> None:
    await trainee.say("/reminders")
    await trainee.press("How long before")
    await trainee.press("30")
    by_button = own_lead(camps, trainee, cohort)
    await trainee.press("How long before")
    await trainee.say("soon")
    refused = trainee.last
    await trainee.say("半小时")
    await trainee.press("How long before")
    await trainee.say("一小时")
    typed = own_lead(camps, trainee, cohort)
    await trainee.press("How long before")

    await trainee.press("As the camp has it")

    assert (by_button, typed, own_lead(camps, trainee, cohort)) == (30, 60, None)
    assert "could not read" in refused


async def test_a_question_left_open_survives_a_restart(database_url: str) -> None:
    house = await build(database_url, HandClock(local(MONDAY, 8)))
    clockwork = Clockwork(house, database_url, house.clock.at.tzinfo)  # type: ignore[arg-type]
    camps = Camps(house.database, now=house.clock.at)
    cohort = camps.cohort()
    camps.activity(cohort, MONDAY, (14, 0), (15, 0))
    person = camps.person(cohort)
    phone = house.person(person.telegram_id or 0)
    await phone.say("/reminders")
    await phone.press("How long before")

    await clockwork.restart()
    await clockwork.house.person(phone.id).say("45")

    now = clockwork.now
    ids = {"person_id": person.id or 0, "cohort_id": cohort.id or 0}
    found = clockwork.house.read(lambda s: preferences.choices_of(s, **ids, now=now))
    assert found.before == 45


async def test_cancelling_leaves_everything_as_it_was(camps: Camps, trainee: Phone, cohort: Cohort) -> None:
    await trainee.say("/reminders")
    await trainee.press("How long before")
    await trainee.say("/cancel")

    await trainee.say("45")

    assert own_lead(camps, trainee, cohort) is None


async def test_send_me_one_now_shows_the_next_reminder(house: TestHouse, trainee: Phone) -> None:
    await trainee.say("/reminders")

    await trainee.press("Send me one now")

    assert "A test" in trainee.last
    assert "12:00, in 40 minutes: Bus" in trainee.last
    assert "🔕 Pause" in trainee.labels


async def test_with_nothing_ahead_there_is_nothing_to_send(house: TestHouse, trainee: Phone) -> None:
    house.clock.at = local(MONDAY, 16)
    await trainee.say("/reminders")

    await trainee.press("Send me one now")

    assert "Nothing is planned any more" in callback_answers(house)[-1]


async def test_a_coordinator_sets_leads_by_kind_and_the_evening_by_button_and_by_typing(
    camps: Camps, boss: Phone, cohort: Cohort
) -> None:
    await boss.say("/start")
    await boss.press("All of this camp")
    await boss.press("⏰ Reminders")
    await boss.press("乘车")
    await boss.press("60")
    await boss.press("Minutes before")
    await boss.say("25")
    await boss.press("Evening hour")
    await boss.say("3am")
    refused = boss.last
    await boss.say("19:30")

    leads = camps.see(lambda s: service.leads_of(s, cohort.id or 0))
    assert (leads.usual, leads.fixed("乘车")) == (25, 60)
    assert "between 16:00 and 22:30" in refused
    assert "The evening before: 19:30" in boss.last
    assert "乘车: 60 minutes before" in boss.last


async def test_the_coordinator_sees_what_was_sent_and_what_a_downtime_swallowed(
    database_url: str,
) -> None:
    house = await build(database_url, HandClock(local(MONDAY, 11)))
    clockwork = Clockwork(house, database_url, house.clock.at.tzinfo)  # type: ignore[arg-type]
    camps = Camps(house.database, now=house.clock.at)
    cohort = camps.cohort()
    camps.person(cohort)
    chief = camps.person(cohort, role=Role.COORDINATOR)
    camps.activity(cohort, MONDAY, (12, 0), (13, 0), "Heard")
    camps.activity(cohort, MONDAY, (14, 0), (15, 0), "Missed")
    await clockwork.run(local(MONDAY, 12), step=timedelta(minutes=45))

    await clockwork.restart(down=timedelta(hours=3))

    phone = clockwork.house.person(chief.telegram_id or 0)
    await phone.say("/start")
    await phone.press("All of this camp")
    await phone.press("⏰ Reminders")
    assert "In the last 7 days 1 reminder was sent." in phone.last
    assert "⚠️ 1 was left out" in phone.last


@pytest.mark.parametrize(
    "data",
    [
        "reminders:desk:{own}",
        "reminders:lead:{own}:0",
        "reminders:setlead:{own}:0:30",
        "reminders:evening:{own}",
        "reminders:sethour:{own}:19",
        "reminders:own:{own}:9999",
        "reminders:own:{own}:-1",
        "reminders:mine:{other}",
        "reminders:test:{other}",
        "reminders:test:99999",
        "reminders:mine",
        "reminders:setlead:{own}:77:30",
    ],
)
async def test_a_wrong_role_another_camp_or_a_tampered_button_changes_nothing(
    house: TestHouse, camps: Camps, trainee: Phone, cohort: Cohort, data: str
) -> None:
    other = camps.cohort("Other")
    await trainee.say("/reminders")
    before = trainee.last

    await forge_press(house, trainee.id, trainee.chat[-1]["message_id"], data.format(own=cohort.id, other=other.id))

    assert trainee.last == before
    assert any(line in callback_answers(house)[-1] for line in ("no longer exists", "not in this camp", "coordinator"))
    leads = camps.see(lambda s: service.leads_of(s, cohort.id or 0))
    assert (leads.usual, own_lead(camps, trainee, cohort)) == (15, None)


async def test_it_speaks_chinese(house: TestHouse, camps: Camps, cohort: Cohort) -> None:
    reader: Person = camps.person(cohort, language="zh")
    phone = house.person(reader.telegram_id or 0)

    await phone.say("/reminders")
    await phone.press("现在发一条试试")

    assert "12:00（40 分钟后）Bus" in phone.last
