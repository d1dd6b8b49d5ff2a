"""A forum from the call to the applause, over real HTTP, the bot killed again and again: nothing lost or twice."""

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.forum.models import Pool, SignUp, SignUpStatus, Slot, TurnTaken
from bot.forum.stage_models import Feedback, FeedbackGiven, RoomQuestion
from bot.inbox.models import Inbox
from bot.invariants import check
from bot.outbox.models import Outbox
from bot.people.models import Person
from tests.stories.test_camp_day import COORDINATOR, OPERATOR, TRAINEES, Day, prepare_the_camp
from tests.support.processes import camp, free_port, wait_until

FORUM = "青雁论坛"
HALF_AN_HOUR_BEFORE = datetime(2026, 12, 8, 5, 29, 50, tzinfo=UTC)
SPEAKERS = (1001, 1003, 1004)
"""Who speaks in the end: 1002 withdraws and the reserve moves up."""
LISTENER = 1005
PECULIAR = "Who waters the peculiar trees?"


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with camp(tmp_path, OPERATORS=str(OPERATOR), WEB_PORT=str(free_port())) as (emulator, bot):
        known = {OPERATOR: "Ops", COORDINATOR: "陈老师"} | TRAINEES
        people = [
            {"person_id": number, "name": name, "language_code": "en", "started": True}
            for number, name in known.items()
        ]
        emulator.do("people", people=people)
        yield Day(emulator, bot, tmp_path)


def test_a_forum_from_the_call_to_the_applause(day: Day) -> None:
    prepare_the_camp(day)
    the_call_is_made(day)
    four_sign_up_for_three_slots(day)
    one_withdraws_and_the_reserve_moves_up(day)
    the_order_is_changed_and_told(day)
    the_first_speaker_is_reminded_once(day)
    projector = the_stage_is_kept(day)
    the_room_asks_without_a_name(day, projector)
    the_forum_ends_and_the_room_says_how_it_was(day, projector)

    assert day.read(check) == []


def the_call_is_made(day: Day) -> None:
    """The coordinator makes a call for three speakers, first come first served, and tells everybody."""
    open_forums(day)
    day.press(COORDINATOR, "➕ New call", "A new call")
    day.press(COORDINATOR, "Forum of trainees", "Which activity")
    day.press(COORDINATOR, FORUM, "A draft")
    day.press(COORDINATOR, "⚙️ Change", "What shall be different")
    day.press(COORDINATOR, "⚖️ How chosen", "How are the speakers chosen")
    day.press(COORDINATOR, "first come", "first come, first served")
    day.press(COORDINATOR, "🎤 Slots", "How many speak")
    day.press(COORDINATOR, "✍️ Something else", "as a number")
    day.say(COORDINATOR, "3", "3 slots")
    day.kill_and_start()
    day.press(COORDINATOR, "« Back", "A draft")
    day.press(COORDINATOR, "📣 Publish …", "If you publish it")
    day.press(COORDINATOR, "📣 Publish and tell them", "Sign-up is open")
    for number in TRAINEES:
        day.heard(number, "Would you like to take part")


def four_sign_up_for_three_slots(day: Day) -> None:
    """Three get a slot, the fourth is the reserve; the bot dies in the middle of a sign-up."""
    for place, number in enumerate((1001, 1002, 1003, 1004), start=1):
        day.press(number, "👀 Show me", FORUM)
        day.press(number, "🎤", "What is the title")
        day.say(number, f"Talk of {number}", "What will you say")
        if number == 1002:
            day.kill_and_start()
        day.say(number, "Two lines.", "What do you need")
        day.press(number, "Nothing special", "May others")
        day.press(number, "No, only the topic", "Sign me up|A slot is free|reserve")
        day.press(number, "✅ Sign me up" if place < 4 else "✅", f"slot {place}" if place < 4 else "Reserve number 1")
    assert statuses(day) == [SignUpStatus.CONFIRMED] * 3 + [SignUpStatus.RESERVE]


def one_withdraws_and_the_reserve_moves_up(day: Day) -> None:
    """The place goes to the reserve, although the bot is killed at once."""
    day.press(1002, "↩️ Withdraw", "Withdraw your sign-up")
    day.emulator.press(1002, "↩️ Yes, withdraw")
    day.kill_and_start()
    day.heard(1004, "(?i)place")
    day.press(1004, "✅ I take it", "You speak|It is yours|slot")
    wait_until(lambda: len(speakers(day)) == len(SPEAKERS), what="the reserve in the running order")
    assert sorted(speakers(day)) == sorted(SPEAKERS)
    assert day.read(lambda s: [(pool.taken, pool.capacity) for pool in s.exec(select(Pool))]) == [(3, 3)]


def the_order_is_changed_and_told(day: Day) -> None:
    """The last goes first; both who move are told, once."""
    open_call(day)
    day.press(COORDINATOR, "📋 Running order", "Choose an item")
    before = speakers(day)
    last = TRAINEES[before[-1]]
    day.press(COORDINATOR, f"3 {last}", "👉")
    day.press(COORDINATOR, "↕ Put before", "Put .* before")
    day.press(COORDINATOR, f"14:00 {TRAINEES[before[0]]}", "👉 14:00 1")
    day.press(COORDINATOR, "« Running order", "begin at another time")
    day.press(COORDINATOR, "🔔 Tell the speakers now", "Choose an item")
    day.kill_and_start()
    for number in before:
        day.heard(number, "Your talk begins at another time")
        assert said(day, number, "Your talk begins at another time") == 1
    assert speakers(day) == [before[-1], *before[:-1]]


