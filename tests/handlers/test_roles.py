import re

import pytest

from bot.buttons import pack
from bot.people import access
from bot.people.models import Role
from bot.people.roles import ROLES
from bot.people.service import MEMBERSHIP, PERSON
from tests.support.checkin_camp import FIRST_TRAINEE
from tests.support.checkin_scene import Scene, build_scene
from tests.support.house import OPERATOR, Person, TestHouse

pytestmark = pytest.mark.anyio


@pytest.fixture
def scene(house: TestHouse) -> Scene:
    scene = build_scene(house)
    scene.camp.do(lambda s: s.execute(PERSON.update().values(language="en", unit="第一社区")))
    return scene


def roles_of(scene: Scene, number: int = 0) -> frozenset[Role]:
    return scene.camp.see(lambda s: access.roles_in(s, scene.camp.trainees[number].person_id, scene.camp.cohort))


async def open_person(scene: Scene, number: int = 0) -> Person:
    coordinator = scene.coordinator()
    await coordinator.say("/people")
    await coordinator.press("Everybody")
    await coordinator.press(f"学员0{number}")
    return coordinator


async def test_a_coordinator_gives_a_role_and_the_person_is_told(scene: Scene) -> None:
    trainee = scene.trainee()
    await trainee.say("/start")
    coordinator = await open_person(scene)

    await coordinator.press("🎖 Roles")
    await coordinator.press("➕ Group leader")

    assert roles_of(scene) == {Role.TRAINEE, Role.GROUP_LEADER}
    assert "Roles here: trainee, group leader" in coordinator.last
    assert "You are now group leader of 第一期." in trainee.last
    assert "how many of your group" in trainee.last
    assert len(scene.camp.changes("join")) == 5


async def test_taking_a_role_is_logged_and_told_as_well(scene: Scene) -> None:
    trainee = scene.trainee()
    await trainee.say("/start")
    coordinator = await open_person(scene)
    await coordinator.press("🎖 Roles")
    await coordinator.press("➕ Auditor")

    await coordinator.press("➖ Auditor")

    assert roles_of(scene) == {Role.TRAINEE}
    assert "You are no longer auditor of 第一期." in trainee.last
    (change,) = scene.camp.changes("leave")
    assert (change.actor_id, change.before) == (scene.camp.coordinator.person_id, '{"role":"auditor"}')


async def test_giving_twice_changes_nothing(scene: Scene) -> None:
    coordinator = await open_person(scene)
    await coordinator.press("🎖 Roles")
    await coordinator.press("➕ Mentor")

    data = pack("roles", "give", scene.camp.cohort, scene.camp.trainees[0].person_id, ROLES.index(Role.MENTOR))
    await scene.forge(coordinator, data)

    assert scene.toast() == "Nothing to change."


async def test_whoever_is_in_no_group_cannot_lead_one(scene: Scene) -> None:
    scene.camp.do(lambda s: s.execute(MEMBERSHIP.update().values(group_name=None)))
    coordinator = await open_person(scene)
    await coordinator.press("🎖 Roles")

    await coordinator.press("➕ Group leader")

    assert "in no group" in scene.toast()
    assert roles_of(scene) == {Role.TRAINEE}


async def test_a_coordinator_makes_no_coordinators(scene: Scene) -> None:
    coordinator = await open_person(scene)
    await coordinator.press("🎖 Roles")
    code = ROLES.index(Role.COORDINATOR)

    await scene.forge(coordinator, pack("roles", "give", scene.camp.cohort, scene.camp.trainees[0].person_id, code))

    assert scene.toast() == "Only an operator of this bot can do that."
    assert roles_of(scene) == {Role.TRAINEE}


async def test_an_outsider_comes_in_by_a_link_that_works_once(scene: Scene) -> None:
    coordinator = scene.coordinator()
    await coordinator.say("/start")
    await scene.forge(coordinator, pack("roles", "staff", scene.camp.cohort))
    await coordinator.press("➕ Invite somebody")
    await coordinator.press("Auditor")
    await coordinator.say("督查员老周")
    link = re.search(r"start=([0-9A-Z]+)", coordinator.last)
    guest = scene.house.person(555, "Zhou")

    assert link is not None
    await guest.say(f"/start {link[1]}")

    assert "this account is now 督查员老周" in guest.last
    assert "As auditor you can read everything here, and change nothing." in guest.last
    assert "📊 Records" in guest.labels
    assert "✔ Check-in" not in guest.labels


