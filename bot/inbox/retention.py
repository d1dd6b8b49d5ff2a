"""How long the inbox remembers: bodies for a week, ids for a month (Telegram delivers again for a day at most).

Rows that still wait are never touched, and parked rows keep their place until somebody has looked at them. Finding and
removing are two steps, so that the search runs on a reader and the writer is held for one small batch.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlmodel import Session

from bot.inbox.models import Inbox, Status

TABLE = Inbox.__table__  # type: ignore[attr-defined]
BODY_LIFE = timedelta(days=7)
ID_LIFE = timedelta(days=30)
SETTLED = (Status.DONE, Status.PARKED)
IS_LAST = TABLE.c.seq == select(func.max(TABLE.c.seq)).scalar_subquery()
"""SQLite gives the number of a deleted last row away again, and what is said is keyed by it: the last row stays."""


def find_old_bodies(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Done and parked rows older than a week that still have their body, the oldest first."""
    query = select(TABLE.c.seq).where(
        TABLE.c.received_at < now - BODY_LIFE, TABLE.c.status.in_(SETTLED), TABLE.c.body.is_not(None)
    )
    return session.connection().execute(query.order_by(TABLE.c.received_at).limit(limit)).scalars().all()


def blank_bodies(session: Session, seqs: Sequence[int]) -> int:
    """Take the body out of these rows, as far as they are done or parked."""
    statement = update(TABLE).where(TABLE.c.seq.in_(seqs), TABLE.c.status.in_(SETTLED)).values(body=None)
    return session.connection().execute(statement).rowcount


def find_old_ids(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Rows done more than a month ago, the oldest first."""
    query = select(TABLE.c.seq).where(TABLE.c.received_at < now - ID_LIFE, TABLE.c.status == Status.DONE, ~IS_LAST)
    return session.connection().execute(query.order_by(TABLE.c.received_at).limit(limit)).scalars().all()


def delete_ids(session: Session, seqs: Sequence[int]) -> int:
    """Forget these rows, as far as they are done."""
    statement = delete(TABLE).where(TABLE.c.seq.in_(seqs), TABLE.c.status == Status.DONE, ~IS_LAST)
    return session.connection().execute(statement).rowcount
