"""What is said when an update could not be taken: refusals, apologies, and alarms to the operators."""

import json
from typing import Any

from bot import i18n
from bot.errors import Refusal
from bot.inbox.raw import LARGEST_ID
from bot.outbox.calls import Message


def render_refusal(refusal: Refusal, t: i18n.Translator) -> Message:
    """A refusal in the reader's language."""
    return Message(t(refusal.line))


def render_apology(body: str | None) -> Message:
    """One apology to whoever sent what could not be processed."""
    t = i18n.translator(i18n.guess_language(_sender(body).get("language_code")))
    return Message(
        t(
            "Sorry, something went wrong on our side and your last step did not count. "
            "The operator has been told. Please try again, or send /start."
        )
    )


def render_alarm(seq: int, error: str) -> Message:
    """What an operator needs to know about a parked row."""
    t = i18n.translator("en")
    return Message(
        t(
            "⚠️ Inbox row {seq} failed three times and was set aside: {error}. "
            "The others go on. See: python -m bot doctor",
            seq=seq,
            error=error,
        )
    )


def chat_of(body: str | None) -> int | None:
    """The private chat to apologise in, read from a body that may be of any shape."""
    chat = _part(_message(body), "chat")
    number = chat.get("id")
    fits = type(number) is int and abs(number) <= LARGEST_ID
    return number if chat.get("type") == "private" and fits else None


def _sender(body: str | None) -> dict[str, Any]:
    return _part(_message(body), "from")


def _message(body: str | None) -> dict[str, Any]:
    try:
        update = json.loads(body or "{}")
    except ValueError:
        return {}
    return _part(update, "message") or _part(_part(update, "callback_query"), "message")


def _part(value: object, name: str) -> dict[str, Any]:
    part = value.get(name) if isinstance(value, dict) else None
    return part if isinstance(part, dict) else {}
