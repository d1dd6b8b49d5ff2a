"""Which days are worked, and when units can spare nobody. The only writer of these tables."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import delete, func
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.audit import service as audit
from bot.errors import Gone, NotAllowed, Refusal
from bot.people import access, listing
from bot.people import service as people
from bot.people.models import Cohort, Membership, Person, Role
from bot.people.service import Speaker
from bot.workdays.models import Blackout, SpecialDay
from bot.workdays.rules import Outlook, Special, WorkCalendar, is_published, missing_year
from bot.workdays.sheet import DayTable

__all__ = ["is_published"]

LONGEST_REASON = 100
FEWEST_DAYS = 7
"""A year's table has at least so many days off: seven holidays by law."""


class NothingInTheTable(Refusal):
    """There is no day in this file that could be read. Nothing was changed."""


class TableTooShort(Refusal):
    """This is no table of a whole year: it names fewer days off than there are holidays. Nothing was changed."""


class NotThatUnit(Refusal):
    """Nobody of this camp comes from that unit. Nothing was changed."""


class Flags(Struct, frozen=True):
    """What speaks against a camp on some days: the days themselves, and units that can spare nobody then."""

    outlook: Outlook
    blackouts: tuple[Blackout, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing does."""
        return self.outlook.is_plain and not self.blackouts

    def only_on(self, days: Collection[date]) -> "Flags":
        """The same without weekends and make-up days on which nothing takes place; holidays explain what is shifted."""
        weekends = tuple(on for on in self.outlook.weekends if on in days)
        make_up = tuple(on for on in self.outlook.make_up if on in days)
        return replace(self, outlook=replace(self.outlook, weekends=weekends, make_up=make_up))


class UnitCount(Struct, frozen=True):
    """A unit with how many trainees of a camp it sends."""

    unit: str
    people: int


def calendar(session: Session, language: str = "zh") -> WorkCalendar:
    """All special days, built in and imported; ``language`` is that of the names built in."""
    rows = session.exec(find(SpecialDay)).all()
    return WorkCalendar({row.on: Special(row.on, row.is_off, row.name) for row in rows}, language)


def flags(
    session: Session,
    *,
    organisation_id: int,
    first: date,
    last: date,
    units: Collection[str] | None = None,
    language: str = "zh",
) -> Flags:
    """What speaks against a camp on these days; ``units`` are those it concerns (``None``: all of the office)."""
    blackouts = blackouts_between(session, organisation_id=organisation_id, first=first, last=last)
    concerned = [one for one in blackouts if units is None or one.unit in units]
    return Flags(calendar(session, language).look(first, last), tuple(concerned))


def flags_on(
    session: Session,
    *,
    organisation_id: int,
    days: Collection[date],
    units: Collection[str] | None = None,
    language: str = "zh",
) -> Flags:
    """The same for single days, at least one: what lies between them speaks against nothing."""
    found = blackouts_between(session, organisation_id=organisation_id, first=min(days), last=max(days))
    concerned = [
        one
        for one in found
        if (units is None or one.unit in units) and any(one.starts_on <= on <= one.ends_on for on in days)
    ]
    return Flags(calendar(session, language).look_at(days), tuple(concerned))


def missing(session: Session, today: date) -> int | None:
    """The year whose table is missed today."""
    return missing_year(calendar(session), today)


def years_without_table(session: Session, today: date) -> dict[int, int]:
    """The years of which the table is missing and in which camps that are not over take place: how many camps."""
    known = calendar(session)
    camps = session.exec(find(Cohort).where(col(Cohort.ends_on) >= today)).all()
    years = Counter(year for camp in camps for year in range(camp.starts_on.year, camp.ends_on.year + 1))
    return {year: number for year, number in sorted(years.items()) if not known.knows(year)}


def import_days(session: Session, *, table: DayTable, speaker: Speaker | None, now: datetime) -> tuple[int, ...]:
    """Put the table in place of what was imported for its years; returns the years.

    Raises:
        NotAllowed: somebody who plans no camp.
        NothingInTheTable, TableTooShort: it is no table of a year.
    """
    speaker = require_planner(session, speaker)
    require_whole(table)
    for year in table.years:
        _replace_year(session, year, [day for day in table.days if day.on.year == year], speaker, now)
    return table.years


def require_whole(table: DayTable) -> None:
    """Let only a table pass that can be one of whole years; raises NothingInTheTable, TableTooShort."""
    if not table.days:
        raise NothingInTheTable
    for year in table.years:
        if sum(day.is_off for day in table.days if day.on.year == year) < FEWEST_DAYS:
            raise TableTooShort


def require_planner(session: Session, speaker: Speaker | None) -> Speaker:
    """Let only somebody pass who coordinates a camp, or an operator; raises NotAllowed."""
    if speaker is None or not (speaker.is_operator or listing.may_coordinate(session, speaker)):
        raise NotAllowed
    return speaker


def add_blackout(
    session: Session,
    *,
    cohort_id: int,
    unit: str,
    first: date,
    last: date,
    reason: str,
    speaker: Speaker | None,
    now: datetime,
) -> Blackout:
    """Note when a unit can spare nobody. It holds for every camp of the office.

    Raises:
        NotAllowed: no coordinator of this camp.
        NotThatUnit: the camp has nobody of the unit.
    """
    speaker = access.require_coordinator(session, speaker, cohort_id)
    if unit not in {one.unit for one in units_of(session, cohort_id)}:
        raise NotThatUnit
    blackout = Blackout(
        organisation_id=people.get_cohort(session, cohort_id).organisation_id,
        unit=unit,
        starts_on=first,
        ends_on=last,
        reason=" ".join(reason.split())[:LONGEST_REASON],
        made_by=speaker.person_id,
        made_at=now,
    )
    session.add(blackout)
    session.flush()
    _log(session, "create", blackout, speaker, cohort_id, now)
    return blackout


def remove_blackout(
    session: Session, *, cohort_id: int, blackout_id: int, speaker: Speaker | None, now: datetime
) -> bool:
    """Take a blackout back; whether it still stood.

    Raises:
        NotAllowed, Gone: as the names say; a blackout of another office is gone.
    """
    speaker = access.require_coordinator(session, speaker, cohort_id)
    blackout = session.get(Blackout, blackout_id)
    if blackout is None or blackout.organisation_id != people.get_cohort(session, cohort_id).organisation_id:
        raise Gone
    if blackout.removed_at is not None:
        return False
    blackout.removed_at = now
    session.add(blackout)
    session.flush()
    _log(session, "remove", blackout, speaker, cohort_id, now)
    return True


def blackouts_between(session: Session, *, organisation_id: int, first: date, last: date) -> Sequence[Blackout]:
    """The standing blackouts that touch these days, by unit and time."""
    query = find(Blackout).where(
        Blackout.organisation_id == organisation_id,
        col(Blackout.removed_at).is_(None),
        col(Blackout.starts_on) <= last,
        col(Blackout.ends_on) >= first,
    )
    return session.exec(query.order_by(col(Blackout.unit), col(Blackout.starts_on), col(Blackout.id))).all()


def blackouts_from(session: Session, *, cohort_id: int, speaker: Speaker | None, on: date) -> Sequence[Blackout]:
    """The blackouts of the office that are not over, for whoever may read the camp; raises NotAllowed."""
    access.require_reader(session, speaker, cohort_id)
    organisation_id = people.get_cohort(session, cohort_id).organisation_id
    return blackouts_between(session, organisation_id=organisation_id, first=on, last=date.max)


def units_of(session: Session, cohort_id: int) -> list[UnitCount]:
    """The units of the camp's trainees, by name."""
    query = (
        find(Person.unit, func.count())
        .join(Membership)
        .where(
            Membership.cohort_id == cohort_id,
            Membership.role == Role.TRAINEE,
            col(Membership.left_at).is_(None),
            col(Person.unit).is_not(None),
        )
        .group_by(col(Person.unit))
        .order_by(col(Person.unit))
    )
    return [UnitCount(unit, count) for unit, count in session.exec(query) if unit]


def flags_of_camp(session: Session, cohort: Cohort, *, units: Collection[str] | None, language: str) -> Flags:
    """What speaks against a camp on its own days."""
    return flags(
        session,
        organisation_id=cohort.organisation_id,
        first=cohort.starts_on,
        last=cohort.ends_on,
        units=units,
        language=language,
    )


def _replace_year(session: Session, year: int, days: Sequence[Special], speaker: Speaker, now: datetime) -> None:
    span = (col(SpecialDay.on) >= date(year, 1, 1), col(SpecialDay.on) <= date(year, 12, 31))
    before = len(session.exec(find(SpecialDay).where(*span)).all())
    session.connection().execute(delete(SpecialDay).where(*span))
    for day in days:
        session.add(
            SpecialDay(on=day.on, is_off=day.is_off, name=day.name, imported_at=now, imported_by=speaker.person_id)
        )
    session.flush()
    audit.record(
        session,
        audit.entry(
            actor=speaker.actor,
            now=now,
            action="import",
            subject="holidays",
            subject_id=year,
            before={"days": before},
            after={"days": len(days)},
        ),
    )


def _log(session: Session, action: str, blackout: Blackout, speaker: Speaker, cohort_id: int, now: datetime) -> None:
    said = {
        "unit": blackout.unit,
        "starts_on": blackout.starts_on.isoformat(),
        "ends_on": blackout.ends_on.isoformat(),
        "reason": blackout.reason,
    }
    audit.record(
        session,
        audit.entry(
            actor=speaker.actor,
            now=now,
            action=action,
            subject="blackout",
            subject_id=blackout.id or 0,
            cohort_id=cohort_id,
            before=said if action == "remove" else None,
            after=said if action == "create" else None,
        ),
    )
