"""Correcting and recalling what was sent, in place."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update

from bot.people.models import Person as PersonRow
from tests.handlers.test_notice_pieces import ask, begin, finish, hand_in
from tests.support.checkin_camp import COORDINATOR, FIRST_TRAINEE
from tests.support.house import Person, TestHouse
from tests.support.notice_scene import NoticeScene, build_notice_scene

pytestmark = pytest.mark.anyio


@pytest.fixture
def scene(house: TestHouse) -> NoticeScene:
    built = build_notice_scene(house)
    house.write(lambda session: session.execute(update(PersonRow).values(language="en")))
    return built


async def correct(scene: NoticeScene, coordinator: Person, *words: str) -> None:
    """Correct the newest notice and let that arrive."""
    await coordinator.press("✏️ Correct")
    for word in words:
        await coordinator.say(word)
    await scene.pass_by()


def texts(person: Person) -> list[str]:
    """What stands in a chat, in the bot's words."""
    return [m.get("text") or m.get("caption") or "" for m in person.chat if m["from"]["is_bot"]]


def speak_chinese(scene: NoticeScene, telegram_id: int) -> None:
    change = update(PersonRow).where(PersonRow.telegram_id == telegram_id)  # type: ignore[arg-type]
    scene.house.write(lambda s: s.execute(change.values(language="zh")))


async def test_a_correction_that_is_too_long_changes_nothing_and_asks_again(scene: NoticeScene) -> None:
    coordinator = await scene.send("Bus at 8:10")
    await coordinator.press("✏️ Correct")

    await coordinator.say("{name}" + "x" * 4095)
    assert coordinator.last.startswith("With these words the notice would be too long")
    await coordinator.say("Bus at 8:20")
    await coordinator.say("wrong time")
    await scene.pass_by()

    assert scene.trainee().last == "Bus at 8:20\n\n✏️ Corrected: wrong time"
    assert scene.notice().revision == 1


async def test_a_reason_that_makes_the_text_too_long_changes_nothing(scene: NoticeScene) -> None:
    coordinator = await scene.send("short")
    await correct(scene, coordinator, "x" * 4070, "because of a reason that is longer than what is left")

    assert coordinator.last.startswith("With these words the notice would be too long")
    assert (scene.trainee().last, scene.notice().revision) == ("short", 0)


