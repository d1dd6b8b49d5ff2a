"""A few handlers that exercise the engine without any feature: an echo, a dialogue, a button, a fault, a refusal."""

from enum import StrEnum

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, TypeHandler, filters

from bot.buttons import button, keyboard, pack, pattern
from bot.context import Blocked, CohortApplication, Context, Fetched
from bot.conversation import END, Conversation, NextState
from bot.errors import NotAllowed
from bot.outbox import calls
from bot.outbox.calls import Message


class Asking(StrEnum):
    """The states of the rehearsal's dialogue."""

    NAME = "name"
    AGE = "age"


def register(application: CohortApplication) -> None:
    """Add the rehearsal's handlers."""
    application.add_handler(CommandHandler("start", leave))
    application.add_handler(CommandHandler("fail", fail))
    application.add_handler(CommandHandler("refuse", refuse))
    application.add_handler(CommandHandler("wait", wait))
    application.add_handler(CommandHandler("task", task))
    application.add_handler(CommandHandler("button", show_button))
    application.add_handler(
        Conversation(
            "asking",
            application.dialogues,
            entry_points=[CommandHandler("ask", ask)],
            states={
                Asking.NAME: [MessageHandler(filters.TEXT & ~filters.COMMAND, take_name)],
                Asking.AGE: [MessageHandler(filters.TEXT & ~filters.COMMAND, take_age)],
            },
            fallbacks=[CommandHandler("cancel", cancel)],
        )
    )
    application.add_handler(CallbackQueryHandler(press, pattern=pattern("rehearsal", "press")))
    application.add_handler(CallbackQueryHandler(press_silently, pattern=pattern("rehearsal", "quiet")))
    application.add_handler(MessageHandler(filters.Document.ALL, fetch))
    application.add_handler(TypeHandler(Fetched, receive_fetched))
    application.add_handler(TypeHandler(Blocked, receive_blocked))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))


async def leave(update: Update, context: Context) -> None:
    """Leave any dialogue."""
    context.end_dialogue()
    context.reply(Message("started"))


async def echo(update: Update, context: Context) -> None:
    """Say it back."""
    assert update.message is not None
    context.reply(Message(context.t("echo {text}", text=update.message.text)))


async def fail(update: Update, context: Context) -> None:
    """Say something and then fail."""
    context.reply(Message("never said"))
    raise ValueError("on purpose")


async def refuse(update: Update, context: Context) -> None:
    """Refuse."""
    raise NotAllowed


async def wait(update: Update, context: Context) -> None:
    """Try to call Telegram."""
    await context.bot.send_message(context.chat_id, "past the outbox")


async def task(update: Update, context: Context) -> None:
    """Try to start a task."""
    context.application.create_task(echo(update, context))


async def ask(update: Update, context: Context) -> Asking:
    """Begin the dialogue."""
    context.place.notes["prompt"] = context.reply(Message("name?"))
    return Asking.NAME


async def take_name(update: Update, context: Context) -> NextState:
    """Take the name, edit the prompt, go on."""
    assert update.message is not None
    context.place.notes["name"] = update.message.text
    context.turn.edit(context.chat_id, context.place.notes["prompt"], Message("name ✔"))
    context.reply(Message("age?"))
    return Asking.AGE


async def take_age(update: Update, context: Context) -> NextState:
    """Take the age; anything but a number is asked again."""
    assert update.message is not None
    if not (update.message.text or "").isdigit():
        context.reply(Message("a number, please"))
        return None
    context.reply(Message(context.t("{name} is {age}", name=context.place.notes["name"], age=update.message.text)))
    return END


async def cancel(update: Update, context: Context) -> NextState:
    """Leave the dialogue."""
    context.reply(Message("cancelled"))
    return END


async def show_button(update: Update, context: Context) -> None:
    """Show two buttons."""
    context.reply(
        Message(
            "buttons",
            keyboard([button("Press", pack("rehearsal", "press")), button("Quiet", pack("rehearsal", "quiet"))]),
        )
    )


async def press(update: Update, context: Context) -> None:
    """Answer and edit."""
    context.answer("pressed")
    context.edit(Message("was pressed"))


async def press_silently(update: Update, context: Context) -> None:
    """Do nothing; the worker answers."""


async def fetch(update: Update, context: Context) -> None:
    """Ask the courier for the file."""
    assert update.message is not None
    assert update.message.document is not None
    context.turn.record(calls.download(context.chat_id, update.message.document.file_id, "length", 7, "a file"))


async def receive_fetched(event: Fetched, context: Context) -> None:
    """Tell what the courier read."""
    context.turn.send(event.chat_id, Message(f"fetched {event.subject}: {sorted(event.result.items())}"))


async def receive_blocked(event: Blocked, context: Context) -> None:
    """Tell the operator."""
    context.turn.send(900, Message(f"{event.chat_id} has blocked the bot"))
