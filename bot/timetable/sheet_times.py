"""Reading days and times as people write them, in Chinese and English. Pure; says what is wrong, decides nothing."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.sheets.shapes import Cell
from bot.sheets.text import tidy


class Fault(StrEnum):
    """Why a cell gives no day or time."""

    UNREADABLE = "unreadable"
    NO_SUCH = "no_such"  # written well, but there is no such day or time: 29 February 2027, 25:00


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天]|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b\.?,?")
_MIDNIGHT = re.compile(r"(?:[t ]|(?<=日))0?0:00(?::00(?:\.0+)?)?$")
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d\d)(\d\d))")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_NO_YEAR = re.compile(r"(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]?([a-z]{3,9})\.?,?(?:[ -]?(\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.? ?(\d{1,2})(?:st|nd|rd|th)?,?(?: ?(\d{4}))?")
_SERIAL = re.compile(r"[3-7]\d{4}")
_EXCEL_DAY_ZERO = date(1899, 12, 30)

_PERIODS = "上午|早上|早晨|清晨|凌晨|中午|下午|午后|傍晚|晚上|晚间|夜间|早|晚"
_TIME = re.compile(
    rf"(?P<before>{_PERIODS})?(?P<hour>\d{{1,2}})"
    r"(?:[:.](?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?|(?P<clock>[点时]整?)(?P<spoken>\d{1,2}分?|半|[一三]刻)?)?"
    r"(?P<after>[ap]\.?m\.?)?"
)
_FOUR_DIGITS = re.compile(r"([01]\d|2[0-3])([0-5]\d)")
_SPAN = re.compile(r"\s*(?:[-\u2010-\u2015\u2212~\u301c至到]+|\bto\b|\buntil\b)\s*")
_LEADING_DAY = re.compile(
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]?(?:\([^)]*\))?)\s*(?=\D*\d)"
)
_AFTERNOON = ("下午", "午后", "傍晚", "晚上", "晚间", "夜间", "晚", "p")


def read_day(cell: Cell, *, first_day: date, last_day: date) -> date | Fault | None:
    """Return the day in a cell, None when it is empty. A day without a year is the one nearest to the span."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date) or cell is None:
        return cell
    if not isinstance(cell, str):
        return Fault.UNREADABLE
    return _day_in_text(_plain_day(cell), first_day, last_day)


def read_time(cell: Cell) -> time | Fault | None:
    """Return a time of whole minutes, None when the cell is empty."""
    if isinstance(cell, datetime):
        return _whole_minutes(_seconds(cell.time()))
    if isinstance(cell, time):
        return _whole_minutes(_seconds(cell))
    if isinstance(cell, float):
        return _whole_minutes(cell * 24 * 3600) if 0 <= cell < 1 else Fault.UNREADABLE
    if not isinstance(cell, str):
        return None if cell is None else Fault.UNREADABLE
    return _time_in_text(_plain(cell))


def read_span(cell: Cell) -> tuple[time, time] | Fault | None:
    """Return the two times of `08:30-09:00`, `下午2:00-4:00` or `2-4 pm`, None when the cell is empty."""
    if cell is None:
        return None
    if not isinstance(cell, str):
        return Fault.UNREADABLE
    parts = [part for part in _SPAN.split(_plain(split_day(cell)[1])) if part]
    if len(parts) != 2:
        return Fault.UNREADABLE
    starts, ends = _with_shared_period(*parts)
    if isinstance(starts, Fault):
        return starts
    return ends if isinstance(ends, Fault) else (starts, ends)


def split_day(text: str) -> tuple[str | None, str]:
    """Split `12月7日 08:30-09:00` into its day, if it begins with one, and the rest."""
    plain = _plain(text)
    found = _LEADING_DAY.match(plain)
    return (found[1], plain[found.end() :]) if found else (None, plain)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", tidy(text)).casefold()


def _plain_day(text: str) -> str:
    plain = _MIDNIGHT.sub("", _ASIDE.sub("", _plain(text)).strip())
    joined = re.sub(r"\s*([-/.年月日号])\s*", r"\1", _WEEKDAY.sub("", plain))
    return joined.strip(" ,")


def _day_in_text(text: str, first_day: date, last_day: date) -> date | Fault:
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in found.groups() if part is not None)
        return _day(year, month, day)
    if found := _YEAR_LAST.fullmatch(text):
        return _either_order(int(found[3]), int(found[1]), int(found[2]), first_day, last_day)
    if found := _NO_YEAR.fullmatch(text):
        return _nearest_year(int(found[1]), int(found[2]), first_day, last_day)
    if _SERIAL.fullmatch(text):
        counted = _EXCEL_DAY_ZERO + timedelta(days=int(text))
        return counted if first_day <= counted <= last_day else Fault.UNREADABLE
    return _day_with_month_name(text, first_day, last_day)


