"""A coordinator opens the next camp from this one: the day, a look at what it would be, the name, done."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Session
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.checkin import service as checkin
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState
from bot.errors import Refusal
from bot.hours import service as hours
from bot.menu import Offer
from bot.outbox.calls import Message
from bot.people import service as people
from bot.people.models import Role
from bot.people.rules import clean_title
from bot.quarters import messages, service
from bot.quarters.service import BeginsInThePast, Opening, Plan
from bot.reminders import service as reminders
from bot.timetable.times import read_date
from handlers.start import PRIVATE

ANSWER = PRIVATE & filters.TEXT & ~filters.COMMAND


class Asking(StrEnum):
    """What the dialogue waits for."""

    FIRST = "first"
    CONFIRM = "confirm"
    NAME = "name"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the button on the camp's screen."""
    application.add_handler(
        Conversation(
            "next_quarter",
            application.dialogues,
            entry_points=[_on("begin", begin)],
            states={
                Asking.FIRST: [_on("first", take_offered_day), MessageHandler(ANSWER, take_day)],
                Asking.CONFIRM: [_on("open", open_quarter), _on("rename", ask_name), _on("redate", ask_day)],
                Asking.NAME: [MessageHandler(ANSWER, take_name)],
            },
            fallbacks=[_on("stop", stop)],
        )
    )
    application.menu.offer(
        Offer(
            37,
            frozenset({Role.COORDINATOR}),
            messages.offer_label,
            lambda cohort_id: buttons.pack(messages.FEATURE, "begin", cohort_id),
        )
    )


async def begin(update: Update, context: Context) -> NextState:
    """Ask for the first day."""
    (cohort_id,) = context.numbers(1)
    days = service.suggest_days(context.session, source_id=cohort_id, speaker=context.speaker, now=context.now)
    context.place.notes |= {"source": cohort_id, "name": ""}
    context.edit(messages.render_ask_first(people.get_cohort(context.session, cohort_id), days, context.t))
    return Asking.FIRST


async def ask_day(update: Update, context: Context) -> NextState:
    """Ask for another first day."""
    context.edit(_day_question(context, None))
    return Asking.FIRST


async def take_offered_day(update: Update, context: Context) -> NextState:
    """Take a day that was offered."""
    (ordinal,) = context.numbers(1)
    return _show_plan(context, buttons.day(ordinal))


async def take_day(update: Update, context: Context) -> NextState:
    """Take a typed day, or say why not."""
    source = people.get_cohort(context.session, context.place.notes["source"])
    today = people.local_day(source, context.now)
    first = read_date(context.text, days=(today, today + timedelta(days=365)))
    if first is None:
        fault = messages.render_bad_day(context.text, context.t)
        return _ask(context, _day_question(context, fault), Asking.FIRST)
    try:
        return _show_plan(context, first)
    except BeginsInThePast:
        fault = messages.render_past_day(context.text, context.t)
        return _ask(context, _day_question(context, fault), Asking.FIRST)


async def ask_name(update: Update, context: Context) -> NextState:
    """Ask for the name."""
    context.edit(messages.render_ask_name(context.t))
    return Asking.NAME


async def take_name(update: Update, context: Context) -> NextState:
    """Take the name, and show the plan with it."""
    name = clean_title(context.text)
    try:
        service.require_name(context.session, name)
    except Refusal as refusal:
        return _ask(context, messages.render_ask_name(context.t, context.t(refusal.line)), Asking.NAME)
    context.place.notes["name"] = name
    return _show_plan(context, date.fromisoformat(context.place.notes["first"]))


async def open_quarter(update: Update, context: Context) -> NextState:
    """Make the camp that was shown."""
    planned, notes = _plan(context, date.fromisoformat(context.place.notes["first"])), context.place.notes
    cohort = service.open_quarter(
        context.session,
        source_id=notes["source"],
        first=date.fromisoformat(notes["first"]),
        name=planned.name,
        seen=buttons.unpack(context.data)[-1],
        copiers=COPIERS,
        speaker=context.speaker,
        now=context.now,
    )
    context.edit(messages.render_opened(cohort, planned, context.t))
    return END


async def stop(update: Update, context: Context) -> NextState:
    """Leave the dialogue."""
    context.edit(messages.render_stopped(people.get_cohort(context.session, context.place.notes["source"]), context.t))
    return END


def _show_plan(context: Context, first: date) -> NextState:
    message = messages.render_plan(_plan(context, first), context.t)
    context.place.notes["first"] = first.isoformat()
    if context.received is not None and context.received.callback_query is not None:
        context.edit(message)
        return Asking.CONFIRM
    return _ask(context, message, Asking.CONFIRM, is_question=False)


def _plan(context: Context, first: date) -> Plan:
    notes = context.place.notes
    return service.plan(
        context.session,
        source_id=notes["source"],
        first=first,
        name=notes["name"],
        speaker=context.speaker,
        now=context.now,
        language=context.t.language,
    )


def _day_question(context: Context, fault: str | None) -> Message:
    source_id = context.place.notes["source"]
    days = service.suggest_days(context.session, source_id=source_id, speaker=context.speaker, now=context.now)
    return messages.render_ask_first(people.get_cohort(context.session, source_id), days, context.t, fault)


def _ask(context: Context, question: Message, state: Asking, *, is_question: bool = True) -> NextState:
    if is_question:
        context.ask(question)
    else:
        context.retire_prompt()
        context.reply(question)
    return state


def _copy_reminders(session: Session, opening: Opening) -> None:
    reminders.copy_rules(session, source=opening.source, target=opening.target, actor=opening.actor, now=opening.now)


def _copy_hours(session: Session, opening: Opening) -> None:
    hours.copy_rules(session, source=opening.source, target=opening.target, actor=opening.actor, now=opening.now)


def _copy_windows(session: Session, opening: Opening) -> None:
    checkin.copy_rules(
        session,
        source=opening.source,
        target=opening.target,
        activities=opening.activities,
        actor=opening.actor,
        now=opening.now,
    )


def _copy_sites(session: Session, opening: Opening) -> None:
    checkin.copy_sites(session, activities=opening.activities, actor=opening.actor, now=opening.now)


COPIERS = (_copy_reminders, _copy_windows, _copy_sites, _copy_hours)
"""What other features copy into the new camp, by their own services."""


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(messages.FEATURE, action))
