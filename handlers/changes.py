"""Announced changes: the seen button, and the coordinator's screens about what will go, has gone, and to whom."""

from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons, i18n
from bot.changes import reading, roll, service
from bot.changes.messages import desk, notice
from bot.changes.messages.desk import FEATURE
from bot.context import CohortApplication, Context
from bot.menu import Offer
from bot.outbox import calls
from bot.outbox.calls import Document
from bot.outbox.lanes import Lane
from bot.people import access
from bot.people import service as people
from bot.people.models import Role

ORDER = 32


def register(application: CohortApplication) -> None:
    """Add the buttons, and offer the list of changes on the screen of a camp."""
    for action, callback in (
        ("seen", note_seen),
        ("preview", show_preview),
        ("hold", hold),
        ("send", release),
        ("drop", drop),
        ("show", show_overview),
        ("unseen", show_unseen),
        ("nudge", nudge),
        ("phones", send_phones),
        ("list", list_changes),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))
    application.menu.offer(
        Offer(
            order=ORDER,
            roles=frozenset({Role.COORDINATOR, Role.AUDITOR}),
            label=lambda t: t.plain("📣 Changes"),
            data=lambda cohort_id: buttons.pack(FEATURE, "list", cohort_id),
        )
    )


async def note_seen(update: Update, context: Context) -> None:
    """Note that the person has seen a change; its words stay, only the button changes."""
    (announcement_id,) = context.numbers(1)
    speaker = context.require_linked()
    at = service.see(
        context.session, person_id=speaker.person_id, announcement_id=announcement_id, now=context.received_at
    )
    announcement = reading.get(context.session, announcement_id)
    zone = ZoneInfo(people.get_cohort(context.session, announcement.cohort_id).time_zone)
    context.answer(context.t.plain("Thank you."))
    query = update.callback_query
    if query is not None and query.message is not None:
        buttons_below = notice.render_seen(at, zone, context.t)
        context.turn.record(calls.edit_buttons(context.chat_id, query.message.message_id, buttons_below))


async def show_preview(update: Update, context: Context) -> None:
    """Show the very message that will go."""
    draft = service.preview(
        context.session, speaker=context.speaker, announcement_id=context.numbers(1)[0], now=context.now
    )
    group = min(draft.messages, key=lambda one: one or "", default=None)
    zone = ZoneInfo(draft.cohort.time_zone)
    text = notice.change_text(draft.cohort.name, draft.alterations, group, zone, context.t)
    context.edit(desk.render_preview(draft, text, context.t))


async def hold(update: Update, context: Context) -> None:
    """Keep it back."""
    draft = service.hold(
        context.session, speaker=context.speaker, announcement_id=context.numbers(1)[0], now=context.now
    )
    context.edit(desk.render_draft(draft, context.t))


async def release(update: Update, context: Context) -> None:
    """Let it go now."""
    draft = service.release(
        context.session, speaker=context.speaker, announcement_id=context.numbers(1)[0], now=context.now
    )
    context.edit(desk.render_released(draft, context.t))


async def drop(update: Update, context: Context) -> None:
    """Tell nobody."""
    (announcement_id,) = context.numbers(1)
    service.drop(context.session, speaker=context.speaker, announcement_id=announcement_id, now=context.now)
    context.edit(desk.render_dropped(context.t))


async def show_overview(update: Update, context: Context) -> None:
    """Show who has seen it."""
    (announcement_id,) = context.numbers(1)
    overview = roll.overview(context.session, speaker=context.speaker, announcement_id=announcement_id)
    context.edit(desk.render_overview(overview, context.t))


async def show_unseen(update: Update, context: Context) -> None:
    """Show a page of those who have not."""
    announcement_id, number = context.numbers(2)
    page = roll.unseen(context.session, speaker=context.speaker, announcement_id=announcement_id, number=number)
    context.edit(desk.render_unseen(page, context.t))


async def nudge(update: Update, context: Context) -> None:
    """Remind those who have not seen it."""
    (announcement_id,) = context.numbers(1)
    announcement = service.nudge(
        context.session, speaker=context.speaker, announcement_id=announcement_id, now=context.now
    )
    overview = roll.overview_of(context.session, announcement)
    people_left = roll.nudged(context.session, announcement_id)
    for one in people_left:
        t = i18n.translator(one.language or overview.cohort.language)
        own, group = roll.read_by(context.session, overview, one)
        key = f"nudge:{announcement_id}:{announcement.nudges}:{one.id}"
        context.turn.send(one.telegram_id, notice.render_nudge(own, group, t), lane=Lane.REMINDER, key=key)
    context.answer(desk.render_nudged(len(people_left), context.t))
    context.edit(desk.render_overview(overview, context.t))


async def send_phones(update: Update, context: Context) -> None:
    """Send the phone numbers of those who have not seen it."""
    (announcement_id,) = context.numbers(1)
    roll.overview(context.session, speaker=context.speaker, announcement_id=announcement_id)
    arguments = {"announcement_id": announcement_id, "language": context.t.language}
    context.turn.send_document(context.chat_id, Document("change_phones", arguments, desk.caption(context.t)))


async def list_changes(update: Update, context: Context) -> None:
    """Show the latest changes of a camp."""
    (cohort_id,) = context.numbers(1)
    access.require_reader(context.session, context.speaker, cohort_id)
    cohort = people.get_cohort(context.session, cohort_id)
    overviews = roll.recent(context.session, speaker=context.speaker, cohort_id=cohort_id)
    context.edit(desk.render_recent(overviews, cohort_id, cohort.name, context.t))
