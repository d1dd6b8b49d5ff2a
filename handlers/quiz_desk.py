"""The desk of coordinators and teachers: making a test, publishing it, more time, closing, releasing the answers.

Whoever presses is asked anew by the service; what has to be typed is typed in one small dialogue.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState
from bot.errors import Gone
from bot.menu import Offer
from bot.outbox.calls import Message
from bot.people import service as people
from bot.people.models import Role
from bot.quiz import composing, exams, minding, openings, reading, service, windows
from bot.quiz.messages import announcing
from bot.quiz.messages import composing as choosing
from bot.quiz.messages import desk as words
from bot.quiz.messages.wording import FEATURE, data
from bot.quiz.models import Exam, Retake
from handlers import quiz_parts, quiz_time
from handlers.quiz_parts import path_of
from handlers.start import PRIVATE

STAFF = frozenset({Role.COORDINATOR, Role.TEACHER, Role.AUDITOR})
LINE = PRIVATE & filters.TEXT & ~filters.COMMAND
LAST_MINUTE = 100_000_000
FOR_EVERYBODY = 10
"""Added to the number of attempts in a button where passing does not end them."""


class Step(StrEnum):
    """What the dialogue waits for."""

    RULE = "rule"


def register(application: CohortApplication) -> None:
    """Add the offer, the dialogue and the buttons."""
    application.menu.offer(Offer(43, STAFF, lambda t: t.plain("🗂 Questions and tests"), lambda c: data("desk", c)))
    application.add_handler(
        Conversation(
            "quiz_desk",
            application.dialogues,
            entry_points=[_on("type", ask_rule)],
            states={Step.RULE: [MessageHandler(LINE, take_rule)]},
        )
    )
    for action, callback in _ACTIONS:
        application.add_handler(_on(action, callback))
    quiz_parts.register(application)
    quiz_time.register(application)


async def show_desk(update: Update, context: Context) -> None:
    """All tests of a camp."""
    cohort_id, page = _at_least(context, 1, 2)
    context.edit(_desk(context, cohort_id, page))


async def create(update: Update, context: Context) -> None:
    """A new test."""
    (cohort_id,) = context.numbers(1)
    title = context.t.plain("Final test")
    exam = exams.create(context.session, speaker=context.speaker, cohort_id=cohort_id, title=title, now=context.now)
    context.edit(_sheet(context, exam.id or 0))


async def show_exam(update: Update, context: Context) -> None:
    """One test."""
    (exam_id,) = context.numbers(1)
    context.edit(_sheet(context, exam_id))


async def choose_rule(update: Update, context: Context) -> None:
    """Offer the values of a rule."""
    exam_id, rule = _exam_and_rule(update)
    exam = exams.require_maker(context.session, context.speaker, exam_id)
    sheet = composing.sheet(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now)
    offered = composing.windows_for(context.session, exam, context.now, later=rule == "later")
    context.edit(choosing.render_choice(sheet, rule, context.t, offered))


async def set_rule(update: Update, context: Context) -> None:
    """Take a value that was offered."""
    exam_id, rule, value = _exam_rule_value(update)
    values = _values(rule, value)
    exams.change(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now, **values)
    context.edit(_sheet(context, exam_id))


async def set_window(update: Update, context: Context) -> None:
    """Take a window that was offered."""
    exam_id, opens, closes = context.numbers(3)
    window = {"opens_at": _instant(opens), "closes_at": _instant(closes)}
    exams.change(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now, **window)
    context.edit(_sheet(context, exam_id))


async def close_later(update: Update, context: Context) -> None:
    """Let a test that is under way close later."""
    exam_id, closes = context.numbers(2)
    exams.change(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now, closes_at=_instant(closes))
    context.edit(_sheet(context, exam_id))


async def ask_rule(update: Update, context: Context) -> NextState:
    """Ask for a value to be typed."""
    exam_id, rule = _exam_and_rule(update)
    if rule not in ("title", "window", "minutes"):
        raise Gone
    exams.require_maker(context.session, context.speaker, exam_id)
    context.place.notes = {"exam": exam_id, "rule": rule}
    context.reply(choosing.render_ask(rule, context.t))
    return Step.RULE


async def take_rule(update: Update, context: Context) -> NextState:
    """Take a value that was typed; what cannot be read is asked for again."""
    exam_id, rule = context.place.notes["exam"], context.place.notes["rule"]
    exam = exams.require_maker(context.session, context.speaker, exam_id)
    values = _typed(context, exam, rule, context.text)
    if values is None:
        context.reply(choosing.render_misread(rule, context.t))
        return None
    exams.change(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now, **values)
    context.reply(_sheet(context, exam_id))
    return END


async def publish(update: Update, context: Context) -> None:
    """Publish a test."""
    (exam_id,) = context.numbers(1)
    exams.publish(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now)
    context.answer(words.render_published_toast(context.t))
    context.edit(_sheet(context, exam_id))


async def ask_to_cancel(update: Update, context: Context) -> None:
    """Ask before a test is withdrawn."""
    (exam_id,) = context.numbers(1)
    context.edit(words.render_ask_cancel(exams.require_maker(context.session, context.speaker, exam_id), context.t))


async def cancel(update: Update, context: Context) -> None:
    """Withdraw a test."""
    (exam_id,) = context.numbers(1)
    exam = minding.cancel(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now)
    context.edit(words.render_cancelled(exam, context.t))


async def release(update: Update, context: Context) -> None:
    """Release the answers, and tell those who took the test."""
    (exam_id,) = context.numbers(1)
    exam, is_new = minding.release(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now)
    took = openings.who_took(context.session, exam)
    if is_new:
        announcing.announce_release(context.turn, exam, took)
        context.answer(words.render_released_toast(len(took), context.t))
    context.edit(_sheet(context, exam_id))


_ACTIONS = (
    ("desk", show_desk),
    ("new", create),
    ("exam", show_exam),
    ("rule", choose_rule),
    ("set", set_rule),
    ("window", set_window),
    ("later", close_later),
    ("publish", publish),
    ("cancel", ask_to_cancel),
    ("drop", cancel),
    ("release", release),
)


def _desk(context: Context, cohort_id: int, page: int) -> Message:
    found = exams.exams_of(context.session, speaker=context.speaker, cohort_id=cohort_id)
    cohort = people.get_cohort(context.session, cohort_id)
    return words.render_desk(
        cohort.name,
        cohort_id,
        found,
        context.t,
        may_change=service.may_make(context.session, context.speaker, cohort_id),
        reflections=reading.count(context.session, cohort_id),
        page=page,
    )


def _sheet(context: Context, exam_id: int) -> Message:
    sheet = composing.sheet(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now)
    return words.render_sheet(sheet, context.t)


def _values(rule: str, value: int) -> dict[str, Any]:
    match rule:
        case "minutes" if 0 <= value <= exams.MOST_MINUTES:
            return {"minutes": value or None}
        case "attempts" if 1 <= value % FOR_EVERYBODY <= max(choosing.ATTEMPTS):
            retake = Retake.ANYONE if value > FOR_EVERYBODY else Retake.FAILED
            return {"attempts": value % FOR_EVERYBODY, "retake": retake}
        case "mark" if 0 <= value <= 100:
            return {"pass_percent": value or None}
        case "drawn":
            return {"is_drawn": bool(value)}
        case "back":
            return {"can_go_back": bool(value)}
    raise Gone


def _instant(minutes: int) -> datetime:
    if not 0 <= minutes < LAST_MINUTE:
        raise Gone
    return datetime.fromtimestamp(minutes * 60, UTC)


def _typed(context: Context, exam: Exam, rule: str, text: str) -> dict[str, Any] | None:
    match rule:
        case "title":
            title = " ".join(text.split())
            return {"title": title} if 0 < len(title) <= exams.LONGEST_TITLE else None
        case "minutes":
            is_number = text.strip().isdecimal() and 1 <= int(text.strip()[:5]) <= exams.MOST_MINUTES
            return {"minutes": int(text.strip())} if is_number else None
    zone = people.get_cohort(context.session, exam.cohort_id).time_zone
    window = windows.parse(text, context.now, ZoneInfo(zone))
    return {"opens_at": window[0], "closes_at": window[1]} if window else None


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))


def _at_least(context: Context, least: int, most: int) -> list[int]:
    """The ids of a button whose last ones may be missing, which then are 0."""
    given = len(buttons.unpack(context.data))
    found = context.numbers(min(max(given, least), most))
    return found + [0] * (most - len(found))


def _exam_and_rule(update: Update) -> tuple[int, str]:
    exam_id, rule = path_of(update, 2)
    return int(exam_id), str(rule)


def _exam_rule_value(update: Update) -> tuple[int, str, int]:
    exam_id, rule, value = path_of(update, 3)
    if not isinstance(value, int):
        raise Gone
    return int(exam_id), str(rule), value
