"""The weeks and units of a load map. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

WEEK = timedelta(days=7)
AROUND = 3 * WEEK
"""So far before and after a camp its load map looks."""


class Member(Struct, frozen=True):
    """A trainee of the camp that is looked at; ``unit`` is empty where the roster names none."""

    person_id: int
    name: str
    unit: str


class CallUp(Struct, frozen=True):
    """A trainee who is in another camp too, and its days."""

    member: Member
    camp: str
    first: date
    last: date

    def touches(self, first: date, last: date) -> bool:
        """Whether it has a day between these two."""
        return self.first <= last and first <= self.last


class Blocked(Struct, frozen=True):
    """Days on which a unit can spare nobody."""

    unit: str
    first: date
    last: date


class UnitRow(Struct, frozen=True):
    """A unit: its trainees in this camp, how many are elsewhere in each week, and the weeks with a blackout."""

    unit: str
    people: int
    elsewhere: tuple[int, ...]
    blocked: tuple[bool, ...]

    @property
    def is_free(self) -> bool:
        """Whether nothing is to be shown of it."""
        return not any(self.elsewhere) and not any(self.blocked)


def weeks_around(first: date, last: date) -> tuple[date, ...]:
    """The Mondays of the weeks a load map shows."""
    start = _monday(first - AROUND)
    return tuple(start + WEEK * number for number in range((_monday(last + AROUND) - start) // WEEK + 1))


def unit_rows(
    members: Sequence[Member], calls: Sequence[CallUp], blocked: Sequence[Blocked], weeks: Sequence[date]
) -> tuple[UnitRow, ...]:
    """One row a unit, the most loaded first. Somebody in two other camps of a week counts once."""
    of_unit: Mapping[str, list[Member]] = _by_unit(members)
    rows = [
        UnitRow(
            unit,
            len(people),
            tuple(_elsewhere(unit, calls, monday) for monday in weeks),
            tuple(
                any(one.unit == unit and _in_week(one.first, one.last, monday) for one in blocked) for monday in weeks
            ),
        )
        for unit, people in of_unit.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-sum(row.elsewhere), not any(row.blocked), row.unit)))


def _by_unit(members: Iterable[Member]) -> dict[str, list[Member]]:
    units: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        units[member.unit].append(member)
    return units


def _elsewhere(unit: str, calls: Sequence[CallUp], monday: date) -> int:
    return len(
        {one.member.person_id for one in calls if one.member.unit == unit and _in_week(one.first, one.last, monday)}
    )


def _in_week(first: date, last: date, monday: date) -> bool:
    return first <= monday + WEEK - timedelta(days=1) and last >= monday


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())
