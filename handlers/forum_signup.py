"""Signing up, in private: the dialogue that stops and goes on, editing, one-press seats, withdrawing. Decides nothing.

A guest is somebody who came by a call's link and is on no roster: ``context.speaker`` is nobody, and the first
questions are who they are.
"""

from dataclasses import replace
from typing import Any

from telegram import Message as Said
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.forum import drafting, entry, signing, visiting
from bot.forum.drafting import Sketch
from bot.forum.entry import Question
from bot.forum.messages import entering as words
from bot.forum.messages import seats as seat_words
from bot.forum.messages import signup as pages
from bot.forum.messages.wording import FEATURE
from bot.forum.models import Part
from bot.forum.rules import TooLong
from bot.forum.signing import Clash, Signed
from bot.forum.slides import File
from bot.forum.visiting import Own, Visitor
from bot.guests import rules as guest_rules
from bot.guests import service as guests
from bot.guests.rules import Unfit
from handlers.start import PRIVATE

DIALOGUE = "forum_signup"
LINE = PRIVATE & filters.TEXT & ~filters.COMMAND
FILE = PRIVATE & (filters.Document.ALL | filters.PHOTO | filters.VIDEO | filters.ANIMATION | filters.AUDIO)
ANYTHING = PRIVATE & ~filters.COMMAND


class Step(State):
    """What the dialogue waits for: words, a phone number, words or a file, a button."""

    WORDS = "words"
    PHONE = "phone"
    NEEDS = "needs"
    BUTTON = "button"


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
    return _begin(context, call_id, Part.SPEAKER)


async def listen(update: Update, context: Context) -> NextState:
    """Take a seat: one press, or who one is first."""
    (call_id,) = context.numbers(1)
    return _begin(context, call_id, Part.LISTENER)


async def swap(update: Update, context: Context) -> NextState:
    """Give up what is at the same hour and sign up here."""
    parts = buttons.unpack(context.data)
    if len(parts) < 3 or parts[1] not in list(Part):
        raise Gone
    given_up = [buttons.number(part) for part in parts[2:]]
    return _sign_up(context, buttons.number(parts[0]), Part(parts[1]), given_up)


async def edit(update: Update, context: Context) -> NextState:
    """Change what one said."""
    (call_id,) = context.numbers(1)
    own = visiting.require_own(context.session, visitor=_visitor(context), call_id=call_id, now=context.now)
    sketch = own.sketch if own.sketch and own.sketch.is_edit else signing.sketch_of(context.session, own)
    return _ask(context, own, sketch, Question.REVIEW)


async def take_words(update: Update, context: Context) -> NextState:
    """Take an answer in words."""
    own, sketch = _standing(context)
    question = _question(context)
    answered = entry.take(sketch, question, context.text)
    if answered is None or isinstance(answered, TooLong | Unfit):
        context.reply(words.render_fault(answered, context.t))
        return None
    return _ask_next(context, own, answered)


async def take_phone(update: Update, context: Context) -> NextState:
    """Take a guest's phone number, and write the guest down."""
    own, sketch = _standing(context)
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
    own = visiting.look(context.session, visitor=_visitor(context), call_id=own.call.id, now=context.now)
    return _ask_next(context, own, sketch)


async def take_file(update: Update, context: Context) -> NextState:
    """Keep a file of slides by its id; the file itself stays with Telegram."""
    own, sketch = _standing(context)
    if update.message is None or sketch.part != Part.SPEAKER:
        return await ask_for_press(update, context)
    sketch = replace(sketch, slides=file_of(update.message), needs=sketch.needs or "")
    return _ask_next(context, own, sketch, with_file=True)


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
    own, sketch = _standing(context, call_id)
    if topic_id not in {topic.id for topic in own.call.topics}:
        raise Gone
    return _ask_next(context, own, replace(sketch, topic_id=topic_id))


async def take_nothing(update: Update, context: Context) -> NextState:
    """Nothing is needed."""
    own, sketch = _standing(context, *context.numbers(1))
    return _ask_next(context, own, replace(sketch, needs=""))


async def take_consent(update: Update, context: Context) -> NextState:
    """Others may see the name, or may not."""
    call_id, may = context.numbers(2)
    own, sketch = _standing(context, call_id)
    return _ask_next(context, own, replace(sketch, may_name=may == 1))


async def keep(update: Update, context: Context) -> NextState:
    """Leave an answer as it is."""
    own, sketch = _standing(context, *context.numbers(1))
    return _ask_next(context, own, sketch)


async def ask_again(update: Update, context: Context) -> NextState:
    """Ask one of the questions again, from the review."""
    parts = buttons.unpack(context.data)
    if len(parts) != 2 or parts[1] not in entry.AGAIN:
        raise Gone
    own, sketch = _standing(context, buttons.number(parts[0]))
    return _ask(context, own, sketch, Question(parts[1]))


async def take_slides_out(update: Update, context: Context) -> NextState:
    """Forget the file that was sent."""
    own, sketch = _standing(context, *context.numbers(1))
    return _ask(context, own, replace(sketch, slides=None), Question.REVIEW)


async def send(update: Update, context: Context) -> NextState:
    """Sign up with what was said, or save what was changed."""
    own, sketch = _standing(context, *context.numbers(1))
    if not sketch.is_edit:
        return _sign_up(context, own.call.id, Part.SPEAKER, [])
    saved = signing.change(context.session, visitor=own.visitor, call_id=own.call.id, sketch=sketch, now=context.now)
    context.edit(pages.render_call(saved, context.t, note=words.render_saved(context.t)))
    return END


