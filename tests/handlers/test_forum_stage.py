import pytest

from bot.buttons import pack
from bot.forum import questions
from bot.forum.models import CallStatus
from bot.forum.pools import CALL, SIGNUP
from bot.forum.stage_models import RoomQuestion
from bot.inbox.models import Inbox
from bot.outbox.models import Outbox
from bot.people.service import PERSON
from tests.support.camp import forge_press
from tests.support.house import Person, TestHouse, buttons_of
from tests.support.seats_scene import COORDINATOR, FIRST_TRAINEE, STARTS
from tests.support.stage_scene import AUDITOR, LISTENER, MINUTE, STRANGER, TEACHER, StageScene, build_stage_scene

pytestmark = pytest.mark.anyio
INBOX, OUTBOX = Inbox.__table__, Outbox.__table__  # type: ignore[attr-defined]
QUESTION = RoomQuestion.__table__  # type: ignore[attr-defined]


@pytest.fixture
async def scene(house: TestHouse) -> StageScene:
    made = build_stage_scene(house)
    for number in range(4):
        await made.trainee(number)
    return made


async def panel(scene: StageScene, account: int = COORDINATOR) -> Person:
    """The stage, open, on somebody's phone."""
    moderator = await scene.phone(account)
    await scene.show(moderator, pack("stage", "panel", scene.stage.call_id))
    await moderator.press("Open the stage")
    return moderator


def shown(person: Person, start: str) -> str:
    """The newest message that begins so, as it stands now."""
    said = [message["text"] for message in person.chat if message["from"]["is_bot"] and "text" in message]
    return str(next(text for text in reversed(said) if text.startswith(start)))


def labels_under(person: Person, start: str) -> list[str]:
    message = next(one for one in reversed(person.chat) if one.get("text", "").startswith(start))
    return [button["text"] for button in buttons_of(message)]


async def test_a_forum_is_kept_from_the_first_press_to_the_last(scene: StageScene) -> None:
    boss = await panel(scene)
    assert "Nobody is on stage" in shown(boss, "🎬")
    scene.house.clock.at = STARTS
    await boss.press("▶ Next: Opening")
    scene.house.clock.at = STARTS + 5 * MINUTE
    await boss.press("▶ Next: 学员0")

    speaker = await scene.trainee(0)
    assert "You are on. 10 minutes, until 14:15." in speaker.last
    assert "🎤 学员0 (East Street)\n«Doors that open»\n⏱ 10 minutes left (14:05–14:15)" in shown(boss, "🎬")
    scene.house.clock.at = STARTS + 18 * MINUTE
    await boss.press("🔄 Refresh")
    assert "🔴 3 minutes over (14:05–14:15)" in shown(boss, "🎬")
    assert "14:18 学员1" in shown(boss, "🎬")
    await boss.press("⏹ End the forum")
    assert "2 items have not been called up" in shown(boss, "End the forum?")
    await boss.press("⏹ End the forum")
    assert "The forum is over" in shown(boss, "🎬")


async def test_quiet_signals_come_once_and_without_a_sound(scene: StageScene) -> None:
    boss = await panel(scene)
    scene.house.clock.at = STARTS
    await boss.press("▶ Next")
    scene.house.clock.at = STARTS + 5 * MINUTE
    await boss.press("▶ Next")
    speaker = await scene.trainee(0)

    for second in range(0, 700, 20):
        await scene.tick(STARTS + 5 * MINUTE + second * MINUTE / 60)

    said = scene.said(speaker)
    assert (said.count("⏳ 2 minutes left."), said.count("⏰ Time. Please come to an end.")) == (1, 1)
    assert scene.said(boss).count("⏰ Time: 学员0 · Doors that open") == 1
    silent = scene.house.read(
        lambda s: s.connection().execute(OUTBOX.select().where(OUTBOX.c.key.like("stage:warning:%"))).all()
    )
    assert len(silent) == 2
    assert all('"disable_notification":true' in row.payload for row in silent)
    assert "🔴 1 minute over" in shown(boss, "🎬")


