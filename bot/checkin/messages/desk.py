"""What a coordinator sees of a check-in: choosing an activity, the open desk, the summary. Lists are in ``marks``."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from babel.dates import format_skeleton
from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, button, keyboard, link, pack
from bot.checkin.boards import Attendee, Board, Choice, Choices, Desk
from bot.checkin.messages.marks import MOST_NAMES, PAGE, list_data, short, unlinked_line
from bot.checkin.messages.rolls import EVERYBODY
from bot.checkin.messages.trainee import START
from bot.checkin.messages.wording import clock_time, data, day_of, headline, lines, span
from bot.checkin.outcomes import ActivityView
from bot.checkin.rules import Status
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.models import Cohort


def render_cohorts(cohorts: Sequence[Cohort], t: Translator, *, is_trainee: bool = False) -> Message:
    """Several camps: which one."""
    rows = [[button(short(cohort.name), data("manage", cohort.id or 0))] for cohort in cohorts[:PAGE]]
    return Message(t("📋 Check-in: which camp?"), keyboard(*rows, _own(t, is_trainee)))


def render_choices(choices: Choices, t: Translator, *, is_trainee: bool = False) -> Message:
    """One day's activities to choose from."""
    day = format_skeleton("MMMEd", choices.day, locale=t.locale)
    text = t("📋 Check-in of {cohort}\n{day}: which activity?", cohort=choices.cohort, day=day)
    if not choices.offered:
        text = t("📋 Check-in of {cohort}\nThe timetable is still empty.", cohort=choices.cohort)
    rows = [[button(_choice_label(choice), data("activity", choice.activity.id))] for choice in choices.offered]
    days = [
        *_day_button("◀", choices.cohort_id, choices.before, t),
        *_day_button("▶", choices.cohort_id, choices.after, t),
    ]
    return Message(text, keyboard(*rows, days, _own(t, is_trainee)))


def render_desk(desk: Desk, t: Translator, public_url: str) -> Message:
    """The one message that stays in the coordinator's chat while an activity checks in."""
    if desk.is_open:
        return _open_desk(desk, t, public_url)
    activity = desk.activity
    if desk.cancelled:
        return Message(lines(_top(activity, t), t("This activity has been cancelled.")), keyboard(_back(activity, t)))
    state = t("Check-in has not been opened.")
    if desk.closed_at is not None:
        state = t("Check-in closed at {time}.", time=clock_time(desk.closed_at, activity))
    opening = t.plain("▶️ Open check-in") if desk.opened_at is None else t.plain("Open it again")
    return Message(
        lines(_top(activity, t), state, _count_line(desk, t)),
        keyboard([button(opening, data("open", activity.id))], *_ways(activity, t), _back(activity, t)),
    )


def render_summary(board: Board, t: Translator) -> Message:
    """After closing: how it came out, and who is missing."""
    counts, activity = board.counts, board.activity
    parts: list[Markup | str] = [
        t("🏁 Check-in closed: {title}", title=headline(activity)),
        t(
            "Arrived {arrived} of {expected}, {late} of them late.",
            arrived=counts.arrived,
            expected=counts.expected,
            late=len(board.late),
        ),
    ]
    if board.missing:
        parts += [
            "",
            t.plural("{n} person is missing:", "{n} people are missing:", len(board.missing)),
            *_names_by_group(board.missing, t),
        ]
    if board.unlinked:
        parts.append(unlinked_line(board, t))
    parts += _remarks(board, t)
    rows = [[_lists(activity, t)], [button(t.plain("Open it again"), data("open", activity.id))], _back(activity, t)]
    return Message(lines(*parts), keyboard(*rows))


def _remarks(board: Board, t: Translator) -> list[Markup | str]:
    """What else a coordinator may want to look at: hints, never accusations."""
    found: list[Markup | str] = []
    if board.excused:
        found += ["", t("Excused: {names}", names=t.join([one.name for one in board.excused[:MOST_NAMES]]))]
    if board.outside:
        names = t.join([one.name for one in board.outside[:MOST_NAMES]])
        found += ["", t("📍 Location away from the site (a hint only): {names}", names=names)]
    if board.not_checked_out:
        count = len(board.not_checked_out)
        found += ["", t.plural("🚪 {n} has not checked out.", "🚪 {n} have not checked out.", count)]
    return found


