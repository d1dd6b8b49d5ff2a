"""The timetable's table."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import Row, key, long_text, reference


class Activity(Row, table=True):
    """One item of a cohort's timetable (课次). ``version`` counts its changes, as iCalendar's SEQUENCE does.

    ``minutes`` is what it counts in the ledger of hours where that is not its length; ``group_name`` names the one
    group it is for (none: everybody).
    """

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_cohort_id_starts_at", "cohort_id", "starts_at"),
        Index("ix_activity_starts_at", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="times"),
    )

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    starts_at: datetime
    ends_at: datetime
    kind: str = ""
    title: str
    speaker: str = ""
    place: str = ""
    notes: str = long_text(default="")
    minutes: int | None = Field(default=None)
    group_name: str | None = Field(default=None)
    version: int = 0
    cancelled_at: datetime | None = Field(default=None)


class TimetableVersion(Row, table=True):
    """A cohort's whole timetable as it stood after a change, as JSON; versions count from 1 and are never rewritten."""

    __tablename__ = "timetable_version"
    __table_args__ = (UniqueConstraint("cohort_id", "number"),)

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    number: int
    made_at: datetime
    made_by: int | None = reference("person.id", default=None, nullable=True)
    cause: str
    content: str = long_text()
