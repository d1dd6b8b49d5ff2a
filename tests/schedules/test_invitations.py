"""What the clock does for speakers and visitors, in a whole house: said once, in time, to the right ones."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import invariants
from bot.context import Installation
from bot.forum import invitation_links, seats
from bot.forum.models import Invitation, InvitationStatus, SignUp, SignUpStatus
from bot.guests.models import Guest
from bot.people import service as people
from bot.preferences import service as preferences
from bot.preferences.rules import QuietHours
from bot.registry import READINGS, renderers
from handlers import register
from schedules.invitations import forget_guests, push_invitations, push_visitors
from tests.support.forum_scene import COORDINATOR, FIRST, SUNDAY
from tests.support.house import OPERATOR, Person, TestHouse, build_house
from tests.support.lecture_scene import GUESTS, MINUTE, START, LectureScene, build_lecture_scene

pytestmark = pytest.mark.anyio

SPEAKER = 7001
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
UNTIL = SUNDAY + DAY + 9 * HOUR
"""Nine in the evening on Monday, which is what the button of Monday means."""


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[TestHouse]:
    """A house with every handler and renderer."""
    made = renderers(Installation("camp_bot", frozenset({OPERATOR})))
    built = await build_house(database_url, register, renderers=dict(made), readings=dict(READINGS))
    yield built
    built.database.close()


async def tick(scene: LectureScene, at: Any) -> int:
    """Let the clock come to an instant and the passes run, twice, so that what is said twice is seen."""
    scene.at(at)
    done = await push_invitations(scene.house.turns) + await push_visitors(scene.house.turns)
    await push_invitations(scene.house.turns)
    await push_visitors(scene.house.turns)
    await scene.house.settle()
    return done


def said(person: Person, words: str) -> int:
    """How many messages of the bot have these words."""
    return sum(words in (one.get("text") or "") for one in person.chat if one["from"]["is_bot"])


def gone(scene: LectureScene, signup_id: int) -> None:
    """Give a place up on another screen."""
    scene.house.write(lambda s: seats.withdraw(s, signup_id=signup_id, now=scene.house.clock.at))


@pytest.fixture
async def forum(house: TestHouse) -> LectureScene:
    """A forum to which one speaker is invited by Monday evening, and one is in reserve."""
    scene = build_lecture_scene(house, seats=0, template="invited")
    boss = house.person(COORDINATOR)
    for name, answer in (("李书记", "Dec 7"), ("周书记", "reserve list")):
        await scene.forge(boss, f"invite:new:{scene.call_id}")
        await boss.say(name)
        await boss.press("Skip")
        await boss.press("Skip")
        await boss.press("Any slot")
        await boss.press(answer)
    return scene


async def open_link(scene: LectureScene) -> Person:
    """The speaker opens the link."""
    speaker = scene.house.person(SPEAKER)
    payload = scene.house.write(lambda s: invitation_links.payload_of(s, 1, 1))
    await speaker.say(f"/start {payload}")
    return speaker


async def test_a_speaker_who_opened_the_link_is_reminded_once_with_buttons_that_work(forum: LectureScene) -> None:
    speaker, boss = await open_link(forum), forum.house.person(COORDINATOR)
    await tick(forum, UNTIL - 40 * HOUR)
    assert said(speaker, "May we ask for your answer") == 0

    await tick(forum, UNTIL - 11 * HOUR)
    await tick(forum, UNTIL - 10 * HOUR)

    assert said(speaker, "May we ask for your answer") == 1
    assert said(boss, "has not answered yet") == 1
    assert "I have reminded them." in boss.last
    await speaker.press("I will come")
    assert forum.invitations()[0].status == InvitationStatus.ACCEPTED


async def test_where_the_link_was_never_opened_the_coordinator_is_asked_to_pass_it_on(forum: LectureScene) -> None:
    await tick(forum, UNTIL - 11 * HOUR)

    assert "The link has not been opened, so I cannot write to them" in forum.house.person(COORDINATOR).last


async def test_an_answer_time_that_runs_out_frees_the_slot_and_names_the_next(forum: LectureScene) -> None:
    speaker, boss = await open_link(forum), forum.house.person(COORDINATOR)

    await tick(forum, UNTIL + MINUTE)

    assert forum.invitations()[0].status == InvitationStatus.EXPIRED
    assert said(speaker, "The answer time is over") == 1
    assert said(boss, "has not answered in time") == 1
    assert "周书记" in boss.last
    await speaker.press("I will come")
    assert "The answer time is over" in speaker.last
    assert forum.rows() == []


async def test_a_yes_and_the_end_of_the_answer_time_in_the_same_second_go_one_way(forum: LectureScene) -> None:
    speaker = await open_link(forum)
    forum.at(UNTIL)
    _, data = forum.house.find_button(SPEAKER, "I will come")
    forum.house.sandbox.press(SPEAKER, forum.house.find_button(SPEAKER, "I will come")[0], data)

    await tick(forum, UNTIL)

    assert forum.invitations()[0].status == InvitationStatus.EXPIRED
    assert forum.rows() == []
    assert said(speaker, "we look forward to you") == 0


async def test_a_held_slot_runs_out_on_the_day_that_was_named(forum: LectureScene) -> None:
    speaker = await open_link(forum)
    await speaker.press("I need time")
    await speaker.press("Dec 7")

    await tick(forum, UNTIL - MINUTE)
    before = forum.invitations()[0].status
    await tick(forum, UNTIL)

    assert (before, forum.invitations()[0].status) == (InvitationStatus.HELD, InvitationStatus.EXPIRED)


async def test_a_place_given_up_on_the_forums_own_page_is_told_to_the_coordinator(forum: LectureScene) -> None:
    speaker = await open_link(forum)
    await speaker.press("I will come")
    gone(forum, forum.rows()[0].id or 0)

    await tick(forum, SUNDAY + HOUR)

    assert forum.invitations()[0].status == InvitationStatus.WITHDRAWN
    assert said(forum.house.person(COORDINATOR), "has withdrawn") == 1
    assert forum.house.read(invariants.check) == []


async def test_speakers_are_thanked_the_morning_after_and_only_once(forum: LectureScene) -> None:
    speaker = await open_link(forum)
    await speaker.press("I will come")
    await tick(forum, START + 13 * HOUR)
    assert said(speaker, "Thank you for speaking") == 0

    await tick(forum, START + DAY + HOUR)
    await tick(forum, START + DAY + 5 * HOUR)

    assert said(speaker, "Thank you for speaking at") == 1
    assert forum.invitations()[0].thanked_at is not None


async def test_one_press_thanks_at_once_and_the_clock_does_not_repeat_it(forum: LectureScene) -> None:
    speaker, boss = await open_link(forum), forum.house.person(COORDINATOR)
    await speaker.press("I will come")
    forum.at(START + 3 * HOUR)
    await forum.forge(boss, f"invite:list:{forum.call_id}:0")

    await boss.press("Thank all who spoke")
    await tick(forum, START + DAY + HOUR)

    assert said(speaker, "Thank you for speaking at") == 1


async def test_nobody_is_woken_at_night_to_answer(forum: LectureScene) -> None:
    speaker = await open_link(forum)
    night = SUNDAY + 12 * HOUR
    forum.house.write(lambda s: _answer_by(s, night + 10 * HOUR))

    await tick(forum, night)
    at_night = said(speaker, "May we ask for your answer")
    await tick(forum, night + 7 * HOUR + MINUTE)

    assert (at_night, said(speaker, "May we ask for your answer")) == (0, 1)


def _answer_by(session: Any, until: Any) -> None:
    table: Any = Invitation.__table__  # type: ignore[attr-defined]
    session.connection().execute(table.update().where(table.c.id == 1).values(answer_until=until))


@pytest.fixture
async def lecture(house: TestHouse) -> LectureScene:
    """An open lecture with three guests who have written to the bot, one of them without a seat."""
    scene = build_lecture_scene(house, seats=2)
    for number in range(3):
        await scene.guest(number).say("/help")
    return scene


async def test_the_evening_before_and_an_hour_before_go_to_those_with_a_seat_once(lecture: LectureScene) -> None:
    first, second, waiting = (lecture.house.person(GUESTS + number) for number in range(3))
    await tick(lecture, START - 16 * HOUR)
    assert said(first, "Tomorrow") == 0

    await tick(lecture, START - 15 * HOUR)
    await tick(lecture, START - 14 * HOUR)
    await tick(lecture, START - HOUR)
    await tick(lecture, START - 30 * MINUTE)

    assert [said(one, "Tomorrow:") for one in (first, second, waiting)] == [1, 1, 0]
    assert [said(one, "At 09:00:") for one in (first, second, waiting)] == [1, 1, 0]


async def test_a_lecture_that_moves_is_told_anew(lecture: LectureScene) -> None:
    guest = lecture.house.person(GUESTS)
    await tick(lecture, START - 15 * HOUR)
    lecture.change_activity(starts_at=START + DAY, ends_at=START + DAY + 2 * HOUR)

    await tick(lecture, START + DAY - 15 * HOUR)

    assert said(guest, "Tomorrow:") == 2


async def test_a_reminder_missed_for_too_long_is_passed_over(lecture: LectureScene) -> None:
    guest = lecture.house.person(GUESTS)

    await tick(lecture, START - 3 * HOUR)
    await tick(lecture, START + HOUR)

    assert said(guest, "Tomorrow:") == 0
    assert said(guest, "At 09:00:") == 0


async def test_an_hour_before_an_early_lecture_waits_for_the_morning(lecture: LectureScene) -> None:
    starts = START - 90 * MINUTE
    lecture.change_activity(starts_at=starts, ends_at=starts + HOUR)
    guest = lecture.house.person(GUESTS)

    await tick(lecture, starts - HOUR)
    asleep = said(guest, "it begins soon")
    await tick(lecture, starts - 29 * MINUTE)

    assert (asleep, said(guest, "it begins soon")) == (0, 1)


async def test_a_visitor_of_the_house_has_quiet_hours_of_their_own(lecture: LectureScene) -> None:
    house = lecture.house
    lecture.open_checkin(START - 45 * MINUTE)
    house.write(lambda s: people.open_operator(s, 4001, "赵六", START))
    person = house.person(4001, "赵六")
    await person.say("/help")
    person_id = house.read(lambda s: people.find_speaker(s, 4001).person_id)  # type: ignore[union-attr]
    gone(lecture, lecture.rows()[0].id or 0)
    gone(lecture, lecture.rows()[2].id or 0)
    await person.say(lecture.link())
    house.write(lambda s: preferences.set_quiet_hours(s, person_id=person_id, hours=QuietHours(6 * 60, 8 * 60 + 50)))

    await tick(lecture, START - 30 * MINUTE)
    asleep = said(person, "it begins soon")
    await tick(lecture, START - 9 * MINUTE)

    assert (asleep, said(person, "it begins soon")) == (0, 1)


async def test_those_who_came_are_thanked_and_nobody_else(lecture: LectureScene) -> None:
    came, stayed = lecture.house.person(GUESTS), lecture.house.person(GUESTS + 1)
    lecture.open_checkin()
    await came.say(lecture.link())

    await tick(lecture, START + 3 * HOUR)
    await tick(lecture, START + 4 * HOUR)

    assert (said(came, "Thank you for coming"), said(stayed, "Thank you for coming")) == (1, 0)


async def test_a_trainee_with_a_seat_is_reminded_by_the_timetable_alone(lecture: LectureScene) -> None:
    trainee = lecture.house.person(FIRST)
    await trainee.say("/help")
    person_id = lecture.house.read(lambda s: people.find_speaker(s, FIRST).person_id)  # type: ignore[union-attr]
    lecture.house.write(lambda s: _seat_person(s, lecture, person_id))

    await tick(lecture, START - 15 * HOUR)

    assert said(trainee, "Tomorrow:") == 0


def _seat_person(session: Any, lecture: LectureScene, person_id: int) -> None:
    row = SignUp(
        call_id=lecture.call_id,
        person_id=person_id,
        part="listener",
        status=SignUpStatus.CONFIRMED,
        signed_at=SUNDAY,
    )
    session.add(row)


async def test_guests_are_forgotten_ninety_days_after_their_last_event(lecture: LectureScene) -> None:
    lecture.at(START + 90 * DAY)
    early = await forget_guests(lecture.house.turns)
    lecture.at(START + 91 * DAY)

    late = [await forget_guests(lecture.house.turns) for _ in range(2)]

    names = lecture.house.read(lambda s: s.connection().execute(select(Guest.__table__.c.name)).scalars().all())  # type: ignore[attr-defined]
    assert (early, late) == (0, [3, 0])
    assert set(names) == {""}
    assert lecture.taken() == (2, 2)
