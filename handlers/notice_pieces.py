"""What a message of a coordinator's becomes in a notice."""

from html import escape

from telegram import Message
from telegram.constants import MessageType

from bot.errors import Refusal
from bot.notices.models import Kind
from bot.notices.pieces import Piece

_FILES = {
    MessageType.ANIMATION: Kind.ANIMATION,
    MessageType.AUDIO: Kind.AUDIO,
    MessageType.DOCUMENT: Kind.DOCUMENT,
    MessageType.STICKER: Kind.STICKER,
    MessageType.VIDEO: Kind.VIDEO,
    MessageType.VIDEO_NOTE: Kind.VIDEO_NOTE,
    MessageType.VOICE: Kind.VOICE,
}
"""What Telegram keeps under one file id. An animation is a document too, so the order matters."""
_COPIED = (MessageType.CONTACT, MessageType.DICE)
"""Not places: check-in takes every location, and no coordinates are kept."""


class CannotPassOn(Refusal):
    """I cannot pass this on. Please send text, photos, videos, files, a voice message or a poll."""


def piece_of(message: Message) -> Piece:
    """The part that a message becomes; raises CannotPassOn for what a bot cannot send again."""
    if message.poll is not None:
        options = tuple(option.text for option in message.poll.options)
        return Piece(Kind.QUESTION, text=escape(message.poll.question, quote=False), options=options)
    if message.text is not None:
        return Piece(Kind.TEXT, text=message.text_html)
    caption = message.caption_html if message.caption else ""
    album = message.media_group_id or ""
    if message.photo:
        return Piece(Kind.PHOTO, caption, ({"type": "photo", "media": message.photo[-1].file_id},), album=album)
    for name, kind in _FILES.items():
        if (file := getattr(message, name)) is not None:
            return Piece(kind, caption, ({"type": str(kind), "media": file.file_id},), album=album)
    if any(getattr(message, name) for name in _COPIED):
        return Piece(Kind.COPY, media=({"chat_id": message.chat_id, "message_id": message.message_id},))
    raise CannotPassOn
