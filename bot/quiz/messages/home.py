"""The first screen of the quiz: what is open for this person, and the way to the desk for those who look after it."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import bold, lines, paragraphs, shorten
from bot.quiz.messages.wording import act, day_and_hour
from bot.quiz.outcomes import CampOverview, Entry
from bot.quiz.rules import Bar

CAMPS = 4
TESTS = 6


def render_home(camps: Sequence[CampOverview], t: Translator) -> Message:
    """Camp by camp: the question of the day, the tests, repetition."""
    if not camps:
        return Message(t("You are in no camp yet, so there are no questions for you."))
    shown = camps[:CAMPS]
    rows = [row for camp in shown for row in _rows(camp, t)]
    text = paragraphs(t("📝 <b>Questions and tests</b>"), *(_camp(camp, t, alone=len(camps) == 1) for camp in shown))
    return Message(text, buttons.keyboard(*rows))


def render_tests(entries: Sequence[Entry], t: Translator) -> Message:
    """Ask which test."""
    rows = [[_test_button(entry)] for entry in entries[:TESTS]]
    return Message(
        paragraphs(t("📝 <b>Tests</b>"), lines(*(_test(entry, t) for entry in entries[:TESTS]))),
        buttons.keyboard(*rows),
    )


def _camp(camp: CampOverview, t: Translator, *, alone: bool) -> Markup:
    nothing = not (camp.daily_waits or camp.tests or camp.is_recalling or camp.is_staffed)
    return lines(
        None if alone else bold(camp.cohort_name),
        t("❓ Today's question waits for you.") if camp.daily_waits else None,
        *(_test(entry, t) for entry in camp.tests[:TESTS]),
        t("🔁 Repetition is on.") if camp.is_recalling else None,
        t("Nothing is open for you now.") if nothing else None,
    )


def _test(entry: Entry, t: Translator) -> Markup:
    title = entry.exam.title
    if entry.running_id is not None:
        return t("📝 {title}: you are in the middle of it", title=title)
    if entry.best is not None and entry.best.counted:
        return t("📝 {title}: your result {percent} %", title=title, percent=entry.best.percent)
    if entry.bar is Bar.NOT_YET:
        return t("📝 {title}: opens {when}", title=title, when=day_and_hour(entry.exam.opens_at, entry.time_zone, t))
    if entry.bar is None:
        when = day_and_hour(entry.exam.closes_at, entry.time_zone, t)
        return t("📝 {title}: open until {when}", title=title, when=when)
    return t("📝 {title}: over", title=title)


def _rows(camp: CampOverview, t: Translator) -> list[list[InlineKeyboardButton]]:
    rows = [[_test_button(entry)] for entry in camp.tests[:TESTS]]
    if camp.daily_waits:
        rows.insert(0, [act(t.plain("❓ Question of the day"), "today", camp.cohort_id)])
    if camp.is_recall_offered:
        rows.append([act(t.plain("🔁 Keep it in mind"), "offer", camp.cohort_id)])
    if camp.is_recalling:
        rows.append([act(t.plain("⏹ Stop the repetition"), "stop", camp.cohort_id)])
    if camp.is_staffed:
        rows.append([act(shorten(t.plain("🗂 Desk: {camp}", camp=camp.cohort_name)), "desk", camp.cohort_id)])
    return rows


def _test_button(entry: Entry) -> InlineKeyboardButton:
    return act(shorten(f"📝 {entry.exam.title}"), "test", entry.exam.id or 0)