async def pause(update: Update, context: Context) -> NextState:
    """Leave the dialogue; what was said is kept."""
    own, sketch = _standing(context)
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
    own = visiting.require_own(context.session, visitor=_visitor(context), call_id=call_id, now=context.now)
    context.edit(pages.render_ask_withdraw(own, context.t))


async def withdraw(update: Update, context: Context) -> None:
    """Give a place up; the next in reserve is asked."""
    (call_id,) = context.numbers(1)
    own, moved = signing.withdraw(context.session, visitor=_visitor(context), call_id=call_id, now=context.now)
    seat_words.announce_moved(context.turn, moved)
    context.answer(pages.render_withdrawn_toast(moved.is_news, context.t))
    context.edit(pages.render_call(own, context.t))


async def retire(update: Update, context: Context) -> None:
    """A button of a dialogue that is over: show how the call stands now."""
    call_id = buttons.number(next(iter(buttons.unpack(context.data)), ""))
    own = visiting.look(context.session, visitor=_visitor(context), call_id=call_id, now=context.now)
    context.edit(pages.render_call(own, context.t))


def file_of(message: Said) -> File:
    """A file as it came into the chat."""
    sent: Any = message.document or message.video or message.animation or message.audio
    kind = next(name for name in ("document", "video", "animation", "audio", "photo") if getattr(message, name))
    if message.photo and not sent:
        sent = message.photo[-1]
    name = getattr(sent, "file_name", None) or kind
    return File(kind, sent.file_id, name[:120], sent.file_size, message.chat.id, message.message_id)


def _begin(context: Context, call_id: int, part: Part) -> NextState:
    """Go on with a draft of this part, or begin one; a listener whom we know has nothing to be asked."""
    visitor = _visitor(context)
    own = visiting.require_way(context.session, visitor=visitor, call_id=call_id, part=part, at=context.at)
    if own.is_active and own.signup is not None and own.signup.part is part:
        context.edit(pages.render_call(own, context.t))
        return None
    if part is Part.LISTENER and visitor.party is not None:
        return _sign_up(context, call_id, part, [])
    sketch = own.sketch if own.sketch and own.sketch.is_begun else signing.earlier(context.session, own, part)
    sketch = (
        Sketch(part=part, guest_name=sketch.guest_name, guest_unit=sketch.guest_unit) if sketch.part != part else sketch
    )
    return _ask_next(context, own, replace(sketch, is_edit=False))


def _ask_next(context: Context, own: Own, sketch: Sketch, *, with_file: bool = False) -> NextState:
    """Ask what has no answer yet; a listener of whom all is known is signed up."""
    sketch = entry.without_foreign_topic(own.call, sketch)
    question = entry.next_question(own.call, sketch, is_known=own.visitor.party is not None)
    if question is Question.REVIEW and sketch.part == Part.LISTENER:
        return _sign_up(context, own.call.id, Part.LISTENER, [])
    return _ask(context, own, sketch, question, with_file=with_file)


def _ask(context: Context, own: Own, sketch: Sketch, question: Question, *, with_file: bool = False) -> NextState:
    """Keep the draft and put one question, in place where a button was pressed."""
    drafting.write(context.session, own.call.id, own.visitor.telegram_id, sketch, context.now)
    context.place.notes = {"call": own.call.id, "question": question}
    note = words.render_slides_note(sketch, context.t) if with_file else None
    if question is Question.REVIEW:
        context.edit(words.render_review(own, sketch, context.t, note=note))
    else:
        step = entry.progress(own.call, sketch, question, is_known=own.visitor.party is not None)
        context.edit(words.render_question(own.call, sketch, question, step, context.t))
    return _state_of(question)


def _state_of(question: Question) -> Step:
    if question in (Question.PHONE, Question.NEEDS):
        return Step(question)
    return Step.WORDS if question in entry.TYPED else Step.BUTTON


def _sign_up(context: Context, call_id: int, part: Part, given_up: list[int]) -> NextState:
    """Sign up, say how it came out, and let whoever is concerned know."""
    visitor = _visitor(context)
    sketch = drafting.read(context.session, call_id, visitor.telegram_id)
    outcome = signing.sign_up(
        context.session,
        visitor=visitor,
        call_id=call_id,
        part=part,
        sketch=sketch if sketch and sketch.part == part else None,
        instead_of=given_up,
        at=context.at,
        now=context.now,
    )
    if isinstance(outcome, Clash):
        context.edit(pages.render_clash(outcome, context.t))
        return END
    _say_signed(context, outcome)
    return END


def _say_signed(context: Context, signed: Signed) -> None:
    for moved in signed.moved:
        seat_words.announce_moved(context.turn, moved)
    context.answer(pages.render_seat_toast(signed.is_news, context.t))
    context.edit(pages.render_call(signed.own, context.t))


def _visitor(context: Context) -> Visitor:
    user = context.received.effective_user if context.received else None
    assert user is not None  # noqa: S101 - of the kinds that handlers answer
    return visiting.visitor_of(context.session, speaker=context.speaker, telegram_id=user.id)


def _standing(context: Context, call_id: int | None = None) -> tuple[Own, Sketch]:
    """The call and the draft of the open dialogue; a button of another call's dialogue is stale."""
    noted: int = context.place.notes["call"]
    if call_id is not None and call_id != noted:
        raise Gone
    own = visiting.look(context.session, visitor=_visitor(context), call_id=noted, now=context.now)
    if own.sketch is None:
        raise Gone
    return own, own.sketch


def _question(context: Context) -> Question:
    return Question(context.place.notes["question"])


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
