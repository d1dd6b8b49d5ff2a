"""Writing tables as files: workbooks row by row in constant memory, and CSV that Excel opens as UTF-8.

Text is always text: no cell ever becomes a formula, a link or a number by what somebody has typed into a name.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

Cell = str | int | float | datetime | None
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
LONGEST = 32_000
"""Characters of a cell; Excel takes 32,767."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these a spreadsheet takes a field of a CSV file for a formula (OWASP, CSV injection)."""
SIGNATURE = "\ufeff"


class Column(Struct, frozen=True):
    """A column's heading and its width in characters."""

    title: str
    width: int = 12


class Marked(Struct, frozen=True):
    """A cell with the look of a status, such as ``late``."""

    value: Cell
    look: str


LOOKS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF7", "bottom": 1},
    "text": {"num_format": "@", "valign": "top"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"},
    "number": {"num_format": "0", "valign": "top"},
    "present": {"num_format": "0", "align": "center"},
    "late": {"num_format": "0", "align": "center", "bg_color": "#FFE9A8"},
    "excused": {"num_format": "@", "align": "center", "bg_color": "#D6E6FA"},
    "missing": {"num_format": "0", "align": "center", "bg_color": "#F8D0CC"},
    "nothing": {"num_format": "@", "align": "center", "font_color": "#9A9A9A"},
    "title": {"bold": True, "font_size": 14},
}
FONT = {"font_name": "Microsoft YaHei", "font_size": 10}


class Workbook:
    """A workbook in the making; ``close`` gives its bytes. Rows go in from top to bottom and are then out of memory."""

    def __init__(self) -> None:
        import xlsxwriter  # noqa: PLC0415 - loaded with the first workbook, for which a start need not wait

        self._content = io.BytesIO()
        self.book = xlsxwriter.Workbook(self._content, OPTIONS)
        self.looks = {name: self.book.add_format(FONT | look) for name, look in LOOKS.items()}

    def sheet(self, title: str, columns: Sequence[Column], *, frozen: int = 1) -> "Table":
        """A new sheet with its headings; the first ``frozen`` columns stay in sight."""
        return Table(self, self.book.add_worksheet(_sheet_name(title)), columns, frozen)

    def close(self) -> bytes:
        """The finished file."""
        self.book.close()
        return self._content.getvalue()


class Table:
    """One sheet of rows, with frozen headings and a filter."""

    def __init__(self, workbook: Workbook, sheet: Any, columns: Sequence[Column], frozen: int) -> None:
        self.sheet = sheet
        self.rows = 0
        self._looks = workbook.looks
        self._width = len(columns)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        sheet.freeze_panes(1, frozen)
        sheet.set_row(0, 45)
        for index, column in enumerate(columns):
            sheet.write_string(0, index, column.title[:LONGEST], self._looks["head"])

    def add(self, cells: Iterable[Cell | Marked]) -> None:
        """Write the next row."""
        self.rows += 1
        for index, cell in enumerate(cells):
            value, look = (cell.value, self._looks[cell.look]) if isinstance(cell, Marked) else (cell, None)
            self._write(index, value, look)

    def finish(self) -> None:
        """Set the filter over what was written."""
        self.sheet.autofilter(0, 0, max(1, self.rows), max(0, self._width - 1))

    def _write(self, index: int, value: Cell, look: Any) -> None:
        if value is None:
            self.sheet.write_blank(self.rows, index, None, look or self._looks["text"])
        elif isinstance(value, str):
            self.sheet.write_string(self.rows, index, value[:LONGEST], look or self._looks["text"])
        elif isinstance(value, datetime):
            self.sheet.write_datetime(self.rows, index, value.replace(tzinfo=None), look or self._looks["instant"])
        else:
            self.sheet.write_number(self.rows, index, value, look or self._looks["number"])


def write_csv(columns: Sequence[Column], rows: Iterable[Iterable[Cell | Marked]]) -> bytes:
    """A CSV file with a UTF-8 signature, so that Excel reads Chinese without being asked."""
    text = io.StringIO(newline="")
    text.write(SIGNATURE)
    writer = csv.writer(text)
    writer.writerow([_safe(column.title.replace("\n", " ")) for column in columns])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _plain(cell: Cell | Marked) -> str:
    value = cell.value if isinstance(cell, Marked) else cell
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return _safe(value) if isinstance(value, str) else str(value)


def _safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula; ``+86...`` and the like keep their sign behind an apostrophe."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _sheet_name(title: str) -> str:
    return "".join(character for character in title if character not in "[]:*?/\\'")[:31] or "1"
