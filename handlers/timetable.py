"""People ask for the timetable: today, and the week a day at a time."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.outbox.calls import Message
from bot.timetable import messages, service
from bot.timetable.messages.day import FEATURE, read_week_button

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


def register(application: CohortApplication) -> None:
    """Add the commands and buttons of the timetable."""
    application.add_handler(CommandHandler("today", send_today, PRIVATE))
    application.add_handler(CommandHandler("week", send_week, PRIVATE))
    application.add_handler(CallbackQueryHandler(show_today, buttons.pattern(FEATURE, "today")))
    application.add_handler(CallbackQueryHandler(show_week, buttons.pattern(FEATURE, "week")))


async def send_today(update: Update, context: Context) -> None:
    """Answer with the day."""
    context.reply(_today(context))


async def show_today(update: Update, context: Context) -> None:
    """Turn the pressed message into the day as it stands now."""
    context.edit(_today(context))


async def send_week(update: Update, context: Context) -> None:
    """Answer with the week, open at today."""
    speaker = context.require_linked()
    week = service.week_for(context.session, person_id=speaker.person_id, on=None, now=context.now)
    context.reply(messages.render_week(week, context.t))


async def show_week(update: Update, context: Context) -> None:
    """Turn the pressed message into another day of the week."""
    speaker = context.require_linked()
    on = read_week_button(context.data)
    week = service.week_for(context.session, person_id=speaker.person_id, on=on, now=context.now)
    context.edit(messages.render_week(week, context.t))


def _today(context: Context) -> Message:
    speaker = context.require_linked()
    days = service.day_for(context.session, person_id=speaker.person_id, now=context.now)
    return messages.render_today(days, context.t, context.now)
