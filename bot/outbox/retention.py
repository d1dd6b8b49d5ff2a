"""How long the outbox remembers: what was said for a week, that it was said for a month. What waits is never touched.

Finding and removing are two steps, so that the search runs on a reader and the writer is held for one small batch.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlmodel import Session

from bot.outbox.models import Outbox, Status

TABLE = Outbox.__table__  # type: ignore[attr-defined]
BODY_LIFE = timedelta(days=7)
ROW_LIFE = timedelta(days=30)
BLANK = "{}"
SETTLED = (Status.SENT, Status.UNKNOWN, Status.FAILED, Status.CANCELLED)
IS_LAST = TABLE.c.id == select(func.max(TABLE.c.id)).scalar_subquery()
"""SQLite gives the number of a deleted last row away again, and the inbox knows answers by it: the last row stays."""


def find_old_payloads(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Settled rows older than a week that still have their payload, the oldest first."""
    query = select(TABLE.c.id).where(
        TABLE.c.created_at < now - BODY_LIFE,
        TABLE.c.settled_at < now - BODY_LIFE,
        TABLE.c.status.in_(SETTLED),
        TABLE.c.payload != BLANK,
    )
    return session.connection().execute(query.order_by(TABLE.c.created_at).limit(limit)).scalars().all()


def blank_payloads(session: Session, ids: Sequence[int]) -> int:
    """Take the payload out of these rows, as far as they are settled."""
    statement = update(TABLE).where(TABLE.c.id.in_(ids), TABLE.c.status.in_(SETTLED)).values(payload=BLANK)
    return session.connection().execute(statement).rowcount


def find_old_rows(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Rows settled more than a month ago, the oldest first."""
    query = select(TABLE.c.id).where(
        TABLE.c.created_at < now - ROW_LIFE,
        TABLE.c.settled_at < now - ROW_LIFE,
        TABLE.c.status.in_(SETTLED),
        ~IS_LAST,
    )
    return session.connection().execute(query.order_by(TABLE.c.created_at).limit(limit)).scalars().all()


def delete_rows(session: Session, ids: Sequence[int]) -> int:
    """Forget these rows, as far as they are settled."""
    statement = delete(TABLE).where(TABLE.c.id.in_(ids), TABLE.c.status.in_(SETTLED), ~IS_LAST)
    return session.connection().execute(statement).rowcount
