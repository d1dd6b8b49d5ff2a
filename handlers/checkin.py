"""Checking in: /checkin, the dialogue that waits for a code, scanned links, early buttons, bare codes.

Reads the update, calls one service function, words the outcome. Decides nothing.
"""

from collections.abc import Mapping, Sequence

from sqlmodel import Session
from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot import buttons, codes
from bot.checkin import rules, service
from bot.checkin.messages import trainee
from bot.checkin.messages.wording import FEATURE
from bot.checkin.outcomes import (
    Claim,
    NotACode,
    NotEnrolled,
    NotYours,
    OldCode,
    OtherActivity,
    Outcome,
    Pressed,
    Scanned,
    SlowDown,
    TooEarly,
    Typed,
    WrongCode,
)
from bot.checkin.rules import PAYLOAD_PREFIX
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import NotLinked
from bot.outbox.calls import Message
from handlers import (
    checkin_desk,
    checkin_gate,
    checkin_leaving,
    checkin_paper,
    checkin_places,
    checkin_roll,
    checkin_rules,
    checkin_walk_ins,
    lecture_arrivals,
)
from handlers.lecture_arrivals import Visited

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
EARLY = buttons.pattern(FEATURE, "now")
LONGEST_NUMBER = 18
RETRY = (NotACode, WrongCode, OldCode, OtherActivity, SlowDown)


class Step(State):
    """Where the dialogue stands."""

    AWAITING_CODE = "awaiting_code"


class _BareCode(filters.MessageFilter):
    """Text that has the shape of a check-in code."""

    def filter(self, message: object) -> bool:
        return codes.is_code(getattr(message, "text", None) or "", codes.CHECKIN_LENGTH)


def register(application: CohortApplication) -> None:
    """Add the dialogue, scanned links, early buttons, and the coordinator's desk."""
    scanned = PRIVATE & filters.Regex(rf"^/start(@\w+)?\s+{PAYLOAD_PREFIX}")
    application.add_handler(CommandHandler("start", receive_scan, scanned))
    application.add_handler(CallbackQueryHandler(receive_press, EARLY))
    application.foresight.append(foresee)
    for module in (checkin_leaving, checkin_gate, checkin_desk, checkin_roll, checkin_rules):
        module.register(application)
    for module in (checkin_paper, checkin_walk_ins, checkin_places):
        module.register(application)
    application.add_handler(
        Conversation(
            FEATURE,
            application.dialogues,
            entry_points=[
                CommandHandler("checkin", begin, PRIVATE),
                CallbackQueryHandler(ask, buttons.pattern(FEATURE, "start")),
            ],
            states={Step.AWAITING_CODE: [MessageHandler(PRIVATE & filters.TEXT & ~filters.COMMAND, receive_code)]},
            fallbacks=[CallbackQueryHandler(cancel, buttons.pattern(FEATURE, "cancel"))],
        )
    )


def foresee(session: Session, events: Sequence[object], people: Mapping[int, int]) -> None:
    """Read at once what all the scans and presses of a batch are about."""
    updates = [event for event in events if isinstance(event, Update)]
    found = [(event.effective_user, _activity_of(event)) for event in updates]
    known = [(people[user.id], number) for user, number in found if user and number and user.id in people]
    service.expect_arrivals(session, known)


def _activity_of(update: Update) -> int | None:
    """The activity that a scan or a press is about."""
    if update.callback_query is not None:
        data = update.callback_query.data or ""
        number = next(iter(buttons.unpack(data)), "") if EARLY(data) else ""
        return int(number) if number.isdecimal() and len(number) <= LONGEST_NUMBER else None
    scan = rules.read_payload(_text(update).partition(" ")[2])
    return scan.activity_id if scan else None


def register_last(application: CohortApplication) -> None:
    """Add bare codes, which must not take the answers that other dialogues wait for."""
    application.add_handler(MessageHandler(PRIVATE & filters.TEXT & _BareCode(), receive_bare_code))


