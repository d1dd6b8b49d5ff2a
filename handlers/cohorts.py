"""An operator's dialogues and screens: making a cohort, the list of cohorts, adding coordinators."""

from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot import buttons, i18n
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState
from bot.errors import Gone
from bot.outbox import calls
from bot.outbox.calls import Document, Message
from bot.people import access, founding, listing, service
from bot.people.founding import Draft, NewCoordinator
from bot.people.messages import cohorts as words
from bot.people.messages.wording import FEATURE, lines
from bot.people.models import Cohort, Role
from bot.people.rules import LONGEST_NAME, DateFault, clean_title, parse_period, parse_zone
from bot.workdays import service as workdays
from bot.workdays.messages import render_flags
from handlers.start import PRIVATE

ANSWER = PRIVATE & filters.TEXT & ~filters.COMMAND


class Asking(StrEnum):
    """What the dialogue about a new cohort waits for."""

    NAME = "name"
    DATES = "dates"
    ZONE = "zone"
    LANGUAGE = "language"


class Naming(StrEnum):
    """What the dialogue about a coordinator waits for."""

    NAME = "name"
    WHICH = "which"


def register(application: CohortApplication) -> None:
    """Add the dialogues, then the screens."""
    application.add_handler(_making_a_cohort(application))
    application.add_handler(_adding_a_coordinator(application))
    application.add_handler(CommandHandler("cohorts", list_cohorts, PRIVATE))
    for action, callback in (("cohorts", list_cohorts), ("cohort", show_cohort), ("joinin", join_in)):
        application.add_handler(_on(action, callback))


def _making_a_cohort(application: CohortApplication) -> Conversation:
    return Conversation(
        "new_cohort",
        application.dialogues,
        entry_points=[_on("new", begin_cohort)],
        states={
            Asking.NAME: [MessageHandler(ANSWER, take_name)],
            Asking.DATES: [
                _on("keepdates", keep_dates),
                _on("otherdates", change_dates),
                MessageHandler(ANSWER, take_dates),
            ],
            Asking.ZONE: [_on("zone", take_usual_zone), MessageHandler(ANSWER, take_zone)],
            Asking.LANGUAGE: [_on("tongue", take_language), MessageHandler(ANSWER, ask_language_again)],
        },
        fallbacks=[_on("stop", stop)],
    )


def _adding_a_coordinator(application: CohortApplication) -> Conversation:
    return Conversation(
        "add_coordinator",
        application.dialogues,
        entry_points=[_on("addco", begin_coordinator)],
        states={
            Naming.NAME: [MessageHandler(ANSWER, take_coordinator)],
            Naming.WHICH: [_on("isco", take_known_coordinator), MessageHandler(ANSWER, take_coordinator)],
        },
        fallbacks=[_on("stop", stop)],
    )


async def begin_cohort(update: Update, context: Context) -> NextState:
    """Ask for the name."""
    founding.require_operator(context.speaker)
    return _ask(context, words.render_ask_name(context.t), Asking.NAME)


async def take_name(update: Update, context: Context) -> NextState:
    """Take the name, ask for the dates."""
    name = clean_title(context.text)
    if not 0 < len(name) <= LONGEST_NAME:
        return _ask(context, words.render_bad_name(context.t), Asking.NAME)
    if not founding.is_name_free(context.session, name):
        return _ask(context, words.render_name_taken(name, context.t), Asking.NAME)
    context.place.notes["name"] = name
    return _ask(context, words.render_ask_dates(name, context.t), Asking.DATES)


async def take_dates(update: Update, context: Context) -> NextState:
    """Take the dates, ask for the time zone."""
    period = parse_period(context.text, context.now.astimezone(ZoneInfo(context.installation.time_zone)).date())
    if isinstance(period, DateFault):
        return _ask(context, words.render_bad_dates(period, context.text, context.t), Asking.DATES)
    context.place.notes |= {"first": period.first.isoformat(), "last": period.last.isoformat()}
    told = _flags(context, period.first, period.last)
    if told is not None:
        return _ask(context, words.render_flagged(told, context.t), Asking.DATES)
    return _ask(context, words.render_ask_zone(context.installation.time_zone, context.t), Asking.ZONE)


async def keep_dates(update: Update, context: Context) -> NextState:
    """Keep the dates in spite of what speaks against them, ask for the time zone."""
    return _ask(context, words.render_ask_zone(context.installation.time_zone, context.t), Asking.ZONE)


async def change_dates(update: Update, context: Context) -> NextState:
    """Ask for other dates."""
    return _ask(context, words.render_ask_dates(context.place.notes["name"], context.t), Asking.DATES)


async def take_usual_zone(update: Update, context: Context) -> NextState:
    """Take the time zone of the installation, ask for the language."""
    return _keep_zone(context, context.installation.time_zone)


async def take_zone(update: Update, context: Context) -> NextState:
    """Take another time zone, ask for the language."""
    zone = parse_zone(context.text)
    if zone is None:
        again = words.render_bad_zone(context.text, context.installation.time_zone, context.t)
        return _ask(context, again, Asking.ZONE)
    return _keep_zone(context, zone)


