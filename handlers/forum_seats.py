"""What everybody can do about a place in a forum: answer an offer, look at the draw, have its list.

Guests press these too; whose a sign-up is follows from the account that presses, never from the button.
"""

from collections.abc import Callable

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons, i18n
from bot.context import CohortApplication, Context
from bot.errors import Gone, Refusal
from bot.forum import contacts, drawing, entrants, offers, seats
from bot.forum.messages import draw as draw_words
from bot.forum.messages import seats as words
from bot.forum.messages.seat_wording import FEATURE
from bot.forum.models import Part
from bot.forum.views import CallView, Phase, view_of
from bot.guests import service as guests
from bot.guests.service import Party
from bot.i18n import Translator
from bot.outbox.calls import Document
from bot.people import access
from bot.people.access import READING


class NotYourPlace(Refusal):
    """This place was offered to somebody else."""


def register(application: CohortApplication) -> None:
    """Add the buttons."""
    for action, callback in (
        ("yes", accept),
        ("no", decline),
        ("again", rejoin),
        ("draw", show_draw),
        ("drawfile", send_draw),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def accept(update: Update, context: Context) -> None:
    """Take an offered place."""
    _answer(context, offers.accept)


async def decline(update: Update, context: Context) -> None:
    """Give an offered place to the next."""
    _answer(context, offers.decline)


async def rejoin(update: Update, context: Context) -> None:
    """Wait again after an offer has run out."""
    (signup_id,) = context.numbers(1)
    party = _require_own(context, signup_id)
    standing = seats.rejoin(context.session, signup_id=signup_id, now=context.now)
    call = view_of(context.session, standing.call_id, context.now)
    context.edit(words.render_standing(call, standing, _t(context, party)))


async def show_draw(update: Update, context: Context) -> None:
    """The draw: its rules and the promise before, its result after."""
    call_id, page = context.numbers(2)
    call = _drawn_call(context, call_id)
    party, account = _party(context)
    record = drawing.record_of(context.session, call_id)
    digest = drawing.commitment(context.session, call_id)
    own = contacts.own_signup(context.session, call_id, party, account)
    names = _names(context, call) if _is_staff(context, call) else None
    context.edit(draw_words.render_draw(call, record, digest, _t(context, party), own=own, names=names, page=page))


async def send_draw(update: Update, context: Context) -> None:
    """The list with which anybody can hold the draw again."""
    (call_id,) = context.numbers(1)
    call = _drawn_call(context, call_id)
    drawing.get_record(context.session, call_id)
    arguments = {"call_id": call.id, "now": context.now.isoformat()}
    context.turn.send_document(context.chat_id, Document("forum_draw", arguments))


def _answer(context: Context, step: Callable[..., offers.Answered]) -> None:
    (signup_id,) = context.numbers(1)
    party = _require_own(context, signup_id)
    answered = step(context.session, signup_id=signup_id, now=context.at)
    t = _t(context, party)
    call = view_of(context.session, answered.call_id, context.now)
    standing = seats.standing(context.session, signup_id)
    context.answer(words.render_answered_toast(answered, t))
    context.edit(words.render_answered(call, answered, standing, t))
    words.announce_next(context.turn, answered)


def _require_own(context: Context, signup_id: int) -> Party | None:
    party, account = _party(context)
    if not contacts.is_own(context.session, signup_id, party, account):
        raise NotYourPlace
    return party


def _drawn_call(context: Context, call_id: int) -> CallView:
    call = view_of(context.session, call_id, context.now)
    if call.phase is Phase.DRAFT or draw_words.draw_tool(call, context.t) is None:
        raise Gone
    return call


def _is_staff(context: Context, call: CallView) -> bool:
    speaker = context.speaker
    if speaker is None:
        return False
    return speaker.is_operator or bool(access.roles_in(context.session, speaker.person_id, call.cohort_id) & {*READING})


def _names(context: Context, call: CallView) -> dict[int, str]:
    roll = entrants.read_roll(context.session, call, Part.SPEAKER, context.now)
    return {one.signup_id: one.party.name for one in roll.entrants}


def _party(context: Context) -> tuple[Party | None, int]:
    user = context.received.effective_user if context.received else None
    account = user.id if user else 0
    return guests.party_of(context.session, speaker=context.speaker, telegram_id=account), account


def _t(context: Context, party: Party | None) -> Translator:
    if context.speaker is None and party is not None:
        return i18n.translator(party.language)
    return context.t
