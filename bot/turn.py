"""A turn: one transaction's worth of doing and saying, whichever door it came through.

``Turn`` records outbox rows; ``Turns`` runs a function with one in a transaction of the one writer and wakes the
courier after the commit. Nothing here talks to Telegram.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session

from bot.clock import Clock
from bot.crashpoints import reach
from bot.database import Database, insert_missing
from bot.outbox import calls, copies
from bot.outbox.calls import Call, Document, Message
from bot.outbox.copies import Chats
from bot.outbox.lanes import Lane
from bot.outbox.models import Outbox

T = TypeVar("T")
OUTBOX = Outbox.__table__  # type: ignore[attr-defined]


@dataclass(slots=True)
class Turn:
    """One transaction's worth of doing and saying.

    ``cause`` begins the key of everything said, so that the same cause never speaks twice. ``is_sealed`` says that the
    update must leave nothing behind but that it came: what was said in it must never be found beside who said it.
    """

    session: Session
    now: datetime
    cause: str = field(default_factory=lambda: uuid.uuid4().hex)
    outgoing: list[Call] = field(default_factory=list)
    copied: int = 0
    is_sealed: bool = False

    def send(self, chat_id: int, message: Message, *, lane: Lane = Lane.REPLY, key: str | None = None) -> str:
        """Say something new in a chat and return the key under which it can be edited later."""
        return self.record(calls.send_message(chat_id, message, lane), key)

    def send_document(self, chat_id: int, document: Document, *, lane: Lane = Lane.REPLY) -> str:
        """Send a file that the courier renders."""
        return self.record(calls.send_document(chat_id, document, lane))

    def edit(self, chat_id: int, target: int | str, message: Message) -> None:
        """Change a message: by Telegram's number, or by the key that ``send`` returned."""
        if isinstance(target, int):
            self.record(calls.edit_message(chat_id, target, message))
        else:
            self.record(calls.edit_ours(chat_id, target, message))

    def send_copies(
        self, message: Message, chats: Chats, *, lane: Lane, prefix: str, due_at: datetime | None = None
    ) -> int:
        """Say the same in all these chats, not before ``due_at``; how many were not owed it already.

        ``prefix`` and the person's number make each key.
        """
        pattern = calls.send_message(copies.NOBODY, message, lane) | {"due_at": due_at}
        copied = copies.insert_copies(self.session, pattern, chats, prefix, self.now)
        self.copied += copied
        return copied

    def record(self, call: Call, key: str | None = None) -> str:
        """Owe Telegram a call."""
        key = key or f"{self.cause}:{len(self.outgoing)}"
        self.outgoing.append(call | {"key": key, "created_at": self.now, "status": "new", "attempts": 0})
        return key

    def flush(self) -> int:
        """Insert what was recorded; what was already said for the same cause is left out."""
        inserted = insert_missing(self.session, OUTBOX, self.outgoing) + self.copied
        self.outgoing, self.copied = [], 0
        return inserted


class Turns:
    """Gives turns to whoever acts outside an update: schedule passes, pages, commands."""

    def __init__(self, database: Database, clock: Clock, on_outgoing: Callable[[], None] = lambda: None) -> None:
        self._database = database
        self._clock = clock
        self._on_outgoing = on_outgoing

    async def take(self, work: Callable[[Turn], T], cause: str | None = None) -> T:
        """Run ``work`` with a turn, commit, and let the courier deliver what was said."""
        result, spoke = await self._database.write(lambda session: self._run(session, work, cause))
        if spoke:
            reach("turn:committed")
            self._on_outgoing()
        return result

    def take_now(self, work: Callable[[Turn], T]) -> T:
        """The same for a command without an event loop; the running bot's courier finds the rows by itself."""
        return self._database.write_now(lambda session: self._run(session, work, None))[0]

    async def read(self, work: Callable[[Session], T]) -> T:
        """Read a consistent snapshot."""
        return await self._database.read(work)

    def now(self) -> datetime:
        """The present instant, for callers that only read."""
        return self._clock.now()

    def _run(self, session: Session, work: Callable[[Turn], T], cause: str | None) -> tuple[T, int]:
        turn = Turn(session, self._clock.now(), cause or uuid.uuid4().hex)
        result = work(turn)
        spoke = turn.flush()
        if spoke:
            reach("turn:before-commit")
        return result, spoke
