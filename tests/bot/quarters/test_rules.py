from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quarters.rules import Move, first_days, map_days, next_name, speakers_of
from bot.workdays.rules import WorkCalendar

MONDAY, TUESDAY, WEDNESDAY = date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)
CALENDAR = WorkCalendar()


def targets(first: date, *days: date) -> list[date]:
    return [move.target for move in map_days(days, days[0], first, CALENDAR.is_working)]


def test_an_ordinary_week_keeps_its_weekdays() -> None:
    moved = targets(date(2026, 9, 7), MONDAY, TUESDAY, WEDNESDAY)

    assert moved == [date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 9)]


def test_a_holiday_is_stepped_over_and_the_order_stays() -> None:
    moves = map_days([MONDAY, TUESDAY, WEDNESDAY], MONDAY, date(2026, 9, 30), CALENDAR.is_working)

    assert [move.target for move in moves] == [date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9)]
    assert moves[1] == Move(TUESDAY, date(2026, 10, 8), date(2026, 10, 1))
    assert [move.is_shifted for move in moves] == [False, True, True]


def test_a_gap_takes_up_the_shift_so_that_later_days_keep_their_weekday() -> None:
    next_week = MONDAY + timedelta(days=14)

    assert targets(date(2026, 9, 30), MONDAY, TUESDAY, next_week)[-1] == date(2026, 10, 14)


def test_a_weekend_that_was_chosen_may_be_one_again() -> None:
    saturday = date(2026, 6, 6)

    assert targets(date(2026, 9, 8), TUESDAY, saturday) == [date(2026, 9, 8), date(2026, 9, 12)]


def test_days_before_the_first_stay_before_it() -> None:
    moves = map_days([MONDAY, WEDNESDAY], WEDNESDAY, date(2026, 9, 9), CALENDAR.is_working)

    assert [move.target for move in moves] == [date(2026, 9, 7), date(2026, 9, 9)]


@given(
    st.sets(st.integers(0, 40), min_size=1, max_size=12),
    st.dates(date(2024, 1, 1), date(2026, 11, 1)),
    st.dates(date(2024, 1, 1), date(2026, 11, 1)),
)
def test_no_two_days_meet_none_changes_order_and_a_working_day_stays_one(
    offsets: set[int], start: date, first: date
) -> None:
    days = [start + timedelta(days=offset) for offset in offsets]

    moves = map_days(days, start, first, CALENDAR.is_working)

    assert [move.source for move in moves] == sorted(days)
    assert all(one.target < other.target for one, other in pairwise(moves))
    assert all(move.target >= move.wanted for move in moves)
    assert all(CALENDAR.is_working(move.target) for move in moves if CALENDAR.is_working(move.source))


def test_a_quarter_later_on_the_same_weekday_is_offered_and_never_a_day_that_is_over() -> None:
    assert first_days(MONDAY, MONDAY)[0] == date(2026, 8, 31)
    late = first_days(MONDAY, date(2026, 12, 1))
    assert all(day > date(2026, 12, 1) for day in late)
    assert {day.weekday() for day in late} == {0}


@pytest.mark.parametrize(
    ("name", "following"),
    [
        ("“红领青训营”第四期", "“红领青训营”第五期"),
        ("第九期", "第十期"),
        ("第十期", "第十一期"),
        ("第十九期", "第二十期"),
        ("第12期社区后备人才班", "第13期社区后备人才班"),
        ("2026年第三期", "2026年第四期"),
        ("Camp 4", "Camp 5"),
        ("Cohort 2026-09", "Cohort 2026-10"),
        ("Green Goose Camp", None),
    ],
)
def test_the_number_in_a_name_is_counted_on(name: str, following: str | None) -> None:
    assert next_name(name) == following


def test_each_speaker_is_asked_once() -> None:
    assert speakers_of(["王芳", "", "李睿", "王芳"]) == ("王芳", "李睿")
