import io
from datetime import timedelta
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from bot.audit.service import TABLE as CHANGE
from bot.forum import drafting
from bot.forum.models import CallStatus, SignUpStatus
from bot.forum.queries import DRAFT
from bot.forum.template_file import render_call_sheet
from bot.notices import audiences
from bot.people.service import PERSON
from bot.timetable.service import TABLE as ACTIVITY
from schedules import forum as clock
from tests.support.camp import callback_answers
from tests.support.forum_scene import AUDITOR, COORDINATOR, FIRST, HOUR, STRANGER, ForumScene, build_forum_scene
from tests.support.house import Person, TestHouse

pytestmark = pytest.mark.anyio


@pytest.fixture
def scene(house: TestHouse) -> ForumScene:
    return build_forum_scene(house)


async def new_call(scene: ForumScene, kind: str = "Salon") -> Person:
    """A coordinator who has just drafted a call about the forum."""
    coordinator = await scene.phone(COORDINATOR)
    await coordinator.press("All of this camp")
    await coordinator.press("🎤 Forums")
    await coordinator.press("New call")
    await coordinator.press(kind)
    await coordinator.press("14:00 Forum")
    return coordinator


async def heard(scene: ForumScene, account: int) -> list[str]:
    """What somebody's chat has in it by now."""
    await scene.house.settle()
    return [message.get("text", "") for message in scene.house.person(account).chat]


async def test_a_call_is_made_from_a_template_and_published_to_those_it_is_for(scene: ForumScene) -> None:
    await scene.phone(FIRST)
    coordinator = await new_call(scene)
    assert "A draft." in coordinator.last
    assert "🗓 Sun, Dec 6 12:00 to Mon, Dec 7 18:00" in coordinator.last
    await coordinator.press("Publish …")
    assert "3 people are told at once" in coordinator.last

    await coordinator.press("Publish and tell them")

    assert callback_answers(scene.house)[-1] == "Published. 3 told."
    assert "Sign-up is open until Mon, Dec 7 18:00." in coordinator.last
    told = (await heard(scene, FIRST))[-1]
    assert "Would you like to take part?" in told
    assert "🎤 4 slots of 15 minutes" in told


async def test_a_second_press_of_publish_tells_nobody_again(scene: ForumScene) -> None:
    await scene.phone(FIRST)
    coordinator = await new_call(scene)
    await coordinator.press("Publish …")
    await coordinator.press("Publish and tell them")
    before = len(await heard(scene, FIRST))

    await scene.press(COORDINATOR, "forum:announce:1:1")

    assert len(await heard(scene, FIRST)) == before
    assert callback_answers(scene.house)[-1] == "Published."


async def test_a_call_can_be_published_without_telling_anybody(scene: ForumScene) -> None:
    await scene.phone(FIRST)
    coordinator = await new_call(scene)
    before = len(await heard(scene, FIRST))
    await coordinator.press("Publish …")

    await coordinator.press("tell nobody")
    await clock.push_forum(scene.house.turns)

    assert len(await heard(scene, FIRST)) == before
    assert scene.view(1).status is CallStatus.PUBLISHED


async def test_a_call_that_opens_later_is_announced_when_it_opens_and_once(scene: ForumScene) -> None:
    await scene.phone(FIRST)
    coordinator = await new_call(scene)
    await coordinator.press("Change")
    await coordinator.press("🗓 Opens")
    await coordinator.press("Something else")
    await coordinator.say("soon")
    assert "I cannot read that as a time to come." in coordinator.last
    await coordinator.say("today 15:00")
    await coordinator.press("« Back")
    await coordinator.press("Publish …")
    await coordinator.press("Publish and tell them")
    await clock.push_forum(scene.house.turns)
    before = len(await heard(scene, FIRST))

    scene.house.clock.at += HOUR * 3
    for _ in range(2):
        await clock.push_forum(scene.house.turns)

    after = await heard(scene, FIRST)
    assert len(after) == before + 1
    assert "Would you like to take part?" in after[-1]


