"""What a reminder says: first thing tomorrow and what to bring; what begins in a few minutes, and where."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup
from msgspec.structs import replace

from bot import buttons, i18n
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.outbox.copies import Chats
from bot.outbox.lanes import Lane
from bot.preferences.audience import Manner
from bot.preferences.messages import pause_button
from bot.preferences.models import Topic
from bot.reminders.before import Call, prefix
from bot.reminders.evening import Eve
from bot.timetable import rules
from bot.timetable.messages.day import COHORT_NAME, check_in_button, week_button
from bot.timetable.messages.items import (
    DETAIL,
    NOTE,
    clock,
    cut,
    day_name,
    describe,
    lines,
    mention,
    more,
    note,
    title,
    where,
    zone_of,
)
from bot.timetable.rules import Day, Item
from bot.turn import Turn

BRING_MOST = 5
DAYS_NAMED = 7


def announce_before(turn: Turn, call: Call) -> None:
    """Owe everybody of this page the reminder; nobody is owed one twice for the same beginning."""
    zone = ZoneInfo(call.cohort.time_zone)
    for manner, chats in call.audience.chats.items():
        waits = manner.waits_until(zone, turn.now)
        if waits is not None and waits >= call.item.starts:
            continue
        message = render_before(call.item, call.cohort.id or 0, i18n.translator(manner.language), waits or turn.now)
        turn.send_copies(
            replace(message, silent=manner.is_silent),
            chats,
            lane=Lane.REMINDER,
            prefix=prefix(call.item.activity_id, call.item.starts),
            due_at=waits,
        )


def announce_evening(turn: Turn, eve: Eve) -> None:
    """Owe everybody of this page what tomorrow begins with, and the coordinators what was left out."""
    for reader in eve.told:
        message = render_missed(eve.cohort.name, eve.missed, i18n.translator(reader.language))
        key = f"missed-evening:{eve.cohort.id}:{eve.missed[-1]}:{reader.person_id}"
        turn.send(reader.telegram_id, message, lane=Lane.REMINDER, key=key)
    if eve.day is None or eve.audience is None:
        return
    for manner, chats in eve.audience.chats.items():
        own = eve.day.seen_by(manner.group) if rules.has_groups(eve.day.items) else eve.day
        if own.items and manner.waits_until(zone_of(own), turn.now) is None:
            _copy_evening(turn, own, manner, chats)


def render_before(item: Item, cohort_id: int, t: Translator, now: datetime) -> Message:
    """One activity that begins soon: when, what, where, what to bring."""
    minutes = max(1, -(-(item.starts - now) // timedelta(minutes=1)))
    wait = t.plural("in {n} minute", "in {n} minutes", minutes)
    head = t("⏰ <b>{at}, {wait}: {title}</b>", at=clock(item.starts), wait=wait, title=title(item))
    row = [check_in_button(t), pause_button(Topic.BEFORE, cohort_id, t)]
    return Message(lines(head, where(item), note(item, t)), buttons.keyboard(row))


def render_evening(day: Day, t: Translator) -> Message:
    """The first thing tomorrow and what to bring for all of it; a day of one activity is said in full."""
    head = lines(
        t("🌙 <b>Tomorrow, {day}</b>", day=day_name(day.on, t)), Markup("{}").format(cut(day.cohort_name, COHORT_NAME))
    )
    if len(day.items) == 1:
        body = lines(describe(day.items[0], t))
    else:
        rest = day.items[1:]
        last = clock(max(item.ends for item in day.items))
        then = t.plural("Then {n} more until {last}.", "Then {n} more until {last}.", len(rest), last=last)
        body = lines(t("First: <b>{what}</b>", what=mention(day.items[0])), then, *_to_mind(day.items, t))
    week = buttons.button(t.plain("📅 The whole day"), week_button(day.on))
    text = Markup("\n\n").join([head, body])
    return Message(text, buttons.keyboard([week, pause_button(Topic.EVENING, day.cohort_id, t)]))


def render_missed(cohort_name: str, missed: Sequence[date], t: Translator) -> Message:
    """To coordinators: which evenings were left out."""
    named = t.join(day_name(one, t) for one in missed[:DAYS_NAMED])
    rest = [more(len(missed) - DAYS_NAMED, t)] if len(missed) > DAYS_NAMED else []
    return Message(
        lines(
            t("⚠️ <b>The reminder of the evening before was not sent</b>"),
            Markup("{} · {}").format(cut(cohort_name, COHORT_NAME), named),
            *rest,
            t("The bot was not running at that hour, and afterwards it was too late. The morning push comes as usual."),
        )
    )


def _to_mind(items: Sequence[Item], t: Translator) -> list[Markup]:
    """What to bring to each, and what else to mind of the first."""
    brings = [(item, bring) for item in items if (bring := rules.what_to_bring(item.notes))]
    lined = [t("🎒 Please bring: {what}", what=_bring(item, bring, items[0])) for item, bring in brings[:BRING_MOST]]
    if items[0].notes and not rules.what_to_bring(items[0].notes):
        lined.insert(0, t("❗ Please note: {note}", note=cut(items[0].notes, NOTE)))
    return lined


def _bring(item: Item, bring: str, first: Item) -> str:
    return cut(bring, NOTE) if item is first else f"{cut(bring, NOTE)} ({clock(item.starts)} {cut(item.title, DETAIL)})"


def _copy_evening(turn: Turn, own: Day, manner: Manner, chats: Chats) -> None:
    message = render_evening(own, i18n.translator(manner.language))
    turn.send_copies(
        replace(message, silent=manner.is_silent),
        chats,
        lane=Lane.REMINDER,
        prefix=rules.evening_key(own.cohort_id, own.on, rules.digest(own.items)),
    )
