"""`python -m bot.sandbox`: the sandbox alone in a process, for tests and benchmarks of a bot elsewhere."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
from pathlib import Path

from bot.loop import loop_factory
from bot.sandbox.control import MovableClock
from bot.sandbox.core import DEFAULT_TOKEN, Sandbox
from bot.sandbox.flood import FloodLimits, Window
from bot.sandbox.server import serving


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description="A strict Bot API server for tests.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port; the address is printed")
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--folder", type=Path, default=None, help="keeps the state over restarts")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds of a round trip")
    parser.add_argument("--rate", type=int, default=0, help="messages a second in all; 0 sets no limits")
    parser.add_argument("--retry-unit", type=float, default=1.0, help="seconds for the webhook's back-off")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    rate = Window(arguments.rate)
    sandbox = Sandbox(
        clock=MovableClock(),
        token=arguments.token,
        folder=arguments.folder,
        latency=arguments.latency,
        flood=FloodLimits(overall=rate, paid=rate) if arguments.rate else None,
        insecure_webhooks=True,
        webhook_retry_unit=arguments.retry_unit,
    )
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    # Its whole world stays in memory: looking it over for garbage would make it deaf for longer and longer.
    gc.disable()
    async with serving(sandbox, arguments.host, arguments.port) as address:
        print(address, flush=True)
        await ended.wait()
    await sandbox.close()


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(_arguments()))


if __name__ == "__main__":
    main()
