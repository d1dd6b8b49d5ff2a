"""The speaker's side of an invitation: the link, yes, no with a reason, time to think, giving it up later.

Strangers come here: nobody who speaks needs to be on a roster. The service decides whose invitation it is.
"""

from datetime import date
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.forum import invitation_answers as service
from bot.forum import invitation_rules
from bot.forum.invitation_answers import Answered, Opened, Reply
from bot.forum.invitation_links import PREFIX
from bot.forum.invitation_rules import Unfit
from bot.forum.messages import invitation_news as news
from bot.forum.messages import invitation_texts as words
from bot.forum.messages.invitation_texts import FEATURE
from handlers.leave import LINE
from handlers.lecture_arrivals import PRIVATE, account_of

NAME = "invite_answer"


class Step(State):
    """What the dialogue waits for."""

    REASON = "reason"


def register(application: CohortApplication) -> None:
    """Add the link, the buttons, and the question for a reason."""
    opened = PRIVATE & filters.Regex(rf"^/start(@\w+)?\s+{PREFIX}")
    application.add_handler(CommandHandler("start", receive_link, opened))
    application.add_handler(
        Conversation(
            NAME,
            application.dialogues,
            entry_points=[_on("no", ask_reason)],
            states={Step.REASON: [_on("plainno", decline), _on("open", go_back), MessageHandler(LINE, take_reason)]},
            fallbacks=[],
        )
    )
    for action, callback in (
        ("open", show),
        ("yes", accept),
        ("hold", ask_day),
        ("until", hold),
        ("plainno", retire),
    ):
        application.add_handler(_on(action, callback))


async def receive_link(update: Update, context: Context) -> None:
    """Take ``/start`` with the payload of an invitation."""
    context.end_dialogue()
    payload = "".join(context.args or ())
    opened = service.open_link(context.session, account=account_of(context), payload=payload, now=context.now)
    context.reply(words.render_opened(opened, context.t))


async def show(update: Update, context: Context) -> None:
    """Show the invitation as it stands."""
    context.edit(words.render_opened(_look(context), context.t))


async def accept(update: Update, context: Context) -> None:
    """Say yes."""
    invitation_id, proof = _ids(context, 2)
    answered = service.accept(
        context.session, account=account_of(context), invitation_id=invitation_id, proof=proof, now=context.at
    )
    _say(context, answered, Opened(answered.view, proof, is_own=True))
    if answered.reply is Reply.ACCEPTED:
        news.announce_accepted(context.turn, answered.view)


async def ask_day(update: Update, context: Context) -> None:
    """Ask until when the slot shall be kept."""
    opened = _look(context)
    view = opened.view
    if not view.is_open or view.answer_until is None:
        context.edit(words.render_opened(opened, context.t))
        return
    days = invitation_rules.hold_days(context.now, view.answer_until, view.occasion.zone)
    context.edit(words.render_ask_day(opened, days, context.t))


async def hold(update: Update, context: Context) -> None:
    """Keep the slot until the end of a day."""
    invitation_id, proof, ordinal = _ids(context, 3)
    answered = service.hold(
        context.session,
        account=account_of(context),
        invitation_id=invitation_id,
        proof=proof,
        on=_day(ordinal),
        now=context.at,
    )
    _say(context, answered, Opened(answered.view, proof, is_own=True))
    if answered.reply is Reply.HELD:
        news.announce_held(context.turn, answered.view)


async def ask_reason(update: Update, context: Context) -> NextState:
    """Ask why, which need not be said."""
    invitation_id, proof = _ids(context, 2)
    opened = service.require_answerable(
        context.session, account=account_of(context), invitation_id=invitation_id, proof=proof, now=context.now
    )
    context.place.notes = {"invitation": invitation_id, "proof": proof}
    context.edit(words.render_ask_reason(opened, context.t))
    return Step.REASON


async def take_reason(update: Update, context: Context) -> NextState:
    """Take the reason, and the answer with it."""
    reason = invitation_rules.read_note(context.text, invitation_rules.REASON)
    if reason is Unfit.TOO_LONG:
        context.reply(words.render_reason_too_long(len(context.text), context.t))
        return None
    _decline(context, "" if isinstance(reason, Unfit) else reason)
    return END


async def decline(update: Update, context: Context) -> NextState:
    """Decline without a reason."""
    _decline(context, "")
    return END


async def go_back(update: Update, context: Context) -> NextState:
    """Not decided after all."""
    await show(update, context)
    return END


async def retire(update: Update, context: Context) -> None:
    """A button of a dialogue that is over."""
    raise Gone


def _decline(context: Context, reason: str) -> None:
    notes = context.place.notes
    invitation_id, proof, account = notes["invitation"], notes["proof"], account_of(context)
    fallen = service.decline(
        context.session, account=account, invitation_id=invitation_id, proof=proof, reason=reason, now=context.at
    )
    view = service.look(context.session, account=account, invitation_id=invitation_id, proof=proof).view
    message = words.render_declined(view, context.t)
    if context.data is None:
        context.reply(message)
    else:
        context.edit(message)
    if fallen is not None:
        news.announce_fallen(context.turn, fallen)


def _look(context: Context) -> Opened:
    invitation_id, proof = _ids(context, 2)
    return service.look(context.session, account=account_of(context), invitation_id=invitation_id, proof=proof)


def _say(context: Context, answered: Answered, opened: Opened) -> None:
    context.edit(words.render_answered(answered, opened, context.t))


def _ids(context: Context, count: int) -> Any:
    ids = buttons.unpack(context.data)
    if len(ids) != count:
        raise Gone
    return buttons.number(ids[0]), *ids[1:]


def _day(ordinal: str) -> date:
    return buttons.day(buttons.number(ordinal))


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
