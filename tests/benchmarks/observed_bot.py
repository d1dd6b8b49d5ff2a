"""The bot as ``python -m bot`` runs it, beside a heartbeat that says how long its event loop was deaf.

``HEARTBEAT`` names a file; it is written anew each time the loop was deaf for longer than ever before, so that whoever
measures can read it at any time and take it away to begin afresh.
"""

import asyncio
import os
import time
from pathlib import Path

from bot import logs
from bot.commands import run
from bot.settings import read_settings

BEAT = 0.005


async def beat(path: Path) -> None:
    """Write down the longest time, in seconds, that passed between two turns of the loop beyond what was asked for."""
    worst = 0.0
    before = time.monotonic()
    while True:
        await asyncio.sleep(BEAT)
        now = time.monotonic()
        if not path.exists():
            worst = 0.0
        if now - before - BEAT > worst or not path.exists():
            worst = max(worst, now - before - BEAT)
            path.write_text(f"{worst:.6f}")
        before = time.monotonic()


async def main() -> None:
    """Run the bot with a heartbeat."""
    settings = read_settings()
    logs.configure(settings.log_format, settings.log_level, [settings.token or ""])
    heart = asyncio.create_task(beat(Path(os.environ["HEARTBEAT"])))
    try:
        await run._run(settings)  # noqa: SLF001 - the command itself would make the loop
    finally:
        heart.cancel()


if __name__ == "__main__":
    asyncio.run(main())
