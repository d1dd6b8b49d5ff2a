"""A group discussion in the chat, from the coordinator's first press to the file in everybody's hands."""

import pytest

from bot.discussions.models import Stage
from bot.i18n import translator
from tests.support.discussion_camp import AUDITOR, COORDINATOR
from tests.support.discussion_scene import DiscussionScene, build_discussion_scene, forged
from tests.support.house import Person, TestHouse

pytestmark = pytest.mark.anyio

EN = translator("en")


@pytest.fixture
def scene(house: TestHouse) -> DiscussionScene:
    return build_discussion_scene(house)


async def announced(scene: DiscussionScene) -> tuple[Person, list[Person]]:
    """Two groups of three, told through the coordinator's button; the people of the first group."""
    scene.camp.create(announce=False)
    people = await scene.phones(scene.camp.speakers(1) + scene.camp.speakers(2))
    coordinator = await scene.desk(f"talk:told:{scene.camp.discussion}")
    return coordinator, people[:3]


async def test_a_coordinator_sets_a_discussion_up_from_the_screen_of_the_camp(scene: DiscussionScene) -> None:
    coordinator = await scene.phone(COORDINATOR)
    await coordinator.press("All of this camp")
    for label in ("Group discussions", "New discussion", "分组研讨", "Questions", "Add a question"):
        await coordinator.press(label)
    await coordinator.say("What keeps residents away?")
    for label in ("« Back", "How groups come about", "By number", "3", "« Back", "Draw the groups"):
        await coordinator.press(label)

    assert "6 people in 3 groups" in coordinator.last
    assert "Seed 1-1" in coordinator.last
    for label in ("« Back", "Announce", "Yes, tell them"):
        await coordinator.press(label)
    assert "announced, the groups are at work" in coordinator.last
    trainee = await scene.phone(scene.camp.trainees[0].telegram_id)
    await trainee.press("Group discussion")
    assert "Together: " in trainee.last


async def test_a_draft_is_nowhere_to_be_seen_for_a_trainee(scene: DiscussionScene) -> None:
    scene.camp.create(announce=False)

    trainee = await scene.phone(scene.camp.trainees[0].telegram_id)

    assert not any("discussion" in label for label in trainee.labels)


async def test_everybody_is_told_their_group_once_in_their_own_language(scene: DiscussionScene) -> None:
    scene.camp.create(announce=False)
    one, other = scene.camp.speakers(1)[1:3]
    scene.speak("zh", other)
    phones = await scene.phones([one, other])

    await scene.desk(f"talk:told:{scene.camp.discussion}")
    await scene.desk(f"talk:told:{scene.camp.discussion}")

    assert [sum("Together: " in text for text in scene.texts(phones[0]))] == [1]
    assert [sum("同组：" in text for text in scene.texts(phones[1]))] == [1]


async def test_the_whole_way_of_a_group_to_the_file(scene: DiscussionScene) -> None:
    coordinator, (leader, recorder, member) = await announced(scene)
    await leader.press("Begin")
    await member.press("✍️ 1")
    await member.say("- Meetings are at noon\n- Nobody asks us")
    await member.press("Done with this question")
    assert "You have written 2 points." in member.last
    assert "1 of 3 have written." in leader.last
    await recorder.press("✍️ 1")
    await recorder.say("meetings are at noon.")
    await leader.press("Go on: number")
    assert "1 person has not done anything here yet" in leader.last
    await leader.press("Yes, go on")
    await recorder.press("🔗 1")
    assert "1 Meetings are at noon ×2" in recorder.last
    await leader.press("Go on: vote")
    await member.press("🔵 1")
    await member.press("1")
    assert "You have 2 dots left." in member.last
    await leader.press("Go on: causes")
    await leader.press("Yes, go on")
    await member.press("🔎 1.1")
    await member.press("➕ Cause")
    await member.say("Offices close at five")
    await member.press("➕ Measure")
    await member.say("Open in the evening")
    await leader.press("Go on: the minutes")
    await member.press("My name in the minutes: no")
    await recorder.press("📝 The minutes")
    await recorder.press("I confirm")
    await leader.press("📝 The minutes")
    await leader.press("I confirm")

    for phone in (leader, recorder, member, coordinator):
        assert scene.files(phone) == ["Minutes 分组研讨 Group 1.docx"]
    assert scene.camp.circle(1).stage is Stage.DONE


async def test_a_stage_is_one_new_message_and_the_old_screen_loses_its_buttons(scene: DiscussionScene) -> None:
    _, (leader, _, member) = await announced(scene)
    before = len(scene.texts(member))

    await leader.press("Begin")

    assert len(scene.texts(member)) == before + 1
    assert scene.texts(member)[-2].endswith("↓ It goes on below.")
    assert "everybody writes" in member.last


