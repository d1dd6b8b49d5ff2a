"""getUpdates: long polling with one poller at a time."""

from __future__ import annotations

import asyncio

from bot.sandbox.errors import conflict
from bot.sandbox.methods.webhooks import remember_allowed_updates
from bot.sandbox.params import Json, Params
from bot.sandbox.world import World

WEBHOOK_IS_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
LONGEST_WAIT = 50


async def get_updates(world: World, params: Params) -> list[Json]:
    """The unconfirmed updates from `offset` on; a call that waits elsewhere ends with 409."""
    if world.settings.get("webhook"):
        raise conflict(WEBHOOK_IS_SET)
    world.queue.interrupt(conflict(OTHER_POLLER))
    remember_allowed_updates(world, params)
    offset = params.integer("offset")
    limit = params.integer("limit", 100)
    limit = limit if 1 <= limit <= 100 else 100
    wait = min(max(params.integer("timeout"), 0), LONGEST_WAIT)
    updates = world.queue.take(offset, limit, world.now())
    if updates or not wait:
        return updates
    world.journal.flush()
    try:
        async with asyncio.timeout(wait):
            return await _first_updates(world, max(offset, 0), limit)
    except TimeoutError:
        return []


async def _first_updates(world: World, offset: int, limit: int) -> list[Json]:
    while True:
        await world.queue.add_waiter()
        updates = world.queue.take(offset, limit, world.now())
        if updates:
            return updates
