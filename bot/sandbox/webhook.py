"""Delivering updates to a webhook: one lane a chat, retries with back-off, as Telegram's WebhookActor does.

It only posts what is in the queue and drops what was answered with 2xx. Its settings are made in `methods.webhooks`.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp

from bot.sandbox.errors import ApiError
from bot.sandbox.params import Json, Params
from bot.sandbox.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
ANSWER_TIMEOUT = 60.0
LONGEST_RETRY_AFTER = 3600.0
GONE_FOR = 23 * 3600.0
_NOT_EXECUTED = {"setwebhook", "deletewebhook", "close", "logout"}


class WebhookSender:
    """Sends while a webhook is set and an event loop runs; started by `wake`."""

    def __init__(self, world: World, perform: Callable[[str, Params], Any], *, retry_unit: float) -> None:
        self._world = world
        self._perform = perform
        self._retry_unit = retry_unit
        self._lanes: dict[str, deque[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(40)
        self._url = ""
        self._gone_since: float | None = None

    def wake(self) -> None:
        """Begin, change or end deliveries according to the settings."""
        webhook = self._world.settings.get("webhook")
        url = webhook["url"] if webhook else ""
        if url == self._url:
            return
        self._cancel()
        self._url, self._gone_since = url, None
        if webhook:
            self._slots = asyncio.Semaphore(webhook["max_connections"])
            self._world.queue.listener = self._enqueue
            for update_id in list(self._world.queue.rows):
                self._enqueue(update_id)

    async def stop(self) -> None:
        """End deliveries; what is unanswered stays in the queue."""
        tasks = set(self._tasks)
        self._cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _cancel(self) -> None:
        self._world.queue.listener = None
        self._lanes.clear()
        self._url = ""
        for task in self._tasks:
            task.cancel()

    def _enqueue(self, update_id: int) -> None:
        lane = self._world.queue.rows[update_id]["lane"]
        waiting = self._lanes.get(lane)
        if waiting is not None:
            waiting.append(update_id)
            return
        self._lanes[lane] = deque([update_id])
        task = asyncio.get_running_loop().create_task(self._run_lane(lane, self._lanes[lane]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, lane: str, waiting: deque[int]) -> None:
        while waiting:
            await self._deliver(waiting[0])
            waiting.popleft()
        self._lanes.pop(lane, None)

    async def _deliver(self, update_id: int) -> None:
        """Post one update until it is answered or its life ends."""
        attempt = 0
        while row := self._world.queue.get(update_id):
            webhook = self._world.settings.get("webhook")
            if webhook is None:
                return
            if row["expires"] <= self._world.now():
                break
            async with self._slots:
                pause = await self._post(webhook, row["update"], attempt)
            if pause is None:
                break
            attempt += 1
            await asyncio.sleep(pause)
        self._world.queue.drop(update_id)
        self._world.journal.flush()

    async def _post(self, webhook: Json, update: Json, attempt: int) -> float | None:
        """One attempt; None when it is done, else the seconds until the next."""
        headers = {SECRET_HEADER: webhook["secret"]} if webhook["secret"] else {}
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_TIMEOUT))
        try:
            async with self._session.post(webhook["url"], json=update, headers=headers) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            self._note_error(f"Connection failed: {error!r}")
            return self._pause(attempt, None)
        if 200 <= answer.status <= 299:
            self._gone_since = None
            self._execute(body)
            return None
        self._note_error(f"Wrong response from the webhook: {answer.status} {answer.reason or ''}".rstrip())
        self._note_gone(answer.status)
        return self._pause(attempt, answer.headers.get("Retry-After"))

    def _pause(self, attempt: int, retry_after: str | None) -> float:
        if retry_after and retry_after.isdecimal():
            return min(float(retry_after), LONGEST_RETRY_AFTER) * self._retry_unit
        if attempt == 0:
            return 0.0
        return min(2.0**attempt, 60.0 + secrets.randbelow(61)) * self._retry_unit

    def _note_error(self, message: str) -> None:
        error = {"last_error_date": int(self._world.now()), "last_error_message": message}
        self._world.settings.put("webhook_error", error)

    def _note_gone(self, status: int) -> None:
        """410 for 23 hours removes the webhook."""
        if status != 410:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = self._world.now()
        elif self._world.now() - self._gone_since >= GONE_FOR:
            self._world.settings.drop("webhook")
            self._world.queue.listener = None
            self._url = ""

    def _execute(self, body: bytes) -> None:
        """A method named in the answer is executed; its result is never seen."""
        try:
            call = json.loads(body)
        except ValueError:
            return
        method = str(call.get("method", "")) if isinstance(call, dict) else ""
        if not method or method.lower().startswith("get") or method.lower() in _NOT_EXECUTED:
            return
        try:
            self._perform(method, Params(call))
        except ApiError:
            return
