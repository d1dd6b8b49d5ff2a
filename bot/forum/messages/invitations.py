"""The coordinator's screens about invited speakers: the list, one invitation, the questions when a new one is made."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, keyboard, pack
from bot.forum.invitation_rules import Unfit
from bot.forum.invitation_views import InvitationView, SlotView
from bot.forum.invitations import FALLEN
from bot.forum.messages.invitation_texts import act
from bot.forum.messages.occasions import clock, heading, instant
from bot.forum.messages.wording import bold, lines, page_of, paragraphs, short
from bot.forum.models import InvitationStatus
from bot.forum.occasions import Occasion
from bot.forum.views import CallView, Phase
from bot.i18n import LANGUAGES, N_, Translator
from bot.outbox.calls import Message

STATES = {
    InvitationStatus.WAITING: N_("in reserve"),
    InvitationStatus.SENT: N_("waiting for the answer"),
    InvitationStatus.HELD: N_("asked for time"),
    InvitationStatus.ACCEPTED: N_("said yes"),
    InvitationStatus.DECLINED: N_("said no"),
    InvitationStatus.WITHDRAWN: N_("withdrawn"),
    InvitationStatus.EXPIRED: N_("let it run out"),
}
SIGNS = {
    InvitationStatus.WAITING: "🪑",
    InvitationStatus.SENT: "✉️",
    InvitationStatus.HELD: "⏳",
    InvitationStatus.ACCEPTED: "✅",
    InvitationStatus.DECLINED: "✖️",
    InvitationStatus.WITHDRAWN: "✖️",
    InvitationStatus.EXPIRED: "⌛️",
}
TEXTS = {"zh": N_("✉️ Text to pass on: 中文"), "en": N_("✉️ Text to pass on: English")}


def tool(call: CallView, t: Translator) -> InlineKeyboardButton | None:
    """On a coordinator's page of a call: the invited speakers."""
    if call.phase in (Phase.DRAFT, Phase.CANCELLED):
        return None
    return act(t.plain("🎙 Invited speakers"), "list", call.id, 0)


def render_list(
    occasion: Occasion,
    views: Sequence[InvitationView],
    page: int,
    t: Translator,
    *,
    may_change: bool,
    may_thank: bool = False,
) -> Message:
    """Everybody who has been named, with how it stands."""
    page, pages, shown = page_of(page, len(views))
    rows: Rows = [[act(_label(one), "show", one.id)] for one in views[shown]]
    call_id = occasion.call_id
    turning = (
        [
            act("◀", "list", call_id, (page - 1) % pages),
            act(f"{page + 1}/{pages}", "list", call_id, page),
            act("▶", "list", call_id, (page + 1) % pages),
        ]
        if pages > 1
        else []
    )
    hint = t("Nobody has been named yet. Name a speaker, and I make a link and a text that you can pass on.")
    counts = t(
        "✅ {accepted} · ✉️ {open} · 🪑 {waiting}",
        accepted=_count(views, InvitationStatus.ACCEPTED),
        open=_count(views, InvitationStatus.SENT, InvitationStatus.HELD),
        waiting=_count(views, InvitationStatus.WAITING),
    )
    new = [act(t.plain("➕ Name a speaker"), "new", call_id)] if may_change else []
    thanks = [act(t.plain("🙏 Thank all who spoke"), "thankall", call_id)] if may_thank else []
    back = [InlineKeyboardButton(t.plain("« The call"), callback_data=pack("forum", "manage", call_id))]
    text = paragraphs(lines(t("🎙 <b>Invited speakers</b>"), heading(occasion, t)), counts if views else hint)
    return Message(text, keyboard(*rows, turning, new, thanks, back))


def render_invitation(view: InvitationView, t: Translator, *, may_change: bool, now: datetime) -> Message:
    """One invitation with everything that is known, and what can be done."""
    is_ahead = view.occasion.is_running and now < view.occasion.starts_at
    rows = _actions(view, t, is_ahead=is_ahead, is_over=now >= view.occasion.ends_at) if may_change else []
    back = [act(t.plain("« Invited speakers"), "list", view.occasion.call_id, 0)]
    return Message(_sheet(view, t), keyboard(*rows, back))


def render_ask_name(occasion: Occasion, t: Translator) -> Message:
    """The first question."""
    return Message(
        paragraphs(heading(occasion, t), t("🎙 Whom shall I invite? Please send me the name.")), keyboard([_stop(t)])
    )


