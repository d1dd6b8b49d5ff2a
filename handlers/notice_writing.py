"""The dialogue in which a notice is written: its parts, another language, the hour, the reason, a template.

One dialogue with a state for each thing that is asked; what was typed is kept with the draft at once.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone, NotAllowed
from bot.i18n import LANGUAGES
from bot.notices import drafting, pieces, sending, templates
from bot.notices.messages import announcing, asking, composing, progress
from bot.notices.messages.wording import FEATURE
from bot.notices.models import Notice
from bot.outbox.calls import Message
from bot.people import service
from bot.people.service import Speaker
from bot.timetable.times import TimeFault, read_when
from handlers.notice_pieces import piece_of
from handlers.start import PRIVATE

NAME = "notice"
CONTENT = PRIVATE & ~filters.COMMAND
WORDS = PRIVATE & filters.TEXT & ~filters.COMMAND
LONGEST_LINE = 200


class Asking(State):
    """What the dialogue waits for."""

    CONTENT = "content"
    WORDING = "wording"
    REASON = "reason"
    MOMENT = "moment"
    TEMPLATE = "template"


def register(application: CohortApplication) -> None:
    """Add the dialogue."""
    application.add_handler(
        Conversation(
            NAME,
            application.dialogues,
            entry_points=[_on("new", begin), *(_on(action, callback) for action, callback in _QUESTIONS.items())],
            states={
                Asking.CONTENT: [MessageHandler(CONTENT, take_content)],
                Asking.WORDING: [MessageHandler(WORDS, take_wording)],
                Asking.REASON: [MessageHandler(WORDS, take_reason)],
                Asking.MOMENT: [MessageHandler(WORDS, take_moment)],
                Asking.TEMPLATE: [MessageHandler(WORDS, take_template)],
            },
        )
    )


async def begin(update: Update, context: Context) -> NextState:
    """Begin a notice and ask for its content."""
    (cohort_id,) = context.numbers(1)
    draft = drafting.open_draft(
        context.session, cohort_id=cohort_id, speaker=context.speaker, chat_id=context.chat_id, now=context.now
    )
    context.place.notes = {"notice": draft.id}
    context.reply(asking.render_ask_content(draft.id or 0, context.t))
    return Asking.CONTENT


async def ask_content(update: Update, context: Context) -> NextState:
    """Ask for more parts."""
    notice = _begin(context, update)
    context.reply(asking.render_ask_content(notice.id or 0, context.t))
    return Asking.CONTENT


async def ask_wording(update: Update, context: Context) -> NextState:
    """Ask for the text in another language."""
    parts = buttons.unpack(context.data)
    if len(parts) != 2 or parts[1] not in LANGUAGES:
        raise Gone
    notice = drafting.writable(context.session, buttons.number(parts[0]), context.speaker)
    context.place.notes = {"notice": notice.id, "language": parts[1]}
    context.reply(asking.render_ask_wording(notice.id or 0, parts[1], context.t))
    return Asking.WORDING


async def ask_moment(update: Update, context: Context) -> NextState:
    """Ask when it is to go."""
    notice = _begin(context, update)
    context.reply(asking.render_ask_moment(notice.id or 0, context.t))
    return Asking.MOMENT


async def ask_template(update: Update, context: Context) -> NextState:
    """Ask for a template's name."""
    notice = _begin(context, update)
    context.reply(asking.render_ask_template(notice.id or 0, context.t))
    return Asking.TEMPLATE


async def ask_reason(update: Update, context: Context) -> NextState:
    """Ask why one more must go this week."""
    notice = _begin(context, update)
    context.reply(asking.render_ask_reason(notice.id or 0, context.t))
    return Asking.REASON


async def take_content(update: Update, context: Context) -> NextState:
    """Take one more part; an album shows the screen when it is complete, by the clock."""
    notice = _noted(context)
    assert update.message is not None  # noqa: S101 - the filter has seen it
    pieces.add_piece(context.session, notice, piece_of(update.message), context.now)
    if notice.gathering_until is None:
        context.reply(screen(context, notice))
    return Asking.CONTENT


