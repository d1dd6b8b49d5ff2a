"""Coming to an open lecture without being on any roster: code, scan, early button, own code, desk, all at once."""

from collections import Counter
from datetime import timedelta

import pytest

from bot import invariants
from bot.forum import seats
from bot.forum.models import SignUpStatus
from bot.people import service as people
from tests.support.forum_scene import FIRST
from tests.support.house import TestHouse
from tests.support.lecture_scene import GUESTS, MINUTE, START, LectureScene, build_lecture_scene

pytestmark = pytest.mark.anyio

MANY = 300


@pytest.fixture
def lecture(house: TestHouse) -> LectureScene:
    """An open lecture of twenty seats."""
    return build_lecture_scene(house)


async def test_a_guest_who_scans_the_screen_is_checked_in_on_the_own_seat(lecture: LectureScene) -> None:
    guest = lecture.guest()
    lecture.open_checkin()

    await guest.say(lecture.link())

    assert "Welcome, 来宾0000! You are checked in" in guest.last
    assert "Arrived 08:30" in guest.last
    assert lecture.arrivals() == [(START - 30 * MINUTE, "scan")]


async def test_a_guest_types_the_code_without_any_dialogue(lecture: LectureScene) -> None:
    guest = lecture.guest()
    lecture.open_checkin()

    await guest.say(lecture.code().lower())

    assert "You are checked in" in guest.last
    assert lecture.arrivals() == [(START - 30 * MINUTE, "code")]


async def test_the_first_time_stands_whatever_is_scanned_later(lecture: LectureScene) -> None:
    guest = lecture.guest()
    lecture.open_checkin()
    await guest.say(lecture.link())
    lecture.at(START + 20 * MINUTE)

    await guest.say(lecture.link())

    assert "already checked in" in guest.last
    assert lecture.arrivals() == [(START - 30 * MINUTE, "scan")]


async def test_somebody_late_is_told_by_how_much(lecture: LectureScene) -> None:
    guest = lecture.guest()
    lecture.open_checkin()
    lecture.at(START + 15 * MINUTE)

    await guest.say(lecture.link())

    assert "It began 15 minutes ago." in guest.last


async def test_an_early_guest_gets_a_button_that_works_later_and_for_nobody_else(lecture: LectureScene) -> None:
    guest, other = lecture.guest(), lecture.guest(1)
    lecture.open_checkin(START - timedelta(minutes=90))
    await guest.say(lecture.link())
    message_id, data = lecture.house.find_button(guest.id, "I am here")
    assert "Check-in opens at 08:00" in guest.last

    await guest.press("I am here")
    assert lecture.arrivals() == [(None, ""), (None, "")]
    lecture.at(START - 10 * MINUTE)
    await guest.press_data(message_id, data)
    await lecture.forge(other, data)

    assert lecture.arrivals() == [(START - 10 * MINUTE, "button"), (None, "")]


async def test_an_old_code_and_a_closed_window_are_said_and_record_nothing(lecture: LectureScene) -> None:
    guest = lecture.guest()
    lecture.open_checkin()
    old = lecture.link()
    lecture.at(START)
    await guest.say(old)
    assert "has run out" in guest.last

    lecture.at(START + timedelta(hours=5))
    await guest.say(lecture.link())

    assert "closed" in guest.last
    assert lecture.arrivals() == [(None, "")]


async def test_a_cancelled_lecture_lets_nobody_in(lecture: LectureScene) -> None:
    guest = lecture.guest()
    lecture.open_checkin()
    lecture.change_activity(cancelled_at=START)

    await guest.say(lecture.link())

    assert "cancelled" in guest.last
    assert lecture.arrivals() == [(None, "")]


async def test_a_stranger_who_just_comes_gets_a_free_seat(lecture: LectureScene) -> None:
    lecture.open_checkin()
    visitor = lecture.visitor(7, "李四")

    await visitor.say(lecture.link())

    assert "Welcome, 李四! A seat was free" in visitor.last
    assert lecture.arrivals() == [(START - 30 * MINUTE, "scan")]
    assert lecture.taken() == (1, 20)
    assert lecture.held() == 1


async def test_whoever_comes_when_every_seat_is_taken_is_told_so_and_leaves_no_trace(house: TestHouse) -> None:
    lecture = build_lecture_scene(house, seats=1)
    lecture.guest()
    lecture.open_checkin()
    visitor = lecture.visitor(7)

    await visitor.say(lecture.link())

    assert "every seat is taken" in visitor.last
    assert len(lecture.rows()) == 1
    assert lecture.taken() == (1, 1)


