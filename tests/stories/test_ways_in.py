"""Every way in, walked through the whole house by people with phones: each ends in one attendance row."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from bot.checkin import gate, paper
from bot.checkin import service as checkin
from bot.checkin.attendance import Record
from bot.checkin.models import Site
from bot.context import Installation
from bot.inbox.models import Inbox
from bot.invariants import check
from bot.people import service as people
from bot.people.models import Role
from bot.registry import READINGS, renderers
from handlers import register
from schedules.checkin import push_closings
from tests.bot.sheets.builders import write_xlsx
from tests.support.checkin_camp import COORDINATOR, START
from tests.support.checkin_scene import Scene, build_scene
from tests.support.house import OPERATOR, build_house

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ROOM = (31.2304, 121.4737)
FAR = (31.2804, 121.4737)


@pytest.fixture
async def scene(database_url: str) -> Scene:
    """The camp, in a house with every handler and renderer."""
    made = renderers(Installation("camp_bot", frozenset({OPERATOR})))
    house = await build_house(database_url, register, renderers=dict(made), readings=dict(READINGS))
    return build_scene(house)


def record(scene: Scene, number: int = 0) -> Record | None:
    """What stands of a trainee at the lecture."""
    person_id = scene.camp.trainees[number].person_id
    found: Record | None = scene.house.read(lambda s: checkin.record_of(s, scene.camp.lecture, person_id))
    return found


def lead(scene: Scene, number: int) -> None:
    """Make a trainee the leader of the own group."""
    scene.camp.do(
        lambda s: people.grant(
            s,
            person_id=scene.camp.trainees[number].person_id,
            cohort_id=scene.camp.cohort,
            role=Role.GROUP_LEADER,
            actor=scene.camp.coordinator.actor,
            now=START,
            group_name=f"第{number % 3 + 1}组",
        )
    )


def person_payload(scene: Scene, number: int = 0) -> str:
    """What the QR code on a trainee's phone carries."""

    def work(session: Session) -> str:
        my = checkin.my_code(session, speaker=scene.camp.trainees[number], now=scene.house.clock.at)
        secret = people.secret(session, gate.SECRET)
        return gate.payload_of(secret, my.person_id, my.step)

    return scene.camp.do(work)


