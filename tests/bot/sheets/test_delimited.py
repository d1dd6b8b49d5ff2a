"""Text of any usual encoding and delimiter becomes the same rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sheets.delimited import read_delimited
from bot.sheets.shapes import CellError, Row
from bot.sheets.unreadable import Reason, UnreadableFile
from tests.bot.sheets.builders import DATA

ROSTER = "序号,姓名,电话\r\n1,李𬭎,13800000003\r\n"
ROWS = (Row(1, ("序号", "姓名", "电话")), Row(2, ("1", "李𬭎", "13800000003")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_usual_encoding_gives_the_same_rows(encoding: str) -> None:
    content = ROSTER.encode(encoding)

    read = read_delimited(content)

    assert read.rows == ROWS


def test_utf_16_of_the_other_byte_order_is_read_by_its_signature() -> None:
    read = read_delimited(b"\xfe\xff" + ROSTER.encode("utf-16-be"))

    assert read.rows == ROWS


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_signature_is_refused_for_its_encoding(encoding: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_delimited(ROSTER.encode(encoding))

    assert caught.value.reason == Reason.ENCODING


def test_bytes_of_no_known_encoding_are_refused_for_their_encoding() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_delimited(b"name,phone\n\xff\xff,1\n")

    assert caught.value.reason == Reason.ENCODING


@pytest.mark.parametrize("content", [b"a,b\x00\n1,2\n", b"a,b\n\x01,2\n"])
def test_nul_and_control_characters_are_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_delimited(content)

    assert caught.value.reason == Reason.NOT_A_SPREADSHEET


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_kind_of_line_end_counts_rows_alike(end: str) -> None:
    content = end.join(["a,b", "", "1,2"]).encode()

    read = read_delimited(content)

    assert read.rows == (Row(1, ("a", "b")), Row(3, ("1", "2")))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_even_under_a_title_with_commas(delimiter: str) -> None:
    lines = ["花名册, 第一期", delimiter.join(["姓名", "电话", "单位"]), delimiter.join(["张三", "1", "甲"])]

    read = read_delimited("\n".join(lines).encode())

    assert [row.cells for row in read.rows[1:]] == [("姓名", "电话", "单位"), ("张三", "1", "甲")]


def test_a_line_that_names_the_separator_is_obeyed_and_not_counted() -> None:
    read = read_delimited((DATA / "csv" / "phpspreadsheet_sep.csv").read_bytes())

    assert read.rows == (Row(1, ("A", "1")), Row(2, ("2", "3")))


def test_a_signature_is_not_part_of_the_first_cell() -> None:
    read = read_delimited((DATA / "csv" / "phpspreadsheet_encoding.utf8bom.csv").read_bytes())

    assert read.rows[0].cells == ("Å", "1")


def test_utf_16_from_a_real_spreadsheet_program_is_read() -> None:
    read = read_delimited((DATA / "csv" / "phpspreadsheet_premiere.utf16lebom.csv").read_bytes())

    assert read.rows[0].cells == ("première", "second", "troisième")


def test_quoted_line_ends_stay_inside_one_row() -> None:
    read = read_delimited(b'a,"b\nc"\n1,2\n')

    assert read.rows == (Row(1, ("a", "b\nc")), Row(2, ("1", "2")))


def test_a_failed_formula_is_marked_in_text_too() -> None:
    read = read_delimited(b"name,#N/A\n")

    assert read.rows[0].cells == ("name", CellError("#N/A"))


def test_one_endless_field_is_refused() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_delimited(b"a," + b"x" * 1_000_000)

    assert caught.value.reason == Reason.NOT_A_SPREADSHEET


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read = read_delimited(content)
    except UnreadableFile:
        return

    assert all(row.cells and row.cells[-1] is not None for row in read.rows)
