"""A coordinator changes the timetable in the chat, by buttons and typed times.

What is wanted is noted in the dialogue until it is saved, so that a restart loses nothing.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot import buttons, planning
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState
from bot.errors import Gone
from bot.outbox.calls import Message
from bot.people.models import Cohort
from bot.timetable import editing, times
from bot.timetable.editing import Plan, Wish
from bot.timetable.importing import TimetableMoved
from bot.timetable.messages import editing as words
from bot.timetable.snapshots import Snapshot
from bot.timetable.times import Meant, TimeFault
from handlers.start import PRIVATE
from handlers.timetable_telling import tell

ANSWER = PRIVATE & filters.TEXT & ~filters.COMMAND


class Asking(StrEnum):
    """What the dialogue waits for."""

    WHEN = "when"
    END = "end"
    ROOM = "room"
    SPEAKER = "speaker"
    SAVE = "save"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the screen of one activity."""
    application.add_handler(_dialogue(application))
    application.add_handler(_on("one", show_activity))


def _dialogue(application: CohortApplication) -> Conversation:
    entries = (
        ("move", ask_when),
        ("length", ask_end),
        ("room", ask_room),
        ("speaker", ask_speaker),
        ("shift", take_shift),
        ("end", take_end_shift),
        ("roomof", take_known_room),
        ("nobody", take_nobody),
        ("with", take_partner),
        ("cancel", take_cancelling),
        ("restore", take_restoring),
    )
    return Conversation(
        "timetable_edit",
        application.dialogues,
        entry_points=[_on(action, callback) for action, callback in entries],
        states={
            Asking.WHEN: [MessageHandler(ANSWER, take_when)],
            Asking.END: [MessageHandler(ANSWER, take_end)],
            Asking.ROOM: [MessageHandler(ANSWER, take_room)],
            Asking.SPEAKER: [MessageHandler(ANSWER, take_speaker)],
            Asking.SAVE: [_on("save", save)],
        },
        fallbacks=[_on("one", leave), _on("save", refuse_stale)],
    )


async def show_activity(update: Update, context: Context) -> None:
    """Show one activity and what can be done with it."""
    _show_one(context)


async def leave(update: Update, context: Context) -> NextState:
    """Leave what was planned, and show the activity as it stands."""
    _show_one(context)
    return END


async def ask_when(update: Update, context: Context) -> NextState:
    """Ask for the new time."""
    cohort, one = _look(context)
    return _ask(context, words.render_ask_when(cohort, one, context.t), Asking.WHEN, one)


async def ask_end(update: Update, context: Context) -> NextState:
    """Ask for the new end."""
    cohort, one = _look(context)
    return _ask(context, words.render_ask_end(cohort, one, context.t), Asking.END, one)


async def ask_room(update: Update, context: Context) -> NextState:
    """Ask for the new room."""
    cohort, one = _look(context)
    rooms = editing.rooms_of(context.session, one.activity_id)
    return _ask(context, words.render_ask_room(cohort, one, rooms, context.t), Asking.ROOM, one)


async def ask_speaker(update: Update, context: Context) -> NextState:
    """Ask for the new speaker."""
    cohort, one = _look(context)
    return _ask(context, words.render_ask_speaker(cohort, one, context.t), Asking.SPEAKER, one)


async def take_when(update: Update, context: Context) -> NextState:
    """Take the typed time, or say why not."""
    cohort, one = _noted(context)
    zone = ZoneInfo(cohort.time_zone)
    meant = times.read_when(
        context.text,
        now=context.now,
        zone=zone,
        default_day=one.starts_at.astimezone(zone).date(),
        days=(cohort.starts_on, cohort.ends_on),
    )
    if isinstance(meant, Meant):
        return _plan(context, Wish(one.activity_id, starts_at=meant.starts_at, ends_at=meant.ends_at))
    fault = words.render_fault(meant, context.text, context.t)
    return _ask_again(context, words.render_ask_when(cohort, one, context.t, fault), Asking.WHEN)


async def take_end(update: Update, context: Context) -> NextState:
    """Take the typed end, or say why not."""
    cohort, one = _noted(context)
    ends_at = times.end_of(context.text, one.starts_at, ZoneInfo(cohort.time_zone))
    if not isinstance(ends_at, TimeFault):
        return _plan(context, Wish(one.activity_id, ends_at=ends_at))
    fault = words.render_fault(ends_at, context.text, context.t)
    return _ask_again(context, words.render_ask_end(cohort, one, context.t, fault), Asking.END)


async def take_room(update: Update, context: Context) -> NextState:
    """Take the typed room."""
    _, one = _noted(context)
    return _plan(context, Wish(one.activity_id, place=context.text))


