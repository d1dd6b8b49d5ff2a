"""The transport against real sockets on 127.0.0.1."""

import asyncio
import io
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot, InputFile
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram import AiohttpRequest, NotDelivered, ServerFault, call_as_written

pytestmark = pytest.mark.anyio

TOKEN = "1234567:AAF-abcdefghijklmnopqrstuvwxyz01234"
IDENTITY = {"id": 7, "is_bot": True, "first_name": "Camp", "username": "camp_bot"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
RawHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handler)
    async with TestServer(application) as server:
        yield f"http://127.0.0.1:{server.port}/bot{TOKEN}"


@asynccontextmanager
async def serving_raw(handler: RawHandler) -> AsyncIterator[str]:
    served: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await handler(reader, writer)
        writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.add(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot{TOKEN}"
    await asyncio.gather(*served)


def data(**parameters: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])


def refused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def told(error: BaseException) -> str:
    """Return all that a log could show of an error."""
    return "".join(traceback.format_exception(error)) + repr(error) + repr(error.__context__)


async def ok(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"ok": True, "result": True})


async def silence(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()


async def test_parameters_are_sent_as_a_form_and_the_result_comes_back() -> None:
    seen: list[tuple[str, str, dict[str, Any]]] = []

    async def echo(request: web.Request) -> web.StreamResponse:
        seen.append((request.content_type, request.path, dict(await request.post())))
        return web.json_response({"ok": True, "result": {"message_id": 5}})

    async with serving(echo) as url, AiohttpRequest() as transport:
        result = await transport.post(f"{url}/sendMessage", data(chat_id=1, text="三月 & <b>", markup={"a": [1]}))

    assert result == {"message_id": 5}
    assert seen == [
        (
            "application/x-www-form-urlencoded",
            f"/bot{TOKEN}/sendMessage",
            {"chat_id": "1", "text": "三月 & <b>", "markup": '{"a": [1]}'},
        )
    ]


@pytest.mark.parametrize("name", ["签到表 3月.xlsx", 'a"b\\c.txt', "two\r\nlines.txt"])
async def test_files_go_as_multipart_and_keep_their_names(name: str) -> None:
    async def receive(request: web.Request) -> web.StreamResponse:
        fields = await request.post()
        part = fields["document"]
        assert isinstance(part, web.FileField)
        return web.json_response({"ok": True, "result": [part.filename, part.file.read().decode(), fields["chat_id"]]})

    document = InputFile(b"\x00bytes", filename=name)
    async with serving(receive) as url, AiohttpRequest() as transport:
        received: object = await transport.post(f"{url}/sendDocument", data(chat_id=1, document=document))

    assert received == [name.replace("\r\n", " "), "\x00bytes", "1"]


async def test_an_open_file_is_sent_too() -> None:
    async def receive(request: web.Request) -> web.StreamResponse:
        part = (await request.post())["document"]
        assert isinstance(part, web.FileField)
        return web.json_response({"ok": True, "result": len(part.file.read())})

    document = InputFile(io.BytesIO(b"12345"), filename="a.txt", read_file_handle=False)
    async with serving(receive) as url, AiohttpRequest() as transport:
        assert await transport.post(f"{url}/sendDocument", data(document=document)) == 5


async def test_connections_are_kept_alive() -> None:
    peers: set[object] = set()

    async def note(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        peers.add(request.transport.get_extra_info("peername"))
        return await ok(request)

    async with serving(note) as url, AiohttpRequest() as transport:
        for _ in range(5):
            await transport.post(f"{url}/getMe")

    assert len(peers) == 1


async def test_a_file_is_retrieved_as_bytes() -> None:
    async def serve(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"\x89PNG")

    async with serving(serve) as url, AiohttpRequest() as transport:
        assert await transport.retrieve(f"{url}/photos/1.png") == b"\x89PNG"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"ok": False, "description": "Bad Request: chat not found"}, BadRequest),
        (403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}, Forbidden),
        (429, {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 3}}, RetryAfter),
        (502, {"ok": False, "description": "Bad Gateway"}, ServerFault),
    ],
)
async def test_the_servers_refusals_keep_their_kind(
    status: int, body: dict[str, object], expected: type[Exception]
) -> None:
    async def refuse(_request: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status)

    async with serving(refuse) as url, AiohttpRequest() as transport:
        with pytest.raises(TelegramError) as caught:
            await transport.post(f"{url}/sendMessage", data(chat_id=1))

    assert type(caught.value) is expected


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"ok": true, "resu', b'["result"]', b'{"ok": false}', b"\xff\xfe"])
async def test_garbage_with_status_200_is_an_unknown_outcome(body: bytes) -> None:
    async def garble(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=body)

    async with serving(garble) as url, AiohttpRequest() as transport:
        with pytest.raises(NetworkError) as caught:
            await transport.post(f"{url}/sendMessage", data(chat_id=1))

    assert not isinstance(caught.value, NotDelivered)


