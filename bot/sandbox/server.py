"""Serving the sandbox over HTTP in a process of its own.

It is uvicorn, with whole answers in one packet and connections that a fault may reset. No rule of the Bot API is here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from bot.sandbox.control import build_control_routes
from bot.sandbox.core import Sandbox
from bot.sandbox.http import ABORT, BotApi, build_routes


class _OnePacket:
    """A transport that joins what is written in one turn of the loop."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._pieces: list[bytes] = []
        self._loop = asyncio.get_running_loop()

    def write(self, data: bytes) -> None:
        if not self._pieces:
            self._loop.call_soon(self._flush)
        self._pieces.append(data)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._pieces:
            self._transport.write(b"".join(self._pieces))
            self._pieces.clear()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _Protocol(HttpToolsProtocol):
    def connection_made(self, transport: Any) -> None:
        one_packet: Any = _OnePacket(transport)
        super().connection_made(one_packet)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        extensions: Any = {ABORT: self.transport.abort}
        self.scope["extensions"] = extensions


def build_app(sandbox: Sandbox) -> ASGIApp:
    """The whole sandbox with the control endpoints for tests; calls of the Bot API skip the router."""
    api = BotApi(sandbox)
    rest = Starlette(routes=[*build_routes(sandbox), *build_control_routes(sandbox)])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_api = scope["type"] == "http" and scope["path"].startswith("/bot")
        # Only the end of the server cancels a call, and uvicorn would report each that waits as an error.
        with suppress(asyncio.CancelledError):
            await (api if is_api else rest)(scope, receive, send)

    return app


@asynccontextmanager
async def serving(sandbox: Sandbox, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve while the context lasts; gives the address. Port 0 takes a free one.

    Unlike `uvicorn.Server` it installs no signal handlers and ends at once, cutting open connections.
    """
    config = uvicorn.Config(build_app(sandbox), http=_Protocol, ws="none", lifespan="off", log_config=None)
    config.timeout_keep_alive = 75
    config.load()
    state = ServerState()
    listener = await asyncio.get_running_loop().create_server(
        lambda: _Protocol(config=config, server_state=state, app_state={}), host, port, backlog=2048
    )
    sandbox.wake()
    try:
        yield f"http://{host}:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()
        for connection in list(state.connections):
            connection.transport.abort()
        for task in list(state.tasks):
            task.cancel()
        await asyncio.gather(*state.tasks, return_exceptions=True)
