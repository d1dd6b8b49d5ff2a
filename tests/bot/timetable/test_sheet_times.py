"""Days and times are read as people write them."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sheets.shapes import Cell, CellError
from bot.timetable.sheet_times import Fault, read_day, read_span, read_time, split_day

FIRST, LAST = date(2026, 12, 7), date(2026, 12, 9)
DAY = date(2026, 12, 7)


def day_of(cell: Cell, first_day: date = FIRST, last_day: date = LAST) -> date | Fault | None:
    return read_day(cell, first_day=first_day, last_day=last_day)


@pytest.mark.parametrize(
    "cell",
    [
        DAY,
        datetime(2026, 12, 7, 8, 30),  # noqa: DTZ001
        "2026-12-07",
        "2026/12/7",
        "2026.12.7",
        "２０２６－１２－０７",
        "20261207",
        "2026年12月7日",
        "2026 年 12 月 7 日 星期一",
        "2026-12-07 00:00:00",
        "2026-12-07T00:00:00",
        "12月7日",
        "12月7号",
        "12月7日（周一）",
        "12/7",
        "12-7",
        "7 Dec 2026",
        "7 December",
        "Mon 7 Dec",
        "Monday, 7 December 2026",
        "Dec 7, 2026",
        "December 7th",
        "7/12/2026",
        "12/7/2026",
        "46363",
    ],
)
def test_a_day_is_read_in_every_usual_form(cell: Cell) -> None:
    assert day_of(cell) == DAY


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2027-02-29", Fault.NO_SUCH),
        ("2月30日", Fault.NO_SUCH),
        ("2026-13-01", Fault.NO_SUCH),
        ("30 Feb 2026", Fault.NO_SUCH),
        ("31/31/2026", Fault.NO_SUCH),
        ("第一天", Fault.UNREADABLE),
        ("7 Foo 2026", Fault.UNREADABLE),
        ("5/6/2026", Fault.UNREADABLE),
        ("40000", Fault.UNREADABLE),
        (time(8, 30), Fault.UNREADABLE),
        (0.5, Fault.UNREADABLE),
        (CellError("#REF!"), Fault.UNREADABLE),
        (None, None),
    ],
)
def test_what_gives_no_day_says_why(cell: Cell, expected: Fault | None) -> None:
    assert day_of(cell) == expected


def test_a_leap_day_without_a_year_needs_a_leap_year() -> None:
    assert day_of("2月29日", date(2028, 2, 1), date(2028, 3, 1)) == date(2028, 2, 29)
    assert day_of("2月29日", date(2027, 2, 1), date(2027, 3, 1)) == Fault.NO_SUCH


def test_a_day_without_a_year_goes_to_the_right_side_of_new_year() -> None:
    first, last = date(2026, 12, 28), date(2027, 1, 3)

    assert (day_of("12月30日", first, last), day_of("1月2日", first, last)) == (date(2026, 12, 30), date(2027, 1, 2))


def test_a_day_that_could_be_two_is_read_only_where_the_cohort_decides() -> None:
    assert day_of("7/8/2026", date(2026, 8, 1), date(2026, 8, 31)) == date(2026, 8, 7)
    assert day_of("7/8/2026", date(2026, 7, 1), date(2026, 8, 31)) == Fault.UNREADABLE


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (time(8, 30), time(8, 30)),
        (time(8, 29, 59, 999000), time(8, 30)),
        (datetime(2026, 12, 7, 8, 30), time(8, 30)),  # noqa: DTZ001
        (0.354166666, time(8, 30)),
        (0.999999, time(23, 59)),
        ("8:30", time(8, 30)),
        ("08:30:00", time(8, 30)),
        ("8：30", time(8, 30)),
        ("8.30", time(8, 30)),
        ("0830", time(8, 30)),
        ("下午2点", time(14, 0)),
        ("下午2:30", time(14, 30)),
        ("下午14:00", time(14, 0)),
        ("上午9点半", time(9, 30)),
        ("上午12:00", time(12, 0)),
        ("9点一刻", time(9, 15)),
        ("14时30分", time(14, 30)),
        ("9点整", time(9, 0)),
        ("中午12点", time(12, 0)),
        ("中午1点", time(13, 0)),
        ("晚上7点", time(19, 0)),
        ("凌晨12点", time(0, 0)),
        ("2 pm", time(14, 0)),
        ("2:30 P.M.", time(14, 30)),
        ("12 pm", time(12, 0)),
        ("12:30 am", time(0, 30)),
        ("23:59", time(23, 59)),
        ("00:00", time(0, 0)),
    ],
)
def test_a_time_is_read_in_every_usual_form(cell: Cell, expected: time) -> None:
    assert read_time(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("25:00", Fault.NO_SUCH),
        ("24:00", Fault.NO_SUCH),
        ("8:60", Fault.NO_SUCH),
        ("晚上12点", Fault.NO_SUCH),
        ("soon", Fault.UNREADABLE),
        ("9", Fault.UNREADABLE),
        ("830", Fault.UNREADABLE),
        (8.5, Fault.UNREADABLE),
        (date(2026, 12, 7), Fault.UNREADABLE),
        (CellError("#N/A"), Fault.UNREADABLE),
        (None, None),
    ],
)
def test_what_gives_no_time_says_why(cell: Cell, expected: Fault | None) -> None:
    assert read_time(cell) == expected


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("08:30-09:00", time(8, 30), time(9, 0)),
        ("8：30～9：00", time(8, 30), time(9, 0)),
        ("8:30—9:00", time(8, 30), time(9, 0)),
        ("8:30 -- 9:00", time(8, 30), time(9, 0)),
        ("8:30至9:00", time(8, 30), time(9, 0)),
        ("8:30 to 9:00", time(8, 30), time(9, 0)),
        ("8:30\n-\n9:00", time(8, 30), time(9, 0)),
        ("上午9:00-11:30", time(9, 0), time(11, 30)),
        ("上午9:00-下午2:00", time(9, 0), time(14, 0)),
        ("下午2:00-4:00", time(14, 0), time(16, 0)),
        ("下午2点到4点", time(14, 0), time(16, 0)),
        ("2-4 pm", time(14, 0), time(16, 0)),
        ("10-11 am", time(10, 0), time(11, 0)),
        ("11-1 pm", time(11, 0), time(13, 0)),
        ("12月7日 08:30-09:00", time(8, 30), time(9, 0)),
        ("2026-12-07 8:30-9:00", time(8, 30), time(9, 0)),
    ],
)
def test_a_span_is_read_in_every_usual_form(text: str, starts: time, ends: time) -> None:
    assert read_span(text) == (starts, ends)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("9:00", Fault.UNREADABLE),
        ("8-9-10", Fault.UNREADABLE),
        ("全天", Fault.UNREADABLE),
        ("23:00-25:00", Fault.NO_SUCH),
        (time(8, 30), Fault.UNREADABLE),
        (None, None),
    ],
)
def test_what_gives_no_span_says_why(cell: Cell, expected: Fault | None) -> None:
    assert read_span(cell) == expected


@pytest.mark.parametrize(
    ("text", "day", "rest"),
    [
        ("12月7日 08:30", "12月7日", "08:30"),
        ("2026-12-07 08:30", "2026-12-07", "08:30"),
        ("08:30-09:00", None, "08:30-09:00"),
        ("12月7日", None, "12月7日"),
    ],
)
def test_a_leading_day_is_split_off(text: str, day: str | None, rest: str) -> None:
    assert split_day(text) == (day, rest)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_written_with_its_year_comes_back(day: date) -> None:
    forms = [day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%b} {day.year}"]

    assert [day_of(form) for form in forms] == [day, day, day]


@given(st.times())
def test_every_minute_comes_back(at: time) -> None:
    minute = at.replace(second=0, microsecond=0)

    forms: list[Cell] = [minute, f"{minute:%H:%M}", f"{minute.hour}点{minute.minute}分", f"{minute:%H:%M:%S}"]

    assert [read_time(form) for form in forms] == [minute] * 4


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert isinstance(day_of(text), date | Fault)
    assert isinstance(read_time(text), time | Fault)
    assert isinstance(read_span(text), tuple | Fault)
