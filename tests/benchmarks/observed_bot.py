"""The bot as ``python -m bot`` runs it, beside a heartbeat that says how long its event loop was deaf.

``HEARTBEAT`` names a file that always holds the longest time yet, in seconds; whoever measures may read it at any time,
and take it away to begin afresh.
"""

import asyncio
import os
import time
from pathlib import Path

from bot import logs
from bot.commands import run
from bot.settings import read_settings

BEAT = 0.005


class Heart:
    """Writes down the longest pause between two beats beyond what was meant."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._worst = 0.0
        self._before = time.monotonic()

    def beat(self) -> None:
        """One beat."""
        now = time.monotonic()
        pause = now - self._before - BEAT
        is_new = not self._path.exists()
        if is_new or pause > self._worst:
            self._worst = max(0.0, pause)
            self._path.write_text(f"{self._worst:.6f}")
        self._before = time.monotonic()


async def watch(heart: Heart) -> None:
    """Beat for ever."""
    while True:
        await asyncio.sleep(BEAT)
        heart.beat()


async def main() -> None:
    """Run the bot with a heartbeat."""
    settings = read_settings()
    logs.configure(settings.log_format, settings.log_level, [settings.token or ""])
    watching = asyncio.create_task(watch(Heart(Path(os.environ["HEARTBEAT"]))))
    try:
        await run._run(settings)  # noqa: SLF001 - the command itself would make the loop
    finally:
        watching.cancel()


if __name__ == "__main__":
    asyncio.run(main())