async def take_wording(update: Update, context: Context) -> NextState:
    """Take the text in the other language."""
    notice = _noted(context)
    language = str(context.place.notes.get("language", ""))
    pieces.word_in(context.session, notice, language=language, text=_html(update))
    context.reply(screen(context, notice))
    return END


async def take_reason(update: Update, context: Context) -> NextState:
    """Take the reason, and show the last question."""
    notice = _noted(context)
    drafting.give_reason(context.session, notice, _line(update))
    context.session.flush()
    if "moment" in context.place.notes:
        return _plan(context, notice, datetime.fromisoformat(context.place.notes["moment"]))
    context.reply(composing.render_confirm(sending.foresee(context.session, notice, context.now), context.t))
    return END


async def take_moment(update: Update, context: Context) -> NextState:
    """Take the hour and plan the notice."""
    notice = _noted(context)
    cohort = service.get_cohort(context.session, notice.cohort_id)
    meant = read_when(
        _line(update), now=context.at, zone=ZoneInfo(cohort.time_zone), days=(cohort.starts_on, cohort.ends_on)
    )
    if isinstance(meant, TimeFault):
        context.reply(asking.render_bad_moment(meant, notice.id or 0, context.t))
        return None
    return _plan(context, notice, meant.starts_at)


def _plan(context: Context, notice: Notice, at: datetime) -> NextState:
    """Plan the notice; where the week has had enough, ask for the reason first."""
    try:
        sending.schedule(context.session, notice, at, context.require_linked(), context.now)
    except sending.NeedsReason:
        context.place.notes["moment"] = at.isoformat()
        context.reply(asking.render_ask_reason(notice.id or 0, context.t))
        return Asking.REASON
    context.reply(screen(context, notice))
    return END


async def take_template(update: Update, context: Context) -> NextState:
    """Take the name and keep the template."""
    notice = _noted(context)
    templates.keep_as_template(context.session, notice, _line(update)[:40], context.now)
    context.reply(asking.render_template_kept(_line(update)[:40], context.t))
    context.reply(screen(context, notice))
    return END


def screen(context: Context, notice: Notice) -> Message:
    """A notice as it stands: its draft, or how far it is."""
    session, t = context.session, context.t
    session.flush()
    cohort = service.get_cohort(session, notice.cohort_id)
    if notice.started_at is None:
        outlook = sending.foresee(session, notice, context.now)
        return composing.render_screen(outlook, cohort, drafting.languages_of(session, notice.id or 0), t)
    return progress.render_course(announcing.course_of(session, notice, context.now), t, context.now)


def _begin(context: Context, update: Update) -> Notice:
    (notice_id,) = context.numbers(1)
    notice = drafting.writable(context.session, notice_id, context.speaker)
    context.place.notes = {"notice": notice.id}
    return notice


def _noted(context: Context) -> Notice:
    """The notice that the dialogue is about; whoever lost the role meanwhile is refused."""
    return drafting.writable(context.session, int(context.place.notes.get("notice") or 0), context.speaker)


def _speaker(context: Context) -> Speaker:
    if context.speaker is None:
        raise NotAllowed
    return context.speaker


def _html(update: Update) -> str:
    assert update.message is not None  # noqa: S101 - the filter has seen its text
    return update.message.text_html


def _line(update: Update) -> str:
    assert update.message is not None  # noqa: S101 - the filter has seen its text
    return " ".join((update.message.text or "").split())[:LONGEST_LINE]


Callback = Callable[[Update, Context], Awaitable[NextState]]


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))


_QUESTIONS: dict[str, Callback] = {
    "add": ask_content,
    "tongue": ask_wording,
    "later": ask_moment,
    "keep": ask_template,
    "reason": ask_reason,
}
