"""Writing a notice: its draft, its audience and its options. Sends nothing.

Every function takes the speaker and asks anew whether they coordinate the cohort; what was sent is no longer a draft.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.audit import service as audit
from bot.errors import Gone, Refusal
from bot.notices.audiences import Criterion, read_criteria, toggled
from bot.notices.models import Notice, Part, Repeat, Status
from bot.people import access
from bot.people import service as people
from bot.people.service import Speaker

PART = Part.__table__  # type: ignore[attr-defined]
AFTER_CAMP = timedelta(days=90)
"""For so long after its last day a camp still gets notices: certificates, thanks, a photograph."""
WRITABLE = (Status.DRAFT, Status.TEMPLATE, Status.SCHEDULED)


class AlreadySent(Refusal):
    """This notice has already been sent. You can correct it or recall it."""


def open_draft(session: Session, *, cohort_id: int, speaker: Speaker | None, chat_id: int, now: datetime) -> Notice:
    """Begin a notice."""
    author = access.require_coordinator(session, speaker, cohort_id)
    cohort = people.get_cohort(session, cohort_id)
    if people.local_day(cohort, now) > cohort.ends_on + AFTER_CAMP:
        raise CampIsOver
    notice = Notice(cohort_id=cohort_id, author_id=author.person_id, author_chat=chat_id, created_at=now)
    session.add(notice)
    session.flush()
    return notice


class CampIsOver(Refusal):
    """This camp ended long ago; nothing is sent to its people any more."""


def get_notice(session: Session, notice_id: int, speaker: Speaker | None) -> Notice:
    """A notice that the speaker may handle; raises Gone, NotAllowed."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.status == Status.DELETED:
        raise Gone
    access.require_coordinator(session, speaker, notice.cohort_id)
    return notice


def writable(session: Session, notice_id: int, speaker: Speaker | None) -> Notice:
    """A notice that has not been sent; raises Gone, NotAllowed, AlreadySent."""
    notice = get_notice(session, notice_id, speaker)
    if notice.status not in WRITABLE:
        raise AlreadySent
    return notice


def parts_of(session: Session, notice_id: int, language: str | None = None) -> Sequence[Part]:
    """The parts in order; for a language its own versions where there are any."""
    query = find(Part).where(Part.notice_id == notice_id).order_by(col(Part.position), col(Part.language))
    every = session.exec(query).all()
    if language is None:
        return [part for part in every if not part.language]
    own = {part.position: part for part in every if part.language == language}
    return [own.get(part.position, part) for part in every if not part.language]


def languages_of(session: Session, notice_id: int) -> frozenset[str]:
    """The languages in which some part has a version of its own."""
    query = select(PART.c.language).where(PART.c.notice_id == notice_id, PART.c.language != "").distinct()
    return frozenset(session.connection().execute(query).scalars())


def toggle(session: Session, notice: Notice, criterion: Criterion) -> None:
    """Add a criterion to the audience, or take it away."""
    notice.audience = json.dumps(toggled(read_criteria(notice), criterion), ensure_ascii=False)
    session.add(notice)


def clear_audience(session: Session, notice: Notice) -> None:
    """Back to every trainee."""
    notice.audience = "[]"
    session.add(notice)


OPTIONS = ("wants_seen", "is_urgent", "is_pinned")


def flip(session: Session, notice: Notice, option: str) -> None:
    """Turn one of the options on or off; raises Gone for what is no option."""
    if option not in OPTIONS:
        raise Gone
    setattr(notice, option, not getattr(notice, option))
    session.add(notice)


def set_repeat(session: Session, notice: Notice, repeat: Repeat) -> None:
    """Make it come again every day or week until the camp ends, or not."""
    notice.repeat = repeat
    notice.repeat_until = people.get_cohort(session, notice.cohort_id).ends_on if repeat else None
    session.add(notice)


def give_reason(session: Session, notice: Notice, reason: str) -> None:
    """Keep why one more notice must go in a week that has had enough."""
    notice.reason = reason
    session.add(notice)


def delete_draft(session: Session, notice: Notice, speaker: Speaker, now: datetime) -> None:
    """Throw a draft or a template away; the log keeps that it was there."""
    before, notice.status = notice.status, Status.DELETED
    session.add(notice)
    log(session, notice, speaker, "delete", now, before={"status": before})


def log(
    session: Session,
    notice: Notice,
    speaker: Speaker,
    action: str,
    now: datetime,
    *,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> None:
    """Write one line of the change log about a notice."""
    audit.record(
        session,
        audit.entry(
            actor=speaker.actor,
            now=now,
            action=action,
            subject="notice",
            subject_id=notice.id or 0,
            cohort_id=notice.cohort_id,
            before=before,
            after=after,
            reason=reason,
        ),
    )
