"""The table of appeals: somebody says that a record about them is wrong, and a coordinator answers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from bot.tables import BigKey, Row, key, long_text, reference


class AppealStatus(StrEnum):
    """Where an appeal stands; only an open one changes."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


_OPEN = text("status = 'open'")


class Appeal(Row, table=True):
    """One objection to one record. ``before`` is what the record said when it was made, ``said`` the person's words.

    ``remind_at`` is when the coordinators are next reminded, empty when they no longer are; ``told`` lists the chats
    that have a message about it, as JSON.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        Index("ix_appeal_cohort_id_status", "cohort_id", "status"),
        Index("ix_appeal_remind_at", "remind_at"),
        Index("ix_appeal_person_id", "person_id"),
        Index("uq_appeal_open", "activity_id", "person_id", unique=True, sqlite_where=_OPEN),
        CheckConstraint("status IN ('open', 'accepted', 'declined', 'withdrawn')", name="status"),
    )

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    activity_id: int = reference("activity.id")
    person_id: int = reference("person.id")
    said: str = long_text()
    before: str
    status: str = AppealStatus.OPEN
    made_at: datetime
    due_at: datetime
    remind_at: datetime | None = Field(default=None)
    answered_at: datetime | None = Field(default=None)
    answered_by: int | None = Field(default=None, sa_type=BigKey, foreign_key="person.id")
    answer: str = long_text(default="")
    told: str = long_text(default="[]")
