from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from bot.errors import Gone
from bot.forum import seats
from bot.forum.models import Choice, Part, SignUp, SignUpStatus
from bot.forum.pools import CALL, SIGNUP
from tests.support.house import MONDAY
from tests.support.seats_scene import HOUR, MINUTE, STARTS, SeatsCamp

Build = Callable[..., SeatsCamp]
CONFIRMED, OFFERED, RESERVE = SignUpStatus.CONFIRMED, SignUpStatus.OFFERED, SignUpStatus.RESERVE


def test_the_first_come_get_the_seats_and_the_others_a_number_on_the_reserve_list(build: Build) -> None:
    camp = build(seats=2)

    standings = [camp.sign(number) for number in range(4)]

    assert [one.status for one in standings] == [CONFIRMED, CONFIRMED, RESERVE, RESERVE]
    assert [one.number for one in standings] == [0, 0, 1, 2]
    assert camp.pool() == (2, 2, 2)


def test_settling_twice_takes_one_place(build: Build) -> None:
    camp = build(seats=3)
    first = camp.sign(0)

    second = camp.do(lambda s: seats.settle(s, signup_id=first.signup_id, now=MONDAY))

    assert second == first
    assert camp.pool() == (1, 3, 3)


def test_a_confirmed_speaker_gets_the_first_free_slot_and_is_told_about_when(build: Build) -> None:
    camp = build()

    first, second = (camp.sign(number, part=Part.SPEAKER) for number in range(2))

    assert (first.slot, first.about) == (1, STARTS + 10 * MINUTE)
    assert (second.slot, second.about) == (2, STARTS + 20 * MINUTE)


def test_a_listener_has_no_slot(build: Build) -> None:
    standing = build().sign(0)

    assert (standing.slot, standing.about) == (None, None)


@pytest.mark.parametrize("choice", [Choice.COORDINATOR, Choice.DRAW])
def test_speakers_wait_for_draw_or_choice_and_listeners_do_not(build: Build, choice: Choice) -> None:
    camp = build(choice=choice)

    speaker, listener = camp.sign(0, part=Part.SPEAKER), camp.sign(1)

    assert speaker.status == SignUpStatus.PENDING
    assert listener.status == CONFIRMED
    assert camp.pool(Part.SPEAKER) == (0, 3, 3)


def test_who_signs_up_after_the_draw_is_answered_at_once(build: Build) -> None:
    camp = build(choice=Choice.DRAW)
    camp.change(CALL, status="settled")

    assert camp.sign(0, part=Part.SPEAKER).status == CONFIRMED


def test_a_withdrawal_offers_the_place_to_the_next_reserve_and_the_others_move_up(build: Build) -> None:
    camp = build(seats=1)
    for number in range(3):
        camp.sign(number)

    moved = camp.withdraw(0)

    assert [one.person_id for one in moved.offered] == [camp.people[1]]
    assert camp.statuses(3) == [SignUpStatus.WITHDRAWN, OFFERED, RESERVE]
    assert camp.standing(2).number == 1
    assert camp.pool() == (1, 1, 1)


def test_withdrawing_twice_frees_one_place(build: Build) -> None:
    camp = build(seats=2)
    camp.sign(0)
    camp.sign(1)
    camp.withdraw(0)

    again = camp.withdraw(0)

    assert (again.is_news, again.offered) == (False, ())
    assert camp.pool() == (1, 2, 2)


def test_a_reserve_who_withdraws_frees_no_place(build: Build) -> None:
    camp = build(seats=1)
    for number in range(3):
        camp.sign(number)

    moved = camp.withdraw(1)

    assert (moved.was, moved.offered) == (RESERVE, ())
    assert camp.pool() == (1, 1, 1)
    assert camp.standing(2).number == 1


def test_a_speaker_who_withdraws_leaves_the_slot(build: Build) -> None:
    camp = build()
    camp.sign(0, part=Part.SPEAKER)
    camp.sign(1, part=Part.SPEAKER)

    camp.withdraw(0)

    assert camp.slots() == [None, None, camp.signup(1), None]


def test_who_comes_back_stands_at_the_end_of_the_list(build: Build) -> None:
    camp = build(seats=1)
    for number in range(3):
        camp.sign(number)
    camp.withdraw(1)

    back = camp.sign(1)

    assert (back.status, back.number) == (RESERVE, 2)
    assert camp.see(lambda s: s.connection().execute(select(func.count()).select_from(SIGNUP)).scalar_one()) == 3


def test_nothing_is_offered_once_the_activity_has_begun(build: Build) -> None:
    camp = build(seats=1)
    camp.sign(0)
    camp.sign(1)

    moved = camp.withdraw(0, at=STARTS)

    assert moved.offered == ()
    assert camp.pool() == (0, 1, 1)


def test_of_two_pools_one_does_not_touch_the_other(build: Build) -> None:
    camp = build(seats=1, slots=1)
    camp.sign(0, part=Part.SPEAKER)

    assert camp.sign(1).status == CONFIRMED
    assert (camp.pool(Part.SPEAKER), camp.pool()) == ((1, 1, 1), (1, 1, 1))


def test_an_unknown_sign_up_is_gone(build: Build) -> None:
    camp = build()

    with pytest.raises(Gone):
        camp.do(lambda s: seats.withdraw(s, signup_id=99, now=MONDAY))
    with pytest.raises(Gone):
        camp.do(lambda s: seats.settle(s, signup_id=99, now=MONDAY))


def test_a_row_that_the_session_knows_is_read_anew(build: Build) -> None:
    camp = build(seats=1)
    camp.sign(0)

    def work(session: object) -> str:
        signup = session.get(SignUp, camp_signup)  # type: ignore[attr-defined]
        assert signup.status == CONFIRMED
        seats.withdraw(session, signup_id=camp_signup, now=MONDAY + HOUR)  # type: ignore[arg-type]
        return str(signup.status)

    camp_signup = camp.signup(0)

    assert camp.do(work) == SignUpStatus.WITHDRAWN
