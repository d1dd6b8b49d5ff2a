"""The day on demand: what now, where, what to bring, then the rest; and the week, a day a page."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.timetable import rules
from bot.timetable.messages.items import (
    Section,
    brief,
    compose,
    cut,
    day_name,
    describe,
    lines,
    mention,
    note,
    short_day,
    where,
)
from bot.timetable.messages.items import title as titled
from bot.timetable.rules import Day, Item
from bot.timetable.service import Week

FEATURE = "timetable"
CHECK_IN = buttons.pack("checkin", "start")
TODAY = buttons.pack(FEATURE, "today")
COHORT_NAME = 80
SOON = timedelta(hours=3)
"""How near the next activity must be for the minutes to be counted."""


def render_today(days: Sequence[Day], t: Translator, now: datetime) -> Message:
    """What is now, where, and what to bring, for every cohort that the person is in; in the order that ``days`` has."""
    if not days:
        return render_no_camp(t)
    text = compose([section for day in days for section in _sections(day, t, now)], t)
    can_check_in = any(day.is_trainee and rules.ahead(day.items, now) for day in days if day.on == day.today)
    refresh = buttons.button(t.plain("🔄 Refresh"), TODAY)
    first = [check_in_button(t), refresh] if can_check_in else [refresh]
    return Message(text, buttons.keyboard(first, ways_on(days[0].cohort_id, t)))


def ways_on(cohort_id: int, t: Translator) -> list[InlineKeyboardButton]:
    """From the day to the week and to the calendar, which another feature answers."""
    calendar = buttons.button(t.plain("🗓 Calendar"), buttons.pack("calendars", "mine", cohort_id))
    return [buttons.button(t.plain("📅 Week"), week_button()), calendar]


def render_week(week: Week | None, t: Translator) -> Message:
    """One day in full, with the way to the days before and after it."""
    if week is None:
        return render_no_camp(t)
    text = compose([_full_section(day, t) for day in week.days] or [_empty_section(week.on, t)], t)
    earlier = [buttons.button(f"◀ {short_day(week.earlier, t)}", week_button(week.earlier))] if week.earlier else []
    later = [buttons.button(f"{short_day(week.later, t)} ▶", week_button(week.later))] if week.later else []
    return Message(text, buttons.keyboard([*earlier, *later], [buttons.button(t.plain("📅 Today"), TODAY)]))


def render_no_camp(t: Translator) -> Message:
    """To somebody whose camps are all over, or who has none."""
    return Message(
        t("There is no camp for you now, and none is planned.\nIf there should be one, please ask your coordinator.")
    )


def week_button(on: date | None = None) -> str:
    """The data of a button that shows that day of the week view; without a day, today."""
    return buttons.pack(FEATURE, "week", on.toordinal() if on else 0)


def read_week_button(data: str | None) -> date | None:
    """The day that a button of the week view shows.

    Raises:
        Gone: the data is not one of ours.
    """
    (number,) = buttons.numbers(data, 1)
    return buttons.day(number) if buttons.FIRST_DAY <= number <= buttons.LAST_DAY else None


def check_in_button(t: Translator) -> InlineKeyboardButton:
    """The way to the check-in, which another feature answers."""
    return buttons.button(t.plain("✔ Check in"), CHECK_IN)


def heading(day: Day, t: Translator) -> Markup:
    """The date and whose day it is."""
    return Markup("<b>{}</b> · {}").format(day_name(day.on, t), cut(day.cohort_name, COHORT_NAME))


def _sections(day: Day, t: Translator, now: datetime) -> list[Section]:
    """What is now and next in full, then the rest of the day, a line each."""
    if day.on != day.today:
        return [_first_day(day, t)]
    left = rules.ahead(day.items, now)
    if not left:
        return [Section(lines(heading(day, t), *_nothing_left(day, t)))]
    first = rules.running(day.items, now) or left[:1]
    blocks = [_lead(item, t, now) for item in first]
    after = [item for item in left if item not in first]
    if after and after[0].starts > now and rules.running(first, now):
        blocks.append(_lead(after.pop(0), t, now))
    rest = [Section(t("Then today:"), [brief(item, t) for item in after], gap="\n")] if after else []
    return [Section(heading(day, t), blocks), *rest]


def _lead(item: Item, t: Translator, now: datetime) -> Markup:
    return lines(_when(item, t, now), where(item), note(item, t))


def _when(item: Item, t: Translator, now: datetime) -> Markup:
    title, at = titled(item), f"{item.starts:%H:%M}"
    if item.starts <= now:
        return t("🟢 <b>Now, until {until}: {title}</b>", until=f"{item.ends:%H:%M}", title=title)
    if item.starts - now > SOON:
        return t("⏭ <b>Next at {at}: {title}</b>", at=at, title=title)
    return t("⏭ <b>Next at {at}, in {wait}: {title}</b>", at=at, wait=_wait(item.starts - now, t), title=title)


def _wait(wait: timedelta, t: Translator) -> Markup:
    """A wait in whole minutes, rounded up, so that nobody is told of 0 minutes."""
    minutes = -(-wait // timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    if not hours:
        return t("{n} min", n=rest)
    return t("{h} h {n} min", h=hours, n=rest) if rest else t("{h} h", h=hours)


def _nothing_left(day: Day, t: Translator) -> list[Markup | None]:
    verdict = t("That was all for today.") if day.items else t("Nothing is planned for today.")
    if day.following is None:
        return [verdict]
    following = day.following
    return [
        verdict,
        t("Next: {day}, {what}", day=day_name(following.starts, t), what=mention(following)),
        note(following, t),
    ]


def _first_day(day: Day, t: Translator) -> Section:
    ahead = (day.on - day.today).days
    begins = t("It begins tomorrow.") if ahead == 1 else t("It begins in {n} days.", n=ahead)
    known = [] if day.items else [t("The timetable is not known yet.")]
    return Section(lines(heading(day, t), begins, *known), [brief(item, t) for item in day.items], gap="\n")


def _full_section(day: Day, t: Translator) -> Section:
    if not day.items:
        return Section(lines(heading(day, t), t("Nothing is planned for this day.")))
    return Section(heading(day, t), [describe(item, t) for item in day.items])


def _empty_section(on: date, t: Translator) -> Section:
    return Section(lines(Markup("<b>{}</b>").format(day_name(on, t)), t("Nothing is planned for this day.")))
