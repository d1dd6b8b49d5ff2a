"""A coordinator chooses an activity to change, or two that change places."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.menu import Offer
from bot.people.models import Role
from bot.timetable import editing
from bot.timetable.messages import editing as words


def register(application: CohortApplication) -> None:
    """Add the lists, and the button on the camp's screen."""
    for action, callback in (("days", show_programme), ("swap", ask_partner)):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(words.FEATURE, action)))
    application.menu.offer(
        Offer(
            30,
            frozenset({Role.COORDINATOR}),
            words.offer_label,
            lambda cohort_id: buttons.pack(words.FEATURE, "days", cohort_id),
            is_daily=True,
        )
    )


async def show_programme(update: Update, context: Context) -> None:
    """Show a page of the activities; without a page the one with what comes next."""
    paged = len(buttons.unpack(context.data)) == 2
    cohort_id, *page = context.numbers(2 if paged else 1)
    programme = editing.list_programme(
        context.session, cohort_id=cohort_id, page=page[0] if page else None, speaker=context.speaker, now=context.now
    )
    context.edit(words.render_programme(programme, context.t))


async def ask_partner(update: Update, context: Context) -> None:
    """Show the activities with which one can change places."""
    activity_id, page = context.numbers(2)
    cohort, one = editing.look_at(context.session, activity_id=activity_id, speaker=context.speaker)
    programme = editing.list_programme(
        context.session,
        cohort_id=cohort.id or 0,
        page=page,
        speaker=context.speaker,
        now=context.now,
        without=activity_id,
    )
    context.edit(words.render_ask_partner(one, programme, context.t))
