"""The methods of the Bot API that the sandbox understands, one module a subject.

Each is a function (world, params) -> result that raises ApiError. `METHODS` is the whole table, by lower-case name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from bot.sandbox.methods import (
    albums,
    callbacks,
    chats,
    copies,
    edits,
    media,
    menus,
    messages,
    polls,
    profile,
    webhooks,
)
from bot.sandbox.methods.known import KNOWN_METHODS
from bot.sandbox.params import Params
from bot.sandbox.world import World

__all__ = ["KNOWN_METHODS", "METHODS", "Method"]


class Method(Struct, frozen=True):
    """A supported method; `name` is spelled as in the documentation."""

    name: str
    run: Callable[[World, Params], Any]


METHODS = {
    name.lower(): Method(name, run)
    for module in (albums, callbacks, chats, copies, edits, media, menus, messages, polls, profile, webhooks)
    for name, run in module.METHODS.items()
}
