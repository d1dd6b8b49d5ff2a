"""The transport of python-telegram-bot.

It exists because the stock transport costs several times the processor time and cannot tell the courier whether a
failed request may have reached Telegram. It knows nothing of chats, pacing or retries. Ordinary calls go over the
`wire`; the `detour` takes what is rare: files, downloads, proxies.
"""

import asyncio
import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast, final
from urllib.parse import urlsplit

from telegram import Bot, InputFile
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # the library makes it public nowhere

from bot import json_text
from bot.telegram.errors import NotDelivered, ServerFault
from bot.telegram.offline import AnsweredRequest
from bot.telegram.wire import Limits, Wire

if TYPE_CHECKING:
    from telegram._utils.types import ODVInput

    from bot.telegram.detour import Detour

_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_OK: Final = 200
_SLOWEST_UPLOAD: Final = 64 * 1024
_LONGEST_ERROR: Final = 4096


async def call(bot: Bot, method: str, arguments: Mapping[str, Any], read_timeout: float) -> Any:
    """Call a method of the Bot API with plain JSON and return its result; raises TelegramError.

    The library would encode each argument by itself and then all of them together, which costs more than sending them.
    A transport that is not ours, or a file among the arguments, gets what the library makes.
    """
    transport = bot.request
    if "media" in arguments and not isinstance(transport, AiohttpRequest):
        # The library wants objects of its own for albums; what we have is JSON already.
        album = RequestData([RequestParameter.from_input(name, value) for name, value in arguments.items()])
        return await transport.post(f"{bot.base_url}/{method}", album, read_timeout=read_timeout)
    if not isinstance(transport, AiohttpRequest) or any(isinstance(value, InputFile) for value in arguments.values()):
        return await bot.do_api_request(method, api_kwargs=dict(arguments), read_timeout=read_timeout)
    return await transport.send(f"{bot.base_url}/{method}", json_text.write(arguments).encode(), read_timeout)


async def call_as_written(bot: Bot, method: str, written: str, read_timeout: float) -> Any:
    """The same with arguments that are JSON already, and need not be read to be sent."""
    if not isinstance(bot.request, AiohttpRequest):
        return await call(bot, method, json_text.read(written), read_timeout)
    return await bot.request.send(f"{bot.base_url}/{method}", written.encode(), read_timeout)


