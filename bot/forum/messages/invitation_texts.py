"""What an invited speaker reads: the text to pass on, the opened invitation, what came of an answer, thanks."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_skeleton
from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.buttons import Rows, keyboard, pack
from bot.forum import invitation_rules
from bot.forum.invitation_answers import Answered, Opened, Reply
from bot.forum.invitation_views import InvitationView
from bot.forum.messages.occasions import clock, heading, instant, when_of
from bot.forum.messages.wording import bold, lines, paragraphs
from bot.forum.models import InvitationStatus
from bot.i18n import Translator
from bot.outbox.calls import Message

FEATURE = "invite"


def data(action: str, *ids: int | str) -> str:
    """The callback data of one of this feature's buttons."""
    return pack(FEATURE, action, *ids)


def act(label: str, action: str, *ids: int | str) -> InlineKeyboardButton:
    """A button of this feature."""
    return buttons.button(label, data(action, *ids))


def file_name(invitation_id: int) -> str:
    """What the picture of a link is called."""
    return f"invitation-{invitation_id}.png"


def render_pass_on(view: InvitationView, address: str, t: Translator) -> Message:
    """The letter that the coordinator passes on, with the link in it; without any button, so that it can be copied."""
    occasion = view.occasion
    answer = (
        t("Please let us know by {when}: open this link in Telegram. You need not register.", when=_until(view, t))
        if view.is_open
        else t("This is your own way in:")
    )
    return Message(
        paragraphs(
            t("Dear {name},", name=view.name),
            t("we would be glad if you spoke at our forum {title}.", title=bold(occasion.title)),
            lines(when_of(occasion, t), _slot(view, t)),
            Markup("{}").format(view.note) if view.note else None,
            lines(answer, Markup("{}").format(address)),
            t("The link is for you alone."),
            lines(t("With kind regards"), Markup("{}").format(view.inviter), Markup("{}").format(occasion.cohort)),
        )
    )


def caption_picture(view: InvitationView, t: Translator) -> Markup:
    """Under the link as a picture."""
    return t("The invitation of {name}: scan it with the phone's camera.", name=bold(view.name))


def render_opened(opened: Opened, t: Translator) -> Message:
    """The invitation with what can be done now."""
    view = opened.view
    match view.status:
        case InvitationStatus.SENT | InvitationStatus.HELD:
            return _render_open(opened, t)
        case InvitationStatus.ACCEPTED:
            return render_own(opened, t)
        case _:
            return Message(paragraphs(_head(view, t), _ended(view, t)))


def render_own(opened: Opened, t: Translator, *, is_new: bool = False) -> Message:
    """After a yes: what is known of the talk, and how to change it."""
    view = opened.view
    call_id = view.occasion.call_id
    first = t("🎉 <b>Thank you, we look forward to you!</b>") if is_new else t("✅ <b>You have accepted.</b>")
    ask = t(
        "Please tell us the title and in two lines what you will say, what you need (projector, transport, diet), and "
        "send your slides if you have any. You can change all of it later."
    )
    rows: Rows = [
        [_forum(t.plain("✏️ Title, outline, needs, slides"), "edit", call_id)],
        [_forum(t.plain("📄 The forum's page"), "call", call_id)],
        [buttons.button(t.plain("🪪 My code for the door"), pack("lecture", "code", call_id))],
        [act(t.plain("I cannot come after all"), "no", view.id, opened.proof)],
    ]
    return Message(paragraphs(first, _head(view, t), _talk(view, t), ask), keyboard(*rows))


def render_answered(answered: Answered, opened: Opened, t: Translator) -> Message:
    """What came of an answer."""
    match answered.reply:
        case Reply.ACCEPTED | Reply.AGAIN:
            return render_own(opened, t, is_new=answered.reply is Reply.ACCEPTED)
        case Reply.HELD:
            return render_opened(opened, t)
        case Reply.TOO_LATE:
            return Message(paragraphs(_head(answered.view, t), _expired(t)))


def render_ask_day(opened: Opened, days: Sequence[date], t: Translator) -> Message:
    """Until when the slot is to be kept."""
    view = opened.view
    rows: Rows = []
    for index in range(0, len(days), 2):
        rows.append(
            [act(_day(on, t), "until", view.id, opened.proof, on.toordinal()) for on in days[index : index + 2]]
        )
    back = [act(t.plain("« Back"), "open", view.id, opened.proof)]
    if not days:
        text = t("The answer is needed by {when}, so there is no later day to choose.", when=_until(view, t))
        return Message(paragraphs(_head(view, t), text), keyboard(back))
    ask = t("⏳ Until when shall we keep the slot for you? We need your answer by the evening of that day.")
    return Message(paragraphs(_head(view, t), ask), keyboard(*rows, back))


