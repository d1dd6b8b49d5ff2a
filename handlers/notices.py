"""A coordinator's screens about notices: the list, one notice before and after sending, its audience, its report.

What is typed belongs to ``handlers.notice_writing``; groups and habits to ``handlers.notice_rooms``.
"""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.errors import Gone, NotAllowed
from bot.menu import Offer
from bot.notices import choices, dispatch, drafting, queries, sending
from bot.notices.audiences import find_audience, read_criteria
from bot.notices.messages import announcing, audience, composing, progress
from bot.notices.messages.wording import FEATURE, headline
from bot.notices.models import Notice, Repeat, Status
from bot.outbox.calls import Document, Message
from bot.people import access, listing, service
from bot.people.models import Role
from handlers import notice_replies, notice_rooms, notice_writing
from handlers.notice_writing import screen
from handlers.start import PRIVATE

LAST_PAGE = 10_000
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
    cohort_id, page = _numbers(update, 2)
    context.edit(_list(context, cohort_id, page))


async def show(update: Update, context: Context) -> None:
    """Show one notice as it stands."""
    notice = _notice(context, update)
    if context.place.name == notice_writing.NAME:
        context.end_dialogue()
    context.edit(screen(context, notice))


async def preview(update: Update, context: Context) -> None:
    """Send the coordinator exactly what a recipient gets, in each language there is."""
    notice = _notice(context, update)
    announcing.send_preview(context.turn, notice, _speaker(context), context.chat_id)
    context.answer(context.t.plain("This is how it looks."))


async def show_audience(update: Update, context: Context) -> None:
    """Show whom it is for."""
    notice = _notice(context, update)
    chooser = choices.chooser_of(context.session, notice, context.t, context.now)
    context.edit(audience.render_chooser(chooser, context.t))


async def show_kind(update: Update, context: Context) -> None:
    """Show what can be chosen of one kind."""
    notice, kind, page = _notice_and(context, update)
    await _choices(context, notice, kind, page)


async def pick(update: Update, context: Context) -> None:
    """Choose one, or take it away again."""
    notice_id, kind, index, page = _parts(update, 4)
    notice = drafting.writable(context.session, buttons.number(notice_id), context.speaker)
    choice = choices.choice_at(context.session, notice, kind, buttons.number(index), context.t, context.now)
    drafting.toggle(context.session, notice, choice.criterion)
    await _choices(context, notice, kind, buttons.number(page))


async def choose_everybody(update: Update, context: Context) -> None:
    """Back to every trainee."""
    notice = _writable(context, update)
    drafting.clear_audience(context.session, notice)
    chooser = choices.chooser_of(context.session, notice, context.t, context.now)
    context.edit(audience.render_chooser(chooser, context.t))


async def show_who(update: Update, context: Context) -> None:
    """Name the people."""
    notice_id, page = _numbers(update, 2)
    notice = drafting.get_notice(context.session, notice_id, context.speaker)
    chooser = choices.chooser_of(context.session, notice, context.t, context.now)
    context.edit(audience.render_who(chooser, page, context.t))


async def drop_last(update: Update, context: Context) -> None:
    """Take the last part away."""
    notice = _writable(context, update)
    drafting.drop_last_piece(context.session, notice)
    context.edit(screen(context, notice))


async def flip(update: Update, context: Context) -> None:
    """Turn an option on or off."""
    notice_id, option = _parts(update, 2)
    notice = drafting.writable(context.session, buttons.number(notice_id), context.speaker)
    drafting.flip(context.session, notice, option)
    context.edit(screen(context, notice))


async def turn_repeat(update: Update, context: Context) -> None:
    """Once, every day, every week, in turn."""
    notice = _writable(context, update)
    following = REPEATS[(REPEATS.index(Repeat(notice.repeat)) + 1) % len(REPEATS)]
    drafting.set_repeat(context.session, notice, following)
    context.edit(screen(context, notice))