async def test_somebody_on_the_waiting_list_comes_in_as_soon_as_a_seat_is_free(house: TestHouse) -> None:
    lecture = build_lecture_scene(house, seats=1)
    first, second = lecture.guest(), lecture.guest(1)
    lecture.open_checkin()
    await second.say(lecture.link())
    assert "waiting list" in second.last
    signup_id = lecture.rows()[0].id or 0
    house.write(lambda s: seats.withdraw(s, signup_id=signup_id, now=house.clock.at))

    await second.say(lecture.link())

    assert "You are checked in" in second.last
    assert [row.status for row in lecture.rows()] == [SignUpStatus.WITHDRAWN, SignUpStatus.CONFIRMED]
    assert lecture.taken() == (1, 1)
    assert first.id != second.id
    assert house.read(invariants.check) == []


async def test_a_linked_person_who_is_not_on_the_roster_is_a_visitor_too(lecture: LectureScene) -> None:
    lecture.house.write(lambda s: people.open_operator(s, 4001, "赵六", START))
    lecture.open_checkin()
    person = lecture.house.person(4001, "赵六")

    await person.say(lecture.code())

    assert "Welcome, 赵六! A seat was free" in person.last
    assert [row.person_id is not None for row in lecture.rows()] == [True]


async def test_a_trainee_of_the_camp_keeps_the_ordinary_attendance(lecture: LectureScene) -> None:
    lecture.open_checkin()
    trainee = lecture.house.person(FIRST)

    await trainee.say(lecture.link())

    assert "You are checked in" in trainee.last
    assert lecture.rows() == []


async def test_a_stranger_with_a_wrong_code_hears_nothing_of_the_lecture(lecture: LectureScene) -> None:
    lecture.open_checkin()
    stranger = lecture.visitor(9)

    await stranger.say("ABC234")

    assert "do not know you yet" in stranger.last
    assert lecture.rows() == []


async def test_a_guest_who_guesses_codes_must_wait(lecture: LectureScene) -> None:
    guest = lecture.guest()
    lecture.open_checkin()

    for number in range(12):
        await guest.say(f"ABC2{number + 23:02}".replace("0", "X").replace("1", "Y"))

    assert "too often" in guest.last
    await guest.say(lecture.code())
    assert lecture.arrivals() == [(None, "")]


async def test_the_command_asks_a_guest_for_the_code(lecture: LectureScene) -> None:
    guest = lecture.guest()
    lecture.open_checkin()

    await guest.say("/checkin")

    assert "Scan the QR code on the screen" in guest.last
    assert "公开课" in guest.last


async def test_three_hundred_guests_at_once_have_exactly_one_arrival_each(house: TestHouse) -> None:
    lecture = build_lecture_scene(house, seats=MANY)
    for number in range(MANY - 50):
        lecture.guest(number)
    for number in range(MANY - 50, MANY):
        lecture.visitor(number, f"路人{number}")
    lecture.open_checkin()
    for number in range(MANY):
        house.sandbox.say(GUESTS + number, lecture.code() if number % 2 else lecture.link())
    for number in range(0, MANY, 3):
        house.sandbox.say(GUESTS + number, lecture.link())

    await house.settle()

    arrived = [row for row in lecture.rows() if row.arrived_at == START - 30 * MINUTE]
    assert Counter(row.guest_id for row in arrived).most_common(1)[0][1] == 1
    assert len(arrived) == MANY
    assert lecture.taken() == (MANY, MANY)
    assert house.read(invariants.check) == []


async def test_the_last_seats_are_never_given_twice_to_those_who_just_come(house: TestHouse) -> None:
    lecture = build_lecture_scene(house, seats=30)
    for number in range(20):
        lecture.guest(number)
    lecture.open_checkin()
    crowd = [lecture.visitor(number, f"路人{number}") for number in range(20, 120)]
    for visitor in crowd:
        house.sandbox.say(visitor.id, lecture.link())

    await house.settle()

    seated = [visitor for visitor in crowd if "A seat was free" in visitor.last]
    assert len(seated) == 10
    assert [visitor.last.count("every seat is taken") for visitor in crowd if visitor not in seated] == [1] * 90
    assert lecture.taken() == (30, 30)
    assert house.read(invariants.check) == []
