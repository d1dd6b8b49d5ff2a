import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.forum import offers, seats
from bot.forum.models import SignUpStatus
from bot.forum.offers import ACTIVITY, Answered, Reply, Why
from bot.forum.pools import CALL
from bot.invariants import check
from tests.support.house import MONDAY
from tests.support.seats_scene import HOUR, MINUTE, STARTS, SeatsCamp

Build = Callable[..., SeatsCamp]
CONFIRMED, OFFERED, RESERVE = SignUpStatus.CONFIRMED, SignUpStatus.OFFERED, SignUpStatus.RESERVE
WITHDRAWN, NOT_CHOSEN = SignUpStatus.WITHDRAWN, SignUpStatus.NOT_CHOSEN
UNTIL = MONDAY + 2 * HOUR


def offered_camp(build: Build, people: int = 4) -> SeatsCamp:
    """One seat, just left by number 0 and offered to number 1; the others wait."""
    camp = build(seats=1, people=people)
    for number in range(people):
        camp.sign(number)
    camp.withdraw(0)
    return camp


def accept(camp: SeatsCamp, number: int, at: datetime = MONDAY) -> Answered:
    signup_id = camp.signup(number)
    return camp.do(lambda s: offers.accept(s, signup_id=signup_id, now=at))


def decline(camp: SeatsCamp, number: int, at: datetime = MONDAY) -> Answered:
    signup_id = camp.signup(number)
    return camp.do(lambda s: offers.decline(s, signup_id=signup_id, now=at))


def expire_due(camp: SeatsCamp, at: datetime) -> list[Answered | None]:
    due = camp.see(lambda s: list(offers.due(s, at, 100)))
    return [camp.do(lambda s, one=one: offers.expire_one(s, one, at)) for one in due]  # type: ignore[misc]


def test_an_offer_waits_as_long_as_the_call_says(build: Build) -> None:
    camp = offered_camp(build)

    assert camp.standing(1).until == UNTIL


def test_who_accepts_is_confirmed(build: Build) -> None:
    camp = offered_camp(build)

    answered = accept(camp, 1, UNTIL - MINUTE)

    assert (answered.reply, answered.is_news) == (Reply.ACCEPTED, True)
    assert camp.statuses(4) == [WITHDRAWN, CONFIRMED, RESERVE, RESERVE]
    assert camp.pool() == (1, 1, 1)


def test_accepting_twice_changes_nothing(build: Build) -> None:
    camp = offered_camp(build)
    accept(camp, 1)

    again = accept(camp, 1)

    assert (again.reply, again.is_news) == (Reply.ACCEPTED, False)
    assert camp.pool() == (1, 1, 1)


def test_who_declines_passes_the_place_to_the_next(build: Build) -> None:
    camp = offered_camp(build)

    answered = decline(camp, 1)

    assert [one.person_id for one in answered.offered] == [camp.people[2]]
    assert camp.statuses(4) == [WITHDRAWN, WITHDRAWN, OFFERED, RESERVE]


def test_declining_twice_passes_one_place(build: Build) -> None:
    camp = offered_camp(build)
    decline(camp, 1)

    again = decline(camp, 1)

    assert (again.reply, again.is_news, again.offered) == (Reply.DECLINED, False, ())


def test_an_offer_that_runs_out_goes_to_the_next_and_says_why(build: Build) -> None:
    camp = offered_camp(build)

    (answered,) = expire_due(camp, UNTIL)

    assert answered is not None
    assert [one.person_id for one in answered.offered] == [camp.people[2]]
    assert (camp.standing(1).status, camp.standing(1).reason) == (NOT_CHOSEN, Why.EXPIRED)
    assert camp.standing(2).until == UNTIL + 2 * HOUR


def test_offers_follow_each_other_until_nobody_waits(build: Build) -> None:
    camp = offered_camp(build)

    for hours in (2, 4, 6):
        expire_due(camp, MONDAY + hours * HOUR)

    assert camp.statuses(4) == [WITHDRAWN, NOT_CHOSEN, NOT_CHOSEN, NOT_CHOSEN]
    assert camp.pool() == (0, 1, 1)


def test_an_offer_does_not_run_out_early(build: Build) -> None:
    camp = offered_camp(build)

    assert expire_due(camp, UNTIL - timedelta(microseconds=1)) == []


def test_who_answers_at_the_very_end_is_too_late(build: Build) -> None:
    camp = offered_camp(build)

    answered = accept(camp, 1, UNTIL)

    assert (answered.reply, answered.is_news) == (Reply.TOO_LATE, True)
    assert camp.statuses(4) == [WITHDRAWN, NOT_CHOSEN, OFFERED, RESERVE]


def test_who_answers_after_it_ran_out_is_told_so_and_nothing_happens(build: Build) -> None:
    camp = offered_camp(build)
    expire_due(camp, UNTIL)

    answered = accept(camp, 1, UNTIL)

    assert (answered.reply, answered.is_news, answered.offered) == (Reply.TOO_LATE, False, ())
    assert camp.statuses(4) == [WITHDRAWN, NOT_CHOSEN, OFFERED, RESERVE]


def test_who_missed_an_offer_can_wait_again_at_the_end_of_the_list(build: Build) -> None:
    camp = offered_camp(build)
    expire_due(camp, UNTIL)
    signup_id = camp.signup(1)

    standings = [camp.do(lambda s: seats.rejoin(s, signup_id=signup_id, now=UNTIL)) for _ in range(2)]

    assert [(one.status, one.number) for one in standings] == [(RESERVE, 2), (RESERVE, 2)]
    assert camp.statuses(4) == [WITHDRAWN, RESERVE, OFFERED, RESERVE]


