"""Somebody's own calendar: the screen, the file, the address, switching it off."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.calendars import messages, service
from bot.calendars.messages import screen
from bot.context import CohortApplication, Context
from bot.menu import Offer
from bot.outbox import calls
from bot.outbox.calls import Document
from bot.people.models import Role

ROLES = frozenset({Role.TRAINEE, Role.GROUP_LEADER, Role.COORDINATOR, Role.TEACHER, Role.MENTOR})


def register(application: CohortApplication) -> None:
    """Add the buttons."""
    for action, callback in (
        ("mine", show_calendar),
        ("file", send_file),
        ("address", show_address),
        ("revoke", revoke_address),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(messages.FEATURE, action)))
    application.menu.offer(
        Offer(35, ROLES, lambda t: t.plain("🗓 Calendar"), lambda number: buttons.pack(messages.FEATURE, "mine", number))
    )


async def show_calendar(update: Update, context: Context) -> None:
    """Show what can be had."""
    calendar = service.show_calendar(
        context.session, cohort_id=context.numbers(1)[0], speaker=context.speaker, now=context.now
    )
    context.edit(messages.render_calendar(calendar, context.t))


async def send_file(update: Update, context: Context) -> None:
    """Send the calendar of the camp as a file."""
    (cohort_id,) = context.numbers(1)
    speaker = service.require_member(context.session, context.speaker, cohort_id)
    service.installation_key(context.session)
    arguments = {
        "person_id": speaker.person_id,
        "cohort_id": cohort_id,
        "language": context.t.language,
        "at": context.now.isoformat(),
    }
    document = Document("calendar_file", arguments, caption=screen.caption(context.t))
    context.turn.send_document(context.chat_id, document)
    context.answer(screen.render_file_coming(context.t))


async def show_address(update: Update, context: Context) -> None:
    """Hand over the address, made where there is none yet."""
    (cohort_id,) = context.numbers(1)
    service.require_member(context.session, context.speaker, cohort_id)
    feed = service.open_feed(context.session, speaker=context.speaker, language=context.t.language, now=context.now)
    calendar = service.show_calendar(context.session, cohort_id=cohort_id, speaker=context.speaker, now=context.now)
    context.edit(messages.render_calendar(calendar, context.t))
    words = Document("calendar_address", {"feed_id": feed.id, "language": context.t.language})
    context.turn.record(calls.send_secret(context.chat_id, words))


async def revoke_address(update: Update, context: Context) -> None:
    """Make the address lead nowhere; another one can be had at once."""
    (cohort_id,) = context.numbers(1)
    service.require_member(context.session, context.speaker, cohort_id)
    done = service.revoke_feed(context.session, speaker=context.speaker, now=context.now)
    calendar = service.show_calendar(context.session, cohort_id=cohort_id, speaker=context.speaker, now=context.now)
    context.edit((messages.render_revoked if done else messages.render_calendar)(calendar, context.t))
