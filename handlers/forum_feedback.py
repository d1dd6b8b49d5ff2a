"""Feedback in chat: choosing a talk, two taps, a sentence; and what staff and speakers may see of it. Decides nothing.

Taps and sentences are sealed: the update that brought them leaves no body in the inbox.
"""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.forum import feedback, running_order, slides
from bot.forum.feedback import Taken
from bot.forum.messages import feedback as words
from bot.forum.messages.day_wording import FEATURE
from bot.forum.stage_models import FeedbackPart
from handlers.forum_questions import ANYTHING, account_of, leave_panel


class Step(State):
    """Where the dialogue stands."""

    WRITING = "writing"


def register(application: CohortApplication) -> None:
    """Add the dialogue for a sentence, and the buttons."""
    application.add_handler(
        Conversation(
            "forum_feedback",
            application.dialogues,
            entry_points=[CallbackQueryHandler(ask_sentence, buttons.pattern(FEATURE, "sentence"))],
            states={Step.WRITING: [MessageHandler(ANYTHING, take_sentence)]},
            fallbacks=[CallbackQueryHandler(leave, buttons.pattern(FEATURE, "nosentence"))],
        )
    )
    for action, callback in (
        ("nosentence", show_talk),
        ("rate", show_talks),
        ("say", show_talk),
        ("clear", tap_clear),
        ("useful", tap_useful),
        ("results", show_results),
        ("sentences", show_sentences),
        ("mine", show_own),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def show_talks(update: Update, context: Context) -> None:
    """Show the talks to say something about."""
    (call_id,) = context.numbers(1)
    found = feedback.offer(
        context.session,
        speaker=context.speaker,
        telegram_id=account_of(update),
        call_id=call_id,
        now=context.now,
    )
    context.edit(words.render_offer(found, context.t))


async def show_talk(update: Update, context: Context) -> None:
    """Show the open question of one talk."""
    (slot_id,) = context.numbers(1)
    order, choice = _talk(update, context, slot_id)
    context.edit(words.render_question(order, choice, context.t))


async def tap_clear(update: Update, context: Context) -> None:
    """Take the first tap."""
    _tap(update, context, FeedbackPart.CLEAR)


async def tap_useful(update: Update, context: Context) -> None:
    """Take the second."""
    _tap(update, context, FeedbackPart.USEFUL)


async def ask_sentence(update: Update, context: Context) -> NextState:
    """Ask for a sentence."""
    (slot_id,) = context.numbers(1)
    order, choice = _talk(update, context, slot_id)
    if FeedbackPart.SENTENCE in choice.given:
        context.edit(words.render_question(order, choice, context.t))
        return END
    context.place.notes = {"slot": slot_id}
    context.ask(words.render_ask_sentence(choice, context.t))
    return Step.WRITING


async def take_sentence(update: Update, context: Context) -> NextState:
    """Take the sentence, and let nothing of it stay with the update."""
    context.turn.is_sealed = True
    taken, order, _ = feedback.say(
        context.session,
        speaker=context.speaker,
        telegram_id=account_of(update),
        slot_id=int(context.place.notes["slot"]),
        text=context.text,
        now=context.now,
    )
    if taken in (Taken.EMPTY, Taken.TOO_LONG):
        context.reply(words.render_said(taken, order, context.t))
        return None
    context.retire_prompt()
    context.reply(words.render_said(taken, order, context.t))
    return END


async def leave(update: Update, context: Context) -> NextState:
    """Leave it at the taps."""
    await show_talk(update, context)
    return END


async def show_results(update: Update, context: Context) -> None:
    """Show staff what the room said."""
    context.turn.is_sealed = True
    (call_id,) = context.numbers(1)
    order, found = feedback.results(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    leave_panel(context)
    context.edit(words.render_results(order, found, context.t))


async def show_sentences(update: Update, context: Context) -> None:
    """Show staff the sentences about one talk."""
    (slot_id,) = context.numbers(1)
    call_id = running_order.call_of(context.session, slot_id)
    order, found = feedback.results(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    result = next((one for one in found if one.item.piece.id == slot_id), None)
    if result is None:
        raise Gone
    context.edit(words.render_sentences(order, result, context.t))


async def show_own(update: Update, context: Context) -> None:
    """Show a speaker what the room said."""
    (signup_id,) = context.numbers(1)
    own = slides.own_talk(
        context.session,
        speaker=context.speaker,
        telegram_id=account_of(update),
        signup_id=signup_id,
        now=context.now,
    )
    item = next((one for one in own.order.talks if one.talk and one.talk.signup_id == signup_id), None)
    if item is None:
        raise Gone
    context.reply(words.render_own_result(own.order, feedback.result_of(context.session, item), context.t))


def _talk(update: Update, context: Context, slot_id: int) -> tuple[running_order.Order, feedback.Choice]:
    return feedback.require_talk(
        context.session,
        speaker=context.speaker,
        telegram_id=account_of(update),
        slot_id=slot_id,
        now=context.now,
    )


def _tap(update: Update, context: Context, part: FeedbackPart) -> None:
    context.turn.is_sealed = True
    slot_id, points = context.numbers(2)
    taken, order, choice = feedback.tap(
        context.session,
        speaker=context.speaker,
        telegram_id=account_of(update),
        slot_id=slot_id,
        part=part,
        points=points,
        now=context.now,
    )
    context.answer(words.render_tap_toast(taken, context.t))
    context.edit(words.render_question(order, choice, context.t))
