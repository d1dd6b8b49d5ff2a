"""The outbox: one row a call that Telegram is owed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, literal_column, text
from sqlmodel import Field

from bot.tables import Row, big, key, long_text


class Status(StrEnum):
    """Where a row stands. Only ``new`` and ``sending`` change any more."""

    NEW = "new"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Outbox(Row, table=True):
    """One call to the Bot API, recorded in the transaction that owes it.

    ``key`` says what the row is for, so that the same cause never speaks twice. ``edits_key`` names the row whose
    message this one changes, perhaps not sent yet; ``edits_id`` is that message's number where Telegram gave it.
    ``album`` is the JSON list of the numbers of all its messages, where the call made more than one.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("status IN ('new', 'sending', 'sent', 'unknown', 'failed', 'cancelled')", name="status"),
        Index(
            "ix_outbox_waiting",
            "lane",
            "id",
            sqlite_where=text("status IN ('new', 'sending')"),
        ),
        Index("ix_outbox_created_at", "created_at"),
    )

    id: int | None = key()
    key: str
    lane: int
    chat_id: int = big()
    method: str
    payload: str = long_text()
    edits_key: str | None = Field(default=None)
    edits_id: int | None = big(default=None, nullable=True)
    created_at: datetime
    due_at: datetime | None = Field(default=None)
    status: str = Status.NEW
    attempts: int = Field(default=0)
    message_id: int | None = big(default=None, nullable=True)
    album: str | None = long_text(default=None, nullable=True)
    error: str | None = long_text(default=None, nullable=True)
    settled_at: datetime | None = Field(default=None)


TABLE = Outbox.__table__  # type: ignore[attr-defined]
IS_OWED = TABLE.c.status.in_([literal_column("'new'"), literal_column("'sending'")])
"""The condition of the index of what waits, word for word: with parameters SQLite would read the whole table."""
