"""Looking through ledgers for what must be said: half and three quarters of the allowance, and the end of a course.

Each level is told once. An end that hours made up have undone is told too, and may then come again.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, func, not_, or_, select
from sqlmodel import Session

from bot.audit.models import Change
from bot.database import insert_missing
from bot.hours import ledgers
from bot.hours.models import HoursReview, HoursWarning
from bot.hours.rules import Entry, Ledger, Level, crossed
from bot.hours.viewing import Account, account_of
from bot.people.models import Cohort

WARNING = HoursWarning.__table__  # type: ignore[attr-defined]
REVIEW = HoursReview.__table__  # type: ignore[attr-defined]
CHANGE = Change.__table__  # type: ignore[attr-defined]
COHORT = Cohort.__table__  # type: ignore[attr-defined]

LOOKED_AT_AFTER = timedelta(days=30)
"""How long after its end a cohort's ledgers are still looked through: what was missed is made up within that."""

FAR_BEHIND = 5000
"""After so many lines of the log a camp is looked through anyway, so that no look has to go back further."""

MANY = 500
"""Beyond so many people the whole camp is read instead: a statement has room for only so many values."""

NO_HOURS = (
    *("attempt", "bank", "card", "discussion", "manners", "notice", "question", "reminders", "room", "test"),
    *("forum_call", "forum_order", "forum_pool", "forum_signup", "forum_slot", "forum_stage"),
)
"""What lines of the log may be about that no ledger is made of; whatever is not named here is taken to matter."""


class News(Struct, frozen=True):
    """What a person must be told: the level reached, by which activity; or, ``is_lifted``, that the end is undone."""

    account: Account
    level: Level
    entry: Entry | None
    is_lifted: bool = False


class Review(Struct, frozen=True):
    """A cohort that has been looked through: who has news, and how far the log was read."""

    cohort_id: int
    person_ids: tuple[int, ...]
    change_id: int
    at: datetime


def cohorts_to_review(session: Session, now: datetime) -> Sequence[int]:
    """The cohorts in which something has changed, or come to its end, since they were last looked through."""
    last = session.connection().execute(select(func.max(CHANGE.c.id))).scalar() or 0
    seen = func.coalesce(REVIEW.c.change_id, 0)
    changed = and_(CHANGE.c.cohort_id == COHORT.c.id, CHANGE.c.id > seen)
    news = select(CHANGE.c.id).where(changed, _matters()).exists()
    query = (
        select(
            COHORT.c.id,
            REVIEW.c.reviewed_at,
            or_(REVIEW.c.change_id.is_(None), seen < last - FAR_BEHIND, news).label("changed"),
        )
        .select_from(COHORT.outerjoin(REVIEW, REVIEW.c.cohort_id == COHORT.c.id))
        .where(
            COHORT.c.ends_on >= (now - LOOKED_AT_AFTER).date(), COHORT.c.starts_on <= (now + timedelta(days=1)).date()
        )
        .order_by(COHORT.c.id)
    )
    rows = session.connection().execute(query).all()
    return [row.id for row in rows if row.changed or _has_settled(session, row.id, row.reviewed_at, now)]


def review(session: Session, cohort_id: int, now: datetime) -> Review:
    """Look through the ledgers of a cohort that may have changed; fit for a reader, since it writes nothing."""
    last = session.connection().execute(select(func.max(CHANGE.c.id))).scalar() or 0
    told = _told(session, cohort_id)
    found = ledgers.ledgers_of(session, cohort_id, now, _touched(session, cohort_id, now))
    people = (key for key, (_, ledger) in found.items() if _is_news(ledger, told.get(key, frozenset())))
    return Review(cohort_id, tuple(people), last, now)


def take_news(session: Session, *, cohort_id: int, person_ids: Collection[int], now: datetime) -> list[News]:
    """What these people must be told, as things stand now; recorded as told, so that it comes once."""
    return [news for person_id in person_ids for news in take_news_of(session, cohort_id, person_id, now)]


