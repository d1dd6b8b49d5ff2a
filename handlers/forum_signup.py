"""Signing up, in private: the dialogue that stops and goes on, editing, one-press seats, withdrawing. Decides nothing.

A guest is somebody who came by a call's link and is on no roster: ``context.speaker`` is nobody, and the first
questions are who they are.
"""

from typing import Any

from msgspec.structs import replace
from telegram import Message as Said
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState
from bot.errors import Gone
from bot.forum import drafting, entry, signing, visiting
from bot.forum.entry import Question
from bot.forum.messages import entering as words
from bot.forum.messages import seats as seat_words
from bot.forum.messages import signup as pages
from bot.forum.messages.wording import FEATURE
from bot.forum.models import Part
from bot.forum.rules import TooLong
from bot.guests import rules as guest_rules
from bot.guests import service as guests
from bot.guests.rules import Unfit
from handlers.forum_entering import Step, ask, ask_next, file_of, go_on, sign_up, standing_of, visitor_of
from handlers.start import PRIVATE

DIALOGUE = "forum_signup"
LINE = PRIVATE & filters.TEXT & ~filters.COMMAND
FILE = PRIVATE & (filters.Document.ALL | filters.PHOTO | filters.VIDEO | filters.ANIMATION | filters.AUDIO)
ANYTHING = PRIVATE & ~filters.COMMAND


class _SigningUp(filters.MessageFilter):
    """Whether whoever speaks is in the middle of signing up."""

    def __init__(self, application: CohortApplication) -> None:
        super().__init__()
        self._dialogues = application.dialogues

    def filter(self, message: Said) -> bool:
        place = self._dialogues.at((message.chat.id, message.from_user.id)) if message.from_user else None
        return place is not None and place.name == DIALOGUE


def register_first(application: CohortApplication) -> None:
    """Take /cancel before the word that says that nothing was kept: here everything is."""
    application.add_handler(CommandHandler("cancel", stop, PRIVATE & _SigningUp(application)))


def register(application: CohortApplication) -> None:
    """Add the dialogue, and what its buttons do when it is over."""
    application.add_handler(_dialogue(application))
    for action, callback in (("leave", ask_withdraw), ("drop", withdraw)):
        application.add_handler(_on(action, callback))
    for action in ("pick", "none", "named", "keep", "again", "unslide", "send", "pause"):
        application.add_handler(_on(action, retire))


def _dialogue(application: CohortApplication) -> Conversation:
    return Conversation(
        DIALOGUE,
        application.dialogues,
        entry_points=[_on("join", begin), _on("listen", listen), _on("edit", edit), _on("swap", swap)],
        states={
            Step.WORDS: [MessageHandler(LINE, take_words), MessageHandler(ANYTHING, ask_for_words)],
            Step.PHONE: [MessageHandler(LINE | (PRIVATE & filters.CONTACT), take_phone)],
            Step.NEEDS: [MessageHandler(FILE, take_file), MessageHandler(LINE, take_words)],
            Step.BUTTON: [MessageHandler(FILE, take_file), MessageHandler(ANYTHING, ask_for_press)],
        },
        fallbacks=[
            _on("pick", pick),
            _on("none", take_nothing),
            _on("named", take_consent),
            _on("keep", keep),
            _on("again", ask_again),
            _on("unslide", take_slides_out),
            _on("send", send),
            _on("pause", pause),
        ],
    )


async def begin(update: Update, context: Context) -> NextState:
    """Begin to sign up as a speaker, or go on where one stopped."""
    (call_id,) = context.numbers(1)
    return go_on(context, call_id, Part.SPEAKER)


async def listen(update: Update, context: Context) -> NextState:
    """Take a seat: one press, or who one is first."""
    (call_id,) = context.numbers(1)
    return go_on(context, call_id, Part.LISTENER)


async def swap(update: Update, context: Context) -> NextState:
    """Give up what is at the same hour and sign up here."""
    parts = buttons.unpack(context.data)
    if len(parts) < 3 or parts[1] not in list(Part):
        raise Gone
    given_up = [buttons.number(part) for part in parts[2:]]
    return sign_up(context, buttons.number(parts[0]), Part(parts[1]), given_up)


async def edit(update: Update, context: Context) -> NextState:
    """Change what one said; an invited speaker is asked for it first."""
    (call_id,) = context.numbers(1)
    own = visiting.require_own(context.session, visitor=visitor_of(context), call_id=call_id, now=context.now)
    sketch = own.sketch if own.sketch and own.sketch.is_edit else signing.sketch_of(context.session, own)
    return ask_next(context, own, sketch)


async def take_words(update: Update, context: Context) -> NextState:
    """Take an answer in words."""
    own, sketch = standing_of(context)
    question = _question(context)
    answered = entry.take(sketch, question, context.text)
    if answered is None or isinstance(answered, TooLong | Unfit):
        context.reply(words.render_fault(answered, context.t))
        return None
    return ask_next(context, own, answered)


