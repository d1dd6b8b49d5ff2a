"""Reading notices for whoever looks at them. Writes nothing."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, not_, or_, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.notices.audiences import MEMBERSHIP, NOTICE, PERSON, RECIPIENT
from bot.notices.drafting import PART, parts_of
from bot.notices.models import Letter, Notice, Post, Recipient, Room, State, Status
from bot.notices.tally import HAS_SEEN
from bot.people.models import Role

PAGE = 8
LETTER = Letter.__table__  # type: ignore[attr-defined]
POST = Post.__table__  # type: ignore[attr-defined]
ROOM = Room.__table__  # type: ignore[attr-defined]
LATELY = 60
"""Among so many of a person's latest notices the one is looked for to which a message replies."""


def notices_page(session: Session, cohort_id: int, number: int) -> tuple[list[Notice], int, int]:
    """A page of the cohort's notices, the latest first; its number, and how many pages there are.

    A draft that was begun and never written is left out.
    """
    query = find(Notice).where(
        Notice.cohort_id == cohort_id,
        col(Notice.status).not_in((Status.DELETED, Status.TEMPLATE)),
        or_(col(Notice.status) != Status.DRAFT, exists(select(PART.c.id).where(PART.c.notice_id == NOTICE.c.id))),
    )
    total = session.connection().execute(select(func.count()).select_from(query.subquery())).scalar_one()
    pages = max(1, -(-total // PAGE))
    number = min(max(number, 0), pages - 1)
    page = session.exec(query.order_by(col(Notice.id).desc()).limit(PAGE).offset(number * PAGE)).all()
    return list(page), number, pages


def amendments(session: Session, notice_id: int) -> dict[str, int]:
    """How far the latest correction or the recall is, over all copies."""
    query = select(RECIPIENT.c.amendment, func.count()).where(RECIPIENT.c.notice_id == notice_id)
    rows = session.connection().execute(query.group_by(RECIPIENT.c.amendment))
    return {amendment: count for amendment, count in rows if amendment}


def answers(session: Session, notice_id: int) -> dict[int, int]:
    """How often each answer was given."""
    query = select(RECIPIENT.c.answer, func.count()).where(
        RECIPIENT.c.notice_id == notice_id, RECIPIENT.c.answer.is_not(None)
    )
    rows = session.connection().execute(query.group_by(RECIPIENT.c.answer))
    return {int(answer): count for answer, count in rows}


def posts(session: Session, notice_id: int) -> list[tuple[str, str, str]]:
    """The groups and channels of a notice: title, state, and why where it failed."""
    query = (
        select(ROOM.c.title, POST.c.state, POST.c.error)
        .join(POST, POST.c.room_id == ROOM.c.id)
        .where(POST.c.notice_id == notice_id)
        .order_by(ROOM.c.id)
    )
    return [(row.title, row.state, row.error) for row in session.connection().execute(query)]


def count_letters(session: Session, notice_id: int) -> int:
    """How many replies have come; the office's answers do not count."""
    query = select(func.count()).where(LETTER.c.notice_id == notice_id, LETTER.c.author_id == LETTER.c.person_id)
    total: int = session.connection().execute(query).scalar_one()
    return total


_HAS_IT = (State.SENT, State.UNKNOWN)


def _condition(which: str) -> Any:
    if which == "unseen":
        return RECIPIENT.c.state.in_(_HAS_IT) & not_(HAS_SEEN) & RECIPIENT.c.answered_at.is_(None)
    if which == "unanswered":
        return RECIPIENT.c.state.in_(_HAS_IT) & RECIPIENT.c.answered_at.is_(None)
    if which == State.WAITING:
        return RECIPIENT.c.state.in_((State.WAITING, State.QUEUED))
    return RECIPIENT.c.state == which


def recipients(
    session: Session, notice: Notice, which: str | None, *, limit: int | None = None, offset: int = 0
) -> Sequence[Any]:
    """The recipients in a state, or of a list such as ``unseen``, in the order of the roster; all for ``None``."""
    group, place = _membership(notice, MEMBERSHIP.c.group_name), _membership(notice, MEMBERSHIP.c.id)
    query = (
        select(*RECIPIENT.c, PERSON.c.name, PERSON.c.phone, PERSON.c.unit, group.label("group_name"))
        .join(PERSON, PERSON.c.id == RECIPIENT.c.person_id)
        .join(NOTICE, NOTICE.c.id == RECIPIENT.c.notice_id)
        .where(RECIPIENT.c.notice_id == notice.id)
        .order_by(place, RECIPIENT.c.person_id)
    )
    query = query if which is None else query.where(_condition(which))
    return session.connection().execute(query.limit(limit).offset(offset)).all()


def _membership(notice: Notice, column: Any) -> Any:
    """A column of a recipient's place on the roster, where the recipient is a trainee."""
    return (
        select(column)
        .where(
            MEMBERSHIP.c.person_id == RECIPIENT.c.person_id,
            MEMBERSHIP.c.cohort_id == notice.cohort_id,
            MEMBERSHIP.c.role == Role.TRAINEE,
        )
        .correlate(RECIPIENT)
        .scalar_subquery()
    )


def count_recipients(session: Session, notice: Notice, which: str) -> int:
    """How many those are."""
    query = (
        select(func.count())
        .select_from(RECIPIENT.join(NOTICE, NOTICE.c.id == RECIPIENT.c.notice_id))
        .where(RECIPIENT.c.notice_id == notice.id, _condition(which))
    )
    total: int = session.connection().execute(query).scalar_one()
    return total


def replied_to(session: Session, person_id: int, message_id: int) -> Recipient | None:
    """Which copy the person's message replies to, by the number of the message it points at."""
    query = find(Recipient).where(Recipient.person_id == person_id, Recipient.numbers != "[]")
    for one in session.exec(query.order_by(col(Recipient.notice_id).desc()).limit(LATELY)):
        if any(message_id in part for part in json.loads(one.numbers)):
            return one
    return None


def options_of(session: Session, notice_id: int) -> list[str]:
    """The answers that a notice offers, in order."""
    return [option for part in parts_of(session, notice_id) for option in json.loads(part.options)]


def is_quiet(session: Session, now: datetime) -> bool:
    """Whether the clock has nothing to do: no notice under way, none due, no album to close."""
    query = select(NOTICE.c.id).where(
        or_(
            and_(NOTICE.c.started_at.is_not(None), NOTICE.c.reported_at.is_(None)),
            and_(NOTICE.c.status == Status.SCHEDULED, NOTICE.c.starts_at <= now),
            NOTICE.c.gathering_until <= now,
        )
    )
    return session.connection().execute(query.limit(1)).first() is None
