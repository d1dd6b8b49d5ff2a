"""HTTP/1.1 over kept connections, for the small requests that make up nearly all of a bot's traffic.

It exists because such a request costs a quarter of the processor time that it costs with aiohttp. It sends one body,
takes one answer, and knows no proxy, redirect, cookie, compression or file. It fails as the errors beside it say, and
never shows an address.
"""

import asyncio
import socket
import ssl
import time
from functools import cache, lru_cache
from typing import Any, Final, cast
from urllib.parse import urlsplit

import aiohappyeyeballs
import httptools
from msgspec import Struct
from telegram.error import NetworkError, TimedOut

from bot.telegram.errors import NotDelivered, NotDeliveredInTime

_KEPT: Final = 30.0
"""Seconds that an idle connection is used again; servers keep theirs for 60 or more."""
_ADDRESSES_KEPT: Final = 300.0
_NEXT_ADDRESS_AFTER: Final = 0.25
"""Seconds before another address of the server is tried beside the first (RFC 8305)."""

Answer = tuple[int, bytes]
Origin = tuple[str, str, int]


class Limits(Struct, frozen=True):
    """Seconds; ``None`` is for ever. ``connecting`` is ``opening`` and waiting for a free connection together."""

    connecting: float | None
    answering: float | None
    opening: float | None = None
    whole: float | None = None


class Wire:
    """A pool of connections to the servers that are spoken to, usually one."""

    def __init__(self, *, connections: int, largest_answer: int, user_agent: str) -> None:
        self._room = asyncio.Semaphore(connections)
        self._largest_answer = largest_answer
        self._user_agent = user_agent
        self._idle: dict[Origin, list[_Connection]] = {}
        self._book = _AddressBook()

    async def post(self, url: str, body: bytes, content_type: str, limits: Limits) -> Answer:
        """Send one request and return the status and body of its answer.

        Raises:
            NotDelivered: it certainly never left; ``NotDeliveredInTime`` for want of time.
            TimedOut: no whole answer in time. NetworkError: the connection broke, or the answer is none.
        """
        origin, head = _head(url, content_type, self._user_agent)
        connection = await self._take(origin, limits.connecting)
        try:
            return await connection.exchange(b"%s%d\r\n\r\n%s" % (head, len(body), body), limits.answering)
        finally:
            self._give_back(origin, connection)

    def close(self) -> None:
        """Close what is idle; what is in use is closed by its user's end."""
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()

    async def _take(self, origin: Origin, seconds: float | None) -> "_Connection":
        if not self._room.locked() and (idle := self._reuse(origin)):
            await self._room.acquire()
            return idle
        try:
            async with asyncio.timeout(seconds):
                await self._room.acquire()
                try:
                    return self._reuse(origin) or await self._open(origin)
                except BaseException:
                    self._room.release()
                    raise
        except TimeoutError:
            self._book.forget()
            raise NotDeliveredInTime("no connection to the server in time") from None

    def _reuse(self, origin: Origin) -> "_Connection | None":
        idle = self._idle.get(origin)
        while idle:
            connection = idle.pop()
            if connection.is_free and time.monotonic() - connection.used_at < _KEPT:
                return connection
            connection.close()
        return None

    def _give_back(self, origin: Origin, connection: "_Connection") -> None:
        self._room.release()
        if connection.is_free:
            connection.used_at = time.monotonic()
            self._idle.setdefault(origin, []).append(connection)
        else:
            connection.close()

    async def _open(self, origin: Origin) -> "_Connection":
        try:
            return await self._open_proven(origin) or await self._open_any(origin)
        except OSError as error:
            self._book.forget()
            reason = error.strerror or type(error).__name__
        raise NotDelivered(f"no connection to the server: {reason}")

    async def _open_proven(self, origin: Origin) -> "_Connection | None":
        """By the address that the last connection came about with: a race for each would cost twice as much."""
        if (address := self._book.proven(origin)) is None:
            return None
        try:
            return await self._greet(origin, host=address[0], port=address[1])
        except OSError:
            self._book.forget()
            return None

    async def _open_any(self, origin: Origin) -> "_Connection":
        _, host, port = origin
        line = await aiohappyeyeballs.start_connection(
            await self._book.find(host, port), happy_eyeballs_delay=_NEXT_ADDRESS_AFTER, interleave=1
        )
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        address = line.getpeername()
        connection = await self._greet(origin, sock=line)
        self._book.prove(origin, address)
        return connection

    async def _greet(self, origin: Origin, **where: Any) -> "_Connection":
        tls: dict[str, Any] = {"ssl": _trust(), "server_hostname": origin[1]} if origin[0] == "https" else {}
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: _Connection(self._largest_answer), **where, **tls
        )
        return connection


