"""The room in chat: what is on, putting a question without a name, and the moderator's list. Decides nothing.

Whatever is typed here is sealed: the update that brought it leaves no body in the inbox.
"""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.forum import feedback, questions, running_order, signals, stage
from bot.forum.messages import questions as words
from bot.forum.messages import stage as stage_words
from bot.forum.messages.day_wording import FEATURE
from bot.forum.questions import Put
from bot.menu import Offer
from bot.outbox import calls
from bot.outbox.calls import Document, Message
from bot.people.models import Role
from handlers.start import PAYLOAD, PRIVATE

ANYTHING = PRIVATE & ~filters.COMMAND
LINK = filters.Regex(r"^/start(@\w+)?\s+q-")


class Step(State):
    """Where the dialogue stands."""

    WRITING = "writing"


def register(application: CohortApplication) -> None:
    """Add the dialogue, also for whoever scans the code on the projector, and the moderator's list."""
    application.menu.offer(
        Offer(
            51,
            frozenset({Role.TRAINEE}),
            lambda t: t.plain("🎬 Forum now"),
            lambda cohort_id: buttons.pack(FEATURE, "live", cohort_id),
            lambda session, _, cohort_id, __: signals.live_call_of(session, cohort_id) is not None,
        )
    )
    application.add_handler(
        Conversation(
            "forum_question",
            application.dialogues,
            entry_points=[
                CommandHandler("start", ask_by_link, PRIVATE & LINK),
                CallbackQueryHandler(ask, buttons.pattern(FEATURE, "ask")),
            ],
            states={Step.WRITING: [MessageHandler(ANYTHING, take)]},
            fallbacks=[CallbackQueryHandler(leave, buttons.pattern(FEATURE, "noask"))],
        )
    )
    for action, callback in (
        ("noask", leave_screen),
        ("live", show_live),
        ("now", show_room),
        ("questions", show_list),
        ("judge", judge),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def show_live(update: Update, context: Context) -> None:
    """Show the forum of a camp that is going on."""
    (cohort_id,) = context.numbers(1)
    call_id = signals.live_call_of(context.session, cohort_id)
    if call_id is None:
        raise Gone
    _show_room(update, context, call_id)


async def show_room(update: Update, context: Context) -> None:
    """Show who speaks, and the ways to ask and to say how it was."""
    (call_id,) = context.numbers(1)
    _show_room(update, context, call_id)


def _show_room(update: Update, context: Context, call_id: int) -> None:
    account, now = account_of(update), context.now
    order = questions.require_room(context.session, context.speaker, account, call_id, now)
    left = questions.left_for(context.session, account, call_id)
    may_rate = any(feedback.is_open(item, now) for item in order.talks)
    context.edit(stage_words.render_room(order, context.t, left=left, may_rate=may_rate))


async def ask(update: Update, context: Context) -> NextState:
    """Ask for the question, of somebody who may be in the room."""
    (call_id,) = context.numbers(1)
    order = questions.require_room(context.session, context.speaker, account_of(update), call_id, context.now)
    questions.require_open(order)
    return _begin(update, context, call_id)


async def ask_by_link(update: Update, context: Context) -> NextState:
    """Ask for the question, of whoever scanned the code in the room."""
    found = PAYLOAD.match(context.text)
    call_id = questions.read_payload(context.session, found[1].strip() if found else "")
    if call_id is None:
        raise Gone
    questions.require_open(running_order.load(context.session, call_id, context.now))
    return _begin(update, context, call_id)


async def take(update: Update, context: Context) -> NextState:
    """Take the question, and let nothing of it stay with the update."""
    context.turn.is_sealed = True
    call_id = int(context.place.notes["call"])
    put = questions.ask(
        context.session, telegram_id=account_of(update), call_id=call_id, text=context.text, now=context.now
    )
    said = words.render_put(put, context.t)
    if put in (Put.EMPTY, Put.TOO_LONG):
        context.reply(said)
        return None
    context.retire_prompt()
    context.reply(Message(said.text, buttons.keyboard(*words.again_rows(call_id, context.t))))
    return END


async def leave(update: Update, context: Context) -> NextState:
    """Leave it."""
    context.edit(words.render_not_asked(context.t))
    return END


async def leave_screen(update: Update, context: Context) -> None:
    """The same once something was asked."""
    context.edit(words.render_not_asked(context.t))


async def show_list(update: Update, context: Context) -> None:
    """Show the moderator what the room has asked. A press carries the message it stands under: it is sealed too."""
    context.turn.is_sealed = True
    call_id, page = context.numbers(2)
    running_order.require_moderator(context.session, context.speaker, call_id, context.now)
    _show_list(update, context, call_id, page)


async def judge(update: Update, context: Context) -> None:
    """Show a question on the projector, hide it, or tick it off."""
    context.turn.is_sealed = True
    question_id, verdict, page = context.numbers(3)
    if verdict not in words.JUDGEMENTS:
        raise Gone
    status = words.JUDGEMENTS[verdict]
    order, _ = questions.judge(
        context.session, speaker=context.speaker, question_id=question_id, status=status, now=context.now
    )
    context.answer(words.render_judged_toast(status, context.t))
    _show_list(update, context, order.call.id, page)


def leave_panel(context: Context) -> None:
    """Say that the pressed message no longer shows the stage, so that the clock lets it be."""
    query = context.received.callback_query if context.received else None
    message_id = query.message.message_id if query and query.message else None
    stage.leave_panel(context.session, chat_id=context.chat_id, message_id=message_id)


def account_of(update: Update) -> int:
    """The account that wrote or pressed."""
    user = update.effective_user
    assert user is not None  # noqa: S101 - private messages and presses have a sender
    return user.id


def _begin(update: Update, context: Context, call_id: int) -> NextState:
    order = running_order.load(context.session, call_id, context.now)
    left = questions.left_for(context.session, account_of(update), call_id)
    context.place.notes = {"call": call_id}
    if left <= 0:
        context.reply(words.render_ask(order, left, context.t))
        return END
    context.ask(words.render_ask(order, left, context.t))
    return Step.WRITING


def _show_list(update: Update, context: Context, call_id: int, page: int) -> None:
    """The list is made when it is sent: no question stands in the outbox beside an hour."""
    leave_panel(context)
    arguments = {"call_id": call_id, "page": page, "language": context.t.language, "now": context.now.isoformat()}
    document = Document("forum_questions", arguments)
    query = update.callback_query
    if query is not None and query.message is not None:
        context.turn.record(calls.edit_secret(context.chat_id, query.message.message_id, document))
    else:
        context.turn.record(calls.send_secret(context.chat_id, document))
