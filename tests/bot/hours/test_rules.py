from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hours.rules import (
    Ending,
    Level,
    Record,
    Rules,
    Standing,
    build_ledger,
    crossed,
    judge,
    minutes_of,
    would_end,
)

START = datetime(2026, 12, 7, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def record(number: int = 1, **values: Any) -> Record:
    """An activity of two hours, one a day, that is over and was checked in to."""
    starts_at = START + number * 24 * HOUR
    usual = {"minutes": 120, "is_taken": True, "is_settled": True}
    return Record(number, f"A{number}", starts_at, starts_at + 2 * HOUR, **usual | values)


def there(number: int = 1, **values: Any) -> Record:
    return record(number, **{"arrived_at": START + number * 24 * HOUR, "there": 120} | values)


def test_what_is_ahead_is_still_possible() -> None:
    entry = judge(record(is_settled=False))

    assert (entry.standing, entry.ahead) == (Standing.AHEAD, 120)


def test_whoever_was_there_has_attended() -> None:
    entry = judge(there())

    assert (entry.standing, entry.attended, entry.missed) == (Standing.PRESENT, 120, 0)


def test_part_attendance_counts_in_minutes() -> None:
    entry = judge(there(there=90, is_late=True))

    assert (entry.standing, entry.attended, entry.late) == (Standing.LATE, 90, 30)


def test_minutes_are_on_the_scale_of_what_the_activity_counts() -> None:
    entry = judge(there(there=90, minutes=60))

    assert (entry.attended, entry.late) == (45, 15)


def test_an_arrival_recorded_after_the_end_costs_nothing() -> None:
    entry = judge(record(arrived_at=START + 27 * HOUR, there=0, is_late=True))

    assert (entry.attended, entry.late) == (120, 0)


def test_whoever_came_although_on_leave_is_present_and_nothing_is_used() -> None:
    entry = judge(there(is_excused=True))

    assert (entry.standing, entry.used(Rules())) == (Standing.PRESENT, 0)


def test_whoever_came_for_a_part_although_on_leave_was_on_leave_for_the_rest() -> None:
    entry = judge(there(there=30, is_excused=True))

    assert (entry.attended, entry.excused, entry.late) == (30, 90, 0)


def test_nobody_is_absent_where_no_attendance_was_taken() -> None:
    entry = judge(record(is_taken=False))

    assert (entry.standing, entry.unrecorded, entry.used(Rules())) == (Standing.UNRECORDED, 120, 0)


def test_approved_leave_uses_hours_before_its_activity() -> None:
    entry = judge(record(is_settled=False, is_excused=True))

    assert (entry.standing, entry.used(Rules())) == (Standing.EXCUSED, 120)


def test_made_up_hours_come_back_and_keep_their_source() -> None:
    entry = judge(record(returned=50, sources=("Essay",)))

    assert (entry.absent, entry.made_up, entry.used(Rules())) == (70, 50, 70)
    assert entry.record.sources == ("Essay",)


def test_no_more_comes_back_than_was_missed() -> None:
    entry = judge(there(there=90, is_late=True, returned=500))

    assert (entry.made_up, entry.late, entry.attended) == (30, 0, 90)


@pytest.mark.parametrize(("factor", "used"), [(0, 0), (1, 120), (2, 240)])
def test_absence_without_leave_counts_as_often_as_the_rules_say(factor: int, used: int) -> None:
    ledger = build_ledger([record()], Rules(absence_factor=factor), "UTC")

    assert ledger.used == used


@pytest.mark.parametrize(("counts", "used"), [(False, 0), (True, 30)])
def test_late_minutes_count_where_the_rules_say_so(counts: bool, used: int) -> None:
    ledger = build_ledger([there(there=90, is_late=True)], Rules(late_counts=counts), "UTC")

    assert ledger.used == used


def seven(**first: Any) -> list[Record]:
    """Seven days of two hours; two hours may be missed."""
    return [record(1, **first), *(record(number, is_settled=False) for number in range(2, 8))]


def test_exactly_the_allowance_does_not_end_the_course() -> None:
    ledger = build_ledger(seven(is_excused=True), Rules(), "UTC")

    assert (ledger.allowance, ledger.used, ledger.left) == (120, 120, 0)
    assert (ledger.endings, ledger.level) == ((), Level.THREE_QUARTERS)


def test_leave_beyond_a_seventh_ends_the_course() -> None:
    ledger = build_ledger(seven(is_excused=True), Rules(), "UTC")

    after = ledger.excusing([2])

    assert after.endings == (Ending.HOURS,)
    assert after.level is Level.OVER
    assert would_end(ledger, after)


def test_a_course_that_has_ended_is_not_ended_again() -> None:
    over = build_ledger(seven(is_excused=True), Rules(), "UTC").excusing([2])

    assert not would_end(over, over.excusing([3]))


def test_two_whole_days_without_leave_end_the_course_even_without_a_limit_of_hours() -> None:
    ledger = build_ledger([record(1), record(2), there(3)], Rules(share=0, of=0), "UTC")

    assert len(ledger.truant_days) == 2
    assert ledger.endings == (Ending.DAYS,)


def test_a_day_with_one_attendance_is_no_whole_day_missed() -> None:
    morning = there(1)
    evening = record(1, starts_at=START + 34 * HOUR) if False else Record(
        9, "Evening", START + 30 * HOUR, START + 32 * HOUR, 120, is_taken=True, is_settled=True
    )  # fmt: skip

    ledger = build_ledger([morning, evening], Rules(), "Asia/Shanghai")

    assert ledger.truant_days == ()


def test_a_day_that_is_not_over_is_no_whole_day_missed() -> None:
    evening = Record(9, "Evening", START + 30 * HOUR, START + 32 * HOUR, 120)

    ledger = build_ledger([record(1), evening], Rules(), "Asia/Shanghai")

    assert ledger.truant_days == ()


def test_absences_in_a_row_end_with_an_attendance_and_pass_over_leave() -> None:
    row = [record(1), there(2), record(3), record(4, is_excused=True), record(5), record(6, is_settled=False)]

    ledger = build_ledger(row, Rules(), "UTC")

    assert [entry.record.activity_id for entry in ledger.run] == [3, 5]


def test_a_warning_names_the_activity_that_used_hours_last() -> None:
    ledger = build_ledger([record(1), there(2), record(3, is_excused=True)], Rules(), "UTC")

    assert ledger.latest_loss is not None
    assert ledger.latest_loss.record.activity_id == 3


@pytest.mark.parametrize(
    ("level", "told", "fresh"),
    [
        (Level.FINE, (), ()),
        (Level.HALF, (), (Level.HALF,)),
        (Level.HALF, (Level.HALF,), ()),
        (Level.OVER, (Level.HALF,), (Level.THREE_QUARTERS, Level.OVER)),
        (Level.HALF, (Level.HALF, Level.THREE_QUARTERS), ()),
    ],
)
def test_a_level_is_told_once(level: Level, told: tuple[Level, ...], fresh: tuple[Level, ...]) -> None:
    assert crossed(level, told) == fresh


def test_an_activity_counts_its_length_unless_something_else_is_set() -> None:
    assert minutes_of(START, START + 2 * HOUR, None) == 120
    assert minutes_of(START, START + 2 * HOUR, 0) == 0


records = st.builds(
    record,
    st.integers(1, 20),
    minutes=st.integers(0, 300),
    arrived_at=st.none() | st.just(START + 25 * HOUR),
    there=st.integers(0, 120),
    is_late=st.booleans(),
    is_taken=st.booleans(),
    is_settled=st.booleans(),
    is_excused=st.booleans(),
    returned=st.integers(0, 400),
)


@given(st.lists(records, max_size=20), st.integers(0, 3), st.booleans())
def test_the_parts_of_a_ledger_always_add_up(rows: list[Record], factor: int, late: bool) -> None:
    ledger = build_ledger(rows, Rules(absence_factor=factor, late_counts=late), "UTC")

    parts = ("attended", "late", "excused", "absent", "made_up", "ahead", "unrecorded")
    assert sum(ledger.sum(part) for part in parts) == ledger.total
    assert all(getattr(entry, part) >= 0 for entry in ledger.entries for part in parts)
    assert ledger.left >= 0
