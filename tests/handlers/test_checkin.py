from datetime import timedelta

import pytest

from bot.buttons import pack
from tests.support.checkin_camp import START
from tests.support.checkin_scene import Scene, build_scene
from tests.support.house import TestHouse

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def scene(house: TestHouse) -> Scene:
    return build_scene(house)


async def test_checkin_asks_for_the_code_and_a_typed_code_checks_in(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()

    await trainee.say("/checkin")
    asked, labels = trainee.last, trainee.labels
    await trainee.say(scene.camp.code(START).lower())

    assert "Check-in: 社区治理 <b>" in asked
    assert labels == ["Cancel"]
    assert "You are checked in" in trainee.last
    assert "Arrived 09:00. Receipt " in trainee.last
    assert scene.buttons(trainee) == ["✋ This is wrong"]
    assert scene.camp.arrivals() == [START]


async def test_a_success_in_the_dialogue_makes_two_calls(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()
    await trainee.say("/checkin")

    changed = await trainee.say(scene.camp.code(START))

    assert len(changed) == 2


async def test_a_wrong_code_leaves_the_dialogue_open(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()
    await trainee.say("/checkin")

    await trainee.say("222222")
    wrong = trainee.last
    await trainee.say("what?")
    strange = trainee.last
    await trainee.say(scene.camp.code(START))

    assert wrong == "That is not the code. Please look at the screen and send it again (7 tries left)."
    assert strange.startswith("That is not a check-in code.")
    assert "You are checked in" in trainee.last


async def test_the_eighth_wrong_code_makes_wait(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()
    await trainee.say("/checkin")
    for _ in range(8):
        await trainee.say("222222")

    assert "Please wait 30 seconds" in trainee.last


async def test_cancel_leaves_and_offers_the_way_back(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()
    await trainee.say("/checkin")

    await trainee.press("Cancel")
    left, labels = trainee.last, trainee.labels
    await trainee.press("Check in")

    assert left.startswith("Nothing was recorded.")
    assert labels == ["Check in"]
    assert trainee.labels == ["Cancel"]


async def test_asking_twice_leaves_one_prompt_with_buttons(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()
    await trainee.say("/checkin")

    await trainee.say("/checkin")

    assert scene.buttons(trainee) == ["Cancel"]


async def test_several_open_activities_are_listed_and_the_code_decides(scene: Scene) -> None:
    scene.camp.open()
    scene.camp.open(scene.camp.visit)
    scene.camp.change_activity(scene.camp.visit, starts_at=START)
    trainee = scene.trainee()

    await trainee.say("/checkin")
    asked = trainee.last
    await trainee.say(scene.camp.code(START, scene.camp.visit))

    assert "Several check-ins are open" in asked
    assert "社区治理 <b>" in asked
    assert "You are checked in: Site visit" in trainee.last


async def test_without_anything_open_the_next_activity_is_named_and_no_dialogue_opens(scene: Scene) -> None:
    trainee = scene.trainee()
    scene.house.clock.at = START - HOUR

    await trainee.say("/checkin")
    told = trainee.last

    assert told.startswith("No check-in is open now. Next: Mon, Dec 7, 09:00–11:00 社区治理 <b>")
    assert trainee.labels == ["Check in"]


async def test_whoever_is_in_is_told_so_instead_of_asked(scene: Scene) -> None:
    scene.camp.open()
    scene.camp.type(scene.camp.code(START), START)
    trainee = scene.trainee()

    await trainee.say("/checkin")

    assert "You are already checked in" in trainee.last
    assert trainee.labels == ["✋ This is wrong"]


async def test_the_scanned_link_checks_in_with_one_message(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()

    said = await trainee.say(f"/start {scene.camp.payload(START)}")

    assert len(said) == 1
    assert "You are checked in" in trainee.last


async def test_the_scanned_link_closes_the_open_prompt(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()
    await trainee.say("/checkin")

    await trainee.say(f"/start {scene.camp.payload(START)}")
    await trainee.say("hello")

    assert scene.buttons(trainee) == ["✋ This is wrong"]
    assert "That is not a check-in code" not in trainee.last


async def test_a_bare_code_checks_in_outside_any_dialogue(scene: Scene) -> None:
    scene.camp.open()
    trainee = scene.trainee()

    await trainee.say(scene.camp.code(START))

    assert "You are checked in" in trainee.last


@pytest.mark.parametrize("age", [31, 60])
async def test_an_old_screenshot_is_said_to_be_old(scene: Scene, age: int) -> None:
    scene.camp.open()
    payload, code = scene.camp.payload(START), scene.camp.code(START)
    scene.house.clock.at = START + age * SECOND
    trainee = scene.trainee()

    await trainee.say(f"/start {payload}")
    scanned = trainee.last
    await trainee.say(code)

    assert scanned == trainee.last
    assert "That code has run out" in scanned
    assert scene.camp.arrivals() == []


@pytest.mark.parametrize(
    "payload", ["c-", "c-1", "c-1-1-" + "0" * 24, "c-zzzzzzzzzzzzz-1-" + "0" * 24, "c-" + "_" * 62]
)
async def test_a_tampered_link_is_refused_politely(scene: Scene, payload: str) -> None:
    scene.camp.open()
    trainee = scene.trainee()

    await trainee.say(f"/start {payload}")

    assert trainee.last == "That code is not valid. Please scan the one on the screen now."


async def test_a_stranger_is_told_to_ask_for_a_card(scene: Scene) -> None:
    scene.camp.open()
    stranger = scene.house.person(5)

    for text in (f"/start {scene.camp.payload(START)}", "/checkin", scene.camp.code(START)):
        await stranger.say(text)
        assert "ask your coordinator for your card" in stranger.last

    assert scene.camp.arrivals() == []


async def test_the_early_button_checks_in_when_it_opens(scene: Scene) -> None:
    scene.house.clock.at = START - 2 * HOUR
    scene.camp.open(at=START - 2 * HOUR)
    trainee = scene.trainee()
    await trainee.say(f"/start {scene.camp.payload(START - 2 * HOUR)}")
    early = trainee.last

    await trainee.press("I am here")
    toast = scene.toast()
    scene.house.clock.at = START - HOUR
    changed = await trainee.press("I am here")

    assert "Check-in opens at 08:00" in early
    assert toast == "Not yet: it opens at 08:00. This button will work then."
    assert scene.toast() == "✅ Checked in at 08:00"
    assert len(changed) == 1
    assert "You are checked in" in trainee.last
    assert scene.camp.arrivals() == [START - HOUR]


async def test_two_presses_in_the_same_instant_make_one_attendance(scene: Scene) -> None:
    button = await _early_button(scene)
    trainee = scene.trainee()

    for _ in range(2):
        scene.house.sandbox.press(trainee.id, *button)
    await scene.house.settle()

    assert scene.camp.arrivals() == [START]
    assert len(scene.camp.changes("arrive")) == 1


async def test_a_hundred_presses_make_one_attendance(scene: Scene) -> None:
    button = await _early_button(scene)
    trainee = scene.trainee()

    for _ in range(100):
        scene.house.sandbox.press(trainee.id, *button)
    await scene.house.settle()

    assert scene.camp.arrivals() == [START]


async def test_the_early_button_of_somebody_else_says_so(scene: Scene) -> None:
    _, data = await _early_button(scene)
    other = scene.trainee(1)
    await other.say("/checkin")

    await scene.forge(other, data)

    assert scene.toast().startswith("This button was made for somebody else.")
    assert scene.camp.arrivals() == []


@pytest.mark.parametrize("ids", [(), ("1",), ("x", "y"), ("9" * 19, "a"), ("1", "é" * 8), ("1", "a", "b")])
async def test_a_tampered_early_button_does_nothing(scene: Scene, ids: tuple[str, ...]) -> None:
    trainee = scene.trainee()
    scene.camp.open()
    await trainee.say("/checkin")

    await scene.forge(trainee, pack("checkin", "now", *ids))

    assert scene.toast()
    assert scene.camp.arrivals() == []


async def _early_button(scene: Scene) -> tuple[int, str]:
    """The early person's message and button, at the hour when it works."""
    scene.camp.open(at=START - 2 * HOUR)
    scene.house.clock.at = START - 2 * HOUR
    trainee = scene.trainee()
    await trainee.say(f"/start {scene.camp.payload(START - 2 * HOUR)}")
    scene.house.clock.at = START
    return scene.house.find_button(trainee.id, "I am here")
