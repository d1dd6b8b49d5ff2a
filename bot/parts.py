"""Running the parts of the house side by side, and ending them in order when told to."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """The result of ``work``, which may wait for Telegram for hours; ``None`` when told to stop before it has one."""
    task, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([task, stopping], return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        stopping.cancel()
        task.cancel()
        await asyncio.wait([task])


async def run_until(stop: asyncio.Event, parts: Sequence[Callable[[], Any]]) -> None:
    """Run every part; stop them in order when told, or when one of them ends by a fault that only a person can mend."""
    tasks = [asyncio.create_task(part()) for part in parts]
    stopping = asyncio.create_task(stop.wait())
    done: set[asyncio.Task[Any]] = set()
    try:
        done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopping}:
            task.result()
    finally:
        stopping.cancel()
        for task in reversed(tasks):
            task.cancel()
            await asyncio.wait([task])
            if task not in done and not task.cancelled() and (fault := task.exception()):
                log.error("a part did not end in order", exc_info=fault)