@pytest.mark.parametrize("label", ["❓", "📋 Running order", "⏹ End the forum", "🚫", "« Forum"])
async def test_the_clock_never_overwrites_what_the_moderator_went_on_to(scene: StageScene, label: str) -> None:
    boss = await panel(scene)
    scene.house.clock.at = STARTS
    await boss.press("▶ Next")
    await boss.press("▶ Next")
    await boss.press(label)
    before = {message["message_id"]: message["text"] for message in boss.chat if message["from"]["is_bot"]}

    for minutes in (8, 10, 11, 12, 13):
        await scene.tick(STARTS + minutes * MINUTE)

    after = {message["message_id"]: message["text"] for message in boss.chat if message["from"]["is_bot"]}
    assert {number: after[number] for number in before} == before
    assert any("⏰ Time" in text for text in after.values()), "the signal itself still comes"


async def test_a_teacher_goes_back_to_the_stages_and_a_coordinator_to_the_forum(scene: StageScene) -> None:
    teacher = await panel(scene, TEACHER)
    await teacher.press("« Forum")
    boss = await scene.phone(COORDINATOR)
    await scene.show(boss, pack("stage", "desk", scene.stage.call_id))

    assert "Stage: which forum?" in teacher.last
    assert "📎 Slides" in boss.labels


async def test_a_press_on_an_old_screen_changes_nothing(scene: StageScene) -> None:
    boss = await panel(scene)
    message_id, data = scene.house.find_button(COORDINATOR, "▶ Next")

    await boss.press_data(message_id, data)
    await forge_press(scene.house, COORDINATOR, message_id, data)

    assert "old screen" in scene.toast()
    assert [line[2] for line in scene.stage.lines()] == ["on", "later", "later", "later"]


async def test_a_teacher_finds_the_stage_on_the_screen_of_the_camp(scene: StageScene) -> None:
    teacher = await scene.phone(TEACHER)

    await teacher.say("/start")
    await teacher.press("🎬 Stage")
    await teacher.press("What holds a street")

    assert "The stage has not been opened." in teacher.last


async def test_a_trainee_finds_the_forum_on_the_first_screen_while_it_goes_on(scene: StageScene) -> None:
    listener = await scene.trainee(LISTENER)
    await listener.say("/start")
    assert "🎬 Forum now" not in listener.labels
    boss = await panel(scene)
    await boss.press("▶ Next")

    await listener.say("/start")
    await listener.press("🎬 Forum now")

    assert "▶ Opening" in listener.last
    assert "❓ Ask a question" in listener.labels


async def test_a_speaker_who_is_not_there_is_replaced_by_the_reserve(scene: StageScene) -> None:
    boss = await panel(scene)
    await boss.press("▶ Next")
    await boss.press("🚫 学员0 is not there")
    assert "First on the reserve list: 学员3 (East Street)." in shown(boss, "学员0")

    await boss.press("🙋 学员3 takes the place")

    assert "▶ Next: 学员3" in labels_under(boss, "🎬")
    assert "You speak now" in (await scene.trainee(3)).last
    assert "were not there" in (await scene.trainee(0)).last


async def test_the_way_from_a_question_to_the_list_leaves_no_name_anywhere(scene: StageScene) -> None:
    boss = await panel(scene)
    listener = await scene.trainee(LISTENER)
    await scene.show(listener, pack("stage", "now", scene.stage.call_id))
    await listener.press("❓ Ask a question")
    assert "You can ask 5 more questions here." in listener.last
    await listener.say("Who pays for <b>peculiar</b> trees?")
    assert "without your name" in listener.last

    await scene.tick()
    assert "❓ Questions (1)" in labels_under(boss, "🎬")
    await boss.press("❓ Questions (1)")

    assert "🆕 1. Who pays for <b>peculiar</b> trees?" in shown(boss, "❓")
    assert "学员5" not in shown(boss, "❓")
    await boss.press("📢 1 show")
    await boss.press("🔄 Refresh")
    await boss.press("« Stage")
    assert [row.seq for row in scene.stage.rows(INBOX) if "peculiar" in (row.body or "")] == []
    assert [row.id for row in scene.stage.rows(OUTBOX) if "peculiar" in row.payload] == []