async def test_units_are_switches_and_only_those_are_told(scene: ForumScene) -> None:
    for account in (FIRST, FIRST + 1):
        await scene.phone(account)
    coordinator = await new_call(scene)
    await coordinator.press("Change")
    await coordinator.press("👥 Who")
    await coordinator.press("Some units")
    await coordinator.press("⬜ Harbour quarter")
    await coordinator.press("Done")
    assert "some units: Harbour quarter" in coordinator.last
    await coordinator.press("« Back")
    await coordinator.press("Publish …")

    await coordinator.press("Publish and tell them")

    assert callback_answers(scene.house)[-1] == "Published. 1 told."
    assert "take part" in (await heard(scene, FIRST + 1))[-1]
    assert "take part" not in (await heard(scene, FIRST))[-1]


async def test_a_call_for_units_needs_one(scene: ForumScene) -> None:
    coordinator = await new_call(scene)
    await scene.press(COORDINATOR, "forum:set:1:who:1")

    await scene.press(COORDINATOR, "forum:announce:1:1")

    assert "at least one unit" in callback_answers(scene.house)[-1]
    assert coordinator.id == COORDINATOR
    assert scene.view(1).status is CallStatus.DRAFT


async def test_a_call_without_places_is_not_published(scene: ForumScene) -> None:
    await new_call(scene)
    await scene.press(COORDINATOR, "forum:set:1:slots:0")
    await scene.press(COORDINATOR, "forum:set:1:seats:0")

    await scene.press(COORDINATOR, "forum:announce:1:1")

    assert "There is nothing to sign up for yet." in callback_answers(scene.house)[-1]


async def test_whoever_paused_notices_is_not_told(scene: ForumScene) -> None:
    trainee = await scene.phone(FIRST)
    first = scene.call("salon", "Lecture", publishes=False)
    await scene.phone(COORDINATOR)
    await scene.press(COORDINATOR, f"forum:announce:{first}:1")
    await trainee.press("🔕 Pause")
    await trainee.press("Today")
    second = scene.call("salon", "Evening", publishes=False)

    await scene.press(COORDINATOR, f"forum:announce:{second}:1")

    assert callback_answers(scene.house)[-1] == "Published. 2 told."


async def test_numbers_are_pressed_or_typed_and_nonsense_is_asked_again(scene: ForumScene) -> None:
    coordinator = await new_call(scene)
    await coordinator.press("Change")
    await coordinator.press("🎤 Slots")
    assert "The speeches take 1 hour of 2 hours." in coordinator.last
    await coordinator.press("Something else")
    for nonsense in ("many", "-3", "999"):
        await coordinator.say(nonsense)
        assert "I cannot read that." in coordinator.last

    await coordinator.say("9")

    assert "9 slots of 15 minutes" in coordinator.last


async def test_questions_are_typed_a_line_each_reworded_given_a_file_and_removed(scene: ForumScene) -> None:
    coordinator = await new_call(scene)
    await coordinator.press("Change")
    await coordinator.press("❓ Questions")
    await coordinator.press("Add questions")
    await coordinator.say("1. First\n2、Second\n\n- Third")
    assert coordinator.labels[:3] == ["1. First", "2. Second", "3. Third"]
    await coordinator.press("2. Second")
    await coordinator.press("Other words")
    await coordinator.say("Better")
    await coordinator.press("2. Better")
    await coordinator.press("Add a file")
    await coordinator.say("no file")
    assert "That is no file." in coordinator.last
    await coordinator.send_file("case.pdf", b"abc")
    await coordinator.press("3. Third")

    await coordinator.press("Remove it")

    topics = scene.view(1).topics
    assert [(one.text, bool(one.file_id)) for one in topics] == [("First", False), ("Better", True)]


async def test_a_case_comes_with_its_file(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=["A case"])
    coordinator = await scene.phone(COORDINATOR)
    await scene.press(COORDINATOR, f"forum:type:{call_id}:file:{scene.view(call_id).topics[0].id}")
    await coordinator.send_file("case.pdf", b"abc")
    trainee = await scene.phone(FIRST)
    await scene.press(FIRST, f"forum:call:{call_id}")

    sent = await trainee.press("📎 Case 1")

    assert sent[-1]["document"]["file_name"] == "case.pdf"
    assert sent[-1]["caption"] == "📎 1. A case"


async def test_a_question_that_somebody_chose_stays(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=["A case"])
    trainee = await scene.phone(FIRST)
    await scene.press(FIRST, f"forum:join:{call_id}")
    await trainee.press("1. A case")
    await trainee.say("Title")
    await trainee.say("Lines")
    await trainee.press("Nothing special")
    await trainee.press("Yes, with my name")
    await trainee.press("Sign me up")
    await scene.phone(COORDINATOR)

    await scene.press(COORDINATOR, f"forum:untopic:{scene.view(call_id).topics[0].id}")

    assert "so it stays" in callback_answers(scene.house)[-1]
    assert len(scene.view(call_id).topics) == 1


