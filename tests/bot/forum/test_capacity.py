from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.audit.models import Change
from bot.errors import Gone, NotAllowed
from bot.forum import capacity, slots
from bot.forum.capacity import AlreadyTaken, Changed, EverybodyFits, NotANumberOfPlaces, TooFew
from bot.forum.models import Invitation, InvitationStatus, Part, SignUpStatus
from bot.forum.offers import Why
from bot.forum.slots import KeptForGuest, SlotGone, SlotHeld
from bot.forum.stage_models import Feedback, RoomQuestion
from bot.invariants import check
from tests.support.house import MONDAY
from tests.support.seats_scene import SeatsCamp

Build = Callable[..., SeatsCamp]
CHANGE = Change.__table__  # type: ignore[attr-defined]
QUESTION = RoomQuestion.__table__  # type: ignore[attr-defined]
CONFIRMED, OFFERED, RESERVE = SignUpStatus.CONFIRMED, SignUpStatus.OFFERED, SignUpStatus.RESERVE
SPEAKER, LISTENER = Part.SPEAKER, Part.LISTENER


def full_camp(build: Build, part: Part = LISTENER) -> SeatsCamp:
    """Three places, taken by 0, 1 and 2; 3 and 4 wait."""
    camp = build(seats=3, slots=3)
    for number in range(5):
        camp.sign(number, part=part)
    return camp


def change(camp: SeatsCamp, to: int, part: Part = LISTENER) -> Changed | TooFew:
    return camp.do(
        lambda s: capacity.change(s, speaker=camp.coordinator, call_id=camp.call_id, part=part, to=to, now=MONDAY)
    )


def keep(camp: SeatsCamp, to: int, part: Part = LISTENER) -> Changed:
    return camp.do(
        lambda s: capacity.keep(s, speaker=camp.coordinator, call_id=camp.call_id, part=part, to=to, now=MONDAY)
    )


def send_back(camp: SeatsCamp, number: int, reason: str = "") -> None:
    signup_id = camp.signup(number)
    camp.do(lambda s: capacity.send_back(s, speaker=camp.coordinator, signup_id=signup_id, reason=reason, now=MONDAY))


def delete(camp: SeatsCamp, slot: int) -> SlotGone | SlotHeld:
    slot_id = camp.slot_ids()[slot]
    return camp.do(lambda s: slots.delete_slot(s, speaker=camp.coordinator, slot_id=slot_id, now=MONDAY))


def delete_held(camp: SeatsCamp, slot: int, leaving: int | None) -> SlotGone:
    slot_id, who = camp.slot_ids()[slot], camp.signup(leaving) if leaving is not None else None
    given: dict[str, Any] = {
        "speaker": camp.coordinator,
        "slot_id": slot_id,
        "leaving": who,
        "reason": "",
        "now": MONDAY,
    }
    return camp.do(lambda s: slots.delete_held_slot(s, **given))


def test_more_places_are_offered_to_the_reserve_list_in_its_order(build: Build) -> None:
    camp = full_camp(build)

    changed = change(camp, 4)

    assert isinstance(changed, Changed)
    assert [one.person_id for one in changed.offered] == [camp.people[3]]
    assert camp.statuses(5) == [CONFIRMED, CONFIRMED, CONFIRMED, OFFERED, RESERVE]
    assert camp.pool() == (4, 4, 4)


def test_more_places_for_speakers_are_more_slots(build: Build) -> None:
    camp = full_camp(build, SPEAKER)

    change(camp, 5, SPEAKER)

    assert len(camp.slots()) == 1 + 5
    assert camp.pool(SPEAKER) == (5, 5, 5)


def test_fewer_places_than_are_taken_change_nothing_before_the_coordinator_has_chosen(build: Build) -> None:
    camp = full_camp(build)

    few = change(camp, 1)

    assert isinstance(few, TooFew)
    assert (few.to, few.room.taken, few.room.reserves) == (1, 3, 2)
    assert camp.pool() == (3, 3, 3)
    assert camp.count() == {"confirmed": 3, "reserve": 2}


def test_fewer_free_places_are_simply_fewer(build: Build) -> None:
    camp = build(seats=3, slots=3)
    camp.sign(0, part=SPEAKER)

    change(camp, 1, SPEAKER)

    assert camp.pool(SPEAKER) == (1, 1, 1)
    assert camp.slots() == [None, camp.signup(0)]


