from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.audit.models import Change
from bot.errors import NotAllowed
from bot.forum import choosing, closing, entrants
from bot.forum.capacity import AlreadyTaken
from bot.forum.choosing import (
    LONGEST,
    Finished,
    Mark,
    NeedsReason,
    NoPlaceLeft,
    NothingToChoose,
    StillOpen,
    TooManyChosen,
)
from bot.forum.models import Choice, Part, SignUpStatus
from bot.forum.offers import Reply, Why
from bot.forum.pools import CALL
from bot.invariants import check
from tests.support.house import MONDAY
from tests.support.seats_scene import HOUR, STARTS, SeatsCamp, sign_guest

Build = Callable[..., SeatsCamp]
CHANGE = Change.__table__  # type: ignore[attr-defined]
CONFIRMED, OFFERED, RESERVE = SignUpStatus.CONFIRMED, SignUpStatus.OFFERED, SignUpStatus.RESERVE
PENDING, NOT_CHOSEN = SignUpStatus.PENDING, SignUpStatus.NOT_CHOSEN
CLOSED = MONDAY + 24 * HOUR


def choosing_camp(build: Build, people: int = 5, slots: int = 2) -> SeatsCamp:
    """So many who want to speak, and a coordinator who chooses."""
    camp = build(slots=slots, people=people, choice=Choice.COORDINATOR)
    for number in range(people):
        camp.sign(number, part=Part.SPEAKER)
    return camp


def settled_camp(build: Build) -> SeatsCamp:
    """0 and 1 are confirmed, 2 and 3 wait, 4 has been declined."""
    camp = choosing_camp(build)
    mark(camp, 0, Mark.CHOSEN)
    mark(camp, 1, Mark.CHOSEN)
    mark(camp, 4, Mark.DECLINED)
    finish(camp)
    return camp


def mark(camp: SeatsCamp, number: int, to: Mark | None, reason: str | None = None) -> None:
    signup_id = camp.signup(number)
    given: dict[str, Any] = {
        "speaker": camp.coordinator,
        "signup_id": signup_id,
        "to": to,
        "reason": reason,
        "now": MONDAY,
    }
    camp.do(lambda s: choosing.mark(s, **given))


def finish(camp: SeatsCamp) -> Finished:
    return camp.do(lambda s: choosing.finish(s, speaker=camp.coordinator, call_id=camp.call_id, now=CLOSED))


def decide(
    camp: SeatsCamp, step: Callable[..., Any], number: int, reason: str = "She must leave early.", **more: Any
) -> Any:
    given: dict[str, Any] = {
        "speaker": camp.coordinator,
        "signup_id": camp.signup(number),
        "reason": reason,
        "now": CLOSED,
        **more,
    }
    return camp.do(lambda s: step(s, **given))


def test_marks_tell_nobody_anything(build: Build) -> None:
    camp = choosing_camp(build)

    mark(camp, 0, Mark.CHOSEN)
    mark(camp, 1, Mark.DECLINED)

    assert camp.statuses(5) == [PENDING] * 5
    assert camp.pool(Part.SPEAKER) == (0, 2, 2)


def test_at_the_end_every_entrant_has_an_answer(build: Build) -> None:
    camp = choosing_camp(build)
    mark(camp, 3, Mark.CHOSEN)
    mark(camp, 1, Mark.CHOSEN)
    mark(camp, 4, Mark.RESERVE)
    mark(camp, 0, Mark.DECLINED, "Another of your unit speaks.")

    finished = finish(camp)

    assert camp.statuses(5) == [NOT_CHOSEN, CONFIRMED, RESERVE, CONFIRMED, RESERVE]
    assert (camp.standing(4).number, camp.standing(2).number) == (1, 2)
    assert camp.standing(0).reason == "Another of your unit speaks."
    assert {one.signup_id for one in finished.answers} == {camp.signup(number) for number in range(5)}
    assert camp.see(check) == []


def test_who_is_declined_without_a_reason_gets_an_honest_one(build: Build) -> None:
    camp = settled_camp(build)

    assert camp.standing(4).reason == Why.MORE_THAN_PLACES


def test_a_mark_can_be_taken_away(build: Build) -> None:
    camp = choosing_camp(build)
    mark(camp, 0, Mark.DECLINED)
    mark(camp, 0, None)

    finish(camp)

    assert camp.standing(0).status == RESERVE


def test_more_chosen_than_places_answers_nobody(build: Build) -> None:
    camp = choosing_camp(build)
    for number in range(3):
        mark(camp, number, Mark.CHOSEN)

    with pytest.raises(TooManyChosen):
        finish(camp)

    assert camp.statuses(5) == [PENDING] * 5


