"""Bringing the values that libraries return into the few forms that a cell may have. Pure."""

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias, cast

from bot.sheets.shapes import Cell, CellError

Raw: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None

_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)")


def plain_cell(value: Raw) -> Cell:
    """Return the cell for a value: whole numbers as text, durations within a day as times, failures marked."""
    form = _FORMS.get(type(value))
    return form(value) if form is not None else cast("Cell", value)


def _plain_truth(truth: bool) -> Cell:
    return "TRUE" if truth else "FALSE"


def _plain_text(text: str) -> Cell:
    stripped = text.strip()
    return CellError(stripped) if stripped.startswith("#") and _ERROR.fullmatch(stripped) else stripped or None


def _plain_number(number: float) -> Cell:
    if number.is_integer():
        return str(int(number))
    return number if math.isfinite(number) else str(number)


def _plain_duration(duration: timedelta) -> Cell:
    """Return a time; what lasts a day or more is shown as `[h]:mm` shows it, for it is nobody's time of day."""
    seconds = round(duration.total_seconds())
    if 0 <= seconds < 24 * 3600:
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else ''}{hours}:{minutes:02}"


# One look-up by type instead of a chain of questions: a sheet may have a million cells.
_FORMS: dict[type, Callable[[Any], Cell]] = {
    bool: _plain_truth,
    str: _plain_text,
    int: str,
    float: _plain_number,
    timedelta: _plain_duration,
}
