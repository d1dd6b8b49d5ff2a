"""Reading who is called up elsewhere, from all camps of the office. Writes nothing."""

from collections.abc import Collection
from datetime import date, timedelta

from msgspec import Struct
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.loadmap.rules import Blocked, CallUp, Member, UnitRow, unit_rows, weeks_around
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort, Membership, Person, Role
from bot.people.service import Speaker
from bot.workdays import service as workdays

CHUNK = 500


class LoadMap(Struct, frozen=True):
    """A camp's trainees by unit and week: ``weeks`` are Mondays, ``calls`` who is where else, by unit and name."""

    cohort: Cohort
    weeks: tuple[date, ...]
    rows: tuple[UnitRow, ...]
    calls: tuple[CallUp, ...]
    people: int

    @property
    def clashing(self) -> tuple[CallUp, ...]:
        """Those who are elsewhere on the camp's very days."""
        return tuple(one for one in self.calls if one.touches(self.cohort.starts_on, self.cohort.ends_on))


def load_map(session: Session, *, cohort_id: int, speaker: Speaker | None) -> LoadMap:
    """The load map of a camp; raises NotAllowed for whoever may not read everything of it."""
    access.require_reader(session, speaker, cohort_id)
    return draw_up(session, people.get_cohort(session, cohort_id))


def draw_up(session: Session, cohort: Cohort) -> LoadMap:
    """The load map of a camp, for a caller who has asked who may see it."""
    weeks = weeks_around(cohort.starts_on, cohort.ends_on)
    first, last = weeks[0], weeks[-1] + timedelta(days=6)
    members = _members(session, cohort)
    calls = called_up(session, cohort, {member.person_id for member in members}, first, last)
    blackouts = workdays.blackouts_between(session, organisation_id=cohort.organisation_id, first=first, last=last)
    blocked = [Blocked(one.unit, one.starts_on, one.ends_on) for one in blackouts]
    return LoadMap(cohort, weeks, unit_rows(members, calls, blocked, weeks), calls, len(members))


def called_up(
    session: Session, cohort: Cohort, person_ids: Collection[int], first: date, last: date
) -> tuple[CallUp, ...]:
    """Who of these people is a trainee of another camp that has a day between the two."""
    wanted = sorted(person_ids)
    found = [
        CallUp(Member(person.id or 0, person.name, person.unit or ""), other.name, other.starts_on, other.ends_on)
        for start in range(0, len(wanted), CHUNK)
        for person, other in session.exec(
            find(Person, Cohort)
            .join(Membership, col(Membership.person_id) == Person.id)
            .join(Cohort, col(Cohort.id) == Membership.cohort_id)
            .where(
                col(Person.id).in_(wanted[start : start + CHUNK]),
                Membership.role == Role.TRAINEE,
                col(Membership.left_at).is_(None),
                Cohort.organisation_id == cohort.organisation_id,
                Cohort.id != cohort.id,
                col(Cohort.starts_on) <= last,
                col(Cohort.ends_on) >= first,
            )
        )
    ]
    return tuple(sorted(found, key=lambda one: (one.member.unit, one.member.name, one.member.person_id, one.first)))


def _members(session: Session, cohort: Cohort) -> list[Member]:
    query = (
        find(Person)
        .join(Membership)
        .where(Membership.cohort_id == cohort.id, Membership.role == Role.TRAINEE, col(Membership.left_at).is_(None))
        .order_by(col(Person.id))
    )
    return [Member(person.id or 0, person.name, person.unit or "") for person in session.exec(query)]
