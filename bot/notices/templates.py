"""Copies of notices: templates that serve every later camp of the office, and drafts made from what was sent."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col
from sqlmodel import select as find

from bot.errors import Gone
from bot.notices.drafting import open_draft
from bot.notices.models import Notice, Part, Status
from bot.people.service import Speaker


def keep_as_template(session: Session, notice: Notice, name: str, now: datetime) -> Notice:
    """Keep a copy under a name, for every later camp of the office."""
    template = copy_notice(session, notice, author_id=notice.author_id, chat_id=notice.author_chat, now=now)
    template.status, template.name, template.audience = Status.TEMPLATE, name, "[]"
    session.add(template)
    return template


def templates(session: Session) -> Sequence[Notice]:
    """The office's templates, the latest first."""
    query = find(Notice).where(Notice.status == Status.TEMPLATE).order_by(col(Notice.id).desc()).limit(20)
    return session.exec(query).all()


def use_template(
    session: Session, *, template_id: int, cohort_id: int, speaker: Speaker | None, chat_id: int, now: datetime
) -> Notice:
    """Begin a notice from a template; raises Gone, NotAllowed, CampIsOver."""
    template = session.get(Notice, template_id)
    if template is None or template.status != Status.TEMPLATE:
        raise Gone
    draft = open_draft(session, cohort_id=cohort_id, speaker=speaker, chat_id=chat_id, now=now)
    draft.wants_seen, draft.is_urgent = template.wants_seen, template.is_urgent
    _copy_parts(session, template.id or 0, draft.id or 0)
    return draft


def copy_notice(session: Session, notice: Notice, *, author_id: int, chat_id: int, now: datetime) -> Notice:
    """A new draft with the same parts, audience and options."""
    copy = Notice(
        cohort_id=notice.cohort_id,
        author_id=author_id,
        author_chat=chat_id,
        audience=notice.audience,
        wants_seen=notice.wants_seen,
        is_urgent=notice.is_urgent,
        is_pinned=notice.is_pinned,
        created_at=now,
        cause=notice.id,
    )
    session.add(copy)
    session.flush()
    _copy_parts(session, notice.id or 0, copy.id or 0)
    return copy


def _copy_parts(session: Session, source_id: int, target_id: int) -> None:
    for part in session.exec(find(Part).where(Part.notice_id == source_id)).all():
        session.add(Part(**part.model_dump(exclude={"id", "notice_id"}), notice_id=target_id))
    session.flush()
