"""A coordinator's decisions about the places of a call: marks and the answer to all, single decisions with a reason.

Whoever presses is asked anew by the service; a reason that has to be typed goes through one small dialogue.
"""

from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.forum import capacity, choosing, entrants, turns
from bot.forum.choosing import Mark, NothingToChoose
from bot.forum.messages import deciding
from bot.forum.messages import places as words
from bot.forum.messages import rooms as room_words
from bot.forum.messages import seats as seat_words
from bot.forum.messages import turns as turn_words
from bot.forum.messages.seat_wording import FEATURE, part_of
from bot.forum.models import Part
from bot.forum.views import CallView, view_of
from bot.outbox.calls import Document, Message
from bot.people import access
from handlers.leave import LINE

REASONED = ("give", "drop", "swap", "back", "mark")
"""What can be done about a sign-up with a line that its owner reads."""


class Step(State):
    """What the dialogue waits for."""

    REASON = "reason"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the buttons."""
    application.add_handler(
        Conversation(
            "forum_desk",
            application.dialogues,
            entry_points=[CallbackQueryHandler(ask_why, buttons.pattern(FEATURE, "why"))],
            states={Step.REASON: [MessageHandler(LINE, take_why)]},
        )
    )
    for action, callback in (
        ("list", show_list),
        ("one", show_one),
        ("mark", mark),
        ("finish", ask_finish),
        ("finished", finish),
        ("others", show_others),
        ("theirs", answer_for),
        ("back", ask_back),
        ("goes", send_back),
        ("turns", show_turns),
        ("file", send_file),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def show_list(update: Update, context: Context) -> None:
    """Everybody who signed up to one part of a call."""
    call_id, code, page = context.numbers(3)
    context.edit(_list(context, call_id, part_of(code), page))


async def show_one(update: Update, context: Context) -> None:
    """One entrant."""
    (signup_id,) = context.numbers(1)
    context.edit(_one(context, signup_id))


async def mark(update: Update, context: Context) -> None:
    """Note what is intended for an entrant; the same mark again takes it away."""
    signup_id, number = context.numbers(2)
    if not 0 <= number < len(Mark):
        raise Gone
    _, one = _find(context, signup_id)
    wanted = list(Mark)[number]
    to = None if one.mark is wanted else wanted
    choosing.mark(context.session, speaker=context.speaker, signup_id=signup_id, to=to, reason=None, now=context.now)
    context.edit(_one(context, signup_id))


async def ask_finish(update: Update, context: Context) -> None:
    """Show what everybody will be told, before they are."""
    (call_id,) = context.numbers(1)
    roll = _roll(context, call_id, Part.SPEAKER)
    access.require_coordinator(context.session, context.speaker, roll.call.cohort_id)
    if not words.is_choosing(roll):
        raise NothingToChoose
    context.edit(words.render_finish(roll, context.t))


async def finish(update: Update, context: Context) -> None:
    """Answer everybody."""
    (call_id,) = context.numbers(1)
    finished = choosing.finish(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    seat_words.announce_settled(context.turn, call_id, finished.answers)
    context.answer(deciding.render_finished_toast(finished, context.t))
    context.edit(_list(context, call_id, Part.SPEAKER, 0))


async def show_others(update: Update, context: Context) -> None:
    """In whose place somebody shall be confirmed."""
    signup_id, page = context.numbers(2)
    roll, one = _find(context, signup_id)
    access.require_coordinator(context.session, context.speaker, roll.call.cohort_id)
    context.edit(words.render_others(roll, one, page, context.t))


async def answer_for(update: Update, context: Context) -> None:
    """Answer an offer for somebody who was asked by phone."""
    signup_id, accepts = context.numbers(2)
    answered = choosing.answer_for(
        context.session, speaker=context.speaker, signup_id=signup_id, accepts=bool(accepts), now=context.at
    )
    seat_words.announce_answered(context.turn, answered)
    context.answer(deciding.render_answered_for_toast(answered, context.t))
    context.edit(_one(context, signup_id))


async def ask_back(update: Update, context: Context) -> None:
    """Ask before somebody goes to the head of the reserve list."""
    (signup_id,) = context.numbers(1)
    roll, one = _find(context, signup_id)
    access.require_coordinator(context.session, context.speaker, roll.call.cohort_id)
    context.edit(room_words.render_ask_back(roll, one, context.t))


async def send_back(update: Update, context: Context) -> None:
    """Let somebody go because there are fewer places."""
    (signup_id,) = context.numbers(1)
    _send_back(context, signup_id, "")
    roll, _ = _find(context, signup_id)
    context.edit(room_words.render_holders(roll, 0, context.t))


async def show_turns(update: Update, context: Context) -> None:
    """Who has spoken in the last two years."""
    cohort_id, page = context.numbers(2)
    found = turns.ledger(context.session, speaker=context.speaker, cohort_id=cohort_id, now=context.now)
    context.edit(turn_words.render_turns(cohort_id, found, page, context.t))


async def send_file(update: Update, context: Context) -> None:
    """The sign-up list as a workbook."""
    (call_id,) = context.numbers(1)
    access.require_reader(context.session, context.speaker, _call(context, call_id).cohort_id)
    arguments = {"call_id": call_id, "language": context.t.language, "now": context.now.isoformat()}
    context.turn.send_document(context.chat_id, Document("forum_list", arguments))


async def ask_why(update: Update, context: Context) -> NextState:
    """Ask for the line that goes with a decision."""
    action, *ids = buttons.unpack(context.data)
    if action not in REASONED or len(ids) != 1 + (action == "swap"):
        raise Gone
    numbers = [buttons.number(one) for one in ids]
    roll, one = _find(context, numbers[0])
    access.require_coordinator(context.session, context.speaker, roll.call.cohort_id)
    context.place.notes = {"action": action, "ids": numbers}
    context.reply(deciding.render_ask_why(one, action, context.t))
    return Step.REASON


async def take_why(update: Update, context: Context) -> NextState:
    """Decide with the line that was typed; one that is too long is asked for again."""
    action, ids, reason = context.place.notes["action"], context.place.notes["ids"], context.text
    if not 0 < len(" ".join(reason.split())) <= choosing.LONGEST:
        context.reply(deciding.render_bad_reason(context.t))
        return None
    _decide(context, action, ids, reason)
    context.reply(_one(context, ids[0]))
    return END


def _decide(context: Context, action: str, ids: list[int], reason: str) -> None:
    given: dict[str, Any] = {"speaker": context.speaker, "signup_id": ids[0], "reason": reason, "now": context.now}
    if action == "give":
        seat_words.announce_decided(context.turn, choosing.give(context.session, **given))
    elif action == "drop":
        seat_words.announce_decided(context.turn, choosing.drop(context.session, **given))
    elif action == "swap":
        changed = choosing.exchange(context.session, instead_of=ids[1], **given)
        seat_words.announce_decided(context.turn, changed.into)
        seat_words.announce_decided(context.turn, changed.out)
    elif action == "back":
        _send_back(context, ids[0], reason)
    else:
        _, one = _find(context, ids[0])
        choosing.mark(context.session, to=one.mark, **given)


def _send_back(context: Context, signup_id: int, reason: str) -> None:
    capacity.send_back(context.session, speaker=context.speaker, signup_id=signup_id, reason=reason, now=context.now)
    seat_words.announce_standing(context.turn, signup_id)


def _list(context: Context, call_id: int, part: Part | None, page: int) -> Message:
    if part is None:
        raise Gone
    roll = _roll(context, call_id, part)
    return words.render_roll(roll, page, context.t, may_change=_may_change(context, roll.call.cohort_id))


def _one(context: Context, signup_id: int) -> Message:
    roll, one = _find(context, signup_id)
    return words.render_entrant(roll, one, context.t, may_change=_may_change(context, roll.call.cohort_id))


def _roll(context: Context, call_id: int, part: Part) -> entrants.Roll:
    return entrants.roll_of(context.session, speaker=context.speaker, call_id=call_id, part=part, now=context.now)


def _find(context: Context, signup_id: int) -> tuple[entrants.Roll, entrants.Entrant]:
    return entrants.find(context.session, speaker=context.speaker, signup_id=signup_id, now=context.now)


def _call(context: Context, call_id: int) -> CallView:
    return view_of(context.session, call_id, context.now)


def _may_change(context: Context, cohort_id: int) -> bool:
    return access.may_change(context.session, context.speaker, cohort_id)
