"""A record nobody has to argue about: a late bus, an objection, a new group, an auditor, and files that say it all."""

import csv
import io
import re
from collections.abc import AsyncIterator

import pytest

from bot.buttons import pack
from bot.context import Installation
from bot.invariants import check
from bot.people.service import PERSON
from bot.records import files
from bot.registry import READINGS, renderers
from handlers import register
from tests.support.checkin_camp import START
from tests.support.checkin_scene import Scene, build_scene
from tests.support.house import OPERATOR, TestHouse, build_house

pytestmark = pytest.mark.anyio


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Scene]:
    made = renderers(Installation("camp_bot", frozenset({OPERATOR})))
    house: TestHouse = await build_house(database_url, register, renderers=dict(made), readings=dict(READINGS))
    scene = build_scene(house)
    scene.camp.do(lambda s: s.execute(PERSON.update().values(language="en", unit="第一社区")))
    yield scene
    house.database.close()


async def test_a_late_bus_becomes_a_present_record_that_everybody_can_trace(scene: Scene) -> None:
    await the_bus_is_late(scene)
    await the_coordinator_agrees(scene)
    await the_group_changes_from_tomorrow_on(scene)
    await the_trainee_reads_what_was_written(scene)
    await an_auditor_is_let_in_and_takes_the_files(scene)

    assert scene.house.read(check) == []


async def the_bus_is_late(scene: Scene) -> None:
    await scene.coordinator().say("/start")
    scene.camp.open()
    scene.house.clock.at = START.replace(minute=20)
    trainee = scene.trainee()
    await trainee.say(scene.camp.code(scene.house.clock.at))
    await trainee.press("This is wrong")
    await trainee.say("The bus was late")
    assert "You will have an answer by" in trainee.last


async def the_coordinator_agrees(scene: Scene) -> None:
    coordinator = scene.coordinator()
    assert "学员00 says that a record is wrong" in coordinator.last
    await coordinator.press("Make it present")
    assert "You were right" in scene.trainee().last


async def the_group_changes_from_tomorrow_on(scene: Scene) -> None:
    scene.camp.close(at=START.replace(hour=4))
    scene.house.clock.at = START.replace(day=8)
    coordinator = scene.coordinator()
    await coordinator.say("/people")
    await coordinator.press("Everybody")
    await coordinator.press("学员00")
    await coordinator.press("👥 Group")
    await coordinator.press("第3组")


async def the_trainee_reads_what_was_written(scene: Scene) -> None:
    trainee = scene.trainee()
    await trainee.say("/record")
    assert any(label.startswith("✅") and "社区治理" in label for label in trainee.labels)
    await trainee.press("社区治理")
    assert "Marked by 林老师" in trainee.last
    assert "Your objection: accepted" in trainee.last
    await trainee.press("◀ My record")
    await trainee.press("📜 Changes about me")
    assert "moved to another group" in trainee.last
    assert "group: 第1组 → 第3组" in trainee.last
    assert "record: late → present" in trainee.last
    assert "Why: The bus was late" in trainee.last


async def an_auditor_is_let_in_and_takes_the_files(scene: Scene) -> None:
    coordinator, auditor = scene.coordinator(), scene.house.person(777, "Auditor")
    await scene.forge(coordinator, pack("roles", "staff", scene.camp.cohort))
    await coordinator.press("➕ Invite somebody")
    await coordinator.press("Auditor")
    await coordinator.say("督查员老周")
    link = re.search(r"start=([0-9A-Z]+)", coordinator.last)
    assert link is not None
    await auditor.say(f"/start {link[1]}")
    await scene.forge(auditor, pack("records", "menu", scene.camp.cohort))
    await auditor.press("📜 Change log CSV")
    await auditor.press("📊 Attendance")
    await scene.forge(auditor, pack("checkin", "mark", scene.camp.lecture, scene.camp.trainees[1].person_id, 0, 2, 0))
    assert scene.toast() == "Only a coordinator of this camp can do that."
    documents = [message["document"]["file_name"] for message in auditor.chat if "document" in message]
    assert [name.rpartition(".")[2] for name in documents] == ["csv", "xlsx"]
    assert group_of_the_day(scene) == "第1组"


def group_of_the_day(scene: Scene) -> str:
    """The group that the attendance of the first day keeps, though the person has another one now."""
    now = scene.house.clock.at.isoformat()
    made = scene.camp.see(
        lambda s: files.render_file(s, cohort_id=scene.camp.cohort, kind="matrix", form="csv", language="en", now=now)
    )
    rows = csv.DictReader(io.StringIO(made.content.decode("utf-8-sig")))
    return next(row["Group on that day"] for row in rows if row["Name"] == "学员00")
