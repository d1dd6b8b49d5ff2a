"""A coordinator changes how many places a call has, or deletes a slot; where people hold them, a choice is shown first.

Whoever presses is asked anew by the service.
"""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.forum import capacity, entrants, slots
from bot.forum.capacity import Changed, NotANumberOfPlaces, TooFew
from bot.forum.messages import rooms as words
from bot.forum.messages import seats as seat_words
from bot.forum.messages.seat_wording import FEATURE, part_of
from bot.forum.models import Part
from bot.forum.slots import SlotGone, SlotHeld
from bot.forum.views import view_of
from bot.outbox.calls import Message
from bot.people import access
from handlers.leave import LINE

LONGEST = 9


class Step(State):
    """What the dialogue waits for."""

    NUMBER = "number"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the buttons."""
    application.add_handler(
        Conversation(
            "forum_rooms",
            application.dialogues,
            entry_points=[CallbackQueryHandler(ask_number, buttons.pattern(FEATURE, "number"))],
            states={Step.NUMBER: [MessageHandler(LINE, take_number)]},
        )
    )
    for action, callback in (
        ("room", show_room),
        ("set", set_number),
        ("keep", keep_everybody),
        ("fewer", choose_who_goes),
        ("holders", show_holders),
        ("slot", delete_slot),
        ("slotmove", move_holder),
        ("slotgo", let_go_for_slot),
        ("slotwho", show_slot_others),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def show_room(update: Update, context: Context) -> None:
    """How many places there are."""
    call_id, code = context.numbers(2)
    context.edit(_room(context, call_id, _part(code)))


async def set_number(update: Update, context: Context) -> None:
    """Set the number of places, or show the choice where more are taken."""
    call_id, code, to = context.numbers(3)
    context.edit(_set(context, call_id, _part(code), to))


async def ask_number(update: Update, context: Context) -> NextState:
    """Ask for the number of places."""
    call_id, code = context.numbers(2)
    call = view_of(context.session, call_id, context.now)
    access.require_coordinator(context.session, context.speaker, call.cohort_id)
    context.place.notes = {"call": call_id, "part": _part(code)}
    context.reply(words.render_ask_number(call, context.t))
    return Step.NUMBER


async def take_number(update: Update, context: Context) -> NextState:
    """Set the number that was typed; anything else is asked for again."""
    typed = context.text.strip()
    if not typed.isdecimal() or len(typed) > LONGEST:
        raise NotANumberOfPlaces
    context.reply(_set(context, context.place.notes["call"], Part(context.place.notes["part"]), int(typed)))
    return END


async def keep_everybody(update: Update, context: Context) -> None:
    """Lower the number and let it shrink as people leave."""
    call_id, code, to = context.numbers(3)
    _keep(context, call_id, _part(code), to)
    context.edit(_room(context, call_id, _part(code)))


async def choose_who_goes(update: Update, context: Context) -> None:
    """Lower the number and show who has a place."""
    call_id, code, to = context.numbers(3)
    _keep(context, call_id, _part(code), to)
    context.edit(_holders(context, call_id, _part(code), 0))


async def show_holders(update: Update, context: Context) -> None:
    """Who has a place, to choose who goes."""
    call_id, code, page = context.numbers(3)
    context.edit(_holders(context, call_id, _part(code), page))


async def delete_slot(update: Update, context: Context) -> None:
    """Delete a slot, or show the choice where somebody holds it."""
    (slot_id,) = context.numbers(1)
    done = slots.delete_slot(context.session, speaker=context.speaker, slot_id=slot_id, now=context.now)
    if isinstance(done, SlotHeld):
        context.edit(words.render_slot_held(_roll(context, done.call_id), done, context.t))
    else:
        _show_gone(context, done)


async def move_holder(update: Update, context: Context) -> None:
    """Delete a slot whose holder gets another free one."""
    (slot_id,) = context.numbers(1)
    _delete_held(context, slot_id, None)


async def let_go_for_slot(update: Update, context: Context) -> None:
    """Delete a slot for which somebody goes to the head of the reserve list."""
    slot_id, leaving = context.numbers(2)
    _delete_held(context, slot_id, leaving)


async def show_slot_others(update: Update, context: Context) -> None:
    """Who else could go for a slot that is deleted."""
    slot_id, page = context.numbers(2)
    held = slots.look(context.session, speaker=context.speaker, slot_id=slot_id)
    context.edit(words.render_slot_others(_roll(context, held), slot_id, page, context.t))


def _set(context: Context, call_id: int, part: Part, to: int) -> Message:
    done = capacity.change(context.session, speaker=context.speaker, call_id=call_id, part=part, to=to, now=context.now)
    if isinstance(done, TooFew):
        return words.render_too_few(view_of(context.session, call_id, context.now), done, context.t)
    _tell(context, done)
    return _room(context, call_id, part)


def _keep(context: Context, call_id: int, part: Part, to: int) -> None:
    _tell(
        context,
        capacity.keep(context.session, speaker=context.speaker, call_id=call_id, part=part, to=to, now=context.now),
    )


def _tell(context: Context, done: Changed) -> None:
    seat_words.announce_offers(context.turn, done.offered)
    context.answer(words.render_changed_toast(done.room, done.offered, context.t))


def _delete_held(context: Context, slot_id: int, leaving: int | None) -> None:
    done = slots.delete_held_slot(
        context.session, speaker=context.speaker, slot_id=slot_id, leaving=leaving, reason="", now=context.now
    )
    for signup_id in (done.moved, done.sent_back):
        if signup_id is not None:
            seat_words.announce_standing(context.turn, signup_id)
    seat_words.announce_offers(context.turn, done.offered)
    _show_gone(context, done)


def _show_gone(context: Context, done: SlotGone) -> None:
    context.edit(words.render_slot_gone(view_of(context.session, done.call_id, context.now), context.t))


def _room(context: Context, call_id: int, part: Part) -> Message:
    room = capacity.look(context.session, speaker=context.speaker, call_id=call_id, part=part)
    may_change = access.may_change(
        context.session, context.speaker, view_of(context.session, call_id, context.now).cohort_id
    )
    return words.render_room(view_of(context.session, call_id, context.now), room, context.t, may_change=may_change)


def _holders(context: Context, call_id: int, part: Part, page: int) -> Message:
    return words.render_holders(_roll(context, call_id, part), page, context.t)


def _roll(context: Context, call_id: int, part: Part = Part.SPEAKER) -> entrants.Roll:
    roll = entrants.roll_of(context.session, speaker=context.speaker, call_id=call_id, part=part, now=context.now)
    access.require_coordinator(context.session, context.speaker, roll.call.cohort_id)
    return roll


def _part(code: int) -> Part:
    part = part_of(code)
    if part is None:
        raise Gone
    return part
