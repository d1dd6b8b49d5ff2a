"""Intake: raw updates are committed to the inbox, and only then confirmed to Telegram.

``Intake.store`` is the one way in, for the poller and the webhook alike; callers that arrive together share a commit.
The offset lives in memory only: Telegram's ids restart at random after a quiet week, and the inbox knows what it has.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.backoff import Backoff
from bot.clock import Clock
from bot.crashpoints import reach
from bot.database import Database, insert_missing
from bot.inbox.models import Inbox, Kind
from bot.inbox.raw import RawUpdate, is_update, write_body

TABLE = Inbox.__table__  # type: ignore[attr-defined]
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "poll", "poll_answer")
LONG_POLL_SECONDS = 30
ANSWER_PATIENCE = 10.0
"""Seconds that an answer may be late before the connection counts as dead."""
EMPTY_POLL_SECONDS = 0.5
ALARM_AFTER = 30.0
"""Seconds that another poller or a database out of order must last; a short conflict is normal after a restart."""
TOKEN_REFUSED = "InvalidToken"  # noqa: S105 - the name of an alarm

log = logging.getLogger(__name__)


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
        now = self._clock.now()
        rows = [self._row(update, now) for updates, _ in batch for update in updates]
        try:
            await self._database.write(partial(_insert, rows=rows))
        except Exception as error:  # noqa: BLE001 - the callers' own edge handles it: each must not confirm
            for _, done in batch:
                done.set_exception(error)
            return
        for _, done in batch:
            done.set_result(None)
        self._on_stored()

    def _row(self, update: RawUpdate, now: datetime) -> dict[str, Any]:
        return {
            "source": self._source,
            "external_id": update["update_id"],
            "kind": Kind.UPDATE,
            "received_at": now,
            "body": write_body(update),
            "status": "new",
            "attempts": 0,
        }


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    insert_missing(session, TABLE, rows)
    reach("intake:before-commit")


@dataclass(slots=True)
class Health:
    """What ``/readyz`` and ``doctor`` want to know of the poller."""

    last_success: datetime | None = None
    fatal: str | None = None


class Trouble:
    """Tells the operators, once, of what a person must mend; of what often passes by itself only when it lasts."""

    def __init__(self, health: Health, alarm: Callable[[str], None], seconds: float = ALARM_AFTER) -> None:
        self._health = health
        self._alarm = alarm
        self._seconds = seconds
        self._since: float | None = None

    def note(self, error: Exception) -> None:
        """Consider what went wrong just now."""
        kind = _alarm_of(error)
        if kind is None:
            return
        now = time.monotonic()
        self._since = self._since or now
        if kind != TOKEN_REFUSED and now - self._since < self._seconds:
            return
        if self._health.fatal is None:
            self._alarm(kind)
        self._health.fatal = kind

    def over(self) -> None:
        """Say that it works."""
        self._since = None
        self._health.fatal = None


class Poller:
    """Fetches updates by long polling, in a loop that no answer of Telegram's can end or make hot."""

    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        clock: Clock,
        health: Health,
        alarm: Callable[[str], None] = lambda text: None,
        *,
        seconds: int = LONG_POLL_SECONDS,
        patience: float = ANSWER_PATIENCE,
        alarm_seconds: float = ALARM_AFTER,
    ) -> None:
        self._bot = bot
        self._intake = intake
        self._clock = clock
        self._health = health
        self._trouble = Trouble(health, alarm, alarm_seconds)
        self._seconds = seconds
        self._patience = patience
        self._offset = 0

    async def run(self) -> None:
        """Poll until cancelled."""
        backoff = Backoff(first=1.0)
        while True:
            try:
                await self._poll_slowly()
            except Exception as error:  # noqa: BLE001 - the edge: intake must outlive every fault
                await asyncio.sleep(self._delay(error, backoff))
            else:
                backoff.reset()
                self._trouble.over()
                self._health.last_success = self._clock.now()

    async def _poll_slowly(self) -> None:
        """Poll; an answer that is empty long before its time, as a proxy may give, must not make the loop hot."""
        began = time.monotonic()
        if not await self.poll_once() and time.monotonic() - began < EMPTY_POLL_SECONDS:
            await asyncio.sleep(EMPTY_POLL_SECONDS)

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
        options = {"offset": self._offset, "timeout": self._seconds, "allowed_updates": list(ALLOWED_UPDATES)}
        patience = self._seconds + self._patience
        answer = await self._bot.do_api_request("getUpdates", api_kwargs=options, read_timeout=patience)
        return [update for update in answer if is_update(update)]

    def _delay(self, error: Exception, backoff: Backoff) -> float:
        log.warning("getUpdates failed: %s", type(error).__name__)
        self._trouble.note(error)
        if isinstance(error, RetryAfter):
            return max(float(error._retry_after.total_seconds()), backoff.next())  # noqa: SLF001
        if not isinstance(error, TelegramError):
            log.error("intake could not store updates; they stay unconfirmed", exc_info=error)
        return backoff.next()


def _alarm_of(error: Exception) -> str | None:
    match error:
        case InvalidToken():
            return TOKEN_REFUSED
        case Conflict():
            return "Conflict"
        case SQLAlchemyError():
            return "Storage"
    return None
