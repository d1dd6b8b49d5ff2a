"""Reading announcements: how a timetable stands, what an announcement says, whom it concerns. Writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Select, func, or_, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.changes.models import Alteration, Announcement, Receipt
from bot.changes.rules import Altered, Facts, Field, for_lecturer, is_worth_telling
from bot.errors import Gone
from bot.outbox.models import TABLE as OUTBOX
from bot.outbox.models import Status
from bot.people import service as people
from bot.people.models import Cohort, Role
from bot.people.service import MEMBERSHIP, PERSON
from bot.reminders import before
from bot.reminders.rules import MOST
from bot.timetable.service import TABLE as ACTIVITY

Groups = frozenset[str | None]
"""Groups of a cohort; ``None`` stands for those who are in none."""

KEYS_AT_ONCE = 500
AHEAD = timedelta(minutes=MOST)
"""No reminder comes earlier."""

_WAITS = (OUTBOX.c.status == Status.NEW).label("waits")
_FACTS = (
    ACTIVITY.c.starts_at,
    ACTIVITY.c.ends_at,
    ACTIVITY.c.title,
    ACTIVITY.c.place,
    ACTIVITY.c.speaker,
    ACTIVITY.c.notes,
    ACTIVITY.c.group_name,
    ACTIVITY.c.cancelled_at,
)


class Draft(Struct, frozen=True):
    """An announcement before it goes: what it says, and how many get it, by group.

    ``due_at`` is ``None`` while it is held back. ``is_new`` says that no draft of it has been shown before.
    ``unreached`` is how many of those concerned have no linked account that can be reached; ``lecturers`` are teachers
    whose own activities it touches; ``corrections`` are reminders of an old time that have gone out.
    """

    announcement_id: int
    cohort: Cohort
    alterations: tuple[Altered, ...]
    due_at: datetime | None
    messages: Mapping[str | None, int]
    unreached: int = 0
    is_new: bool = False
    opened_by: int | None = None
    lecturers: int = 0
    corrections: int = 0

    @property
    def cost(self) -> int:
        """How many messages it takes."""
        return sum(self.messages.values()) + self.lecturers


class Lecturer(Struct, frozen=True):
    """A teacher whose own activity has changed; ``telegram_id`` only where a message reaches them."""

    person_id: int
    name: str
    language: str
    telegram_id: int | None


def stand(session: Session, cohort_id: int) -> dict[int, Facts]:
    """Every activity of the cohort as it stands now, cancelled ones included; to be taken before an edit."""
    rows = session.connection().execute(select(ACTIVITY.c.id, *_FACTS).where(ACTIVITY.c.cohort_id == cohort_id))
    return {row.id: _facts(row) for row in rows}


def open_announcement(session: Session, cohort_id: int) -> Announcement | None:
    """The cohort's announcement that has not gone yet."""
    query = find(Announcement).where(Announcement.cohort_id == cohort_id, col(Announcement.settled_at).is_(None))
    return session.exec(query).first()


def get(session: Session, announcement_id: int) -> Announcement:
    """The announcement of that id.

    Raises:
        Gone: there is none.
    """
    announcement = session.get(Announcement, announcement_id)
    if announcement is None:
        raise Gone
    return announcement


def sent(session: Session, cohort_id: int, limit: int) -> Sequence[Announcement]:
    """The cohort's announcements that have gone out, the latest first."""
    query = find(Announcement).where(Announcement.cohort_id == cohort_id, Announcement.outcome == "sent")
    return session.exec(query.order_by(col(Announcement.id).desc()).limit(limit)).all()


def unseen(session: Session, cohort_id: int, announcement_ids: Sequence[int]) -> frozenset[int]:
    """Who has not pressed *seen* under one of these announcements of the cohort."""
    query = (
        find(Receipt.person_id)
        .join(Announcement, col(Announcement.id) == Receipt.announcement_id)
        .where(
            Announcement.cohort_id == cohort_id,
            col(Receipt.announcement_id).in_(announcement_ids),
            col(Receipt.seen_at).is_(None),
        )
    )
    return frozenset(session.exec(query))


