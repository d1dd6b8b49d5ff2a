"""Tells the chat page what changed. Nothing here must be kept: a page that missed something fetches the chat again."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

Json = dict[str, Any]
Event = tuple[str, Json]


class Hub:
    """Versions of chats, and the queues of those who watch them."""

    def __init__(self) -> None:
        self._versions: defaultdict[int, int] = defaultdict(int)
        self._watchers: defaultdict[int, set[asyncio.Queue[Event]]] = defaultdict(set)

    def changed(self, chat_id: int) -> None:
        """A message of this chat came, changed or went."""
        self._versions[chat_id] += 1
        self._tell(chat_id, ("change", {"version": self._versions[chat_id]}))

    def answered(self, chat_id: int, answer: Json) -> None:
        """The bot answered a press of this person."""
        self._tell(chat_id, ("answer", answer))

    async def watch(self, chat_id: int) -> AsyncIterator[Event]:
        """The events of a chat from now on, beginning with its version."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._watchers[chat_id].add(queue)
        try:
            yield "change", {"version": self._versions[chat_id]}
            while True:
                yield await queue.get()
        finally:
            self._watchers[chat_id].discard(queue)

    def _tell(self, chat_id: int, event: Event) -> None:
        watchers = self._watchers.get(chat_id)
        if watchers:
            for queue in watchers:
                queue.put_nowait(event)
