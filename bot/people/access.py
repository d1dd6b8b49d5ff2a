"""Who may do what in a cohort: the one place where roles are asked. Reads, never writes.

An operator is known by the settings, not by a row, and passes every guard. Ids that come from a button or an address
are never trusted: each door asks here again, with the person who stands before it.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.errors import Gone, NotAllowed
from bot.ids import CohortId
from bot.people.models import Role
from bot.people.service import MEMBERSHIP, PERSON, Speaker

READING = (Role.COORDINATOR, Role.AUDITOR)
"""Who may see everything of a cohort; an auditor may change nothing."""


# Put together once: every screen and every guard asks these, and putting them together costs more than running them.
_ROLES_ANYWHERE = select(MEMBERSHIP.c.role).where(
    MEMBERSHIP.c.person_id == bindparam("person"), MEMBERSHIP.c.left_at.is_(None)
)
_ROLES_IN = _ROLES_ANYWHERE.where(MEMBERSHIP.c.cohort_id == bindparam("cohort"))


def roles_in(session: Session, person_id: int, cohort_id: int) -> frozenset[Role]:
    """What the person is in the cohort."""
    found = session.connection().execute(_ROLES_IN, {"person": person_id, "cohort": cohort_id})
    return frozenset(Role(role) for role in found.scalars())


def roles_anywhere(session: Session, person_id: int) -> frozenset[Role]:
    """What the person is in any cohort."""
    return frozenset(
        Role(role) for role in session.connection().execute(_ROLES_ANYWHERE, {"person": person_id}).scalars()
    )


def cohort_ids_of(session: Session, person_id: int, *roles: Role) -> Sequence[CohortId]:
    """The ids of the cohorts in which the person has one of the roles; a plain read for hot paths."""
    query = select(MEMBERSHIP.c.cohort_id).where(
        MEMBERSHIP.c.person_id == person_id, MEMBERSHIP.c.role.in_(roles), MEMBERSHIP.c.left_at.is_(None)
    )
    return session.connection().execute(query.distinct()).scalars().all()


def require_role(session: Session, speaker: Speaker | None, cohort_id: int, *roles: Role) -> Speaker:
    """Let only somebody with one of the roles in this very cohort pass, or an operator.

    Raises:
        NotAllowed: anybody else, also somebody with the role in another cohort.
    """
    if speaker is not None and (speaker.is_operator or roles_in(session, speaker.person_id, cohort_id) & {*roles}):
        return speaker
    raise NotAllowed


def require_coordinator(session: Session, speaker: Speaker | None, cohort_id: int) -> Speaker:
    """Let only a coordinator of the cohort pass, or an operator; raises NotAllowed."""
    return require_role(session, speaker, cohort_id, Role.COORDINATOR)


def require_reader(session: Session, speaker: Speaker | None, cohort_id: int) -> Speaker:
    """Let only a coordinator or an auditor of the cohort pass, or an operator; raises NotAllowed."""
    return require_role(session, speaker, cohort_id, *READING)


def may_change(session: Session, speaker: Speaker | None, cohort_id: int) -> bool:
    """Whether ``require_coordinator`` would let the speaker pass: what a screen asks before it shows a button."""
    if speaker is None:
        return False
    return speaker.is_operator or Role.COORDINATOR in roles_in(session, speaker.person_id, cohort_id)


def unit_of(session: Session, person_id: int) -> str | None:
    """Where somebody works; a unit contact sees the people who work there too."""
    return session.connection().execute(select(PERSON.c.unit).where(PERSON.c.id == person_id)).scalar()


def require_sight_of(session: Session, speaker: Speaker | None, cohort_id: int, person_id: int) -> Speaker:
    """Let only those pass who may see this person of the cohort: its readers, and the contact of the person's unit.

    Raises:
        NotAllowed: anybody else.
        Gone: a unit contact asks for somebody who is not in the cohort.
    """
    seer = require_role(session, speaker, cohort_id, *READING, Role.UNIT_CONTACT)
    if seer.is_operator or roles_in(session, seer.person_id, cohort_id) & {*READING}:
        return seer
    if not roles_in(session, person_id, cohort_id):
        raise Gone
    unit = unit_of(session, seer.person_id)
    if not unit or unit_of(session, person_id) != unit:
        raise NotAllowed
    return seer
