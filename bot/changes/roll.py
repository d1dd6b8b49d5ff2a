"""Who has seen an announcement and who has not, for whoever must know. Reads only."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.changes import reading
from bot.changes.models import Announcement
from bot.changes.rules import Altered, for_lecturer
from bot.changes.service import RECEIPT
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort
from bot.people.service import PERSON, Speaker

PAGE = 8


class Overview(Struct, frozen=True):
    """An announcement and how far it has got. ``unreached`` are concerned but have no account that can be reached."""

    announcement: Announcement
    cohort: Cohort
    alterations: tuple[Altered, ...]
    concerned: int = 0
    seen: int = 0
    unreached: int = 0


class Unseen(Struct, frozen=True):
    """Somebody who has not pressed that they have seen it."""

    name: str
    phone: str | None
    unit: str | None
    is_reached: bool


class Page(Struct, frozen=True):
    """A stretch of those, ``number`` counting from 0."""

    overview: Overview
    people: Sequence[Unseen]
    number: int
    pages: int


def overview(session: Session, *, speaker: Speaker | None, announcement_id: int) -> Overview:
    """Where an announcement stands; raises Gone, NotAllowed."""
    announcement = reading.get(session, announcement_id)
    access.require_reader(session, speaker, announcement.cohort_id)
    return overview_of(session, announcement)


def overview_of(session: Session, announcement: Announcement) -> Overview:
    """The same for a pass, which nobody has asked."""
    counts = (
        select(func.count().label("all"), func.count(RECEIPT.c.seen_at).label("seen"), _reached_count())
        .join(PERSON, PERSON.c.id == RECEIPT.c.person_id)
        .where(RECEIPT.c.announcement_id == announcement.id)
    )
    row = session.connection().execute(counts).one()
    cohort = people.get_cohort(session, announcement.cohort_id)
    alterations = reading.recorded(session, announcement.id or 0)
    return Overview(announcement, cohort, alterations, row.all, row.seen, row.all - row.reached)


def recent(session: Session, *, speaker: Speaker | None, cohort_id: int, limit: int = PAGE) -> list[Overview]:
    """The latest announcements of a cohort, the newest first; raises NotAllowed."""
    access.require_reader(session, speaker, cohort_id)
    mine = find(Announcement).where(Announcement.cohort_id == cohort_id, Announcement.outcome.in_(("", "sent")))  # type: ignore[attr-defined]
    rows = session.exec(mine.order_by(col(Announcement.id).desc()).limit(limit)).all()
    return [overview_of(session, row) for row in rows]


def unseen(session: Session, *, speaker: Speaker | None, announcement_id: int, number: int) -> Page:
    """A page of those who have not seen it; raises Gone, NotAllowed."""
    found = overview(session, speaker=speaker, announcement_id=announcement_id)
    everybody = unseen_by(session, announcement_id)
    pages = max(1, -(-len(everybody) // PAGE))
    number = min(max(number, 0), pages - 1)
    return Page(found, everybody[number * PAGE : (number + 1) * PAGE], number, pages)


def unseen_by(session: Session, announcement_id: int) -> list[Unseen]:
    """Everybody who has not seen it, by name: whom no message reaches first, since they must be called."""
    query = (
        select(PERSON.c.name, PERSON.c.phone, PERSON.c.unit, PERSON.c.telegram_id, PERSON.c.unreachable_at)
        .join(RECEIPT, RECEIPT.c.person_id == PERSON.c.id)
        .where(RECEIPT.c.announcement_id == announcement_id, RECEIPT.c.seen_at.is_(None))
        .order_by(PERSON.c.name, PERSON.c.id)
    )
    found = [Unseen(row.name, row.phone, row.unit, _is_reached(row)) for row in session.connection().execute(query)]
    return sorted(found, key=lambda one: one.is_reached)


def nudged(session: Session, announcement_id: int) -> list[Any]:
    """Account and language of everybody who has not seen it and can be reached."""
    query = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.telegram_id, PERSON.c.language)
        .join(RECEIPT, RECEIPT.c.person_id == PERSON.c.id)
        .where(
            RECEIPT.c.announcement_id == announcement_id,
            RECEIPT.c.seen_at.is_(None),
            PERSON.c.telegram_id.is_not(None),
            PERSON.c.unreachable_at.is_(None),
        )
    )
    return list(session.connection().execute(query.order_by(PERSON.c.id)).all())


def read_by(session: Session, overview: Overview, one: Any) -> tuple[Overview, str | None]:
    """The announcement as one of ``nudged`` reads it, and the group as whose member: a teacher, the own activities."""
    query = reading.membership_group(overview.announcement.cohort_id, one.id)
    found = session.connection().execute(query).first()
    if found is not None:
        return overview, found.group_name
    return replace(overview, alterations=for_lecturer(overview.alterations, one.name)), None


def _reached_count() -> Any:
    return func.count(PERSON.c.telegram_id).filter(PERSON.c.unreachable_at.is_(None)).label("reached")


def _is_reached(row: Any) -> bool:
    return row.telegram_id is not None and row.unreachable_at is None
