"""Sending announcements whose two minutes are over: freezing whom they concern, and which reminders they correct."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.changes import reading, service
from bot.changes.models import Announcement
from bot.changes.rules import Altered
from bot.people import service as people
from bot.people.models import Cohort
from bot.people.service import PERSON
from bot.preferences.audience import Audience, Wanted, find_audience
from bot.reminders import before

EVERYBODY = 1_000_000
"""An announcement goes out whole: a part of a camp must not go by the old time while the rest waits."""

_IS_DUE = select(Announcement.__table__.c.id).where(  # type: ignore[attr-defined]
    col(Announcement.settled_at).is_(None), col(Announcement.due_at) <= bindparam("now")
)


class Stale(Struct, frozen=True):
    """A reminder that told somebody the old time; ``waits`` means it has not left yet."""

    key: str
    chat_id: int
    language: str
    altered: Altered
    waits: bool


class Sending(Struct, frozen=True):
    """An announcement that goes now. ``concerned`` counts everybody whom it touches, linked or not."""

    announcement: Announcement
    cohort: Cohort
    alterations: tuple[Altered, ...]
    audience: Audience | None = None
    groups: reading.Groups = frozenset()
    concerned: int = 0
    stale: Sequence[Stale] = ()
    lecturers: Sequence[reading.Lecturer] = ()


def is_due(session: Session, now: datetime) -> bool:
    """Whether any announcement is due."""
    return session.connection().execute(_IS_DUE.limit(1), {"now": now}).first() is not None


def next_due(session: Session, now: datetime) -> Announcement | None:
    """The announcement that has been due the longest."""
    due = find(Announcement).where(col(Announcement.settled_at).is_(None), col(Announcement.due_at) <= now)
    return session.exec(due.order_by(col(Announcement.due_at), col(Announcement.id)).limit(1)).first()


def take(session: Session, announcement: Announcement, now: datetime) -> Sending:
    """Freeze what an announcement says and whom it concerns; it goes with this transaction or not at all."""
    cohort = people.get_cohort(session, announcement.cohort_id)
    alterations = reading.current(session, announcement, now)
    groups = reading.groups_told(session, announcement.cohort_id, alterations)
    lecturers = reading.lecturers_told(session, announcement.cohort_id, alterations)
    if not groups and not lecturers:
        service.settle(session, announcement, "nothing", now)
        return Sending(announcement, cohort, alterations)
    concerned = service.freeze(session, announcement, alterations)
    wanted = Wanted(announcement.cohort_id, None, by_group=True)
    audience = find_audience(session, wanted, now, limit=EVERYBODY)
    told = sum(len(chats) for manner, chats in audience.chats.items() if manner.group in groups)
    told += sum(one.telegram_id is not None for one in lecturers)
    service.settle(session, announcement, "sent", now, told)
    before.consider_told(session, [one.activity_id for one in alterations], now)
    stale = _stale(session, announcement, alterations)
    return Sending(announcement, cohort, alterations, audience, groups, concerned, stale, lecturers)


def _stale(session: Session, announcement: Announcement, alterations: Sequence[Altered]) -> list[Stale]:
    """Every reminder of an old time that one of these people has been owed."""
    moved = reading.moved(alterations)
    return [stale for one in moved for stale in _stale_of(session, announcement, one)]


def _stale_of(session: Session, announcement: Announcement, altered: Altered) -> list[Stale]:
    assert altered.before is not None  # noqa: S101 - the caller has looked
    prefix = before.prefix(altered.activity_id, altered.before.starts_at)
    mine = select(service.RECEIPT.c.person_id, PERSON.c.telegram_id, PERSON.c.language).join(
        PERSON, PERSON.c.id == service.RECEIPT.c.person_id
    )
    rows = session.connection().execute(mine.where(service.RECEIPT.c.announcement_id == announcement.id)).all()
    by_key = {f"{prefix}{row.person_id}": row for row in rows}
    language = people.get_cohort(session, announcement.cohort_id).language
    return [
        Stale(found.key, found.chat_id, by_key[found.key].language or language, altered, found.waits)
        for found in reading.owed(session, list(by_key))
    ]