async def test_the_code_on_the_projector_answers_with_a_receipt(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()

    await trainee.say(scene.camp.code(START))

    assert "You are checked in" in trainee.last
    assert "Receipt" in trainee.last
    found = record(scene)
    assert found is not None
    assert (found.method, found.arrived_at, found.minutes) == ("code", START, 120)


async def test_staff_scan_the_code_on_a_trainees_phone_and_the_trainee_gets_the_receipt(scene: Scene) -> None:
    scene.camp.open()
    trainee, coordinator = scene.trainee(), scene.coordinator()
    await trainee.say("/start")
    pictures = await trainee.press("My code")
    scene.house.clock.at = START - 5 * MINUTE

    await coordinator.say(f"/start {person_payload(scene)}")

    assert "photo" in pictures[-1]
    assert "学员00" in coordinator.last
    assert "on time" in coordinator.last
    assert "由林老师扫码登记。" in trainee.last
    found = record(scene)
    assert found is not None
    assert (found.method, found.marked_by) == ("gate", scene.camp.coordinator.person_id)


async def test_a_persons_code_says_nothing_to_another_trainee_or_to_a_stranger(scene: Scene) -> None:
    scene.camp.open()
    other, stranger, payload = scene.trainee(1), scene.house.person(4711, "Nobody"), person_payload(scene)

    await other.say(f"/start {payload}")
    await stranger.say(f"/start {payload}")
    await scene.coordinator().say(f"/start {payload[:-1]}")

    assert other.last == "This code is for those who keep the check-in. Nothing was recorded."
    assert "学员00" not in stranger.last
    assert "That is not a person's code" in scene.coordinator().last
    assert record(scene) is None


async def test_a_group_leader_scans_the_own_group_and_no_other(scene: Scene) -> None:
    scene.camp.open()
    lead(scene, 1)
    own, other = person_payload(scene, 1), person_payload(scene, 0)
    leader = scene.trainee(1)

    await leader.say(f"/start {own}")
    mine = leader.last
    await leader.say(f"/start {other}")

    assert mine.startswith("This is your own code.")
    assert leader.last.startswith("That person is not in your group.")
    assert record(scene, 0) is None


async def test_the_roll_is_called_in_two_taps_and_taken_back_in_one(scene: Scene) -> None:
    scene.camp.open()
    coordinator = scene.coordinator()
    await coordinator.say("/checkin")
    await coordinator.press("社区治理")

    await coordinator.press("Roll call")
    await coordinator.press("学员01")
    await coordinator.press("All others are here (2)")
    called = coordinator.last
    rows = [record(scene, number) for number in range(3)]
    await coordinator.press("Take it back")

    assert "2 people are recorded as here." in called
    assert "Not here: 学员01" in called
    assert [row and row.method for row in rows] == ["roll", None, "roll"]
    assert [record(scene, number) for number in range(3)] == [None] * 3
    assert "2 records are gone" in coordinator.last


async def test_whom_the_roll_call_left_out_still_checks_in_alone(scene: Scene) -> None:
    scene.camp.open()
    coordinator = scene.coordinator()
    await coordinator.say("/checkin")
    await coordinator.press("社区治理")
    await coordinator.press("Roll call")
    await coordinator.press("学员01")
    await coordinator.press("All others are here")

    scene.house.clock.at = START + 12 * MINUTE
    await scene.trainee(1).say(scene.camp.code(scene.house.clock.at))
    await scene.trainee(2).say(scene.camp.code(scene.house.clock.at))

    assert "12 minutes after the start" in scene.trainee(1).last
    assert "You are already checked in" in scene.trainee(2).last


async def test_a_group_leader_counts_heads_and_the_difference_is_a_list(scene: Scene) -> None:
    scene.camp.open()
    lead(scene, 1)
    leader = scene.trainee(1)
    await leader.say("/start")
    await leader.press("My group")
    await leader.press("Head count")
    before = leader.last

    await leader.press("1")
    differing = leader.last
    await leader.say(scene.camp.code(START))
    counted = scene.house.read(lambda s: checkin.head_counts(s, scene.camp.cohort))

    assert "第2组: 0 of 1 checked in" in before
    assert "Counted 1, checked in 0." in differing
    assert "Not checked in yet: 学员01" in differing
    assert [(one.group, one.counted, one.arrived, one.differs) for one in counted] == [("第2组", 1, 1, False)]


async def test_a_coordinator_sees_every_groups_count_and_a_trainee_none(scene: Scene) -> None:
    lead(scene, 1)
    coordinator = scene.coordinator()
    await coordinator.say("/checkin")
    await coordinator.press("社区治理")

    await coordinator.press("Head counts")
    labels = coordinator.labels
    await scene.trainee(0).say("/start")
    await scene.forge(scene.trainee(0), f"checkin:heads:{scene.camp.lecture}:-:-1")

    assert labels[:3] == ["第1组", "第2组", "第3组"]
    assert scene.toast() == "Only a coordinator of this camp can do that."


async def test_a_location_checks_in_and_only_inside_or_outside_is_kept(scene: Scene) -> None:
    scene.camp.open()
    coordinator, inside, outside = scene.coordinator(), scene.trainee(0), scene.trainee(1)
    await coordinator.say("/checkin")
    await coordinator.press("社区治理")
    await coordinator.press("⋯")
    await coordinator.press("Site")
    await coordinator.press("Set the place")
    await scene.house.after(COORDINATOR, lambda: scene.house.sandbox.send_location(COORDINATOR, *ROOM))

    await inside.say("/checkin")
    await inside.press("send my location")
    await scene.house.after(inside.id, lambda: scene.house.sandbox.send_location(inside.id, ROOM[0] + 0.001, ROOM[1]))
    await scene.house.after(outside.id, lambda: scene.house.sandbox.send_location(outside.id, *FAR))

    assert "within 300 m" in coordinator.last
    assert "Your location is at the site." in inside.last
    assert "You are checked in all the same" in outside.last
    first, second = record(scene, 0), record(scene, 1)
    assert first is not None
    assert second is not None
    assert [(one.method, one.inside) for one in (first, second)] == [("place", True), ("place", False)]


async def test_where_a_trainee_was_stands_nowhere_in_the_database(scene: Scene) -> None:
    scene.camp.open()
    spot: dict[str, Any] = {"activity_id": scene.camp.lecture, "latitude": 10.0, "longitude": 20.0, "radius": 300}
    by = scene.camp.coordinator.person_id
    scene.camp.do(lambda s: s.add(Site(**spot, set_by=by, set_at=START)))
    trainee = scene.trainee()

    await scene.house.after(trainee.id, lambda: scene.house.sandbox.send_location(trainee.id, 31.987654, 121.123456))

    inbox = Inbox.__table__  # type: ignore[attr-defined]
    bodies = scene.house.read(lambda s: s.connection().execute(select(inbox.c.body)).scalars().all())
    lines = scene.camp.changes("arrive")
    assert record(scene) is not None
    assert not any("31.98" in (body or "") or "121.12" in (body or "") for body in bodies)
    assert not any("31.98" in (line.after or "") for line in lines)


async def test_a_location_where_none_is_asked_for_is_not_kept(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()

    await scene.house.after(trainee.id, lambda: scene.house.sandbox.send_location(trainee.id, *ROOM))

    assert trainee.last.startswith("No check-in of yours takes a location now")
    assert record(scene) is None


async def test_codes_from_paper_are_typed_several_at_once(scene: Scene) -> None:
    coordinator = scene.coordinator()
    await coordinator.say("/checkin")
    await coordinator.press("社区治理")
    await coordinator.press("⋯")
    await coordinator.press("Paper")
    pdf = await coordinator.press("Sheet (PDF)")
    scene.house.clock.at = START + 3 * HOUR
    codes = paper_codes(scene)

    await coordinator.press("Type the codes")
    await coordinator.say(f"{codes[0].lower()}, {codes[1]} 9:20-10:40\n2222")
    understood = coordinator.last
    await coordinator.press("Record 2")

    assert pdf[-1]["document"]["file_name"].endswith(".pdf")
    assert "2 to record: 学员00, 学员01 09:20–10:40" in understood
    assert "Not on this sheet: 2222" in understood
    assert "2 people recorded from paper." in coordinator.last
    rows = [record(scene, number) for number in range(3)]
    assert [row and (row.method, row.minutes, row.status) for row in rows] == [
        ("paper", 120, "present"),
        ("paper", 80, "late"),
        None,
    ]


async def test_a_filled_sheet_is_imported_after_a_preview(scene: Scene, tmp_path: Path) -> None:
    coordinator = scene.coordinator()
    scene.house.take(lambda turn: people.secret(turn.session, paper.SECRET))
    scene.house.clock.at = START + 3 * HOUR
    codes = paper_codes(scene)
    rows = [
        ["签到码", "姓名", "到达"],
        [codes[0], "学员00", "√"],
        [codes[1], "学员01", ""],
        [codes[2], "学员02", "9:30"],
    ]

    await coordinator.send_file("sheet.xlsx", write_xlsx(tmp_path / "s.xlsx", rows).read_bytes())
    preview = coordinator.last
    await coordinator.press("Record 2")
    await coordinator.send_file("sheet.csv", "\n".join(",".join(row) for row in rows).encode("utf-8-sig"))

    assert "2 to record: 学员00, 学员02 09:30" in preview
    assert [row and row.status for row in (record(scene, number) for number in range(3))] == ["present", None, "late"]
    assert "Recorded already, and that stands: 学员00, 学员02" in coordinator.last
    assert "There is nothing new to record." in coordinator.last


async def test_a_walk_in_counts_once_a_coordinator_says_who_it_is(scene: Scene) -> None:
    scene.camp.open()
    coordinator = scene.coordinator()
    await coordinator.say("/checkin")
    await coordinator.press("社区治理")
    await coordinator.press("⋯")
    await coordinator.press("Walk-ins")
    await coordinator.press("Somebody has come")
    await coordinator.say("学员02")
    noted, before = coordinator.last, record(scene, 2)
    scene.house.clock.at = START + HOUR

    await coordinator.press("This is 学员02")

    assert "counts only once you say who it is" in noted
    assert before is None
    assert "学员02 is checked in, arrived 09:00" in coordinator.last
    found = record(scene, 2)
    assert found is not None
    assert (found.method, found.arrived_at) == ("desk", START)


async def test_a_walk_in_is_put_on_the_roster_or_expires(scene: Scene) -> None:
    scene.camp.open()
    coordinator = scene.coordinator()
    await coordinator.say("/start")
    for name in ("新来的 13800001111", "过客"):
        await scene.forge(coordinator, f"checkin:walkin:{scene.camp.lecture}")
        await coordinator.say(name)
    await coordinator.press("« Back")
    await coordinator.press("新来的")
    await coordinator.press("put on the roster")
    enrolled = coordinator.last

    scene.house.clock.at = START + 49 * HOUR
    ended = await push_closings(scene.house.turns)
    left = scene.house.read(lambda s: checkin.waiting_walk_ins(s, scene.camp.cohort))

    assert "新来的 is on the roster now, arrived 09:00" in enrolled
    assert ended >= 1
    assert left == []
    board = scene.house.read(lambda s: checkin.read_board(s, activity_id=scene.camp.lecture))
    assert [one.name for one in board.present] == ["新来的"]


async def test_whoever_leaves_checks_out_and_the_minutes_count(scene: Scene) -> None:
    scene.camp.open()
    coordinator, trainee, early = scene.coordinator(), scene.trainee(0), scene.trainee(1)
    await coordinator.say("/checkin")
    await coordinator.press("社区治理")
    await coordinator.press("⋯")
    await coordinator.press("Times")
    await coordinator.press("Check-out")
    for person in (trainee, early):
        await person.say(scene.camp.code(START))
    arrived = trainee.last

    scene.house.clock.at = START + 50 * MINUTE
    await early.press("leaving early")
    scene.house.clock.at = START + 115 * MINUTE
    await trainee.say(scene.camp.code(scene.house.clock.at))

    assert "Please check out when you leave: from 10:45" in arrived
    assert "50 minutes count" in early.last
    assert "115 minutes count" in trainee.last
    rows = [record(scene, number) for number in range(2)]
    assert [row and (row.minutes, row.checked_out) for row in rows] == [(115, True), (50, True)]


async def test_a_changed_rule_re_runs_the_arrivals(scene: Scene) -> None:
    scene.camp.open()
    scene.house.clock.at = START + 12 * MINUTE
    await scene.trainee().say(scene.camp.code(scene.house.clock.at))
    before = record(scene)
    coordinator = scene.coordinator()
    await coordinator.say("/checkin")
    await coordinator.press("社区治理")
    await coordinator.press("⋯")
    await coordinator.press("Times")

    await coordinator.press("15")
    late = next(data for label, data in row_of(scene, coordinator.id, "15")[::-1] if ":1:15" in data)
    await coordinator.press_data(scene.house.find_button(coordinator.id, "Check-out")[0], late)

    after = record(scene)
    assert before is not None
    assert after is not None
    assert (before.status, after.status) == ("late", "present")
    assert before.arrived_at == after.arrived_at
    assert json.loads(scene.camp.changes("change")[-1].after or "{}")["late_after"] == 15


async def test_an_early_tap_says_when_it_opens_and_that_very_button_works_then(scene: Scene) -> None:
    trainee = scene.trainee()
    scene.house.clock.at = START - 3 * HOUR
    await trainee.say("/checkin")
    told = trainee.last
    scene.camp.open(at=START - HOUR)
    scene.house.clock.at = START - 30 * MINUTE

    await trainee.press("Check in")
    await trainee.say(scene.camp.code(scene.house.clock.at))

    assert "Check-in opens at 08:00. You can press the button below then." in told
    assert "You are checked in" in trainee.last


async def test_nothing_is_violated_whatever_way_people_come(scene: Scene) -> None:
    scene.camp.open()
    await scene.trainee(0).say(scene.camp.code(START))
    await scene.coordinator().say(f"/start {person_payload(scene, 1)}")
    await scene.forge(scene.coordinator(), f"checkin:call:{scene.camp.lecture}:-")

    assert len(scene.camp.arrivals()) == 3
    assert scene.house.read(check) == []


def paper_codes(scene: Scene) -> list[str]:
    """The codes on the lecture's sheet, in the order of the trainees."""

    def work(session: Session) -> list[str]:
        activity = checkin.prepare_sheet(session, speaker=scene.camp.coordinator, activity_id=scene.camp.lecture)
        whose = {person: code for code, person in paper.codes_of(session, activity).items()}
        return [whose[one.person_id] for one in scene.camp.trainees]

    return scene.camp.do(work)


def row_of(scene: Scene, person_id: int, label: str) -> list[tuple[str, str]]:
    """Every button with that label in a chat, with its data."""
    return [
        (one["text"], one["callback_data"])
        for message in scene.house.person(person_id).chat
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for one in row
        if label in one["text"]
    ]