def test_nobody_is_answered_while_sign_up_is_open(build: Build) -> None:
    camp = choosing_camp(build)

    with pytest.raises(StillOpen):
        camp.do(lambda s: choosing.finish(s, speaker=camp.coordinator, call_id=camp.call_id, now=MONDAY))


def test_the_choice_is_made_once(build: Build) -> None:
    camp = settled_camp(build)

    with pytest.raises(NothingToChoose):
        finish(camp)
    with pytest.raises(NothingToChoose):
        mark(camp, 2, Mark.CHOSEN)


def test_who_withdrew_before_the_choice_stays_withdrawn(build: Build) -> None:
    camp = choosing_camp(build)
    mark(camp, 0, Mark.CHOSEN)
    camp.withdraw(0)

    finish(camp)

    assert camp.standing(0).status == SignUpStatus.WITHDRAWN
    assert camp.pool(Part.SPEAKER) == (0, 2, 2)


def test_a_place_that_the_choice_left_free_can_be_given(build: Build) -> None:
    camp = choosing_camp(build)
    mark(camp, 0, Mark.CHOSEN)
    finish(camp)

    decided = decide(camp, choosing.give, 3)

    assert (decided.was, camp.standing(3).status, camp.standing(3).slot) == (RESERVE, CONFIRMED, 2)
    assert camp.standing(3).reason == "She must leave early."


def test_a_place_cannot_be_given_where_none_is_left(build: Build) -> None:
    camp = settled_camp(build)

    with pytest.raises(NoPlaceLeft):
        decide(camp, choosing.give, 3)


def test_who_was_declined_can_still_be_given_a_place(build: Build) -> None:
    camp = settled_camp(build)
    camp.withdraw(0, at=CLOSED)
    camp.withdraw(2, at=CLOSED)
    camp.withdraw(3, at=CLOSED)

    decide(camp, choosing.give, 4)

    assert camp.standing(4).status == CONFIRMED


def test_who_has_been_offered_a_place_is_confirmed_on_that_one(build: Build) -> None:
    camp = settled_camp(build)
    camp.withdraw(0, at=CLOSED)

    decide(camp, choosing.give, 2)

    assert camp.standing(2).status == CONFIRMED
    assert camp.pool(Part.SPEAKER) == (2, 2, 2)


def test_two_people_change_places_and_the_slot_goes_along(build: Build) -> None:
    camp = settled_camp(build)

    changed = decide(camp, choosing.exchange, 3, instead_of=camp.signup(0))

    assert camp.statuses(5) == [RESERVE, CONFIRMED, RESERVE, CONFIRMED, NOT_CHOSEN]
    assert (camp.standing(0).number, camp.standing(3).slot) == (1, 1)
    assert (changed.into.status, changed.out.status) == (CONFIRMED, RESERVE)
    assert camp.pool(Part.SPEAKER) == (2, 2, 2)


def test_people_of_different_parts_do_not_change_places(build: Build) -> None:
    camp = settled_camp(build)
    listener = sign_guest(camp, 7001, "陈安")

    with pytest.raises(AlreadyTaken):
        decide(camp, choosing.exchange, 3, instead_of=listener)


def test_a_place_that_is_taken_away_goes_to_the_next_with_the_reason_kept(build: Build) -> None:
    camp = settled_camp(build)

    decided = decide(camp, choosing.drop, 0)

    assert [one.person_id for one in decided.offered] == [camp.people[2]]
    assert (camp.standing(0).status, camp.standing(0).reason) == (NOT_CHOSEN, "She must leave early.")


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * (LONGEST + 1)])
@pytest.mark.parametrize("step", [choosing.give, choosing.drop])
def test_a_single_decision_needs_a_reason(build: Build, step: Callable[..., Any], reason: str) -> None:
    camp = settled_camp(build)

    with pytest.raises(NeedsReason):
        decide(camp, step, 2, reason)


def test_nobody_who_has_withdrawn_is_decided_about(build: Build) -> None:
    camp = settled_camp(build)
    camp.withdraw(2, at=CLOSED)

    with pytest.raises(AlreadyTaken):
        decide(camp, choosing.give, 2)
    with pytest.raises(AlreadyTaken):
        decide(camp, choosing.drop, 2)


@pytest.mark.parametrize(("accepts", "status"), [(True, CONFIRMED), (False, SignUpStatus.WITHDRAWN)])
def test_a_coordinator_answers_for_somebody_asked_by_phone(build: Build, accepts: bool, status: str) -> None:
    camp = settled_camp(build)
    camp.withdraw(0, at=CLOSED)
    signup_id = camp.signup(2)

    answered = camp.do(
        lambda s: choosing.answer_for(s, speaker=camp.coordinator, signup_id=signup_id, accepts=accepts, now=CLOSED)
    )

    assert answered.reply == (Reply.ACCEPTED if accepts else Reply.DECLINED)
    assert camp.standing(2).status == status


