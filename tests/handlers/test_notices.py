import io
import json
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text, update
from sqlmodel import select

from bot.notices.models import Room
from bot.people import service as people
from bot.people.models import Membership, Role
from bot.people.models import Person as PersonRow
from bot.preferences import rules as quiet
from bot.preferences import service as preferences
from tests.support.checkin_camp import COORDINATOR, FIRST_TRAINEE, START
from tests.support.house import Person, TestHouse, buttons_of
from tests.support.notice_scene import NoticeScene, build_notice_scene

pytestmark = pytest.mark.anyio

COLLEAGUE = 801
FOR_COORDINATORS = ("list:1:0", "show:1", "send:1", "new:1", "people:1:sent:0", "table:1", "recalled:1", "correct:1")
POLL = {
    "id": "77",
    "question": "Which bus <will> you take?",
    "options": [
        {"text": "8:10 south", "voter_count": 0, "persistent_id": "a"},
        {"text": "8:30 east", "voter_count": 0, "persistent_id": "b"},
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


def colleague(scene: NoticeScene) -> Person:
    """A second coordinator of the same camp."""

    def join(session: object) -> None:
        camp, now = scene.scene.camp, scene.house.clock.at
        office = people.open_organisation(session, "office")  # type: ignore[arg-type]
        person = PersonRow(
            organisation_id=office.id or 0, name="王老师", telegram_id=COLLEAGUE, language="en", linked_at=now
        )
        session.add(person)  # type: ignore[attr-defined]
        session.flush()  # type: ignore[attr-defined]
        membership = Membership(cohort_id=camp.cohort, person_id=person.id or 0, role=Role.COORDINATOR, joined_at=now)
        session.add(membership)  # type: ignore[attr-defined]

    scene.house.write(join)
    return scene.house.person(COLLEAGUE, "Wang")


def labels(person: Person) -> list[str]:
    """The labels under the newest message of the bot."""
    newest = next(message for message in reversed(person.chat) if message["from"]["is_bot"])
    return [button["text"] for button in buttons_of(newest)]


def rest(scene: NoticeScene, number: int, starts: int, ends: int) -> None:
    """Give a trainee quiet hours, in minutes after midnight."""
    person_id = scene.scene.camp.trainees[number].person_id
    hours = quiet.QuietHours(starts, ends)
    scene.house.write(lambda s: preferences.set_quiet_hours(s, person_id=person_id, hours=hours))


async def test_a_notice_reaches_every_trainee_as_it_was_written(scene: NoticeScene) -> None:
    await scene.send("Bring your ID card tomorrow.")

    assert [scene.trainee(number).last for number in range(3)] == ["Bring your ID card tomorrow."] * 3
    assert set(scene.states().values()) == {"sent"}


async def test_fields_are_filled_in_for_each_person(scene: NoticeScene) -> None:
    await scene.send("{name} of {group}: next is {next activity}")

    assert scene.trainee(0).last == "学员00 of 第1组: next is 12-07 12:00 Site visit"
    assert scene.trainee(1).last == "学员01 of 第2组: next is 12-07 12:00 Site visit"


async def test_a_field_that_stays_empty_is_shown_before(scene: NoticeScene) -> None:
    coordinator = await scene.write("Hello {unit}, {nonsense}")

    assert "The field “unit” stays empty for 3 people: 学员00, 学员01, 学员02" in coordinator.last
    assert "“{nonsense}” is no field and stays as it is." in coordinator.last


async def test_a_text_that_overflows_once_filled_is_not_sent(scene: NoticeScene) -> None:
    coordinator = await scene.write("x" * 4090 + "{group}{name}")

    assert "the text would have 4097 characters; Telegram takes 4096" in coordinator.last
    assert not any("Send" in label for label in labels(coordinator))
    await scene.scene.forge(coordinator, "notices:send:1")
    assert scene.scene.toast() == "This notice cannot be sent as it is. Please look at the points on its screen."
    assert scene.states() == {}


async def test_formatting_is_kept_and_markup_typed_by_hand_is_not(scene: NoticeScene) -> None:
    await scene.send("1 < 2 & <b>not bold</b> https://example.org")

    assert scene.trainee().last == "1 < 2 & <b>not bold</b> https://example.org"


async def test_who_has_read_it_is_known_and_the_others_can_be_reminded(scene: NoticeScene) -> None:
    coordinator = await scene.write("Room 305 today.")
    await coordinator.press("I have read it")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    await scene.trainee(1).press("I have read it")
    await scene.trainee(1).press("✅ Read")
    await coordinator.press("Refresh")
    await coordinator.press("Remind the others")

    assert labels(scene.trainee(1))[0].startswith("✅ Read 09:00")
    assert "👥 2 people get it" in coordinator.last
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()
    assert scene.states(2) == {"学员00": "sent", "学员02": "sent"}


async def test_a_poll_becomes_a_question_that_each_answers_by_a_button(scene: NoticeScene) -> None:
    coordinator = await scene.open()
    await coordinator.press("New notice")
    scene.house.sandbox._send(COORDINATOR, {"poll": POLL}, None, None)  # noqa: SLF001
    await scene.house.settle()
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    await scene.trainee(0).press("8:30 east")
    await scene.trainee(0).press("Change my answer")
    await scene.trainee(0).press("8:10 south")
    await coordinator.press("Refresh")

    assert scene.trainee(2).last == "Which bus <will> you take?"
    assert labels(scene.trainee(0))[0] == "✅ Your answer: 8:10 south"
    assert "❓ answered: 1\n8:10 south · 1\n8:30 east · 0" in coordinator.last


async def test_the_audience_is_narrowed_by_group_with_the_count_while_choosing(scene: NoticeScene) -> None:
    coordinator = await scene.write("Group one only.")

    await coordinator.press("Audience")
    await coordinator.press("Groups")
    await coordinator.press("第1组")
    assert "👥 1 person gets it." in coordinator.last
    await coordinator.press("第3组")
    assert "👥 2 people get it." in coordinator.last
    await coordinator.press("« Audience")
    await coordinator.press("« Back")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    assert scene.states() == {"学员00": "sent", "学员02": "sent"}


async def test_those_who_have_not_checked_in_can_be_asked_for(scene: NoticeScene) -> None:
    camp = scene.scene.camp
    camp.open()
    camp.type(camp.code(START), START)
    coordinator = await scene.write("The lecture has begun, where are you?")

    await coordinator.press("Audience")
    await coordinator.press("Not checked in to")
    await coordinator.press("社区治理")

    assert "👥 2 people get it." in coordinator.last


async def test_criteria_of_two_kinds_must_both_hold(scene: NoticeScene) -> None:
    camp = scene.scene.camp
    camp.open()
    camp.type(camp.code(START), START)
    coordinator = await scene.write("Where are you?")
    await coordinator.press("Audience")
    await coordinator.press("Not checked in to")
    await coordinator.press("社区治理")
    await coordinator.press("« Audience")
    await coordinator.press("Groups")
    await coordinator.press("第1组")

    assert "👥 0 people get it." in coordinator.last
    assert "All of these must be true of a person." in coordinator.last


async def test_whoever_has_no_account_is_on_the_phone_list(scene: NoticeScene) -> None:
    gone = scene.scene.camp.trainees[2].person_id
    scene.house.write(
        lambda s: s.execute(update(PersonRow).where(PersonRow.id == gone).values(telegram_id=None, phone="13800000009"))  # type: ignore[arg-type]
    )
    coordinator = scene.coordinator
    for number in range(2):
        await scene.trainee(number).say("/start")
    await coordinator.say("/notices")
    await coordinator.press("New notice")
    await coordinator.say("Hello")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    await coordinator.press("Lists")
    await coordinator.press("phone list")

    assert "第3组 · 学员02 · 13800000009 · not linked" in coordinator.last


async def test_a_paused_notice_sends_nothing_until_it_goes_on(scene: NoticeScene) -> None:
    coordinator = await scene.write("Later perhaps.")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await coordinator.press("⏸ Pause")
    await scene.pass_by()
    assert set(scene.states().values()) == {"waiting"}

    await coordinator.press("Go on")
    await scene.pass_by()

    assert set(scene.states().values()) == {"sent"}


async def test_a_cancelled_notice_keeps_the_honest_state_of_each_copy(scene: NoticeScene) -> None:
    rest(scene, 1, 0, 23 * 60)
    coordinator = await scene.write("Not for all.")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by(times=1)

    await coordinator.press("Cancel the rest")
    await scene.pass_by()

    assert scene.states() == {"学员00": "sent", "学员01": "cancelled", "学员02": "sent"}
    assert "Notice cancelled" in coordinator.last


async def test_quiet_hours_hold_an_ordinary_notice_and_not_an_urgent_one(scene: NoticeScene) -> None:
    rest(scene, 0, 8 * 60, 10 * 60)
    coordinator = await scene.write("Ordinary.")
    assert "🌙 1 of them is in quiet hours and gets it afterwards." in coordinator.last
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()
    assert scene.states()["学员00"] == "waiting"

    await scene.pass_by(seconds=3600, times=2)
    assert scene.states()["学员00"] == "sent"

    scene.house.clock.at = START
    await coordinator.say("/notices")
    await coordinator.press("New notice")
    await coordinator.say("The bus leaves now!")
    await coordinator.press("Urgent: no")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()
    assert scene.states(2)["学员00"] == "sent"
    assert scene.trainee(0).last == "❗️ Urgent\n\nThe bus leaves now!"


async def test_whoever_has_paused_notices_is_spared_the_ordinary_ones(scene: NoticeScene) -> None:
    camp = scene.scene.camp
    scene.house.write(
        lambda s: preferences.pause(
            s,
            person_id=camp.trainees[0].person_id,
            cohort_id=camp.cohort,
            topic=preferences.Topic.NOTICE,
            span=preferences.Span.CAMP,
            now=START,
        )
    )

    await scene.send("Hello")

    assert scene.states() == {"学员00": "spared", "学员01": "sent", "学员02": "sent"}


async def test_a_correction_changes_the_sent_message_in_place_and_says_why(scene: NoticeScene) -> None:
    coordinator = await scene.send("The bus leaves at 8:10.")
    before = len(scene.trainee().chat)

    await coordinator.press("Correct")
    await coordinator.say("The bus leaves at 8:20.")
    await coordinator.say("wrong time")
    await scene.pass_by()

    assert len(scene.trainee().chat) == before
    assert scene.trainee().last == "The bus leaves at 8:20.\n\n✏️ Corrected: wrong time"
    assert "✏️ corrected in place: 3 (wrong time)" in coordinator.last


async def test_who_still_waits_gets_the_corrected_text_at_once(scene: NoticeScene) -> None:
    rest(scene, 0, 8 * 60, 10 * 60)
    coordinator = await scene.send("8:10")
    await coordinator.press("Correct")
    await coordinator.say("8:20")
    await coordinator.say("wrong time")
    await scene.pass_by()
    assert scene.trainee(1).last.startswith("8:20")

    await scene.pass_by(seconds=3600, times=2)

    assert [m.get("text") for m in scene.trainee(0).chat if (m.get("text") or "").startswith("8:")] == [
        "8:20\n\n✏️ Corrected: wrong time"
    ]


async def test_a_recall_deletes_what_telegram_lets_it_delete(scene: NoticeScene) -> None:
    coordinator = await scene.send("Never mind.")

    await coordinator.press("Recall")
    await coordinator.press("Yes, take it back")
    await scene.pass_by()

    assert not any(message.get("text") == "Never mind." for message in scene.trainee().chat)
    assert "🚫 taken back from: 3" in coordinator.last


async def test_a_recall_after_two_days_says_that_it_could_only_be_marked(scene: NoticeScene) -> None:
    coordinator = await scene.send("Never mind.")
    scene.house.clock.at += timedelta(hours=49)

    await coordinator.press("Recall")
    await coordinator.press("Yes, take it back")
    await scene.pass_by()

    assert scene.trainee().last == "🚫 This notice was withdrawn."
    assert "Older than 48 hours, so it could only be marked as withdrawn: 3" in coordinator.last


async def test_a_reply_reaches_the_coordinators_and_the_answer_goes_back(scene: NoticeScene) -> None:
    other = colleague(scene)
    await other.say("/start")
    coordinator = await scene.send("Bus at 8:10.")

    await scene.trainee().press("💬 Reply")
    await scene.trainee().say("May I get on at the east gate?")
    assert scene.trainee().last == "✅ Passed on to the coordinators. The answer comes here."
    assert "学员00 replied to a notice" in other.last
    await coordinator.press("↩️ Answer")
    await coordinator.say("Yes, at 8:15.")

    assert scene.trainee().last == "林老师 answers you:\n\nYes, at 8:15.".replace("林老师", "💬 林老师")
    assert "↩️ 林老师 has answered 学员00" in other.last


async def test_replying_in_telegrams_own_way_works_too(scene: NoticeScene) -> None:
    coordinator = await scene.send("Bus at 8:10.")
    number = scene.trainee().chat[-1]["message_id"]

    scene.house.sandbox.say(FIRST_TRAINEE, "I will be late", reply_to=number)
    await scene.house.settle()

    assert "I will be late" in coordinator.last


async def test_out_of_hours_a_reply_is_answered_by_the_away_line(scene: NoticeScene) -> None:
    await scene.send("Hello")
    scene.house.clock.at = START + timedelta(hours=12)

    await scene.trainee().press("💬 Reply")
    await scene.trainee().say("Anybody there?")

    assert "It is outside of office hours: somebody will read it from 08:30 on." in scene.trainee().last


async def test_the_week_that_has_had_enough_asks_for_the_reason(scene: NoticeScene) -> None:
    coordinator = await scene.open()
    await coordinator.press("Habits")
    for _ in range(4):
        await coordinator.press("fewer")
    await scene.send("First.")
    coordinator = await scene.write("Second.")
    await coordinator.press("📨 Send")
    assert not any("Yes" in label for label in labels(coordinator))

    await coordinator.press("Give the reason")
    await coordinator.say("The room has changed")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    assert scene.trainee().last == "Second."
    assert scene.notice(2).reason == "The room has changed"


async def test_two_coordinators_who_send_the_same_are_told_of_each_other(scene: NoticeScene) -> None:
    other = colleague(scene)
    await other.say("/start")
    await scene.send("The lecture is moved to room 305.")

    await other.say("/notices")
    await other.press("New notice")
    await other.say("The lecture is moved to room 305!")
    assert "⚠️ 林老师 is sending nearly the same at this moment." in other.last
    await other.press("📨 Send")
    await other.press("Yes, to")

    assert "👥 王老师 has just sent nearly the same notice as you" in scene.coordinator.last


async def test_an_album_is_closed_by_the_clock_and_its_eleventh_picture_is_a_part_of_its_own(
    scene: NoticeScene,
) -> None:
    coordinator = await scene.open()
    await coordinator.press("New notice")
    for number in range(11):
        upload = scene.house.upload(f"{number}.jpg", b"picture")
        album = "album" if number < 10 else ""
        scene.house.sandbox.send_file(COORDINATOR, upload, kind="photo", album=album, caption="Visit" * (number == 0))
    await scene.house.settle()
    await scene.pass_by()
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    photos = [message for message in scene.trainee().chat if "photo" in message]
    assert len(photos) == 11
    assert photos[0]["caption"] == "Visit"
    assert scene.states()["学员00"] == "sent"


async def test_an_album_cannot_carry_buttons_so_they_follow(scene: NoticeScene) -> None:
    coordinator = await scene.open()
    await coordinator.press("New notice")
    for number in range(2):
        upload = scene.house.upload(f"{number}.jpg", b"picture")
        scene.house.sandbox.send_file(COORDINATOR, upload, kind="photo", album="a")
    await scene.house.settle()
    await scene.pass_by(times=1)
    await coordinator.press("I have read it")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    assert scene.trainee().last == "👆 Please confirm that you have seen this."
    assert labels(scene.trainee())[0] == "✅ I have read it"
    await coordinator.press("Recall")
    await coordinator.press("Yes, take it back")
    await scene.pass_by()
    assert not any("photo" in message for message in scene.trainee().chat)


async def test_a_notice_is_scheduled_in_words_and_goes_at_its_hour(scene: NoticeScene) -> None:
    coordinator = await scene.write("Good morning.")
    await coordinator.press("⏰ Later")
    await coordinator.say("yesterday 8:00")
    assert "time" in coordinator.last
    await coordinator.say("tomorrow 8:00")
    assert "⏰ It goes on Tue, Dec 8 08:00." in coordinator.last

    scene.house.clock.at = START + timedelta(hours=22, minutes=59)
    await scene.pass_by(seconds=1, times=1)
    assert scene.states() == {}
    await scene.pass_by(seconds=60)

    assert scene.trainee().last == "Good morning."


async def test_a_repeating_notice_comes_again_until_the_camp_ends(scene: NoticeScene) -> None:
    coordinator = await scene.write("Log your day.")
    await coordinator.press("🔁 Once")
    await coordinator.press("⏰ Later")
    await coordinator.say("today 20:00")

    for _ in range(8):
        scene.house.clock.at += timedelta(days=1)
        await scene.pass_by(times=2)

    sent = [message for message in scene.trainee().chat if message.get("text") == "Log your day."]
    assert len(sent) == 5


async def test_a_scheduled_notice_of_somebody_who_lost_the_role_does_not_go(scene: NoticeScene) -> None:
    other = colleague(scene)
    await other.say("/start")
    coordinator = await scene.write("Tomorrow.")
    await coordinator.press("⏰ Later")
    await coordinator.say("tomorrow 8:00")
    left = scene.scene.camp.coordinator.person_id
    scene.house.write(
        lambda s: s.execute(update(Membership).where(Membership.person_id == left).values(left_at=START))  # type: ignore[arg-type]
    )

    scene.house.clock.at += timedelta(days=1)
    await scene.pass_by()

    assert scene.states() == {}
    assert "The scheduled notice “Tomorrow.” was not sent" in other.last


async def test_a_template_serves_another_notice(scene: NoticeScene) -> None:
    coordinator = await scene.write("Please bring {name}'s badge.")
    await coordinator.press("Keep as template")
    await coordinator.say("Badge")
    await coordinator.say("/notices")
    await coordinator.press("Templates")
    await coordinator.press("Badge")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    assert scene.trainee().last == "Please bring 学员00's badge."


async def test_readers_of_the_other_language_get_their_own_words(scene: NoticeScene) -> None:
    scene.house.write(
        lambda s: s.execute(
            update(PersonRow).where(PersonRow.telegram_id == FIRST_TRAINEE).values(language="zh")  # type: ignore[arg-type]
        )
    )
    coordinator = await scene.write("The bus leaves at 8:10.")
    await coordinator.press("In Chinese too")
    await coordinator.say("8:10 发车。")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    assert [scene.trainee(0).last, scene.trainee(1).last] == ["8:10 发车。", "The bus leaves at 8:10."]


async def test_whoever_blocked_the_bot_is_said_to_have(scene: NoticeScene) -> None:
    coordinator = await scene.write("Hello")
    scene.house.sandbox.block(FIRST_TRAINEE)
    scene.house.write(
        lambda s: s.execute(
            update(PersonRow).where(PersonRow.telegram_id == FIRST_TRAINEE).values(unreachable_at=None)  # type: ignore[arg-type]
        )
    )
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    assert scene.states()["学员00"] == "blocked"
    assert any("has blocked the bot: 1" in (message.get("text") or "") for message in coordinator.chat)


async def test_the_report_opens_as_a_table_with_every_recipient(scene: NoticeScene) -> None:
    coordinator = await scene.send("=1+1")

    await coordinator.press("As a table")

    document = next(message["document"] for message in reversed(coordinator.chat) if "document" in message)
    row = scene.house.sandbox.world.files.rows[document["file_id"]]
    content = scene.house.sandbox.world.contents.read(row["unique_id"])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in sheet] == ["Name", "学员00", "学员01", "学员02"]
    assert {row[4] for row in sheet[1:]} == {"sent"}


async def test_a_notice_goes_into_a_group_and_is_pinned_only_where_that_is_allowed(scene: NoticeScene) -> None:
    coordinator = await scene.open()
    chat_id = scene.house.sandbox.add_group("第一期学员群", [COORDINATOR, FIRST_TRAINEE])
    await scene.house.settle()
    assert "I am now in “第一期学员群”" in coordinator.last
    await coordinator.press("第一期")
    room = scene.house.read(lambda s: s.exec(select(Room)).one())
    assert (room.title, json.loads(room.rights)["status"]) == ("第一期学员群", "member")

    coordinator = await scene.write("Hello {name}, all.")
    await coordinator.press("Into groups")
    assert "✅ I may write there, but not pin." in coordinator.last
    await coordinator.press("第一期学员群")
    await coordinator.press("« Back")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    posted = [row["wire"].get("text") for row in scene.house.sandbox.world.messages.of_chat[chat_id].values()]
    assert posted == ["Hello , all."]
    assert "📢 第一期学员群: sent" in coordinator.last


async def test_a_trainee_may_neither_write_nor_steer_notices(scene: NoticeScene) -> None:
    await scene.write("Secret plans.")
    trainee = scene.trainee()

    await trainee.say("/notices")
    assert trainee.last == "Only a coordinator of this camp can do that."
    for data in (*FOR_COORDINATORS, "thread:1:2"):
        await scene.scene.forge(trainee, f"notices:{data}")

    assert scene.states() == {}
    assert "Secret plans." not in [message.get("text") for message in trainee.chat]


async def test_a_forwarded_button_does_nothing_for_whoever_did_not_get_the_notice(scene: NoticeScene) -> None:
    coordinator = await scene.write("Group one.")
    await coordinator.press("Audience")
    await coordinator.press("Groups")
    await coordinator.press("第1组")
    await coordinator.press("« Audience")
    await coordinator.press("« Back")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    await scene.scene.forge(scene.trainee(1), "notices:seen:1")

    assert scene.scene.toast() == "This notice was not sent to you."


async def test_pressing_send_twice_sends_once(scene: NoticeScene) -> None:
    coordinator = await scene.write("Once.")
    await coordinator.press("📨 Send")
    message_id, data = scene.house.find_button(COORDINATOR, "Yes, to")
    scene.house.sandbox.press(COORDINATOR, message_id, data)
    scene.house.sandbox.press(COORDINATOR, message_id, data)
    await scene.house.settle()
    await scene.pass_by()

    assert [message.get("text") for message in scene.trainee().chat].count("Once.") == 1


@pytest.mark.parametrize(
    "data", ["show", "show:x", "show:999999", "by:1:nonsense:0", "pick:1:group:99:0", "people:1:x:0", "flip:1:status"]
)
async def test_buttons_that_lead_nowhere_say_so(scene: NoticeScene, data: str) -> None:
    coordinator = await scene.write("Hello")

    await scene.scene.forge(coordinator, f"notices:{data}")

    assert "no longer exists" in coordinator.last or "no longer exists" in scene.scene.toast()


async def test_nothing_is_lost_when_the_dialogue_is_left(scene: NoticeScene) -> None:
    coordinator = await scene.write("Half written")

    await coordinator.say("/cancel")
    await coordinator.say("/notices")

    assert any("Half written" in label for label in labels(coordinator))


async def test_every_change_of_a_notice_is_in_the_log(scene: NoticeScene) -> None:
    coordinator = await scene.send("Hello")
    await coordinator.press("Recall")
    await coordinator.press("Yes, take it back")

    query = text("select action from change where subject = 'notice' order by id")
    assert scene.house.read(lambda s: list(s.execute(query).scalars())) == ["send", "recall"]
