"""Copying and forwarding messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.entities import read_caption
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.messages import known_users
from bot.sandbox.methods.sending import deliver, find_message, writable_chat
from bot.sandbox.params import Json, Params
from bot.sandbox.world import World

_FILES = ("document", "photo", "video", "animation", "audio", "voice", "video_note", "sticker")
_CONTENT = ("text", "entities", "caption", "caption_entities", *_FILES, "location", "venue", "contact")


def forward_message(world: World, params: Params) -> Json:
    """`forwardMessage`."""
    wire = find_message(world, params, "forward", chat_name="from_chat_id")["wire"]
    return deliver(world, params, _content(wire, "forwarded") | {"forward_origin": _origin(wire)})


def copy_message(world: World, params: Params) -> Json:
    """`copyMessage`: a new message without a link to the old one; returns only its id."""
    wire = find_message(world, params, "copy", chat_name="from_chat_id")["wire"]
    content = _content(wire, "copied")
    if params.has("caption") and ("document" in content or "photo" in content):
        kept = {name: value for name, value in content.items() if not name.startswith("caption")}
        content = kept | known_users(world, read_caption(params)).wire("caption")
    writable_chat(world, params)
    return {"message_id": deliver(world, params, content)["message_id"]}


def _content(wire: Json, what: str) -> Json:
    content = {name: wire[name] for name in _CONTENT if name in wire}
    if not content or wire.get("has_protected_content"):
        raise bad_request(f"message can't be {what}")
    return content


def _origin(wire: Json) -> Json:
    return wire.get("forward_origin") or {"type": "user", "date": wire["date"], "sender_user": wire["from"]}


METHODS: dict[str, Callable[[World, Params], Any]] = {"forwardMessage": forward_message, "copyMessage": copy_message}
