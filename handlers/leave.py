"""Asking for leave in private: the dialogue of switches, reason and photo, and one's own requests. Decides nothing."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.hours import service as hours
from bot.leave import service
from bot.leave.messages import asking as words
from bot.leave.messages import deciding
from bot.leave.messages.wording import FEATURE, data
from bot.leave.models import Kind
from bot.leave.rules import clean, is_reason
from bot.leave.service import Choices, Preview
from bot.menu import Offer
from bot.outbox import calls
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people.models import Role
from handlers.start import PRIVATE

LINE = PRIVATE & filters.TEXT & ~filters.COMMAND
PHOTO = PRIVATE & filters.PHOTO


class Step(State):
    """Where the dialogue stands."""

    CHOOSING = "choosing"
    REASON = "reason"
    REVIEW = "review"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the screens."""
    trainees = frozenset({Role.TRAINEE})
    application.menu.offer(
        Offer(21, trainees, lambda t: t.plain("📝 Leave"), lambda cohort_id: data("mine", cohort_id))
    )
    application.add_handler(_dialogue(application))
    for action, callback in (("mine", show_mine), ("own", show_own), ("withdraw", withdraw), ("photo", show_photo)):
        application.add_handler(_on(action, callback))
    for action in ("toggle", "page", "next", "why", "again", "send", "stop"):
        application.add_handler(_on(action, retire))


def _dialogue(application: CohortApplication) -> Conversation:
    again = _on("again", choose_again)
    return Conversation(
        FEATURE,
        application.dialogues,
        entry_points=[_on("ask", begin), _on("return", begin_return)],
        states={
            Step.CHOOSING: [_on("toggle", toggle), _on("page", turn_page), _on("next", ask_reason)],
            Step.REASON: [_on("why", take_saying), again, MessageHandler(LINE, take_reason)],
            Step.REVIEW: [
                _on("send", send),
                again,
                MessageHandler(PHOTO, take_photo),
                MessageHandler(PRIVATE & ~filters.COMMAND, ask_for_photo),
            ],
        },
        fallbacks=[_on("stop", stop)],
    )


async def show_mine(update: Update, context: Context) -> None:
    """Show one's own requests and what is to be made up."""
    (cohort_id,) = context.numbers(1)
    context.edit(_mine(context, cohort_id))


async def show_own(update: Update, context: Context) -> None:
    """Show one of one's own requests."""
    (request_id,) = context.numbers(1)
    request = service.require_own(context.session, context.speaker, request_id)
    context.edit(words.render_own(request, context.t))


async def withdraw(update: Update, context: Context) -> None:
    """Take a request back that nobody has decided."""
    (request_id,) = context.numbers(1)
    done = service.withdraw_request(context.session, speaker=context.speaker, request_id=request_id, now=context.now)
    if done.news:
        deciding.update_told(context.turn, done.request)
    context.answer(words.render_withdrawn_toast(context.t, news=done.news))
    context.edit(words.render_own(done.request, context.t))


async def show_photo(update: Update, context: Context) -> None:
    """Send the photo of a request to whoever may see it."""
    (request_id,) = context.numbers(1)
    photo = service.require_photo(context.session, context.speaker, request_id)
    context.turn.record(calls.send_stored(context.chat_id, "photo", photo, Message(""), Lane.REPLY))


async def begin(update: Update, context: Context) -> NextState:
    """Show the activities to ask leave from."""
    return _begin(context, Kind.LEAVE)


async def begin_return(update: Update, context: Context) -> NextState:
    """Show the activities on leave that one may come to after all."""
    return _begin(context, Kind.RETURN)


async def toggle(update: Update, context: Context) -> NextState:
    """Choose an activity, or undo it."""
    activity_id, page = context.numbers(2)
    choices, notes = _choices(context), context.place.notes
    if activity_id not in {entry.record.activity_id for entry in choices.entries}:
        context.answer(words.render_chosen_toast(context.t))
    else:
        notes["chosen"] = sorted({*notes["chosen"]} ^ {activity_id})
    return _show_choices(context, choices, page)


async def turn_page(update: Update, context: Context) -> NextState:
    """Show another page of the activities."""
    (page,) = context.numbers(1)
    return _show_choices(context, _choices(context), page)


async def choose_again(update: Update, context: Context) -> NextState:
    """Go back to the activities; what was chosen stays chosen."""
    return _show_choices(context, _choices(context), 0)


