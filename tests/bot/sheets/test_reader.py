"""Untrusted files are read in bounds, or refused with a reason."""

import subprocess
import sys
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter

from bot.sheets.limits import FILE_BYTES
from bot.sheets.reader import read_workbook, read_workbook_now
from bot.sheets.shapes import CellError, Row
from bot.sheets.unreadable import Reason, UnreadableFile
from tests.bot.sheets.builders import DATA, write_xlsx

pytestmark = pytest.mark.anyio


async def rows_of(path: Path) -> tuple[Row, ...]:
    return (await read_workbook(path, name=path.name)).sheets[0].rows


async def refusal_of(path: Path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        await read_workbook(path, name="sent.xlsx")
    return caught.value


async def test_a_workbook_keeps_its_name_its_sheets_and_its_row_numbers() -> None:
    read = await read_workbook(DATA / "camp" / "roster.xlsx", name="花名册.xlsx")

    assert read.name == "花名册.xlsx"
    assert [(sheet.title, len(sheet.rows)) for sheet in read.sheets] == [("花名册", 79)]
    assert read.sheets[0].rows[2].number == 3
    assert read.sheets[0].rows[2].cells[:4] == ("1", "杨兰远", "男", "13900007000")


async def test_blank_rows_are_left_out_and_numbers_still_count_them() -> None:
    rows = await rows_of(DATA / "xlsx" / "calamine_header-row.xlsx")

    assert [row.number for row in rows] == [3, 9, 10]
    assert rows[0].cells == (None, None, "Note 1")


@pytest.mark.parametrize("name", ["calamine_date.xls", "calamine_date_1904.xlsx"])
async def test_dates_are_right_in_either_calendar_and_long_durations_stay_text(name: str) -> None:
    rows = await rows_of(DATA / "xlsx" / name)

    assert [row.cells[0] for row in rows] == [date(2021, 1, 1), date(2021, 1, 2), "255:10"]


async def test_values_come_in_their_plain_forms(tmp_path: Path) -> None:
    values = [13800000001, 0.5, True, "  text ", date(2026, 12, 7), time(8, 30), datetime(2026, 12, 7, 8, 30)]  # noqa: DTZ001

    rows = await rows_of(write_xlsx(tmp_path / "values.xlsx", [values]))

    assert rows[0].cells == (
        *("13800000001", 0.5, "TRUE", "text"),
        *(date(2026, 12, 7), time(8, 30), datetime(2026, 12, 7, 8, 30)),  # noqa: DTZ001
    )


async def test_cells_left_of_the_first_value_keep_their_columns(tmp_path: Path) -> None:
    rows = await rows_of(write_xlsx(tmp_path / "right.xlsx", [[], [None, None, "name", "phone"]]))

    assert rows == (Row(2, (None, None, "name", "phone")),)


async def test_failed_formulas_are_marked_with_their_code() -> None:
    rows = await rows_of(DATA / "xlsx" / "calamine_errors.xlsx")

    codes = ["#DIV/0!", "#NAME?", "#VALUE!", "#NULL!", "#REF!", "#NUM!", "#N/A"]
    assert [row.cells for row in rows] == [(CellError(code),) for code in codes]


async def test_a_cell_merged_over_rows_is_said_of_each_row_that_has_something(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "merged.xlsx")
    page = book.add_worksheet()
    page.merge_range("A1:A4", "12月7日")
    page.write_column("B1", ["one", "two", "three"])
    book.close()

    rows = await rows_of(tmp_path / "merged.xlsx")

    assert [row.cells for row in rows] == [("12月7日", "one"), ("12月7日", "two"), ("12月7日", "three")]


async def test_phonetic_guides_do_not_double_the_text() -> None:
    rows = await rows_of(DATA / "xlsx" / "calamine_rph.xlsx")

    assert rows == (Row(1, ("課きく\u3000毛こ",)),)


async def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "hidden.xlsx")
    book.add_worksheet("seen").write(0, 0, "here")
    lists = book.add_worksheet("lists")
    lists.write(0, 0, "not here")
    lists.hide()
    book.close()

    read = await read_workbook(tmp_path / "hidden.xlsx", name="hidden.xlsx")

    assert [sheet.title for sheet in read.sheets] == ["seen"]


async def test_a_workbook_under_the_name_of_a_text_file_is_read_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes((DATA / "camp" / "roster.xlsx").read_bytes())

    rows = await rows_of(path)

    assert len(rows) == 79


async def test_a_path_that_looks_like_an_option_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-c").write_bytes("姓名,电话\n".encode())

    rows = await rows_of(Path("-c"))

    assert rows == (Row(1, ("姓名", "电话")),)


