"""Understanding a roster: pure, so it never sees a file, a clock, a session or Telegram.

Sources of the rules: how district offices keep such sheets (a merged title, a line saying who filled it in, the
headings on row 2 to 4, a line of totals), and what Excel does to long numbers.
"""

import re
from collections.abc import Iterable
from itertools import islice

from msgspec.structs import replace

from bot.people.roster_cells import (
    TEXT_LIMIT,
    Damage,
    clean_name,
    is_name,
    looks_like_name,
    read_phone,
    read_text,
)
from bot.people.roster_headings import HEADINGS
from bot.people.roster_repeats import without_repeats
from bot.people.roster_shapes import Field, Problem, ProblemKind, Roster, RosterEntry
from bot.sheets.headings import Header, HeaderNotFound, find_header, heading_keys, likeliest_headings
from bot.sheets.shapes import Cell, CellError, Row, Sheet, Workbook
from bot.sheets.text import shown, tidy

__all__ = ["Field", "Problem", "ProblemKind", "Roster", "RosterEntry", "find_roster", "read_roster"]

_TOTAL = re.compile(r"(合计|总计|小计|共计|总人数)([:：\d ]|$)|(grand ?total|sub ?total|total)\W*\d*$", re.IGNORECASE)
_KEPT = tuple(Field)
_TICKS = frozenset({"是", "√", "✓", "✔", "☑", "●", "1", "y", "yes", "true", "组长", "小组长"})


def read_roster(workbook: Workbook) -> Roster | HeaderNotFound:
    """Understand the first sheet that looks like a roster (the first with people in it, if there is one)."""
    found = [(sheet, header) for sheet in workbook.sheets if (header := find_roster(sheet)) is not None]
    if not found:
        looked_for = tuple(word for field in (Field.NAME, Field.PHONE, Field.UNIT) for word in HEADINGS[field][:3])
        return HeaderNotFound(looked_for, likeliest_headings(workbook.sheets, HEADINGS))
    rosters = [_read_sheet(sheet, header) for sheet, header in found]
    first = next((roster for roster in rosters if roster.entries), rosters[0])
    others = tuple(roster.sheet for roster in rosters if roster is not first and roster.entries)
    return replace(first, other_sheets=others)


def find_roster(sheet: Sheet) -> Header | None:
    """Return the row of headings, if this sheet has one that a roster could have."""
    return find_header(sheet, HEADINGS, fits=_is_header)


def _is_header(header: Header) -> bool:
    if Field.NAME not in header.columns:
        return False
    return len(header.headings) > 1 or _is_above_names(header)


def _is_above_names(header: Header) -> bool:
    column = header.columns[Field.NAME]
    below = [row.cell(column) for row in islice(header.body, 5) if row.cell(column) is not None]
    names = [cell for cell in below if isinstance(cell, str) and looks_like_name(clean_name(cell))]
    return 2 * len(names) > len(below)


def _read_sheet(sheet: Sheet, header: Header) -> Roster:
    understood = header.about(_KEPT)
    reading = _Reading(header.columns)
    for row in header.body:
        reading.take(row)
    entries, clashes = without_repeats(reading.entries)
    repeated = [Problem(header.row, ProblemKind.DUPLICATE_HEADING, text) for text in header.repeated]
    problems = sorted([*repeated, *reading.problems, *clashes], key=lambda problem: problem.row)
    return Roster(sheet.title, tuple(entries), tuple(problems), understood, header.unused(_KEPT))


def _is_total(row: Row, name: Cell) -> bool:
    first = next(cell for cell in row.cells if cell is not None)
    return any(_TOTAL.match(tidy(shown(cell)).replace(" ", "")) for cell in (first, name))


def _repeats_heading(name: Cell) -> bool:
    return any(key in HEADINGS[Field.NAME] for key in heading_keys(shown(name)))


class _Reading:
    """The rows taken so far: entries, and problems beside them."""

    def __init__(self, columns: dict[str, int]) -> None:
        self._columns = columns
        self.entries: list[RosterEntry] = []
        self.problems: list[Problem] = []

    def take(self, row: Row) -> None:
        name = self._cell(row, Field.NAME)
        if _is_total(row, name) or _repeats_heading(name):
            return
        if isinstance(name, CellError) or name is None:
            self._take_nameless(row)
        elif not isinstance(name, str) or not is_name(clean_name(name)):
            self._report(row, ProblemKind.BAD_NAME, shown(name))
        else:
            self.entries.append(self._entry(row, clean_name(name)))

    def _cell(self, row: Row, field: Field) -> Cell:
        return row.cell(self._columns[field]) if field in self._columns else None

    def _report(self, row: Row, kind: ProblemKind, text: str) -> None:
        self.problems.append(Problem(row.number, kind, tidy(text)[:TEXT_LIMIT]))

    def _take_nameless(self, row: Row) -> None:
        # Sheets are often numbered far below the last person, and end in a line of remarks: neither is anybody.
        if isinstance(self._cell(row, Field.NAME), CellError):
            self._report(row, ProblemKind.BAD_NAME, shown(self._cell(row, Field.NAME)))
        elif any(self._cell(row, field) is not None for field in (Field.PHONE, Field.UNIT, Field.POST)):
            self._report(row, ProblemKind.MISSING_NAME, _gist(row.cells))

    def _entry(self, row: Row, name: str) -> RosterEntry:
        post = self._text(row, Field.POST)
        notes = read_text(self._cell(row, Field.NOTES))
        return RosterEntry(
            row=row.number,
            name=name,
            phone=self._phone(row),
            unit=self._text(row, Field.UNIT),
            group=self._text(row, Field.GROUP),
            post=post,
            leads_group=any(says_leader(text) for text in (post, notes) if text) or self._is_ticked(row, name),
        )

    def _is_ticked(self, row: Row, name: str) -> bool:
        text = read_text(self._cell(row, Field.LEADER)) or ""
        return text.casefold() in _TICKS or clean_name(text) == name

    def _text(self, row: Row, field: Field) -> str | None:
        cell = self._cell(row, field)
        if isinstance(cell, CellError):
            self._report(row, ProblemKind.CELL_ERROR, cell.code)
        text = read_text(cell)
        if text is None or len(text) <= TEXT_LIMIT:
            return text
        self._report(row, ProblemKind.TOO_LONG, text)
        return text[:TEXT_LIMIT]

    def _phone(self, row: Row) -> str | None:
        cell = self._cell(row, Field.PHONE)
        phone = read_phone(cell)
        if not isinstance(phone, Damage):
            return phone
        kinds = {Damage.DAMAGED: ProblemKind.DAMAGED_NUMBER, Damage.UNREADABLE: ProblemKind.BAD_PHONE}
        kind = ProblemKind.CELL_ERROR if isinstance(cell, CellError) else kinds[phone]
        self._report(row, kind, shown(cell))
        return None


def says_leader(text: str) -> bool:
    """Whether a post or a remark names a group leader."""
    # 副组长 stands in for the leader and is not one.
    return bool(re.search(r"(?<!副)组长|\b(?<!deputy )(?:group|team) leader\b", text, re.IGNORECASE))


def _gist(cells: Iterable[Cell]) -> str:
    return " ".join(shown(cell) for cell in cells if cell is not None)
