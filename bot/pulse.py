"""How the house is: what ``/readyz``, ``/metrics``, ``doctor`` and the watchdog ask. Reads only."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import func, select
from sqlmodel import Session

from bot.inbox.models import Inbox
from bot.outbox.models import Outbox
from bot.recurrence.models import Recurrence

INBOX = Inbox.__table__  # type: ignore[attr-defined]
OUTBOX = Outbox.__table__  # type: ignore[attr-defined]
RECURRENCE = Recurrence.__table__  # type: ignore[attr-defined]


class Pulse(Struct, frozen=True):
    """Queue lengths and lags, in rows and seconds."""

    inbox_waiting: int
    inbox_lag: float
    inbox_parked: int
    outbox_waiting: int
    outbox_lag: float
    schedule_lag: float


def take_pulse(session: Session, now: datetime) -> Pulse:
    """Count what waits; every query stands on an index of waiting rows."""
    waiting = INBOX.c.status == "new"
    owed = OUTBOX.c.status.in_(("new", "sending"))
    due = (OUTBOX.c.due_at.is_(None)) | (OUTBOX.c.due_at <= now)
    return Pulse(
        _count(session, INBOX, waiting),
        _age(session, INBOX.c.received_at, waiting, now),
        _count(session, INBOX, INBOX.c.status == "parked"),
        _count(session, OUTBOX, owed),
        _age(session, OUTBOX.c.created_at, owed & due & (OUTBOX.c.lane <= 1), now),
        _age(session, RECURRENCE.c.due_at, RECURRENCE.c.due_at <= now, now),
    )


def _count(session: Session, table: object, condition: object) -> int:
    query = select(func.count()).select_from(table).where(condition)  # type: ignore[arg-type]
    return session.connection().execute(query).scalar_one()


def _age(session: Session, column: object, condition: object, now: datetime) -> float:
    query: Any = select(func.min(column)).where(condition)  # type: ignore[arg-type]
    oldest: datetime | None = session.connection().execute(query).scalar()
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
