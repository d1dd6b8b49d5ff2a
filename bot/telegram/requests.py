"""The transport of python-telegram-bot, and its counterpart without a network.

It exists because the stock transport costs several times the processor time and cannot tell the courier whether a
failed request may have reached Telegram. It knows nothing of chats, pacing or retries. Ordinary calls go over the
`wire`; aiohttp takes what is rare: files, downloads, proxies.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast, final
from urllib.parse import urlsplit

import aiohttp
from telegram import Bot, InputFile
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # the library makes it public nowhere

from bot.telegram.errors import NetworkInTransaction, NotDelivered, NotDeliveredInTime, ServerFault
from bot.telegram.wire import Limits, Wire

if TYPE_CHECKING:
    from telegram._utils.types import ODVInput

_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON: Final = {"Content-Type": "application/json"}
_SLOWEST_UPLOAD: Final = 64 * 1024
_LONGEST_ERROR: Final = 4096
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class JsonBody:
    """What a call says, as JSON already: it goes through python-telegram-bot untouched, in a `RequestData`'s place."""

    content: bytes
    contains_files: bool = False


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
    body = cast("RequestData", JsonBody(_ENCODE(arguments).encode()))
    return await transport.post(f"{bot.base_url}/{method}", body, read_timeout=read_timeout)


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
        "_largest_answer",
        "_media_write_timeout",
        "_proxy",
        "_session",
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
        self._session: aiohttp.ClientSession | None = None
        self._wire: Wire | None = None

    @property
    def read_timeout(self) -> float | None:
        """The seconds between two pieces of an answer when a call does not say."""
        return self._timeouts[2]

    async def initialize(self) -> None:
        """Open the pool; does nothing when it is open, and opens it again after `shutdown`."""
        if self._session is None:
            if self._proxy is None:
                self._wire = Wire(
                    connections=self._connections, largest_answer=self._largest_answer, user_agent=self.USER_AGENT
                )
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=30, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._proxy,
            )

    async def shutdown(self) -> None:
        """Close the pool; does nothing when it is closed."""
        if self._wire is not None:
            self._wire.close()
        session, self._session, self._wire = self._session, None, None
        if session is not None:
            await session.close()

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
        try:
            status, payload = await self._exchange(url, method, request_data, limits)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = _translate(error)
        else:
            return _checked(method, status, payload)
        # Raised outside the except block, so that the original with its address is not even the context.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer; raises NetworkError, not the log's whole body, when it is not a JSON object."""
        try:
            parsed = json.loads(payload)
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
    ) -> aiohttp.ClientTimeout:
        default_connect, default_pool, default_read, default_write = self._timeouts
        if request_data is not None and request_data.contains_files:
            default_write = _plus(self._media_write_timeout, _size(request_data) / _SLOWEST_UPLOAD)
        connecting, waiting = _chosen(connect, default_connect), _chosen(pool, default_pool)
        reading, writing = _chosen(read, default_read), _chosen(write, default_write)
        before = _plus(connecting, waiting)
        return aiohttp.ClientTimeout(
            # A download is bounded from piece to piece only: on a slow line it may take minutes.
            total=None if method == "GET" else _plus(_plus(before, writing), reading),
            connect=before,
            sock_connect=connecting,
            sock_read=reading,
        )

    async def _exchange(
        self, url: str, method: str, request_data: RequestData | None, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NotDelivered("the transport is not initialised")
        body, headers = _body(request_data)
        if self._wire is not None and method == "POST" and isinstance(body, bytes):
            return await self._wire.post(url, body, headers["Content-Type"], Limits(limits.connect, limits.sock_read))
        async with self._session.request(
            method, url, data=body, headers=headers, timeout=limits, allow_redirects=False
        ) as response:
            return response.status, await self._read(response)

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        payload = bytearray()
        async for piece in response.content.iter_any():
            payload += piece
            if len(payload) > self._largest_answer:
                raise NetworkError(f"the server's answer is larger than {self._largest_answer} bytes")
        return bytes(payload)


@final
class OfflineRequest(BaseRequest):
    """The transport of the bot that handlers see: it knows who it is and refuses everything else.

    `identity` is the `result` of getMe as stored at start-up. Nothing here waits, so a coroutine that ends in it
    finishes at its first step.
    """

    __slots__ = ("_answer",)

    def __init__(self, identity: Mapping[str, Any]) -> None:
        """Keep the stored answer of getMe."""
        self._answer = json.dumps({"ok": True, "result": dict(identity)}).encode()

    @property
    def read_timeout(self) -> float | None:
        """No limit, since nothing is ever read."""
        return None

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to close."""

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
        """Answer getMe; raises NetworkInTransaction, naming the method only, for anything else."""
        called = url.rpartition("/")[2]
        if called != "getMe":
            raise NetworkInTransaction(f"{called} was called inside a transaction; record it in the outbox instead")
        return 200, self._answer


def _chosen(value: "ODVInput[float]", default: float | None) -> float | None:
    return default if value is BaseRequest.DEFAULT_NONE else cast("float | None", value)


def _plus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def _translate(error: Exception) -> NetworkError:
    reason = getattr(error, "strerror", None) or type(error).__name__
    match error:
        case aiohttp.ConnectionTimeoutError():
            return NotDeliveredInTime("no connection to the server in time")
        case TimeoutError():
            return TimedOut("no answer from the server in time")
        case aiohttp.ClientConnectorError() | aiohttp.ClientHttpProxyError() | aiohttp.InvalidURL():
            return NotDelivered(f"no connection to the server: {reason}")
        case _:
            return NetworkError(f"the connection to the server broke: {reason}")


def _checked(method: str, status: int, payload: bytes) -> tuple[int, bytes]:
    if status >= 500:
        raise ServerFault(f"the server is out of order ({status})")
    if not 200 <= status <= 299:
        return status, payload[:_LONGEST_ERROR]
    if method == "POST" and b'"result"' not in payload:
        raise NetworkError("the server's answer has no result")
    return status, payload


def _body(request_data: "RequestData | JsonBody | None") -> tuple[bytes | aiohttp.FormData | None, Mapping[str, str]]:
    if request_data is None:
        return None, {}
    if isinstance(request_data, JsonBody):
        return request_data.content, _JSON
    if request_data.contains_files:
        return _multipart(request_data), {}
    return request_data.url_encoded_parameters().encode(), _FORM


def _multipart(request_data: RequestData) -> aiohttp.FormData:
    # Unquoted, because Telegram shows a percent-encoded file name as it is.
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=" ".join(filename.split()), content_type=content_type)
    return form


def _size(request_data: RequestData) -> int:
    contents = (content for _, content, _ in request_data.multipart_data.values())
    return sum(len(content) for content in contents if isinstance(content, bytes))