async def test_a_question_is_shown_hidden_and_ticked_off(scene: StageScene) -> None:
    boss = await panel(scene)
    listener = await scene.trainee(LISTENER)
    await scene.show(listener, pack("stage", "ask", scene.stage.call_id))
    await listener.say("Why?")
    await boss.press("🔄 Refresh")
    await boss.press("❓ Questions (1)")

    await boss.press("📢 1 show")
    assert "📢 1. Why?" in shown(boss, "❓")
    await boss.press("✔ 1 answered")
    assert "✔ 1. Why?" in shown(boss, "❓")

    assert [row.status for row in scene.stage.rows(QUESTION)] == ["answered"]


async def test_a_stranger_asks_by_the_code_on_the_projector_and_by_nothing_else(scene: StageScene) -> None:
    await panel(scene)
    boss = await scene.phone(COORDINATOR)
    await boss.press("🖥 Projector page")
    payload = scene.house.write(lambda s: questions.payload_for(s, scene.stage.call_id))
    stranger = scene.house.person(STRANGER, "Gu")

    await stranger.say(f"/start {payload}")
    assert "Your question" in stranger.last
    await stranger.say("May a visitor ask?")
    assert "with the moderator" in stranger.last
    await stranger.say(f"/start {payload[:-1]}{'1' if payload.endswith('0') else '0'}")
    assert "no longer exists" in stranger.last
    await scene.show(stranger, pack("stage", "ask", scene.stage.call_id))
    assert "Only those who take part" in scene.toast()

    assert [row.text for row in scene.stage.rows(QUESTION)] == ["May a visitor ask?"]


@pytest.mark.parametrize("text", ["x" * 301, "x" * 4096, "​"])
async def test_a_question_that_does_not_fit_is_asked_for_again(scene: StageScene, text: str) -> None:
    await panel(scene)
    listener = await scene.trainee(LISTENER)
    await scene.show(listener, pack("stage", "ask", scene.stage.call_id))

    await listener.say(text)
    await listener.say("Short enough")

    assert [row.text for row in scene.stage.rows(QUESTION)] == ["Short enough"]


async def test_a_photo_is_no_question(scene: StageScene) -> None:
    await panel(scene)
    listener = await scene.trainee(LISTENER)
    await scene.show(listener, pack("stage", "ask", scene.stage.call_id))

    await listener.send_file("photo.png", b"\x89PNG")

    assert "as text" in listener.last


async def test_the_room_says_how_it_was_in_two_taps_and_a_sentence(scene: StageScene) -> None:
    scene.stage.hold()
    await scene.tick(STARTS + 45 * MINUTE)
    speaker = await scene.trainee(0)
    assert sum("Thank you for being there" in text for text in scene.said(speaker)) == 1

    await speaker.press("Say how it was")
    assert speaker.labels == ["学员1 · A yard for everybody", "学员2 · Who waters the trees"]
    await speaker.press("学员1")
    await speaker.press("4")
    await speaker.press("5")
    await speaker.press("A sentence for the speaker")
    await speaker.say("A peculiarly good talk")
    await speaker.press("« Other talks")

    assert speaker.labels[0] == "✔ 学员1 · A yard for everybody"
    held = [row for row in scene.stage.rows(INBOX) if "peculiarly" in (row.body or "")]
    taps = [row for row in scene.stage.rows(INBOX) if "stage:clear" in (row.body or "").replace('"reply_markup"', "")]
    assert held == []
    assert [row.seq for row in taps if '"data":"stage:clear' in row.body and '"callback_query"' in row.body] == []


async def test_the_room_is_asked_once_whatever_is_restarted(scene: StageScene) -> None:
    scene.stage.hold()

    for _ in range(3):
        await scene.tick(STARTS + 45 * MINUTE)

    for number in range(3):
        assert sum("Thank you for being there" in text for text in scene.said(await scene.trainee(number))) == 1


