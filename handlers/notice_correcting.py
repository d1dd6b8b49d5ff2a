"""The dialogue in which a sent notice is corrected: which part, its new words in each language, and why."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.notices import correcting, dispatch
from bot.notices.messages import asking
from bot.notices.messages.wording import FEATURE
from bot.notices.models import Notice
from handlers.notice_writing import LONGEST_LINE, WORDS

NAME = "notice_correction"


class Asking(State):
    """What the dialogue waits for."""

    TEXT = "text"
    WHY = "why"


def register(application: CohortApplication) -> None:
    """Add the dialogue."""
    application.add_handler(
        Conversation(
            NAME,
            application.dialogues,
            entry_points=[
                CallbackQueryHandler(begin, buttons.pattern(FEATURE, "correct")),
                CallbackQueryHandler(choose, buttons.pattern(FEATURE, "correctpart")),
            ],
            states={
                Asking.TEXT: [MessageHandler(WORDS, take_text)],
                Asking.WHY: [MessageHandler(WORDS, take_why)],
            },
        )
    )


async def begin(update: Update, context: Context) -> NextState:
    """Ask for the corrected text, or first which part it is about."""
    notice = correcting.correctable(context.session, context.numbers(1)[0], context.speaker)
    parts = correcting.worded(context.session, notice)
    if len(parts) == 1:
        return _ask(context, notice, parts[0].position)
    context.reply(asking.render_ask_which(notice.id or 0, parts, context.t))
    return END


async def choose(update: Update, context: Context) -> NextState:
    """Ask for the corrected text of the chosen part."""
    notice_id, position = context.numbers(2)
    return _ask(context, correcting.correctable(context.session, notice_id, context.speaker), position)


def _ask(context: Context, notice: Notice, position: int) -> NextState:
    languages = correcting.languages_at(context.session, notice, position)
    context.place.notes = {"notice": notice.id, "position": position, "texts": {}, "asked": ["", *languages]}
    context.reply(asking.render_ask_correction(notice.id or 0, "", context.t))
    return Asking.TEXT


async def take_text(update: Update, context: Context) -> NextState:
    """Take the corrected text, ask for it in the next language, and in the end why."""
    assert update.message is not None  # noqa: S101 - the filter has seen its text
    notice, notes = _noted(context), context.place.notes
    language, *left = notes["asked"]
    texts = notes["texts"] | {language: update.message.text_html}
    if correcting.foresee_overflows(context.session, notice, notes["position"], texts, "", context.now):
        raise correcting.TooLong
    context.place.notes = notes | {"texts": texts, "asked": left}
    if left:
        context.reply(asking.render_ask_correction(notice.id or 0, left[0], context.t))
        return Asking.TEXT
    context.reply(asking.render_ask_why(notice.id or 0, context.t))
    return Asking.WHY


async def take_why(update: Update, context: Context) -> NextState:
    """Correct the notice in place for everybody who has it."""
    notice, notes = _noted(context), context.place.notes
    is_through = notice.reported_at is not None
    correcting.correct(
        context.session,
        notice,
        position=notes["position"],
        texts=notes["texts"],
        why=" ".join(context.text.split())[:LONGEST_LINE],
        speaker=context.require_linked(),
        now=context.now,
    )
    dispatch.take_back(context.session, notice)
    if is_through:
        notice.progress_id = None  # the report then comes as a message of its own, below this one
    context.reply(asking.render_being_corrected(context.t))
    return END


def _noted(context: Context) -> Notice:
    """The notice that the dialogue is about; whoever lost the role meanwhile is refused."""
    return correcting.correctable(context.session, int(context.place.notes.get("notice") or 0), context.speaker)
