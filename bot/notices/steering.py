"""Steering a notice that has begun: paused, gone on with, cancelled, recalled, followed by a reminder.

Decides what each copy's state is to be; ``dispatch`` carries it to the outbox. No update and no clock in here.
"""

import json
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session

from bot.notices import drafting, templates
from bot.notices.audiences import read_criteria
from bot.notices.models import Notice, Post, Recipient, State, Status
from bot.people.service import Speaker

RECIPIENT = Recipient.__table__  # type: ignore[attr-defined]
POST = Post.__table__  # type: ignore[attr-defined]


def pause(session: Session, notice: Notice, speaker: Speaker, now: datetime) -> bool:
    """Hold back what has not gone; whether it was under way."""
    return _switch(session, notice, Status.SENDING, Status.PAUSED, "pause", speaker, now)


def go_on(session: Session, notice: Notice, speaker: Speaker, now: datetime) -> bool:
    """Go on with a paused notice; whether it was paused."""
    return _switch(session, notice, Status.PAUSED, Status.SENDING, "resume", speaker, now)


def cancel(session: Session, notice: Notice, speaker: Speaker, now: datetime) -> bool:
    """Send nothing more of it; whether anything could still be kept back. What is on its way arrives."""
    if notice.status not in (Status.SENDING, Status.PAUSED):
        return False
    for table, columns in ((RECIPIENT, {"settled_at": now}), (POST, {"settled_at": now})):
        statement = update(table).where(table.c.notice_id == notice.id, table.c.state == State.WAITING)
        session.execute(statement.values(state=State.CANCELLED, **columns))
    notice.status = Status.CANCELLED
    session.add(notice)
    drafting.log(session, notice, speaker, "cancel", now)
    return True


def _switch(
    session: Session, notice: Notice, before: Status, after: Status, action: str, speaker: Speaker, now: datetime
) -> bool:
    if notice.status != before:
        return False
    notice.status = after
    session.add(notice)
    drafting.log(session, notice, speaker, action, now)
    return True


def recall(session: Session, notice: Notice, speaker: Speaker, now: datetime) -> bool:
    """Take the notice back from everybody who has it; ``False`` where that was asked already."""
    if notice.recalled_at is not None or notice.started_at is None:
        return False
    cancel(session, notice, speaker, now)
    notice.recalled_at, notice.revision = now, notice.revision + 1
    reopen(session, notice)
    drafting.log(session, notice, speaker, "recall", now)
    return True


def reopen(session: Session, notice: Notice) -> None:
    """Let the clock carry out what was asked of a notice that was through."""
    if notice.status == Status.DONE:
        notice.status = Status.SENDING
    notice.reported_at = None
    session.add(notice)
    session.flush()


def remind(session: Session, notice: Notice, *, speaker: Speaker, chat_id: int, now: datetime) -> Notice:
    """A draft of the same words for those who have not answered it, or not seen it where nothing was asked."""
    copy = templates.copy_notice(session, notice, author_id=speaker.person_id, chat_id=chat_id, now=now)
    asked = any(json.loads(part.options) for part in drafting.parts_of(session, notice.id or 0))
    kind = "unanswered" if asked else "unseen"
    kept = [criterion for criterion in read_criteria(notice) if criterion[0] != kind]
    copy.audience = json.dumps([*kept, (kind, str(notice.id))], ensure_ascii=False)
    copy.wants_seen = notice.wants_seen
    session.add(copy)
    session.flush()
    return copy
