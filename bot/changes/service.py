"""Noting what changed, so that it is told two minutes later as one message; seen buttons; nudges. Writes these tables.

Whoever edits a timetable, by whichever door, looks before (``stand``) and says afterwards what it had been
(``note_change``). An edit that is undone within the two minutes is never told.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.changes import reading
from bot.changes.models import Alteration, Announcement, Receipt
from bot.changes.reading import Draft, draft_of, get, open_announcement, stand
from bot.changes.rules import NUDGE_PAUSE, TOGETHER, Altered, Facts, compare, is_worth_telling
from bot.database import insert_missing
from bot.errors import Gone, Refusal
from bot.people import access
from bot.people import service as people
from bot.people.service import Speaker

__all__ = ["Draft", "Facts", "stand"]

ALTERATION = Alteration.__table__  # type: ignore[attr-defined]
RECEIPT = Receipt.__table__  # type: ignore[attr-defined]


class AlreadyGone(Refusal):
    """This change has gone out already."""


class TooSoon(Refusal):
    """They were reminded a moment ago. Please wait ten minutes, or call them."""


class NothingToSee(Refusal):
    """This change does not concern you."""


def note_change(
    session: Session, *, cohort_id: int, before: Mapping[int, Facts], actor: Actor, now: datetime
) -> Draft | None:
    """Note what has changed since ``before``; what will be told of it, ``None`` where there is nothing to tell.

    What changes again within two minutes joins the same announcement and keeps the state before the first edit.
    """
    session.flush()
    cohort = people.get_cohort(session, cohort_id)
    is_running = cohort.starts_on <= people.local_day(cohort, now)
    news = [
        one for one in compare(before, stand(session, cohort_id)) if is_worth_telling(one, now, is_running=is_running)
    ]
    if not news:
        return None
    announcement = open_announcement(session, cohort_id)
    is_new = announcement is None
    announcement = announcement or _open(session, cohort_id, actor, now)
    _join(session, announcement, news)
    return draft_of(session, announcement, now, is_new=is_new)


def hold(session: Session, *, speaker: Speaker | None, announcement_id: int, now: datetime) -> Draft:
    """Keep an announcement back until a coordinator sends it; raises AlreadyGone, Gone, NotAllowed."""
    announcement = _require_open(session, speaker, announcement_id)
    announcement.due_at = None
    _log(session, announcement, speaker, "hold", now)
    return draft_of(session, announcement, now)


def release(session: Session, *, speaker: Speaker | None, announcement_id: int, now: datetime) -> Draft:
    """Let an announcement go with the next pass; raises AlreadyGone, Gone, NotAllowed."""
    announcement = _require_open(session, speaker, announcement_id)
    announcement.due_at = now
    _log(session, announcement, speaker, "release", now)
    return draft_of(session, announcement, now)


def drop(session: Session, *, speaker: Speaker | None, announcement_id: int, now: datetime) -> Announcement:
    """Tell nobody. The timetable stays as it was edited; raises AlreadyGone, Gone, NotAllowed."""
    announcement = _require_open(session, speaker, announcement_id)
    settle(session, announcement, "dropped", now)
    _log(session, announcement, speaker, "drop", now)
    return announcement


def preview(session: Session, *, speaker: Speaker | None, announcement_id: int, now: datetime) -> Draft:
    """The draft for a coordinator or auditor; raises AlreadyGone, Gone, NotAllowed."""
    announcement = get(session, announcement_id)
    access.require_reader(session, speaker, announcement.cohort_id)
    if announcement.settled_at is not None:
        raise AlreadyGone
    return draft_of(session, announcement, now)


def see(session: Session, *, person_id: int, announcement_id: int, now: datetime) -> datetime:
    """Note that the person has seen it; the instant of the first time.

    Raises:
        NothingToSee: it does not concern the person, or has not gone.
    """
    mine = (RECEIPT.c.announcement_id == announcement_id, RECEIPT.c.person_id == person_id)
    connection = session.connection()
    connection.execute(update(RECEIPT).where(*mine, RECEIPT.c.seen_at.is_(None)).values(seen_at=now))
    row = connection.execute(select(RECEIPT.c.seen_at).where(*mine)).first()
    if row is None:
        raise NothingToSee
    seen_at: datetime = row.seen_at
    return seen_at


def nudge(session: Session, *, speaker: Speaker | None, announcement_id: int, now: datetime) -> Announcement:
    """Note that those who have not seen it are reminded now; raises TooSoon, Gone, NotAllowed."""
    announcement = get(session, announcement_id)
    access.require_coordinator(session, speaker, announcement.cohort_id)
    if announcement.outcome != "sent":
        raise Gone
    if announcement.nudged_at is not None and now - announcement.nudged_at < NUDGE_PAUSE:
        raise TooSoon
    announcement.nudges += 1
    announcement.nudged_at = now
    _log(session, announcement, speaker, "nudge", now)
    return announcement


def settle(session: Session, announcement: Announcement, outcome: str, now: datetime, told: int = 0) -> None:
    """Close an announcement for good."""
    announcement.settled_at, announcement.outcome, announcement.told = now, outcome, told
    session.add(announcement)
    session.flush()


def freeze(session: Session, announcement: Announcement, alterations: Sequence[Altered]) -> int:
    """Write down what is told and whom it concerns, linked or not; how many those are."""
    keep = update(ALTERATION).where(ALTERATION.c.announcement_id == announcement.id)
    for one in alterations:
        mine = keep.where(ALTERATION.c.activity_id == one.activity_id)
        session.connection().execute(mine.values(after=one.after.to_json()))
    groups = reading.groups_told(session, announcement.cohort_id, alterations)
    people_ids = session.connection().execute(reading.members(announcement.cohort_id, groups)).scalars()
    lecturers = reading.lecturers_told(session, announcement.cohort_id, alterations)
    concerned = [*people_ids, *(one.person_id for one in lecturers)]
    rows = [{"announcement_id": announcement.id, "person_id": person_id} for person_id in concerned]
    return insert_missing(session, RECEIPT, rows)


def _open(session: Session, cohort_id: int, actor: Actor, now: datetime) -> Announcement:
    announcement = Announcement(cohort_id=cohort_id, opened_at=now, opened_by=actor.person_id, due_at=now + TOGETHER)
    session.add(announcement)
    session.flush()
    return announcement


def _join(session: Session, announcement: Announcement, news: Sequence[Altered]) -> None:
    """Add activities; one that is there already keeps the state before its first edit."""
    rows = [
        {
            "announcement_id": announcement.id,
            "activity_id": one.activity_id,
            "before": one.before.to_json() if one.before else None,
        }
        for one in news
    ]
    insert_missing(session, ALTERATION, rows)


def _require_open(session: Session, speaker: Speaker | None, announcement_id: int) -> Announcement:
    announcement = get(session, announcement_id)
    access.require_coordinator(session, speaker, announcement.cohort_id)
    if announcement.settled_at is not None:
        raise AlreadyGone
    return announcement


def _log(session: Session, announcement: Announcement, speaker: Speaker | None, action: str, now: datetime) -> None:
    session.add(announcement)
    session.flush()
    line = audit.entry(
        actor=speaker.actor if speaker else Actor(name="system"),
        now=now,
        action=action,
        subject="announcement",
        subject_id=announcement.id or 0,
        cohort_id=announcement.cohort_id,
    )
    audit.record(session, line)
