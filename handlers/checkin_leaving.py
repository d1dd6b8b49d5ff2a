"""Leaving early by the button of one's own receipt, and taking that back."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.checkin import service
from bot.checkin.messages import trainee
from bot.checkin.messages.wording import FEATURE
from bot.checkin.outcomes import NotYours, Outcome
from bot.context import CohortApplication, Context
from bot.errors import Gone


def register(application: CohortApplication) -> None:
    """Add the two buttons."""
    application.add_handler(CallbackQueryHandler(leave, buttons.pattern(FEATURE, "out")))
    application.add_handler(CallbackQueryHandler(stay, buttons.pattern(FEATURE, "back")))


async def leave(update: Update, context: Context) -> None:
    """Check out."""
    activity_id, mac = read_mac(context)
    _say(
        context,
        service.leave_early(
            context.session, speaker=context.speaker, activity_id=activity_id, mac=mac, at=context.at, now=context.now
        ),
    )


async def stay(update: Update, context: Context) -> None:
    """Take a leaving back."""
    activity_id, mac = read_mac(context)
    _say(
        context,
        service.take_back(
            context.session, speaker=context.speaker, activity_id=activity_id, mac=mac, at=context.at, now=context.now
        ),
    )


def read_mac(context: Context) -> tuple[int, str]:
    """The activity and the proof in a button made for one person.

    Raises:
        Gone: the button was cut off or changed.
    """
    ids = buttons.unpack(context.data)
    if len(ids) != 2:
        raise Gone
    return buttons.number(ids[0]), ids[1]


def _say(context: Context, outcome: Outcome) -> None:
    context.answer(trainee.render_toast(outcome, context.t), alert=isinstance(outcome, NotYours))
    if not isinstance(outcome, NotYours):
        context.edit(trainee.render_outcome(outcome, context.t, context.now))
