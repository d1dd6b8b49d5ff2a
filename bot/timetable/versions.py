"""Every state that a timetable has been in: kept whenever it is saved, shown, compared. The only writer of its table.

A version is the timetable after a change. Nothing here puts an old one back: it can be exported and imported again,
so that a person sees first what that would change.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import func
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.audit.service import Actor
from bot.errors import Gone
from bot.ids import ActivityId
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort, Person
from bot.people.service import Speaker
from bot.timetable.models import Activity, TimetableVersion
from bot.timetable.sheet_diff import Change, FieldChange
from bot.timetable.snapshots import Snapshot

PAGE = 8
PLAIN = (Change.TITLE, Change.KIND, Change.SPEAKER, Change.PLACE, Change.NOTES, Change.GROUP, Change.MINUTES)


class Cause(StrEnum):
    """What made a version."""

    IMPORT = "import"
    EDIT = "edit"
    QUARTER = "quarter"
    BEFORE = "before"
    """What stood there before versions were kept."""


class Version(Struct, frozen=True):
    """A version with its contents; ``by`` names who made it, ``is_latest`` says that it still stands."""

    cohort: Cohort
    number: int
    made_at: datetime
    cause: Cause
    by: str
    activities: tuple[Snapshot, ...]
    is_latest: bool

    @property
    def zone(self) -> ZoneInfo:
        """The camp's zone, in which its times are told."""
        return ZoneInfo(self.cohort.time_zone)


class Changed(Struct, frozen=True):
    """An activity that both versions have, and what differs; times as local wall times."""

    activity: Snapshot
    changes: tuple[FieldChange, ...]


class Comparison(Struct, frozen=True):
    """What changed from one version to a later one."""

    before: Version
    after: Version
    added: tuple[Snapshot, ...]
    removed: tuple[Snapshot, ...]
    changed: tuple[Changed, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both say the same."""
        return not (self.added or self.removed or self.changed)


class Shelf(Struct, frozen=True):
    """A page of a camp's versions, the latest first, without their contents."""

    cohort: Cohort
    versions: tuple[Version, ...]
    number: int
    pages: int


def keep(session: Session, *, cohort: Cohort, cause: Cause, actor: Actor, now: datetime) -> int:
    """Keep the timetable as it stands after a change; returns the version's number, the last where nothing changed."""
    content = json.dumps([_row(one) for one in _standing(session, cohort.id or 0)], ensure_ascii=False)
    latest = _latest(session, cohort.id or 0)
    if latest is not None and latest.content == content:
        return latest.number
    number = latest.number + 1 if latest is not None else 1
    session.add(
        TimetableVersion(
            cohort_id=cohort.id or 0,
            number=number,
            made_at=now,
            made_by=actor.person_id,
            cause=cause,
            content=content,
        )
    )
    session.flush()
    return number


def keep_first(session: Session, *, cohort: Cohort, now: datetime) -> None:
    """Keep what stands before the first change that is kept, so that the change can be compared with it."""
    if _latest(session, cohort.id or 0) is None and _standing(session, cohort.id or 0):
        keep(session, cohort=cohort, cause=Cause.BEFORE, actor=Actor(), now=now)


def require_reading(session: Session, cohort_id: int, speaker: Speaker | None) -> None:
    """Let only somebody pass who may read everything of the camp; raises NotAllowed."""
    access.require_reader(session, speaker, cohort_id)


def list_versions(session: Session, *, cohort_id: int, page: int, speaker: Speaker | None) -> Shelf:
    """A page of the versions; raises NotAllowed for whoever may not read everything of the camp."""
    access.require_reader(session, speaker, cohort_id)
    cohort = people.get_cohort(session, cohort_id)
    total = session.exec(
        find(func.count()).select_from(TimetableVersion).where(TimetableVersion.cohort_id == cohort_id)
    ).one()
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 0), pages - 1)
    query = find(TimetableVersion).where(TimetableVersion.cohort_id == cohort_id)
    rows = session.exec(query.order_by(col(TimetableVersion.number).desc()).offset(page * PAGE).limit(PAGE)).all()
    return Shelf(cohort, tuple(_version(session, cohort, row) for row in rows), page, pages)


