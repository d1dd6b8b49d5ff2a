"""Answering: the question of the day, tests and repetition, by taps and, where a word is asked for, by typing.

Reads the update, calls one service function, words the outcome. A tap never closes the dialogue of another feature.
"""

from enum import StrEnum
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState
from bot.errors import NotLinked
from bot.menu import Offer
from bot.outbox.calls import Message
from bot.people.models import Role
from bot.quiz import attempts, daily, recall, service
from bot.quiz.changing import Change, Confirm, Judge, Match, Pick, Tick, Write
from bot.quiz.messages import announcing, home, questions, taking
from bot.quiz.messages import daily as words
from bot.quiz.messages.wording import FEATURE, data
from bot.quiz.outcomes import DailyAsked, Entry, Finished, Outcome, Page, RecallAsked
from handlers import quiz_desk, quiz_group, quiz_insight, quiz_recall
from handlers.start import PRIVATE

TRAINEE = frozenset({Role.TRAINEE})
NOTED = 200


class Step(StrEnum):
    """What the dialogue waits for."""

    WRITING = "writing"


def register(application: CohortApplication) -> None:
    """Add the offers, the dialogue in which words are typed, and every button."""
    _offer(application)
    application.add_handler(
        Conversation(
            FEATURE,
            application.dialogues,
            entry_points=[
                CommandHandler("quiz", show_home, PRIVATE),
                *(_on(action, callback) for action, callback in _ACTIONS),
            ],
            states={Step.WRITING: [MessageHandler(PRIVATE & filters.TEXT & ~filters.COMMAND, receive_words)]},
        )
    )
    quiz_recall.register(application)
    quiz_desk.register(application)
    quiz_insight.register(application)
    quiz_group.register(application)


def _offer(application: CohortApplication) -> None:
    application.menu.offer(
        Offer(40, TRAINEE, lambda t: t.plain("📝 Test"), lambda c: data("mine", c), service.has_open_test),
        Offer(41, TRAINEE, lambda t: t.plain("❓ Question of the day"), lambda c: data("today", c), daily.waits_for),
        Offer(42, TRAINEE, lambda t: t.plain("🔁 Keep it in mind"), lambda c: data("offer", c), recall.is_offered),
    )


async def show_home(update: Update, context: Context) -> NextState:
    """Everything of the quiz that concerns the speaker."""
    if context.speaker is None:
        raise NotLinked
    context.reply(
        home.render_home(service.overview(context.session, speaker=context.speaker, at=context.at), context.t)
    )
    return _leave(context)


async def show_mine(update: Update, context: Context) -> NextState:
    """The tests of a camp, or the only one at once."""
    (cohort_id,) = context.numbers(1)
    found = service.own_tests(context.session, speaker=context.speaker, cohort_id=cohort_id, at=context.at)
    context.edit(taking.render_entry(found[0], context.t) if len(found) == 1 else home.render_tests(found, context.t))
    return _leave(context)


async def show_today(update: Update, context: Context) -> NextState:
    """The question of the day."""
    (cohort_id,) = context.numbers(1)
    asked = daily.show(context.session, speaker=context.speaker, cohort_id=cohort_id, at=context.at)
    context.edit(words.render_daily(asked, context.t) if asked else words.render_no_daily(context.t))
    return _leave(context)


async def show_test(update: Update, context: Context) -> NextState:
    """A test from outside."""
    (exam_id,) = context.numbers(1)
    entry = attempts.enter(context.session, speaker=context.speaker, exam_id=exam_id, at=context.at)
    context.edit(taking.render_entry(entry, context.t))
    return _leave(context)


async def begin(update: Update, context: Context) -> NextState:
    """Begin a test, or go on where the person stood."""
    (exam_id,) = context.numbers(1)
    found = attempts.begin(context.session, speaker=context.speaker, exam_id=exam_id, at=context.at, now=context.now)
    if isinstance(found, Entry):
        context.edit(taking.render_entry(found, context.t))
        return _leave(context)
    return _show(context, found)


async def go(update: Update, context: Context) -> NextState:
    """Move to a question, or to the overview."""
    attempt_id, position = context.numbers(2)
    return _show(
        context,
        attempts.look(
            context.session, speaker=context.speaker, attempt_id=attempt_id, position=position, at=context.at
        ),
    )


async def ask_to_hand_in(update: Update, context: Context) -> NextState:
    """Ask once more before a test is handed in."""
    (attempt_id,) = context.numbers(1)
    found = attempts.look(context.session, speaker=context.speaker, attempt_id=attempt_id, position=None, at=context.at)
    if isinstance(found, Finished):
        return _show(context, found)
    context.edit(taking.render_ask_hand_in(found, context.t))
    return _leave(context)


async def hand_in(update: Update, context: Context) -> NextState:
    """Hand a test in."""
    (attempt_id,) = context.numbers(1)
    return _show(
        context, attempts.hand_in(context.session, speaker=context.speaker, attempt_id=attempt_id, at=context.at)
    )


