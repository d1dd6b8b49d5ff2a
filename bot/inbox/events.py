"""From the body of an inbox row to what handlers take: an update, or an answer that the courier brought."""

from typing import Any

from telegram import Bot, CallbackQuery, Chat, InaccessibleMessage, Message, Update, User

from bot.context import Blocked, Fetched
from bot.inbox.models import Kind

PRESS = "callback_query"
MEMBERS = {"id", "from", "message", "chat_instance", "data"}


class Press(Update):
    """The update of a pressed button. The message under which the button stood is not a message that somebody sent."""

    __slots__ = ()
    # The library's own looks at each of ninety names before it sets it, in Python.
    __setattr__ = object.__setattr__  # type: ignore[assignment]

    @property
    def effective_message(self) -> Message | None:
        """Always nothing; the library would warn of it each time a handler looks."""
        return None


class _Query(CallbackQuery):
    __slots__ = ()
    __setattr__ = object.__setattr__  # type: ignore[assignment]


class _Presser(User):
    __slots__ = ()
    __setattr__ = object.__setattr__  # type: ignore[assignment]


class _Place(Chat):
    __slots__ = ()
    __setattr__ = object.__setattr__  # type: ignore[assignment]


class _Screen(InaccessibleMessage):
    __slots__ = ()
    __setattr__ = object.__setattr__  # type: ignore[assignment]


def read_event(kind: str, body: dict[str, Any], bot: Bot) -> object:
    """Understand a body; raises whatever a body of the wrong shape makes it raise."""
    if kind == Kind.FETCHED:
        return Fetched(**body)
    if kind == Kind.BLOCKED:
        return Blocked(**body)
    query = body.get(PRESS)
    if isinstance(query, dict) and query.keys() >= MEMBERS:
        return Press(body["update_id"], callback_query=_read_press(query, bot))
    return Update.de_json(body, bot)


def _read_press(query: dict[str, Any], bot: Bot) -> CallbackQuery:
    """A press without what stood on the pressed message, as Telegram tells of messages that it has forgotten.

    Nobody may decide by an old screen, and building its objects would be most of the work of reading a press.
    """
    message = query["message"]
    screen = _Screen(_Place.de_json(message["chat"], bot), message["message_id"])
    press = _Query(
        query["id"], _Presser.de_json(query["from"], bot), query["chat_instance"], message=screen, data=query["data"]
    )
    press.set_bot(bot)
    return press
