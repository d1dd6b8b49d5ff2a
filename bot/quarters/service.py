"""Opening the next camp from an earlier one: first what it would be, then the camp itself.

Copied are the activities with everything said about them, the hour of the morning push, the coordinators, and the rules
that other features copy through ``copiers``. Not copied is whatever belongs to people and days: trainees, attendances.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.errors import Refusal
from bot.ids import ActivityId
from bot.people import access, founding, listing
from bot.people import service as people
from bot.people.models import Cohort, Role
from bot.people.rules import LONGEST_COHORT, LONGEST_NAME
from bot.people.service import Speaker
from bot.quarters.rules import Move, first_days, map_days, next_name
from bot.recurrence.rules import first_instant
from bot.timetable import service as timetable
from bot.timetable import versions
from bot.timetable.models import Activity
from bot.timetable.snapshots import Snapshot, snapshot
from bot.workdays import service as workdays
from bot.workdays.service import Flags


class BeginsInThePast(Refusal):
    """That day is already over. Nothing was made."""


class PlanMoved(Refusal):
    """The camp has changed since you saw this. Please begin once more."""


class BadName(Refusal):
    """A camp's name has 1 to 60 characters."""


class Opening(Struct, frozen=True):
    """What a copier is told: from which cohort to which, the new activity of each old one, who, and when."""

    source: int
    target: int
    activities: Mapping[int, int]
    actor: Actor
    now: datetime


Copier = Callable[[Session, Opening], None]
"""Copies one feature's rules into the new cohort."""


class Copy(Struct, frozen=True):
    """An activity of the old camp, and the instants (UTC) of the new one."""

    source: Snapshot
    starts_at: datetime
    ends_at: datetime


class Plan(Struct, frozen=True):
    """The next camp before it is made. ``name`` is what was chosen or could be; empty where neither."""

    source: Cohort
    name: str
    first: date
    last: date
    moves: tuple[Move, ...]
    copies: tuple[Copy, ...]
    flags: Flags
    coordinators: tuple[str, ...]
    fingerprint: str


def suggest_days(session: Session, *, source_id: int, speaker: Speaker | None, now: datetime) -> tuple[date, ...]:
    """First days to choose from; raises NotAllowed, Gone."""
    source = _require(session, source_id, speaker)
    return first_days(source.starts_on, people.local_day(source, now))


def plan(
    session: Session,
    *,
    source_id: int,
    first: date,
    name: str,
    speaker: Speaker | None,
    now: datetime,
    language: str = "zh",
) -> Plan:
    """What the next camp would be, beginning on ``first``. Writes nothing.

    Raises:
        NotAllowed, Gone: as the names say.
        BeginsInThePast: it would begin before today.
    """
    source = _require(session, source_id, speaker)
    if first < people.local_day(source, now):
        raise BeginsInThePast
    activities = [snapshot(one) for one in timetable.activities_of(session, source_id)]
    moves = _moves(session, source, activities, first)
    copies = _copies(source, activities, moves)
    days = [move.target for move in moves if source.starts_on <= move.source <= source.ends_on]
    flags = workdays.flags(
        session, organisation_id=source.organisation_id, first=days[0], last=days[-1], language=language
    ).only_on(days)
    names = tuple(person.name for person in listing.coordinators_of(session, source_id))
    chosen = name or _free_name(session, source.name)
    return Plan(
        source, chosen, days[0], days[-1], moves, copies, flags, names, _fingerprint(source, chosen, moves, copies)
    )


def open_quarter(
    session: Session,
    *,
    source_id: int,
    first: date,
    name: str,
    seen: str,
    copiers: Sequence[Copier],
    speaker: Speaker | None,
    now: datetime,
) -> Cohort:
    """Make the camp that the plan with the fingerprint ``seen`` said.

    Raises:
        PlanMoved: it would now be another.
        NameTaken, BadName: the name cannot be used.
    """
    planned = plan(session, source_id=source_id, first=first, name=name, speaker=speaker, now=now)
    require_name(session, planned.name)
    if planned.fingerprint != seen:
        raise PlanMoved
    actor = speaker.actor if speaker else Actor()
    cohort = _found(session, planned, actor, now)
    _copy_coordinators(session, planned.source, cohort, actor, now)
    made = _copy_activities(session, planned, cohort, actor, now)
    timetable.prepare_cohort(session, cohort, now)
    opening = Opening(source_id, cohort.id or 0, made, actor, now)
    for copy in copiers:
        copy(session, opening)
    return cohort