async def take_phone(update: Update, context: Context) -> NextState:
    """Take a guest's phone number, and write the guest down."""
    own, sketch = standing_of(context)
    contact = update.message.contact if update.message else None
    number = guest_rules.read_number(contact.phone_number if contact else context.text)
    if isinstance(number, Unfit):
        context.reply(words.render_fault(number, context.t))
        return None
    guests.enrol(
        context.session,
        organisation_id=own.call.organisation_id,
        telegram_id=own.visitor.telegram_id,
        name=sketch.guest_name or "",
        unit=sketch.guest_unit or "",
        phone=number,
        language=context.t.language,
        now=context.now,
    )
    own = visiting.look(context.session, visitor=visitor_of(context), call_id=own.call.id, now=context.now)
    return ask_next(context, own, sketch)


async def take_file(update: Update, context: Context) -> NextState:
    """Keep a file of slides by its id; the file itself stays with Telegram."""
    own, sketch = standing_of(context)
    if update.message is None or sketch.part != Part.SPEAKER:
        return await ask_for_press(update, context)
    sketch = replace(sketch, slides=file_of(update.message), needs=sketch.needs or "")
    return ask_next(context, own, sketch, with_file=True)


async def ask_for_words(update: Update, context: Context) -> NextState:
    """Say that words are wanted."""
    context.reply(words.render_text_please(context.t))
    return None


async def ask_for_press(update: Update, context: Context) -> NextState:
    """Say that a button is wanted."""
    context.reply(words.render_press(context.t))
    return None


async def pick(update: Update, context: Context) -> NextState:
    """Take one of the questions or cases."""
    call_id, topic_id = context.numbers(2)
    own, sketch = standing_of(context, call_id)
    if topic_id not in {topic.id for topic in own.call.topics}:
        raise Gone
    return ask_next(context, own, replace(sketch, topic_id=topic_id))


async def take_nothing(update: Update, context: Context) -> NextState:
    """Nothing is needed."""
    own, sketch = standing_of(context, *context.numbers(1))
    return ask_next(context, own, replace(sketch, needs=""))


async def take_consent(update: Update, context: Context) -> NextState:
    """Others may see the name, or may not."""
    call_id, may = context.numbers(2)
    own, sketch = standing_of(context, call_id)
    return ask_next(context, own, replace(sketch, may_name=may == 1))


async def keep(update: Update, context: Context) -> NextState:
    """Leave an answer as it is."""
    own, sketch = standing_of(context, *context.numbers(1))
    return ask_next(context, own, sketch)


async def ask_again(update: Update, context: Context) -> NextState:
    """Ask one of the questions again, from the review."""
    parts = buttons.unpack(context.data)
    if len(parts) != 2 or parts[1] not in entry.AGAIN:
        raise Gone
    own, sketch = standing_of(context, buttons.number(parts[0]))
    return ask(context, own, sketch, Question(parts[1]))


async def take_slides_out(update: Update, context: Context) -> NextState:
    """Forget the file that was sent."""
    own, sketch = standing_of(context, *context.numbers(1))
    return ask(context, own, replace(sketch, slides=None), Question.REVIEW)


async def send(update: Update, context: Context) -> NextState:
    """Sign up with what was said, or save what was changed."""
    own, sketch = standing_of(context, *context.numbers(1))
    if not sketch.is_edit:
        return sign_up(context, own.call.id, Part.SPEAKER, [])
    saved = signing.change(context.session, visitor=own.visitor, call_id=own.call.id, sketch=sketch, now=context.now)
    context.edit(pages.render_call(saved, context.t, note=words.render_saved(context.t)))
    return END


async def pause(update: Update, context: Context) -> NextState:
    """Leave the dialogue; what was said is kept."""
    own, sketch = standing_of(context)
    if sketch.is_edit:
        drafting.clear(context.session, own.call.id, own.visitor.telegram_id, context.now)
        context.edit(words.render_unchanged(own, context.t))
    else:
        context.edit(words.render_kept(own, context.t))
    return END


async def stop(update: Update, context: Context) -> None:
    """Leave the dialogue by /cancel; what was said is kept."""
    await pause(update, context)
    context.end_dialogue()


async def ask_withdraw(update: Update, context: Context) -> None:
    """Ask before a place is given up."""
    (call_id,) = context.numbers(1)
    own = visiting.require_own(context.session, visitor=visitor_of(context), call_id=call_id, now=context.now)
    context.edit(pages.render_ask_withdraw(own, context.t))


async def withdraw(update: Update, context: Context) -> None:
    """Give a place up; the next in reserve is asked."""
    (call_id,) = context.numbers(1)
    own, moved = signing.withdraw(context.session, visitor=visitor_of(context), call_id=call_id, now=context.now)
    seat_words.announce_moved(context.turn, moved)
    context.answer(pages.render_withdrawn_toast(moved.is_news, context.t))
    context.edit(pages.render_call(own, context.t))


async def retire(update: Update, context: Context) -> None:
    """A button of a dialogue that is over: show how the call stands now."""
    call_id = buttons.number(next(iter(buttons.unpack(context.data)), ""))
    own = visiting.look(context.session, visitor=visitor_of(context), call_id=call_id, now=context.now)
    context.edit(pages.render_call(own, context.t))


def _question(context: Context) -> Question:
    return Question(context.place.notes["question"])


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
