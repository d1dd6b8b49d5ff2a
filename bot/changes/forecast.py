"""What an edit that is not made yet would have told: to whom, and how many messages it takes. Writes nothing.

It is reckoned as ``service.note_change`` would after the edit, what waits already included, so that the number shown
before saving is the number shown afterwards.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlmodel import Session

from bot.changes import reading
from bot.changes.reading import Draft
from bot.changes.rules import Altered, Facts, compare, is_worth_telling
from bot.people import service as people
from bot.people.models import Cohort
from bot.timetable.import_checks import instant
from bot.timetable.importing import Preview
from bot.timetable.sheet_diff import ActivityMatch, Change
from bot.timetable.sheet_shapes import TimetableEntry
from bot.timetable.snapshots import Edited

TOLD = (Change.TITLE, Change.PLACE, Change.SPEAKER, Change.NOTES)


def forecast_import(session: Session, *, cohort: Cohort, preview: Preview, now: datetime) -> Draft:
    """What confirming a timetable file would have told."""
    zone = ZoneInfo(cohort.time_zone)
    standing = reading.stand(session, cohort.id or 0)
    planned = {
        int(match.activity.activity_id): _matched(standing[match.activity.activity_id], match, zone)
        for match in (*preview.changed, *preview.restored)
    }
    planned |= {int(one.activity_id): replace(standing[one.activity_id], is_cancelled=True) for one in preview.removed}
    planned |= {-number: _created(entry, zone) for number, entry in enumerate(preview.new, start=1)}
    return _forecast(session, cohort, standing, planned, now)


def forecast_edits(session: Session, *, cohort: Cohort, edits: Iterable[Edited], now: datetime) -> Draft:
    """What saving these edits would have told."""
    standing = reading.stand(session, cohort.id or 0)
    planned = {int(edit.activity_id): _edited(edit) for edit in edits}
    return _forecast(session, cohort, standing, planned, now)


def _forecast(
    session: Session, cohort: Cohort, standing: Mapping[int, Facts], planned: Mapping[int, Facts], now: datetime
) -> Draft:
    is_running = cohort.starts_on <= people.local_day(cohort, now)
    then = {**standing, **planned}
    news = [one for one in compare(standing, then) if is_worth_telling(one, now, is_running=is_running)]
    if not news:
        return Draft(0, cohort, (), None, {})
    first = {one.activity_id: one.before for one in news} | reading.waiting(session, cohort.id or 0)
    pairs = [Altered(activity_id, before, then[activity_id]) for activity_id, before in first.items()]
    found, waits = reading.estimate(session, cohort, pairs, now), reading.open_announcement(session, cohort.id or 0)
    return replace(found, is_new=waits is None, due_at=waits.due_at if waits else None)


def _matched(known: Facts, match: ActivityMatch, zone: ZoneInfo) -> Facts:
    """The activity as the row would leave it: what the file has no column for stays."""
    texts: dict[str, Any] = {change.field.value: change.after or "" for change in match.changes if change.field in TOLD}
    groups = [change.after for change in match.changes if change.field is Change.GROUP]
    texts |= {"group_name": groups[0]} if groups else {}
    texts |= _times(match.entry, zone) if match.is_moved else {}
    return replace(known, is_cancelled=False, **texts)


def _created(entry: TimetableEntry, zone: ZoneInfo) -> Facts:
    told: dict[str, Any] = {name.value: getattr(entry, name) or "" for name in TOLD}
    return Facts(**told, **_times(entry, zone), group_name=entry.group_name)


def _times(entry: TimetableEntry, zone: ZoneInfo) -> dict[str, Any]:
    return {"starts_at": instant(entry.on, entry.starts, zone), "ends_at": instant(entry.on, entry.ends, zone)}


def _edited(edit: Edited) -> Facts:
    after = edit.after
    return Facts(
        after.starts_at,
        after.ends_at,
        after.title,
        after.place,
        after.speaker,
        after.notes,
        after.group_name,
        after.is_cancelled,
    )
