"""Groups and channels of a cohort: which there are, what the bot may do there, and which of them get a notice."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.audit import service as audit
from bot.database import insert_missing
from bot.errors import Gone
from bot.notices.models import Notice, Post, Room, State
from bot.people import access
from bot.people.service import Speaker

POST = Post.__table__  # type: ignore[attr-defined]
IN_IT = ("member", "administrator", "creator")


class Rights(Struct, frozen=True):
    """What Telegram last said of the bot in a group or channel; ``known`` is false while it has not answered."""

    known: bool
    is_member: bool = False
    can_write: bool = False
    can_pin: bool = False


def rights_of(room: Room) -> Rights:
    """What the bot may do there."""
    said: Mapping[str, Any] = json.loads(room.rights)
    if not said:
        return Rights(known=False)
    status = said.get("status", "")
    is_admin = status in ("administrator", "creator")
    in_channel = room.kind == "channel"
    may_write = bool(said.get("can_post_messages", False)) if in_channel else said.get("can_send_messages", True)
    may_pin = said.get("can_edit_messages" if in_channel else "can_pin_messages", False)
    return Rights(True, status in IN_IT or status == "restricted", bool(may_write), bool(is_admin and may_pin))


def rooms_of(session: Session, cohort_id: int) -> Sequence[Room]:
    """The cohort's groups and channels in which the bot still is."""
    query = find(Room).where(Room.cohort_id == cohort_id, col(Room.left_at).is_(None))
    return session.exec(query.order_by(col(Room.id))).all()


def get_room(session: Session, room_id: int, speaker: Speaker | None) -> Room:
    """A group or channel that the speaker may use; raises Gone, NotAllowed."""
    room = session.get(Room, room_id)
    if room is None or room.left_at is not None:
        raise Gone
    access.require_coordinator(session, speaker, room.cohort_id)
    return room


def link_room(
    session: Session,
    *,
    cohort_id: int,
    chat_id: int,
    speaker: Speaker | None,
    now: datetime,
) -> Room:
    """Let a cohort's notices go into a group or channel, of which Telegram will tell the title; raises NotAllowed."""
    who = access.require_coordinator(session, speaker, cohort_id)
    query = find(Room).where(Room.cohort_id == cohort_id, Room.chat_id == chat_id)
    room = session.exec(query).first() or Room(
        cohort_id=cohort_id, chat_id=chat_id, title=str(chat_id), linked_by=who.person_id, linked_at=now
    )
    room.left_at = None
    session.add(room)
    session.flush()
    audit.record(
        session,
        audit.entry(
            actor=who.actor,
            now=now,
            action="link",
            subject="room",
            subject_id=room.id or 0,
            cohort_id=cohort_id,
            after={"chat": chat_id},
        ),
    )
    return room


def unlink_room(session: Session, room: Room, speaker: Speaker, now: datetime) -> None:
    """Let nothing more go there."""
    room.left_at = now
    session.add(room)
    audit.record(
        session,
        audit.entry(
            actor=speaker.actor,
            now=now,
            action="unlink",
            subject="room",
            subject_id=room.id or 0,
            cohort_id=room.cohort_id,
            before={"title": room.title},
        ),
    )


def note_rights(session: Session, room_id: int, said: Mapping[str, Any]) -> Room | None:
    """Keep what Telegram said of the bot's rights there."""
    room = session.get(Room, room_id)
    if room is None:
        return None
    room.rights = json.dumps({"status": "left"} if "refused" in said else dict(said), ensure_ascii=False)
    session.add(room)
    return room


def note_title(session: Session, room_id: int, said: Mapping[str, Any]) -> None:
    """Keep what a group or channel is called."""
    room = session.get(Room, room_id)
    if room is not None and said.get("title"):
        room.title, room.kind = str(said["title"]), str(said.get("type", room.kind))
        session.add(room)


def rooms_in(session: Session, chat_id: int) -> Sequence[Room]:
    """What is linked to a chat, by whichever cohort."""
    return session.exec(find(Room).where(Room.chat_id == chat_id, col(Room.left_at).is_(None))).all()


def leave_rooms(session: Session, chat_id: int, now: datetime) -> int:
    """Note that the bot was removed from a chat."""
    found = session.exec(find(Room).where(Room.chat_id == chat_id, col(Room.left_at).is_(None))).all()
    for room in found:
        room.left_at = now
        session.add(room)
    return len(found)


def follow_room(session: Session, before: int, after: int) -> None:
    """Note that a group has become a supergroup and has another number."""
    for room in session.exec(find(Room).where(Room.chat_id == before)).all():
        room.chat_id = after
        session.add(room)


def chosen(session: Session, notice_id: int) -> Sequence[Room]:
    """The groups and channels that a notice goes to."""
    query = find(Room).join(Post, col(Post.room_id) == Room.id).where(Post.notice_id == notice_id)
    return session.exec(query.order_by(col(Room.id))).all()


def toggle_room(session: Session, notice: Notice, room: Room) -> bool:
    """Let the notice go there too, or not any more; whether it does now. Raises Gone for another cohort's."""
    if room.cohort_id != notice.cohort_id:
        raise Gone
    post = session.get(Post, (notice.id, room.id))
    if post is not None:
        session.delete(post)
        session.flush()
        return False
    insert_missing(
        session,
        POST,
        [
            {
                "notice_id": notice.id,
                "room_id": room.id,
                "state": State.WAITING,
                "error": "",
                "numbers": "[]",
                "revision": 0,
                "amendment": "",
            }
        ],
    )
    return True
