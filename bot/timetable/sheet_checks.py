"""What can be wrong between the rows of a timetable, and between them and their cohort. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.timetable.sheet_shapes import Problem, ProblemKind, TimetableEntry

OVERLAPS_NAMED = 5
"""How many other rows a warning about an overlap names at most."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """What of a cohort matters to its timetable: its local days, first to last, and its time zone."""

    first_day: date
    last_day: date
    zone: ZoneInfo


def check_entries(entries: Iterable[TimetableEntry], cohort: Cohort) -> tuple[list[TimetableEntry], list[Problem]]:
    """Return the entries that can be imported, in the order of time, and all problems found."""
    real, skipped = _without_skipped_times(entries, cohort.zone)
    single, copies = _without_copies(sorted(real, key=lambda entry: (entry.on, entry.starts, entry.row)))
    return single, [*skipped, *copies, *_outside(single, cohort), *_overlaps(single)]


def exists(on: date, at: time, zone: ZoneInfo) -> bool:
    """Return whether clocks in this zone show this time on this day: they skip an hour when summer time begins."""
    local = datetime.combine(on, at, tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)


def _without_skipped_times(
    entries: Iterable[TimetableEntry], zone: ZoneInfo
) -> tuple[list[TimetableEntry], list[Problem]]:
    kept, problems = [], []
    for entry in entries:
        missing = [at for at in (entry.starts, entry.ends) if not exists(entry.on, at, zone)]
        if missing:
            text = f"{entry.on} {missing[0]:%H:%M}"
            problems.append(Problem(entry.row, ProblemKind.SKIPPED_BY_CLOCK_CHANGE, text))
        else:
            kept.append(entry)
    return kept, problems


def _without_copies(entries: Sequence[TimetableEntry]) -> tuple[list[TimetableEntry], list[Problem]]:
    first: dict[tuple[date, time, str], TimetableEntry] = {}
    problems = []
    for entry in entries:
        kept = first.setdefault((entry.on, entry.starts, entry.title.casefold()), entry)
        if kept is not entry:
            problems.append(Problem(entry.row, ProblemKind.DUPLICATE, entry.title, (kept.row,)))
    return list(first.values()), problems


def _outside(entries: Iterable[TimetableEntry], cohort: Cohort) -> list[Problem]:
    return [
        Problem(entry.row, ProblemKind.OUTSIDE_COHORT, entry.on.isoformat())
        for entry in entries
        if not cohort.first_day <= entry.on <= cohort.last_day
    ]


def _overlaps(entries: Iterable[TimetableEntry]) -> list[Problem]:
    problems = []
    running: list[TimetableEntry] = []
    for entry in entries:
        running = [other for other in running if other.on == entry.on and other.ends > entry.starts]
        if running:
            rows = tuple(other.row for other in running)
            problems.append(Problem(entry.row, ProblemKind.OVERLAP, entry.title, rows))
        running = sorted([*running, entry], key=lambda one: one.ends)[-OVERLAPS_NAMED:]
    return problems
