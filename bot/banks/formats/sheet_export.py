"""Giving a bank back as a workbook: a row a question, what the cells cannot say in a last column."""

import io
from collections.abc import Iterator, Sequence

import xlsxwriter

from bot.banks.formats import sheet_words as words
from bot.banks.formats.sheet import read_sheets
from bot.banks.formats.sheet_details import details_of
from bot.banks.formats.sheet_rows import Cells, row_of
from bot.banks.questions import Question
from bot.sheets.cells import plain_cell
from bot.sheets.shapes import Row, Sheet, Workbook

_LONGEST_CELL = 32_000
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FIRST = (words.KIND, words.STEM)
_LAST = (
    *(words.KEY, words.EXPLANATION, words.DIFFICULTY, words.CATEGORY, words.TAGS, words.SOURCE),
    *(words.NAME, words.IDNUMBER, words.DETAILS),
)
_LEAST_OPTIONS = 6
_WIDTHS = {words.STEM: 60, words.EXPLANATION: 40, words.KIND: 12, words.KEY: 14, words.DETAILS: 8}


def write_sheet(questions: Sequence[Question], language: str, title: str) -> bytes:
    """The workbook's bytes; ``title`` names the sheet."""
    content = io.BytesIO()
    rows = [row_of(question, language) for question in questions]
    fields = _fields(rows)
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        head, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
        text.set_text_wrap()
        text.set_align("top")
        for column, field in enumerate(fields):
            sheet.set_column(column, column, _WIDTHS.get(field, 18), text)
            sheet.write_string(0, column, words.heading(field, language), head)
        for number, cells in enumerate(_told(questions, rows, fields, language), start=1):
            _write_row(sheet, number, cells, fields)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(rows), 1), len(fields) - 1)
    return content.getvalue()


def _fields(rows: Sequence[Cells]) -> list[str]:
    most = max((sum(field.startswith("option_") for field in cells) for cells in rows), default=0)
    options = [f"option_{letter}" for letter in words.LETTERS[: max(most, _LEAST_OPTIONS)]]
    return [*_FIRST, *options, *_LAST]


def _write_row(sheet: xlsxwriter.worksheet.Worksheet, number: int, cells: Cells, fields: Sequence[str]) -> None:
    for column, field in enumerate(fields):
        if cells.get(field):
            sheet.write_string(number, column, cells[field][:_LONGEST_CELL])


def _told(
    questions: Sequence[Question], rows: Sequence[Cells], fields: Sequence[str], language: str
) -> Iterator[Cells]:
    """The cells with the details, where the visible ones alone would be read as something else."""
    head = Row(1, tuple(words.heading(field, language) for field in fields))
    cells = (tuple(plain_cell(row.get(field) or None) for field in fields) for row in rows)
    sheet = Sheet("", (head, *(Row(number, row) for number, row in enumerate(cells, start=2))))
    read = {one.line: one.question for one in read_sheets(Workbook("", (sheet,))).found}
    for number, (question, row) in enumerate(zip(questions, rows, strict=True), start=2):
        details = "" if read.get(number) == question else details_of(question)
        yield row | ({words.DETAILS: details} if 0 < len(details) <= _LONGEST_CELL else {})


def _sheet_name(title: str) -> str:
    """A name that Excel takes: at most 31 characters, none of a few signs."""
    plain = "".join(sign for sign in title if sign not in "[]:*?/\\'")
    return plain.strip()[:31] or "questions"
