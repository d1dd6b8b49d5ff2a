"""The change log's table."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from bot.tables import Row, big, key, long_text


class Change(Row, table=True):
    """One change. ``actor_id`` is the person who made it; without one, ``actor`` says what did, such as ``command``."""

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_subject", "subject", "subject_id"), Index("ix_change_person_id", "person_id"))

    id: int | None = key()
    at: datetime
    actor_id: int | None = big(default=None, nullable=True)
    actor: str = ""
    cohort_id: int | None = big(default=None, nullable=True)
    person_id: int | None = big(default=None, nullable=True)
    action: str
    subject: str
    subject_id: int = big(default=0)
    before: str | None = long_text(default=None, nullable=True)
    after: str | None = long_text(default=None, nullable=True)
    reason: str = Field(default="")
