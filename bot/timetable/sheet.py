"""Understanding a timetable that came as a spreadsheet. Pure: no file, no clock, no session, no Telegram."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.sheets.headings import Header, HeaderNotFound, find_header, likeliest_headings, understand
from bot.sheets.shapes import Cell, CellError, Row, Sheet, Workbook
from bot.sheets.text import shown, tidy
from bot.timetable.sheet_checks import Cohort, check_entries
from bot.timetable.sheet_extras import read_group, read_minutes, read_number
from bot.timetable.sheet_headings import HEADINGS
from bot.timetable.sheet_shapes import Field, Problem, ProblemKind, Timetable, TimetableEntry
from bot.timetable.sheet_times import Fault, read_day, read_span, read_time, split_day

__all__ = ["Field", "Problem", "ProblemKind", "Timetable", "TimetableEntry", "find_timetable", "read_timetable"]

TEXT_LIMIT = 200
"""Characters kept of a title, kind, speaker or place; of notes five times as many."""

_DAY_KINDS = {Fault.UNREADABLE: ProblemKind.BAD_DATE, Fault.NO_SUCH: ProblemKind.NO_SUCH_DATE}
_TIME_KINDS = {Fault.UNREADABLE: ProblemKind.BAD_TIME, Fault.NO_SUCH: ProblemKind.NO_SUCH_TIME}


def read_timetable(
    workbook: Workbook, *, first_day: date, last_day: date, zone: ZoneInfo
) -> Timetable | HeaderNotFound:
    """Understand the first sheet that looks like a timetable, for a cohort with these local days and time zone."""
    found = [(sheet, header) for sheet in workbook.sheets if (header := find_timetable(sheet)) is not None]
    if not found:
        looked_for = tuple(HEADINGS[field][0] for field in (Field.DATE, Field.START, Field.END, Field.TITLE))
        return HeaderNotFound(looked_for, likeliest_headings(workbook.sheets, HEADINGS))
    cohort = Cohort(first_day, last_day, zone)
    read = [_read_sheet(sheet, header, cohort) for sheet, header in found]
    first = next((timetable for timetable in read if timetable.entries), read[0])
    others = tuple(timetable.sheet for timetable in read if timetable is not first and timetable.entries)
    return replace(first, other_sheets=others)


def find_timetable(sheet: Sheet) -> Header | None:
    """Return the row of headings, if this sheet has one that a timetable could have: a title and some time."""
    return find_header(sheet, HEADINGS, fits=_is_header)


def _is_header(header: Header) -> bool:
    fields = header.columns.keys()
    return Field.TITLE in fields and not fields.isdisjoint({Field.DATE, Field.START, Field.TIME})


def _read_sheet(sheet: Sheet, header: Header, cohort: Cohort) -> Timetable:
    reading = _Reading(header.columns, cohort)
    for row in header.body:
        if not _is_header(understand(row, (), HEADINGS)):
            reading.take(row)
    entries, found = check_entries(reading.entries, cohort)
    repeated = [Problem(header.row, ProblemKind.DUPLICATE_HEADING, text) for text in header.repeated]
    problems = sorted([*repeated, *reading.problems, *found], key=lambda problem: problem.row)
    fields = tuple(Field)
    return Timetable(sheet.title, tuple(entries), tuple(problems), header.about(fields), header.unused(fields))


class _Unusable(Exception):
    """The row cannot be imported; its problem has been reported."""


class _Reading:
    """The rows taken so far, with the day that is carried down to rows below a merged cell."""

    def __init__(self, columns: Mapping[str, int], cohort: Cohort) -> None:
        self._columns = columns
        self._cohort = cohort
        self._day: date | Problem | None = None
        self.entries: list[TimetableEntry] = []
        self.problems: list[Problem] = []

    def take(self, row: Row) -> None:
        if self._is_filler(row):
            return
        try:
            self.entries.append(self._entry(row))
        except _Unusable:
            return

    def _is_filler(self, row: Row) -> bool:
        """Take a row that only names the day, or is a remark; a lone title is neither."""
        filled = [cell for cell in row.cells if cell is not None]
        if len(filled) > 1 or self._cell(row, Field.TITLE) is not None:
            return False
        day = self._read_day(filled[0])
        if isinstance(day, date):
            self._day = day
        return True

    def _entry(self, row: Row) -> TimetableEntry:
        on = self._take_day(row)
        title = self._text(row, Field.TITLE)
        if title is None:
            raise self._unusable(row, ProblemKind.MISSING_TITLE, " ".join(shown(cell) for cell in row.cells if cell))
        starts, ends = self._times(row)
        if ends <= starts:
            raise self._unusable(row, ProblemKind.END_NOT_AFTER_START, f"{starts:%H:%M}-{ends:%H:%M}")
        return TimetableEntry(
            row=row.number,
            on=on,
            starts=starts,
            ends=ends,
            title=title,
            kind=self._text(row, Field.KIND),
            speaker=self._text(row, Field.SPEAKER),
            place=self._text(row, Field.PLACE),
            notes=self._text(row, Field.NOTES),
            group_name=read_group(self._text(row, Field.GROUP)),
            minutes=self._minutes(row),
            number=read_number(self._cell(row, Field.ID)),
        )

    def _minutes(self, row: Row) -> int | None:
        minutes = read_minutes(self._cell(row, Field.HOURS))
        if isinstance(minutes, Fault):
            self._report(row, ProblemKind.BAD_HOURS, shown(self._cell(row, Field.HOURS)))
            return None
        return minutes

    def _cell(self, row: Row, field: Field) -> Cell:
        return row.cell(self._columns[field]) if field in self._columns else None

    def _report(self, row: Row, kind: ProblemKind, text: str) -> None:
        self.problems.append(Problem(row.number, kind, tidy(text)[:TEXT_LIMIT]))

    def _unusable(self, row: Row, kind: ProblemKind, text: str) -> _Unusable:
        self._report(row, kind, text)
        return _Unusable()

    def _read_day(self, cell: Cell) -> date | Fault | None:
        return read_day(cell, first_day=self._cohort.first_day, last_day=self._cohort.last_day)

    def _take_day(self, row: Row) -> date:
        cell = self._day_cell(row)
        day = self._read_day(cell)
        if isinstance(day, Fault):
            self._day = Problem(row.number, _DAY_KINDS[day], shown(cell))
        elif day is not None:
            self._day = day
        if isinstance(self._day, Problem):
            raise self._unusable(row, self._day.kind, self._day.text)
        if self._day is None:
            raise self._unusable(row, ProblemKind.MISSING_DATE, self._text(row, Field.TITLE) or "")
        return self._day

    def _day_cell(self, row: Row) -> Cell:
        """Return what says the day: its own column, or the head of the column of times."""
        if Field.DATE in self._columns:
            return self._cell(row, Field.DATE)
        cell = self._cell(row, Field.START) or self._cell(row, Field.TIME)
        if isinstance(cell, str):
            return split_day(cell)[0]
        return cell if isinstance(cell, datetime) else None

    def _times(self, row: Row) -> tuple[time, time]:
        if self._cell(row, Field.START) is not None:
            return self._time(row, Field.START), self._time(row, Field.END)
        cell = self._cell(row, Field.TIME)
        if cell is None:
            raise self._unusable(row, ProblemKind.MISSING_TIME, self._text(row, Field.TITLE) or "")
        if self._cell(row, Field.END) is not None:
            return self._time(row, Field.TIME), self._time(row, Field.END)
        return self._span(row, cell)

    def _span(self, row: Row, cell: Cell) -> tuple[time, time]:
        span = read_span(cell)
        if isinstance(span, tuple):
            return span
        raise self._unusable(row, _TIME_KINDS[span or Fault.UNREADABLE], shown(cell))

    def _time(self, row: Row, field: Field) -> time:
        cell = self._cell(row, field)
        read = read_time(split_day(cell)[1] if isinstance(cell, str) else cell)
        if isinstance(read, time):
            return read
        if read is None:
            raise self._unusable(row, ProblemKind.MISSING_TIME, self._text(row, Field.TITLE) or "")
        raise self._unusable(row, _TIME_KINDS[read], shown(cell))

    def _text(self, row: Row, field: Field) -> str | None:
        cell = self._cell(row, field)
        if isinstance(cell, CellError):
            self._report(row, ProblemKind.CELL_ERROR, cell.code)
            return None
        text = tidy(shown(cell)) or None
        limit = 5 * TEXT_LIMIT if field is Field.NOTES else TEXT_LIMIT
        if text is None or len(text) <= limit:
            return text
        self._report(row, ProblemKind.TOO_LONG, text)
        return text[:limit]
