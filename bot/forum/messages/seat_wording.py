"""What all messages about places word alike: their buttons, reasons, and how somebody stands."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.forum.messages.wording import day_and_hour, hour
from bot.forum.models import Part, SignUpStatus
from bot.forum.offers import Why
from bot.forum.seats import Standing
from bot.forum.views import CallView
from bot.i18n import N_, Translator

FEATURE = "seats"
CODES = {Part.SPEAKER: 0, Part.LISTENER: 1}
"""How a button names a part."""

REASONS = {
    Why.EXPIRED: N_("the answer time of the offer was over"),
    Why.NO_PLACE: N_("no place became free"),
    Why.MORE_THAN_PLACES: N_("more people signed up than there are places"),
    Why.NOT_DECIDED: N_("it began before a choice was made"),
    Why.PLACES_REDUCED: N_("there are fewer places than before"),
    Why.SLOT_DELETED: N_("a slot was taken out of the programme"),
}
SIGNS = {
    SignUpStatus.CONFIRMED: "✅",
    SignUpStatus.OFFERED: "⏳",
    SignUpStatus.PENDING: "❔",
    SignUpStatus.RESERVE: "🔁",
    SignUpStatus.NOT_CHOSEN: "✖️",
    SignUpStatus.WITHDRAWN: "↩️",
}
PLACES = {Part.SPEAKER: N_("🎤 Speakers"), Part.LISTENER: N_("💺 Listeners")}


def data(action: str, *ids: int | str) -> str:
    """The callback data of one of these buttons."""
    return buttons.pack(FEATURE, action, *ids)


def act(label: str, action: str, *ids: int | str) -> InlineKeyboardButton:
    """A button about places."""
    return buttons.button(label, data(action, *ids))


def back(label: str, action: str, *ids: int | str) -> list[InlineKeyboardButton]:
    """The row that leads back."""
    return [act(f"« {label}", action, *ids)]


def pager(action: str, ids: Sequence[int | str], page: int, pages: int) -> list[InlineKeyboardButton]:
    """The row that turns pages, which count from 0; none for a single page. The page is the last of the ids."""
    if pages < 2:
        return []
    return [
        act("◀", action, *ids, (page - 1) % pages),
        act(f"{page + 1}/{pages}", action, *ids, page),
        act("▶", action, *ids, (page + 1) % pages),
    ]


def part_of(code: int) -> Part | None:
    """The part that a button names."""
    return next((part for part, number in CODES.items() if number == code), None)


def reason_of(reason: str, t: Translator) -> Markup:
    """Why, in words: the bot's own reasons are translated, a person's words stay as they are."""
    known = REASONS.get(reason)  # type: ignore[call-overload]
    return t(known) if known else Markup("{}").format(reason)


def why_line(reason: str, t: Translator) -> Markup | None:
    """The line that says why; nothing where no reason is kept."""
    return t("Why: {reason}.", reason=reason_of(reason.rstrip(".。"), t)) if reason else None


def standing_line(call: CallView, standing: Standing, t: Translator) -> Markup:
    """How somebody stands, in one honest line."""
    status = standing.status
    if status is SignUpStatus.CONFIRMED:
        return _confirmed(call, standing, t)
    if status is SignUpStatus.OFFERED and standing.until is not None:
        until = day_and_hour(standing.until, call.time_zone, t)
        return t("⏳ <b>A place is offered to you.</b> Please answer until {until}.", until=until)
    if status is SignUpStatus.RESERVE:
        return t("🔁 <b>Reserve number {n}.</b> If a place becomes free, I ask you here.", n=standing.number)
    if status is SignUpStatus.NOT_CHOSEN:
        return t("✖️ <b>Not this time.</b> Thank you for wanting to take part.")
    return t("↩️ You have withdrawn.") if status is SignUpStatus.WITHDRAWN else t("❔ Waiting for the choice.")


def _confirmed(call: CallView, standing: Standing, t: Translator) -> Markup:
    if standing.part is Part.LISTENER:
        return t("✅ <b>Your seat is confirmed.</b>")
    if standing.slot is None or standing.about is None:
        return t("✅ <b>You speak.</b> Your slot in the programme follows.")
    about = hour(standing.about, call.time_zone)
    return t("✅ <b>You speak: slot {slot}, about {about}.</b>", slot=standing.slot, about=about)