def draft_of(session: Session, announcement: Announcement, now: datetime, *, is_new: bool = False) -> Draft:
    """What the announcement would say if it went now, and to how many."""
    cohort = people.get_cohort(session, announcement.cohort_id)
    pairs = _pairs(session, announcement)
    return replace(
        estimate(session, cohort, pairs, now),
        announcement_id=announcement.id or 0,
        due_at=announcement.due_at,
        is_new=is_new,
        opened_by=announcement.opened_by,
    )


def estimate(session: Session, cohort: Cohort, pairs: Iterable[Altered], now: datetime) -> Draft:
    """What telling these would take; what is no news is left out."""
    cohort_id, alterations = cohort.id or 0, _worth_telling(pairs, now)
    messages, unreached = count_messages(session, cohort_id, alterations)
    lecturers = lecturers_told(session, cohort_id, alterations)
    reached = sum(one.telegram_id is not None for one in lecturers)
    unreached += len(lecturers) - reached
    corrections = _count_corrections(session, cohort_id, alterations, now)
    return Draft(0, cohort, alterations, None, messages, unreached, lecturers=reached, corrections=corrections)


def waiting(session: Session, cohort_id: int) -> dict[int, Facts | None]:
    """What waits to be told: each activity as it was before its first edit."""
    announcement = open_announcement(session, cohort_id)
    if announcement is None:
        return {}
    rows = session.exec(find(Alteration).where(Alteration.announcement_id == announcement.id)).all()
    return {row.activity_id: _read(row.before) for row in rows}


def owed(session: Session, keys: Sequence[str]) -> list[Any]:
    """The messages with these keys that wait, are leaving or have left."""
    found: list[Any] = []
    for start in range(0, len(keys), KEYS_AT_ONCE):
        query = select(OUTBOX.c.key, OUTBOX.c.chat_id, _WAITS).where(
            OUTBOX.c.key.in_(keys[start : start + KEYS_AT_ONCE]),
            OUTBOX.c.status.in_((Status.NEW, Status.SENDING, Status.SENT)),
        )
        found += session.connection().execute(query).all()
    return found


def moved(alterations: Iterable[Altered]) -> list[Altered]:
    """Those of which an earlier reminder would tell the old time."""
    return [one for one in alterations if one.before and {Field.TIME, Field.CANCELLED} & {*one.fields}]


def current(session: Session, announcement: Announcement, now: datetime) -> tuple[Altered, ...]:
    """What an open announcement has to tell as things stand: what was undone and what is over is left out."""
    return _worth_telling(_pairs(session, announcement), now)


def recorded(session: Session, announcement_id: int) -> tuple[Altered, ...]:
    """What an announcement told when it went."""
    rows = session.exec(find(Alteration).where(Alteration.announcement_id == announcement_id)).all()
    pairs = [Altered(row.activity_id, _read(row.before), Facts.from_json(row.after)) for row in rows if row.after]
    return tuple(sorted(pairs, key=lambda one: (one.after.starts_at, one.activity_id)))


def groups_told(session: Session, cohort_id: int, alterations: Sequence[Altered]) -> Groups:
    """The groups of the cohort for which something is different."""
    query = select(MEMBERSHIP.c.group_name).where(*_trainees(cohort_id)).distinct()
    groups = session.connection().execute(query).scalars() if alterations else ()
    return frozenset(group for group in groups if any(one.is_news_for(group) for one in alterations))


def members(cohort_id: int, groups: Groups) -> Select[Any]:
    """The trainees of these groups, as a query of person ids."""
    named = MEMBERSHIP.c.group_name.in_(sorted(group for group in groups if group is not None))
    grouped = or_(named, MEMBERSHIP.c.group_name.is_(None)) if None in groups else named
    return select(MEMBERSHIP.c.person_id).where(*_trainees(cohort_id), grouped).order_by(MEMBERSHIP.c.person_id)


