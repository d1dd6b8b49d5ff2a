"""What somebody reads whose timetable has changed: before and after, with a button that says it was seen."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from msgspec.structs import replace

from bot import buttons, i18n
from bot.changes.messages.desk import draft_key, render_overview
from bot.changes.reading import Lecturer
from bot.changes.roll import Overview
from bot.changes.rules import Altered, Facts, Field, differences, for_lecturer
from bot.changes.sending import Sending, Stale
from bot.i18n import Translator
from bot.outbox import calls
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people.service import Reader
from bot.timetable.messages.day import COHORT_NAME, TODAY
from bot.timetable.messages.items import DETAIL, NOTE, Section, clock, compose, cut, lines, short_day
from bot.turn import Turn

FEATURE = "changes"
TITLE = 80


def announce_sending(turn: Turn, sending: Sending, overview: Overview | None, author: Reader | None) -> None:
    """Owe everybody concerned their message, put old reminders right, and turn the author's draft into the overview."""
    if sending.audience is not None:
        for manner, chats in sending.audience.chats.items():
            if manner.group not in sending.groups:
                continue
            hushed = manner.is_silent or manner.waits_until(ZoneInfo(sending.cohort.time_zone), turn.now) is not None
            message = render_change(sending, manner.group, i18n.translator(manner.language), is_silent=hushed)
            turn.send_copies(
                message,
                chats,
                lane=Lane.REMINDER,
                prefix=f"change:{sending.announcement.id}:",
            )
    for lecturer in sending.lecturers:
        _tell_lecturer(turn, sending, lecturer)
    for stale in sending.stale:
        _correct(turn, sending, stale)
    if author is not None and overview is not None:
        key = draft_key(sending.announcement.id or 0, author.telegram_id)
        turn.edit(author.telegram_id, key, render_overview(overview, i18n.translator(author.language)))


def render_change(sending: Sending, group: str | None, t: Translator, *, is_silent: bool = False) -> Message:
    """Everything that is different for somebody of that group."""
    announcement_id = sending.announcement.id or 0
    seen = buttons.button(t.plain("✔ Seen"), buttons.pack(FEATURE, "seen", announcement_id))
    today = buttons.button(t.plain("📅 Today"), TODAY)
    text = change_text(sending.cohort.name, sending.alterations, group, ZoneInfo(sending.cohort.time_zone), t)
    return Message(text, buttons.keyboard([seen], [today]), silent=is_silent)


def change_text(
    cohort_name: str, alterations: Sequence[Altered], group: str | None, zone: ZoneInfo, t: Translator
) -> Markup:
    """Before and after, one block an activity."""
    head = lines(t("📣 <b>The timetable has changed</b>"), Markup("{}").format(cut(cohort_name, COHORT_NAME)))
    blocks = [render_altered(one, group, zone, t) for one in alterations if one.is_news_for(group)]
    return compose([Section(head, blocks)], t)


def render_altered(altered: Altered, group: str | None, zone: ZoneInfo, t: Translator) -> Markup:
    """One activity before and after, as that group sees it."""
    before, after = altered.as_seen_by(group)
    if before is None or before.is_cancelled:
        return lines(t("➕ <b>New: {title}</b>", title=cut(after.title, TITLE)), _whole(after, zone, t))
    if after.is_cancelled:
        old = Markup("<s>{}</s>").format(_when(before, zone, t))
        return lines(t("❌ <b>Cancelled: {title}</b>", title=cut(before.title, TITLE)), old)
    head = Markup("✏️ <b>{}</b>").format(cut(after.title, TITLE))
    fields = differences(before, after)
    kept = None if Field.TIME in fields else Markup("🕘 {}").format(_when(after, zone, t))
    return lines(head, kept, *(_field(field, before, after, zone, t) for field in fields))


def render_seen(at: datetime, zone: ZoneInfo, t: Translator) -> Message:
    """The buttons of a change that was seen; the text above them stays."""
    done = buttons.button(t.plain("✅ Seen at {at}", at=clock(at.astimezone(zone))), TODAY)
    return Message("", buttons.keyboard([done]))


def render_nudge(overview: Overview, group: str | None, t: Translator) -> Message:
    """Once more, to somebody who has not pressed."""
    zone = ZoneInfo(overview.cohort.time_zone)
    seen = buttons.button(t.plain("✔ Seen"), buttons.pack(FEATURE, "seen", overview.announcement.id or 0))
    text = change_text(overview.cohort.name, overview.alterations, group, zone, t)
    ask = t("Please press “Seen”, so that your coordinator need not call you.")
    return Message(Markup("\n\n").join([text, ask]), buttons.keyboard([seen]))


def _tell_lecturer(turn: Turn, sending: Sending, lecturer: Lecturer) -> None:
    if lecturer.telegram_id is None:
        return
    own = replace(sending, alterations=for_lecturer(sending.alterations, lecturer.name))
    message = render_change(own, None, i18n.translator(lecturer.language or sending.cohort.language))
    key = f"change:{sending.announcement.id}:{lecturer.person_id}"
    turn.send(lecturer.telegram_id, message, lane=Lane.REMINDER, key=key)


def _correct(turn: Turn, sending: Sending, stale: Stale) -> None:
    """Take back a reminder that has not left; put a line through one that has."""
    t = i18n.translator(stale.language)
    zone = ZoneInfo(sending.cohort.time_zone)
    message = render_stale(stale.altered, zone, t)
    turn.record(calls.edit_ours(stale.chat_id, stale.key, message) | {"lane": int(Lane.REMINDER)})


def render_stale(altered: Altered, zone: ZoneInfo, t: Translator) -> Message:
    """In place of a reminder of a time that no longer holds."""
    assert altered.before is not None  # noqa: S101 - only what was there was reminded of
    was = clock(altered.before.starts_at.astimezone(zone))
    old = Markup("<s>⏰ {} {}</s>").format(was, cut(altered.before.title, TITLE))
    if altered.after.is_cancelled:
        return Message(lines(old, t("It is cancelled.")))
    return Message(lines(old, t("It now begins: {when}", when=_when(altered.after, zone, t))))


def _field(field: Field, before: Facts, after: Facts, zone: ZoneInfo, t: Translator) -> Markup:
    old, new = _sides(field, before, after, zone, t)
    mark = {Field.TIME: "🕘", Field.PLACE: "📍", Field.SPEAKER: "👤", Field.NOTES: "❗"}.get(field, "✏️")
    if not old:
        return Markup("{} <b>{}</b>").format(mark, new)
    if not new:
        return Markup("{} <s>{}</s> → —").format(mark, old)
    return Markup("{} <s>{}</s> → <b>{}</b>").format(mark, old, new)


def _sides(field: Field, before: Facts, after: Facts, zone: ZoneInfo, t: Translator) -> tuple[str, str]:
    if field is not Field.TIME:
        limit = NOTE if field is Field.NOTES else DETAIL
        return cut(getattr(before, field), limit), cut(getattr(after, field), limit)
    return _when(before, zone, t), _when(after, zone, t)


def _when(facts: Facts, zone: ZoneInfo, t: Translator) -> str:
    starts, ends = facts.starts_at.astimezone(zone), facts.ends_at.astimezone(zone)
    return f"{short_day(starts, t)} {clock(starts)}–{clock(ends)}"


def _whole(facts: Facts, zone: ZoneInfo, t: Translator) -> Markup:
    place = f" · {cut(facts.place, DETAIL)}" if facts.place else ""
    return Markup("🕘 {}{}").format(_when(facts, zone, t), place)
