"""What can be wrong between the rows of a timetable, and between them and their cohort. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from bot.recurrence.rules import day_exists
from bot.timetable import clashes
from bot.timetable.sheet_shapes import Number, Problem, ProblemKind, TimetableEntry

NEAR = timedelta(days=31)

OVERLAPS_NAMED = 5
"""How many other rows a warning about an overlap names at most."""


class Cohort(Struct, frozen=True):
    """What of a cohort matters to its timetable: its local days, first to last, and its time zone."""

    first_day: date
    last_day: date
    zone: ZoneInfo


def check_entries(entries: Iterable[TimetableEntry], cohort: Cohort) -> tuple[list[TimetableEntry], list[Problem]]:
    """Return the entries that can be imported, in the order of time, and all problems found."""
    given = list(entries)
    meant, elsewhen = _without_other_years(given, cohort)
    real, skipped = _without_skipped_times(meant, cohort.zone)
    single, copies = _without_copies(sorted(real, key=lambda entry: (entry.on, entry.starts, entry.row)))
    named, repeated = _without_repeated_numbers(single)
    warnings = [*_outside(named, cohort), *_overlaps(named), *_used_twice(named), *_without_site(named)]
    return named, [*elsewhen, *skipped, *copies, *repeated, *warnings]


def exists(on: date, at: time, zone: ZoneInfo) -> bool:
    """Return whether clocks in this zone show this time on this day: they skip an hour when summer time begins."""
    local = datetime.combine(on, at, tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)


def _without_other_years(
    entries: Sequence[TimetableEntry], cohort: Cohort
) -> tuple[list[TimetableEntry], list[Problem]]:
    """Leave out rows of a year in which the cohort has no day, be it a slip or last year's timetable."""
    years = range(cohort.first_day.year, cohort.last_day.year + 1)
    far = [entry for entry in entries if entry.on.year not in years and _is_far(entry.on, cohort)]
    problems = [Problem(entry.row, ProblemKind.ANOTHER_YEAR, entry.on.isoformat()) for entry in far]
    return [entry for entry in entries if entry not in far], problems


def _is_far(on: date, cohort: Cohort) -> bool:
    """A camp in the first days of January may have its preparations in December."""
    return on < cohort.first_day - NEAR or on > cohort.last_day + NEAR


def _without_skipped_times(
    entries: Iterable[TimetableEntry], zone: ZoneInfo
) -> tuple[list[TimetableEntry], list[Problem]]:
    kept, problems = [], []
    for entry in entries:
        missing = [at for at in (entry.starts, entry.ends) if not exists(entry.on, at, zone)]
        if not day_exists(entry.on, zone):
            problems.append(Problem(entry.row, ProblemKind.NO_SUCH_DAY_HERE, f"{entry.on} ({zone.key})"))
        elif missing:
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


def _without_repeated_numbers(entries: Iterable[TimetableEntry]) -> tuple[list[TimetableEntry], list[Problem]]:
    """A row that was copied in the file has its number too; the first keeps it, the others are new activities."""
    first: dict[Number, TimetableEntry] = {}
    kept, problems = [], []
    for entry in entries:
        holder = first.setdefault(entry.number, entry) if entry.number else entry
        if holder is not entry:
            problems.append(Problem(entry.row, ProblemKind.SAME_ID, entry.title, (holder.row,)))
        kept.append(entry if holder is entry else replace(entry, number=None))
    return kept, problems


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
        rows = tuple(other.row for other in running if clashes.share_people(other.group_name, entry.group_name))
        if rows:
            problems.append(Problem(entry.row, ProblemKind.OVERLAP, entry.title, rows))
        running = sorted([*running, entry], key=lambda one: one.ends)[-OVERLAPS_NAMED:]
    return problems


def _used_twice(entries: Sequence[TimetableEntry]) -> list[Problem]:
    """Speakers and rooms that two rows want at one time, where that is not said of the whole activity already."""
    problems = []
    running: list[TimetableEntry] = []
    for entry in entries:
        running = [other for other in running if other.on == entry.on and other.ends > entry.starts]
        others = [other for other in running if not clashes.share_people(other.group_name, entry.group_name)]
        for name, rows in _speakers(entry, others):
            problems.append(Problem(entry.row, ProblemKind.SPEAKER_TWICE, name, rows))
        if rooms := tuple(other.row for other in others if clashes.same_place(entry.place, other.place)):
            problems.append(Problem(entry.row, ProblemKind.PLACE_TWICE, entry.place or "", rooms))
        running.append(entry)
    return problems


def _speakers(entry: TimetableEntry, others: Sequence[TimetableEntry]) -> list[tuple[str, tuple[int, ...]]]:
    wanted = {
        name: [o.row for o in others if name in clashes.speakers(o.speaker)] for name in clashes.speakers(entry.speaker)
    }
    return [(name, tuple(rows)) for name, rows in sorted(wanted.items()) if rows]


def _without_site(entries: Iterable[TimetableEntry]) -> list[Problem]:
    return [
        Problem(entry.row, ProblemKind.NO_SITE, entry.title)
        for entry in entries
        if clashes.lacks_site(entry.kind, entry.title, entry.place)
    ]
