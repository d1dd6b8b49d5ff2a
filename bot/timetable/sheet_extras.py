"""Reading what only some timetables have: whom a row is for, what it counts, the number our export wrote. Pure."""

import re
import unicodedata

from bot.sheets.shapes import Cell
from bot.sheets.text import shown, tidy
from bot.timetable.sheet_shapes import Number
from bot.timetable.sheet_times import Fault

MOST_HOURS = 24
_EVERYBODY = frozenset(
    {"全体", "全体学员", "全班", "所有", "所有人", "全部", "各组", "all", "everybody", "everyone", "-", "—"}
)
_NUMBER = re.compile(r"(\d{1,9})-(\d{1,15})")
_HOURS = re.compile(r"(\d{1,2}(?:\.\d{1,4})?)(?:个?(?:学时|课时|小时)|h|hours?)?")


def read_group(text: str | None) -> str | None:
    """The one group that a row is for; none where it is for everybody."""
    return None if text is None or text.casefold() in _EVERYBODY else text


def read_minutes(cell: Cell) -> int | Fault | None:
    """What an activity counts, written in hours such as ``1.5`` or ``2学时``; none where the cell is empty."""
    if cell is None:
        return None
    found = _HOURS.fullmatch(_plain(cell))
    if found is None:
        return Fault.UNREADABLE
    hours = float(found[1])
    return round(hours * 60) if hours <= MOST_HOURS else Fault.NO_SUCH


def read_number(cell: Cell) -> Number | None:
    """The number of an activity as our export writes it, such as ``3-128``; anything else is nothing."""
    found = _NUMBER.fullmatch(_plain(cell))
    return Number(int(found[1]), int(found[2])) if found else None


def write_number(cohort_id: int, activity_id: int) -> str:
    """The number that ``read_number`` understands."""
    return f"{cohort_id}-{activity_id}"


def _plain(cell: Cell) -> str:
    return unicodedata.normalize("NFKC", tidy(shown(cell))).replace(" ", "").casefold()
