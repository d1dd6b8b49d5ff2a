"""What a notice is made of: the messages that a coordinator sends for it, albums, versions in another language."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, func, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.errors import Gone, Refusal
from bot.notices.drafting import PART, parts_of
from bot.notices.models import WORDED, Kind, Notice, Part

MOST_PARTS = 10
ALBUM_PAUSE = timedelta(seconds=2)
"""An album arrives message by message; it is complete when nothing of it has come for so long."""


class OneQuestion(Refusal):
    """A notice asks one question. Please send the other one as a notice of its own."""


class TooManyParts(Refusal):
    """A notice has at most ten messages. Please send what is left as a notice of its own."""


class Piece(Struct, frozen=True):
    """One message that a coordinator sent to become part of a notice; ``album`` is Telegram's id of its album."""

    kind: Kind
    text: str = ""
    media: tuple[dict[str, Any], ...] = ()
    options: tuple[str, ...] = ()
    album: str = ""


def add_piece(session: Session, notice: Notice, piece: Piece, now: datetime) -> Part:
    """Append what the coordinator sent; the next item of an album joins it, even one that comes late.

    Raises:
        TooManyParts: there are ten already.
        OneQuestion: it asks a question, and another part does so already.
    """
    parts = parts_of(session, notice.id or 0)
    last = parts[-1] if parts else None
    if piece.album and last is not None and last.album == piece.album:
        last.media = json.dumps([*json.loads(last.media), *piece.media], ensure_ascii=False)
        last.text, last.kind = last.text or piece.text, Kind.ALBUM
        part = last
    else:
        _require_room(parts, piece)
        part = _part(notice, len(parts), piece)
    if piece.album:
        notice.gathering_until = now + ALBUM_PAUSE
    session.add_all([part, notice])
    session.flush()
    return part


def _require_room(parts: Sequence[Part], piece: Piece) -> None:
    if len(parts) >= MOST_PARTS:
        raise TooManyParts
    if piece.options and any(json.loads(part.options) for part in parts):
        raise OneQuestion


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
        close_album(session, notice)
    return notices


def close_album(session: Session, notice: Notice) -> None:
    """Let the album of a draft be complete as it is."""
    notice.gathering_until = None
    for part in parts_of(session, notice.id or 0):
        media = json.loads(part.media)
        if part.kind == Kind.ALBUM and len(media) == 1:
            part.kind = media[0]["type"]
    session.add(notice)
    session.flush()


def drop_last_piece(session: Session, notice: Notice) -> None:
    """Take away the last part, with its versions in other languages."""
    last = session.connection().execute(select(func.max(PART.c.position)).where(PART.c.notice_id == notice.id)).scalar()
    session.connection().execute(delete(PART).where(PART.c.notice_id == notice.id, PART.c.position == last))
    session.expire_all()


def worded(parts: Sequence[Part]) -> list[Part]:
    """The parts that have words; where none has, the first that can carry some."""
    return [part for part in parts if part.text] or [part for part in parts if part.kind in WORDED][:1]


def word_in(session: Session, notice: Notice, *, language: str, text: str, position: int | None = None) -> Part:
    """Give a part another text for readers of one language: the one there, or else the first that has words.

    Raises:
        Gone: the notice has no part with words, or none there.
    """
    found = worded(parts_of(session, notice.id or 0))
    base = next((part for part in found if position in (None, part.position)), None)
    if base is None:
        raise Gone
    query = find(Part).where(Part.notice_id == notice.id, Part.position == base.position, Part.language == language)
    own = session.exec(query).first() or Part(
        notice_id=base.notice_id,
        position=base.position,
        language=language,
        kind=base.kind,
        media=base.media,
        options=base.options,
    )
    own.text = text
    session.add(own)
    session.flush()
    return own
