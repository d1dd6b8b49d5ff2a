"""The tables of reminders: what is due, what became of it, and how long before a coordinator wants them."""

from datetime import datetime, time

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from bot.tables import Row, key, reference

WAITING = text("settled_at IS NULL")


class Reminder(Row, table=True):
    """The reminder of an activity as it stood: of its beginning ``starts_at``, ``minutes`` ahead. One row, one outcome.

    A moved activity gets a new row; the old one is settled without a word. ``told`` counts the messages.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("activity_id", "starts_at", "minutes"),
        Index("ix_reminder_due_at", "due_at", sqlite_where=WAITING),
    )

    id: int | None = key()
    activity_id: int = reference("activity.id")
    minutes: int
    starts_at: datetime
    due_at: datetime
    settled_at: datetime | None = Field(default=None)
    outcome: str = ""
    reason: str = ""
    told: int = 0


class ReminderRule(Row, table=True):
    """How many minutes ahead a cohort wants reminders of one kind of activity (empty: of all others); 0 for none."""

    __tablename__ = "reminder_rule"
    __table_args__ = (
        UniqueConstraint("cohort_id", "kind"),
        CheckConstraint("minutes BETWEEN 0 AND 240", name="minutes"),
    )

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    kind: str = ""
    minutes: int


class ReminderHour(Row, table=True):
    """The local hour at which a cohort's reminder of the evening before comes, where it is not the usual one."""

    __tablename__ = "reminder_hour"

    cohort_id: int = reference("cohort.id", primary_key=True)
    evening_at: time


class ReminderMark(Row, table=True):
    """Up to which instant all beginnings of activities have been looked at. One row; it tells a downtime."""

    __tablename__ = "reminder_mark"

    id: int = Field(default=1, primary_key=True)
    at: datetime
