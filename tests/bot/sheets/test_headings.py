"""Rows of headings are found and understood, however they are decorated."""

import pytest

from bot.sheets.headings import Header, Vocabulary, find_header, heading_keys, likeliest_headings, understand
from bot.sheets.shapes import Row
from tests.bot.sheets.builders import sheet

WORDS: Vocabulary = {"name": ("姓名", "name"), "phone": ("手机号", "电话", "phoneno")}


def both(header: Header) -> bool:
    return len(header.headings) == 2


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("姓 名", "姓名"),
        ("姓\u3000名", "姓名"),
        ("＊姓名（必填）：", "姓名"),
        ("姓名/Name", "name"),
        ("Phone No.", "phoneno"),
        ("FULL  NAME *", "fullname"),
    ],
)
def test_a_heading_is_looked_up_without_its_decoration(text: str, key: str) -> None:
    assert key in heading_keys(text)


def test_the_headings_are_found_under_titles_and_fillers() -> None:
    table = sheet(["培训班花名册"], ["填表单位：甲", None, "填表日期："], ["姓名", "性别", "电话"], ["张三", "男", "1"])

    header = find_header(table, WORDS, fits=both)

    assert header is not None
    assert (header.row, header.columns, header.unused(WORDS)) == (3, {"name": 0, "phone": 2}, ("性别",))
    assert [row.number for row in header.body] == [4]


def test_headings_below_the_twentieth_row_are_not_looked_for() -> None:
    table = sheet(*[["filler"]] * 20, ["姓名", "电话"])

    assert find_header(table, WORDS, fits=both) is None


def test_of_two_columns_for_one_field_the_better_word_is_taken() -> None:
    header = understand(Row(1, ("姓名", "电话", "手机号")), (), WORDS)

    assert (header.columns, header.repeated) == ({"name": 0, "phone": 2}, ())


def test_a_heading_that_stands_twice_is_reported() -> None:
    header = understand(Row(1, ("姓名", "电话", "姓名", "电话")), (), WORDS)

    assert (header.columns, header.repeated) == ({"name": 0, "phone": 1}, ("姓名", "电话"))


def test_the_likeliest_row_is_the_one_with_most_known_words() -> None:
    table = sheet(["title", "a", "b", "c"], ["姓名", "爱好"], ["x", "y"])

    assert likeliest_headings([table], WORDS) == ("姓名", "爱好")


def test_an_empty_sheet_has_no_headings_to_show() -> None:
    assert likeliest_headings([sheet()], WORDS) == ()
