"""What the doors of group discussions share: reading a button, showing a member's place, leaving our own dialogues."""

from collections.abc import Callable, Sequence
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, filters

from bot import buttons
from bot.context import Context
from bot.discussions import service
from bot.discussions.messages import place as words
from bot.discussions.messages.wording import FEATURE
from bot.discussions.models import Stage
from bot.discussions.outcomes import NumberedPoint, Place
from bot.discussions.rules import ORDER
from bot.errors import Gone
from bot.outbox.calls import Message
from handlers.start import PRIVATE

DIALOGUES = ("talk", "talk_desk")
LINE = PRIVATE & filters.TEXT & ~filters.COMMAND
ANYTHING = PRIVATE & ~filters.COMMAND


def on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    """The handler of one button."""
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))


def all_of(actions: Sequence[tuple[str, Callable[..., Any]]]) -> list[BaseHandler[Any, Any, Any]]:
    """The handlers of several buttons."""
    return [on(action, callback) for action, callback in actions]


def stage_of(number: int) -> Stage:
    """The stage behind its number in a button; raises Gone."""
    if not 0 <= number < len(ORDER):
        raise Gone
    return ORDER[number]


def leave(context: Context) -> None:
    """Leave a dialogue of ours, and no other."""
    if context.place.name in DIALOGUES:
        context.end_dialogue()


def pressed(update: Update) -> str:
    """The message whose button was pressed, as a seat keeps it."""
    query = update.callback_query
    return str(query.message.message_id) if query is not None and query.message is not None else ""


def leading(context: Context, place: Place) -> list[NumberedPoint]:
    """The leading points, where the stage shows them."""
    return service.finding.leading_of(context.session, place.circle)


def show_home(update: Update, context: Context, place: Place) -> None:
    """Show a member where the group stands, in the message whose button was pressed."""
    context.edit(words.render_place(place, context.now, context.t, leading(context, place)))
    service.stages.remember_screen(context.session, place, pressed(update), at_home=True)


def say_home(context: Context, place: Place) -> None:
    """Say anew where the group stands."""
    key = context.reply(words.render_place(place, context.now, context.t, leading(context, place)))
    service.stages.remember_screen(context.session, place, key, at_home=True)


def show_other(update: Update, context: Context, place: Place, message: Message) -> None:
    """Show a member something else of the discussion in the same message."""
    context.edit(message)
    service.stages.remember_screen(context.session, place, pressed(update), at_home=False)


def say_other(context: Context, place: Place, message: Message) -> str:
    """Say something else of the discussion anew; its key."""
    key = context.reply(message)
    service.stages.remember_screen(context.session, place, key, at_home=False)
    return key
