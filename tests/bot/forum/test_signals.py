from datetime import datetime, timedelta

from bot.forum import questions, signals
from bot.forum import stage as stages
from bot.forum.pools import SLOT
from bot.forum.signals import Signal, Tick
from tests.support.seats_scene import STARTS
from tests.support.stage_scene import MINUTE, StageCamp

SECOND = timedelta(seconds=1)
FIRST = STARTS + 10 * MINUTE


def on(scene: StageCamp) -> StageCamp:
    scene.open()
    scene.next(STARTS)
    scene.next(FIRST)
    return scene


def take(scene: StageCamp, at: datetime) -> Tick | None:
    return scene.camp.do(lambda s: signals.take(s, scene.call_id, at))


def signal(scene: StageCamp, at: datetime) -> Signal | None:
    tick = take(scene, at)
    return tick.signal if tick else None


def test_two_minutes_before_the_end_and_at_the_end_each_signal_comes_once(stage: StageCamp) -> None:
    on(stage)

    heard = [signal(stage, FIRST + second * SECOND) for second in (479, 480, 481, 599, 600, 601, 659)]

    assert heard == [None, Signal.WARNING, None, None, Signal.TIME, None, None]


def test_minutes_given_bring_both_signals_again(stage: StageCamp) -> None:
    on(stage)
    signal(stage, FIRST + 10 * MINUTE)
    slot_id, boss = stage.slot(1), stage.camp.coordinator
    at = FIRST + 11 * MINUTE
    stage.camp.do(lambda s: stages.give_more(s, speaker=boss, call_id=stage.call_id, seen=slot_id, extra=5, now=at))

    assert [signal(stage, FIRST + minutes * MINUTE) for minutes in (12, 13, 15)] == [None, Signal.WARNING, Signal.TIME]


def test_after_a_downtime_only_what_still_helps_is_said(stage: StageCamp) -> None:
    on(stage)

    assert signal(stage, FIRST + 11 * MINUTE) is Signal.TIME


def test_a_signal_that_is_far_too_late_is_passed_over(stage: StageCamp) -> None:
    on(stage)

    tick = take(stage, FIRST + 20 * MINUTE)

    assert tick is not None
    assert (tick.signal, tick.panel) == (None, True)
    assert signal(stage, FIRST + 20 * MINUTE + SECOND) is None


def test_an_item_of_two_minutes_has_no_warning(stage: StageCamp) -> None:
    stage.camp.change(SLOT, minutes=2)
    on(stage)

    assert [signal(stage, FIRST + second * SECOND) for second in (1, 119, 120)] == [None, None, Signal.TIME]


def test_the_panel_is_brought_up_to_date_each_minute_over_time_and_for_each_new_question(stage: StageCamp) -> None:
    on(stage)
    take(stage, FIRST + 10 * MINUTE)

    quiet = take(stage, FIRST + 10 * MINUTE + 30 * SECOND)
    over = take(stage, FIRST + 11 * MINUTE)
    stage.camp.do(
        lambda s: questions.ask(s, telegram_id=1, call_id=stage.call_id, text="Why?", now=FIRST + 11 * MINUTE)
    )
    asked = take(stage, FIRST + 11 * MINUTE + SECOND)

    assert quiet is None
    assert over is not None
    assert over.panel
    assert asked is not None
    assert asked.panel
    assert take(stage, FIRST + 11 * MINUTE + 2 * SECOND) is None


def test_a_forum_that_nobody_ended_ends_by_itself_two_hours_after(stage: StageCamp) -> None:
    on(stage)
    take(stage, FIRST + 10 * MINUTE)
    ends = STARTS + 120 * MINUTE

    before = take(stage, ends + 120 * MINUTE)
    after = take(stage, ends + 120 * MINUTE + SECOND)

    assert before is None or not before.ended
    assert after is not None
    assert after.ended
    assert stage.order(ends + 121 * MINUTE).is_over
    assert take(stage, ends + 122 * MINUTE) is None


def test_nothing_is_due_on_a_stage_that_was_never_opened(stage: StageCamp) -> None:
    assert stage.camp.see(lambda s: signals.due(s, STARTS)) == []


def test_of_what_is_due_there_is_a_look_without_writing(stage: StageCamp) -> None:
    on(stage)

    assert stage.camp.see(lambda s: signals.due(s, FIRST + 7 * MINUTE)) == []
    assert stage.camp.see(lambda s: signals.due(s, FIRST + 8 * MINUTE)) == [stage.call_id]
