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
from bot.people import listing
from bot.people import service as people
from bot.people.models import Role
from bot.quiz import composing, exams, minding, openings, reading, records, service, windows
from bot.quiz.messages import announcing
from bot.quiz.messages import composing as choosing
from bot.quiz.messages import desk as words
from bot.quiz.messages.wording import FEATURE, data
from bot.quiz.models import Exam, Retake
from handlers.start import PRIVATE

STAFF = frozenset({Role.COORDINATOR, Role.TEACHER, Role.AUDITOR})
LINE = PRIVATE & filters.TEXT & ~filters.COMMAND
LAST_MINUTE = 100_000_000
LONGEST_PART = 18
FOR_EVERYBODY = 10
"""Added to the number of attempts in a button where passing does not end them."""


class Step(StrEnum):
    """What the dialogue waits for."""

    RULE = "rule"
    COUNT = "count"


def register(application: CohortApplication) -> None:
    """Add the offer, the dialogue and the buttons."""
    application.menu.offer(Offer(43, STAFF, lambda t: t.plain("🗂 Questions and tests"), lambda c: data("desk", c)))
    application.add_handler(
        Conversation(
            "quiz_desk",
            application.dialogues,
            entry_points=[_on("type", ask_rule), _on("count", ask_count)],
            states={Step.RULE: [MessageHandler(LINE, take_rule)], Step.COUNT: [MessageHandler(LINE, take_count)]},
        )
    )
    for action, callback in _ACTIONS:
        application.add_handler(_on(action, callback))


async def show_desk(update: Update, context: Context) -> None:
    """All tests of a camp."""
    cohort_id, page = _at_least(update, 1, 2)
    context.edit(_desk(context, cohort_id, page))


async def create(update: Update, context: Context) -> None:
    """A new test."""
    (cohort_id,) = _numbers(update, 1)
    title = context.t.plain("Final test")
    exam = exams.create(context.session, speaker=context.speaker, cohort_id=cohort_id, title=title, now=context.now)
    context.edit(_sheet(context, exam.id or 0))


async def show_exam(update: Update, context: Context) -> None:
    """One test."""
    (exam_id,) = _numbers(update, 1)
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
    exam_id, opens, closes = _numbers(update, 3)
    window = {"opens_at": _instant(opens), "closes_at": _instant(closes)}
    exams.change(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now, **window)
    context.edit(_sheet(context, exam_id))


async def close_later(update: Update, context: Context) -> None:
    """Let a test that is under way close later."""
    exam_id, closes = _numbers(update, 2)
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
    values = _typed(context, exam, rule, _text(update))
    if values is None:
        context.reply(choosing.render_misread(rule, context.t))
        return None
    exams.change(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now, **values)
    context.reply(_sheet(context, exam_id))
    return END


async def show_parts(update: Update, context: Context) -> None:
    """What a test takes from where."""
    (exam_id,) = _numbers(update, 1)
    context.edit(_parts(context, exam_id))


async def clear_parts(update: Update, context: Context) -> None:
    """Begin anew with the questions."""
    (exam_id,) = _numbers(update, 1)
    exams.clear_parts(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now)
    context.edit(_parts(context, exam_id))


async def choose_category(update: Update, context: Context) -> None:
    """Which category of a bank; a bank without categories goes on at once."""
    exam_id, bank_id, page = _numbers(update, 3)
    found = composing.categories(context.session, speaker=context.speaker, exam_id=exam_id, bank_id=bank_id)
    if len(found) > 1:
        context.edit(choosing.render_categories(exam_id, bank_id, found, page, context.t))
    else:
        context.edit(_difficulties(context, exam_id, bank_id, -1))


async def choose_difficulty(update: Update, context: Context) -> None:
    """How hard; where nothing is said of it, on to how many."""
    exam_id, bank_id, category = _numbers(update, 3)
    context.edit(_difficulties(context, exam_id, bank_id, category))


async def choose_count(update: Update, context: Context) -> None:
    """How many."""
    exam_id, bank_id, category, difficulty = _path(update, 4)
    context.edit(_counts(context, int(exam_id), _number(bank_id), _number(category), difficulty))


async def take_part(update: Update, context: Context) -> None:
    """Take so many questions."""
    *path, count = _path(update, 5)
    _add(context, path, _number(count))
    context.edit(_parts(context, int(path[0])))


async def ask_count(update: Update, context: Context) -> NextState:
    """Ask for another number of questions."""
    path = _path(update, 4)
    exams.require_maker(context.session, context.speaker, int(path[0]))
    context.place.notes = {"path": list(path)}
    context.reply(choosing.render_ask("count", context.t))
    return Step.COUNT


async def take_count(update: Update, context: Context) -> NextState:
    """Take the number that was typed."""
    text = _text(update).strip()
    if not (text.isdecimal() and len(text) <= 3):
        context.reply(choosing.render_misread("count", context.t))
        return None
    path = context.place.notes["path"]
    _add(context, path, int(text))
    context.reply(_parts(context, int(path[0])))
    return END


