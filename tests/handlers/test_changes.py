import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from bot.people.models import Cohort, Person, Role
from bot.timetable.models import Activity
from tests.support.camp import callback_answers, forge_press
from tests.support.camps import MONDAY, Camps, local
from tests.support.clockwork import Clockwork, build, open_chats
from tests.support.house import HandClock
from tests.support.house import Person as Phone

pytestmark = pytest.mark.anyio
NOW = local(MONDAY, 8)


class Desk:
    """A camp of two trainees with phones and one without, and the coordinator who moves their lecture in the chat."""

    def __init__(self, clockwork: Clockwork) -> None:
        self.clockwork = clockwork
        self.camps = Camps(clockwork.house.database, now=NOW)
        self.cohort: Cohort = self.camps.cohort()
        self.boss_person = self.camps.person(self.cohort, role=Role.COORDINATOR, name="Boss")
        self.people = [self.camps.person(self.cohort, name=name) for name in ("Anna", "Bo")]
        self.unlinked = self.camps.person(self.cohort, name="Chen", linked=False)
        self.lecture: Activity = self.camps.activity(self.cohort, MONDAY, (14, 0), (15, 0), "Lecture", place="301")

    @property
    def boss(self) -> Phone:
        """The coordinator's phone."""
        return self.phone(self.boss_person)

    def phone(self, person: Person) -> Phone:
        """Somebody's phone."""
        return self.clockwork.house.person(person.telegram_id or 0)

    async def move(self, room: str = "305") -> None:
        """Give the lecture another room, by buttons and typing."""
        await self.boss.say("/start")
        await self.boss.press("Edit timetable")
        await self.boss.press("Lecture")
        await self.boss.press("Room")
        await self.boss.say(room)
        await self.boss.press("Save")

    async def later(self, minutes: float = 2) -> None:
        """Let time pass."""
        self.clockwork.house.clock.at += timedelta(minutes=minutes)
        await self.clockwork.tick()


@pytest.fixture
async def desk(database_url: str) -> Desk:
    house = await build(database_url, HandClock(NOW))
    made = Desk(Clockwork(house, database_url, NOW.tzinfo))  # type: ignore[arg-type]
    await open_chats(made.clockwork, [*made.people, made.boss_person])
    return made


async def test_an_edit_in_the_chat_shows_who_will_be_told_and_the_very_message(desk: Desk) -> None:
    await desk.move()
    draft = desk.boss.last

    await desk.boss.press("Read it")

    assert "1 change, 2 messages" in draft
    assert "📵 1 person cannot be reached" in draft
    assert "This is what they will read:" in desk.boss.last
    assert "📍 301 → 305" in desk.boss.last
    assert "📣" not in desk.phone(desk.people[0]).last


async def test_after_two_minutes_they_are_told_and_the_draft_becomes_the_list_of_who_has_seen_it(desk: Desk) -> None:
    await desk.move()
    messages = len(desk.boss.chat)

    await desk.later()

    assert "The timetable has changed" in desk.phone(desk.people[0]).last
    assert len(desk.boss.chat) == messages
    assert "Seen: 0 of 3" in desk.boss.last


async def test_seen_is_pressed_once_or_twice_with_one_effect_and_the_words_stay(desk: Desk) -> None:
    await desk.move()
    await desk.later()
    anna = desk.phone(desk.people[0])
    number = anna.chat[-1]["message_id"]
    data = anna.chat[-1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]

    await anna.press("Seen")
    await forge_press(desk.clockwork.house, anna.id, number, data)
    await desk.boss.press("Refresh")

    assert "📍 301 → 305" in anna.last
    assert anna.labels == ["✅ Seen at 08:02"]
    assert "Seen: 1 of 3" in desk.boss.last


