"""Command menus by scope and language: exact lists, no fall-back (the clients choose, see `commands_for`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.methods.sending import find_chat
from bot.sandbox.params import Json, Params
from bot.sandbox.world import World

COMMAND_LIMIT = 100
_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_PLAIN = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_OF_CHAT = {"chat", "chat_administrators", "chat_member"}


def set_my_commands(world: World, params: Params) -> bool:
    """`setMyCommands`; an empty list deletes."""
    key = _key(world, params)
    commands = [_checked(item) for item in _commands(params)]
    if len(commands) > COMMAND_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.settings.put(key, commands)
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """`getMyCommands`: the list of exactly this scope and language."""
    return list(world.settings.get(_key(world, params)) or [])


def delete_my_commands(world: World, params: Params) -> bool:
    """`deleteMyCommands`."""
    world.settings.drop(_key(world, params))
    return True


def commands_for(world: World, person_id: int) -> list[Json]:
    """What this person's client shows in the private chat: the narrowest scope that has a list."""
    language = world.people.rows[person_id]["language_code"][:2]
    for scope in (f"chat {person_id}", "all_private_chats", "default"):
        for code in (language, ""):
            found = world.settings.get(f"commands {scope} {code}")
            if found:
                return list(found)
    return []


def _commands(params: Params) -> list[Any]:
    try:
        given = params.json("commands")
    except ValueError as error:
        raise bad_request("can't parse commands JSON object") from error
    if given is not None and not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    return given or []


def _checked(item: Any) -> Json:
    if not isinstance(item, dict) or "command" not in item or "description" not in item:
        raise bad_request("can't parse BotCommand: expected an Object with command and description")
    command = str(item["command"]).removeprefix("/").strip()
    description = str(item["description"]).strip()
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > 32:
        raise bad_request("command length must not exceed 32")
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    return {"command": command, "description": description}


def _key(world: World, params: Params) -> str:
    return f"commands {_scope(world, params)} {read_language(params)}"


def read_language(params: Params) -> str:
    """The `language_code` of a call: two letters or empty; raises ApiError."""
    language = params.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _scope(world: World, params: Params) -> str:
    try:
        given = params.json("scope")
    except ValueError as error:
        raise bad_request("can't parse BotCommandScope JSON object") from error
    if given is None:
        return "default"
    kind = given.get("type") if isinstance(given, dict) else None
    if kind in _PLAIN:
        return str(kind)
    if kind not in _OF_CHAT:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat = find_chat(world, Params(given))
    if kind != "chat" and chat["type"] == "private":
        raise bad_request("can't use specified scope in private chats")
    return " ".join(str(part) for part in (kind, chat["id"], given.get("user_id")) if part is not None)


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
}
