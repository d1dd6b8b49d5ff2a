"""Which days are worked. Pure; the State Council's tables of past years come with the ``holidays`` library.

That library works out the holidays of any year, but the make-up days of a year are decided only in the autumn before.
A year without them is *unknown* here: its weekends are known and nothing else can be relied on.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from msgspec import Struct, field

DAY = timedelta(days=1)
LAST_YEAR = 2050
CHINA = "CN"
FIRST_WARNING = (11, 15)
"""Month and day from which the table of the next year is missed: the State Council has published it by then."""

_ASIDE = re.compile(r"\s*[(（].*?[)）]")
_EVE = frozenset({"农历除夕", "Chinese New Year's Eve", "休息日", "Day off"})


class DayKind(StrEnum):
    """What kind of a day it is."""

    WORKDAY = "workday"
    MAKE_UP = "make_up"
    """A Saturday or Sunday that is worked, for a day off elsewhere."""
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class Special(Struct, frozen=True):
    """A day off, or a weekend day that is worked."""

    on: date
    is_off: bool
    name: str


class Stretch(Struct, frozen=True):
    """Days off in a row that belong to one holiday."""

    first: date
    last: date
    name: str


class Outlook(Struct, frozen=True):
    """What is remarkable about a span of days; ``unknown`` are its years whose table is missing."""

    first: date
    last: date
    holidays: tuple[Stretch, ...] = ()
    weekends: tuple[date, ...] = ()
    make_up: tuple[date, ...] = ()
    unknown: tuple[int, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.holidays or self.weekends or self.make_up or self.unknown)


class WorkCalendar(Struct, frozen=True):
    """All special days known, by day; imported ones outrank those built in, a whole year at a time."""

    imported: Mapping[date, Special] = field(default_factory=dict)
    language: str = "zh"

    def knows(self, year: int) -> bool:
        """Whether that year's table is there."""
        return year in built_in_years() or any(on.year == year for on in self.imported)

    def special(self, on: date) -> Special | None:
        """The day where it is special; of a year that is unknown nothing is."""
        if any(day.year == on.year for day in self.imported):
            return self.imported.get(on)
        return built_in(on.year, self.language).get(on) if on.year in built_in_years() else None

    def kind(self, on: date) -> DayKind:
        """What kind of a day it is."""
        special = self.special(on)
        if special is not None:
            return DayKind.HOLIDAY if special.is_off else DayKind.MAKE_UP
        return DayKind.WEEKEND if on.weekday() >= 5 else DayKind.WORKDAY

    def is_working(self, on: date) -> bool:
        """Whether people work that day."""
        return self.kind(on) in (DayKind.WORKDAY, DayKind.MAKE_UP)

    def look(self, first: date, last: date) -> Outlook:
        """What is remarkable between two days, both included."""
        return self.look_at([first + DAY * offset for offset in range((last - first).days + 1)])

    def look_at(self, days: Collection[date]) -> Outlook:
        """What is remarkable about these days, at least one."""
        ordered = sorted(days)
        kinds = {on: self.kind(on) for on in ordered}
        return Outlook(
            ordered[0],
            ordered[-1],
            tuple(self._stretches(ordered)),
            tuple(on for on in ordered if kinds[on] is DayKind.WEEKEND),
            tuple(on for on in ordered if kinds[on] is DayKind.MAKE_UP),
            tuple(year for year in sorted({on.year for on in ordered}) if not self.knows(year)),
        )

    def _stretches(self, days: Sequence[date]) -> Iterable[Stretch]:
        run: list[Special] = []
        for on in days:
            special = self.special(on)
            if special is not None and special.is_off and (not run or run[-1].on == on - DAY):
                run.append(special)
                continue
            yield from _stretch(run)
            run = [special] if special is not None and special.is_off else []
        yield from _stretch(run)


def _stretch(run: Sequence[Special]) -> Iterable[Stretch]:
    if run:
        names = dict.fromkeys(day.name for day in run if day.name)
        yield Stretch(run[0].on, run[-1].on, "、".join(names))


def missing_year(calendar: WorkCalendar, today: date) -> int | None:
    """The year whose table should be there and is not: this one, or from mid-November the next."""
    years = (today.year, today.year + 1)
    return next((year for year in years if is_published(year, today) and not calendar.knows(year)), None)


def is_published(year: int, today: date) -> bool:
    """Whether the table of that year must be out by now."""
    return today >= date(year - 1, *FIRST_WARNING)


@cache
def built_in_years() -> frozenset[int]:
    """The years whose whole table comes with the library: those for which it knows make-up days."""
    return frozenset(on.year for on in _library(range(2007, LAST_YEAR)).weekend_workdays)


@cache
def built_in(year: int, language: str = "zh") -> Mapping[date, Special]:
    """The library's table of a year: every day off that is no mere weekend, and every make-up day."""
    china = _library(year, language="zh_CN" if language == "zh" else "en_US")
    days = [date(year, 1, 1) + DAY * offset for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    named = {on: _clean(name) for on in days if (name := china.get(on))}
    off = _with_weekends(named, china.weekend_workdays)
    specials = {on: Special(on, is_off=True, name=name) for on, name in off.items()}
    return specials | {on: Special(on, is_off=False, name="") for on in china.weekend_workdays if on.year == year}


def _library(years: int | range, language: str | None = None) -> Any:
    from holidays import country_holidays  # noqa: PLC0415 - a start need not wait for it

    return country_holidays(CHINA, years=years, language=language)


def _with_weekends(named: Mapping[date, str], worked: Collection[date]) -> dict[date, str]:
    """The days off with the weekend days that stand between or beside them, all of one holiday named alike."""
    off = dict(named)
    for on in sorted(named):
        for step in (DAY, -DAY):
            day = on + step
            while day.weekday() >= 5 and day not in off and day not in worked and day.year == on.year:
                off[day] = ""
                day += step
    return {on: off[on] or _name_nearby(on, off) for on in sorted(off)}


def _name_nearby(on: date, off: Mapping[date, str]) -> str:
    for distance in range(1, 10):
        for day in (on - DAY * distance, on + DAY * distance):
            if off.get(day):
                return off[day]
    return ""


def _clean(name: str) -> str:
    plain = _ASIDE.sub("", name.split(";")[0]).strip()
    return "" if plain in _EVE else plain