async def test_thirteen_questions_are_too_many(scene: ForumScene) -> None:
    call_id = scene.call("salon", publishes=False)
    coordinator = await scene.phone(COORDINATOR)
    await scene.press(COORDINATOR, f"forum:type:{call_id}:topics")

    await coordinator.say("\n".join(f"Question {n}" for n in range(13)))

    assert "at most twelve questions" in coordinator.last
    assert scene.view(call_id).topics == ()


async def test_a_title_that_is_too_long_is_asked_for_again(scene: ForumScene) -> None:
    call_id = scene.call("salon", publishes=False)
    coordinator = await scene.phone(COORDINATOR)
    await scene.press(COORDINATOR, f"forum:type:{call_id}:title")

    await coordinator.say("x" * 4096)
    await coordinator.say("<b>Neighbours</b>")

    assert scene.view(call_id).title == "<b>Neighbours</b>"
    assert "☕ <b>Neighbours</b>" in coordinator.last


async def test_how_speakers_are_chosen_stays_once_somebody_has_signed_up(scene: ForumScene) -> None:
    call_id = scene.call("salon")
    trainee = await scene.phone(FIRST)
    await scene.press(FIRST, f"forum:join:{call_id}")
    for words in ("Title", "Lines"):
        await trainee.say(words)
    await trainee.press("Nothing special")
    await trainee.press("No, only the topic")
    await trainee.press("Sign me up")
    await scene.phone(COORDINATOR)

    await scene.press(COORDINATOR, f"forum:set:{call_id}:choice:2")

    assert "stays as it was announced" in callback_answers(scene.house)[-1]


async def test_slots_and_seats_of_a_published_call_are_not_changed_here(scene: ForumScene) -> None:
    call_id = scene.call("salon")
    await scene.phone(COORDINATOR)

    await scene.press(COORDINATOR, f"forum:set:{call_id}:seats:1")

    assert "announced already" in callback_answers(scene.house)[-1]
    listeners = scene.view(call_id).listeners
    assert listeners is not None
    assert listeners.capacity == 20


@pytest.mark.parametrize("data", ["set:1:slots:61", "set:1:who:9", "set:1:choice:9", "set:1:minutes:0", "set:1:x:1"])
async def test_a_forged_value_changes_nothing(scene: ForumScene, data: str) -> None:
    await new_call(scene)
    before = scene.view(1)

    await scene.press(COORDINATOR, f"forum:{data}")

    assert "no longer exists" in callback_answers(scene.house)[-1]
    assert scene.view(1) == before


async def test_a_window_that_closes_before_it_opens_is_refused(scene: ForumScene) -> None:
    call_id = scene.call("salon", publishes=False)
    await scene.phone(COORDINATOR)
    minutes = int((scene.now + HOUR * 60).timestamp()) // 60

    await scene.press(COORDINATOR, f"forum:set:{call_id}:opens:{minutes}")

    assert "Sign-up must open before it closes" in callback_answers(scene.house)[-1]


async def test_a_cancelled_call_is_told_with_its_reason_and_taken_up_again(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=5)
    trainee = await scene.phone(FIRST)
    await scene.press(FIRST, f"forum:listen:{call_id}")
    coordinator = await scene.phone(COORDINATOR)
    await scene.press(COORDINATOR, f"forum:cancel:{call_id}")
    assert "1 person is signed up and is told." in coordinator.last
    await coordinator.press("with a reason")

    await coordinator.say("The hall is <closed>.")

    assert "This has been cancelled.\nWhy: The hall is <closed>." in trainee.last
    await scene.press(FIRST, f"forum:listen:{call_id}")
    assert "This has been cancelled." in callback_answers(scene.house)[-1]
    await coordinator.press("Take it up again")
    assert "It takes place after all." in trainee.last
    assert [one.status for one in scene.signups(call_id)] == [SignUpStatus.CONFIRMED]


