"""What comes to a person and what does not: the pause button under every push, and the settings screen."""

from enum import StrEnum
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState
from bot.errors import Gone
from bot.menu import Offer
from bot.outbox.calls import Message
from bot.people import listing
from bot.people.models import Role
from bot.preferences import messages as words
from bot.preferences import service
from bot.preferences.messages import FEATURE
from bot.preferences.rules import DAY, QuietHours, parse_quiet_hours
from bot.preferences.service import NotYourCamp, Span
from bot.reminders import outlook
from bot.reminders.messages import screens
from handlers.start import PRIVATE

ANSWER = PRIVATE & filters.TEXT & ~filters.COMMAND
ORDER = 30


class Asking(StrEnum):
    """What the dialogue about quiet hours waits for."""

    HOURS = "hours"


def register(application: CohortApplication) -> None:
    """Add the command, the dialogue and the buttons, and offer the screen."""
    application.add_handler(
        Conversation(
            "quiet_hours",
            application.dialogues,
            entry_points=[_on("ask", ask_hours)],
            states={Asking.HOURS: [MessageHandler(ANSWER, take_hours)]},
        )
    )
    application.add_handler(CommandHandler("reminders", open_settings, PRIVATE))
    for action, callback in (
        ("pause", ask_how_long),
        ("for", pause),
        ("resume", resume),
        ("show", show_settings),
        ("off", switch_off),
        ("on", switch_on),
        ("silent", set_silent),
        ("quiet", show_hours),
        ("hours", set_hours),
    ):
        application.add_handler(_on(action, callback))
    application.menu.offer(_offer())


async def ask_how_long(update: Update, context: Context) -> None:
    """Ask for how long, in a new message: the push above keeps its words."""
    topic, cohort_id, _ = words.read_topic(context.data)
    context.require_linked()
    context.reply(words.render_pause_question(topic, cohort_id, context.t))


async def pause(update: Update, context: Context) -> None:
    """Pause what the button names, for as long as it says."""
    topic, cohort_id, span = words.read_topic(context.data)
    person_id = context.require_linked().person_id
    if span is None:
        raise Gone
    done = service.pause(
        context.session, person_id=person_id, cohort_id=cohort_id, topic=topic, span=span, now=context.now
    )
    context.edit(words.render_paused(done, cohort_id, context.t))


async def resume(update: Update, context: Context) -> None:
    """Let it come again."""
    topic, cohort_id, _ = words.read_topic(context.data)
    person_id = context.require_linked().person_id
    service.resume(context.session, person_id=person_id, cohort_id=cohort_id, topic=topic, now=context.now)
    context.edit(words.render_resumed(topic, cohort_id, context.t))


async def open_settings(update: Update, context: Context) -> None:
    """Answer the command: the settings for the nearest camp."""
    speaker = context.require_linked()
    camps = listing.camps_of(context.session, speaker.person_id, context.now)
    if not camps:
        raise NotYourCamp
    context.reply(settings_of(context, camps[0].cohort.id or 0))


async def show_settings(update: Update, context: Context) -> None:
    """Show the settings in place."""
    (cohort_id,) = context.numbers(1)
    context.edit(settings_of(context, cohort_id))


async def switch_off(update: Update, context: Context) -> None:
    """Leave a topic out until it is switched on again."""
    topic, cohort_id, _ = words.read_topic(context.data)
    person_id = context.require_linked().person_id
    service.pause(
        context.session,
        person_id=person_id,
        cohort_id=cohort_id,
        topic=topic,
        span=Span.UNTIL_RESUMED,
        now=context.now,
    )
    context.edit(settings_of(context, cohort_id))


async def switch_on(update: Update, context: Context) -> None:
    """Let a topic come again and show the settings."""
    topic, cohort_id, _ = words.read_topic(context.data)
    person_id = context.require_linked().person_id
    service.resume(context.session, person_id=person_id, cohort_id=cohort_id, topic=topic, now=context.now)
    context.edit(settings_of(context, cohort_id))


async def set_silent(update: Update, context: Context) -> None:
    """Let everything come with or without a sound."""
    cohort_id, is_silent = context.numbers(2)
    service.set_silent(context.session, person_id=_require_mine(context, cohort_id), is_silent=bool(is_silent))
    context.edit(settings_of(context, cohort_id))


async def show_hours(update: Update, context: Context) -> None:
    """Offer quiet hours."""
    (cohort_id,) = context.numbers(1)
    speaker = context.require_linked()
    choices = service.choices_of(context.session, person_id=speaker.person_id, cohort_id=cohort_id, now=context.now)
    context.edit(words.render_quiet_choice(choices, cohort_id, context.t))


async def set_hours(update: Update, context: Context) -> None:
    """Take the hours that the button names; the same twice means none."""
    cohort_id, starts, ends = context.numbers(3)
    if not (0 <= starts < DAY and 0 <= ends < DAY):
        raise Gone
    _keep_hours(context, cohort_id, QuietHours(starts, ends) if starts != ends else None)
    context.edit(settings_of(context, cohort_id))


async def ask_hours(update: Update, context: Context) -> NextState:
    """Ask for hours to be typed."""
    (cohort_id,) = context.numbers(1)
    _require_mine(context, cohort_id)
    context.place.notes["cohort_id"] = cohort_id
    context.reply(words.render_ask_hours(context.t))
    return Asking.HOURS


async def take_hours(update: Update, context: Context) -> NextState:
    """Take typed hours, or ask again."""
    assert update.message is not None  # noqa: S101 - the filter has seen its text
    hours = parse_quiet_hours(update.message.text or "")
    if hours is None:
        context.reply(words.render_bad_hours(context.t))
        return None
    cohort_id = context.place.notes["cohort_id"]
    _keep_hours(context, cohort_id, hours)
    context.reply(settings_of(context, cohort_id))
    return END


def settings_of(context: Context, cohort_id: int) -> Message:
    """The settings as they stand, with the hours of the camp's reminders."""
    speaker = context.require_linked()
    choices = service.choices_of(context.session, person_id=speaker.person_id, cohort_id=cohort_id, now=context.now)
    found = outlook.outlook_of(context.session, cohort_id, context.now)
    return words.render_settings(
        choices,
        cohort_id,
        found.cohort.name,
        context.t,
        details=screens.details(found, choices.before, context.t),
        offers=screens.offers(cohort_id, context.t),
    )


def _keep_hours(context: Context, cohort_id: int, hours: QuietHours | None) -> None:
    service.set_quiet_hours(context.session, person_id=_require_mine(context, cohort_id), hours=hours)


def _require_mine(context: Context, cohort_id: int) -> int:
    """Whoever presses, if the camp is theirs: asked before anything is written."""
    person_id = context.require_linked().person_id
    service.require_member(context.session, person_id=person_id, cohort_id=cohort_id)
    return person_id


def _offer() -> Offer:
    return Offer(
        order=ORDER,
        roles=frozenset({Role.TRAINEE, Role.GROUP_LEADER}),
        label=lambda t: t.plain("🔔 My reminders"),
        data=lambda cohort_id: buttons.pack(FEATURE, "show", cohort_id),
    )


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
