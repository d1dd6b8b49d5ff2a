"""A coordinator or auditor looks at the load map: the list in place, the picture as a new message."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.loadmap import messages, service
from bot.outbox import calls
from bot.outbox.calls import Document
from bot.outbox.lanes import Lane


def register(application: CohortApplication) -> None:
    """Add the buttons; the way in stands on the screen of the camp's days."""
    application.add_handler(CallbackQueryHandler(show_list, buttons.pattern(messages.FEATURE, "show")))
    application.add_handler(CallbackQueryHandler(send_picture, buttons.pattern(messages.FEATURE, "picture")))


async def show_list(update: Update, context: Context) -> None:
    """Show a page of those who are elsewhere."""
    parts = buttons.unpack(context.data)
    cohort_id, number = context.numbers(2) if len(parts) == 2 else (*context.numbers(1), 0)
    found = service.load_map(context.session, cohort_id=cohort_id, speaker=context.speaker)
    context.edit(messages.render_list(found, number, context.t))


async def send_picture(update: Update, context: Context) -> None:
    """Send the picture."""
    (cohort_id,) = context.numbers(1)
    service.load_map(context.session, cohort_id=cohort_id, speaker=context.speaker)
    picture = Document("load_map", {"cohort_id": cohort_id, "language": context.t.language})
    context.turn.record(calls.send_picture(context.chat_id, picture, Lane.REPLY))
