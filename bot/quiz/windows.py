"""Reading when a test opens and closes, as coordinators type it, and the windows worth offering. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MOMENT = r"(?:(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?\s*)?(\d{1,2})[:：点时](\d{2})?分?"
_WINDOW = re.compile(rf"^\s*{_MOMENT}\s*(?:-|–|—|~|～|至|到|to|until)\s*{_MOMENT}\s*$", re.IGNORECASE)

MORNING, EVENING = time(8), time(22)

Window = tuple[datetime, datetime]


def offered(now: datetime, zone: ZoneInfo, starts_on: date, ends_on: date) -> Sequence[Window]:
    """From now until tonight, all tomorrow, and the last day of the camp; only what lies ahead, each once."""
    today = now.astimezone(zone).date()
    soon = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    windows = [(soon, _at(today, EVENING, zone)), *(_whole(on, zone) for on in (today + timedelta(days=1), ends_on))]
    found = [window for window in windows if window[0] >= now and window[0] + timedelta(minutes=30) <= window[1]]
    return list(dict.fromkeys(found))


def parse(typed: str, now: datetime, zone: ZoneInfo) -> Window | None:
    """Read ``12-11 14:00 - 16:00``, ``2026-12-11 14:00 to 12-12 18:00``, ``12月11日14点到16点30分``; else ``None``."""
    found = _WINDOW.match(unicodedata.normalize("NFKC", typed))
    if found is None:
        return None
    today = now.astimezone(zone).date()
    parts = found.groups()
    try:
        on = _day(parts[0:3], today, today)
        until = _day(parts[5:8], on, today)
        return _at(on, _time(parts[3:5]), zone), _at(until, _time(parts[8:10]), zone)
    except ValueError:
        return None


def _day(parts: Sequence[str | None], usual: date, today: date) -> date:
    year, month, day = parts
    if month is None or day is None:
        return usual
    found = date(int(year or today.year), int(month), int(day))
    return found.replace(year=found.year + 1) if year is None and found < today - timedelta(days=180) else found


def _time(parts: Sequence[str | None]) -> time:
    hours, minutes = parts
    return time(int(hours or 0), int(minutes or 0))


def _whole(on: date, zone: ZoneInfo) -> Window:
    return _at(on, MORNING, zone), _at(on, EVENING, zone)


def _at(on: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, hour, tzinfo=zone).astimezone(UTC)
