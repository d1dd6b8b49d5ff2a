"""Sending texts, places and contacts, deleting messages, showing that the bot is busy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.entities import FormattedText, read_text, with_users
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.sending import deliver, find_chat, find_message, writable_chat
from bot.sandbox.params import Json, Params
from bot.sandbox.world import World

DELETE_WINDOW = 48 * 3600
_UPLOADS = ("photo", "video", "voice", "document", "video_note", "audio")
_RECORDINGS = ("video", "voice", "video_note", "audio")
_ACTIONS = {
    *("typing", "choose_sticker", "find_location"),
    *(f"upload_{kind}" for kind in _UPLOADS),
    *(f"record_{kind}" for kind in _RECORDINGS),
}


def send_message(world: World, params: Params) -> Json:
    """`sendMessage`."""
    return deliver(world, params, known_users(world, read_text(params)).wire("text"))


def known_users(world: World, formatted: FormattedText) -> FormattedText:
    """The text with its mentions by id resolved."""
    mentioned = {entity["user_id"] for entity in formatted.entities if "user_id" in entity}
    return with_users(formatted, {user: world.user(user) for user in mentioned if user in world.people.rows})


def send_location(world: World, params: Params) -> Json:
    """`sendLocation`."""
    return deliver(world, params, {"location": _location(params)})


def _location(params: Params) -> Json:
    place: Json = {name: _coordinate(params, name, limit) for name, limit in (("latitude", 90), ("longitude", 180))}
    period = params.integer("live_period")
    if period and not (60 <= period <= 86_400 or period == 0x7FFFFFFF):
        raise bad_request("wrong live period specified")
    accuracy = params.number("horizontal_accuracy")
    place |= {"horizontal_accuracy": accuracy} if accuracy is not None else {}
    return place | ({"live_period": period} if period else {})


def _coordinate(params: Params, name: str, limit: int) -> float:
    if not params.text(name):
        raise bad_request(f"{name} is empty")
    value = params.number(name)
    if value is None or abs(value) > limit:
        raise bad_request("wrong latitude or longitude specified")
    return value


def send_contact(world: World, params: Params) -> Json:
    """`sendContact`."""
    for name, text in (("phone_number", "phone number"), ("first_name", "first name")):
        if not params.text(name):
            raise bad_request(f"{text} is empty")
    fields = ("phone_number", "first_name", "last_name", "vcard")
    return deliver(world, params, {"contact": {name: params.text(name) for name in fields if params.text(name)}})


def send_venue(world: World, params: Params) -> Json:
    """`sendVenue`."""
    fields = ("title", "address", "foursquare_id", "google_place_id")
    place = _location(params)
    venue = {"location": place} | {name: params.text(name) for name in fields if params.text(name)}
    return deliver(world, params, {"venue": {"title": "", "address": ""} | venue, "location": place})


def send_chat_action(world: World, params: Params) -> bool:
    """`sendChatAction`."""
    writable_chat(world, params)
    if params.text("action").lower() not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def delete_message(world: World, params: Params) -> bool:
    """`deleteMessage`: own ones, and incoming ones of private chats, for 48 hours."""
    wire = find_message(world, params, "delete")["wire"]
    if not _is_deletable(world, wire):
        raise bad_request("message can't be deleted")
    world.remove(wire["chat"]["id"], wire["message_id"])
    return True


def delete_messages(world: World, params: Params) -> bool:
    """`deleteMessages`: up to 100; unknown ones are skipped."""
    chat = find_chat(world, params)
    ids = _message_ids(params)
    for message_id in ids:
        row = world.messages.get((chat["id"], message_id))
        if row and _is_deletable(world, row["wire"]):
            world.remove(chat["id"], message_id)
    return True


def _message_ids(params: Params) -> list[int]:
    try:
        ids = params.json("message_ids")
    except ValueError as error:
        raise bad_request("can't parse message identifiers JSON object") from error
    if not ids or not isinstance(ids, list):
        raise bad_request("message identifiers are not specified")
    if len(ids) > 100:
        raise bad_request("too many message identifiers specified")
    return [int(message_id) for message_id in ids]


def _is_deletable(world: World, wire: Json) -> bool:
    is_young = world.now() - wire["date"] < DELETE_WINDOW
    return bool(is_young and (wire["from"]["id"] == world.bot["id"] or wire["chat"]["type"] == "private"))


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "sendMessage": send_message,
    "sendLocation": send_location,
    "sendContact": send_contact,
    "sendVenue": send_venue,
    "sendChatAction": send_chat_action,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
