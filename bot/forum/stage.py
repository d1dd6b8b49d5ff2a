"""The stage: the moderator calls up one item after the other, time is kept, and the order moves behind what happens.

Every press says what it saw on the screen, so that a second press, or one from an old screen, changes nothing.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import select, update
from sqlmodel import Session

from bot.audit import service as audit
from bot.database import insert_missing
from bot.errors import Refusal
from bot.forum import speaking, turns
from bot.forum.models import CallStatus
from bot.forum.queries import SLOT
from bot.forum.running_order import STAGE, Item, Order, load, require_moderator
from bot.people.service import Speaker

SUBJECT = "forum_stage"
MOST_EXTRA = 60
"""Minutes that can be added to one item."""
FRESH = {"extra": 0, "warned_at": None, "rung_at": None, "over_shown": 0}
"""What an item begins with."""
EARLY = timedelta(hours=3)
"""So long before the activity's beginning the stage can be opened."""


class NotYet(Refusal):
    """The stage can be opened from three hours before the forum begins, once the forum has been published."""


class StageOver(Refusal):
    """This forum is over."""


class Effect(StrEnum):
    """What a press did."""

    DONE = "done"
    STALE = "stale"
    """The screen was old: nothing was done."""
    NOTHING = "nothing"
    """There is nothing to do it to."""


class Played(Struct, frozen=True):
    """The stage after a press. ``finished`` is the item that ended by it, ``began`` the one that began."""

    order: Order
    effect: Effect = Effect.DONE
    finished: Item | None = None
    began: Item | None = None