async def test_the_leader_s_own_screen_changes_in_place(scene: DiscussionScene) -> None:
    _, (leader, _, _) = await announced(scene)
    before = len(leader.chat)

    await leader.press("Begin")
    await leader.press("Refresh")

    assert len(leader.chat) == before


async def test_what_is_typed_after_the_group_went_on_is_said_to_be_too_late_and_ends_the_dialogue(
    scene: DiscussionScene,
) -> None:
    _, (leader, _, member) = await announced(scene)
    await leader.press("Begin")
    await member.press("✍️ 1")
    await member.say("In time")
    await leader.press("Go on: number")
    await leader.press("Yes, go on")

    said = await member.say("Too late")

    assert "I can no longer take this" in said[0]["text"]
    assert "number and put together" in member.last
    assert [note.text for note in scene.camp.notes()] == ["In time"]
    assert "I did not understand" in (await member.say("Hello?"))[0]["text"]


@pytest.mark.parametrize("text", ["长" * 4096, "😀", "<b>x</b> & y", "\n".join("- " + "y" * 20 for _ in range(3))])
async def test_anything_may_be_typed_and_is_answered(scene: DiscussionScene, text: str) -> None:
    _, (leader, _, _) = await announced(scene)
    await leader.press("Begin")
    await leader.press("✍️ 1")

    said = await leader.say(text)

    assert said
    assert all("something went wrong" not in (one.get("text") or "").lower() for one in said)
    shown = {4096: "longer than 500 characters"}.get(len(text), "Send me your points")
    assert shown in leader.last


async def test_what_is_no_text_where_words_are_wanted_is_answered(scene: DiscussionScene) -> None:
    _, (leader, _, _) = await announced(scene)
    await leader.press("Begin")
    await leader.press("✍️ 1")

    scene.house.sandbox.send_contact(leader.id)
    await scene.house.settle()

    assert "I need words for this" in leader.last


async def test_old_buttons_and_buttons_of_others_have_no_effect_and_say_so(scene: DiscussionScene) -> None:
    _, (leader, recorder, member) = await announced(scene)
    other = await scene.phone(scene.camp.speakers(2)[0].telegram_id)
    group, discussion = scene.camp.circle(1).id, scene.camp.discussion
    await leader.press("Begin")

    said = {
        "stale": await scene.forge(leader, f"talk:go:{group}:0"),
        "member drives": await scene.forge(member, f"talk:go:{group}:1"),
        "other group": await scene.forge(other, f"talk:write:{group}:{scene.camp.question()}"),
        "no such group": await scene.forge(member, "talk:here:99999"),
        "tampered": await scene.forge(member, "talk:vote:1:x:0"),
        "huge": await scene.forge(member, f"talk:here:{'9' * 30}"),
        "trainee at the desk": await scene.forge(member, f"talk:told:{discussion}"),
        "recorder too early": await scene.forge(recorder, f"talk:confirm:{group}:0"),
    }

    assert said == {
        "stale": "Your group has already gone on.",
        "member drives": "Only the leader of this group or a coordinator can do that.",
        "other group": EN.plain(
            "This belongs to another group. Open “Group discussion” on your first screen to see yours."
        ),
        "no such group": "This no longer exists. Send /start to see what is current.",
        "tampered": "This no longer exists. Send /start to see what is current.",
        "huge": "This no longer exists. Send /start to see what is current.",
        "trainee at the desk": "Only a coordinator of this camp can do that.",
        "recorder too early": EN.plain(
            "Your group is no longer at this step. Open “Group discussion” to see where it stands."
        ),
    }
    assert scene.camp.circle(1).stage is Stage.WRITING


async def test_an_auditor_looks_and_changes_nothing(scene: DiscussionScene) -> None:
    scene.camp.create(announce=False)
    auditor = await scene.phone(AUDITOR)
    discussion, group = scene.camp.discussion, scene.camp.circle(1).id
    person = scene.camp.trainees[0].person_id

    assert await scene.forge(auditor, f"talk:sheet:{discussion}") == ""
    assert "a draft" in auditor.last
    refused = [
        await scene.forge(auditor, data)
        for data in (
            f"talk:draw:{discussion}",
            f"talk:told:{discussion}",
            f"talk:by:{discussion}:count:4",
            f"talk:move:{person}:{group}",
            f"talk:deleted:{discussion}",
        )
    ]
    assert set(refused) == {"Only a coordinator of this camp can do that."}


