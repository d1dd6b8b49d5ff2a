"""Slides of the speakers: kept by Telegram's file id, chased by one press, handed over in one go.

A file above 20 MB cannot be downloaded by a bot; it is kept all the same and copied from chat to chat.
"""

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import select, update
from sqlmodel import Session

from bot.errors import Gone, Refusal
from bot.forum.models import ACTIVE, Part
from bot.forum.queries import SIGNUP, is_of
from bot.forum.running_order import Item, Order, load, require_editor, require_on, show
from bot.guests import service as guests
from bot.people.service import Speaker

CHASE_AGAIN = timedelta(minutes=30)
"""Whoever was chased is left in peace so long."""
KINDS = ("document", "photo", "video", "animation", "audio")


class NotYourTalk(Refusal):
    """Only whoever gives this talk can do that."""


class File(Struct, frozen=True):
    """A file as it came into a chat. ``size`` is in bytes, if Telegram says it."""

    kind: str
    file_id: str
    name: str
    size: int | None
    chat_id: int
    message_id: int


class Own(Struct, frozen=True):
    """Somebody's own talk in a forum."""

    order: Order
    signup_id: int
    title: str
    slides: str
    has_slides: bool
    no_slides: bool


class Chased(Struct, frozen=True):
    """Whom a press chases, who cannot be reached in chat, and who was chased a moment ago."""

    order: Order
    now_chased: tuple[Item, ...]
    unreachable: tuple[Item, ...]
    lately: tuple[Item, ...]


def own_talk(session: Session, *, speaker: Speaker | None, telegram_id: int, signup_id: int, now: datetime) -> Own:
    """The talk of whoever asks.

    Raises:
        Gone: there is no such sign-up.
        NotYourTalk: it is somebody else's, not a talk, or withdrawn.
        ForumOff: the forum has been cancelled.
    """
    row = session.connection().execute(select(SIGNUP).where(SIGNUP.c.id == signup_id)).first()
    if row is None:
        raise Gone
    party = guests.party_of(session, speaker=speaker, telegram_id=telegram_id)
    mine = (
        party is not None
        and session.connection().execute(select(SIGNUP.c.id).where(SIGNUP.c.id == signup_id, is_of(party))).first()
    )
    if not mine or row.part != Part.SPEAKER or row.status not in ACTIVE:
        raise NotYourTalk
    order = load(session, row.call_id, now)
    require_on(order)
    return Own(order, signup_id, row.title, row.slides_name, bool(row.slides_file_id), row.no_slides_at is not None)


def keep(
    session: Session, *, speaker: Speaker | None, telegram_id: int, signup_id: int, file: File, now: datetime
) -> Own:
    """Keep a file as the slides of a talk, in place of an earlier one; raises Gone, NotYourTalk, ForumOff."""
    own_talk(session, speaker=speaker, telegram_id=telegram_id, signup_id=signup_id, now=now)
    values = {
        "slides_file_id": file.file_id,
        "slides_name": file.name,
        "slides_size": file.size,
        "slides_chat_id": file.chat_id,
        "slides_message_id": file.message_id,
        "slides_kind": file.kind,
        "no_slides_at": None,
    }
    session.execute(update(SIGNUP).where(SIGNUP.c.id == signup_id).values(**values))
    return own_talk(session, speaker=speaker, telegram_id=telegram_id, signup_id=signup_id, now=now)


def do_without(session: Session, *, speaker: Speaker | None, telegram_id: int, signup_id: int, now: datetime) -> Own:
    """Note that a talk has no slides, so that nobody is chased for them; raises Gone, NotYourTalk, ForumOff."""
    own = own_talk(session, speaker=speaker, telegram_id=telegram_id, signup_id=signup_id, now=now)
    if own.has_slides or own.no_slides:
        return own
    session.execute(update(SIGNUP).where(SIGNUP.c.id == signup_id).values(no_slides_at=now))
    return own_talk(session, speaker=speaker, telegram_id=telegram_id, signup_id=signup_id, now=now)


def collected(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> Order:
    """Who has sent slides and who has not, for staff; raises Gone, NotAllowed."""
    return show(session, speaker=speaker, call_id=call_id, now=now)


def chase(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> Chased:
    """Ask everybody whose slides are missing, but nobody twice within half an hour.

    Raises:
        Gone, NotAllowed, ForumOff: nobody was asked.
    """
    order, _ = require_editor(session, speaker, call_id, now)
    missing = lacking(order)
    unreachable = tuple(item for item in missing if item.talk and item.talk.party.chat_id is None)
    lately = tuple(item for item in missing if item not in unreachable and _was_chased(item, now))
    chased = tuple(item for item in missing if item not in unreachable and item not in lately)
    note_chased(session, chased, now)
    return Chased(order, chased, unreachable, lately)


def note_chased(session: Session, items: tuple[Item, ...], now: datetime) -> None:
    """Note that these were asked for their slides."""
    ids = [item.talk.signup_id for item in items if item.talk]
    if ids:
        session.execute(update(SIGNUP).where(SIGNUP.c.id.in_(ids)).values(slides_chased_at=now))


def lacking(order: Order) -> tuple[Item, ...]:
    """The talks whose slides are still to come."""
    return tuple(item for item in order.talks if item.talk and item.talk.lacks_slides)


def sent(order: Order) -> tuple[Item, ...]:
    """The talks whose slides are here, in the running order."""
    return tuple(item for item in order.talks if item.talk and item.talk.has_slides)


def _was_chased(item: Item, now: datetime) -> bool:
    at = item.talk.chased_at if item.talk else None
    return at is not None and now - at < CHASE_AGAIN