def render_ask_post(name: str, t: Translator) -> Message:
    """The second one."""
    ask = t("Which post or unit? It stands beside the name {name}.", name=bold(name))
    return Message(ask, keyboard([act(t.plain("Skip"), "skip"), _stop(t)]))


def render_ask_note(name: str, t: Translator) -> Message:
    """The third one."""
    ask = t("A few words of your own to {name}? They stand in the invitation.", name=bold(name))
    return Message(ask, keyboard([act(t.plain("Skip"), "skip"), _stop(t)]))


def render_ask_slot(occasion: Occasion, slots: Sequence[SlotView], t: Translator) -> Message:
    """Which slot is kept."""
    rows: Rows = [[act(slot_label(slot, occasion, t), "slot", slot.id)] for slot in slots[:8]]
    none = act(t.plain("Any slot, or a new one at the end"), "slot", 0)
    ask = (
        t("Which slot? It is kept as long as the answer is awaited.")
        if slots
        else t("Every slot is given away. Whoever accepts gets a new one at the end of the running order.")
    )
    return Message(paragraphs(heading(occasion, t), ask), keyboard(*rows, [none], [_stop(t)]))


def render_ask_answer(
    occasion: Occasion, times: Sequence[tuple[int, datetime]], t: Translator, *, may_reserve: bool
) -> Message:
    """Until when the answer is awaited."""
    rows: Rows = [[act(instant(at, occasion, t), "days", days)] for days, at in times]
    reserve = [act(t.plain("🪑 Put on the reserve list"), "days", "reserve")] if may_reserve else []
    ask = (
        t("By when do you need the answer?")
        if times
        else t("The forum begins very soon, so there is no time left for an answer.")
    )
    return Message(paragraphs(heading(occasion, t), ask), keyboard(*rows, reserve, [_stop(t)]))


def render_bad_text(unfit: Unfit, most: int, t: Translator) -> Message:
    """A text that was not taken."""
    if unfit is Unfit.EMPTY:
        return Message(t("There was nothing to read in that. Please write it once more."))
    return Message(t("That is too long: at most {most} characters, please.", most=most))


def render_ready(view: InvitationView, t: Translator, *, now: datetime) -> Message:
    """A new invitation is ready; what to do with it."""
    shown = render_invitation(view, t, may_change=True, now=now)
    if view.status is InvitationStatus.WAITING:
        head = t("🪑 On the reserve list. I will tell you when it is their turn.")
    else:
        head = t(
            "✅ The invitation is ready. I cannot write first to somebody who has never opened me, so please pass the "
            "text on yourself: it holds the link."
        )
    return Message(paragraphs(head, Markup(shown.text)), shown.keyboard)  # noqa: S704 - rendered just now


def render_stopped(call_id: int, t: Translator) -> Message:
    """The dialogue was left."""
    return Message(t("Nobody has been invited."), keyboard([act(t.plain("« Invited speakers"), "list", call_id, 0)]))


def render_ask_renew(view: InvitationView, t: Translator) -> Message:
    """Asks before the old link dies."""
    text = paragraphs(
        _sheet(view, t),
        t("Make a new link? The old one stops working at once, and so does what was answered through it."),
    )
    yes = [act(t.plain("🔗 Yes, a new link"), "renewed", view.id)]
    return Message(text, keyboard(yes, [act(t.plain("« Back"), "show", view.id)]))


def render_ask_take_back(view: InvitationView, t: Translator) -> Message:
    """Asks before an invitation is taken back."""
    ask = t("Take this invitation back? The link stops working, and the slot is free again.")
    if view.status is InvitationStatus.ACCEPTED:
        ask = t("{name} has accepted. Take the invitation back all the same? I will tell them.", name=bold(view.name))
    yes = [act(t.plain("✖️ Yes, take it back"), "revoked", view.id)]
    return Message(paragraphs(_sheet(view, t), ask), keyboard(yes, [act(t.plain("« Back"), "show", view.id)]))


def may_thank(view: InvitationView, now: datetime) -> bool:
    """Whether a speaker can be thanked now and has not been."""
    is_over = view.occasion.is_running and now >= view.occasion.ends_at
    return is_over and view.status is InvitationStatus.ACCEPTED and view.thanked_at is None


