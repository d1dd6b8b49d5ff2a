"""Reading .xlsx, .xlsm, .xlsb, .xls and .ods with calamine, in the child process only: it bounds no memory itself."""

import io
from collections.abc import Callable, Iterator

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from bot.sheets.archive import failed_cells, open_archive
from bot.sheets.cells import plain_cell
from bot.sheets.limits import COLUMNS, ROWS
from bot.sheets.shapes import Cell, CellError, Row, Sheet
from bot.sheets.unreadable import Reason, UnreadableFile

ZIP_SIGNATURE = b"PK\x03\x04"
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def read_zipped(content: bytes) -> list[Sheet]:
    """Read an .xlsx, .xlsm, .xlsb or .ods. Raises `UnreadableFile`."""
    archive = open_archive(content)
    return _read(content, lambda index: failed_cells(archive, index))


def read_ole(content: bytes) -> list[Sheet]:
    """Read an .xls. A workbook with a password is in this form too, whatever its name. Raises `UnreadableFile`."""
    if _ENCRYPTED_STREAM in content:
        raise UnreadableFile(Reason.PASSWORD)
    return _read(content, lambda _: {})


def _read(content: bytes, failures: Callable[[int], dict[tuple[int, int], str]]) -> list[Sheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return list(_visible_sheets(workbook, failures))
    except PasswordError as error:
        raise UnreadableFile(Reason.PASSWORD) from error
    except CalamineError as error:
        raise UnreadableFile(Reason.NOT_A_SPREADSHEET) from error


def _visible_sheets(
    workbook: CalamineWorkbook, failures: Callable[[int], dict[tuple[int, int], str]]
) -> Iterator[Sheet]:
    total = 0
    for index, metadata in enumerate(workbook.sheets_metadata):
        if metadata.visible is not SheetVisibleEnum.Visible:
            continue
        rows = _rows(workbook.get_sheet_by_index(index), failures(index))
        total += len(rows)
        if total > ROWS:
            raise UnreadableFile(Reason.TOO_MANY_ROWS, found=total, limit=ROWS)
        yield Sheet(metadata.name, tuple(Row(at + 1, tuple(cells)) for at, cells in sorted(rows.items())))


def _rows(sheet: CalamineSheet, failures: dict[tuple[int, int], str]) -> dict[int, list[Cell]]:
    """Return the rows that have something in them, by number from 0; of too many, the later ones as mere numbers."""
    if sheet.start is None:
        return {}
    left = [None] * sheet.start[1]
    rows: dict[int, list[Cell]] = {}
    failed_rows = {row for row, _ in failures}
    for number, values in enumerate(sheet.iter_rows()):
        if len(rows) > ROWS:
            rows.update({number: []} if any(value != "" for value in values) else {})
            continue
        cells: list[Cell] = [*left, *map(plain_cell, values)]
        if number in failed_rows:
            _mark_failures(cells, number, failures)
        _cut_blank_end(cells)
        if cells:
            rows[number] = cells
    _fill_merged(sheet, rows)
    _require_columns(rows)
    return rows


def _mark_failures(cells: list[Cell], row: int, failures: dict[tuple[int, int], str]) -> None:
    for column in range(len(cells)):
        if cells[column] is None and (row, column) in failures:
            cells[column] = CellError(failures[row, column])


def _cut_blank_end(cells: list[Cell]) -> None:
    while cells and cells[-1] is None:
        cells.pop()


def _fill_merged(sheet: CalamineSheet, rows: dict[int, list[Cell]]) -> None:
    """Repeat what stands in a cell merged over several rows: a unit or a day is then said of each of them."""
    last = max(rows, default=0)
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        value = rows[top][left] if top in rows and left < len(rows[top]) else None
        if value is None:
            continue
        for number in range(top + 1, min(bottom, last) + 1):
            if number in rows:
                _put(rows[number], left, value)


def _put(cells: list[Cell], column: int, value: Cell) -> None:
    cells.extend([None] * (column + 1 - len(cells)))
    if cells[column] is None:
        cells[column] = value


def _require_columns(rows: dict[int, list[Cell]]) -> None:
    widest = max((len(cells) for cells in rows.values()), default=0)
    if widest > COLUMNS:
        raise UnreadableFile(Reason.TOO_MANY_COLUMNS, found=widest, limit=COLUMNS)
