"""What a planner must see under a preview, before anything is saved, whichever door shows it.

Holidays and weekends, units that can spare nobody, people who are called up elsewhere, who would be told of it and how
many messages that takes. Reads and words; saves nothing and says nothing by itself.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from msgspec.structs import replace
from sqlmodel import Session

from bot.changes import forecast
from bot.changes.messages import render_forecast
from bot.i18n import Translator
from bot.loadmap import service as loadmap
from bot.loadmap.messages import render_clashing
from bot.outbox.calls import Message
from bot.people.enrolling import Plan
from bot.people.messages.wording import paragraphs
from bot.people.models import Cohort
from bot.people.roster_shapes import Roster
from bot.timetable.importing import Preview
from bot.timetable.messages.items import size
from bot.timetable.sheet_shapes import Timetable
from bot.timetable.snapshots import Edited
from bot.workdays import service as workdays
from bot.workdays.messages import render_flags

ROOM = 4050
"""In UTF-16 units; Telegram takes 4,096."""

Remarks = tuple[Markup, ...]


def remarks_on_roster(session: Session, cohort: Cohort, roster: Roster, plan: Plan, t: Translator) -> Remarks:
    """Which units can spare nobody on the camp's days, and who of the roster is elsewhere on them."""
    units = {entry.unit for entry in roster.entries if entry.unit}
    flags = workdays.flags_of_camp(session, cohort, units=units, language=t.language)
    known = {match.person.person_id for match in (*plan.diff.returning, *plan.diff.changed, *plan.diff.unchanged)}
    clashing = loadmap.called_up(session, cohort, known, cohort.starts_on, cohort.ends_on)
    return _told(render_flags(flags, t), render_clashing(clashing, t))


def remarks_on_timetable(
    session: Session, cohort: Cohort, timetable: Timetable, preview: Preview, t: Translator, now: datetime
) -> Remarks:
    """What speaks against the days that a file names, and who would be told of what it changes."""
    flagged = _flags(session, cohort, {entry.on for entry in timetable.entries}, t)
    if not preview.changes_something:
        return _told(flagged)
    told = forecast.forecast_import(session, cohort=cohort, preview=preview, now=now)
    return _told(flagged, render_forecast(told, t))


def remarks_on_edits(
    session: Session, cohort: Cohort, edits: Sequence[Edited], t: Translator, now: datetime
) -> Remarks:
    """What speaks against the days to which something is moved, and who would be told of it."""
    told = forecast.forecast_edits(session, cohort=cohort, edits=edits, now=now)
    return _told(_flags(session, cohort, _new_days(edits, ZoneInfo(cohort.time_zone)), t), render_forecast(told, t))


def put_under(shown: Message, remarks: Iterable[Markup]) -> Message:
    """The preview with as many remarks as fit under it."""
    text = Markup(shown.text)  # noqa: S704 - our own wording
    for one in remarks:
        longer = paragraphs(text, one)
        text = longer if size(longer) <= ROOM else text
    return replace(shown, text=text)


def _flags(session: Session, cohort: Cohort, days: Collection[date], t: Translator) -> Markup | None:
    if not days:
        return None
    units = {one.unit for one in workdays.units_of(session, cohort.id or 0)}
    flags = workdays.flags_on(
        session, organisation_id=cohort.organisation_id, days=days, units=units, language=t.language
    )
    return render_flags(flags, t)


def _new_days(edits: Iterable[Edited], zone: ZoneInfo) -> set[date]:
    days = {
        edit.after.starts_at.astimezone(zone).date(): edit.before and edit.before.starts_at.astimezone(zone).date()
        for edit in edits
        if not edit.after.is_cancelled
    }
    return {after for after, before in days.items() if after != before}


def _told(*remarks: Markup | None) -> Remarks:
    return tuple(one for one in remarks if one)
