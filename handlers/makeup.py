"""Making up what was missed: the coordinator's offer, the person's steps, the confirmation. Decides nothing."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.hours import service as hours
from bot.hours.messages import warnings
from bot.leave import service
from bot.leave.messages import makeup as words
from bot.leave.messages.wording import MAKEUP
from bot.leave.rules import LONGEST, clean, is_reason
from bot.leave.service import MakeUpView, Moved
from bot.outbox.calls import Message
from handlers.leave import LINE


class Step(State):
    """What the dialogue waits for."""

    OFFERING = "offering"
    DONE = "done"
    NOT_YET = "not_yet"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the buttons."""
    application.add_handler(
        Conversation(
            MAKEUP,
            application.dialogues,
            entry_points=[_on("offer", begin_offer), _on("done", begin_done), _on("notyet", begin_not_yet)],
            states={
                Step.OFFERING: [_on("other", offer_other), MessageHandler(LINE, offer_task)],
                Step.DONE: [_on("plain", report_plainly), MessageHandler(LINE, report_with_line)],
                Step.NOT_YET: [MessageHandler(LINE, send_back)],
            },
            fallbacks=[_on("stop", stop)],
        )
    )
    for action, callback in (
        ("show", show),
        ("accept", accept),
        ("refuse", refuse),
        ("confirm", confirm),
        ("drop", drop),
        ("other", retire),
        ("plain", retire),
        ("stop", retire),
    ):
        application.add_handler(_on(action, callback))


async def begin_offer(update: Update, context: Context) -> NextState:
    """Ask the coordinator for a task or another activity."""
    cohort_id, person_id, activity_id = context.numbers(3)
    offering = service.show_offering(
        context.session,
        speaker=context.speaker,
        cohort_id=cohort_id,
        person_id=person_id,
        activity_id=activity_id,
        now=context.now,
    )
    context.place.notes = {"cohort": cohort_id, "person": person_id, "activity": activity_id}
    context.place.notes["prompt"] = context.reply(words.render_offering(offering, context.t))
    return Step.OFFERING


async def offer_task(update: Update, context: Context) -> NextState:
    """Offer the task that was written."""
    task = context.text
    if not is_reason(task):
        context.reply(words.render_bad_task(context.t))
        return None
    return _offer(context, task=task)


async def offer_other(update: Update, context: Context) -> NextState:
    """Offer another activity."""
    (other_id,) = context.numbers(1)
    return _offer(context, other_id=other_id)


async def accept(update: Update, context: Context) -> None:
    """Take what is offered."""
    _answer(context, accept=True)


async def refuse(update: Update, context: Context) -> None:
    """Refuse what is offered."""
    _answer(context, accept=False)


async def begin_done(update: Update, context: Context) -> NextState:
    """Ask whether there is a line to add."""
    (make_up_id,) = context.numbers(1)
    view = service.require_own_make_up(context.session, speaker=context.speaker, make_up_id=make_up_id)
    if not view.is_open:
        context.edit(words.render_for_person(view, context.t))
        return END
    context.place.notes = {"make_up": make_up_id, "prompt": context.reply(words.render_ask_done(view, context.t))}
    return Step.DONE


async def report_plainly(update: Update, context: Context) -> NextState:
    """Say that it is done."""
    return _report(context, "")


async def report_with_line(update: Update, context: Context) -> NextState:
    """Say that it is done, with a line."""
    return _report(context, context.text)


async def confirm(update: Update, context: Context) -> None:
    """Confirm that it is done: the hours return."""
    (make_up_id,) = context.numbers(1)
    moved = service.confirm(context.session, speaker=context.speaker, make_up_id=make_up_id, now=context.now)
    context.edit(words.render_for_coordinator(moved.view, context.t))
    if moved.news:
        words.tell_person(context.turn, moved.view)
        view = moved.view
        news = hours.take_news_of(context.session, view.cohort_id, view.person_id, context.now)
        warnings.announce(context.turn, *news)


async def begin_not_yet(update: Update, context: Context) -> NextState:
    """Ask what is still missing."""
    (make_up_id,) = context.numbers(1)
    view = service.require_coordinated(context.session, speaker=context.speaker, make_up_id=make_up_id)
    context.place.notes = {"make_up": make_up_id, "prompt": context.reply(words.render_ask_not_yet(view, context.t))}
    return Step.NOT_YET


async def send_back(update: Update, context: Context) -> NextState:
    """Say what is still missing."""
    line, notes = clean(context.text), context.place.notes
    if not 0 < len(line) <= LONGEST:
        context.reply(words.render_bad_task(context.t))
        return None
    moved = service.send_back(
        context.session, speaker=context.speaker, make_up_id=notes["make_up"], line=line, now=context.now
    )
    return _finish(context, moved, tells_person=True)


async def drop(update: Update, context: Context) -> None:
    """Take an offer back."""
    (make_up_id,) = context.numbers(1)
    moved = service.withdraw_offer(context.session, speaker=context.speaker, make_up_id=make_up_id, now=context.now)
    context.edit(words.render_for_coordinator(moved.view, context.t))
    if moved.news:
        words.tell_person(context.turn, moved.view)


async def show(update: Update, context: Context) -> None:
    """Show where a make-up stands, to either side."""
    (make_up_id,) = context.numbers(1)
    view = service.show_make_up(context.session, speaker=context.speaker, make_up_id=make_up_id)
    context.edit(_render(context, view))


async def stop(update: Update, context: Context) -> NextState:
    """Leave the dialogue."""
    context.edit(words.render_left(context.t))
    return END


async def retire(update: Update, context: Context) -> None:
    """A button of a dialogue that is over."""
    raise Gone


def _offer(context: Context, *, task: str = "", other_id: int | None = None) -> NextState:
    notes = context.place.notes
    view = service.offer(
        context.session,
        speaker=context.speaker,
        cohort_id=notes["cohort"],
        person_id=notes["person"],
        activity_id=notes["activity"],
        task=task,
        other_id=other_id,
        now=context.now,
    )
    context.turn.edit(context.chat_id, notes["prompt"], words.render_for_coordinator(view, context.t))
    words.tell_person(context.turn, view)
    return END


def _answer(context: Context, *, accept: bool) -> None:
    (make_up_id,) = context.numbers(1)
    moved = service.answer_offer(
        context.session, speaker=context.speaker, make_up_id=make_up_id, accept=accept, now=context.now
    )
    context.edit(words.render_for_person(moved.view, context.t))
    words.announce(context.turn, moved)


def _report(context: Context, note: str) -> NextState:
    moved = service.report_done(
        context.session,
        speaker=context.speaker,
        make_up_id=context.place.notes["make_up"],
        note=note,
        now=context.now,
    )
    return _finish(context, moved, tells_person=False)


def _finish(context: Context, moved: Moved, *, tells_person: bool) -> NextState:
    context.turn.edit(context.chat_id, context.place.notes["prompt"], _render(context, moved.view))
    if tells_person and moved.news:
        words.tell_person(context.turn, moved.view)
    else:
        words.announce(context.turn, moved)
    return END


def _render(context: Context, view: MakeUpView) -> Message:
    is_own = context.speaker is not None and context.speaker.person_id == view.person_id
    return words.render_for_person(view, context.t) if is_own else words.render_for_coordinator(view, context.t)


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(MAKEUP, action))
