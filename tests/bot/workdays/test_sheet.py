from datetime import date
from pathlib import Path

import pytest

from bot.sheets.shapes import Row, Sheet, Workbook
from bot.workdays.rules import Special
from bot.workdays.sheet import DayTable, Fault, NotATable, Problem, find_days, read_days, workbook_of_json

TABLES = Path(__file__).parents[2] / "data" / "holidays"
HEAD = ("日期", "节日", "放假安排")


def read(*rows: tuple[object, ...]) -> DayTable:
    body = (Row(number, tuple(row)) for number, row in enumerate(rows, 1))  # type: ignore[arg-type]
    return read_days(Workbook("t.xlsx", (Sheet("s", tuple(body)),)))


def test_the_published_json_is_read_whole() -> None:
    found = read_days(workbook_of_json((TABLES / "2026.json").read_bytes(), "2026.json"))

    assert (len(found.days), found.years, found.problems) == (39, (2026,), ())
    assert found.days[0] == Special(date(2026, 1, 1), True, "元旦")
    assert Special(date(2026, 2, 14), False, "春节") in found.days


def test_a_sheet_as_an_office_keeps_it_is_read() -> None:
    found = read(("2027年放假安排",), HEAD, (date(2027, 1, 1), "元旦", "放假"), ("2027年1月9日", "元旦", "上班"))

    assert found == DayTable((Special(date(2027, 1, 1), True, "元旦"), Special(date(2027, 1, 9), False, "元旦")), ())


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("2027-02-30", "春节", "放假"), Problem(2, Fault.BAD_DATE, "2027-02-30")),
        (("soon", "春节", "放假"), Problem(2, Fault.BAD_DATE, "soon")),
        ((date(2027, 1, 1), "元旦", "也许"), Problem(2, Fault.BAD_KIND, "也许")),
        ((date(2027, 1, 1), "元旦", None), Problem(2, Fault.BAD_KIND, "")),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row: tuple[object, ...], fault: Problem) -> None:
    assert read(HEAD, row).problems == (fault,)


def test_a_day_that_stands_twice_counts_once() -> None:
    found = read(HEAD, (date(2027, 1, 1), "元旦", "休"), (date(2027, 1, 1), "元旦", "班"))

    assert found.days == (Special(date(2027, 1, 1), True, "元旦"),)
    assert found.problems == (Problem(3, Fault.TWICE, "2027-01-01"),)


@pytest.mark.parametrize(
    "text",
    [b"", b"{}", b"[]", b'{"days": 3}', b'{"days": [{"date": "x"}]}', b"[" * 100_000, b"\xff\xfe", b'{"days": [1]}'],
)
def test_other_json_is_no_table(text: bytes) -> None:
    with pytest.raises(NotATable):
        workbook_of_json(text, "x.json")


def test_a_timetable_is_no_table_of_holidays() -> None:
    rows = (Row(1, ("日期", "开始时间", "结束时间", "课程名称")), Row(2, (date(2027, 1, 1), "9:00", "10:00", "课")))

    assert find_days(Sheet("s", rows)) is None
