from datetime import timedelta

import pytest

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.buttons import pack
from bot.checkin import service as checkin
from bot.checkin.rules import Status
from bot.people.service import PERSON
from tests.support.checkin_camp import START
from tests.support.checkin_scene import Scene, build_scene
from tests.support.house import Person, TestHouse

pytestmark = pytest.mark.anyio


@pytest.fixture
def scene(house: TestHouse) -> Scene:
    scene = build_scene(house)
    scene.camp.do(lambda s: s.execute(PERSON.update().values(language="en")))
    return scene


async def arrive(scene: Scene) -> Person:
    scene.camp.open()
    trainee = scene.trainee()
    await trainee.say(scene.camp.code(START))
    return trainee


def mark(scene: Scene, to: Status, number: int = 0) -> None:
    person_id = scene.camp.trainees[number].person_id
    scene.camp.do(
        lambda s: checkin.mark(
            s,
            speaker=scene.camp.coordinator,
            activity_id=scene.camp.lecture,
            person_id=person_id,
            to=to,
            now=START,
            reason="was seen outside",
        )
    )


async def test_my_record_lists_what_is_written_and_each_line_can_be_objected_to(scene: Scene) -> None:
    trainee = await arrive(scene)

    await trainee.say("/record")
    listed = trainee.labels
    await trainee.press("社区治理")

    assert any(label.startswith("✅ 12/7 09:00 社区治理") for label in listed)
    assert "Recorded by: typed code" in trainee.last
    assert "Arrived 09:00" in trainee.last
    assert "✋ This is wrong" in trainee.labels


async def test_changes_about_me_say_who_when_from_to_and_why(scene: Scene) -> None:
    trainee = await arrive(scene)
    mark(scene, Status.MISSING)
    await trainee.say("/record")

    await trainee.press("📜 Changes about me")

    assert "12/7 09:00 林老师\nrecord changed by hand (学员00 · 社区治理 <b>)" in trainee.last
    assert "record: present → missing" in trainee.last
    assert "Why: was seen outside" in trainee.last


async def test_nobody_reads_the_changes_about_somebody_else(scene: Scene) -> None:
    trainee = await arrive(scene)

    await scene.forge(trainee, pack("records", "person", scene.camp.cohort, scene.camp.trainees[1].person_id, 0))

    assert scene.toast() == "Only a coordinator of this camp can do that."


async def test_the_log_is_read_by_the_page_and_by_activity(scene: Scene) -> None:
    await arrive(scene)
    for to in (Status.LATE, Status.MISSING, Status.PRESENT, Status.LATE, Status.MISSING, Status.PRESENT, Status.LATE):
        mark(scene, to)
    coordinator = scene.coordinator()
    await coordinator.say("/log")
    first = coordinator.last
    await coordinator.press("▶")
    second = coordinator.last

    await scene.forge(coordinator, pack("records", "activity", scene.camp.lecture))
    await coordinator.press("📜 Changes")

    assert "record: present → late" in first
    assert first != second
    assert "Changes: 社区治理 <b>" in coordinator.last


async def test_what_nobody_has_worded_is_said_by_its_plain_names(scene: Scene) -> None:
    line = audit.entry(
        actor=Actor(name="robot"), now=START, action="paint", subject="fence", cohort_id=scene.camp.cohort,
        before={"colour": "red"}, after={"colour": "<green>"},
    )  # fmt: skip
    scene.camp.do(lambda s: audit.record(s, line))
    coordinator = scene.coordinator()

    await coordinator.say("/log")

    assert "robot\nfence: paint\ncolour: red → <green>" in coordinator.last


async def test_files_come_from_the_menu_of_records(scene: Scene) -> None:
    await arrive(scene)
    coordinator = scene.coordinator()
    await coordinator.say("/start")
    await scene.forge(coordinator, pack("records", "menu", scene.camp.cohort))

    for label in ("📊 Attendance", "⏱ Hours CSV", "📜 Change log CSV"):
        await coordinator.press(label)

    names = [message["document"]["file_name"] for message in coordinator.chat if "document" in message]
    assert names == [
        "第一期 Attendance 2026-12-07 0900.xlsx", "第一期 Hours 2026-12-07 0900.csv",
        "第一期 Change log 2026-12-07 0900.csv",
    ]  # fmt: skip


async def test_the_screen_of_an_activity_has_the_live_address_and_the_list(scene: Scene) -> None:
    coordinator = scene.coordinator()
    await coordinator.say("/start")

    await scene.forge(coordinator, pack("records", "activity", scene.camp.lecture))
    links = [
        button["url"]
        for message in coordinator.chat
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
        if "url" in button
    ]
    await coordinator.press("📄 List")

    assert links[-1].startswith("https://camp.example.org/live/")
    assert any("document" in message for message in coordinator.chat)


async def test_long_after_the_activity_there_is_no_live_address(scene: Scene) -> None:
    scene.house.clock.at = START + timedelta(days=2)
    coordinator = scene.coordinator()
    await coordinator.say("/start")

    await scene.forge(coordinator, pack("records", "activity", scene.camp.lecture))

    assert "📄 List (.xlsx)" in coordinator.labels
    assert "🖥 Live screen" not in coordinator.labels


@pytest.mark.parametrize("data", ["records:file:1:matrix:exe", "records:file:1:people:xlsx", "records:file:x:log:csv"])
async def test_a_tampered_button_for_a_file_leads_nowhere(scene: Scene, data: str) -> None:
    coordinator = scene.coordinator()
    await coordinator.say("/start")

    await scene.forge(coordinator, data)

    assert "no longer exists" in scene.toast()
