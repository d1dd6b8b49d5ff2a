"""The coordinator's desk for visitors of a call: counts, lists, finding and marking somebody, the file, thanks.

Whoever presses is checked anew by the service; a button's ids say what, never who.
"""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.forum import arrival_desk, lecture_news
from bot.forum.messages import lecture_desk as words
from bot.forum.messages import lecture_news as news_words
from bot.forum.messages import lectures as visit_words
from bot.forum.messages.lectures import FEATURE
from bot.forum.visitor_lists import DeskView
from bot.forum.visits import Came, CameBefore
from bot.outbox.calls import Document, Message
from bot.people import access
from handlers import lecture_arrivals
from handlers.leave import LINE
from handlers.lecture_arrivals import moment_of


class Step(State):
    """Where the search stands."""

    FINDING = "finding"


def register(application: CohortApplication) -> None:
    """Add the visitors' side, then the desk."""
    lecture_arrivals.register(application)
    for action, callback in (
        ("desk", show_desk),
        ("list", show_list),
        ("visitor", show_visitor),
        ("mark", mark),
        ("undo", undo),
        ("sheet", send_sheet),
        ("thank", thank),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))
    application.add_handler(
        Conversation(
            FEATURE,
            application.dialogues,
            entry_points=[CallbackQueryHandler(ask_whom, buttons.pattern(FEATURE, "find"))],
            states={Step.FINDING: [MessageHandler(LINE, find)]},
            fallbacks=[CallbackQueryHandler(leave_search, buttons.pattern(FEATURE, "found"))],
        )
    )
    application.add_handler(CallbackQueryHandler(show_desk, buttons.pattern(FEATURE, "found")))


async def show_desk(update: Update, context: Context) -> None:
    """Show how many have signed up and come, as it is now."""
    (call_id,) = context.numbers(1)
    context.edit(_desk(context, call_id))


async def show_list(update: Update, context: Context) -> None:
    """Show a page of one of the lists."""
    call_id, which, page = context.numbers(3)
    if which not in words.LISTS:
        raise Gone
    context.edit(words.render_list(_read(context, call_id), which, page, context.t))


async def show_visitor(update: Update, context: Context) -> None:
    """Show one visitor."""
    (signup_id,) = context.numbers(1)
    found = arrival_desk.show_visitor(context.session, speaker=context.speaker, signup_id=signup_id)
    may_change = access.may_change(context.session, context.speaker, found.occasion.cohort_id)
    context.edit(words.render_visitor(found, context.t, may_change=may_change))


async def mark(update: Update, context: Context) -> None:
    """Record a visitor who stands at the desk."""
    (signup_id,) = context.numbers(1)
    outcome = arrival_desk.mark_arrived(
        context.session, speaker=context.speaker, signup_id=signup_id, moment=moment_of(context)
    )
    if not isinstance(outcome, Came | CameBefore):
        context.answer(words.render_not_marked(outcome, context.t), alert=True)
        return
    context.answer(visit_words.render_toast(outcome, context.t))
    await show_visitor(update, context)
    if isinstance(outcome, Came):
        lecture_arrivals.tell_let_in(context, outcome)


async def undo(update: Update, context: Context) -> None:
    """Take an arrival back."""
    (signup_id,) = context.numbers(1)
    found = arrival_desk.undo_arrival(
        context.session, speaker=context.speaker, signup_id=signup_id, moment=moment_of(context)
    )
    context.edit(words.render_visitor(found, context.t, may_change=True))


async def send_sheet(update: Update, context: Context) -> None:
    """Send everybody with a place and everybody who came as a workbook."""
    (call_id,) = context.numbers(1)
    _read(context, call_id)
    sheet = Document("visitor_list", {"call_id": call_id, "language": context.t.language, "now": str(context.now)})
    context.turn.send_document(context.chat_id, sheet)


async def thank(update: Update, context: Context) -> None:
    """Thank everybody who came, once."""
    (call_id,) = context.numbers(1)
    thanks = lecture_news.thank_now(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    told = news_words.announce(context.turn, thanks) if thanks is not None else 0
    context.answer(news_words.render_thanked_toast(told, context.t, is_news=thanks is not None))
    context.edit(_desk(context, call_id))


async def ask_whom(update: Update, context: Context) -> NextState:
    """Ask for a name or the end of a phone number."""
    (call_id,) = context.numbers(1)
    desk = _read(context, call_id)
    access.require_coordinator(context.session, context.speaker, desk.occasion.cohort_id)
    context.place.notes = {"call": call_id}
    context.edit(words.render_ask_find(desk, context.t))
    return Step.FINDING


async def find(update: Update, context: Context) -> NextState:
    """Show who fits what was typed; the next name can be sent at once."""
    call_id = int(context.place.notes["call"])
    found = arrival_desk.find_visitors(context.session, speaker=context.speaker, call_id=call_id, text=context.text)
    context.reply(words.render_found(call_id, found, context.t))
    return None


async def leave_search(update: Update, context: Context) -> NextState:
    """Go back to the desk."""
    await show_desk(update, context)
    return END


def _desk(context: Context, call_id: int) -> Message:
    desk = _read(context, call_id)
    may_change = access.may_change(context.session, context.speaker, desk.occasion.cohort_id)
    may_thank = may_change and lecture_news.may_thank(context.session, desk.occasion, context.now)
    return words.render_desk(desk, context.t, may_change=may_change, may_thank=may_thank)


def _read(context: Context, call_id: int) -> DeskView:
    return arrival_desk.show_desk(context.session, speaker=context.speaker, call_id=call_id)
