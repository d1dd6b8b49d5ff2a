"""Telling a roster, a timetable and a table of holidays apart before anybody is asked which it is. Pure."""

from enum import StrEnum

from msgspec import Struct

from bot.people.roster import Field as RosterField
from bot.people.roster import find_roster
from bot.people.roster_headings import HEADINGS as ROSTER_HEADINGS
from bot.sheets.headings import ROWS_SEARCHED, Header, Vocabulary, likeliest_headings, understand
from bot.sheets.shapes import Workbook
from bot.timetable.sheet import Field, find_timetable
from bot.timetable.sheet_headings import HEADINGS as TIMETABLE_HEADINGS
from bot.workdays.sheet import find_days


class SheetKind(StrEnum):
    """What a file is about."""

    ROSTER = "roster"
    TIMETABLE = "timetable"
    HOLIDAYS = "holidays"
    UNKNOWN = "unknown"


class Recognition(Struct, frozen=True):
    """The kind; where it is unknown, the likelier of the two (None if neither), the headings looked for and seen."""

    kind: SheetKind
    guess: SheetKind | None = None
    looked_for: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()


def recognise(workbook: Workbook) -> Recognition:
    """Say what this workbook is about, by the first sheet that has fitting headings; the better fit where both do."""
    for sheet in workbook.sheets:
        if find_days(sheet) is not None:
            return Recognition(SheetKind.HOLIDAYS)
        roster, timetable = find_roster(sheet), find_timetable(sheet)
        if roster is not None or timetable is not None:
            is_roster = _words(roster, RosterField) >= _words(timetable, Field)
            return Recognition(SheetKind.ROSTER if is_roster else SheetKind.TIMETABLE)
    return _guess(workbook)


def _words(header: Header | None, fields: type[StrEnum]) -> int:
    return len(header.about(tuple(fields))) if header is not None else 0


def _guess(workbook: Workbook) -> Recognition:
    roster = _best_row(workbook, ROSTER_HEADINGS, RosterField)
    timetable = _best_row(workbook, TIMETABLE_HEADINGS, Field)
    if roster == timetable == 0:
        guess, headings = None, {**ROSTER_HEADINGS, **TIMETABLE_HEADINGS}
    elif roster >= timetable:
        guess, headings = SheetKind.ROSTER, dict(ROSTER_HEADINGS)
    else:
        guess, headings = SheetKind.TIMETABLE, dict(TIMETABLE_HEADINGS)
    looked_for = tuple(dict.fromkeys(headings[field][0] for field in headings if field in _NAMED))
    return Recognition(SheetKind.UNKNOWN, guess, looked_for, likeliest_headings(workbook.sheets, headings))


_NAMED = frozenset(
    {RosterField.NAME, RosterField.PHONE, RosterField.UNIT, Field.DATE, Field.START, Field.END, Field.TITLE}
)


def _best_row(workbook: Workbook, headings: Vocabulary, fields: type[StrEnum]) -> int:
    rows = [row for sheet in workbook.sheets for row in sheet.rows[:ROWS_SEARCHED]]
    return max((_words(understand(row, (), headings), fields) for row in rows), default=0)
