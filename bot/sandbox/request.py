"""The in-process face: python-telegram-bot's transport, answered by the sandbox without a socket."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import unquote

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.sandbox.core import Answer, Sandbox, answer_error
from bot.sandbox.errors import ApiError, ConnectionCut
from bot.sandbox.params import Upload


class SandboxRequest(BaseRequest):
    """Give it to `Bot(token=sandbox.token, request=..., get_updates_request=...)`; any base URL will do."""

    def __init__(self, sandbox: Sandbox, *, read_timeout: float | None = 5.0) -> None:
        self._sandbox = sandbox
        self._read_timeout = read_timeout

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close; the sandbox outlives its callers."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Answer a call or a download; raises TimedOut and NetworkError as a socket would."""
        limit: float | None = self._read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        try:
            async with asyncio.timeout(limit):
                answer = await self._answer(url, request_data)
        except TimeoutError as error:
            raise TimedOut from error
        except ConnectionCut as error:
            raise NetworkError("the connection was closed without an answer") from error
        return answer.status, answer.body

    async def _answer(self, url: str, data: RequestData | None) -> Answer:
        token, _, tail = unquote(url).partition("/bot")[2].partition("/")
        try:
            self._sandbox.check_token(token)
            if "/file/bot" in url:
                return Answer(200, self._sandbox.download(tail))
        except ApiError as error:
            return answer_error(error)
        return await self._sandbox.call(tail, data.json_parameters if data else {}, _uploads(data))


def _uploads(data: RequestData | None) -> dict[str, Upload]:
    if data is None or not data.contains_files:
        return {}
    return {name: _upload(*part) for name, part in data.multipart_data.items()}


def _upload(name: str, content: Any, mime_type: str) -> Upload:
    raw = content if isinstance(content, bytes) else content.read()
    return Upload(name, raw, mime_type)
