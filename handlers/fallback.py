"""What is left: buttons that lead nowhere any more, and words that nothing waits for."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.context import CohortApplication, Context
from bot.fallback import messages


def register(application: CohortApplication) -> None:
    """Add the handlers of last resort."""
    application.add_handler(CallbackQueryHandler(answer_stale_button))
    application.add_handler(MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE, answer_anything))


async def answer_stale_button(update: Update, context: Context) -> None:
    """Say that the button is out of date and show the way on."""
    context.answer(messages.render_stale_toast(context.t))
    context.reply(messages.render_lost(context.t))


async def answer_anything(update: Update, context: Context) -> None:
    """Say what can be done; nothing the person sent is used."""
    context.reply(messages.render_not_understood(context.t))
