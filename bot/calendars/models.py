"""The table of calendar addresses."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import Row, key, reference


class CalendarFeed(Row, table=True):
    """An address at which one person's timetable can be read. Only its digest is stored; showing it derives it."""

    __tablename__ = "calendar_feed"
    __table_args__ = (UniqueConstraint("digest"), Index("ix_calendar_feed_person_id", "person_id"))

    id: int | None = key()
    person_id: int = reference("person.id")
    digest: str = ""
    language: str = "en"
    created_at: datetime
    revoked_at: datetime | None = Field(default=None)