class _Connection(asyncio.Protocol):
    """One connection; it is free between an exchange and the next."""

    def __init__(self, largest_answer: int) -> None:
        self.used_at = 0.0
        self._largest_answer = largest_answer
        self._transport: asyncio.Transport | None = None
        self._answered: asyncio.Future[Answer] | None = None
        self._body = bytearray()
        self._is_measured = self._is_kept = False
        self._parser: Any = None

    @property
    def is_free(self) -> bool:
        """Whether another request may be sent over it."""
        return self._answered is None and self._transport is not None and not self._transport.is_closing()

    async def exchange(self, request: bytes, seconds: float | None) -> Answer:
        """Send a request and wait so long for its answer; whoever stops waiting gives the connection up."""
        assert self._transport is not None  # noqa: S101 - it is connected when it is handed out
        loop = asyncio.get_running_loop()
        self._answered = loop.create_future()
        # A timer of our own: asyncio.timeout costs three times as much, which each call would pay.
        timer = loop.call_later(seconds, self._give_up) if seconds is not None else None
        self._parser = httptools.HttpResponseParser(self)
        self._body.clear()
        self._is_measured = False
        self._transport.write(request)
        try:
            answer = await self._answered
        finally:
            if timer is not None:
                timer.cancel()
        self._answered = None
        if not self._is_kept:
            self.close()
        return answer

    def close(self) -> None:
        """Close it, whatever is going on."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._answered is None or self._answered.done():
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail(NetworkError("the server's answer is not HTTP"))

    def connection_lost(self, error: Exception | None) -> None:
        if self._body and not self._is_measured and error is None:
            self.on_message_complete()
        reason = getattr(error, "strerror", None) or type(error or ConnectionResetError()).__name__
        self._fail(NetworkError(f"the connection to the server broke: {reason}"))

    def on_message_begin(self) -> None:
        if self._answered is not None and self._answered.done():
            # Something beyond the answer: nobody can tell to which request the next one would belong.
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._is_measured |= name.lower() in (b"content-length", b"transfer-encoding")

    def on_body(self, piece: bytes) -> None:
        self._body += piece
        if len(self._body) > self._largest_answer:
            self._fail(NetworkError(f"the server's answer is larger than {self._largest_answer} bytes"))

    def on_message_complete(self) -> None:
        if self._answered is not None and not self._answered.done():
            self._is_kept = self._parser.should_keep_alive()
            self._answered.set_result((self._parser.get_status_code(), bytes(self._body)))

    def _give_up(self) -> None:
        self._fail(TimedOut("no answer from the server in time"))

    def _fail(self, error: NetworkError) -> None:
        self.close()
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error)


class _AddressBook:
    """The server's addresses, asked for once in a while and not once a connection."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[float, list[Any]]] = {}
        self._proven: dict[Origin, tuple[float, tuple[str, int]]] = {}
        self._asking = asyncio.Lock()

    async def find(self, host: str, port: int) -> list[Any]:
        """All addresses of the host; raises OSError."""
        async with self._asking:
            until, addresses = self._known.get((host, port), (0.0, []))
            if until < time.monotonic():
                loop = asyncio.get_running_loop()
                addresses = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                self._known[host, port] = time.monotonic() + _ADDRESSES_KEPT, addresses
            return addresses

    def proven(self, origin: Origin) -> tuple[str, int] | None:
        """The address by which the origin was reached lately, if it was."""
        until, address = self._proven.get(origin, (0.0, None))
        return address if until > time.monotonic() else None

    def prove(self, origin: Origin, address: tuple[str, int]) -> None:
        """Note that the origin is reached by this address."""
        self._proven[origin] = time.monotonic() + _ADDRESSES_KEPT, address

    def forget(self) -> None:
        """Ask anew next time: what was known led nowhere."""
        self._known.clear()
        self._proven.clear()


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


@lru_cache(256)
def _head(url: str, content_type: str, user_agent: str) -> tuple[Origin, bytes]:
    """The server and the request up to the length of its body; there are as many as methods are called."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isascii() or not url.isprintable():
        raise NotDelivered("no connection to the server: its address is none")
    lines = (
        f"POST {parts.path} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"User-Agent: {user_agent}",
        f"Content-Type: {content_type}",
        "Content-Length: ",
    )
    return (parts.scheme, parts.hostname, port), "\r\n".join(lines).encode()
