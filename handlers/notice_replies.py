"""What recipients do with a notice (read, answer, reply), and the coordinators' answers to replies."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.buttons import keyboard
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import NotAllowed, Refusal
from bot.notices import drafting, queries, replying
from bot.notices.messages import copies, letters
from bot.notices.messages.wording import FEATURE, headline, hour
from bot.notices.models import Notice, Recipient
from bot.outbox import calls
from bot.outbox.calls import Message
from bot.people import service
from bot.people.service import Speaker
from handlers.start import PRIVATE

NAME = "notice_letter"
WORDS = PRIVATE & ~filters.COMMAND


class Writing(State):
    """Who is writing to whom."""

    TO_OFFICE = "to_office"
    TO_PERSON = "to_person"


class _ToANotice(filters.MessageFilter):
    """A message that replies to one of the bot's, outside any dialogue; whether it is a notice is looked up then."""

    def __init__(self, application: CohortApplication) -> None:
        super().__init__()
        self._application = application

    def filter(self, message: object) -> bool:
        replied = getattr(message, "reply_to_message", None)
        speaker = self._application.speaker
        if replied is None or speaker is None or replied.from_user is None or not replied.from_user.is_bot:
            return False
        found = queries.replied_to(self._application.turn.session, speaker.person_id, replied.message_id)
        return found is not None


def register(application: CohortApplication) -> None:
    """Add the buttons under a copy, the dialogue, and messages that reply to a notice."""
    for action, callback in (
        ("seen", mark_seen),
        ("answer", take_answer),
        ("again", ask_again),
        ("done", say_done),
        ("letters", show_threads),
        ("thread", show_thread),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))
    application.add_handler(
        Conversation(
            NAME,
            application.dialogues,
            entry_points=[
                CallbackQueryHandler(begin_reply, buttons.pattern(FEATURE, "reply")),
                CallbackQueryHandler(begin_answer, buttons.pattern(FEATURE, "answerto")),
            ],
            states={
                Writing.TO_OFFICE: [MessageHandler(WORDS, take_reply)],
                Writing.TO_PERSON: [MessageHandler(WORDS, take_answer_to)],
            },
        )
    )


def register_last(application: CohortApplication) -> None:
    """Add replies in Telegram's own way, which must not take what a dialogue waits for."""
    application.add_handler(MessageHandler(WORDS & filters.REPLY & _ToANotice(application), take_quoted_reply))


async def mark_seen(update: Update, context: Context) -> None:
    """Note that the person has read it."""
    found = _own(context, update)
    if found is None:
        return
    notice, own = found
    replying.mark_seen(context.session, notice, own, context.at)
    cohort = service.get_cohort(context.session, notice.cohort_id)
    read_at = hour(own.seen_at or context.at, cohort.time_zone)
    context.answer(context.t.plain("Thank you."))
    _rebutton(context, update, copies.rows_after(notice, context.t, at=read_at))


async def take_answer(update: Update, context: Context) -> None:
    """Note the person's answer."""
    notice_id, option = context.numbers(2)
    found = _copy(context, notice_id)
    if found is None:
        return
    notice, own = found
    words = replying.answer(context.session, notice, own, option, context.at)
    context.answer(context.t.plain("Thank you. Your answer: {answer}", answer=words)[:200])
    _rebutton(context, update, copies.rows_after(notice, context.t, answer=words))


async def ask_again(update: Update, context: Context) -> None:
    """Offer the answers once more."""
    found = _own(context, update)
    if found is not None:
        notice, _ = found
        parts = drafting.parts_of(context.session, notice.id or 0)
        _rebutton(context, update, copies.rows_under(notice, parts, context.t))


async def say_done(update: Update, context: Context) -> None:
    """The button that says what was answered only says thank you."""
    context.answer(context.t.plain("Thank you."))


async def begin_reply(update: Update, context: Context) -> NextState:
    """Ask a recipient what to pass on."""
    found = _own(context, update)
    if found is None:
        return END
    context.place.notes = {"notice": found[0].id}
    context.reply(letters.render_ask_reply(context.t))
    return Writing.TO_OFFICE


