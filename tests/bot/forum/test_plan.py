from datetime import UTC, datetime, timedelta

from bot.forum import plan
from bot.forum.plan import OnStage, Piece, State, lay_out, next_up, overrun

BEGINS = datetime(2026, 12, 9, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OPENING = Piece(1, 0, 10, "Opening", False, None)
FIRST = Piece(2, 1, 10, "", True, 21)
SECOND = Piece(3, 2, 15, "", True, 22)
FREE = Piece(4, 3, 10, "", True, None)
LAST = Piece(5, 4, 10, "", True, 23)
ALL = [LAST, FREE, SECOND, FIRST, OPENING]


def stage(slot_id: int | None = None, started: int = 0, extra: int = 0, ended: bool = False) -> OnStage:
    started_at = BEGINS + started * MINUTE if slot_id else None
    return OnStage(slot_id, started_at, extra, BEGINS - 5 * MINUTE, BEGINS + 60 * MINUTE if ended else None)


def starts(pieces: list[Piece], now: int, on: OnStage | None) -> list[int]:
    laid = lay_out(pieces, begins=BEGINS, now=BEGINS + now * MINUTE, stage=on)
    return [int((one.starts_at - BEGINS) / MINUTE) for one in laid]


def test_before_the_day_every_beginning_follows_from_the_minutes() -> None:
    assert starts(ALL, -600, None) == [0, 10, 20, 35, 45]


def test_a_stage_that_is_open_but_has_nothing_on_waits_from_the_planned_beginning() -> None:
    assert starts(ALL, -3, stage())[:2] == [0, 10]


def test_a_late_start_moves_everything() -> None:
    assert starts(ALL, 7, stage())[:2] == [7, 17]


def test_an_item_that_runs_over_pushes_the_rest_minute_by_minute() -> None:
    assert starts(ALL, 8, stage(1)) == [0, 10, 20, 35, 35]
    assert starts(ALL, 14, stage(1)) == [0, 14, 24, 39, 39]


def test_minutes_given_push_the_rest_at_once() -> None:
    assert starts(ALL, 8, stage(1, extra=5))[1] == 15


def test_a_speech_that_nobody_gives_takes_time_before_the_day_and_none_on_stage() -> None:
    planned, live = starts(ALL, -600, None), starts(ALL, 0, stage(1))

    assert planned[4] - planned[3] == 10
    assert live[4] == live[3]


def test_what_was_held_keeps_its_real_times_wherever_it_stands() -> None:
    held = Piece(1, 0, 10, "Opening", False, None, BEGINS + MINUTE, BEGINS + 4 * MINUTE)

    laid = lay_out([held, FIRST], begins=BEGINS, now=BEGINS + 6 * MINUTE, stage=stage())

    assert [(one.starts_at, one.ends_at, one.state) for one in laid] == [
        (BEGINS + MINUTE, BEGINS + 4 * MINUTE, State.DONE),
        (BEGINS + 6 * MINUTE, BEGINS + 16 * MINUTE, State.LATER),
    ]


def test_what_was_passed_over_takes_no_time() -> None:
    passed = Piece(2, 1, 10, "", True, 21, skipped_at=BEGINS)

    assert starts([OPENING, passed, SECOND], -60, None) == [0, 10, 10]


def test_next_is_the_first_that_is_to_come_and_has_a_speaker() -> None:
    done = Piece(2, 1, 10, "", True, 21, BEGINS, BEGINS + MINUTE)
    passed = Piece(3, 2, 15, "", True, 22, skipped_at=BEGINS)

    found = next_up([OPENING, done, passed, FREE, LAST], stage(1))

    assert found == LAST


def test_after_the_last_item_nothing_is_next() -> None:
    assert next_up([FREE], stage()) is None


def test_once_the_forum_has_ended_nothing_is_on() -> None:
    assert plan.on_stage(ALL, stage(1, ended=True)) is None


def test_what_does_not_fit_into_the_activity_is_named() -> None:
    laid = lay_out(ALL, begins=BEGINS, now=BEGINS, stage=None)

    assert overrun(laid, BEGINS + 50 * MINUTE) == 5 * MINUTE
    assert overrun(laid, BEGINS + 60 * MINUTE) == -5 * MINUTE
    assert overrun([], BEGINS) == timedelta()
