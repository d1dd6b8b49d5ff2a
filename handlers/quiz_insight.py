"""What coordinators and teachers look at: how questions did, who has not answered, written answers; and correcting.

Also the plan of the question of the day. Who answered what is shown to nobody but the person, written answers apart,
which are written to the teacher.
"""

from datetime import time
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.errors import Gone
from bot.outbox import calls
from bot.outbox.calls import Document, Message
from bot.outbox.lanes import Lane
from bot.people import access
from bot.quiz import composing, daily, exams, keys, measuring, openings, pool, records, service
from bot.quiz.messages import announcing, settings
from bot.quiz.messages import statistics as words
from bot.quiz.messages.wording import FEATURE, data
from bot.quiz.models import DailyPlan

SCOPES = ("exam", "days")
LAST_MINUTE = 24 * 60


def register(application: CohortApplication) -> None:
    """Add the buttons."""
    for action, callback in _ACTIONS:
        application.add_handler(_on(action, callback))


async def show_exam_statistics(update: Update, context: Context) -> None:
    """How the questions of a test did."""
    (exam_id,) = context.numbers(1)
    exam = exams.require_seer(context.session, context.speaker, exam_id)
    measured = measuring.exam(context.session, exam_id)
    back = data("exam", exam_id)
    context.edit(words.render_measured(measured, "exam", exam_id, back, context.t, cohort_id=exam.cohort_id))


async def show_daily_statistics(update: Update, context: Context) -> None:
    """How the questions of the days did."""
    (cohort_id,) = context.numbers(1)
    access.require_role(context.session, context.speaker, cohort_id, *exams.SEEING)
    measured = measuring.days(context.session, cohort_id)
    back = data("daily", cohort_id)
    context.edit(words.render_measured(measured, "days", cohort_id, back, context.t, cohort_id=cohort_id))


async def send_picture(update: Update, context: Context) -> None:
    """Send the statistics as a picture."""
    context.turn.record(calls.send_picture(context.chat_id, _statistics(context, "quiz_picture"), Lane.REPLY))


async def send_workbook(update: Update, context: Context) -> None:
    """Send the statistics as a workbook."""
    context.turn.send_document(context.chat_id, _statistics(context, "quiz_statistics"))


async def send_results(update: Update, context: Context) -> None:
    """Send everybody's best attempt as a workbook, to those who keep the record of the camp."""
    (exam_id,) = context.numbers(1)
    exams.require_seer(context.session, context.speaker, exam_id)
    arguments = {"exam_id": exam_id, "language": context.t.language}
    context.turn.send_document(context.chat_id, Document("quiz_results", arguments))


async def show_item(update: Update, context: Context) -> None:
    """One question with its key and its figures."""
    _, question_id = context.numbers(2)
    context.edit(_item(context, question_id))


async def choose_key(update: Update, context: Context) -> None:
    """Tick what is right."""
    (question_id,) = context.numbers(1)
    kept, asked = keys.look(context.session, speaker=context.speaker, question_id=question_id)
    context.edit(words.render_key_choice(asked, kept.version, keys.mask_of(kept.question), context.t))


async def tick_key(update: Update, context: Context) -> None:
    """Change the ticks; nothing is written yet."""
    question_id, version, mask = context.numbers(3)
    kept, asked = keys.look(context.session, speaker=context.speaker, question_id=question_id)
    if mask:
        keys.with_key(kept.question, mask)
    context.edit(words.render_key_choice(asked, version, mask, context.t))


async def correct_key(update: Update, context: Context) -> None:
    """Correct the key, reckon the results anew, and tell whoever's changed."""
    question_id, version, mask = context.numbers(3)
    correction = keys.correct(
        context.session,
        speaker=context.speaker,
        question_id=question_id,
        version=version,
        mask=mask,
        now=context.now,
    )
    if correction is not None:
        announcing.announce_correction(context.turn, correction)
    context.edit(words.render_corrected(correction, context.t))


async def show_missing(update: Update, context: Context) -> None:
    """Who has handed in nothing."""
    exam_id, page = context.numbers(2)
    exam, missing = measuring.missing_from_exam(context.session, speaker=context.speaker, exam_id=exam_id)
    may_nudge = service.may_make(context.session, context.speaker, exam.cohort_id) and context.now < exam.closes_at
    context.edit(
        words.render_missing(
            exam.title, missing, page, "missing", exam_id, data("exam", exam_id), context.t, may_nudge=may_nudge
        )
    )


async def nudge(update: Update, context: Context) -> None:
    """Remind those who have handed in nothing."""
    (exam_id,) = context.numbers(1)
    exam, zone, readers = openings.to_nudge(context.session, speaker=context.speaker, exam_id=exam_id)
    announcing.announce_nudge(context.turn, exam, zone, readers)
    context.answer(words.render_nudged_toast(len(readers), context.t), alert=True)