def _day_with_month_name(text: str, first_day: date, last_day: date) -> date | Fault:
    if found := _DAY_MONTH.fullmatch(text):
        number, name, year = found.groups()
    elif found := _MONTH_DAY.fullmatch(text):
        name, number, year = found.groups()
    else:
        return Fault.UNREADABLE
    if name[:3] not in _MONTHS:
        return Fault.UNREADABLE
    month = _MONTHS.index(name[:3]) + 1
    return _day(int(year), month, int(number)) if year else _nearest_year(month, int(number), first_day, last_day)


def _day(year: int, month: int, day: int) -> date | Fault:
    try:
        return date(year, month, day)
    except ValueError:
        return Fault.NO_SUCH


def _nearest_year(month: int, day: int, first_day: date, last_day: date) -> date | Fault:
    years = range(first_day.year, last_day.year + 1)
    days = [read for year in years if not isinstance(read := _day(year, month, day), Fault)]
    if not days:
        return Fault.NO_SUCH
    return min(days, key=lambda one: max(first_day - one, one - last_day, timedelta(0)))


def _either_order(year: int, one: int, other: int, first_day: date, last_day: date) -> date | Fault:
    """Read 7/12/2026, which is July to some and December to others: only the cohort's days can decide."""
    readings = {_day(year, one, other), _day(year, other, one)}
    days = {read for read in readings if not isinstance(read, Fault)}
    inside = {read for read in days if first_day <= read <= last_day}
    if len(inside or days) == 1:
        return (inside or days).pop()
    return Fault.UNREADABLE if days else Fault.NO_SUCH


def _time_in_text(text: str, period: str | None = None) -> time | Fault:
    squeezed = re.sub(r"\s+", "", text)
    if found := _FOUR_DIGITS.fullmatch(squeezed):
        return time(int(found[1]), int(found[2]))
    found = _TIME.fullmatch(squeezed)
    if found is None:
        return Fault.UNREADABLE
    period = found["before"] or (found["after"] or "")[:1] or period
    if not (found["minute"] or found["clock"] or period):
        return Fault.UNREADABLE
    hour, minute = _in_period(int(found["hour"]), period), _minutes(found["minute"] or found["spoken"] or "0")
    return time(hour, minute) if hour < 24 and minute < 60 else Fault.NO_SUCH


def _minutes(text: str) -> int:
    spoken = {"半": 30, "一刻": 15, "三刻": 45}
    return spoken[text] if text in spoken else int(text.rstrip("分"))


def _in_period(hour: int, period: str | None) -> int:
    if period in _AFTERNOON:
        # 晚上12点 is the end of the day, 下午12点 and 12 pm are noon.
        at_twelve = 24 if period in _AFTERNOON[2:-1] else 12
        return at_twelve if hour == 12 else hour + 12 if hour < 12 else hour
    if period == "中午":
        return hour + 12 if hour < 3 else hour
    return 0 if hour == 12 and period in ("a", "凌晨") else hour


def _with_shared_period(first: str, second: str) -> tuple[time | Fault, time | Fault]:
    """Read both ends; one that does not name its half of the day may borrow it from the other."""
    starts, ends = _time_in_text(first), _time_in_text(second)
    before, after = _period_of(first), _period_of(second)
    if before and not after:
        borrowed = _time_in_text(second, before)
        if isinstance(ends, Fault) or (not isinstance(starts, Fault) and ends <= starts):
            ends = borrowed
    if after and not before:
        borrowed = _time_in_text(first, after)
        if not isinstance(borrowed, Fault) and not isinstance(ends, Fault) and borrowed < ends:
            starts = borrowed
        elif isinstance(starts, Fault):
            starts = _time_in_text(first, "a")
    return starts, ends


def _period_of(text: str) -> str | None:
    found = _TIME.fullmatch(re.sub(r"\s+", "", text))
    return (found["before"] or (found["after"] or "")[:1] or None) if found else None


def _seconds(at: time) -> float:
    return at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6


def _whole_minutes(seconds: float) -> time:
    # Excel counts in fractions of a day, so 08:30 may come as 08:29:59.999.
    minutes = min((round(seconds) + 1) // 60, 24 * 60 - 1)
    return time(minutes // 60, minutes % 60)
