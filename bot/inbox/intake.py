"""Intake: raw updates are committed to the inbox, and only then confirmed to Telegram.

``Intake.store`` is the one way in, for the poller and the webhook alike; callers that arrive together share a commit.
The offset lives in memory only: Telegram's ids restart at random after a quiet week, and the inbox knows what it has.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.backoff import Backoff
from bot.clock import Clock
from bot.crashpoints import reach
from bot.database import Database, insert_missing
from bot.inbox.models import Inbox, Kind

TABLE = Inbox.__table__  # type: ignore[attr-defined]
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "poll", "poll_answer")
LONG_POLL_SECONDS = 30
CONFLICT_IS_FATAL_AFTER = 30.0

log = logging.getLogger(__name__)

RawUpdate = dict[str, Any]


class Intake:
    """Writes raw updates into the inbox, many waiting callers in one commit."""

    def __init__(self, database: Database, clock: Clock, source: str, on_stored: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._source = source
        self._on_stored = on_stored
        self._waiting: list[tuple[Sequence[RawUpdate], asyncio.Future[None]]] = []
        self._flushing = asyncio.Lock()

    async def store(self, updates: Sequence[RawUpdate]) -> None:
        """Commit the updates; those already known are left as they are. Returns after the commit."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((updates, done))
        async with self._flushing:
            if not done.done():
                await self._flush()
        await done

    async def _flush(self) -> None:
        batch, self._waiting = self._waiting, []
        rows = [self._row(update, self._clock.now()) for updates, _ in batch for update in updates]
        try:
            await self._database.write(partial(_insert, rows=rows))
        except Exception as error:  # the callers' own edge handles it: each must not confirm
            for _, done in batch:
                done.set_exception(error)
            return
        for _, done in batch:
            done.set_result(None)
        self._on_stored()

    def _row(self, update: RawUpdate, now: datetime) -> dict[str, Any]:
        body = json.dumps(update, ensure_ascii=False, separators=(",", ":"))
        return {"source": self._source, "external_id": update["update_id"], "kind": Kind.UPDATE, "received_at": now,
                "body": body.replace("\\u0000", ""), "status": "new", "attempts": 0}


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    insert_missing(session, TABLE, rows)
    reach("intake:before-commit")


@dataclass(slots=True)
class Health:
    """What ``/readyz`` and ``doctor`` want to know of the poller."""

    last_success: datetime | None = None
    fatal: str | None = None


class Poller:
    """Fetches updates by long polling, in a loop that no answer of Telegram's can end or make hot."""

    def __init__(self, bot: Bot, intake: Intake, clock: Clock, health: Health,
                 alarm: Callable[[str], None] = lambda text: None) -> None:
        self._bot = bot
        self._intake = intake
        self._clock = clock
        self._health = health
        self._alarm = alarm
        self._offset = 0

    async def run(self) -> None:
        """Poll until cancelled."""
        backoff = Backoff(first=1.0)
        while True:
            try:
                await self.poll_once()
            except Exception as error:  # noqa: BLE001 - the edge: intake must outlive every fault
                await asyncio.sleep(self._delay(error, backoff))
            else:
                backoff.reset()
                self._health.last_success, self._health.fatal = self._clock.now(), None

    async def poll_once(self) -> int:
        """Fetch one batch, commit it, and let the next call confirm it."""
        updates = await self._fetch()
        if updates:
            reach("intake:fetched")
            await self._intake.store(updates)
            reach("intake:committed")
            self._offset = max(update["update_id"] for update in updates) + 1
        return len(updates)

    async def _fetch(self) -> list[RawUpdate]:
        options = {"offset": self._offset, "timeout": LONG_POLL_SECONDS, "allowed_updates": list(ALLOWED_UPDATES)}
        answer = await self._bot.do_api_request("getUpdates", api_kwargs=options, read_timeout=LONG_POLL_SECONDS + 10)
        return [update for update in answer if isinstance(update, dict) and isinstance(update.get("update_id"), int)]

    def _delay(self, error: Exception, backoff: Backoff) -> float:
        log.warning("getUpdates failed: %s", type(error).__name__)
        if isinstance(error, InvalidToken | Conflict):
            self._raise_alarm(error)
        if isinstance(error, RetryAfter):
            return max(float(error._retry_after.total_seconds()), backoff.next())  # noqa: SLF001
        if not isinstance(error, TelegramError):
            log.error("intake could not store updates; they stay unconfirmed", exc_info=error)
        return backoff.next()

    def _raise_alarm(self, error: Exception) -> None:
        if self._health.fatal is None:
            self._alarm(type(error).__name__)
        self._health.fatal = type(error).__name__
