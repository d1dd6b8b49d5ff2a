from datetime import timedelta

import pytest

from bot.buttons import pack
from bot.checkin.queries import WINDOW
from tests.support.checkin_camp import START
from tests.support.checkin_scene import Scene, build_scene
from tests.support.house import OPERATOR, Person, TestHouse

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


@pytest.fixture
def scene(house: TestHouse) -> Scene:
    return build_scene(house)


async def open_desk(scene: Scene) -> Person:
    coordinator = scene.coordinator()
    await coordinator.say("/checkin")
    await coordinator.press("社区治理")
    await coordinator.press("Open check-in")
    return coordinator


async def test_a_coordinator_chooses_among_todays_activities(scene: Scene) -> None:
    coordinator = scene.coordinator()

    await coordinator.say("/checkin")

    assert coordinator.last == "📋 Check-in of 第一期\nMon, Dec 7: which activity?"
    assert coordinator.labels == ["09:00 社区治理 <b>", "12:00 Site visit"]


async def test_the_open_check_in_has_projector_digits_and_count(scene: Scene) -> None:
    coordinator = await open_desk(scene)

    desk = scene.camp.open()
    links = [
        button
        for message in coordinator.chat
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
        if "url" in button
    ]
    assert [link["url"] for link in links] == [f"https://camp.example.org/projector/{desk.token}"]
    assert f"type {desk.show_code[:3]} {desk.show_code[3:]}" in coordinator.last
    assert "Here: 0 / 3" in coordinator.last


async def test_refresh_shows_the_count_of_now_in_place(scene: Scene) -> None:
    coordinator = await open_desk(scene)
    scene.camp.type(scene.camp.code(START), START)

    changed = await coordinator.press("Refresh")

    assert len(changed) == 1
    assert "Here: 1 / 3" in coordinator.last
    assert scene.toast() == "1 of 3 are here"


async def test_closing_says_who_is_missing_by_group(scene: Scene) -> None:
    coordinator = await open_desk(scene)
    scene.camp.type(scene.camp.code(START), START)

    await coordinator.press("Close")

    assert "Check-in closed: 社区治理 <b>" in coordinator.last
    assert "Arrived 1 of 3, 0 of them late." in coordinator.last
    assert "2 people are missing:\n第2组 学员01\n第3组 学员02" in coordinator.last
    assert coordinator.labels == ["👥 Who is here, who is missing", "Open it again", "« Other activities"]


async def test_what_was_closed_can_be_opened_again(scene: Scene) -> None:
    coordinator = await open_desk(scene)
    await coordinator.press("Close")

    await coordinator.press("Open it again")

    assert "Check-in is open." in coordinator.last


async def test_a_name_in_the_list_leads_to_the_record_and_a_mark(scene: Scene) -> None:
    coordinator = await open_desk(scene)
    scene.house.clock.at = START + 20 * MINUTE

    await coordinator.press("Who is here")
    missing = coordinator.labels
    await coordinator.press("学员01")
    record = coordinator.last
    await coordinator.press("Late")

    assert missing[:3] == ["✅ Present 0", "🕘 Late 0", "• ⬜ Missing 3"]
    assert missing[3:] == ["学员00 · 第1组", "学员01 · 第2组", "学员02 · 第3组", "« Back"]
    assert "Now: missing" in record
    assert "Now: late, arrived 09:20." in coordinator.last
    assert "Marked by 林老师, Mon, Dec 7 09:20." in coordinator.last
    assert scene.toast() == "学员01: missing → late"
    assert coordinator.labels == ["✅ Present", "• 🕘 Late", "⬜ Missing", "« Back to the list"]


async def test_a_mark_that_changes_nothing_says_so(scene: Scene) -> None:
    coordinator = await open_desk(scene)
    await coordinator.press("Who is here")
    await coordinator.press("学员01")

    await coordinator.press("⬜ Missing")

    assert scene.toast() == "学员01 was already down as missing."


async def test_an_operator_keeps_any_list(scene: Scene) -> None:
    operator = scene.house.person(OPERATOR, "Op")

    await operator.say("/checkin")
    await operator.press("社区治理")
    await operator.press("Open check-in")

    assert "Check-in is open." in operator.last


@pytest.mark.parametrize("action", ["activity", "refresh", "open", "close"])
async def test_a_trainee_who_forges_a_coordinators_button_is_refused(scene: Scene, action: str) -> None:
    scene.camp.open()
    trainee = scene.trainee()
    await trainee.say("/checkin")

    await scene.forge(trainee, pack("checkin", action, scene.camp.lecture))

    assert scene.toast() == "Only a coordinator of this camp can do that."
    assert scene.camp.changes("close") == []


@pytest.mark.parametrize(
    ("action", "ids"),
    [("list", (0, 0)), ("person", (1, 0, 0)), ("mark", (1, 0, 0, 0))],
)
async def test_a_trainee_sees_and_sets_no_marks(scene: Scene, action: str, ids: tuple[int, ...]) -> None:
    scene.camp.open()
    trainee = scene.trainee()
    await trainee.say("/checkin")

    await scene.forge(trainee, pack("checkin", action, scene.camp.lecture, *ids))

    assert scene.toast() == "Only a coordinator of this camp can do that."
    assert scene.camp.changes("mark") == []


async def test_the_coordinator_of_another_camp_is_refused(scene: Scene) -> None:
    scene.camp.stranger_cohort()
    foreigner = scene.house.person(801, "Other")
    await foreigner.say("/checkin")

    for data in (pack("checkin", "open", scene.camp.lecture), pack("checkin", "manage", scene.camp.cohort)):
        await scene.forge(foreigner, data)
        assert scene.toast() == "Only a coordinator of this camp can do that."

    assert scene.camp.count(WINDOW) == 0


@pytest.mark.parametrize(
    "data",
    [
        "checkin:open:999", "checkin:open:", "checkin:open:x", "checkin:open:1:2", "checkin:manage:999",
        "checkin:manage:1:0", "checkin:manage:1:99999999", "checkin:list:1:7:0", "checkin:mark:1:2:9:0:0",
        "checkin:person:1:999:0:0", "checkin:list:1:2", "checkin:open:99999999999999999999",
    ],
)  # fmt: skip
async def test_a_button_that_leads_nowhere_is_out_of_date(scene: Scene, data: str) -> None:
    coordinator = await open_desk(scene)

    await scene.forge(coordinator, data)

    assert scene.toast() == "This no longer exists. Send /start to see what is current."


async def test_a_page_beyond_the_list_is_the_last_page(scene: Scene) -> None:
    coordinator = await open_desk(scene)

    data = pack("checkin", "list", scene.camp.lecture, 2, 99)
    await scene.forge(coordinator, data)

    assert "学员02 · 第3组" in coordinator.labels


async def test_with_several_camps_the_coordinator_chooses_one_first(scene: Scene) -> None:
    scene.camp.stranger_cohort()
    operator = scene.house.person(OPERATOR, "Op")

    await operator.say("/checkin")
    asked, labels = operator.last, operator.labels
    await operator.press("Another camp")

    assert asked == "📋 Check-in: which camp?"
    assert set(labels) == {"第一期", "Another camp"}
    assert "Lecture of Another camp" in operator.labels[0]
