"""The close of day and the notice of who was missing, in words, each exception with its buttons."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import TypeVar

from babel.dates import format_skeleton
from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import i18n
from bot.buttons import Rows, button, keyboard, pack
from bot.checkin.boards import Attendee
from bot.checkin.messages.wording import clock_time, headline, span
from bot.checkin.outcomes import ActivityView
from bot.checkin.service import Counted
from bot.closing.absences import Absence, Absentee
from bot.closing.days import DayReview, Missing
from bot.closing.evenings import Hour
from bot.closing.rules import OFFERED_HOURS
from bot.hours.messages.wording import lines, paragraphs, short
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people import service as people
from bot.people.models import Role
from bot.preferences import service as preferences
from bot.preferences.messages import pause_button
from bot.preferences.service import Topic
from bot.turn import Turn

FEATURE = "closing"
MOST_NAMES = 12
MOST_BUTTONS = 4
MISSING = 2
"""The code of the missing in the lists of check-in."""

T = TypeVar("T")


def data(action: str, *ids: int | str) -> str:
    """The callback data of one of this feature's buttons."""
    return pack(FEATURE, action, *ids)


def announce_day(turn: Turn, review: DayReview) -> None:
    """Owe the coordinators the close of a day, once."""
    _tell(turn, review.cohort_id, f"closing:{review.cohort_id}:{review.on}", lambda t: render_pushed(review, t))


def announce_absence(turn: Turn, absence: Absence) -> None:
    """Owe the coordinators the names of the missing, once an activity; with a sound only for a row of absences."""
    if absence.people:
        key = f"absence:{absence.activity.id}"
        is_silent = not absence.in_a_row
        _tell(turn, absence.activity.cohort_id, key, lambda t: render_absence(absence, t), is_silent=is_silent)


def render_day(review: DayReview, t: Translator) -> Message:
    """The screen: exceptions only, each with its buttons."""
    rows = _rows(review, t)
    refresh = button(t.plain("🔄 Refresh"), data("show", review.cohort_id))
    hour = [button(t.plain("🕘 Hour"), data("hour", review.cohort_id))] if review.may_act else []
    back = button(t.plain("« Back"), pack("people", "camp", review.cohort_id))
    again = pack("preferences", "resume", Topic.CLOSING, review.cohort_id)
    resume = button(t.plain("▶ Send it every evening again"), again)
    return Message(_text(review, t), keyboard(*rows, [refresh, *hour], [resume] if review.is_paused else [], [back]))


def render_pushed(review: DayReview, t: Translator) -> Message:
    """The same as it comes by itself in the evening; silent where nothing is open."""
    refresh = button(t.plain("🔄 Refresh"), data("show", review.cohort_id))
    rows = _rows(review, t)
    pause = pause_button(Topic.CLOSING, review.cohort_id, t)
    return Message(_text(review, t), keyboard(*rows, [refresh, pause]), silent=review.is_clear)


def render_absence(absence: Absence, t: Translator) -> Message:
    """Who was missing at an activity without leave, those who missed several in a row first."""
    activity, row = absence.activity, absence.in_a_row
    once = [one for one in absence.people if one not in row]
    missing = len(absence.people)
    count = t.plural("{n} person was missing without leave:", "{n} people were missing without leave:", missing)
    text = paragraphs(
        lines(t("⬜ {title}", title=headline(activity)), span(activity)),
        lines(count, _names((one.person for one in once), t)) if once else count,
        lines(t("<b>In a row:</b>"), *(_row(one, t) for one in row[:MOST_NAMES])) if row else None,
    )
    everybody = button(t.plain("👥 Who is here, who is missing"), _list(activity))
    return Message(
        text,
        keyboard(*_people_rows(absence), [everybody], [pause_button(Topic.CLOSING, activity.cohort_id, t)]),
    )


def render_hours(hour: Hour, t: Translator) -> Message:
    """The hours at which the day may be closed."""
    offered = [
        button(f"• {at:%H:%M}" if at == hour.at else f"{at:%H:%M}", data("sethour", hour.cohort_id, _minutes(at)))
        for at in OFFERED_HOURS
    ]
    rows = [offered[start : start + 3] for start in range(0, len(offered), 3)]
    text = lines(
        t("🌙 <b>Close of day</b>"),
        Markup("{}").format(hour.cohort_name),
        t("At which hour shall I send what the day has left open?"),
    )
    return Message(text, keyboard(*rows, [button(t.plain("« Back"), data("show", hour.cohort_id))]))


def render_hour_toast(hour: Hour, t: Translator) -> str:
    """The short line after a change."""
    return t.plain("From now on at {time}.", time=f"{hour.at:%H:%M}")


def _text(review: DayReview, t: Translator) -> Markup:
    head = lines(
        Markup("{} <b>{}</b>").format("🌙", t("Close of day, {day}", day=_day(review.on, t))),
        Markup("{}").format(review.cohort_name),
    )
    ahead = t.plural("{n} activity has yet to end.", "{n} activities have yet to end.", review.ahead)
    parts = [
        *(_missing(one, t) for one in review.missing),
        lines(*(t("❔ No attendance was taken: {activity}", activity=_line(one)) for one in review.unrecorded)),
        lines(*(_count(one, t) for one in review.counts)),
        _open(review, t),
    ]
    clear = t("✅ Nothing is open.") if review.is_clear else None
    return paragraphs(head, *parts, clear, ahead if review.ahead else None)


