"""The questions of a discussion: shown, asked for, reworded and taken away by the coordinator.

Reads the update, calls one service function, words the outcome. Decides nothing.
"""

from telegram import Update
from telegram.ext import MessageHandler

from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.discussions import service
from bot.discussions.messages import desk as words
from bot.outbox.calls import Message
from handlers.discussions_screens import ANYTHING, all_of, leave, on


class Step(State):
    """What is being typed."""

    QUESTION = "question"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the buttons."""
    application.add_handler(
        Conversation(
            "talk_desk",
            application.dialogues,
            entry_points=[on("ask", begin_question), on("request", begin_rewording)],
            states={Step.QUESTION: [MessageHandler(ANYTHING, take_question)]},
        )
    )
    for handler in all_of((("asks", show_questions), ("quest", show_question), ("unask", drop_question))):
        application.add_handler(handler)


async def show_questions(update: Update, context: Context) -> None:
    """Show the questions."""
    (discussion_id,) = context.numbers(1)
    leave(context)
    context.edit(_questions(context, discussion_id))


async def show_question(update: Update, context: Context) -> None:
    """Show one question."""
    (question_id,) = context.numbers(1)
    question = service.setting_up.require_question(context.session, speaker=context.speaker, question_id=question_id)
    context.edit(words.render_question(question, context.t))


async def begin_question(update: Update, context: Context) -> NextState:
    """Ask for a question."""
    (discussion_id,) = context.numbers(1)
    service.setting_up.require_draft(context.session, speaker=context.speaker, discussion_id=discussion_id)
    context.edit(words.render_ask_question(discussion_id, context.t))
    context.place.notes = {"discussion": discussion_id, "question": 0}
    return Step.QUESTION


async def begin_rewording(update: Update, context: Context) -> NextState:
    """Ask for new words for a question."""
    (question_id,) = context.numbers(1)
    question = service.setting_up.require_question(context.session, speaker=context.speaker, question_id=question_id)
    context.edit(words.render_ask_question(question.discussion_id, context.t, question.text))
    context.place.notes = {"discussion": question.discussion_id, "question": question_id}
    return Step.QUESTION


async def take_question(update: Update, context: Context) -> NextState:
    """Take a question, new or reworded."""
    notes, text = context.place.notes, context.text
    if notes["question"]:
        kept = service.setting_up.change_question(
            context.session, speaker=context.speaker, question_id=notes["question"], text=text, now=context.now
        )
    else:
        kept = service.setting_up.add_question(
            context.session, speaker=context.speaker, discussion_id=notes["discussion"], text=text, now=context.now
        )
    if kept is None:
        context.reply(words.render_bad_question(context.t))
        return None
    context.reply(_questions(context, notes["discussion"]))
    return END


async def drop_question(update: Update, context: Context) -> None:
    """Take a question away."""
    (question_id,) = context.numbers(1)
    discussion = service.setting_up.drop_question(
        context.session, speaker=context.speaker, question_id=question_id, now=context.now
    )
    context.edit(_questions(context, discussion.id or 0))


def _questions(context: Context, discussion_id: int) -> Message:
    service.setting_up.require_draft(context.session, speaker=context.speaker, discussion_id=discussion_id)
    occasion = service.setting_up.show(context.session, speaker=context.speaker, discussion_id=discussion_id)
    return words.render_questions(occasion, context.t)
