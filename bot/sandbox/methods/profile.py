"""The bot's own identity and profile texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.methods.menus import read_language
from bot.sandbox.params import Json, Params
from bot.sandbox.world import World

_TEXTS = {"name": 64, "description": 512, "short_description": 120}


def get_me(world: World, params: Params) -> Json:
    """`getMe`."""
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _setter(field: str) -> Callable[[World, Params], bool]:
    def set_text(world: World, params: Params) -> bool:
        text = params.text(field)
        if len(text) > _TEXTS[field]:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        world.settings.put(f"{field} {read_language(params)}", text)
        return True

    return set_text


def _getter(field: str) -> Callable[[World, Params], Json]:
    def get_text(world: World, params: Params) -> Json:
        own = world.settings.get(f"{field} {read_language(params)}") or world.settings.get(f"{field} ")
        return {field: own or (world.bot["first_name"] if field == "name" else "")}

    return get_text


def set_chat_menu_button(world: World, params: Params) -> bool:
    """`setChatMenuButton`."""
    try:
        button = params.json("menu_button") or {"type": "default"}
    except ValueError as error:
        raise bad_request("can't parse menu button JSON object") from error
    world.settings.put(f"menu_button {params.integer('chat_id')}", button)
    return True


def get_chat_menu_button(world: World, params: Params) -> Json:
    """`getChatMenuButton`."""
    button: Json = world.settings.get(f"menu_button {params.integer('chat_id')}") or {"type": "commands"}
    return button


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "getMe": get_me,
    "setMyName": _setter("name"),
    "setMyDescription": _setter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyName": _getter("name"),
    "getMyDescription": _getter("description"),
    "getMyShortDescription": _getter("short_description"),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
