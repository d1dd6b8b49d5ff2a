"""What several messages of this feature word alike: buttons, times, states, a notice in one line."""

import html
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.i18n import N_, Translator
from bot.notices.models import Kind, Part, State, Status

FEATURE = "notices"
HEADLINE = 40

STATES = {
    State.SENT: N_("sent"),
    State.WAITING: N_("waiting"),
    State.QUEUED: N_("on its way"),
    State.UNKNOWN: N_("not certain"),
    State.FAILED: N_("failed"),
    State.BLOCKED: N_("has blocked the bot"),
    State.SPARED: N_("has paused notices"),
    State.CANCELLED: N_("not sent, cancelled"),
}
SIGNS = {
    Status.DRAFT: "📝",
    Status.TEMPLATE: "📄",
    Status.SCHEDULED: "⏰",
    Status.SENDING: "📨",
    Status.PAUSED: "⏸",
    Status.DONE: "✅",
    Status.CANCELLED: "✖",
}
KINDS = {
    Kind.TEXT: N_("text"),
    Kind.PHOTO: N_("photo"),
    Kind.DOCUMENT: N_("file"),
    Kind.VIDEO: N_("video"),
    Kind.ANIMATION: N_("animation"),
    Kind.AUDIO: N_("music"),
    Kind.VOICE: N_("voice message"),
    Kind.VIDEO_NOTE: N_("video message"),
    Kind.STICKER: N_("sticker"),
    Kind.ALBUM: N_("album"),
    Kind.COPY: N_("message"),
    Kind.QUESTION: N_("question"),
}
FIELD_NAMES = {
    "name": N_("name"),
    "group": N_("group"),
    "unit": N_("unit"),
    "next_activity": N_("next activity"),
}


REASONS = {
    "blocked by the user": N_("has blocked the bot"),
    "user is deactivated": N_("the Telegram account no longer exists"),
    "can't initiate": N_("has never opened the bot"),
    "chat not found": N_("Telegram does not know this chat"),
    "no answer": N_("Telegram did not answer; it may have arrived"),
    "was kicked": N_("I was removed from there"),
    "not a member": N_("I was removed from there"),
    "rights": N_("I may not write there"),
    "write_forbidden": N_("I may not write there"),
    "to copy not found": N_("the original was deleted before it was sent"),
    "wrong file": N_("Telegram no longer has the file"),
    "too long": N_("the text was too long"),
}
"""What Telegram's refusals mean, by words that stand in them."""


def reason_of(error: str, t: Translator) -> str:
    """Why a copy did not arrive, in words; what is not known is quoted."""
    lowered = error.lower()
    known = next((words for sign, words in REASONS.items() if sign in lowered), None)
    if known is not None:
        return t.plain(known)
    return t.plain("Telegram refused it: {text}", text=error) if error else ""


def act(label: str, action: str, *ids: int | str) -> InlineKeyboardButton:
    """A button of this feature."""
    return buttons.button(label, buttons.pack(FEATURE, action, *ids))


def plain(text: str) -> str:
    """An HTML text without its marks."""
    return html.unescape(re.sub(r"<[^>]*>", "", text))


def headline(parts: list[Part] | tuple[Part, ...], t: Translator, length: int = HEADLINE) -> str:
    """The first words of a notice, cut to a line; without any words, what it is."""
    words = next((plain(part.text).strip() for part in parts if part.text.strip()), "")
    line = " ".join(words.split())
    if not line:
        return t.plain(KINDS[Kind(parts[0].kind)]) if parts else t.plain("(empty)")
    return line if len(line) <= length else f"{line[: length - 1]}…"


def moment(at: datetime, zone: str, t: Translator) -> str:
    """Day and hour by the camp's own clock."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{format_skeleton('MMMEd', local, locale=t.locale)} {local:%H:%M}"


def hour(at: datetime, zone: str) -> str:
    """The hour by the camp's own clock."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def lasting(seconds: float, t: Translator) -> str:
    """How long something takes, as one says it."""
    if seconds < 90:
        return str(t.plural("{n} second", "{n} seconds", max(1, round(seconds))))
    return str(t.plural("{n} minute", "{n} minutes", round(seconds / 60)))


def lines(*parts: str | None) -> Markup:
    """The parts that say something, one a line, as HTML."""
    return Markup("\n").join(part for part in parts if part)


def paragraphs(*parts: str | None) -> Markup:
    """The parts that say something with a blank line between, as HTML."""
    return Markup("\n\n").join(part for part in parts if part)