async def begin(update: Update, context: Context) -> NextState:
    """Coordinators get their desk, everybody else the question for the code."""
    if checkin_desk.show(context):
        _close_prompt(context)
        return END
    return _ask(context)


async def ask(update: Update, context: Context) -> NextState:
    """Ask for the code."""
    return _ask(context)


async def receive_code(update: Update, context: Context) -> NextState:
    """Take a code in the dialogue; a wrong one leaves it open."""
    outcome = _record(context, Typed(context.text))
    if isinstance(outcome, RETRY):
        context.reply(_words(context, outcome))
        return None
    _finish(context, outcome)
    return END


async def cancel(update: Update, context: Context) -> NextState:
    """Leave the dialogue; the prompt becomes the way back."""
    context.edit(trainee.render_left(context.t))
    return END


async def receive_bare_code(update: Update, context: Context) -> None:
    """Take a code typed outside any dialogue."""
    context.reply(_words(context, _record(context, Typed(context.text))))


async def receive_scan(update: Update, context: Context) -> None:
    """Take ``/start`` with the payload behind the projector's QR code."""
    await receive_deep_link(update, context, "".join(context.args or ()))


async def receive_deep_link(update: Update, context: Context, payload: str) -> bool:
    """Take a deep link's payload; ``False`` where it is none of check-in's."""
    if not payload.startswith(PAYLOAD_PREFIX):
        return False
    _finish(context, _record(context, Scanned(payload)))
    context.end_dialogue()
    return True


async def receive_press(update: Update, context: Context) -> None:
    """Take the button of somebody who came early."""
    activity_id, mac = checkin_leaving.read_mac(context)
    outcome = _press(context, Pressed(activity_id, mac))
    toast = trainee.render_toast(outcome, context.t)
    context.answer(toast, alert=isinstance(outcome, TooEarly | NotYours))
    if not isinstance(outcome, TooEarly | NotYours):
        context.edit(trainee.render_outcome(outcome, context.t, context.now))


def _ask(context: Context) -> NextState:
    asked = lecture_arrivals.ask(context) if context.speaker is None else None
    if asked is not None:
        context.reply(asked)
        return END
    found = service.open_now(context.session, speaker=context.speaker, now=context.now)
    if not found.waiting and not found.leaving:
        context.reply(trainee.render_nothing_to_do(found, context.t, context.now))
        return END
    _close_prompt(context)
    context.place.notes = {
        "prompt": context.reply(trainee.render_prompt(found, context.t)),
        "answered": trainee.render_prompt(found, context.t, open_buttons=False).text,
    }
    return Step.AWAITING_CODE


def _record(context: Context, claim: Claim) -> Outcome | Visited:
    """What a claim comes to; one of somebody on no roster may be about a call that they have come to."""
    if context.speaker is None:
        visited = lecture_arrivals.visit(context, claim)
        if visited is None:
            raise NotLinked
        return visited
    outcome = _press(context, claim)
    if isinstance(outcome, NotEnrolled | OtherActivity):
        return lecture_arrivals.visit(context, claim) or outcome
    return outcome


def _press(context: Context, claim: Claim) -> Outcome:
    return service.record_arrival(
        context.session,
        speaker=context.speaker,
        claim=claim,
        at=context.at,
        received_at=context.received_at,
        now=context.now,
        source=context.turn.cause,
    )


def _finish(context: Context, outcome: Outcome | Visited) -> None:
    _close_prompt(context)
    context.reply(_words(context, outcome))


def _words(context: Context, outcome: Outcome | Visited) -> Message:
    if isinstance(outcome, Visited):
        return lecture_arrivals.render(context, outcome)
    return trainee.render_outcome(outcome, context.t, context.now)


def _close_prompt(context: Context) -> None:
    """Take the buttons off the prompt, if the dialogue is ours and has one."""
    place = context.place
    if place.name == FEATURE and "prompt" in place.notes:
        context.turn.edit(context.chat_id, place.notes["prompt"], Message(place.notes["answered"]))


def _text(update: Update) -> str:
    return (update.message.text if update.message else None) or ""
