from datetime import time

import pytest

from bot.checkin.paper import Line
from bot.checkin.paper_text import find_sheet, lines_of, read_sheet, read_typed, words
from tests.bot.sheets.builders import workbook


def test_codes_are_read_however_they_are_typed() -> None:
    read = read_typed("k7pm，3QXD、Ｗ８ＲＴ\n9abc")

    assert read.lines == tuple(Line(code) for code in ("K7PM", "3QXD", "W8RT", "9ABC"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("K7PM 9:05", Line("K7PM", time(9, 5))),
        ("K7PM 9：05", Line("K7PM", time(9, 5))),
        ("K7PM 9:05-11:30", Line("K7PM", time(9, 5), time(11, 30))),
        ("K7PM 9:05–11:30", Line("K7PM", time(9, 5), time(11, 30))),
    ],
)
def test_a_time_belongs_to_the_code_before_it(text: str, line: Line) -> None:
    assert read_typed(text).lines == (line,)


@pytest.mark.parametrize("text", ["25:00", "hello", "K7P", "K7PM0", "=1+1", "😀", "9:05"])
def test_what_is_neither_code_nor_time_is_named(text: str) -> None:
    read = read_typed(text)

    assert (read.lines, read.rubbish) == ((), (text,))


def test_lines_survive_being_kept_in_a_dialogue() -> None:
    lines = [Line("K7PM"), Line("3QXD", time(9, 5), time(11, 30))]

    assert lines_of(words(lines)) == lines


def test_only_marked_rows_of_a_filled_sheet_count() -> None:
    header = find_sheet(
        workbook(
            ["签到码", "姓名", "到达", "离开"],
            ["K7PM", "甲", "√", None],
            ["3QXD", "乙", "缺", None],
            ["W8RT", "丙", time(9, 12), time(11, 0)],
            ["9ABC", "丁", None, None],
            ["????", "戊", "√", None],
        )
    )

    assert header is not None
    read = read_sheet(header)
    assert read.lines == (Line("K7PM"), Line("W8RT", time(9, 12), time(11, 0)))
    assert read.rubbish == ("????",)


def test_a_list_of_codes_alone_means_that_all_came() -> None:
    header = find_sheet(workbook(["Row code"], ["K7PM"], ["3QXD"]))

    assert header is not None
    assert len(read_sheet(header).lines) == 2


def test_a_roster_is_no_sheet() -> None:
    assert find_sheet(workbook(["姓名", "手机号"], ["甲", "13800000000"])) is None
