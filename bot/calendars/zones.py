"""A time zone as iCalendar wants it spelt out: which offset holds from which instant on. Pure.

Every change of the clock within the calendar's days gets a component of its own, its start being the wall time that the
old offset shows (RFC 5545, 3.6.5). Before the first day the offset of that day is taken to hold.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard
from msgspec import Struct

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall time, as the format asks for
STEP = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Shift(Struct, frozen=True):
    """From the wall time ``starts`` (by the old offset) on, a zone's clock goes by another offset."""

    starts: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


def spell_zone(name: str, first: datetime, last: datetime) -> Timezone:
    """The zone of that name with every change of its clock between two instants."""
    zone = ZoneInfo(name)
    component = Timezone()
    component.add("tzid", name)
    for shift in shifts(zone, first - STEP, last + STEP):
        component.add_component(_spell(shift))
    return component


def shifts(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[Shift]:
    """What holds at ``first``, and every change until ``last``."""
    yield _shift(zone, first, first, EPOCH)
    for before, after in _days(first, last):
        if _offset(zone, before) != _offset(zone, after):
            instant = _change(zone, before, after)
            wall = (instant + _offset(zone, before)).replace(tzinfo=None)
            yield _shift(zone, before, instant, wall)


def _days(first: datetime, last: datetime) -> Iterable[tuple[datetime, datetime]]:
    steps = (last - first) // STEP + 1
    return ((first + STEP * number, first + STEP * (number + 1)) for number in range(steps))


def _shift(zone: ZoneInfo, before: datetime, instant: datetime, wall: datetime) -> Shift:
    local = instant.astimezone(zone)
    return Shift(wall, _offset(zone, before), _offset(zone, instant), local.tzname() or "", bool(local.dst()))


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second of the new offset."""
    before, after = before.astimezone(UTC), after.astimezone(UTC)
    old = _offset(zone, before)
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    return after


def _spell(shift: Shift) -> TimezoneStandard | TimezoneDaylight:
    component = TimezoneDaylight() if shift.is_summer else TimezoneStandard()
    component.add("dtstart", shift.starts)
    component.add("tzoffsetfrom", shift.before)
    component.add("tzoffsetto", shift.after)
    component.add("tzname", shift.name)
    return component
