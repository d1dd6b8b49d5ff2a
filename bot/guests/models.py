"""The table of people outside the roster."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import Row, big, key, reference


class Guest(Row, table=True):
    """Somebody outside the roster, known by one Telegram account and by what they said of themselves.

    ``unreachable_at`` is set when Telegram says the guest has blocked the bot. The row is erased some time after the
    last event it was kept for.
    """

    __tablename__ = "guest"
    __table_args__ = (UniqueConstraint("telegram_id"), Index("ix_guest_organisation_id", "organisation_id"))

    id: int | None = key()
    organisation_id: int = reference("organisation.id")
    telegram_id: int = big()
    name: str
    unit: str = ""
    phone: str | None = Field(default=None)
    language: str = ""
    joined_at: datetime
    unreachable_at: datetime | None = Field(default=None)
