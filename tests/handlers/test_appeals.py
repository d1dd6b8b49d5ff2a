from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.buttons import pack
from bot.checkin import appeals
from bot.checkin.appeal_models import Appeal, AppealStatus
from bot.people.models import Membership, Role
from bot.people.service import PERSON
from schedules.appeals import push_reminders
from tests.support.checkin_camp import COORDINATOR, START
from tests.support.checkin_scene import Scene, build_scene
from tests.support.house import Person, TestHouse

pytestmark = pytest.mark.anyio
APPEAL = Appeal.__table__  # type: ignore[attr-defined]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def scene(house: TestHouse) -> Scene:
    scene = build_scene(house)
    scene.camp.do(lambda s: s.execute(PERSON.update().values(language="en")))
    return scene


async def come_late(scene: Scene) -> Person:
    """A trainee checks in twenty minutes late."""
    scene.camp.open()
    scene.house.clock.at = START + 20 * MINUTE
    trainee = scene.trainee()
    await trainee.say(scene.camp.code(scene.house.clock.at))
    return trainee


async def object_to_it(scene: Scene, words: str = "The bus was late <b>") -> tuple[Person, Person]:
    trainee, coordinator = await come_late(scene), scene.coordinator()
    await coordinator.say("/start")
    await trainee.press("This is wrong")
    await trainee.say(words)
    return trainee, coordinator


def appeal(scene: Scene) -> Appeal:
    found: Appeal = scene.house.read(lambda s: s.get_one(Appeal, 1))
    return found


async def test_an_answer_about_a_record_leads_to_an_appeal_and_its_receipt(scene: Scene) -> None:
    trainee = await come_late(scene)

    await trainee.press("This is wrong")
    asked = trainee.last
    await trainee.say("The bus was late")

    assert "The record says: late, arrived 09:20" in asked
    assert "You will have an answer by Tue, Dec 8 18:00." in trainee.last
    assert appeal(scene).said == "The bus was late"


async def test_a_usual_sentence_is_one_press(scene: Scene) -> None:
    trainee = await come_late(scene)
    await trainee.press("This is wrong")

    await trainee.press("I came on time.")

    assert "“I came on time.”" in trainee.last


async def test_the_coordinator_reads_who_what_and_until_when(scene: Scene) -> None:
    _, coordinator = await object_to_it(scene)

    assert "学员00 says that a record is wrong" in coordinator.last
    assert "“The bus was late <b>”" in coordinator.last
    assert "Please answer by Tue, Dec 8 18:00." in coordinator.last
    assert coordinator.labels == [
        "✅ Make it present",
        "⬜ Make it missing",
        "✍ Leave it as it is …",
        "All open appeals",
    ]


async def test_accepting_changes_the_record_as_an_audited_row_and_tells_the_trainee(scene: Scene) -> None:
    trainee, coordinator = await object_to_it(scene)

    await coordinator.press("Make it present")

    assert scene.camp.attendance().arrived_at == START  # type: ignore[union-attr]
    (change,) = scene.camp.changes("mark")
    assert (change.actor_id, change.reason) == (scene.camp.coordinator.person_id, "The bus was late <b>")
    assert "You were right" in trainee.last
    assert "The record now says: present." in trainee.last
    assert "Accepted by 林老师" in coordinator.last
    assert appeal(scene).status == AppealStatus.ACCEPTED


async def test_declining_takes_a_line_that_the_trainee_reads(scene: Scene) -> None:
    trainee, coordinator = await object_to_it(scene)

    await coordinator.press("Leave it as it is")
    await coordinator.say("The doors opened at nine.")

    assert "the record stays: late." in trainee.last
    assert "“The doors opened at nine.”" in trainee.last
    assert scene.camp.changes("mark") == []
    assert len(scene.camp.changes("declined")) == 1


async def test_a_second_answer_says_who_answered_and_changes_nothing(scene: Scene) -> None:
    _, coordinator = await object_to_it(scene)
    await coordinator.press("Make it present")

    await scene.forge(coordinator, pack("appeal", "accept", 1, 2))

    assert scene.toast() == "林老师 has already answered this."
    assert len(scene.camp.changes("mark")) == 1


async def test_two_presses_on_accept_are_one_answer(scene: Scene) -> None:
    trainee, _ = await object_to_it(scene)
    message_id, data = scene.house.find_button(COORDINATOR, "Make it present")

    scene.house.sandbox.press(COORDINATOR, message_id, data)
    scene.house.sandbox.press(COORDINATOR, message_id, data)
    await scene.house.settle()

    assert len(scene.camp.changes("accepted")) == 1
    assert len([message for message in trainee.chat if "You were right" in message.get("text", "")]) == 1


async def test_while_an_appeal_waits_another_shows_its_state(scene: Scene) -> None:
    trainee, _ = await object_to_it(scene)

    await scene.forge(trainee, pack("appeal", "begin", scene.camp.lecture))

    assert "State: waiting for an answer" in trainee.last
    assert scene.camp.count(APPEAL) == 1


