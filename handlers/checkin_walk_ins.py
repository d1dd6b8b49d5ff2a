"""Walk-ins at the desk: noting somebody, and saying later who that is."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.checkin import service
from bot.checkin.messages import walk_ins as words
from bot.checkin.messages.wording import FEATURE
from bot.checkin.walk_ins import NotAName, read_walk_in
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.outbox.calls import Message

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


class Step(State):
    """Where the dialogue stands."""

    AWAITING_NAME = "awaiting_name"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the buttons."""
    application.add_handler(
        Conversation(
            "checkin_walk_in",
            application.dialogues,
            entry_points=[CallbackQueryHandler(ask_name, buttons.pattern(FEATURE, "walkin"))],
            states={Step.AWAITING_NAME: [MessageHandler(PRIVATE & filters.TEXT & ~filters.COMMAND, take_name)]},
            fallbacks=[CallbackQueryHandler(leave, buttons.pattern(FEATURE, "nowalkin"))],
        )
    )
    for action, callback in (
        ("walkins", show_all),
        ("walk", show),
        ("walkis", merge),
        ("walknew", enrol),
        ("walkno", drop),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def show_all(update: Update, context: Context) -> None:
    """Show who waits at an activity."""
    (activity_id,) = context.numbers(1)
    context.edit(_list(context, activity_id))


async def ask_name(update: Update, context: Context) -> NextState:
    """Ask who has come."""
    (activity_id,) = context.numbers(1)
    desk = service.show_desk(context.session, speaker=context.speaker, activity_id=activity_id, now=context.now)
    asked = words.render_ask_name(desk.activity, context.t)
    context.place.notes = {"activity": activity_id, "prompt": context.reply(asked), "asked": asked.text}
    return Step.AWAITING_NAME


async def take_name(update: Update, context: Context) -> NextState:
    """Note the walk-in."""
    name, phone = read_walk_in(context.text)
    if not name:
        raise NotAName
    notes = context.place.notes
    view = service.add_walk_in(
        context.session,
        speaker=context.speaker,
        activity_id=notes["activity"],
        name=name,
        phone=phone,
        now=context.now,
    )
    context.turn.edit(context.chat_id, notes["prompt"], Message(notes["asked"]))
    context.reply(words.render_walk_in(view, context.t))
    return END


async def leave(update: Update, context: Context) -> NextState:
    """Leave the dialogue."""
    context.edit(_list(context, context.place.notes.get("activity", 0)))
    return END


async def show(update: Update, context: Context) -> None:
    """Show one walk-in."""
    (walk_in_id,) = context.numbers(1)
    view = service.show_walk_in(context.session, speaker=context.speaker, walk_in_id=walk_in_id)
    context.edit(words.render_walk_in(view, context.t))


async def merge(update: Update, context: Context) -> None:
    """Say who it is."""
    walk_in_id, person_id = context.numbers(2)
    settled = service.merge_walk_in(
        context.session, speaker=context.speaker, walk_in_id=walk_in_id, person_id=person_id, now=context.now
    )
    context.edit(words.render_settled(settled, context.t))


async def enrol(update: Update, context: Context) -> None:
    """Put a walk-in on the roster."""
    (walk_in_id,) = context.numbers(1)
    settled = service.enrol_walk_in(context.session, speaker=context.speaker, walk_in_id=walk_in_id, now=context.now)
    context.edit(words.render_settled(settled, context.t))


async def drop(update: Update, context: Context) -> None:
    """Take a walk-in off the list."""
    (walk_in_id,) = context.numbers(1)
    settled = service.drop_walk_in(context.session, speaker=context.speaker, walk_in_id=walk_in_id, now=context.now)
    context.edit(words.render_settled(settled, context.t))


def _list(context: Context, activity_id: int) -> Message:
    desk = service.show_desk(context.session, speaker=context.speaker, activity_id=activity_id, now=context.now)
    waiting = service.waiting_walk_ins(context.session, desk.activity.cohort_id, activity_id)
    return words.render_walk_ins(desk.activity, waiting, context.t)