def get_version(session: Session, *, cohort_id: int, number: int, speaker: Speaker | None) -> Version:
    """One version; raises NotAllowed, or Gone where there is none of that number."""
    access.require_reader(session, speaker, cohort_id)
    query = find(TimetableVersion).where(TimetableVersion.cohort_id == cohort_id, TimetableVersion.number == number)
    row = session.exec(query).first()
    if row is None:
        raise Gone
    return _version(session, people.get_cohort(session, cohort_id), row)


def contents(row: TimetableVersion) -> tuple[Snapshot, ...]:
    """The activities of a version, in the order of time."""
    return tuple(_kept(one) for one in json.loads(row.content))


def latest_number(session: Session, cohort_id: int) -> int:
    """The number of the version that stands; 0 where none was kept."""
    latest = _latest(session, cohort_id)
    return latest.number if latest is not None else 0


def compare_versions(
    session: Session, *, cohort_id: int, before: int, after: int, speaker: Speaker | None
) -> Comparison:
    """What changed between two versions, the earlier one first whatever their order."""
    first, second = sorted((before, after))
    return compare(
        get_version(session, cohort_id=cohort_id, number=first, speaker=speaker),
        get_version(session, cohort_id=cohort_id, number=second, speaker=speaker),
    )


def compare(before: Version, after: Version) -> Comparison:
    """What changed from one version to another, activity by activity."""
    old = {one.activity_id: one for one in before.activities}
    new = {one.activity_id: one for one in after.activities}
    pairs = [(old[number], one, _changes(old[number], one, after.zone)) for number, one in new.items() if number in old]
    return Comparison(
        before,
        after,
        tuple(one for number, one in new.items() if number not in old),
        tuple(one for number, one in old.items() if number not in new),
        tuple(Changed(one, changes) for one, _, changes in pairs if changes),
    )


def _changes(before: Snapshot, after: Snapshot, zone: ZoneInfo) -> tuple[FieldChange, ...]:
    sides = [(_times(one, zone) | {field: getattr(one, field) or None for field in PLAIN}) for one in (before, after)]
    return tuple(
        FieldChange(field, value, sides[1][field]) for field, value in sides[0].items() if value != sides[1][field]
    )


def _times(one: Snapshot, zone: ZoneInfo) -> dict[Change, Any]:
    starts, ends = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
    return {
        Change.ON: starts.date(),
        Change.STARTS: starts.time().replace(fold=0),
        Change.ENDS: ends.time().replace(fold=0),
    }


def _version(session: Session, cohort: Cohort, row: TimetableVersion) -> Version:
    maker = session.get(Person, row.made_by) if row.made_by else None
    latest = _latest(session, cohort.id or 0)
    return Version(
        cohort,
        row.number,
        row.made_at,
        Cause(row.cause),
        maker.name if maker else "",
        contents(row),
        latest is not None and latest.number == row.number,
    )


def _latest(session: Session, cohort_id: int) -> TimetableVersion | None:
    query = find(TimetableVersion).where(TimetableVersion.cohort_id == cohort_id)
    return session.exec(query.order_by(col(TimetableVersion.number).desc()).limit(1)).first()


def _standing(session: Session, cohort_id: int) -> Sequence[Activity]:
    query = find(Activity).where(Activity.cohort_id == cohort_id, col(Activity.cancelled_at).is_(None))
    return session.exec(query.order_by(col(Activity.starts_at), col(Activity.id))).all()


def _row(activity: Activity) -> dict[str, Any]:
    return {
        "id": activity.id,
        "starts_at": activity.starts_at.astimezone(UTC).isoformat(),
        "ends_at": activity.ends_at.astimezone(UTC).isoformat(),
        **{field.value: getattr(activity, field) for field in PLAIN},
    }


def _kept(row: dict[str, Any]) -> Snapshot:
    starts_at, ends_at = datetime.fromisoformat(row["starts_at"]), datetime.fromisoformat(row["ends_at"])
    return Snapshot(ActivityId(row["id"]), starts_at, ends_at, **{field.value: row[field] for field in PLAIN})
