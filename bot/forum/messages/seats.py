"""What people are told of their place: an offer, its answer, its end; a decision; and what a coordinator must know.

Everybody concerned is told once, in their own language. Whoever cannot be reached in chat is named to the coordinators.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import i18n
from bot.buttons import keyboard
from bot.forum import contacts, seats
from bot.forum.choosing import Decided
from bot.forum.drawing import Settled
from bot.forum.messages.seat_wording import CODES, act, standing_line, why_line
from bot.forum.messages.wording import act as forum_act
from bot.forum.messages.wording import day_and_hour, heading, lines, paragraphs
from bot.forum.models import Part, SignUpStatus
from bot.forum.offers import Answered, Offered, Reply
from bot.forum.seats import Moved, Standing
from bot.forum.views import CallView, SignUpView, view_of
from bot.guests import service as guests
from bot.guests.service import Party
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people import service as people
from bot.people.models import Role
from bot.turn import Turn

FREE = {
    Part.SPEAKER: N_("🎤 <b>A place to speak is free for you</b>"),
    Part.LISTENER: N_("💺 <b>A seat is free for you</b>"),
}
TOASTS = {
    Reply.ACCEPTED: N_("It is yours."),
    Reply.DECLINED: N_("Thank you for saying so."),
    Reply.TOO_LATE: N_("The answer time is over."),
    Reply.NOT_OFFERED: N_("This has been settled already."),
}


def announce_offers(turn: Turn, offers: Iterable[Offered]) -> None:
    """Offer places to those whose turn it is; whoever cannot be reached here is named to the coordinators."""
    for offer in offers:
        call = view_of(turn.session, offer.call_id, turn.now)
        party = _party(turn, call, offer.person_id, offer.guest_id)
        if party is None or party.chat_id is None:
            announce_unreachable(turn, call, offer)
        else:
            message = render_offer(call, offer, i18n.translator(party.language))
            turn.send(party.chat_id, message, lane=Lane.REPLY, key=offer_key(offer.signup_id, offer.at))


def announce_answered(turn: Turn, answered: Answered) -> None:
    """Take the buttons off an offer that is settled, and go on with the next; a second press says nothing."""
    if answered.is_news:
        _retire(turn, answered)
    announce_next(turn, answered)


def announce_next(turn: Turn, answered: Answered) -> None:
    """Go on with the next after an answer, where the offer's own message has been seen to."""
    announce_moves(turn, answered.call_id, answered.part, answered.offered, is_free=_frees(answered))


def announce_moved(turn: Turn, moved: Moved) -> None:
    """Go on with the next after somebody has withdrawn."""
    held = moved.was in (SignUpStatus.CONFIRMED, SignUpStatus.OFFERED)
    announce_moves(turn, moved.call_id, moved.part, moved.offered, is_free=held and moved.is_news)


def announce_moves(turn: Turn, call_id: int, part: Part, offered: tuple[Offered, ...], *, is_free: bool) -> None:
    """Offer what became free; where nobody waits for a place to speak, the coordinators hear of the gap."""
    announce_offers(turn, offered)
    if is_free and not offered and part is Part.SPEAKER:
        call = view_of(turn.session, call_id, turn.now)
        if call.speakers is not None and call.speakers.left and call.starts_at > turn.now:
            _tell_coordinators(turn, call, lambda t: render_gap(call, t))


def announce_settled(turn: Turn, call_id: int, answers: Iterable[Settled]) -> None:
    """Tell every entrant of a draw, a choice or an end how they stand now."""
    call = view_of(turn.session, call_id, turn.now)
    answers = list(answers)
    found = guests.parties(
        turn.session,
        person_ids=[one.person_id for one in answers],
        guest_ids=[one.guest_id for one in answers],
        language=call.language,
    )
    for one in answers:
        party = found.of(one.person_id, one.guest_id)
        if party is not None and party.chat_id is not None:
            standing = seats.standing(turn.session, one.signup_id)
            turn.send(
                party.chat_id, render_standing(call, standing, i18n.translator(party.language)), lane=Lane.REMINDER
            )


