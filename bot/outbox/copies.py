"""One message to many chats: the body is built once and only the address is put in; a pass may have 30,000."""

from bot.outbox import calls
from bot.outbox.calls import Call, Message
from bot.outbox.lanes import Lane

NOBODY = 0
"""The chat that a pattern is addressed to before it is copied."""


def build_pattern(message: Message, lane: Lane) -> Call:
    """The call that ``copy_for`` copies."""
    return calls.send_message(NOBODY, message, lane)


def copy_for(chat_id: int, pattern: Call) -> Call:
    """The same call for another chat; ``chat_id`` is the first thing in its body."""
    _, _, rest = pattern["payload"].partition(",")
    return pattern | {"chat_id": chat_id, "payload": f'{{"chat_id":{chat_id},{rest}'}
