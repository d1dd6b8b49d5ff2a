"""More time for one person in a test: who, and how much. Nobody is asked why, and nobody else sees it."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.outbox.calls import Message
from bot.people import listing
from bot.quiz import exams, minding, records
from bot.quiz.messages import desk as words
from bot.quiz.messages.wording import FEATURE


def register(application: CohortApplication) -> None:
    """Add the buttons."""
    for action, callback in (("extra", show_people), ("time", choose_time), ("allow", allow)):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def show_people(update: Update, context: Context) -> None:
    """Who may get more time."""
    exam_id, page = context.numbers(2)
    context.edit(_people(context, exam_id, page))


async def choose_time(update: Update, context: Context) -> None:
    """How much more time."""
    exam_id, person_id, page = context.numbers(3)
    exam = exams.require_maker(context.session, context.speaker, exam_id)
    profile = listing.profile(context.session, exam.cohort_id, person_id)
    extra = records.extra_minutes(context.session, exam_id, person_id)
    context.edit(words.render_time_choice(exam, person_id, profile.person.name, extra, page, context.t))


async def allow(update: Update, context: Context) -> None:
    """Give more time."""
    exam_id, person_id, minutes, page = context.numbers(4)
    minding.allow(
        context.session,
        speaker=context.speaker,
        exam_id=exam_id,
        person_id=person_id,
        minutes=minutes,
        now=context.now,
    )
    context.edit(_people(context, exam_id, page))


def _people(context: Context, exam_id: int, number: int) -> Message:
    exam = exams.require_maker(context.session, context.speaker, exam_id)
    page = listing.trainees_page(context.session, exam.cohort_id, number)
    extra = [
        (one.person_id, one.name, records.extra_minutes(context.session, exam_id, one.person_id)) for one in page.people
    ]
    return words.render_more_time(exam, extra, page.number, page.pages, context.t)