def open_stage(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> Played:
    """Open the stage; a second time shows it.

    Raises:
        Gone, NotAllowed, ForumOff, NotYet: nothing has changed.
    """
    order, moderator = require_moderator(session, speaker, call_id, now)
    if order.stage is not None:
        return Played(order, Effect.NOTHING)
    if order.call.status == CallStatus.DRAFT or now < order.call.starts_at - EARLY:
        raise NotYet
    speaking.note_times(session, order)
    row = {"call_id": call_id, "opened_at": now, "keeper_id": moderator.person_id}
    insert_missing(session, STAGE, [row | dict.fromkeys(("extra", "questions_shown", "over_shown"), 0)])
    log(session, order, moderator, "open", None, None, now)
    return Played(load(session, call_id, now))


def show(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> Order:
    """The stage as it stands; raises Gone, NotAllowed or ForumOff."""
    return require_moderator(session, speaker, call_id, now)[0]


def call_up(session: Session, *, speaker: Speaker | None, call_id: int, seen: int, now: datetime) -> Played:
    """End what is on and begin the next item. ``seen`` is the item the screen showed as being on, 0 for none.

    Raises:
        Gone, NotAllowed, ForumOff, StageOver: nothing has changed.
    """
    order, moderator = require_live(session, speaker, call_id, now)
    if seen != current_id(order):
        return Played(order, Effect.STALE)
    following = order.following
    if following is None:
        return Played(order, Effect.NOTHING)
    finished = finish_current(session, order, now)
    begin(session, order, following, now)
    log(session, order, moderator, "next", seen or None, following.piece.id, now)
    return Played(load(session, call_id, now), finished=finished, began=following)


def finish(session: Session, *, speaker: Speaker | None, call_id: int, seen: int, now: datetime) -> Played:
    """End what is on, and begin nothing yet; raises Gone, NotAllowed, ForumOff, StageOver."""
    order, moderator = require_live(session, speaker, call_id, now)
    if seen != current_id(order) or not seen:
        return Played(order, Effect.STALE)
    finished = finish_current(session, order, now)
    log(session, order, moderator, "finish", seen, None, now)
    return Played(load(session, call_id, now), finished=finished)


def give_more(
    session: Session, *, speaker: Speaker | None, call_id: int, seen: int, extra: int, now: datetime
) -> Played:
    """Let what is on go on for ``extra`` minutes beyond its own; the signals come anew if time is left for them.

    Raises:
        Gone, NotAllowed, ForumOff, StageOver: nothing has changed.
    """
    order, moderator = require_live(session, speaker, call_id, now)
    if order.stage is None or seen != current_id(order) or not seen:
        return Played(order, Effect.STALE)
    extra = max(0, min(MOST_EXTRA, extra))
    if extra == order.stage.extra:
        return Played(order, Effect.NOTHING)
    values = FRESH | {"extra": extra}
    session.connection().execute(update(STAGE).where(STAGE.c.call_id == call_id).values(**values))
    log(session, order, moderator, "more", order.stage.extra, extra, now)
    return Played(load(session, call_id, now))


def go_back(session: Session, *, speaker: Speaker | None, call_id: int, seen: int, now: datetime) -> Played:
    """Undo the last call: the item before is on again, as if it had never ended; raises as ``call_up`` does.

    Whoever spoke has spoken: a turn in the ledger stays.
    """
    order, moderator = require_live(session, speaker, call_id, now)
    if seen != current_id(order):
        return Played(order, Effect.STALE)
    ended = [item for item in order.items if item.piece.done_at is not None]
    if not ended:
        return Played(order, Effect.NOTHING)
    last = max(ended, key=lambda item: item.timed.ends_at)
    connection = session.connection()
    if seen:
        connection.execute(update(SLOT).where(SLOT.c.id == seen).values(began_at=None))
    connection.execute(update(SLOT).where(SLOT.c.id == last.piece.id).values(done_at=None))
    _put_on(session, call_id, last.piece.id, last.piece.began_at or now)
    log(session, order, moderator, "back", seen or None, last.piece.id, now)
    return Played(load(session, call_id, now), began=last)


def end(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> Played:
    """End the forum; what is on ends with it. A second time changes nothing. Raises Gone, NotAllowed, ForumOff."""
    order, moderator = require_moderator(session, speaker, call_id, now)
    if not order.is_live:
        return Played(order, Effect.NOTHING)
    log(session, order, moderator, "end", None, None, now)
    return close(session, order, now)


def close(session: Session, order: Order, now: datetime) -> Played:
    """End a forum, whoever asks for it."""
    finished = finish_current(session, order, now)
    values = {"ended_at": now, "slot_id": None, "started_at": None}
    session.connection().execute(update(STAGE).where(STAGE.c.call_id == order.call.id).values(**values))
    return Played(load(session, order.call.id, now), finished=finished)


class Shown(Struct, frozen=True):
    """What the panel says of things that change by themselves."""

    questions: int
    minutes_over: int


def note_panel(
    session: Session, *, call_id: int, speaker: Speaker | None, chat_id: int, message_id: int | None, shown: Shown
) -> None:
    """Remember which message the stage is kept with, to bring it up to date when something happens by itself."""
    if speaker is None or message_id is None:
        return
    panel = {"keeper_id": speaker.person_id, "panel_chat_id": chat_id, "panel_message_id": message_id}
    said = {"questions_shown": shown.questions, "over_shown": shown.minutes_over}
    session.connection().execute(update(STAGE).where(STAGE.c.call_id == call_id).values(**panel, **said))


def leave_panel(session: Session, *, chat_id: int, message_id: int | None) -> None:
    """Forget the panel in this message: it shows something else now, which nothing may overwrite."""
    if message_id is None:
        return
    here = (STAGE.c.panel_chat_id == chat_id, STAGE.c.panel_message_id == message_id)
    left = {"panel_chat_id": None, "panel_message_id": None}
    session.connection().execute(update(STAGE).where(*here, STAGE.c.ended_at.is_(None)).values(**left))


def panel_of(session: Session, call_id: int) -> Any | None:
    """Who keeps the stage, and the message they keep it with."""
    query = select(STAGE).where(STAGE.c.call_id == call_id)
    return session.connection().execute(query).first()


def require_live(session: Session, speaker: Speaker | None, call_id: int, now: datetime) -> tuple[Order, Speaker]:
    """The order of a forum that goes on, for its moderator; raises Gone, NotAllowed, ForumOff, StageOver."""
    order, moderator = require_moderator(session, speaker, call_id, now)
    if order.stage is None:
        raise NotYet
    if not order.is_live:
        raise StageOver
    return order, moderator


def current_id(order: Order) -> int:
    """The item that is on, 0 for none."""
    return order.current.piece.id if order.current else 0


def finish_current(session: Session, order: Order, now: datetime) -> Item | None:
    """End what is on, and write the turn of whoever spoke into the ledger; the item that ended."""
    item = order.current
    if item is None:
        return None
    connection = session.connection()
    connection.execute(update(SLOT).where(SLOT.c.id == item.piece.id).values(done_at=now))
    take_off(session, order.call.id)
    if item.talk is not None:
        on = now.astimezone(ZoneInfo(order.call.time_zone)).date()
        turns.record(session, signup_id=item.talk.signup_id, on=on)
    return item


def begin(session: Session, order: Order, item: Item, now: datetime) -> None:
    """Put an item on."""
    session.connection().execute(update(SLOT).where(SLOT.c.id == item.piece.id).values(began_at=now))
    _put_on(session, order.call.id, item.piece.id, now)


def take_off(session: Session, call_id: int) -> None:
    """Put nothing on."""
    values = {"slot_id": None, "started_at": None, **FRESH}
    session.connection().execute(update(STAGE).where(STAGE.c.call_id == call_id).values(**values))


def _put_on(session: Session, call_id: int, slot_id: int, started_at: datetime) -> None:
    values = {"slot_id": slot_id, "started_at": started_at, **FRESH}
    session.connection().execute(update(STAGE).where(STAGE.c.call_id == call_id).values(**values))


def log(
    session: Session, order: Order, moderator: Speaker, action: str, before: object, after: object, now: datetime
) -> None:
    """One line of the change log about a stage."""
    line = audit.entry(
        actor=moderator.actor,
        now=now,
        action=action,
        subject=SUBJECT,
        subject_id=order.call.id,
        cohort_id=order.call.cohort_id,
        before=before,
        after=after,
    )
    audit.record(session, line)
