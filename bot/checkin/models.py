"""The tables of check-in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import BigKey, Row, reference


class Method(StrEnum):
    """How somebody was recorded."""

    CODE = "code"
    SCAN = "scan"
    BUTTON = "button"
    HAND = "hand"


class Window(Row, table=True):
    """The open or closed check-in of one activity. ``secret`` feeds the rotating codes and the projector's address."""

    __tablename__ = "checkin_window"
    __table_args__ = (UniqueConstraint("show_code"), Index("ix_checkin_window_closed_at", "closed_at"))

    activity_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="activity.id", sa_column_kwargs={"autoincrement": False}
    )
    secret: str
    show_code: str | None = Field(default=None)
    opened_at: datetime
    opened_by: int = reference("person.id")
    closed_at: datetime | None = Field(default=None)


class Attendance(Row, table=True):
    """The one attendance of a person at an activity. ``arrived_at`` is empty when a coordinator marked them missing.

    The first accepted time never moves by itself. Present or late follows from it and the activity's present start.
    Which update made it stands in the change log.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        Index("ix_attendance_person_id", "person_id"),
        CheckConstraint("method IN ('code', 'scan', 'button', 'hand')", name="method"),
        {"sqlite_with_rowid": False},
    )

    activity_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="activity.id", sa_column_kwargs={"autoincrement": False}
    )
    person_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="person.id", sa_column_kwargs={"autoincrement": False}
    )
    arrived_at: datetime | None = Field(default=None)
    method: str = Method.CODE
    marked_by: int | None = Field(default=None, sa_type=BigKey, foreign_key="person.id")
    recorded_at: datetime
