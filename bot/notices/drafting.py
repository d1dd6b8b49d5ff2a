"""Writing a notice: its parts, its audience and its options. Sends nothing.

Every function takes the speaker and asks anew whether they coordinate the cohort; what was sent is no longer a draft.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.audit import service as audit
from bot.errors import Gone, Refusal
from bot.notices.audiences import Criterion, read_criteria, toggled
from bot.notices.models import Kind, Notice, Part, Repeat, Status
from bot.people import access
from bot.people import service as people
from bot.people.service import Speaker

PART = Part.__table__  # type: ignore[attr-defined]
MOST_PARTS = 10
AFTER_CAMP = timedelta(days=90)
"""For so long after its last day a camp still gets notices: certificates, thanks, a photograph."""
ALBUM_PAUSE = timedelta(seconds=2)
"""An album arrives message by message; it is complete when nothing of it has come for so long."""
WRITABLE = (Status.DRAFT, Status.TEMPLATE, Status.SCHEDULED)


class AlreadySent(Refusal):
    """This notice has already been sent. You can correct it or recall it."""


class TooManyParts(Refusal):
    """A notice has at most ten messages. Please send what is left as a notice of its own."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One message that a coordinator sent to become part of a notice; ``album`` is Telegram's id of its album."""

    kind: Kind
    text: str = ""
    media: tuple[dict[str, Any], ...] = ()
    options: tuple[str, ...] = ()
    album: str = ""


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


def add_piece(session: Session, notice: Notice, piece: Piece, now: datetime) -> Part:
    """Append what the coordinator sent; the next item of an open album joins it.

    Raises:
        TooManyParts: there are ten already.
    """
    parts = parts_of(session, notice.id or 0)
    last = parts[-1] if parts else None
    if piece.album and last is not None and last.album == piece.album:
        last.media = json.dumps([*json.loads(last.media), *piece.media], ensure_ascii=False)
        last.text = last.text or piece.text
        part = last
    else:
        if len(parts) >= MOST_PARTS:
            raise TooManyParts
        part = _part(notice, len(parts), piece)
    if piece.album:
        notice.gathering_until = now + ALBUM_PAUSE
    session.add_all([part, notice])
    session.flush()
    return part


def _part(notice: Notice, position: int, piece: Piece) -> Part:
    return Part(
        notice_id=notice.id or 0,
        position=position,
        kind=Kind.ALBUM if piece.album else piece.kind,
        text=piece.text,
        media=json.dumps(piece.media, ensure_ascii=False),
        options=json.dumps(piece.options, ensure_ascii=False),
        album=piece.album,
    )


def close_albums(session: Session, now: datetime) -> Sequence[Notice]:
    """The drafts whose album is complete; an album of one is a plain picture or file."""
    query = find(Notice).where(col(Notice.gathering_until).is_not(None), col(Notice.gathering_until) <= now)
    notices = session.exec(query).all()
    for notice in notices:
        notice.gathering_until = None
        for part in parts_of(session, notice.id or 0):
            _close_album(part)
        session.add(notice)
    return notices


def _close_album(part: Part) -> None:
    media = json.loads(part.media)
    if part.kind == Kind.ALBUM and len(media) == 1:
        part.kind = media[0]["type"]
    part.album = ""


def drop_last_piece(session: Session, notice: Notice) -> None:
    """Take away the last part, with its versions in other languages."""
    last = session.connection().execute(select(func.max(PART.c.position)).where(PART.c.notice_id == notice.id)).scalar()
    session.connection().execute(delete(PART).where(PART.c.notice_id == notice.id, PART.c.position == last))
    session.expire_all()


def word_in(session: Session, notice: Notice, *, language: str, text: str) -> Part:
    """Give the first part that has words another text for readers of one language.

    Raises:
        Gone: the notice has no part with words.
    """
    first = next((part for part in parts_of(session, notice.id or 0) if part.kind != Kind.COPY), None)
    if first is None:
        raise Gone
    query = find(Part).where(Part.notice_id == notice.id, Part.position == first.position, Part.language == language)
    own = session.exec(query).first() or Part(
        notice_id=first.notice_id,
        position=first.position,
        language=language,
        kind=first.kind,
        media=first.media,
        options=first.options,
    )
    own.text = text
    session.add(own)
    session.flush()
    return own


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
