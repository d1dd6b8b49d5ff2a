"""Workbooks as JSON: what the child process answers, and what may be kept until somebody confirms an import."""

import json
from datetime import date, datetime, time
from typing import Any

from bot.sheets.shapes import Cell, CellError, Row, Sheet, Workbook


def dump_workbook(workbook: Workbook) -> str:
    """Write a workbook as one line of ASCII."""
    sheets = [
        {"title": sheet.title, "rows": [[row.number, [_dump(cell) for cell in row.cells]] for row in sheet.rows]}
        for sheet in workbook.sheets
    ]
    return json.dumps({"name": workbook.name, "sheets": sheets})


def load_workbook(text: str | bytes) -> Workbook:
    """Read what `dump_workbook` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    read = json.loads(text)
    return Workbook(read["name"], tuple(_load_sheet(sheet) for sheet in read["sheets"]))


def _load_sheet(read: Any) -> Sheet:
    rows = (Row(number, tuple(_load(cell) for cell in cells)) for number, cells in read["rows"])
    return Sheet(read["title"], tuple(rows))


def _dump(cell: Cell) -> Any:
    # A datetime is a date too, so it has to be asked first.
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    return {"error": cell.code} if isinstance(cell, CellError) else cell


def _load(value: Any) -> Cell:
    if not isinstance(value, dict):
        return _plain(value)
    ((kind, text),) = value.items()
    if kind == "datetime":
        return datetime.fromisoformat(text)
    if kind == "date":
        return date.fromisoformat(text)
    return time.fromisoformat(text) if kind == "time" else CellError(text)


def _plain(value: Any) -> str | float | None:
    if value is None or isinstance(value, str | float):
        return value
    raise TypeError(f"not a cell: {value!r}")
