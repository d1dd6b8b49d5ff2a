"""What reminders a cohort has and how they fared, for whoever looks; and a sample to try. Reads only."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from sqlalchemy import func, select
from sqlmodel import Session

from bot.errors import Gone, Refusal
from bot.people import service as people
from bot.people.models import Cohort
from bot.reminders import service
from bot.reminders.before import REMINDER
from bot.reminders.rules import Leads, Outcome, Reason, fold
from bot.timetable import service as timetable
from bot.timetable.rules import Item

LOOK_BACK = timedelta(days=7)


class NothingAhead(Refusal):
    """Nothing is planned any more, so there is nothing to remind you of."""


class Outlook(Struct, frozen=True):
    """The hours and leads of a cohort's reminders, and what became of those of the last week."""

    cohort: Cohort
    evening_at: time
    leads: Leads
    kinds: Sequence[str] = ()
    told: int = 0
    missed: int = 0
    by_kind: Mapping[str, int] = field(default_factory=dict)


def outlook_of(session: Session, cohort_id: int, now: datetime) -> Outlook:
    """Everything that is shown of a cohort's reminders; raises Gone."""
    cohort = people.get_cohort(session, cohort_id)
    leads, kinds = service.leads_of(session, cohort_id), service.kinds_of(session, cohort_id)
    special = {kind: minutes for kind in kinds if (minutes := leads.fixed(kind)) is not None}
    told, missed = _fared(session, cohort_id, now)
    return Outlook(cohort, service.evening_at(session, cohort_id), leads, kinds, told, missed, special)


def kind_number(kind: str) -> int:
    """A kind as a number for a button, which must not carry words."""
    return crc32(fold(kind).encode())


def find_kind(session: Session, cohort_id: int, number: int) -> str:
    """The kind behind such a number, 0 for all that have no rule of their own; raises Gone."""
    if number == 0:
        return ""
    found = next((kind for kind in service.kinds_of(session, cohort_id) if kind_number(kind) == number), None)
    if found is None:
        raise Gone
    return found


def sample_of(
    session: Session, *, person_id: int, cohort_id: int, own: int | None, now: datetime
) -> tuple[Cohort, Item, datetime]:
    """The next activity that the person would be reminded of, and when; ``own`` is the lead that they chose.

    Raises:
        NothingAhead: there is none.
        Gone: there is no such cohort.
    """
    cohort = people.get_cohort(session, cohort_id)
    groups = timetable.groups_seen(session, person_id, cohort_id)
    coming = [
        activity
        for activity in timetable.activities_of(session, cohort_id)
        if activity.starts_at > now and (groups is None or activity.group_name in {None, *groups})
    ]
    if not coming:
        raise NothingAhead
    leads = service.leads_of(session, cohort_id)
    minutes = leads.fixed(coming[0].kind)
    lead = timedelta(minutes=(own or leads.usual) if minutes is None else minutes)
    return cohort, timetable.item_of(coming[0], ZoneInfo(cohort.time_zone)), max(now, coming[0].starts_at - lead)


def _fared(session: Session, cohort_id: int, now: datetime) -> tuple[int, int]:
    """How many messages went out in the last week, and how many reminders were missed by downtime."""
    activity = timetable.TABLE
    query = (
        select(REMINDER.c.outcome, REMINDER.c.reason, func.count().label("n"), func.sum(REMINDER.c.told).label("told"))
        .join(activity, activity.c.id == REMINDER.c.activity_id)
        .where(activity.c.cohort_id == cohort_id, REMINDER.c.settled_at > now - LOOK_BACK)
        .group_by(REMINDER.c.outcome, REMINDER.c.reason)
    )
    rows = session.connection().execute(query).all()
    told = sum(row.told for row in rows if row.outcome == Outcome.SENT)
    return told, sum(row.n for row in rows if row.reason == Reason.TOO_LATE)