async def take_speaker(update: Update, context: Context) -> NextState:
    """Take the typed name."""
    _, one = _noted(context)
    return _plan(context, Wish(one.activity_id, speaker=context.text))


async def take_shift(update: Update, context: Context) -> NextState:
    """Move by so many minutes."""
    activity_id, minutes = context.numbers(2)
    _, one = editing.look_at(context.session, activity_id=activity_id, speaker=context.speaker)
    return _plan(context, Wish(activity_id, starts_at=one.starts_at + timedelta(minutes=minutes)))


async def take_end_shift(update: Update, context: Context) -> NextState:
    """Make it so many minutes longer or shorter."""
    activity_id, minutes = context.numbers(2)
    _, one = editing.look_at(context.session, activity_id=activity_id, speaker=context.speaker)
    return _plan(context, Wish(activity_id, ends_at=one.ends_at + timedelta(minutes=minutes)))


async def take_known_room(update: Update, context: Context) -> NextState:
    """Take the room of another activity."""
    activity_id, other_id = context.numbers(2)
    _, other = editing.look_at(context.session, activity_id=other_id, speaker=context.speaker)
    return _plan(context, Wish(activity_id, place=other.place))


async def take_nobody(update: Update, context: Context) -> NextState:
    """Leave open who speaks."""
    return _plan(context, Wish(context.numbers(1)[0], speaker=""))


async def take_partner(update: Update, context: Context) -> NextState:
    """Swap two."""
    activity_id, other_id = context.numbers(2)
    return _plan(context, Wish(activity_id, swap_with=other_id))


async def take_cancelling(update: Update, context: Context) -> NextState:
    """Cancel it, once that is confirmed."""
    return _plan(context, Wish(context.numbers(1)[0], cancel=True))


async def take_restoring(update: Update, context: Context) -> NextState:
    """Let it take place again, once that is confirmed."""
    return _plan(context, Wish(context.numbers(1)[0], cancel=False))


async def save(update: Update, context: Context) -> NextState:
    """Write what was shown; where it would now be something else, show that first."""
    seen, wish = buttons.unpack(context.data)[-1], _wish(context)
    try:
        cohort, _ = editing.look_at(context.session, activity_id=wish.activity_id, speaker=context.speaker)
        done = tell(context, cohort.id or 0, lambda: _save(context, wish, seen))
    except TimetableMoved:
        planned = editing.plan(context.session, wish=wish, speaker=context.speaker, now=context.now)
        context.edit(words.render_moved(planned, context.t, _remarks(context, planned)))
        return Asking.SAVE
    context.edit(words.render_saved(done, context.t))
    return END


async def refuse_stale(update: Update, context: Context) -> NextState:
    """A plan that another one has replaced is not saved."""
    raise Gone


def _save(context: Context, wish: Wish, seen: str) -> Plan:
    return editing.save(context.session, wish=wish, seen=seen, speaker=context.speaker, now=context.now)


def _plan(context: Context, wish: Wish) -> NextState:
    """Show what the wish comes to, and keep it until it is saved."""
    planned = editing.plan(context.session, wish=wish, speaker=context.speaker, now=context.now)
    context.place.notes["wish"] = wish.to_json()
    message = words.render_plan(planned, context.t, _remarks(context, planned))
    if context.received is not None and context.received.callback_query is not None:
        context.edit(message)
        return Asking.SAVE
    context.retire_prompt()
    context.reply(message)
    return Asking.SAVE


def _remarks(context: Context, planned: Plan) -> planning.Remarks:
    return planning.remarks_on_edits(context.session, planned.cohort, planned.edits, context.t, context.now)


def _ask(context: Context, question: Message, state: Asking, one: Snapshot) -> NextState:
    context.edit(question)
    context.place.notes["activity"] = one.activity_id
    return state


def _ask_again(context: Context, question: Message, state: Asking) -> NextState:
    context.ask(question)
    return state


def _show_one(context: Context) -> None:
    cohort, one = _look(context)
    context.edit(words.render_activity(cohort, one, context.t))


def _look(context: Context) -> tuple[Cohort, Snapshot]:
    (activity_id,) = context.numbers(1)
    return editing.look_at(context.session, activity_id=activity_id, speaker=context.speaker)


def _noted(context: Context) -> tuple[Cohort, Snapshot]:
    activity_id = context.place.notes["activity"]
    return editing.look_at(context.session, activity_id=activity_id, speaker=context.speaker)


def _wish(context: Context) -> Wish:
    if "wish" not in context.place.notes:
        raise Gone
    return Wish.from_json(context.place.notes["wish"])


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(words.FEATURE, action))
