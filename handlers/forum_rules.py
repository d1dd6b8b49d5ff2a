"""Changing the rules of a call: what is pressed, what is typed or sent, the units, the questions and their files.

Whoever presses is asked anew by the service; what has to be typed or sent goes through one small dialogue.
"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.forum import audiences, calls, rules, topics
from bot.forum.messages import calls as words
from bot.forum.messages import desk
from bot.forum.models import Audience, Choice, Part
from bot.forum.rules import TooLong
from bot.forum.views import CallView
from bot.outbox.calls import Message
from bot.timetable.times import Meant, read_when
from handlers.forum_calls import call_off, mine, number, on, path, sheet
from handlers.start import PRIVATE

LINE = PRIVATE & filters.TEXT & ~filters.COMMAND
FILE = PRIVATE & (filters.Document.ALL | filters.PHOTO)
LAST_MINUTE = 100_000_000
NUMBERS = {"slots": Part.SPEAKER, "seats": Part.LISTENER}


class Step(State):
    """What the dialogue waits for."""

    LINE = "line"
    FILE = "file"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the buttons."""
    application.add_handler(
        Conversation(
            "forum_rules",
            application.dialogues,
            entry_points=[on("type", ask)],
            states={
                Step.LINE: [MessageHandler(LINE, take_line)],
                Step.FILE: [MessageHandler(FILE, take_file), MessageHandler(PRIVATE & ~filters.COMMAND, refuse_file)],
            },
        )
    )
    for action, callback in _ACTIONS:
        application.add_handler(on(action, callback))


async def show_rules(update: Update, context: Context) -> None:
    """The rules of a call."""
    (call_id,) = context.numbers(1)
    context.edit(desk.render_rules(mine(context, call_id), context.t))


async def choose_rule(update: Update, context: Context) -> None:
    """Offer the values of one rule."""
    call_id, rule = path(context, 2)
    call = mine(context, number(call_id))
    if rule not in words.QUESTIONS:
        raise Gone
    context.edit(words.render_choice(call, rule, context.t, context.now))


async def set_rule(update: Update, context: Context) -> None:
    """Take a value that was offered."""
    call_id, rule, value = path(context, 3)
    _set(context, number(call_id), rule, number(value))
    if rule == "who" and number(value) == list(Audience).index(Audience.UNITS):
        context.edit(_units(context, number(call_id), 0))
        return
    context.edit(desk.render_rules(mine(context, number(call_id)), context.t))


async def show_units(update: Update, context: Context) -> None:
    """The units that may sign up."""
    call_id, page = context.numbers(2)
    context.edit(_units(context, call_id, page))


async def toggle_unit(update: Update, context: Context) -> None:
    """Let a unit sign up, or no longer."""
    call_id, number, page = context.numbers(3)
    call = mine(context, call_id)
    units = audiences.units_of(context.session, call.cohort_id)
    if not 0 <= number < len(units):
        raise Gone
    chosen = {*call.units} ^ {units[number]}
    calls.change(
        context.session,
        speaker=context.speaker,
        call_id=call_id,
        now=context.now,
        units=chosen,
        audience=Audience.UNITS,
    )
    context.edit(_units(context, call_id, page))


async def show_topics(update: Update, context: Context) -> None:
    """The questions or cases of a call."""
    (call_id,) = context.numbers(1)
    context.edit(words.render_topics(mine(context, call_id), context.t))


async def show_topic(update: Update, context: Context) -> None:
    """One question or case."""
    (topic_id,) = context.numbers(1)
    call = mine(context, topics.call_of(context.session, topic_id))
    topic = next(one for one in call.topics if one.id == topic_id)
    context.edit(words.render_topic(call, topic, context.t))


async def remove_topic(update: Update, context: Context) -> None:
    """Take a question away."""
    (topic_id,) = context.numbers(1)
    call = topics.remove(context.session, speaker=context.speaker, topic_id=topic_id, now=context.now)
    context.edit(words.render_topics(mine(context, call.id or 0), context.t))


async def ask(update: Update, context: Context) -> NextState:
    """Ask for what has to be typed or sent."""
    call_id, rule, topic_id = path(context, 2, 3)
    call = mine(context, number(call_id))
    if rule not in words.ASKED:
        raise Gone
    context.place.notes = {"call": call.id, "rule": rule, "topic": number(topic_id or "0")}
    context.reply(words.render_ask(call, rule, context.t))
    return Step.FILE if rule == "file" else Step.LINE