async def test_staff_and_the_speaker_see_what_the_room_said_from_five_answers_up(scene: StageScene) -> None:
    scene.stage.hold()
    scene.house.clock.at = STARTS + 45 * MINUTE
    slot, boss, call = scene.stage.slot(1), await scene.phone(COORDINATOR), scene.stage.call_id
    for number in range(1, 6):
        if number == 5:
            await scene.show(boss, pack("stage", "results", call))
            assert "fewer than five answers" in boss.last
        person = await scene.trainee(number)
        await scene.show(person, pack("stage", "clear", slot, 4))
        await scene.show(person, pack("stage", "useful", slot, 5))
    await scene.show(boss, pack("stage", "results", call))
    speaker = await scene.trainee(0)

    await scene.tick(STARTS + 45 * MINUTE + 21 * 60 * MINUTE)

    assert "clear 4.0 of 5 (5 answers) · useful 5.0 of 5 (5 answers)" in boss.last
    assert "What the room said about your talk" in speaker.last
    assert "clear 4.0 of 5 (5 answers)" in speaker.last
    assert "What the room said" not in (await scene.trainee(1)).last


async def test_slides_are_sent_kept_chased_and_handed_over(scene: StageScene) -> None:
    boss, call = await scene.phone(COORDINATOR), scene.stage.call_id
    speaker = await scene.trainee(0)
    await scene.show(speaker, pack("stage", "send", scene.stage.camp.signup(0)))
    await speaker.say("no file yet")
    assert "as a file" in speaker.last
    await speaker.send_file("talk.pptx", b"slides")
    assert "talk.pptx is with the coordinator" in speaker.last

    await scene.show(boss, pack("stage", "slides", call))
    assert "✔ Here (1)\n1. 学员0 · talk.pptx" in boss.last
    assert "⏳ Still to come (2)\n2. 学员1\n3. 学员2" in boss.last
    await boss.press("🔔 Ask those still to come (2)")
    assert scene.toast() == "2 speakers are asked."
    assert "Your slides are still missing" in (await scene.trainee(1)).last
    await boss.press("🔔 Ask those still to come (2)")
    assert scene.toast() == "0 speakers are asked. Asked within the last half hour: 2."
    await (await scene.trainee(1)).press("I speak without slides")
    await boss.press("📥 Send me all slides (1)")

    assert boss.chat[-1]["document"]["file_name"] == "talk.pptx"
    assert boss.chat[-1]["caption"] == "1. 学员0 · Doors that open"


async def test_a_file_too_large_for_a_bot_is_copied_from_chat_to_chat(scene: StageScene) -> None:
    boss, speaker = await scene.phone(COORDINATOR), await scene.trainee(0)
    await scene.show(speaker, pack("stage", "send", scene.stage.camp.signup(0)))
    await speaker.send_file("film.mp4", b"film")
    scene.stage.camp.change(SIGNUP, slides_size=60 * 1024 * 1024)
    await scene.show(boss, pack("stage", "slides", scene.stage.call_id))

    await boss.press("📥 Send me all slides (1)")

    assert boss.chat[-1]["document"]["file_name"] == "film.mp4"
    assert boss.chat[-2]["text"] == "1. 学员0 · Doors that open"
    methods = [row.method for row in scene.stage.rows(OUTBOX)]
    assert methods.count("copyMessage") == 1


async def test_the_order_is_changed_with_buttons_and_printed(scene: StageScene) -> None:
    boss = await scene.phone(COORDINATOR)
    await scene.tick()
    await scene.show(boss, pack("stage", "order", scene.stage.call_id))
    await boss.press("2 学员1")
    await boss.press("▲ Earlier")
    await boss.press("+5")
    await boss.press("15 min …")
    await boss.say("twelve")
    assert "a number of minutes from 1 to 240" in boss.last
    await boss.say("12")
    assert "👉 14:10 1. 学员1 · A yard for everybody 12 min" in boss.last
    await boss.press("↕ Put before …")
    await boss.press("To the end")
    await boss.press("« Running order")
    await boss.press("➕ Other …")
    await boss.say("Group photo")
    assert "👉 14:42 Group photo 10 min" in boss.last
    await boss.press("« Running order")
    await boss.press("🖨 To print")

    assert boss.chat[-1]["document"]["mime_type"] == "application/pdf"
    assert [line[:2] for line in scene.stage.lines()] == [
        ("14:00", "Opening"),
        ("14:10", "学员0"),
        ("14:20", "学员2"),
        ("14:30", "学员1"),
        ("14:42", "Group photo"),
    ]


