"""Repetition after the camp: what it is, yes or no, and the one tap that stops it. Leaves every dialogue as it is."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.quiz import recall
from bot.quiz.messages import daily as words
from bot.quiz.messages.wording import FEATURE


def register(application: CohortApplication) -> None:
    """Add the buttons."""
    for action, callback in (
        ("offer", offer_recall),
        ("join", join_recall),
        ("nojoin", decline_recall),
        ("stop", stop_recall),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def offer_recall(update: Update, context: Context) -> None:
    """Say what repetition is."""
    (cohort_id,) = context.numbers(1)
    context.edit(words.render_recall_offer(cohort_id, context.t))


async def join_recall(update: Update, context: Context) -> None:
    """Begin with repetition."""
    (cohort_id,) = context.numbers(1)
    joined = recall.join(context.session, speaker=context.speaker, cohort_id=cohort_id, now=context.now)
    context.edit(words.render_joined(joined.until, context.t) if joined else words.render_nothing_to_recall(context.t))


async def decline_recall(update: Update, context: Context) -> None:
    """Leave it."""
    context.edit(words.render_not_joined(context.t))


async def stop_recall(update: Update, context: Context) -> None:
    """End repetition at once."""
    (cohort_id,) = context.numbers(1)
    was_on = recall.stop(context.session, speaker=context.speaker, cohort_id=cohort_id, now=context.now)
    context.edit(words.render_stopped(was_on, context.t))
