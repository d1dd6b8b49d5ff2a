"""Slides in chat: speakers send them, the coordinator sees who has not, chases, and collects. Decides nothing."""

from telegram import Message as Received
from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.forum import running_order, slides
from bot.forum.messages import slides as words
from bot.forum.messages.day_wording import FEATURE
from bot.forum.rules import clean_line
from bot.forum.slides import File, Own
from bot.people import access
from handlers.forum_questions import ANYTHING, account_of

NAME = 120
KINDS = {"document": ".bin", "photo": ".jpg", "video": ".mp4", "animation": ".mp4", "audio": ".mp3"}


class Step(State):
    """Where the dialogue stands."""

    SENDING = "sending"


def register(application: CohortApplication) -> None:
    """Add the dialogue for a file, and the buttons."""
    application.add_handler(
        Conversation(
            "forum_slides",
            application.dialogues,
            entry_points=[CallbackQueryHandler(ask, buttons.pattern(FEATURE, "send"))],
            states={Step.SENDING: [MessageHandler(ANYTHING, take)]},
            fallbacks=[CallbackQueryHandler(leave, buttons.pattern(FEATURE, "nofile"))],
        )
    )
    for action, callback in (
        ("nofile", leave_screen),
        ("noslides", do_without),
        ("slides", show),
        ("chase", chase),
        ("sendall", send_all),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def ask(update: Update, context: Context) -> NextState:
    """Ask a speaker for the file."""
    (signup_id,) = context.numbers(1)
    own = slides.own_talk(
        context.session,
        speaker=context.speaker,
        telegram_id=account_of(update),
        signup_id=signup_id,
        now=context.now,
    )
    context.place.notes = {"signup": signup_id}
    context.ask(words.render_ask(own, context.t))
    return Step.SENDING


async def take(update: Update, context: Context) -> NextState:
    """Keep the file, whatever its size."""
    file = file_of(update.message) if update.message else None
    if file is None:
        context.reply(words.render_no_file(context.t))
        return None
    own = slides.keep(
        context.session,
        speaker=context.speaker,
        telegram_id=account_of(update),
        signup_id=int(context.place.notes["signup"]),
        file=file,
        now=context.now,
    )
    context.retire_prompt()
    context.reply(words.render_kept(own, context.t))
    return END


async def leave(update: Update, context: Context) -> NextState:
    """Leave it for later."""
    context.edit(words.render_not_sent(context.t))
    return END


async def leave_screen(update: Update, context: Context) -> None:
    """The same once a file was sent."""
    context.edit(words.render_not_sent(context.t))


async def do_without(update: Update, context: Context) -> None:
    """Note that there will be no slides."""
    (signup_id,) = context.numbers(1)
    own: Own = slides.do_without(
        context.session,
        speaker=context.speaker,
        telegram_id=account_of(update),
        signup_id=signup_id,
        now=context.now,
    )
    context.reply(words.render_without(own, context.t))


async def show(update: Update, context: Context) -> None:
    """Show who has sent slides and who has not."""
    (call_id,) = context.numbers(1)
    _show(context, call_id)


async def chase(update: Update, context: Context) -> None:
    """Ask everybody whose slides are missing."""
    (call_id,) = context.numbers(1)
    chased = slides.chase(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    words.announce_chase(context.turn, chased)
    context.answer(words.render_chased_toast(chased, context.t), alert=bool(chased.unreachable))
    _show(context, call_id)


async def send_all(update: Update, context: Context) -> None:
    """Send every file into the coordinator's chat."""
    (call_id,) = context.numbers(1)
    order = slides.collected(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    count = words.hand_over(context.turn, context.chat_id, order, context.t)
    text = words.render_on_the_way_toast(count, context.t) if count else words.render_nothing_to_send(context.t)
    context.answer(text)


def file_of(message: Received) -> File | None:
    """The file of a message, whatever kind it is."""
    for kind, ending in KINDS.items():
        found = getattr(message, kind, None)
        if not found:
            continue
        one = found[-1] if kind == "photo" else found
        name = clean_line(getattr(one, "file_name", None) or "")[:NAME] or f"{kind}{ending}"
        return File(kind, one.file_id, name, one.file_size, message.chat_id, message.message_id)
    return None


def _show(context: Context, call_id: int) -> None:
    order: running_order.Order = slides.collected(
        context.session, speaker=context.speaker, call_id=call_id, now=context.now
    )
    may_change = access.may_change(context.session, context.speaker, order.call.cohort_id)
    context.edit(words.render_collected(order, context.t, may_change=may_change))