async def publish(update: Update, context: Context) -> None:
    """Publish a test."""
    (exam_id,) = _numbers(update, 1)
    exams.publish(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now)
    context.answer(words.render_published_toast(context.t))
    context.edit(_sheet(context, exam_id))


async def ask_to_cancel(update: Update, context: Context) -> None:
    """Ask before a test is withdrawn."""
    (exam_id,) = _numbers(update, 1)
    context.edit(words.render_ask_cancel(exams.require_maker(context.session, context.speaker, exam_id), context.t))


async def cancel(update: Update, context: Context) -> None:
    """Withdraw a test."""
    (exam_id,) = _numbers(update, 1)
    exam = minding.cancel(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now)
    context.edit(words.render_cancelled(exam, context.t))


async def release(update: Update, context: Context) -> None:
    """Release the answers, and tell those who took the test."""
    (exam_id,) = _numbers(update, 1)
    exam, is_new = minding.release(context.session, speaker=context.speaker, exam_id=exam_id, now=context.now)
    took = openings.who_took(context.session, exam)
    if is_new:
        announcing.announce_release(context.turn, exam, took)
        context.answer(words.render_released_toast(len(took), context.t))
    context.edit(_sheet(context, exam_id))


async def show_people(update: Update, context: Context) -> None:
    """Who may get more time."""
    exam_id, page = _numbers(update, 2)
    context.edit(_people(context, exam_id, page))


async def choose_time(update: Update, context: Context) -> None:
    """How much more time."""
    exam_id, person_id, page = _numbers(update, 3)
    exam = exams.require_maker(context.session, context.speaker, exam_id)
    profile = listing.profile(context.session, exam.cohort_id, person_id)
    extra = records.extra_minutes(context.session, exam_id, person_id)
    context.edit(words.render_time_choice(exam, person_id, profile.person.name, extra, page, context.t))


async def allow(update: Update, context: Context) -> None:
    """Give more time."""
    exam_id, person_id, minutes, page = _numbers(update, 4)
    minding.allow(
        context.session,
        speaker=context.speaker,
        exam_id=exam_id,
        person_id=person_id,
        minutes=minutes,
        now=context.now,
    )
    context.edit(_people(context, exam_id, page))


_ACTIONS = (
    ("desk", show_desk),
    ("new", create),
    ("exam", show_exam),
    ("rule", choose_rule),
    ("set", set_rule),
    ("window", set_window),
    ("later", close_later),
    ("parts", show_parts),
    ("clear", clear_parts),
    ("bank", choose_category),
    ("cat", choose_difficulty),
    ("diff", choose_count),
    ("take", take_part),
    ("publish", publish),
    ("cancel", ask_to_cancel),
    ("drop", cancel),
    ("release", release),
    ("extra", show_people),
    ("time", choose_time),
    ("allow", allow),
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


def _people(context: Context, exam_id: int, number: int) -> Message:
    exam = exams.require_maker(context.session, context.speaker, exam_id)
    page = listing.trainees_page(context.session, exam.cohort_id, number)
    extra = [
        (one.person_id, one.name, records.extra_minutes(context.session, exam_id, one.person_id)) for one in page.people
    ]
    return words.render_more_time(exam, extra, page.number, page.pages, context.t)


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


def _numbers(update: Update, count: int) -> list[int]:
    assert update.callback_query is not None  # noqa: S101 - a press
    return buttons.numbers(update.callback_query.data, count)


def _at_least(update: Update, least: int, most: int) -> list[int]:
    """The ids of a button whose last ones may be missing, which then are 0."""
    assert update.callback_query is not None  # noqa: S101 - a press
    given = len(buttons.unpack(update.callback_query.data))
    found = _numbers(update, min(max(given, least), most))
    return found + [0] * (most - len(found))


def _exam_and_rule(update: Update) -> tuple[int, str]:
    exam_id, rule = _path(update, 2)
    return int(exam_id), str(rule)


def _exam_rule_value(update: Update) -> tuple[int, str, int]:
    exam_id, rule, value = _path(update, 3)
    if not isinstance(value, int):
        raise Gone
    return int(exam_id), str(rule), value


def _path(update: Update, count: int) -> list[int | str]:
    """Ids and words of a button; the first is a number."""
    assert update.callback_query is not None  # noqa: S101 - a press
    parts = buttons.unpack(update.callback_query.data)
    if len(parts) != count or not parts[0].isdecimal() or any(len(part) > LONGEST_PART for part in parts):
        raise Gone
    return [int(part) if part.removeprefix("-").isdecimal() else part for part in parts]


def _number(part: int | str) -> int:
    if not isinstance(part, int):
        raise Gone
    return part


def _text(update: Update) -> str:
    return (update.message.text if update.message else None) or ""