async def take_reply(update: Update, context: Context) -> NextState:
    """Pass the words on."""
    notice, _ = replying.find_copy(context.session, int(context.place.notes["notice"]), context.speaker)
    _pass_on(context, update, notice)
    return END


async def take_quoted_reply(update: Update, context: Context) -> None:
    """Take a message that replies to a notice in Telegram's own way."""
    message, speaker = update.message, _speaker(context)
    assert message is not None  # noqa: S101 - the filter has seen both
    assert message.reply_to_message is not None  # noqa: S101
    own = queries.replied_to(context.session, speaker.person_id, message.reply_to_message.message_id)
    if own is not None:
        notice, _ = replying.find_copy(context.session, own.notice_id, speaker)
        _pass_on(context, update, notice)


async def begin_answer(update: Update, context: Context) -> NextState:
    """Ask a coordinator for the answer."""
    notice_id, person_id = context.numbers(2)
    drafting.get_notice(context.session, notice_id, context.speaker)
    person = service.get_person(context.session, person_id)
    context.place.notes = {"notice": notice_id, "person": person_id}
    context.reply(letters.render_ask_answer(person.name, context.t))
    return Writing.TO_PERSON


async def take_answer_to(update: Update, context: Context) -> NextState:
    """Bring the answer to the person."""
    posted = replying.write_back(
        context.session,
        notice_id=int(context.place.notes["notice"]),
        person_id=int(context.place.notes["person"]),
        text=_text(update),
        speaker=context.speaker,
        now=context.now,
    )
    letters.announce_answer(context.turn, posted)
    context.reply(letters.render_sent_back(posted, context.t))
    return END


async def show_threads(update: Update, context: Context) -> None:
    """Show who replied."""
    notice_id, page = context.numbers(2)
    notice = drafting.get_notice(context.session, notice_id, context.speaker)
    zone = service.get_cohort(context.session, notice.cohort_id).time_zone
    found = replying.threads(context.session, notice_id)
    context.edit(letters.render_threads(notice, found, zone, page, context.t))


async def show_thread(update: Update, context: Context) -> None:
    """Show what was written to and fro with one person."""
    notice_id, person_id = context.numbers(2)
    notice = drafting.get_notice(context.session, notice_id, context.speaker)
    zone = service.get_cohort(context.session, notice.cohort_id).time_zone
    person = service.get_person(context.session, person_id)
    words = headline(list(drafting.parts_of(context.session, notice_id)), context.t, 120)
    said = replying.thread(context.session, notice_id, person_id)
    context.edit(letters.render_thread(notice, person, said, words, zone, context.t))


def _pass_on(context: Context, update: Update, notice: Notice) -> None:
    posted = replying.write_to_office(context.session, notice, _speaker(context), _text(update), context.at)
    letters.announce_reply(context.turn, posted)
    context.reply(letters.render_passed_on(posted, context.t, context.turn))


def _own(context: Context, update: Update) -> tuple[Notice, Recipient] | None:
    return _copy(context, context.numbers(1)[0])


def _copy(context: Context, notice_id: int) -> tuple[Notice, Recipient] | None:
    """The speaker's copy; for the author of a preview nothing, with a word about it."""
    try:
        return replying.find_copy(context.session, notice_id, context.speaker)
    except replying.NotForYou:
        if not _may_see(context, notice_id):
            raise
        context.answer(context.t.plain("This is only how it looks; nothing happens here."))
        return None


def _may_see(context: Context, notice_id: int) -> bool:
    try:
        drafting.get_notice(context.session, notice_id, context.speaker)
    except Refusal:
        return False
    return True


def _rebutton(context: Context, update: Update, rows: buttons.Rows) -> None:
    query = update.callback_query
    if query is not None and query.message is not None:
        call = calls.edit_buttons(context.chat_id, query.message.message_id, Message("", keyboard(*rows)))
        context.turn.record(call)


def _speaker(context: Context) -> Speaker:
    if context.speaker is None:
        raise NotAllowed
    return context.speaker


def _text(update: Update) -> str:
    return (update.message.text or update.message.caption or "") if update.message else ""
