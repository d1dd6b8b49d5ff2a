import pytest

from bot.buttons import pack
from bot.hours import service as hours
from bot.hours.rules import Rules
from schedules.hours import push_warnings
from tests.support.hours_camp import AUDITOR, CONTACT, COORDINATOR, DEPARTMENT, HoursCamp
from tests.support.house import TestHouse
from tests.support.leave_scene import LeaveScene, build_leave_scene

pytestmark = pytest.mark.anyio

REFUSED = "Only a coordinator of this camp can do that."
GONE = "This no longer exists. Send /start to see what is current."


@pytest.fixture
def scene(house: TestHouse) -> LeaveScene:
    return build_leave_scene(house)


async def test_a_trainee_sees_the_meter_and_what_it_is_made_of(scene: LeaveScene) -> None:
    scene.camp.hold(0, 0, 1, late=1)
    scene.camp.hold(1, 0)
    scene.house.clock.at = scene.camp.ends(1)
    trainee = await scene.trainee(1)

    await trainee.press("My hours")

    assert "🟢 ▓▓▓▓▓▓░░░░ 3 h of 5 h left" in trainee.last
    assert "At most 5 h may be missed: one seventh of 35 h. Used so far: 2 h." in trainee.last
    assert "Attended: 2 h 30 min" in trainee.last
    assert "Missed by coming late or leaving early: 30 min" in trainee.last
    assert "Away without leave: 2 h" in trainee.last


async def test_each_activity_shows_its_record_receipt_and_a_way_to_object(scene: LeaveScene) -> None:
    scene.camp.hold(0, 0)
    scene.house.clock.at = scene.camp.ends(0)
    trainee = await scene.trainee()

    await trainee.press("My hours")
    await trainee.press("By activity")
    labels = trainee.labels
    await trainee.press("课程1")

    assert labels[0] == "✅ 12/7 09:00 课程1"
    assert labels[7:] == ["▫️ 12/9 14:00 课程8", "◀", "1/2", "▶", "« Back"]
    assert "Arrived Mon, Dec 7 09:00." in trainee.last
    assert "Receipt " in trainee.last
    assert trainee.labels == ["✋ This is wrong", "« Back"]


async def test_the_rules_are_explained_and_a_trainee_cannot_change_them(scene: LeaveScene) -> None:
    trainee = await scene.trainee()
    await trainee.press("My hours")

    await trainee.press("The rules")
    explained = trainee.last
    said = [await scene.forge(trainee, pack("hours", *ids)) for ids in (("rule", 1, 0), ("set", 1, 0, 1, 5))]

    assert "You may miss at most one seventh of all hours." in explained
    assert said == [REFUSED, REFUSED]
    assert scene.camp.see(lambda s: hours.rules_of(s, scene.camp.cohort)) == Rules()


async def test_a_coordinator_changes_a_rule_by_buttons(scene: LeaveScene) -> None:
    coordinator = await scene.camp_screen(COORDINATOR)

    for label in ("⏳ Hours", "The rules", "How much may be missed", "one fifth"):
        await coordinator.press(label)

    assert scene.toast() == "The rule is changed."
    assert "You may miss at most one fifth of all hours." in coordinator.last
    assert scene.camp.ledger().allowance == 7 * 60


@pytest.mark.parametrize(
    "ids", [("set", 1, 0, 2, 7), ("set", 1, 99, 1), ("set", 1, 0), ("set", 1, 6, 999), ("rule", 1, 99), ("rule", 99, 0)]
)
async def test_a_rule_that_is_not_offered_is_out_of_date(scene: LeaveScene, ids: tuple[int | str, ...]) -> None:
    coordinator = await scene.phone(COORDINATOR)

    said = await scene.forge(coordinator, pack("hours", *ids))  # type: ignore[arg-type]

    assert said == GONE
    assert scene.camp.see(lambda s: hours.rules_of(s, scene.camp.cohort)) == Rules()