def test_when_everybody_is_kept_nobody_moves_up_until_so_many_have_left(build: Build) -> None:
    camp = full_camp(build)

    keep(camp, 2)
    first = camp.withdraw(0)
    second = camp.withdraw(1)

    assert first.offered == ()
    assert [one.person_id for one in second.offered] == [camp.people[3]]
    assert camp.pool() == (2, 2, 2)


def test_when_everybody_is_kept_the_slots_shrink_with_the_speakers(build: Build) -> None:
    camp = full_camp(build, SPEAKER)

    keep(camp, 1, SPEAKER)
    camp.withdraw(1)

    assert camp.pool(SPEAKER) == (2, 2, 1)
    assert camp.slots() == [None, camp.signup(0), camp.signup(2)]


def test_who_is_sent_back_heads_the_reserve_list_and_hears_why(build: Build) -> None:
    camp = full_camp(build)
    keep(camp, 2)

    send_back(camp, 1)

    standing = camp.standing(1)
    assert (standing.status, standing.number, standing.reason) == (RESERVE, 1, Why.PLACES_REDUCED)
    assert camp.standing(3).number == 2
    assert camp.pool() == (2, 2, 2)


def test_who_was_sent_back_comes_first_when_a_place_is_free_again(build: Build) -> None:
    camp = full_camp(build)
    keep(camp, 2)
    send_back(camp, 1)

    moved = camp.withdraw(0)

    assert [one.person_id for one in moved.offered] == [camp.people[1]]


def test_nobody_is_sent_back_where_there_is_a_place_for_everybody(build: Build) -> None:
    camp = full_camp(build)

    with pytest.raises(EverybodyFits):
        send_back(camp, 1)


def test_nobody_is_sent_back_twice(build: Build) -> None:
    camp = full_camp(build)
    keep(camp, 1)
    send_back(camp, 1)

    with pytest.raises(AlreadyTaken):
        send_back(camp, 1)


def test_raising_again_after_lowering_offers_the_places(build: Build) -> None:
    camp = full_camp(build)
    keep(camp, 1)

    changed = change(camp, 5)

    assert isinstance(changed, Changed)
    assert len(changed.offered) == 2
    assert camp.pool() == (5, 5, 5)


@pytest.mark.parametrize("to", [-1, 100_001])
def test_an_absurd_number_is_refused(build: Build, to: int) -> None:
    camp = full_camp(build)

    with pytest.raises(NotANumberOfPlaces):
        change(camp, to)


def test_no_places_at_all_is_a_number_too(build: Build) -> None:
    camp = build(seats=3)

    change(camp, 0)

    assert camp.sign(0).status == RESERVE


def test_a_trainee_changes_nothing(build: Build) -> None:
    camp = full_camp(build)

    with pytest.raises(NotAllowed):
        camp.do(
            lambda s: capacity.change(s, speaker=camp.trainee(0), call_id=camp.call_id, part=LISTENER, to=9, now=MONDAY)
        )


def test_every_change_of_the_number_is_in_the_change_log(build: Build) -> None:
    camp = full_camp(build)
    change(camp, 4)
    keep(camp, 2)

    query = select(CHANGE.c.before, CHANGE.c.after).where(CHANGE.c.subject == "forum_pool").order_by(CHANGE.c.id)
    rows = camp.see(lambda s: s.connection().execute(query).all())

    assert [tuple(row) for row in rows] == [
        ('{"part":"listener","places":3}', '{"part":"listener","places":4}'),
        ('{"part":"listener","places":4}', '{"part":"listener","places":2}'),
    ]


def test_a_free_slot_is_deleted_with_its_place(build: Build) -> None:
    camp = build(slots=3)
    camp.sign(0, part=SPEAKER)

    assert isinstance(delete(camp, 3), SlotGone)
    assert camp.pool(SPEAKER) == (1, 2, 2)
    assert camp.slots() == [None, camp.signup(0), None]


def test_a_question_put_to_a_deleted_slot_stays(build: Build) -> None:
    camp = build(slots=3)
    slot_id = camp.slot_ids()[3]
    camp.do(lambda s: s.add(RoomQuestion(call_id=camp.call_id, slot_id=slot_id, text="And the lifts?")))

    delete(camp, 3)

    kept = camp.see(lambda s: s.connection().execute(select(QUESTION.c.slot_id, QUESTION.c.text)).all())
    assert [tuple(row) for row in kept] == [(None, "And the lifts?")]


