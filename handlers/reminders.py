"""Course reminders as a dialogue: how long before, at which hour of the evening, for oneself and for a camp; a test."""

from datetime import time
from enum import StrEnum
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState
from bot.errors import Gone, NotAllowed
from bot.menu import Offer
from bot.people import access
from bot.people.models import Role
from bot.preferences import service as preferences
from bot.preferences.rules import BEFORE_MOST
from bot.reminders import messages, outlook, service
from bot.reminders.messages import screens
from bot.reminders.messages.screens import FEATURE
from bot.reminders.rules import MOST, parse_minutes
from bot.timetable.times import TimeFault, read_clock
from handlers.preferences import settings_of
from handlers.start import PRIVATE

ANSWER = PRIVATE & filters.TEXT & ~filters.COMMAND
ORDER = 33
EARLIEST, LATEST = time(16), time(22, 30)


class Asking(StrEnum):
    """What the dialogue waits for."""

    OWN = "own"
    LEAD = "lead"
    EVENING = "evening"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the screens, and offer the camp's own to its coordinators."""
    application.add_handler(
        Conversation(
            "reminders",
            application.dialogues,
            entry_points=[_on("mine", ask_own), _on("lead", ask_lead), _on("evening", ask_evening)],
            states={
                Asking.OWN: [_on("own", press_own), MessageHandler(ANSWER, type_own)],
                Asking.LEAD: [_on("setlead", press_lead), MessageHandler(ANSWER, type_lead)],
                Asking.EVENING: [_on("sethour", press_hour), MessageHandler(ANSWER, type_hour)],
            },
            fallbacks=[_on("desk", leave_to_desk)],
        )
    )
    for action, callback in (
        ("own", press_own),
        ("setlead", press_lead),
        ("sethour", press_hour),
        ("desk", show_desk),
        ("test", send_test),
    ):
        application.add_handler(_on(action, callback))
    application.menu.offer(
        Offer(
            order=ORDER,
            roles=frozenset({Role.COORDINATOR}),
            label=lambda t: t.plain("⏰ Reminders"),
            data=lambda cohort_id: buttons.pack(FEATURE, "desk", cohort_id),
        )
    )


async def ask_own(update: Update, context: Context) -> NextState:
    """Ask a person how long before."""
    (cohort_id,) = context.numbers(1)
    speaker = context.require_linked()
    choices = preferences.choices_of(context.session, person_id=speaker.person_id, cohort_id=cohort_id, now=context.now)
    context.place.notes["cohort_id"] = cohort_id
    found = outlook.outlook_of(context.session, cohort_id, context.now)
    context.edit(screens.render_ask_own(found, choices.before, context.t))
    return Asking.OWN


async def press_own(update: Update, context: Context) -> NextState:
    """Take the lead of a button; 0 means as the camp has it."""
    cohort_id, minutes = context.numbers(2)
    if not 0 <= minutes <= BEFORE_MOST:
        raise Gone
    _set_own(context, cohort_id, minutes or None)
    context.answer(screens.render_kept(context.t))
    context.edit(settings_of(context, cohort_id))
    return END


async def type_own(update: Update, context: Context) -> NextState:
    """Take a typed lead, or ask again."""
    minutes = parse_minutes(context.text)
    if minutes is None or not minutes:
        context.reply(screens.render_bad_minutes(context.t))
        return None
    cohort_id = context.place.notes["cohort_id"]
    _set_own(context, cohort_id, minutes)
    context.reply(settings_of(context, cohort_id))
    return END


async def ask_lead(update: Update, context: Context) -> NextState:
    """Ask a coordinator how long before activities of a kind."""
    cohort_id, number = context.numbers(2)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    kind = outlook.find_kind(context.session, cohort_id, number)
    context.place.notes |= {"cohort_id": cohort_id, "kind": kind}
    found = outlook.outlook_of(context.session, cohort_id, context.now)
    context.edit(screens.render_ask_lead(found, kind, context.t))
    return Asking.LEAD


