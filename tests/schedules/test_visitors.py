"""What the clock tells visitors, in a whole house: once a beginning, outside quiet hours, and nobody for ever."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.context import Installation
from bot.forum.models import SignUp, SignUpStatus
from bot.guests.models import Guest
from bot.people import service as people
from bot.preferences import service as preferences
from bot.preferences.rules import QuietHours
from bot.registry import READINGS, renderers
from handlers import register
from schedules.invitations import forget_guests
from tests.support.forum_scene import FIRST, SUNDAY
from tests.support.house import OPERATOR, TestHouse, build_house
from tests.support.lecture_clock import gone, said, tick
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
