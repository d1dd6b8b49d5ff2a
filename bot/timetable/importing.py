"""Putting a timetable that came as a file in place of the one that stands: first what it would change, then the change.

All or nothing, with a line in the change log for each activity. An activity that has begun is not cancelled because a
later file leaves it out, and nothing is cancelled while a row of the file could not be read: it may be that row.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from sqlmodel import Session
from sqlmodel import select as find

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.errors import Refusal
from bot.ids import ActivityId
from bot.people.models import Cohort
from bot.timetable import import_checks, versions
from bot.timetable.import_checks import instant
from bot.timetable.models import Activity
from bot.timetable.service import prepare_cohort
from bot.timetable.sheet_diff import ActivityMatch, Change, FieldChange, KnownActivity, TimetableDiff, compare
from bot.timetable.sheet_shapes import Problem, ProblemKind, Timetable, TimetableEntry

TEXTS = (Change.TITLE, Change.KIND, Change.SPEAKER, Change.PLACE, Change.NOTES)
OPTIONS = (Change.GROUP, Change.MINUTES)


class NothingToImport(Refusal):
    """There is nothing in this file that could be imported. Nothing was changed."""


class TimetableMoved(Refusal):
    """The timetable has changed since you saw this preview. Please send the file once more."""


class Preview(Struct, frozen=True):
    """What a file would change. ``kept`` are activities that it leaves out and that stand all the same.

    ``restored`` were cancelled before and are in the file again. ``blocked`` says that a row could not be read, so that
    nothing is cancelled. ``fingerprint`` changes whenever the file would change something else.
    """

    cohort_id: int
    cohort_name: str
    entries: int
    new: tuple[TimetableEntry, ...]
    changed: tuple[ActivityMatch, ...]
    restored: tuple[ActivityMatch, ...]
    removed: tuple[KnownActivity, ...]
    kept: tuple[KnownActivity, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]
    other_sheets: tuple[str, ...]
    blocked: bool
    fingerprint: str = ""

    @property
    def changes_something(self) -> bool:
        """Whether confirming it would do anything."""
        return bool(self.entries and (self.new or self.changed or self.restored or self.removed))


class Applied(Struct, frozen=True):
    """What an import did, by the ids of the activities concerned."""

    cohort_id: int
    created: tuple[ActivityId, ...]
    changed: tuple[ActivityId, ...]
    restored: tuple[ActivityId, ...]
    cancelled: tuple[ActivityId, ...]
    unchanged: int


def preview(session: Session, *, cohort: Cohort, timetable: Timetable, now: datetime) -> Preview:
    """Say what the file would change for the cohort as things stand."""
    timetable = import_checks.without_foreign_numbers(timetable, cohort.id or 0)
    standing, cancelled = _known(session, cohort)
    timetable = import_checks.without_past(timetable, standing, cohort, now)
    diff = compare(standing, timetable)
    restored = _restored(cancelled, diff, timetable)
    back = {match.entry.row for match in restored}
    problems = import_checks.check(session, cohort=cohort, timetable=timetable, diff=diff)
    blocked = any(_hides_an_activity(problem) for problem in problems)
    removed = () if blocked else tuple(one for one in diff.removed if not _has_taken_place(one, cohort, now))
    found = Preview(
        cohort_id=cohort.id or 0,
        cohort_name=cohort.name,
        entries=len(timetable.entries),
        new=tuple(entry for entry in diff.new if entry.row not in back),
        changed=diff.changed,
        restored=restored,
        removed=removed,
        kept=tuple(one for one in diff.removed if one not in removed),
        unchanged=len(diff.unchanged),
        problems=problems,
        ignored=timetable.ignored,
        other_sheets=timetable.other_sheets,
        blocked=blocked,
    )
    return replace(found, fingerprint=_fingerprint(found))


def apply(
    session: Session, *, cohort: Cohort, timetable: Timetable, actor: Actor, now: datetime, expected: str | None = None
) -> Applied:
    """Make the timetable what the file says, and set up the morning push; the same file again changes nothing.

    Raises:
        NothingToImport: the file has no usable row.
        TimetableMoved: ``expected``, the fingerprint of the preview that was confirmed, is no longer what would happen.
    """
    plan = preview(session, cohort=cohort, timetable=timetable, now=now)
    if not plan.entries:
        raise NothingToImport
    if expected is not None and plan.fingerprint != expected:
        raise TimetableMoved
    zone = ZoneInfo(cohort.time_zone)
    versions.keep_first(session, cohort=cohort, now=now)
    created = [_create(session, cohort, entry, zone) for entry in plan.new]
    log = [_line("create", one, after=_words(one)) for one in created]
    log += [_change(session, match, zone, "change") for match in plan.changed]
    log += [_change(session, match, zone, "restore") for match in plan.restored]
    log += [_cancel(session, known, now) for known in plan.removed]
    session.flush()
    if log:
        versions.keep(session, cohort=cohort, cause=versions.Cause.IMPORT, actor=actor, now=now)
    audit.record(session, *(audit.entry(actor=actor, now=now, cohort_id=cohort.id, **line) for line in log))
    prepare_cohort(session, cohort, now)
    return Applied(
        plan.cohort_id,
        tuple(ActivityId(one.id or 0) for one in created),
        _ids(plan.changed),
        _ids(plan.restored),
        tuple(known.activity_id for known in plan.removed),
        plan.unchanged,
    )


def _known(session: Session, cohort: Cohort) -> tuple[list[KnownActivity], list[KnownActivity]]:
    """The activities that stand, and those that were cancelled."""
    zone = ZoneInfo(cohort.time_zone)
    activities = session.exec(find(Activity).where(Activity.cohort_id == cohort.id)).all()
    standing = [_known_as(one, zone) for one in activities if one.cancelled_at is None]
    return standing, [_known_as(one, zone) for one in activities if one.cancelled_at is not None]


def _known_as(activity: Activity, zone: ZoneInfo) -> KnownActivity:
    starts, ends = activity.starts_at.astimezone(zone), activity.ends_at.astimezone(zone)
    return KnownActivity(
        ActivityId(activity.id or 0),
        starts.date(),
        _wall(starts),
        _wall(ends),
        activity.title,
        activity.kind or None,
        activity.speaker or None,
        activity.place or None,
        activity.notes or None,
        activity.group_name,
        activity.minutes,
    )


def _wall(moment: datetime) -> time:
    return moment.time().replace(fold=0)


def _restored(
    cancelled: Sequence[KnownActivity], diff: TimetableDiff, timetable: Timetable
) -> tuple[ActivityMatch, ...]:
    """New rows that name a cancelled activity exactly: it comes back, with its attendances.

    They name it by its number, or by day, hour and title.
    """
    by_name = {(one.on, one.starts, one.title.casefold()): one for one in cancelled}
    by_number = {int(one.activity_id): one for one in cancelled}
    named = [
        (one, by_number.get(one.number.activity_id) if one.number else by_name.get(_name(one))) for one in diff.new
    ]
    found = compare(
        [known for _, known in named if known],
        replace(timetable, entries=tuple(entry for entry, known in named if known)),
    )
    return (*found.changed, *found.unchanged)


def _name(entry: TimetableEntry) -> tuple[date, time, str]:
    return entry.on, entry.starts, entry.title.casefold()


def _hides_an_activity(problem: Problem) -> bool:
    return not problem.kind.is_warning and problem.kind is not ProblemKind.DUPLICATE


def _has_taken_place(known: KnownActivity, cohort: Cohort, now: datetime) -> bool:
    begun = instant(known.on, known.starts, ZoneInfo(cohort.time_zone)) <= now
    return begun and cohort.starts_on <= known.on <= cohort.ends_on


def _create(session: Session, cohort: Cohort, entry: TimetableEntry, zone: ZoneInfo) -> Activity:
    activity = Activity(
        cohort_id=cohort.id or 0,
        starts_at=instant(entry.on, entry.starts, zone),
        ends_at=instant(entry.on, entry.ends, zone),
        title=entry.title,
        kind=entry.kind or "",
        speaker=entry.speaker or "",
        place=entry.place or "",
        notes=entry.notes or "",
        group_name=entry.group_name,
        minutes=entry.minutes,
    )
    session.add(activity)
    session.flush()
    return activity


def _change(session: Session, match: ActivityMatch, zone: ZoneInfo, action: str) -> dict[str, Any]:
    activity = session.get_one(Activity, match.activity.activity_id)
    for change in match.changes:
        if change.field in TEXTS:
            setattr(activity, change.field, change.after or "")
        elif change.field in OPTIONS:
            setattr(activity, change.field, change.after)
    if match.is_moved:
        activity.starts_at = instant(match.entry.on, match.entry.starts, zone)
        activity.ends_at = instant(match.entry.on, match.entry.ends, zone)
    activity.version += 1
    activity.cancelled_at = None
    session.add(activity)
    return _line(action, activity, _sides(match.changes, "before"), _sides(match.changes, "after"))


def _cancel(session: Session, known: KnownActivity, now: datetime) -> dict[str, Any]:
    activity = session.get_one(Activity, known.activity_id)
    activity.cancelled_at = now
    activity.version += 1
    session.add(activity)
    return _line("cancel", activity, before=_words(activity))


def _line(action: str, activity: Activity, before: Any = None, after: Any = None) -> dict[str, Any]:
    return {"action": action, "subject": "activity", "subject_id": activity.id, "before": before, "after": after}


def _words(activity: Activity) -> dict[str, Any]:
    return {
        "starts_at": activity.starts_at.isoformat(),
        "ends_at": activity.ends_at.isoformat(),
        **{text.value: getattr(activity, text) for text in (*TEXTS, *OPTIONS) if getattr(activity, text)},
    }


def _sides(changes: Iterable[FieldChange], side: str) -> dict[str, str | int | None]:
    return {change.field.value: _plain(getattr(change, side)) for change in changes}


def _plain(value: date | time | str | int | None) -> str | int | None:
    return value.isoformat() if isinstance(value, date | time) else value


def _ids(matches: Iterable[ActivityMatch]) -> tuple[ActivityId, ...]:
    return tuple(match.activity.activity_id for match in matches)


def _fingerprint(plan: Preview) -> str:
    parts = (plan.cohort_id, plan.new, plan.changed, plan.restored, plan.removed, plan.unchanged)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
