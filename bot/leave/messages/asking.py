"""Asking for leave: one's own requests, the choice of activities, the reason, the look before sending, the answer."""

from collections.abc import Collection, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, button, keyboard
from bot.hours.messages.wording import entry_label, home, length, lines, meter, page_of, paragraphs, short
from bot.hours.rules import Entry, Ledger
from bot.i18n import N_, Translator
from bot.leave.makeup_views import MakeUpView
from bot.leave.messages.wording import (
    SIGNS,
    back_to_mine,
    data,
    item_lines,
    makeup_data,
    state_line,
    title,
    total,
)
from bot.leave.models import Kind
from bot.leave.requests import Choices, Preview
from bot.leave.views import Item, RequestView
from bot.outbox.calls import Message

REASONS = {
    "ill": N_("I am ill."),
    "work": N_("Urgent work in my unit."),
    "family": N_("Something urgent in the family."),
}
BACK_REASON = N_("I can come after all.")


def render_mine(
    cohort_id: int, ledger: Ledger, requests: Sequence[RequestView], make_ups: Sequence[MakeUpView], t: Translator
) -> Message:
    """One's own requests, what is open to be made up, and the way to a new request."""
    rows: Rows = [
        [button(t.plain("➕ Ask for leave"), data("ask", cohort_id))],
        *([[button(short(_make_up_label(one, t)), makeup_data("show", one.id))] for one in make_ups]),
        *([[button(short(_request_label(one, t)), data("own", one.id))] for one in requests]),
        [button(t.plain("🙋 I can come after all"), data("return", cohort_id))] if _has_leave(ledger) else [],
        [home(t)],
    ]
    hint = t("Leave is asked for by the activity, before it begins.")
    return Message(paragraphs(t("📝 <b>Leave</b>"), lines(meter(ledger, t), hint)), keyboard(*rows))


def render_choices(choices: Choices, chosen: Collection[int], page: int, t: Translator) -> Message:
    """The activities that can be chosen, each a switch."""
    account, entries = choices.account, choices.entries
    page, pages, shown = page_of(page, len(entries))
    zone = account.ledger.time_zone
    switches = [[button(_switch(entry, chosen, zone, t), _toggle(entry, page))] for entry in entries[shown]]
    turn = [button(arrow, data("page", to)) for arrow, to in (("◀", (page - 1) % pages), ("▶", (page + 1) % pages))]
    minutes = sum(entry.record.minutes for entry in entries if entry.record.activity_id in chosen)
    go_on = button(t.plain("Next: {length} ▸", length=length(minutes, t)), data("next"))
    rows = [*switches, turn if pages > 1 else [], [go_on] if chosen else [], [_cancel(t)]]
    if not entries:
        return Message(_nothing(choices.kind, t), keyboard([back_to_mine(account.cohort_id, t)]))
    question = {
        Kind.LEAVE: t("From which activities do you ask leave? Tap to choose, tap again to undo."),
        Kind.RETURN: t("To which of them can you come after all? Tap to choose, tap again to undo."),
    }[choices.kind]
    return Message(paragraphs(title(choices.kind, t), lines(meter(account.ledger, t), question)), keyboard(*rows))


def render_reason(preview: Preview, t: Translator) -> Message:
    """What was chosen and what it would do, and the question why."""
    sayings = REASONS if preview.kind is Kind.LEAVE else {"back": BACK_REASON}
    rows: Rows = [[button(t.plain(saying), data("why", name))] for name, saying in sayings.items()]
    ask = t("Why? Press what fits, or write it in one line.")
    return Message(paragraphs(*_summary(preview, t), ask), keyboard(*rows, _leave_row(t)))


def render_review(preview: Preview, reason: str, t: Translator, *, has_photo: bool) -> Message:
    """Everything before it is sent; a photo may be added by sending one now."""
    photo = t("📷 Your photo goes with it.") if has_photo else t("A photo, such as a doctor's note? Send it to me now.")
    send = t.plain("Send it all the same") if preview.ends_course else t.plain("📨 Send")
    why = t("Why: {reason}", reason=reason)
    is_leave = preview.kind is Kind.LEAVE
    text = paragraphs(*_summary(preview, t), lines(why, photo if is_leave else None), _who_decides(preview, t))
    return Message(text, keyboard([button(send, data("send"))], _leave_row(t)))


def render_settled(preview: Preview, reason: str, t: Translator) -> str:
    """The same once it has been answered, without its buttons."""
    return paragraphs(*_summary(preview, t), t("Why: {reason}", reason=reason))


