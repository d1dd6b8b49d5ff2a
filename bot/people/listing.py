"""Reading people and cohorts for whoever looks at them. Writes nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, case, func, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.errors import Gone
from bot.ids import PersonId
from bot.people import access, service
from bot.people.models import Cohort, Membership, Organisation, Person, Role
from bot.people.service import MEMBERSHIP, PERSON, Speaker

PAGE = 8


class Camp(Struct, frozen=True):
    """A cohort as one person sees it, on its own local day."""

    cohort: Cohort
    roles: frozenset[Role]
    today: date

    @property
    def is_running(self) -> bool:
        """Whether today is one of its days."""
        return self.cohort.starts_on <= self.today <= self.cohort.ends_on

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.today > self.cohort.ends_on

    @property
    def is_attended(self) -> bool:
        """Whether the person is a trainee there."""
        return Role.TRAINEE in self.roles

    @property
    def is_staffed(self) -> bool:
        """Whether the person has a task there, whatever it is."""
        return bool(self.roles - {Role.TRAINEE})

    @property
    def is_coordinated(self) -> bool:
        """Whether the person coordinates it."""
        return Role.COORDINATOR in self.roles


def camps_of(session: Session, person_id: int, now: datetime) -> list[Camp]:
    """The person's cohorts: what runs now first, then what comes soonest, then what is over, the latest first."""
    camps = [
        Camp(cohort, access.roles_in(session, person_id, cohort.id or 0), service.local_day(cohort, now))
        for cohort in service.cohorts_of(session, person_id)
    ]
    return sorted(camps, key=_nearness)


def _nearness(camp: Camp) -> tuple[int, int]:
    if camp.is_running:
        return 0, camp.cohort.starts_on.toordinal()
    return (2, -camp.cohort.ends_on.toordinal()) if camp.is_over else (1, camp.cohort.starts_on.toordinal())


def may_coordinate(session: Session, speaker: Speaker) -> Sequence[Cohort]:
    """The cohorts in which the person may do a coordinator's work, the latest first."""
    if speaker.is_operator:
        return service.all_cohorts(session)
    return service.cohorts_of(session, speaker.person_id, Role.COORDINATOR)


def may_read(session: Session, speaker: Speaker) -> Sequence[Cohort]:
    """The cohorts of which the person may see everything, the latest first."""
    if speaker.is_operator:
        return service.all_cohorts(session)
    return service.cohorts_of(session, speaker.person_id, *access.READING)


def opens_more(session: Session, person_id: PersonId, speaker: Speaker) -> bool:
    """Whether the person's account opens what the speaker may not give away: a coordinator's, or another camp's."""
    if access.cohort_ids_of(session, person_id, Role.COORDINATOR):
        return True
    own = set(access.cohort_ids_of(session, speaker.person_id, Role.COORDINATOR))
    return not own >= set(access.cohort_ids_of(session, person_id, Role.AUDITOR, Role.UNIT_CONTACT))


class Listed(Struct, frozen=True):
    """One trainee in a list."""

    person_id: PersonId
    name: str
    phone: str | None
    unit: str | None
    group: str | None
    is_linked: bool
    is_unreachable: bool


class Group(Struct, frozen=True):
    """A group of a cohort (``name`` empty: those in none), and how many of it are linked."""

    name: str
    people: int
    linked: int


class Page(Struct, frozen=True):
    """A stretch of a list; ``number`` counts from 0."""

    people: Sequence[Listed]
    number: int
    pages: int
    total: int


def groups_of(session: Session, cohort_id: int) -> list[Group]:
    """The groups of a cohort in the order of its roster."""
    name = func.coalesce(MEMBERSHIP.c.group_name, "")
    query = _trainees(
        cohort_id, name.label("name"), func.count().label("people"), func.count(PERSON.c.telegram_id).label("linked")
    )
    rows = session.connection().execute(query.group_by(name).order_by(func.min(MEMBERSHIP.c.id)))
    return [Group(row.name, row.people, row.linked) for row in rows]


