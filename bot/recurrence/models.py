"""The tables of recurring pushes, in iCalendar's words."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import Row, key, reference


class Outcome(StrEnum):
    """What became of one local day."""

    FIRED = "fired"
    NOTHING_TO_SAY = "nothing_to_say"
    SKIPPED = "skipped"


class Recurrence(Row, table=True):
    """A push that a cohort gets every local day at ``at``; the next is that of ``next_on``, at the instant ``due_at``.

    ``due_at`` is empty once no day is left.
    """

    __tablename__ = "recurrence"
    __table_args__ = (UniqueConstraint("cohort_id", "kind"), Index("ix_recurrence_due_at", "due_at"))

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    kind: str
    at: time
    time_zone: str
    next_on: date
    until: date
    due_at: datetime | None = Field(default=None)


class Occurrence(Row, table=True):
    """The one outcome of a recurrence on a local day."""

    __tablename__ = "occurrence"
    __table_args__ = (UniqueConstraint("recurrence_id", "on"),)

    id: int | None = key()
    recurrence_id: int = reference("recurrence.id")
    on: date
    due_at: datetime
    settled_at: datetime
    outcome: str
    reason: str = Field(default="")
