"""Whom a message to a cohort reaches."""

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from bot.ids import PersonId
from bot.outbox.copies import Chats, sort_chats
from bot.people.models import Cohort, Membership, Person, Role
from bot.people.service import Reader

COHORT = Cohort.__table__  # type: ignore[attr-defined]
MEMBERSHIP = Membership.__table__  # type: ignore[attr-defined]
PERSON = Person.__table__  # type: ignore[attr-defined]

_QUERY = (
    select(
        PERSON.c.id.label("person_id"),
        PERSON.c.telegram_id,
        func.coalesce(func.nullif(PERSON.c.language, ""), COHORT.c.language).label("language"),
    )
    .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
    .join(COHORT, COHORT.c.id == MEMBERSHIP.c.cohort_id)
    .where(
        MEMBERSHIP.c.cohort_id == bindparam("audience_cohort"),
        MEMBERSHIP.c.role == bindparam("audience_role"),
        MEMBERSHIP.c.left_at.is_(None),
        MEMBERSHIP.c.person_id > bindparam("audience_after"),
        PERSON.c.telegram_id.is_not(None),
        PERSON.c.unreachable_at.is_(None),
    )
    .order_by(MEMBERSHIP.c.person_id)
    .limit(bindparam("audience_limit"))
)
"""Everybody of a role in a cohort who is linked and reachable; the cohort's language fills a gap."""


class Audience(Struct, frozen=True):
    """A page of those people: the chats of those who read each language, and the last person's id."""

    chats: Mapping[str, Chats]
    last: int

    @property
    def size(self) -> int:
        """How many people it is."""
        return sum(len(chats) for chats in self.chats.values())


def find_audience(session: Session, cohort_id: int, role: Role, *, after: int = 0, limit: int) -> Audience:
    """At most ``limit`` people of that role in the order of their ids, beginning after one of them."""
    values = {"audience_cohort": cohort_id, "audience_role": role, "audience_after": after, "audience_limit": limit}
    rows = session.connection().execute(_QUERY, values).all()
    return Audience(sort_chats(rows), rows[-1].person_id if rows else after)


_READER = (
    select(
        PERSON.c.id,
        PERSON.c.telegram_id,
        PERSON.c.name,
        func.coalesce(func.nullif(PERSON.c.language, ""), COHORT.c.language).label("language"),
    )
    .select_from(PERSON)
    .join(COHORT, COHORT.c.id == bindparam("reader_cohort"))
    .where(
        PERSON.c.id == bindparam("reader_person"),
        PERSON.c.telegram_id.is_not(None),
        PERSON.c.unreachable_at.is_(None),
    )
)


def find_reader(session: Session, person_id: int, cohort_id: int) -> Reader | None:
    """One person as a message reaches them, in the cohort's language where they chose none; none if none can."""
    row = session.connection().execute(_READER, {"reader_person": person_id, "reader_cohort": cohort_id}).first()
    return Reader(PersonId(row.id), row.telegram_id, row.name, row.language) if row else None
