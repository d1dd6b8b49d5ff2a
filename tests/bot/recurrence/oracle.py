"""What a clock on the wall of every zone shows, minute by minute: the slow truth that the rules are held against."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from zoneinfo import ZoneInfo, available_timezones

FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 12, 31, tzinfo=UTC)
STEP = timedelta(days=1)
MINUTE = timedelta(minutes=1)
AROUND = timedelta(hours=48)


@dataclass(frozen=True)
class Wall:
    """What a zone's clock shows in each minute from ``since`` to ``until``."""

    zone: ZoneInfo
    since: datetime
    until: datetime

    @cached_property
    def minutes(self) -> list[datetime]:
        count = (self.until - self.since) // MINUTE
        return [self.since + MINUTE * index for index in range(count)]

    @cached_property
    def shown(self) -> list[datetime]:
        return [minute.astimezone(self.zone).replace(tzinfo=None) for minute in self.minutes]

    @cached_property
    def furthest(self) -> list[datetime]:
        """The latest that the clock has shown so far: it never falls, though the clock may be put back."""
        latest, furthest = self.shown[0], []
        for wall in self.shown:
            latest = max(latest, wall)
            furthest.append(latest)
        return furthest

    @property
    def days(self) -> set[date]:
        """The days that the clock shows from beginning to end of this stretch, without the first and the last."""
        shown = {wall.date() for wall in self.shown}
        return shown - {min(shown), max(shown)}

    def first_showing(self, on: date, at: time) -> datetime:
        """The first minute at which the clock shows this or later."""
        return self.minutes[bisect_left(self.furthest, datetime.combine(on, at))]


@cache
def transitions(zone: ZoneInfo) -> tuple[tuple[datetime, timedelta, timedelta], ...]:
    """Every change of the zone's offset, to the minute, with the offsets before and after it."""
    found = []
    before, offset = FIRST, _offset(zone, FIRST)
    while before < LAST:
        after = before + STEP
        changed = _offset(zone, after)
        if changed != offset:
            found.append((_first_with(zone, changed, before, after), offset, changed))
        before, offset = after, changed
    return tuple(found)


@cache
def distinct_zones() -> list[ZoneInfo]:
    """One zone for each set of rules that differs from all others in these years."""
    by_rules: dict[object, ZoneInfo] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        by_rules.setdefault((_offset(zone, FIRST), transitions(zone)), zone)
    return list(by_rules.values())


def stretches(zone: ZoneInfo) -> Iterator[Wall]:
    """Two days before to two days after each transition."""
    for at, _, _ in transitions(zone):
        yield Wall(zone, at - AROUND, at + AROUND)


def quiet_days(zone: ZoneInfo, changes: Sequence[datetime]) -> Iterator[date]:
    """The local days on which the zone's clock runs evenly."""
    day, busy = FIRST.date(), {(at + AROUND * side / 2).date() for at in changes for side in (-1, 0, 1)}
    while day < LAST.date():
        if day not in busy:
            yield day
        day += timedelta(days=1)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _first_with(zone: ZoneInfo, offset: timedelta, before: datetime, after: datetime) -> datetime:
    while after - before > MINUTE:
        middle = before + (after - before) // MINUTE // 2 * MINUTE
        before, after = (before, middle) if _offset(zone, middle) == offset else (middle, after)
    return after