async def ask(update: Update, context: Context) -> None:
    """Ask for the last time."""
    notice = _writable(context, update)
    context.edit(composing.render_confirm(sending.foresee(context.session, notice, context.now), context.t))


async def send(update: Update, context: Context) -> None:
    """Send it."""
    notice = drafting.get_notice(context.session, _numbers(update, 1)[0], context.speaker)
    if notice.status not in (Status.DRAFT, Status.SCHEDULED):
        context.edit(screen(context, notice))
        return
    outlook = sending.send_now(context.session, notice, _speaker(context), context.now)
    notice.progress_id, notice.author_chat = _pressed(update), context.chat_id
    context.session.add(notice)
    announcing.tell_twins(context.turn, outlook, _speaker(context))
    context.edit(screen(context, notice))


async def unschedule(update: Update, context: Context) -> None:
    """Make it a draft again."""
    notice = _writable(context, update)
    if notice.status == Status.SCHEDULED:
        sending.unschedule(context.session, notice, _speaker(context), context.now)
    context.edit(screen(context, notice))


async def pause(update: Update, context: Context) -> None:
    """Hold back what has not gone."""
    notice = _notice(context, update)
    if sending.pause(context.session, notice, _speaker(context), context.now):
        dispatch.take_back(context.session, notice)
    context.edit(screen(context, notice))


async def resume(update: Update, context: Context) -> None:
    """Go on."""
    notice = _notice(context, update)
    sending.go_on(context.session, notice, _speaker(context), context.now)
    context.edit(screen(context, notice))


async def stop(update: Update, context: Context) -> None:
    """Send nothing more of it."""
    notice = _notice(context, update)
    if notice.status in (Status.SENDING, Status.PAUSED):
        dispatch.take_back(context.session, notice)
        sending.cancel(context.session, notice, _speaker(context), context.now)
    context.edit(screen(context, notice))


async def ask_recall(update: Update, context: Context) -> None:
    """Ask whether it is really to be taken back."""
    notice = _notice(context, update)
    context.edit(composing.render_ask_recall(notice, context.t))


async def recall(update: Update, context: Context) -> None:
    """Take it back from everybody."""
    notice = _notice(context, update)
    dispatch.take_back(context.session, notice)
    sending.recall(context.session, notice, _speaker(context), context.now)
    context.edit(screen(context, notice))


async def remind(update: Update, context: Context) -> None:
    """Prepare the same words for those who have not read or answered it."""
    notice = _notice(context, update)
    draft = sending.remind(context.session, notice, speaker=_speaker(context), chat_id=context.chat_id, now=context.now)
    context.edit(screen(context, draft))


async def show_people(update: Update, context: Context) -> None:
    """Show a page of those in one state."""
    notice, which, page = _notice_and(context, update)
    context.edit(_people(context, notice, which, page))


async def send_table(update: Update, context: Context) -> None:
    """Send the report as a workbook."""
    notice = _notice(context, update)
    arguments = {"notice_id": notice.id, "language": context.t.language, "at": context.now.isoformat()}
    context.turn.send_document(context.chat_id, Document("notice_report", arguments))


async def delete(update: Update, context: Context) -> None:
    """Throw a draft away."""
    notice = _writable(context, update)
    drafting.delete_draft(context.session, notice, _speaker(context), context.now)
    context.edit(_list(context, notice.cohort_id, 0))


async def show_templates(update: Update, context: Context) -> None:
    """Show the office's templates."""
    (cohort_id,) = _numbers(update, 1)
    context.edit(_templates(context, cohort_id))