def trainees_page(
    session: Session,
    cohort_id: int,
    number: int,
    *,
    group: str | None = None,
    only_unlinked: bool = False,
    unit: str | None = None,
    size: int = PAGE,
) -> Page:
    """One page of the trainees by group and then in the roster's order; beyond the ends the nearest page.

    Of a group, of those who are not linked, or of one unit, where that is asked for.
    """
    conditions = [func.coalesce(MEMBERSHIP.c.group_name, "") == group] if group is not None else []
    if only_unlinked:
        conditions.append(PERSON.c.telegram_id.is_(None))
    if unit is not None:
        conditions.append(PERSON.c.unit == unit)
    count = _trainees(cohort_id, func.count()).where(*conditions)
    total = session.connection().execute(count).scalar_one()
    pages = max(1, -(-total // size))
    number = min(max(number, 0), pages - 1)
    order = roster_order(session, cohort_id)
    query = _trainees(cohort_id, *_COLUMNS).where(*conditions).order_by(*order).limit(size).offset(number * size)
    return Page([_listed(row) for row in session.connection().execute(query)], number, pages, total)


class Profile(Struct, frozen=True):
    """One person of a cohort, for its coordinator."""

    person: Person
    cohort: Cohort
    roles: frozenset[Role]
    group: str | None
    post: str | None


def profile(session: Session, cohort_id: int, person_id: int) -> Profile:
    """A person of a cohort.

    Raises:
        Gone: no such person in the cohort, or no longer.
    """
    cohort = service.get_cohort(session, cohort_id)
    person = session.get(Person, person_id)
    memberships = session.exec(
        find(Membership).where(
            Membership.cohort_id == cohort_id, Membership.person_id == person_id, col(Membership.left_at).is_(None)
        )
    ).all()
    if person is None or not memberships:
        raise Gone
    trainee = next((one for one in memberships if one.role == Role.TRAINEE), memberships[0])
    roles = frozenset(Role(one.role) for one in memberships)
    return Profile(person, cohort, roles, trainee.group_name, trainee.post)


def coordinators_of(session: Session, cohort_id: int) -> Sequence[Person]:
    """The coordinators of a cohort, linked or not."""
    query = (
        find(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            Membership.cohort_id == cohort_id, Membership.role == Role.COORDINATOR, col(Membership.left_at).is_(None)
        )
    )
    return session.exec(query.order_by(col(Membership.id))).all()


def count_trainees(session: Session, cohort_id: int) -> int:
    """How many trainees the cohort has."""
    total: int = session.connection().execute(_trainees(cohort_id, func.count())).scalar_one()
    return total


def namesakes(session: Session, name: str, limit: int = 6) -> Sequence[Person]:
    """People of the office with that name who are or were in some cohort."""
    query = (
        find(Person)
        .join(Organisation)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(Organisation.name == service.OFFICE, func.lower(Person.name) == name.lower())
    )
    return session.exec(query.distinct().order_by(col(Person.id)).limit(limit)).all()


_COLUMNS = (
    PERSON.c.id,
    PERSON.c.name,
    PERSON.c.phone,
    PERSON.c.unit,
    MEMBERSHIP.c.group_name,
    PERSON.c.telegram_id,
    PERSON.c.unreachable_at,
)


def _trainees(cohort_id: int, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(MEMBERSHIP)
        .join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id)
        .where(MEMBERSHIP.c.cohort_id == cohort_id, MEMBERSHIP.c.role == Role.TRAINEE, MEMBERSHIP.c.left_at.is_(None))
    )


def roster_order(session: Session, cohort_id: int) -> list[Any]:
    """What to order trainees by: group by group as the roster names them, then as the roster has them."""
    ranks = {group.name: rank for rank, group in enumerate(groups_of(session, cohort_id))}
    by_group = [case(ranks, value=func.coalesce(MEMBERSHIP.c.group_name, ""), else_=len(ranks))] if ranks else []
    return [*by_group, MEMBERSHIP.c.id]


def _listed(row: Any) -> Listed:
    return Listed(
        PersonId(row.id),
        row.name,
        row.phone,
        row.unit,
        row.group_name,
        row.telegram_id is not None,
        row.unreachable_at is not None,
    )