async def ask_language_again(update: Update, context: Context) -> NextState:
    """Point to the buttons."""
    return _ask(context, words.render_press_a_button(context.t), Asking.LANGUAGE)


async def take_language(update: Update, context: Context) -> NextState:
    """Take the language and make the cohort."""
    language, notes = next(iter(buttons.unpack(context.data)), ""), context.place.notes
    if language not in i18n.LANGUAGES:
        raise Gone
    draft = Draft(
        notes["name"], date.fromisoformat(notes["first"]), date.fromisoformat(notes["last"]), notes["zone"], language
    )
    cohort = founding.found_cohort(context.session, draft=draft, speaker=context.speaker, now=context.now)
    context.retire_prompt()
    context.reply(words.render_made(cohort, [], context.t))
    return END


async def begin_coordinator(update: Update, context: Context) -> NextState:
    """Ask who is to coordinate the cohort."""
    founding.require_operator(context.speaker)
    cohort = service.get_cohort(context.session, *context.numbers(1))
    context.place.notes["cohort"] = cohort.id
    return _ask(context, words.render_ask_coordinator(cohort, context.t), Naming.NAME)


async def take_coordinator(update: Update, context: Context) -> NextState:
    """Take the name; where somebody is called so, ask whether it is them."""
    name = clean_title(context.text)
    if not 0 < len(name) <= LONGEST_NAME:
        return _ask(context, words.render_bad_person(context.t), Naming.NAME)
    context.place.notes["name"] = name
    known = founding.candidates(context.session, name)
    if known:
        return _ask(context, words.render_which_person(name, known, context.t), Naming.WHICH)
    return _add_coordinator(context, None)


async def take_known_coordinator(update: Update, context: Context) -> NextState:
    """Take the answer who it is."""
    (known_id,) = context.numbers(1)
    return _add_coordinator(context, known_id or None)


async def stop(update: Update, context: Context) -> NextState:
    """Leave the dialogue."""
    context.edit(words.render_not_made(context.t))
    return END


async def list_cohorts(update: Update, context: Context) -> None:
    """Show a page of all cohorts."""
    founding.require_operator(context.speaker)
    number = context.numbers(1)[0] if update.callback_query else 0
    message = words.render_cohorts(service.all_cohorts(context.session), number, context.t)
    context.edit(message)


async def show_cohort(update: Update, context: Context) -> None:
    """Show one cohort."""
    founding.require_operator(context.speaker)
    cohort = service.get_cohort(context.session, *context.numbers(1))
    context.edit(_screen(context, cohort))


async def join_in(update: Update, context: Context) -> None:
    """Make the operator a coordinator as well."""
    (cohort_id,) = context.numbers(1)
    cohort = founding.coordinate_oneself(context.session, cohort_id=cohort_id, speaker=context.speaker, now=context.now)
    context.edit(_screen(context, cohort))


def send_card(context: Context, card_id: int) -> None:
    """Send the link and the code of a card; the courier words it, so that the code does not wait in the outbox."""
    words_of = Document("card_link", {"card_id": card_id, "language": context.t.language})
    context.turn.record(calls.send_secret(context.chat_id, words_of))


def _add_coordinator(context: Context, known_id: int | None) -> NextState:
    notes = context.place.notes
    added = founding.add_coordinator(
        context.session,
        cohort_id=notes["cohort"],
        name=notes["name"],
        known_id=known_id,
        speaker=context.speaker,
        now=context.now,
    )
    context.retire_prompt()
    context.reply(words.render_coordinator_added(added.person, added.cohort, context.t))
    _let_in(context, added)
    return END


def _let_in(context: Context, added: NewCoordinator) -> None:
    if added.card is not None:
        send_card(context, added.card.id or 0)
    elif added.person.telegram_id is not None:
        t = i18n.translator(added.person.language or added.cohort.language)
        context.turn.send(added.person.telegram_id, words.render_now_coordinator(added.cohort, t))


def _screen(context: Context, cohort: Cohort) -> Message:
    cohort_id, speaker = cohort.id or 0, founding.require_operator(context.speaker)
    coordinates = Role.COORDINATOR in access.roles_in(context.session, speaker.person_id, cohort_id)
    return words.render_cohort(
        cohort,
        listing.coordinators_of(context.session, cohort_id),
        coordinates=coordinates,
        trainees=listing.count_trainees(context.session, cohort_id),
        t=context.t,
    )


def _flags(context: Context, first: date, last: date) -> Markup | None:
    """What speaks against these days, if anything does: holidays, days that are over, units that can spare nobody."""
    office = service.open_organisation(context.session, service.OFFICE)
    flags = workdays.flags(
        context.session,
        organisation_id=office.id or 0,
        first=first,
        last=last,
        language=context.t.language,
    )
    today = context.now.astimezone(ZoneInfo(context.installation.time_zone)).date()
    over = words.render_days_over(context.t) if last < today else None
    return lines(over, render_flags(flags, context.t)) or None


def _keep_zone(context: Context, zone: str) -> NextState:
    context.place.notes["zone"] = zone
    return _ask(context, words.render_ask_language(context.t), Asking.LANGUAGE)


def _ask(context: Context, question: Message, state: Asking | Naming) -> NextState:
    context.ask(question)
    return state


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