async def test_an_appeal_can_be_taken_back(scene: Scene) -> None:
    trainee, coordinator = await object_to_it(scene)

    await trainee.press("Take it back")

    assert "State: taken back" in trainee.last
    assert "Taken back by 学员00" in coordinator.last
    assert scene.house.read(lambda s: list(appeals.open_appeals(s, scene.camp.cohort))) == []


async def test_an_empty_or_endless_line_is_asked_for_again(scene: Scene) -> None:
    trainee = await come_late(scene)
    await trainee.press("This is wrong")

    await trainee.say("x" * 501)
    refused = trainee.last
    await trainee.say("y" * 500)

    assert "in one line what is wrong" in refused
    assert scene.camp.count(APPEAL) == 1


async def test_cancelling_sends_nothing(scene: Scene) -> None:
    trainee = await come_late(scene)
    await trainee.press("This is wrong")

    await trainee.press("Cancel")

    assert "nothing was sent" in trainee.last
    assert scene.camp.count(APPEAL) == 0


async def test_a_record_without_an_arrival_can_be_objected_to_as_well(scene: Scene) -> None:
    trainee = scene.trainee(1)
    await trainee.say("/start")

    await scene.forge(trainee, pack("appeal", "begin", scene.camp.lecture))
    await trainee.press("I was there the whole time.")
    coordinator = scene.coordinator()
    await coordinator.say("/start")
    await scene.forge(coordinator, pack("appeal", "accept", 1, 0))

    assert "The record now says: present." in trainee.last


@pytest.mark.parametrize("action", [("accept", 1, 0), ("decline", 1), ("show", 1)])
async def test_nobody_else_answers_or_reads_an_appeal(scene: Scene, action: tuple[str, *tuple[int, ...]]) -> None:
    await object_to_it(scene)
    scene.camp.stranger_cohort()
    for somebody in (scene.trainee(1), scene.house.person(801, "Other")):
        await somebody.say("/start")

        await scene.forge(somebody, pack("appeal", *action))

        assert scene.toast() == "Only a coordinator of this camp can do that."
    assert appeal(scene).status == AppealStatus.OPEN


async def test_nobody_takes_back_what_somebody_else_said(scene: Scene) -> None:
    await object_to_it(scene)
    other = scene.trainee(1)
    await other.say("/start")

    await scene.forge(other, pack("appeal", "back", 1))

    assert "no longer exists" in scene.toast()
    assert appeal(scene).status == AppealStatus.OPEN


async def test_a_coordinator_does_not_judge_an_own_appeal(scene: Scene) -> None:
    trainee, _ = await object_to_it(scene)
    scene.camp.do(lambda s: s.add(_membership(scene, Role.COORDINATOR)))

    await scene.forge(trainee, pack("appeal", "accept", 1, 0))

    assert "your own" in scene.toast()
    assert appeal(scene).status == AppealStatus.OPEN


async def test_an_auditor_reads_it_without_buttons_to_answer(scene: Scene) -> None:
    await object_to_it(scene)
    scene.camp.do(lambda s: s.add(_membership(scene, Role.AUDITOR, 1)))
    auditor = scene.trainee(1)
    await auditor.say("/start")

    await scene.forge(auditor, pack("appeal", "show", 1))

    assert "An answer is due by" in auditor.last
    assert not any("Make it" in label for label in auditor.labels)


async def test_coordinators_are_reminded_once_at_noon_and_once_at_the_deadline(scene: Scene) -> None:
    _, coordinator = await object_to_it(scene)
    due = appeal(scene).due_at
    said = []

    for at in (due - timedelta(hours=7), due - timedelta(hours=6), due - timedelta(hours=5), due, due + MINUTE):
        scene.house.clock.at = at
        said.append(await push_reminders(scene.house.turns))
        await scene.house.settle()

    assert said == [0, 1, 0, 1, 0]
    assert "The time promised for it is over." in coordinator.last


async def test_open_appeals_are_offered_to_the_coordinator_on_the_screen_of_the_camp(scene: Scene) -> None:
    _, coordinator = await object_to_it(scene)

    await coordinator.say("/start")
    await scene.forge(coordinator, pack("people", "camp", scene.camp.cohort))
    await coordinator.press("✋ Appeals")

    assert "1 appeal waits for an answer" in coordinator.last


def test_an_appeal_is_due_on_the_evening_of_the_next_local_day() -> None:
    zone = ZoneInfo("Asia/Shanghai")

    assert appeals.answer_by(START, zone) == START + timedelta(days=1, hours=9)


def _membership(scene: Scene, role: Role, number: int = 0) -> object:
    return Membership(
        cohort_id=scene.camp.cohort, person_id=scene.camp.trainees[number].person_id, role=role, joined_at=START
    )