async def begin_from(update: Update, context: Context) -> None:
    """Begin a notice from a template."""
    cohort_id, template_id = _numbers(update, 2)
    draft = drafting.use_template(
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
    cohort_id, template_id = _numbers(update, 2)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    template = drafting.writable(context.session, template_id, context.speaker)
    drafting.delete_draft(context.session, template, _speaker(context), context.now)
    context.edit(_templates(context, cohort_id))


def _list(context: Context, cohort_id: int, page: int) -> Message:
    access.require_coordinator(context.session, context.speaker, cohort_id)
    cohort = service.get_cohort(context.session, cohort_id)
    found, page, pages = queries.notices_page(context.session, cohort_id, page)
    named = [(one, headline(list(drafting.parts_of(context.session, one.id or 0)), context.t)) for one in found]
    return composing.render_list(cohort, named, page, pages, context.t)


def _templates(context: Context, cohort_id: int) -> Message:
    access.require_coordinator(context.session, context.speaker, cohort_id)
    cohort = service.get_cohort(context.session, cohort_id)
    return composing.render_templates(cohort, drafting.templates(context.session), context.t)


async def _choices(context: Context, notice: Notice, kind: str, page: int) -> None:
    chooser = choices.chooser_of(context.session, notice, context.t, context.now)
    offered = choices.choices_of(context.session, notice, kind, context.t, context.now)
    context.edit(audience.render_choices(chooser, kind, offered, page, context.t))


def _people(context: Context, notice: Notice, which: str, page: int) -> Message:
    if which == "unreached":
        found = find_audience(context.session, notice.cohort_id, read_criteria(notice), context.now).unreached
        lines = progress.phone_list(found, context.t)
        shown = lines[page * progress.PAGE : (page + 1) * progress.PAGE]
        return progress.render_people(notice, which, shown, page, len(lines), context.t)
    if which not in progress.TABS:
        raise Gone
    total = queries.count_recipients(context.session, notice, which)
    rows = queries.recipients(context.session, notice, which, limit=progress.PAGE, offset=page * progress.PAGE)
    lines = [progress.Line(row.name, row.group_name or "", row.phone, row.error) for row in rows]
    return progress.render_people(notice, which, lines, page, total, context.t)


def _notice(context: Context, update: Update) -> Notice:
    return drafting.get_notice(context.session, _numbers(update, 1)[0], context.speaker)


def _writable(context: Context, update: Update) -> Notice:
    return drafting.writable(context.session, _numbers(update, 1)[0], context.speaker)


def _notice_and(context: Context, update: Update) -> tuple[Notice, str, int]:
    """The notice, the word and the page that a button names; a page far beyond the last is none of ours."""
    notice_id, word, page = _parts(update, 3)
    notice = drafting.get_notice(context.session, buttons.number(notice_id), context.speaker)
    return notice, word, min(max(buttons.number(page), 0), LAST_PAGE)


def _speaker(context: Context) -> service.Speaker:
    if context.speaker is None:
        raise NotAllowed
    return context.speaker


def _pressed(update: Update) -> int | None:
    query = update.callback_query
    return query.message.message_id if query and query.message else None


def _numbers(update: Update, count: int) -> list[int]:
    return buttons.numbers(update.callback_query.data if update.callback_query else None, count)


def _parts(update: Update, count: int) -> list[str]:
    parts = buttons.unpack(update.callback_query.data if update.callback_query else None)
    if len(parts) != count:
        raise Gone
    return parts


def _data(action: str, *ids: int | str) -> str:
    return buttons.pack(FEATURE, action, *ids)


_ACTIONS = {
    "list": show_list,
    "show": show,
    "preview": preview,
    "audience": show_audience,
    "by": show_kind,
    "pick": pick,
    "everybody": choose_everybody,
    "who": show_who,
    "droplast": drop_last,
    "flip": flip,
    "repeat": turn_repeat,
    "ask": ask,
    "send": send,
    "unschedule": unschedule,
    "pause": pause,
    "resume": resume,
    "stop": stop,
    "recall": ask_recall,
    "recalled": recall,
    "remind": remind,
    "people": show_people,
    "table": send_table,
    "delete": delete,
    "templates": show_templates,
    "from": begin_from,
    "forget": forget_template,
}
