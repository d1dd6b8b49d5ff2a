"""Arrivals of people who are on no roster: what check-in hands over, the early button, one's own code, the gate.

Reads the update, calls one service function, words the outcome. ``visit`` is asked by the handlers of check-in where
its own service knows nobody of that account.
"""

from msgspec import Struct
from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot import buttons, i18n
from bot.checkin.messages.wording import data as checkin_data
from bot.checkin.outcomes import Claim, Pressed, TooEarly, WrongCode
from bot.context import CohortApplication, Context
from bot.errors import Gone, NotAllowed
from bot.forum import arrival_code, arrivals
from bot.forum.arrival_code import PREFIX, OnRoster
from bot.forum.messages import lectures as words
from bot.forum.messages.lectures import FEATURE
from bot.forum.visits import Account, Arrival, Came, Moment
from bot.guests import service as guests
from bot.outbox import calls
from bot.outbox.calls import Document, Message
from bot.outbox.lanes import Lane

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


def register(application: CohortApplication) -> None:
    """Add the button of somebody early, one's own code, and the scan of another's."""
    scanned = PRIVATE & filters.Regex(rf"^/start(@\w+)?\s+{PREFIX}")
    application.add_handler(CommandHandler("start", receive_scan, scanned))
    application.add_handler(CallbackQueryHandler(receive_press, buttons.pattern(FEATURE, "now")))
    application.add_handler(CallbackQueryHandler(show_my_code, buttons.pattern(FEATURE, "code")))


class Visited(Struct, frozen=True):
    """What came of somebody's claim who is on no roster."""

    outcome: Arrival


def visit(context: Context, claim: Claim) -> Visited | None:
    """Record somebody without a roster whose claim fits a call; ``None`` where no call is concerned."""
    account = account_of(context)
    outcome = arrivals.arrive(context.session, account=account, claim=claim, moment=moment_of(context))
    return Visited(outcome) if outcome is not None else None


def render(context: Context, visited: Visited) -> Message:
    """What they are told."""
    return words.render_arrival(visited.outcome, context.t, context.now)


def ask(context: Context) -> Message | None:
    """What a guest is asked who wants to check in; ``None`` where they have signed up to nothing about now."""
    telegram_id = account_of(context).telegram_id
    awaited = arrivals.awaited(context.session, telegram_id=telegram_id, now=context.now)
    return words.render_prompt(awaited, context.t) if awaited else None


async def receive_press(update: Update, context: Context) -> None:
    """Take the button of somebody who came early."""
    ids = buttons.unpack(context.data)
    if len(ids) != 2:
        raise Gone
    visited = visit(context, Pressed(buttons.number(ids[0]), ids[1]))
    if visited is None or isinstance(visited.outcome, WrongCode):
        raise Gone
    outcome = visited.outcome
    context.answer(words.render_toast(outcome, context.t), alert=isinstance(outcome, TooEarly))
    if not isinstance(outcome, TooEarly):
        context.edit(words.render_arrival(outcome, context.t, context.now))


async def show_my_code(update: Update, context: Context) -> None:
    """Send the picture of one's own code; a trainee has the one of check-in."""
    (call_id,) = context.numbers(1)
    telegram_id = account_of(context).telegram_id
    party = guests.party_of(context.session, speaker=context.speaker, telegram_id=telegram_id)
    found = arrival_code.my_code(context.session, party=party, call_id=call_id, now=context.now)
    if isinstance(found, OnRoster):
        context.reply(words.render_on_roster(checkin_data("mycode", found.cohort_id), context.t))
        return
    caption = words.caption_code(found, context.t)
    picture = Document("visitor_code", {"signup_id": found.signup_id, "step": found.step}, caption)
    context.turn.record(calls.send_picture(context.chat_id, picture, Lane.REPLY))


async def receive_scan(update: Update, context: Context) -> None:
    """Take ``/start`` with the payload behind a visitor's code."""
    context.end_dialogue()
    payload, moment = "".join(context.args or ()), moment_of(context)
    outcome = arrival_code.scan_visitor(context.session, speaker=context.speaker, payload=payload, moment=moment)
    context.reply(words.render_gate(outcome, context.t, context.now))
    if isinstance(outcome, Came):
        tell_let_in(context, outcome)


def tell_let_in(context: Context, came: Came) -> None:
    """Give whoever was let in the receipt, in their own language."""
    if context.speaker is None:
        raise NotAllowed
    party = arrival_code.chat_of(context.session, came.signup_id)
    if party.chat_id is not None:
        t = i18n.translator(party.language)
        context.turn.send(party.chat_id, words.render_let_in(came, context.speaker.name, t))


def account_of(context: Context) -> Account:
    """Who speaks, as Telegram tells it."""
    user = context.received.effective_user if context.received else None
    assert user is not None  # noqa: S101 - messages and presses in private have a sender
    return Account(user.id, user.full_name, context.t.language, context.speaker)


def moment_of(context: Context) -> Moment:
    """When it was said, taken in and looked at."""
    return Moment(context.at, context.received_at, context.now, context.turn.cause)
