from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.forum.models import Part, SignUpStatus
from bot.timetable.models import Activity
from tests.support.camp import callback_answers
from tests.support.forum_scene import COORDINATOR, FIRST, STRANGER, ForumScene, build_forum_scene
from tests.support.house import Person, TestHouse

pytestmark = pytest.mark.anyio

QUESTIONS = ("How do we find helpers?", "Who pays <b>for</b> it?")


@pytest.fixture
def scene(house: TestHouse) -> ForumScene:
    return build_forum_scene(house)


async def open_call(scene: ForumScene, call_id: int, account: int = FIRST) -> Person:
    """A trainee who looks at a call."""
    trainee = await scene.phone(account)
    await scene.press(trainee.id, f"forum:call:{call_id}")
    return trainee


async def answer_all(trainee: Person, title: str = "Helpers next door", topic: str = "1.") -> None:
    """Everything up to the look before it is sent."""
    await trainee.press("Sign up to speak")
    await trainee.press(topic)
    await trainee.say(title)
    await trainee.say("What we tried.\nWhat came of it.")
    await trainee.press("Nothing special")
    await trainee.press("Yes, with my name")


async def test_signing_up_is_a_conversation_that_ends_with_a_slot_and_a_time(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await answer_all(trainee)

    await trainee.press("Sign me up")

    assert "You speak: slot 1, about 14:00." in trainee.last
    (signup,) = scene.signups(call_id)
    assert (signup.status, signup.title, signup.may_name) == (SignUpStatus.CONFIRMED, "Helpers next door", True)
    assert signup.outline == "What we tried.\nWhat came of it."


async def test_it_stops_and_goes_on_where_one_left(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await trainee.press("Sign up to speak")
    await trainee.press("2.")
    await trainee.say("Who pays?")

    await trainee.say("/start")
    await trainee.press("Forums")
    await trainee.press("Forum")
    await trainee.press("Go on with my sign-up")

    assert "3 of 5" in trainee.last
    assert "What will you say?" in trainee.last


async def test_stopping_says_that_one_is_not_signed_up_and_that_nothing_is_lost(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await trainee.press("Sign up to speak")
    await trainee.press("1.")

    await trainee.say("/cancel")

    assert "You are not signed up yet." in trainee.last
    assert "Go on with my sign-up" in trainee.labels[0]
    assert scene.signups(call_id) == []


async def test_what_was_said_is_edited_afterwards_and_the_place_stays(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await answer_all(trainee)
    await trainee.press("Sign me up")

    await trainee.press("Edit")
    await trainee.press("✍️ Title")
    await trainee.say("A better title")
    await trainee.press("Save")

    assert "Saved." in trainee.last
    assert "slot 1, about 14:00" in trainee.last
    assert [one.title for one in scene.signups(call_id)] == ["A better title"]


async def test_an_edit_that_is_left_changes_nothing(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await answer_all(trainee)
    await trainee.press("Sign me up")
    await trainee.press("Edit")
    await trainee.press("✍️ Title")
    await trainee.say("A worse title")

    await trainee.press("Leave it")

    assert "Your sign-up stays as it was." in trainee.last
    assert [one.title for one in scene.signups(call_id)] == ["Helpers next door"]


async def test_withdrawing_frees_the_place_and_what_was_written_comes_back(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await answer_all(trainee)
    await trainee.press("Sign me up")
    await trainee.press("Withdraw")

    await trainee.press("Yes, withdraw")

    assert "You have withdrawn." in trainee.last
    speakers = scene.view(call_id).speakers
    assert speakers is not None
    assert speakers.taken == 0
    await trainee.press("Sign up to speak")
    assert "Helpers next door" in trainee.last


async def test_withdrawing_twice_is_withdrawing_once(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=1)
    trainee = await open_call(scene, call_id)
    await trainee.press("Take a seat")
    await scene.press(trainee.id, f"forum:drop:{call_id}")

    await scene.press(trainee.id, f"forum:drop:{call_id}")

    listeners = scene.view(call_id).listeners
    assert listeners is not None
    assert listeners.taken == 0
    assert callback_answers(scene.house)[-1] == "You had withdrawn already."


async def test_a_seat_takes_one_press_and_a_second_press_takes_no_second(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=2)
    trainee = await open_call(scene, call_id)
    await scene.press(trainee.id, f"forum:listen:{call_id}")

    await scene.press(trainee.id, f"forum:listen:{call_id}")

    assert "Your seat is confirmed." in trainee.last
    assert [(one.part, one.status) for one in scene.signups(call_id)] == [(Part.LISTENER, SignUpStatus.CONFIRMED)]


async def test_whoever_comes_after_the_last_seat_is_a_numbered_reserve(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=1)
    first, second = await open_call(scene, call_id), await open_call(scene, call_id, FIRST + 1)
    await first.press("Take a seat")
    await scene.press(second.id, f"forum:call:{call_id}")

    await second.press("Onto the reserve list")

    assert "Reserve number 1." in second.last


async def test_a_draw_says_when_it_is_and_that_an_answer_comes(scene: ForumScene) -> None:
    call_id = scene.call("trainees", topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await answer_all(trainee)

    await trainee.press("Sign me up")

    assert "Waiting for the choice." in trainee.last
    assert "The speakers are drawn after sign-up closes (Mon, Dec 7 18:00)." in trainee.last
    assert "I tell you in any case how it came out." in trainee.last


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("x" * 4096, "That has 4096 characters, and 100 fit."),
        ("🎉" * 101, "That has 101 characters, and 100 fit."),
        ("\u200d\u200d", "I cannot see any words in that."),
    ],
)
async def test_a_title_that_does_not_fit_is_asked_for_again(scene: ForumScene, typed: str, answer: str) -> None:
    call_id = scene.call("salon", topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await trainee.press("Sign up to speak")
    await trainee.press("1.")

    await trainee.say(typed)

    assert answer in trainee.last
    await trainee.say("🎉 <b>Bold</b>")
    assert "What will you say?" in trainee.last


async def test_markup_and_emoji_in_a_title_are_shown_as_they_were_typed(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await answer_all(trainee, title="🎉 <b>Bold</b> & more", topic="2.")

    await trainee.press("Sign me up")

    assert "🎉 <b>Bold</b> & more" in trainee.last
    assert "2. Who pays <b>for</b> it?" in trainee.last


async def test_slides_are_kept_by_their_id_and_go_to_the_coordinator(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await trainee.press("Sign up to speak")
    await trainee.press("1.")
    await trainee.say("Helpers")
    await trainee.say("Two lines.")
    await trainee.send_file("slides.pptx", b"abc")
    await trainee.press("No, only the topic")
    await trainee.press("Sign me up")
    (signup,) = scene.signups(call_id)
    await scene.phone(COORDINATOR)

    sent = await scene.press(COORDINATOR, f"forum:slides:{signup.id}")

    assert signup.slides_name == "slides.pptx"
    assert sent[-1]["document"]["file_name"] == "slides.pptx"
    assert "学员1" in sent[-1]["caption"]


async def test_a_file_too_large_to_download_is_kept_and_copied_in_chat(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await answer_all(trainee)
    await trainee.send_file("film.pptx", b"abc")
    await trainee.press("Sign me up")
    (signup,) = scene.signups(call_id)
    large = update(type(signup)).values(slides_size=60 * 1024 * 1024)
    scene.house.write(lambda s: s.execute(large))
    await scene.phone(COORDINATOR)

    sent = await scene.press(COORDINATOR, f"forum:slides:{signup.id}")

    assert sent[-1]["document"]["file_name"] == "film.pptx"


async def test_who_else_shows_topics_and_only_the_names_of_those_who_agreed(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=QUESTIONS)
    first = await open_call(scene, call_id)
    await answer_all(first)
    await first.press("Sign me up")
    second = await open_call(scene, call_id, FIRST + 1)
    await answer_all(second, title="A secret title", topic="2.")
    await second.press("👁 My name")
    await second.press("No, only the topic")
    await second.press("Sign me up")
    third = await open_call(scene, call_id, FIRST + 2)

    await third.press("Who else?")

    assert "• How do we find helpers?\n   学员1 · Helpers next door" in third.last
    assert "• Who pays <b>for</b> it?\n   somebody" in third.last
    assert "学员2" not in third.last
    assert "A secret title" not in third.last


async def test_two_calls_at_one_hour_are_asked_about_before_anything_is_done(scene: ForumScene) -> None:
    forum, salon = scene.call("salon", "Forum", seats=5), scene.call("salon", "Salon", seats=5)
    trainee = await open_call(scene, forum)
    await trainee.press("Take a seat")

    await scene.press(trainee.id, f"forum:listen:{salon}")

    assert "At that hour you are signed up to something else." in trainee.last
    assert "Nothing has been changed." in trainee.last
    assert scene.signups(salon) == []


async def test_the_other_one_is_given_up_where_that_is_wanted(scene: ForumScene) -> None:
    forum, salon = scene.call("salon", "Forum", seats=5), scene.call("salon", "Salon", seats=5)
    trainee = await open_call(scene, forum)
    await trainee.press("Take a seat")
    await scene.press(trainee.id, f"forum:listen:{salon}")

    await trainee.press("Withdraw there")

    assert [one.status for one in scene.signups(forum)] == [SignUpStatus.WITHDRAWN]
    assert [one.status for one in scene.signups(salon)] == [SignUpStatus.CONFIRMED]


async def test_calls_one_after_the_other_do_not_clash(scene: ForumScene) -> None:
    lecture, forum = scene.call("salon", "Lecture", seats=5), scene.call("salon", "Forum", seats=5)
    trainee = await open_call(scene, lecture)
    await trainee.press("Take a seat")

    await scene.press(trainee.id, f"forum:listen:{forum}")

    assert [one.status for one in scene.signups(forum)] == [SignUpStatus.CONFIRMED]


async def test_a_listener_who_becomes_a_speaker_gives_the_seat_up(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=5, topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await trainee.press("Take a seat")
    await answer_all(trainee)
    assert "Your seat as a listener becomes free" in trainee.last

    await trainee.press("Sign me up")

    assert [(one.part, one.status) for one in scene.signups(call_id)] == [(Part.SPEAKER, SignUpStatus.CONFIRMED)]
    listeners = scene.view(call_id).listeners
    assert listeners is not None
    assert listeners.taken == 0


@pytest.mark.parametrize(
    ("later", "answer"),
    [(timedelta(hours=24), "Sign-up has closed."), (timedelta(days=10), "Sign-up has closed.")],
)
async def test_an_old_button_of_a_closed_call_says_so(scene: ForumScene, later: timedelta, answer: str) -> None:
    call_id = scene.call("salon", seats=5, closes_at=scene.now + timedelta(hours=23))
    trainee = await open_call(scene, call_id)
    scene.house.clock.at += later

    await trainee.press("Take a seat")

    assert answer in callback_answers(scene.house)[-1]
    assert scene.signups(call_id) == []


async def test_a_dialogue_that_outlives_the_sign_up_keeps_what_was_said(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=QUESTIONS, closes_at=scene.now + timedelta(hours=2))
    trainee = await open_call(scene, call_id)
    await answer_all(trainee)
    scene.house.clock.at += timedelta(hours=3)

    await trainee.press("Sign me up")

    assert "Sign-up has closed." in callback_answers(scene.house)[-1]
    assert scene.signups(call_id) == []


async def test_a_button_of_a_call_that_never_was_says_that_it_is_gone(scene: ForumScene) -> None:
    trainee = await scene.phone(FIRST)

    for action in ("call", "join", "listen", "edit", "leave", "drop"):
        await scene.press(trainee.id, f"forum:{action}:777")
        assert "no longer exists" in callback_answers(scene.house)[-1]


async def test_a_draft_is_hidden_from_trainees(scene: ForumScene) -> None:
    call_id = scene.call("salon", publishes=False)
    trainee = await scene.phone(FIRST)

    await scene.press(trainee.id, f"forum:call:{call_id}")

    assert "no longer exists" in callback_answers(scene.house)[-1]


async def test_some_units_only(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=5, audience="units", units=["Harbour quarter"])
    outside = await scene.phone(FIRST)
    inside = await open_call(scene, call_id, FIRST + 1)

    await scene.press(outside.id, f"forum:listen:{call_id}")
    refused = callback_answers(scene.house)[-1]
    await inside.press("Take a seat")

    assert "This one is for others." in refused
    assert len(scene.signups(call_id)) == 1


async def test_a_stranger_without_the_link_gets_nowhere(scene: ForumScene) -> None:
    call_id = scene.call("lecture")
    await scene.phone(STRANGER)

    await scene.press(STRANGER, f"forum:listen:{call_id}")

    assert "This one is for others." in callback_answers(scene.house)[-1]
    assert scene.signups(call_id) == []


async def test_a_guest_comes_by_the_link_says_who_they_are_and_has_a_seat(scene: ForumScene) -> None:
    call_id = scene.call("lecture")
    link = await scene.link(call_id)
    guest = await scene.phone(STRANGER)
    await guest.say(link)
    await guest.press("Take a seat")
    assert "What is your name?" in guest.last
    await guest.say("李明")
    await guest.say("Garden street")

    await guest.say("138 0000 1111")

    assert "Your seat is confirmed." in guest.last
    (signup,) = scene.signups(call_id)
    assert (signup.person_id, signup.guest_id is not None, signup.status) == (None, True, SignUpStatus.CONFIRMED)


async def test_a_guest_whom_we_know_needs_one_press(scene: ForumScene) -> None:
    first, second = scene.call("lecture"), scene.call("lecture", "Evening")
    guest = await scene.phone(STRANGER)
    await guest.say(await scene.link(first))
    await guest.press("Take a seat")
    for answer in ("李明", "Garden street", "13800001111"):
        await guest.say(answer)
    await guest.say(await scene.link(second))

    await guest.press("Take a seat")

    assert "Your seat is confirmed." in guest.last


async def test_what_a_guest_says_of_themselves_is_checked(scene: ForumScene) -> None:
    guest = await scene.phone(STRANGER)
    await guest.say(await scene.link(scene.call("lecture")))
    await guest.press("Take a seat")

    await guest.say("123")
    assert "That does not look like a name." in guest.last
    await guest.say("李明")
    await guest.say("u" * 101)
    assert "at most 100 characters" in guest.last
    await guest.say("Garden street")
    await guest.say("call me")
    assert "That is no phone number." in guest.last


async def test_a_changed_link_leads_nowhere(scene: ForumScene) -> None:
    link = await scene.link(scene.call("lecture"))
    guest = await scene.phone(STRANGER)

    await guest.say(link[:-1] + ("0" if link[-1] != "0" else "1"))

    assert "no longer exists" in guest.last


async def test_a_link_no_longer_opens_a_call_that_was_closed_to_guests(scene: ForumScene) -> None:
    call_id = scene.call("lecture")
    link = await scene.link(call_id)
    await scene.phone(COORDINATOR)
    await scene.press(COORDINATOR, f"forum:set:{call_id}:who:0")
    guest = await scene.phone(STRANGER)

    await guest.say(link)

    assert "This one is for others." in guest.last


async def test_speakers_of_an_invited_forum_do_not_sign_up(scene: ForumScene) -> None:
    call_id = scene.call("invited")
    trainee = await open_call(scene, call_id)

    await scene.press(trainee.id, f"forum:join:{call_id}")

    assert not any("Sign up to speak" in label for label in trainee.labels)
    assert "The speakers of this forum are invited." in callback_answers(scene.house)[-1]


async def test_a_button_of_a_dialogue_that_is_over_shows_how_it_stands(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=QUESTIONS)
    trainee = await open_call(scene, call_id)
    await answer_all(trainee)
    await trainee.press("Sign me up")

    await scene.press(trainee.id, f"forum:named:{call_id}:0")

    assert "slot 1, about 14:00" in trainee.last
    assert [one.may_name for one in scene.signups(call_id)] == [True]


async def test_an_activity_that_has_ended_takes_no_changes(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=5)
    trainee = await open_call(scene, call_id)
    await trainee.press("Take a seat")
    over = update(Activity).values(starts_at=scene.now - timedelta(hours=3), ends_at=scene.now - timedelta(hours=1))
    scene.house.write(lambda s: s.execute(over))

    await scene.press(trainee.id, f"forum:drop:{call_id}")

    assert "It is over" in callback_answers(scene.house)[-1]
    assert [one.status for one in scene.signups(call_id)] == [SignUpStatus.CONFIRMED]
