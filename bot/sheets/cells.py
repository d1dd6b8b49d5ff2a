"""Bringing the values that libraries return into the few forms that a cell may have. Pure."""

import math
import re
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from bot.sheets.shapes import Cell, CellError

Raw: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None

_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)")


def plain_cell(value: Raw) -> Cell:
    """Return the cell for a value: whole numbers as text, durations within a day as times, failures marked."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return _plain_text(value)
    if isinstance(value, int | float):
        return _plain_number(value)
    return _plain_duration(value) if isinstance(value, timedelta) else value


def _plain_text(text: str) -> Cell:
    stripped = text.strip()
    return CellError(stripped) if _ERROR.fullmatch(stripped) else stripped or None


def _plain_number(number: float) -> Cell:
    if not math.isfinite(number):
        return str(number)
    return str(int(number)) if number == int(number) else float(number)


def _plain_duration(duration: timedelta) -> Cell:
    """Return a time; what lasts a day or more is shown as `[h]:mm` shows it, for it is nobody's time of day."""
    seconds = round(duration.total_seconds())
    if 0 <= seconds < 24 * 3600:
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else ''}{hours}:{minutes:02}"
