"""The steps of signing up that its dialogue goes through: which question is put, when all is known, what is said then.

Decides nothing: what comes next is ``entry``'s, and who may is ``visiting``'s.
"""

from typing import Any

from msgspec.structs import replace
from telegram import Message as Said

from bot.context import Context
from bot.conversation import END, NextState, State
from bot.errors import Gone
from bot.forum import drafting, entry, signing, visiting
from bot.forum.drafting import Sketch
from bot.forum.entry import Question
from bot.forum.messages import entering as words
from bot.forum.messages import seats as seat_words
from bot.forum.messages import signup as pages
from bot.forum.models import Part
from bot.forum.signing import Clash, Signed
from bot.forum.slides import File
from bot.forum.visiting import Own, Visitor


class Step(State):
    """What the dialogue waits for: words, a phone number, words or a file, a button."""

    WORDS = "words"
    PHONE = "phone"
    NEEDS = "needs"
    BUTTON = "button"


def go_on(context: Context, call_id: int, part: Part) -> NextState:
    """Go on with a draft of this part, or begin one; a listener whom we know has nothing to be asked."""
    visitor = visitor_of(context)
    own = visiting.require_way(context.session, visitor=visitor, call_id=call_id, part=part, at=context.at)
    if own.is_active and own.signup is not None and own.signup.part is part:
        context.edit(pages.render_call(own, context.t))
        return None
    if part is Part.LISTENER and visitor.party is not None:
        return sign_up(context, call_id, part, [])
    sketch = own.sketch if own.sketch and own.sketch.is_begun else signing.earlier(context.session, own, part)
    sketch = (
        Sketch(part=part, guest_name=sketch.guest_name, guest_unit=sketch.guest_unit) if sketch.part != part else sketch
    )
    return ask_next(context, own, replace(sketch, is_edit=False))


def ask_next(context: Context, own: Own, sketch: Sketch, *, with_file: bool = False) -> NextState:
    """Ask what has no answer yet; a listener of whom all is known is signed up."""
    sketch = entry.without_foreign_topic(own.call, sketch)
    question = entry.next_question(own.call, sketch, is_known=own.visitor.party is not None)
    if question is Question.REVIEW and sketch.part == Part.LISTENER:
        return sign_up(context, own.call.id, Part.LISTENER, [])
    return ask(context, own, sketch, question, with_file=with_file)


def ask(context: Context, own: Own, sketch: Sketch, question: Question, *, with_file: bool = False) -> NextState:
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


def sign_up(context: Context, call_id: int, part: Part, given_up: list[int]) -> NextState:
    """Sign up, say how it came out, and let whoever is concerned know."""
    visitor = visitor_of(context)
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


def standing_of(context: Context, call_id: int | None = None) -> tuple[Own, Sketch]:
    """The call and the draft of the open dialogue; a button of another call's dialogue is stale."""
    noted: int = context.place.notes["call"]
    if call_id is not None and call_id != noted:
        raise Gone
    own = visiting.look(context.session, visitor=visitor_of(context), call_id=noted, now=context.now)
    if own.sketch is None:
        raise Gone
    return own, own.sketch


def visitor_of(context: Context) -> Visitor:
    """Whoever speaks, found anew from the account."""
    user = context.received.effective_user if context.received else None
    assert user is not None  # noqa: S101 - of the kinds that handlers answer
    return visiting.visitor_of(context.session, speaker=context.speaker, telegram_id=user.id)


def file_of(message: Said) -> File:
    """A file as it came into the chat."""
    sent: Any = message.document or message.video or message.animation or message.audio
    kind = next(name for name in ("document", "video", "animation", "audio", "photo") if getattr(message, name))
    if message.photo and not sent:
        sent = message.photo[-1]
    name = getattr(sent, "file_name", None) or kind
    return File(kind, sent.file_id, name[:120], sent.file_size, message.chat.id, message.message_id)


def _say_signed(context: Context, signed: Signed) -> None:
    for moved in signed.moved:
        seat_words.announce_moved(context.turn, moved)
    context.answer(pages.render_seat_toast(signed.is_news, context.t))
    context.edit(pages.render_call(signed.own, context.t))


def _state_of(question: Question) -> Step:
    if question in (Question.PHONE, Question.NEEDS):
        return Step(question)
    return Step.WORDS if question in entry.TYPED else Step.BUTTON