@final
class AiohttpRequest(BaseRequest):
    """One pool of kept-alive connections to a server that speaks the Bot API.

    Time-outs are seconds, `None` means no limit, and each may be overridden by a call, as python-telegram-bot does:
    `pool_timeout` for a free connection, `connect_timeout` for a new one, `write_timeout` for sending the request
    (`media_write_timeout` when files go with it, plus a second for each 64 KiB), `read_timeout` between any two
    pieces of the answer. `largest_answer` is in bytes. `proxy` is an http or https address.
    """

    __slots__ = (
        "_connections",
        "_detour",
        "_largest_answer",
        "_media_write_timeout",
        "_proxy",
        "_timeouts",
        "_wire",
    )

    def __init__(
        self,
        *,
        connections: int = 256,
        proxy: str | None = None,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 1.0,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        media_write_timeout: float | None = 20.0,
        largest_answer: int = 64 * 1024 * 1024,
    ) -> None:
        """Keep the settings; connections open with the first request. Raises ValueError for a proxy of another kind."""
        if proxy is not None and urlsplit(proxy).scheme not in ("http", "https"):
            raise ValueError("the proxy's address must begin with http:// or https://")
        self._connections = connections
        self._proxy = proxy
        self._timeouts = (connect_timeout, pool_timeout, read_timeout, write_timeout)
        self._media_write_timeout = media_write_timeout
        self._largest_answer = largest_answer
        self._detour: Detour | None = None
        self._wire: Wire | None = None

    @property
    def read_timeout(self) -> float | None:
        """The seconds between two pieces of an answer when a call does not say."""
        return self._timeouts[2]

    async def initialize(self) -> None:
        """Open the pool; does nothing when it is open, and opens it again after `shutdown`."""
        if self._wire is None:
            self._wire = Wire(
                connections=self._connections, largest_answer=self._largest_answer, user_agent=self.USER_AGENT
            )

    async def shutdown(self) -> None:
        """Close the pool; does nothing when it is closed."""
        if self._wire is not None:
            self._wire.close()
        detour, self._detour, self._wire = self._detour, None, None
        if detour is not None:
            await detour.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: "ODVInput[float]" = BaseRequest.DEFAULT_NONE,
        write_timeout: "ODVInput[float]" = BaseRequest.DEFAULT_NONE,
        connect_timeout: "ODVInput[float]" = BaseRequest.DEFAULT_NONE,
        pool_timeout: "ODVInput[float]" = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request and return the status and body of its answer.

        Raises the errors of the module's tree. Redirects are not followed: they would carry the token elsewhere.
        """
        limits = self._limits(method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout)
        body, kind = _body(request_data)
        return await self._exchange(url, method, body, kind, limits)

    async def send(self, url: str, content: bytes, read_timeout: float) -> Any:
        """Post JSON and return the result; a refusal is told as the library tells it."""
        limits = self._limits("POST", None, read_timeout, *(BaseRequest.DEFAULT_NONE,) * 3)
        status, payload = await self._exchange(url, "POST", content, _JSON, limits)
        if status == _OK:
            return self.parse_json_payload(payload)["result"]
        return await AnsweredRequest(status, payload).post(url)

    async def _exchange(
        self, url: str, method: str, body: bytes | RequestData | None, kind: str, limits: Limits
    ) -> tuple[int, bytes]:
        if self._wire is None:
            raise NotDelivered("the transport is not initialised")
        if self._proxy is None and method == "POST" and isinstance(body, bytes):
            status, payload = await self._wire.post(url, body, kind, limits)
        else:
            detour = await self._open_detour()
            status, payload = await detour.exchange(url, method, body, kind, limits)
        return _checked(method, status, payload)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer; raises NetworkError, not the log's whole body, when it is not a JSON object."""
        try:
            parsed = json_text.read(payload)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise NetworkError("the server's answer is not a JSON object")
        return parsed

    def _limits(
        self,
        method: str,
        request_data: RequestData | None,
        read: "ODVInput[float]",
        write: "ODVInput[float]",
        connect: "ODVInput[float]",
        pool: "ODVInput[float]",
    ) -> Limits:
        default_connect, default_pool, default_read, default_write = self._timeouts
        if request_data is not None and request_data.contains_files:
            default_write = _plus(self._media_write_timeout, _size(request_data) / _SLOWEST_UPLOAD)
        opening, waiting = _chosen(connect, default_connect), _chosen(pool, default_pool)
        reading, writing = _chosen(read, default_read), _chosen(write, default_write)
        before = _plus(opening, waiting)
        # A download is bounded from piece to piece only: on a slow line it may take minutes.
        whole = None if method == "GET" else _plus(_plus(before, writing), reading)
        return Limits(before, reading, opening, whole)

    async def _open_detour(self) -> "Detour":
        if self._detour is None:
            module = await asyncio.to_thread(importlib.import_module, "bot.telegram.detour")
            self._detour = self._detour or module.Detour(
                connections=self._connections,
                largest_answer=self._largest_answer,
                user_agent=self.USER_AGENT,
                proxy=self._proxy,
            )
        return self._detour


def _chosen(value: "ODVInput[float]", default: float | None) -> float | None:
    return default if value is BaseRequest.DEFAULT_NONE else cast("float | None", value)


def _plus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def _checked(method: str, status: int, payload: bytes) -> tuple[int, bytes]:
    if status >= 500:
        raise ServerFault(f"the server is out of order ({status})")
    if not 200 <= status <= 299:
        return status, payload[:_LONGEST_ERROR]
    if method == "POST" and b'"result"' not in payload:
        raise NetworkError("the server's answer has no result")
    return status, payload


def _body(request_data: RequestData | None) -> tuple[bytes | RequestData | None, str]:
    """What is sent and its content type, which is none where whoever sends it makes it."""
    if request_data is None:
        return None, ""
    if request_data.contains_files:
        return request_data, ""
    return request_data.url_encoded_parameters().encode(), _FORM


def _size(request_data: RequestData) -> int:
    contents = (content for _, content, _ in request_data.multipart_data.values())
    return sum(len(content) for content in contents if isinstance(content, bytes))
