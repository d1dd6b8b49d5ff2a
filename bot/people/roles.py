"""Giving and taking roles in a cohort, and letting in people from outside. Guards stand before the first write.

A coordinator gives every role but the coordinator's own, which is an operator's to give: it opens everybody's data.
Nobody becomes or ceases to be a trainee here; rosters do that.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select, update
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.audit import service as audit
from bot.errors import Gone, NotAllowed, Refusal
from bot.people import access, founding, linking, service
from bot.people.founding import OnlyOperators
from bot.people.models import Card, Cohort, Membership, Person, Role
from bot.people.service import MEMBERSHIP, PERSON, Speaker

ROLES = tuple(Role)
"""The roles in an order that buttons count on; only ever lengthened at its end."""
GIVEN = (Role.GROUP_LEADER, Role.TEACHER, Role.MENTOR, Role.UNIT_CONTACT, Role.AUDITOR, Role.COORDINATOR)
INVITED = (Role.TEACHER, Role.MENTOR, Role.UNIT_CONTACT, Role.AUDITOR)
"""What somebody from outside may be; a coordinator from outside is let in by an operator on the screen of the camp."""


class NoGroupToLead(Refusal):
    """This person is in no group. Please put them into one first."""


class NoUnit(Refusal):
    """This person's unit is not known, so there are no people to be the contact of."""


class RoleChange(Struct, frozen=True):
    """What giving or taking did; ``news`` is false where it was so before."""

    person: Person
    cohort: Cohort
    role: Role
    news: bool


class Invited(Struct, frozen=True):
    """Somebody who has a role now; ``card`` opens the door for those who have no account yet."""

    person: Person
    cohort: Cohort
    role: Role
    card: Card | None


class Staff(Struct, frozen=True):
    """Somebody with a task in a cohort, and which."""

    person: Person
    roles: tuple[Role, ...]


def may_give(speaker: Speaker) -> tuple[Role, ...]:
    """The roles that this speaker, who coordinates, may give and take."""
    return GIVEN if speaker.is_operator else GIVEN[:-1]


def grant_role(
    session: Session, *, speaker: Speaker | None, cohort_id: int, person_id: int, role: Role, now: datetime
) -> RoleChange:
    """Give a role to somebody who is in the cohort already.

    Raises:
        NotAllowed, OnlyOperators: the role is not the speaker's to give.
        Gone: the person is not in the cohort.
        NoGroupToLead, NoUnit: the role needs what the person does not have.
    """
    giver = _require(session, speaker, cohort_id, role)
    person, held = _member(session, cohort_id, person_id)
    if role in held:
        return RoleChange(person, service.get_cohort(session, cohort_id), role, news=False)
    service.grant(
        session,
        person_id=person_id,
        cohort_id=cohort_id,
        role=role,
        actor=giver.actor,
        now=now,
        group_name=_needed(session, cohort_id, person, role),
    )
    return RoleChange(person, service.get_cohort(session, cohort_id), role, news=True)


def take_role(
    session: Session, *, speaker: Speaker | None, cohort_id: int, person_id: int, role: Role, now: datetime
) -> RoleChange:
    """Take a role away; what the person did with it stays on record.

    Raises:
        NotAllowed, OnlyOperators: the role is not the speaker's to take.
        Gone: the person is not in the cohort.
    """
    taker = _require(session, speaker, cohort_id, role)
    person, held = _member(session, cohort_id, person_id)
    cohort = service.get_cohort(session, cohort_id)
    if role not in held:
        return RoleChange(person, cohort, role, news=False)
    mine = (MEMBERSHIP.c.cohort_id == cohort_id, MEMBERSHIP.c.person_id == person_id, MEMBERSHIP.c.role == role)
    session.execute(update(MEMBERSHIP).where(*mine, MEMBERSHIP.c.left_at.is_(None)).values(left_at=now))
    session.flush()
    audit.record(
        session,
        audit.entry(
            actor=taker.actor,
            now=now,
            action="leave",
            subject="membership",
            cohort_id=cohort_id,
            person_id=person_id,
            before={"role": role},
        ),
    )
    return RoleChange(person, cohort, role, news=True)


