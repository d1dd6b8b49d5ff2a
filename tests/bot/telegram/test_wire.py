"""The wire: one request after another over kept connections, and never a guess about what came back."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from telegram.error import NetworkError, TimedOut

from bot.telegram.errors import NotDelivered
from bot.telegram.wire import Limits, Wire

pytestmark = pytest.mark.anyio

SOON = Limits(connecting=2.0, answering=2.0)
TEXT = "text/plain"


@dataclass
class Server:
    """What a server has seen."""

    address: str = ""
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)


Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(reply: Reply, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Server]:
    """A server that reads requests with a body of two bytes and answers each with ``reply``."""
    seen = Server()
    open_writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.connections += 1
        open_writers.append(writer)
        while not reader.at_eof() and not writer.is_closing():
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionResetError):
                break
            seen.requests.append(head + await reader.readexactly(2))
            await reply(writer)

    server = await asyncio.start_server(serve, host, port)
    seen.address = f"http://{host}:{server.sockets[0].getsockname()[1]}"
    try:
        yield seen
    finally:
        for writer in open_writers:
            writer.close()
        server.close()


@asynccontextmanager
async def wired(connections: int = 4) -> AsyncIterator[Wire]:
    """A wire that is closed afterwards."""
    wire = Wire(connections=connections, largest_answer=1000, user_agent="test")
    yield wire
    wire.close()
    await asyncio.sleep(0)


async def measured(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine")


async def unmeasured(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\nbroken")
    await writer.drain()
    writer.close()


async def in_pieces(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nfi\r\n2\r\nne\r\n0\r\n\r\n")


async def too_much(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfineHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")


async def last_one(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nfine")


async def cut_short(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfi")
    await writer.drain()
    writer.close()


async def nothing(writer: asyncio.StreamWriter) -> None:
    """Never answer."""


async def test_a_request_goes_out_whole_and_its_answer_comes_back() -> None:
    async with serving(measured) as server, wired() as wire:
        answer = await wire.post(f"{server.address}/bot1:x/getMe", b"hi", TEXT, SOON)

        head, _, body = server.requests[0].partition(b"\r\n\r\n")

    assert answer == (200, b"fine")
    assert body == b"hi"
    assert head.split(b"\r\n")[0] == b"POST /bot1:x/getMe HTTP/1.1"
    assert {b"Content-Type: text/plain", b"Content-Length: 2", b"User-Agent: test"} <= set(head.split(b"\r\n"))


async def test_an_answer_in_pieces_is_put_together() -> None:
    async with serving(in_pieces) as server, wired() as wire:
        assert await wire.post(server.address + "/", b"hi", TEXT, SOON) == (200, b"fine")


async def test_a_connection_is_used_again() -> None:
    async with serving(measured) as server, wired() as wire:
        for _ in range(5):
            await wire.post(server.address + "/", b"hi", TEXT, SOON)

        assert (server.connections, len(server.requests)) == (1, 5)


async def test_no_more_connections_are_open_than_allowed() -> None:
    async with serving(measured) as server, wired(connections=2) as wire:
        await asyncio.gather(*(wire.post(server.address + "/", b"hi", TEXT, SOON) for _ in range(10)))

        assert (server.connections, len(server.requests)) == (2, 10)


async def test_a_connection_that_the_server_gives_up_is_not_used_again() -> None:
    async with serving(last_one) as server, wired() as wire:
        for _ in range(2):
            assert await wire.post(server.address + "/", b"hi", TEXT, SOON) == (200, b"fine")

        assert server.connections == 2


async def test_what_comes_unasked_is_never_the_answer_to_the_next_request() -> None:
    async with serving(too_much) as server, wired() as wire:
        answers = [await wire.post(server.address + "/", b"hi", TEXT, SOON) for _ in range(3)]

    assert answers == [(200, b"fine")] * 3
    assert server.connections == 3


async def test_an_answer_that_ends_with_its_connection_is_whole() -> None:
    async with serving(unmeasured) as server, wired() as wire:
        assert await wire.post(server.address + "/", b"hi", TEXT, SOON) == (502, b"broken")


async def test_an_answer_cut_short_is_none() -> None:
    async with serving(cut_short) as server, wired() as wire:
        with pytest.raises(NetworkError) as caught:
            await wire.post(server.address + "/", b"hi", TEXT, SOON)

    assert not isinstance(caught.value, NotDelivered)


async def test_whoever_waited_too_long_leaves_no_connection_behind_for_the_next() -> None:
    async with serving(nothing) as server, wired(connections=1) as wire:
        for _ in range(2):
            with pytest.raises(TimedOut) as caught:
                await wire.post(server.address + "/", b"hi", TEXT, Limits(connecting=2.0, answering=0.05))
            assert not isinstance(caught.value, NotDelivered)

        assert server.connections == 2


class Directory:
    """Says that every name stands for one address, and counts how often it was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked = 0

    async def look_up(self, _: str, port: int, **__: object) -> list[object]:
        self.asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (self.address, port))]


@pytest.fixture
async def directory(monkeypatch: pytest.MonkeyPatch) -> Directory:
    directory = Directory("127.0.0.1")
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", directory.look_up)
    return directory


async def test_the_next_connection_goes_by_the_address_of_the_last(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(last_one) as server, wired() as wire:
        named = server.address.replace("127.0.0.1", "bot.test")
        await wire.post(named + "/", b"hi", TEXT, SOON)
        monkeypatch.delattr("aiohappyeyeballs.start_connection")
        await wire.post(named + "/", b"hi", TEXT, SOON)

        assert (server.connections, directory.asked) == (2, 1)


async def test_a_server_that_has_moved_is_looked_for_anew_in_the_same_call(directory: Directory) -> None:
    async with wired() as wire:
        async with serving(last_one) as server:
            port = int(server.address.rpartition(":")[2])
            await wire.post(f"http://bot.test:{port}/", b"hi", TEXT, SOON)
        directory.address = "127.0.0.2"
        async with serving(last_one, "127.0.0.2", port) as server:
            assert await wire.post(f"http://bot.test:{port}/", b"hi", TEXT, SOON) == (200, b"fine")

            assert (server.connections, directory.asked) == (1, 2)


async def test_an_address_that_does_not_answer_in_time_is_not_tried_first_again(directory: Directory) -> None:
    async with wired() as wire, serving(last_one) as server:
        named = server.address.replace("127.0.0.1", "bot.test")
        await wire.post(named + "/", b"hi", TEXT, SOON)
        with pytest.raises(NotDelivered):
            await wire.post(named + "/", b"hi", TEXT, Limits(connecting=0.0, answering=2.0))
        await wire.post(named + "/", b"hi", TEXT, SOON)

        assert directory.asked == 2


@pytest.mark.parametrize(
    "address", ["ftp://example.org/", "http://", "http://[broken/", "http://h:99999/", "http://h/a b\r\n"]
)
async def test_an_address_that_is_none_is_refused(address: str) -> None:
    async with wired() as wire:
        with pytest.raises(NotDelivered, match="its address is none"):
            await wire.post(address, b"hi", TEXT, SOON)
