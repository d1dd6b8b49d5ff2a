"""The screen on which the question of the day is turned on, and its hour and bank are chosen."""

from collections.abc import Sequence
from datetime import time

from bot import buttons
from bot.banks.service import BankLine
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import lines, paragraphs, shorten
from bot.quiz.messages.wording import act, rows_of
from bot.quiz.models import DailyPlan

HOURS = (time(7, 30), time(12, 30), time(18), time(20))
PAGE = 8
MINUTES = 60


def render_plan(
    plan: DailyPlan, banks: Sequence[BankLine], t: Translator, *, may_change: bool, has_categories: bool = False
) -> Message:
    """The plan, and what can be changed."""
    cohort_id = plan.cohort_id
    name = next((bank.name for bank in banks if bank.id == plan.bank_id), None)
    text = paragraphs(
        t("❓ <b>Question of the day</b>"),
        lines(
            t("On, every day of the camp at <b>{hour}</b>", hour=f"{plan.at:%H:%M}") if plan.is_on else t("Off"),
            t("From: {bank}", bank=name) if name else t("From all banks of the camp"),
            t("Category: {category}", category=plan.category) if plan.category else None,
            t("It closes at midnight. The next morning I tell how all did together, never who."),
        ),
    )
    switch = act(t.plain("⏸ Turn off") if plan.is_on else t.plain("▶ Turn on"), "turn", cohort_id, int(not plan.is_on))
    hours = [
        act(f"{'✔ ' if plan.at == one else ''}{one:%H:%M}", "hour", cohort_id, one.hour * MINUTES + one.minute)
        for one in HOURS
    ]
    chosen = [
        act(shorten(f"{'✔ ' if plan.bank_id == bank.id else ''}{bank.name}"), "from", cohort_id, bank.id)
        for bank in banks[:PAGE]
    ]
    everything = act(f"{'' if plan.bank_id else '✔ '}{t.plain('All banks')}", "from", cohort_id, 0)
    looking = [
        act(t.plain("📊 Questions"), "daystats", cohort_id),
        act(t.plain("🙋 Who is missing"), "daymissing", cohort_id, 0),
    ]
    narrow = [act(t.plain("📂 Category"), "topics", cohort_id, 0)] if has_categories else []
    chosen_rows = rows_of([everything, *chosen] if len(banks) > 1 else [], 2)
    changing = [[switch], hours, *chosen_rows, narrow] if may_change else []
    back = [act(t.plain("🗂 All tests"), "desk", cohort_id)]
    return Message(text, buttons.keyboard(*changing, looking, back))


def render_topics(plan: DailyPlan, found: Sequence[tuple[str, int]], page: int, t: Translator) -> Message:
    """The categories that the question of the day may be taken from, by number: a button has no room for names."""
    cohort_id, pages = plan.cohort_id, max(1, -(-len(found) // PAGE))
    page = min(max(page, 0), pages - 1)
    rows = [
        [act(shorten(f"{'✔ ' if plan.category == name else ''}{name or '–'} · {count}"), "topic", cohort_id, number)]
        for number, (name, count) in list(enumerate(found, start=1))[page * PAGE : (page + 1) * PAGE]
    ]
    everything = act(f"{'' if plan.category else '✔ '}{t.plain('All categories')}", "topic", cohort_id, 0)
    turning = [act("◀", "topics", cohort_id, (page - 1) % pages), act("▶", "topics", cohort_id, (page + 1) % pages)]
    back = [act(t.plain("❓ Daily question"), "daily", cohort_id)]
    text = t("📂 Which category shall the question of the day be taken from?")
    return Message(text, buttons.keyboard([everything], *rows, turning if pages > 1 else [], back))