async def ask_reason(update: Update, context: Context) -> NextState:
    """Say what the choice would do, and ask why."""
    context.edit(words.render_reason(_preview(context), context.t))
    message = update.callback_query.message if update.callback_query else None
    context.place.notes["asked"] = message.message_id if message else None
    return Step.REASON


async def take_saying(update: Update, context: Context) -> NextState:
    """Take one of the usual reasons."""
    name = next(iter(buttons.unpack(context.data)), "")
    sayings = words.REASONS | {"back": words.BACK_REASON}
    if name not in sayings:
        raise Gone
    notes = context.place.notes
    notes["reason"], notes["review"] = context.t.plain(sayings[name]), notes.pop("asked", None)
    context.edit(_review(context))
    return Step.REVIEW


async def take_reason(update: Update, context: Context) -> NextState:
    """Take the person's own reason."""
    reason = context.text
    if not is_reason(reason):
        context.reply(words.render_bad_reason(context.t))
        return None
    notes = context.place.notes
    notes["reason"] = clean(reason)
    notes["review"] = notes.pop("asked", None)
    _say_review(context)
    return Step.REVIEW


async def take_photo(update: Update, context: Context) -> NextState:
    """Keep a photo's id with the request; the picture itself stays with Telegram."""
    photos = update.message.photo if update.message else ()
    context.place.notes["photo"] = photos[-1].file_id if photos else None
    _say_review(context)
    return None


async def ask_for_photo(update: Update, context: Context) -> NextState:
    """Say what fits here."""
    context.reply(words.render_send_or_photo(context.t))
    return None


async def send(update: Update, context: Context) -> NextState:
    """Send the request to whoever decides."""
    notes = context.place.notes
    request = service.send_request(
        context.session,
        speaker=context.speaker,
        cohort_id=notes["cohort"],
        kind=Kind(notes["kind"]),
        activity_ids=notes["chosen"],
        reason=notes["reason"],
        photo=notes.get("photo"),
        now=context.now,
    )
    context.edit(words.render_sent(request, context.t))
    deciding.announce_request(context.turn, request)
    return END


async def stop(update: Update, context: Context) -> NextState:
    """Leave the dialogue."""
    context.edit(words.render_left(context.place.notes["cohort"], context.t))
    return END


async def retire(update: Update, context: Context) -> None:
    """A button of a dialogue that is over."""
    raise Gone


def _begin(context: Context, kind: Kind) -> NextState:
    (cohort_id,) = context.numbers(1)
    context.place.notes = {"cohort": cohort_id, "kind": kind, "chosen": []}
    choices = _choices(context)
    context.edit(words.render_choices(choices, (), 0, context.t))
    return Step.CHOOSING if choices.entries else END


def _choices(context: Context) -> Choices:
    notes = context.place.notes
    return service.list_choices(
        context.session, speaker=context.speaker, cohort_id=notes["cohort"], kind=Kind(notes["kind"]), now=context.now
    )


def _show_choices(context: Context, choices: Choices, page: int) -> NextState:
    notes, free = context.place.notes, {entry.record.activity_id for entry in choices.entries}
    notes["chosen"] = [one for one in notes["chosen"] if one in free]
    context.edit(words.render_choices(choices, notes["chosen"], page, context.t))
    return Step.CHOOSING


def _preview(context: Context) -> Preview:
    notes = context.place.notes
    return service.preview(
        context.session,
        speaker=context.speaker,
        cohort_id=notes["cohort"],
        kind=Kind(notes["kind"]),
        activity_ids=notes["chosen"],
        now=context.now,
    )


def _review(context: Context) -> Message:
    notes = context.place.notes
    has_photo = notes.get("photo") is not None
    return words.render_review(_preview(context), notes["reason"], context.t, has_photo=has_photo)


def _say_review(context: Context) -> None:
    """Show the review anew, and take the buttons off the one before."""
    notes = context.place.notes
    if before := notes.get("review"):
        context.turn.edit(
            context.chat_id, before, Message(words.render_settled(_preview(context), notes["reason"], context.t))
        )
    notes["review"] = context.reply(_review(context))


def _mine(context: Context, cohort_id: int) -> Message:
    speaker, session = context.speaker, context.session
    account = hours.show_own(session, speaker=speaker, cohort_id=cohort_id, now=context.now)
    requests = service.own_requests(session, speaker=speaker, cohort_id=cohort_id)
    make_ups = service.own_make_ups(session, speaker=speaker, cohort_id=cohort_id)
    return words.render_mine(cohort_id, account.ledger, requests, make_ups, context.t)


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
