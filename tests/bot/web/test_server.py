import asyncio
from contextlib import suppress

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web.server import WebServer

pytestmark = pytest.mark.anyio

ASKED = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"


def greet(_: Request) -> Response:
    return PlainTextResponse("good morning")


async def test_whoever_asks_before_the_server_runs_is_answered_when_it_does() -> None:
    web = WebServer("127.0.0.1", 0)
    web.serve(Starlette(routes=[Route("/", greet)]))
    reader, writer = await asyncio.open_connection("127.0.0.1", int(web.address.rpartition(":")[2]))
    writer.write(ASKED)

    running = asyncio.create_task(web.run())
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running

    assert answer.endswith(b"good morning")
