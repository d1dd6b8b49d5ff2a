"""The screens of records: one's own record, the change log by the page, the files, one activity."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.buttons import button, keyboard, link
from bot.checkin.messages.appeals import STATES, appeal_button
from bot.checkin.messages.appeals import data as appeal_data
from bot.hours.rules import Entry, Standing
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import act, bold, lines, paragraphs, shorten
from bot.people.models import Cohort
from bot.records.log import Log, Named
from bot.records.messages.changes import deed, differences, who
from bot.records.messages.files import method, standing, status
from bot.records.own import OwnMark, OwnRecord
from bot.timetable.models import Activity

FEATURE = "records"
SIGNS = {
    Standing.PRESENT: "✅",
    Standing.LATE: "🕘",
    Standing.EXCUSED: "📝",
    Standing.ABSENT: "⬜",
    Standing.UNRECORDED: "▫️",
    Standing.AHEAD: "⏳",
}
FILES = {"matrix": N_("📊 Attendance"), "ledger": N_("⏱ Hours"), "log": N_("📜 Change log")}
DAYS = 8


def pack(action: str, *ids: int | str) -> str:
    """The callback data of one of this feature's buttons."""
    return buttons.pack(FEATURE, action, *ids)


def render_own(own: OwnRecord, t: Translator) -> Message:
    """One's own record, activity by activity."""
    account = own.account
    number = account.cohort_id
    zone = ZoneInfo(account.ledger.time_zone)
    rows = [[button(_entry_label(one, zone, t), pack("mark", one.record.activity_id))] for one in own.entries]
    legend = t("✅ present · 🕘 late · 📝 excused · ⬜ absent · ▫️ nobody took attendance")
    hint = t("Press a line to see what is written there, and to say so if it is wrong.")
    waiting = [
        [button(shorten(t.plain("✋ Waiting: {title}", title=one.activity.title)), appeal_data("show", one.id))]
        for one in own.waiting[:3]
    ]
    text = paragraphs(
        lines(t("🧾 My record"), bold(account.cohort_name)),
        lines(legend, hint) if own.entries else t("Nothing is recorded yet."),
    )
    log = [button(t.plain("📜 Changes about me"), pack("about", number, 0)), act(t.plain("⌂ Home"), "home")]
    return Message(text, keyboard(*rows, _pager("mine", (number,), own.number, own.pages), *waiting, log))


def render_own_mark(own: OwnMark, t: Translator) -> Message:
    """One line of one's own record, with the way to object."""
    mark, record = own.mark, own.record
    activity, zone = mark.activity, ZoneInfo(mark.activity.time_zone)
    at = activity.starts_at.astimezone(zone)
    details = [t("Record: {status}", status=status(mark.attendee.status, t))]
    if record is not None and record.arrived_at is not None:
        details.append(t("Arrived {time}", time=f"{record.arrived_at.astimezone(zone):%H:%M}"))
        details.append(t.plural("{n} minute attended", "{n} minutes attended", record.minutes))
    if record is not None and record.method:
        details.append(t("Recorded by: {how}", how=method(record.method, t)))
    if mark.marked_by:
        details.append(t("Marked by {name}", name=mark.marked_by))
    if mark.receipt:
        details.append(t("Receipt {receipt}", receipt=Markup("<code>{}</code>").format(mark.receipt)))
    if own.appeal is not None:
        details.append(t("Your objection: {state}", state=t(STATES[own.appeal.status])))
    top = lines(bold(activity.title), f"{format_skeleton('MMMEd', at, locale=t.locale)} {at:%H:%M}")
    appeal = own.appeal
    if appeal is not None and appeal.is_open:
        objection = [button(t.plain("✋ See the objection"), appeal_data("show", appeal.id))]
    else:
        objection = [appeal_button(activity.id, t)]
    return Message(
        paragraphs(top, lines(*details)),
        keyboard(objection, [button(t.plain("◀ My record"), pack("mine", activity.cohort_id, 0))]),
    )


def render_log(log: Log, t: Translator, *, turn: str, ids: tuple[int, ...], back: InlineKeyboardButton) -> Message:
    """A page of the change log; ``turn`` and ``ids`` are the action that shows another page of it."""
    zone = ZoneInfo(log.cohort.time_zone)
    title = t("📜 Changes: {what}", what=bold(log.about or log.cohort.name))
    shown = [_log_line(one, zone, t) for one in log.lines]
    newer = [button("◀", pack(turn, *ids, log.number - 1))] if log.number else []
    older = [button("▶", pack(turn, *ids, log.number + 1))] if log.has_more else []
    here = [button(str(log.number + 1), pack(turn, *ids, log.number))] if newer or older else []
    text = paragraphs(title, *shown) if shown else paragraphs(title, t("Nothing was changed."))
    return Message(text, keyboard([*newer, *here, *older], [back]))


def render_menu(cohort: Cohort, t: Translator) -> Message:
    """What there is to read and to take away of a cohort."""
    number = cohort.id or 0
    rows = [
        [
            button(t.plain(label), pack("file", number, kind, "xlsx")),
            button(f"{t.plain(label)} CSV", pack("file", number, kind, "csv")),
        ]
        for kind, label in FILES.items()
    ]
    text = paragraphs(
        lines(t("📊 Records"), bold(cohort.name)),
        t(
            "Files for Excel: the attendance of everybody at every activity with minutes, how it was recorded and by "
            "whom; the hours; who changed what. The change log can also be read here."
        ),
    )
    reading = [
        button(t.plain("📜 Read the log"), pack("log", number, 0)),
        button(t.plain("📅 By activity"), pack("days", number, 0)),
    ]
    return Message(text, keyboard(reading, *rows, [act(t.plain("◀ Back"), "camp", number)]))