async def test_the_coordinator_hears_once_that_a_leader_is_missing_and_names_another(scene: DiscussionScene) -> None:
    coordinator, (_, recorder, member) = await announced(scene)
    await member.press("Our leader is not here")
    await recorder.press("Our leader is not here")

    assert sum("its leader is not there" in text for text in scene.texts(coordinator)) == 1
    await coordinator.press("Open the group")
    await coordinator.press(scene.camp.speakers(1)[2].name)
    await coordinator.press("Let them lead")

    assert "You lead your group from now on." in member.last
    await member.press("Open the discussion")
    await member.press("Begin")
    assert scene.camp.circle(1).stage is Stage.WRITING


async def test_a_change_of_the_minutes_after_a_confirmation_asks_again(scene: DiscussionScene) -> None:
    scene.camp.create()
    scene.camp.bring_to(Stage.MINUTES)
    leader, recorder = await scene.phones(scene.camp.speakers(1)[:2])
    for phone in (leader, recorder):
        await phone.press("Group discussion")
        await phone.press("📝 The minutes")
    await leader.press("I confirm")
    await recorder.press("✏️ 1")
    await recorder.press("Word it anew")
    await recorder.say("Point one, better said")

    assert "changed after you had confirmed" in leader.last
    await leader.press("📝 The minutes")
    assert "Point one, better said" in leader.last
    assert "I confirm" in " ".join(leader.labels)


async def test_an_outdated_confirmation_confirms_nothing(scene: DiscussionScene) -> None:
    scene.camp.create()
    scene.camp.bring_to(Stage.MINUTES)
    (leader,) = await scene.phones(scene.camp.speakers(1)[:1])

    said = await scene.forge(leader, f"talk:confirm:{scene.camp.circle(1).id}:0")

    assert said == "The minutes have changed meanwhile. Please read them again before you confirm."


async def test_a_latecomer_finds_the_way_in_and_writes_at_once(scene: DiscussionScene) -> None:
    scene.camp.create()
    scene.camp.go(Stage.GATHERING, 1)
    scene.camp.go(Stage.GATHERING, 2)
    late = scene.camp.add_trainee(40)
    phone = await scene.phone(late.telegram_id)

    await phone.press("Group discussion")
    await phone.press("Join")
    await phone.press("✍️ 1")
    await phone.say("Better late")

    assert "Better late" in phone.last
    assert sorted(len(circle.members) for circle in scene.camp.circles) == [3, 4]


async def test_the_dialogue_goes_on_after_the_bot_was_restarted(scene: DiscussionScene) -> None:
    _, (leader, _, member) = await announced(scene)
    await leader.press("Begin")
    await member.press("✍️ 1")
    scene.house.application.dialogues.load(scene.house.take(lambda turn: turn.session), (), scene.house.clock.now())

    await member.say("Still here")

    assert [note.text for note in scene.camp.notes()] == ["Still here"]


async def test_start_leaves_the_dialogue_and_everything_is_found_again(scene: DiscussionScene) -> None:
    _, (leader, _, member) = await announced(scene)
    await leader.press("Begin")
    await member.press("✍️ 1")
    await member.say("Kept")
    await member.say("/start")

    await member.press("Group discussion")

    assert "You have written 1 point." in member.last


async def test_seventy_seven_people_in_eight_groups_press_and_write_at_once(house: TestHouse) -> None:
    scene = build_discussion_scene(house, trainees=77)
    camp, sandbox = scene.camp, house.sandbox
    camp.create(amount=8, questions=("One question?",))
    for number in range(1, 9):
        camp.go(Stage.GATHERING, number)
    groups = {member.person_id: circle.id for circle in camp.circles for member in circle.members}
    for one in camp.trainees:
        sandbox.add_person(one.name, language_code="en", person_id=one.telegram_id)
        sandbox.say(one.telegram_id, "/start")
    await house.settle()
    for one in camp.trainees:
        data = f"talk:write:{groups[one.person_id]}:{camp.question()}"
        house.take(lambda turn, one=one, data=data: turn.send(one.telegram_id, forged(data)))  # type: ignore[misc]
    await house.settle()

    pressed = [house.find_button(one.telegram_id, "forged") for one in camp.trainees]
    await scene.together(
        *(
            lambda one=one, at=at: sandbox.press(one.telegram_id, *at)
            for one, at in zip(camp.trainees, pressed, strict=True)
        )
    )
    await scene.together(
        *(lambda one=one: sandbox.say(one.telegram_id, f"Point of {one.person_id}") for one in camp.trainees)
    )

    written = {note.person_id: note.group_id for number in range(1, 9) for note in camp.notes(number)}
    assert written == groups
    assert sum(len(camp.notes(number)) for number in range(1, 9)) == 77
