"""A coordinator's screens about notices: the list, one notice and its options up to the moment it goes, templates.

What is typed belongs to ``handlers.notice_writing``, what has begun to ``handlers.notice_course``.
"""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.errors import NotAllowed
from bot.menu import Offer
from bot.notices import drafting, pieces, queries, sending, templates
from bot.notices.messages import announcing, composing
from bot.notices.messages.wording import FEATURE, headline
from bot.notices.models import Repeat, Status
from bot.outbox.calls import Message
from bot.people import access, listing, service
from bot.people.models import Role
from handlers import notice_audience, notice_correcting, notice_course, notice_replies, notice_rooms, notice_writing
from handlers.notice_presses import pressed_draft, pressed_notice, pressed_words
from handlers.notice_writing import screen
from handlers.start import PRIVATE

REPEATS = (Repeat.NO, Repeat.DAILY, Repeat.WEEKLY)


def register(application: CohortApplication) -> None:
    """Add the command, the dialogues and the buttons."""
    application.menu.offer(
        Offer(
            60,
            frozenset({Role.COORDINATOR}),
            lambda t: t.plain("📣 Notices"),
            lambda c: _data("list", c, 0),
            is_daily=True,
        )
    )
    application.add_handler(CommandHandler("notices", show_camps, PRIVATE))
    notice_writing.register(application)
    notice_rooms.register(application)
    notice_replies.register(application)
    notice_audience.register(application)
    notice_course.register(application)
    notice_correcting.register(application)
    for action, callback in _ACTIONS.items():
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def show_camps(update: Update, context: Context) -> None:
    """Show the notices of the one camp, or ask which camp."""
    cohorts = list(listing.may_coordinate(context.session, context.speaker)) if context.speaker else []
    if not cohorts:
        raise NotAllowed
    if len(cohorts) == 1:
        context.reply(_list(context, cohorts[0].id or 0, 0))
    else:
        context.reply(composing.render_which_camp(cohorts, context.t))


async def show_list(update: Update, context: Context) -> None:
    """Show a page of a camp's notices."""
    cohort_id, page = context.numbers(2)
    _leave_dialogue(context)
    context.edit(_list(context, cohort_id, page))


async def show(update: Update, context: Context) -> None:
    """Show one notice as it stands."""
    notice = pressed_notice(context)
    _leave_dialogue(context)
    context.edit(screen(context, notice))


async def preview(update: Update, context: Context) -> None:
    """Send the coordinator exactly what a recipient gets, in each language there is."""
    notice = pressed_notice(context)
    announcing.send_preview(context.turn, notice, context.require_linked(), context.chat_id)
    context.answer(context.t.plain("This is how it looks."))
    context.reply(screen(context, notice))


async def drop_last(update: Update, context: Context) -> None:
    """Take the last part away."""
    notice = pressed_draft(context)
    pieces.drop_last_piece(context.session, notice)
    context.edit(screen(context, notice))


async def flip(update: Update, context: Context) -> None:
    """Turn an option on or off."""
    notice_id, option = pressed_words(context, 2)
    notice = drafting.writable(context.session, buttons.number(notice_id), context.speaker)
    drafting.flip(context.session, notice, option)
    context.edit(screen(context, notice))


async def turn_repeat(update: Update, context: Context) -> None:
    """Once, every day, every week, in turn."""
    notice = pressed_draft(context)
    following = REPEATS[(REPEATS.index(Repeat(notice.repeat)) + 1) % len(REPEATS)]
    drafting.set_repeat(context.session, notice, following)
    context.edit(screen(context, notice))


async def ask(update: Update, context: Context) -> None:
    """Ask for the last time."""
    notice = pressed_draft(context)
    context.edit(composing.render_confirm(sending.foresee(context.session, notice, context.now), context.t))


async def send(update: Update, context: Context) -> None:
    """Send it."""
    notice = drafting.get_notice(context.session, context.numbers(1)[0], context.speaker)
    if notice.status not in (Status.DRAFT, Status.SCHEDULED):
        context.edit(screen(context, notice))
        return
    outlook = sending.send_now(context.session, notice, context.require_linked(), context.now)
    notice.progress_id, notice.author_chat = _pressed(update), context.chat_id
    context.session.add(notice)
    _leave_dialogue(context)
    announcing.tell_twins(context.turn, outlook, context.require_linked())
    context.edit(screen(context, notice))


async def unschedule(update: Update, context: Context) -> None:
    """Make it a draft again."""
    notice = pressed_draft(context)
    if notice.status == Status.SCHEDULED:
        sending.unschedule(context.session, notice, context.require_linked(), context.now)
    context.edit(screen(context, notice))


async def delete(update: Update, context: Context) -> None:
    """Throw a draft away."""
    notice = pressed_draft(context)
    drafting.delete_draft(context.session, notice, context.require_linked(), context.now)
    _leave_dialogue(context)
    context.edit(_list(context, notice.cohort_id, 0))


async def show_templates(update: Update, context: Context) -> None:
    """Show the office's templates."""
    (cohort_id,) = context.numbers(1)
    context.edit(_templates(context, cohort_id))


async def begin_from(update: Update, context: Context) -> None:
    """Begin a notice from a template."""
    cohort_id, template_id = context.numbers(2)
    draft = templates.use_template(
        context.session,
        template_id=template_id,
        cohort_id=cohort_id,
        speaker=context.speaker,
        chat_id=context.chat_id,
        now=context.now,
    )
    context.edit(screen(context, draft))


async def forget_template(update: Update, context: Context) -> None:
    """Throw a template away."""
    cohort_id, template_id = context.numbers(2)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    template = drafting.writable(context.session, template_id, context.speaker)
    drafting.delete_draft(context.session, template, context.require_linked(), context.now)
    context.edit(_templates(context, cohort_id))


def _leave_dialogue(context: Context) -> None:
    """What is typed from now on is no longer part of a notice."""
    if context.place.name in (notice_writing.NAME, notice_correcting.NAME):
        context.end_dialogue()


def _list(context: Context, cohort_id: int, page: int) -> Message:
    access.require_coordinator(context.session, context.speaker, cohort_id)
    cohort = service.get_cohort(context.session, cohort_id)
    found, page, pages = queries.notices_page(context.session, cohort_id, page)
    named = [(one, headline(list(drafting.parts_of(context.session, one.id or 0)), context.t)) for one in found]
    return composing.render_list(cohort, named, page, pages, context.t)


def _templates(context: Context, cohort_id: int) -> Message:
    access.require_coordinator(context.session, context.speaker, cohort_id)
    cohort = service.get_cohort(context.session, cohort_id)
    return composing.render_templates(cohort, templates.templates(context.session), context.t)


def _pressed(update: Update) -> int | None:
    query = update.callback_query
    return query.message.message_id if query and query.message else None


def _data(action: str, *ids: int | str) -> str:
    return buttons.pack(FEATURE, action, *ids)


_ACTIONS = {
    "list": show_list,
    "show": show,
    "preview": preview,
    "droplast": drop_last,
    "flip": flip,
    "repeat": turn_repeat,
    "ask": ask,
    "send": send,
    "unschedule": unschedule,
    "delete": delete,
    "templates": show_templates,
    "from": begin_from,
    "forget": forget_template,
}
