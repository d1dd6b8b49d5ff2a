"""The door of an open lecture: a guest's own code scanned by staff, the desk, its lists, its file, the counts."""

from datetime import timedelta

import httpx
import pytest

from bot.checkin import rules
from bot.forum import arrival_code
from bot.people import service as people
from bot.web.app import build_web
from tests.support.forum_scene import COORDINATOR, FIRST
from tests.support.house import TestHouse
from tests.support.lecture_scene import MINUTE, START, LectureScene, build_lecture_scene

pytestmark = pytest.mark.anyio

MANY = 300


@pytest.fixture
def lecture(house: TestHouse) -> LectureScene:
    """An open lecture of twenty seats."""
    return build_lecture_scene(house)


async def test_a_guests_own_code_is_scanned_at_the_door_by_a_coordinator_only(lecture: LectureScene) -> None:
    guest = lecture.guest()
    lecture.open_checkin()
    signup_id = lecture.rows()[0].id or 0
    await lecture.forge(guest, f"lecture:code:{lecture.call_id}")
    payload = _payload(lecture, signup_id)
    trainee, coordinator = lecture.house.person(FIRST), lecture.house.person(COORDINATOR)

    await trainee.say(f"/start {payload}")
    assert "for those who keep the door" in trainee.last
    assert lecture.arrivals() == [(None, "")]
    await coordinator.say(f"/start {payload}")

    assert "来宾0000" in coordinator.last
    assert "on time" in coordinator.last
    assert "Let in by Ms Wang." in guest.last
    assert lecture.arrivals() == [(START - 30 * MINUTE, "gate")]


async def test_a_guests_code_of_the_day_before_yesterday_or_a_changed_one_opens_nothing(lecture: LectureScene) -> None:
    guest = lecture.guest()
    lecture.open_checkin(START - timedelta(hours=30))
    signup_id = lecture.rows()[0].id or 0
    await lecture.forge(guest, f"lecture:code:{lecture.call_id}")
    old = _payload(lecture, signup_id)
    lecture.at(START)
    coordinator = lecture.house.person(COORDINATOR)

    await coordinator.say(f"/start {old}")
    said = coordinator.last
    await coordinator.say(f"/start {old[:-1]}{'0' if old[-1] != '0' else '1'}")

    assert "from another day" in said
    assert "not a visitor's code" in coordinator.last
    assert lecture.arrivals() == [(None, "")]


async def test_the_desk_finds_a_guest_by_name_or_phone_marks_and_takes_back(lecture: LectureScene) -> None:
    lecture.guest(0, "王小明", "+8613800001234")
    lecture.guest(1, "陈%_红", "+8613900005678")
    lecture.open_checkin()
    coordinator = lecture.house.person(COORDINATOR)
    await lecture.forge(coordinator, f"lecture:desk:{lecture.call_id}")

    await coordinator.press("Find somebody")
    await coordinator.say("小明")
    assert [label for label in coordinator.labels if "王小明" in label]
    await coordinator.say("%_")
    assert [label for label in coordinator.labels if "·" in label] == ["陈%_红 · 5678 · 社区B"]
    await coordinator.say("5678")
    await coordinator.press("陈%_红")
    await coordinator.press("Has arrived")
    assert lecture.arrivals()[1] == (START - 30 * MINUTE, "desk")
    await coordinator.press("Take it back")

    assert lecture.arrivals() == [(None, ""), (None, "")]
    assert "Not here yet." in coordinator.last


async def test_the_desk_counts_and_lists_and_hands_out_a_workbook(lecture: LectureScene) -> None:
    guest = lecture.guest(0, '=HYPERLINK("http://x","y")')
    lecture.guest(1)
    lecture.open_checkin()
    await guest.say(lecture.link())
    coordinator = lecture.house.person(COORDINATOR)

    await lecture.forge(coordinator, f"lecture:desk:{lecture.call_id}")
    assert "Places taken <b>2</b>" in coordinator.last or "Places taken 2" in coordinator.last
    await coordinator.press("Not here yet: 1")
    assert "来宾0001" in " ".join(coordinator.labels)
    await coordinator.press("« At the door")
    await coordinator.press("List for Excel")

    assert coordinator.chat[-1]["document"]["file_name"].startswith("Visitors 公开课")


async def test_the_screen_of_the_checkin_counts_visitors_too(lecture: LectureScene) -> None:
    guest = lecture.guest()
    lecture.guest(1)
    lecture.open_checkin()
    await guest.say(lecture.link())
    coordinator = lecture.house.person(COORDINATOR)

    await coordinator.say("/checkin")
    await coordinator.press("公开课")

    assert "1 / 4" in coordinator.last


def _payload(lecture: LectureScene, signup_id: int) -> str:
    step = int(lecture.house.clock.at.timestamp() // arrival_code.HALF_DAY)
    secret = lecture.house.write(lambda s: people.secret(s, arrival_code.SECRET))
    return arrival_code.payload_of(secret, signup_id, step)


async def test_the_projectors_count_includes_visitors(lecture: LectureScene) -> None:
    guest = lecture.guest()
    lecture.guest(1)
    lecture.open_checkin()
    await guest.say(lecture.link())
    house = lecture.house
    app = build_web(house.turns, house.application.installation, [])
    token = rules.token_of(lecture.secret(), lecture.activity_id)

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="https://camp.example.org"
    ) as browser:
        state = (await browser.get(f"/projector/{token}/state")).json()

    assert (state["arrived"], state["expected"]) == (1, 4)
