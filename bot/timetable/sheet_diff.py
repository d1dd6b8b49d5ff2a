"""What a timetable file would change: new, changed, unchanged and removed activities. Pure."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, time
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from bot.ids import ActivityId
from bot.timetable.sheet_shapes import Field, Timetable, TimetableEntry


class KnownActivity(Struct, frozen=True):
    """An activity the database knows, in the cohort's local day and naive local times."""

    activity_id: ActivityId
    on: date
    starts: time
    ends: time
    title: str
    kind: str | None = None
    speaker: str | None = None
    place: str | None = None
    notes: str | None = None
    group_name: str | None = None
    minutes: int | None = None


class Change(StrEnum):
    """A field of an activity that the file says differently."""

    ON = "on"
    STARTS = "starts"
    ENDS = "ends"
    TITLE = "title"
    KIND = "kind"
    SPEAKER = "speaker"
    PLACE = "place"
    NOTES = "notes"
    GROUP = "group_name"
    MINUTES = "minutes"


Value: TypeAlias = date | time | str | int | None


class FieldChange(Struct, frozen=True):
    """One field before and after (None for 'nothing')."""

    field: Change
    before: Value
    after: Value


class ActivityMatch(Struct, frozen=True):
    """A row that is about a known activity, and what it changes."""

    activity: KnownActivity
    entry: TimetableEntry
    changes: tuple[FieldChange, ...] = ()

    @property
    def is_moved(self) -> bool:
        """Return whether day, start or end differ: what people must be told about."""
        return any(change.field in {Change.ON, Change.STARTS, Change.ENDS} for change in self.changes)


class TimetableDiff(Struct, frozen=True):
    """Every entry is in exactly one of new, changed, unchanged; every known activity in one of the last three."""

    new: tuple[TimetableEntry, ...] = ()
    changed: tuple[ActivityMatch, ...] = ()
    unchanged: tuple[ActivityMatch, ...] = ()
    removed: tuple[KnownActivity, ...] = ()


_Either: TypeAlias = KnownActivity | TimetableEntry

_KEYS: tuple[Callable[[_Either], Hashable], ...] = (
    lambda one: (one.on, one.starts, _title(one)),
    lambda one: (one.on, _title(one)),
    lambda one: _title(one),
    lambda one: (one.on, one.starts),
)
"""By what an activity is known again, the surest first: renamed or moved, it keeps one of these."""


def compare(known: Sequence[KnownActivity], timetable: Timetable) -> TimetableDiff:
    """Say what the timetable would change. A column that the file does not have changes nothing.

    A row with the number of a known activity is about that activity, wherever it was moved; only rows without one are
    recognised by what they say.
    """
    matched = _by_number(known, timetable.entries)
    named = {activity.activity_id for activity in matched.values()}
    free = [entry for entry in timetable.entries if entry.row not in matched]
    activities = [activity for activity in known if activity.activity_id not in named]
    for key in _KEYS:
        pairs = _pair_off(free, activities, key)
        matched.update({entry.row: activity for entry, activity in pairs})
        taken = {activity.activity_id for _, activity in pairs}
        free = [entry for entry in free if entry.row not in matched]
        activities = [activity for activity in activities if activity.activity_id not in taken]
    matches = [
        ActivityMatch(matched[entry.row], entry, _changes(matched[entry.row], entry, timetable.fields))
        for entry in timetable.entries
        if entry.row in matched
    ]
    return TimetableDiff(
        new=tuple(free),
        changed=tuple(match for match in matches if match.changes),
        unchanged=tuple(match for match in matches if not match.changes),
        removed=tuple(activities),
    )


def _by_number(known: Sequence[KnownActivity], entries: Iterable[TimetableEntry]) -> dict[int, KnownActivity]:
    activities = {int(activity.activity_id): activity for activity in known}
    numbered = [(entry.row, activities.get(entry.number.activity_id)) for entry in entries if entry.number]
    return {row: activity for row, activity in numbered if activity is not None}


def _title(one: _Either) -> str:
    return one.title.casefold()


def _pair_off(
    entries: Iterable[TimetableEntry], activities: Iterable[KnownActivity], key: Callable[[_Either], Hashable]
) -> list[tuple[TimetableEntry, KnownActivity]]:
    """Pair those that share a key with exactly one on the other side."""
    left: dict[Hashable, list[TimetableEntry]] = defaultdict(list)
    right: dict[Hashable, list[KnownActivity]] = defaultdict(list)
    for entry in entries:
        left[key(entry)].append(entry)
    for activity in activities:
        right[key(activity)].append(activity)
    return [(ones[0], right[at][0]) for at, ones in left.items() if len(ones) == len(right.get(at, ())) == 1]


def _changes(activity: KnownActivity, entry: TimetableEntry, fields: frozenset[Field]) -> tuple[FieldChange, ...]:
    pairs: dict[Change, tuple[Value, Value]] = {
        Change.ON: (activity.on, entry.on),
        Change.STARTS: (activity.starts, entry.starts),
        Change.ENDS: (activity.ends, entry.ends),
        Change.TITLE: (activity.title, entry.title),
    }
    for change, field in _OPTIONAL.items():
        if field in fields:
            pairs[change] = (getattr(activity, change) or None, getattr(entry, change))
    return tuple(FieldChange(field, before, after) for field, (before, after) in pairs.items() if before != after)


_OPTIONAL = {
    Change.KIND: Field.KIND,
    Change.SPEAKER: Field.SPEAKER,
    Change.PLACE: Field.PLACE,
    Change.NOTES: Field.NOTES,
    Change.GROUP: Field.GROUP,
    Change.MINUTES: Field.HOURS,
}
