"""A coordinator looks at a camp's days and keeps the blackouts of units."""

from datetime import date
from enum import StrEnum
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState
from bot.errors import Gone
from bot.menu import Offer
from bot.outbox.calls import Message
from bot.people import access
from bot.people import service as people
from bot.people.models import Role
from bot.people.rules import DateFault, parse_period
from bot.workdays import service
from bot.workdays.messages import screens as words
from handlers.start import PRIVATE

ANSWER = PRIVATE & filters.TEXT & ~filters.COMMAND


class Asking(StrEnum):
    """What the dialogue about a blackout waits for."""

    UNIT = "unit"
    DAYS = "days"
    REASON = "reason"


def register(application: CohortApplication) -> None:
    """Add the dialogue, the screen, and the button on the camp's screen."""
    application.add_handler(
        Conversation(
            "blackout",
            application.dialogues,
            entry_points=[_on("add", ask_unit)],
            states={
                Asking.UNIT: [_on("unit", take_unit), _on("units", turn_units)],
                Asking.DAYS: [MessageHandler(ANSWER, take_days)],
                Asking.REASON: [_on("noreason", take_no_reason), MessageHandler(ANSWER, take_reason)],
            },
            fallbacks=[_on("stop", stop)],
        )
    )
    application.add_handler(_on("show", show_screen))
    application.add_handler(_on("remove", remove))
    application.menu.offer(
        Offer(
            36,
            frozenset({Role.COORDINATOR, Role.AUDITOR}),
            words.offer_label,
            lambda cohort_id: buttons.pack(words.FEATURE, "show", cohort_id),
        )
    )


async def show_screen(update: Update, context: Context) -> None:
    """Show what is known of the camp's days."""
    context.edit(_screen(context, *context.numbers(1)))


async def remove(update: Update, context: Context) -> None:
    """Take a blackout back."""
    cohort_id, blackout_id = context.numbers(2)
    service.remove_blackout(
        context.session, cohort_id=cohort_id, blackout_id=blackout_id, speaker=context.speaker, now=context.now
    )
    context.edit(_screen(context, cohort_id))


async def ask_unit(update: Update, context: Context) -> NextState:
    """Ask which unit."""
    (cohort_id,) = context.numbers(1)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    units = service.units_of(context.session, cohort_id)
    context.place.notes |= {"cohort": cohort_id, "units": [one.unit for one in units]}
    context.edit(words.render_ask_unit(people.get_cohort(context.session, cohort_id), units, 0, context.t))
    return Asking.UNIT if units else END


async def turn_units(update: Update, context: Context) -> NextState:
    """Turn the page of units."""
    (number,) = context.numbers(1)
    cohort_id = context.place.notes["cohort"]
    units = service.units_of(context.session, cohort_id)
    context.place.notes["units"] = [one.unit for one in units]
    context.edit(words.render_ask_unit(people.get_cohort(context.session, cohort_id), units, number, context.t))
    return Asking.UNIT


async def take_unit(update: Update, context: Context) -> NextState:
    """Take the unit, ask for the days."""
    (place,) = context.numbers(1)
    units = context.place.notes["units"]
    if not 0 <= place < len(units):
        raise Gone
    context.place.notes["unit"] = units[place]
    context.edit(words.render_ask_days(units[place], context.t))
    return Asking.DAYS


async def take_days(update: Update, context: Context) -> NextState:
    """Take the days, ask for the reason."""
    notes = context.place.notes
    unit, cohort = notes["unit"], people.get_cohort(context.session, notes["cohort"])
    period = parse_period(context.text, people.local_day(cohort, context.now))
    if isinstance(period, DateFault):
        fault = words.render_bad_days(period, context.text, context.t)
        return _ask(context, words.render_ask_days(unit, context.t, fault), Asking.DAYS)
    context.place.notes |= {"first": period.first.isoformat(), "last": period.last.isoformat()}
    return _ask(context, words.render_ask_reason(unit, period.first, period.last, context.t), Asking.REASON)


async def take_reason(update: Update, context: Context) -> NextState:
    """Take the reason and note the blackout."""
    return _add(context, context.text)


async def take_no_reason(update: Update, context: Context) -> NextState:
    """Note the blackout without a reason."""
    return _add(context, "")


async def stop(update: Update, context: Context) -> NextState:
    """Leave the dialogue."""
    context.edit(_screen(context, context.place.notes["cohort"]))
    return END


def _add(context: Context, reason: str) -> NextState:
    notes = context.place.notes
    blackout = service.add_blackout(
        context.session,
        cohort_id=notes["cohort"],
        unit=notes["unit"],
        first=date.fromisoformat(notes["first"]),
        last=date.fromisoformat(notes["last"]),
        reason=reason,
        speaker=context.speaker,
        now=context.now,
    )
    context.retire_prompt()
    context.reply(words.render_added(blackout, people.get_cohort(context.session, notes["cohort"]), context.t))
    return END


def _screen(context: Context, cohort_id: int) -> Message:
    access.require_reader(context.session, context.speaker, cohort_id)
    cohort = people.get_cohort(context.session, cohort_id)
    today = people.local_day(cohort, context.now)
    units = {one.unit for one in service.units_of(context.session, cohort_id)}
    flags = service.flags_of_camp(context.session, cohort, units=units, language=context.t.language)
    blackouts = service.blackouts_from(context.session, cohort_id=cohort_id, speaker=context.speaker, on=today)
    return words.render_screen(cohort, flags, blackouts, service.missing(context.session, today), context.t)


def _ask(context: Context, question: Message, state: Asking) -> NextState:
    context.ask(question)
    return state


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(words.FEATURE, action))
