"""Objecting to a record: the trainee's one line, the coordinators' answer.

Whoever presses is checked anew by the service; what is right is decided there.
"""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.checkin import appeals, roll
from bot.checkin.messages import appeals as words
from bot.checkin.messages.appeals import FEATURE
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.menu import Offer
from bot.people import access
from bot.people import service as people
from bot.people.models import Role

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
LINE = PRIVATE & filters.TEXT & ~filters.COMMAND
ORDER = 18


class Step(State):
    """What the dialogue waits for."""

    SAYING = "saying"
    ANSWERING = "answering"


def register(application: CohortApplication) -> None:
    """Add the dialogue, the buttons, and the coordinators' way to what waits."""
    application.add_handler(
        Conversation(
            FEATURE,
            application.dialogues,
            entry_points=[
                CallbackQueryHandler(begin, buttons.pattern(FEATURE, "begin")),
                CallbackQueryHandler(begin_decline, buttons.pattern(FEATURE, "decline")),
            ],
            states={
                Step.SAYING: [
                    CallbackQueryHandler(receive_saying, buttons.pattern(FEATURE, "say")),
                    MessageHandler(LINE, receive_line),
                ],
                Step.ANSWERING: [MessageHandler(LINE, receive_answer)],
            },
            fallbacks=[CallbackQueryHandler(stop, buttons.pattern(FEATURE, "stop"))],
        )
    )
    for action, callback in (
        ("accept", accept),
        ("back", take_back),
        ("show", show),
        ("list", show_list),
        ("stop", retire),
        ("say", retire),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))
    application.menu.offer(
        Offer(
            ORDER,
            frozenset({Role.COORDINATOR, Role.AUDITOR}),
            lambda t: t.plain("✋ Appeals"),
            lambda cohort_id: words.data("list", cohort_id),
            lambda session, person_id, cohort_id, now: bool(appeals.open_appeals(session, cohort_id)),
        )
    )


async def begin(update: Update, context: Context) -> NextState:
    """Show the record and ask what is wrong with it; what was already said is shown instead."""
    (activity_id,) = context.numbers(1)
    mark = roll.show_own(context.session, speaker=context.speaker, activity_id=activity_id)
    said = appeals.open_appeal(context.session, activity_id=activity_id, person_id=mark.attendee.person_id)
    if said is not None:
        context.reply(words.render_own(said, context.t))
        return END
    context.place.notes = {
        "activity": activity_id,
        "prompt": context.reply(words.render_ask(mark, context.t)),
        "asked": words.render_asked(mark, context.t).text,
    }
    return Step.SAYING


async def receive_saying(update: Update, context: Context) -> NextState:
    """Take one of the usual sentences."""
    name = next(iter(buttons.unpack(context.data)), "")
    if name not in words.SAYINGS:
        raise Gone
    return _make(context, context.t.plain(words.SAYINGS[name]))


async def receive_line(update: Update, context: Context) -> NextState:
    """Take the person's own line."""
    return _make(context, context.text)


async def begin_decline(update: Update, context: Context) -> NextState:
    """Ask a coordinator why the record stays; somebody else's answer is shown instead."""
    (appeal_id,) = context.numbers(1)
    appeal = appeals.require_answerable(context.session, speaker=context.speaker, appeal_id=appeal_id)
    if not appeal.is_open:
        context.edit(words.render_closed(appeal, context.t))
        return END
    question = words.render_ask_why(appeal, context.t)
    context.place.notes = {"appeal": appeal_id}
    context.ask(question)
    return Step.ANSWERING


async def receive_answer(update: Update, context: Context) -> NextState:
    """Take the line and tell it to whoever objected."""
    appeal_id = context.place.notes["appeal"]
    answered = appeals.decline(
        context.session, speaker=context.speaker, appeal_id=appeal_id, line=context.text, now=context.now
    )
    context.retire_prompt()
    context.reply(words.render_closed(answered.appeal, context.t))
    if answered.news:
        words.announce_answer(context.turn, answered.appeal)
    return END


async def stop(update: Update, context: Context) -> NextState:
    """Leave the dialogue."""
    context.edit(words.render_left(context.t))
    return END


async def retire(update: Update, context: Context) -> None:
    """A button of a dialogue that is over."""
    raise Gone


async def accept(update: Update, context: Context) -> None:
    """Change the record as the coordinator says, and tell whoever objected."""
    appeal_id, code = context.numbers(2)
    to = words.read_status(code)
    if to is None:
        raise Gone
    answered = appeals.accept(context.session, speaker=context.speaker, appeal_id=appeal_id, to=to, now=context.now)
    context.answer(words.render_toast(answered, context.t))
    context.edit(words.render_closed(answered.appeal, context.t))
    if answered.news:
        words.announce_answer(context.turn, answered.appeal, but=context.chat_id)


async def take_back(update: Update, context: Context) -> None:
    """Take one's own appeal back."""
    (appeal_id,) = context.numbers(1)
    answered = appeals.withdraw(context.session, speaker=context.speaker, appeal_id=appeal_id, now=context.now)
    context.edit(words.render_own(answered.appeal, context.t))
    if answered.news:
        words.announce_answer(context.turn, answered.appeal)


async def show(update: Update, context: Context) -> None:
    """Show an appeal: to a coordinator with what can be answered, to whoever made it with where it stands."""
    (appeal_id,) = context.numbers(1)
    appeal = appeals.show_appeal(context.session, speaker=context.speaker, appeal_id=appeal_id)
    speaker = context.speaker
    if speaker is None or speaker.person_id == appeal.person_id:
        context.edit(words.render_own(appeal, context.t))
        return
    may_answer = speaker.is_operator or Role.COORDINATOR in access.roles_in(
        context.session, speaker.person_id, appeal.activity.cohort_id
    )
    context.edit(words.render_request(appeal, context.t, may_answer=may_answer))


async def show_list(update: Update, context: Context) -> None:
    """Show what waits in a cohort."""
    (cohort_id,) = context.numbers(1)
    access.require_reader(context.session, context.speaker, cohort_id)
    cohort = people.get_cohort(context.session, cohort_id)
    context.edit(words.render_list(appeals.open_appeals(context.session, cohort_id), cohort.name, context.t))


def _make(context: Context, said: str) -> NextState:
    appeal = appeals.make_appeal(
        context.session,
        speaker=context.speaker,
        activity_id=context.place.notes["activity"],
        said=said,
        now=context.now,
    )
    context.retire_prompt()
    context.reply(words.render_made(appeal, context.t))
    words.announce_new(context.turn, appeal)
    return END
