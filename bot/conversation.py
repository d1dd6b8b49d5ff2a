"""Conversation handlers whose state lives in the database, written in the transaction of the update that moved it.

``Conversation`` has the words of python-telegram-bot's ``ConversationHandler`` (entry points, states, fallbacks). The
difference: one dialogue a chat and person at a time, no memory of its own, nothing to reload after a rollback.
``Dialogues`` holds what one batch of updates reads and moves; it must be loaded before and stored after the batch.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, cast

from sqlalchemy import bindparam, delete, select, tuple_
from sqlmodel import Field, Session
from telegram import Update
from telegram.ext import Application, BaseHandler, CallbackContext

from bot.among import among
from bot.tables import Row, big, long_text

Key = tuple[int, int]
State = StrEnum

LIFE = timedelta(hours=24)
"""A dialogue left alone for so long no longer takes what is typed."""


class _End:
    """The type of ``END``."""


END: Final = _End()
"""What a callback returns to close the dialogue; ``None`` leaves it where it is."""

NextState = State | _End | None


class Dialogue(Row, table=True):
    """The one open dialogue of a person in a chat."""

    __tablename__ = "dialogue"

    chat_id: int = Field(primary_key=True, sa_type=big().sa_type, sa_column_kwargs={"autoincrement": False})
    telegram_id: int = Field(primary_key=True, sa_type=big().sa_type, sa_column_kwargs={"autoincrement": False})
    name: str
    state: str
    notes: str = long_text(default="{}")
    moved_at: datetime


TABLE = Dialogue.__table__  # type: ignore[attr-defined]
_OPEN = select(TABLE.c.chat_id, TABLE.c.telegram_id, TABLE.c.name, TABLE.c.state, TABLE.c.notes).where(
    among(TABLE.c.chat_id, "chats"), TABLE.c.moved_at > bindparam("since")
)


@dataclass(slots=True)
class Place:
    """Where a person stands: the dialogue's name, its state, and what was noted on the way (plain JSON)."""

    name: str
    state: str
    notes: dict[str, Any] = field(default_factory=dict)


class Dialogues:
    """The dialogues of one batch, by chat and person."""

    def __init__(self) -> None:
        self._places: dict[Key, Place] = {}
        self._moved: set[Key] = set()

    def load(self, session: Session, keys: Iterable[Key], now: datetime) -> None:
        """Forget the last batch and read the open dialogues of this one."""
        self._moved.clear()
        self._places.clear()
        wanted = set(keys)
        if not wanted:
            return
        given = {"chats": list({chat_id for chat_id, _ in wanted}), "since": now - LIFE}
        for chat_id, telegram_id, name, state, notes in session.connection().execute(_OPEN, given):
            if (chat_id, telegram_id) in wanted:
                self._places[chat_id, telegram_id] = Place(name, state, json.loads(notes))

    def at(self, key: Key) -> Place | None:
        """The open dialogue, if there is one."""
        return self._places.get(key)

    def move(self, key: Key, place: Place) -> None:
        """Open a dialogue or go on in it."""
        self._places[key] = place
        self._moved.add(key)

    def end(self, key: Key) -> None:
        """Close whatever is open."""
        if self._places.pop(key, None) is not None:
            self._moved.add(key)

    def store(self, session: Session, now: datetime) -> None:
        """Write what moved; to be called once, before the batch commits."""
        if not self._moved:
            return
        connection = session.connection()
        connection.execute(delete(TABLE).where(tuple_(TABLE.c.chat_id, TABLE.c.telegram_id).in_(list(self._moved))))
        rows = [self._row(key, now) for key in self._moved if key in self._places]
        if rows:
            connection.execute(TABLE.insert(), rows)

    def _row(self, key: Key, now: datetime) -> dict[str, Any]:
        place = self._places[key]
        return {
            "chat_id": key[0],
            "telegram_id": key[1],
            "name": place.name,
            "state": place.state,
            "notes": json.dumps(place.notes, ensure_ascii=False),
            "moved_at": now,
        }


def forget_old(session: Session, now: datetime) -> int:
    """Delete the dialogues that have been left alone for longer than their life."""
    return session.connection().execute(delete(TABLE).where(TABLE.c.moved_at < now - LIFE)).rowcount


Handlers = Sequence[BaseHandler[Any, Any, Any]]
Check = tuple[BaseHandler[Any, Any, Any], object]


class Conversation(BaseHandler[Update, Any, None]):
    """A dialogue with named states.

    The handlers of the person's present state come first, then the fallbacks, then the entry points (so a dialogue can
    be begun anew). Entry points that take free text do not belong here: they would take the words of other dialogues.
    """

    def __init__(
        self,
        name: str,
        dialogues: Dialogues,
        *,
        entry_points: Handlers,
        states: Mapping[State, Handlers],
        fallbacks: Handlers = (),
    ) -> None:
        super().__init__(self._refuse)
        self.name = name
        self._dialogues = dialogues
        self._entry_points = entry_points
        self._states = {str(state): handlers for state, handlers in states.items()}
        self._fallbacks = fallbacks

    def check_update(self, update: object) -> Check | None:
        """Find the handler that takes the update where the person now stands."""
        if not isinstance(update, Update) or (key := key_of(update)) is None:
            return None
        place = self._dialogues.at(key)
        inside = place is not None and place.name == self.name
        here = [*self._states.get(place.state, ()), *self._fallbacks] if inside and place else []
        for handler in (*here, *self._entry_points):
            check = handler.check_update(update)
            if check is not None and check is not False:
                return handler, check
        return None

    async def handle_update(
        self,
        update: Update,
        application: Application[Any, Any, Any, Any, Any, Any],
        check_result: object,
        context: CallbackContext[Any, Any, Any, Any],
    ) -> None:
        """Call the handler that was found and go where it says."""
        handler, check = cast(Check, check_result)
        handler.collect_additional_context(context, update, application, check)
        key = key_of(update)
        assert key is not None  # noqa: S101 - check_update has seen it
        place = self._dialogues.at(key)
        if place is None or place.name != self.name:
            context.place = Place(self.name, "")  # type: ignore[attr-defined]
        following = cast(NextState, await handler.callback(update, context))
        self._go(key, following, context.place)  # type: ignore[attr-defined]

    def _go(self, key: Key, following: NextState, place: Place) -> None:
        if following is END:
            self._dialogues.end(key)
        elif following is not None:
            place.state = str(following)
            self._dialogues.move(key, place)
        elif place.state:
            self._dialogues.move(key, place)

    @staticmethod
    async def _refuse(update: object, context: object) -> None:
        raise AssertionError("a conversation has no callback of its own")


def key_of(update: Update) -> Key | None:
    """The chat and person whose dialogue the update belongs to."""
    if update.effective_chat is None or update.effective_user is None:
        return None
    return update.effective_chat.id, update.effective_user.id
