import pytest

from bot.audit.models import Change
from bot.errors import Gone, NotAllowed
from bot.forum import stage as stages
from bot.forum.models import CallStatus, TurnTaken
from bot.forum.pools import CALL
from bot.forum.running_order import STAGE, ForumOff
from bot.forum.stage import Effect, NotYet, StageOver
from tests.support.seats_scene import STARTS
from tests.support.stage_scene import MINUTE, StageCamp

CHANGE = Change.__table__  # type: ignore[attr-defined]
TURN = TurnTaken.__table__  # type: ignore[attr-defined]


def test_the_next_item_ends_the_one_before_and_begins_to_run(stage: StageCamp) -> None:
    stage.open()
    stage.next(STARTS)

    played = stage.next(STARTS + 6 * MINUTE)

    assert played.effect is Effect.DONE
    assert played.finished is not None
    assert played.finished.piece.label == "Opening"
    assert stage.lines(STARTS + 8 * MINUTE) == [
        ("14:00", "Opening", "done"),
        ("14:06", "学员0", "on"),
        ("14:16", "学员1", "later"),
        ("14:26", "学员2", "later"),
    ]


def test_a_second_press_of_the_same_button_calls_up_nobody_else(stage: StageCamp) -> None:
    stage.open()
    boss = stage.camp.coordinator

    first, second = (
        stage.camp.do(lambda s, at=at: stages.call_up(s, speaker=boss, call_id=stage.call_id, seen=0, now=at))  # type: ignore[misc]
        for at in (STARTS, STARTS + MINUTE / 30)
    )

    assert (first.effect, second.effect) == (Effect.DONE, Effect.STALE)
    assert [line[2] for line in stage.lines()] == ["on", "later", "later", "later"]


def test_opening_twice_opens_once(stage: StageCamp) -> None:
    stage.open()

    assert stage.open(STARTS + MINUTE).effect is Effect.NOTHING


def test_a_talk_that_was_held_is_a_turn_in_the_ledger_and_a_break_is_none(stage: StageCamp) -> None:
    stage.open()
    for number in range(3):
        stage.next(STARTS + number * 10 * MINUTE)

    assert [row.signup_id for row in stage.rows(TURN)] == [stage.camp.signup(0)]


def test_after_the_last_item_there_is_nothing_to_call_up(stage: StageCamp) -> None:
    stage.open()
    for number in range(4):
        stage.next(STARTS + number * 10 * MINUTE)

    assert stage.next(STARTS + 40 * MINUTE).effect is Effect.NOTHING
    assert [line[2] for line in stage.lines(STARTS + 40 * MINUTE)] == ["done", "done", "done", "on"]


def test_finishing_puts_nobody_on_and_the_rest_waits(stage: StageCamp) -> None:
    stage.open()
    stage.next(STARTS)
    seen, boss = stage.slot(0), stage.camp.coordinator

    stage.camp.do(lambda s: stages.finish(s, speaker=boss, call_id=stage.call_id, seen=seen, now=STARTS + 4 * MINUTE))

    assert stage.lines(STARTS + 5 * MINUTE)[:2] == [("14:00", "Opening", "done"), ("14:05", "学员0", "later")]


def test_minutes_given_push_the_order_and_bring_the_signals_back(stage: StageCamp) -> None:
    stage.open()
    stage.next(STARTS)
    seen, boss = stage.slot(0), stage.camp.coordinator
    stage.camp.change(STAGE, warned_at=STARTS, rung_at=STARTS)

    for _ in range(2):
        stage.camp.do(
            lambda s: stages.give_more(
                s, speaker=boss, call_id=stage.call_id, seen=seen, extra=5, now=STARTS + 9 * MINUTE
            )
        )

    assert stage.lines(STARTS + 9 * MINUTE)[1] == ("14:15", "学员0", "later")
    assert [(row.warned_at, row.rung_at, row.extra) for row in stage.rows(STAGE)] == [(None, None, 5)]