async def test_the_list_of_a_camp_is_the_rosters_and_names_who_is_near_the_end(scene: LeaveScene) -> None:
    scene.camp.hold(0, 0, 1)
    scene.house.clock.at = scene.camp.ends(0)
    coordinator = await scene.camp_screen(COORDINATOR)

    await coordinator.press("⏳ Hours")
    everybody = coordinator.labels[2:5]
    await coordinator.press("Half used or more 1")

    assert everybody == ["🟢 学员00 · 5 h left", "🟢 学员01 · 5 h left", "🟡 学员02 · 2 h left"]
    assert coordinator.labels[2] == "🟡 学员02 · 2 h left"


async def test_a_unit_contact_sees_own_people_only(scene: LeaveScene) -> None:
    contact = await scene.camp_screen(CONTACT)

    await contact.press("⏳ Hours")
    labels = contact.labels
    said = await scene.forge(contact, _person(scene.camp, 0))

    assert "🟢 学员01 · 5 h left" in labels
    assert not any("学员00" in label for label in labels)
    assert said == REFUSED


@pytest.mark.parametrize("account", [DEPARTMENT, 102, 4711])
async def test_others_see_no_ledger_by_a_forged_button(scene: LeaveScene, account: int) -> None:
    person = await scene.phone(account)

    said = {await scene.forge(person, data) for data in (_person(scene.camp, 0), pack("hours", "camp", 1, 0, 0))}

    assert said == {REFUSED}


async def test_an_auditor_reads_a_ledger_and_can_offer_nothing(scene: LeaveScene) -> None:
    scene.camp.hold(0, 1)
    scene.house.clock.at = scene.camp.ends(0)
    auditor = await scene.camp_screen(AUDITOR)

    for label in ("⏳ Hours", "学员00", "By activity", "课程1"):
        await auditor.press(label)

    assert "Away without leave: 3 h" in auditor.last
    assert auditor.labels == ["« Back"]


async def test_a_warning_comes_once_and_names_the_activity_and_the_record(scene: LeaveScene) -> None:
    trainee, coordinator = await scene.trainee(), await scene.phone(COORDINATOR)
    scene.camp.hold(0, 1, 2)
    scene.house.clock.at = scene.camp.ends(0)
    before = len(coordinator.chat)

    for _ in range(2):
        await push_warnings(scene.house.turns)
        await scene.house.settle()

    warnings = [text for text in scene.texts(trainee) if "Half of the hours" in text]
    assert len(warnings) == 1
    assert "课程1 · Mon, Dec 7 09:00–12:00 · 3 h\n⬜ away without leave · missed 3 h" in warnings[0]
    assert "2 h of 5 h left" in warnings[0]
    assert "✋ This is wrong" in trainee.labels
    assert len(coordinator.chat) == before


async def test_the_end_of_a_course_reaches_person_and_coordinator_at_once(scene: LeaveScene) -> None:
    trainee, coordinator = await scene.trainee(), await scene.phone(COORDINATOR)
    for number in range(3):
        scene.camp.hold(number, 1, 2)
    scene.house.clock.at = scene.camp.ends(2)

    await push_warnings(scene.house.turns)
    await scene.house.settle()

    assert "you can no longer pass the course" in trainee.last
    assert "学员00 can no longer pass the course as things stand." in coordinator.last
    assert "课程3 · Mon, Dec 7 17:00–19:00" in coordinator.last


async def test_whoever_was_present_hears_nothing(scene: LeaveScene) -> None:
    trainee = await scene.trainee(1)
    scene.camp.hold(0, 1)
    scene.house.clock.at = scene.camp.ends(0)
    before = len(trainee.chat)

    await push_warnings(scene.house.turns)
    await scene.house.settle()

    assert len(trainee.chat) == before


@pytest.mark.parametrize(
    "data", ["hours:mine:999:0", "hours:mine:x:0", "hours:list:1:0", "hours:record:1:0:999:0", "hours:mine:1"]
)
async def test_a_button_that_leads_nowhere_says_so(scene: LeaveScene, data: str) -> None:
    trainee = await scene.trainee()

    assert await scene.forge(trainee, data) == GONE


def _person(camp: HoursCamp, trainee: int) -> str:
    return pack("hours", "person", camp.cohort, camp.trainees[trainee].person_id)
