"""Timetables are understood as coordinators write them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sheets.headings import HeaderNotFound
from bot.sheets.reader import read_workbook_now
from bot.sheets.shapes import Cell, CellError, Workbook
from bot.timetable.sheet import Field, Problem, ProblemKind, Timetable, TimetableEntry, read_timetable
from tests.bot.sheets.builders import DATA, sheet, workbook

FIRST, LAST = date(2026, 12, 7), date(2026, 12, 9)
HEAD: tuple[Cell, ...] = ("日期", "开始时间", "结束时间", "类型", "课程名称", "主讲人", "地点", "备注")


def read(*rows: Sequence[Cell], first: date = FIRST, last: date = LAST, zone: str = "Asia/Shanghai") -> Timetable:
    timetable = read_timetable(workbook(*rows), first_day=first, last_day=last, zone=ZoneInfo(zone))
    assert isinstance(timetable, Timetable)
    return timetable


def lesson(on: Cell, starts: Cell, ends: Cell, title: Cell) -> tuple[Cell, ...]:
    return (on, starts, ends, None, title)


def the_problem(*rows: Sequence[Cell]) -> Problem:
    (problem,) = read(HEAD, *rows).problems
    return problem


def test_the_timetable_of_the_sample_camp_has_its_activities() -> None:
    book = read_workbook_now(DATA / "camp" / "timetable.xlsx", name="timetable.xlsx")

    timetable = read_timetable(book, first_day=FIRST, last_day=LAST, zone=ZoneInfo("Asia/Shanghai"))

    assert isinstance(timetable, Timetable)
    assert (len(timetable.entries), timetable.problems, timetable.ignored) == (13, (), ())
    assert timetable.entries[0] == TimetableEntry(
        row=3, on=FIRST, starts=time(8, 30), ends=time(9, 0), title="学员报到", kind="报到", place="区委党校报告厅",
        notes="携带身份证",
    )  # fmt: skip
    assert timetable.entries[12].on == LAST


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        *((word, Field.KIND) for word in ("类型", "Kind", "Type")),
        *(
            (word, Field.SPEAKER)
            for word in ("主讲人", "主持人", "主讲", "教师", "主讲人/主持人", "Speaker", "Teacher")
        ),
        *((word, Field.PLACE) for word in ("地点", "教室", "Place", "Room", "Venue")),
        *((word, Field.NOTES) for word in ("备注", "要求", "Notes")),
    ],
)
def test_the_usual_headings_are_understood(heading: str, field: Field) -> None:
    timetable = read(["日期", "时间", "课程", heading])

    assert timetable.fields == {Field.DATE, Field.TIME, Field.TITLE, field}


@pytest.mark.parametrize("head", [("Date", "Start", "End", "Title"), ("日期", "开始", "结束", "内容")])
def test_the_headings_that_are_needed_are_understood_in_both_languages(head: tuple[str, ...]) -> None:
    timetable = read(head, ("2026-12-07", "8:30", "9:00", "报到"))

    assert timetable.entries == (TimetableEntry(2, FIRST, time(8, 30), time(9, 0), "报到"),)


def test_one_column_may_hold_both_times() -> None:
    timetable = read(["日期", "时间", "内容"], ["12月7日", "08:30-09:00", "报到"])

    assert timetable.entries == (TimetableEntry(2, FIRST, time(8, 30), time(9, 0), "报到"),)


def test_the_day_may_stand_before_the_times_or_be_part_of_the_start() -> None:
    spans = read(["时间", "内容"], ["12月7日 08:30-09:00", "报到"])
    starts = read(["开始", "结束", "内容"], [datetime(2026, 12, 7, 8, 30), "9:00", "报到"])  # noqa: DTZ001

    assert spans.entries == starts.entries == (TimetableEntry(2, FIRST, time(8, 30), time(9, 0), "报到"),)


def test_a_day_is_carried_down_to_the_rows_below_it() -> None:
    timetable = read(
        HEAD,
        lesson("12月7日", "8:30", "9:00", "a"),
        lesson(None, "9:00", "10:00", "b"),
        lesson("12月8日", "8:30", "9:00", "c"),
        lesson(None, "9:00", "10:00", "d"),
    )

    assert [(entry.title, entry.on.day) for entry in timetable.entries] == [("a", 7), ("b", 7), ("c", 8), ("d", 8)]


def test_a_line_that_only_names_the_day_holds_for_the_rows_below_it() -> None:
    timetable = read(["时间", "内容"], ["12月8日（周二）"], ["9:00-10:00", "课"])

    assert [(entry.row, entry.on) for entry in timetable.entries] == [(3, date(2026, 12, 8))]


def test_a_day_that_cannot_be_read_is_not_replaced_by_the_day_before() -> None:
    timetable = read(
        HEAD,
        lesson("12月7日", "8:30", "9:00", "a"),
        lesson("第二天", "9:00", "10:00", "b"),
        lesson(None, "10:00", "11:00", "c"),
    )

    assert [entry.title for entry in timetable.entries] == ["a"]
    assert timetable.problems == (
        Problem(3, ProblemKind.BAD_DATE, "第二天"),
        Problem(4, ProblemKind.BAD_DATE, "第二天"),
    )


@pytest.mark.parametrize(
    ("row", "kind", "text"),
    [
        (lesson("第一天", "8:30", "9:00", "a"), ProblemKind.BAD_DATE, "第一天"),
        (lesson("2027-02-29", "8:30", "9:00", "a"), ProblemKind.NO_SUCH_DATE, "2027-02-29"),
        (lesson(None, "8:30", "9:00", "a"), ProblemKind.MISSING_DATE, "a"),
        (lesson(FIRST, "early", "9:00", "a"), ProblemKind.BAD_TIME, "early"),
        (lesson(FIRST, "8:30", "25:00", "a"), ProblemKind.NO_SUCH_TIME, "25:00"),
        (lesson(FIRST, "8:30", None, "a"), ProblemKind.MISSING_TIME, "a"),
        (lesson(FIRST, None, "9:00", "a"), ProblemKind.MISSING_TIME, "a"),
        (lesson(FIRST, CellError("#N/A"), "9:00", "a"), ProblemKind.BAD_TIME, "#N/A"),
        (lesson(FIRST, "9:00", "8:30", "a"), ProblemKind.END_NOT_AFTER_START, "09:00-08:30"),
        (lesson(FIRST, "9:00", "9:00", "a"), ProblemKind.END_NOT_AFTER_START, "09:00-09:00"),
        (lesson(FIRST, "8:30", "9:00", None), ProblemKind.MISSING_TITLE, "2026-12-07 8:30 9:00"),
    ],
)
def test_a_row_that_cannot_be_imported_is_reported(row: tuple[Cell, ...], kind: ProblemKind, text: str) -> None:
    timetable = read(HEAD, row)

    assert (timetable.entries, timetable.problems) == ((), (Problem(2, kind, text),))
    assert not kind.is_warning


def test_a_day_outside_the_cohort_is_a_warning() -> None:
    timetable = read(HEAD, lesson("2026-12-10", "8:30", "9:00", "a"))

    assert len(timetable.entries) == 1
    assert timetable.problems == (Problem(2, ProblemKind.OUTSIDE_COHORT, "2026-12-10"),)


def test_activities_that_overlap_are_a_warning_and_those_that_touch_are_not() -> None:
    timetable = read(
        HEAD,
        lesson(FIRST, "9:00", "10:00", "a"),
        lesson(FIRST, "10:00", "11:00", "b"),
        lesson(FIRST, "10:30", "12:00", "c"),
    )

    assert len(timetable.entries) == 3
    assert timetable.problems == (Problem(4, ProblemKind.OVERLAP, "c", (3,)),)


def test_one_title_twice_at_one_time_is_imported_once() -> None:
    timetable = read(HEAD, lesson(FIRST, "9:00", "10:00", "a"), lesson(FIRST, "9:00", "10:30", "A"))

    assert [entry.row for entry in timetable.entries] == [2]
    assert timetable.problems == (Problem(3, ProblemKind.DUPLICATE, "A", (2,)),)


@pytest.mark.parametrize(
    ("zone", "on", "at"),
    [
        ("Europe/Berlin", date(2026, 3, 29), "2:30"),
        ("America/New_York", date(2026, 3, 8), "2:30"),
        ("Australia/Lord_Howe", date(2026, 10, 4), "2:15"),
    ],
)
def test_a_time_that_clocks_skip_is_reported(zone: str, on: date, at: str) -> None:
    row = lesson(on, at, "4:00", "a")

    timetable = read(HEAD, row, first=on, last=on, zone=zone)

    assert timetable.entries == ()
    assert timetable.problems == (Problem(2, ProblemKind.SKIPPED_BY_CLOCK_CHANGE, f"{on} 0{at}"),)


def test_a_time_that_comes_twice_is_no_problem() -> None:
    day = date(2026, 10, 25)

    timetable = read(HEAD, lesson(day, "2:30", "4:00", "a"), first=day, last=day, zone="Europe/Berlin")

    assert (len(timetable.entries), timetable.problems) == (1, ())


def test_entries_come_in_the_order_of_time() -> None:
    timetable = read(
        HEAD,
        lesson(LAST, "9:00", "10:00", "c"),
        lesson(FIRST, "14:00", "15:00", "b"),
        lesson(FIRST, "9:00", "10:00", "a"),
    )

    assert [entry.title for entry in timetable.entries] == ["a", "b", "c"]


def test_remarks_and_repeated_headings_are_no_activities() -> None:
    timetable = read(HEAD, ("注：请提前十分钟到场",), HEAD, lesson(FIRST, "9:00", "10:00", "a"))

    assert (len(timetable.entries), timetable.problems) == (1, ())


def test_a_lone_title_is_reported_rather_than_lost() -> None:
    assert the_problem(lesson(None, None, None, "自习")) == Problem(2, ProblemKind.MISSING_DATE, "自习")


def test_a_failed_formula_in_another_column_leaves_that_field_empty() -> None:
    timetable = read(HEAD, (*lesson(FIRST, "9:00", "10:00", "a"), CellError("#N/A"), "301教室"))

    assert (timetable.entries[0].speaker, timetable.entries[0].place) == (None, "301教室")
    assert timetable.problems == (Problem(2, ProblemKind.CELL_ERROR, "#N/A"),)


def test_an_endless_title_is_cut_and_reported() -> None:
    timetable = read(HEAD, lesson(FIRST, "9:00", "10:00", "课" * 300))

    assert timetable.entries[0].title == "课" * 200
    assert [problem.kind for problem in timetable.problems] == [ProblemKind.TOO_LONG]


def test_columns_that_mean_nothing_here_are_named() -> None:
    assert read([*HEAD, "天气"]).ignored == ("天气",)


def test_without_headings_it_is_said_what_was_looked_for() -> None:
    outcome = read_timetable(workbook(["周一", "上课"]), first_day=FIRST, last_day=LAST, zone=ZoneInfo("Asia/Shanghai"))

    assert outcome == HeaderNotFound(("日期", "开始时间", "结束时间", "课程名称"), ("周一", "上课"))


def test_the_sheet_with_activities_is_read_and_others_like_it_are_named() -> None:
    sheets = (
        sheet(HEAD, title="模板"),
        sheet(HEAD, lesson(FIRST, "9:00", "10:00", "a"), title="第一周"),
        sheet(HEAD, lesson(LAST, "9:00", "10:00", "b"), title="第二周"),
    )

    timetable = read_timetable(Workbook("a", sheets), first_day=FIRST, last_day=LAST, zone=ZoneInfo("Asia/Shanghai"))

    assert isinstance(timetable, Timetable)
    assert (timetable.sheet, timetable.other_sheets) == ("第一周", ("第二周",))


ANY_CELL: st.SearchStrategy[Cell] = st.one_of(
    st.none(), st.text(max_size=12).filter(bool), st.sampled_from(["8:30", "9:00", "12月7日", "2月29日", "下午2点"]),
    st.floats(0.1, 0.9), st.dates(), st.times(), st.datetimes(), st.just(CellError("#N/A")),
)  # fmt: skip


@given(st.lists(st.lists(ANY_CELL, max_size=8), max_size=12))
def test_whatever_stands_in_the_rows_each_gives_an_entry_or_a_problem_or_is_a_filler(rows: list[list[Cell]]) -> None:
    timetable = read(HEAD, *rows)

    refused = {problem.row for problem in timetable.problems if not problem.kind.is_warning}
    kept = {entry.row for entry in timetable.entries}
    told = {number for number, row in enumerate(rows, start=2) if len([cell for cell in row if cell is not None]) > 1}
    assert not refused & kept
    assert told <= refused | kept
    assert all(entry.starts < entry.ends for entry in timetable.entries)
