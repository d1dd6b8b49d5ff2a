"""What is said when a button or a message fits nothing."""

from bot.i18n import Translator
from bot.outbox.calls import Message


def render_stale_toast(t: Translator) -> str:
    """On a press whose button belongs to the past."""
    return t.plain("This button is out of date.")


def render_lost(t: Translator) -> Message:
    """Where to go from a stale button."""
    return Message(t("That button is out of date. Send /start to see what is current."))


def render_not_understood(t: Translator) -> Message:
    """On words that nothing waits for."""
    return Message(t("I did not understand that. Send /start to see what you can do here, or /checkin to check in."))