async def test_cancelling_twice_tells_once(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=5)
    trainee = await scene.phone(FIRST)
    await scene.press(FIRST, f"forum:listen:{call_id}")
    await scene.phone(COORDINATOR)
    await scene.press(COORDINATOR, f"forum:off:{call_id}")
    before = len(trainee.chat)

    await scene.press(COORDINATOR, f"forum:off:{call_id}")

    assert len(trainee.chat) == before


async def test_a_draft_is_thrown_away_and_a_published_call_is_not(scene: ForumScene) -> None:
    draft, published = scene.call("salon", "Lecture", publishes=False), scene.call("salon")
    coordinator = await scene.phone(COORDINATOR)
    await scene.press(COORDINATOR, f"forum:delete:{draft}")
    await coordinator.press("Delete this draft")

    await scene.press(COORDINATOR, f"forum:erase:{published}")

    assert "announced already" in callback_answers(scene.house)[-1]
    await scene.press(COORDINATOR, f"forum:manage:{draft}")
    assert "no longer exists" in callback_answers(scene.house)[-1]


async def test_a_guest_hears_that_the_activity_has_moved_and_that_it_is_off(scene: ForumScene) -> None:
    call_id = scene.call("lecture")
    guest = await scene.phone(STRANGER)
    await guest.say(await scene.link(call_id))
    await guest.press("Take a seat")
    for answer in ("李明", "Garden street", "13800001111"):
        await guest.say(answer)
    activity_id = scene.view(call_id).activity_id
    mine = update(ACTIVITY).where(ACTIVITY.c.id == activity_id)
    scene.house.write(lambda s: s.execute(mine.values(place="Hall 2")))
    await clock.push_forum(scene.house.turns)
    moved = (await heard(scene, STRANGER))[-1]
    scene.house.write(lambda s: s.execute(mine.values(cancelled_at=scene.now)))

    for _ in range(2):
        await clock.push_forum(scene.house.turns)

    off = await heard(scene, STRANGER)
    assert "Time or place have changed." in moved
    assert "Hall 2" in moved
    assert "This has been cancelled." in off[-1]
    assert off[-2] == moved
    assert scene.view(call_id).status is CallStatus.CANCELLED


async def test_a_trainee_is_not_told_twice_of_what_the_camp_is_told_anyway(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=5)
    trainee = await scene.phone(FIRST)
    await scene.press(FIRST, f"forum:listen:{call_id}")
    await clock.push_forum(scene.house.turns)
    await scene.house.settle()
    before = len(trainee.chat)
    scene.house.write(lambda s: s.execute(update(ACTIVITY).values(place="Hall 2")))

    await clock.push_forum(scene.house.turns)

    assert len(await heard(scene, FIRST)) == before


async def test_the_link_is_shown_only_where_it_opens_something(scene: ForumScene) -> None:
    lecture, salon = scene.call("lecture"), scene.call("salon", "Salon")
    coordinator = await scene.phone(COORDINATOR)
    await scene.press(COORDINATOR, f"forum:link:{lecture}")
    assert "https://t.me/" in coordinator.last

    await scene.press(COORDINATOR, f"forum:link:{salon}")

    assert "no longer exists" in callback_answers(scene.house)[-1]


async def test_an_auditor_reads_and_changes_nothing(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=5)
    auditor = await scene.phone(AUDITOR)
    await scene.press(AUDITOR, f"forum:manage:{call_id}")
    assert not any("Cancel" in label or "Change" in label for label in auditor.labels)

    for action in (
        f"off:{call_id}",
        f"set:{call_id}:who:2",
        f"type:{call_id}:title",
        f"make:{scene.cohort_id}:salon:1",
    ):
        await scene.press(AUDITOR, f"forum:{action}")

    assert scene.view(call_id).status is CallStatus.PUBLISHED
    assert "Only a coordinator" in callback_answers(scene.house)[-1]


async def test_every_change_is_in_the_log(scene: ForumScene) -> None:
    coordinator = await new_call(scene)
    await scene.press(COORDINATOR, "forum:set:1:answer:30")
    await coordinator.press("« Back")
    await scene.press(COORDINATOR, "forum:announce:1:0")
    await scene.press(COORDINATOR, "forum:off:1")

    query = select(CHANGE.c.action).where(CHANGE.c.subject == "forum_call").order_by(CHANGE.c.id)
    actions = scene.house.read(lambda s: list(s.scalars(query)))

    assert actions == ["create", "change", "publish", "cancel"]


