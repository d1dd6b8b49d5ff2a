"""Correcting a question in the chat: tick another key, or type other words, look at it, save it.

Scores given by an old key are reckoned anew by the quiz, which looks for corrected questions by itself.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.banks import amending, browsing, correcting
from bot.banks import service as banks
from bot.banks.messages import browsing as screens
from bot.banks.messages import correcting as words
from bot.banks.messages.wording import FEATURE
from bot.banks.questions import Choices, Question, TrueFalse
from bot.banks.service import Kept
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState
from bot.errors import Gone
from handlers.start import PRIVATE

ANSWER = PRIVATE & filters.TEXT & ~filters.COMMAND
REASON = "chat"

_AMENDMENTS: Mapping[str, Callable[[Question, str], Question | None]] = {
    "words": amending.with_words,
    "why": amending.with_explanation,
    "key": amending.with_answers,
}


class Correcting(StrEnum):
    """What the dialogue waits for."""

    WORDS = "words"
    SAVE = "save"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the buttons of a key."""
    application.add_handler(_dialogue(application))
    application.add_handler(_on("key", choose_key))
    application.add_handler(_on("keep", save_key))


def _dialogue(application: CohortApplication) -> Conversation:
    return Conversation(
        "correct_question",
        application.dialogues,
        entry_points=[_on("words", begin), _on("why", begin), _on("typekey", begin)],
        states={
            Correcting.WORDS: [MessageHandler(ANSWER, take_words)],
            Correcting.SAVE: [_on("save", save), MessageHandler(ANSWER, take_words)],
        },
        fallbacks=[_on("stop", stop)],
    )


async def choose_key(update: Update, context: Context) -> None:
    """Show the key with ticks to change."""
    kept, rest = _kept(update, context)
    ticked = rest[0] if rest else amending.ticked(kept.question)
    context.edit(words.render_key(kept, max(ticked, 0), context.t))


async def save_key(update: Update, context: Context) -> None:
    """Save the key that is ticked."""
    kept, rest = _kept(update, context)
    proposal = amending.with_key(kept.question, rest[0]) if rest else None
    if proposal is None:
        raise Gone
    _save(context, kept, proposal)


async def begin(update: Update, context: Context) -> NextState:
    """Ask for the new words."""
    kept, _ = _kept(update, context)
    action = _data(update).split(":")[1]
    field = "key" if action == "typekey" else action
    context.place.notes |= {"question": kept.id, "version": kept.version, "field": field}
    context.edit(words.render_prompt(kept, field, context.t))
    return Correcting.WORDS


async def take_words(update: Update, context: Context) -> NextState:
    """Show the question as it would be."""
    assert update.message is not None  # noqa: S101 - the filter has seen it
    kept = _noted(context)
    typed = update.message.text or ""
    proposal = _AMENDMENTS[context.place.notes["field"]](kept.question, typed)
    if proposal is None:
        context.reply(words.render_not_understood(context.t))
        return Correcting.WORDS
    context.place.notes["typed"] = typed
    context.reply(words.render_proposal(kept, proposal, context.t))
    return Correcting.SAVE


async def save(update: Update, context: Context) -> NextState:
    """Save what was typed."""
    kept, notes = _noted(context), context.place.notes
    proposal = _AMENDMENTS[notes["field"]](kept.question, notes["typed"])
    if proposal is None:
        raise Gone
    _save(context, kept, proposal)
    return END


async def stop(update: Update, context: Context) -> NextState:
    """Leave the question as it is."""
    (question_id,) = buttons.numbers(_data(update), 1)
    view = browsing.view_question(context.session, context.speaker, question_id)
    context.edit(screens.render_question(view.kept, view.page, view.may_write, context.t))
    return END


def _save(context: Context, kept: Kept, proposal: Question) -> None:
    done = correcting.correct(
        context.session,
        speaker=context.speaker,
        question_id=kept.id,
        version=kept.version,
        replacement=proposal,
        reason=REASON,
        now=context.now,
    )
    context.edit(words.render_corrected(done, banks.question(context.session, kept.id), context.t))


def _noted(context: Context) -> Kept:
    """The question of the dialogue, at the version that was shown, for somebody who may write."""
    notes = context.place.notes
    return _writable(context, notes["question"], notes["version"])


def _kept(update: Update, context: Context) -> tuple[Kept, list[int]]:
    """The question of a button, and the numbers after its version."""
    parts = buttons.unpack(_data(update))
    question_id, version, *rest = buttons.numbers(_data(update), len(parts) if len(parts) in (2, 3) else 2)
    kept = _writable(context, question_id, version)
    if _data(update).split(":")[1] in ("key", "keep") and not isinstance(kept.question.body, Choices | TrueFalse):
        raise Gone
    return kept, rest


def _writable(context: Context, question_id: int, version: int) -> Kept:
    kept = banks.question(context.session, question_id)
    banks.require_writer(context.session, context.speaker, banks.find_bank(context.session, kept.bank_id).cohort_id)
    if kept.version != version:
        raise correcting.CorrectedMeanwhile
    return kept


def _on(action: str, callback: object) -> CallbackQueryHandler[Context, None]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))  # type: ignore[arg-type]


def _data(update: Update) -> str:
    assert update.callback_query is not None  # noqa: S101 - a press
    return update.callback_query.data or ""