def render_refreshed_toast(desk: Desk, t: Translator) -> str:
    """The short line over the chat after a refresh."""
    return t.plain("{arrived} of {expected} are here", arrived=desk.counts.arrived, expected=desk.counts.expected)


def fits_button(url: str) -> bool:
    """Whether Telegram takes the address in a button: it wants http or https and a dot in the host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        return False


def _open_desk(desk: Desk, t: Translator, public_url: str) -> Message:
    activity, base = desk.activity, public_url.rstrip("/")
    projector = f"{base}/projector/{desk.token}"
    digits = Markup("<code>{}</code>").format(f"{desk.show_code[:3]} {desk.show_code[3:]}")
    as_button = fits_button(projector)
    text = lines(
        _top(activity, t),
        t("Check-in is open."),
        _count_line(desk, t),
        "",
        t("🖥 Put the code on the screen with the button below.")
        if as_button
        else t(
            "🖥 Put the code on the screen: open this page in a browser\n{url}",
            url=Markup("<code>{}</code>").format(projector),
        ),
        t("On a computer without Telegram open {url} and type {digits}", url=f"{base}/show", digits=digits),
        t("Keep the link to yourself: whoever has it sees the code."),
    )
    screen = [link(t.plain("🖥 Projector page"), projector)] if as_button else []
    act = [
        button(t.plain("🔄 Refresh"), data("refresh", activity.id)),
        button(t.plain("⏹ Close"), data("close", activity.id)),
    ]
    live = [button(t.plain("🖥 Live screen"), pack("records", "activity", activity.id))]
    return Message(text, keyboard(screen, act, live, *_ways(activity, t), _back(activity, t)))


def _ways(activity: ActivityView, t: Translator) -> Rows:
    roll = button(t.plain("🙋 Roll call"), data("roll", activity.id, EVERYBODY, 0))
    heads = button(t.plain("🔢 Head counts"), data("allheads", activity.id))
    more = button(t.plain("⋯ Paper, walk-ins, site, times"), data("more", activity.id))
    return [[_lists(activity, t)], [roll, heads], [more]]


def _top(activity: ActivityView, t: Translator) -> Markup:
    return lines(
        t("📋 {title}", title=headline(activity)),
        Markup("{} {}{}").format(
            day_of(activity.starts_at, activity, t), span(activity), f" · {activity.place}" if activity.place else ""
        ),
    )


def _count_line(desk: Desk, t: Translator) -> Markup:
    return t("Here: {count}", count=Markup("<b>{} / {}</b>").format(desk.counts.arrived, desk.counts.expected))


def _names_by_group(people: Sequence[Attendee], t: Translator) -> list[Markup]:
    groups: dict[str, list[str]] = {}
    for person in people[:MOST_NAMES]:
        groups.setdefault(person.group, []).append(person.name)
    listed = [
        Markup("{}{}").format(Markup("<b>{}</b> ").format(group) if group else "", t.join(names))
        for group, names in groups.items()
    ]
    rest = len(people) - MOST_NAMES
    return [*listed, t.plural("and {n} more", "and {n} more", rest)] if rest > 0 else listed


def _lists(activity: ActivityView, t: Translator) -> InlineKeyboardButton:
    return button(t.plain("👥 Who is here, who is missing"), list_data(activity, Status.MISSING, 0))


def _back(activity: ActivityView, t: Translator) -> list[InlineKeyboardButton]:
    return [button(t.plain("« Other activities"), data("manage", activity.cohort_id))]


def _own(t: Translator, is_trainee: bool) -> list[InlineKeyboardButton]:
    return [button(t.plain("Check in myself"), START)] if is_trainee else []


def _choice_label(choice: Choice) -> str:
    sign = "🟢 " if choice.is_open else ""
    return short(f"{sign}{clock_time(choice.activity.starts_at, choice.activity)} {choice.activity.title}")


def _day_button(arrow: str, cohort_id: int, day: date | None, t: Translator) -> list[InlineKeyboardButton]:
    if day is None:
        return []
    label = f"{arrow} {format_skeleton('MMMd', day, locale=t.locale)}"
    return [button(label, data("manage", cohort_id, day.toordinal()))]