async def test_a_unit_contact_is_asked_for_the_unit_and_sees_its_people_only(scene: Scene) -> None:
    scene.camp.do(lambda s: s.execute(PERSON.update().where(PERSON.c.name == "学员02").values(unit="第二社区")))
    coordinator = scene.coordinator()
    await coordinator.say("/start")
    await scene.forge(coordinator, pack("roles", "staff", scene.camp.cohort))
    for press in ("➕ Invite somebody", "Unit contact"):
        await coordinator.press(press)
    await coordinator.say("联系人")
    await coordinator.press("第二社区")
    link = re.search(r"start=([0-9A-Z]+)", coordinator.last)
    assert link is not None
    contact = scene.house.person(556, "Contact")
    await contact.say(f"/start {link[1]}")

    await contact.press("👥 My people")
    listed = contact.labels
    await scene.forge(contact, pack("people", "person", scene.camp.cohort, scene.camp.trainees[0].person_id))
    refused = scene.toast()
    await contact.say("/people")
    await contact.press("学员02")

    assert [label for label in listed if "学员" in label] == ["✅ 学员02 · 第3组"]
    assert refused == "Only a coordinator of this camp can do that."
    assert contact.labels == ["📜 Changes", "◀ Back"]


async def test_somebody_known_is_recognised_and_needs_no_link(scene: Scene) -> None:
    coordinator = scene.coordinator()
    await coordinator.say("/start")
    await scene.forge(coordinator, pack("roles", "staff", scene.camp.cohort))
    for press in ("➕ Invite somebody", "Teacher"):
        await coordinator.press(press)
    await coordinator.say("学员01")

    await coordinator.press("学员01 ·")

    assert "Already linked, so no link is needed." in coordinator.last
    assert roles_of(scene, 1) == {Role.TRAINEE, Role.TEACHER}


async def test_people_of_other_camps_are_not_shown_to_a_coordinator(scene: Scene) -> None:
    scene.camp.stranger_cohort()
    coordinator = scene.coordinator()
    await coordinator.say("/start")
    await scene.forge(coordinator, pack("roles", "staff", scene.camp.cohort))
    for press in ("➕ Invite somebody", "Teacher"):
        await coordinator.press(press)

    await coordinator.say("Other teacher")

    assert "opening this link" in coordinator.last


async def test_a_name_that_is_none_is_asked_for_again(scene: Scene) -> None:
    coordinator = scene.coordinator()
    await coordinator.say("/start")
    await scene.forge(coordinator, pack("roles", "staff", scene.camp.cohort))
    for press in ("➕ Invite somebody", "Mentor"):
        await coordinator.press(press)

    await coordinator.say("x" * 61)

    assert "A name has 1 to 60 characters" in coordinator.last


async def test_a_trainee_is_moved_from_today_on(scene: Scene) -> None:
    coordinator = await open_person(scene)
    await coordinator.press("👥 Group")

    await coordinator.press("第2组")

    assert scene.toast() == "学员00: 第1组 → 第2组, from today on"
    assert "Group now: 第2组" in coordinator.last


async def test_a_new_group_is_made_by_its_name(scene: Scene) -> None:
    coordinator = await open_person(scene)
    await coordinator.press("👥 Group")

    await coordinator.press("Another group")
    await coordinator.say("第7组 <b>")

    assert coordinator.last == "学员00: 第1组 → 第7组 <b>, from today on"


async def test_an_auditor_reads_people_and_changes_none(scene: Scene) -> None:
    await (await open_person(scene)).press("🎖 Roles")
    await scene.coordinator().press("➕ Auditor")
    auditor = scene.trainee()

    await auditor.say("/people")
    groups = auditor.labels
    await auditor.press("Everybody")
    await auditor.press("学员01")
    person = auditor.labels
    await scene.forge(auditor, pack("roles", "give", scene.camp.cohort, scene.camp.trainees[0].person_id, 2))

    assert "🪪 Seat cards" not in groups
    assert person == ["📜 Changes", "◀ Back"]
    assert scene.toast() == "Only a coordinator of this camp can do that."


async def test_an_account_that_opens_another_camp_is_not_given_away(scene: Scene) -> None:
    other, _, _ = scene.camp.stranger_cohort()
    person_id = scene.camp.trainees[0].person_id
    row = {"cohort_id": other, "person_id": person_id, "role": "auditor", "joined_at": scene.house.clock.at}
    scene.camp.do(lambda s: s.execute(MEMBERSHIP.insert().values(row)))
    coordinator = await open_person(scene)

    await scene.forge(coordinator, pack("people", "unlinked", scene.camp.cohort, person_id))

    assert scene.toast() == "Only a coordinator of this camp can do that."
    query = PERSON.select().where(PERSON.c.id == person_id)
    assert scene.camp.see(lambda s: s.execute(query).one().telegram_id) == FIRST_TRAINEE


async def test_an_operator_sees_the_coordinators_role_too(scene: Scene) -> None:
    operator = scene.house.person(OPERATOR, "Op")
    await operator.say("/start")

    await scene.forge(operator, pack("roles", "person", scene.camp.cohort, scene.camp.coordinator.person_id))

    assert "➖ Coordinator" in operator.labels
