"""The queue of updates: order, confirmation by offset, redelivery, expiry, and who is waiting for the next one.

It may not know what an update says beyond its id and kind.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from typing import Any, TypedDict

from bot.sandbox.journal import Journal, Table
from bot.sandbox.params import Json

DAY = 24 * 3600.0
LIFE = {"callback_query": 150.0, "inline_query": 30.0, "chosen_inline_result": 600.0}
BY_REQUEST_ONLY = {"chat_member", "message_reaction", "message_reaction_count"}


class QueuedUpdate(TypedDict):
    """An unconfirmed update; `expires` is a Unix time, `lane` orders webhook deliveries."""

    update: Json
    expires: float
    lane: str


class UpdateQueue(Table[int, QueuedUpdate]):
    """Updates in the order of their creation, by update_id."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal, "updates")
        self.next_id = secrets.randbelow(900_000_000) + 100_000_000
        self.listener: Callable[[int], None] | None = None
        self._in_order = True
        self._waiters: set[asyncio.Future[None]] = set()

    def add(self, kind: str, payload: Any, *, now: float, lane: str) -> int:
        """Queue an update of our own making; returns its id."""
        update_id = self.next_id
        self.next_id += 1
        self._put(update_id, {"update_id": update_id, kind: payload}, now + LIFE.get(kind, DAY), lane)
        return update_id

    def inject(self, update: Json, *, now: float) -> int:
        """Queue a raw update, with its own id when it has one; returns the id."""
        given = update.get("update_id")
        update_id = given if isinstance(given, int) and not isinstance(given, bool) else self.next_id
        self._in_order = self._in_order and update_id >= self.next_id
        self.next_id = max(self.next_id, update_id + 1)
        self._put(update_id, {"update_id": update_id} | update, now + DAY, f"injected {update_id}")
        return update_id

    def take(self, offset: int, limit: int, now: float) -> list[Json]:
        """Confirm everything below the offset, then the first updates that are left (see getUpdates)."""
        if offset < 0:
            offset = self._offset_from_end(-offset)
        self._confirm(offset)
        taken: list[Json] = []
        for update_id in self._waiting(offset, limit, now):
            taken.append(self.rows[update_id]["update"])
        return taken

    def forget_all(self) -> None:
        """Drop every pending update."""
        for update_id in list(self.rows):
            self.drop(update_id)

    def add_waiter(self) -> asyncio.Future[None]:
        """A future that is done when an update arrives, or raises what `interrupt` is given."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        waiter.add_done_callback(self._waiters.discard)
        return waiter

    def interrupt(self, error: Exception) -> None:
        """End every waiting with this error."""
        for waiter in list(self._waiters):
            if not waiter.done():
                waiter.set_exception(error)

    def replay(self, key: Any, row: Any) -> None:
        """Apply a line of the journal; ids never go back, even when their updates are gone."""
        if key == "next":
            self.next_id = row
            return
        self._in_order = self._in_order and (not self.rows or row is None or key > next(reversed(self.rows)))
        super().replay(key, row)
        self.next_id = max(self.next_id, key + 1)

    def stored(self) -> Iterator[tuple[Any, Any]]:
        """What a compacted journal must hold: the next id, then the updates."""
        yield "next", self.next_id
        yield from self.rows.items()

    def _put(self, update_id: int, update: Json, expires: float, lane: str) -> None:
        self.put(update_id, {"update": update, "expires": expires, "lane": lane})
        if self.listener is not None:
            self.listener(update_id)
        for waiter in list(self._waiters):
            if not waiter.done():
                waiter.set_result(None)

    def _offset_from_end(self, count: int) -> int:
        ids = list(self.rows)[-count:]
        return ids[0] if ids else 0

    def _confirm(self, offset: int) -> None:
        if not self._in_order:
            for update_id in [known for known in self.rows if known < offset]:
                self.drop(update_id)
            self._in_order = not self.rows
        while self.rows and (first := next(iter(self.rows))) < offset:
            self.drop(first)

    def _waiting(self, offset: int, limit: int, now: float) -> list[int]:
        found: list[int] = []
        expired: list[int] = []
        for update_id, row in self.rows.items():
            if row["expires"] <= now:
                expired.append(update_id)
            elif update_id >= offset:
                found.append(update_id)
            if len(found) >= limit:
                break
        for update_id in expired:
            self.drop(update_id)
        return found
