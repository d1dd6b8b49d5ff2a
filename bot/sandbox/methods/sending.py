"""What every sending method does alike: find the chat, check the keyboard and the reply, post the message."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import bad_request, forbidden
from bot.sandbox.keyboards import Markup, read_markup
from bot.sandbox.params import Json, Params
from bot.sandbox.world import ChatRow, MessageRow, World


def find_chat(world: World, params: Params, name: str = "chat_id") -> ChatRow:
    """The chat a call names; raises ApiError when the bot cannot know it."""
    if not params.text(name):
        raise bad_request("chat_id is empty")
    chat = world.chats.get(params.integer(name))
    if chat is None:
        raise bad_request("chat not found")
    if chat["migrated_to"]:
        raise bad_request(
            "group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat["migrated_to"],
        )
    if not chat["started"]:
        _refuse_stranger(world, chat["id"])
    return chat


def _refuse_stranger(world: World, person_id: int) -> None:
    """A bot knows those who wrote to it, and members of its groups, to whom it may not write first."""
    if any(person_id in chat["members"] for chat in world.chats.rows.values()):
        raise forbidden("bot can't initiate conversation with a user")
    raise bad_request("chat not found")


def writable_chat(world: World, params: Params) -> ChatRow:
    """The chat a call names, if the bot may write there; raises ApiError."""
    chat = find_chat(world, params)
    if chat["gone"]:
        raise forbidden(chat["gone"])
    if chat["blocked"]:
        raise forbidden("bot was blocked by the user")
    return chat


def deliver(world: World, params: Params, content: Json) -> Json:
    """Post a message of the bot with the options common to all sending methods; returns the Message."""
    chat = writable_chat(world, params)
    markup = read_markup(params, private=chat["type"] == "private")
    return post(world, params, chat, content, markup)


def post(world: World, params: Params, chat: ChatRow, content: Json, markup: Markup | None) -> Json:
    """Post checked content into a checked chat."""
    extra = _reply(world, params, chat) | _options(params)
    if markup and markup.kind == "inline":
        extra["reply_markup"] = markup.wire
    fixed = "forward_origin" in content or (markup is not None and markup.kind != "inline")
    wire = world.post(chat["id"], world.bot, content | extra, fixed=fixed)
    if markup and markup.kind in {"reply", "remove"}:
        world.put_chat(chat, reply_keyboard=markup.wire if markup.kind == "reply" else None)
    return wire


def _options(params: Params) -> Json:
    options: Json = {"has_protected_content": True} if params.flag("protect_content") else {}
    effect = params.text("message_effect_id")
    return options | ({"effect_id": effect} if effect else {})


def _reply(world: World, params: Params, chat: ChatRow) -> Json:
    given = _reply_parameters(params)
    message_id = given.get("message_id")
    if not message_id:
        return {}
    quoted = world.quoted(chat["id"], int(message_id))
    if quoted is not None:
        return {"reply_to_message": quoted}
    if given.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _reply_parameters(params: Params) -> dict[str, Any]:
    try:
        given = params.json("reply_parameters")
    except ValueError as error:
        raise bad_request("can't parse reply parameters JSON object") from error
    if isinstance(given, dict):
        return given
    legacy = params.integer("reply_to_message_id")
    return {
        "message_id": legacy,
        "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
    }


def find_message(world: World, params: Params, what: str, *, chat_name: str = "chat_id") -> MessageRow:
    """The message a call names; `what` completes `message to ... not found`."""
    chat = find_chat(world, params, chat_name)
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    row = world.messages.get((chat["id"], message_id))
    if row is None:
        raise bad_request(f"message to {what} not found")
    return row
