from datetime import datetime, timedelta

import pytest

from bot.forum import pools, reordering, speaking
from bot.forum.models import CallStatus, SignUpStatus
from bot.forum.pools import CALL, SIGNUP
from bot.forum.queries import ACTIVITY
from bot.forum.speaking import DAY, Kind, Told
from bot.forum.stage_models import SpeakerTime
from tests.support.seats_scene import STARTS
from tests.support.stage_scene import MINUTE, StageCamp

TIME = SpeakerTime.__table__  # type: ignore[attr-defined]
LONG_BEFORE = STARTS - 3 * DAY * MINUTE
EVE = STARTS - 600 * MINUTE
FIRST = STARTS + 10 * MINUTE
"""When the first talk begins."""


def take(stage: StageCamp, at: datetime, *, at_once: bool = False) -> Told:
    return stage.camp.do(lambda s: speaking.take(s, stage.call_id, at, at_once=at_once))


def said(told: Told) -> list[tuple[str, str, int]]:
    return [
        (step.kind.value, step.item.talk.party.name, step.minutes) for step in told.steps if step.item.talk is not None
    ]


def move(stage: StageCamp, slot: int, by: int, at: datetime) -> None:
    boss, slot_id = stage.camp.coordinator, stage.slot(slot)
    stage.camp.do(lambda s: reordering.step(s, speaker=boss, slot_id=slot_id, by=by, now=at))


@pytest.fixture
def known(stage: StageCamp) -> StageCamp:
    """Everybody knows their time, and the reminder of the day before has gone out."""
    take(stage, LONG_BEFORE)
    take(stage, EVE)
    return stage


def test_a_day_before_everybody_is_reminded_once(stage: StageCamp) -> None:
    take(stage, LONG_BEFORE)

    first, second = take(stage, EVE), take(stage, EVE + MINUTE)

    assert said(first) == [("remind", f"学员{n}", DAY) for n in range(3)]
    assert said(second) == []


@pytest.mark.parametrize("minutes", [30, 5])
def test_each_speaker_is_reminded_shortly_before_their_own_talk(known: StageCamp, minutes: int) -> None:
    if minutes == 5:
        for number in range(3):
            take(known, FIRST + number * 10 * MINUTE - 30 * MINUTE)
    for number in range(3):
        due = FIRST + number * 10 * MINUTE - minutes * MINUTE

        assert said(take(known, due)) == [("remind", f"学员{number}", minutes)]
        assert said(take(known, due + MINUTE / 2)) == []


def test_nobody_is_reminded_a_second_too_early(known: StageCamp) -> None:
    assert said(take(known, FIRST - 30 * MINUTE - timedelta(seconds=1))) == []


def test_after_a_downtime_only_the_tightest_reminder_is_said(stage: StageCamp) -> None:
    take(stage, LONG_BEFORE)

    told = take(stage, FIRST - 3 * MINUTE)

    assert [one for one in said(told) if one[1] == "学员0"] == [("remind", "学员0", 5)]
    assert said(take(stage, FIRST - 2 * MINUTE)) == []


def test_a_downtime_over_the_beginning_says_nothing(known: StageCamp) -> None:
    assert said(take(known, FIRST + 60 * MINUTE)) == []


def test_whoever_is_confirmed_within_the_day_is_not_told_twice_in_a_row(stage: StageCamp) -> None:
    stage.camp.change(SIGNUP, settled_at=EVE)

    assert said(take(stage, EVE + MINUTE)) == []
    assert said(take(stage, FIRST - 30 * MINUTE)) == [("remind", "学员0", 30)]


def test_a_beginning_that_moves_much_later_is_reminded_of_again(known: StageCamp) -> None:
    take(known, FIRST - 30 * MINUTE)
    known.camp.change(ACTIVITY, starts_at=STARTS + 90 * MINUTE, ends_at=STARTS + 200 * MINUTE)

    assert said(take(known, FIRST + 60 * MINUTE)) == [("remind", "学员0", 30)]


def test_a_beginning_that_moves_a_little_is_not(known: StageCamp) -> None:
    take(known, FIRST - 30 * MINUTE)
    known.camp.change(ACTIVITY, starts_at=STARTS + 10 * MINUTE)

    assert [one for one in said(take(known, FIRST - 20 * MINUTE)) if one[0] == "remind"] == []


def test_a_changed_order_is_told_once_it_has_rested(known: StageCamp) -> None:
    move(known, 1, 1, EVE)

    early, rested = take(known, EVE + MINUTE), take(known, EVE + 3 * MINUTE + MINUTE)

    assert said(early) == []
    assert said(rested) == [("changed", "学员1", 0), ("changed", "学员0", 0)]
    assert [step.before for step in rested.steps] == [STARTS + 20 * MINUTE, STARTS + 10 * MINUTE]
    assert said(take(known, EVE + 10 * MINUTE)) == []


