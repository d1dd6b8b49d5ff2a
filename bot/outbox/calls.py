"""Builds outbox rows: one plain dictionary a Bot API call, ready for one bulk insert. Decides and sends nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot import json_text
from bot.outbox.lanes import Lane

Call = dict[str, Any]

INQUIRE = "inquire"
"""Not a method of Telegram's: the courier asks the method that the payload names and puts the answer into the inbox."""

DOWNLOAD = "download"
"""Not a method of Telegram's: the courier calls getFile, downloads, and puts what it read into the inbox."""


_BUTTON = InlineKeyboardButton.__slots__


class Message(Struct, frozen=True):
    """What a feature's ``messages.py`` returns: HTML fit for Telegram, and the buttons under it."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    silent: bool = False
    below: ReplyKeyboardMarkup | ReplyKeyboardRemove | None = None
    """What stands in place of the phone's keyboard, such as a button that sends the location; not together with one."""


class Document(Struct, frozen=True):
    """A file that the courier renders when it sends it, so that nothing large or secret waits in the outbox.

    ``render`` names one of the renderers given to the courier; ``arguments`` must be plain JSON.
    """

    render: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    caption: str = ""


def send_message(chat_id: int, message: Message, lane: Lane) -> Call:
    """A new message."""
    return _call("sendMessage", chat_id, lane, _silenced(message, _body(chat_id, message)))


def edit_message(chat_id: int, message_id: int, message: Message, lane: Lane = Lane.REPLY) -> Call:
    """New content for a message that Telegram already numbered."""
    return _call("editMessageText", chat_id, lane, _body(chat_id, message), edits_id=message_id)


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


_STORED = {
    "photo": "sendPhoto",
    "document": "sendDocument",
    "video": "sendVideo",
    "animation": "sendAnimation",
    "audio": "sendAudio",
    "voice": "sendVoice",
    "video_note": "sendVideoNote",
    "sticker": "sendSticker",
}


def send_stored(chat_id: int, kind: str, file_id: str, message: Message, lane: Lane) -> Call:
    """A photo, file, video or the like that Telegram keeps already, with the message as its caption."""
    media = {"chat_id": chat_id, kind: file_id, **_caption(message)}
    return _call(_STORED[kind], chat_id, lane, _silenced(message, media))


def send_album(chat_id: int, media: Sequence[Mapping[str, Any]], message: Message, lane: Lane) -> Call:
    """Two to ten photos and videos, or files, or pieces of music, that Telegram keeps; the message is the caption.

    An album cannot carry buttons (Bot API, sendMediaGroup).
    """
    caption = {"caption": str(message.text), "parse_mode": "HTML"} if message.text else {}
    items = [dict(item) | (caption if number == 0 else {}) for number, item in enumerate(media)]
    return _call("sendMediaGroup", chat_id, lane, _silenced(message, {"chat_id": chat_id, "media": items}))


def copy_message(chat_id: int, from_chat_id: int, message_id: int, message: Message, lane: Lane) -> Call:
    """A copy of what stands in another chat, whatever it is, with our buttons under it."""
    source = {"chat_id": chat_id, "from_chat_id": from_chat_id, "message_id": message_id}
    buttons = {"reply_markup": message.keyboard.to_dict()} if message.keyboard else {}
    return _call("copyMessage", chat_id, lane, _silenced(message, source | buttons))


def send_poll(chat_id: int, question: str, options: Sequence[str], lane: Lane) -> Call:
    """Telegram's own poll, anonymous, for a group or channel where no record a person is needed."""
    answers = [{"text": option[:100]} for option in options]
    return _call("sendPoll", chat_id, lane, {"chat_id": chat_id, "question": question[:300], "options": answers})


def stop_poll(chat_id: int, message_id: int, lane: Lane) -> Call:
    """Close a poll of ours: a sent poll can be stopped, not edited (Bot API, stopPoll)."""
    return _call("stopPoll", chat_id, lane, {"chat_id": chat_id}, edits_id=message_id)


