"""Keyboards under a message: Telegram's limits and its wording of refusals. No state."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.links import WrongLink, check_link
from bot.sandbox.params import Json, Params

BUTTON_LIMIT = 100
ROW_LIMIT = 8
CALLBACK_DATA_BYTES = 64
_SWITCHES = ("switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat")
_ACTIONS = ("url", "callback_data", "callback_game", "pay", *_SWITCHES, "login_url", "web_app", "copy_text")
_LOOKS = ("style", "icon_custom_emoji_id")
_REQUESTS = {
    "request_location": "location",
    "request_contact": "phone number",
    "request_poll": "poll",
}


class Markup(Struct, frozen=True):
    """A checked `reply_markup`; `kind` is `inline`, `reply`, `remove` or `force`."""

    kind: str
    wire: Json


def read_markup(params: Params, *, private: bool) -> Markup | None:
    """The `reply_markup` of a call, None when it has none or an empty one; raises ApiError."""
    try:
        given = params.json("reply_markup")
    except ValueError as error:
        raise bad_request("can't parse reply keyboard markup JSON object") from error
    if given is None:
        return None
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in given:
        return _inline(given, private=private)
    if "keyboard" in given:
        return _reply(given, private=private)
    if given.get("remove_keyboard"):
        return Markup("remove", {"remove_keyboard": True})
    if given.get("force_reply"):
        return Markup("force", {"force_reply": True})
    return None


def _inline(given: Json, *, private: bool) -> Markup | None:
    rows = [[_inline_button(button, private=private) for button in row] for row in _rows(given, "inline_keyboard")]
    kept = [row for row in rows if row]
    _check_size(kept)
    return Markup("inline", {"inline_keyboard": kept}) if kept else None


def _rows(given: Json, name: str) -> list[list[Any]]:
    rows = given[name]
    if not isinstance(rows, list):
        raise bad_request(f'can\'t parse reply keyboard markup JSON object: Field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        kind = "inline keyboard button" if name == "inline_keyboard" else "keyboard button"
        raise bad_request(f"can't parse {kind}: expected an Array of buttons")
    return rows


def _check_size(rows: list[list[Json]]) -> None:
    if sum(len(row) for row in rows) > BUTTON_LIMIT or any(len(row) > ROW_LIMIT for row in rows):
        raise bad_request("reply markup is too long")


def _inline_button(given: Any, *, private: bool) -> Json:
    if not isinstance(given, dict):
        raise _unreadable("expected an Object")
    if not isinstance(given.get("text"), str):
        raise _unreadable('Can\'t find field "text"')
    action = next((name for name in _ACTIONS if given.get(name) is not None), None)
    if action is None:
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    if not given["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    looks = {name: given[name] for name in _LOOKS if name in given}
    return {"text": given["text"], action: _checked_action(action, given[action], private=private)} | looks


def _unreadable(why: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {why}")


def _checked_action(action: str, value: Any, *, private: bool) -> Any:
    if action == "url":
        return _checked_url(str(value), "URL")
    if action == "callback_data" and not 1 <= len(str(value).encode()) <= CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "copy_text" and not 1 <= len(str(value.get("text", ""))) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action == "web_app":
        if not private:
            raise bad_request("BUTTON_TYPE_INVALID")
        return {"url": _checked_url(str(value.get("url", "")), "Web App URL", https_only=True)}
    return value


def _checked_url(url: str, name: str, *, https_only: bool = False) -> str:
    try:
        return check_link(url, https_only=https_only)
    except WrongLink as error:
        raise bad_request(f"inline keyboard button {name} '{url}' is invalid: {error}") from error


def _reply(given: Json, *, private: bool) -> Markup:
    rows = [[_reply_button(button, private=private) for button in row] for row in _rows(given, "keyboard")]
    _check_size(rows)
    options = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective")
    wire: Json = {"keyboard": rows} | {name: bool(given[name]) for name in options if name in given}
    if given.get("input_field_placeholder"):
        wire["input_field_placeholder"] = str(given["input_field_placeholder"])[:64]
    return Markup("reply", wire)


def _reply_button(given: Any, *, private: bool) -> Json:
    button = {"text": given} if isinstance(given, str) else given
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    for name, what in _REQUESTS.items():
        if button.get(name) and not private:
            raise bad_request(f"{what} can be requested in private chats only")
    return button
