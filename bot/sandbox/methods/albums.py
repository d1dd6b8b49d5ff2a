"""Albums: several documents or several photos in one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.methods.media import media_content
from bot.sandbox.methods.sending import post, writable_chat
from bot.sandbox.params import Json, Params
from bot.sandbox.world import World, random_id

_MIXABLE = frozenset({"photo", "video"})


def send_media_group(world: World, params: Params) -> list[Json]:
    """`sendMediaGroup`: 2 to 10 items, all of one kind, but photos and videos together."""
    media = _media(params)
    chat = writable_chat(world, params)
    kinds = {str(item.get("type")) for item in media}
    if len(kinds) > 1 and not kinds <= _MIXABLE:
        raise bad_request(f"{min(kinds - _MIXABLE)} can't be mixed with other media types")
    contents = [media_content(world, params, item) for item in media]
    group = {"media_group_id": random_id()}
    return [post(world, params, chat, content | group, None) for content in contents]


def _media(params: Params) -> list[Json]:
    try:
        given = params.json("media")
    except ValueError as error:
        raise bad_request("can't parse media JSON object") from error
    if not isinstance(given, list):
        raise bad_request("expected an Array of InputMedia")
    if len(given) > 10:
        raise bad_request("too many messages to send as an album")
    if len(given) < 2:
        raise bad_request("group send failed")
    return given


METHODS: dict[str, Callable[[World, Params], Any]] = {"sendMediaGroup": send_media_group}
