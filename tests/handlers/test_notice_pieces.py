"""What a notice may be made of, and that it arrives as it was sent."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.people.models import Person as PersonRow
from tests.support.checkin_camp import COORDINATOR, FIRST_TRAINEE
from tests.support.house import Person, TestHouse
from tests.support.notice_scene import NoticeScene, build_notice_scene

pytestmark = pytest.mark.anyio

POLL = {
    "id": "77",
    "options": [
        {"text": "yes", "voter_count": 0, "persistent_id": "a"},
        {"text": "no", "voter_count": 0, "persistent_id": "b"},
    ],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "members_only": False,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": True,
}


@pytest.fixture
def scene(house: TestHouse) -> NoticeScene:
    built = build_notice_scene(house)
    house.write(lambda session: session.execute(update(PersonRow).values(language="en")))
    return built


async def begin(scene: NoticeScene) -> Person:
    """Open the dialogue that waits for the content."""
    coordinator = await scene.open()
    await coordinator.press("New notice")
    return coordinator


async def hand_in(scene: NoticeScene, *kinds: str, album: str = "", caption: str = "") -> None:
    """Send files to the bot, as one album or each by itself."""
    for number, kind in enumerate(kinds):
        upload = scene.house.upload(f"{number}.bin", b"content")
        scene.house.sandbox.send_file(COORDINATOR, upload, kind=kind, album=album, caption=caption * (number == 0))
    await scene.house.settle()


async def finish(scene: NoticeScene, coordinator: Person) -> None:
    """Send it and let it arrive."""
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()


def got(scene: NoticeScene, kind: str) -> list[dict[str, Any]]:
    """What a trainee has got of one kind."""
    return [message for message in scene.trainee().chat if kind in message]


def ask(scene: NoticeScene, question: str) -> None:
    """Hand in a poll."""
    scene.house.sandbox._send(COORDINATOR, {"poll": POLL | {"question": question}}, None, None)  # noqa: SLF001


@pytest.mark.parametrize("kind", ["video", "animation", "audio", "voice", "document", "photo"])
async def test_a_file_of_any_kind_arrives_with_its_words_filled_in_and_its_buttons(
    scene: NoticeScene, kind: str
) -> None:
    coordinator = await begin(scene)
    await hand_in(scene, kind, caption="For {name}")
    await finish(scene, coordinator)

    assert [message["caption"] for message in got(scene, kind)] == ["For 学员00"]
    assert "💬 Reply" in scene.trainee().labels


@pytest.mark.parametrize("kind", ["video_note", "sticker"])
async def test_what_has_no_words_arrives_too(scene: NoticeScene, kind: str) -> None:
    coordinator = await begin(scene)
    await hand_in(scene, kind)
    await finish(scene, coordinator)

    assert len(got(scene, kind)) == 1


@pytest.mark.parametrize(
    "kinds", [("video", "video", "video"), ("photo", "video", "photo"), ("document", "document"), ("audio", "audio")]
)
async def test_an_album_arrives_as_one_album(scene: NoticeScene, kinds: tuple[str, ...]) -> None:
    coordinator = await begin(scene)
    await hand_in(scene, *kinds, album="a", caption="The visit")
    await scene.pass_by(times=1)
    await finish(scene, coordinator)

    arrived = [message for message in scene.trainee().chat if "media_group_id" in message]
    assert [next(kind for kind in kinds if kind in message) for message in arrived] == list(kinds)
    assert len({message["media_group_id"] for message in arrived}) == 1
    assert arrived[0]["caption"] == "The visit"


async def test_a_part_of_an_album_that_comes_late_joins_it_all_the_same(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    await hand_in(scene, "photo", album="a")
    await scene.pass_by(times=1)
    await hand_in(scene, "photo", "photo", album="a")
    await scene.pass_by(times=1)
    await finish(scene, coordinator)

    assert len({message["media_group_id"] for message in got(scene, "photo")}) == 1


async def test_an_album_that_is_sent_before_it_is_complete_goes_as_it_is(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    await coordinator.say("Look:")
    await hand_in(scene, "photo", album="a")
    await finish(scene, coordinator)

    assert len(got(scene, "photo")) == 1
    assert set(scene.states().values()) == {"sent"}


async def test_a_file_larger_than_a_bot_may_upload_is_passed_on_by_its_id(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    upload = scene.house.upload("film.mp4", b"content")
    scene.house.sandbox.send_file(COORDINATOR, upload, kind="video", size=1_500_000_000)
    await scene.house.settle()
    await finish(scene, coordinator)

    assert [message["video"]["file_size"] for message in got(scene, "video")] == [1_500_000_000]


async def test_a_contact_is_copied(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    scene.house.sandbox.send_contact(COORDINATOR, owner=FIRST_TRAINEE)
    await scene.house.settle()
    await finish(scene, coordinator)

    assert len(got(scene, "contact")) == 1


async def test_what_a_bot_cannot_send_again_is_refused_in_words(scene: NoticeScene) -> None:
    coordinator = await begin(scene)

    game = {"game": {"title": "t", "description": "d", "photo": []}}
    scene.house.sandbox._send(COORDINATOR, game, None, None)  # noqa: SLF001
    await scene.house.settle()

    assert coordinator.last.startswith("I cannot pass this on.")
    await coordinator.say("Hello")
    assert "Hello" in coordinator.last


async def test_a_second_question_is_refused_since_its_answers_would_be_mixed_up(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    ask(scene, "First?")
    ask(scene, "Second?")
    await scene.house.settle()

    assert coordinator.last.startswith("A notice asks one question.")
    await finish(scene, coordinator)
    assert scene.trainee().last == "First?"


async def test_the_eleventh_message_is_refused(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    for number in range(10):
        await coordinator.say(f"line {number}")
    await coordinator.say("one too many")

    assert coordinator.last.startswith("A notice has at most ten messages.")


async def test_a_notice_says_that_it_is_urgent_in_its_first_words_whatever_comes_before(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    await hand_in(scene, "sticker")
    await coordinator.say("Leave the building.")
    await coordinator.press("Urgent: no")
    await finish(scene, coordinator)

    assert scene.trainee().last == "❗️ Urgent\n\nLeave the building."


async def test_what_stands_around_the_words_counts_towards_telegrams_limit(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    await coordinator.say("x" * 4096)
    assert any("Send" in label for label in coordinator.labels)

    await coordinator.press("Urgent: no")

    assert "the text would have 4107 characters; Telegram takes 4096" in coordinator.last
    assert not any("Send" in label for label in coordinator.labels)


async def test_words_for_another_language_belong_to_the_part_that_has_words(scene: NoticeScene) -> None:
    scene.house.write(lambda session: session.execute(update(PersonRow).values(language="zh")))
    scene.house.write(
        lambda s: s.execute(update(PersonRow).where(PersonRow.telegram_id == COORDINATOR).values(language="en"))  # type: ignore[arg-type]
    )
    coordinator = await begin(scene)
    await hand_in(scene, "photo")
    await coordinator.say("The way to the hall.")
    await coordinator.press("In Chinese too")
    await coordinator.say("到礼堂的路线。")
    await finish(scene, coordinator)

    assert scene.trainee().last == "到礼堂的路线。"
    assert "caption" not in got(scene, "photo")[0]
