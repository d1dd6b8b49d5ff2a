"""A question in a group: Telegram's own quiz poll, anonymous, for the room to warm up. Nothing is kept of who voted."""

from telegram import Update
from telegram.ext import CommandHandler, filters

from bot.context import CohortApplication, Context
from bot.errors import NotLinked
from bot.outbox.lanes import Lane
from bot.quiz import polling
from bot.quiz.messages import polls

GROUPS = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE


def register(application: CohortApplication) -> None:
    """Add the command; in a group it means the group."""
    application.add_handler(CommandHandler("quiz", ask_group, GROUPS))


async def ask_group(update: Update, context: Context) -> None:
    """Ask the group a question that it was not asked before."""
    if context.speaker is None:
        raise NotLinked
    asked = polling.next_poll(context.session, speaker=context.speaker, chat_id=context.chat_id, now=context.now)
    if asked is None:
        context.reply(polls.render_none(context.t))
        return
    context.turn.record(polls.poll(context.chat_id, asked, context.t, Lane.REPLY))
