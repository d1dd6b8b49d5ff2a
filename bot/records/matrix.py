"""The attendance of a cohort as rows: everybody who was to be there at every activity that has begun.

Rows come activity by activity, never all in memory. The group is that of the day, and whoever has left stays for the
days before.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import select
from sqlmodel import Session

from bot.checkin import service as checkin
from bot.checkin.rules import Status
from bot.checkin.service import Record
from bot.people import groups
from bot.people import service as people
from bot.people.models import Cohort, Membership, Person, Role
from bot.timetable import service as timetable
from bot.timetable.models import Activity

PERSON = Person.__table__  # type: ignore[attr-defined]
MEMBERSHIP = Membership.__table__  # type: ignore[attr-defined]


class Attender(Struct, frozen=True):
    """A trainee as the files name them. ``group`` is the present one; ``left_on`` the local day of leaving the camp."""

    person_id: int
    name: str
    unit: str
    phone: str
    group: str
    left_on: date | None
    spells: Sequence[tuple[date, str]] = ()

    def group_on(self, on: date) -> str:
        """The group on a local day."""
        return groups.held_on(self.spells, self.group, on)


class Presence(Struct, frozen=True):
    """One person at one activity. ``status`` is empty where nothing was recorded of anybody, or not yet."""

    person: Attender
    activity: Activity
    on: date
    group: str
    status: Status | None
    record: Record | None
    marked_by: str = ""


class Scope(Struct, frozen=True):
    """What a matrix is about: the cohort, its people in the order of the roster, its activities that have begun."""

    cohort: Cohort
    zone: ZoneInfo
    people: Sequence[Attender]
    activities: Sequence[Activity]


def read_scope(session: Session, cohort_id: int, now: datetime, *, activity_id: int | None = None) -> Scope:
    """The frame of a matrix, of one activity where that is asked for.

    Raises:
        Gone: there is no such cohort.
    """
    cohort = people.get_cohort(session, cohort_id)
    activities = timetable.activities_of(session, cohort_id)
    shown = [one for one in activities if one.id == activity_id or (activity_id is None and one.starts_at <= now)]
    return Scope(cohort, ZoneInfo(cohort.time_zone), _attenders(session, cohort), shown)


def presences(session: Session, scope: Scope, now: datetime) -> Iterator[tuple[Activity, Sequence[Presence]]]:
    """Activity by activity, who was to be there and what is known of them, in the order of the roster."""
    ids = [one.id or 0 for one in scope.activities]
    if not ids:
        return
    records = checkin.attendance_of(session, scope.cohort.id or 0, activity_ids=ids)
    found = groupby(records, key=lambda record: record.activity_id)
    names: dict[int, str] = {}
    waiting = next(found, None)
    for activity in scope.activities:
        here: dict[int, Record] = {}
        if waiting is not None and waiting[0] == activity.id:
            here = {record.person_id: record for record in waiting[1]}
            waiting = next(found, None)
        _learn_names(session, names, here)
        yield activity, _at(scope, activity, here, names, now)


def _at(
    scope: Scope, activity: Activity, here: Mapping[int, Record], names: Mapping[int, str], now: datetime
) -> Sequence[Presence]:
    on = activity.starts_at.astimezone(scope.zone).date()
    missing = Status.MISSING if here and activity.ends_at <= now else None
    rows = []
    for person in scope.people:
        record, group = here.get(person.person_id), person.group_on(on)
        if record is None and not _is_expected(person, activity, on, group):
            continue
        status = record.status if record is not None else missing
        by = names.get(record.marked_by or 0, "") if record is not None else ""
        rows.append(Presence(person, activity, on, group, status, record, by))
    return rows


def _is_expected(person: Attender, activity: Activity, on: date, group: str) -> bool:
    if person.left_on is not None and person.left_on <= on:
        return False
    return activity.group_name is None or activity.group_name == group


def _learn_names(session: Session, names: dict[int, str], here: Mapping[int, Record]) -> None:
    unknown = {record.marked_by for record in here.values() if record.marked_by is not None} - names.keys()
    if unknown:
        names |= checkin.names_of(session, unknown)


def _attenders(session: Session, cohort: Cohort) -> Sequence[Attender]:
    query = (
        select(PERSON, MEMBERSHIP.c.group_name, MEMBERSHIP.c.left_at)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(MEMBERSHIP.c.cohort_id == cohort.id, MEMBERSHIP.c.role == Role.TRAINEE)
        .order_by(MEMBERSHIP.c.id)
    )
    spells = groups.spells_of(session, cohort.id or 0)
    rows: Sequence[Any] = session.connection().execute(query).all()
    order = list(dict.fromkeys(row.group_name or "" for row in rows))
    return [
        Attender(
            row.id,
            row.name,
            row.unit or "",
            row.phone or "",
            row.group_name or "",
            people.local_day(cohort, row.left_at) if row.left_at else None,
            spells.get(row.id, ()),
        )
        for row in sorted(rows, key=lambda row: order.index(row.group_name or ""))
    ]