def the_first_speaker_is_reminded_once(day: Day) -> None:
    """Half an hour before, the bot is killed right before and right after."""
    day.kill()
    day.begin(HALF_AN_HOUR_BEFORE)
    day.kill_and_start()
    first = speakers(day)[0]
    day.heard(first, "You speak in 30 minutes")
    day.kill_and_start()
    day.say(first, "/start", "Next at")

    told = said(day, first, "You speak in 30 minutes")
    assert 1 <= told <= 1 + day.in_flight["sendMessage"]


def the_stage_is_kept(day: Day) -> str:
    """The coordinator opens the stage and calls up the first; the projector says who speaks."""
    open_call(day)
    day.press(COORDINATOR, "🎬 Stage", "The stage has not been opened")
    day.press(COORDINATOR, "Open the stage", "Nobody is on stage")
    day.press(COORDINATOR, "🖥 Projector page", "Open it on the computer")
    projector = day.link(COORDINATOR, "🖥 Open")
    day.press(COORDINATOR, "▶ Next", "minutes left")
    day.kill_and_start()
    first = speakers(day)[0]
    day.heard(first, "You are on")

    shown = state(projector)
    assert (shown["phase"], shown["now"]["name"]) == ("on", TRAINEES[first])
    assert shown["now"]["title"] == f"Talk of {first}"
    return projector


def the_room_asks_without_a_name(day: Day, projector: str) -> None:
    """A question reaches the projector by way of the moderator, and nothing tells whose it was."""
    day.say(LISTENER, "/start", "Timetable|Now|Next")
    day.press(LISTENER, "🎬 Forum now", "without your name")
    day.press(LISTENER, "❓ Ask a question", "Your question")
    day.say(LISTENER, PECULIAR, "with the moderator")
    day.press(COORDINATOR, "❓ Questions (1)", "peculiar trees")
    day.press(COORDINATOR, "📢 1 show", "📢 1. Who waters")
    day.kill_and_start()

    wait_until(lambda: state(projector)["questions"] == [PECULIAR], what="the question on the projector")
    assert day.read(lambda s: [one.text for one in s.exec(select(RoomQuestion))]) == [PECULIAR]
    assert day.read(lambda s: [row.seq for row in s.exec(select(Inbox)) if "peculiar" in (row.body or "")]) == []
    assert day.read(lambda s: [row.id for row in s.exec(select(Outbox)) if "peculiar" in row.payload]) == []


def the_forum_ends_and_the_room_says_how_it_was(day: Day, projector: str) -> None:
    """The others speak, the forum ends, and whoever was there answers in two taps, once."""
    day.press(COORDINATOR, "« Stage", "minutes left")
    for number in speakers(day)[1:]:
        day.press(COORDINATOR, "▶ Next", TRAINEES[number])
        day.heard(number, "You are on")
    day.press(COORDINATOR, "⏹ End the forum", "End the forum\\?")
    day.emulator.press(COORDINATOR, "⏹ End the forum")
    day.kill_and_start()
    for number in SPEAKERS:
        day.heard(number, "Thank you for being there")
    wait_until(lambda: state(projector)["phase"] == "over", what="the end on the projector")
    first, second = speakers(day)[:2]
    day.press(first, "📝 Say how it was", "How were the talks")
    day.press(first, TRAINEES[second], "How clear")
    day.press(first, "4", "How useful")
    day.kill_and_start()
    day.press(first, "5", "that is kept")

    assert sorted(day.read(lambda s: [(one.part, one.points) for one in s.exec(select(Feedback))])) == [
        ("clear", 4),
        ("useful", 5),
    ]
    assert day.read(lambda s: len(s.exec(select(FeedbackGiven)).all())) == 2
    assert day.read(lambda s: len(s.exec(select(TurnTaken)).all())) == len(SPEAKERS)
    for number in SPEAKERS:  # each has heard it above; whoever answers has it turned into the questions
        assert said(day, number, "Thank you for being there") <= 1 + day.in_flight["sendMessage"]


def open_forums(day: Day) -> None:
    """Go to the forums of the camp."""
    day.say(COORDINATOR, "/start", "Hello")
    day.press(COORDINATOR, "All of this camp", "everything below is yours")
    day.press(COORDINATOR, "🎤 Forums", "Forums")


def open_call(day: Day) -> None:
    """Go to the page of the forum."""
    open_forums(day)
    day.press(COORDINATOR, FORUM, "Speakers:")


def statuses(day: Day) -> list[str]:
    """How the sign-ups stand, in the order of signing up."""
    return day.read(lambda s: [one.status for one in s.exec(select(SignUp).order_by(col(SignUp.id)))])


def speakers(day: Day) -> list[int]:
    """The accounts of those who speak, in the running order."""

    def look(session: Session) -> list[int]:
        query = (
            select(Person.telegram_id)
            .join(SignUp, col(SignUp.person_id) == Person.id)
            .join(Slot, col(Slot.signup_id) == SignUp.id)
            .order_by(col(Slot.position))
        )
        return [number for number in session.exec(query) if number]

    return day.read(look)


def said(day: Day, person: int, words: str) -> int:
    """How many messages with these words somebody has been sent."""
    return sum(words in text for text in day.emulator.said(person))


def state(projector: str) -> dict[str, Any]:
    """What the projector page is told, as soon as the bot is up again."""
    told: list[dict[str, Any]] = []

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"{projector}/state", timeout=10) as answer:
                told.append(json.loads(answer.read()))
        except OSError:
            return False
        return True

    wait_until(answers, what="the projector page")
    return told[-1]
