"""The sandbox: a strict Bot API server without a socket. Its two faces are `request` (in process) and `http`.

It joins the world, the methods, polling, webhooks, flood limits and faults. It decides no rule of a method itself,
reads no clock but the one it is given, and starts no thread.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from bot import json_text
from bot.sandbox.errors import ApiError, ConnectionCut, bad_request, too_many_requests
from bot.sandbox.faults import Fault, FaultPlan
from bot.sandbox.flood import FloodGuard, FloodLimits
from bot.sandbox.methods import KNOWN_METHODS, METHODS
from bot.sandbox.methods.webhooks import Described
from bot.sandbox.page_view import chat_view
from bot.sandbox.params import Json, Params, Upload
from bot.sandbox.person_side import PersonSide
from bot.sandbox.polling import get_updates
from bot.sandbox.webhook import WebhookSender
from bot.sandbox.world import World

DEFAULT_TOKEN = "7000000001:sandbox-token-that-only-works-here"  # noqa: S105
_COPIES = {"forwardmessage", "copymessage"}


class Answer(Struct, frozen=True):
    """An HTTP answer."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Call(Struct, frozen=True):
    """A call of the bot; `error` is empty when it was done. `params` are as they came (strings from forms)."""

    method: str
    params: Mapping[str, Any]
    chat_id: int
    message_id: int
    at: datetime
    error: str = ""


