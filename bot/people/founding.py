"""An operator's work: making cohorts and their coordinators. Guards stand before the first write."""

from datetime import date, datetime

from msgspec import Struct
from sqlmodel import Session
from sqlmodel import select as find

from bot.errors import NotAllowed, Refusal
from bot.ids import PersonId
from bot.people import linking, listing, service
from bot.people.models import Card, Cohort, Person, Role
from bot.people.service import Speaker


class OnlyOperators(NotAllowed):
    """Only an operator of this bot can do that."""


class NameTaken(Refusal):
    """There is already a camp of that name. Nothing was made."""


class Draft(Struct, frozen=True):
    """What a new cohort is to be."""

    name: str
    starts_on: date
    ends_on: date
    time_zone: str
    language: str


class NewCoordinator(Struct, frozen=True):
    """Somebody who coordinates a cohort now; ``card`` opens the door for those who have no account yet."""

    person: Person
    cohort: Cohort
    card: Card | None


def require_operator(speaker: Speaker | None) -> Speaker:
    """Let only an operator pass.

    Raises:
        OnlyOperators: anybody else.
    """
    if speaker is None or not speaker.is_operator:
        raise OnlyOperators
    return speaker


def is_name_free(session: Session, name: str) -> bool:
    """Whether no cohort of the office has that name."""
    organisation = service.open_organisation(session, service.OFFICE)
    query = find(Cohort.id).where(Cohort.organisation_id == organisation.id, Cohort.name == name)
    return session.exec(query).first() is None


def found_cohort(session: Session, *, draft: Draft, speaker: Speaker | None, now: datetime) -> Cohort:
    """Make a cohort of the office.

    Raises:
        OnlyOperators: anybody else asks for it.
        NameTaken: there is one of that name.
    """
    operator = require_operator(speaker)
    if not is_name_free(session, draft.name):
        raise NameTaken
    return service.create_cohort(
        session,
        organisation_id=service.open_organisation(session, service.OFFICE).id or 0,
        name=draft.name,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        time_zone=draft.time_zone,
        language=draft.language,
        actor=operator.actor,
        now=now,
    )


def add_coordinator(
    session: Session, *, cohort_id: int, name: str, known_id: int | None, speaker: Speaker | None, now: datetime
) -> NewCoordinator:
    """Let somebody coordinate a cohort: a known person, or a new one of that name.

    Raises:
        OnlyOperators: anybody else asks for it.
        Gone: no such cohort or person.
    """
    operator = require_operator(speaker)
    cohort = service.get_cohort(session, cohort_id)
    person = service.get_person(session, known_id) if known_id else _new_person(session, cohort, name)
    person_id = PersonId(person.id or 0)
    service.grant(
        session, person_id=person_id, cohort_id=cohort_id, role=Role.COORDINATOR, actor=operator.actor, now=now
    )
    card = None
    if person.telegram_id is None:
        card = linking.issue_card(session, person_id=person_id, cohort_id=cohort_id, actor=operator.actor, now=now)
    return NewCoordinator(person, cohort, card)


def coordinate_oneself(session: Session, *, cohort_id: int, speaker: Speaker | None, now: datetime) -> Cohort:
    """Make an operator a coordinator too, so that the cohort's messages to coordinators arrive there.

    Raises:
        OnlyOperators: anybody else asks for it.
    """
    operator = require_operator(speaker)
    cohort = service.get_cohort(session, cohort_id)
    service.grant(
        session, person_id=operator.person_id, cohort_id=cohort_id, role=Role.COORDINATOR, actor=operator.actor, now=now
    )
    return cohort


def known_as(session: Session, person: Person) -> str:
    """What tells a person from another of the same name: the unit, or the camps."""
    camps = ", ".join(cohort.name for cohort in service.cohorts_of(session, person.id or 0))
    return person.unit or camps or "–"


def candidates(session: Session, name: str) -> list[tuple[Person, str]]:
    """People of that name, each with what tells them apart."""
    return [(person, known_as(session, person)) for person in listing.namesakes(session, name)]


def _new_person(session: Session, cohort: Cohort, name: str) -> Person:
    person = Person(organisation_id=cohort.organisation_id, name=name)
    session.add(person)
    session.flush()
    return person
