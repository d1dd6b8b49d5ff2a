"""The way round the wire, for what is rare: files, downloads, proxies. It knows nothing of chats, pacing or retries.

A module of its own, so that aiohttp, which is slow to load, is loaded with the first of them.
"""

from typing import Final

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData

from bot.telegram.errors import NotDelivered, NotDeliveredInTime
from bot.telegram.wire import Answer, Limits


class Detour:
    """One pool of kept-alive connections of aiohttp's; to be made where an event loop runs."""

    def __init__(self, *, connections: int, largest_answer: int, user_agent: str, proxy: str | None) -> None:
        self._largest_answer: Final = largest_answer
        self._session: Final = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=30, ttl_dns_cache=300),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": user_agent},
            proxy=proxy,
        )

    async def exchange(
        self, url: str, method: str, body: bytes | RequestData | None, kind: str, limits: Limits
    ) -> Answer:
        """Send one request and return the status and body of its answer; ``kind`` is the content type of plain bytes.

        Raises the errors of the module beside it. Redirects are not followed: they would carry the token elsewhere.
        """
        try:
            return await self._exchange(url, method, body, kind, limits)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = _translate(error)
        # Raised outside the except block, so that the original with its address is not even the context.
        raise failure

    async def close(self) -> None:
        """Close the pool."""
        await self._session.close()

    async def _exchange(
        self, url: str, method: str, body: bytes | RequestData | None, kind: str, limits: Limits
    ) -> Answer:
        async with self._session.request(
            method,
            url,
            data=_multipart(body) if isinstance(body, RequestData) else body,
            headers={"Content-Type": kind} if kind else {},
            timeout=_timeout(limits),
            allow_redirects=False,
        ) as response:
            return response.status, await self._read(response)

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        payload = bytearray()
        async for piece in response.content.iter_any():
            payload += piece
            if len(payload) > self._largest_answer:
                raise NetworkError(f"the server's answer is larger than {self._largest_answer} bytes")
        return bytes(payload)


def _timeout(limits: Limits) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=limits.whole, connect=limits.connecting, sock_connect=limits.opening, sock_read=limits.answering
    )


def _multipart(request_data: RequestData) -> aiohttp.FormData:
    # Unquoted, because Telegram shows a percent-encoded file name as it is.
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=" ".join(filename.split()), content_type=content_type)
    return form


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