def test_who_missed_an_offer_and_nobody_waits_gets_the_place(build: Build) -> None:
    camp = offered_camp(build, people=2)
    expire_due(camp, UNTIL)
    signup_id = camp.signup(1)

    standing = camp.do(lambda s: seats.rejoin(s, signup_id=signup_id, now=UNTIL))

    assert standing.status == CONFIRMED


def test_who_was_declined_or_comes_after_the_beginning_does_not_wait_again(build: Build) -> None:
    camp = offered_camp(build)
    decline(camp, 1)
    expire_due(camp, UNTIL)
    declined, late = camp.signup(1), camp.signup(2)

    assert camp.do(lambda s: seats.rejoin(s, signup_id=declined, now=UNTIL)).status == WITHDRAWN
    assert camp.do(lambda s: seats.rejoin(s, signup_id=late, now=STARTS)).status == NOT_CHOSEN


def test_who_was_offered_nothing_cannot_accept(build: Build) -> None:
    camp = offered_camp(build)

    assert accept(camp, 3).reply == Reply.NOT_OFFERED
    assert camp.pool() == (1, 1, 1)


def test_who_withdraws_from_an_offer_passes_it_on(build: Build) -> None:
    camp = offered_camp(build)

    moved = camp.withdraw(1)

    assert [one.person_id for one in moved.offered] == [camp.people[2]]


def test_offers_of_a_cancelled_call_rest_and_go_on_when_it_is_taken_up_again(build: Build) -> None:
    camp = offered_camp(build)
    camp.change(CALL, status="cancelled")
    while_off = expire_due(camp, UNTIL)
    camp.change(CALL, status="published")

    expire_due(camp, UNTIL)

    assert while_off == []
    assert camp.statuses(4) == [WITHDRAWN, NOT_CHOSEN, OFFERED, RESERVE]


def test_a_place_that_became_free_while_a_call_was_off_is_found(build: Build) -> None:
    camp = build(seats=1)
    camp.sign(0)
    camp.sign(1)
    camp.change(CALL, status="cancelled")
    camp.withdraw(0)
    camp.change(CALL, status="published")

    (idle,) = camp.see(lambda s: list(offers.idle(s, MONDAY, 10)))
    filled = camp.do(lambda s: offers.fill(s, *idle, MONDAY))

    assert [one.person_id for one in filled] == [camp.people[1]]
    assert camp.see(lambda s: list(offers.idle(s, MONDAY, 10))) == []


def test_close_to_the_beginning_the_answer_time_is_short(build: Build) -> None:
    camp = build(seats=1)
    camp.sign(0)
    camp.sign(1)

    camp.withdraw(0, at=STARTS - HOUR)

    assert camp.standing(1).until == STARTS - 45 * MINUTE


def test_an_activity_that_moves_nearer_ends_its_offers_when_it_begins(build: Build) -> None:
    camp = offered_camp(build)
    camp.change(ACTIVITY, starts_at=MONDAY + HOUR)

    moved = camp.withdraw(1, at=MONDAY + HOUR)

    assert moved.offered == ()


@pytest.mark.parametrize("turn", range(10))
def test_accept_and_expiry_in_the_same_second_go_one_way(build: Build, turn: int) -> None:
    camp = offered_camp(build)
    signup_id = camp.signup(1)
    other = Database(str(camp.database.url.render_as_string(hide_password=False)))
    gate = threading.Barrier(2)
    found: dict[str, Answered | None] = {}

    def answer() -> None:
        gate.wait()
        at = UNTIL - timedelta(microseconds=1)
        found["answer"] = camp.database.write_now(lambda s: offers.accept(s, signup_id=signup_id, now=at))

    def run_out() -> None:
        gate.wait()
        found["end"] = other.write_now(lambda s: offers.expire_one(s, signup_id, UNTIL))

    threads = [threading.Thread(target=work) for work in ((answer, run_out), (run_out, answer))[turn % 2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()

    answered = found["answer"]
    is_accepted = answered is not None and answered.reply == Reply.ACCEPTED
    assert (found["end"] is None) == is_accepted
    assert camp.standing(1).status == (CONFIRMED if is_accepted else NOT_CHOSEN)
    assert camp.standing(2).status == (RESERVE if is_accepted else OFFERED)
    assert camp.pool() == (1, 1, 1)
    assert camp.see(check) == []


def test_two_who_withdraw_at_once_make_two_offers(build: Build) -> None:
    camp = build(seats=2, people=6)
    for number in range(6):
        camp.sign(number)
    other = Database(str(camp.database.url.render_as_string(hide_password=False)))
    gate = threading.Barrier(2)

    def leave(database: Database, signup_id: int) -> None:
        gate.wait()
        database.write_now(lambda s: seats.withdraw(s, signup_id=signup_id, now=MONDAY))

    pairs = zip((camp.database, other), (camp.signup(0), camp.signup(1)), strict=True)
    threads = [threading.Thread(target=leave, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()

    assert camp.statuses(6) == [WITHDRAWN, WITHDRAWN, OFFERED, OFFERED, RESERVE, RESERVE]
    assert camp.pool() == (2, 2, 2)


def test_everything_survives_a_restart(build: Build) -> None:
    camp = offered_camp(build)
    camp.database.connect().dispose()

    (answered,) = expire_due(camp, UNTIL)

    assert answered is not None
    assert camp.statuses(4) == [WITHDRAWN, NOT_CHOSEN, OFFERED, RESERVE]
    assert camp.see(lambda s: s.connection().execute(select(CALL.c.id)).scalars().all()) == [camp.call_id]