async def test_the_part_with_the_words_is_corrected_and_not_the_picture_before_it(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    await hand_in(scene, "photo")
    await coordinator.say("The hall is on the left.")
    await finish(scene, coordinator)

    await correct(scene, coordinator, "The hall is on the right.", "mixed up")

    assert texts(scene.trainee())[-1] == "The hall is on the right."
    assert "✏️ Corrected: mixed up" in texts(scene.trainee())[-2]


async def test_of_several_parts_with_words_one_is_chosen(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    await coordinator.say("First")
    await coordinator.say("Second")
    await finish(scene, coordinator)

    await coordinator.press("✏️ Correct")
    assert coordinator.last == "✏️ Which of these shall be corrected?"
    await coordinator.press("Second")
    await coordinator.say("Third")
    await coordinator.say("a slip")
    await scene.pass_by()

    assert texts(scene.trainee())[-2:] == ["First\n\n✏️ Corrected: a slip", "Third"]


async def test_each_language_that_was_written_is_asked_for_anew(scene: NoticeScene) -> None:
    speak_chinese(scene, FIRST_TRAINEE)
    coordinator = await scene.write("Bus at 8:10")
    await coordinator.press("In Chinese too")
    await coordinator.say("8:10 发车")
    await finish(scene, coordinator)

    await coordinator.press("✏️ Correct")
    await coordinator.say("Bus at 8:20")
    assert coordinator.last == "✏️ And the corrected text in Chinese, for those who read Chinese?"
    await coordinator.say("8:20 发车")
    await coordinator.say("wrong time")
    await scene.pass_by()

    assert scene.trainee(0).last.startswith("8:20 发车")
    assert scene.trainee(1).last.startswith("Bus at 8:20")


async def test_after_a_correction_only_those_count_who_have_read_it_as_it_stands(scene: NoticeScene) -> None:
    coordinator = await scene.write("Bus at 8:10")
    await coordinator.press("I have read it")
    await finish(scene, coordinator)
    await scene.trainee(0).press("I have read it")
    scene.house.clock.at += timedelta(minutes=5)
    await correct(scene, coordinator, "Bus at 8:20", "wrong time")
    assert "👁 read: 0" in coordinator.last
    assert "✅ I have read it" in scene.trainee(0).labels

    await scene.trainee(0).press("I have read it")
    await coordinator.press("Refresh")
    assert "👁 read: 1" in coordinator.last
    await coordinator.press("Remind the others")

    assert "👥 2 people get it" in coordinator.last


async def test_whoever_has_answered_keeps_the_answer_when_the_question_is_corrected(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    ask(scene, "Are you comming?")
    await scene.house.settle()
    await finish(scene, coordinator)
    await scene.trainee(0).press("yes")

    await correct(scene, coordinator, "Are you coming?", "a slip")

    assert scene.trainee(0).last.startswith("Are you coming?")
    assert "✅ Your answer: yes" in scene.trainee(0).labels
    assert {"yes", "no"} <= set(scene.trainee(1).labels)


async def test_a_poll_in_a_group_is_stopped_and_the_corrected_one_follows_and_both_can_be_recalled(
    scene: NoticeScene,
) -> None:
    coordinator = await scene.open()
    chat_id = scene.house.sandbox.add_group("群", [COORDINATOR, FIRST_TRAINEE])
    await scene.house.settle()
    await coordinator.press("第一期")
    coordinator = await begin(scene)
    ask(scene, "Comming?")
    await scene.house.settle()
    await coordinator.press("Into groups")
    await coordinator.press("群")
    await coordinator.press("« Back")
    await finish(scene, coordinator)

    await correct(scene, coordinator, "Coming?", "a slip")
    rows = scene.house.sandbox.world.messages.of_chat[chat_id]
    polls = [row["wire"]["poll"] for row in rows.values() if "poll" in row["wire"]]
    assert [(poll["question"].split("\n")[0], poll["is_closed"]) for poll in polls] == [
        ("Comming?", True),
        ("Coming?", False),
    ]

    await coordinator.press("Recall")
    await coordinator.press("Yes, take it back")
    await scene.pass_by()
    assert not any("poll" in row["wire"] for row in scene.house.sandbox.world.messages.of_chat[chat_id].values())


async def test_a_picture_that_can_no_longer_be_deleted_is_marked_in_its_caption(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    await hand_in(scene, "photo", caption="Come here")
    await finish(scene, coordinator)
    scene.house.clock.at += timedelta(hours=49)

    await coordinator.press("Recall")
    await coordinator.press("Yes, take it back")
    await scene.pass_by()

    assert scene.trainee().last == "🚫 This notice was withdrawn."


async def test_a_recalled_notice_can_no_longer_be_corrected(scene: NoticeScene) -> None:
    coordinator = await scene.send("Never mind.")
    await coordinator.press("Recall")
    await coordinator.press("Yes, take it back")
    await scene.pass_by()

    await scene.scene.forge(coordinator, "notices:correct:1")

    assert scene.scene.toast().startswith("This notice cannot be corrected")


async def test_a_draft_is_not_corrected_but_written(scene: NoticeScene) -> None:
    coordinator = await scene.write("Draft")

    await scene.scene.forge(coordinator, "notices:correct:1")

    assert scene.scene.toast().startswith("This notice cannot be corrected")


async def test_a_correction_is_in_the_log_with_both_texts_and_why(scene: NoticeScene) -> None:
    coordinator = await scene.send("Bus at 8:10")
    await correct(scene, coordinator, "Bus at 8:20", "wrong time")

    query = text("select before, after, reason from change where subject = 'notice' and action = 'correct'")
    before, after, reason = scene.house.read(lambda s: s.execute(query).one())
    assert ("8:10" in before, "8:20" in after, reason) == (True, True, "wrong time")
