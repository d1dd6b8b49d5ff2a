from collections.abc import Callable
from typing import Any

import pytest

from bot.errors import Gone, NotAllowed
from bot.forum import absence
from bot.forum.models import Part, SignUp, SignUpStatus
from bot.forum.stage import Effect, Played
from tests.support.seats_scene import STARTS
from tests.support.stage_scene import MINUTE, StageCamp

AT = STARTS + 11 * MINUTE


@pytest.fixture
def called(stage: StageCamp) -> StageCamp:
    """The first speaker has been called up."""
    stage.open()
    stage.next(STARTS)
    stage.next(STARTS + 10 * MINUTE)
    return stage


def act(stage: StageCamp, work: Callable[..., Played], slot: int) -> Played:
    boss, slot_id = stage.camp.coordinator, stage.slot(slot)
    return stage.camp.do(lambda s: work(s, speaker=boss, call_id=stage.call_id, slot_id=slot_id, now=AT))


def names(stage: StageCamp) -> list[tuple[str, str]]:
    return [(name, state) for _, name, state in stage.lines(AT)]


def test_whoever_is_not_there_goes_to_the_end(called: StageCamp) -> None:
    act(called, absence.to_the_end, 1)

    assert names(called) == [("Opening", "done"), ("学员1", "later"), ("学员2", "later"), ("学员0", "later")]
    called.next(AT)
    assert names(called)[1] == ("学员1", "on")


def test_whoever_is_left_out_takes_no_time_and_keeps_the_sign_up(called: StageCamp) -> None:
    act(called, absence.pass_over, 1)

    assert names(called)[1:3] == [("学员0", "skipped"), ("学员1", "later")]
    assert called.camp.standing(0).status is SignUpStatus.CONFIRMED
    assert called.order(AT).following is not None
    assert called.order(AT).items[2].timed.starts_at == AT


def test_whoever_comes_after_all_is_next(called: StageCamp) -> None:
    act(called, absence.pass_over, 1)
    called.next(AT)

    act(called, absence.take_up_again, 1)

    following = called.order(AT).following
    assert following is not None
    assert following.talk is not None
    assert following.talk.party.name == "学员0"


def test_the_next_reserve_takes_the_place_and_no_place_is_lost_or_sold_twice(called: StageCamp) -> None:
    before = called.camp.pool(Part.SPEAKER)

    played = act(called, absence.give_to_reserve, 1)

    assert played.effect is Effect.DONE
    assert names(called)[1] == ("学员3", "later")
    assert called.camp.pool(Part.SPEAKER) == before
    assert called.camp.statuses(4) == [
        SignUpStatus.WITHDRAWN, SignUpStatus.CONFIRMED, SignUpStatus.CONFIRMED, SignUpStatus.CONFIRMED,
    ]  # fmt: skip
    assert called.camp.see(lambda s: s.get_one(SignUp, called.camp.signup(0)).reason) == absence.NOT_THERE


def test_without_a_reserve_nothing_happens(called: StageCamp) -> None:
    act(called, absence.give_to_reserve, 1)

    again = act(called, absence.give_to_reserve, 2)

    assert again.effect is Effect.NOTHING
    assert names(called)[2] == ("学员1", "later")


def test_the_reserve_who_would_take_over_is_named(called: StageCamp) -> None:
    party = called.camp.see(lambda s: absence.next_reserve(s, called.call_id, "en"))

    assert party is not None
    assert party.name == "学员3"


@pytest.mark.parametrize("work", [absence.to_the_end, absence.pass_over, absence.give_to_reserve])
def test_who_has_spoken_is_not_missed_any_more(called: StageCamp, work: Callable[..., Played]) -> None:
    called.next(AT)

    played = act(called, work, 1)

    assert played.effect is Effect.STALE
    assert names(called)[1] == ("学员0", "done")


@pytest.mark.parametrize(
    "work", [absence.to_the_end, absence.pass_over, absence.give_to_reserve, absence.take_up_again]
)
def test_only_a_moderator_decides_about_somebody_missing(called: StageCamp, work: Callable[..., Any]) -> None:
    slot_id = called.slot(1)

    for speaker in (called.auditor, called.camp.trainee(1), None):
        with pytest.raises(NotAllowed):
            called.camp.do(lambda s, who=speaker: work(s, speaker=who, call_id=called.call_id, slot_id=slot_id, now=AT))  # type: ignore[misc]
    with pytest.raises(Gone):
        called.camp.do(
            lambda s: work(s, speaker=called.camp.coordinator, call_id=called.call_id, slot_id=10**15, now=AT)
        )
