"""What a spreadsheet is once it has been read: names, rows, cells. Holds no behaviour and opens no file."""

from datetime import date, datetime, time
from typing import TypeAlias

from msgspec import Struct


class CellError(Struct, frozen=True):
    """A formula that failed, with the code Excel shows, as `#N/A`."""

    code: str


Cell: TypeAlias = str | float | date | datetime | time | CellError | None
"""One value. Whole numbers are text without a fraction (`13800000001.0` is `"13800000001"`), so a `float` always
has a fraction; empty cells are None; text is never empty and has no blank ends; dates and times are local and naive."""


class Row(Struct, frozen=True):
    """One row that has something in it. `number` counts from 1, as Excel shows it; trailing empty cells are cut."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """Return the value in this column (from 0), None beyond the end of the row."""
        return self.cells[column] if column < len(self.cells) else None


class Sheet(Struct, frozen=True):
    """One visible sheet with its rows in order; rows without any value are left out."""

    title: str
    rows: tuple[Row, ...]


class Workbook(Struct, frozen=True):
    """A file that was read: the name its sender gave it, and its visible sheets that are not empty (at least one)."""

    name: str
    sheets: tuple[Sheet, ...]
