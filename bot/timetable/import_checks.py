"""What is wrong with a timetable file in the light of what is known already: numbers, groups, other camps, the clock.

Reads, never writes. What is wrong within the file itself is found by ``sheet_checks``.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlmodel import Session

from bot.people import listing
from bot.people.models import Cohort
from bot.timetable import clashes, elsewhere
from bot.timetable.clashes import ClashKind, Slot
from bot.timetable.sheet_diff import KnownActivity, TimetableDiff
from bot.timetable.sheet_shapes import Problem, ProblemKind, Timetable, TimetableEntry

ELSEWHERE = {ClashKind.SPEAKER: ProblemKind.SPEAKER_TWICE, ClashKind.PLACE: ProblemKind.PLACE_TWICE}


def without_foreign_numbers(timetable: Timetable, cohort_id: int) -> Timetable:
    """The timetable with the numbers of this cohort only: the export of another camp brings new activities."""
    entries = [
        replace(entry, number=None) if entry.number and entry.number.cohort_id != cohort_id else entry
        for entry in timetable.entries
    ]
    return replace(timetable, entries=tuple(entries))


def without_past(timetable: Timetable, known: Sequence[KnownActivity], cohort: Cohort, now: datetime) -> Timetable:
    """Leave out what would be planned into the past of a camp that has not begun; once it runs, it is a warning.

    What already stands there is no plan, and during a camp an hour that was improvised may be put on record.
    """
    zone = ZoneInfo(cohort.time_zone)
    standing = {(one.on, one.starts) for one in known}
    past = [one for one in timetable.entries if _ends(one, zone) <= now and (one.on, one.starts) not in standing]
    begun = now.astimezone(zone).date() >= cohort.starts_on
    kind = ProblemKind.PAST_TOO if begun else ProblemKind.PAST
    problems = [Problem(one.row, kind, f"{one.on} {one.starts:%H:%M}") for one in past]
    kept = timetable.entries if begun else tuple(one for one in timetable.entries if one not in past)
    return replace(timetable, entries=kept, problems=_in_order([*timetable.problems, *problems]))


def check(session: Session, *, cohort: Cohort, timetable: Timetable, diff: TimetableDiff) -> tuple[Problem, ...]:
    """All problems of the file, those found here too, by row."""
    found = [
        *timetable.problems,
        *_same_titles(diff),
        *_unknown_groups(session, cohort, timetable),
        *_elsewhere(session, cohort, timetable),
    ]
    return _in_order(found)


def _in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.row))


def _same_titles(diff: TimetableDiff) -> list[Problem]:
    """Rows that may be a known activity moved, or may not: its title stands there more than once."""
    going = {one.title.casefold() for one in diff.removed}
    return [
        Problem(entry.row, ProblemKind.SAME_TITLE, entry.title) for entry in diff.new if entry.title.casefold() in going
    ]


def _unknown_groups(session: Session, cohort: Cohort, timetable: Timetable) -> list[Problem]:
    wanted = [entry for entry in timetable.entries if entry.group_name]
    if not wanted:
        return []
    known = {group.name for group in listing.groups_of(session, cohort.id or 0)}
    return [
        Problem(entry.row, ProblemKind.UNKNOWN_GROUP, entry.group_name or "")
        for entry in wanted
        if entry.group_name not in known
    ]


def _elsewhere(session: Session, cohort: Cohort, timetable: Timetable) -> list[Problem]:
    """Speakers and rooms that another camp has at the same time."""
    if not timetable.entries:
        return []
    zone = ZoneInfo(cohort.time_zone)
    slots = [(entry, slot_of(entry, zone)) for entry in timetable.entries]
    first, last = min(slot.starts_at for _, slot in slots), max(slot.ends_at for _, slot in slots)
    others = elsewhere.slots_between(session, cohort, first, last)
    return [
        Problem(entry.row, ELSEWHERE[clash.kind], clash.what, elsewhere=f"{clash.other.camp}: {clash.other.title}")
        for entry, slot in slots
        for clash in clashes.find_clashes(slot, others)
        if clash.other is not None
    ]


def slot_of(entry: TimetableEntry, zone: ZoneInfo) -> Slot:
    """The row as something that can be in another's way."""
    starts = instant(entry.on, entry.starts, zone)
    return Slot(entry.title, starts, _ends(entry, zone), entry.speaker or "", entry.place or "", entry.group_name)


def instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a local day and hour."""
    return datetime.combine(on, at, tzinfo=zone).astimezone(UTC)


def _ends(entry: TimetableEntry, zone: ZoneInfo) -> datetime:
    return max(instant(entry.on, entry.ends, zone), instant(entry.on, entry.starts, zone) + timedelta(minutes=1))
