"""Who is told what of invitations: coordinators of each answer and of what falls, speakers of what the clock does."""

from collections.abc import Callable

from markupsafe import Markup
from msgspec.structs import replace
from telegram import InlineKeyboardMarkup

from bot import i18n
from bot.buttons import keyboard
from bot.forum import invitation_clock
from bot.forum.feedback import Result
from bot.forum.invitation_answers import Opened
from bot.forum.invitation_clock import Reminded
from bot.forum.invitation_views import InvitationView
from bot.forum.invitations import Fallen
from bot.forum.messages import invitation_texts as texts
from bot.forum.messages.feedback import render_own_result
from bot.forum.messages.invitation_texts import act
from bot.forum.messages.occasions import heading, instant
from bot.forum.messages.seats import announce_offers
from bot.forum.messages.wording import bold, lines, paragraphs
from bot.forum.models import InvitationStatus
from bot.forum.running_order import Order
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people import service as people
from bot.people.models import Role
from bot.preferences import service as preferences
from bot.turn import Turn

FELL = {
    InvitationStatus.DECLINED: i18n.N_("✖️ {name} has declined."),
    InvitationStatus.WITHDRAWN: i18n.N_("✖️ {name} has withdrawn."),
    InvitationStatus.EXPIRED: i18n.N_("⌛️ {name} has not answered in time."),
}


def announce_accepted(turn: Turn, view: InvitationView) -> None:
    """Tell the coordinators of a yes."""
    _tell(turn, view, lambda t: Message(_top(t("✅ {name} has accepted!", name=_who(view)), view, t), _show(view, t)))


def announce_held(turn: Turn, view: InvitationView) -> None:
    """Tell the coordinators that somebody needs time."""

    def render(t: Translator) -> Message:
        when = instant(view.until, view.occasion, t) if view.until else "–"
        said = t("⏳ {name} needs time until {when}. The slot is kept so long.", name=_who(view), when=when)
        return Message(_top(said, view, t), _show(view, t))

    _tell(turn, view, render)


def announce_fallen(turn: Turn, fallen: Fallen) -> None:
    """Tell the coordinators whose place is free again, and whom they can invite instead."""
    _tell(turn, fallen.invitation, lambda t: render_fallen(fallen, t))
    announce_offers(turn, fallen.offered)


def announce_ran_out(turn: Turn, fallen: Fallen) -> None:
    """Tell the speaker that the answer time is over, where they can be written to, and the coordinators."""
    announce_fallen(turn, fallen)
    _tell_speaker(turn, fallen.invitation, lambda t: texts.render_ran_out(fallen.invitation, t), "over")


def announce_taken_back(turn: Turn, fallen: Fallen) -> None:
    """Tell a speaker that the invitation no longer holds, where they had opened or answered it."""
    view = fallen.invitation
    announce_offers(turn, fallen.offered)
    if fallen.was is not InvitationStatus.WAITING:
        _tell_speaker(turn, view, lambda t: texts.render_taken_back(view, t), "back")


def announce_reminder(turn: Turn, reminded: Reminded) -> None:
    """Ask the speaker once more, and tell the coordinators that no answer has come."""
    view = reminded.view
    _tell(turn, view, lambda t: render_unanswered(view, t))
    if reminded.proof:
        opened = Opened(view, reminded.proof, view.party is not None)
        stamp = f"remind:{int(view.until.timestamp())}" if view.until else "remind"
        _tell_speaker(turn, view, lambda t: texts.render_reminder(opened, t), stamp)


def announce_thanks(turn: Turn, view: InvitationView) -> bool:
    """Thank a speaker, with what the room said where enough have; whether they can be written to."""
    said = invitation_clock.said_of(turn.session, view, turn.now)
    return _tell_speaker(turn, view, lambda t: texts.render_thanks(view, t, _said(said, t)), "thanks")


def render_fallen(fallen: Fallen, t: Translator) -> Message:
    """To a coordinator: who will not come, why, and who is next."""
    view, following = fallen.invitation, fallen.following
    reason = t("Reason: {reason}", reason=view.reason) if view.reason else None
    head = lines(t(FELL[view.status], name=_who(view)), reason)
    if following is None:
        rest = t("Nobody is on the reserve list. You can name somebody else.")
        button = act(t.plain("🎙 Invited speakers"), "list", view.occasion.call_id, 0)
        return Message(_top(head, view, t, rest), keyboard([button]))
    rest = t(
        "Next on the reserve list: {next}. Press the button, and the invitation is ready. I cannot write first to "
        "somebody who has never opened me, so please pass the text on.",
        next=_who(following),
    )
    button = act(t.plain("✉️ Invite {name}", name=following.name[:24]), "send", following.id)
    return Message(_top(head, view, t, rest), keyboard([button]))


def render_unanswered(view: InvitationView, t: Translator) -> Message:
    """To a coordinator: the answer time is about to end."""
    when = instant(view.until, view.occasion, t) if view.until else "–"
    head = t("🔔 {name} has not answered yet; the answer is due by {when}.", name=_who(view), when=when)
    if view.chat_id is not None:
        rest = t("I have reminded them.")
    else:
        rest = t(
            "The link has not been opened, so I cannot write to them. Please ask yourself, or pass the text on again."
        )
    return Message(_top(head, view, t, rest), _show(view, t))


def _said(said: tuple[Order, Result] | None, t: Translator) -> Markup | None:
    return None if said is None else Markup(render_own_result(*said, t).text)  # noqa: S704 - rendered just now


def _top(said: Markup, view: InvitationView, t: Translator, rest: Markup | None = None) -> Markup:
    return paragraphs(said, heading(view.occasion, t), rest)


def _show(view: InvitationView, t: Translator) -> InlineKeyboardMarkup | None:
    return keyboard([act(t.plain("🎙 The invitation"), "show", view.id)])


def _who(view: InvitationView) -> Markup:
    return bold(f"{view.name} · {view.post}" if view.post else view.name)


def _tell(turn: Turn, view: InvitationView, render: Callable[[Translator], Message]) -> None:
    zone = view.occasion.zone
    for reader in people.readers(turn.session, view.occasion.cohort_id, Role.COORDINATOR):
        quiet = preferences.quiet_until(turn.session, person_id=reader.person_id, zone=zone, now=turn.now)
        is_silent = quiet is not None or preferences.is_silent(turn.session, reader.person_id)
        turn.send(reader.telegram_id, replace(render(i18n.translator(reader.language)), silent=is_silent))


def _tell_speaker(turn: Turn, view: InvitationView, render: Callable[[Translator], Message], what: str) -> bool:
    if view.chat_id is None:
        return False
    language = view.party.language if view.party is not None else view.occasion.language
    message = replace(render(i18n.translator(language)), silent=invitation_clock.rests(turn.session, view, turn.now))
    turn.send(view.chat_id, message, key=f"invitation:{view.id}:{view.issue}:{what}")
    return True
