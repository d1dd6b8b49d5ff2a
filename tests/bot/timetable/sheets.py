"""Timetables as they come out of a file, made by hand."""

from datetime import date, time

from bot.sheets.headings import Heading
from bot.timetable.sheet_shapes import Field, Problem, Timetable, TimetableEntry
from tests.support.camps import MONDAY


def sheet(
    *entries: TimetableEntry, problems: tuple[Problem, ...] = (), fields: tuple[Field, ...] = tuple(Field)
) -> Timetable:
    """A file with these rows and a column for each field."""
    headings = tuple(Heading(field, field, column) for column, field in enumerate(fields))
    return Timetable("Sheet1", entries, problems, headings, ())


def row(
    number: int, title: str, on: date = MONDAY, hour: int = 9, *, place: str | None = None, notes: str | None = None
) -> TimetableEntry:
    """A row of such a file: an hour long, from ``hour`` on."""
    return TimetableEntry(number, on, time(hour), time(hour + 1), title, place=place, notes=notes)
