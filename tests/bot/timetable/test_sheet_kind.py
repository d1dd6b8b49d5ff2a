"""A roster is told from a timetable by its headings."""

from collections.abc import Sequence

import pytest

from bot.sheets.reader import read_workbook_now
from bot.sheets.shapes import Cell
from bot.timetable.sheet_kind import SheetKind, recognise
from tests.bot.sheets.builders import DATA, workbook


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("camp/roster.xlsx", SheetKind.ROSTER),
        ("rosters/roster_gb18030.csv", SheetKind.ROSTER),
        ("camp/timetable.xlsx", SheetKind.TIMETABLE),
        ("xlsx/calamine_header-row.xlsx", SheetKind.UNKNOWN),
    ],
)
def test_the_samples_are_told_apart(path: str, kind: SheetKind) -> None:
    book = read_workbook_now(DATA / path, name=path)

    assert recognise(book).kind == kind


@pytest.mark.parametrize(
    ("heading", "guess"),
    [
        (("电话", "单位"), SheetKind.ROSTER),
        (("地点", "主讲人", "时间"), SheetKind.TIMETABLE),
        (("甲", "乙"), None),
    ],
)
def test_what_is_neither_gives_the_likelier_kind_and_what_was_looked_for(
    heading: Sequence[Cell], guess: SheetKind | None
) -> None:
    recognised = recognise(workbook(["标题"], heading))

    assert (recognised.kind, recognised.guess) == (SheetKind.UNKNOWN, guess)
    assert recognised.seen == heading
    assert ("姓名" in recognised.looked_for) is (guess is not SheetKind.TIMETABLE)
    assert ("日期" in recognised.looked_for) is (guess is not SheetKind.ROSTER)


def test_a_sheet_that_fits_both_is_what_more_of_its_headings_say() -> None:
    rosterish = workbook(["姓名", "电话", "单位", "活动", "时间"])
    timetableish = workbook(["日期", "开始", "结束", "课程", "地点", "姓名"])

    assert (recognise(rosterish).kind, recognise(timetableish).kind) == (SheetKind.ROSTER, SheetKind.TIMETABLE)
