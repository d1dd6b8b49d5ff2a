"""On which days the next camp takes place, and what it could be called. Pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from bot.figures import NUMBER, read_figures

DAY = timedelta(days=1)
QUARTER = timedelta(weeks=13)
WEEK = timedelta(weeks=1)
LONGEST_SEARCH = 60
_FIGURES = "零一二三四五六七八九"
_NUMBERED = re.compile(rf"第({NUMBER}|\d{{1,3}})([期届轮批])")
_LAST_NUMBER = re.compile(r"(\d+)(?!.*\d)")

IsWorking = Callable[[date], bool]


class Move(Struct, frozen=True):
    """A day of the old camp and its day in the new one; ``wanted`` is the day it would be if nobody had a holiday."""

    source: date
    target: date
    wanted: date

    @property
    def is_shifted(self) -> bool:
        """Whether a day off stood in the way."""
        return self.target != self.wanted


def map_days(days: Iterable[date], start: date, first: date, is_working: IsWorking) -> tuple[Move, ...]:
    """Each day as far from ``first`` as it was from ``start``, stepping over days off, never changing their order.

    A day that was no working day itself, such as a Saturday that was chosen, may be one again.
    """
    moves: list[Move] = []
    for source in sorted(set(days)):
        wanted = first + (source - start)
        earliest = max(wanted, moves[-1].target + DAY) if moves else wanted
        target = _open_day(earliest, is_working) if is_working(source) else earliest
        moves.append(Move(source, target, wanted))
    return tuple(moves)


def first_days(start: date, today: date, count: int = 3) -> tuple[date, ...]:
    """Days to begin on: a quarter later on the same weekday, and the weeks after; never in the past."""
    first = start + QUARTER
    while first <= today:
        first += WEEK
    return tuple(first + WEEK * number for number in range(count))


def next_name(name: str) -> str | None:
    """The name with its number counted on, such as 第五期 after 第四期; none where it has no number."""
    if found := _NUMBERED.search(name):
        number = int(found[1]) if found[1].isdigit() else read_figures(found[1])
        following = str(number + 1) if found[1].isdigit() else _write_figures(number + 1)
        return f"{name[: found.start(1)]}{following}{name[found.end(1) :]}"
    if found := _LAST_NUMBER.search(name):
        return f"{name[: found.start()]}{int(found[1]) + 1}{name[found.end() :]}"
    return None


def speakers_of(texts: Sequence[str]) -> tuple[str, ...]:
    """Whom to ask again, each once, in the order of the programme."""
    return tuple(dict.fromkeys(text for text in texts if text))


def _open_day(earliest: date, is_working: IsWorking) -> date:
    days = (earliest + DAY * offset for offset in range(LONGEST_SEARCH))
    return next((on for on in days if is_working(on)), earliest)


def _write_figures(number: int) -> str:
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _FIGURES[tens]) + "十" if tens else ""
    return ten + (_FIGURES[ones] if ones or not tens else "")
