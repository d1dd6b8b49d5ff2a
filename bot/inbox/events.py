"""From the body of an inbox row to what handlers take: an update, or an answer that the courier brought."""

from typing import Any

from telegram import Bot, Update

from bot.context import Blocked, Fetched
from bot.inbox.models import Kind

PRESS = "callback_query"


def read_event(kind: str, body: dict[str, Any], bot: Bot) -> object:
    """Understand a body; raises whatever a body of the wrong shape makes it raise."""
    if kind == Kind.FETCHED:
        return Fetched(**body)
    if kind == Kind.BLOCKED:
        return Blocked(**body)
    return Update.de_json(_without_screen(body), bot)


def _without_screen(body: dict[str, Any]) -> dict[str, Any]:
    """A press without what stood on the pressed message, as Telegram itself tells of messages that it forgot.

    Nobody may decide by an old screen, and building its objects would be a fifth of the work of a press.
    """
    query = body.get(PRESS)
    message = query.get("message") if isinstance(query, dict) else None
    if not isinstance(query, dict) or not isinstance(message, dict) or not {"chat", "message_id"} <= message.keys():
        return body
    place = {"chat": message["chat"], "message_id": message["message_id"], "date": 0}
    return body | {PRESS: query | {"message": place}}
