"""When a daily push is due: local days and wall times of a zone turned into instants. Pure: no session, no clock.

A zone's clock may jump over a wall time, show it twice, or skip a whole day. The one definition behind everything here:
a wall time comes at the first instant at which the zone's clock shows that day and time *or a later one*.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

MIDNIGHT = time(0)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Due(Struct, frozen=True):
    """A local day and the instant (UTC) at which its push is due."""

    on: date
    at: datetime


def due_on(on: date, at: time, zone: ZoneInfo) -> Due | None:
    """When the push of the local day ``on`` is due; ``None`` where the zone has no such day.

    A wall time that the clock jumps over is due the instant it jumps: 02:30 in New York's spring is 03:00 EDT, and
    23:30 in Nuuk's is the midnight that follows. One that the clock shows twice is due the first time. A day that the
    zone left out (Samoa had no 30 December 2011) has no push.
    """
    return Due(on, first_instant(on, at, zone)) if day_exists(on, zone) else None


def day_exists(on: date, zone: ZoneInfo) -> bool:
    """Whether the zone's calendar has that day."""
    return first_instant(on, MIDNIGHT, zone).astimezone(zone).date() == on


def first_instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which the zone's clock shows ``on`` and ``at`` or later."""
    wall = datetime.combine(on, at)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return first if _wall(first, zone) == wall else _end_of_gap(wall, zone)


def days_from(start: date, until: date) -> Iterator[date]:
    """Every calendar day from ``start`` to ``until``, both included."""
    return (start + DAY * offset for offset in range((until - start).days + 1))


def next_due(start: date, until: date, at: time, zone: ZoneInfo) -> Due | None:
    """The push of the first day from ``start`` on that the zone has; ``None`` where there is none up to ``until``."""
    return next((due for on in days_from(start, until) if (due := due_on(on, at, zone))), None)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of the jump over ``wall``: in a gap, fold 1 gives an instant before the jump, fold 0 one after it."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if _wall(middle, zone) < wall:
            before = middle
        else:
            after = middle
    return after


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)
