import pytest

from bot.buttons import pack
from bot.checkin.rules import Status
from schedules.closing import plan_closings, push_absences, push_closings
from tests.support.hours_camp import AUDITOR, CONTACT, COORDINATOR, DEPARTMENT, HOUR
from tests.support.house import TestHouse
from tests.support.leave_scene import LeaveScene, build_leave_scene

pytestmark = pytest.mark.anyio

REFUSED = "Only a coordinator of this camp can do that."


@pytest.fixture
def scene(house: TestHouse) -> LeaveScene:
    return build_leave_scene(house)


async def tick(scene: LeaveScene) -> None:
    """Let every pass of the close of day run."""
    for work in (plan_closings, push_absences, push_closings):
        await work(scene.house.turns)
    await scene.house.settle()


async def test_the_day_is_closed_at_its_hour_once(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    await tick(scene)
    scene.camp.hold(0, 1, 2)
    for number in (1, 2):
        scene.camp.hold(number, 0, 1, 2)
    scene.house.clock.at = scene.camp.ends(2) + 2 * HOUR

    for _ in range(2):
        await tick(scene)

    closings = [text for text in scene.texts(coordinator) if "Close of day" in text]
    assert len(closings) == 1
    assert closings[0] == ("🌙 Close of day, Mon, Dec 7\n第四期\n\n⬜ 09:00 课程1: 1 missing without leave\n学员00")


async def test_each_exception_has_its_button(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    scene.camp.hold(0, 1, 2)
    scene.camp.ask(4)
    scene.house.clock.at = scene.camp.ends(1)

    await coordinator.press("Close of day")
    labels = coordinator.labels
    await coordinator.press("⬜ 09:00 课程1")
    missing = coordinator.last
    await coordinator.say("/start")
    await coordinator.press("Close of day")
    await coordinator.press("📝 学员00")

    assert labels == ["⬜ 09:00 课程1", "❔ 14:00 课程2", "📝 学员00", "🔄 Refresh", "🕘 Hour", "« Back"]
    assert missing.startswith("课程1: missing")
    assert "Why: I am ill." in coordinator.last


async def test_a_clear_day_says_so_in_one_line_and_without_a_sound(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    await tick(scene)
    for number in range(3):
        scene.camp.hold(number, 0, 1, 2)
    scene.house.clock.at = scene.camp.ends(2) + 2 * HOUR

    await tick(scene)

    assert coordinator.last == "🌙 Close of day, Mon, Dec 7\n第四期\n\n✅ Nothing is open."


async def test_the_missing_reach_the_coordinator_on_the_day_and_once(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    scene.camp.hold(0, 1)
    scene.camp.hold(1, 1, 2)
    scene.house.clock.at = scene.camp.ends(1)

    for _ in range(2):
        await tick(scene)

    notices = [text for text in scene.texts(coordinator) if "missing without leave" in text]
    assert len(notices) == 2
    assert "2 people were missing without leave:\n学员00, 学员02" in notices[0]
    assert "In a row:\n学员00: 2 in a row (课程1, 课程2)" in notices[1]
    assert "学员01" not in "".join(notices)


async def test_whoever_pauses_it_gets_none_and_can_have_it_back(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    scene.camp.hold(0, 1, 2)
    scene.house.clock.at = scene.camp.ends(0)
    await tick(scene)

    await coordinator.press("🔕 Pause")
    await coordinator.press("This camp")
    scene.camp.hold(1, 1, 2)
    scene.house.clock.at = scene.camp.ends(1)
    before = len(coordinator.chat)
    await tick(scene)
    after = len(coordinator.chat)
    await coordinator.say("/start")
    await coordinator.press("Close of day")

    assert after == before
    assert "▶ Send it every evening again" in coordinator.labels


async def test_nobody_hears_of_somebody_marked_present_in_time(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    scene.camp.hold(0, 1, 2)
    scene.camp.mark(0, 0, Status.PRESENT, scene.camp.ends(0))
    scene.house.clock.at = scene.camp.ends(0)
    before = len(coordinator.chat)

    await tick(scene)

    assert len(coordinator.chat) == before


async def test_the_hour_is_changed_by_a_button(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    await tick(scene)

    for label in ("Close of day", "🕘 Hour", "18:00"):
        await coordinator.press(label)

    assert scene.toast() == "From now on at 18:00."
    assert "• 18:00" in coordinator.labels


@pytest.mark.parametrize("account", [CONTACT, DEPARTMENT, 101, 4711])
@pytest.mark.parametrize("ids", [("show", 1), ("hour", 1), ("sethour", 1, 1080)])
async def test_others_neither_see_nor_set_anything(scene: LeaveScene, account: int, ids: tuple[int | str, ...]) -> None:
    person = await scene.phone(account)

    assert await scene.forge(person, pack("closing", *ids)) == REFUSED  # type: ignore[arg-type]


async def test_an_auditor_reads_the_day_and_does_not_set_its_hour(scene: LeaveScene) -> None:
    auditor = await scene.camp_screen(AUDITOR)

    await auditor.press("Close of day")
    said = await scene.forge(auditor, pack("closing", "sethour", 1, 1080))

    assert "🕘 Hour" not in auditor.labels
    assert said == REFUSED


@pytest.mark.parametrize("data", ["closing:show:999", "closing:show:x", "closing:sethour:1:17", "closing:hour:1:2"])
async def test_a_button_that_leads_nowhere_says_so(scene: LeaveScene, data: str) -> None:
    coordinator = await scene.phone(COORDINATOR)

    assert (await scene.forge(coordinator, data)).startswith("This no longer exists.")
