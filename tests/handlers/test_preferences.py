from datetime import timedelta

import pytest

from bot import i18n
from bot.buttons import keyboard
from bot.outbox.calls import Message
from bot.people.models import Cohort, Person
from bot.preferences import service
from bot.preferences.messages import pause_button
from bot.preferences.models import Topic
from tests.support.camp import callback_answers, forge_press
from tests.support.camps import MONDAY, Camps, local
from tests.support.house import Person as Phone
from tests.support.house import TestHouse

pytestmark = pytest.mark.anyio


@pytest.fixture
def camps(house: TestHouse) -> Camps:
    house.clock.at = local(MONDAY, 8)
    return Camps(house.database)


@pytest.fixture
def cohort(camps: Camps) -> Cohort:
    return camps.cohort()


@pytest.fixture
def person(camps: Camps, cohort: Cohort) -> Person:
    return camps.person(cohort)


@pytest.fixture
def phone(house: TestHouse, person: Person) -> Phone:
    return house.person(person.telegram_id or 0)


async def push(house: TestHouse, phone: Phone, cohort: Cohort) -> None:
    await phone.say("/start")
    button = pause_button(Topic.MORNING, cohort.id or 0, i18n.translator("en"))
    house.take(lambda turn: turn.send(phone.id, Message("Today: a lecture", keyboard([button]))))
    await house.settle()


def is_paused(house: TestHouse, person: Person, cohort: Cohort, topic: Topic = Topic.MORNING, **later: int) -> bool:
    now = house.clock.at + timedelta(**later)
    ids = {"person_id": person.id or 0, "cohort_id": cohort.id or 0}
    return bool(house.read(lambda s: service.is_paused(s, **ids, topic=topic, now=now)))


async def test_the_pause_button_asks_for_how_long_and_leaves_the_push_as_it_is(
    house: TestHouse, phone: Phone, cohort: Cohort
) -> None:
    await push(house, phone, cohort)

    await phone.press("Pause")

    assert phone.chat[-2]["text"] == "Today: a lecture"
    assert phone.labels == ["Today", "This camp", "Until I say so", "Keep it"]


async def test_a_pause_for_today_ends_at_the_camps_midnight(
    house: TestHouse, phone: Phone, cohort: Cohort, person: Person
) -> None:
    await push(house, phone, cohort)
    await phone.press("Pause")

    await phone.press("Today")

    assert "It comes again tomorrow" in phone.last
    assert is_paused(house, person, cohort, hours=15)
    assert not is_paused(house, person, cohort, hours=16)


@pytest.mark.parametrize(("label", "elsewhere"), [("This camp", False), ("Until I say so", True)])
async def test_a_longer_pause_holds_in_this_camp_or_in_all(
    house: TestHouse, camps: Camps, phone: Phone, cohort: Cohort, person: Person, label: str, elsewhere: bool
) -> None:
    other = camps.cohort("Other")
    await push(house, phone, cohort)
    await phone.press("Pause")

    await phone.press(label)

    assert is_paused(house, person, cohort, days=300)
    assert is_paused(house, person, other) == elsewhere


async def test_resuming_undoes_the_pause(house: TestHouse, phone: Phone, cohort: Cohort, person: Person) -> None:
    await push(house, phone, cohort)
    await phone.press("Pause")
    await phone.press("Until I say so")

    await phone.press("Resume")

    assert "as usual" in phone.last
    assert not is_paused(house, person, cohort)


async def test_keeping_it_changes_nothing(house: TestHouse, phone: Phone, cohort: Cohort, person: Person) -> None:
    await push(house, phone, cohort)
    await phone.press("Pause")

    await phone.press("Keep it")

    assert not is_paused(house, person, cohort)


async def test_the_settings_are_on_the_first_screen_and_switch_topics_in_place(
    house: TestHouse, phone: Phone, cohort: Cohort, person: Person
) -> None:
    await phone.say("/start")
    await phone.press("My reminders")
    before = len(phone.chat)

    await phone.press("Before each activity")

    assert len(phone.chat) == before
    assert "⏸ A reminder before each activity" in phone.last
    assert is_paused(house, person, cohort, Topic.BEFORE)
    await phone.press("▶ Before each activity")
    assert not is_paused(house, person, cohort, Topic.BEFORE)


@pytest.mark.usefixtures("cohort")
async def test_quiet_hours_are_chosen_or_typed(house: TestHouse, phone: Phone) -> None:
    await phone.say("/reminders")
    await phone.press("Quiet hours")
    await phone.press("22:00–07:00")
    chosen = phone.last
    await phone.press("Quiet hours")
    await phone.press("Other hours")
    await phone.say("sometimes")
    refused = phone.last

    await phone.say("晚上10点半到早上6:45")

    assert "Quiet hours: 22:00–07:00" in chosen
    assert "could not read" in refused
    assert "Quiet hours: 22:30–06:45" in phone.last


@pytest.mark.usefixtures("cohort")
async def test_silent_mode_is_switched_on_and_off(house: TestHouse, phone: Phone, person: Person) -> None:
    await phone.say("/reminders")
    await phone.press("Without a sound")
    is_silent = house.read(lambda s: service.is_silent(s, person.id or 0))

    await phone.press("With a sound")

    assert is_silent
    assert not house.read(lambda s: service.is_silent(s, person.id or 0))


@pytest.mark.parametrize(
    "data",
    [
        "preferences:for:morning:{other}:today",
        "preferences:show:{other}",
        "preferences:off:morning:{other}",
        "preferences:quiet:{other}",
        "preferences:for:morning:{own}:forever",
        "preferences:for:lunch:{own}:today",
        "preferences:for:morning",
        "preferences:show:999999",
        "preferences:hours:{own}:-5:99999",
    ],
)
async def test_a_tampered_button_or_one_of_another_camp_changes_nothing(
    house: TestHouse, camps: Camps, phone: Phone, cohort: Cohort, data: str
) -> None:
    other = camps.cohort("Other")
    await phone.say("/reminders")
    before = phone.last

    await forge_press(house, phone.id, phone.chat[-1]["message_id"], data.format(other=other.id, own=cohort.id))

    assert phone.last == before
    assert any(line in callback_answers(house)[-1] for line in ("no longer exists", "not in this camp"))


async def test_a_stranger_and_somebody_without_a_camp_are_told_so(
    house: TestHouse, camps: Camps, cohort: Cohort
) -> None:
    stranger = house.person(77)
    await stranger.say("/reminders")
    former = camps.person(cohort)
    camps.leave(former, cohort)
    alone = house.person(former.telegram_id or 0)

    await alone.say("/reminders")

    assert "ask your coordinator" in stranger.last
    assert "not in this camp" in alone.last


@pytest.mark.parametrize(
    "data", ["preferences:silent:{}:1", "preferences:hours:{}:1320:420", "preferences:ask:{}", "reminders:own:{}:60"]
)
async def test_a_button_of_a_camp_that_is_not_ones_own_changes_nothing_at_all(
    house: TestHouse, camps: Camps, phone: Phone, person: Person, data: str
) -> None:
    other = camps.cohort("Another camp")
    await phone.say("/start")

    await forge_press(house, phone.id, 1, data.format(other.id))

    assert callback_answers(house)[-1] == "You are not in this camp, so nothing of it comes to you."
    assert house.read(lambda s: service.stored_choices(s, person.id or 0)) == service.Choices()