async def take_line(update: Update, context: Context) -> NextState:
    """Take what was typed; what cannot be read is asked for again."""
    notes = context.place.notes
    call = mine(context, notes["call"])
    fault = _take(context, call, notes["rule"], context.text)
    if fault is not None:
        context.reply(words.render_misread(notes["rule"], fault if isinstance(fault, TooLong) else None, context.t))
        return None
    call = mine(context, notes["call"])
    if notes["rule"] in ("topics", "topic"):
        context.reply(words.render_topics(call, context.t))
    elif notes["rule"] == "reason":
        context.reply(sheet(context, call.id))
    else:
        context.reply(desk.render_rules(call, context.t))
    return END


async def take_file(update: Update, context: Context) -> NextState:
    """Keep the file of a case: its id, the file itself stays with Telegram."""
    notes, message = context.place.notes, update.message
    assert message is not None  # noqa: S101 - the filter has seen its file
    file_id = message.document.file_id if message.document else f"photo:{message.photo[-1].file_id}"
    topics.change(context.session, speaker=context.speaker, topic_id=notes["topic"], now=context.now, file_id=file_id)
    context.reply(words.render_topics(mine(context, notes["call"]), context.t))
    return END


async def refuse_file(update: Update, context: Context) -> NextState:
    """Say that a file is wanted."""
    context.reply(words.render_misread("file", None, context.t))
    return None


_ACTIONS = (
    ("rules", show_rules),
    ("rule", choose_rule),
    ("set", set_rule),
    ("units", show_units),
    ("unit", toggle_unit),
    ("topics", show_topics),
    ("topic", show_topic),
    ("untopic", remove_topic),
)


def _units(context: Context, call_id: int, page: int) -> Message:
    call = mine(context, call_id)
    return words.render_units(call, audiences.units_of(context.session, call.cohort_id), page, context.t)


def _set(context: Context, call_id: int, rule: str, value: int) -> None:
    if rule in NUMBERS:
        calls.set_places(
            context.session,
            speaker=context.speaker,
            call_id=call_id,
            part=NUMBERS[rule],
            number=value,
            now=context.now,
        )
        return
    values = _values(rule, value)
    calls.change(context.session, speaker=context.speaker, call_id=call_id, now=context.now, **values)


def _values(rule: str, value: int) -> dict[str, Any]:
    match rule:
        case "minutes" if 1 <= value <= rules.MOST_MINUTES:
            return {"minutes": value}
        case "answer" if 1 <= value <= rules.LONGEST_ANSWER:
            return {"answer_minutes": value}
        case "who" if 0 <= value < len(Audience):
            return {"audience": list(Audience)[value]}
        case "choice" if 0 <= value < len(Choice):
            return {"choice": list(Choice)[value]}
        case "opens" | "closes" if 0 <= value < LAST_MINUTE:
            return {f"{rule}_at": datetime.fromtimestamp(value * 60, UTC)}
    raise Gone


def _take(context: Context, call: CallView, rule: str, text: str) -> TooLong | bool | None:
    """Do what was typed; what is wrong with it, or nothing."""
    if rule in ("title", "reason", "topic", "topics"):
        return _take_words(context, call, rule, text)
    if rule in ("opens", "closes"):
        found = read_when(text, now=context.now, zone=ZoneInfo(call.time_zone))
        if not isinstance(found, Meant):
            return True
        _set(context, call.id, rule, int(found.starts_at.timestamp()) // 60)
        return None
    number = text.strip()
    if not number.isdecimal() or len(number) > 6:
        return True
    try:
        _set(context, call.id, rule, int(number))
    except Gone:
        return True
    return None


def _take_words(context: Context, call: CallView, rule: str, text: str) -> TooLong | bool | None:
    found = rules.read_title(text) if rule in ("title", "reason") else rules.read_text(text)
    if not isinstance(found, str):
        return found or True
    who: dict[str, Any] = {"speaker": context.speaker, "now": context.now}
    if rule == "title":
        calls.change(context.session, call_id=call.id, title=found, **who)
    elif rule == "reason":
        call_off(context, call.id, found)
    elif rule == "topics":
        topics.add(context.session, call_id=call.id, texts=rules.read_topics(text), **who)
    else:
        topics.change(context.session, topic_id=context.place.notes["topic"], text=found, **who)
    return None
