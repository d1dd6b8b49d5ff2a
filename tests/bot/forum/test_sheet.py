from datetime import date, datetime, time

import pytest

from bot.forum.models import Audience, Choice
from bot.forum.sheet import CallSheet, Fault, is_sheet, read_calls
from bot.forum.templates import Name
from bot.sheets.shapes import Cell, Row, Sheet, Workbook

HEAD = (
    "日期",
    "时间",
    "课次",
    "论坛形式",
    "标题",
    "议题",
    "名额",
    "分钟",
    "席位",
    "报名范围",
    "报名开始",
    "报名截止",
    "产生方式",
)
MONDAY, WEDNESDAY = date(2026, 12, 7), date(2026, 12, 9)


def book(*rows: tuple[Cell, ...]) -> Workbook:
    return Workbook("calls.xlsx", (Sheet("1", tuple(Row(n, row) for n, row in enumerate(rows, start=1))),))


def read(*rows: tuple[Cell, ...], head: tuple[str, ...] = HEAD) -> CallSheet:
    return read_calls(book(head, *rows), first_day=MONDAY, last_day=WEDNESDAY)


def test_a_row_gives_everything_a_call_can_have() -> None:
    row: tuple[Cell, ...] = (
        date(2026, 12, 8),
        time(14),
        "Forum",
        "学员论坛",
        "邻里",
        "一？\n2、二？",
        "5",
        "12",
        "40",
        "花园街道、海港社区",
        datetime.combine(MONDAY, time(8)),
        "12月7日 18:00",
        "公平抽签",
    )

    (entry,) = read(row).entries

    assert (entry.kind, entry.activity, entry.on, entry.starts) == (Name.TRAINEES, "Forum", date(2026, 12, 8), time(14))
    assert (entry.title, entry.questions) == ("邻里", ("一？", "二？"))
    assert (entry.slots, entry.minutes, entry.seats) == (5, 12, 40)
    assert (entry.audience, entry.units) == (Audience.UNITS, ("花园街道", "海港社区"))
    assert (entry.opens, entry.closes) == (datetime.combine(MONDAY, time(8)), datetime.combine(MONDAY, time(18)))
    assert entry.choice is Choice.DRAW


def test_an_empty_cell_is_left_to_the_template() -> None:
    (entry,) = read((None, None, "Forum", "salon")).entries

    assert (entry.kind, entry.slots, entry.audience, entry.choice, entry.opens) == (Name.SALON, None, None, None, None)


def test_rows_below_a_call_add_questions_to_it() -> None:
    sheet = read((None, None, "Forum", "沙龙", None, "一"), (None, None, None, None, None, "二"))

    assert [entry.questions for entry in sheet.entries] == [("一", "二")]


def test_activities_without_a_kind_are_passed_over() -> None:
    sheet = read((None, None, "Lecture"), (None, None, "Forum", "邀请"))

    assert ([entry.kind for entry in sheet.entries], sheet.skipped, sheet.problems) == ([Name.INVITED], 1, ())


@pytest.mark.parametrize(
    ("column", "cell", "fault"),
    [
        (0, "someday", Fault.BAD_DATE),
        (1, "noonish", Fault.BAD_TIME),
        (3, "picnic", Fault.BAD_KIND),
        (4, "x" * 101, Fault.TOO_LONG),
        (6, "many", Fault.BAD_NUMBER),
        (6, "61", Fault.BAD_NUMBER),
        (8, "-1", Fault.BAD_NUMBER),
        (11, "later", Fault.BAD_TIME),
        (12, "by looks", Fault.BAD_CHOICE),
    ],
)
def test_what_cannot_be_read_is_a_problem_and_never_guessed(column: int, cell: str, fault: Fault) -> None:
    row: list[Cell] = [None, None, "Forum", "salon", *[None] * 9]
    row[column] = cell

    sheet = read(tuple(row))

    assert sheet.entries == ()
    assert [(problem.row, problem.fault) for problem in sheet.problems] == [(2, fault)]


@pytest.mark.parametrize(
    ("said", "audience"),
    [("全体", Audience.COHORT), ("everybody", Audience.COHORT), ("link", Audience.LINK), ("凭链接", Audience.LINK)],
)
def test_who_may_sign_up_is_understood_in_both_languages(said: str, audience: Audience) -> None:
    row: tuple[Cell, ...] = (None, None, "Forum", "salon", None, None, None, None, None, said)

    assert [entry.audience for entry in read(row).entries] == [audience]


def test_a_timetable_is_no_table_of_calls() -> None:
    assert not is_sheet(book(("日期", "时间", "课程", "形式", "地点")))
    assert is_sheet(book(HEAD))
