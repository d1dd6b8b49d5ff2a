"""The close of day at any time by a button, and the hour at which it comes by itself. Decides nothing."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.closing import messages as words
from bot.closing import service
from bot.context import CohortApplication, Context
from bot.errors import Gone
from bot.menu import Offer
from bot.people.models import Role


def register(application: CohortApplication) -> None:
    """Add the screens, and the button that leads to them."""
    application.menu.offer(
        Offer(
            70,
            frozenset({Role.COORDINATOR, Role.AUDITOR}),
            lambda t: t.plain("🌙 Close of day"),
            lambda cohort_id: words.data("show", cohort_id),
            is_daily=True,
        )
    )
    for action, callback in (("show", show), ("hour", show_hours), ("sethour", set_hour)):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(words.FEATURE, action)))


async def show(update: Update, context: Context) -> None:
    """Show what today has left open, as it stands now."""
    (cohort_id,) = context.numbers(1)
    review = service.show_day(context.session, speaker=context.speaker, cohort_id=cohort_id, on=None, now=context.now)
    context.edit(words.render_day(review, context.t))


async def show_hours(update: Update, context: Context) -> None:
    """Show the hours that can be chosen."""
    (cohort_id,) = context.numbers(1)
    hour = service.hour_of(context.session, speaker=context.speaker, cohort_id=cohort_id)
    context.edit(words.render_hours(hour, context.t))


async def set_hour(update: Update, context: Context) -> None:
    """Choose another hour."""
    cohort_id, minutes = context.numbers(2)
    at = words.read_hour(minutes)
    if at is None:
        raise Gone
    hour = service.change_hour(context.session, speaker=context.speaker, cohort_id=cohort_id, at=at, now=context.now)
    context.answer(words.render_hour_toast(hour, context.t))
    context.edit(words.render_hours(hour, context.t))