def require_name(session: Session, name: str) -> str:
    """Let only a name pass that a camp can have and none has; raises BadName, NameTaken."""
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadName
    if not founding.is_name_free(session, name):
        raise founding.NameTaken
    return name


def _require(session: Session, source_id: int, speaker: Speaker | None) -> Cohort:
    access.require_coordinator(session, speaker, source_id)
    return people.get_cohort(session, source_id)


def _free_name(session: Session, name: str) -> str:
    following = next_name(name)
    return following if following and founding.is_name_free(session, following) else ""


def _moves(session: Session, source: Cohort, activities: Sequence[Snapshot], first: date) -> tuple[Move, ...]:
    zone, span = ZoneInfo(source.time_zone), source.ends_on - source.starts_on
    held = {one.starts_at.astimezone(zone).date() for one in activities}
    near = {on for on in held if abs(on - source.starts_on) <= LONGEST_COHORT}
    every = {source.starts_on + timedelta(days=offset) for offset in (0, span.days)}
    return map_days(near | every, source.starts_on, first, workdays.calendar(session).is_working)


def _copies(source: Cohort, activities: Sequence[Snapshot], moves: Sequence[Move]) -> tuple[Copy, ...]:
    zone, targets = ZoneInfo(source.time_zone), {move.source: move.target for move in moves}
    copies = []
    for one in activities:
        starts = one.starts_at.astimezone(zone)
        if (on := targets.get(starts.date())) is not None:
            starts_at = first_instant(on, starts.time().replace(fold=0), zone)
            copies.append(Copy(one, starts_at, starts_at + (one.ends_at - one.starts_at)))
    return tuple(copies)


def _found(session: Session, planned: Plan, actor: Actor, now: datetime) -> Cohort:
    source = planned.source
    return people.create_cohort(
        session,
        organisation_id=source.organisation_id,
        name=planned.name,
        starts_on=planned.first,
        ends_on=planned.last,
        time_zone=source.time_zone,
        language=source.language,
        push_at=source.push_at,
        actor=actor,
        now=now,
    )


def _copy_coordinators(session: Session, source: Cohort, cohort: Cohort, actor: Actor, now: datetime) -> None:
    for person in listing.coordinators_of(session, source.id or 0):
        people.grant(
            session,
            person_id=person.id or 0,
            cohort_id=cohort.id or 0,
            role=Role.COORDINATOR,
            actor=actor,
            now=now,
        )


def _copy_activities(session: Session, planned: Plan, cohort: Cohort, actor: Actor, now: datetime) -> dict[int, int]:
    made = {copy.source.activity_id: _activity(copy, cohort) for copy in planned.copies}
    session.add_all(made.values())
    session.flush()
    audit.record(session, *(_line(one, old, cohort, actor, now) for old, one in made.items()))
    versions.keep(session, cohort=cohort, cause=versions.Cause.QUARTER, actor=actor, now=now)
    return {int(old): one.id or 0 for old, one in made.items()}


def _activity(copy: Copy, cohort: Cohort) -> Activity:
    one = copy.source
    return Activity(
        cohort_id=cohort.id or 0,
        starts_at=copy.starts_at,
        ends_at=copy.ends_at,
        kind=one.kind,
        title=one.title,
        speaker=one.speaker,
        place=one.place,
        notes=one.notes,
        minutes=one.minutes,
        group_name=one.group_name,
    )


def _line(one: Activity, old: ActivityId, cohort: Cohort, actor: Actor, now: datetime) -> dict[str, object]:
    return audit.entry(
        actor=actor,
        now=now,
        action="create",
        subject="activity",
        subject_id=one.id or 0,
        cohort_id=cohort.id,
        after={"title": one.title, "starts_at": one.starts_at.isoformat(), "copied_from": old},
    )


def _fingerprint(source: Cohort, name: str, moves: Sequence[Move], copies: Sequence[Copy]) -> str:
    return hashlib.sha256(repr((source.id, name, moves, copies)).encode()).hexdigest()[:12]