def _missing(one: Missing, t: Translator) -> Markup:
    count = t.plural(
        "⬜ {activity}: {n} missing without leave", "⬜ {activity}: {n} missing without leave", len(one.people),
        activity=_line(one.activity),
    )  # fmt: skip
    still = t("The check-in is still open.") if one.is_open else None
    return lines(count, _names(one.people, t), still)


def _count(one: Counted, t: Translator) -> Markup:
    return t(
        "🔢 {activity}{group}: counted {counted}, recorded {arrived}",
        activity=_line(one.activity),
        group=Markup(" · {}").format(one.group) if one.group else "",
        counted=one.counted,
        arrived=one.arrived,
    )


def _open(review: DayReview, t: Translator) -> Markup:
    walk_ins, appeals = len(review.walk_ins), len(review.appeals)
    requests, make_ups = len(review.requests), len(review.make_ups)
    said = [
        t.plural("🚶 {n} walk-in to settle", "🚶 {n} walk-ins to settle", walk_ins) if walk_ins else None,
        t.plural("✋ {n} appeal to answer", "✋ {n} appeals to answer", appeals) if appeals else None,
        t.plural("📝 {n} leave request to decide", "📝 {n} leave requests to decide", requests) if requests else None,
        t.plural("🔁 {n} make-up to confirm", "🔁 {n} make-ups to confirm", make_ups) if make_ups else None,
    ]
    if review.unlinked:
        said.append(t.plural("🔗 {n} trainee not linked", "🔗 {n} trainees not linked", review.unlinked))
    return lines(*said)


def _rows(review: DayReview, t: Translator) -> Rows:
    rows = _each(review.missing, lambda one: (f"⬜ {_label(one.activity)}", _list(one.activity)))
    rows += _each(review.unrecorded, lambda one: (f"❔ {_label(one)}", pack("checkin", "activity", one.id)))
    activities = list({one.activity.id: one.activity for one in review.counts}.values())
    rows += _each(activities, lambda one: (f"🔢 {_label(one)}", pack("checkin", "allheads", one.id)))
    rows += _each(review.walk_ins, lambda one: (f"🚶 {one.name}", pack("checkin", "walk", one.id)))
    rows += _each(review.appeals, lambda one: (f"✋ {one.name} · {one.activity.title}", pack("appeal", "show", one.id)))
    rows += _each(review.requests, lambda one: (f"📝 {one.name}", pack("leave", "show", one.id)))
    rows += _each(review.make_ups, lambda one: (f"🔁 {one.name} · {one.title}", pack("makeup", "show", one.id)))
    if review.unlinked:
        label = t.plain("🔗 Not linked ({n})", n=review.unlinked)
        rows.append([button(label, pack("people", "list", review.cohort_id, -2, 0))])
    return rows


def _each(found: Sequence[T], label_and_data: Callable[[T], tuple[str, str]]) -> Rows:
    pairs = (label_and_data(one) for one in found[:MOST_BUTTONS])
    return [[button(short(label), pressed)] for label, pressed in pairs]


def _people_rows(absence: Absence) -> Rows:
    """A button to the ledger of each who missed several in a row."""
    cohort_id = absence.activity.cohort_id
    row = absence.in_a_row[:MOST_BUTTONS]
    return [[_ledger(cohort_id, one.person)] for one in row]


def _ledger(cohort_id: int, person: Attendee) -> InlineKeyboardButton:
    return button(short(f"⏳ {person.name}"), pack("hours", "person", cohort_id, person.person_id))


def _row(one: Absentee, t: Translator) -> Markup:
    titles = t.join(entry.record.title for entry in one.row)
    return t.plural(
        "{name}: {n} in a row ({titles})", "{name}: {n} in a row ({titles})", len(one.row),
        name=one.person.name, titles=titles,
    )  # fmt: skip


def _names(found: Iterable[Attendee], t: Translator) -> Markup:
    names = [one.name for one in found]
    shown = Markup("{}").format(t.join(names[:MOST_NAMES]))
    rest = len(names) - MOST_NAMES
    return lines(shown, t.plural("… and {n} more", "… and {n} more", rest) if rest > 0 else None)


def _line(activity: ActivityView) -> Markup:
    return Markup("{} {}").format(clock_time(activity.starts_at, activity), headline(activity))


def _label(activity: ActivityView) -> str:
    return f"{clock_time(activity.starts_at, activity)} {activity.title}"


def _list(activity: ActivityView) -> str:
    return pack("checkin", "list", activity.id, MISSING, 0)


def _day(on: date, t: Translator) -> str:
    return format_skeleton("MMMEd", on, locale=t.locale)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def read_hour(minutes: int) -> time | None:
    """The hour that a button names."""
    return time(*divmod(minutes, 60)) if 0 <= minutes < 24 * 60 else None


def _tell(
    turn: Turn, cohort_id: int, key: str, render: Callable[[Translator], Message], *, is_silent: bool = False
) -> None:
    session = turn.session
    paused = set(session.scalars(preferences.paused(cohort_id, Topic.CLOSING, turn.now)))
    for reader in people.readers(session, cohort_id, Role.COORDINATOR):
        if reader.person_id not in paused:
            message = render(i18n.translator(reader.language))
            quiet = is_silent or message.silent or preferences.is_silent(session, reader.person_id)
            said = Message(message.text, message.keyboard, silent=quiet)
            turn.send(reader.telegram_id, said, lane=Lane.REMINDER, key=f"{key}:{reader.person_id}")
