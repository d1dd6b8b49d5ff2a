"""The inbox: one row an update or an answer fetched by the courier."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from bot.tables import Row, big, key, long_text


class Status(StrEnum):
    """Where a row stands."""

    NEW = "new"
    DONE = "done"
    PARKED = "parked"


class Kind(StrEnum):
    """What a row's body is."""

    UPDATE = "update"
    FETCHED = "fetched"
    BLOCKED = "blocked"


class Inbox(Row, table=True):
    """One update as Telegram sent it, or one answer of the courier's, with what became of it.

    ``seq`` is the order of arrival; ``external_id`` is Telegram's update id (any 64-bit number) or the outbox row that
    was answered. The pair of source and external id is what makes an update have one effect. ``attempts`` are those
    that failed; ``crashes`` are processes that ran the row alone and have not said how it ended.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint("status IN ('new', 'done', 'parked')", name="status"),
        Index("ix_inbox_waiting", "seq", sqlite_where=text("status = 'new'")),
        Index("ix_inbox_parked", "seq", sqlite_where=text("status = 'parked'")),
        Index("ix_inbox_received_at", "received_at"),
    )

    seq: int | None = key()
    source: str
    external_id: int = big()
    kind: str = Kind.UPDATE
    received_at: datetime
    body: str | None = long_text(default=None, nullable=True)
    status: str = Status.NEW
    attempts: int = Field(default=0)
    crashes: int | None = Field(default=None)
    error: str | None = long_text(default=None, nullable=True)