def test_a_slot_of_which_the_room_has_spoken_is_not_deleted(build: Build) -> None:
    camp = build(slots=3)
    slot_id = camp.slot_ids()[3]
    camp.do(lambda s: s.add(Feedback(slot_id=slot_id, part="clear", points=5)))

    with pytest.raises(Gone):
        delete(camp, 3)


def test_a_slot_that_is_kept_for_somebody_invited_is_not_deleted(build: Build) -> None:
    camp = build(slots=3)
    invited = Invitation(
        call_id=camp.call_id,
        slot_id=camp.slot_ids()[3],
        name="Secretary Liu",
        status=InvitationStatus.SENT,
        invited_by=camp.coordinator.person_id,
    )
    camp.do(lambda s: s.add(invited))

    with pytest.raises(KeptForGuest):
        delete(camp, 3)


def test_a_held_slot_is_not_deleted_before_the_coordinator_has_chosen(build: Build) -> None:
    camp = full_camp(build, SPEAKER)

    held = delete(camp, 2)

    assert held == SlotHeld(camp.call_id, camp.slot_ids()[2], camp.signup(1), has_other=False)
    assert camp.slots() == [None, camp.signup(0), camp.signup(1), camp.signup(2)]


def test_the_holder_of_a_deleted_slot_moves_to_a_free_one(build: Build) -> None:
    camp = build(slots=3)
    camp.sign(0, part=SPEAKER)

    gone = delete_held(camp, 1, None)

    assert gone.moved == camp.signup(0)
    assert camp.slots() == [None, camp.signup(0), None]
    assert (camp.pool(SPEAKER), camp.standing(0).status) == ((1, 2, 2), CONFIRMED)


def test_the_holder_of_a_deleted_slot_heads_the_reserve_list(build: Build) -> None:
    camp = full_camp(build, SPEAKER)

    delete_held(camp, 2, 1)

    standing = camp.standing(1)
    assert (standing.status, standing.number, standing.reason) == (RESERVE, 1, Why.SLOT_DELETED)
    assert camp.slots() == [None, camp.signup(0), camp.signup(2)]
    assert camp.pool(SPEAKER) == (2, 2, 2)


def test_another_goes_for_a_deleted_slot_and_the_holder_takes_theirs(build: Build) -> None:
    camp = full_camp(build, SPEAKER)

    gone = delete_held(camp, 1, 2)

    assert (gone.moved, gone.sent_back) == (camp.signup(0), camp.signup(2))
    assert camp.slots() == [None, camp.signup(1), camp.signup(0)]
    assert camp.statuses(3) == [CONFIRMED, CONFIRMED, RESERVE]


def test_a_free_slot_whose_place_is_offered_is_a_choice_too(build: Build) -> None:
    camp = full_camp(build, SPEAKER)
    camp.withdraw(1)

    held = delete(camp, 2)
    delete_held(camp, 2, 3)

    assert isinstance(held, SlotHeld)
    assert (held.signup_id, held.is_offer) == (camp.signup(3), True)
    assert (camp.standing(3).status, camp.standing(3).number) == (RESERVE, 1)
    assert camp.pool(SPEAKER) == (2, 2, 2)


def test_a_slot_that_is_deleted_while_everybody_is_kept_shrinks_once(build: Build) -> None:
    camp = full_camp(build, SPEAKER)
    keep(camp, 1, SPEAKER)

    delete_held(camp, 1, 2)

    assert camp.pool(SPEAKER) == (2, 2, 1)
    assert camp.slots() == [None, camp.signup(1), camp.signup(0)]
    assert camp.see(check) == []


def test_nobody_must_go_where_another_slot_is_free(build: Build) -> None:
    camp = build(slots=3)
    camp.sign(0, part=SPEAKER)

    with pytest.raises(EverybodyFits):
        delete_held(camp, 1, 0)


def test_who_has_no_place_cannot_go_for_a_slot(build: Build) -> None:
    camp = full_camp(build, SPEAKER)

    with pytest.raises(AlreadyTaken):
        delete_held(camp, 1, 4)
