"""The web server inside the bot's own event loop: binds first, so that a free port is known before it serves."""

import asyncio
import socket
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.server import ServerState

from bot.errors import ConfigurationError

ANSWERING = 0.3
NOTICING = 1.0
"""Seconds at the end for requests to be answered, and then for streams to notice that nobody listens any more."""


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the process has one owner of signals, ``__main__``."""

    def capture_signals(self) -> Any:
        """Leave the signals alone."""
        return _Nothing()


class _Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


async def _hang_up(state: ServerState) -> None:
    """Let requests end; then break the connections, since a page's stream of events never ends by itself."""
    await _wait_for(state, ANSWERING)
    for connection in list(state.connections):
        if (transport := getattr(connection, "transport", None)) is not None:
            transport.abort()
    await _wait_for(state, NOTICING)


async def _wait_for(state: ServerState, seconds: float) -> None:
    if state.tasks:
        await asyncio.wait(list(state.tasks), timeout=seconds)


class WebServer:
    """Serves one Starlette application at a host and port; port 0 takes a free one."""

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            raise ConfigurationError(f"WEB_HOST, WEB_PORT: cannot listen on {host}:{port}: {error.strerror}") from None
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
        self.address = f"http://{f'[{shown}]' if ':' in shown else shown}:{self._socket.getsockname()[1]}"
        self._server: _Server | None = None

    def serve(self, application: Starlette) -> None:
        """Say what to serve. Whoever asks from now on is answered as soon as ``run`` does it, and not turned away."""
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            http="httptools",
            timeout_graceful_shutdown=2,
            proxy_headers=True,
            forwarded_allow_ips="127.0.0.1,::1",
            server_header=False,
        )
        self._server = _Server(config)
        self._socket.listen(config.backlog)

    async def run(self) -> None:
        """Serve until cancelled."""
        assert self._server is not None  # noqa: S101 - ``serve`` comes first
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            self._server.should_exit = True
            self.close()
            await _hang_up(self._server.server_state)

    def close(self) -> None:
        """Give the port back, whether or not anything was served."""
        self._socket.close()