def render_making(kind: str, t: Translator) -> str:
    """The short line over the chat while a file is made."""
    return t.plain("{file} is being made and follows in a moment.", file=t.plain(FILES.get(kind, FILES["matrix"])))


def render_caption(kind: str, cohort: Cohort, at: datetime, t: Translator) -> str:
    """Under a file."""
    local = at.astimezone(ZoneInfo(cohort.time_zone))
    values = {"cohort": cohort.name, "time": f"{local:%Y-%m-%d %H:%M}"}
    if kind == "ledger":
        return t("⏱ Hours of {cohort}, as of {time}", **values)
    if kind == "log":
        return t("📜 Change log of {cohort}, as of {time}", **values)
    return t("📊 Attendance of {cohort}, as of {time}", **values)


def render_days(cohort: Cohort, activities: Sequence[Activity], number: int, t: Translator) -> Message:
    """A page of activities, to choose the one whose record is meant."""
    pages = max(1, -(-len(activities) // DAYS))
    number = min(max(number, 0), pages - 1)
    zone = ZoneInfo(cohort.time_zone)
    rows = [
        [button(_activity_label(one, zone, t), pack("activity", one.id or 0))]
        for one in activities[number * DAYS : (number + 1) * DAYS]
    ]
    text = lines(bold(cohort.name), t("Which activity?") if rows else t("The timetable is still empty."))
    ids = (cohort.id or 0,)
    return Message(text, keyboard(*rows, _pager("days", ids, number, pages), [_to_menu(cohort.id or 0, t)]))


def render_activity(activity: Activity, time_zone: str, t: Translator, *, live: str) -> Message:
    """What there is of one activity; ``live`` is the address of its live page."""
    number, at = activity.id or 0, activity.starts_at.astimezone(ZoneInfo(time_zone))
    text = lines(bold(activity.title), f"{format_skeleton('MMMEd', at, locale=t.locale)} {at:%H:%M}")
    if live and not _fits_button(live):
        text = paragraphs(text, t("Live screen: {url}", url=Markup("<code>{}</code>").format(live)))
    hint = t("The live screen shows names by group while people arrive. Keep its address to yourself.")
    screen = [link(t.plain("🖥 Live screen"), live)] if live and _fits_button(live) else []
    rows = [
        button(t.plain("📄 List (.xlsx)"), pack("list", number)),
        button(t.plain("📜 Changes"), pack("changes", number, 0)),
    ]
    return Message(paragraphs(text, hint), keyboard(screen, rows, [_to_menu(activity.cohort_id, t)]))


def back_to_menu(cohort_id: int, t: Translator) -> InlineKeyboardButton:
    """Back to the records of the cohort."""
    return _to_menu(cohort_id, t)


def back_to_own(cohort_id: int, t: Translator) -> InlineKeyboardButton:
    """Back to one's own record."""
    return button(t.plain("◀ My record"), pack("mine", cohort_id, 0))


def back_to_person(cohort_id: int, person_id: int, t: Translator) -> InlineKeyboardButton:
    """Back to a person's screen."""
    return act(t.plain("◀ Back"), "person", cohort_id, person_id)


def back_to_activity(activity_id: int, t: Translator) -> InlineKeyboardButton:
    """Back to an activity's record."""
    return button(t.plain("◀ Back"), pack("activity", activity_id))


def _log_line(named: Named, zone: ZoneInfo, t: Translator) -> str:
    at = named.line.at.astimezone(zone)
    about = " · ".join(part for part in (named.person, named.activity) if part)
    head = Markup("<b>{}</b> {}").format(f"{format_skeleton('Md', at, locale=t.locale)} {at:%H:%M}", who(named, t))
    changes = [
        t("{field}: {before} → {after}", field=field, before=before, after=after)
        for field, before, after in differences(named, zone, t)[:5]
    ]
    reason = t("Why: {reason}", reason=named.line.reason) if named.line.reason else None
    what = Markup("{}{}").format(deed(named, t), f" ({about})" if about else "")
    return lines(head, what, *changes, reason)


def _entry_label(entry: Entry, zone: ZoneInfo, t: Translator) -> str:
    at = entry.record.starts_at.astimezone(zone)
    when = f"{format_skeleton('Md', at, locale=t.locale)} {at:%H:%M}"
    sign = SIGNS.get(entry.standing, standing(entry.standing, t))
    return shorten(f"{sign} {when} {entry.record.title}", 44)


def _activity_label(activity: Activity, zone: ZoneInfo, t: Translator) -> str:
    at = activity.starts_at.astimezone(zone)
    return shorten(f"{format_skeleton('Md', at, locale=t.locale)} {at:%H:%M} {activity.title}", 44)


def _pager(action: str, ids: tuple[int, ...], number: int, pages: int) -> list[InlineKeyboardButton]:
    if pages < 2:
        return []
    return [
        button("◀", pack(action, *ids, (number - 1) % pages)),
        button(f"{number + 1}/{pages}", pack(action, *ids, number)),
        button("▶", pack(action, *ids, (number + 1) % pages)),
    ]


def _to_menu(cohort_id: int, t: Translator) -> InlineKeyboardButton:
    return button(t.plain("◀ Records"), pack("menu", cohort_id))


def _fits_button(url: str) -> bool:
    """Telegram takes only http addresses with a dot in the host."""
    host = url.partition("://")[2].partition("/")[0].partition(":")[0]
    return url.startswith(("http://", "https://")) and "." in host
