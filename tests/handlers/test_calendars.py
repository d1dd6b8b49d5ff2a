import pytest
from sqlmodel import select

from bot.outbox.models import Outbox
from bot.people.models import Role
from bot.timetable.models import Activity
from tests.support.camp import add_person, callback_answers, forge_press, make_camp
from tests.support.house import MONDAY, TestHouse
from tests.support.house import Person as Phone

pytestmark = pytest.mark.anyio
TRAINEE = 7


async def trainee_of(house: TestHouse, role: Role = Role.TRAINEE, language: str = "en") -> Phone:
    def work(session: object) -> None:
        cohort_id = make_camp(session)  # type: ignore[arg-type]
        add_person(session, cohort_id, "李睿", role, telegram_id=TRAINEE, linked_at=MONDAY, language=language)  # type: ignore[arg-type]
        session.add(  # type: ignore[attr-defined]
            Activity(
                cohort_id=cohort_id,
                title="开班式",
                starts_at=MONDAY.replace(hour=1),
                ends_at=MONDAY.replace(hour=2),
            )
        )

    house.write(work)
    phone = house.person(TRAINEE, "李睿", language)
    await phone.say("/start")
    return phone


async def open_calendar(phone: Phone) -> None:
    (message,) = [one for one in phone.chat if one["from"]["is_bot"]][-1:]
    await phone.press_data(message["message_id"], "calendars:mine:1")


async def test_the_calendar_is_one_press_from_the_first_screen(house: TestHouse) -> None:
    phone = await trainee_of(house)

    await phone.press("Calendar")

    assert "My calendar" in phone.last
    assert phone.labels == ["📄 File (.ics)", "🔗 Address", "⌂ Home"]


async def test_the_file_arrives_in_the_chat(house: TestHouse) -> None:
    phone = await trainee_of(house)
    await open_calendar(phone)

    await phone.press("File")

    (document,) = [message["document"] for message in phone.chat if "document" in message]
    assert document["file_name"] == "Camp Four.ics"


async def test_the_address_is_handed_over_and_does_not_wait_in_the_outbox(house: TestHouse) -> None:
    phone = await trainee_of(house)
    await open_calendar(phone)

    await phone.press("Address")

    assert "/calendar/" in phone.last
    token = phone.last.split("/calendar/")[1].split(".ics")[0]
    payloads = house.read(lambda s: [row.payload for row in s.exec(select(Outbox)).all()])
    assert len(token) == 32
    assert not any(token in payload for payload in payloads)


async def test_asking_twice_shows_the_same_address_and_switching_off_gives_another(house: TestHouse) -> None:
    phone = await trainee_of(house)
    await open_calendar(phone)
    await phone.press("Address")
    first = phone.last
    await phone.press("Address")
    again = phone.last

    (revoked,) = await phone.press("Switch the address off")
    await phone.press("🔗 Address")

    assert again == first
    assert "no longer works" in revoked["text"]
    assert phone.last != first


async def test_the_calendar_of_a_camp_one_is_not_in_cannot_be_opened(house: TestHouse) -> None:
    await trainee_of(house)
    house.write(lambda s: make_camp(s, "Another"))

    for data in (
        "calendars:mine:2",
        "calendars:file:2",
        "calendars:address:2",
        "calendars:revoke:2",
        "calendars:mine:x",
    ):
        await forge_press(house, TRAINEE, 1, data)

    assert set(callback_answers(house)[-1:]) == {"This no longer exists. Send /start to see what is current."}


async def test_a_stranger_who_presses_a_forwarded_button_gets_nothing(house: TestHouse) -> None:
    await trainee_of(house)
    house.person(99)

    await forge_press(house, 99, 1, "calendars:address:1")

    assert (
        house.read(lambda s: [row for row in s.exec(select(Outbox)).all() if "calendar_address" in row.payload]) == []
    )


async def test_a_chinese_reader_has_it_in_chinese(house: TestHouse) -> None:
    phone = await trainee_of(house, language="zh")

    await phone.press("日历")

    assert "我的日历" in phone.last