def test_a_call_that_was_a_mistake_is_undone(stage: StageCamp) -> None:
    stage.open()
    stage.next(STARTS)
    stage.next(STARTS + 3 * MINUTE)
    seen, boss = stage.slot(1), stage.camp.coordinator

    stage.camp.do(lambda s: stages.go_back(s, speaker=boss, call_id=stage.call_id, seen=seen, now=STARTS + 4 * MINUTE))

    assert stage.lines(STARTS + 4 * MINUTE)[:2] == [("14:00", "Opening", "on"), ("14:10", "学员0", "later")]


def test_with_nothing_over_there_is_no_way_back(stage: StageCamp) -> None:
    stage.open()
    boss = stage.camp.coordinator

    played = stage.camp.do(lambda s: stages.go_back(s, speaker=boss, call_id=stage.call_id, seen=0, now=STARTS))

    assert played.effect is Effect.NOTHING


def test_a_talk_undone_and_held_again_is_one_turn(stage: StageCamp) -> None:
    stage.open()
    boss = stage.camp.coordinator
    for number in range(3):
        stage.next(STARTS + number * 10 * MINUTE)
    seen = stage.slot(2)
    stage.camp.do(lambda s: stages.go_back(s, speaker=boss, call_id=stage.call_id, seen=seen, now=STARTS + 21 * MINUTE))

    stage.next(STARTS + 25 * MINUTE)

    assert len(stage.rows(TURN)) == 1


def test_the_end_ends_what_is_on_and_counts_it(stage: StageCamp) -> None:
    stage.open()
    stage.next(STARTS)
    stage.next(STARTS + 10 * MINUTE)

    first, second = stage.end(STARTS + 15 * MINUTE), stage.end(STARTS + 16 * MINUTE)

    assert (first.effect, second.effect) == (Effect.DONE, Effect.NOTHING)
    assert first.order.is_over
    assert len(stage.rows(TURN)) == 1
    with pytest.raises(StageOver):
        stage.next(STARTS + 17 * MINUTE)


def test_the_stage_opens_no_more_than_three_hours_early_and_never_for_a_draft(stage: StageCamp) -> None:
    with pytest.raises(NotYet):
        stage.open(STARTS - 181 * MINUTE)
    stage.camp.change(CALL, status=CallStatus.DRAFT)
    with pytest.raises(NotYet):
        stage.open(STARTS)


def test_a_stage_that_was_never_opened_calls_up_nobody(stage: StageCamp) -> None:
    with pytest.raises(NotYet):
        stage.next(STARTS)


def test_a_cancelled_forum_has_no_stage(stage: StageCamp) -> None:
    stage.camp.change(CALL, status=CallStatus.CANCELLED)

    with pytest.raises(ForumOff):
        stage.open()


def test_a_teacher_keeps_the_stage_and_nobody_below(stage: StageCamp) -> None:
    played = stage.camp.do(lambda s: stages.open_stage(s, speaker=stage.teacher, call_id=stage.call_id, now=STARTS))

    assert played.order.is_live
    for speaker in (stage.auditor, stage.camp.trainee(0), None):
        with pytest.raises(NotAllowed):
            stage.camp.do(
                lambda s, who=speaker: stages.call_up(s, speaker=who, call_id=stage.call_id, seen=0, now=STARTS)  # type: ignore[misc]
            )
    with pytest.raises(Gone):
        stage.camp.do(lambda s: stages.open_stage(s, speaker=stage.teacher, call_id=10**15, now=STARTS))


def test_what_a_moderator_does_stands_in_the_log(stage: StageCamp) -> None:
    stage.hold()

    lines = stage.rows(CHANGE.select().where(CHANGE.c.subject == "forum_stage").order_by(CHANGE.c.id).subquery())

    assert [line.action for line in lines] == ["open", "next", "next", "next", "next", "end"]
