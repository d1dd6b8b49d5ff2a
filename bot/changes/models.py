"""The tables of announced changes."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from bot.tables import Row, big, key, long_text, reference

OPEN = text("settled_at IS NULL")


class Announcement(Row, table=True):
    """Everything that changed in a cohort's timetable within two minutes: one message for each person concerned.

    A cohort has one open announcement at most. ``due_at`` is empty while a coordinator holds it back. ``outcome`` says
    what became of it: ``sent``, ``nothing`` (all was undone in time, or nobody is concerned) or ``dropped``.
    ``told`` is how many messages it took.
    """

    __tablename__ = "announcement"
    __table_args__ = (
        Index("uq_announcement_open", "cohort_id", unique=True, sqlite_where=OPEN),
        Index("ix_announcement_due_at", "due_at", sqlite_where=OPEN),
        Index("ix_announcement_cohort_id", "cohort_id"),
    )

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    opened_at: datetime
    opened_by: int | None = big(default=None, nullable=True)
    due_at: datetime | None = Field(default=None)
    settled_at: datetime | None = Field(default=None)
    outcome: str = ""
    told: int = 0
    nudges: int = 0
    nudged_at: datetime | None = Field(default=None)


class Alteration(Row, table=True):
    """One activity of an announcement: how it was before the first edit (empty: it was not there), and how it came out.

    Both are JSON; ``after`` is written when the announcement is sent, so that it can be shown again as it was.
    """

    __tablename__ = "alteration"
    __table_args__ = (UniqueConstraint("announcement_id", "activity_id"),)

    id: int | None = key()
    announcement_id: int = reference("announcement.id")
    activity_id: int = reference("activity.id")
    before: str | None = long_text(default=None, nullable=True)
    after: str | None = long_text(default=None, nullable=True)


class Receipt(Row, table=True):
    """A person whom an announcement concerns, frozen when it was sent, and when they pressed that they have seen it."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("announcement_id", "person_id"), Index("ix_receipt_person_id", "person_id"))

    id: int | None = key()
    announcement_id: int = reference("announcement.id")
    person_id: int = reference("person.id")
    seen_at: datetime | None = Field(default=None)