def count_messages(
    session: Session, cohort_id: int, alterations: Sequence[Altered]
) -> tuple[dict[str | None, int], int]:
    """How many messages it takes, by group as the roster has them, and how many people no message can reach."""
    groups = groups_told(session, cohort_id, alterations)
    can_be_reached = PERSON.c.telegram_id.is_not(None) & PERSON.c.unreachable_at.is_(None)
    query = (
        select(MEMBERSHIP.c.group_name, can_be_reached.label("reached"), func.count().label("n"))
        .join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id)
        .where(*_trainees(cohort_id))
        .group_by(MEMBERSHIP.c.group_name, can_be_reached)
        .order_by(func.min(MEMBERSHIP.c.id))
    )
    rows = [row for row in session.connection().execute(query) if row.group_name in groups]
    reached = {row.group_name: row.n for row in rows if row.reached}
    in_order = {group: reached[group] for group in dict.fromkeys(row.group_name for row in rows) if group in reached}
    return in_order, sum(row.n for row in rows if not row.reached)


def lecturers_told(session: Session, cohort_id: int, alterations: Sequence[Altered]) -> list[Lecturer]:
    """The teachers of the cohort whose own activities are touched, trainees among them left out."""
    trainees = select(MEMBERSHIP.c.person_id).where(*_trainees(cohort_id))
    query = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.language, PERSON.c.telegram_id, PERSON.c.unreachable_at)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(
            MEMBERSHIP.c.cohort_id == cohort_id,
            MEMBERSHIP.c.role == Role.TEACHER,
            MEMBERSHIP.c.left_at.is_(None),
            PERSON.c.id.not_in(trainees),
        )
        .order_by(PERSON.c.id)
    )
    rows = session.connection().execute(query).all() if alterations else []
    return [
        Lecturer(row.id, row.name, row.language, None if row.unreachable_at else row.telegram_id)
        for row in rows
        if for_lecturer(alterations, row.name)
    ]


def _pairs(session: Session, announcement: Announcement) -> list[Altered]:
    rows = session.exec(find(Alteration).where(Alteration.announcement_id == announcement.id)).all()
    standing = _stand_of(session, [row.activity_id for row in rows])
    return [Altered(row.activity_id, _read(row.before), standing[row.activity_id]) for row in rows]


def _worth_telling(pairs: Iterable[Altered], now: datetime) -> tuple[Altered, ...]:
    told = [one for one in pairs if is_worth_telling(one, now, is_running=True)]
    return tuple(sorted(told, key=lambda one: (one.after.starts_at, one.activity_id)))


def _count_corrections(session: Session, cohort_id: int, alterations: Sequence[Altered], now: datetime) -> int:
    """How many reminders of an old time have been sent; none of what begins later than any reminder reaches."""
    soon = [one for one in moved(alterations) if one.before and one.before.starts_at <= now + AHEAD]
    if not soon:
        return 0
    groups = groups_told(session, cohort_id, alterations)
    person_ids = session.connection().execute(members(cohort_id, groups)).scalars().all()
    prefixes = [before.prefix(one.activity_id, one.before.starts_at) for one in soon if one.before]
    return len(owed(session, [f"{prefix}{person_id}" for prefix in prefixes for person_id in person_ids]))


def _trainees(cohort_id: int) -> Iterable[Any]:
    return (
        MEMBERSHIP.c.cohort_id == cohort_id,
        MEMBERSHIP.c.role == Role.TRAINEE,
        MEMBERSHIP.c.left_at.is_(None),
    )


def _stand_of(session: Session, activity_ids: Sequence[int]) -> dict[int, Facts]:
    rows = session.connection().execute(select(ACTIVITY.c.id, *_FACTS).where(ACTIVITY.c.id.in_(activity_ids)))
    return {row.id: _facts(row) for row in rows}


def _facts(row: Any) -> Facts:
    return Facts(
        row.starts_at,
        row.ends_at,
        row.title,
        row.place,
        row.speaker,
        row.notes,
        row.group_name,
        row.cancelled_at is not None,
    )


def _read(text: str | None) -> Facts | None:
    return Facts.from_json(text) if text else None


def membership_group(cohort_id: int, person_id: int) -> Select[Any]:
    """The group of a trainee, as a query."""
    return select(MEMBERSHIP.c.group_name).where(*_trainees(cohort_id), MEMBERSHIP.c.person_id == person_id)