async def test_two_presses_of_the_same_arrow_move_by_one(scene: StageScene) -> None:
    boss = await scene.phone(COORDINATOR)
    await scene.show(boss, pack("stage", "item", scene.stage.slot(1)))
    message_id, data = scene.house.find_button(COORDINATOR, "▼ Later")

    await boss.press_data(message_id, data)
    await forge_press(scene.house, COORDINATOR, message_id, data)

    assert "changed meanwhile" in scene.toast()
    assert [line[1] for line in scene.stage.lines()] == ["Opening", "学员1", "学员0", "学员2"]


async def test_speakers_are_told_of_a_new_order_at_the_press_of_a_button(scene: StageScene) -> None:
    boss = await scene.phone(COORDINATOR)
    await scene.tick()
    await scene.show(boss, pack("stage", "item", scene.stage.slot(1)))
    await boss.press("▼ Later")
    await boss.press("« Running order")
    assert "2 speakers begin at another time" in boss.last

    await boss.press("🔔 Tell the speakers now")

    assert scene.toast() == "2 speakers are told."
    first = await scene.trainee(0)
    assert "Your talk begins at another time: Wed, Dec 9 14:20.\nSo far it was 14:10." in first.last
    await scene.tick(STARTS - 30 * MINUTE)
    assert sum("begins at another time" in text for text in scene.said(first)) == 1


async def test_reminders_reach_the_speaker_with_what_is_missing(scene: StageScene) -> None:
    speaker = await scene.trainee(0)
    await scene.tick(STARTS - 23 * 60 * MINUTE)
    assert "Your talk is coming up: Wed, Dec 9 14:10." in speaker.last
    assert "Your slides are not here yet." in speaker.last
    assert "📎 Send slides" in speaker.labels

    await scene.tick(STARTS - 20 * MINUTE)
    assert "You speak in 30 minutes, at 14:10." in speaker.last
    await scene.tick(STARTS + 5 * MINUTE)
    assert "You speak in 5 minutes, at 14:10." in speaker.last


@pytest.mark.parametrize("account", [AUDITOR, FIRST_TRAINEE, STRANGER])
@pytest.mark.parametrize(
    "action", ["open", "next", "end", "endnow", "absent", "questions", "projector", "tell", "chase"]
)
async def test_a_button_that_was_passed_on_does_nothing(scene: StageScene, account: int, action: str) -> None:
    ids = {"next": (0,), "absent": (scene.stage.slot(1),), "questions": (0,)}.get(action, ())
    person = await scene.phone(account)

    await scene.show(person, pack("stage", action, scene.stage.call_id, *ids))

    assert "Only a coordinator" in scene.toast()
    assert scene.stage.order().stage is None


@pytest.mark.parametrize("data", ["stage:panel:9999", "stage:item:9999", "stage:judge:9999:0:0", "stage:judge:1:7:0",
                                  "stage:panel:x", "stage:next:1", "stage:send:9999", "stage:say:9999"])  # fmt: skip
async def test_a_button_of_something_that_is_gone_says_so(scene: StageScene, data: str) -> None:
    boss = await scene.phone(COORDINATOR)

    await scene.show(boss, data)

    assert "no longer exists" in scene.toast()


async def test_a_cancelled_forum_says_so(scene: StageScene) -> None:
    boss = await scene.phone(COORDINATOR)
    scene.stage.camp.change(CALL, status=CallStatus.CANCELLED)

    await scene.show(boss, pack("stage", "panel", scene.stage.call_id))

    assert scene.toast() == "This forum has been cancelled."


async def test_the_same_day_in_chinese(scene: StageScene) -> None:
    scene.stage.camp.change(PERSON, language="zh")
    boss, speaker = await scene.phone(COORDINATOR), await scene.trainee(0)
    await scene.show(boss, pack("stage", "panel", scene.stage.call_id))
    await boss.press("开始主持")
    scene.house.clock.at = STARTS
    await boss.press("下一位：Opening")
    await boss.press("下一位：学员0")

    assert "请您发言，10 分钟，到 14:10。" in speaker.last
    assert "🎤 学员0（East Street）\n《Doors that open》\n⏱ 还有 10 分钟（14:00–14:10）" in shown(boss, "🎬")
    await scene.tick(STARTS + 8 * MINUTE)
    assert speaker.last == "⏳ 还剩 2 分钟。"