async def show_daily_missing(update: Update, context: Context) -> None:
    """Who has not answered the latest question of a day."""
    cohort_id, page = context.numbers(2)
    found, missing = measuring.missing_from_daily(
        context.session, speaker=context.speaker, cohort_id=cohort_id, now=context.now
    )
    if found is None:
        raise Gone
    title, back = context.t.plain("Question of the day"), data("daily", cohort_id)
    context.edit(words.render_missing(title, missing, page, "daymissing", cohort_id, back, context.t, may_nudge=False))


async def show_written(update: Update, context: Context) -> None:
    """Read the written answers, one by one."""
    cohort_id, page = context.numbers(2)
    written = service.reflections(context.session, speaker=context.speaker, cohort_id=cohort_id)
    if not written:
        raise Gone
    context.edit(words.render_written(written, page, cohort_id, data("desk", cohort_id), context.t))


async def show_plan(update: Update, context: Context) -> None:
    """The plan of the question of the day."""
    (cohort_id,) = context.numbers(1)
    plan = daily.plan_of(context.session, speaker=context.speaker, cohort_id=cohort_id)
    context.edit(_plan(context, plan))


async def turn_on_or_off(update: Update, context: Context) -> None:
    """Turn the question of the day on or off."""
    cohort_id, is_on = context.numbers(2)
    plan = daily.set_plan(
        context.session, speaker=context.speaker, cohort_id=cohort_id, now=context.now, is_on=bool(is_on)
    )
    context.edit(_plan(context, plan))


async def set_hour(update: Update, context: Context) -> None:
    """Choose its hour."""
    cohort_id, minutes = context.numbers(2)
    if not 0 <= minutes < LAST_MINUTE:
        raise Gone
    at = time(*divmod(minutes, 60))
    plan = daily.set_plan(context.session, speaker=context.speaker, cohort_id=cohort_id, now=context.now, at=at)
    context.edit(_plan(context, plan))


async def set_bank(update: Update, context: Context) -> None:
    """Choose its bank."""
    cohort_id, bank_id = context.numbers(2)
    plan = daily.set_plan(
        context.session, speaker=context.speaker, cohort_id=cohort_id, now=context.now, bank_id=bank_id
    )
    context.edit(_plan(context, plan))


async def show_topics(update: Update, context: Context) -> None:
    """The categories it may be taken from."""
    cohort_id, page = context.numbers(2)
    access.require_role(context.session, context.speaker, cohort_id, *records.MAKING)
    plan = daily.plan_of(context.session, speaker=context.speaker, cohort_id=cohort_id)
    context.edit(settings.render_topics(plan, daily.categories(context.session, plan), page, context.t))


async def set_topic(update: Update, context: Context) -> None:
    """Choose its category, by its number in the list; 0 is all."""
    cohort_id, number = context.numbers(2)
    plan = daily.plan_of(context.session, speaker=context.speaker, cohort_id=cohort_id)
    category = composing.category_at(daily.categories(context.session, plan), number - 1)
    plan = daily.set_plan(
        context.session, speaker=context.speaker, cohort_id=cohort_id, now=context.now, category=category
    )
    context.edit(_plan(context, plan))


_ACTIONS = (
    ("stats", show_exam_statistics),
    ("daystats", show_daily_statistics),
    ("picture", send_picture),
    ("workbook", send_workbook),
    ("results", send_results),
    ("item", show_item),
    ("key", choose_key),
    ("mask", tick_key),
    ("fix", correct_key),
    ("missing", show_missing),
    ("nudge", nudge),
    ("daymissing", show_daily_missing),
    ("written", show_written),
    ("daily", show_plan),
    ("turn", turn_on_or_off),
    ("hour", set_hour),
    ("from", set_bank),
    ("topics", show_topics),
    ("topic", set_topic),
)


def _statistics(context: Context, renderer: str) -> Document:
    scope, subject = ([*buttons.unpack(context.data), "", ""])[:2]
    if scope not in SCOPES:
        raise Gone
    subject_id = buttons.number(subject)
    if scope == "exam":
        exams.require_seer(context.session, context.speaker, subject_id)
    else:
        access.require_role(context.session, context.speaker, subject_id, *exams.SEEING)
    return Document(renderer, {"scope": scope, "subject_id": subject_id, "language": context.t.language})


def _item(context: Context, question_id: int) -> Message:
    kept, asked = keys.look(context.session, speaker=context.speaker, question_id=question_id)
    cohort_id = pool.cohort_of(context.session, kept)
    measure = measuring.of_question(context.session, question_id)
    may_change = service.may_make(context.session, context.speaker, cohort_id)
    return words.render_item(asked, measure, data("desk", cohort_id), context.t, may_change=may_change)


def _plan(context: Context, plan: DailyPlan) -> Message:
    found = pool.of_cohort(context.session, plan.cohort_id)
    may_change = service.may_make(context.session, context.speaker, plan.cohort_id)
    has_categories = len(daily.categories(context.session, plan)) > 1
    return settings.render_plan(plan, found, context.t, may_change=may_change, has_categories=has_categories)


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
