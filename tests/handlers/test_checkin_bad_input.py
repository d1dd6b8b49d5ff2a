"""What goes wrong in a room: old pictures, forwarded buttons, double taps, things moved away. One row, a clear line."""

from datetime import timedelta

import pytest

from bot.invariants import check
from tests.support.checkin_camp import COORDINATOR, FIRST_TRAINEE, START
from tests.support.checkin_scene import Scene, build_scene
from tests.support.house import TestHouse

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
ACTIONS = (
    "roll:{a}:-:0", "abs:{a}:-:0:{p}", "call:{a}:-", "unroll:1", "allheads:{a}", "heads:{a}:-:-1", "count:{a}:-:3",
    "more:{a}", "rules:{a}:0", "rule:{a}:2:1:30", "norule:{a}:2", "site:{a}", "radius:{a}:300", "place:{a}",
    "paper:{a}",
    "sheet:{a}:0", "type:{a}", "walkins:{a}", "walkin:{a}", "walk:1", "walkis:1:{p}", "walknew:1", "walkno:1",
    "lead:{c}", "open:{a}", "close:{a}", "mark:{a}:{p}:0:2:0",
)  # fmt: skip


@pytest.fixture
def scene(house: TestHouse) -> Scene:
    return build_scene(house)


@pytest.mark.parametrize("age", [5, 16, 31, 60])
async def test_a_picture_of_the_code_is_good_for_thirty_seconds(scene: Scene, age: int) -> None:
    scene.camp.open()
    scene.house.clock.at = START + age * SECOND

    await scene.trainee().say(f"/start {scene.camp.payload(START)}")

    is_good = age < 30
    assert len(scene.camp.arrivals()) == is_good
    assert ("You are checked in" if is_good else "That code has run out") in scene.trainee().last


async def test_a_hundred_taps_at_once_make_one_row(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()
    for _ in range(100):
        scene.house.sandbox.say(trainee.id, f"/start {scene.camp.payload(START)}")
    for number in range(1, 3):
        scene.trainee(number)
        scene.house.sandbox.say(FIRST_TRAINEE + number, scene.camp.code(START))

    await scene.house.settle()

    assert len(scene.camp.arrivals()) == 3
    assert scene.house.read(check) == []


async def test_nobody_without_the_role_presses_anything(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()
    await trainee.say("/start")
    values = {"a": scene.camp.lecture, "p": scene.camp.trainees[1].person_id, "c": scene.camp.cohort}
    before = len(scene.camp.changes("open"))

    for action in ACTIONS:
        await scene.forge(trainee, f"checkin:{action.format(**values)}")
        assert scene.toast() in (
            "Only a coordinator of this camp can do that.",
            "This no longer exists. Send /start to see what is current.",
        ), action

    assert (scene.camp.arrivals(), len(scene.camp.changes("open"))) == ([], before)


async def test_a_coordinator_of_another_camp_presses_nothing_here(scene: Scene) -> None:
    _, other, _ = scene.camp.stranger_cohort()
    scene.camp.open()
    coordinator = scene.coordinator()
    await coordinator.say("/start")

    for action in ACTIONS:
        if "{a}" not in action:
            continue
        await scene.forge(coordinator, f"checkin:{action.format(a=other, p=1, c=0)}")
        assert scene.toast() == "Only a coordinator of this camp can do that.", action

    assert scene.camp.arrivals(other) == []


async def test_a_tampered_button_is_gone(scene: Scene) -> None:
    coordinator = scene.coordinator()
    await coordinator.say("/start")

    for data in (
        "roll:x:-:0",
        "roll:1",
        "abs:1:-:0",
        "heads:1:zzz:0",
        "gate:1",
        "out:1",
        "rule:1:9:9:9",
        "walk:",
        "call:1:q",
    ):
        await scene.forge(coordinator, f"checkin:{data}")
        assert scene.toast() == "This no longer exists. Send /start to see what is current.", data


async def test_the_clock_stepping_back_loses_nobody_and_doubles_nobody(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()
    await trainee.say(scene.camp.code(START))
    scene.house.clock.at = START - HOUR / 4

    await trainee.say(scene.camp.code(scene.house.clock.at))
    await scene.trainee(1).say(scene.camp.code(scene.house.clock.at))

    assert "You are already checked in" in trainee.last
    assert sorted(at for at in scene.camp.arrivals() if at) == [START - HOUR / 4, START]


async def test_an_activity_cancelled_while_the_roll_is_being_taken(scene: Scene) -> None:
    scene.camp.open()
    coordinator = scene.house.person(COORDINATOR, "Lin")
    await coordinator.say("/checkin")
    await coordinator.press("社区治理")
    await coordinator.press("Roll call")
    scene.camp.change_activity(scene.camp.lecture, cancelled_at=START)

    await coordinator.press("are here")

    assert scene.toast().startswith("The activity has been cancelled")
    assert scene.camp.arrivals() == []