def send_quiz(
    chat_id: int, question: str, options: Sequence[str], right: Sequence[int], explanation: str, lane: Lane
) -> Call:
    """Telegram's own quiz, anonymous: the options at the places ``right`` are right (Bot API, sendPoll)."""
    quiz: dict[str, Any] = {
        "type": "quiz",
        "correct_option_ids": sorted(right),
        "allows_multiple_answers": len(right) > 1,
        "shuffle_options": True,
    }
    call = send_poll(chat_id, question, options, lane)
    told = {"explanation": explanation} if explanation else {}
    return call | {"payload": json_text.write(json_text.read(call["payload"]) | quiz | told)}


def edit_caption(chat_id: int, message_id: int, message: Message, lane: Lane) -> Call:
    """Another caption for a photo or file that Telegram has numbered."""
    body = {"chat_id": chat_id, **_caption(message)}
    return _call("editMessageCaption", chat_id, lane, body, edits_id=message_id)


def edit_buttons(chat_id: int, message_id: int, message: Message) -> Call:
    """Other buttons under a message, whatever it is; its text stays, and that of ``message`` is not used."""
    buttons = {"reply_markup": message.keyboard.to_dict()} if message.keyboard else {}
    return _call("editMessageReplyMarkup", chat_id, Lane.REPLY, {"chat_id": chat_id, **buttons}, edits_id=message_id)


def delete_messages(chat_id: int, message_ids: Sequence[int], lane: Lane) -> Call:
    """Take messages back that are less than 48 hours old (Bot API, deleteMessages; those unknown are skipped)."""
    return _call("deleteMessages", chat_id, lane, {"chat_id": chat_id, "message_ids": list(message_ids)})


def pin_message(chat_id: int, key: str, lane: Lane) -> Call:
    """Pin the message of outbox row ``key`` in its group, without a sound, once it has been sent."""
    return _call("pinChatMessage", chat_id, lane, {"chat_id": chat_id, "disable_notification": True}, edits_key=key)


def inquire(chat_id: int, method: str, arguments: Mapping[str, Any], purpose: str, subject: int) -> Call:
    """Ask Telegram something; the answer comes back as an inbox row that names ``purpose`` and ``subject``."""
    payload = {"method": method, "arguments": dict(arguments), "purpose": purpose, "subject": subject}
    return _call(INQUIRE, chat_id, Lane.REPLY, payload)


def send_picture(chat_id: int, picture: Document, lane: Lane) -> Call:
    """A photo, rendered by the courier when its turn comes."""
    return send_document(chat_id, picture, lane) | {"method": "sendPhoto"}


def send_secret(chat_id: int, words: Document, lane: Lane = Lane.REPLY) -> Call:
    """A message whose words the courier makes when it sends it, so that no code waits in the outbox."""
    return _call(
        "sendMessage", chat_id, lane, {"chat_id": chat_id, "render": words.render, "arguments": dict(words.arguments)}
    )


def edit_secret(chat_id: int, message_id: int, words: Document) -> Call:
    """New content for a message that Telegram already numbered, made when it is sent: no word waits in the outbox."""
    body = {"chat_id": chat_id, "render": words.render, "arguments": dict(words.arguments)}
    return _call("editMessageText", chat_id, Lane.REPLY, body, edits_id=message_id)


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
    return {
        "method": method,
        "chat_id": chat_id,
        "lane": int(lane),
        "payload": json_text.write(payload),
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
        body["reply_markup"] = _inline(message.keyboard)
    elif message.below is not None:
        body["reply_markup"] = message.below.to_dict()
    return body


def _inline(keyboard: InlineKeyboardMarkup) -> dict[str, Any]:
    return {"inline_keyboard": [[_button(one) for one in row] for row in keyboard.inline_keyboard]}


def _button(button: InlineKeyboardButton) -> dict[str, Any]:
    """What ``to_dict`` gives, which for the usual button takes twenty times as long."""
    plain = {name: value for name in _BUTTON if (value := getattr(button, name)) is not None}
    return plain if all(isinstance(value, str) for value in plain.values()) else button.to_dict()


def _caption(message: Message) -> dict[str, Any]:
    body: dict[str, Any] = {"caption": str(message.text), "parse_mode": "HTML"} if message.text else {}
    if message.keyboard is not None:
        body["reply_markup"] = message.keyboard.to_dict()
    return body


def _body(chat_id: int, message: Message) -> dict[str, Any]:
    return {"chat_id": chat_id, **body_of(message)}


def _silenced(message: Message, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"disable_notification": True} if message.silent else body
