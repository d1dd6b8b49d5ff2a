"""Choosing which questions a test takes: bank, category, difficulty, how many; only while it is not published."""

from enum import StrEnum
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState
from bot.errors import Gone
from bot.outbox.calls import Message
from bot.quiz import composing, exams
from bot.quiz.messages import composing as choosing
from bot.quiz.messages.wording import FEATURE
from handlers.start import PRIVATE

LINE = PRIVATE & filters.TEXT & ~filters.COMMAND
LONGEST_PART = 18


class Step(StrEnum):
    """What the dialogue waits for."""

    COUNT = "count"


def register(application: CohortApplication) -> None:
    """Add the dialogue about a number, and the buttons."""
    application.add_handler(
        Conversation(
            "quiz_parts",
            application.dialogues,
            entry_points=[_on("count", ask_count)],
            states={Step.COUNT: [MessageHandler(LINE, take_count)]},
        )
    )
    for action, callback in (
        ("parts", show_parts),
        ("clear", clear_parts),
        ("bank", choose_category),
        ("cat", choose_difficulty),
        ("diff", choose_count),
        ("take", take_part),
    ):
        application.add_handler(_on(action, callback))


async def show_parts(update: Update, context: Context) -> None:
    """What a test takes from where."""
    (exam_id,) = context.numbers(1)
    context.edit(_parts(context, exam_id))


async def clear_parts(update: Update, context: Context) -> None:
    """Begin anew with the questions."""
    (exam_id,) = context.numbers(1)
    exams.clear_parts(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now)
    context.edit(_parts(context, exam_id))


async def choose_category(update: Update, context: Context) -> None:
    """Which category of a bank; a bank without categories goes on at once."""
    exam_id, bank_id, page = context.numbers(3)
    found = composing.categories(context.session, speaker=context.speaker, exam_id=exam_id, bank_id=bank_id)
    if len(found) > 1:
        context.edit(choosing.render_categories(exam_id, bank_id, found, page, context.t))
    else:
        context.edit(_difficulties(context, exam_id, bank_id, -1))


async def choose_difficulty(update: Update, context: Context) -> None:
    """How hard; where nothing is said of it, on to how many."""
    exam_id, bank_id, category = context.numbers(3)
    context.edit(_difficulties(context, exam_id, bank_id, category))


async def choose_count(update: Update, context: Context) -> None:
    """How many."""
    exam_id, bank_id, category, difficulty = path_of(update, 4)
    context.edit(_counts(context, int(exam_id), _number(bank_id), _number(category), difficulty))


async def take_part(update: Update, context: Context) -> None:
    """Take so many questions."""
    *path, count = path_of(update, 5)
    _add(context, path, _number(count))
    context.edit(_parts(context, int(path[0])))


async def ask_count(update: Update, context: Context) -> NextState:
    """Ask for another number of questions."""
    path = path_of(update, 4)
    exams.require_maker(context.session, context.speaker, int(path[0]))
    context.place.notes = {"path": list(path)}
    context.reply(choosing.render_ask("count", context.t))
    return Step.COUNT


async def take_count(update: Update, context: Context) -> NextState:
    """Take the number that was typed."""
    text = context.text.strip()
    if not (text.isdecimal() and len(text) <= 3):
        context.reply(choosing.render_misread("count", context.t))
        return None
    path = context.place.notes["path"]
    _add(context, path, int(text))
    context.reply(_parts(context, int(path[0])))
    return END


def _parts(context: Context, exam_id: int) -> Message:
    found = composing.banks_for(context.session, speaker=context.speaker, exam_id=exam_id)
    sheet = composing.sheet(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now)
    return choosing.render_parts(sheet, found, context.t)


def _difficulties(context: Context, exam_id: int, bank_id: int, category: int) -> Message:
    found = composing.categories(context.session, speaker=context.speaker, exam_id=exam_id, bank_id=bank_id)
    name = composing.category_at(found, category)
    counts = composing.difficulties(context.session, bank_id, name)
    if len(counts) <= 2:
        return _counts(context, exam_id, bank_id, category, composing.ANY)
    return choosing.render_difficulties(exam_id, bank_id, category, counts, context.t)


def _counts(context: Context, exam_id: int, bank_id: int, category: int, difficulty: int | str) -> Message:
    found = composing.categories(context.session, speaker=context.speaker, exam_id=exam_id, bank_id=bank_id)
    name = composing.category_at(found, category)
    counts = dict(composing.difficulties(context.session, bank_id, name))
    wanted = "" if difficulty == composing.ANY else str(difficulty)
    if wanted not in counts:
        raise Gone
    return choosing.render_counts(exam_id, (bank_id, category, difficulty), counts[wanted], context.t)


def _add(context: Context, path: list[int | str], count: int) -> None:
    exam_id, bank_id, category, difficulty = path
    found = composing.categories(context.session, speaker=context.speaker, exam_id=int(exam_id), bank_id=int(bank_id))
    exams.add_part(
        context.session,
        speaker=context.speaker,
        exam_id=int(exam_id),
        bank_id=_number(bank_id),
        category=composing.category_at(found, _number(category)),
        difficulty="" if difficulty == composing.ANY else str(difficulty),
        count=count,
        now=context.now,
    )


def _number(part: int | str) -> int:
    if not isinstance(part, int):
        raise Gone
    return part


def path_of(update: Update, count: int) -> list[int | str]:
    """Ids and words of a button; the first is a number."""
    assert update.callback_query is not None  # noqa: S101 - a press
    parts = buttons.unpack(update.callback_query.data)
    if len(parts) != count or not parts[0].isdecimal() or any(len(part) > LONGEST_PART for part in parts):
        raise Gone
    return [int(part) if part.removeprefix("-").isdecimal() else part for part in parts]


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
