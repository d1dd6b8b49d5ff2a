"""One's own record, the change log, the files and the live screen. Decides nothing; every service asks who may."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.errors import Gone, NotAllowed, NotLinked
from bot.menu import Offer
from bot.outbox.calls import Document
from bot.people import access, listing
from bot.people import service as people
from bot.people.models import Role
from bot.records import live, log, own
from bot.records.files import FORMS, KINDS
from bot.records.messages import screens as words
from bot.records.messages.screens import FEATURE
from bot.timetable import service as timetable
from handlers.start import PRIVATE

ORDER = 70


def register(application: CohortApplication) -> None:
    """Add the commands, the screens, and the buttons that lead to them."""
    application.add_handler(CommandHandler("record", show_newest, PRIVATE))
    application.add_handler(CommandHandler("log", show_newest_log, PRIVATE))
    for action, callback in (
        ("mine", show_own),
        ("mark", show_mark),
        ("about", show_own_log),
        ("person", show_person_log),
        ("changes", show_activity_log),
        ("log", show_log),
        ("menu", show_menu),
        ("days", show_days),
        ("activity", show_activity),
        ("file", send_file),
        ("list", send_list),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))
    application.menu.offer(
        Offer(
            ORDER,
            frozenset({Role.TRAINEE}),
            lambda t: t.plain("🧾 My record"),
            lambda cohort_id: words.pack("mine", cohort_id, 0),
        ),
        Offer(
            ORDER,
            frozenset({Role.COORDINATOR, Role.AUDITOR}),
            lambda t: t.plain("📊 Records"),
            lambda cohort_id: words.pack("menu", cohort_id),
        ),
    )


async def show_newest(update: Update, context: Context) -> None:
    """Show one's own record in the newest camp one attends."""
    if context.speaker is None:
        raise NotLinked
    cohort_id = own.own_cohort(access.cohort_ids_of(context.session, context.speaker.person_id, Role.TRAINEE))
    context.reply(words.render_own(_own(context, cohort_id, 0), context.t))


async def show_newest_log(update: Update, context: Context) -> None:
    """Show the log of the newest camp of which one may read everything."""
    cohorts = listing.may_read(context.session, context.speaker) if context.speaker else []
    if not cohorts:
        raise NotAllowed
    _show_log(context, cohorts[0].id or 0, 0)


async def show_own(update: Update, context: Context) -> None:
    """Show a page of one's own record."""
    cohort_id, number = context.numbers(2)
    context.edit(words.render_own(_own(context, cohort_id, number), context.t))


async def show_mark(update: Update, context: Context) -> None:
    """Show one line of one's own record."""
    (activity_id,) = context.numbers(1)
    found = own.show_own_mark(context.session, speaker=context.speaker, activity_id=activity_id)
    context.edit(words.render_own_mark(found, context.t))


async def show_own_log(update: Update, context: Context) -> None:
    """Show what was changed about oneself."""
    cohort_id, number = context.numbers(2)
    found = log.own_log(context.session, speaker=context.speaker, cohort_id=cohort_id, number=number)
    back = words.back_to_own(cohort_id, context.t)
    context.edit(words.render_log(found, context.t, turn="about", ids=(cohort_id,), back=back))


async def show_person_log(update: Update, context: Context) -> None:
    """Show what was changed about a person."""
    cohort_id, person_id, number = context.numbers(3)
    found = log.person_log(
        context.session, speaker=context.speaker, cohort_id=cohort_id, person_id=person_id, number=number
    )
    back = words.back_to_person(cohort_id, person_id, context.t)
    context.edit(words.render_log(found, context.t, turn="person", ids=(cohort_id, person_id), back=back))


async def show_activity_log(update: Update, context: Context) -> None:
    """Show what was changed about an activity."""
    activity_id, number = context.numbers(2)
    found = log.activity_log(context.session, speaker=context.speaker, activity_id=activity_id, number=number)
    back = words.back_to_activity(activity_id, context.t)
    context.edit(words.render_log(found, context.t, turn="changes", ids=(activity_id,), back=back))


async def show_log(update: Update, context: Context) -> None:
    """Show a page of everything."""
    cohort_id, number = context.numbers(2)
    _show_log(context, cohort_id, number)


async def show_menu(update: Update, context: Context) -> None:
    """Show what there is to read and take away."""
    (cohort_id,) = context.numbers(1)
    access.require_reader(context.session, context.speaker, cohort_id)
    context.edit(words.render_menu(people.get_cohort(context.session, cohort_id), context.t))


async def show_days(update: Update, context: Context) -> None:
    """Show a page of activities."""
    cohort_id, number = context.numbers(2)
    access.require_reader(context.session, context.speaker, cohort_id)
    cohort = people.get_cohort(context.session, cohort_id)
    context.edit(words.render_days(cohort, timetable.activities_of(context.session, cohort_id), number, context.t))


async def show_activity(update: Update, context: Context) -> None:
    """Show what there is of one activity, with the address of its live screen."""
    (activity_id,) = context.numbers(1)
    token = live.token_for(context.session, speaker=context.speaker, activity_id=activity_id)
    activity = timetable.get_activity(context.session, activity_id)
    zone = people.get_cohort(context.session, activity.cohort_id).time_zone
    address = f"{context.installation.public_url.rstrip('/')}/live/{token}"
    is_near = context.now <= activity.ends_at + live.AFTER and activity.cancelled_at is None
    context.edit(words.render_activity(activity, zone, context.t, live=address if is_near else ""))


async def send_file(update: Update, context: Context) -> None:
    """Have one of the files made."""
    parts = buttons.unpack(context.data)
    if len(parts) != 3:
        raise Gone
    cohort_id, kind, form = buttons.number(parts[0]), parts[1], parts[2]
    if kind not in KINDS or form not in FORMS:
        raise Gone
    access.require_reader(context.session, context.speaker, cohort_id)
    cohort = people.get_cohort(context.session, cohort_id)
    arguments = {"cohort_id": cohort_id, "kind": kind, "form": form} | _asked(context)
    caption = words.render_caption(kind, cohort, context.now, context.t)
    context.answer(words.render_making(kind, context.t))
    context.turn.send_document(context.chat_id, Document("records_file", arguments, caption))


async def send_list(update: Update, context: Context) -> None:
    """Have the list of one activity made."""
    (activity_id,) = context.numbers(1)
    activity = timetable.get_activity(context.session, activity_id)
    access.require_reader(context.session, context.speaker, activity.cohort_id)
    cohort = people.get_cohort(context.session, activity.cohort_id)
    arguments = {"activity_id": activity_id, "cohort_id": activity.cohort_id} | _asked(context)
    caption = words.render_caption("matrix", cohort, context.now, context.t)
    context.answer(words.render_making("matrix", context.t))
    context.turn.send_document(context.chat_id, Document("records_list", arguments, caption))


def _own(context: Context, cohort_id: int, number: int) -> own.OwnRecord:
    return own.show_own(context.session, speaker=context.speaker, cohort_id=cohort_id, number=number, now=context.now)


def _show_log(context: Context, cohort_id: int, number: int) -> None:
    found = log.cohort_log(context.session, speaker=context.speaker, cohort_id=cohort_id, number=number)
    back = words.back_to_menu(cohort_id, context.t)
    context.edit(words.render_log(found, context.t, turn="log", ids=(cohort_id,), back=back))


def _asked(context: Context) -> dict[str, str]:
    return {"language": context.t.language, "now": context.now.isoformat()}
