"""The morning push in words, and who is told when one was missed."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup
from msgspec.structs import replace

from bot import buttons, i18n
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.preferences.audience import Audience
from bot.preferences.messages import pause_button
from bot.preferences.models import Topic
from bot.timetable import rules
from bot.timetable.messages.day import COHORT_NAME, TODAY, check_in_button
from bot.timetable.messages.items import Section, compose, cut, day_name, describe, lines, mention, more, zone_of
from bot.timetable.morning import Missed, Push
from bot.timetable.rules import Day
from bot.turn import Turn

DAYS_NAMED = 7


def announce(turn: Turn, push: Push) -> None:
    """Owe everybody of this page their day, and the coordinators what was missed; nobody is owed it twice."""
    if push.missed:
        _tell_missed(turn, push)
    if push.day is None:
        return
    _copy_to(turn, push.day, push.coordinators, unlinked=push.unlinked)
    _copy_to(turn, push.day, push.trainees, unlinked=None)


def render_morning(day: Day, t: Translator, now: datetime, *, unlinked: int | None = None) -> Message:
    """The day as it begins. ``unlinked`` is for coordinators: how many trainees do not get it; they do not check in."""
    head = lines(
        t("☀️ <b>Today, {day}</b>", day=day_name(day.on, t)),
        Markup("{}").format(cut(day.cohort_name, COHORT_NAME)),
        _first(day, t, now),
    )
    tail = [] if unlinked is None else [_count(unlinked, t)]
    today = buttons.button(t.plain("📅 Today"), TODAY)
    pause = pause_button(Topic.MORNING, day.cohort_id, t)
    row = [check_in_button(t), today, pause] if unlinked is None else [today, pause]
    text = compose([Section(head, [describe(item, t) for item in day.items])], t, tail)
    return Message(text, buttons.keyboard(row))


def render_missed(cohort_name: str, missed: Sequence[Missed], t: Translator) -> Message:
    """To coordinators: which mornings were left out, and what to do."""
    named = t.join(day_name(one.on, t) for one in missed[:DAYS_NAMED])
    rest = [more(len(missed) - DAYS_NAMED, t)] if len(missed) > DAYS_NAMED else []
    return Message(
        lines(
            t("⚠️ <b>The morning programme was not sent</b>"),
            Markup("{} · {}").format(cut(cohort_name, COHORT_NAME), named),
            *rest,
            t(
                "The bot was not running at that hour, and afterwards it was too late. "
                "Trainees see the current day with /today."
            ),
        )
    )


def _first(day: Day, t: Translator, now: datetime) -> Markup | None:
    left = rules.ahead(day.items, now)
    if not left:
        return None
    if left[0].starts <= now:
        return t("Now: <b>{what}</b>", what=mention(left[0]))
    if left[0] == day.items[0]:
        return t("First: <b>{what}</b>", what=mention(left[0]))
    return t("Next: <b>{what}</b>", what=mention(left[0]))


def _count(unlinked: int, t: Translator) -> Markup:
    if not unlinked:
        return t("All trainees are linked.")
    return t.plural(
        "{n} trainee is not linked and does not get this.", "{n} trainees are not linked and do not get this.", unlinked
    )


def _copy_to(turn: Turn, day: Day, audience: Audience | None, *, unlinked: int | None) -> None:
    if audience is None:
        return
    for manner, chats in audience.chats.items():
        own = day.seen_by(manner.group) if rules.has_groups(day.items) and unlinked is None else day
        waits = manner.waits_until(zone_of(day), turn.now)
        if not own.items or (waits is not None and not rules.ahead(own.items, waits)):
            continue
        message = render_morning(own, i18n.translator(manner.language), waits or turn.now, unlinked=unlinked)
        turn.send_copies(
            replace(message, silent=manner.is_silent),
            chats,
            lane=Lane.REMINDER,
            prefix=rules.morning_key(day.cohort_id, day.on),
            due_at=waits,
        )


def _tell_missed(turn: Turn, push: Push) -> None:
    for reader in push.told:
        message = render_missed(push.cohort_name, push.missed, i18n.translator(reader.language))
        key = f"missed:{push.cohort_id}:{push.missed[-1].on}:{reader.person_id}"
        turn.send(reader.telegram_id, message, lane=Lane.REMINDER, key=key)