class Sandbox(PersonSide):
    """One bot's Telegram.

    `folder` keeps the state over restarts; `latency` (seconds) is a round trip; `insecure_webhooks` allows http and
    any host; `webhook_retry_unit` (seconds) shortens the back-off of webhook deliveries in tests.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] | None = None,
        token: str = DEFAULT_TOKEN,
        username: str = "cohort_sandbox_bot",
        first_name: str = "Cohort Bot",
        folder: Path | None = None,
        flood: FloodLimits | None = None,
        latency: float = 0.0,
        privacy: bool = True,
        language: str = "en",
        insecure_webhooks: bool = False,
        webhook_retry_unit: float = 1.0,
    ) -> None:
        bot = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": first_name, "username": username}
        self.world = World(clock or _utc_now, bot, folder, insecure_webhooks=insecure_webhooks)
        self.token = token
        self.flood = FloodGuard(flood)
        self.latency = latency
        self.privacy = privacy
        self.language = language
        self.links: list[dict[str, str]] = []
        self.calls: list[Call] = []
        self.refusals: list[Call] = []
        self._faults = FaultPlan()
        self._sender = WebhookSender(self.world, self.perform, retry_unit=webhook_retry_unit)

    async def call(self, method: str, values: Mapping[str, Any], files: Mapping[str, Upload] | None = None) -> Answer:
        """Answer one call of the bot; raises ConnectionCut when a fault says so."""
        if self.latency:
            await asyncio.sleep(self.latency / 2)
        fault = self._faults.next_for(method)
        params = Params(values, files)
        answer = await (self._answer(method, params) if fault is None else self._fail(fault, method, params))
        if self.latency:
            await asyncio.sleep(self.latency / 2)
        return answer

    def perform(self, method: str, params: Params) -> Any:
        """Apply a method other than getUpdates and log it; returns its result. Raises ApiError."""
        found = METHODS.get(method.lower())
        if found is None:
            raise _unknown(method)
        try:
            self._check_flood(found.name, params)
            result = found.run(self.world, params)
        except ApiError as error:
            self.refusals.append(self._call(found.name, params, None, error.description))
            raise
        finally:
            self.world.journal.flush()
        if not found.name.startswith("get"):
            self.calls.append(self._call(found.name, params, result))
        self._sender.wake()
        return result

    def fail_next(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next calls of a method (`*`: of any) go wrong."""
        self._faults.add(method, fault, times)

    def clear_faults(self) -> None:
        """Forget the faults that did not happen yet."""
        self._faults.clear()

    def check_token(self, token: str) -> None:
        """Raise ApiError 401 unless it is the bot's token."""
        bot_id, colon, secret = token.partition(":")
        if len(token) > 80 or not colon or not secret or not bot_id.isdecimal() or bot_id.startswith("0"):
            raise ApiError(401, "Unauthorized: invalid token specified")
        if not secrets.compare_digest(token.encode(), self.token.encode()):
            raise ApiError(401, "Unauthorized")

    def download(self, path: str) -> bytes:
        """The bytes behind a `file_path`; raises ApiError."""
        row = self.world.file_by_path(path)
        if row is None:
            raise ApiError(404, "Not Found")
        return self.world.contents.read(row["unique_id"])

    def chat(self, person_id: int) -> Json:
        """The private chat of a person as the page shows it."""
        return chat_view(self.world, person_id)

    def messages(self, chat_id: int) -> list[Json]:
        """The Message objects of a chat, oldest first."""
        return [row["wire"] for row in self.world.messages.of_chat.get(chat_id, {}).values()]

    async def close(self) -> None:
        """Stop delivering to the webhook and close the journal."""
        await self._sender.stop()
        self.world.journal.close()

    def wake(self) -> None:
        """Resume webhook deliveries after a start; needs a running event loop."""
        self._sender.wake()

    async def _answer(self, method: str, params: Params) -> Answer:
        try:
            if method.lower() == "getupdates":
                result: Any = await self._get_updates(params)
            else:
                result = self.perform(method, params)
        except ApiError as error:
            return answer_error(error)
        if isinstance(result, Described):
            return _json(200, {"ok": True, "result": result.result, "description": result.description})
        return _json(200, {"ok": True, "result": result})

    async def _get_updates(self, params: Params) -> list[Json]:
        try:
            return await get_updates(self.world, params)
        finally:
            self.world.journal.flush()

    async def _fail(self, fault: Fault, method: str, params: Params) -> Answer:
        answer = await self._answer(method, params) if fault.apply or fault.is_late_only else None
        await asyncio.sleep(fault.delay)
        if fault.cut:
            raise ConnectionCut
        if fault.body is not None:
            return Answer(fault.status or 200, fault.body, {"content-type": "application/json"})
        if fault.status or answer is None:
            extra = {"retry_after": fault.retry_after} if fault.retry_after else {}
            return answer_error(ApiError(fault.status, fault.description, **extra))
        return answer

    def _check_flood(self, name: str, params: Params) -> None:
        if self.flood.limits is None or not (name.startswith("send") or name.lower() in _COPIES):
            return
        if name == "sendChatAction":
            return
        count = max(1, len(params.objects("media"))) if name == "sendMediaGroup" else 1
        paid = params.flag("allow_paid_broadcast")
        wait = self.flood.admit(params.integer("chat_id"), count, paid=paid, now=self.world.now())
        if wait:
            raise too_many_requests(wait)

    def _call(self, name: str, params: Params, result: Any, error: str = "") -> Call:
        first = result[0] if isinstance(result, list) and result else result
        message_id = first.get("message_id", 0) if isinstance(first, dict) else 0
        chat_id = params.integer("chat_id")
        return Call(name, params.values, chat_id, message_id or params.integer("message_id"), self.world.clock(), error)


def answer_error(error: ApiError) -> Answer:
    """The HTTP answer of a refusal."""
    headers = {"retry-after": str(error.parameters["retry_after"])} if "retry_after" in error.parameters else {}
    answer = _json(error.status, error.body())
    return Answer(answer.status, answer.body, {**answer.headers, **headers})


def _json(status: int, content: Json) -> Answer:
    # Half of a surrogate pair has no UTF-8; JSON spells it as Python's escape does.
    body = json_text.write(content).encode(errors="backslashreplace")
    return Answer(status, body, {"content-type": "application/json"})


def _unknown(method: str) -> ApiError:
    if method.lower() in KNOWN_METHODS:
        return bad_request(f"the sandbox does not offer the method {method}")
    return ApiError(404, "Not Found: method not found")


def _utc_now() -> datetime:
    return datetime.now(UTC)