def test_a_trainee_decides_nothing(build: Build) -> None:
    camp = settled_camp(build)
    signup_id = camp.signup(2)
    one: dict[str, Any] = {"speaker": camp.trainee(2), "signup_id": signup_id, "now": CLOSED}

    for step in (
        lambda s: choosing.give(s, reason="I want to.", **one),
        lambda s: choosing.drop(s, reason="I want to.", **one),
        lambda s: choosing.mark(s, to=Mark.CHOSEN, reason=None, **one),
        lambda s: choosing.answer_for(s, accepts=True, **one),
        lambda s: choosing.finish(s, speaker=camp.trainee(2), call_id=camp.call_id, now=CLOSED),
        lambda s: entrants.roll_of(s, speaker=camp.trainee(2), call_id=camp.call_id, part=Part.SPEAKER, now=CLOSED),
    ):
        with pytest.raises(NotAllowed):
            camp.do(step)


def test_every_decision_is_in_the_change_log_with_who_and_why(build: Build) -> None:
    camp = settled_camp(build)
    decide(camp, choosing.drop, 0, "He is ill.")
    decide(camp, choosing.exchange, 3, "A fairer turn.", instead_of=camp.signup(1))

    query = select(CHANGE).where(CHANGE.c.subject.in_(("forum_signup", "forum_call"))).order_by(CHANGE.c.id)
    rows = camp.see(lambda s: s.connection().execute(query).all())

    assert [(row.action, row.reason) for row in rows] == [
        ("choose", ""),
        ("drop", "He is ill."),
        ("exchange", "A fairer turn."),
        ("exchange", "A fairer turn."),
    ]
    assert {row.actor_id for row in rows} == {camp.coordinator.person_id}
    assert [row.after for row in rows[1:]] == [
        '{"status":"not_chosen"}',
        '{"status":"reserve"}',
        '{"status":"confirmed"}',
    ]


def test_the_roll_shows_everybody_in_the_order_of_their_places(build: Build) -> None:
    camp = settled_camp(build)

    roll = camp.see(
        lambda s: entrants.roll_of(s, speaker=camp.coordinator, call_id=camp.call_id, part=Part.SPEAKER, now=CLOSED)
    )

    assert [(one.party.name, one.status, one.slot, one.number) for one in roll.entrants] == [
        ("学员0", CONFIRMED, 1, 0),
        ("学员1", CONFIRMED, 2, 0),
        ("学员2", RESERVE, None, 1),
        ("学员3", RESERVE, None, 2),
        ("学员4", NOT_CHOSEN, None, 0),
    ]


def test_coordinators_are_asked_to_choose_when_sign_up_closes_and_again_a_day_later(build: Build) -> None:
    camp = choosing_camp(build)

    def due(at: Any) -> list[int]:
        return camp.see(lambda s: list(closing.to_choose(s, at)))

    before, first = due(CLOSED - HOUR), due(CLOSED)
    camp.do(lambda s: closing.note_asked(s, camp.call_id, CLOSED))

    assert (before, first) == ([], [camp.call_id])
    assert (due(CLOSED + HOUR), due(CLOSED + 24 * HOUR)) == ([], [camp.call_id])


def test_nobody_is_asked_to_choose_among_nobody(build: Build) -> None:
    camp = build(choice=Choice.COORDINATOR)

    assert camp.see(lambda s: list(closing.to_choose(s, CLOSED))) == []


def test_when_the_activity_begins_everybody_who_still_waits_is_answered(build: Build) -> None:
    camp = settled_camp(build)
    camp.withdraw(0, at=CLOSED)

    due = camp.see(lambda s: list(closing.to_end(s, STARTS)))
    ended = camp.do(lambda s: closing.end(s, camp.call_id, STARTS))

    assert due == [camp.call_id]
    assert {one.signup_id for one in ended.answers} == {camp.signup(2), camp.signup(3)}
    assert (camp.standing(2).reason, camp.standing(3).reason) == (Why.EXPIRED, Why.NO_PLACE)
    assert camp.see(lambda s: list(closing.to_end(s, STARTS))) == []
    assert camp.see(check) == []


def test_a_choice_that_was_never_made_is_answered_when_it_begins(build: Build) -> None:
    camp = choosing_camp(build)

    camp.do(lambda s: closing.end(s, camp.call_id, STARTS))

    assert {camp.standing(number).reason for number in range(5)} == {Why.NOT_DECIDED}


def test_nothing_ends_before_the_activity_begins_nor_in_a_cancelled_call(build: Build) -> None:
    camp = settled_camp(build)
    early = camp.see(lambda s: list(closing.to_end(s, STARTS - HOUR)))
    camp.change(CALL, status="cancelled")

    assert (early, camp.see(lambda s: list(closing.to_end(s, STARTS)))) == ([], [])
