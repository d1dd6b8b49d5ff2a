"""Who somebody is and what they may do: accounts, cohorts, roles, languages. The only writer of these tables."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.among import among
from bot.audit import service as audit
from bot.audit.service import Actor
from bot.errors import Gone
from bot.ids import PersonId
from bot.people.models import Cohort, Membership, Organisation, Person, Role, Secret

PERSON = Person.__table__  # type: ignore[attr-defined]
MEMBERSHIP = Membership.__table__  # type: ignore[attr-defined]
SECRET = Secret.__table__  # type: ignore[attr-defined]
OFFICE = "office"
"""The one organisation of an installation, until there are several."""


class Speaker(Struct, frozen=True):
    """The person behind a linked account, as read once for an update."""

    person_id: PersonId
    telegram_id: int
    name: str
    language: str
    is_operator: bool = False

    @property
    def actor(self) -> Actor:
        """This person as the change log names them."""
        return Actor(person_id=self.person_id)


class Reader(Struct, frozen=True):
    """Somebody a message can be sent to."""

    person_id: PersonId
    telegram_id: int
    name: str
    language: str


_ACCOUNTS = select(PERSON.c.telegram_id, PERSON.c.id, PERSON.c.name, PERSON.c.language, PERSON.c.unreachable_at)
_SPEAKER = _ACCOUNTS.where(PERSON.c.telegram_id == bindparam("account"))
_SPEAKERS = _ACCOUNTS.where(among(PERSON.c.telegram_id, "accounts"))
_EXPECTED = "speakers"


def expect_speakers(session: Session, telegram_ids: Iterable[int]) -> dict[int, PersonId]:
    """Read who stands behind many accounts at once; ``find_speaker`` then has the answer to the first question of each.

    The first only: what somebody's own update changes is seen by their next one.
    """
    accounts = set(telegram_ids)
    rows = session.connection().execute(_SPEAKERS, {"accounts": list(accounts)}).all() if accounts else ()
    session.info[_EXPECTED] = dict.fromkeys(accounts) | {row.telegram_id: row for row in rows}
    return {row.telegram_id: PersonId(row.id) for row in rows}


def find_speaker(
    session: Session, telegram_id: int, *, is_operator: bool = False, is_present: bool = True
) -> Speaker | None:
    """The person whose account this is; a word or press of somebody unreachable makes them reachable again.

    ``is_present`` is false for what Telegram itself says of a person, such as that they have blocked the bot.
    """
    expected = session.info.get(_EXPECTED, {})
    if telegram_id in expected:
        row = expected.pop(telegram_id)
    else:
        row = session.connection().execute(_SPEAKER, {"account": telegram_id}).first()
    if row is None:
        return None
    if row.unreachable_at is not None and is_present:
        session.execute(update(PERSON).where(PERSON.c.id == row.id).values(unreachable_at=None))
    return Speaker(PersonId(row.id), telegram_id, row.name, row.language, is_operator)


def open_operator(session: Session, telegram_id: int, name: str, now: datetime) -> Speaker:
    """An operator is known by the settings; the first message makes the person that the change log names."""
    person = Person(
        organisation_id=open_organisation(session, OFFICE).id or 0, name=name, telegram_id=telegram_id, linked_at=now
    )
    session.add(person)
    session.flush()
    return Speaker(PersonId(person.id or 0), telegram_id, name, "", is_operator=True)


def mark_unreachable(session: Session, telegram_id: int, now: datetime) -> Person | None:
    """Note that Telegram refuses to deliver to this account; the person if this is news."""
    person = session.exec(find(Person).where(Person.telegram_id == telegram_id)).first()
    if person is None or person.unreachable_at is not None:
        return None
    person.unreachable_at = now
    session.add(person)
    return person


def open_organisation(session: Session, name: str) -> Organisation:
    """The organisation of that name, made if there is none."""
    organisation = session.exec(find(Organisation).where(Organisation.name == name)).first()
    if organisation is None:
        organisation = Organisation(name=name)
        session.add(organisation)
        session.flush()
    return organisation


def create_cohort(
    session: Session,
    *,
    organisation_id: int,
    name: str,
    starts_on: date,
    ends_on: date,
    time_zone: str,
    language: str,
    actor: Actor,
    now: datetime,
    push_at: time = time(7, 30),
) -> Cohort:
    """Make a cohort. The caller has checked dates, zone and that the name is new in the organisation."""
    cohort = Cohort(
        organisation_id=organisation_id,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        time_zone=time_zone,
        language=language,
        push_at=push_at,
        created_at=now,
    )
    session.add(cohort)
    session.flush()
    audit.record(
        session,
        audit.entry(
            actor=actor,
            now=now,
            action="create",
            subject="cohort",
            subject_id=cohort.id or 0,
            cohort_id=cohort.id,
            after={"name": name, "starts_on": starts_on, "ends_on": ends_on, "time_zone": time_zone},
        ),
    )
    return cohort


def get_cohort(session: Session, cohort_id: int) -> Cohort:
    """The cohort of that id; raises Gone where there is none."""
    cohort = session.get(Cohort, cohort_id)
    if cohort is None:
        raise Gone
    return cohort


def get_person(session: Session, person_id: int) -> Person:
    """The person of that id; raises Gone where there is none."""
    person = session.get(Person, person_id)
    if person is None:
        raise Gone
    return person


def find_cohort(session: Session, text: str) -> Cohort | None:
    """The cohort of that number or name."""
    if text.isdigit() and (cohort := session.get(Cohort, int(text))):
        return cohort
    return session.exec(find(Cohort).where(Cohort.name == text)).first()


def all_cohorts(session: Session) -> Sequence[Cohort]:
    """Every cohort, the latest first."""
    return session.exec(find(Cohort).order_by(col(Cohort.starts_on).desc(), col(Cohort.id))).all()


# Put together once: every first screen asks these, and putting them together costs more than running them.
_OWN = (Membership.person_id == bindparam("person"), col(Membership.left_at).is_(None))
_NEAREST = (col(Cohort.starts_on).desc(), col(Cohort.id))
_COHORTS_OF = find(Cohort).join(Membership).where(*_OWN).distinct().order_by(*_NEAREST)
_COHORTS_AS = _COHORTS_OF.where(col(Membership.role).in_(bindparam("roles", expanding=True)))


def cohorts_of(session: Session, person_id: int, *roles: Role) -> Sequence[Cohort]:
    """The cohorts in which the person has one of the roles (any, if none is named), the latest first."""
    if roles:
        return session.exec(_COHORTS_AS, params={"person": person_id, "roles": roles}).all()
    return session.exec(_COHORTS_OF, params={"person": person_id}).all()


def local_day(cohort: Cohort, now: datetime) -> date:
    """The cohort's own day at this instant."""
    return now.astimezone(ZoneInfo(cohort.time_zone)).date()