async def press_lead(update: Update, context: Context) -> NextState:
    """Take the lead of a button."""
    cohort_id, number, minutes = context.numbers(3)
    if not 0 <= minutes <= MOST:
        raise Gone
    _set_lead(context, cohort_id, outlook.find_kind(context.session, cohort_id, number), minutes)
    context.answer(screens.render_kept(context.t))
    _show(context, cohort_id, in_place=True)
    return END


async def type_lead(update: Update, context: Context) -> NextState:
    """Take a typed lead, or ask again."""
    minutes = parse_minutes(context.text)
    if minutes is None:
        context.reply(screens.render_bad_minutes(context.t))
        return None
    notes = context.place.notes
    _set_lead(context, notes["cohort_id"], notes["kind"], minutes)
    _show(context, notes["cohort_id"], in_place=False)
    return END


async def ask_evening(update: Update, context: Context) -> NextState:
    """Ask a coordinator for the hour of the evening."""
    (cohort_id,) = context.numbers(1)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    context.place.notes["cohort_id"] = cohort_id
    found = outlook.outlook_of(context.session, cohort_id, context.now)
    context.edit(screens.render_ask_evening(found, context.t))
    return Asking.EVENING


async def press_hour(update: Update, context: Context) -> NextState:
    """Take the hour of a button."""
    cohort_id, hour = context.numbers(2)
    if not EARLIEST.hour <= hour <= LATEST.hour:
        raise Gone
    _set_evening(context, cohort_id, time(hour))
    context.answer(screens.render_kept(context.t))
    _show(context, cohort_id, in_place=True)
    return END


async def type_hour(update: Update, context: Context) -> NextState:
    """Take a typed hour, or ask again."""
    at = _read_evening(context.text)
    if at is None:
        context.reply(screens.render_bad_hour(context.t))
        return None
    _set_evening(context, context.place.notes["cohort_id"], at)
    _show(context, context.place.notes["cohort_id"], in_place=False)
    return END


async def leave_to_desk(update: Update, context: Context) -> NextState:
    """Leave the question as it was."""
    await show_desk(update, context)
    return END


async def show_desk(update: Update, context: Context) -> None:
    """Show a camp's reminders."""
    _show(context, context.numbers(1)[0], in_place=True)


async def send_test(update: Update, context: Context) -> None:
    """Send whoever asks a reminder of what comes next."""
    (cohort_id,) = context.numbers(1)
    speaker = context.require_linked()
    if not speaker.is_operator and not access.roles_in(context.session, speaker.person_id, cohort_id):
        raise NotAllowed
    own = preferences.stored_choices(context.session, speaker.person_id).before
    _, item, at = outlook.sample_of(
        context.session, person_id=speaker.person_id, cohort_id=cohort_id, own=own, now=context.now
    )
    context.reply(screens.render_test(messages.render_before(item, cohort_id, context.t, at), context.t))


def _show(context: Context, cohort_id: int, *, in_place: bool) -> None:
    access.require_coordinator(context.session, context.speaker, cohort_id)
    message = screens.render_desk(outlook.outlook_of(context.session, cohort_id, context.now), context.t)
    if in_place:
        context.edit(message)
    else:
        context.reply(message)


def _set_own(context: Context, cohort_id: int, minutes: int | None) -> None:
    person_id = context.require_linked().person_id
    preferences.require_member(context.session, person_id=person_id, cohort_id=cohort_id)
    preferences.set_before(context.session, person_id=person_id, minutes=minutes)


def _set_lead(context: Context, cohort_id: int, kind: str, minutes: int) -> None:
    service.set_lead(
        context.session, speaker=context.speaker, cohort_id=cohort_id, kind=kind, minutes=minutes, now=context.now
    )


def _set_evening(context: Context, cohort_id: int, at: time) -> None:
    service.set_evening(context.session, speaker=context.speaker, cohort_id=cohort_id, at=at, now=context.now)


def _read_evening(typed: str) -> time | None:
    """An hour of the evening as people write it: 8, 19:30, 晚上八点半, 8 pm."""
    for text in (f"晚上{typed}", typed):
        read = read_clock(text)
        if not isinstance(read, TimeFault) and read[1] is None:
            return read[0] if EARLIEST <= read[0] <= LATEST else None
    return None


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
