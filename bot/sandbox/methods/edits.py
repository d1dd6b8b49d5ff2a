"""Editing the bot's own messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.entities import read_caption, read_text
from bot.sandbox.errors import bad_request
from bot.sandbox.keyboards import read_markup
from bot.sandbox.methods.media import media_content
from bot.sandbox.methods.messages import known_users
from bot.sandbox.methods.sending import find_message
from bot.sandbox.params import Json, Params
from bot.sandbox.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_TEXT = ("text", "entities")
_CAPTION = ("caption", "caption_entities")
_MEDIA = ("photo", "document", *_CAPTION)
_CAPTIONED = ("photo", "document", "video", "animation", "audio", "voice")


def edit_message_text(world: World, params: Params) -> Json:
    """`editMessageText`; without `reply_markup` the inline keyboard goes."""
    content = known_users(world, read_text(params, too_long="MESSAGE_TOO_LONG")).wire("text")
    wire = _own_message(world, params)
    if "text" not in wire:
        raise bad_request("there is no text in the message to edit")
    return _changed(world, params, wire, _TEXT, content)


def edit_message_caption(world: World, params: Params) -> Json:
    """`editMessageCaption`."""
    content = known_users(world, read_caption(params)).wire("caption")
    wire = _own_message(world, params)
    if not any(kind in wire for kind in _CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    return _changed(world, params, wire, _CAPTION, content)


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """`editMessageReplyMarkup`."""
    return _changed(world, params, _own_message(world, params), (), {})


def edit_message_media(world: World, params: Params) -> Json:
    """`editMessageMedia`: another document or photo with its own caption."""
    wire = _own_message(world, params)
    if not ("document" in wire or "photo" in wire):
        raise bad_request("there is no media in the message to edit")
    try:
        given = params.json("media")
    except ValueError as error:
        raise bad_request("can't parse input media JSON object") from error
    if not isinstance(given, dict):
        raise bad_request("media is empty")
    return _changed(world, params, wire, _MEDIA, media_content(world, params, given))


def _own_message(world: World, params: Params) -> Json:
    row = find_message(world, params, "edit")
    if row["fixed"] or row["wire"]["from"]["id"] != world.bot["id"]:
        raise bad_request("message can't be edited")
    return row["wire"]


def _changed(world: World, params: Params, wire: Json, replaced: tuple[str, ...], content: Json) -> Json:
    markup = read_markup(params, private=wire["chat"]["type"] == "private")
    keyboard = {"reply_markup": markup.wire} if markup and markup.kind == "inline" else {}
    gone = {*replaced, "reply_markup"}
    before = {name: wire[name] for name in gone if name in wire}
    if before == content | keyboard:
        raise bad_request(NOT_MODIFIED)
    kept = {name: value for name, value in wire.items() if name not in gone}
    fresh = kept | content | keyboard | {"edit_date": int(world.now())}
    world.replace(fresh)
    return fresh


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "editMessageMedia": edit_message_media,
}