async def test_an_answer_without_end_is_cut_off() -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000)

    async with serving_raw(flood) as url, AiohttpRequest(largest_answer=1000) as transport:
        with pytest.raises(NetworkError, match="larger than 1000 bytes"):
            await transport.post(f"{url}/sendMessage")


async def test_a_long_error_page_does_not_become_a_long_message() -> None:
    async def page(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=404, body=b"x" * 1_000_000)

    async with serving(page) as url, AiohttpRequest() as transport:
        with pytest.raises(TelegramError) as caught:
            await transport.post(f"{url}/sendMessage")

    assert len(str(caught.value)) < 5000


async def test_a_redirect_is_not_followed_since_it_would_carry_the_token_elsewhere() -> None:
    asked: list[str] = []

    async def redirect(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    async with serving(redirect) as url, AiohttpRequest() as transport:
        with pytest.raises(NetworkError):
            await transport.post(f"{url}/sendMessage")

    assert asked == [f"/bot{TOKEN}/sendMessage"]


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}", "http://nowhere.invalid", "http://[broken"])
async def test_no_connection_means_not_delivered(address: str) -> None:
    url = f"{address.format(port=refused_port())}/bot{TOKEN}/sendMessage"
    async with AiohttpRequest() as transport:
        with pytest.raises(NotDelivered):
            await transport.post(url, data(chat_id=1))


async def test_no_free_connection_in_time_is_a_time_out_and_not_delivered() -> None:
    transport = AiohttpRequest(connections=1, pool_timeout=0.02, connect_timeout=0.02)
    async with serving_raw(silence) as url, transport:
        first = asyncio.create_task(transport.post(f"{url}/getUpdates", connect_timeout=5, pool_timeout=5))
        await asyncio.sleep(0)
        with pytest.raises(TimedOut) as caught:
            await transport.post(f"{url}/sendMessage")
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)

    assert isinstance(caught.value, NotDelivered)


@pytest.mark.parametrize("request_data", [data(chat_id=1), data(chat_id=1, document=InputFile(b"x", filename="x"))])
async def test_silence_after_sending_is_a_time_out_with_unknown_outcome(request_data: RequestData) -> None:
    async with serving_raw(silence) as url, AiohttpRequest(read_timeout=0.05) as transport:
        with pytest.raises(TimedOut) as caught:
            await transport.post(f"{url}/sendMessage", request_data)

    assert not isinstance(caught.value, NotDelivered)


async def test_a_call_may_bring_its_own_read_timeout() -> None:
    async with serving_raw(silence) as url, AiohttpRequest(read_timeout=None) as transport:
        with pytest.raises(TimedOut):
            await transport.post(f"{url}/getUpdates", read_timeout=0.05)

    assert transport.read_timeout is None


async def test_a_trickling_answer_cannot_hold_a_message_for_ever() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(300):
            if writer.is_closing():
                return
            writer.write(b" ")
            await asyncio.sleep(0.01)

    transport = AiohttpRequest(connect_timeout=0.2, pool_timeout=0.1, write_timeout=0.1, read_timeout=0.4)
    async with serving_raw(trickle) as url, transport:
        with pytest.raises(TimedOut) as caught:
            await transport.post(f"{url}/sendMessage")

    assert not isinstance(caught.value, NotDelivered)


async def test_a_reset_after_sending_has_an_unknown_outcome() -> None:
    async with serving_raw(reset) as url, AiohttpRequest() as transport:
        with pytest.raises(NetworkError) as caught:
            await transport.post(f"{url}/sendMessage", data(chat_id=1))

    assert type(caught.value) is NetworkError


