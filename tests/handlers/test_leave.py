import pytest

from bot.buttons import pack
from bot.hours.rules import Standing
from bot.hours.service import Setting
from bot.leave import service as leave
from bot.people.models import Role
from bot.sandbox.params import Upload
from tests.support.hours_camp import AUDITOR, CONTACT, COORDINATOR, DEPARTMENT, EVE, MINUTE, HoursCamp
from tests.support.house import Person, TestHouse
from tests.support.leave_scene import LeaveScene, build_leave_scene

pytestmark = pytest.mark.anyio

PHOTO = b"\xff\xd8\xff\xe0" + bytes(16)


@pytest.fixture
def scene(house: TestHouse) -> LeaveScene:
    return build_leave_scene(house)


async def ask(scene: LeaveScene, *titles: str) -> Person:
    """Ask for leave up to the look before sending."""
    trainee = await scene.trainee()
    await trainee.say("/start")
    await trainee.press("📝 Leave")
    await trainee.press("Ask for leave")
    for title in titles:
        await trainee.press(title)
    await trainee.press("Next")
    await trainee.press("I am ill")
    return trainee


async def test_leave_is_asked_for_by_switches_and_reaches_the_coordinator_once(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    before = len(coordinator.chat)
    trainee = await ask(scene, "课程2", "课程3")

    await trainee.press("Send")

    assert "Your request is on its way" in trainee.last
    assert len(coordinator.chat) == before + 1
    assert "• 课程2 · Mon, Dec 7 14:00–16:00" in coordinator.last
    assert "Why: I am ill." in coordinator.last
    assert "5 h of 5 h left" in coordinator.last
    assert "1 h of 5 h left" in coordinator.last


async def test_a_switch_pressed_again_is_undone(scene: LeaveScene) -> None:
    trainee = await scene.trainee()
    await trainee.say("/start")
    await trainee.press("📝 Leave")
    await trainee.press("Ask for leave")
    await trainee.press("课程2")
    chosen = trainee.labels

    await trainee.press("课程2")

    assert "☑️ 12/7 14:00 课程2" in chosen
    assert "Next: 2 h ▸" in chosen
    assert not any(label.startswith(("☑️", "Next")) for label in trainee.labels)


async def test_the_end_of_the_course_is_said_before_it_is_sent(scene: LeaveScene) -> None:
    trainee = await ask(scene, "课程1", "课程2", "课程3")

    assert "This request would end your course." in trainee.last
    assert "7 h would be missed, and the rules allow 5 h." in trainee.last
    assert trainee.labels == ["Send it all the same", "« Choose again", "Cancel"]


async def test_approval_is_told_and_the_check_in_knows_it(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    trainee = await ask(scene, "课程2")
    await trainee.press("Send")

    await coordinator.press("✅ Approve")

    assert "✅ approved · decided by 陈老师" in coordinator.last
    assert "Your leave is approved" in trainee.last
    assert scene.camp.entry(1).standing is Standing.EXCUSED


async def test_declining_asks_for_a_line_that_the_person_reads(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    trainee = await ask(scene, "课程2")
    await trainee.press("Send")

    await coordinator.press("Decline")
    await coordinator.say("x" * 600)
    too_long = coordinator.last
    await coordinator.say("We need you there.")

    assert too_long == "Please write one line of at most 500 characters."
    assert "Your request is declined" in trainee.last
    assert "“We need you there.”" in trainee.last
    assert scene.camp.entry(1).standing is Standing.AHEAD


async def test_a_double_press_decides_once(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    trainee = await ask(scene, "课程2")
    await trainee.press("Send")
    message_id, data = scene.house.find_button(coordinator.id, "✅ Approve")
    before = len(trainee.chat)

    for _ in range(2):
        scene.house.sandbox.press(coordinator.id, message_id, data)
    await scene.house.settle()

    assert len(trainee.chat) == before + 1


async def test_a_request_that_was_taken_back_can_no_longer_be_approved(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    trainee = await ask(scene, "课程2")
    await trainee.press("Send")

    await trainee.press("Take it back")

    assert "taken back" in trainee.last
    assert "↩️ taken back" in coordinator.last
    assert not any("Approve" in label for label in coordinator.labels)


async def test_longer_leave_goes_on_to_the_department(scene: LeaveScene) -> None:
    scene.camp.rule(Setting.DEPARTMENT, scene.camp.department.person_id)
    scene.camp.rule(Setting.HEAD, 120)
    coordinator, department = await scene.phone(COORDINATOR), await scene.phone(DEPARTMENT)
    trainee = await ask(scene, "课程2", "课程3")
    announced = trainee.last
    await trainee.press("Send")
    nothing_yet = department.last

    await coordinator.press("✅ Approve")
    between = trainee.last
    await department.press("with a line")
    await department.say("Get well soon")

    assert "Your coordinator decides first, then 王处长." in announced
    assert "Leave" not in nothing_yet
    assert "Your coordinator agrees" in between
    told = next(text for text in scene.texts(trainee) if "Your leave is approved" in text)
    assert "“Get well soon”" in told
    assert "Three quarters of the hours you may miss are used." in trainee.last
    assert "approved · decided by 王处长" in coordinator.last


async def test_a_photo_goes_with_the_request_and_is_shown_on_demand(scene: LeaveScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    trainee = await ask(scene, "课程2")

    picture = Upload("note.jpg", PHOTO)
    await scene.house.after(trainee.id, lambda: scene.house.sandbox.send_file(trainee.id, picture, kind="photo"))
    with_photo = trainee.last
    await trainee.press("Send")
    shown = await coordinator.press("📷 Photo")

    assert "Your photo goes with it" in with_photo
    assert [bool(message.get("photo")) for message in shown] == [True]


async def test_something_else_than_a_photo_is_answered_kindly(scene: LeaveScene) -> None:
    trainee = await ask(scene, "课程2")

    await trainee.say("and one more thing")

    assert trainee.last.startswith("Please press “Send” above")


@pytest.mark.parametrize("reason", ["x", "y" * 501])
async def test_a_reason_that_does_not_fit_is_asked_for_again(scene: LeaveScene, reason: str) -> None:
    trainee = await scene.trainee()
    await trainee.say("/start")
    for label in ("📝 Leave", "Ask for leave", "课程2", "Next"):
        await trainee.press(label)

    await trainee.say(reason)
    refused = trainee.last
    await trainee.say("牙疼 <b>")

    assert refused == "Please say why in one line, with 2 to 500 characters."
    assert "Why: 牙疼 <b>" in trainee.last


async def test_an_activity_that_has_begun_meanwhile_cannot_be_sent(scene: LeaveScene) -> None:
    scene.house.clock.at = scene.camp.starts(1) - MINUTE
    trainee = await ask(scene, "课程2", "课程3")
    scene.house.clock.at = scene.camp.starts(1)

    await trainee.press("Send")
    said = scene.toast()
    await trainee.press("Choose again")

    assert said.startswith("One of the activities has begun")
    assert "☑️ 12/7 17:00 课程3" in trainee.labels
    assert "Next: 2 h ▸" in trainee.labels
    assert scene.camp.see(lambda s: leave.waiting(s, scene.camp.cohort)) == []


async def test_cancel_leaves_the_dialogue_and_its_old_buttons_do_nothing(scene: LeaveScene) -> None:
    trainee = await ask(scene, "课程2")
    message_id, data = scene.house.find_button(trainee.id, "Send")
    await trainee.say("/cancel")

    await trainee.press_data(message_id, data)

    assert scene.toast().startswith("This no longer exists.")
    assert scene.camp.see(lambda s: leave.waiting(s, scene.camp.cohort)) == []


async def test_coming_after_all_is_a_new_request(scene: LeaveScene) -> None:
    scene.camp.decide(scene.camp.ask(1, 2))
    coordinator, trainee = await scene.phone(COORDINATOR), await scene.trainee()
    await trainee.say("/start")
    await trainee.press("📝 Leave")

    for label in ("I can come after all", "课程2", "Next", "I can come after all.", "Send"):
        await trainee.press(label)
    await coordinator.press("✅ Approve")

    assert "you are expected again" in trainee.last
    assert scene.camp.entry(1).standing is Standing.AHEAD
    assert scene.camp.entry(2).standing is Standing.EXCUSED


@pytest.mark.parametrize("account", [AUDITOR, CONTACT, DEPARTMENT, 102, 101, 4711])
@pytest.mark.parametrize("action", ["approve", "decline", "approveline"])
async def test_nobody_else_decides_by_a_forged_button(scene: LeaveScene, account: int, action: str) -> None:
    request = scene.camp.ask(1)
    person = await scene.phone(account)

    said = await scene.forge(person, pack("leave", action, request.id))

    assert said in (
        "Only a coordinator of this camp can do that.",
        "This request is your own: please let somebody else decide it.",
        "It is not your turn to decide this request.",
    )
    assert scene.camp.see(lambda s: leave.get_request(s, request.id)).is_waiting


@pytest.mark.parametrize(
    "data",
    [
        "leave:show:999", "leave:show:x", "leave:own:999", "leave:approve:999", "leave:decline:", "leave:toggle:1:0",
        "leave:ask:999", "leave:photo:1:1", "leave:waiting:999", "makeup:show:999", "makeup:confirm:9",
        "makeup:offer:1:1:1", "makeup:accept:5", "makeup:other:3",
    ],
)  # fmt: skip
async def test_a_button_that_leads_nowhere_says_so(scene: LeaveScene, data: str) -> None:
    trainee = await scene.trainee()

    said = await scene.forge(trainee, data)

    assert said.startswith(("This no longer exists.", "Only a coordinator of this camp"))


async def test_an_auditor_reads_what_waits_and_has_no_button_to_decide(scene: LeaveScene) -> None:
    scene.camp.ask(1)
    auditor = await scene.camp_screen(AUDITOR)

    await auditor.press("Leave requests")
    await auditor.press("学员00")

    assert "Why: I am ill." in auditor.last
    assert auditor.labels == ["⏳ The ledger"]


async def test_a_missed_activity_is_made_up_in_chat(scene: LeaveScene) -> None:
    camp = scene.camp
    camp.hold(0, 1, 2)
    scene.house.clock.at = camp.ends(0)
    trainee, coordinator = await scene.trainee(), await scene.camp_screen(COORDINATOR)
    await coordinator.press("⏳ Hours")
    await coordinator.press("学员00")
    for label in ("By activity", "课程1", "Let it be made up"):
        await coordinator.press(label)
    await coordinator.say("Read chapter 3")
    offered = trainee.last
    for label in ("I will do it", "It is done", "No, just say it is done"):
        await trainee.press(label)
    await coordinator.press("Not yet")
    await coordinator.say("Page 40 is missing")
    back = trainee.last
    await trainee.press("It is done")
    await trainee.say("Now with page 40")
    await coordinator.press("Confirm")

    assert "You can make this up." in offered
    assert "By: Read chapter 3" in offered
    assert "陈老师: Page 40 is missing" in back
    assert "3 h have come back." in trainee.last
    assert camp.entry(0, at=camp.ends(0)).record.sources == ("Read chapter 3",)


async def test_a_trainee_cannot_confirm_their_own_make_up(scene: LeaveScene) -> None:
    make_up = _offered(scene.camp)
    trainee = await scene.trainee()

    said = await scene.forge(trainee, pack("makeup", "confirm", make_up))

    assert said == "Only a coordinator of this camp can do that."
    assert scene.camp.entry(0, at=scene.camp.ends(0)).made_up == 0


def _offered(camp: HoursCamp) -> int:
    camp.hold(0, 1)
    offered = camp.do(
        lambda s: leave.offer(
            s,
            speaker=camp.staff[Role.COORDINATOR],
            cohort_id=camp.cohort,
            person_id=camp.trainees[0].person_id,
            activity_id=camp.activities[0],
            task="Read chapter 3",
            now=camp.ends(0),
        )
    )
    camp.do(lambda s: leave.answer_offer(s, speaker=camp.trainees[0], make_up_id=offered.id, accept=True, now=EVE))
    return offered.id