def table(*rows: tuple[str, ...]) -> bytes:
    """A workbook with these rows."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


HEAD = ("日期", "课次", "论坛形式", "论坛标题", "议题", "发言名额", "听众席位", "报名范围", "产生方式")


async def test_calls_come_as_a_table_and_are_drafted_once(scene: ForumScene) -> None:
    content = table(
        HEAD,
        ("2026-12-08", "Forum", "学员论坛", "Neighbours", "First?\nSecond?", "5", "10", "全体", "抽签"),
        ("", "", "", "", "Third?"),
        ("2026-12-08", "Lecture", "公开讲座", "", "", "", "300", "凭链接"),
        ("2026-12-08", "Picnic", "案例沙龙"),
        ("2026-12-08", "Evening", "晚会"),
        ("2026-12-08", "Evening", ""),
    )
    coordinator = await scene.phone(COORDINATOR)
    await coordinator.send_file("calls.xlsx", content)
    assert "2 calls would be drafted." in coordinator.last
    assert "Row 5: No activity of the timetable fits: Picnic" in coordinator.last
    assert "Row 6: “晚会” is no kind of forum." in coordinator.last

    await coordinator.press("✔ Import")

    assert "2 calls are drafted." in coordinator.last
    forum, lecture = scene.view(1), scene.view(2)
    assert (forum.title, [one.text for one in forum.topics]) == ("Neighbours", ["First?", "Second?", "Third?"])
    assert (forum.speakers and forum.speakers.capacity, forum.status) == (5, CallStatus.DRAFT)
    assert (lecture.audience, lecture.listeners and lecture.listeners.capacity) == ("link", 300)
    await coordinator.send_file("calls.xlsx", content)
    assert "0 calls would be drafted." in coordinator.last
    assert "Row 2: This call is there already: Neighbours" in coordinator.last


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_template_that_is_sent_out_comes_back_as_calls(scene: ForumScene, language: str) -> None:
    coordinator = await scene.phone(COORDINATOR, language)
    sent = await scene.press(COORDINATOR, f"forum:sheet:{scene.cohort_id}")
    made: dict[str, Any] = {"cohort_id": scene.cohort_id, "language": language, "since": scene.now.isoformat()}
    content = scene.house.read(lambda s: render_call_sheet(s, **made)).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    head, forum = [str(cell) for cell in rows[0]], [str(cell)[:10] if n < 1 else "" for n, cell in enumerate(rows[2])]
    forum[2], forum[3] = "Forum", "Salon" if language == "en" else "案例沙龙"

    await coordinator.send_file("calls.xlsx", table(tuple(head), tuple(forum)))

    assert sent[-1]["document"]["file_name"].endswith(".xlsx")
    assert len(rows) == 5
    assert "☕ 12-08 14:00 Forum" in coordinator.last


async def test_drafts_are_forgotten_after_a_month(scene: ForumScene) -> None:
    call_id = scene.call("salon")
    await scene.phone(FIRST)
    await scene.press(FIRST, f"forum:join:{call_id}")
    later = scene.now + timedelta(days=31)

    forgotten = scene.house.write(lambda s: drafting.forget_old(s, later))

    assert forgotten == 1
    assert scene.house.read(lambda s: s.scalars(select(DRAFT.c.call_id)).all()) == []


async def test_a_notice_can_be_for_those_who_are_signed_up(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=5)
    await scene.phone(FIRST)
    await scene.press(FIRST, f"forum:listen:{call_id}")

    found = scene.house.read(
        lambda s: audiences.find_audience(s, scene.cohort_id, [("forum", str(call_id))], scene.now)
    )

    assert [one.name for one in found.people] == ["学员1"]


async def test_what_a_guest_signed_up_to_is_theirs_when_the_account_is_linked(scene: ForumScene) -> None:
    call_id = scene.call("lecture")
    guest = await scene.phone(STRANGER)
    await guest.say(await scene.link(call_id))
    await guest.press("Take a seat")
    for answer in ("李明", "Garden street", "13800001111"):
        await guest.say(answer)
    free = update(PERSON).where(PERSON.c.telegram_id == FIRST)
    scene.house.write(lambda s: s.execute(free.values(telegram_id=STRANGER)))

    await scene.press(STRANGER, f"forum:listen:{call_id}")

    (signup,) = scene.signups(call_id)
    assert (signup.person_id is not None, signup.guest_id) == (True, None)
    assert "Your seat is confirmed." in guest.last