def render_ask_reason(opened: Opened, t: Translator) -> Message:
    """Asks why, which need not be said."""
    view = opened.view
    if view.status is InvitationStatus.ACCEPTED:
        ask = t("That is a pity. May I say why? Write a line, or press the button. Somebody else will be asked then.")
    else:
        ask = t("That is a pity. May I say why? Write a line, or press the button.")
    rows: Rows = [
        [act(t.plain("Decline without a reason"), "plainno", view.id, opened.proof)],
        [act(t.plain("« Back, I have not decided"), "open", view.id, opened.proof)],
    ]
    return Message(paragraphs(_head(view, t), ask), keyboard(*rows))


def render_reason_too_long(length: int, t: Translator) -> Message:
    """A reason that does not fit."""
    return Message(
        t("Please say it in at most {most} characters; that was {length}.", most=invitation_rules.REASON, length=length)
    )


def render_declined(view: InvitationView, t: Translator) -> Message:
    """After a no."""
    return Message(paragraphs(_head(view, t), t("Thank you for letting us know. We hope to welcome you another time.")))


def render_reminder(opened: Opened, t: Translator) -> Message:
    """Before the answer time ends."""
    view = opened.view
    head = t("🔔 <b>May we ask for your answer by {when}?</b>", when=_until(view, t))
    shown = _render_open(opened, t)
    return Message(lines(head, Markup(shown.text)), shown.keyboard)  # noqa: S704 - rendered just now


def render_ran_out(view: InvitationView, t: Translator) -> Message:
    """To the speaker, once the answer time is over."""
    return Message(paragraphs(_head(view, t), _expired(t)))


def render_taken_back(view: InvitationView, t: Translator) -> Message:
    """To the speaker, where the coordinator has taken the invitation back."""
    return Message(
        paragraphs(
            _head(view, t),
            t("This invitation has been taken back. If that surprises you, please ask whoever invited you."),
        )
    )


def render_thanks(view: InvitationView, t: Translator, feedback: Markup | None = None) -> Message:
    """After the forum."""
    title = view.talk.title if view.talk and view.talk.title else ""
    spoke = (
        t("🙏 Thank you for your talk “{talk}” at {title}.", talk=title, title=bold(view.occasion.title))
        if title
        else t("🙏 Thank you for speaking at {title}.", title=bold(view.occasion.title))
    )
    return Message(paragraphs(spoke, feedback, t("It was an honour to have you with us.")))


def _render_open(opened: Opened, t: Translator) -> Message:
    view, key = opened.view, (opened.view.id, opened.proof)
    held = (
        t("⏳ The slot is kept for you until {when}.", when=_until(view, t))
        if view.status is InvitationStatus.HELD
        else t("Please answer by {when}.", when=_until(view, t))
    )
    rows: Rows = [
        [act(t.plain("✅ I will come"), "yes", *key)],
        [act(t.plain("⏳ I need time"), "hold", *key), act(t.plain("I cannot come"), "no", *key)],
    ]
    return Message(
        paragraphs(
            t("🎙 {inviter} invites {name} to speak.", inviter=bold(view.inviter), name=bold(_who(view))),
            lines(heading(view.occasion, t), _slot(view, t)),
            Markup("{}").format(view.note) if view.note else None,
            held,
        ),
        keyboard(*rows),
    )


def _head(view: InvitationView, t: Translator) -> Markup:
    return lines(heading(view.occasion, t), _slot(view, t))


def _slot(view: InvitationView, t: Translator) -> Markup | None:
    if view.slot is None:
        return None
    return t.plural(
        "🎤 Your slot: about {time}, {n} minute",
        "🎤 Your slot: about {time}, {n} minutes",
        view.slot.minutes,
        time=clock(view.slot.begins, view.occasion),
    )


def _talk(view: InvitationView, t: Translator) -> Markup | None:
    talk = view.talk
    if talk is None or not (talk.title or talk.outline or talk.needs or talk.slides):
        return None
    return lines(
        bold(talk.title) if talk.title else None,
        Markup("{}").format(talk.outline) if talk.outline else None,
        t("🧰 {needs}", needs=talk.needs) if talk.needs else None,
        t("📎 {name}", name=talk.slides) if talk.slides else None,
    )


def _ended(view: InvitationView, t: Translator) -> Markup:
    match view.status:
        case InvitationStatus.EXPIRED:
            return _expired(t)
        case InvitationStatus.DECLINED:
            return t("You have declined. If you can come after all, please tell whoever invited you.")
        case _:
            return t("This invitation no longer holds. If you have a question, please ask whoever invited you.")


def _expired(t: Translator) -> Markup:
    return t("The answer time is over. If you would still like to come, please tell whoever invited you.")


def _until(view: InvitationView, t: Translator) -> str:
    return instant(view.until, view.occasion, t) if view.until is not None else "–"


def _who(view: InvitationView) -> str:
    return f"{view.name} · {view.post}" if view.post else view.name


def _day(on: date, t: Translator) -> str:
    return format_skeleton("MMMEd", on, locale=t.locale)


def _forum(label: str, action: str, call_id: int) -> InlineKeyboardButton:
    return buttons.button(label, pack("forum", action, call_id))
