"""The tables of people and cohorts."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import BigKey, Row, big, key, long_text, reference


class Role(StrEnum):
    """What a person may do in a cohort. An operator is known by the settings, not by a row."""

    TRAINEE = "trainee"
    GROUP_LEADER = "group_leader"
    COORDINATOR = "coordinator"
    TEACHER = "teacher"
    MENTOR = "mentor"
    UNIT_CONTACT = "unit_contact"
    AUDITOR = "auditor"


class Organisation(Row, table=True):
    """An academy or office; it owns its cohorts and its people."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("name"),)

    id: int | None = key()
    name: str


class Cohort(Row, table=True):
    """One run of a training camp. ``push_at`` is the local hour of the morning push."""

    __tablename__ = "cohort"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
    )

    id: int | None = key()
    organisation_id: int = reference("organisation.id")
    name: str
    starts_on: date
    ends_on: date
    time_zone: str
    language: str = "zh"
    push_at: time = time(7, 30)
    created_at: datetime


class Person(Row, table=True):
    """A person of an organisation, perhaps linked to one Telegram account.

    ``language`` is what the person chose; empty means not chosen yet. ``unreachable_at`` is set when Telegram says the
    person has blocked the bot and cleared by the person's next message.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("organisation_id", "phone"),
        UniqueConstraint("telegram_id"),
        Index("ix_person_organisation_id_name", "organisation_id", "name"),
    )

    id: int | None = key()
    organisation_id: int = reference("organisation.id")
    name: str
    phone: str | None = Field(default=None)
    unit: str | None = Field(default=None)
    language: str = ""
    telegram_id: int | None = big(default=None, nullable=True)
    linked_at: datetime | None = Field(default=None)
    unreachable_at: datetime | None = Field(default=None)


class Membership(Row, table=True):
    """A person's place and role in a cohort. ``left_at`` keeps the row of somebody who left, for the record.

    ``group_name`` is the present group; which it was on a past day is for ``groups`` to say.
    """

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id", "role"), Index("ix_membership_person_id", "person_id"))

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    person_id: int = reference("person.id")
    role: str = Role.TRAINEE
    group_name: str | None = Field(default=None)
    post: str | None = Field(default=None)
    joined_at: datetime
    left_at: datetime | None = Field(default=None)


class GroupSpell(Row, table=True):
    """From which local day a trainee belongs to which group (empty: to none), until the next such row.

    Days before the first row had that row's group, and somebody without any row has always had the membership's. So
    yesterday's attendance keeps yesterday's group, and only those who ever changed have rows.
    """

    __tablename__ = "group_spell"

    cohort_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="cohort.id", sa_column_kwargs={"autoincrement": False}
    )
    person_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="person.id", sa_column_kwargs={"autoincrement": False}
    )
    since: date = Field(primary_key=True)
    group_name: str = ""


class Card(Row, table=True):
    """A one-time code that links an account to a person. Only its digest is stored; printing derives the code."""

    __tablename__ = "card"
    __table_args__ = (UniqueConstraint("digest"), Index("ix_card_person_id", "person_id"))

    id: int | None = key()
    person_id: int = reference("person.id")
    cohort_id: int = reference("cohort.id")
    digest: str = ""
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = Field(default=None)
    revoked_at: datetime | None = Field(default=None)


class Guess(Row, table=True):
    """How often somebody lately tried a wrong code. ``who`` is an account or an address, ``what`` the kind of code."""

    __tablename__ = "guess"

    who: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    failures: int = 0
    last_at: datetime


class ImportStatus(StrEnum):
    """Where an import stands. Only ``fetching``, ``choosing`` and ``previewed`` change any more."""

    FETCHING = "fetching"
    CHOOSING = "choosing"
    PREVIEWED = "previewed"
    DONE = "done"
    DROPPED = "dropped"
    FAILED = "failed"


class Import(Row, table=True):
    """A file on its way in: sent, read, previewed, then confirmed or dropped. ``content`` is what was read, as JSON.

    ``answers`` holds what the sender decided on the way; ``language`` is the sender's when the file was sent.
    """

    __tablename__ = "import"

    id: int | None = key()
    cohort_id: int | None = Field(default=None, sa_type=big().sa_type, foreign_key="cohort.id")
    sender_id: int = reference("person.id")
    chat_id: int = big()
    file_name: str
    kind: str = ""
    content: str | None = long_text(default=None, nullable=True)
    answers: str = long_text(default="{}")
    status: str = ImportStatus.FETCHING
    language: str = "en"
    preview_key: str = ""
    created_at: datetime


class Secret(Row, table=True):
    """A random key of this installation, from which codes and link addresses are derived."""

    __tablename__ = "secret"

    name: str = Field(primary_key=True)
    value: str
