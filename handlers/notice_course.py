"""A notice that has begun: paused, cancelled, recalled, followed by a reminder, and its lists and table."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.errors import Gone
from bot.notices import dispatch, queries, steering
from bot.notices.audiences import find_audience, read_criteria
from bot.notices.messages import announcing, composing, progress
from bot.notices.messages.wording import FEATURE, reason_of
from bot.notices.models import Notice, Status
from bot.outbox.calls import Document, Message
from handlers.notice_presses import pressed_list, pressed_notice
from handlers.notice_writing import screen


def register(application: CohortApplication) -> None:
    """Add the buttons."""
    for action, callback in _ACTIONS.items():
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def pause(update: Update, context: Context) -> None:
    """Hold back what has not gone."""
    notice = pressed_notice(context)
    if steering.pause(context.session, notice, context.require_linked(), context.now):
        dispatch.take_back(context.session, notice)
    context.edit(screen(context, notice))


async def resume(update: Update, context: Context) -> None:
    """Go on."""
    notice = pressed_notice(context)
    steering.go_on(context.session, notice, context.require_linked(), context.now)
    context.edit(screen(context, notice))


async def stop(update: Update, context: Context) -> None:
    """Send nothing more of it."""
    notice = pressed_notice(context)
    if notice.status in (Status.SENDING, Status.PAUSED):
        dispatch.take_back(context.session, notice)
        steering.cancel(context.session, notice, context.require_linked(), context.now)
    context.edit(screen(context, notice))


async def ask_recall(update: Update, context: Context) -> None:
    """Ask whether it is really to be taken back."""
    notice = pressed_notice(context)
    context.edit(composing.render_ask_recall(notice, context.t))


async def recall(update: Update, context: Context) -> None:
    """Take it back from everybody."""
    notice = pressed_notice(context)
    dispatch.take_back(context.session, notice)
    steering.recall(context.session, notice, context.require_linked(), context.now)
    context.edit(screen(context, notice))


async def remind(update: Update, context: Context) -> None:
    """Prepare the same words for those who have not read or answered it."""
    notice = pressed_notice(context)
    draft = steering.remind(
        context.session, notice, speaker=context.require_linked(), chat_id=context.chat_id, now=context.now
    )
    context.edit(screen(context, draft))


async def show_people(update: Update, context: Context) -> None:
    """Show a page of those in one state."""
    notice, which, page = pressed_list(context)
    context.edit(_people(context, notice, which, page))


async def send_table(update: Update, context: Context) -> None:
    """Send the report as a workbook."""
    notice = pressed_notice(context)
    arguments = {"notice_id": notice.id, "language": context.t.language, "at": context.now.isoformat()}
    context.turn.send_document(context.chat_id, Document("notice_report", arguments))


def _people(context: Context, notice: Notice, which: str, page: int) -> Message:
    course = announcing.course_of(context.session, notice, context.now)
    if which == "unreached":
        found = find_audience(context.session, notice.cohort_id, read_criteria(notice), context.now).unreached
        lines = progress.phone_list(found, context.t)
        shown = lines[page * progress.PAGE : (page + 1) * progress.PAGE]
        return progress.render_people(course, which, shown, page, len(lines), context.t)
    if which not in progress.TABS:
        raise Gone
    total = queries.count_recipients(context.session, notice, which)
    rows = queries.recipients(context.session, notice, which, limit=progress.PAGE, offset=page * progress.PAGE)
    lines = [progress.Line(row.name, row.group_name or "", row.phone, reason_of(row.error, context.t)) for row in rows]
    return progress.render_people(course, which, lines, page, total, context.t)


_ACTIONS = {
    "pause": pause,
    "resume": resume,
    "stop": stop,
    "recall": ask_recall,
    "recalled": recall,
    "remind": remind,
    "people": show_people,
    "table": send_table,
}
