"""The paper sheet: sending it as a file, and the dialogue in which its codes are typed."""

from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.checkin import service
from bot.checkin.messages import paper as words
from bot.checkin.messages.wording import FEATURE
from bot.checkin.paper import PaperPlan
from bot.checkin.paper_text import MOST_LINES, lines_of, read_typed
from bot.checkin.paper_text import words as kept_words
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.outbox.calls import Document, Message

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


class Step(State):
    """Where the dialogue stands."""

    TYPING = "typing"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the buttons."""
    application.add_handler(
        Conversation(
            "checkin_paper",
            application.dialogues,
            entry_points=[CallbackQueryHandler(ask_codes, buttons.pattern(FEATURE, "type"))],
            states={
                Step.TYPING: [
                    MessageHandler(PRIVATE & filters.TEXT & ~filters.COMMAND, take_codes),
                    CallbackQueryHandler(keep, buttons.pattern(FEATURE, "keep")),
                ]
            },
            fallbacks=[CallbackQueryHandler(leave, buttons.pattern(FEATURE, "nopaper"))],
        )
    )
    application.add_handler(CallbackQueryHandler(show, buttons.pattern(FEATURE, "paper")))
    application.add_handler(CallbackQueryHandler(send_sheet, buttons.pattern(FEATURE, "sheet")))


async def show(update: Update, context: Context) -> None:
    """Show what can be done with paper."""
    (activity_id,) = context.numbers(1)
    activity = service.prepare_sheet(context.session, speaker=context.speaker, activity_id=activity_id)
    context.edit(words.render_paper(activity, context.t))


async def send_sheet(update: Update, context: Context) -> None:
    """Send the sheet, to print or to fill in."""
    activity_id, is_table = context.numbers(2)
    service.prepare_sheet(context.session, speaker=context.speaker, activity_id=activity_id)
    arguments: dict[str, Any] = {"activity_id": activity_id, "language": context.t.language}
    caption = words.caption(context.t, is_table=bool(is_table))
    render = "paper_table" if is_table else "paper_sheet"
    context.turn.send_document(context.chat_id, Document(render, arguments, caption))


async def ask_codes(update: Update, context: Context) -> NextState:
    """Ask for the codes."""
    (activity_id,) = context.numbers(1)
    activity = service.prepare_sheet(context.session, speaker=context.speaker, activity_id=activity_id)
    asked = words.render_ask_codes(activity, context.t)
    prompt = context.reply(asked)
    context.place.notes = {"activity": activity_id, "lines": [], "prompt": prompt, "asked": asked.text}
    return Step.TYPING


async def take_codes(update: Update, context: Context) -> NextState:
    """Add codes to those typed so far, and show what they come to."""
    notes = context.place.notes
    read = read_typed(context.text)
    notes["lines"] = [*notes["lines"], *kept_words(read.lines)][-MOST_LINES:]
    plan = _plan(context)
    context.turn.edit(context.chat_id, notes["prompt"], Message(notes["asked"]))
    said = words.render_plan(plan, read.rubbish, context.t)
    notes |= {"prompt": context.reply(said), "asked": said.text}
    return Step.TYPING


async def keep(update: Update, context: Context) -> NextState:
    """Record them."""
    notes = context.place.notes
    kept = service.keep_lines(
        context.session,
        speaker=context.speaker,
        activity_id=notes["activity"],
        lines=lines_of(notes["lines"]),
        now=context.now,
    )
    context.edit(words.render_kept(kept, context.t))
    return END


async def leave(update: Update, context: Context) -> NextState:
    """Leave the dialogue; nothing was recorded."""
    activity_id = context.place.notes.get("activity", 0)
    activity = service.prepare_sheet(context.session, speaker=context.speaker, activity_id=activity_id)
    context.edit(words.render_paper(activity, context.t))
    return END


def _plan(context: Context) -> PaperPlan:
    notes = context.place.notes
    return service.plan_lines(
        context.session,
        speaker=context.speaker,
        activity_id=notes["activity"],
        lines=lines_of(notes["lines"]),
        now=context.now,
    )
