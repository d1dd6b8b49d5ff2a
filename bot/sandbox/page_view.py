"""A chat as the page shows it: from Telegram's objects to the few fields a browser needs. Reads only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.sandbox.methods.menus import commands_for
from bot.sandbox.params import Json
from bot.sandbox.render import render_html
from bot.sandbox.world import World

_BUTTON = ("text", "callback_data", "url", "style")
_KINDS = ("document", "video", "animation", "audio", "voice", "video_note", "sticker")
"""What the page shows as a file."""
_FILE = ("file_id", "file_name", "file_size", "mime_type")


def person_view(world: World, person_id: int) -> Json:
    """A person with the state of the private chat."""
    return {**world.people.rows[person_id], "blocked": world.chats.rows[person_id]["blocked"]}


def chat_view(world: World, person_id: int) -> Json:
    """The private chat of a person with the bot."""
    chat = world.chats.rows[person_id]
    rows = world.messages.of_chat.get(person_id, {})
    return {
        "messages": [_message(world, row["wire"], chat["pinned"]) for row in rows.values()],
        "reply_keyboard": chat["reply_keyboard"],
        "commands": commands_for(world, person_id),
        "blocked": chat["blocked"],
    }


def _message(world: World, wire: Json, pinned: list[int]) -> Json:
    is_text = "text" in wire
    shown = wire.get("text") if is_text else wire.get("caption")
    entities = wire.get("entities" if is_text else "caption_entities", [])
    return {
        "message_id": wire["message_id"],
        "date": datetime.fromtimestamp(wire["date"], UTC).isoformat(),
        "edited": "edit_date" in wire,
        "from_bot": wire["from"]["id"] == world.bot["id"],
        "text": wire.get("text"),
        "caption": wire.get("caption"),
        "html": render_html(shown, entities) if shown else "",
        "buttons": _buttons(wire),
        "document": _part(next((wire[kind] for kind in _KINDS if kind in wire), None), _FILE),
        "photo": _part(wire["photo"][-1], ("file_id",)) if "photo" in wire else None,
        "location": _part(wire.get("location"), ("latitude", "longitude")),
        "contact": _part(wire.get("contact"), ("phone_number", "first_name")),
        "poll": _poll(world, wire.get("poll")),
        "reply_to": wire.get("reply_to_message", {}).get("message_id"),
        "pinned": wire["message_id"] in pinned,
    }


def _part(value: Any, fields: tuple[str, ...]) -> Json | None:
    return None if value is None else {name: value.get(name) for name in fields}


def _buttons(wire: Json) -> list[list[Json]] | None:
    rows = wire.get("reply_markup", {}).get("inline_keyboard")
    return None if rows is None else [[_button(button) for button in row] for row in rows]


def _button(button: Json) -> Json:
    shown = {name: button[name] for name in _BUTTON if name in button}
    copied = button.get("copy_text")
    return shown | ({"copy_text": copied["text"]} if copied else {})


def _poll(world: World, poll: Json | None) -> Json | None:
    """The poll with everyone's choice, so that the page can mark a person's own."""
    row = world.polls.get(poll["id"]) if poll else None
    return poll and poll | {"votes": row["votes"] if row else {}}
