"""Workbooks made for tests: in memory as they are after reading, and on disk as Excel writes them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from bot.sheets.shapes import Cell, Row, Sheet, Workbook

DATA = Path(__file__).parents[2] / "data"

_FORMATS = {datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd", time: "hh:mm"}


def sheet(*rows: Sequence[Cell], title: str = "Sheet1") -> Sheet:
    """A sheet as the reader gives it: rows numbered from 1, empty ones left out."""
    numbered = ((number, row) for number, row in enumerate(rows, start=1) if any(cell is not None for cell in row))
    return Sheet(title, tuple(Row(number, tuple(row)) for number, row in numbered))


def workbook(*rows: Sequence[Cell]) -> Workbook:
    """A workbook of one sheet."""
    return Workbook("test.xlsx", (sheet(*rows),))


def write_xlsx(path: Path, rows: Iterable[Sequence[Any]], **options: Any) -> Path:
    """Write a real .xlsx of one sheet; dates and times get their formats."""
    book = xlsxwriter.Workbook(path, options)
    page = book.add_worksheet()
    formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            page.write(at, column, value, formats.get(type(value)))
    book.close()
    return path