def render_sent(request: RequestView, t: Translator) -> Message:
    """After sending: where it stands, and how to take it back."""
    return render_own(request, t, headline=t("📨 <b>Your request is on its way.</b> I tell you what is decided."))


def render_own(request: RequestView, t: Translator, headline: Markup | None = None) -> Message:
    """One's own request."""
    rows: Rows = []
    if request.is_waiting:
        rows.append([button(t.plain("↩️ Take it back"), data("withdraw", request.id))])
    if request.photo:
        rows.append([button(t.plain("📷 Photo"), data("photo", request.id))])
    text = paragraphs(
        headline or title(request.kind, t),
        lines(*item_lines(request.items, request.time_zone, t), total(request, t)),
        lines(t("Why: {reason}", reason=request.reason), state_line(request, t)),
    )
    return Message(text, keyboard(*rows, [back_to_mine(request.cohort_id, t)]))


def render_left(cohort_id: int, t: Translator) -> Message:
    """After the dialogue was left."""
    return Message(t("Nothing was asked for."), keyboard([back_to_mine(cohort_id, t)]))


def render_bad_reason(t: Translator) -> Message:
    """The reason does not fit."""
    return Message(t("Please say why in one line, with 2 to 500 characters."))


def render_send_or_photo(t: Translator) -> Message:
    """Something else was sent where only a photo or the button fits."""
    return Message(t("Please press “Send” above, or send me a photo to go with it. /cancel leaves this."))


def render_withdrawn_toast(t: Translator, *, news: bool) -> str:
    """The short line after taking a request back."""
    return t.plain("It is taken back.") if news else t.plain("It has been decided meanwhile.")


def render_chosen_toast(t: Translator) -> str:
    """The short line where a choice is no longer possible."""
    return t.plain("This one can no longer be chosen.")


def _summary(preview: Preview, t: Translator) -> list[Markup]:
    ledger = preview.account.ledger
    items = [
        Item(one.record.activity_id, one.record.title, one.record.starts_at, one.record.ends_at)
        for one in preview.entries
    ]
    listed = lines(*item_lines(items, ledger.time_zone, t), t("{length} in all", length=length(preview.minutes, t)))
    parts = [title(preview.kind, t), listed]
    if preview.kind is Kind.LEAVE:
        parts.append(lines(t("If it is approved:"), meter(preview.after, t)))
    if preview.ends_course:
        parts.append(_end(preview, t))
    return parts


def _end(preview: Preview, t: Translator) -> Markup:
    return t(
        "⚠️ <b>This request would end your course.</b>\n{used} would be missed, and the rules allow {allowance}. "
        "Please talk to your coordinator before you send it.",
        used=length(preview.after.used, t),
        allowance=length(preview.after.allowance, t),
    )


def _who_decides(preview: Preview, t: Translator) -> Markup:
    if preview.needs_department and preview.kind is Kind.LEAVE:
        return t("Your coordinator decides first, then {name}.", name=preview.department)
    return t("Your coordinator decides.")


def _nothing(kind: Kind, t: Translator) -> Markup:
    if kind is Kind.LEAVE:
        return t("No activity is left that you can ask leave from.")
    return t("You have no leave from anything that is still to come.")


def _switch(entry: Entry, chosen: Collection[int], time_zone: str, t: Translator) -> str:
    sign = "☑️" if entry.record.activity_id in chosen else "⬜"
    label = entry_label(entry, time_zone, t).split(" ", 1)[1]
    return short(f"{sign} {label}")


def _toggle(entry: Entry, page: int) -> str:
    return data("toggle", entry.record.activity_id, page)


def _leave_row(t: Translator) -> list[InlineKeyboardButton]:
    return [button(t.plain("« Choose again"), data("again")), _cancel(t)]


def _cancel(t: Translator) -> InlineKeyboardButton:
    return button(t.plain("Cancel"), data("stop"))


def _has_leave(ledger: Ledger) -> bool:
    return any(entry.record.is_excused and not entry.record.is_settled for entry in ledger.entries)


def _request_label(request: RequestView, t: Translator) -> str:
    first = request.items[0].title if request.items else ""
    more = f" +{len(request.items) - 1}" if len(request.items) > 1 else ""
    return f"{SIGNS[request.status]} {first}{more} · {length(request.minutes, t)}"


def _make_up_label(one: MakeUpView, t: Translator) -> str:
    return t.plain("🔁 To make up: {title}", title=one.title)
