"""How far a notice is: how many copies are in which state. Writes nothing."""

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session

from bot.notices import rules
from bot.notices.models import Notice, Recipient, State
from bot.outbox.models import IS_OWED
from bot.outbox.models import TABLE as OUTBOX

RECIPIENT, NOTICE = Recipient.__table__, Notice.__table__  # type: ignore[attr-defined]
HAS_SEEN = and_(
    RECIPIENT.c.seen_at.is_not(None),
    or_(NOTICE.c.corrected_at.is_(None), RECIPIENT.c.seen_at >= NOTICE.c.corrected_at),
)
"""That somebody has read it as it stands now: what was read before a correction does not count."""
GONE = (State.SENT, State.UNKNOWN, State.FAILED, State.BLOCKED)
LATELY = timedelta(seconds=20)


def owed_since(session: Session, notice_id: int) -> datetime | None:
    """Since when the oldest message of a notice that has not gone waits for the courier."""
    first, beyond = f"notice:{notice_id}:", f"notice:{notice_id};"
    query = select(func.min(OUTBOX.c.created_at)).where(IS_OWED, OUTBOX.c.key >= first, OUTBOX.c.key < beyond)
    since: datetime | None = session.connection().execute(query).scalar()
    return since


class Counts(Struct, frozen=True):
    """How many copies are in each state, how many have been seen and answered, and how fast they go.

    ``lately`` counts those that went within the last ``LATELY``, ``last`` is when the latest did.
    """

    states: dict[str, int]
    held: int
    seen: int
    answered: int
    lately: int = 0
    last: datetime | None = None

    @property
    def total(self) -> int:
        """All recipients, as frozen at the start."""
        return sum(self.states.values())

    @property
    def open(self) -> int:
        """Copies of which nothing is known yet."""
        return rules.counted(self.states, State.WAITING, State.QUEUED)

    def of(self, *states: State) -> int:
        """How many copies are in one of these states."""
        return rules.counted(self.states, *states)


def counts(session: Session, notice_id: int, now: datetime) -> Counts:
    """How far a notice is."""
    query = (
        select(
            RECIPIENT.c.state,
            func.count().label("n"),
            func.count(case((HAS_SEEN, 1))).label("seen"),
            func.count(RECIPIENT.c.answered_at).label("answered"),
            func.max(RECIPIENT.c.settled_at).label("last"),
            func.count(case((RECIPIENT.c.settled_at > now - LATELY, 1))).label("lately"),
        )
        .join(NOTICE, NOTICE.c.id == RECIPIENT.c.notice_id)
        .where(RECIPIENT.c.notice_id == notice_id)
        .group_by(RECIPIENT.c.state)
    )
    rows = session.connection().execute(query).all()
    held = select(func.count()).where(
        and_(RECIPIENT.c.notice_id == notice_id, RECIPIENT.c.state == State.WAITING, RECIPIENT.c.due_at > now)
    )
    return Counts(
        {row.state: row.n for row in rows},
        session.connection().execute(held).scalar_one(),
        sum(row.seen for row in rows),
        sum(row.answered for row in rows),
        sum(row.lately for row in rows if row.state in GONE),
        max((row.last for row in rows if row.last is not None and row.state in GONE), default=None),
    )