def take_news_of(session: Session, cohort_id: int, person_id: int, now: datetime) -> list[News]:
    """The same for one person, to be asked after whatever has changed that person's ledger.

    Raises:
        Gone: there is no such trainee.
    """
    account = account_of(session, cohort_id, person_id, now)
    told = _told(session, cohort_id, person_id).get(person_id, frozenset())
    level = account.ledger.level
    if Level.OVER in told and level is not Level.OVER:
        _forget(session, cohort_id, person_id)
        return [News(account, level, None, is_lifted=True)]
    fresh = crossed(level, told)
    if not fresh:
        return []
    entry = account.ledger.latest_loss
    _remember(session, cohort_id, person_id, fresh, entry, now)
    return [News(account, level, entry)] if fresh[-1] is level else []


def finish(session: Session, done: Review) -> None:
    """Remember how far a cohort has been looked through."""
    values = {"change_id": done.change_id, "reviewed_at": done.at}
    is_it = REVIEW.c.cohort_id == done.cohort_id
    if not session.connection().execute(REVIEW.update().where(is_it).values(values)).rowcount:
        session.connection().execute(REVIEW.insert(), {"cohort_id": done.cohort_id, **values})


def _matters() -> Any:
    """Changes that can use up an allowance or give it back; an arrival does neither before its activity is over."""
    is_arrival = and_(CHANGE.c.subject == "attendance", CHANGE.c.action == "arrive")
    return and_(CHANGE.c.subject.not_in(NO_HOURS), not_(is_arrival))


def _touched(session: Session, cohort_id: int, now: datetime) -> Collection[int] | None:
    """Whose ledgers may have changed since the last look; ``None`` for everybody's.

    A line of the log about one person touches that person's ledger; any other, and the end of an activity, everybody's.
    """
    seen = session.connection().execute(REVIEW.select().where(REVIEW.c.cohort_id == cohort_id)).first()
    if seen is None or _has_settled(session, cohort_id, seen.reviewed_at, now):
        return None
    lines = select(CHANGE.c.person_id).where(CHANGE.c.cohort_id == cohort_id, CHANGE.c.id > seen.change_id, _matters())
    people = session.connection().execute(lines.distinct().limit(MANY + 1)).scalars().all()
    return None if None in people or len(people) > MANY else people


def _has_settled(session: Session, cohort_id: int, since: datetime | None, now: datetime) -> bool:
    settled = ledgers.settlements_of(session, cohort_id)
    return any(at <= now and (since is None or at > since) for at in settled.values())


def _is_news(ledger: Ledger, told: Collection[Level]) -> bool:
    return bool(crossed(ledger.level, told)) or (Level.OVER in told and ledger.level is not Level.OVER)


def _told(session: Session, cohort_id: int, person_id: int | None = None) -> dict[int, frozenset[Level]]:
    query = select(WARNING.c.person_id, WARNING.c.level).where(WARNING.c.cohort_id == cohort_id)
    query = query.where(WARNING.c.person_id == person_id) if person_id is not None else query
    found: dict[int, frozenset[Level]] = {}
    for row in session.connection().execute(query):
        found[row.person_id] = found.get(row.person_id, frozenset()) | {Level(row.level)}
    return found


def _remember(
    session: Session, cohort_id: int, person_id: int, levels: Sequence[Level], entry: Entry | None, now: datetime
) -> None:
    same = {
        "cohort_id": cohort_id,
        "person_id": person_id,
        "activity_id": entry.record.activity_id if entry else None,
        "told_at": now,
    }
    insert_missing(session, WARNING, [same | {"level": level.value} for level in levels])


def _forget(session: Session, cohort_id: int, person_id: int) -> None:
    is_it = (WARNING.c.cohort_id == cohort_id, WARNING.c.person_id == person_id, WARNING.c.level == Level.OVER)
    session.connection().execute(WARNING.delete().where(*is_it))
