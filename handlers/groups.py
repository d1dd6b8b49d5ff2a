"""Moving trainees between groups, from today on; the days before keep the old group."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.people import access, groups, listing
from bot.people.listing import Profile
from bot.people.messages import roles as words
from bot.people.messages.roles import FEATURE
from bot.people.models import Role
from bot.people.rules import clean_title
from handlers.start import PRIVATE

LINE = PRIVATE & filters.TEXT & ~filters.COMMAND


class Step(State):
    """What the dialogue waits for."""

    GROUP = "group"


def register(application: CohortApplication) -> None:
    """Add the dialogue about a new group, and the buttons."""
    application.add_handler(
        Conversation(
            "groups",
            application.dialogues,
            entry_points=[CallbackQueryHandler(ask_group, buttons.pattern(FEATURE, "newgroup"))],
            states={Step.GROUP: [MessageHandler(LINE, take_group)]},
            fallbacks=[CallbackQueryHandler(stop, buttons.pattern(FEATURE, "stop"))],
        )
    )
    for action, callback in (("group", show_groups), ("into", move)):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def stop(update: Update, context: Context) -> NextState:
    """Leave the dialogue."""
    context.edit(words.render_left(context.t))
    return END


async def show_groups(update: Update, context: Context) -> None:
    """Show which groups a person can be moved to."""
    cohort_id, person_id = context.numbers(2)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    profile = _trainee(context, cohort_id, person_id)
    context.edit(words.render_groups(profile, groups.names_of(context.session, cohort_id), context.t))


async def move(update: Update, context: Context) -> None:
    """Move somebody to a group that there is."""
    cohort_id, person_id, index = context.numbers(3)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    names = groups.names_of(context.session, cohort_id)
    if not -1 <= index < len(names):
        raise Gone
    profile = _trainee(context, cohort_id, person_id)
    done = groups.change_group(
        context.session,
        speaker=context.speaker,
        cohort_id=cohort_id,
        person_id=person_id,
        group=names[index] if index >= 0 else "",
        now=context.now,
    )
    context.answer(words.render_moved(profile, done, context.t))
    profile = _trainee(context, cohort_id, person_id)
    context.edit(words.render_groups(profile, groups.names_of(context.session, cohort_id), context.t))


async def ask_group(update: Update, context: Context) -> NextState:
    """Ask for the name of a new group."""
    cohort_id, person_id = context.numbers(2)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    context.place.notes = {"cohort": cohort_id, "person": person_id}
    context.reply(words.render_ask_group(_trainee(context, cohort_id, person_id), context.t))
    return Step.GROUP


async def take_group(update: Update, context: Context) -> NextState:
    """Move somebody to a new group."""
    cohort_id, person_id = context.place.notes["cohort"], context.place.notes["person"]
    name = clean_title(context.text)
    if not name:
        raise groups.NotAGroup
    profile = _trainee(context, cohort_id, person_id)
    done = groups.change_group(
        context.session,
        speaker=context.speaker,
        cohort_id=cohort_id,
        person_id=person_id,
        group=name,
        now=context.now,
    )
    context.reply(words.render_moved_message(profile, done, context.t))
    return END


def _trainee(context: Context, cohort_id: int, person_id: int) -> Profile:
    profile = listing.profile(context.session, cohort_id, person_id)
    if Role.TRAINEE not in profile.roles:
        raise Gone
    return profile
