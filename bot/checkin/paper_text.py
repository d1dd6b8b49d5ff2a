"""Reading what staff type from a paper sheet, and the cells of one that was filled in. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, time

from msgspec import Struct

from bot import codes
from bot.checkin.paper import LENGTH, Line
from bot.sheets.headings import Header, Vocabulary, find_header
from bot.sheets.shapes import Cell, Row, Workbook

MOST_LINES = 1000
HEADINGS: Vocabulary = {
    "code": ("签到码", "纸签码", "行码", "sheetcode", "rowcode", "checkincode"),
    "arrived": ("到达", "签到", "到达时间", "签到时间", "arrived", "arrival", "present"),
    "left": ("离开", "签退", "离开时间", "签退时间", "left", "departed"),
}
"""The headings of a filled sheet; without the column of codes no file is one."""

_BREAKS = re.compile(r"[\s,;、,;/|]+")
_TIMES = re.compile(r"(\d{1,2}):(\d{2})(?:[-~](\d{1,2}):(\d{2}))?")
_NOT_THERE = frozenset({"0", "x", "×", "✗", "✘", "no", "n", "否", "缺", "缺席", "缺勤", "未到", "请假", "absent", "-"})


class Read(Struct, frozen=True):
    """The lines understood, and what was not."""

    lines: tuple[Line, ...]
    rubbish: tuple[str, ...] = ()


def read_typed(text: str) -> Read:
    """Understand codes as somebody types them: any number, each perhaps followed by ``9:05`` or ``9:05-11:30``."""
    lines: list[Line] = []
    rubbish: list[str] = []
    plain = unicodedata.normalize("NFKC", text).replace("–", "-").replace("—", "-")
    for word in _BREAKS.split(plain):
        times = read_times(word)
        if times is not None and lines:
            lines[-1] = Line(lines[-1].code, *times)
        elif codes.is_code(word, LENGTH):
            lines.append(Line(codes.normalise(word)))
        elif word:
            rubbish.append(word)
    return Read(tuple(lines[:MOST_LINES]), tuple(rubbish))


def read_times(word: str) -> tuple[time, time | None] | None:
    """A time of day, or two with a dash between; ``None`` for anything else."""
    found = _TIMES.fullmatch(unicodedata.normalize("NFKC", word).strip())
    if found is None:
        return None
    first = _time(found[1], found[2])
    second = _time(found[3], found[4]) if found[3] else None
    return (first, second) if first is not None and (second is not None or not found[3]) else None


def find_sheet(workbook: Workbook) -> Header | None:
    """The headings of the first sheet that has a column of row codes; ``None`` where the file is none of ours."""
    found = (find_header(sheet, HEADINGS, fits=_fits) for sheet in workbook.sheets)
    return next((header for header in found if header is not None), None)


def read_sheet(header: Header) -> Read:
    """The rows of a filled sheet. Where there is a column for arrivals, only the rows with a mark in it count."""
    columns = header.columns
    read = [(row, _code(row.cell(columns["code"]))) for row in header.body]
    lines = [_line(row, code, columns) for row, code in read if code]
    rubbish = tuple(str(row.cell(columns["code"])) for row, code in read if not code and row.cell(columns["code"]))
    return Read(tuple(line for line in lines if line is not None)[:MOST_LINES], rubbish)


def _fits(header: Header) -> bool:
    """Whether the headings are ours; a register whose column merely says "check-in" has no codes below it."""
    column = header.columns.get("code")
    return column is not None and any(_code(row.cell(column)) for row in header.body)


def _line(row: Row, code: str, columns: dict[str, int]) -> Line | None:
    arrived, left = (row.cell(columns[name]) if name in columns else None for name in ("arrived", "left"))
    if "arrived" in columns and not _is_there(arrived) and _clock(left) is None:
        return None
    return Line(code, _clock(arrived), _clock(left))


def _code(cell: Cell) -> str:
    text = cell if isinstance(cell, str) else ""
    return codes.normalise(text) if codes.is_code(text, LENGTH) else ""


def _is_there(cell: Cell) -> bool:
    if isinstance(cell, str):
        return unicodedata.normalize("NFKC", cell).strip().casefold() not in _NOT_THERE
    return isinstance(cell, datetime | time) or (isinstance(cell, float) and bool(cell))


def _clock(cell: Cell) -> time | None:
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    times = read_times(cell) if isinstance(cell, str) else None
    return times[0] if times else None


def _time(hours: str, minutes: str) -> time | None:
    return time(int(hours), int(minutes)) if int(hours) < 24 and int(minutes) < 60 else None


def words(read: Sequence[Line]) -> list[list[str | None]]:
    """The lines as plain JSON, for a dialogue to keep."""
    return [[line.code, _said(line.arrived), _said(line.left)] for line in read]


def lines_of(kept: Sequence[Sequence[str | None]]) -> list[Line]:
    """The same back from the dialogue."""
    return [Line(code or "", _heard(arrived), _heard(left)) for code, arrived, left in kept]


def _said(at: time | None) -> str | None:
    return at.isoformat("minutes") if at else None


def _heard(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
