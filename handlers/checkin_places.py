"""Sites and locations: a coordinator sets where an activity is, a trainee sends a location to check in there.

Coordinates go from the update to the service and nowhere else: not into a dialogue's notes, nor into a log.
"""

from telegram import Message as Received
from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.checkin import service
from bot.checkin.messages import trainee, ways
from bot.checkin.messages.wording import FEATURE
from bot.checkin.outcomes import Arrived
from bot.checkin.places import Spot
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.outbox.calls import Message

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


class Step(State):
    """Where the dialogue stands."""

    AWAITING_PLACE = "awaiting_place"


def register(application: CohortApplication) -> None:
    """Add the dialogue about a site first, so that its location is no check-in; then everybody's locations."""
    application.add_handler(
        Conversation(
            "checkin_site",
            application.dialogues,
            entry_points=[CallbackQueryHandler(ask_place, buttons.pattern(FEATURE, "place"))],
            states={
                Step.AWAITING_PLACE: [
                    MessageHandler(PRIVATE & filters.LOCATION, take_place),
                    MessageHandler(PRIVATE & ~filters.COMMAND, ask_again),
                ]
            },
            fallbacks=[CallbackQueryHandler(leave, buttons.pattern(FEATURE, "noplace"))],
        )
    )
    for action, callback in (("site", show_site), ("radius", set_radius), ("where", ask_location)):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))
    application.add_handler(MessageHandler(PRIVATE & filters.LOCATION, receive_location))


async def show_site(update: Update, context: Context) -> None:
    """Show the site of an activity."""
    (activity_id,) = context.numbers(1)
    view = service.show_site(context.session, speaker=context.speaker, activity_id=activity_id)
    context.edit(ways.render_site(view, context.t))


async def set_radius(update: Update, context: Context) -> None:
    """Change how large it is, or take it away."""
    activity_id, radius = context.numbers(2)
    view = service.set_radius(
        context.session, speaker=context.speaker, activity_id=activity_id, radius=radius, now=context.now
    )
    context.edit(ways.render_site(view, context.t))


async def ask_place(update: Update, context: Context) -> NextState:
    """Ask the coordinator for the place."""
    (activity_id,) = context.numbers(1)
    view = service.show_site(context.session, speaker=context.speaker, activity_id=activity_id)
    asked = ways.render_ask_place(view.activity, context.t)
    context.place.notes = {"activity": activity_id, "prompt": context.reply(asked), "asked": asked.text}
    return Step.AWAITING_PLACE


async def take_place(update: Update, context: Context) -> NextState:
    """Take the place."""
    spot = _spot(update)
    if spot is None:
        return await ask_again(update, context)
    notes = context.place.notes
    view = service.set_site(
        context.session, speaker=context.speaker, activity_id=notes["activity"], spot=spot, now=context.now
    )
    context.turn.edit(context.chat_id, notes["prompt"], Message(notes["asked"]))
    context.reply(ways.render_site(view, context.t))
    return END


async def ask_again(update: Update, context: Context) -> NextState:
    """Say that no location came."""
    context.reply(ways.render_send_a_location(context.t))
    return None


async def leave(update: Update, context: Context) -> NextState:
    """Leave the dialogue."""
    view = service.show_site(
        context.session, speaker=context.speaker, activity_id=context.place.notes.get("activity", 0)
    )
    context.edit(ways.render_site(view, context.t))
    return END


async def ask_location(update: Update, context: Context) -> None:
    """Give a trainee the button that sends a location."""
    context.reply(trainee.render_ask_location(context.t))


async def receive_location(update: Update, context: Context) -> None:
    """Check in by location."""
    message, spot = update.message, _spot(update)
    if message is None or spot is None or message.forward_origin is not None or message.venue is not None:
        context.reply(ways.render_not_your_location(context.t))
        return
    outcome = service.record_place(
        context.session,
        speaker=context.speaker,
        spot=spot,
        at=context.at,
        received_at=context.received_at,
        now=context.now,
        source=context.turn.cause,
    )
    if isinstance(outcome, Arrived):
        context.end_dialogue()
    context.reply(trainee.render_outcome(outcome, context.t, context.now))


def _spot(update: Update) -> Spot | None:
    message: Received | None = update.message
    place = message.location if message is not None else None
    return Spot(place.latitude, place.longitude, place.horizontal_accuracy or 0.0) if place is not None else None