def announce_decided(turn: Turn, decided: Decided) -> None:
    """Tell somebody what a coordinator has decided and why, and go on with the next."""
    call = view_of(turn.session, decided.call_id, turn.now)
    standing = seats.standing(turn.session, decided.signup_id)
    party = contacts.party_of(turn.session, decided.signup_id, call.language)
    if party is not None and party.chat_id is not None:
        turn.send(party.chat_id, render_standing(call, standing, i18n.translator(party.language)))
    held = decided.was in (SignUpStatus.CONFIRMED, SignUpStatus.OFFERED)
    is_free = held and decided.status is SignUpStatus.NOT_CHOSEN
    announce_moves(turn, decided.call_id, standing.part, decided.offered, is_free=is_free)


def announce_standing(turn: Turn, signup_id: int) -> None:
    """Tell somebody how they stand now."""
    standing = seats.standing(turn.session, signup_id)
    call = view_of(turn.session, standing.call_id, turn.now)
    party = contacts.party_of(turn.session, signup_id, call.language)
    if party is not None and party.chat_id is not None:
        turn.send(party.chat_id, render_standing(call, standing, i18n.translator(party.language)))


def announce_unreachable(turn: Turn, call: CallView, offer: Offered) -> None:
    """Name somebody to the coordinators whose turn it is and whom the bot cannot write to; once an offer."""
    contact = contacts.contact_of(turn.session, offer.signup_id)
    for reader in people.readers(turn.session, call.cohort_id, Role.COORDINATOR):
        message = render_unreachable(call, offer, contact, i18n.translator(reader.language))
        key = f"{offer_key(offer.signup_id, offer.at)}:{reader.person_id}"
        turn.send(reader.telegram_id, message, key=key)


def own_yes(call: CallView, signup: SignUpView, t: Translator) -> InlineKeyboardButton | None:
    """The button that takes an offered place, on the call's page of whom it is offered to."""
    return act(t.plain("✅ I take it"), "yes", signup.id) if signup.status is SignUpStatus.OFFERED else None


def own_no(call: CallView, signup: SignUpView, t: Translator) -> InlineKeyboardButton | None:
    """The button that gives it to the next."""
    return act(t.plain("No, thank you"), "no", signup.id) if signup.status is SignUpStatus.OFFERED else None


def offer_key(signup_id: int, at: datetime) -> str:
    """Under which key an offer stands in the outbox, so that it can be edited when it is settled."""
    return f"forum:offer:{signup_id}:{int(at.timestamp() * 1000)}"


def render_offer(call: CallView, offer: Offered, t: Translator) -> Message:
    """A place, until when it waits, and the two answers."""
    until = day_and_hour(offer.until, call.time_zone, t)
    text = paragraphs(
        t(FREE[offer.part]),
        heading(call, t),
        lines(
            t("It is your turn on the reserve list."),
            t("⏳ <b>Please answer until {until}.</b> Then the place goes to the next.", until=until),
        ),
    )
    rows = (
        [act(t.plain("✅ I take it"), "yes", offer.signup_id)],
        [act(t.plain("No, thank you"), "no", offer.signup_id)],
    )
    return Message(text, keyboard(*rows), silent=offer.is_resting)


def render_answered(call: CallView, answered: Answered, standing: Standing, t: Translator) -> Message:
    """What stands in the place of an offer once it is settled."""
    if answered.reply is Reply.ACCEPTED:
        return render_standing(call, standing, t)
    if answered.reply is Reply.DECLINED:
        text = t("↩️ <b>You have given the place to the next.</b> Thank you for saying so.")
    elif answered.reply is Reply.TOO_LATE:
        text = t("⌛ <b>The answer time is over.</b> The place has gone to the next.")
        again = act(t.plain("🔁 Back to the reserve list"), "again", answered.signup_id)
        return Message(paragraphs(heading(call, t), text), keyboard([again], [_show(call, t)]))
    else:
        return render_standing(call, standing, t)
    return Message(paragraphs(heading(call, t), text), keyboard([_show(call, t)]))