async def review(update: Update, context: Context) -> NextState:
    """Look at an own answer with its explanation."""
    attempt_id, position = context.numbers(2)
    found = attempts.review(context.session, speaker=context.speaker, attempt_id=attempt_id, position=position)
    if isinstance(found, Finished):
        context.edit(taking.render_finished(found, context.t))
    else:
        exam, at, count, asked = found
        context.edit(taking.render_review(exam, at, count, attempt_id, asked, context.t))
    return _leave(context)


async def pick(update: Update, context: Context) -> NextState:
    """Choose one option."""
    item_id, place = context.numbers(2)
    return _answer(context, item_id, Pick(place))


async def tick(update: Update, context: Context) -> NextState:
    """Tick an option, or take the tick away."""
    item_id, place, is_on = context.numbers(3)
    return _answer(context, item_id, Tick(place, bool(is_on)))


async def judge(update: Update, context: Context) -> NextState:
    """Say right or wrong of a statement."""
    item_id, is_true = context.numbers(2)
    return _answer(context, item_id, Judge(bool(is_true)))


async def match(update: Update, context: Context) -> NextState:
    """Choose the word that belongs to a prompt."""
    item_id, prompt, word = context.numbers(3)
    return _answer(context, item_id, Match(prompt, word))


async def confirm(update: Update, context: Context) -> NextState:
    """Make the ticks the answer."""
    (item_id,) = context.numbers(1)
    return _answer(context, item_id, Confirm())


async def look(update: Update, context: Context) -> NextState:
    """Show a question as it stands."""
    (item_id,) = context.numbers(1)
    return _show(context, service.look(context.session, speaker=context.speaker, item_id=item_id, at=context.at))


async def turn_text(update: Update, context: Context) -> NextState:
    """Show another part of a long text."""
    item_id, part = context.numbers(2)
    outcome = service.look(context.session, speaker=context.speaker, item_id=item_id, at=context.at)
    return _show(context, outcome, part=part)


async def ask_for_words(update: Update, context: Context) -> NextState:
    """Wait for what the person types."""
    (item_id,) = context.numbers(1)
    outcome = service.look(context.session, speaker=context.speaker, item_id=item_id, at=context.at)
    context.answer(context.t.plain("Just type it and send it to me."))
    return _show(context, outcome)


async def receive_words(update: Update, context: Context) -> NextState:
    """Take typed words as the answer to the question that waits for them."""
    assert update.message is not None  # noqa: S101 - the filter has seen its text
    text = update.message.text or ""
    notes = dict(context.place.notes)
    outcome = service.answer(
        context.session, speaker=context.speaker, item_id=notes["item"], wanted=Write(text), at=context.at
    )
    if "message" in notes:
        context.turn.edit(context.chat_id, notes["message"], questions.render_noted(text[:NOTED], context.t))
    key = context.reply(_render(context, outcome))
    return _follow(context, outcome, key)


_ACTIONS = (
    ("pick", pick),
    ("tick", tick),
    ("judge", judge),
    ("match", match),
    ("done", confirm),
    ("go", go),
    ("begin", begin),
    ("see", look),
    ("part", turn_text),
    ("write", ask_for_words),
    ("hand", ask_to_hand_in),
    ("in", hand_in),
    ("review", review),
    ("test", show_test),
    ("mine", show_mine),
    ("today", show_today),
)


def _answer(context: Context, item_id: int, wanted: Change) -> NextState:
    outcome = service.answer(context.session, speaker=context.speaker, item_id=item_id, wanted=wanted, at=context.at)
    if isinstance(outcome, DailyAsked | RecallAsked) and outcome.is_new:
        context.answer(questions.toast(outcome.asked, context.t))
    if isinstance(outcome, Finished) and outcome.is_by_clock and not outcome.was_late:
        announcing.announce_late_answer(context.turn, outcome, context.chat_id, context.t)
    return _show(context, outcome)


def _show(context: Context, outcome: Outcome, *, part: int = 0) -> NextState:
    context.edit(_render(context, outcome, part))
    query = context.received.callback_query if context.received else None
    message = query.message if query else None
    return _follow(context, outcome, message.message_id if message else None)


def _render(context: Context, outcome: Outcome, part: int = 0) -> Message:
    match outcome:
        case Page():
            return taking.render_page(outcome, context.t, part=part)
        case Finished():
            return taking.render_finished(outcome, context.t)
        case DailyAsked():
            return words.render_daily(outcome, context.t, part=part)
        case RecallAsked():
            return words.render_recall(outcome, context.t, part=part)


def _follow(context: Context, outcome: Outcome, message: int | str | None) -> NextState:
    """Wait for words where the question on the screen asks for them; else leave our dialogue, and no other."""
    asked = None if isinstance(outcome, Finished) else outcome.asked
    if asked is None or asked.is_settled or not questions.is_typed(asked.question):
        return _leave(context)
    context.place.notes = {"item": asked.item_id} | ({"message": message} if message else {})
    return Step.WRITING


def _leave(context: Context) -> NextState:
    """End our own dialogue; where another one is open it stays."""
    return END if context.place.name == FEATURE and context.place.state else None


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
