"""The buttons of the day itself on the screens of a call: for staff, and for whoever is signed up."""

from telegram import InlineKeyboardButton

from bot.forum.messages.day_wording import act
from bot.forum.models import HOLDING, Part
from bot.forum.views import CallView, Phase, SignUpView
from bot.i18n import Translator

BEFORE = (Phase.COMING, Phase.OPEN, Phase.CLOSED, Phase.SETTLED)
DURING = (Phase.CLOSED, Phase.SETTLED, Phase.OVER)


def order_tool(call: CallView, t: Translator) -> InlineKeyboardButton | None:
    """The running order."""
    if call.speakers is None or call.phase is Phase.CANCELLED:
        return None
    return act(t.plain("📋 Running order"), "order", call.id)


def stage_tool(call: CallView, t: Translator) -> InlineKeyboardButton | None:
    """The stage."""
    if call.speakers is None or call.phase in (Phase.DRAFT, Phase.CANCELLED):
        return None
    return act(t.plain("🎬 Stage"), "panel", call.id)


def slides_tool(call: CallView, t: Translator) -> InlineKeyboardButton | None:
    """The slides."""
    if call.speakers is None or call.phase in (Phase.DRAFT, Phase.CANCELLED):
        return None
    return act(t.plain("📎 Slides"), "slides", call.id)


def results_tool(call: CallView, t: Translator) -> InlineKeyboardButton | None:
    """What the room said."""
    return act(t.plain("📊 What the room said"), "results", call.id) if call.phase is Phase.OVER else None


def own_slides(call: CallView, signup: SignUpView, t: Translator) -> InlineKeyboardButton | None:
    """Sending the own slides, until the forum is over."""
    if signup.part is not Part.SPEAKER or signup.status not in HOLDING or call.phase not in BEFORE:
        return None
    label = t.plain("📎 Send other slides") if signup.has_slides else t.plain("📎 Send slides")
    return act(label, "send", signup.id)


def own_room(call: CallView, signup: SignUpView, t: Translator) -> InlineKeyboardButton | None:
    """What is on now, questions and feedback."""
    if signup.status not in HOLDING or call.phase not in DURING or call.speakers is None:
        return None
    return act(t.plain("🎬 Forum now"), "now", call.id)


def own_result(call: CallView, signup: SignUpView, t: Translator) -> InlineKeyboardButton | None:
    """What the room said of the own talk."""
    if signup.part is not Part.SPEAKER or signup.status not in HOLDING or call.phase is not Phase.OVER:
        return None
    return act(t.plain("📊 What the room said"), "mine", signup.id)