def render_answered_toast(answered: Answered, t: Translator) -> str:
    """The short line over the chat after an answer."""
    return t.plain(TOASTS[answered.reply])


def render_standing(call: CallView, standing: Standing, t: Translator, more: Markup | None = None) -> Message:
    """How somebody stands now, and why where it is said."""
    why = why_line(standing.reason, t)
    holds = standing.is_holding
    again = t("Can you no longer come? Withdraw, so that somebody else gets your place.") if holds else None
    text = paragraphs(heading(call, t), lines(standing_line(call, standing, t), why), more, again)
    return Message(text, keyboard([_show(call, t)]))


def render_unreachable(call: CallView, offer: Offered, contact: contacts.Contact, t: Translator) -> Message:
    """Whom to call, until when, and the answer in their place."""
    until = day_and_hour(offer.until, call.time_zone, t)
    phone = t("📞 {phone}", phone=contact.phone) if contact.phone else t("I have no phone number either.")
    text = paragraphs(
        t("📵 <b>{name} is next in reserve and cannot be reached here</b>", name=contact.name),
        heading(call, t),
        lines(t("Please ask until {until}; then the place goes to the next.", until=until), phone),
    )
    rows = (
        [act(t.plain("✅ Takes the place"), "theirs", offer.signup_id, 1)],
        [act(t.plain("✖️ Does not"), "theirs", offer.signup_id, 0)],
    )
    return Message(text, keyboard(*rows))


def render_gap(call: CallView, t: Translator) -> Message:
    """A place to speak is free and nobody waits for it."""
    text = paragraphs(
        t("🎤 <b>A place to speak has become free</b>"),
        heading(call, t),
        t("Nobody is in reserve. The slot is empty now."),
    )
    return Message(text, keyboard([act(t.plain("🎟 Places"), "list", call.id, CODES[Part.SPEAKER], 0)]))


def render_choose(call: CallView, waiting: int, t: Translator) -> Message:
    """Sign-up has closed, and a coordinator must choose."""
    text = paragraphs(
        t("⚖️ <b>Please choose the speakers</b>"),
        heading(call, t),
        t.plural(
            "Sign-up has closed, and {n} person waits for an answer.",
            "Sign-up has closed, and {n} people wait for an answer.",
            waiting,
        ),
    )
    return Message(text, keyboard([act(t.plain("⚖️ Choose now"), "list", call.id, CODES[Part.SPEAKER], 0)]))


def announce_choose(turn: Turn, call_id: int) -> None:
    """Ask the coordinators to choose."""
    call = view_of(turn.session, call_id, turn.now)
    waiting = contacts.count_waiting(turn.session, call_id)
    _tell_coordinators(turn, call, lambda t: render_choose(call, waiting, t))


def _retire(turn: Turn, answered: Answered) -> None:
    call = view_of(turn.session, answered.call_id, turn.now)
    party = contacts.party_of(turn.session, answered.signup_id, call.language)
    if party is not None and party.chat_id is not None and answered.at is not None:
        standing = seats.standing(turn.session, answered.signup_id)
        message = render_answered(call, answered, standing, i18n.translator(party.language))
        turn.edit(party.chat_id, offer_key(answered.signup_id, answered.at), message)


def _frees(answered: Answered) -> bool:
    return answered.is_news and answered.reply in (Reply.DECLINED, Reply.TOO_LATE)


def _party(turn: Turn, call: CallView, person_id: int | None, guest_id: int | None) -> Party | None:
    found = guests.parties(turn.session, person_ids=[person_id], guest_ids=[guest_id], language=call.language)
    return found.of(person_id, guest_id)


def _tell_coordinators(turn: Turn, call: CallView, render: Callable[[Translator], Message]) -> None:
    for reader in people.readers(turn.session, call.cohort_id, Role.COORDINATOR):
        turn.send(reader.telegram_id, render(i18n.translator(reader.language)), lane=Lane.REMINDER)


def _show(call: CallView, t: Translator) -> InlineKeyboardButton:
    return forum_act(t.plain("👀 Show me"), "call", call.id)
