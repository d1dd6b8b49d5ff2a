"""Builds outbox rows: one plain dictionary a Bot API call, ready for one bulk insert. Decides and sends nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from telegram import InlineKeyboardMarkup

from bot.outbox.lanes import Lane

Call = dict[str, Any]

DOWNLOAD = "download"
"""Not a method of Telegram's: the courier calls getFile, downloads, and puts what it read into the inbox."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a feature's ``messages.py`` returns: HTML fit for Telegram, and the buttons under it."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file that the courier renders when it sends it, so that nothing large or secret waits in the outbox.

    ``render`` names one of the renderers given to the courier; ``arguments`` must be plain JSON.
    """

    render: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    caption: str = ""


def send_message(chat_id: int, message: Message, lane: Lane) -> Call:
    """A new message."""
    return _call("sendMessage", chat_id, lane, _silenced(message, _body(chat_id, message)))


def edit_message(chat_id: int, message_id: int, message: Message) -> Call:
    """New content for a message that Telegram already numbered."""
    return _call("editMessageText", chat_id, Lane.REPLY, _body(chat_id, message), edits_id=message_id)


def edit_ours(chat_id: int, key: str, message: Message) -> Call:
    """New content for the message of outbox row ``key``, which may not have been sent yet: the edit waits for it."""
    return _call("editMessageText", chat_id, Lane.REPLY, _body(chat_id, message), edits_key=key)


def answer_callback(chat_id: int, query_id: str, text: str | None, alert: bool) -> Call:
    """The answer that stops a pressed button's spinner."""
    payload: dict[str, Any] = {"callback_query_id": query_id}
    if text:
        payload |= {"text": text[:200], "show_alert": alert}
    return _call("answerCallbackQuery", chat_id, Lane.ANSWER, payload)


def send_document(chat_id: int, document: Document, lane: Lane) -> Call:
    """A file, rendered by the courier when its turn comes."""
    payload = {"chat_id": chat_id, "caption": document.caption, "parse_mode": "HTML"}
    return _call(
        "sendDocument", chat_id, lane, payload | {"render": document.render, "arguments": dict(document.arguments)}
    )


def send_secret(chat_id: int, words: Document, lane: Lane = Lane.REPLY) -> Call:
    """A message whose words the courier makes when it sends it, so that no code waits in the outbox."""
    return _call(
        "sendMessage", chat_id, lane, {"chat_id": chat_id, "render": words.render, "arguments": dict(words.arguments)}
    )


def download(chat_id: int, file_id: str, purpose: str, subject: int, name: str) -> Call:
    """Ask the courier to fetch a file; what it read comes back as an inbox row that names ``purpose``, ``subject``."""
    payload = {"file_id": file_id, "purpose": purpose, "subject": subject, "name": name}
    return _call(DOWNLOAD, chat_id, Lane.REPLY, payload)


def set_commands(chat_id: int | None, commands: Sequence[tuple[str, str]], language_code: str = "") -> Call:
    """The command menu of one private chat, or of all private chats where ``chat_id`` is ``None``."""
    scope: dict[str, Any] = {"type": "all_private_chats"} if chat_id is None else {"type": "chat", "chat_id": chat_id}
    menu = [{"command": name, "description": text} for name, text in commands]
    return _call(
        "setMyCommands", chat_id or 0, Lane.REMINDER, {"commands": menu, "scope": scope, "language_code": language_code}
    )


def _call(
    method: str,
    chat_id: int,
    lane: Lane,
    payload: Mapping[str, Any],
    *,
    edits_key: str | None = None,
    edits_id: int | None = None,
) -> Call:
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return {
        "method": method,
        "chat_id": chat_id,
        "lane": int(lane),
        "payload": text,
        "edits_key": edits_key,
        "edits_id": edits_id,
    }


def body_of(message: Message) -> dict[str, Any]:
    """A message as the Bot API's parameters, without the chat it goes to."""
    body: dict[str, Any] = {
        "text": str(message.text),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if message.keyboard is not None:
        body["reply_markup"] = message.keyboard.to_dict()
    return body


def _body(chat_id: int, message: Message) -> dict[str, Any]:
    return {"chat_id": chat_id, **body_of(message)}


def _silenced(message: Message, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"disable_notification": True} if message.silent else body
