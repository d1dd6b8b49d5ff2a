"""What somebody has said so far on the way to signing up: kept beside the dialogue, so that it can stop and go on.

A draft also shows that an account came by the call's link. It goes when the sign-up is in, or some weeks after.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, select, update
from sqlmodel import Session

from bot.database import insert_missing
from bot.forum.models import SignUp
from bot.forum.queries import DRAFT
from bot.forum.slides import File

LIFE = timedelta(days=30)


class Sketch(Struct, frozen=True):
    """A sign-up on its way; ``None`` is what has not been answered yet, empty what was answered with nothing.

    ``guest_name`` and ``guest_unit`` are what somebody outside the roster said of themselves before they are written
    down as a guest. ``is_edit`` means that it changes a sign-up that stands.
    """

    part: str = ""
    guest_name: str | None = None
    guest_unit: str | None = None
    topic_id: int | None = None
    title: str | None = None
    outline: str | None = None
    needs: str | None = None
    slides: File | None = None
    may_name: bool | None = None
    is_edit: bool = False

    @property
    def is_begun(self) -> bool:
        """Whether somebody has begun to sign up."""
        return bool(self.part)


def read(session: Session, call_id: int, telegram_id: int) -> Sketch | None:
    """The account's draft for a call; an empty one where it only came by the link."""
    found = session.connection().execute(select(DRAFT.c.notes).where(_mine(call_id, telegram_id))).scalar()
    return None if found is None else _load(found)


def write(session: Session, call_id: int, telegram_id: int, sketch: Sketch, now: datetime) -> None:
    """Keep what was said so far."""
    values = {"notes": _dump(sketch), "moved_at": now}
    if not insert_missing(session, DRAFT, [{"call_id": call_id, "telegram_id": telegram_id, **values}]):
        session.connection().execute(update(DRAFT).where(_mine(call_id, telegram_id)).values(**values))


def clear(session: Session, call_id: int, telegram_id: int, now: datetime) -> None:
    """Forget what was said; that the account came by the link stays known."""
    blank = update(DRAFT).where(_mine(call_id, telegram_id)).values(notes="{}", moved_at=now)
    session.connection().execute(blank)


def note_visit(session: Session, call_id: int, telegram_id: int, now: datetime) -> None:
    """Note that an account opened a call by its link; a draft that is there stays."""
    row = {"call_id": call_id, "telegram_id": telegram_id, "notes": "{}", "moved_at": now}
    insert_missing(session, DRAFT, [row])


def forget_old(session: Session, now: datetime) -> int:
    """Delete drafts that have been left alone for longer than their life."""
    return session.connection().execute(delete(DRAFT).where(DRAFT.c.moved_at < now - LIFE)).rowcount


def sketch_of(signup: SignUp) -> Sketch:
    """A sign-up that stands, as a draft that changes it; an invited speaker has said nothing yet."""
    has_spoken = bool(signup.title)
    return Sketch(
        part=signup.part,
        topic_id=signup.topic_id,
        title=signup.title,
        outline=signup.outline if has_spoken else None,
        needs=signup.needs if has_spoken else None,
        slides=slides_of(signup),
        may_name=signup.may_name,
        is_edit=True,
    )


def slides_of(signup: SignUp) -> File | None:
    """The file that came with a sign-up."""
    if not signup.slides_file_id:
        return None
    return File(
        signup.slides_kind or "document",
        signup.slides_file_id,
        signup.slides_name,
        signup.slides_size,
        signup.slides_chat_id or 0,
        signup.slides_message_id or 0,
    )


def _load(notes: str) -> Sketch:
    given = json.loads(notes)
    if given.get("slides"):
        given["slides"] = File(**given["slides"])
    return Sketch(**given)


def _dump(sketch: Sketch) -> str:
    values: dict[str, Any] = {name: getattr(sketch, name) for name in Sketch.__struct_fields__}
    if sketch.slides is not None:
        values["slides"] = {name: getattr(sketch.slides, name) for name in File.__struct_fields__}
    return json.dumps(values, ensure_ascii=False)


def _mine(call_id: int, telegram_id: int) -> Any:
    return (DRAFT.c.call_id == call_id) & (DRAFT.c.telegram_id == telegram_id)