def invite(
    session: Session,
    *,
    speaker: Speaker | None,
    cohort_id: int,
    name: str,
    role: Role,
    known_id: int | None,
    unit: str | None,
    now: datetime,
) -> Invited:
    """Let somebody from outside in with a role: a known person, or a new one of that name.

    Raises:
        NotAllowed: the speaker does not coordinate the cohort, or the role is not for outsiders.
        Gone: the known person is none whom the speaker may know.
        NoUnit: a unit contact without a unit.
    """
    giver = _require(session, speaker, cohort_id, role)
    if role not in INVITED:
        raise NotAllowed
    cohort = service.get_cohort(session, cohort_id)
    if role is Role.UNIT_CONTACT and not unit and not (known_id and access.unit_of(session, known_id)):
        raise NoUnit
    person = _known(session, giver, name, known_id) if known_id else _new(session, cohort, name)
    person.unit = person.unit or unit
    session.add(person)
    session.flush()
    person_id = person.id or 0
    service.grant(session, person_id=person_id, cohort_id=cohort_id, role=role, actor=giver.actor, now=now)
    card = None
    if person.telegram_id is None:
        card = linking.issue_card(session, person_id=person_id, cohort_id=cohort_id, actor=giver.actor, now=now)
    return Invited(person, cohort, role, card)


def candidates(session: Session, speaker: Speaker, name: str) -> list[tuple[Person, str]]:
    """People of that name whom the speaker may know: an operator everybody, others those of their own cohorts."""
    found = founding.candidates(session, name)
    if speaker.is_operator:
        return found
    own = set(access.cohort_ids_of(session, speaker.person_id, Role.COORDINATOR))
    return [(person, known) for person, known in found if own & set(_cohort_ids(session, person.id or 0))]


def staff_of(session: Session, cohort_id: int) -> Sequence[Staff]:
    """Everybody who is more than a trainee in the cohort, by name."""
    query = (
        find(Person, Membership.role)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(Membership.cohort_id == cohort_id, Membership.role != Role.TRAINEE, col(Membership.left_at).is_(None))
    )
    found: dict[int, tuple[Person, list[Role]]] = {}
    for person, role in session.exec(query.order_by(col(Person.name), col(Person.id))):
        found.setdefault(person.id or 0, (person, []))[1].append(Role(role))
    return [Staff(person, tuple(sorted(held, key=ROLES.index))) for person, held in found.values()]


def units_of(session: Session, cohort_id: int) -> Sequence[str]:
    """The units that the cohort's trainees come from, by name."""
    query = (
        select(PERSON.c.unit)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(
            MEMBERSHIP.c.cohort_id == cohort_id,
            MEMBERSHIP.c.role == Role.TRAINEE,
            MEMBERSHIP.c.left_at.is_(None),
            PERSON.c.unit != "",
        )
    )
    return session.connection().execute(query.distinct().order_by(PERSON.c.unit)).scalars().all()


def _require(session: Session, speaker: Speaker | None, cohort_id: int, role: Role) -> Speaker:
    giver = access.require_coordinator(session, speaker, cohort_id)
    if role is Role.COORDINATOR and not giver.is_operator:
        raise OnlyOperators
    if role not in GIVEN:
        raise NotAllowed
    return giver


def _member(session: Session, cohort_id: int, person_id: int) -> tuple[Person, frozenset[Role]]:
    held = access.roles_in(session, person_id, cohort_id)
    if not held:
        raise Gone
    return service.get_person(session, person_id), held


def _needed(session: Session, cohort_id: int, person: Person, role: Role) -> str | None:
    """The group that a leader leads; and the guard that a unit contact has a unit."""
    if role is Role.UNIT_CONTACT and not person.unit:
        raise NoUnit
    if role is not Role.GROUP_LEADER:
        return None
    query = select(MEMBERSHIP.c.group_name).where(
        MEMBERSHIP.c.cohort_id == cohort_id,
        MEMBERSHIP.c.person_id == person.id,
        MEMBERSHIP.c.role == Role.TRAINEE,
        MEMBERSHIP.c.left_at.is_(None),
    )
    group: str | None = session.connection().execute(query).scalar()
    if not group:
        raise NoGroupToLead
    return group


def _known(session: Session, giver: Speaker, name: str, known_id: int) -> Person:
    for person, _ in candidates(session, giver, name):
        if person.id == known_id:
            return person
    raise Gone


def _new(session: Session, cohort: Cohort, name: str) -> Person:
    person = Person(organisation_id=cohort.organisation_id, name=name)
    session.add(person)
    session.flush()
    return person


def _cohort_ids(session: Session, person_id: int) -> Sequence[int]:
    query = select(MEMBERSHIP.c.cohort_id).where(MEMBERSHIP.c.person_id == person_id)
    return session.connection().execute(query).scalars().all()