async def test_the_coordinator_sees_who_has_not_reminds_them_and_gets_their_phones(desk: Desk) -> None:
    await desk.move()
    await desk.later()
    await desk.phone(desk.people[0]).press("Seen")

    await desk.boss.press("Who has not")
    listed = desk.boss.last
    await desk.boss.press("Back")
    await desk.boss.press("Remind 1")
    await desk.boss.press("Remind 1")
    refused = callback_answers(desk.clockwork.house)[-1]
    await desk.boss.press("Phone list")

    assert "2 have not seen it" in listed
    assert "📵 Chen" in listed
    assert "Anna" not in listed
    assert "Please press “Seen”" in desk.phone(desk.people[1]).last
    assert "Please press" not in desk.phone(desk.people[0]).last
    assert "wait ten minutes" in refused
    assert desk.boss.chat[-1]["document"]["file_name"] == "not seen.xlsx"
    assert phones(desk)[1:] == [["Chen", "", "", "no"], ["Bo", "", "", "yes"]]


async def test_it_can_be_held_back_sent_at_once_and_dropped(desk: Desk) -> None:
    await desk.move()
    await desk.boss.press("Hold back")
    await desk.later(30)
    held = desk.phone(desk.people[0]).last
    await desk.boss.press("Send now")
    await desk.later(0)
    sent = desk.phone(desk.people[0]).last
    await desk.move("306")

    await desk.boss.press("Tell nobody")
    await desk.later(10)

    assert "📣" not in held
    assert "301 → 305" in sent
    assert "306" not in desk.phone(desk.people[0]).last


async def test_the_changes_of_a_camp_can_be_looked_up_again(desk: Desk) -> None:
    await desk.move()
    await desk.later()
    await desk.boss.say("/start")

    await desk.boss.press("All of this camp")
    await desk.boss.press("📣 Changes")
    await desk.boss.press("✔ 0/3")

    assert "The change was sent at 08:02" in desk.boss.last


@pytest.mark.parametrize("action", ["preview", "hold", "send", "drop", "show", "nudge", "phones", "unseen"])
async def test_a_trainee_who_forges_the_coordinators_buttons_gets_a_clear_line(desk: Desk, action: str) -> None:
    await desk.move()
    anna = desk.phone(desk.people[0])
    page = ":0" if action == "unseen" else ""

    await forge_press(desk.clockwork.house, anna.id, anna.chat[-1]["message_id"], f"changes:{action}:1{page}")
    await desk.later()

    assert "Only a coordinator" in callback_answers(desk.clockwork.house)[-1]
    assert "The timetable has changed" in anna.last


@pytest.mark.parametrize(
    "data", ["changes:seen:1", "changes:seen:99", "changes:seen", "changes:seen:x", "changes:list:99"]
)
async def test_a_button_of_what_does_not_concern_one_has_no_effect(desk: Desk, data: str) -> None:
    await desk.move()
    await desk.later()
    stranger = desk.camps.person(desk.camps.cohort("Other"))
    await open_chats(desk.clockwork, [stranger])
    phone = desk.phone(stranger)

    await forge_press(desk.clockwork.house, phone.id, phone.chat[-1]["message_id"], data)

    answer = callback_answers(desk.clockwork.house)[-1]
    assert any(line in answer for line in ("does not concern you", "no longer exists", "Only a coordinator"))


async def test_it_speaks_chinese(desk: Desk) -> None:
    reader = desk.camps.person(desk.cohort, language="zh")
    await open_chats(desk.clockwork, [reader])
    await desk.move()

    await desk.later()

    assert desk.phone(reader).last.startswith("📣 课表有变动")
    assert desk.phone(reader).labels == ["✔ 已看到", "📅 今天"]


def phones(desk: Desk) -> list[list[str]]:
    """The rows of the workbook that was sent."""
    document = desk.boss.chat[-1]["document"]
    content = desk.clockwork.house.sandbox.world.contents.read(document["file_unique_id"])
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()  # type: ignore[return-value]


async def test_a_notice_can_go_to_those_who_have_not_seen_the_change(desk: Desk) -> None:
    await desk.move()
    await desk.later()
    await desk.phone(desk.people[0]).press("Seen")
    await desk.boss.say("/notices")
    await desk.boss.press("New notice")
    await desk.boss.say("Please look at the change.")

    await desk.boss.press("Audience")
    await desk.boss.press("Has not seen the change")
    await desk.boss.press("Lecture")

    assert "👥 1 person gets it." in desk.boss.last.replace("<b>", "").replace("</b>", "")
    assert "1 more can only be called." in desk.boss.last
