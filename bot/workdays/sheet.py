"""Reading a table of holidays: a sheet with days and what they are, or the JSON that circulates of it. Pure."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from bot.sheets.headings import Header, Vocabulary, find_header
from bot.sheets.shapes import Cell, Row, Sheet, Workbook
from bot.sheets.text import narrow, shown, tidy
from bot.workdays.rules import Special

SHEET_NAME = "json"
MOST_DAYS = 366
NAME_LIMIT = 40


class Field(StrEnum):
    """What a column can be about."""

    DATE = "date"
    KIND = "kind"
    NAME = "name"


HEADINGS: Vocabulary = {
    Field.DATE: ("日期", "date", "day"),
    Field.KIND: ("放假安排", "休息或上班", "休班", "是否放假", "是否休息", "安排", "offorwork", "isoffday", "dayoff"),
    Field.NAME: ("节日", "节假日", "假期", "假日名称", "名称", "holiday", "name"),
}
OFF = frozenset({"休", "休息", "放假", "假", "是", "off", "dayoff", "holiday", "yes", "true", "1"})
WORK = frozenset(
    {"班", "上班", "补班", "调休上班", "调休", "工作", "工作日", "否", "work", "workday", "no", "false", "0"}
)


class Fault(StrEnum):
    """What is wrong with a row."""

    BAD_DATE = "bad_date"
    BAD_KIND = "bad_kind"
    TWICE = "twice"


class Problem(Struct, frozen=True):
    """One fault: the row it is in, and the offending text."""

    row: int
    fault: Fault
    text: str


class DayTable(Struct, frozen=True):
    """What a file says, by day."""

    days: tuple[Special, ...]
    problems: tuple[Problem, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years it has days of."""
        return tuple(sorted({day.on.year for day in self.days}))


class NotATable(ValueError):
    """The text is not such JSON."""


def find_days(sheet: Sheet) -> Header | None:
    """The row of headings, if this sheet can be a table of holidays."""
    return find_header(sheet, HEADINGS, fits=lambda header: {Field.DATE, Field.KIND} <= header.columns.keys())


def read_days(workbook: Workbook) -> DayTable:
    """The first sheet that is one; a day that cannot be read is a problem and never guessed."""
    header = next(found for sheet in workbook.sheets if (found := find_days(sheet)))
    days: dict[date, Special] = {}
    problems: list[Problem] = []
    for row in header.body[:MOST_DAYS]:
        read = _read_row(row, header.columns)
        if isinstance(read, Problem):
            problems.append(read)
        elif read.on in days:
            problems.append(Problem(row.number, Fault.TWICE, read.on.isoformat()))
        else:
            days[read.on] = read
    return DayTable(tuple(days[on] for on in sorted(days)), tuple(problems))


def workbook_of_json(text: bytes, name: str) -> Workbook:
    """The same table as a sheet, so that it goes the way of every other file.

    Raises:
        NotATable: it is not JSON with a list of days, each with ``date``, ``isOffDay`` and ``name``.
    """
    try:
        days: Any = json.loads(text)["days"]
        rows = [(str(one["date"]), "off" if one["isOffDay"] else "work", str(one["name"])) for one in days[:MOST_DAYS]]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise NotATable from error
    return Workbook(name, (Sheet(SHEET_NAME, (_row(1, ("日期", "放假安排", "节日")), *_numbered(rows))),))


def _numbered(rows: Sequence[tuple[str, str, str]]) -> list[Row]:
    return [_row(number, row) for number, row in enumerate(rows, start=2)]


def _row(number: int, cells: tuple[str, ...]) -> Row:
    return Row(number, tuple(cell.strip() or None for cell in cells))


def _read_row(row: Row, columns: dict[str, int]) -> Special | Problem:
    on, kind = _day(row.cell(columns[Field.DATE])), narrow(shown(row.cell(columns[Field.KIND]))).casefold()
    if on is None:
        return Problem(row.number, Fault.BAD_DATE, shown(row.cell(columns[Field.DATE])))
    if kind.replace(" ", "") not in OFF | WORK:
        return Problem(row.number, Fault.BAD_KIND, kind)
    name = tidy(shown(row.cell(columns[Field.NAME])))[:NAME_LIMIT] if Field.NAME in columns else ""
    return Special(on, kind.replace(" ", "") in OFF, name)


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    digits = (
        narrow(shown(cell)).replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    )
    try:
        return date(*(int(part) for part in digits.split("-")))
    except (ValueError, TypeError):
        return None