def grant(
    session: Session,
    *,
    person_id: int,
    cohort_id: int,
    role: Role,
    actor: Actor,
    now: datetime,
    group_name: str | None = None,
    post: str | None = None,
) -> Membership:
    """Give a person a role in a cohort, or give it back to somebody who had left."""
    query = find(Membership).where(
        Membership.person_id == person_id, Membership.cohort_id == cohort_id, Membership.role == role
    )
    membership = session.exec(query).first()
    if membership is not None and membership.left_at is None:
        return membership
    membership = membership or Membership(cohort_id=cohort_id, person_id=person_id, role=role, joined_at=now)
    membership.left_at, membership.group_name, membership.post = None, group_name, post
    session.add(membership)
    session.flush()
    audit.record(
        session,
        audit.entry(
            actor=actor,
            now=now,
            action="join",
            subject="membership",
            subject_id=membership.id or 0,
            cohort_id=cohort_id,
            person_id=person_id,
            after={"role": role, "group": group_name, "post": post},
        ),
    )
    return membership


def set_language(session: Session, person_id: int, language: str) -> None:
    """Remember the language a person chose."""
    session.execute(update(PERSON).where(PERSON.c.id == person_id).values(language=language))


def readers(session: Session, cohort_id: int, role: Role) -> Sequence[Reader]:
    """Everybody of that role in the cohort who is linked and reachable; the cohort's language fills a gap."""
    cohort = get_cohort(session, cohort_id)
    query = (
        select(PERSON.c.id, PERSON.c.telegram_id, PERSON.c.name, PERSON.c.language)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(
            MEMBERSHIP.c.cohort_id == cohort_id,
            MEMBERSHIP.c.role == role,
            MEMBERSHIP.c.left_at.is_(None),
            PERSON.c.telegram_id.is_not(None),
            PERSON.c.unreachable_at.is_(None),
        )
        .order_by(PERSON.c.id)
    )
    rows = session.connection().execute(query)
    return [Reader(PersonId(row.id), row.telegram_id, row.name, row.language or cohort.language) for row in rows]


def reader_of(session: Session, person_id: int | None, language: str) -> Reader | None:
    """One person as somebody to write to, ``language`` where they chose none; ``None`` where they cannot be reached."""
    person = session.get(Person, person_id) if person_id else None
    if person is None or person.telegram_id is None or person.unreachable_at is not None:
        return None
    return Reader(PersonId(person.id or 0), person.telegram_id, person.name, person.language or language)


_UNLINKED = (
    select(func.count())
    .select_from(MEMBERSHIP)
    .join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id)
    .where(
        MEMBERSHIP.c.cohort_id == bindparam("cohort"),
        MEMBERSHIP.c.role == Role.TRAINEE,
        MEMBERSHIP.c.left_at.is_(None),
        PERSON.c.telegram_id.is_(None),
    )
)


def count_unlinked(session: Session, cohort_id: int) -> int:
    """How many trainees of the cohort have no account linked yet."""
    return session.connection().execute(_UNLINKED, {"cohort": cohort_id}).scalar_one()


def secret(session: Session, name: str) -> str:
    """A random key of this installation; made when first asked for inside a writing transaction."""
    connection = session.connection()
    value: str | None = connection.execute(select(SECRET.c.value).where(SECRET.c.name == name)).scalar()
    if value is None:
        value = secrets.token_hex(32)
        connection.execute(SECRET.insert(), {"name": name, "value": value})
    return value
