"""Reading appeals: one of them, those that wait, what one person has objected to. Writes nothing."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, select
from sqlmodel import Session

from bot.checkin import queries
from bot.checkin.appeal_models import Appeal, AppealStatus
from bot.checkin.outcomes import ActivityView
from bot.checkin.queries import PERSON
from bot.checkin.rules import Status
from bot.errors import Gone, NotLinked
from bot.people import access
from bot.people.service import Speaker

APPEAL = Appeal.__table__  # type: ignore[attr-defined]
_ANSWERER = PERSON.alias("answerer")


class AppealView(Struct, frozen=True):
    """An appeal as it is read. ``before`` is the record when it was made; ``told`` are chats that heard of it."""

    id: int
    activity: ActivityView
    person_id: int
    name: str
    said: str
    before: Status
    status: AppealStatus
    made_at: datetime
    due_at: datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    told: tuple[int, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.status is AppealStatus.OPEN


def show_appeal(session: Session, *, speaker: Speaker | None, appeal_id: int) -> AppealView:
    """One appeal, for whoever made it and for those who may read everything of its cohort.

    Raises:
        Gone: there is no such appeal.
        NotLinked, NotAllowed: it is not the speaker's to see.
    """
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise Gone
    if speaker is None:
        raise NotLinked
    if speaker.person_id != appeal.person_id:
        access.require_reader(session, speaker, appeal.cohort_id)
    return view(session, appeal_id)


def open_appeal(session: Session, *, activity_id: int, person_id: int) -> AppealView | None:
    """The appeal about this record that waits for its answer, if there is one."""
    found = _READ.where(
        APPEAL.c.activity_id == activity_id, APPEAL.c.person_id == person_id, APPEAL.c.status == AppealStatus.OPEN
    )
    row = session.connection().execute(found).first()
    return _view_of(session, row) if row else None


def open_appeals(session: Session, cohort_id: int) -> Sequence[AppealView]:
    """The appeals of a cohort that wait for their answer, the most urgent first."""
    found = _READ.where(APPEAL.c.cohort_id == cohort_id, APPEAL.c.status == AppealStatus.OPEN)
    return _all(session, found.order_by(APPEAL.c.due_at, APPEAL.c.id))


def appeals_of(session: Session, person_id: int, limit: int = 50) -> Sequence[AppealView]:
    """What one person has objected to, the newest first."""
    return _all(session, _READ.where(APPEAL.c.person_id == person_id).order_by(APPEAL.c.id.desc()).limit(limit))


def due_appeals(session: Session, now: datetime, limit: int) -> Sequence[AppealView]:
    """The open appeals whose coordinators are to be reminded by now, cohort by cohort."""
    found = _READ.where(APPEAL.c.status == AppealStatus.OPEN, APPEAL.c.remind_at <= now)
    return _all(session, found.order_by(APPEAL.c.cohort_id, APPEAL.c.due_at, APPEAL.c.id).limit(limit))


def has_due(session: Session, now: datetime) -> bool:
    """Whether any reminder is due; a plain look for the clock."""
    due = select(APPEAL.c.id).where(APPEAL.c.status == AppealStatus.OPEN, APPEAL.c.remind_at <= now).limit(1)
    return session.connection().execute(due).first() is not None


def view(session: Session, appeal_id: int) -> AppealView:
    """The appeal of that number, which must exist."""
    return _view_of(session, session.connection().execute(_READ.where(APPEAL.c.id == appeal_id)).one())


_READ = select(APPEAL, PERSON.c.name, _ANSWERER.c.name.label("answerer")).select_from(
    APPEAL.join(PERSON, PERSON.c.id == APPEAL.c.person_id).outerjoin(_ANSWERER, _ANSWERER.c.id == APPEAL.c.answered_by)
)


def _all(session: Session, query: Select[Any]) -> Sequence[AppealView]:
    return [_view_of(session, row) for row in session.connection().execute(query).all()]


def _view_of(session: Session, row: Any) -> AppealView:
    activity = queries.activity(session, row.activity_id)
    if activity is None:
        raise Gone
    return AppealView(
        row.id,
        queries.view_of(activity),
        row.person_id,
        row.name,
        row.said,
        Status(row.before),
        AppealStatus(row.status),
        row.made_at,
        row.due_at,
        row.answer,
        row.answerer or "",
        row.answered_at,
        tuple(json.loads(row.told)),
    )