def render_thanked_toast(told: int, t: Translator, *, is_news: bool) -> str:
    """The short line after thanks."""
    if not is_news:
        return t.plain("They have been thanked already.")
    return str(t.plural("🙏 {n} person has been thanked.", "🙏 {n} people have been thanked.", told))


def slot_label(slot: SlotView, occasion: Occasion, t: Translator) -> str:
    """A slot as a button's label."""
    return t.plain("{number}. about {time}", number=slot.number, time=clock(slot.begins, occasion))


def _actions(view: InvitationView, t: Translator, *, is_ahead: bool, is_over: bool) -> Rows:
    rows: Rows = []
    if view.is_open and is_ahead:
        rows = [[act(t.plain(TEXTS[language]), "text", view.id, language)] for language in reversed(LANGUAGES)]
        rows.append([act(t.plain("▦ Link as a picture"), "picture", view.id)])
        rows.append([act(t.plain("🔗 New link"), "renew", view.id), act(t.plain("✖️ Take back"), "revoke", view.id)])
    elif view.status in (InvitationStatus.WAITING, *FALLEN) and is_ahead:
        label = t.plain("✉️ Invite now") if view.status is InvitationStatus.WAITING else t.plain("✉️ Invite once more")
        rows = [[act(label, "send", view.id)]]
        if view.status is InvitationStatus.WAITING:
            rows.append([act(t.plain("✖️ Take off the list"), "revoke", view.id)])
    elif view.status is InvitationStatus.ACCEPTED:
        if is_over and view.thanked_at is None and view.occasion.is_running:
            rows.append([act(t.plain("🙏 Thank"), "thank", view.id)])
        if not is_over:
            rows.append([act(t.plain("✖️ Take back"), "revoke", view.id)])
    return rows


def _sheet(view: InvitationView, t: Translator) -> Markup:
    who = Markup("{} {}").format(SIGNS[view.status], bold(view.name))
    post = Markup("{}").format(view.post) if view.post else None
    return paragraphs(
        lines(who, post),
        lines(heading(view.occasion, t), _slot_line(view, t)),
        lines(*_story(view, t)),
        Markup("<i>{}</i>").format(view.note) if view.note else None,
        _talk(view, t),
    )


def _story(view: InvitationView, t: Translator) -> list[Markup | None]:
    occasion = view.occasion
    state = t("How it stands: {state}", state=bold(t.plain(STATES[view.status])))
    until = t("Answer by {when}.", when=instant(view.until, occasion, t)) if view.is_open and view.until else None
    opened = None
    if view.status is InvitationStatus.SENT:
        opened = (
            t("The link was opened {when}.", when=instant(view.opened_at, occasion, t))
            if view.opened_at
            else t("The link has not been opened yet.")
        )
    answered = t("Answered {when}.", when=instant(view.answered_at, occasion, t)) if view.answered_at else None
    reason = t("Reason: {reason}", reason=view.reason) if view.reason else None
    thanked = t("Thanked {when}.", when=instant(view.thanked_at, occasion, t)) if view.thanked_at else None
    return [state, until, opened, answered, reason, thanked]


def _slot_line(view: InvitationView, t: Translator) -> Markup | None:
    if view.slot is None:
        return None
    number, time = view.slot.number, clock(view.slot.begins, view.occasion)
    return t("🎤 Slot {number}, about {time}", number=number, time=time)


def _talk(view: InvitationView, t: Translator) -> Markup | None:
    talk = view.talk
    if talk is None:
        return None
    if not talk.title:
        return t("The title of the talk is still missing.")
    return lines(
        bold(talk.title),
        Markup("{}").format(talk.outline) if talk.outline else None,
        t("🧰 {needs}", needs=talk.needs) if talk.needs else None,
        t("📎 {name}", name=talk.slides) if talk.slides else t("No slides yet."),
    )


def _label(view: InvitationView) -> str:
    number = f"{view.slot.number}. " if view.slot else ""
    post = f" · {view.post}" if view.post else ""
    return short(f"{SIGNS[view.status]} {number}{view.name}{post}")


def _count(views: Sequence[InvitationView], *statuses: InvitationStatus) -> int:
    return sum(one.status in statuses for one in views)


def _stop(t: Translator) -> InlineKeyboardButton:
    return act(t.plain("Cancel"), "stop")
