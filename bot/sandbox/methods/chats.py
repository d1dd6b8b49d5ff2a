"""Chats and their members, pinned messages, leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.errors import bad_request, forbidden
from bot.sandbox.methods.sending import find_chat, find_message, writable_chat
from bot.sandbox.params import Json, Params
from bot.sandbox.world import ChatRow, World

_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(world: World, params: Params) -> Json:
    """`getChat`: a ChatFullInfo."""
    chat = find_chat(world, params)
    _refuse_gone(chat)
    full: Json = world.chat(chat["id"]) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    pinned = world.quoted(chat["id"], chat["pinned"][-1]) if chat["pinned"] else None
    return full | ({"pinned_message": pinned} if pinned else {})


def _refuse_gone(chat: ChatRow) -> None:
    if chat["gone"] and chat["type"] != "private":
        raise forbidden(chat["gone"])


def get_chat_member(world: World, params: Params) -> Json:
    """`getChatMember`; the first member of a group is its owner."""
    chat = find_chat(world, params)
    _refuse_gone(chat)
    user_id = params.integer("user_id")
    if user_id == world.bot["id"]:
        return {"user": world.bot, "status": "member"}
    if user_id not in world.people.rows:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if chat["type"] == "private":
        return {"user": world.user(user_id), "status": "member" if user_id == chat["id"] else "left"}
    return _member(world, chat, user_id)


def _member(world: World, chat: ChatRow, user_id: int) -> Json:
    if user_id not in chat["members"]:
        return {"user": world.user(user_id), "status": "left"}
    if user_id == chat["members"][0]:
        return {"user": world.user(user_id), "status": "creator", "is_anonymous": False}
    return {"user": world.user(user_id), "status": "member"}


def get_chat_member_count(world: World, params: Params) -> int:
    """getChatMemberCount, the bot included."""
    chat = find_chat(world, params)
    return 2 if chat["type"] == "private" else len(chat["members"]) + 1


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """`getChatAdministrators`: the owner of a group."""
    chat = find_chat(world, params)
    if chat["type"] == "private":
        raise bad_request("there are no administrators in the private chat")
    return [_member(world, chat, user_id) for user_id in chat["members"][:1]]


def leave_chat(world: World, params: Params) -> bool:
    """`leaveChat`."""
    chat = find_chat(world, params)
    if chat["type"] == "private":
        raise bad_request("chat member status can't be changed in private chats")
    world.put_chat(chat, gone=f"bot is not a member of the {chat['type']} chat")
    return True


def pin_chat_message(world: World, params: Params) -> bool:
    """`pinChatMessage`."""
    writable_chat(world, params)
    wire = find_message(world, params, "pin")["wire"]
    chat = world.chats.rows[wire["chat"]["id"]]
    others = [message_id for message_id in chat["pinned"] if message_id != wire["message_id"]]
    world.put_chat(chat, pinned=[*others, wire["message_id"]])
    return True


def unpin_chat_message(world: World, params: Params) -> bool:
    """`unpinChatMessage`: this message, or the one pinned last."""
    chat = writable_chat(world, params)
    message_id = params.integer("message_id") or (chat["pinned"][-1] if chat["pinned"] else 0)
    if message_id not in chat["pinned"]:
        raise bad_request("message to unpin not found")
    world.put_chat(chat, pinned=[known for known in chat["pinned"] if known != message_id])
    return True


def unpin_all_chat_messages(world: World, params: Params) -> bool:
    """`unpinAllChatMessages`."""
    world.put_chat(writable_chat(world, params), pinned=[])
    return True


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatMemberCount": get_chat_member_count,
    "getChatAdministrators": get_chat_administrators,
    "leaveChat": leave_chat,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
}