async def test_a_password_is_named_as_the_reason() -> None:
    refusal = await refusal_of(DATA / "xlsx" / "calamine_pass_protected.xlsx")

    assert (refusal.reason, refusal.name) == (Reason.PASSWORD, "sent.xlsx")


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" * 40,
        b"%PDF-1.7\n1 0 obj\n",
        b"<html><table><tr><td>1</td></tr></table></html>",
        b"PK\x03\x04" + b"\x00" * 400,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4000,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    ],
)
async def test_what_is_no_spreadsheet_is_refused_as_such(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sent"
    path.write_bytes(content)

    refusal = await refusal_of(path)

    assert refusal.reason == Reason.NOT_A_SPREADSHEET


async def test_a_zip_without_a_workbook_is_no_spreadsheet(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")

    refusal = await refusal_of(tmp_path / "a.zip")

    assert refusal.reason == Reason.NOT_A_SPREADSHEET


@pytest.mark.parametrize("content", [b"", b"\n\n ,,\n", b"\xef\xbb\xbf"])
async def test_a_file_without_any_value_is_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(content)

    refusal = await refusal_of(path)

    assert refusal.reason == Reason.EMPTY


async def test_a_workbook_without_any_value_is_empty(tmp_path: Path) -> None:
    refusal = await refusal_of(write_xlsx(tmp_path / "empty.xlsx", []))

    assert refusal.reason == Reason.EMPTY


async def test_a_file_over_the_limit_is_refused_with_its_size(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    path.write_bytes(b"a,b\n" * (FILE_BYTES // 4) + b"x")

    refusal = await refusal_of(path)

    assert (refusal.reason, refusal.found, refusal.limit) == (Reason.TOO_BIG, FILE_BYTES + 1, FILE_BYTES)


async def test_fifty_thousand_rows_are_refused_with_their_number(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("姓名,电话\n" + "张三,13800000001\n" * 49_999, encoding="utf-8")

    refusal = await refusal_of(path)

    assert (refusal.reason, refusal.found, refusal.limit) == (Reason.TOO_MANY_ROWS, 50_000, 20_000)


async def test_a_workbook_of_too_many_rows_is_refused_with_their_number(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "many.xlsx", ([f"name {number}"] for number in range(20_001)), constant_memory=True)

    refusal = await refusal_of(path)

    assert (refusal.reason, refusal.found) == (Reason.TOO_MANY_ROWS, 20_001)


@pytest.mark.parametrize("name", ["wide.csv", "wide.xlsx"])
async def test_too_many_columns_are_refused_with_their_number(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("csv"):
        path.write_text(",".join(["x"] * 51), encoding="utf-8")
    else:
        write_xlsx(path, [["x"] * 51])

    refusal = await refusal_of(path)

    assert (refusal.reason, refusal.found, refusal.limit) == (Reason.TOO_MANY_COLUMNS, 51, 50)


async def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (65 * 1024 * 1024))

    refusal = await refusal_of(path)

    assert path.stat().st_size < 100_000
    assert (refusal.reason, refusal.found) == (Reason.BOMB, 65 * 1024 * 1024)


async def test_an_archive_of_too_many_entries_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.xlsx", "w") as archive:
        for number in range(201):
            archive.writestr(f"{number}.xml", "")

    refusal = await refusal_of(tmp_path / "many.xlsx")

    assert (refusal.reason, refusal.found, refusal.limit) == (Reason.BOMB, 201, 200)


async def test_a_value_in_the_farthest_cell_costs_no_memory_here(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "far.xlsx")
    page = book.add_worksheet()
    page.write(0, 0, "near")
    page.write(1_048_575, 16_383, "far")
    book.close()

    refusal = await refusal_of(tmp_path / "far.xlsx")

    assert refusal.reason in (Reason.BOMB, Reason.TOO_MANY_COLUMNS, Reason.TOOK_TOO_LONG)


async def test_one_long_text_in_many_cells_is_a_bomb(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "text.xlsx", [["x" * 30_000]] * 300)

    refusal = await refusal_of(path)

    assert (refusal.reason, refusal.found) == (Reason.BOMB, 9_000_000)


async def test_a_reading_that_takes_too_long_is_ended() -> None:
    with pytest.raises(UnreadableFile) as caught:
        await read_workbook(DATA / "camp" / "roster.xlsx", name="slow.xlsx", seconds=0.001)

    assert caught.value.reason == Reason.TOOK_TOO_LONG


async def test_the_child_sees_no_secret_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "secret")
    spy = tmp_path / "python"
    spy.write_text('#!/bin/sh\nprintf \'{"name": "", "sheets": [{"title": "%s", "rows": []}]}\' "$BOT_TOKEN"\n')
    spy.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(spy))

    read = await read_workbook(DATA / "camp" / "roster.xlsx", name="a.xlsx")

    assert read.sheets[0].title == ""


async def test_half_an_answer_is_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "python"
    broken.write_text('#!/bin/sh\nprintf \'{"name": "", "she\'\n')
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))

    refusal = await refusal_of(DATA / "camp" / "roster.xlsx")

    assert refusal.reason == Reason.NOT_A_SPREADSHEET


async def test_a_missing_file_is_no_unreadable_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await read_workbook(tmp_path / "none.csv", name="none.csv")


def test_the_command_line_reads_without_a_loop_of_its_own() -> None:
    read = read_workbook_now(DATA / "csv" / "phpspreadsheet_sep.csv", name="a.csv")

    assert [row.cells for row in read.sheets[0].rows] == [("A", "1"), ("2", "3")]


def test_the_child_loads_nothing_of_the_bot_but_its_own_package() -> None:
    command = "import bot.sheets.child, sys; print(*sorted(m for m in sys.modules if m.startswith('bot')))"

    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)

    foreign = [name for name in done.stdout.split() if not name.startswith("bot.sheets")]
    assert foreign == ["bot", "bot.errors"]