def test_an_order_that_is_still_being_changed_disturbs_nobody(known: StageCamp) -> None:
    for number in range(6):
        move(known, 1, 1, EVE)
        assert said(take(known, EVE + number * MINUTE)) == []


def test_what_is_put_back_as_it_was_is_not_told_at_all(known: StageCamp) -> None:
    move(known, 1, 1, EVE)
    take(known, EVE + MINUTE)
    move(known, 1, 1, EVE + MINUTE)

    assert said(take(known, EVE + 5 * MINUTE)) == []
    assert [row.next_at for row in known.rows(TIME)] == [None] * 3


def test_a_coordinator_may_have_it_told_at_once(known: StageCamp) -> None:
    move(known, 1, 1, EVE)
    order = known.order(EVE)

    assert known.camp.see(lambda s: speaking.unsaid(s, order)) == 2
    assert len(said(take(known, EVE, at_once=True))) == 2
    assert known.camp.see(lambda s: speaking.unsaid(s, order)) == 0


def test_a_change_made_before_anybody_was_ever_looked_at_is_told_too(stage: StageCamp) -> None:
    stage.camp.change(SIGNUP, settled_at=LONG_BEFORE)
    move(stage, 1, 1, LONG_BEFORE)

    assert len(said(take(stage, LONG_BEFORE, at_once=True))) == 2


def test_a_moved_activity_is_told_as_well(known: StageCamp) -> None:
    known.camp.change(ACTIVITY, starts_at=STARTS + 60 * MINUTE, ends_at=STARTS + 180 * MINUTE)
    take(known, EVE + MINUTE)

    assert [one[0] for one in said(take(known, EVE + 4 * MINUTE))] == ["changed"] * 3


def test_one_minute_is_no_change_worth_a_message(known: StageCamp) -> None:
    known.camp.change(ACTIVITY, starts_at=STARTS + MINUTE)

    assert said(take(known, EVE, at_once=True)) == []


def test_on_stage_a_talk_that_runs_over_is_told_to_those_behind_it_from_five_minutes(known: StageCamp) -> None:
    for number in range(3):
        take(known, FIRST + number * 10 * MINUTE - 30 * MINUTE)
    known.open()
    known.next(STARTS)
    take(known, FIRST - 5 * MINUTE)
    take(known, STARTS + 14 * MINUTE)

    told = [take(known, STARTS + minutes * MINUTE) for minutes in range(15, 19)]

    assert [kind for one in told for kind, name, _ in said(one) if name == "学员2"] == ["changed"]


def test_a_late_start_moves_the_reminder(known: StageCamp) -> None:
    for number in range(3):
        take(known, FIRST + number * 10 * MINUTE - 30 * MINUTE)
    known.open(STARTS - 5 * MINUTE)

    assert [one for one in said(take(known, FIRST + 5 * MINUTE)) if one[1] == "学员1"] == []
    known.next(FIRST)
    known.next(FIRST + 10 * MINUTE)
    assert ("remind", "学员1", 5) in said(take(known, FIRST + 15 * MINUTE))


def test_a_new_speaker_in_the_place_is_reminded_for_themselves(known: StageCamp) -> None:
    known.camp.withdraw(0, at=EVE)
    reserve = known.camp.signup(3)
    confirmed = {"status": SignUpStatus.CONFIRMED, "settled_at": EVE}
    taking = SIGNUP.update().where(SIGNUP.c.id == reserve).values(**confirmed)
    known.camp.do(lambda s: s.connection().execute(taking))
    known.camp.do(lambda s: pools.take_slot(s, known.call_id, reserve))

    assert said(take(known, FIRST - 30 * MINUTE)) == [("remind", "学员3", 30)]


@pytest.mark.parametrize("off", ["call", "activity", "draft"])
def test_nobody_is_reminded_of_a_forum_that_is_off(stage: StageCamp, off: str) -> None:
    if off == "activity":
        stage.camp.change(ACTIVITY, cancelled_at=EVE)
    else:
        stage.camp.change(CALL, status=CallStatus.CANCELLED if off == "call" else CallStatus.DRAFT)

    assert stage.camp.see(lambda s: speaking.waiting(s, EVE)) == []


def test_a_pass_with_nothing_to_do_writes_nothing(known: StageCamp) -> None:
    assert known.camp.see(lambda s: speaking.waiting(s, EVE + MINUTE)) == []
    assert known.camp.see(lambda s: speaking.waiting(s, FIRST - 30 * MINUTE)) == [known.call_id]


def test_first_sight_notes_the_time_without_a_word(stage: StageCamp) -> None:
    told = take(stage, LONG_BEFORE)

    assert said(told) == []
    assert sorted(row.starts_at for row in stage.rows(TIME)) == [FIRST, FIRST + 10 * MINUTE, FIRST + 20 * MINUTE]
    assert all(kind is not Kind.FIRST for kind in (step.kind for step in told.steps))