@pytest.mark.parametrize("raw", [silence, reset])
async def test_errors_and_logs_never_show_the_token(raw: RawHandler, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    errors: list[BaseException] = []

    async with serving_raw(raw) as url, AiohttpRequest(read_timeout=0.05) as transport:
        for address in (url, f"http://127.0.0.1:{refused_port()}/bot{TOKEN}", f"http://[broken/bot{TOKEN}"):
            with pytest.raises(NetworkError) as caught:
                await transport.post(f"{address}/sendMessage", data(chat_id=1))
            errors.append(caught.value)

    shown = "".join(map(told, errors)) + caplog.text + repr(transport)
    assert TOKEN not in shown
    assert TOKEN.partition(":")[2] not in shown


async def test_requests_go_through_the_proxy_with_its_password() -> None:
    seen: list[tuple[str, str | None]] = []

    async def proxy(request: web.Request) -> web.StreamResponse:
        seen.append((str(request.url.host), request.headers.get("Proxy-Authorization")))
        return await ok(request)

    async with serving(proxy) as url:
        port = url.split(":")[2].partition("/")[0]
        async with AiohttpRequest(proxy=f"http://me:secret@127.0.0.1:{port}") as transport:
            await transport.post(f"http://telegram.invalid/bot{TOKEN}/getMe")

    assert seen == [("telegram.invalid", "Basic bWU6c2VjcmV0")]


async def test_a_proxy_that_refuses_the_tunnel_means_not_delivered() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    async with serving_raw(refuse) as url:
        port = url.split(":")[2].partition("/")[0]
        async with AiohttpRequest(proxy=f"http://me:secret@127.0.0.1:{port}") as transport:
            with pytest.raises(NotDelivered) as caught:
                await transport.post(f"https://telegram.invalid/bot{TOKEN}/getMe")

    assert "secret" not in told(caught.value)


def test_another_kind_of_proxy_is_refused_without_showing_its_password() -> None:
    with pytest.raises(ValueError, match="http:// or https://") as caught:
        AiohttpRequest(proxy="socks5://me:secret@127.0.0.1:1080")

    assert "secret" not in str(caught.value)


async def test_opening_and_closing_twice_does_nothing_and_it_opens_again() -> None:
    transport = AiohttpRequest()
    async with serving(ok) as url:
        for _ in range(2):
            await transport.initialize()
            await transport.initialize()
            assert await transport.post(f"{url}/getMe") is True
            await transport.shutdown()
            await transport.shutdown()

        with pytest.raises(NotDelivered):
            await transport.post(f"{url}/getMe")


async def test_a_bot_of_python_telegram_bot_works_over_it() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        result: object = IDENTITY if request.path.endswith("getMe") else []
        return web.json_response({"ok": True, "result": result})

    async with serving(answer) as url:
        bot = Bot(
            TOKEN,
            base_url=url.removesuffix(TOKEN),
            request=AiohttpRequest(),
            get_updates_request=AiohttpRequest(connections=1),
        )
        async with bot:
            assert bot.username == "camp_bot"
            assert await bot.get_updates(timeout=1) == ()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"ok": False, "description": "Bad Request: chat not found"}, BadRequest),
        (429, {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 3}}, RetryAfter),
        (502, {"ok": False, "description": "Bad Gateway"}, ServerFault),
        (200, {"ok": True}, NetworkError),
    ],
)
async def test_a_call_that_goes_out_as_written_is_refused_by_the_same_errors(
    status: int, body: dict[str, object], expected: type[Exception]
) -> None:
    async def refuse(_request: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status)

    async with serving(refuse) as url, AiohttpRequest() as transport:
        with pytest.raises(TelegramError) as caught:
            await transport.send(f"{url}/sendMessage", b'{"chat_id":1}', 5.0)

    assert type(caught.value) is expected


async def test_a_call_goes_out_byte_for_byte_as_it_was_written() -> None:
    seen: list[tuple[str, str]] = []

    async def echo(request: web.Request) -> web.StreamResponse:
        seen.append((request.content_type, await request.text()))
        return web.json_response({"ok": True, "result": {"message_id": 5}})

    async with serving(echo) as url, AiohttpRequest() as transport:
        bot = Bot(TOKEN, base_url=url.removesuffix(TOKEN), request=transport, get_updates_request=transport)
        result = await call_as_written(bot, "sendMessage", '{"chat_id":1,"text":"三月"}', 5.0)

    assert (result, seen) == ({"message_id": 5}, [("application/json", '{"chat_id":1,"text":"三月"}')])
